"""Typography by language: a table of sentences, and laws that hold for any text."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stet.kit.typography import NBSP, QUOTES, edits, mend

ZWNJ = "\u200c"
LANGUAGES = (*QUOTES, "fr", "ka", "pt-BR")

# What is written with _ here is a no-break space.
MENDED = {
    "Russian quotes, one in another": (
        "ru", 'Фильм "Ночь "Дамбы"" и "Озеро".', "Фильм «Ночь „Дамбы“» и_«Озеро»."),
    "Russian quotes that were English": ("ru", "Он вышел из “Озера” сам.", "Он вышел из_«Озера» сам."),
    "a Russian dash": ("ru", "Вода - это жизнь -- всегда – и всюду.", "Вода_— это жизнь_— всегда_— и_всюду."),
    "Russian speech": ("ru", "- Да, - сказал он.", "—_Да,_— сказал он."),
    "a hyphen inside a Russian word": ("ru", "кто-то, из-за дождя, 9-10 класс", "кто-то, из-за дождя, 9-10 класс"),
    "short Russian words": ("ru", "В доме и у реки не было ни души", "В_доме и_у_реки не_было ни_души"),
    "Russian particles": ("ru", "так ли это, то же самое, если бы", "так_ли это, то_же самое, если_бы"),
    "initials": ("ru", "А. С. Пушкин и Пушкин А. С.", "А._С._Пушкин и_Пушкин А._С."),
    "numbers with units": ("ru", "5 км, 10 млн руб., 7 % и № 3", "5_км, 10_млн руб., 7_% и_№_3"),
    "thousands": ("ru", "1 250 000 человек в 2026 году", "1_250_000 человек в_2026_году"),
    "a year beside a number": ("ru", "К 2026 300 домов", "К_2026 300 домов"),
    "dots": ("ru", "Ну... вот.... ..", "Ну… вот.... .."),
    "English quotes, one in another": ("en", '"The "dam" broke," she said.', "“The ‘dam’ broke,” she said."),
    "a paragraph of a quote that goes on": ("en", '"The dam broke.', "“The dam broke."),
    "English apostrophes": ("en", "It's the mayors' '90s, rock 'n' roll", "It’s the mayors’ ’90s, rock ’n’ roll"),
    "feet and inches": ("en", "He is 6'2\" tall", "He is 6'2\" tall"),
    "an English dash": ("en", "The dam - the old one -- broke", "The dam – the old one – broke"),
    "English units and initials": ("en", "5 km, 3 million, J. K. Rowe", "5_km, 3_million, J._K._Rowe"),
    "Persian quotes": ("fa", 'گفت: "من "آب" را دیدم".', "گفت: «من ‹آب› را دیدم»."),
    "a Persian non-joiner": ("fa", f'"می{ZWNJ}رود" ...', f"«می{ZWNJ}رود» …"),
    "German quotes": ("de", 'Er sagte: "Das "Wasser" kam".', "Er sagte: „Das ‚Wasser‘ kam“."),
    "blanks in a row": ("pt-BR", "Uma  palavra", "Uma palavra"),
    "quotes of a language nobody named": ("fr", 'Il dit "non"', 'Il dit "non"'),
    "an address": (
        "ru", "https://example.org/a...b--c и a-b@example.org", "https://example.org/a...b--c и_a-b@example.org"),
    "a quoted address": ("ru", '"https://example.org/?a=b"', "«https://example.org/?a=b»"),
    "a lonely quote": ("ru", 'он сказал " и ушёл', 'он сказал " и_ушёл'),
    "nothing": ("ru", "", ""),
}  # fmt: skip


@pytest.mark.parametrize("what", MENDED)
def test_a_paragraph_is_mended_as_its_language_prints_it(what: str) -> None:
    language, text, mended = MENDED[what]
    assert mend(text, language).replace(NBSP, "_") == mended


signs = st.sampled_from(
    [*"\"'“”„«»‟‘’ -–—.…абвАт10м5%()[]xyИN,!?\u00a0\u200c", " и ", " км", "http://a.b/c--d...", "т. е. "]
)
texts = st.lists(signs, max_size=24).map("".join)


@given(texts, st.sampled_from(LANGUAGES))
def test_mended_text_has_nothing_left_to_mend(text: str, language: str) -> None:
    mended = mend(text, language)
    assert mend(mended, language) == mended


@given(texts, st.sampled_from(LANGUAGES))
def test_letters_digits_and_non_joiners_stay_as_they_are(text: str, language: str) -> None:
    def kept(any_text: str) -> str:
        return "".join(sign for sign in any_text if sign.isalnum() or sign in f"{ZWNJ},!?()[]%")

    assert kept(mend(text, language)) == kept(text)


@given(texts, st.sampled_from(LANGUAGES), st.integers(0, 30), st.integers(0, 30))
def test_nothing_frozen_is_touched_and_no_two_edits_meet(text: str, language: str, start: int, length: int) -> None:
    found = edits(text, language, frozen=[(start, start + length)])
    assert all(edit.end <= start or edit.start >= start + length for edit in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(text[edit.start : edit.end] != edit.text for edit in found)
