"""Appeals and the silence around them, out of the newsroom's database, as frozen values."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from stet.appeals import rules
from stet.appeals.models import Appeal, AppealVariant, Campaign, Silence
from stet.appeals.models.silence import ONLY
from stet.press.world import AppealRow, SilenceRow, VariantRow

_COLUMNS = (
    "id", "locale_id", "code", "slot", "priority", "has_amounts", "first_day", "last_day", "most_views", "view_days",
    "gap_days", "articles", "weeks",
)  # fmt: skip
_RELATED = ("sections_in", "sections_out", "tags_in", "tags_out")


def read_appeals(locales: Mapping[int, str]) -> Iterator[AppealRow]:
    """Published appeals in the paper's languages, by number; six queries."""
    variants: defaultdict[int, list[VariantRow]] = defaultdict(list)
    worded = AppealVariant.objects.filter(appeal__live=True).order_by("sort_order", "pk")
    for appeal, letter, title, text in worded.values_list("appeal_id", "letter", "title", "text"):
        variants[appeal].append(VariantRow(letter=letter, title=title, text=text))
    related = {name: _numbers(name) for name in _RELATED}
    for (
        pk, locale, code, slot, priority, has_amounts, first_day, last_day, most_views, view_days, gap_days, articles,
        weeks,
    ) in Appeal.objects.filter(live=True).order_by("pk").values_list(*_COLUMNS):  # fmt: skip
        if locale in locales and variants[pk]:
            rule = rules.Appeal(
                code=code, language=locales[locale], slot=slot, variants=len(variants[pk]), priority=priority,
                first_day=rules.day_number(first_day) if first_day else 0,
                last_day=rules.day_number(last_day) if last_day else 0, most_views=most_views, view_days=view_days,
                gap_days=gap_days, articles=articles, weeks=weeks,
                **{name: tuple(sorted(numbers[pk])) for name, numbers in related.items()},
            )  # fmt: skip
            yield AppealRow(id=pk, rule=rule, variants=tuple(variants[pk]), has_amounts=has_amounts)


def _numbers(name: str) -> defaultdict[int, list[int]]:
    """What each appeal names in one of its relations."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    through: Any = getattr(Appeal, name).through
    other = "sectionpage_id" if name.startswith("sections") else "tag_id"
    for appeal, number in through.objects.values_list("appeal_id", other):
        found[appeal].append(number)
    return found


def read_past_campaigns() -> tuple[tuple[str, int], ...]:
    """Codes under which gifts were counted before, each with its last day; one query."""
    rows = Campaign.objects.order_by("code").values_list("code", "last_day")
    return tuple((code, rules.day_number(day)) for code, day in rows)


def read_silence(locales: Mapping[int, str]) -> SilenceRow:
    """Where nothing asks; three queries."""
    row = Silence.objects.filter(pk=ONLY).first()
    if row is None:
        return SilenceRow()
    return SilenceRow(
        is_silent=row.is_silent,
        languages=tuple(sorted(locales[pk] for pk in row.locales.values_list("pk", flat=True) if pk in locales)),
        tags=tuple(sorted(row.tags.values_list("pk", flat=True))),
        quiet_weeks=row.quiet_weeks,
    )
