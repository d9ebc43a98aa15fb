"""`stet mirrors`: places that serve the edition, on the command line.

Needs a newsroom's folder, or another one with a register and a copy of the edition; no database and no signing key.
"""

# ruff: noqa: FBT002 - a flag of the command line is a parameter with a default

import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from stet.edition.pointer import Pointer
from stet.kit.clock import SystemClock
from stet.kit.errors import StetError
from stet.mirrors import registering
from stet.mirrors.carrying import Home, carry, locked, look_at, opened
from stet.mirrors.checking import read_here
from stet.mirrors.checks import Check, State, read_check
from stet.mirrors.errors import MirrorRefusedError
from stet.mirrors.places import KINDS
from stet.mirrors.register import Mirror, files_of, read_register
from stet.mirrors.registering import chosen, find
from stet.mirrors.secrets import asked_by, read_given, write_secrets
from stet.mirrors.sync import Outcome
from stet.project.failures import FINDINGS, exit_code
from stet.project.settings import Newsroom, open_newsroom
from stet.project.setup import VARIABLE
from stet.project.terminal import Steps, Terminal

AT_ONCE = 16
BUSY_SECONDS = 10.0
"""How long a mirror is waited for that is to be forgotten while somebody carries there."""

T = TypeVar("T")

mirrors_app = typer.Typer(
    help="Mirrors: places that serve the edition, so that readers have another way when one is blocked.",
    no_args_is_help=True,
)

NewsroomOption = Annotated[
    Path | None,
    typer.Option("--newsroom", "-n", help="The newsroom's folder.", envvar=VARIABLE, show_default="the current folder"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object, for machines.")]
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The mirror; `stet mirrors list` names them.")]
NamesArgument = Annotated[
    list[str] | None, typer.Argument(metavar="[NAME]...", help="Some of the mirrors.", show_default="all")
]
TargetArgument = Annotated[
    str,
    typer.Argument(
        metavar="TARGET",
        help=f"Where files are put, without passwords: {', '.join(f'{kind}:…' for kind in KINDS)}; or onion, where "
        "nothing is put because the newsroom's own onion service serves the edition.",
    ),
]
PublicOption = Annotated[
    str, typer.Option("--public", metavar="ADDRESS", help="Where readers find it, such as https://mirror.example.org.")
]
MirrorNameOption = Annotated[
    str,
    typer.Option(
        "--name", help="How lists and logs call it: letters, digits, hyphens.", show_default="its kind and a number"
    ),
]
SecretFileOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help='A JSON file with what the place asks for, such as {"password": "…"}. On a terminal it is asked for.',
    ),
]
CapOption = Annotated[int, typer.Option(min=0, help="The most that is carried there in a second; 0 means no cap.")]
ProxyOption = Annotated[
    str, typer.Option(metavar="ADDRESS", help="Through what it is looked at, such as socks5h://127.0.0.1:9050.")
]
UnlistedOption = Annotated[bool, typer.Option("--unlisted", help="Do not tell readers of it.")]
LaterOption = Annotated[bool, typer.Option("--later", help="Only note it; `stet up` or `stet mirrors sync` carries.")]


@mirrors_app.command(
    epilog="Examples: stet mirrors add folder:/srv/mirror --public https://mirror.example.org · "
    "stet mirrors add sftp://paper@example.net/www --public https://example.net --secret-file sftp.json"
)
def add(
    target: TargetArgument,
    public: PublicOption = "",
    name: MirrorNameOption = "",
    secret_file: SecretFileOption = None,
    kilobytes_per_second: CapOption = 0,
    proxy: ProxyOption = "",
    is_unlisted: UnlistedOption = False,
    is_later: LaterOption = False,
    newsroom: NewsroomOption = None,
    is_json: JsonOption = False,
) -> None:
    """Add a place that serves the edition: try it, carry everything there, look at it from outside.

    A small file is put, read back and deleted first; what the place can do is said. What lets us in is kept in
    keys/mirrors/NAME.json, for this user alone. Without --public it is a copy that readers are not sent to.

    Exit code 1 says that it was added and is not as it should be yet.
    """
    home, terminal = home_of(newsroom), Terminal(is_for_machines=is_json)
    mirror = registering.new_mirror(
        read_register(home.folder), target, public=public, name=name, now=now(), proxy=proxy,
        kilobytes_per_second=kilobytes_per_second, is_listed=not is_unlisted,
    )  # fmt: skip
    given = asked_for(mirror.target, secret_file)
    can = tried(home, mirror, given)
    registering.add(home.folder, mirror, given, now=now())
    begun(home, mirror, can, terminal, is_later=is_later)


