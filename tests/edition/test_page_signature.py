from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stet.edition.errors import PageBrokenError
from stet.edition.page_signature import read_signature, sign_page, verify_page
from tests.edition.builders import NOW, a_key, an_edition_key

SITE = "ab" * 32
HTML = "<!doctype html><html><title>Дамба</title><p>Words.</p></html>\n".encode()
KEYS = [an_edition_key().public_key]


def signed(html=HTML, **other):
    how = {"path": "/one/", "revision": "7", "time": NOW, "site": SITE, "signer": an_edition_key()} | other
    return sign_page(html, **how)


def test_a_signed_page_says_what_it_is():
    claim = verify_page(signed(), site=SITE, edition_keys=KEYS, path="/one/")
    assert (claim.path, claim.revision, claim.time) == ("/one/index.html", "7", NOW)


def test_a_page_found_anywhere_can_be_checked_without_its_address():
    assert verify_page(signed(), site=SITE, edition_keys=KEYS).path == "/one/index.html"


def test_the_same_page_is_signed_to_the_same_bytes():
    assert signed() == signed()


def test_the_signature_stands_in_a_comment_at_the_end_of_the_page():
    assert signed().startswith(HTML[: HTML.rfind(b"</html>")] + b"<!--stet-page {")
    assert signed().endswith(b"--></html>\n")


def test_the_signature_adds_less_than_400_bytes():
    assert len(signed()) - len(HTML) < 400


@given(st.binary(max_size=60), st.text(max_size=12))
def test_whatever_the_page_and_revision_hold_the_signature_holds(html, revision):
    try:
        revision.encode()
    except UnicodeEncodeError:
        return
    page = signed(html, revision=revision)
    assert verify_page(page, site=SITE, edition_keys=KEYS, path="/one/").revision == revision


def test_a_page_that_quotes_a_signature_is_still_checked_by_its_own():
    quoting = signed(b"<html>" + signed() + b"</html>")
    assert verify_page(quoting, site=SITE, edition_keys=KEYS).revision == "7"


def test_a_comments_end_in_a_path_cannot_end_the_comment():
    page = signed(path="/a-->b/")
    assert verify_page(page, site=SITE, edition_keys=KEYS, path="/a-->b/")
    assert page.count(b"-->") == 1


def test_an_unsigned_page_has_no_signature():
    assert read_signature(HTML) is None


BAD = {
    "a word changed": (signed().replace(b"Words", b"Lies!"), "changed after it was signed"),
    "something added after the signature": (signed() + b"<script>1</script>", "changed after it was signed"),
    "the revision changed": (signed().replace(b'"revision":"7"', b'"revision":"8"'), "changed after it was signed"),
    "the time changed": (signed().replace(b"2026-03-01", b"2027-03-01"), "changed after it was signed"),
    "a second signature behind the first": (
        signed(signed(), signer=a_key(99)),
        "signed by nobody this site knows",
    ),
    "an old signature on new words": (
        HTML.replace(b"Words", b"Lies!")[:-8] + signed()[len(HTML) - 8 :],
        "changed after it was signed",
    ),
    "a stranger's signature": (signed(signer=a_key(99)), "signed by nobody this site knows"),
    "another site's signature": (signed(site="cd" * 32), "another site"),
    "another page's signature": (signed(path="/two/"), "another address"),
    "no signature": (HTML, "carries no signature"),
    "half a signature": (signed().replace(b'"site"', b'"sit"'), "cut off"),
    "a signature that is no JSON": (signed().replace(b"stet-page {", b"stet-page {{"), "cut off"),
    "a time that is none": (signed().replace(b"2026-03-01", b"2026-13-01"), "cut off"),
}


@pytest.mark.parametrize(("page", "sentence"), BAD.values(), ids=BAD.keys())
def test_a_page_is_broken_by(page, sentence):
    with pytest.raises(PageBrokenError, match=sentence):
        verify_page(page, site=SITE, edition_keys=KEYS, path="/one/")


def test_time_counts_to_the_second():
    assert signed(time=NOW + timedelta(microseconds=9)) == signed()
