import pytest

from stet.kit.digests import digest, from_base64url, hex_digest, is_hex_digest, to_base64url


def test_the_same_bytes_have_another_digest_for_another_purpose():
    assert digest("stet/1 shard", b"x") != digest("stet/1 node", b"x")


def test_tag_and_data_cannot_run_into_each_other():
    assert digest("ab", b"c") != digest("a", b"bc")


def test_the_hex_digest_is_the_digest_in_hexadecimal():
    assert hex_digest("tag", b"x") == digest("tag", b"x").hex()
    assert is_hex_digest(hex_digest("tag", b"x"))


@pytest.mark.parametrize("text", ["", "0" * 63, "0" * 65, "A" * 64, "0" * 64 + "\n", "٠" * 64])
def test_what_is_not_64_lower_case_digits_is_no_hex_digest(text):
    assert not is_hex_digest(text)


@pytest.mark.parametrize("data", [b"", b"\0", b"ab", b"\xff" * 64])
def test_base64url_gives_back_what_it_was_given(data):
    assert from_base64url(to_base64url(data)) == data


@pytest.mark.parametrize("text", ["AB==", "A", "AB", "+/+/", "AA\n", "ÄÄÄÄ"])
def test_another_spelling_of_base64url_is_refused(text):
    with pytest.raises(ValueError, match="not base64url"):
        from_base64url(text)
