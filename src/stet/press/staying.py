"""What stays with readers: the service worker, the page of what it keeps, the manifest of the paper as an app."""

from stet.edition.root import SignedRoot
from stet.edition.sheet import Sheet
from stet.kit.clock import write_moment
from stet.kit.digests import to_base64url
from stet.newsroom import addresses
from stet.press.job import JobResult, Reading, SheetFile
from stet.press.listings import printed
from stet.theme import copy
from stet.theme.worker import KEPT_DAYS, MOST_PAGES, PATH, worker_script

SCRIPT, SVG, PNG = "text/javascript", "image/svg+xml", "image/png"


def worker(reading: Reading, _name: str) -> JobResult:
    """The worker; where it is switched off, the one that takes itself away from devices that have it."""
    body = worker_script(_told(reading) if reading.world.has_worker else None)
    return JobResult(products=(Sheet(path=PATH, media_type=SCRIPT, body=body),), reads=frozenset(reading.reads))


def _told(reading: Reading) -> copy.WorkerCopy:
    world = reading.world
    root = SignedRoot.from_bytes(world.roots[-1]).root
    prefixes = [world.paper.prefix(code) for code in world.sites]
    return copy.WorkerCopy(
        site=root.site_id,
        origin=world.paper.base_url,
        root_version=root.version,
        threshold=root.threshold,
        keys=tuple(map(to_base64url, root.keys)),
        edition_keys=tuple(map(to_base64url, root.edition_keys)),
        expires=write_moment(root.expires),
        languages=tuple(
            copy.WorkerLanguage(
                code=code,
                direction=world.language(code).direction,
                front_path=world.front_path(code),
                offline_path=addresses.offline_path(world.paper.prefix(code)),
            )
            for code in world.paper.languages
            if code in world.sites
        ),
        never_kept=tuple(
            path for prefix in prefixes for path in (addresses.support_path(prefix), addresses.letters_path(prefix))
        ),
        keeps_pages=world.paper.worker == "pages",
    )


def offline_page(reading: Reading, language: str) -> JobResult:
    """What is kept on a reader's device."""
    if language not in reading.world.sites or not reading.world.has_worker:
        return JobResult()
    page = copy.Offline(
        site=reading.site(language),
        path=addresses.offline_path(reading.world.paper.prefix(language)),
        title="",
        is_indexable=False,
        keeps_pages=reading.world.paper.worker == "pages",
        kept_days=KEPT_DAYS,
        most_pages=MOST_PAGES,
    )
    return JobResult(products=(printed(reading, page),), reads=frozenset(reading.reads))


def app(reading: Reading, language: str) -> JobResult:
    """The web app manifest of a language, with the newsroom's own mark or one made of its name."""
    if language not in reading.world.sites:
        return JobResult()
    site, own = reading.site(language), reading.theme.icon
    prefix = reading.world.paper.prefix(language)
    icon = f"{prefix}/app-icon.{'png' if own else 'svg'}"
    told = copy.AppCopy(
        name=site.name, language=site.language, icon_path=icon, icon_type=PNG if own else SVG,
        icon_sizes="512x512" if own else "any",
    )  # fmt: skip
    manifest = Sheet(
        path=addresses.app_path(prefix),
        media_type="application/manifest+json",
        body=reading.theme.app_manifest(told),
    )
    mark = (
        SheetFile(path=icon, media_type=PNG, file=own)
        if own
        else Sheet(path=icon, media_type=SVG, body=reading.theme.lettermark(site.name, language))
    )
    return JobResult(products=(manifest, mark), reads=frozenset(reading.reads))
