"""An offline edition as an EPUB 3.3 (https://www.w3.org/TR/epub-33/): one chapter an article, photos beside them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid5

import lxml.etree
import lxml.html
from markupsafe import escape

from stet.kit.clock import write_moment
from stet.press.packs.pages import zipped
from stet.press.packs.week import Week, photo_key
from stet.theme.setting import Theme
from stet.theme.words import word

NAMESPACE = UUID("8f4c1d5e-3a67-4b12-9c0d-7e5a2b914f36")
"""Ours, so that the same days of the same site always have the same identifier."""

CONTAINER = b"""<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="book/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
STYLE = """body{line-height:1.5;margin:0 4%}h1{font-size:1.5em;line-height:1.2}h2{font-size:1.2em}h3{font-size:1em}
img{max-width:100%;height:auto}figure{margin:1em 0}figcaption,.meta,.kicker,.small{font-size:.85em}
.standfirst{font-size:1.1em}.box,.note,.known,.check{border:1px solid;padding:0 .8em;margin:1em 0}
table{border-collapse:collapse}th,td{border-bottom:1px solid;padding:.2em .5em}.n{text-align:end}
"""


def pack_book(week: Week, theme: Theme, shown: frozenset[str]) -> bytes:
    """The EPUB. `shown` are the photos to put in."""

    def image(photo: Mapping[str, Any]) -> str:
        key = photo_key(photo)
        return f"images/{week.photos[key].name}" if key in shown else ""

    title = f"{week.paper}, {week.first.isoformat()} – {week.last.isoformat()}"
    chapters = {"cover.xhtml": (week.paper, theme.set_pack("chapter", week.language, week=week, article=None))}
    for twin in week.articles:
        text = theme.set_pack("chapter", week.language, week=week, article=twin, image=image)
        chapters[_chapter(twin["file"])] = (twin["headline"], text)
    names = {twin["file"]: _chapter(twin["file"]) for twin in week.articles}
    files = {
        "mimetype": b"application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "book/package.opf": _package(week, title, list(chapters), shown).encode(),
        "book/nav.xhtml": _navigation(week, chapters).encode(),
        "book/style.css": STYLE.encode(),
    }
    for name, (heading, text) in chapters.items():
        files[f"book/{name}"] = _document(week, heading, _well_formed(text, names)).encode()
    for key in sorted(shown):
        files[f"book/images/{week.photos[key].name}"] = week.photos[key].body
    return zipped(files, week.moment, stored=lambda name: name == "mimetype")


def _chapter(file: str) -> str:
    return f"a{file.removesuffix('.html')}.xhtml"


def _package(week: Week, title: str, chapters: list[str], shown: frozenset[str]) -> str:
    images = sorted(week.photos[key].name for key in shown)
    items = [
        *(f'<item id="c{n}" href="{name}" media-type="application/xhtml+xml"/>' for n, name in enumerate(chapters)),
        *(f'<item id="i{n}" href="images/{name}" media-type="image/jpeg"/>' for n, name in enumerate(images)),
    ]
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    turned = ' page-progression-direction="rtl"' if week.direction == "rtl" else ""
    identifier = uuid5(NAMESPACE, f"{week.site} {week.language} {week.first} {week.last} {week.seq}")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" '
        f'xml:lang="{week.language}" dir="{week.direction}">\n'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:identifier id="id">urn:uuid:{identifier}</dc:identifier><dc:title>{escape(title)}</dc:title>'
        f"<dc:language>{week.language}</dc:language><dc:publisher>{escape(week.publisher)}</dc:publisher>"
        f'<meta property="dcterms:modified">{write_moment(week.moment)}</meta></metadata>\n'
        '<manifest><item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        f'<item id="css" href="style.css" media-type="text/css"/>{"".join(items)}</manifest>\n'
        f"<spine{turned}>{spine}</spine></package>\n"
    )


def _navigation(week: Week, chapters: Mapping[str, tuple[str, str]]) -> str:
    items = "".join(f'<li><a href="{name}">{escape(heading)}</a></li>' for name, (heading, _text) in chapters.items())
    heading = escape(word("All articles", language=week.language))
    return _document(
        week,
        str(heading),
        f'<nav xmlns:epub="http://www.idpf.org/2007/ops" epub:type="toc"><h1>{heading}</h1><ol>{items}</ol></nav>',
    )


def _document(week: Week, title: str, body: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n'
        f'<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="{week.language}" lang="{week.language}" '
        f'dir="{week.direction}"><head><title>{escape(title)}</title>'
        f'<link rel="stylesheet" type="text/css" href="style.css"/></head><body>{body}</body></html>\n'
    )


def _well_formed(html: str, names: Mapping[str, str]) -> str:
    """HTML as XML, with links to other articles leading to their chapters."""
    holder = lxml.html.fragment_fromstring(html, create_parent="div")
    for link in holder.iter("a"):
        link.set("href", names.get(link.get("href", ""), link.get("href", "")))
    return str(lxml.etree.tostring(holder, encoding="unicode", method="xml"))
