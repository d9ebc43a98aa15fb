"""How bylines and datelines stand on a page."""

from functools import lru_cache

from markupsafe import Markup, escape

from stet.theme.copy import Byline
from stet.theme.formats import in_a_row


@lru_cache(maxsize=20_000)
def names(bylines: tuple[Byline, ...], by_line: str, *, language: str, linked: bool = False) -> Markup:
    """A byline as printed: "By A and B; C (photos)".

    `by_line` is how the language puts writers, with "{names}" where they go. Whoever took another part, or whose
    name is withheld, follows them. Names are links to their pages where asked.
    """
    writers = [_one(b, linked=linked) for b in bylines if not b.role and b.kind != "withheld"]
    others = [_one(b, linked=linked) for b in bylines if b.role or b.kind == "withheld"]
    written = str(by_line).replace("{names}", in_a_row(writers, language=language)) if writers else ""
    return Markup("; ".join(filter(None, (written, in_a_row(others, language=language)))))  # noqa: S704 - every name is escaped in _one


def _one(byline: Byline, *, linked: bool) -> str:
    name = escape(byline.name)
    if linked and byline.path:
        name = Markup('<a href="{}">{}</a>').format(byline.path, byline.name)
    return str(Markup("{} ({})").format(name, byline.role) if byline.role else name)


def opens_a_paragraph(html: str) -> bool:
    """Whether a dateline may stand at the head of this text."""
    return html.startswith("<p>")


def after_dateline(html: str, dateline: str) -> Markup:
    """The text with the dateline at the head of its first paragraph, as papers print it: "HARSK — …"."""
    rest = Markup(html.removeprefix("<p>"))  # noqa: S704 - a field named _html holds clean HTML
    return Markup("<p><b class=place>{}</b> — {}").format(dateline, rest)
