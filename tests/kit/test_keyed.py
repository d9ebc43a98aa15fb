"""A key set up once gives the digests that HMAC gives."""

import hmac

from hypothesis import given
from hypothesis import strategies as st

from stet.kit.keyed import KeyedDigest


@given(key=st.binary(max_size=200), beginning=st.binary(max_size=40), rest=st.binary(max_size=40))
def test_the_digest_is_hmacs(key: bytes, beginning: bytes, rest: bytes) -> None:
    assert KeyedDigest(key, beginning).of(rest) == hmac.digest(key, beginning + rest, "sha256")
