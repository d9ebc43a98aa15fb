"""`stet deploy`: configuration for what stands around Stet, written out of what a newsroom has set.

It writes files into a folder and says what to do with them; it touches no server and installs nothing.
"""

# ruff: noqa: FBT002 - a flag of the command line is a parameter with a default

import re
import sys
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from stet.project.deploy.files import write_all
from stet.project.deploy.serving import Frontdesk, Place, configuration
from stet.project.errors import PlaceUnknownError
from stet.project.settings import Newsroom, open_newsroom
from stet.project.setup import VARIABLE
from stet.project.terminal import Terminal

deploy_app = typer.Typer(
    help="Write configuration for a web server, for a mirror or for systemd, out of what this newsroom has set.",
    no_args_is_help=True,
)

NewsroomOption = Annotated[
    Path | None,
    typer.Option("--newsroom", "-n", help="The newsroom's folder.", envvar=VARIABLE, show_default="the current folder"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object, for machines.")]
MirrorOption = Annotated[
    bool,
    typer.Option("--mirror", help="For a mirror that throttled networks reach: one answer a connection, no HTTP/2."),
]
HostOption = Annotated[
    str | None, typer.Option(help="The host name that readers type.", show_default="that of base_url under [site]")
]
RootOption = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Where the edition stands on that machine: the folder that holds index.html and .well-known.",
        show_default="the newsroom's own; of a mirror /srv/HOST",
    ),
]
CertificateOption = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="The certificate with its chain, made for an elliptic curve.",
        show_default="certbot's; Caddy gets one itself",
    ),
]
CertificateKeyOption = Annotated[
    Path | None, typer.Option(metavar="FILE", help="The certificate's private key.", show_default="beside it")
]
ListenOption = Annotated[
    str, typer.Option(metavar="ADDRESS", help="The address to listen on, without a port.", show_default="all")
]
PortOption = Annotated[int, typer.Option(min=1, max=65535, help="The port for https.")]
HttpPortOption = Annotated[int, typer.Option(min=1, max=65535, help="The port for http, which leads to https.")]
OutOption = Annotated[Path, typer.Option(metavar="DIR", help="The folder to write into.")]
ForceOption = Annotated[bool, typer.Option("--force", help="Overwrite files that were changed by hand.")]

MIRROR_STEPS = """\
1. Carry the edition there: stet mirrors add …, or copy edition/site/ to {root}.
2. Get a certificate with an elliptic curve for {host}."""
ORIGIN_STEPS = """\
1. Let the web server's account read {root}, and nothing else of the newsroom.
2. Get a certificate with an elliptic curve for {hosts}."""


@deploy_app.command(epilog="Examples: stet deploy nginx · stet deploy nginx --mirror --host news.example.net")
def nginx(
    is_mirror: MirrorOption = False,
    host: HostOption = None,
    root: RootOption = None,
    certificate: CertificateOption = None,
    certificate_key: CertificateKeyOption = None,
    listen: ListenOption = "",
    port: PortOption = 443,
    http_port: HttpPortOption = 80,
    out: OutOption = Path("deploy"),
    is_forced: ForceOption = False,
    newsroom: NewsroomOption = None,
    is_json: JsonOption = False,
) -> None:
    """Write the configuration of nginx for the origin, or with --mirror for a mirror.

    It serves the files of the edition with the headers of Stet's own reader site, their .br and .gz copies without any
    further module, and keeps no log. Of an origin it also stands before the frontdesk, where that has its own host.
    Run it anew after each update: pages' scripts are allowed by their digests, and those change. A file that you
    changed is left alone.
    """
    room = open_newsroom(newsroom or Path())
    name = host_of(room, host, is_mirror=is_mirror)
    beside = Path("/etc/letsencrypt/live") / name
    chain, key = pair(certificate or beside / "fullchain.pem", certificate_key, default=beside / "privkey.pem")
    place = place_of(room, name, root, is_mirror=is_mirror, pair=(chain, key), at=(listen, port, http_port))
    file = f"{name}.conf"
    steps = "3. Copy {file} to /etc/nginx/conf.d/, then: nginx -t && systemctl reload nginx"
    write({file: configuration("nginx", place)}, place, steps, out=out, is_forced=is_forced, is_json=is_json)


