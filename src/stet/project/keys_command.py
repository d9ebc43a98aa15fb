"""`stet keys`: the site's identity, who may change it, and the key that seals evidence.

Every change of the identity is a root (docs/how-to/change-the-edition-key.md). Where the root keys are at hand, a
command signs and gives it out at once. Where several keepers have them, each on a medium of their own, it goes in four
steps (docs/how-to/share-the-root-key.md): make · a command with --propose · sign, by each keeper · adopt.
"""

# ruff: noqa: FBT002 - a flag of the command line is a parameter with a default

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stet.kit.clock import SystemClock
from stet.project.errors import SettingError
from stet.project.passphrases import new_passphrase, passphrase_of
from stet.project.settings import open_newsroom
from stet.project.setup import VARIABLE, set_up_django
from stet.project.sourcing_command import make_evidence_key
from stet.project.terminal import Terminal

if TYPE_CHECKING:
    from stet.edition.keys import PrivateKey
    from stet.edition.proposal import Proposal
    from stet.edition.root import Root
    from stet.project.settings import Newsroom

keys_app = typer.Typer(
    help="The site's identity: its roots, the key that signs editions; and the key that seals evidence.",
    no_args_is_help=True,
)

NewsroomOption = Annotated[
    Path | None,
    typer.Option("--newsroom", "-n", help="The newsroom's folder.", envvar=VARIABLE, show_default="the current folder"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object, for machines.")]
RootKeyOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--root-key",
        metavar="FILE",
        help="A root key; give it once for each that must sign.",
        show_default="keys/root.pem",
    ),
]
ProposeOption = Annotated[
    Path | None,
    typer.Option(
        "--propose",
        metavar="FILE",
        help="Write what is to be signed to a new file for the keepers; change nothing yet.",
    ),
]


@keys_app.command("show", epilog="Example: stet keys show --json")
def show(newsroom: NewsroomOption = None, is_json: JsonOption = False) -> None:
    """Say what people check the site with: its fingerprint, its root, who signs roots, which edition keys count."""
    from stet.edition.folder import EditionFolder
    from stet.edition.keys import key_id
    from stet.edition.root import fingerprint
    from stet.project.identity import minisign_keys

    root = EditionFolder(open_newsroom(newsroom or Path()).edition).roots()[-1]
    keys, keepers = minisign_keys(root), [key_id(key) for key in root.keys]
    lines = [
        f"Fingerprint of the site: {fingerprint(root.site_id)}",
        f"Root {root.version}, good until {root.expires:%Y-%m-%d}",
        f"The next root needs {root.threshold} of {len(keepers)} root keys: {', '.join(keepers)}",
        *(f"Edition key {name}; for minisign: {line}" for name, line in keys.items()),
    ]
    values = {
        "site": root.site_id, "root": root.version, "expires": root.expires, "threshold": root.threshold,
        "root_keys": keepers, "edition_keys": keys,
    }  # fmt: skip
    Terminal(is_for_machines=is_json).result(values, "\n".join(lines))


# --- Roots ---


@keys_app.command("renew", epilog="Example: stet keys renew --root-key /media/safe/root.pem")
def renew(
    root_key: RootKeyOption = None,
    propose: ProposeOption = None,
    newsroom: NewsroomOption = None,
    is_json: JsonOption = False,
) -> None:
    """Sign the next root: the same keys for another year. A site whose root has expired no longer verifies."""
    from stet.project import identity

    room, now = open_newsroom(newsroom or Path()), SystemClock().now()
    if propose is not None:
        hand_out(identity.propose_renewal(room, now=now), propose, is_json=is_json)
        return
    root = identity.renew(room, loaded(root_key), now=now)
    Terminal(is_for_machines=is_json).result(
        {"root": root.version, "expires": root.expires},
        f"Root {root.version} is signed and good until {root.expires:%Y-%m-%d}. Let the mirrors follow, and take the "
        "root key offline again.",
    )


