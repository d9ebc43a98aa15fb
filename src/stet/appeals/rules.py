"""Which appeal shows on a page, in which variant, and why another one does not.

The rules, in the order in which they are asked:
 * While the newsroom is silent, nothing asks. A sensitive page never asks.
 * An appeal asks in its own language, in its own place, in the sections and about the tags that its editor chose.
 * Of those that may ask on a page, the first three of each place are printed: by priority, then by code.
 * The device decides the rest, in this order: the days of the appeal, quiet, articles read, how often within how many
   days, how many days between two asks in the same place. The first that passes shows.
 * When a quiet time is over, one page asks whatever was read or seen before. Then everything counts as usual.

The device holds four things, and nothing else: a salt of ten bits, a day until which it is quiet, how many articles
were read in each of the last twelve weeks, and at most twenty pairs of (appeal, day). Closing an appeal, giving and
asking to be reminded, in whichever way, all write the same quiet day and nothing else: `quiet_from`.

`script.js` decides the same in the reader's browser; both run the table in `cases.json`. Nothing here knows Django, the
clock or a disk. A day is counted from 1 January 1970, by the reader's own clock.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Literal

Slot = Literal["banner", "letter"]
SLOTS: tuple[Slot, ...] = ("banner", "letter")

IN_A_SLOT = 3
"""Appeals printed on a page in one place: their words count against the page's budget."""
SALTS = 1024
MOST_WEEKS = 12
MOST_VIEWS = 20
WEEK = 7
LETTERS = "abcdefghijklmnopqrstuvwxyz"
"""What variants are called, in the order in which they were made."""


class Rule(StrEnum):
    """What is asked of an appeal, in order."""

    SILENCE = "silence"
    SENSITIVE = "sensitive"
    LANGUAGE = "language"
    PLACE = "place"
    SECTIONS = "sections"
    TAGS = "tags"
    ROOM = "room"
    DAYS = "days"
    QUIET = "quiet"
    ARTICLES = "articles"
    VIEWS = "views"
    GAP = "gap"
    TURN = "turn"


ON_THE_DEVICE = {Rule.DAYS: 1, Rule.QUIET: 2, Rule.ARTICLES: 4, Rule.VIEWS: 8, Rule.GAP: 16}
"""The rules that the script asks, and the bit with which it marks an appeal that one refuses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """What decides where and when an appeal asks. Days are counted from 1970; 0 means that there is no such day."""

    code: str
    """Names the appeal, in ASCII; also on the device."""
    language: str
    slot: Slot
    variants: int = 1
    priority: int = 5
    """Higher asks first."""
    first_day: int = 0
    last_day: int = 0
    sections_in: tuple[int, ...] = ()
    sections_out: tuple[int, ...] = ()
    tags_in: tuple[int, ...] = ()
    tags_out: tuple[int, ...] = ()
    most_views: int = 0
    """How often within `view_days`; 0 means that it is not counted."""
    view_days: int = 30
    gap_days: int = 0
    """Days after an ask in the same place on which this one does not ask."""
    articles: int = 0
    """Articles read within `weeks`, this one not counted, before it asks."""
    weeks: int = MOST_WEEKS

    def is_kept(self) -> bool:
        """Whether the device has to remember that it showed."""
        return bool(self.most_views or self.gap_days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page as far as appeals care."""

    language: str
    kind: Literal["article", "front"] = "article"
    section: int = 0
    tags: tuple[int, ...] = ()
    is_sensitive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """What a reader's browser holds."""

    salt: int
    quiet_until: int = 0
    """The first day on which it may be asked again; 0 where nothing was closed since it was asked last."""
    weeks: tuple[tuple[int, int], ...] = ()
    """(week, articles read in it), oldest first."""
    views: tuple[tuple[int, int], ...] = ()
    """(mark of an appeal, day on which it showed), oldest first."""

    def write(self) -> str:
        """What stands in the browser's storage, byte for byte."""
        return json.dumps([self.salt, self.quiet_until, self.weeks, self.views], separators=(",", ":"))


def read_device(stored: str | None, *, new_salt: int) -> Device:
    """What a browser stored; a new device where that is nothing, or damaged."""
    try:
        salt, quiet, weeks, views = json.loads(stored or "")
        return Device(salt=salt, quiet_until=quiet, weeks=_pairs(weeks), views=_pairs(views))
    except (TypeError, ValueError):
        return Device(salt=new_salt)


