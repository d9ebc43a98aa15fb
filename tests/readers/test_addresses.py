"""Addresses: what is taken, in which spelling, and what is refused with which sentence."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stet.readers.addresses import Address, checked_address
from stet.readers.errors import FAULTS, AddressRefusedError
from stet.readers.lanes import LANES, lane_of

TAKEN = {
    "a plain one": ("ada@example.org", "ada@example.org"),
    "its domain's case is put down": ("Ada.Reader@EXAMPLE.Org", "Ada.Reader@example.org"),
    "blanks around it go": ("  ada@example.org\t", "ada@example.org"),
    "marks of direction around it go": ("\u200fada@example.org\u202c", "ada@example.org"),
    "a tag is kept": ("ada+letters@example.org", "ada+letters@example.org"),
    "a domain in Cyrillic letters": ("ada@пример.рф", "ada@xn--e1afmkfd.xn--p1ai"),
    "the same, typed in its ASCII form": ("ada@xn--e1afmkfd.xn--p1ai", "ada@xn--e1afmkfd.xn--p1ai"),
    "a domain in Persian letters": ("ada@نمونه.ایران", "ada@xn--hhbbbed.xn--mgba3a4f16a"),
    "wide forms of Latin letters in the domain": ("ada@ｅｘａｍｐｌｅ.org", "ada@example.org"),
    "an ideographic full stop": ("ada@example。org", "ada@example.org"),
}

REFUSED = {
    "nothing": ("", "empty"),
    "blanks": (" \t\u200e ", "empty"),
    "no @": ("ada.example.org", "form"),
    "two @": ("ada@home@example.org", "form"),
    "nothing before the @": ("@example.org", "form"),
    "nothing after the @": ("ada@", "domain"),
    "a name beside it": ("Ada <ada@example.org>", "form"),
    "two addresses": ("ada@example.org, bob@example.org", "form"),
    "a blank inside": ("ada lovelace@example.org", "form"),
    "a header after it": ("ada@example.org\r\nBcc: bob@example.org", "control"),
    "a line feed after it": ("ada@example.org\n", "control"),
    "a header before the @": ("ada\nTo: bob@example.org", "control"),
    "a null": ("ada\0@example.org", "control"),
    "an escape": ("\x1b[2Jada@example.org", "control"),
    "a line separator": ("ada\u2028@example.org", "control"),
    "a next line": ("ada\x85@example.org", "control"),
    "a zero-width blank": ("ada\u200b@example.org", "control"),
    "a turned direction inside": ("ada\u202e@example.org", "control"),
    "half a surrogate pair": ("ada\ud800@example.org", "control"),
    "quotation marks": ('"ada lovelace"@example.org', "quoted"),
    "quotation marks around a header": ('"ada\\\r\n"@example.org', "control"),
    "Cyrillic before the @": ("ада@example.org", "not_latin"),
    "a look-alike before the @": ("аda@example.org", "not_latin"),
    "Persian digits before the @": ("ada۱۲@example.org", "not_latin"),
    "a look-alike after the @": ("ada@exаmple.org", "mixed"),
    "a Greek look-alike after the @": ("ada@gοogle.com", "mixed"),
    "no period after the @": ("ada@example", "domain"),
    "an address in brackets": ("ada@[127.0.0.1]", "domain"),
    "this machine": ("ada@localhost", "domain"),
    "a name that never exists": ("ada@stet.invalid", "domain"),
    "a shell's words": ("ada@example.org;rm -rf /", "domain"),
    "a pipe": ("ada@$(id).example.org", "domain"),
    "65 characters before the @": ("a" * 65 + "@example.org", "long"),
    "255 characters": ("a@" + "b." * 126 + "c", "long"),
    "a megabyte": ("a" * 1_000_000 + "@example.org", "long"),
    "a megabyte of @": ("@" * 1_000_000, "long"),
    "a megabyte of blanks": (" " * 1_000_000, "long"),
}


@pytest.mark.parametrize("case", TAKEN)
def test_an_address_is_brought_to_one_spelling(case: str) -> None:
    typed, expected = TAKEN[case]
    assert checked_address(typed).text == expected


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_address_is_refused_with_its_fault(case: str) -> None:
    typed, fault = REFUSED[case]
    with pytest.raises(AddressRefusedError) as caught:
        checked_address(typed)
    assert caught.value.fault == fault
    assert str(caught.value) == FAULTS[caught.value.fault]


def test_a_megabyte_is_refused_at_once() -> None:
    before = time.process_time()
    for _ in range(20):
        with pytest.raises(AddressRefusedError):
            checked_address("é@" * 500_000)
    assert time.process_time() - before < 0.5


def test_a_refusal_holds_nothing_of_what_was_typed() -> None:
    with pytest.raises(AddressRefusedError) as caught:
        checked_address("ada.secret@no-such")
    chain = [
        caught.value,
        caught.value.__cause__,
        caught.value.__context__ if not caught.value.__suppress_context__ else None,
    ]
    assert "ada.secret" not in "".join(map(repr, chain))


def test_an_address_does_not_show_itself_in_logs() -> None:
    assert repr(checked_address("ada@example.org")) == "<Address>"
    assert "ada" not in f"{checked_address('ada@example.org')!r} {[checked_address('ada@example.org')]}"


def test_people_see_a_domain_in_its_own_alphabet() -> None:
    assert checked_address("ada@xn--e1afmkfd.xn--p1ai").shown == "ada@пример.рф"
    assert checked_address("ada@example.org").shown == "ada@example.org"


@given(st.text(max_size=300))
def test_whatever_is_typed_is_refused_or_is_safe_to_put_into_a_header(typed: str) -> None:
    try:
        address = checked_address(typed)
    except AddressRefusedError:
        return
    assert address.text.isascii()
    assert address.text.isprintable()
    assert not set(' "<>,;:\\()[]') & set(address.text)
    assert address.text.count("@") == 1
    assert checked_address(address.text) == address == Address.of(address.text)


# --- Lanes ---


def test_a_domain_stands_in_one_lane_at_most() -> None:
    every = [domain for domains in LANES.values() for domain in domains]
    assert len(every) == len(set(every))


@pytest.mark.parametrize("lane", LANES)
def test_a_lane_holds_domains_as_addresses_have_them(lane: str) -> None:
    for domain in LANES[lane]:
        assert checked_address(f"ada@{domain}").domain == domain
        assert lane_of(domain) == lane


def test_an_unknown_domain_is_in_the_lane_of_all_others() -> None:
    assert lane_of("example.org") == lane_of("yahoo.co.jp") == "other"


def test_the_lanes_are_these() -> None:
    assert list(LANES) == [
        "gmail", "outlook", "yahoo", "apple", "mailru", "yandex", "rambler", "proton", "gmx", "tutanota", "ukrnet",
        "other",
    ]  # fmt: skip
