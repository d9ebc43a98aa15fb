"""How a page says who says so: marked words, chains of sources as sentences, statuses, values.

The rules:
 * Marked words are a link to the claim's place in the list, and the list leads back; neither needs a script.
 * A claim that no longer stands says so beside its words, in words.
 * Names stand in the form they have in lists: a sentence of ours never asks a language to bend a name.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import lru_cache
from html import escape as escape_html

from markupsafe import Markup, escape

from stet.theme import formats
from stet.theme.copy import ClaimNote, ClaimRange, ClaimSource, ClaimValue
from stet.theme.words import load_words

SHORT_DIGEST = 12
"""Hexadecimal digits of a file's digest that a page shows."""


# --- At the words ---


def anchor(number: int, occurrence: int) -> str:
    """The anchor of marked words: a claim's number, and which time it is marked.

    >>> anchor(3, 1), anchor(3, 2)
    ('c3', 'c3-2')
    """
    return f"c{number}" if occurrence == 1 else f"c{number}-{occurrence}"


def marked(words: str, *, number: int, occurrence: int = 1, status: str = "", language: str = "en") -> str:
    """Words of a text, in clean HTML, as the words that a claim is marked on; `status` where it no longer stands.

    >>> marked("600 people", number=3)
    '<a class="claim" id="c3" href="#s3">600 people</a>'
    >>> marked("600", number=3, occurrence=2, status="withdrawn")
    '<a class="claim" id="c3-2" href="#s3">600</a> <small class="fate">(withdrawn)</small>'
    """
    link = f'<a class="claim" id="{anchor(number, occurrence)}" href="#s{number}">{words}</a>'
    if not status:
        return link
    return f'{link} <small class="fate">({escape_html(status_word(status, language=language))})</small>'


# --- Words of ours ---


def _speaker(language: str) -> Callable[[str, str], str]:
    words = load_words(language)
    return lambda context, message: str(words.pgettext(context, message))


@lru_cache(maxsize=64)
def _statuses(language: str) -> dict[str, str]:
    pgettext = _speaker(language)
    return {
        "reported": pgettext("of a claim", "reported"),
        "purported": pgettext("of a claim", "purported"),
        "corroborated": pgettext("of a claim", "corroborated"),
        "officially_confirmed": pgettext("of a claim", "officially confirmed"),
        "disputed": pgettext("of a claim", "disputed"),
        "denied": pgettext("of a claim", "denied by a party"),
        "corrected": pgettext("of a claim", "corrected"),
        "withdrawn": pgettext("of a claim", "withdrawn"),
        "superseded": pgettext("of a claim", "superseded"),
    }


def status_word(status: str, *, language: str) -> str:
    """A claim's status in a word or two."""
    return _statuses(language).get(status, status)


@lru_cache(maxsize=64)
def _verbs(language: str) -> dict[str, str]:
    """What is said of a source beside its name; plain saying and citing need no word."""
    pgettext = _speaker(language)
    return {
        "published": pgettext("how a source handed it on", "published"),
        "signed": pgettext("how a source handed it on", "signed"),
        "leaked": pgettext("how a source handed it on", "leaked"),
        "confirmed": pgettext("how a source handed it on", "confirms"),
        "denied": pgettext("how a source handed it on", "denies"),
        "predicted": pgettext("how a source handed it on", "predicts"),
        "declined": pgettext("how a source handed it on", "declines to comment"),
    }


@lru_cache(maxsize=64)
def _relations(language: str) -> dict[str, str]:
    pgettext = _speaker(language)
    return {
        "contradicts": pgettext("what another claim does", "Against it:"),
        "narrows": pgettext("what another claim does", "More narrowly:"),
        "updates": pgettext("what another claim does", "Newer:"),
        "answers": pgettext("what another claim does", "In answer:"),
    }


def relation_word(relation: str, *, language: str) -> str:
    """What stands before another claim."""
    return _relations(language).get(relation, relation)


@lru_cache(maxsize=64)
def _verdicts(language: str) -> dict[str, str]:
    pgettext = _speaker(language)
    return {
        "accurate": pgettext("our verdict", "accurate"),
        "partly": pgettext("our verdict", "partly accurate"),
        "misleading": pgettext("our verdict", "misleading"),
        "false": pgettext("our verdict", "false"),
        "unproven": pgettext("our verdict", "unproven"),
    }


def verdict_word(verdict: str, *, language: str) -> str:
    """The paper's own finding in a word or two."""
    return _verdicts(language).get(verdict, verdict)


