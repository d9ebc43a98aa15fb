"""Which articles an offline edition holds, read from the printed edition: their twins and photos, nothing else.

What the edition does not hold, a draft or a withdrawn story, cannot get in. Each file that is read is compared with the
signed manifest.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import lxml.html
import msgspec

from stet.edition.disk import read_if_there
from stet.edition.errors import EditionBrokenError
from stet.edition.folder import EditionFolder
from stet.edition.manifest import Entry, Tree
from stet.edition.root import fingerprint
from stet.edition.sheet import body_digest
from stet.press.errors import NothingToPackError

Twin = dict[str, Any]
"""An article as docs/reference/article-twin.md has it, with `file`, `published_day` and the like added."""

_TWIN = re.compile(r"(?:/[a-z][A-Za-z0-9-]*)?/(\d{4})/(\d\d)/(\d\d)/([^/]+)/article\.json")
LEAST_WIDTH = 600
"""A photo of so many pixels fills a phone and a column on paper; wider ones weigh more than they show."""


class Photo(msgspec.Struct, frozen=True, kw_only=True):
    """A photo's file, as every reading program can show it."""

    name: str
    """Of its file, without a folder."""
    body: bytes


class Week(msgspec.Struct, kw_only=True):
    """What an offline edition is made of."""

    paper: str
    publisher: str
    base_url: str
    language: str
    direction: str
    time_zone: str
    first: date
    last: date
    seq: int
    """Of the edition it was taken from."""
    printed: date
    """When that was published."""
    moment: datetime
    """When the newest of its articles was published: the time that its files carry."""
    site: str
    """The site's id."""
    fingerprint: str
    articles: list[Twin]
    """Newest first."""
    photos: dict[str, Photo]
    """By the address that the twins name them by."""


def read_week(
    edition: EditionFolder,
    *,
    language: str,
    first: date,
    last: date,
    time_zone: str,
    progress: Callable[[str, int, int], None] = lambda _what, _done, _all: None,
) -> Week:
    """The articles of these days in a language, whole; raises NothingToPackError where there are none."""
    pointer = edition.pointer()
    if pointer is None:
        raise NothingToPackError("There is no edition yet: run `stet print`, then this again.")
    tree, site = edition.tree(), edition.site
    found = [entry for entry in tree.entries() if _is_of(entry.path, first, last)]
    twins = []
    for number, entry in enumerate(found, 1):
        progress("Reading articles", number, len(found))
        twin = json.loads(_read(site, entry))
        if twin["language"] == language:
            twins.append(twin)
    if not twins:
        raise NothingToPackError(
            f"No article in {language} was published from {first} to {last}. Name more --days, or another --language."
        )
    twins.sort(key=lambda twin: (twin["published"], twin["id"]), reverse=True)
    paper = twins[0]["paper"]
    week = Week(
        paper=paper["name"],
        publisher=paper.get("publisher", paper["name"]),
        base_url=_base(paper["url"]),
        language=language,
        direction=twins[0]["direction"],
        time_zone=time_zone,
        first=first,
        last=last,
        seq=pointer.seq,
        printed=pointer.published.astimezone(ZoneInfo(time_zone)).date(),
        moment=max(_moment(twin["modified"]) for twin in twins),
        site=pointer.site,
        fingerprint=fingerprint(pointer.site),
        articles=twins,
        photos={},
    )
    for number, twin in enumerate(twins, 1):
        _prepare(twin, number, week)
        for photo in _photos_in(twin):
            _take_photo(photo, week, site, tree)
    _link(week)
    return week


def lead_photos(week: Week) -> set[str]:
    """The addresses of the photos that stand at the head of an article."""
    return {key for twin in week.articles if (key := photo_key(twin.get("photo")))}


def photo_key(photo: Mapping[str, Any] | None) -> str:
    """The address of the file that is taken of a photo: the smallest JPEG that is wide enough, else the widest."""
    files = [file for file in (photo or {}).get("files", ()) if file["media_type"] == "image/jpeg"]
    files.sort(key=lambda file: file["width"])
    wide = [file for file in files if file["width"] >= LEAST_WIDTH]
    return str((wide or files[-1:] or [{"url": ""}])[0]["url"])


def _is_of(path: str, first: date, last: date) -> bool:
    match = _TWIN.fullmatch(path)
    if match is None:
        return False
    try:
        day = date(*(int(part) for part in match.groups()[:3]))
    except ValueError:
        return False
    return first <= day <= last


def _read(site: Path, entry: Entry) -> bytes:
    body = read_if_there(f"{site}{entry.path}")
    if body is None or body_digest(body) != entry.digest:
        raise EditionBrokenError(
            f"{entry.path} is not the sheet that was signed. Run `stet verify`, then `stet print --all`."
        )
    return body


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _base(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _prepare(twin: Twin, number: int, week: Week) -> None:
    """Add what templates need besides: file name and days in the paper's own zone."""
    zone = ZoneInfo(week.time_zone)
    slug = urlsplit(twin["url"]).path.rstrip("/").rpartition("/")[2]
    twin["file"] = f"{number:02d}-{slug}.html"
    twin["published_day"] = _moment(twin["published"]).astimezone(zone).date()
    if "updated" in twin:
        twin["updated_day"] = _moment(twin["updated"]).astimezone(zone).date()
    for note in (*twin.get("corrections", ()), *twin.get("updates", ())):
        note["day"] = date.fromisoformat(note["date"])
    for entry in twin.get("live", {}).get("entries", ()):
        entry["moment"] = _moment(entry["posted"])


def _photos_in(twin: Twin) -> Iterator[Mapping[str, Any]]:
    for holder in (twin, *twin["body"]):
        if "photo" in holder:
            yield holder["photo"]
        yield from holder.get("photos", ())


def _take_photo(photo: Mapping[str, Any], week: Week, site: Path, tree: Tree) -> None:
    key = photo_key(photo)
    path = urlsplit(key).path
    if not key or key in week.photos:
        return
    entry = tree.entry(path)
    if entry is not None:
        week.photos[key] = Photo(name=path.rpartition("/")[2], body=_read(site, entry))


def _link(week: Week) -> None:
    """Lead links between its articles to its own pages, and take out marks whose list is not here."""
    files = {twin["url"]: twin["file"] for twin in week.articles}
    for twin in week.articles:
        _each_html(twin, lambda html: _relinked(html, files))
        for block in twin["body"]:
            for entry in block.get("entries", ()):
                if "article" in entry:
                    entry["article"]["url"] = files.get(entry["article"]["url"], entry["article"]["url"])


def _each_html(value: Any, change: Callable[[str], str]) -> None:
    """Change every field of HTML in a twin: `html`, names that end in `_html`, the lists of what is known."""
    if isinstance(value, dict):
        for name, field in value.items():
            if isinstance(field, str) and (name == "html" or name.endswith("_html")):
                value[name] = change(field)
            elif name in ("known", "unknown") and isinstance(field, list):
                value[name] = [change(item) for item in field]
            else:
                _each_html(field, change)
    elif isinstance(value, list):
        for item in value:
            _each_html(item, change)


def _relinked(html: str, files: Mapping[str, str]) -> str:
    if "<a" not in html:
        return html
    holder = lxml.html.fragment_fromstring(html, create_parent="div")
    for link in list(holder.iter("a")):
        address = link.get("href", "")
        if address.startswith("#"):
            link.drop_tag()
        elif address in files:
            link.set("href", files[address])
    inner = lxml.html.tostring(holder, encoding="unicode")
    return str(inner.removeprefix("<div>").removesuffix("</div>"))
