"""Sets copy into pages: a theme is templates, styles and words, loaded once, and then a function from copy to bytes.

The rules:
 * A page is a function of its copy and the theme's digest, nothing else: no clock, no machine, no order of pages.
 * A newsroom's folder may hold single templates under the same names, `theme.toml` and `style.css`.
 * Everything is escaped, and a name that copy doesn't have is an error, never an empty place.
 * What is wrong in a newsroom's folder is said in one sentence with file and line, on loading where possible.

Where a page goes, and when it is set again, is the press's business.
"""

import base64
import hashlib
import traceback
from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import babel
import jinja2
from babel.support import NullTranslations
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, TemplateSyntaxError
from jinja2.runtime import Context, Macro
from markupsafe import Markup

from stet.theme import bylines, formats, pictures
from stet.theme.claim_script import SCRIPT
from stet.theme.claims import FILTERS as CLAIM_FILTERS
from stet.theme.claims import known_headings
from stet.theme.copy import AppCopy, LetterMail, Page, Site
from stet.theme.errors import BadThemeError
from stet.theme.jsonld import json_ld
from stet.theme.live_script import SCRIPT as LIVE_SCRIPT
from stet.theme.look import FILE as LOOK_FILE
from stet.theme.look import Look, is_arabic_script, parse_look
from stet.theme.mail import FILTERS as MAIL_FILTERS
from stet.theme.mail import TEXT_TEMPLATE, Mail, set_mail
from stet.theme.plot import plot
from stet.theme.qr import qr_code
from stet.theme.search_script import search_script
from stet.theme.styles import OWN_FILE, Styles, block_kind, read_own
from stet.theme.words import load_words
from stet.theme.worker import REGISTER, app_manifest, lettermark

_HERE = Path(__file__).parent
TEMPLATES = _HERE / "templates"
ICON_FILE = "icon.png"
MOST_KEPT = 20_000
"""Teasers kept for each language; one takes about 2 KB with what it was made of."""


class Theme:
    """One loaded theme. It may be used by several threads and keeps nothing of the pages it set."""

    def __init__(self, *, look: Look, own_style: str, own_templates: Path | None, digest: str) -> None:
        self.digest = digest
        """Names this state of the theme: what was set under another digest has to be set again."""
        self._look = look
        self._own_templates = own_templates
        self._styles = Styles(look, own_style)
        self._environments: dict[str, Environment] = {}

    def set_page(self, page: Page) -> bytes:
        """Set one page: UTF-8 HTML. Raises BadThemeError where a newsroom's own template fails on it."""
        environment = self._environment(page.site.language.code)
        try:
            template = environment.get_template(page.TEMPLATE)
            return template.render(page=page, site=page.site, style=self._styles.of(page)).encode()
        except Exception as error:
            explained = self._explained(error)
            if explained is None:
                raise
            raise explained from error

    def set_mail(self, letter: LetterMail) -> Mail:
        """Set one letter as mail. Raises BadThemeError where a newsroom's own template fails on it."""
        try:
            return set_mail(letter, self._environment(letter.site.language.code), self._look)
        except Exception as error:
            explained = self._explained(error)
            if explained is None:
                raise
            raise explained from error

    def set_pack(self, kind: str, language: str, **values: Any) -> str:
        """Set a piece of an offline edition: its kind is "page", "chapter" or "book".

        Raises BadThemeError where a newsroom's own template fails on it.
        """
        base = ("base", *(("arabic",) if is_arabic_script(language) else ()), "pack")
        style = self._styles.plain("pack_paper") if kind == "book" else self._styles.alone(language, *base)
        try:
            template = self._environment(language).get_template(f"pack_{kind}.html")
            return template.render(style=style, **values)
        except Exception as error:
            explained = self._explained(error)
            if explained is None:
                raise
            raise explained from error

    @property
    def icon(self) -> Path | None:
        """The newsroom's own mark, a square PNG; None where it has none."""
        own = self._own_templates / ICON_FILE if self._own_templates else None
        return own if own and own.is_file() else None

    def app_manifest(self, app: AppCopy) -> bytes:
        """The web app manifest of one language."""
        return app_manifest(app, self._look)

    def lettermark(self, name: str, language: str) -> bytes:
        """A mark for a newsroom that has none of its own, as SVG."""
        return lettermark(name, language, self._look)

    def prepare(self, languages: Iterable[str]) -> None:
        """Compile every template for these languages now: files that change later change nothing before a restart."""
        for language in languages:
            environment = self._environment(language)
            for name in environment.list_templates(extensions=("html", "mjml", "txt")):
                environment.get_template(name)

    def check(self) -> None:
        """Compile the newsroom's own templates. Raises BadThemeError for the first that can't be."""
        for path in sorted(_templates_in(self._own_templates)) if self._own_templates else ():
            try:
                self._environment("en").get_template(path.name)
            except jinja2.TemplateError as error:
                raise self._explained(error) or error from None

    def _environment(self, language: str) -> Environment:
        if language not in self._environments:
            self._environments[language] = _make_environment(language, self._look, self._own_templates)
        return self._environments[language]

    def _explained(self, error: Exception) -> BadThemeError | None:
        """What a newsroom's own template did wrong; None where the fault isn't there."""
        place = _place_of(error, self._own_templates)
        if place is None:
            return None
        words = " ".join(str(error).split())
        return BadThemeError(f"The template {place[0]}, line {place[1]}, can't be set: {words}. Mend it there.")


