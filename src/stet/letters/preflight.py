"""What is looked at before a letter goes out. Pure: a letter as frozen values in, findings out.

The rules:
 * A finding is one sentence, and says where it is mended.
 * What blocks, stops a letter from being published or scheduled: readers would get something broken. What an editor may
   well have meant is a warning and stops nothing.
 * A letter that went out can't be called back. Of one whose hour has passed after it was published, nothing blocks: a
   mend of its web page must stay possible.
 * No address outside of the paper is asked for anything: who would be asked would know of the letter. Such a link is
   only read.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

CLIPPED_BYTES = 102 * 1024
"""Gmail shows no more of a mail's HTML than this, and hides the rest, with the link to unsubscribe, behind another."""
LONGEST_SUBJECT = 78
"""Characters: RFC 5322, 2.1.1, for a line that every program shows whole."""
LONGEST_PREHEADER = 140
"""Characters; no common mail program shows more of it."""
TOO_CLOSE = timedelta(hours=1)
LEAST_CONTRAST = 4.5
"""WCAG 2.2, success criterion 1.4.3, for text of ordinary size."""
BODY = "#panel-child-content-body-section"
"""Where the blocks stand in the letter's form: Wagtail's own name for the panel."""
SHOWN = 60
"""Characters of somebody's words inside a finding."""

LEFT_IN = re.compile(
    r"(?:TK){2,}|(?:ТК){2,}|lorem\s+ipsum|лорем\s+ипсум|لورم\s+ایپسوم"
    r"|\[\s*(?:TK|TODO|FIXME|XXX|ТК|ХХХ|дописать|уточнить|проверить|вставить)\b[^\]]{0,80}"
    r"|\[\s*(?:تکمیل شود|بررسی شود|اضافه شود)\b[^\]]{0,80}",
    re.IGNORECASE,
)
"""What nobody writes who means it: in English, Russian and Persian."""
MAYBE_LEFT_IN = re.compile(r"\bTK\b|\bTODO\b|\bFIXME\b|\bX{3,}\b|\bХ{3,}\b|\?{3,}|؟{3,}|_{4,}")
"""What is mostly left in by mistake, and now and then meant. In capitals only."""


class Level(Enum):
    """What a finding does."""

    BLOCKING = "blocking"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing to mend or to think about."""

    level: Level
    sentence: str
    anchor: str
    """Where it is mended: the fragment of the field in the letter's form, such as "#id_title"."""
    url: str = ""
    """Where it is mended instead, if not in this form: the desk's address of a photo."""

    @property
    def is_blocking(self) -> bool:
        """Whether the letter can't be published with it."""
        return self.level is Level.BLOCKING


class StoryState(Enum):
    """How a picked story stands."""

    PUBLISHED = "published"
    SCHEDULED = "scheduled"
    UNPUBLISHED = "unpublished"
    DELETED = "deleted"