@lru_cache(maxsize=64)
def _kinds(language: str) -> dict[str, str]:
    pgettext = _speaker(language)
    return {
        "person": pgettext("kind of source", "Person"),
        "body": pgettext("kind of source", "Institution"),
        "outlet": pgettext("kind of source", "News outlet"),
        "document": pgettext("kind of source", "Document"),
        "dataset": pgettext("kind of source", "Dataset"),
        "own_reporting": pgettext("kind of source", "Our own reporting"),
    }


def kind_word(kind: str, *, language: str) -> str:
    """What sort of source it is."""
    return _kinds(language).get(kind, "")


def known_headings(*, language: str) -> tuple[str, str]:
    """What stands over the two lists of a `known` block."""
    _ = load_words(language).gettext
    return _("What we know"), _("What we don't know")


# --- Chains ---


@lru_cache(maxsize=10_000)
def chain(links: tuple[ClaimSource, ...], *, language: str, linked: bool = True) -> Markup:
    """A chain as a sentence: "Anna Lind, lawmaker, citing the Border Agency"; names are links where they have pages."""
    _ = load_words(language).gettext
    told = ""
    for link in links:
        one = _source(link, language, linked=linked)
        told = Markup(_("%(source)s, citing %(other)s")) % {"source": told, "other": one} if told else one  # noqa: S704 - a message is the theme's own, values are escaped
    return Markup(told)  # noqa: S704 - made of escaped parts


def chain_text(links: tuple[ClaimSource, ...], *, language: str) -> str:
    """The same as plain text."""
    return chain(links, language=language, linked=False).striptags()


def _source(link: ClaimSource, language: str, *, linked: bool) -> Markup:
    _ = load_words(language).gettext
    name = Markup('<a href="{}">{}</a>').format(link.path, link.name) if linked and link.path else escape(link.name)
    for more in filter(None, (link.role, link.interest)):
        name = Markup(_("%(name)s, %(role)s")) % {"name": name, "role": more}  # noqa: S704 - see above
    if verb := _verbs(language).get(link.verb):
        name = Markup("{} ({})").format(name, verb)
    if link.addressee == "us":
        name = Markup(_("%(source)s, to us")) % {"source": name}  # noqa: S704 - see above
    return name


def said_on(note: ClaimNote) -> object:
    """The day that a claim was made: when its first source said so, else the day it speaks of, else its recording."""
    return (note.chain[0].said_on if note.chain else None) or note.as_of or note.made


# --- Values ---


@lru_cache(maxsize=20_000)
def figure(value: Decimal, *, language: str) -> str:
    """A number without needless zeros.

    >>> figure(Decimal("1600.0000"), language="en"), figure(Decimal("2.5000"), language="en")
    ('1,600', '2.5')
    """
    return formats.number(float(value) if value % 1 else int(value), language=language)


def span(low: Decimal, high: Decimal, *, language: str) -> str:
    """From the lowest to the highest number."""
    if low == high:
        return figure(low, language=language)
    return f"{figure(low, language=language)}–{figure(high, language=language)}"


@lru_cache(maxsize=10_000)
def value_words(value: ClaimValue | None, *, language: str) -> str:
    """What a claim says is so, in a few words: "600 people (500–700)"."""
    if value is None:
        return ""
    _ = load_words(language).gettext
    known = [number for number in (value.low, value.best, value.high) if number is not None]
    if known:
        spans = span(min(known), max(known), language=language)
        best = figure(value.best, language=language) if value.best is not None else spans
        words = f"{best} {value.unit}".strip()
        return words if best == spans else f"{words} ({spans})"
    if value.day:
        return formats.day(value.day, language=language)
    if value.yes is not None:
        return _("yes") if value.yes else _("no")
    return value.text


def range_words(found: ClaimRange, *, language: str) -> str:
    """A range: "300–650 people"."""
    return f"{span(found.low, found.high, language=language)} {found.unit}".strip()


def changed(notes: Iterable[ClaimNote]) -> int:
    """How many claims changed after their article was printed."""
    return sum(note.has_changed for note in notes)


FILTERS: dict[str, Callable[..., object]] = {
    "chain": chain,
    "chain_text": chain_text,
    "kind_word": kind_word,
    "range_words": range_words,
    "relation_word": relation_word,
    "status_word": status_word,
    "value_words": value_words,
    "verdict_word": verdict_word,
}
"""Filters for templates; each also gets the page's language."""