@keys_app.command("rotate", epilog="Example: stet keys rotate --root-key /media/safe/root.pem")
def rotate(
    root_key: RootKeyOption = None,
    is_stolen: Annotated[
        bool, typer.Option("--stolen", help="The old key loses its word at once, and every edition it signed with it.")
    ] = False,
    propose: ProposeOption = None,
    newsroom: NewsroomOption = None,
    is_json: JsonOption = False,
) -> None:
    """Make a new edition key, sign the root that names it, and print everything anew with it.

    The old key is kept beside the new one, and counts until `stet keys retire`. The root key is needed here only.
    """
    from stet.project import identity

    now = SystemClock().now()
    if propose is not None:
        proposal = identity.propose_rotation(open_newsroom(newsroom or Path()), now=now, is_stolen=is_stolen)
        if proposal is None:
            raise SettingError("The new edition key is named already. Run `stet keys rotate` without --propose.")
        hand_out(proposal, propose, is_json=is_json)
        return
    room = _opened(newsroom)
    root = identity.rotate(room, loaded(root_key), now=now, is_stolen=is_stolen)
    print_anew(room, root, is_json=is_json, is_stolen=is_stolen)


@keys_app.command("retire", epilog="Example: stet keys retire")
def retire(newsroom: NewsroomOption = None, is_json: JsonOption = False) -> None:
    """End a rotation: from the next root on the old edition key counts no more. Needs no root key."""
    from stet.project import identity

    terminal = Terminal(is_for_machines=is_json)
    with terminal.steps() as steps:
        root = identity.retire(open_newsroom(newsroom or Path()), progress=steps)
    terminal.result(
        {"root": root.version, "expires": root.expires},
        f"Root {root.version} leaves the old edition key out. Let the mirrors follow.",
    )


@keys_app.command("revoke", epilog="Example: stet keys revoke 0123456789abcdef --propose revoke.json")
def revoke(
    key: Annotated[str, typer.Argument(metavar="ID", help="The edition key's id, as `stet keys show` gives it.")],
    root_key: RootKeyOption = None,
    propose: ProposeOption = None,
    newsroom: NewsroomOption = None,
    is_json: JsonOption = False,
) -> None:
    """Take its word from an edition key at once, and with it from every page that only it signed.

    For the key that this machine signs with, use `stet keys rotate --stolen`.
    """
    from stet.project import identity

    room = open_newsroom(newsroom or Path())
    proposal = identity.propose_revocation(room, key, now=SystemClock().now())
    if propose is not None:
        hand_out(proposal, propose, is_json=is_json)
        return
    root = identity.adopt(room, identity.signed(room, proposal, loaded(root_key)))
    Terminal(is_for_machines=is_json).result(
        {"root": root.version, "expires": root.expires},
        f"Root {root.version} leaves that key out. Run `stet print --all`, and let the mirrors follow.",
    )


@keys_app.command(
    "keepers", epilog="Example: stet keys keepers anna.pub ivo.pub noor.pub --threshold 2 --propose keepers.json"
)
def keepers(
    public: Annotated[list[Path], typer.Argument(metavar="FILE...", help="The public halves of all root keys to be.")],
    threshold: Annotated[int, typer.Option(help="How many of them must sign a root.", min=1)],
    root_key: RootKeyOption = None,
    propose: ProposeOption = None,
    newsroom: NewsroomOption = None,
    is_json: JsonOption = False,
) -> None:
    """Hand the site's identity to other root keys: 2 of 3 lets one be lost and one be stolen.

    The root is signed by as many of the keys of now, and of the keys to be, as each asks for.
    """
    from stet.edition.proposal import read_public_key
    from stet.project import identity

    room = open_newsroom(newsroom or Path())
    keys = [read_public_key(_read(file)) for file in public]
    proposal = identity.propose_keepers(room, keys, threshold, now=SystemClock().now())
    if propose is not None:
        hand_out(proposal, propose, is_json=is_json)
        return
    root = identity.adopt(room, identity.signed(room, proposal, loaded(root_key)))
    Terminal(is_for_machines=is_json).result(
        {"root": root.version, "expires": root.expires},
        f"Root {root.version} names {len(keys)} root keys, {threshold} of which must sign. Hand out the new "
        f"{room.site_key.name}, and destroy the old root key.",
    )