class LinkState(Enum):
    """Where a link leads."""

    KNOWN = "known"
    ELSEWHERE = "elsewhere"
    """To another site; nobody asks it."""
    UNPUBLISHED = "unpublished"
    UNKNOWN = "unknown"
    """To an address of the paper's own that its edition does not know."""
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Words of the letter, as readers get them."""

    anchor: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of the letter."""

    anchor: str
    words: str
    state: LinkState


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A picked story."""

    anchor: str
    headline: str
    state: StoryState
    goes_live: datetime | None = None
    photo_lacks_words: bool = False
    """Whether it comes with a photo that has no alternative text."""
    photo_is_kept_out: bool = False
    """Whether it comes with a photo that may not stand in letters."""
    photo_until: date | None = None
    """The last day on which that photo may be shown."""
    photo_url: str = ""
    """The desk's address of that photo."""
    is_repeated: bool = False
    """Whether it stands in the letter already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A chosen appeal."""

    anchor: str
    name: str = ""
    """Empty where it was deleted."""
    is_published: bool = True
    is_in_language: bool = True
    """Whether it speaks the letter's language."""
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """Another letter of the list that is sent."""

    subject: str
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    """Two colours of a mail, one upon the other."""

    name: str
    contrast: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A letter as its editor has it now."""

    subject: str
    given_subject: str = ""
    """What the subject was when the letter was made for the editor."""
    preheader: str
    passages: tuple[Passage, ...] = ()
    links: tuple[Link, ...] = ()
    stories: tuple[Story, ...] = ()
    appeals: tuple[Chosen, ...] = ()
    has_body: bool = True
    is_sent: bool = True
    is_published: bool = False
    due: datetime | None
    """The moment at which the list's own time zone sends it, aware; None while no day is set."""
    zone: str = "UTC"
    """The list's own time zone, an IANA name."""
    first_due: datetime | None = None
    """The moment at which the first reader's clock says so; None: as `due`."""
    goes_live: datetime | None = None
    """When it is scheduled to be printed."""
    expires: datetime | None = None
    """When it is scheduled to be taken down."""
    list_url: str = ""
    """Where its list is published at the desk, while it is not."""
    neighbours: tuple[Neighbour, ...] = ()
    mail_bytes: int | None = None
    """The size of the mail's HTML; None where it was not set."""
    mail_error: str = ""
    """Why it could not be set."""
    colours: tuple[Colours, ...] = ()

    def is_over(self, now: datetime) -> bool:
        """Whether it went out: nothing can be held back any more."""
        return self.is_published and (not self.is_sent or (self.due is not None and self.due <= now))


Check = Callable[[Draft, datetime], Iterator[Finding]]


def preflight(draft: Draft, *, now: datetime) -> tuple[Finding, ...]:
    """Everything there is to say, what blocks first."""
    findings = [finding for check in CHECKS for finding in check(draft, now)]
    if draft.is_over(now):
        findings = [_warning(finding.sentence, finding.anchor, url=finding.url) for finding in findings]
    return tuple(sorted(findings, key=lambda finding: not finding.is_blocking))