def _pairs(stored: Any) -> tuple[tuple[int, int], ...]:
    return tuple((first, second) for first, second in stored)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule says."""

    rule: Rule
    passes: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """An appeal in one of its variants, counted from 0."""

    code: str
    variant: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a page shows, why it shows nothing else, and what the device holds afterwards."""

    shown: dict[Slot, Shown]
    verdicts: dict[str, tuple[Verdict, ...]]
    """By the appeal's code."""
    device: Device | None

    def refused_by(self, code: str) -> Rule | None:
        """The first rule that keeps an appeal away; None where it shows."""
        return next((verdict.rule for verdict in self.verdicts[code] if not verdict.passes), None)


# --- Numbers ---


def mixed(text: str) -> int:
    """FNV-1a of an ASCII text, 32 bits, with the final mixer of MurmurHash3.

    FNV-1a alone splits two appeals alike: modulo 2 its last bit is the sum of the text's last bits, so that one
    appeal's readers of variant A were exactly the other's of B.
    """
    x = 0x811C9DC5
    for character in text:
        x = (x ^ ord(character)) * 0x01000193 & 0xFFFFFFFF
    x = (x ^ x >> 16) * 0x85EBCA6B & 0xFFFFFFFF
    x = (x ^ x >> 13) * 0xC2B2AE35 & 0xFFFFFFFF
    return x ^ x >> 16


def variant_of(code: str, salt: int, variants: int) -> int:
    """The variant of an appeal that a device sees, equal shares for each."""
    return mixed(f"{code}:{salt}") % variants


def mark_of(appeal: Appeal) -> int:
    """How a device names an appeal: 15 bits of its code, and in the last one its place."""
    return (mixed(appeal.code) >> 17) * 2 + (appeal.slot == "banner")


def day_number(day: date) -> int:
    """A day, counted from 1970."""
    return day.toordinal() - date(1970, 1, 1).toordinal()


def letter_of(number: int) -> str:
    """What the variant that was made as number so-and-so is called, counted from 0.

    >>> [letter_of(number) for number in (0, 1, 25, 26, 701)]
    ['a', 'b', 'z', 'aa', 'zz']
    """
    before, last = divmod(number, len(LETTERS))
    return (letter_of(before - 1) if before else "") + LETTERS[last]


def number_of(letter: str) -> int:
    """The number of a letter: what `letter_of` was given."""
    number = 0
    for one in letter:
        number = number * len(LETTERS) + LETTERS.index(one) + 1
    return number - 1


def campaign(code: str, letter: str) -> str:
    """The code under which gifts that came by a variant are counted: "spring-b"."""
    return f"{code}-{letter}"


# --- What is printed ---


def ordered(appeals: Iterable[Appeal]) -> list[Appeal]:
    """The order in which appeals are asked."""
    return sorted(appeals, key=lambda appeal: (-appeal.priority, appeal.code))


def printed(appeals: Iterable[Appeal], page: Page, *, is_silent: bool = False) -> list[Appeal]:
    """The appeals that stand in a page's sheet, in order; which of them show is decided on the device."""
    found: list[Appeal] = []
    for slot in SLOTS:
        fit = [
            a for a in ordered(appeals) if a.slot == slot and all(v.passes for v in _of_the_page(a, page, is_silent))
        ]
        found += fit[:IN_A_SLOT]
    return found


def _of_the_page(appeal: Appeal, page: Page, is_silent: bool) -> list[Verdict]:  # noqa: FBT001 - as `printed` has it
    is_article = page.kind == "article"
    tags = set(page.tags)
    asks_for_sections = not appeal.sections_in or page.section in appeal.sections_in
    asks_for_tags = not appeal.tags_in or bool(tags.intersection(appeal.tags_in))
    return [
        Verdict(Rule.SILENCE, not is_silent),
        Verdict(Rule.SENSITIVE, not page.is_sensitive),
        Verdict(Rule.LANGUAGE, appeal.language == page.language),
        Verdict(Rule.PLACE, is_article or appeal.slot == "banner"),
        Verdict(Rule.SECTIONS, asks_for_sections and page.section not in appeal.sections_out),
        Verdict(Rule.TAGS, asks_for_tags and not tags.intersection(appeal.tags_out)),
    ]


# --- What the device decides ---


