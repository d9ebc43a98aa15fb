"""The rules by themselves: the table, the shares of variants, the size of what a device holds."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stet.appeals import rules
from stet.appeals.rules import Appeal, Device, Page, Rule
from tests.appeals.cases import DAY, Case, all_cases

CASES = all_cases()
ENGLISH = Page(language="en")


def test_the_table_has_sixty_cases_and_asks_each_rule_both_ways() -> None:
    assert len(CASES) >= 60
    refusing = {rule for case in CASES for rule in case.refused.values()}
    assert refusing == set(Rule)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_python_decides_as_the_table_says(case: Case) -> None:
    decision = case.decide()
    shown = {slot: f"{one.code}-{rules.LETTERS[one.variant]}" for slot, one in decision.shown.items()}
    assert shown.keys() == case.shows.keys()
    for slot, wanted in case.shows.items():
        assert wanted.endswith("?") or shown[slot] == wanted
        assert shown[slot].rpartition("-")[0] == wanted.rpartition("-")[0]
    refused = {code: rule.value for code in decision.verdicts if (rule := decision.refused_by(code)) is not None}
    if case.has_storage:
        assert refused == case.refused


def test_a_day_is_counted_from_1970() -> None:
    assert rules.day_number(date(1970, 1, 1)) == 0
    assert rules.day_number(date(2026, 12, 3)) == DAY


def test_the_mixed_digest_is_what_its_two_parts_are_known_to_be() -> None:
    # fmix32(FNV-1a("")) and fmix32(FNV-1a("a")), from the published constants of both.
    def fmix(x: int) -> int:
        x = (x ^ x >> 16) * 0x85EBCA6B % 2**32
        x = (x ^ x >> 13) * 0xC2B2AE35 % 2**32
        return x ^ x >> 16

    assert rules.mixed("") == fmix(0x811C9DC5)
    assert rules.mixed("a") == fmix(0xE40C292C)
    assert rules.mixed("foobar") == fmix(0xBF9CF968)


@pytest.mark.parametrize("variants", [2, 3, 4])
def test_variants_get_nearly_equal_shares(variants: int) -> None:
    for code in ("spring", "autumn-2026", "a", "the-long-letter"):
        shares = [0] * variants
        for salt in range(rules.SALTS):
            shares[rules.variant_of(code, salt, variants)] += 1
        assert max(abs(share - rules.SALTS / variants) for share in shares) < 0.06 * rules.SALTS


def test_which_variant_of_one_appeal_a_device_sees_says_nothing_of_another() -> None:
    codes = [f"appeal-{n}" for n in range(12)]
    for one, other in pairwise(codes):
        same = sum(rules.variant_of(one, salt, 2) == rules.variant_of(other, salt, 2) for salt in range(rules.SALTS))
        assert abs(same / rules.SALTS - 0.5) < 0.06


DEVICES = st.builds(
    Device,
    salt=st.integers(0, 1023),
    quiet_until=st.sampled_from([0, DAY - 7, DAY, DAY + 7]),
    weeks=st.lists(st.tuples(st.integers(2950, 2970), st.integers(1, 9)), max_size=12).map(
        lambda pairs: tuple(sorted(dict(pairs).items()))
    ),
    views=st.lists(st.tuples(st.integers(1, 65535), st.integers(DAY - 90, DAY)), max_size=20).map(tuple),
)


@given(device=DEVICES, days=st.lists(st.integers(0, 9), max_size=40))
def test_a_device_never_holds_more_than_it_may(device: Device, days: list[int]) -> None:
    appeals = [
        Appeal(code="a", language="en", slot="banner", most_views=9),
        Appeal(code="b", language="en", slot="letter", gap_days=1),
    ]
    day = DAY
    for later in days:
        day += later
        after = rules.decide(appeals, ENGLISH, device, day).device
        assert after is not None
        device = after
        assert len(device.weeks) <= 12
        assert len(device.views) <= 20
        assert 0 <= device.salt < 1024
        assert len(device.write()) < 400
        assert rules.read_device(device.write(), new_salt=0) == device


@given(device=DEVICES, weeks=st.integers(1, 26))
def test_closing_giving_and_asking_to_be_reminded_write_the_same(device: Device, weeks: int) -> None:
    quiet = rules.quiet_from(device, DAY, weeks=weeks)
    assert quiet.quiet_until % 7 == 0
    assert 0 <= quiet.quiet_until - (DAY + 7 * weeks) < 7
    assert (quiet.salt, quiet.weeks, quiet.views) == (device.salt, device.weeks, device.views)


def test_reminded_later_it_is_quiet_until_the_day_and_then_asks_once() -> None:
    appeals = [Appeal(code="a", language="en", slot="letter", most_views=1, articles=99)]
    device = rules.quiet_from(Device(salt=1), DAY, weeks=4)
    shown = []
    for day in range(DAY, DAY + 60):
        decision = rules.decide(appeals, ENGLISH, device, day)
        assert decision.device is not None
        device = decision.device
        shown += [day] if decision.shown else []
    assert shown == [DAY + 28]
