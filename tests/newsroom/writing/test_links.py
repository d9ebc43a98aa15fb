"""Links without trackers: a table, and laws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stet.newsroom.writing.links import plain_link

PLAIN = {
    "https://example.org/a?b=1&utm_source=x&c=2#d": "https://example.org/a?b=1&c=2#d",
    "https://example.org/?fbclid=1": "https://example.org/",
    "https://example.org/a?B=%D0%B0;x&empty=&q=a+b": "https://example.org/a?B=%D0%B0;x&empty=&q=a+b",
    "https://www.google.com/url?q=https://example.org/%3Fa%3D1%26gclid%3D2&sa=D&ust=1": "https://example.org/?a=1",
    "https://www.google.co.uk/url?sa=t&url=https%3A%2F%2Fexample.org%2F": "https://example.org/",
    "https://www.google.com/search?q=https://example.org/": "https://www.google.com/search?q=https://example.org/",
    "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org%2F&data=1": "https://example.org/",
    "https://l.facebook.com/l.php?u=https%3A%2F%2Fexample.org%2F%3Ffbclid%3D1&h=AT0": "https://example.org/",
    "https://vk.com/away.php?to=https%3A%2F%2Fexample.org%2F&post=1": "https://example.org/",
    "https://l.facebook.com/l.php?u=javascript%3Aalert(1)": "https://l.facebook.com/l.php?u=javascript%3Aalert(1)",
    "https://not-google.com/url?q=https://example.org/": "https://not-google.com/url?q=https://example.org/",
    "mailto:desk@example.org?subject=utm_source": "mailto:desk@example.org?subject=utm_source",
    "https://[": "https://[",
    "/relative?utm_source=x": "/relative?utm_source=x",
    "": "",
}


@pytest.mark.parametrize("url", PLAIN)
def test_a_link_leads_to_where_it_leads_and_nobody_counts_it(url: str) -> None:
    assert plain_link(url) == PLAIN[url]


pairs = st.lists(st.sampled_from(["a=1", "utm_id=2", "b", "fbclid=x", "q=a%20b", "=", "", "UTM_Term=1"]), max_size=6)


@given(
    st.sampled_from(["https://example.org/x", "https://l.facebook.com/l.php", "http://[::1]/"]),
    pairs,
    st.text(max_size=5),
)
def test_a_plain_link_stays_and_what_is_no_tracker_is_kept_in_order(start: str, given: list[str], end: str) -> None:
    url = f"{start}?{'&'.join(given)}#{end}"
    plain = plain_link(url)
    assert plain_link(plain) == plain
    kept = [pair for pair in given if not pair.lower().startswith(("utm_", "fbclid"))]
    assert plain.split("#")[0] in (f"{start}?{'&'.join(kept)}", start)
