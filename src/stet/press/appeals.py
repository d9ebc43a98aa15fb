"""Appeals on the pages that carry them: which stand in a sheet, and what makes the sheet stale.

The rules:
 * A page carries the appeals that may ask on it, three in each place; the reader's device decides among them. A silent
   or sensitive page carries none, and no script.
 * The banner and the count of articles stand on the first part of a long article, the letter on its last.
 * An appeal's first and last day are days of the paper's clock: where one comes, the page is due.
 * The story comes before the asking: a page over its budget loses appeals from the last on, never a part of its text.
 * What an appeal's scope is, `asking_scopes` says: a change reprints the pages of that scope, and no other.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

from msgspec.structs import replace

from stet.appeals import rules
from stet.appeals.script import SCRIPT, SCRIPT_HASHES
from stet.press.budget import set_within
from stet.press.job import Reading
from stet.press.keys import place
from stet.press.richtext import clean_html, plain
from stet.press.rows import ArticleRow
from stet.press.world import AppealRow, World
from stet.theme import copy
from stet.theme.setting import Theme

SCRIPT_HTML = f"<script>{SCRIPT}</script>"


def page_of(row: ArticleRow, world: World) -> rules.Page:
    """An article as appeals see it."""
    section = world.sections.get(row.section)
    return rules.Page(
        language=row.language,
        section=row.section,
        tags=row.tags,
        is_sensitive=row.is_sensitive
        or (section is not None and section.is_sensitive)
        or any(world.topics[topic].is_sensitive for topic in row.topics if topic in world.topics)
        or bool(set(row.tags).intersection(world.silence.tags)),
    )


def asking(page: rules.Page, reading: Reading) -> copy.Asking | None:
    """The appeals that stand on a page; None where it asks for nothing."""
    world = reading.world
    today = rules.day_number(reading.now.astimezone(world.paper.zone).date())
    rows = {row.rule.code: row for row in _of_language(world, page.language) if rules.is_on(row.rule, today)}
    chosen = rules.printed([row.rule for row in rows.values()], page)
    if not chosen:
        return None
    made = [(rule.slot, _appeal(rows[rule.code], reading)) for rule in chosen]
    return copy.Asking(
        banner=tuple(appeal for slot, appeal in made if slot == "banner"),
        letter=tuple(appeal for slot, appeal in made if slot == "letter"),
        giving=world.giving.get(page.language),
        weeks=world.silence.quiet_weeks,
        is_counted=page.kind == "article",
        script_html=SCRIPT_HTML,
    )


def is_silent(language: str, reading: Reading) -> bool:
    """Whether nothing asks in a language; noted, for what is no article and no front."""
    reading.read(f"silent:{language}")
    return reading.world.silence.is_silent_in(language)


def _of_language(world: World, language: str) -> list[AppealRow]:
    """The appeals of a language; none while it is silent."""
    if world.silence.is_silent_in(language):
        return []
    return [row for row in world.appeals.values() if row.rule.language == language]


def _appeal(row: AppealRow, reading: Reading) -> copy.PageAppeal:
    rule = row.rule
    return copy.PageAppeal(
        rule=rule_text(rule),
        variants=tuple(
            copy.AppealVariant(
                title=plain(one.title),
                html=clean_html(one.text, reading.resolver()),
                campaign=rules.campaign(rule.code, one.letter),
            )
            for one in row.variants
        ),
        has_amounts=row.has_amounts,
    )


def rule_text(rule: rules.Appeal) -> str:
    """What the script decides an appeal by: the code and seven numbers."""
    numbers = (
        rule.first_day, rule.last_day, rule.most_views, rule.view_days, rule.gap_days, rule.articles, rule.weeks,
    )  # fmt: skip
    return " ".join([rule.code, *map(str, numbers)])


def in_parts(parts: Sequence[copy.Article], asked: copy.Asking | None) -> list[copy.Article]:
    """The parts of an article, each with what stands on it."""
    if asked is None:
        return list(parts)
    last = len(parts)
    return [
        replace(
            part,
            asking=_or_none(
                replace(
                    asked,
                    banner=asked.banner if part.part == 1 else (),
                    letter=asked.letter if part.part == last else (),
                    is_counted=part.part == 1,
                )
            ),
        )
        for part in parts
    ]


def _or_none(asked: copy.Asking) -> copy.Asking | None:
    return asked if asked.banner or asked.letter or asked.is_counted else None


def due_of_appeals(page: rules.Page, reading: Reading) -> int | None:
    """When the next appeal of a page begins or is over, in microseconds; None where none does."""
    world = reading.world
    for_ever = [row.rule for row in _of_language(world, page.language)]
    moments = [
        moment
        for rule in for_ever
        if rule in rules.printed([rule], page)
        for day in (rule.first_day, rule.last_day + 1 if rule.last_day else 0)
        if day and (moment := midnight(day, world)) > reading.now
    ]
    return place(min(moments)) if moments else None


def midnight(day: int, world: World) -> datetime:
    """When a day begins by the paper's clock."""
    return datetime.combine(date(1970, 1, 1) + timedelta(days=day), time(), tzinfo=world.paper.zone).astimezone(UTC)


# --- Within the budget ---


def set_with_appeals(budget_bytes: int, page: copy.Page, theme: Theme) -> tuple[bytes, bool]:
    """(the page set, whether it is within the budget), with as many of its appeals as it has room for."""
    html, fits = set_within(budget_bytes, page, theme)
    if isinstance(page, copy.Article | copy.Front) and page.asking is not None and not fits:
        for fewer in _fewer(page.asking):
            html, fits = set_within(budget_bytes, replace(page, asking=fewer), theme)
            if fits:
                break
    return html, fits


def _fewer(asked: copy.Asking) -> Iterator[copy.Asking | None]:
    """Fewer and fewer appeals, in the end none: the last of the longer place goes first."""
    while len(asked.banner) + len(asked.letter) > 1:
        longer = "letter" if len(asked.letter) >= len(asked.banner) else "banner"
        asked = replace(asked, **{longer: getattr(asked, longer)[:-1]})
        yield asked
    yield None


# --- What a change makes stale ---


def asking_scopes(world: World) -> dict[str, object]:
    """What is asked, by the listing whose pages carry it: "front:en", "section:3", "tag:en:5".

    An appeal for some sections stands on their articles, one for some tags on articles that have them, any other on
    all articles of its language and on its front.
    """
    found: defaultdict[str, list[object]] = defaultdict(list)
    for language in world.sites:
        for row in _of_language(world, language):
            told = (SCRIPT_HASHES[0], world.silence.quiet_weeks, world.giving.get(language), row)
            for scope in _scopes(row.rule):
                found[scope].append(told)
        for tag in world.silence.tags:
            found[f"tag:{language}:{tag}"].append("sensitive")
    return dict(found)


def _scopes(rule: rules.Appeal) -> list[str]:
    if rule.sections_in:
        return [f"section:{section}" for section in rule.sections_in]
    if rule.tags_in:
        return [f"tag:{rule.language}:{tag}" for tag in rule.tags_in]
    return [f"front:{rule.language}"]
