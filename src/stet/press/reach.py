"""The sheets that say where the paper is to be found: a page in each language, and "/mirrors.json" for programs.

The rules:
 * Both say the same, and only what `stet.press.mirrors` lets readers know.
 * What editors wrote on a page of their own at the same address stands on that page.
 * The list is signed as pages are, so that one that came by mail can be checked alone. It speaks as of the hour of the
   newest check, or of the last change.
"""

from datetime import UTC, date, datetime

from stet.edition.verify.reader_page import PATH as VERIFY_PATH
from stet.newsroom import addresses
from stet.press.body import body_copy
from stet.press.budget import set_within
from stet.press.job import JobResult, Reading, SheetFile, Unsigned, UnsignedJson
from stet.press.listings import everywhere, up
from stet.press.mirrors import Listed
from stet.press.packs.packed import MEDIA_TYPES
from stet.press.richtext import plain
from stet.press.rows import EPOCH
from stet.press.world import World
from stet.theme import copy

FORMAT = 1
"""Of "mirrors.json"; counts up when what it says changes its meaning."""
MIRRORS_JSON = "/mirrors.json"
WORKING = ("current", "behind", "unknown")


def reach_page(reading: Reading, language: str) -> JobResult:
    """Where to find the paper, in one language."""
    world = reading.world
    if language not in world.sites:
        return JobResult()
    row = world.reach_words(language)
    page = copy.ReachPage(
        site=reading.site(language),
        path=world.reach_path(language),
        title="",
        description=plain(row.description) if row else "",
        alternates=everywhere(reading, lambda site: site.checking_path),
        breadcrumbs=up(reading, language),
        heading=plain(row.title) if row else "",
        body=body_copy(row.body, reading) if row else (),
        mirrors=tuple(_line(one) for one in world.told.mirrors if one.retired is None),
        retired=tuple(
            copy.RetiredMirror(address=one.address, since=date.fromisoformat(one.retired))
            for one in world.told.mirrors
            if one.retired is not None
        ),
        qr_url=qr_url(world),
        mirrors_path=MIRRORS_JSON,
        verify_path=VERIFY_PATH,
        check_path=addresses.check_path(world.paper.prefix(language)),
        offline=offline_editions(world, language),
    )
    html, _fits = set_within(world.paper.budget_bytes, page, reading.theme)
    moment = max(as_of(world), row.modified if row else EPOCH)
    product = Unsigned(path=page.path, html=html, revision="reach", time=moment)
    return JobResult(products=(product,), reads=frozenset(reading.reads))


def _line(one: Listed) -> copy.MirrorLine:
    return copy.MirrorLine(
        address=one.address,
        kind=one.kind,
        state=one.state,  # type: ignore[arg-type]  # the value of a State
        checked=_hour(one.checked) if one.checked else None,
    )


def offline_editions(world: World, language: str) -> tuple[copy.OfflineEdition, ...]:
    """The files of the last week that are printed for a language."""
    return tuple(
        copy.OfflineEdition(kind=file.kind, path=offline_path(language, file.kind), size_bytes=file.size_bytes)  # type: ignore[arg-type]  # one of MEDIA_TYPES
        for pack in world.told.packs
        if pack.language == language
        for file in pack.files
    )


def offline_path(language: str, kind: str) -> str:
    """Where the file of a kind stands for a language."""
    return f"/offline/{language}/week.{kind}"


def pack_files(reading: Reading, language: str) -> JobResult:
    """What `stet bundle` packed last for a language."""
    folder = reading.materials.offline_folder / language
    products = tuple(
        SheetFile(path=one.path, media_type=MEDIA_TYPES[one.kind], file=file)
        for one in offline_editions(reading.world, language)
        if language in reading.world.sites and (file := folder / f"week.{one.kind}").is_file()
    )
    return JobResult(products=products)


def qr_url(world: World) -> str:
    """The address that the QR code holds: the first mirror that works, for the paper's own may be closed."""
    live = (one for one in world.told.mirrors if one.retired is None and one.kind == "mirror")
    first = next((one.address for one in live if one.state in WORKING), world.paper.base_url)
    return f"{first}/"


def as_of(world: World) -> datetime:
    """As of when the list speaks: the hour of its newest check, or the day of its last change."""
    hours = [_hour(one.checked) for one in world.told.mirrors if one.checked]
    days = [_midnight(day) for one in world.told.mirrors for day in (one.added, one.retired) if day]
    return max([EPOCH, *hours, *days])


def _hour(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H").replace(tzinfo=UTC)


def _midnight(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), tzinfo=UTC)


def mirrors_json(reading: Reading, _name: str) -> JobResult:
    """The list for programs; it stands also where it is empty."""
    fields = {
        "v": FORMAT,
        "mirrors": [
            {
                "address": one.address,
                "kind": one.kind,
                "state": one.state,
                "checked": one.checked,
                "retired": one.retired,
            }
            for one in reading.world.told.mirrors
        ],
    }
    product = UnsignedJson(path=MIRRORS_JSON, fields=fields, revision="mirrors", time=as_of(reading.world))
    return JobResult(products=(product,), reads=frozenset(reading.reads))
