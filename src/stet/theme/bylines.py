"""How bylines and datelines stand on a page."""

from collections.abc import Sequence
from functools import lru_cache

from markupsafe import Markup, escape

from stet.theme.copy import Byline
from stet.theme.formats import in_a_row


def authors(bylines: Sequence[Byline]) -> tuple[Byline, ...]:
    """Those who wrote: a name or a pen name, without a role."""
    return tuple(b for b in bylines if not b.role and b.kind != "withheld")


def others(bylines: Sequence[Byline]) -> tuple[Byline, ...]:
    """Those who took another part, and bylines that are withheld."""
    return tuple(b for b in bylines if b.role or b.kind == "withheld")


@lru_cache(maxsize=20_000)
def in_text(bylines: tuple[Byline, ...], *, language: str, linked: bool = False) -> Markup:
    """Names in a row, each with its role where it has one, each a link to the person's page where asked."""
    return Markup(in_a_row([_one(b, linked=linked) for b in bylines], language=language))


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
    return Markup("<p><b class=place>{}</b> — {}").format(dateline, Markup(html.removeprefix("<p>")))
