"""The sheets of giving: a support page in each language, and what the private wing reads of them.

The rules:
 * What is not printed cannot be given: the ledger knows the newsroom from "/support/support.json" alone.
 * A page that is closed, or that has nothing to choose, says so; a language that was stopped shows a notice.
 * A way to pay is offered in the currencies that its provider takes, as the private wing tells; a currency that none
   takes is not offered.
 * A country that was designated is refused everywhere, and readers are warned in every language.
"""

from typing import Any

from stet.appeals import rules
from stet.appeals.script import SUPPORT_SCRIPT
from stet.edition.sheet import Sheet
from stet.kit import canonical
from stet.press.appeals import SCRIPT_HTML, midnight
from stet.press.budget import set_within
from stet.press.giving import known_campaigns
from stet.press.job import JobResult, Reading, Unsigned
from stet.press.keys import place
from stet.press.letters import answer_path
from stet.press.richtext import clean_html, plain
from stet.press.support_rows import CurrencyRow, MethodRow, SupportRow
from stet.theme import copy

FORMAT = 1
"""Of "support.json"; counts up when what it says changes its meaning."""
SUPPORT_JSON = "/support/support.json"
SUPPORT_SCRIPTS_HTML = f"<script>{SUPPORT_SCRIPT}</script>{SCRIPT_HTML}"
"""The page's own script, then that of appeals, which marks the device of whoever gives or waits."""


def support_page(reading: Reading, language: str) -> JobResult:
    """A language's support page, or the notice in its place."""
    row = reading.world.supports.get(language)
    if row is None or language not in reading.world.sites:
        return JobResult()
    stopped = reading.world.told.stopped(language)
    page: copy.Page = _notice(row, reading) if stopped else _page(row, reading)
    html, _fits = set_within(reading.world.paper.budget_bytes, page, reading.theme)
    product = Unsigned(path=row.path, html=html, revision="support", time=row.modified)
    return JobResult(products=(product,), reads=frozenset(reading.reads))


def _page(row: SupportRow, reading: Reading) -> copy.SupportPage:
    world = reading.world
    resolve = reading.resolver()
    frontdesk = f"{world.paper.frontdesk_url}/{row.language}"
    supporters = world.told.tally.supporters if row.has_ticker else None
    return copy.SupportPage(
        **_around(row, reading),
        heading=row.title,
        letter_html=clean_html(row.letter, resolve),
        pays_for_html=clean_html(row.pays_for, resolve),
        other_ways_html=clean_html(row.other_ways, resolve),
        give_url=f"{frontdesk}/give",
        remind_url=f"{frontdesk}/remind",
        give_onion_url=world.paper.onion_form(f"/{row.language}/give"),
        remind_onion_url=world.paper.onion_form(f"/{row.language}/remind"),
        preselected=row.preselected,  # type: ignore[arg-type]  # one of the model's choices
        currencies=tuple(_currency(one, row, reading) for one in _payable(row, reading))
        if world.asks(row.language)
        else (),
        warnings=_warnings(row, reading),
        label=world.statement_label,
        quiet_weeks=world.silence.quiet_weeks,
        script_html=SUPPORT_SCRIPTS_HTML,
        ticker=copy.Ticker(supporters=supporters, goal=row.goal) if supporters else None,
    )


def _notice(row: SupportRow, reading: Reading) -> copy.SupportNotice:
    stopped = reading.world.told.stopped(row.language)
    assert stopped is not None, "A notice is printed only where asking was stopped."
    text = stopped.notices.get(row.language, "")
    return copy.SupportNotice(
        **{**_around(row, reading), "title": "", "description": ""},
        country=stopped.country,
        paragraphs=tuple(filter(None, (plain(paragraph) for paragraph in text.split("\n\n")))),
    )


def _around(row: SupportRow, reading: Reading) -> dict[str, Any]:
    site = reading.site(row.language)
    others = tuple((code, other.path) for code, other in reading.world.supports.items() if code in reading.world.sites)
    return {
        "site": site,
        "path": row.path,
        "title": row.title,
        "description": plain(row.description),
        "alternates": others if len(others) > 1 else (),
        "breadcrumbs": (copy.Link(label=site.name, path=site.language.front_path),),
    }


