"""What can be given in a language, in short: the few amounts below an appeal, and the codes they are counted under."""

from stet.appeals import rules
from stet.kit.money import Money, format_money
from stet.press.world import World
from stet.theme import copy

KEPT_DAYS = 366
"""For so long after its last day a code is known: a page may have been saved, or stand on a mirror that lags behind."""


def campaigns(world: World) -> tuple[str, ...]:
    """The codes of all appeals that are published, silent or not."""
    return tuple(
        sorted({rules.campaign(row.rule.code, one.letter) for row in world.appeals.values() for one in row.variants})
    )


def known_campaigns(world: World, today: int) -> tuple[tuple[str, ...], int | None]:
    """(the codes that are published or were in the last year, the day on which the first of these is forgotten)."""
    past = {code: last for code, last in world.past_campaigns if today <= last + KEPT_DAYS}
    going = [last + KEPT_DAYS + 1 for code, last in past.items() if code not in world.campaigns]
    return tuple(sorted({*world.campaigns, *past})), min(going, default=None)


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
        onion_url=world.paper.onion_form(f"/{language}/give"),
    )