@mirrors_app.command(epilog="Examples: stet mirrors sync · stet mirrors sync north-2 --anew north-2")
def sync(
    names: NamesArgument = None,
    shrink: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A mirror that most sheets may be removed from; else that is refused."),
    ] = None,
    anew: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A mirror to be carried to as if nothing stood there: it was damaged."),
    ] = None,
    newsroom: NewsroomOption = None,
    is_json: JsonOption = False,
) -> None:
    """Carry the edition to mirrors now, all at once. `stet up` does it by itself after each print.

    Only what changed travels. Cut off, it goes on where it was. One that fails keeps none of the others back; the exit
    code is that of the gravest failure.
    """
    home, terminal = home_of(newsroom), Terminal(is_for_machines=is_json)
    mirrors = chosen(read_register(home.folder), [*(names or []), *(shrink or []), *(anew or [])])
    refuse_none(mirrors)
    with terminal.steps() as steps:
        results = at_once(
            [mirror for mirror in mirrors if mirror.target],
            lambda mirror: carry(
                home, mirror, now=now, progress=counted(steps, mirror),
                may_shrink=mirror.name in (shrink or []), is_anew=mirror.name in (anew or []),
            ),
        )  # fmt: skip
    lines = [f"{name}: {result if isinstance(result, StetError) else carried(result)}" for name, result in results]
    lines += [f"{mirror.name}: nothing is put there." for mirror in mirrors if not mirror.target]
    values = {
        name: {"ok": False, "problem": str(result)} if isinstance(result, StetError) else {"ok": True, **told(result)}
        for name, result in results
    }
    terminal.result({"mirrors": values}, "\n".join(lines))
    if codes := [exit_code(result) for _name, result in results if isinstance(result, StetError)]:
        raise typer.Exit(max(codes))


@mirrors_app.command(epilog="Examples: stet mirrors check · stet mirrors check north-2 --json")
def check(names: NamesArgument = None, newsroom: NewsroomOption = None, is_json: JsonOption = False) -> None:
    """Look at mirrors as readers do, from their public addresses: roots, pointer, age, and some sheets by lot.

    Each sheet is compared with the signed manifest. Exit code 1 says that one is not current.
    """
    home, terminal = home_of(newsroom), Terminal(is_for_machines=is_json)
    mirrors = chosen(read_register(home.folder), names or [])
    refuse_none(mirrors)
    results = at_once(mirrors, lambda mirror: look_at(home, mirror, now=now))
    found = {name: result for name, result in results if isinstance(result, Check)}
    tell_list(home, mirrors, found, terminal)
    if any(one.state is not State.CURRENT for one in found.values()) or len(found) < len(mirrors):
        raise typer.Exit(FINDINGS)


@mirrors_app.command("list", epilog="Example: stet mirrors list --json")
def list_mirrors(newsroom: NewsroomOption = None, is_json: JsonOption = False) -> None:
    """Say how each mirror is, as it was looked at last: state, how far behind, last success, last look.

    Exit code 1 says that one needs somebody: it is broken, does not answer, or is behind for more than an hour.
    """
    home, terminal = home_of(newsroom), Terminal(is_for_machines=is_json)
    mirrors = read_register(home.folder).mirrors
    found = {mirror.name: read_check(home.folder, mirror.name) for mirror in mirrors}
    tell_list(home, mirrors, found, terminal)
    if any(registering.needs_somebody(found[mirror.name], now()) for mirror in mirrors if mirror.retired is None):
        raise typer.Exit(FINDINGS)


@mirrors_app.command(epilog="Example: stet mirrors remove north-2 --yes")
def remove(
    name: NameArgument,
    is_sure: Annotated[bool, typer.Option("--yes", help="Do not ask once more.")] = False,
    newsroom: NewsroomOption = None,
    is_json: JsonOption = False,
) -> None:
    """Forget a mirror and what lets us in there. Readers are not told of it any more, not even that it was one.

    What stands there is left as it is: delete it at the place itself. To give an address up, `stet mirrors retire`.
    """
    home = home_of(newsroom)
    mirror = find(read_register(home.folder), name)
    if not is_sure:
        typer.confirm("Readers who use it will not learn that it is ours no more. Forget it?", abort=True, err=True)
    with locked(files_of(home.folder, name), seconds=BUSY_SECONDS):
        registering.remove(home.folder, name)
    Terminal(is_for_machines=is_json).result(
        {"name": name, "removed": True},
        f"The mirror {name} is forgotten. What stands {'there' if mirror.target else 'at its address'} stays until you "
        "delete it.",
    )


