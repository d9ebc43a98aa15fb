"""The site's identity over the years: its roots, and the edition key that they name.

    keys/root.pem            the key that signs roots; its place is a medium that is kept offline
    keys/edition.pem         the key that signs editions and pages
    keys/edition-<id>.pem    an edition key that was replaced
    keys/edition-next.pem    one that is about to be; only while a rotation is under way
    keys/root-1.json, …      every root of the site, so that an edition can be made anew with all of them
    keys/root-next.json      the root that ends a rotation; signed already, not yet given out

A rotation has two steps, so that no reader meets a page that nobody vouches for (docs/edition-format.md):
 1. `rotate` gives out a root that names the new key and the old one. Everything is then printed with the new key.
 2. `retire`, when mirrors have that edition, gives out a root that leaves the old key out.
Both roots are signed in step 1: the root key leaves its medium once. Where the old key was stolen there is one step,
and copies of older editions lose their proof with it.

Every new root begins as a proposal (`stet.edition.proposal`). Where the root keys are at hand it is signed and given
out at once; where several keepers have them, it travels to them, and `adopt` takes what they signed.

Each step can be cut off anywhere and run again.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from stet.edition import minisig
from stet.edition.errors import FolderBusyError, KeyRefusedError, PageBrokenError
from stet.edition.folder import EditionFolder
from stet.edition.keys import PrivateKey, key_id
from stet.edition.page_signature import read_signature, verify_page
from stet.edition.pointer import matching_line
from stet.edition.proposal import Proposal
from stet.edition.root import Root, SignedRoot, SiteKey, root_after
from stet.edition.sheet import is_html
from stet.project.errors import OccupiedError
from stet.project.settings import Newsroom

PREPARED = "root-next.json"
NEXT_KEY = "edition-next.pem"

Progress = Callable[[str, int, int], None]


def renew(newsroom: Newsroom, root_keys: Sequence[PrivateKey] | None = None, *, now: datetime) -> Root:
    """Give out the next root, which names the same keys for another year."""
    return adopt(newsroom, signed(newsroom, propose_renewal(newsroom, now=now), root_keys))


def rotate(
    newsroom: Newsroom, root_keys: Sequence[PrivateKey] | None = None, *, now: datetime, is_stolen: bool = False
) -> Root:
    """Make a new edition key, give out a root that names it, and put it in the place of the old one.

    The old key stays named until `retire`; with `is_stolen` it loses its word at once.
    """
    proposal = propose_rotation(newsroom, now=now, is_stolen=is_stolen)
    if proposal is None:  # Given out already, by a rotation that was cut off after that.
        with _writing(newsroom) as edition:
            _take_its_place(newsroom)
            return _last_root(newsroom, edition)
    return adopt(newsroom, signed(newsroom, proposal, root_keys))


def propose_renewal(newsroom: Newsroom, *, now: datetime) -> Proposal:
    """The same keys for another year."""
    with _writing(newsroom) as edition:
        last = _last_root(newsroom, edition)
        _refuse_unfinished(newsroom, last)
        return Proposal.of(edition.root_files(), [root_after(last, now=now)])


def propose_rotation(newsroom: Newsroom, *, now: datetime, is_stolen: bool = False) -> Proposal | None:
    """A new edition key, which is made here; None where the last root names it already."""
    with _writing(newsroom) as edition:
        last = _last_root(newsroom, edition)
        if not (newsroom.keys / NEXT_KEY).exists() and not is_stolen:
            _refuse_unfinished(newsroom, last)
        new = _next_key(newsroom).public_key
        if new in last.edition_keys and not (is_stolen and len(last.edition_keys) > 1):
            return None
        others = () if is_stolen else tuple(key for key in last.edition_keys if key != new)
        first = root_after(last, now=now, edition_keys=(new, *others))
        roots = [first] if is_stolen else [first, root_after(first, now=now, edition_keys=(new,))]
        return Proposal.of(edition.root_files(), roots)


def propose_revocation(newsroom: Newsroom, revoked: str, *, now: datetime) -> Proposal:
    """A root without one edition key, named by its id, that this machine does not sign with."""
    with _writing(newsroom) as edition:
        last = _last_root(newsroom, edition)
        kept = tuple(key for key in last.edition_keys if key_id(key) != revoked)
        if len(kept) == len(last.edition_keys):
            raise KeyRefusedError("The last root names no edition key with this id; `stet keys show` lists them.")
        if not kept or PrivateKey.load(newsroom.edition_key).public_key not in kept:
            raise KeyRefusedError("This is the key that the press signs with: run `stet keys rotate --stolen` instead.")
        return Proposal.of(edition.root_files(), [root_after(last, now=now, edition_keys=kept)])


def propose_keepers(newsroom: Newsroom, keys: Sequence[bytes], threshold: int, *, now: datetime) -> Proposal:
    """A root of other root keys, `threshold` of which must sign the next."""
    with _writing(newsroom) as edition:
        last = _last_root(newsroom, edition)
        _refuse_unfinished(newsroom, last)
        return Proposal.of(edition.root_files(), [root_after(last, now=now, keys=keys, threshold=threshold)])


def adopt(newsroom: Newsroom, proposal: Proposal) -> Root:
    """Give out what enough keepers signed; a new edition key then takes the place of the old one.

    Raises KeyRefusedError where signatures are missing, or another root was given out since it was proposed.
    """
    with _writing(newsroom) as edition:
        last = _last_root(newsroom, edition)
        first, *rest = proposal.signed_roots()
        is_given_out = edition.root_files()[first.root.version - 1 :][:1] == [first.to_bytes()]
        if not is_given_out and proposal.last != last:
            raise KeyRefusedError(
                f"Root {last.version} stands now, and this proposal follows another. Make the proposal anew."
            )
        if rest and last.version < rest[0].root.version:
            _write(newsroom.keys / PREPARED, rest[0].to_bytes())
        elif not rest and set(first.root.edition_keys) != set(proposal.last.edition_keys):
            (newsroom.keys / PREPARED).unlink(missing_ok=True)
        root = last if is_given_out else _give_out(newsroom, edition, first)
        next_key = newsroom.keys / NEXT_KEY
        if next_key.exists() and PrivateKey.load(next_key).public_key in root.edition_keys:
            _take_its_place(newsroom)
        return root


def retire(newsroom: Newsroom, *, progress: Progress = lambda _what, _done, _all: None) -> Root:
    """Give out the root that leaves the old edition key out. Refuses while anything is signed with that key alone."""
    with _writing(newsroom) as edition:
        prepared = _prepared(newsroom, _last_root(newsroom, edition))
        if prepared is None:
            raise KeyRefusedError("No edition key waits to be retired: `stet keys rotate` comes before it.")
        old = _signed_otherwise(edition, prepared.root, progress)
        if old:
            raise KeyRefusedError(
                f"{old:,} pages are still signed with the old key: run `stet print --all`, let the mirrors follow, "
                "then run this again."
            )
        root = _give_out(newsroom, edition, prepared)
        (newsroom.keys / PREPARED).unlink()
        return root


def put_known_roots(newsroom: Newsroom, edition: EditionFolder) -> None:
    """Put the roots that lie among the keys into an edition that lacks them."""
    known = [file.read_bytes() for file in _root_files(newsroom)]
    missing = known[len(edition.root_files()) :]
    if missing:
        edition.become_writer()
        for file in missing:
            edition.put_root(SignedRoot.from_bytes(file))


def minisign_keys(root: Root) -> dict[str, str]:
    """Each edition key that counts, by its id, in the line that `minisign -V -P` takes."""
    return {key_id(key): minisig.public_key_file(key).decode().splitlines()[1] for key in root.edition_keys}


# --- The steps ---


@contextmanager
def _writing(newsroom: Newsroom) -> Iterator[EditionFolder]:
    """The edition, while nobody else prints."""
    edition = EditionFolder(newsroom.edition)
    try:
        edition.become_writer()
    except FolderBusyError:
        raise OccupiedError(
            "The press is at work on this edition. End `stet up`, run this command again, then start `stet up`."
        ) from None
    with edition:
        yield edition


def _last_root(newsroom: Newsroom, edition: EditionFolder) -> Root:
    put_known_roots(newsroom, edition)
    for number, file in enumerate(edition.root_files(), start=1):
        if not (kept := newsroom.keys / f"root-{number}.json").exists():
            _write(kept, file)
    return edition.roots()[-1]


def _refuse_unfinished(newsroom: Newsroom, last: Root) -> None:
    if _prepared(newsroom, last) is not None:
        raise KeyRefusedError("A new edition key waits for its last step: run `stet keys retire` first.")


def _next_key(newsroom: Newsroom) -> PrivateKey:
    file = newsroom.keys / NEXT_KEY
    if not file.exists():
        PrivateKey.make().save(file)
    return PrivateKey.load(file)


def _take_its_place(newsroom: Newsroom) -> None:
    """Put the next key in the place of the old one, which is kept under its id."""
    current = newsroom.edition_key
    if current.exists():
        kept = newsroom.keys / f"edition-{PrivateKey.load(current).key_id}.pem"
        if not kept.exists():
            os.link(current, kept)
    os.replace(newsroom.keys / NEXT_KEY, current)


def _give_out(newsroom: Newsroom, edition: EditionFolder, signed: SignedRoot) -> Root:
    """Keep a root among the keys, put it into the edition, and let site.pub know it."""
    _write(newsroom.keys / f"root-{signed.root.version}.json", signed.to_bytes())
    edition.put_root(signed)
    SiteKey.of(signed.root).save(newsroom.site_key)
    return signed.root


def _prepared(newsroom: Newsroom, last: Root) -> SignedRoot | None:
    """The root that was signed to follow `last`; None where there is none, or it was to follow another."""
    try:
        signed = SignedRoot.from_bytes((newsroom.keys / PREPARED).read_bytes())
    except FileNotFoundError:
        return None
    return signed if signed.root.version == last.version + 1 else None


def _signed_otherwise(edition: EditionFolder, root: Root, progress: Progress) -> int:
    """How many pages, the pointer among them, none of the root's edition keys vouches for."""
    pointer = edition.pointer()
    if pointer is None:
        return 0
    lines = (edition.site / ".well-known/stet/edition.json.sig").read_bytes()
    count = int(matching_line(pointer, lines, root.edition_keys) is None)
    for number, entry in enumerate(edition.entries(), start=1):
        if is_html(entry.media_type):
            body = edition.file(entry.path).read_bytes()
            if read_signature(body) is None:  # A letter's mail, a shell: the manifest alone vouches for it.
                continue
            try:
                verify_page(body, site=root.site_id, edition_keys=root.edition_keys, path=entry.path)
            except PageBrokenError:
                count += 1
        progress("Looking at signatures", number, pointer.files)
    return count


def signed(newsroom: Newsroom, proposal: Proposal, root_keys: Sequence[PrivateKey] | None) -> Proposal:
    """A proposal with the signatures of the root keys that are at hand."""
    if not root_keys and not newsroom.root_key.exists():
        raise KeyRefusedError(
            "The root key is not on this machine. Bring the medium that it lies on, and name the file: --root-key "
            "FILE. Where keepers sign on machines of their own: --propose FILE."
        )
    for key in root_keys or [PrivateKey.load(newsroom.root_key)]:
        proposal = proposal.signed_by(key)
    return proposal


def _root_files(newsroom: Newsroom) -> Iterator[Path]:
    """root-1.json, root-2.json and so on, as far as they go."""
    number = 1
    while (file := newsroom.keys / f"root-{number}.json").exists():
        yield file
        number += 1


def _write(file: Path, body: bytes) -> None:
    """Write a file whole or not at all."""
    aside = file.with_suffix(".new")
    with aside.open("wb") as opened:
        opened.write(body)
        opened.flush()
        os.fsync(opened.fileno())
    os.replace(aside, file)
