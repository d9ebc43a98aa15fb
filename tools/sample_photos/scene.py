"""What a scene is: a size and the function that paints it."""

from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image

from sample_photos.light import Canvas


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture that can be drawn."""

    draw: Callable[[Canvas], Image.Image]
    height: int = 1067
    ratio: float = 1.5


def portrait(draw: Callable[[Canvas], Image.Image]) -> Scene:
    """A square scene of a person."""
    return Scene(draw, height=800, ratio=1.0)
