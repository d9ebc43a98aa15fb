"""What rival claims span, whatever languages they are said in."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from stet.sourcing.computing import ranges
from stet.sourcing.terms import Modality, SpeechAct, ValueKind, Verdict
from stet.sourcing.values import Claim, ClaimText


def a_value(number: int, **units: str) -> Claim:
    return Claim(
        id=number, uid=str(number), question=1, value_kind=ValueKind.NUMBER, best=Decimal(number),
        made_on=date(2026, 11, 20), speech_act=SpeechAct.ASSERTS, modality=Modality.FLAT, verdict=Verdict.NONE,
        texts={code: ClaimText(sentence="", unit=unit) for code, unit in units.items()}, chain=(), events=(),
    )  # fmt: skip


def test_a_unit_is_the_same_where_one_language_calls_it_the_same() -> None:
    claims = [a_value(600, en="people", fa="نفر"), a_value(450, en="people"), a_value(500, fa="نفر", ru="человек")]
    for language, unit in (("en", "people"), ("fa", "نفر"), ("ru", "человек"), ("de", "people")):
        assert [(one.unit, one.low, one.high, one.claims) for one in ranges(claims, language)] == [(unit, 450, 600, 3)]


def test_other_units_are_ranges_of_their_own() -> None:
    claims = [a_value(600, en="people"), a_value(3, en="km"), a_value(7, en=""), a_value(9)]
    assert [(one.unit, one.low, one.high) for one in ranges(claims, "en")] == [
        ("", 7, 9),
        ("km", 3, 3),
        ("people", 600, 600),
    ]


@given(
    st.lists(st.tuples(st.integers(0, 99), st.dictionaries(st.sampled_from(["en", "ru", "fa"]), st.sampled_from("ab"))))
)
def test_no_number_is_left_out_and_the_order_is_no_matter(given_numbers: list[tuple[int, dict[str, str]]]) -> None:
    claims = [a_value(number, **units) for number, units in given_numbers]
    found = ranges(claims, "en")
    assert sum(one.claims for one in found) == len(claims)
    assert ranges(list(reversed(claims)), "en") == found