def load_theme(overrides: Path | None = None) -> Theme:
    """Load the theme, with a newsroom's own folder over it. Raises BadThemeError where that folder is wrong."""
    own = overrides if overrides and overrides.is_dir() else None
    theme = Theme(
        look=parse_look(_own_text(own, LOOK_FILE)),
        own_style=read_own(_own_text(own, OWN_FILE)),
        own_templates=own,
        digest=_digest(own),
    )
    theme.check()
    return theme


def _templates_in(folder: Path) -> Iterable[Path]:
    """The templates of a folder: those of pages and the two of mails."""
    return (path for path in folder.iterdir() if path.suffix in (".html", ".mjml") or path.name == TEXT_TEMPLATE)


def _own_text(folder: Path | None, name: str) -> str:
    path = folder / name if folder else None
    if path is None or not path.is_file():
        return ""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise BadThemeError(f"{name} is not UTF-8 text (byte {error.start}). Save it as UTF-8.") from None


def _digest(own: Path | None) -> str:
    """A digest over everything that a page depends on besides its copy."""
    made_by = (jinja2.__version__, babel.__version__, version("mrml"), version("css-inline"))
    total = hashlib.sha256("\0".join(("stet theme", *made_by)).encode())
    for folder in filter(None, (_HERE, own)):
        for path in _files(folder):
            body = path.read_bytes()
            total.update(f"\0{path.relative_to(folder).as_posix()}\0{len(body)}\0".encode() + body)
    return total.hexdigest()


def _files(folder: Path) -> Iterable[Path]:
    wanted = {".html", ".mjml", ".txt", ".css", ".po", ".py", ".toml", ".js", ".png"}
    return sorted(p for p in folder.rglob("*") if p.suffix in wanted and "__pycache__" not in p.parts)


class _Context(Context):
    """Calls a macro without asking it first whether it wants the context: no macro does, and a page calls dozens."""

    def call(self, called: Any, *args: Any, **options: Any) -> Any:
        if type(called) is not Macro:
            return super().call(called, *args, **options)
        options.pop("_loop_vars", None)
        options.pop("_block_vars", None)
        return called(self.eval_ctx, *args, **options)


class _Environment(Environment):
    """Keeps its templates by name: each page asks for the same four."""

    context_class = _Context

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._by_name: dict[str, Template] = {}

    def get_template(self, name: Any, *rest: Any, **options: Any) -> Template:
        """A template by its name; in this theme a name never depends on who asks."""
        template = self._by_name.get(name)
        if template is None:
            template = super().get_template(name, *rest, **options)
            template.globals = dict(template.globals)  # It never changes here, and is copied for every page.
            self._by_name[name] = template
        return template


def _make_environment(language: str, look: Look, own: Path | None) -> Environment:
    folders = [str(own), str(TEMPLATES)] if own else [str(TEMPLATES)]
    environment = _Environment(
        loader=FileSystemLoader(folders),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        cache_size=-1,
        extensions=["jinja2.ext.i18n", "jinja2.ext.loopcontrols"],
    )
    environment.newstyle_gettext = True  # type: ignore[attr-defined]
    environment.globals.update(_gettext(load_words(language)))
    environment.filters.update(_filters(language))
    environment.globals.update(
        json_ld=json_ld,
        srcset=pictures.srcset,
        fallback=pictures.fallback,
        largest=pictures.largest,
        thumbs=pictures.thumbs,
        masthead_name=look["masthead.name"],
        furniture=_furniture(environment),
        kept=_kept(),
        section_paths=section_paths,
        claim_script=SCRIPT,
        live_script=LIVE_SCRIPT,
        register_script=REGISTER,
        search_script=partial(search_script, language),
        comma="،" if is_arabic_script(language) else ",",
        semicolon="؛" if is_arabic_script(language) else ";",
        plot=partial(plot, language=language),
        qr_code=qr_code,
        known_headings=known_headings(language=language),
        month_heading=partial(formats.month_heading, language=language),
    )
    return environment