def blocking(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Those with which a letter can't be published."""
    return tuple(finding for finding in findings if finding.is_blocking)


def on_the_wall(moment: datetime, zone: str) -> str:
    """Day and hour of a moment by the clock of a time zone, as an editor reads them."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{date_format(local, 'DATE_FORMAT')}, {local:%H:%M}"


# --- The checks ---


def _subject(draft: Draft, _now: datetime) -> Iterator[Finding]:
    if not draft.subject.strip():
        yield _blocking(_("The subject is missing."), "#id_title")
    elif draft.subject == draft.given_subject:
        yield _warning(_("The subject says only which list this is and when. Say what is in the letter."), "#id_title")
    elif len(draft.subject) > LONGEST_SUBJECT:
        sentence = _("The subject has %(count)d characters; mail programs show no more than %(most)d, phones about 40.")
        yield _warning(sentence % {"count": len(draft.subject), "most": LONGEST_SUBJECT}, "#id_title")


def _preheader(draft: Draft, _now: datetime) -> Iterator[Finding]:
    if not draft.preheader.strip():
        yield _warning(
            _("The preheader is missing. Mail programs show the first words of the letter instead."), "#id_preheader"
        )
    elif len(draft.preheader) > LONGEST_PREHEADER:
        sentence = _("The preheader has %(count)d characters; no mail program shows more than %(most)d.")
        yield _warning(sentence % {"count": len(draft.preheader), "most": LONGEST_PREHEADER}, "#id_preheader")


def _content(draft: Draft, _now: datetime) -> Iterator[Finding]:
    if not draft.has_body:
        yield _blocking(_("There is nothing in this letter yet. Gather stories, or write something."), BODY)


def _left_in(draft: Draft, _now: datetime) -> Iterator[Finding]:
    for passage in (
        Passage(anchor="#id_title", words=draft.subject),
        Passage(anchor="#id_preheader", words=draft.preheader),
        *draft.passages,
    ):
        if found := LEFT_IN.search(passage.words):
            sentence = _("Something was left to be filled in: “%(words)s”.")
            yield _blocking(sentence % {"words": _around(passage.words, found)}, passage.anchor)
        elif found := MAYBE_LEFT_IN.search(passage.words):
            sentence = _("Was this left to be filled in? “%(words)s”")
            yield _warning(sentence % {"words": _around(passage.words, found)}, passage.anchor)


def _links(draft: Draft, _now: datetime) -> Iterator[Finding]:
    for link in draft.links:
        words = {"words": _short(link.words)}
        match link.state:
            case LinkState.UNPUBLISHED:
                sentence = _("The link “%(words)s” leads to a page that is not published.")
            case LinkState.UNKNOWN:
                sentence = _("The link “%(words)s” leads to an address of this paper where nothing stands.")
            case LinkState.MALFORMED:
                sentence = _("The link “%(words)s” has an address that no mail program can follow.")
            case _:
                continue
        yield _blocking(sentence % words, link.anchor)


def _stories(draft: Draft, _now: datetime) -> Iterator[Finding]:
    first = draft.first_due or draft.due
    for story in draft.stories:
        words = {"headline": _short(story.headline)}
        match story.state:
            case StoryState.DELETED:
                yield _blocking(_("A picked story was deleted. Take it out, or choose another one."), story.anchor)
            case StoryState.UNPUBLISHED:
                yield _blocking(_("The story “%(headline)s” is not published.") % words, story.anchor)
            case StoryState.SCHEDULED if story.goes_live and first and story.goes_live < first:
                sentence = _(
                    "The story “%(headline)s” is published shortly before the letter is sent. Until then the letter is "
                    "printed without it."
                )
                yield _warning(sentence % words, story.anchor)
            case StoryState.SCHEDULED:
                sentence = _("The story “%(headline)s” is published only after the letter is sent.")
                yield _blocking(sentence % words, story.anchor)
        if story.is_repeated:
            yield _warning(_("The story “%(headline)s” stands in the letter twice.") % words, story.anchor)


def _appeals(draft: Draft, now: datetime) -> Iterator[Finding]:
    day = (draft.due or now).astimezone(ZoneInfo(draft.zone)).date()
    for chosen in draft.appeals:
        words = {"name": _short(chosen.name)}
        if not chosen.name:
            yield _blocking(_("The chosen appeal was deleted. Choose another one, or write your own."), chosen.anchor)
            continue
        if not chosen.is_published:
            sentence = _("The appeal “%(name)s” is not published: the letter is printed without it.")
            yield _blocking(sentence % words, chosen.anchor)
        if not chosen.is_in_language:
            yield _blocking(_("The appeal “%(name)s” is in another language than the letter.") % words, chosen.anchor)
        if chosen.last_day and chosen.last_day < day:
            sentence = _("The appeal “%(name)s” is over before the letter is sent: its last day is %(day)s.")
            last = date_format(chosen.last_day, "DATE_FORMAT")
            yield _blocking(sentence % {**words, "day": last}, chosen.anchor)
        if chosen.first_day and chosen.first_day > day:
            sentence = _("The appeal “%(name)s” begins only after the letter is sent: its first day is %(day)s.")
            first = date_format(chosen.first_day, "DATE_FORMAT")
            yield _warning(sentence % {**words, "day": first}, chosen.anchor)


def _photos(draft: Draft, now: datetime) -> Iterator[Finding]:
    day = (draft.due or now).astimezone(ZoneInfo(draft.zone)).date()
    for story in draft.stories:
        words = {"headline": _short(story.headline)}
        if story.photo_is_kept_out:
            sentence = _("The photo of “%(headline)s” may not stand in newsletters. Choose another one, or none.")
            yield _blocking(sentence % words, story.anchor, url=story.photo_url)
        if story.photo_until and story.photo_until < day:
            sentence = _("The photo of “%(headline)s” may be used until %(day)s, and the letter is sent later.")
            until = date_format(story.photo_until, "DATE_FORMAT")
            yield _blocking(sentence % {**words, "day": until}, story.anchor, url=story.photo_url)
        if story.photo_lacks_words:
            sentence = _("The photo of “%(headline)s” has no alternative text: who can't see it, is told nothing.")
            yield _blocking(sentence % {"headline": _short(story.headline)}, story.anchor, url=story.photo_url)


def _moment(draft: Draft, now: datetime) -> Iterator[Finding]:
    if not draft.is_sent:
        return
    if draft.due is None:
        yield _blocking(_("There is no day on which the letter is sent."), "#id_due_date")
    elif draft.due <= now and not draft.is_published:
        sentence = _("The moment to send this letter has passed: %(due)s in %(zone)s, where it is %(now)s now.")
        values = {"due": on_the_wall(draft.due, draft.zone), "zone": draft.zone, "now": on_the_wall(now, draft.zone)}
        yield _blocking(sentence % values, "#id_due_date")
    elif draft.first_due and draft.first_due <= now < draft.due and not draft.is_published:
        sentence = _("In the time zones of some readers this moment has passed. They get the letter at once.")
        yield _warning(sentence, "#id_due_date")
    if draft.due and draft.goes_live and draft.goes_live > draft.due:
        sentence = _("The letter goes live after it is to be sent: %(live)s in %(zone)s. Change one of the two.")
        values = {"live": on_the_wall(draft.goes_live, draft.zone), "zone": draft.zone}
        yield _blocking(sentence % values, "#id_due_date")
    if draft.due and draft.expires and draft.expires <= draft.due:
        sentence = _("The letter is taken down before it is to be sent: %(gone)s in %(zone)s. Change one of the two.")
        values = {"gone": on_the_wall(draft.expires, draft.zone), "zone": draft.zone}
        yield _blocking(sentence % values, "#id_due_date")


def _list(draft: Draft, _now: datetime) -> Iterator[Finding]:
    if draft.list_url:
        yield _blocking(_("The list of this letter is not published. Publish it first."), BODY, url=draft.list_url)


def _neighbours(draft: Draft, _now: datetime) -> Iterator[Finding]:
    if draft.due is None or not draft.is_sent:
        return
    for other in draft.neighbours:
        if abs(other.due - draft.due) < TOO_CLOSE:
            sentence = _("“%(subject)s” of the same list is sent within an hour of this letter.")
            yield _warning(sentence % {"subject": _short(other.subject)}, "#id_due_date")


def _size(draft: Draft, _now: datetime) -> Iterator[Finding]:
    if draft.mail_error:
        yield _blocking(_("This letter can't be set as a mail: %(why)s") % {"why": draft.mail_error}, BODY)
    elif draft.mail_bytes is not None and draft.mail_bytes > CLIPPED_BYTES:
        sentence = _(
            "The mail has %(size)d KB without its photos. Gmail cuts it off after %(most)d KB, and with it the link to "
            "unsubscribe. Take something out."
        )
        values = {"size": -(-draft.mail_bytes // 1024), "most": CLIPPED_BYTES // 1024}
        yield _warning(sentence % values, BODY)


def _colours(draft: Draft, _now: datetime) -> Iterator[Finding]:
    for pair in draft.colours:
        if pair.contrast < LEAST_CONTRAST:
            sentence = _(
                "The theme's colour “%(name)s” is too faint in the mail. Whoever looks after the theme can mend it."
            )
            yield _warning(sentence % {"name": pair.name}, BODY)


CHECKS: tuple[Check, ...] = (
    _list, _subject, _preheader, _content, _moment, _neighbours, _stories, _appeals, _photos, _left_in, _links, _size,
    _colours,
)  # fmt: skip
"""All of them, in the order in which their findings are told."""


def _blocking(sentence: str, anchor: str, *, url: str = "") -> Finding:
    return Finding(level=Level.BLOCKING, sentence=sentence, anchor=anchor, url=url)


def _warning(sentence: str, anchor: str, *, url: str = "") -> Finding:
    return Finding(level=Level.WARNING, sentence=sentence, anchor=anchor, url=url)


def _around(words: str, found: re.Match[str]) -> str:
    """What was found, with a few words around it."""
    start, end = max(found.start() - 20, 0), found.end() + 20
    cut = " ".join(words[start:end].split())
    return _short(f"{'…' if start else ''}{cut}{'…' if end < len(words) else ''}")


def _short(words: str) -> str:
    one_line = " ".join(words.split())
    return one_line if len(one_line) <= SHOWN else one_line[: SHOWN - 1].rstrip() + "…"