# --- Keepers ---


@keys_app.command("make", epilog="Example: stet keys make /media/stick/anna.pem --passphrase")
def make(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where the private half is to be put: on your medium.")],
    has_passphrase: Annotated[
        bool, typer.Option("--passphrase", help="Ask for a passphrase to keep it under.")
    ] = False,
    is_json: JsonOption = False,
) -> None:
    """Make a root key of your own. Best on a machine without a network; it needs no newsroom.

    Give the file that ends in .pub to the technician, and tell the key's id over another way. Keep the other file.
    """
    from stet.edition.keys import PrivateKey
    from stet.edition.proposal import public_key_file

    key = PrivateKey.make()
    key.save(file, passphrase=new_passphrase() if has_passphrase else None)
    public = file.with_suffix(".pub")
    _write_new(public, public_key_file(key.public_key))
    Terminal(is_for_machines=is_json).result(
        {"id": key.key_id, "public": str(public)},
        f"{file} is your root key {key.key_id}: keep it, and a copy in another place.\n{public} is for the technician.",
    )


@keys_app.command("sign", epilog="Example: stet keys sign rotate.json --root-key /media/stick/anna.pem --site site.pub")
def sign(
    proposal: Annotated[Path, typer.Argument(metavar="FILE", help="What was proposed.")],
    root_key: Annotated[Path, typer.Option("--root-key", metavar="FILE", help="Your root key.")],
    site: Annotated[
        Path | None,
        typer.Option("--site", metavar="FILE", help="The site.pub that you know, to be sure it is about your site."),
    ] = None,
    is_sure: Annotated[bool, typer.Option("--yes", help="Sign without being asked.")] = False,
    is_json: JsonOption = False,
) -> None:
    """Read what is proposed, and sign it as one of the keepers. Needs no newsroom and no network.

    Before you say yes, call another keeper: you must both have the same code, and know why this is being done.
    """
    from stet.edition.proposal import Proposal
    from stet.edition.root import SiteKey, check_known, fingerprint

    terminal = Terminal(is_for_machines=is_json)
    asked = Proposal.from_bytes(_read(proposal))
    if site is not None:
        known = SiteKey.load(site)
        check_known(asked.known_as(known.site), known)
    terminal.say(f"Site {fingerprint(asked.site_id)}{'' if site else ' - compare this with the fingerprint you know'}")
    for line in asked.changes():
        terminal.say(line)
    terminal.say(f"Code of this proposal: {asked.code}")
    if not is_sure and not typer.confirm("Is this what was agreed, and do the other keepers read the same code?"):
        raise SettingError("Nothing was signed.")
    (key,) = loaded([root_key])
    signed = asked.signed_by(key)
    _replace(proposal, signed.to_bytes())
    left = signed.missing()
    terminal.result(
        {"code": signed.code, "signed_by": signed.signers(), "missing": left},
        f"Signed with {key.key_id}. " + (f"Still missing: {' '.join(left)}" if left else "It can be adopted now."),
    )


@keys_app.command("adopt", epilog="Example: stet keys adopt from-anna/rotate.json from-noor/rotate.json")
def adopt(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="The signed copies, in any order.")],
    newsroom: NewsroomOption = None,
    is_json: JsonOption = False,
) -> None:
    """Give out what the keepers signed. Where it names a new edition key, everything is printed anew with it."""
    from stet.edition.keys import PrivateKey
    from stet.edition.proposal import Proposal, merged
    from stet.project import identity

    proposal = merged(Proposal.from_bytes(_read(file)) for file in files)
    room = _opened(newsroom)
    before = PrivateKey.load(room.edition_key).public_key
    root = identity.adopt(room, proposal)
    if PrivateKey.load(room.edition_key).public_key != before:
        print_anew(room, root, is_json=is_json, is_stolen=before not in root.edition_keys)
        return
    Terminal(is_for_machines=is_json).result(
        {"root": root.version, "expires": root.expires},
        f"Root {root.version} is given out and good until {root.expires:%Y-%m-%d}. Let the mirrors follow, and hand "
        f"out the new {room.site_key.name}.",
    )