@mirrors_app.command(epilog="Example: stet mirrors retire north-2")
def retire(name: NameArgument, newsroom: NewsroomOption = None, is_json: JsonOption = False) -> None:
    """Give a mirror up: nothing is carried there any more, and readers are told that it is retired.

    What lets us in there is deleted on this machine. What stands there grows old; delete it at the place itself.
    """
    home = home_of(newsroom)
    registering.retire(home.folder, name, now=now())
    Terminal(is_for_machines=is_json).result(
        {"name": name, "retired": True}, f"The mirror {name} is retired. It stays in the list as such."
    )


@mirrors_app.command(
    epilog="Example: stet mirrors rotate north-2 s3://paper-7?endpoint=https://s3.example.net --public https://7.example.net"
)
def rotate(
    name: NameArgument,
    target: TargetArgument,
    public: PublicOption = "",
    new_name: MirrorNameOption = "",
    secret_file: SecretFileOption = None,
    newsroom: NewsroomOption = None,
    is_json: JsonOption = False,
) -> None:
    """Put another address in a mirror's place: the new one is tried, added and carried to, the old one retires.

    For throw-away addresses, which are blocked after some weeks. Cap, proxy and listing are taken over, and what lets
    us in where the kind is the same and no --secret-file is given. With the same target, only the address is another.
    The old one retires only once the new one holds the edition.
    """
    home, terminal = home_of(newsroom), Terminal(is_for_machines=is_json)
    register = read_register(home.folder)
    old = chosen(register, [name])[0]
    mirror = registering.new_mirror(
        register, target, public=public, name=new_name, now=now(), proxy=old.proxy,
        kilobytes_per_second=old.kilobytes_per_second, is_listed=old.is_listed,
    )  # fmt: skip
    given = read_given(secret_file, mirror.target) if secret_file else {}
    given = registering.successor(home.folder, old, given, target=mirror.target)
    given = given or asked_for(mirror.target, None)
    can = tried(home, mirror, given)
    is_same_place = mirror.target == old.target
    # Two mirrors of one place would be carried to at once: there the old one retires in the same step.
    registering.add(home.folder, mirror, given, retires=name if is_same_place else "", now=now())
    if mirror.target:
        with terminal.steps() as steps:
            carry(home, mirror, now=now, progress=counted(steps, mirror))
    registering.retire(home.folder, name, now=now())
    found = look_at(home, mirror, now=now)
    terminal.result(
        {"replaces": name, "can": can, **state_of(home, mirror, found)},
        f"{mirror.name} takes the place of {name}, which is retired.\n{mirror.name}: {in_words(found)}",
    )
    if found.state is not State.CURRENT:
        raise typer.Exit(FINDINGS)


# --- Steps that several commands take ---


def home_of(folder: Path | None) -> Home:
    """Where the newsroom's mirrors are carried from."""
    newsroom: Newsroom = open_newsroom(folder or Path())
    return Home(folder=newsroom.folder, site=newsroom.site)


def now() -> datetime:
    """The machine's time."""
    return SystemClock().now()


def asked_for(target: str, file: Path | None) -> Mapping[str, str]:
    """What lets us in: from a file, or typed without being shown."""
    if file is not None:
        return read_given(file, target)
    asked = asked_by(target)
    if not asked or not sys.stdin.isatty():
        return {}
    typer.echo("Asked for by this kind of mirror; press Enter for what it does not need.", err=True)
    return {
        name: str(typer.prompt(f"{name} ({sentence})", default="", show_default=False, hide_input=True, err=True))
        for name, sentence in asked.items()
    }


def tried(home: Home, mirror: Mirror, given: Mapping[str, str]) -> str:
    """Try the place of a mirror that is not in the register yet; what it can do, in words."""
    if not mirror.target:
        return "Nothing is put there."
    write_secrets(home.folder, mirror.name, given)
    try:
        with opened(home.folder, mirror) as place:
            return f"The place lets us in. {registering.told(registering.probe(place))}"
    except BaseException:
        write_secrets(home.folder, mirror.name, {})
        raise


def begun(home: Home, mirror: Mirror, can: str, terminal: Terminal, *, is_later: bool) -> None:
    """Carry everything to a new mirror, look at it, and say how it is."""
    values: dict[str, object] = {"name": mirror.name, "kind": mirror.kind, "can": can}
    if is_later:
        terminal.result(values, f"{can}\nThe mirror {mirror.name} is added. `stet mirrors sync {mirror.name}` carries.")
        return
    lines = [can, f"The mirror {mirror.name} is added."]
    if mirror.target:
        try:
            with terminal.steps() as steps:
                outcome = carry(home, mirror, now=now, progress=counted(steps, mirror))
        except StetError:
            terminal.warn(f"The mirror {mirror.name} is added; `stet mirrors sync {mirror.name}` tries again.")
            raise
        values |= told(outcome)
        lines.append(carried(outcome))
    found = look_at(home, mirror, now=now)
    terminal.result(values | state_of(home, mirror, found), "\n".join([*lines, in_words(found)]))
    if found.state is not State.CURRENT:
        raise typer.Exit(FINDINGS)


