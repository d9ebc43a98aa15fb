"""The style sheet of each sheet: only the parts that its copy needs, small enough to stand in the page.

The rules:
 * A page carries the look, the base part, the part of its template, and a part for each kind of block that it holds.
 * A newsroom's own `style.css` comes last on every page, so it has the last word.
 * Nothing in a style sheet may ask anybody for anything: `@import` and addresses are refused.
"""

import re
from pathlib import Path

from stet.theme.copy import Article, Front, LetterPage, ListPage, Page, ReachPage, StaticPage, Topic
from stet.theme.errors import BadThemeError
from stet.theme.look import Look, is_arabic_script

FOLDER = Path(__file__).with_name("styles")
OWN_FILE = "style.css"

_OF_TEMPLATE = {
    "article.html": ("article", "text"),
    "page.html": ("page", "text"),
    "front.html": ("teasers", "front"),
    "listing.html": ("head", "turning", "teasers", "listing"),
    "archive_page.html": ("head", "turning", "teasers", "listing"),
    "topic.html": ("head", "turning", "teasers", "listing", "text", "topic"),
    "person.html": ("head", "turning", "teasers", "listing", "person"),
    "month.html": ("head", "turning", "teasers", "listing", "month"),
    "archive.html": ("head", "archive"),
    "search.html": ("head", "archive", "join", "search"),
    "corrections.html": ("head", "turning", "text", "corrections"),
    "not_found.html": ("head",),
    "offline.html": ("head", "text", "offline"),
    "tombstone.html": ("head",),
    "redirect.html": ("head",),
    "list.html": ("head", "turning", "list"),
    "lists.html": ("head", "list"),
    "letter.html": ("article", "text", "note", "letter"),
    "question.html": ("head", "turning", "text", "table", "question"),
    "questions.html": ("head", "turning", "source"),
    "source.html": ("head", "turning", "text", "source"),
    "answer.html": ("answer",),
    "live.html": ("head", "turning", "text", "live"),
    "live_news.html": ("text", "live"),
    "reach.html": ("head", "text", "reach"),
    "support.html": ("head", "text", "support"),
    "support_notice.html": ("head", "text"),
}
_WITHOUT_FORM = frozenset({"answer.html", "live_news.html", "redirect.html", "support.html"})
_OF_BLOCK = {
    "photo": "photo",
    "gallery": "gallery",
    "pull_quote": "quotes",
    "quotation": "quotes",
    "table": "table",
    "fact_box": "boxes",
    "note": "note",
    "document": "boxes",
    "audio": "boxes",
    "embed": "boxes",
    "timeline": "timeline",
    "known": "known",
}
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_SPACE = re.compile(r"\s+")
_TIGHT = re.compile(r"\s*([{};,>])\s*")
_REACHES_OUT = re.compile(r"@import|</|url\(\s*['\"]?(?!data:|#)", re.I)


class Styles:
    """The parts of the style sheet, read once, and the sheets put together from them."""

    def __init__(self, look: Look, own: str = "") -> None:
        self._look = look
        self._parts = {path.stem: shrunk(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.css"))}
        self._own = shrunk(own)
        self._made: dict[tuple[str, tuple[str, ...]], str] = {}

    def of(self, page: Page) -> str:
        """The style sheet for one page."""
        key = (page.site.language.code, needed(page))
        if key not in self._made:
            self._made[key] = self._make(*key)
        return self._made[key]

    def alone(self, language: str, *parts: str) -> str:
        """The look with these parts and nothing else, for what is no page of the site."""
        return self._look.css(language, "".join(self._parts[part] for part in parts))

    def plain(self, part: str) -> str:
        """One part without the look, for what has no screen."""
        return self._parts[part]

    def _make(self, language: str, parts: tuple[str, ...]) -> str:
        script = ("arabic",) if is_arabic_script(language) else ()
        rules = "".join(self._parts[part] for part in (*parts, *script, "print")) + self._own
        return self._look.css(language, rules)


def needed(page: Page) -> tuple[str, ...]:
    """The parts a page needs, in the order of the sheet."""
    parts = ["base", *(("join",) if _has_form(page) else ()), *_OF_TEMPLATE.get(page.TEMPLATE, ())]
    if isinstance(page, Article | Front) and page.asking is not None:
        parts.append("appeal")
    if isinstance(page, Article):
        parts += [part for part, is_needed in _of_article(page) if is_needed]
    kinds = {block_kind(block) for block in page.body} if isinstance(page, Article | StaticPage | ReachPage) else set()
    if isinstance(page, Topic) and page.timeline:
        kinds.add("timeline")
    return (*parts, *sorted({_OF_BLOCK[kind] for kind in kinds if kind in _OF_BLOCK} - set(parts)))


def _has_form(page: Page) -> bool:
    """Whether a list can be joined on the page: on its own, or in the foot."""
    own = page.sign_up if isinstance(page, ListPage | LetterPage) else None
    return (own or page.site.sign_up) is not None and page.TEMPLATE not in _WITHOUT_FORM


def _of_article(page: Article) -> tuple[tuple[str, bool], ...]:
    return (
        ("opinion", page.kind == "opinion"),
        ("turning", bool(page.parts or page.live)),
        ("live", page.live is not None),
        ("note", bool(page.corrections or page.updates) or page.is_behind_original),
        ("claims", bool(page.claims)),
    )


def block_kind(block: object) -> str:
    """The name of a body block's kind, which is the name of its macro."""
    return str(type(block).__struct_config__.tag)  # type: ignore[attr-defined]


def read_own(text: str) -> str:
    """A newsroom's own style sheet. Raises BadThemeError where it reaches out of the page."""
    for n, line in enumerate(text.splitlines(), start=1):
        if _REACHES_OUT.search(line):
            raise BadThemeError(
                f"{OWN_FILE}, line {n}: a style sheet here can't load anything or close its element; "
                "take out the @import, the address or the tag."
            )
    return text


def shrunk(css: str) -> str:
    """The style sheet without comments and needless space.

    >>> shrunk("a { color : red ; } /* x */")
    'a{color :red}'
    """
    tight = _TIGHT.sub(r"\1", _SPACE.sub(" ", _COMMENT.sub("", css)))
    return tight.replace(";}", "}").replace(": ", ":").strip()
