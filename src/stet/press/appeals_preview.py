"""The desk's preview of an appeal: on the newest article where it may ask, as a reader would find it there.

What the script would decide in a browser is decided here, by the same rules; so a preview holds no script.
"""

import dataclasses

from django.utils.html import escape
from django.utils.translation import gettext as _
from msgspec.structs import replace

from stet.appeals import rules
from stet.appeals.models import Appeal
from stet.appeals.reasons import READERS, a_device
from stet.press.appeals import page_of
from stet.press.articles import article_copies
from stet.press.facts import Facts
from stet.press.job import Reading
from stet.press.preview import at_the_desk
from stet.press.rows import ArticleRow
from stet.press.world import AppealRow, VariantRow, World
from stet.theme import copy

LOOKED_AT = 24
"""Newest articles among which one is looked for where the appeal may ask."""


def preview_appeal(appeal: Appeal, mode: str) -> bytes:
    """An appeal on a page. `mode` is a variant's letter, a reader of `READERS`, or "plain" where no script runs."""
    with at_the_desk(lambda world: _with(appeal, world)) as reading:
        row, facts = _article_for(appeal.rule(), reading)
        if row is None or facts is None:
            return _sentence(_("There is no published article in this language yet to show it on."))
        _first, parts, _notes = article_copies(row, facts, reading)
        part = parts[0] if appeal.slot == Appeal.Slot.BANNER else parts[-1]
        asked = part.asking
        if asked is not None and mode != "plain":
            asked = _decided(asked, _shown(appeal, mode, page_of(row, reading.world), reading))
        return reading.theme.set_page(replace(part, asking=replace(asked, script_html="") if asked else None))


def _with(appeal: Appeal, world: World) -> World:
    """The world in which this draft is published, on its first day and later."""
    variants = tuple(VariantRow(letter=a, title=one.title, text=one.text) for a, one in appeal.lettered())
    variants = variants or (VariantRow(letter=rules.LETTERS[0], title=appeal.name, text=""),)
    rule = dataclasses.replace(appeal.rule(), first_day=0, last_day=0)
    row = AppealRow(id=appeal.pk or 0, rule=rule, variants=variants, has_amounts=appeal.has_amounts)
    return dataclasses.replace(world, appeals={**world.appeals, row.id: row})


def _article_for(rule: rules.Appeal, reading: Reading) -> tuple[ArticleRow | None, Facts | None]:
    """The newest article where the appeal may ask; where there is none, the newest."""
    newest = reading.newest(f"front:{rule.language}", LOOKED_AT)
    reading.materials.load_articles(facts.id for facts in newest)
    found = [(row, facts) for facts in newest if (row := reading.materials.article(facts.id)) is not None]
    fit = (pair for pair in found if rules.printed([rule], page_of(pair[0], reading.world)))
    return next(fit, found[0] if found else (None, None))


def _shown(appeal: Appeal, mode: str, page: rules.Page, reading: Reading) -> dict[rules.Slot, rules.Shown]:
    """What shows: the variant that was asked for, or what the rules say for a reader."""
    own = appeal.rule()
    if mode not in READERS:
        letters = [letter for letter, _variant in appeal.lettered()]
        return {own.slot: rules.Shown(own.code, letters.index(mode) if mode in letters else 0)}
    world = reading.world
    today = rules.day_number(reading.now.astimezone(world.paper.zone).date())
    device = a_device(mode, today, quiet_weeks=world.silence.quiet_weeks)
    appeals = [row.rule for row in world.appeals.values() if row.rule.language == page.language]
    on = [rule for rule in appeals if rules.is_on(rule, today)]
    return rules.decide(on, page, device, today, is_silent=world.silence.is_silent_in(page.language)).shown


def _decided(asked: copy.Asking, shown: dict[rules.Slot, rules.Shown]) -> copy.Asking:
    """The page's appeals, each place with the one that shows and its variant alone."""
    return replace(
        asked,
        banner=_one(asked.banner, shown.get("banner")),
        letter=_one(asked.letter, shown.get("letter")),
        is_counted=False,
    )


def _one(appeals: tuple[copy.PageAppeal, ...], shown: rules.Shown | None) -> tuple[copy.PageAppeal, ...]:
    return tuple(
        replace(appeal, rule="", variants=(appeal.variants[shown.variant],))
        for appeal in appeals
        if shown is not None and appeal.rule.split(" ")[0] == shown.code
    )


def _sentence(words: str) -> bytes:
    return f"<!doctype html><meta charset=utf-8><title>–</title><p>{escape(words)}</p>".encode()
