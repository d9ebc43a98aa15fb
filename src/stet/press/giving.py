"""What can be given in a language, in short: the few amounts below an appeal, and the codes they are counted under."""

from stet.appeals import rules
from stet.kit.money import Money, format_money
from stet.press.world import World
from stet.theme import copy


def campaign(code: str, variant: int) -> str:
    """The code under which gifts that came by a variant are counted: "spring-b"."""
    return f"{code}-{rules.LETTERS[variant]}"


def campaigns(world: World) -> tuple[str, ...]:
    """The codes of all appeals that are published, silent or not."""
    found = {campaign(row.rule.code, n) for row in world.appeals.values() for n in range(len(row.variants))}
    return tuple(sorted(found))


AMOUNTS = 3
"""So many of the suggested amounts, the smallest first: one row on a phone."""


def in_short(world: World) -> dict[str, copy.Giving]:
    """By language: the first currency, the interval that is chosen at first, the first way to pay that can do it."""
    return {
        language: found
        for language in world.supports
        if world.asks(language) and (found := _in_short(world, language)) is not None
    }


def _in_short(world: World, language: str) -> copy.Giving | None:
    row = world.supports[language]
    currency = row.currencies[0]
    takes = world.told.ways.takes
    able = (one for one in row.methods if row.preselected in one.intervals and takes(one.provider, currency.code))
    method = next(able, None)
    amounts: tuple[int, ...] = getattr(currency, row.preselected)
    if method is None or row.preselected not in row.intervals or not amounts:
        return None
    return copy.Giving(
        action_url=f"{world.paper.frontdesk_url}/{language}/give",
        interval=row.preselected,  # type: ignore[arg-type]  # one of the model's choices
        currency=currency.code,
        method=method.key,
        amounts=tuple(
            copy.GivingAmount(minor=minor, label=format_money(Money(minor, currency.code), language))
            for minor in sorted(amounts)[:AMOUNTS]
        ),
        more_path=row.path,
    )
