import json

import msgspec
import pytest

from stet.edition.errors import EditionBrokenError, KeyRefusedError
from stet.edition.root import (
    SignedRoot,
    SiteKey,
    check_chain,
    check_known,
    fingerprint,
    first_root,
    next_root,
    sign_root,
)
from tests.edition.builders import NOW, a_key, a_root, an_edition_key

OFFLINE = [a_key(11), a_key(12), a_key(13)]
ROOT = a_root()
SITE = ROOT.root.site_id


def check(*signed, site=SITE):
    return check_chain([one.to_bytes() for one in signed], site=site)


def test_root_1_vouches_for_itself_and_its_digest_is_the_site():
    assert check(ROOT) == (ROOT.root,)


def test_a_root_comes_back_from_its_file():
    assert SignedRoot.from_bytes(ROOT.to_bytes()) == ROOT


def test_the_next_root_may_bring_new_edition_keys():
    second = next_root(ROOT.root, OFFLINE[:2], now=NOW, edition_keys=[a_key(99).public_key])
    assert check(ROOT, second)[-1].edition_keys == (a_key(99).public_key,)


def test_the_offline_keys_themselves_may_change():
    new = [a_key(31), a_key(32)]
    keys = [key.public_key for key in new]
    second = next_root(ROOT.root, [*OFFLINE[:2], *new], now=NOW, keys=keys)
    third = next_root(second.root, new, now=NOW)
    assert len(check(ROOT, second, third)) == 3


def test_one_offline_key_is_enough_where_the_site_says_so():
    alone = first_root([a_key(11)], [an_edition_key().public_key], now=NOW)
    assert check(alone, site=alone.root.site_id)[0].threshold == 1


def test_too_few_of_the_last_roots_keys_make_no_next_root():
    with pytest.raises(KeyRefusedError, match="needs 2 signatures"):
        next_root(ROOT.root, OFFLINE[:1], now=NOW)


def test_too_few_of_the_next_roots_own_keys_make_no_next_root():
    with pytest.raises(KeyRefusedError, match="by its own keys"):
        next_root(ROOT.root, OFFLINE, now=NOW, keys=[a_key(31).public_key, a_key(32).public_key])


def test_a_root_needs_an_edition_key_that_is_none_of_the_offline_keys():
    with pytest.raises(KeyRefusedError, match="at least one edition key"):
        first_root(OFFLINE, [], now=NOW)
    with pytest.raises(KeyRefusedError, match="none of them signs editions"):
        first_root(OFFLINE, [OFFLINE[0].public_key], now=NOW)


def test_a_threshold_beyond_the_keys_is_refused():
    with pytest.raises(KeyRefusedError, match="more signatures than it has keys"):
        first_root(OFFLINE, [an_edition_key().public_key], now=NOW, threshold=4)


def forged(root, signers):
    """A root as a thief of some keys would make it: signed by them, by the root's own measure."""
    return sign_root(msgspec.structs.replace(root, keys=tuple(s.public_key for s in signers), threshold=1), signers)


SECOND = next_root(ROOT.root, OFFLINE, now=NOW)
BAD_CHAINS = {
    "no root at all": [],
    "another site's root": [a_root(2)],
    "a root that skips a version": [ROOT, next_root(SECOND.root, OFFLINE, now=NOW)],
    "the same root twice": [ROOT, ROOT],
    "a second root signed by one stolen key": [ROOT, forged(SECOND.root, [OFFLINE[0]])],
    "a second root signed by a stranger": [ROOT, forged(SECOND.root, [a_key(99)])],
    "a second root of another site": [ROOT, next_root(a_root(2).root, [a_key(21), a_key(22)], now=NOW)],
    "a root whose signatures were taken off": [SignedRoot(root=ROOT.root, signatures={})],
}


@pytest.mark.parametrize("chain", BAD_CHAINS.values(), ids=BAD_CHAINS.keys())
def test_a_chain_is_broken_by(chain):
    with pytest.raises(EditionBrokenError):
        check(*chain)


BAD_FILES = {
    "nothing": b"",
    "a list": b"[]",
    "a cut": ROOT.to_bytes()[:-10],
    "a space": ROOT.to_bytes().replace(b":", b": ", 1),
    "one field more": ROOT.to_bytes().replace(b'{"root":', b'{"more":1,"root":', 1),
    "a threshold of nothing": ROOT.to_bytes().replace(b'"threshold":2', b'"threshold":0'),
    "a key that is too short": ROOT.to_bytes().replace(b'"keys":["', b'"keys":["AA","'),
}


@pytest.mark.parametrize("file", BAD_FILES.values(), ids=BAD_FILES.keys())
def test_a_root_file_is_broken_by(file):
    with pytest.raises(EditionBrokenError):
        SignedRoot.from_bytes(file)


def test_a_public_site_key_comes_back_from_its_file(tmp_path):
    SiteKey.of(ROOT.root).save(tmp_path / "site.pub")
    assert SiteKey.load(tmp_path / "site.pub") == SiteKey.of(ROOT.root)
    assert json.loads((tmp_path / "site.pub").read_text())["fingerprint"] == fingerprint(SITE)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"site":"x","version":1,"threshold":1,"keys":[]}'])
def test_a_file_that_is_no_public_site_key_is_refused(tmp_path, text):
    (tmp_path / "site.pub").write_text(text)
    with pytest.raises(KeyRefusedError, match="not a public site key"):
        SiteKey.load(tmp_path / "site.pub")


def test_a_site_that_withholds_a_known_root_is_refused():
    with pytest.raises(EditionBrokenError, match="old copy"):
        check_known([ROOT.root], SiteKey.of(SECOND.root))
    check_known([ROOT.root, SECOND.root], SiteKey.of(ROOT.root))


def test_a_site_is_named_by_its_id_or_its_fingerprint_but_not_by_less():
    assert check(ROOT, site=fingerprint(SITE).upper())
    with pytest.raises(EditionBrokenError, match="another site"):
        check(ROOT, site=SITE[:16])
