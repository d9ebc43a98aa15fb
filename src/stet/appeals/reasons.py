"""Why an appeal shows on an article or not: the same rules as on a reader's device, each with its sentence.

An appeal counts as its editor has it, published or not; the others as they are published.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stet.appeals import rules
from stet.appeals.models import Appeal, Silence, current_silence
from stet.appeals.rules import Device, Rule
from stet.newsroom.models import ArticlePage
from stet.newsroom.paper import current_paper

FREQUENT_A_WEEK = 6
"""Articles a week of the reader whom the desk calls frequent."""
READERS = ("new", "frequent", "quiet")
"""The devices that the desk offers to look through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """What one rule says of the appeal, for its editor."""

    sentence: str
    passes: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Whether the appeal shows, and what each rule says."""

    shows: bool
    variant: str
    """The letter of the variant that shows."""
    reasons: tuple[Reason, ...]
    is_live: bool

    @property
    def first(self) -> str:
        """The first thing in its way."""
        return next((reason.sentence for reason in self.reasons if not reason.passes), "")


def a_device(reader: str, day: int, *, quiet_weeks: int) -> Device:
    """The device of a reader as the desk calls them."""
    this_week = day // rules.WEEK
    if reader == "frequent":
        return Device(salt=0, weeks=tuple((this_week - back, FREQUENT_A_WEEK) for back in range(11, -1, -1)))
    if reader == "quiet":
        return rules.quiet_from(Device(salt=0), day, weeks=quiet_weeks)
    return Device(salt=0)


def page_of(article: ArticlePage, silence: Silence) -> rules.Page:
    """An article as appeals see it."""
    tags = tuple(sorted(tag.pk for tag in article.tags.all()))
    section: Any = article.get_parent().specific
    return rules.Page(
        language=article.locale.language_code,
        section=section.pk,
        tags=tags,
        is_sensitive=bool(
            article.is_sensitive
            or getattr(section, "is_sensitive", False)
            or any(topic.is_sensitive for topic in article.topics.all())
            or (silence.pk and set(tags) & set(_tags_of(silence)))
        ),
    )


def is_silent_in(silence: Silence, language: str) -> bool:
    """Whether nothing asks in a language."""
    return silence.is_silent or silence.locales.filter(language_code=language).exists()


def _tags_of(silence: Silence) -> set[int]:
    return set(silence.tags.values_list("pk", flat=True))


def newest_article(language: str) -> ArticlePage | None:
    """The article that was published last in a language."""
    found = ArticlePage.objects.filter(live=True, locale__language_code=language)
    article: ArticlePage | None = found.order_by("-first_published_at").first()
    return article


def why(appeal: Appeal, article: ArticlePage, *, reader: str, day: date) -> Answer:
    """What each rule says of an appeal on an article, for a reader on a day."""
    silence = current_silence()
    number = rules.day_number(day)
    device = a_device(reader, number, quiet_weeks=silence.quiet_weeks)
    own = appeal.rule()
    others = [o.rule() for o in Appeal.objects.filter(live=True, locale=appeal.locale).exclude(pk=appeal.pk)]
    decision = rules.decide(
        [own, *(other for other in others if rules.is_on(other, number))],
        page_of(article, silence),
        device,
        number,
        is_silent=is_silent_in(silence, own.language),
    )
    shown = decision.shown.get(own.slot)
    shows = shown is not None and shown.code == own.code
    said = _sentences(own, device, number)
    return Answer(
        shows=shows,
        variant=appeal.lettered()[shown.variant][0].upper() if shown and shows else "",
        reasons=tuple(Reason(sentence=said[v.rule](v.passes), passes=v.passes) for v in decision.verdicts[own.code]),
        is_live=appeal.live,
    )


def in_short(appeal: Appeal, now: datetime) -> Answer | None:
    """What a new reader would see of the appeal on the newest article; None where there is no article."""
    article = newest_article(appeal.locale.language_code)
    if article is None:
        return None
    return why(appeal, article, reader="new", day=now.astimezone(current_paper().zone).date())


def _sentences(own: rules.Appeal, device: Device, day: int) -> dict[Rule, Callable[[bool], str]]:
    """What to say of each rule, by whether it lets the appeal pass."""
    read = rules.articles_read(device, day, weeks=own.weeks)
    asked = ngettext("%(count)d article", "%(count)d articles", own.articles) % {"count": own.articles}
    return {
        Rule.SILENCE: _either(_("Appeals may ask."), _("The newsroom is silent: nothing asks.")),
        Rule.SENSITIVE: _either(_("The article is not sensitive."), _("The article is sensitive: it never asks.")),
        Rule.LANGUAGE: _either(_("The article is in the appeal's language."), _("The article is in another language.")),
        Rule.PLACE: _either(_("The page has the appeal's place."), _("The page has no place for this appeal.")),
        Rule.SECTIONS: _either(
            _("The article's section is one of the appeal's."), _("The appeal does not ask in the article's section.")
        ),
        Rule.TAGS: _either(
            _("The article's tags suit the appeal."), _("The article has none of the tags wanted, or one not wanted.")
        ),
        Rule.ROOM: _either(
            _("The page has room for it."),
            _("Three appeals that come first take the place on this page: a fourth is not printed."),
        ),
        Rule.DAYS: _either(
            _("It is one of the appeal's days."), _("The appeal has not begun on this day, or is over.")
        ),
        Rule.QUIET: _either(
            _("The reader closed nothing lately."),
            _("The reader closed an appeal, gave, or asked to be reminded later: nothing asks until that is over."),
        ),
        Rule.ARTICLES: _either(
            _("The reader has read enough: %(read)d, and %(asked)s are wanted.") % {"read": read, "asked": asked},
            _("The reader has read too little: %(read)d, and %(asked)s are wanted.") % {"read": read, "asked": asked},
        ),
        Rule.VIEWS: _either(
            _("The reader has not seen it too often."), _("The reader has seen it as often as is allowed.")
        ),
        Rule.GAP: _either(
            _("The last appeal in this place is long enough ago."), _("The last appeal in this place is too near.")
        ),
        Rule.TURN: _either(
            _("No other appeal comes before it."), _("Another appeal comes first in this place, and shows.")
        ),
    }


def _either(passes: str, refuses: str) -> Callable[[bool], str]:
    return lambda is_passed: passes if is_passed else refuses