# --- Evidence ---


@keys_app.command("evidence", epilog="Example: stet keys evidence --out /media/safe/evidence.pem --passphrase")
def evidence(
    out: Annotated[
        Path,
        typer.Option("--out", "-o", metavar="FILE", help="Where the private half is to be put; not in the newsroom."),
    ],
    has_passphrase: Annotated[
        bool, typer.Option("--passphrase", help="Ask for a passphrase that the private half is kept under.")
    ] = False,
    newsroom: NewsroomOption = None,
) -> None:
    """Make the key that evidence is sealed with. Best on a machine without a network; bring the public half here.

    The desk seals with the public half, keys/evidence-public. Only the private half opens: take it away from this
    machine, keep a copy in another place, and lose neither; there is no second way in.
    """
    room = open_newsroom(newsroom or Path())
    make_evidence_key(room, out, has_passphrase=has_passphrase)
    Terminal().say(
        f"{room.evidence_key} seals; {out} opens. Take {out} away from this machine, and keep a second copy of it.\n"
        "Read sealed evidence with: stet evidence open FILE --key KEY --out NEW"
    )


# --- Parts of these ---


def loaded(files: list[Path] | None) -> "list[PrivateKey]":
    """The keys in these files; asks for the passphrase of those that have one."""
    from stet.edition.keys import PrivateKey

    return [PrivateKey.load(file, passphrase=passphrase_of(file)) for file in files or ()]


def hand_out(proposal: "Proposal", file: Path, *, is_json: bool) -> None:
    """Write a proposal for the keepers and say what they do with it."""
    _write_new(file, proposal.to_bytes())
    Terminal(is_for_machines=is_json).result(
        {"file": str(file), "code": proposal.code, "missing": proposal.missing()},
        "\n".join([
            *proposal.changes(),
            f"Code of this proposal: {proposal.code}",
            f"Give {file} to the keepers. Each runs: stet keys sign {file.name} --root-key THEIR-KEY --site site.pub",
            "Then run: stet keys adopt with the files they give back.",
        ]),
    )  # fmt: skip


def print_anew(room: "Newsroom", root: "Root", *, is_json: bool, is_stolen: bool) -> None:
    """Print everything with the new edition key."""
    from stet.press import run

    terminal = Terminal(is_for_machines=is_json)
    terminal.say(f"Root {root.version} names the new edition key. Everything is printed anew with it.")
    with terminal.steps() as steps:
        report = run.print_all(room, steps, is_anew=True, packs=True)
    last = (
        "Tell readers which edition was the last honest one."
        if is_stolen
        else "When every mirror has this edition, run `stet keys retire`."
    )
    terminal.result(
        {"root": root.version, "expires": root.expires, **report.as_json()},
        f"{report.sentence}\nTake the root key offline again. {last}",
    )


def _opened(folder: Path | None) -> "Newsroom":
    newsroom = open_newsroom(folder or Path())
    set_up_django(newsroom)
    return newsroom


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise SettingError(f"{file} cannot be read: {error.strerror}. Name a file that is there.") from error


def _write_new(file: Path, body: bytes) -> None:
    try:
        with file.open("xb") as opened:
            opened.write(body)
    except OSError as error:
        raise SettingError(f"{file} cannot be written: {error.strerror}. Name a new file.") from error


def _replace(file: Path, body: bytes) -> None:
    try:
        aside = file.with_name(f"{file.name}.new")
        aside.write_bytes(body)
        aside.replace(file)
    except OSError as error:
        raise SettingError(f"{file} cannot be written: {error.strerror}. Copy it to where it can.") from error