def _takes(method: MethodRow, currency: CurrencyRow, reading: Reading) -> bool:
    return reading.world.told.ways.takes(method.provider, currency.code)


def _payable(row: SupportRow, reading: Reading) -> tuple[CurrencyRow, ...]:
    """The currencies that some way to pay takes at some interval that is offered."""
    return tuple(one for one in row.currencies if _offered_in(one, row, reading))


def _offered_in(one: CurrencyRow, row: SupportRow, reading: Reading) -> tuple[str, ...]:
    """The intervals that some way to pay can do in a currency."""
    able = [method for method in row.methods if _takes(method, one, reading)]
    return tuple(i for i in row.intervals if any(i in method.intervals for method in able))


def _currency(one: CurrencyRow, row: SupportRow, reading: Reading) -> copy.GiveCurrency:
    return copy.GiveCurrency(
        code=one.code,
        smallest_minor=one.smallest,
        largest_minor=one.largest,
        forms=tuple(
            copy.GiveForm(
                interval=interval,  # type: ignore[arg-type]  # one of the three
                amounts_minor=getattr(one, interval),
                methods=tuple(
                    copy.GiveMethod(key=method.key, name=method.name, note=method.note)
                    for method in row.methods
                    if interval in method.intervals and _takes(method, one, reading)
                ),
            )
            for interval in _offered_in(one, row, reading)
        ),
    )


def _offered(row: SupportRow, reading: Reading) -> tuple[str, ...]:
    """The intervals that some way to pay can do in some currency."""
    able = {interval for one in row.currencies for interval in _offered_in(one, row, reading)}
    return tuple(interval for interval in row.intervals if interval in able)


def _warnings(row: SupportRow, reading: Reading) -> tuple[copy.CountryWarning, ...]:
    """The editors' warnings; with the designation's own words, or the theme's, those of countries designated since."""
    own = [copy.CountryWarning(country=warning.country, text=warning.text) for warning in row.warnings]
    known = {warning.country for warning in own}
    told = (
        copy.CountryWarning(country=one.country, text=plain(one.notices.get(row.language)))
        for one in reading.world.told.designated
        if one.country not in known
    )
    return (*own, *told)


# --- What the private wing reads ---


def support_json(reading: Reading, _name: str) -> JobResult:
    """All that the ledger knows of the newsroom; none where no language has a support page."""
    world = reading.world
    rows = [row for language, row in world.supports.items() if language in world.sites]
    if not rows:
        return JobResult()
    refused = {warning.country for row in rows for warning in row.warnings if warning.is_refused}
    refused |= {one.country for one in world.told.designated}
    campaigns, forgotten = known_campaigns(world, rules.day_number(reading.now.astimezone(world.paper.zone).date()))
    told = {
        "version": FORMAT,
        "label": world.statement_label,
        "refused_countries": sorted(refused),
        "languages": {row.language: _language_told(row, reading) for row in rows},
        "campaigns": list(campaigns),
    }
    sheet = Sheet(path=SUPPORT_JSON, media_type="application/json", body=canonical.write(told))
    due = place(midnight(forgotten, world)) if forgotten else None
    return JobResult(products=(sheet,), reads=frozenset(reading.reads), due=due)


def _language_told(row: SupportRow, reading: Reading) -> dict[str, Any]:
    site = reading.site(row.language)
    return {
        "name": site.name,
        "direction": site.language.direction,
        "shell": f"{answer_path(reading, row.language)}index.html",
        "front_path": site.language.front_path,
        "path": row.path,
        "is_open": reading.world.asks(row.language),
        "intervals": list(_offered(row, reading)),
        "amounts": [
            {
                "currency": one.code,
                "smallest": one.smallest,
                "largest": one.largest,
                "once": list(one.once),
                "monthly": list(one.monthly),
                "annual": list(one.annual),
            }
            for one in _payable(row, reading)
        ],
        "methods": [
            {
                "key": method.key,
                "provider": method.provider,
                "intervals": list(method.intervals),
                "currencies": codes,
            }
            for method in row.methods
            if (codes := [one.code for one in row.currencies if _takes(method, one, reading)])
        ],
        "warnings": [{"country": warning.country, "text": warning.text} for warning in row.warnings],
    }