@deploy_app.command(epilog="Examples: stet deploy caddy · stet deploy caddy --mirror --host news.example.net")
def caddy(
    is_mirror: MirrorOption = False,
    host: HostOption = None,
    root: RootOption = None,
    certificate: CertificateOption = None,
    certificate_key: CertificateKeyOption = None,
    listen: ListenOption = "",
    port: PortOption = 443,
    http_port: HttpPortOption = 80,
    out: OutOption = Path("deploy"),
    is_forced: ForceOption = False,
    newsroom: NewsroomOption = None,
    is_json: JsonOption = False,
) -> None:
    """Write a Caddyfile for the origin, or with --mirror for a mirror.

    The same as `stet deploy nginx`, with a certificate that Caddy gets and renews by itself unless you give one. Caddy
    as Debian has it cannot limit how often somebody asks: against floods, nginx is the better of the two.
    """
    room = open_newsroom(newsroom or Path())
    name = host_of(room, host, is_mirror=is_mirror)
    chain, key = pair(certificate, certificate_key) if certificate else ("", "")
    place = place_of(room, name, root, is_mirror=is_mirror, pair=(chain, key), at=(listen, port, http_port))
    steps = "3. Copy {file} to /etc/caddy/Caddyfile, then: caddy validate --config {file} && systemctl reload caddy"
    files = {"Caddyfile": configuration("caddy", place)}
    write(files, place, steps, out=out, is_forced=is_forced, is_json=is_json)


@deploy_app.command(epilog="Example: stet deploy systemd --user stet")
def systemd(
    user: Annotated[str, typer.Option(help="The account that owns the newsroom's folder.")] = "stet",
    out: OutOption = Path("deploy"),
    is_forced: ForceOption = False,
    newsroom: NewsroomOption = None,
    is_json: JsonOption = False,
) -> None:
    """Write units for systemd, one for each process, in place of `stet up`.

    Each process sees of keys/ and of the two databases what it needs and nothing else, writes where it has to, and has
    no network where it needs none. stet-NAME.target starts and ends them together. In the newsroom's folder this makes
    mirrors.json, keys/mirrors and data/mirrors where they are missing: the desk may write them, and create nothing.
    """
    from stet.mirrors.register import make_ready
    from stet.project.deploy.units import RIGHTS, units
    from stet.project.processes import NAMES, is_wanted

    room = open_newsroom(newsroom or Path())
    checked(user, r"[a-z_][a-z0-9_-]{0,31}", "--user takes the name of an account.")
    checked(str(room.folder), r"/[A-Za-z0-9/._-]+", "systemd needs a newsroom's folder without spaces and quotes.")
    make_ready(room.folder)
    names = [name for name in NAMES if name in RIGHTS and is_wanted(name, room)]
    made = units(room, names, user=user, python=sys.executable)
    target = f"stet-{room.folder.name}.target"
    written = write_all(out, made, is_forced=is_forced)
    Terminal(is_for_machines=is_json).result(
        {"folder": str(out), "files": sorted(made), "written": sorted(file.name for file in written)},
        f"{len(written)} of {len(made)} files in {out} are new or have changed.\n"
        f"1. Make the account, and give it the folder: useradd --system {user}; chown -R {user}: {room.folder}\n"
        f"2. Look at them: systemd-analyze verify {out}/*\n"
        f"3. cp {out}/stet-* /etc/systemd/system/ && systemctl daemon-reload && systemctl enable --now {target}",
    )


# --- Where it is to stand ---


