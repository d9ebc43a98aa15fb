"""A change of a site's identity that three keepers sign apart from each other, two of whom are enough."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from stet.edition.errors import EditionBrokenError, KeyRefusedError
from stet.edition.keys import PrivateKey
from stet.edition.proposal import Proposal, merged, public_key_file, read_public_key
from stet.edition.root import SignedRoot, check_chain, first_root, next_root, root_after
from tests.edition.builders import NOW, a_key

ANNA, IVO, NOOR, STRANGER = (a_key(number) for number in (31, 32, 33, 34))
OLD, NEW = a_key(41), a_key(42)
FIRST = first_root([ANNA, IVO, NOOR], [OLD.public_key], now=NOW, threshold=2)


def a_rotation() -> Proposal:
    """A new edition key: named beside the old one first, alone after that."""
    one = root_after(FIRST.root, now=NOW, edition_keys=(NEW.public_key, OLD.public_key))
    two = root_after(one, now=NOW, edition_keys=(NEW.public_key,))
    return Proposal.of([FIRST.to_bytes()], [one, two])


def carried(proposal: Proposal) -> Proposal:
    """As it arrives on another machine."""
    return Proposal.from_bytes(proposal.to_bytes())


def test_two_of_three_who_never_meet_make_roots_that_follow() -> None:
    asked = a_rotation()
    from_anna, from_noor = (carried(asked).signed_by(key) for key in (ANNA, NOOR))
    assert from_anna.missing() == (
        f"1 more of the keys that root 1 names: {IVO.key_id}, {NOOR.key_id}.",
        f"1 more of the keys that root 2 names: {IVO.key_id}, {NOOR.key_id}.",
        f"1 more of the keys that root 3 names: {IVO.key_id}, {NOOR.key_id}.",
    )
    both = merged([carried(from_noor), carried(from_anna)])
    assert (both.missing(), both.signers()) == ((), (ANNA.key_id, NOOR.key_id))
    files = [FIRST.to_bytes(), *(root.to_bytes() for root in both.signed_roots())]
    assert check_chain(files, site=FIRST.root.site_id)[-1].edition_keys == (NEW.public_key,)


def test_one_of_three_is_not_enough() -> None:
    with pytest.raises(KeyRefusedError, match="Not enough keepers have signed"):
        a_rotation().signed_by(IVO).signed_roots()


def test_one_who_signs_twice_is_one() -> None:
    with pytest.raises(KeyRefusedError, match="Not enough keepers"):
        merged([a_rotation().signed_by(IVO), a_rotation().signed_by(IVO)]).signed_roots()


def test_a_stranger_has_no_say() -> None:
    with pytest.raises(KeyRefusedError, match="none of this site's root keys"):
        a_rotation().signed_by(STRANGER)


def test_new_keepers_need_the_old_ones_and_themselves() -> None:
    young = [a_key(number) for number in (51, 52, 53)]
    root = root_after(FIRST.root, now=NOW, keys=[key.public_key for key in young], threshold=2)
    asked = Proposal.of([FIRST.to_bytes()], [root])
    for key in (ANNA, IVO, young[0]):
        asked = asked.signed_by(key)
    assert asked.missing() == (f"1 more of the keys that root 2 names: {young[1].key_id}, {young[2].key_id}.",)
    (given,) = asked.signed_by(young[2]).signed_roots()
    check_chain([FIRST.to_bytes(), given.to_bytes()], site=FIRST.root.site_id)
    assert set(given.signatures) == {ANNA.key_id, IVO.key_id, young[0].key_id, young[2].key_id}


def test_what_would_change_is_said_in_sentences() -> None:
    assert a_rotation().changes() == (
        "Root 2 follows root 1 and is good until 2027-03-01.",
        f"  The root keys stay: {ANNA.key_id}, {IVO.key_id}, {NOOR.key_id}.",
        f"  It names a NEW edition key: {NEW.key_id}.",
        "Root 3 follows root 2 and is good until 2027-03-01.",
        f"  The root keys stay: {ANNA.key_id}, {IVO.key_id}, {NOOR.key_id}.",
        f"  It leaves out edition key {OLD.key_id}.",
    )
    root = root_after(FIRST.root, now=NOW, keys=[ANNA.public_key, STRANGER.public_key], threshold=1)
    assert Proposal.of([FIRST.to_bytes()], [root]).changes()[1:] == (
        f"  It names a NEW root key: {STRANGER.key_id}.",
        f"  It leaves out root key {IVO.key_id}.",
        f"  It leaves out root key {NOOR.key_id}.",
        f"  The edition keys stay: {OLD.key_id}.",
        "  From then on 1 of 2 root keys must sign, not 2 of 3.",
    )


def test_the_code_is_of_what_is_signed() -> None:
    asked = a_rotation()
    assert asked.code == carried(asked).signed_by(ANNA).code
    other = Proposal.of([FIRST.to_bytes()], [root_after(FIRST.root, now=NOW + timedelta(seconds=1))])
    assert asked.code != other.code
    with pytest.raises(KeyRefusedError, match="not the same proposal"):
        merged([asked, other])


def test_a_keeper_can_check_that_it_is_about_their_site() -> None:
    stranger = first_root([STRANGER], [OLD.public_key], now=NOW)
    asked = Proposal.of([stranger.to_bytes()], [root_after(stranger.root, now=NOW)])
    with pytest.raises(EditionBrokenError, match="another site"):
        asked.known_as(FIRST.root.site_id)
    assert a_rotation().known_as(FIRST.root.site_id) == (FIRST.root,)


def altered(change: Callable[[dict], object]) -> bytes:
    """The file of a proposal that Anna signed, altered on its way."""
    fields = json.loads(a_rotation().signed_by(ANNA).to_bytes())
    change(fields)
    return json.dumps(fields).encode()


def a_root_of_a_stranger(fields: dict) -> None:
    follower = next_root(FIRST.root, [ANNA, IVO], now=NOW)
    fields["chain"].append(json.loads(SignedRoot(root=follower.root, signatures={}).to_bytes()))


@pytest.mark.parametrize(
    "change",
    [
        lambda fields: fields["roots"].reverse(),
        lambda fields: fields["roots"].pop(),
        lambda fields: fields["roots"].clear(),
        lambda fields: fields["chain"].clear(),
        lambda fields: fields["chain"][0]["root"].update(threshold=1),
        lambda fields: fields["roots"][0].update(site="0" * 64),
        lambda fields: fields["roots"][0].update(threshold=9),
        lambda fields: fields["signatures"][0].update({ANNA.key_id: "?"}),
        lambda fields: fields.update(signatures={}),
        lambda fields: fields.pop("chain"),
        a_root_of_a_stranger,
    ],
)
def test_a_file_that_was_cut_or_bent_is_no_proposal(change: Callable[[dict], object]) -> None:
    with pytest.raises(EditionBrokenError):
        Proposal.from_bytes(altered(change))


@pytest.mark.parametrize("file", [b"", b"[]", b"{", b'{"roots": 1}', b"[" * 50_000, b" " * 200_000])
def test_any_other_file_is_no_proposal(file: bytes) -> None:
    with pytest.raises(EditionBrokenError, match="not a proposal"):
        Proposal.from_bytes(file)


def test_a_root_that_was_altered_after_it_was_signed_has_no_signature_left() -> None:
    file = altered(lambda fields: fields["roots"][0].update(edition_keys=fields["roots"][0]["edition_keys"][:1]))
    assert Proposal.from_bytes(file).signers() == ()


def test_a_keepers_public_half_comes_back_from_its_file_and_a_bent_one_does_not() -> None:
    file = public_key_file(ANNA.public_key)
    assert read_public_key(file) == ANNA.public_key
    for bent in (file.replace(b'"id": "', b'"id": "0'), b"{}", b"", PrivateKey.make().public_key):
        with pytest.raises(KeyRefusedError):
            read_public_key(bent)