def refuse_none(mirrors: Sequence[Mirror]) -> None:
    """Refuse to do nothing."""
    if not mirrors:
        raise MirrorRefusedError("There is no mirror yet. Add one: stet mirrors add --help")


def at_once(mirrors: Sequence[Mirror], act: Callable[[Mirror], T]) -> list[tuple[str, T | StetError]]:
    """Act on all mirrors at the same time; what came of each, an error too."""

    def kept(mirror: Mirror) -> T | StetError:
        try:
            return act(mirror)
        except StetError as error:
            return error

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(zip((mirror.name for mirror in mirrors), threads.map(kept, mirrors), strict=True))


def counted(steps: Steps, mirror: Mirror) -> Callable[[int, int], None]:
    """Progress of one mirror."""
    return lambda done, total: steps(f"Carrying to {mirror.name}", done, total)


# --- What is said ---


def told(outcome: Outcome) -> dict[str, object]:
    """What a sync did, for a machine."""
    return {
        "edition": outcome.pointer.seq, "put": outcome.put, "removed": outcome.removed,
        "sent_bytes": outcome.sent_bytes, "told": outcome.told,
    }  # fmt: skip


def carried(outcome: Outcome) -> str:
    """What a sync did, for a person."""
    return (
        f"Edition {outcome.pointer.seq} stands there: {outcome.put:,} sheets put, {outcome.removed:,} removed, "
        f"{outcome.sent_bytes / 1000:,.1f} kB. {outcome.told}"
    ).rstrip()


def tell_list(home: Home, mirrors: Sequence[Mirror], found: Mapping[str, Check], terminal: Terminal) -> None:
    """Say how mirrors are."""
    states = [state_of(home, mirror, found[mirror.name]) for mirror in mirrors if mirror.name in found]
    lines = [line for state in states for line in lines_of(state)]
    terminal.result(
        {"mirrors": states},
        "\n".join(lines)
        or "There is no mirror yet: whoever blocks the paper's address cuts every reader off. Add one with "
        "`stet mirrors add`.",
    )  # fmt: skip


def state_of(home: Home, mirror: Mirror, found: Check) -> dict[str, object]:
    """Everything about a mirror, for a machine."""
    standing = pointer_of(home)
    behind = standing.seq - found.seq if standing and found.seq is not None else None
    age = (now() - found.published).total_seconds() if found.published else None
    return {
        "name": mirror.name, "kind": mirror.kind, "public": mirror.public, "is_listed": mirror.is_listed,
        "retired": mirror.retired, "state": "retired" if mirror.retired else found.state.value,
        "seq": found.seq, "editions_behind": behind, "age_seconds": None if age is None else round(age),
        "last_success": found.last_success, "checked": found.checked,
        "problem": found.problem, "refusal": found.refusal,
    }  # fmt: skip


def pointer_of(home: Home) -> Pointer | None:
    """What stands here; None where nothing that is signed does."""
    try:
        return read_here(home.site, key=home.key()).pointer
    except StetError:
        return None


def lines_of(state: Mapping[str, object]) -> list[str]:
    """A mirror in lines for a person."""
    behind, age = state["editions_behind"], state["age_seconds"]
    lag = f"{behind} behind, {span(age)} old" if behind and isinstance(age, int) else ""
    if not lag and isinstance(age, int):
        lag = f"{span(age)} old"
    first = f"{state['name']:<14} {state['state']:<12} {lag:<24} {state['public'] or '(no address)'}"
    success, checked = moment(state["last_success"]), moment(state["checked"])
    second = f"{'':<14} last success {success}, last look {checked}"
    more = [f"{'':<14} {line}" for line in (state["problem"], state["refusal"]) if line]
    return [first.rstrip()] if state["state"] == "retired" else [first.rstrip(), second, *more]


def in_words(found: Check) -> str:
    """A look at a mirror, in a sentence."""
    if found.state is State.CURRENT:
        return f"Looked at from outside, it is current: edition {found.seq}."
    return f"Looked at from outside, it is {found.state.value}. {found.problem}"


def span(seconds: int) -> str:
    """A length of time, in its largest unit.

    >>> span(40), span(7500), span(200_000)
    ('0 min', '2 h', '2 d')
    """
    hours = seconds // 3600
    return f"{seconds // 60} min" if hours < 1 else f"{hours} h" if hours < 48 else f"{hours // 24} d"


def moment(value: object) -> str:
    """A moment as people read it."""
    return f"{value:%Y-%m-%d %H:%M} UTC" if isinstance(value, datetime) else "never"