def host_of(newsroom: Newsroom, host: str | None, *, is_mirror: bool) -> str:
    """The host that is to be served. Raises PlaceUnknownError."""
    told = host or ("" if is_mirror else urlsplit(newsroom.settings.site.base_url).hostname or "")
    if not told:
        where = "Say which with --host." if is_mirror else "Set base_url under [site] in stet.toml, or give --host."
        raise PlaceUnknownError(f"Nobody has said for which host this is. {where}")
    return checked(told, r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?", "--host takes a name such as news.example.org.")


def place_of(
    newsroom: Newsroom,
    host: str,
    root: Path | None,
    *,
    is_mirror: bool,
    pair: tuple[str, str],
    at: tuple[str, int, int],
) -> Place:
    """The place with everything that the newsroom has set for it; `at`: address, port, port for http."""
    default = Path("/srv") / host if is_mirror else newsroom.site
    folder = str(root.absolute() if root else default)
    front = urlsplit(newsroom.settings.frontdesk.base_url)
    settings = newsroom.settings.frontdesk
    has_frontdesk = not is_mirror and front.scheme == "https" and front.hostname not in (None, host)
    return Place(
        host=host,
        root=checked(folder, r"/[^\s\"'\\{}$;<>]*", "A web server needs a folder without spaces and quotes."),
        is_mirror=is_mirror,
        form_urls=newsroom.form_urls,
        languages=newsroom.settings.site.languages[1:],
        page_seconds=newsroom.settings.reader.page_seconds,
        certificate=pair[0],
        certificate_key=pair[1],
        frontdesk=Frontdesk(host=front.hostname or "", upstream=upstream(settings.host, settings.port))
        if has_frontdesk
        else None,
        onion=onion_of(newsroom),
        listen=checked(at[0], r"[0-9A-Za-z.:\[\]]*", "--listen takes an address such as 192.0.2.7."),
        port=at[1],
        http_port=at[2],
    )


def upstream(host: str, port: int) -> str:
    """Where a process listens, as a web server on the same machine reaches it.

    >>> upstream("127.0.0.1", 8002), upstream("::1", 8002)
    ('127.0.0.1:8002', '[::1]:8002')
    """
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def onion_of(newsroom: Newsroom) -> str:
    """The newsroom's onion address, which Tor Browser is told of; "" where it has none."""
    from stet.mirrors.register import read_register

    live = (one for one in read_register(newsroom.folder).live() if one.kind == "onion" and one.is_listed)
    found = next((one.public for one in live), "")
    return found if re.fullmatch(r"https?://[a-z2-7]{56}\.onion(:\d+)?", found) else ""


def pair(certificate: Path, key: Path | None, *, default: Path | None = None) -> tuple[str, str]:
    """Certificate and key as absolute paths that a configuration takes."""
    beside = default if default is not None and certificate == default.with_name(certificate.name) else None
    paths = certificate.absolute(), (key or beside or certificate.with_suffix(".key")).absolute()
    says = "A certificate's path takes no spaces and quotes."
    return checked(str(paths[0]), r"/[^\s\"'\\{}$;<>]*", says), checked(str(paths[1]), r"/[^\s\"'\\{}$;<>]*", says)


def checked(value: str, pattern: str, says: str) -> str:
    """The value, if it can stand in a configuration as it is. Raises PlaceUnknownError."""
    if not re.fullmatch(pattern, value):
        raise PlaceUnknownError(says)
    return value


def write(files: dict[str, str], place: Place, last_step: str, *, out: Path, is_forced: bool, is_json: bool) -> None:
    """Write, and say what comes next."""
    written = write_all(out, files, is_forced=is_forced)
    hosts = " and ".join(filter(None, (place.host, place.frontdesk.host if place.frontdesk else "")))
    steps = (MIRROR_STEPS if place.is_mirror else ORIGIN_STEPS) + "\n" + last_step
    (file,) = files
    said = steps.format(root=place.root, host=place.host, hosts=hosts, file=out / file)
    state = "is new or has changed" if written else "is as it was"
    Terminal(is_for_machines=is_json).result(
        {"folder": str(out), "files": list(files), "written": [file.name for file in written], "host": place.host},
        f"{out / file} {state}.\n{said}",
    )
