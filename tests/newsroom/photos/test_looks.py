"""A look stays nearly the same through what happens to pictures, and tells one picture from another."""

import random
from itertools import combinations

import pytest
from PIL import Image

from stet.newsroom.photos.looks import NEAR, around, bands, distance, look_of
from tests.newsroom.photos.builders import a_scene, copies


@pytest.mark.parametrize("how", copies(a_scene()))
@pytest.mark.parametrize("seed", [1, 2])
def test_a_picture_looks_as_before_when_it_is(how: str, seed: int) -> None:
    scene = a_scene(seed)
    look, other = look_of(scene), look_of(copies(scene)[how])
    assert look is not None
    assert other is not None
    assert distance(look, other) <= NEAR


def test_other_pictures_look_otherwise() -> None:
    found = [look for seed in range(20) if (look := look_of(a_scene(seed))) is not None]
    assert len(found) == 20
    assert min(distance(one, other) for one, other in combinations(found, 2)) > NEAR


@pytest.mark.parametrize("picture", [Image.new("RGB", (90, 60), "teal"), Image.new("RGBA", (9, 9), (0, 0, 0, 0))])
def test_a_plain_picture_has_no_look(picture: Image.Image) -> None:
    assert look_of(picture) is None


def test_a_look_fits_into_a_databases_number() -> None:
    for seed in range(8):
        look = look_of(a_scene(seed))
        assert look is not None
        assert -(2**63) <= look < 2**63
        assert all(0 <= band < 2**16 for band in bands(look))


def test_whatever_seven_bits_differ_some_band_differs_in_one_at_most() -> None:
    dice = random.Random(7)
    for _ in range(2_000):
        look = dice.getrandbits(63)
        other = look
        for bit in dice.sample(range(63), dice.randrange(8)):
            other ^= 1 << bit
        shared = [theirs in set(around(ours)) for ours, theirs in zip(bands(look), bands(other), strict=True)]
        assert any(shared)