def decide(
    appeals: Sequence[Appeal], page: Page, device: Device | None, day: int, *, is_silent: bool = False
) -> Decision:
    """What a page shows on a device on a day.

    Without a device, because nothing can be stored or no script runs, the first appeal of each place shows in its
    first variant, and nothing is counted.
    """
    stands = printed(appeals, page, is_silent=is_silent)
    shown: dict[Slot, Shown] = {}
    verdicts: dict[str, tuple[Verdict, ...]] = {}
    for appeal in ordered(appeals):
        asked = [*_of_the_page(appeal, page, is_silent)]
        asked.append(Verdict(Rule.ROOM, appeal in stands or not all(v.passes for v in asked)))
        asked += _of_the_device(appeal, device, day) if device is not None else ()
        wins = appeal in stands and all(v.passes for v in asked)
        asked.append(Verdict(Rule.TURN, not wins or appeal.slot not in shown))
        verdicts[appeal.code] = tuple(asked)
        if wins and appeal.slot not in shown:
            variant = variant_of(appeal.code, device.salt, appeal.variants) if device is not None else 0
            shown[appeal.slot] = Shown(appeal.code, variant)
    winners = [appeal for appeal in stands if appeal.slot in shown and shown[appeal.slot].code == appeal.code]
    after = _after(device, page, winners, day) if stands and device is not None else device
    return Decision(shown=shown, verdicts=verdicts, device=after)


def is_on(appeal: Appeal, day: int) -> bool:
    """Whether a day is one of the appeal's."""
    return appeal.first_day <= day and (not appeal.last_day or day <= appeal.last_day)


def _of_the_device(appeal: Appeal, device: Device, day: int) -> list[Verdict]:
    is_due = _is_due(device, day)
    return [
        Verdict(Rule.DAYS, is_on(appeal, day)),
        Verdict(Rule.QUIET, day >= device.quiet_until),
        Verdict(Rule.ARTICLES, is_due or articles_read(device, day, weeks=appeal.weeks) >= appeal.articles),
        Verdict(Rule.VIEWS, is_due or not appeal.most_views or _views(appeal, device, day) < appeal.most_views),
        Verdict(Rule.GAP, is_due or not _is_too_near(appeal, device, day)),
    ]


def refusals(verdicts: Iterable[Verdict]) -> int:
    """The bits of the device's rules that refuse, as the script writes them."""
    return sum(ON_THE_DEVICE[v.rule] for v in verdicts if v.rule in ON_THE_DEVICE and not v.passes)


def _is_due(device: Device, day: int) -> bool:
    """Whether a quiet time is over and nothing was asked since."""
    return 0 < device.quiet_until <= day


def articles_read(device: Device, day: int, *, weeks: int) -> int:
    """Articles read in the last `weeks` weeks, this one's among them."""
    return sum(count for week, count in device.weeks if week > day // WEEK - weeks)


def _views(appeal: Appeal, device: Device, day: int) -> int:
    mark = mark_of(appeal)
    return sum(1 for seen, on in device.views if seen == mark and on > day - appeal.view_days)


def _is_too_near(appeal: Appeal, device: Device, day: int) -> bool:
    if not appeal.gap_days:
        return False
    place = mark_of(appeal) % 2
    return any(seen % 2 == place and on >= day - appeal.gap_days for seen, on in device.views)


def _after(device: Device, page: Page, shown: list[Appeal], day: int) -> Device:
    """The device once the page was shown."""
    views = [*device.views, *((mark_of(appeal), day) for appeal in shown if appeal.is_kept())]
    weeks = [pair for pair in device.weeks if pair[0] > day // WEEK - MOST_WEEKS]
    if page.kind == "article":
        if weeks and weeks[-1][0] == day // WEEK:
            weeks[-1] = (weeks[-1][0], weeks[-1][1] + 1)
        else:
            weeks.append((day // WEEK, 1))
    return replace(
        device,
        quiet_until=0 if shown and _is_due(device, day) else device.quiet_until,
        weeks=tuple(weeks[-MOST_WEEKS:]),
        views=tuple(views[-MOST_VIEWS:]),
    )


def quiet_from(device: Device, day: int, *, weeks: int) -> Device:
    """The device once a reader closed an appeal, gave, or asked to be reminded. `weeks` is one number for all of it."""
    return replace(device, quiet_until=(-(-day // WEEK) + weeks) * WEEK)