def _gettext(words: NullTranslations) -> dict[str, Callable[..., Markup]]:
    """A language's words for templates, as Jinja's own new style has them, each message looked up once.

    A message is a format: what it names is given beside it and escaped, and a percent sign is written "%%".
    """

    @lru_cache(maxsize=2_000)
    def said(message: str) -> Markup:
        return Markup(words.gettext(message))  # noqa: S704 - messages are the theme's own

    def gettext(message: str, **values: Any) -> Markup:
        return said(message) % values

    def ngettext(singular: str, plural: str, num: int, **values: Any) -> Markup:
        message = Markup(words.ngettext(singular, plural, num))  # noqa: S704 - messages are the theme's own
        return message % {"num": num, **values}

    return {"_": gettext, "gettext": gettext, "ngettext": ngettext}


def _furniture(environment: Environment) -> Callable[..., Markup]:
    """How a template gets a piece that many pages share: set once for each site, then kept."""

    @lru_cache(maxsize=2_000)
    def furniture(template: str, site: Site, here: str = "", *, is_here: bool = False) -> Markup:
        made = environment.get_template(template).render(site=site, here=here, is_here=is_here)
        return Markup(made)  # noqa: S704 - the template has escaped it

    return furniture


def _kept() -> Callable[..., str]:
    """How a template gets a teaser that stands on many pages: what the macro makes of the same values is kept."""

    @lru_cache(maxsize=MOST_KEPT)
    def kept(macro: Macro, *values: Any, **options: Any) -> str:
        return macro(*values, **options)

    return kept


def _filters(language: str) -> dict[str, Any]:
    spoken = (
        "day", "short_day", "month", "clock", "time_of_day", "short_time", "number", "size", "duration", "digits",
        "named_month", "money", "currency_name", "territory",
    )  # fmt: skip
    filters: dict[str, Any] = {name: partial(getattr(formats, name), language=language) for name in spoken}
    filters["local_day"] = formats.local_day
    filters["offset"] = formats.offset
    filters["is_figure"] = formats.is_figure
    filters["has_fractions"] = formats.has_fractions
    filters["iso"] = formats.iso
    filters["og_locale"] = formats.open_graph_locale
    filters["block_kind"] = block_kind
    filters["after_dateline"] = bylines.after_dateline
    filters["names"] = partial(bylines.names, language=language)
    filters["default_path"] = default_path
    filters["digest"] = digest
    filters["file_type"] = formats.file_type
    filters["opens_a_paragraph"] = bylines.opens_a_paragraph
    filters["bare_address"] = formats.bare_address
    filters |= {name: partial(function, language=language) for name, function in CLAIM_FILTERS.items()}
    return filters | MAIL_FILTERS


@lru_cache(maxsize=100)
def section_paths(site: Site) -> frozenset[str]:
    """Where the sections in the bar stand."""
    return frozenset(link.path for link in site.sections)


@lru_cache(maxsize=1_000)
def digest(text: str) -> str:
    """The SHA-256 of a style sheet as a page's policy names it, in base64.

    >>> digest("p{margin:0}")
    'QRQPRLGyxt3RJiKpYNjpkgHcmHU2PywsfL2e8oI0LQA='
    """
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def default_path(page: Page) -> str:
    """Where readers of no language of ours are sent: the page in the first of the paper's languages that has it."""
    paths = dict(page.alternates)
    return next((paths[other.code] for other in page.site.languages if other.code in paths), page.path)


def _place_of(error: Exception, own: Path | None) -> tuple[str, int] | None:
    """The last place in a newsroom's own templates that an error came through: file name and line."""
    if own is None:
        return None
    if isinstance(error, TemplateSyntaxError):
        is_own = error.filename is not None and Path(error.filename).is_relative_to(own)
        return (error.name or "", error.lineno) if is_own else None
    frames = [f for f in traceback.extract_tb(error.__traceback__) if Path(f.filename).is_relative_to(own)]
    return (Path(frames[-1].filename).name, frames[-1].lineno or 1) if frames else None
