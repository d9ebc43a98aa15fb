"""How moments, days, numbers and names are written in each language."""

from datetime import UTC, date, datetime

import pytest

from stet.theme import formats
from stet.theme.bylines import names
from stet.theme.copy import Byline
from stet.theme.look import SETTINGS, Look, contrast

MOMENT = datetime(2026, 11, 22, 23, 5, tzinfo=UTC)

DAYS = {
    "en": ("22 November 2026", "22 Nov 2026"),
    "ru": ("22 ноября 2026", "22 нояб. 2026"),
    "uk": ("22 листопада 2026", "22 лист. 2026"),
    "fa": ("۲۲ نوامبر ۲۰۲۶", "۲۲ نوامبر ۲۰۲۶"),
    "tlh": ("22 November 2026", "22 Nov 2026"),
}


@pytest.mark.parametrize("language", DAYS)
def test_a_day_is_written_as_newspapers_of_the_language_write_it(language: str) -> None:
    value = date(2026, 11, 22)

    assert (formats.day(value, language=language), formats.short_day(value, language=language)) == DAYS[language]


def test_a_moment_falls_on_the_day_it_has_where_the_paper_is() -> None:
    assert formats.local_day(MOMENT, time_zone="Europe/Oslo") == date(2026, 11, 23)
    assert formats.clock(MOMENT, language="fa", time_zone="Asia/Tehran") == "۰۲:۳۵"


OFFSETS = {"Europe/Oslo": "UTC+1", "Asia/Tehran": "UTC+3:30", "America/New_York": "UTC−5", "UTC": "UTC"}


@pytest.mark.parametrize("time_zone", OFFSETS)
def test_an_offset_is_written_with_hours_and_minutes_where_it_has_any(time_zone: str) -> None:
    assert formats.offset(MOMENT, time_zone=time_zone) == OFFSETS[time_zone]


def test_a_month_can_stand_as_a_heading() -> None:
    assert formats.month(date(2026, 11, 1), language="ru") == "Ноябрь"
    assert formats.month_heading(2026, 11, language="fa") == "نوامبر ۲۰۲۶"


def test_a_month_that_comes_as_figures_is_named() -> None:
    assert formats.named_month("2026-10", language="en") == "October 2026"
    assert formats.named_month("Older", language="en") == "Older"


def test_sizes_and_lengths_are_rounded_for_people() -> None:
    assert formats.size(900, language="en") == "1 kB"
    assert formats.size(2_500_000, language="ru") == "2,4 MB"
    assert formats.duration(3_729, language="en") == "1:02:09"
    assert formats.duration(245, language="fa") == "۴:۰۵"


FIGURES = {
    "38.0": True,
    "1,204": True,
    "12 %": True,
    "€40": True,
    "2024": True,
    "November": False,
    "n/a": False,
    "": False,
}


@pytest.mark.parametrize("cell", FIGURES)
def test_a_cell_of_figures_is_told_from_words(cell: str) -> None:
    assert formats.is_figure(cell) is FIGURES[cell]


def test_a_byline_names_writers_first_and_others_with_their_part() -> None:
    bylines = (
        Byline(name="Nina <Solberg>", path="/people/nina/", role="photos"),
        Byline(name="Mira Halden", path="/people/mira/"),
        Byline(name="Tomas Venn"),
    )

    plain = names(bylines, "By {names}", language="en")
    linked = names(bylines[:2], "By {names}", language="en", linked=True)

    assert plain == "By Mira Halden and Tomas Venn; Nina &lt;Solberg&gt; (photos)"
    assert linked == (
        'By <a href="/people/mira/">Mira Halden</a>; <a href="/people/nina/">Nina &lt;Solberg&gt;</a> (photos)'
    )


@pytest.mark.parametrize("mode", ["colours", "colours.dark"])
@pytest.mark.parametrize("ground", ["paper", "panel"])
@pytest.mark.parametrize("key", ["ink", "quiet", "accent"])
def test_the_default_colours_can_be_read(mode: str, ground: str, key: str) -> None:
    look = Look()

    assert contrast(look[f"{mode}.{key}"], look[f"{mode}.{ground}"]) >= 4.5


def test_every_setting_says_what_it_is() -> None:
    assert [setting.name for setting in SETTINGS if not setting.help.endswith(".")] == []


LOCALES = {"en": "en_US", "fa": "fa_IR", "pt-PT": "pt_PT", "uz-Arab": "uz_UZ", "tlh": "tlh"}


@pytest.mark.parametrize("language", LOCALES)
def test_link_previews_are_told_a_language_with_its_likeliest_territory(language: str) -> None:
    assert formats.open_graph_locale(language) == LOCALES[language]
