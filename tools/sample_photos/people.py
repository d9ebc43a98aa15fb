"""Portraits of the newsroom's people: back-lit profiles that keep their faces to themselves."""

from collections.abc import Sequence

import numpy as np
from PIL import Image

from sample_photos.light import Array, Canvas, Point, ramp, smooth, soften
from sample_photos.scene import portrait

# A face from the hairline to the collar, looking left: x from the nose's root, y down, the head one high.
FACE = (
    (0.30, 0.02),
    (0.15, 0.09),
    (0.07, 0.2),
    (0.045, 0.31),
    (0.04, 0.37),
    (0.065, 0.425),
    (0.045, 0.49),
    (0.0, 0.575),
    (-0.035, 0.625),
    (-0.02, 0.655),
    (0.045, 0.675),
    (0.05, 0.7),
    (0.022, 0.735),
    (0.035, 0.755),
    (0.055, 0.765),
    (0.038, 0.785),
    (0.04, 0.815),
    (0.075, 0.845),
    (0.065, 0.89),
    (0.075, 0.94),
    (0.12, 0.985),
    (0.2, 0.995),
    (0.3, 0.975),
    (0.4, 0.95),
    (0.44, 1.02),
    (0.43, 1.15),
    (0.38, 1.3),
)
BACK = (
    (0.86, 1.3),
    (0.83, 1.12),
    (0.84, 0.98),
    (0.9, 0.84),
    (0.975, 0.66),
    (0.985, 0.45),
    (0.93, 0.24),
    (0.8, 0.09),
    (0.62, 0.01),
    (0.45, -0.015),
)


class Sitter:
    """A head in profile: where it is, how large, which way it looks."""

    def __init__(
        self, canvas: Canvas, *, x: float = 0.3, crown: float = 0.16, size: float = 0.5, looks: int = -1, nod: float = 0
    ) -> None:
        self.canvas, self.x, self.crown, self.size, self.looks, self.nod = canvas, x, crown, size, looks, nod

    def at(self, dx: float, dy: float) -> Point:
        """A place of the head, in the picture; all sitters tilt around the neck."""
        turn = self.nod * max(0.0, 1.2 - dy)
        x = self.x + (dx + turn) * self.size
        return (x if self.looks < 0 else 1 - x, self.crown + dy * self.size)

    def points(self, places: Sequence[Point]) -> list[Point]:
        """Many places at once."""
        return [self.at(*place) for place in places]

    def head(self, *, features: Sequence[Point] = FACE) -> Array:
        """The mask of face, skull and neck."""
        return self.canvas.stencil().curve(self.points([*features, *BACK])).mask(0.0012)

    def cut(self, *shapes: Sequence[Point]) -> Array:
        """The mask of smooth shapes in the head's own places."""
        card = self.canvas.stencil()
        for shape in shapes:
            card.curve(self.points(shape))
        return card.mask(0.0012)

    def shoulders(self, *, collar: float = 1.2, slope: float = 0.2, front: float = -0.25, back: float = 1.55) -> Array:
        """The mask of the chest and back."""
        return self.cut(
            (
                (0.36, collar + 0.02),
                (0.28, collar + 0.14),
                (0.05, collar + slope),
                (front, collar + slope + 0.22),
                (front - 0.12, 2.3),
                (0.5, 2.6),
                (back + 0.12, 2.4),
                (back, collar + slope + 0.16),
                (1.2, collar + slope - 0.06),
                (0.96, collar + 0.02),
                (0.84, collar - 0.12),
                (0.6, collar),
            )
        )

    def model(self, mask: Array, colour: str, rim: str, *, strength: float = 0.9, side: float = 1) -> None:
        """Paint a part dark and let the light behind run round its edge."""
        towards = (-side if self.looks < 0 else side, -0.45)
        self.canvas.paint(mask, colour)
        self.canvas.form(mask, rim, towards=towards, depth=0.05, strength=strength * 0.32)
        self.canvas.form(mask, rim, towards=towards, depth=0.014, strength=strength * 0.55)
        self.canvas.form(mask, rim, towards=towards, depth=0.004, strength=strength * 0.7)

    def ear(self, colour: str, rim: str) -> None:
        """A hint of an ear."""
        shape = self.cut(((0.52, 0.5), (0.58, 0.45), (0.65, 0.48), (0.64, 0.58), (0.58, 0.68), (0.53, 0.66)))
        self.canvas.paint(shape, colour, 0.7)
        self.canvas.form(shape, rim, towards=(self.looks, -0.5), depth=0.006, strength=0.35)

    def jaw(self, strength: float = 0.35) -> None:
        """The shadow that parts jaw and neck, and the one under the brow."""
        under = self.cut(
            ((0.16, 0.99), (0.36, 0.95), (0.53, 0.78), (0.56, 0.84), (0.5, 1.05), (0.44, 1.25), (0.38, 1.1))
        )
        self.canvas.shade(np.asarray(_soft(self.canvas, under, 0.012)), strength)
        socket = self.cut(((0.075, 0.42), (0.15, 0.39), (0.25, 0.42), (0.2, 0.48), (0.1, 0.47)))
        self.canvas.shade(_soft(self.canvas, socket, 0.008), strength * 1.1)

    def strands(self, mask: Array, rim: str, *, flow: float = 0.25, strength: float = 0.35) -> None:
        """Light caught in hair: fine streaks that follow `flow`."""
        canvas = self.canvas
        bend = canvas.noise(0.6, 2) * 0.3
        across = canvas.x * np.cos(flow) + canvas.y * np.sin(flow) + bend
        combs = canvas.rng.uniform(0, 1, 260).astype(np.float32)
        fine = np.interp(across.ravel(), np.linspace(-0.5, 2, combs.size), combs).reshape(across.shape)
        inner = _soft(canvas, mask, 0.03)
        sheen = ramp(0.5, 0.75, canvas.noise(0.25, 2)) * 0.5 + 0.35
        canvas.light((mask * fine**2 * sheen * (1.3 - inner)).astype(np.float32), rim, strength)
        canvas.shade((mask * (1 - fine) ** 2).astype(np.float32), 0.35)


def _soft(canvas: Canvas, mask: Array, radius: float) -> Array:
    return soften(mask, radius * canvas.height)


def _bokeh(
    canvas: Canvas, colours: Sequence[str], *, count: int, low: float = 0.1, high: float = 0.8, size: float = 0.04
) -> None:
    """Lights far out of focus."""
    for _ in range(count):
        r = canvas.rng.uniform(0.4, 1) * size
        spot = canvas.stencil().ellipse(canvas.rng.uniform(0, 1), canvas.rng.uniform(low, high), r).mask(0.004)
        canvas.light(spot, colours[int(canvas.rng.integers(0, len(colours)))], canvas.rng.uniform(0.12, 0.4))


HAIR_SHORT = (
    (0.17, 0.1),
    (0.3, -0.02),
    (0.55, -0.055),
    (0.82, 0.03),
    (0.98, 0.22),
    (1.02, 0.5),
    (0.97, 0.74),
    (0.87, 0.88),
    (0.8, 0.78),
    (0.7, 0.68),
    (0.64, 0.46),
    (0.55, 0.42),
    (0.5, 0.5),
    (0.44, 0.36),
    (0.32, 0.24),
    (0.18, 0.2),
)


def mira(canvas: Canvas) -> Image.Image:
    """Hair pinned up, before a window over the sea."""
    canvas.wash((0, "#a9c0c9"), (0.45, "#e9e6d8"), (0.56, "#cdd6d2"), (0.58, "#7f9aa3"), (1, "#4d6670"))
    canvas.clouds("#ffffff", scale=0.4, cover=0.5, strength=0.5)
    canvas.light(ramp(0.45, 0.75, canvas.noise(0.04, 4, stretch=7)) * canvas.below(0.58), "#ffffff", 0.4)
    canvas.blur(0.012)
    frame = canvas.stencil().box(0.045, -0.1, 0.08, 1.1).box(-0.1, 0.72, 1.1, 0.75).mask(0.005)
    canvas.paint(frame, "#5d6a6c", 0.8)
    canvas.sun(0.1, 0.3, 0.3, "#fff8e4", 0.5)
    sitter = Sitter(canvas, x=0.33, crown=0.16)
    rim = "#fff3dc"
    sitter.model(sitter.head(), "#4a3b3a", rim)
    sitter.jaw()
    sitter.ear("#3b2c2b", rim)
    bun = sitter.cut(((0.92, 0.02), (1.06, -0.06), (1.2, 0.04), (1.2, 0.22), (1.08, 0.3), (0.94, 0.22)))
    sitter.model(bun, "#2b2322", rim, strength=0.7)
    sitter.strands(bun, "#ffe3bd", flow=1.1)
    hair = sitter.cut(
        (
            (0.14, 0.12),
            (0.28, -0.04),
            (0.55, -0.075),
            (0.85, 0.0),
            (1.03, 0.22),
            (1.03, 0.5),
            (0.92, 0.72),
            (0.8, 0.74),
            (0.7, 0.58),
            (0.6, 0.43),
            (0.42, 0.34),
            (0.24, 0.24),
        )
    )
    sitter.model(hair, "#2b2322", rim, strength=0.7)
    sitter.strands(hair, "#ffe3bd", flow=-0.5)
    coat = sitter.shoulders(collar=1.2)
    sitter.model(coat, "#1f2d35", rim, strength=0.8)
    collar = sitter.cut(
        ((0.3, 1.2), (0.46, 1.12), (0.66, 1.13), (0.88, 1.02), (0.97, 1.1), (0.9, 1.26), (0.6, 1.34), (0.34, 1.36))
    )
    sitter.model(collar, "#26363f", rim, strength=0.7)
    earring = canvas.stencil().ellipse(*sitter.at(0.57, 0.72), 0.006).mask(0.001)
    canvas.light(earring, "#ffffff", 0.9)
    return canvas.finish(shadows="#14222e", highlights="#fff3df", toning=0.28, contrast=0.25, bloom=0.3)


def tomas(canvas: Canvas) -> Image.Image:
    """Beard and glasses by a warm lamp."""
    canvas.wash((0, "#23170f"), (0.5, "#5b3a20"), (1, "#1d120c"))
    shelves = canvas.stencil()
    for y in (0.12, 0.36, 0.6, 0.84):
        shelves.box(-0.1, y, 1.1, y + 0.02)
        x = -0.05
        while x < 1.05:
            wide = canvas.rng.uniform(0.02, 0.045)
            shelves.box(x, y - canvas.rng.uniform(0.12, 0.19), x + wide - 0.004, y, canvas.rng.uniform(0.2, 0.8))
            x += wide
    canvas.paint(shelves.mask(0.01), "#2b1a10", 0.7)
    canvas.sun(0.1, 0.36, 0.16, "#ffca7a", 0.85)
    canvas.blur(0.012)
    sitter = Sitter(canvas, x=0.34, crown=0.16, nod=-0.03)
    rim = "#ffc985"
    sitter.model(sitter.head(), "#37221a", rim)
    sitter.jaw()
    sitter.ear("#2b1912", rim)
    hair = sitter.cut(HAIR_SHORT)
    sitter.model(hair, "#1e130e", rim, strength=0.7)
    sitter.strands(hair, "#ffb566", flow=-0.4)
    coat = sitter.shoulders(collar=1.24)
    beard = sitter.cut(
        (
            (0.045, 0.7),
            (0.02, 0.74),
            (0.1, 0.77),
            (0.06, 0.83),
            (0.03, 0.92),
            (0.06, 1.05),
            (0.16, 1.12),
            (0.3, 1.08),
            (0.45, 0.98),
            (0.6, 0.8),
            (0.64, 0.58),
            (0.55, 0.56),
            (0.5, 0.7),
            (0.34, 0.74),
            (0.2, 0.7),
        )
    )
    sitter.model(coat, "#1a1512", rim, strength=0.7)
    sitter.model(beard, "#22150f", rim, strength=0.75)
    sitter.strands(beard, "#ffb566", flow=0.3)
    _glasses(sitter, rim)
    return canvas.finish(shadows="#150c0c", highlights="#ffe3b3", toning=0.22, contrast=0.28, bloom=0.3)


def _glasses(sitter: Sitter, rim: str) -> None:
    """A lens edge-on before the eye and an arm to the ear."""
    card = sitter.canvas.stencil()
    card.line(sitter.points([(0.06, 0.42), (0.05, 0.47), (0.07, 0.54)]), 0.007)
    card.line(
        sitter.points(smooth([(0.06, 0.41), (0.16, 0.4), (0.2, 0.46), (0.16, 0.54), (0.08, 0.55)], closed=False)), 0.005
    )
    card.line(sitter.points([(0.18, 0.43), (0.56, 0.47)]), 0.007)
    sitter.canvas.paint(card.mask(0.0008), "#0d0a09")
    sitter.canvas.form(card.mask(0.0008), rim, towards=(sitter.looks, -1), depth=0.002, strength=0.8)
    lens = sitter.cut(((0.07, 0.42), (0.15, 0.41), (0.19, 0.46), (0.15, 0.53), (0.08, 0.54)))
    sitter.canvas.light(lens, rim, 0.2)


def jonas(canvas: Canvas) -> Image.Image:
    """Short hair, a collar, a pale green sky."""
    canvas.wash((0, "#8fb0a0"), (0.6, "#dfe6c8"), (0.8, "#f1e3b8"), (1, "#b9b08a"))
    towers = canvas.stencil()
    for x, wide, top in ((0.0, 0.12, 0.55), (0.14, 0.08, 0.64), (0.74, 0.1, 0.6), (0.86, 0.2, 0.48)):
        towers.box(x, top, x + wide, 1.1)
    canvas.paint(towers.mask(0.006), "#9aa98a", 0.75)
    canvas.blur(0.012)
    sitter = Sitter(canvas, x=0.3, crown=0.17, looks=1)
    rim = "#fffbe0"
    sitter.model(sitter.head(), "#4a4436", rim)
    sitter.jaw()
    sitter.ear("#3a3428", rim)
    hair = sitter.cut(
        (
            (0.15, 0.13),
            (0.26, -0.03),
            (0.5, -0.06),
            (0.8, 0.02),
            (0.97, 0.22),
            (1.0, 0.48),
            (0.94, 0.72),
            (0.86, 0.8),
            (0.74, 0.66),
            (0.66, 0.44),
            (0.56, 0.42),
            (0.5, 0.46),
            (0.46, 0.3),
            (0.3, 0.2),
        )
    )
    sitter.model(hair, "#2c2a20", rim, strength=0.75)
    sitter.strands(hair, "#fff2c4", flow=0.5, strength=0.25)
    coat = sitter.shoulders(collar=1.24, slope=0.18)
    shirt = sitter.cut(
        ((0.3, 1.26), (0.42, 1.08), (0.6, 1.12), (0.88, 1.0), (0.95, 1.08), (0.86, 1.24), (0.5, 1.36), (0.34, 1.42))
    )
    sitter.model(coat, "#243630", rim, strength=0.85)
    sitter.model(shirt, "#8d9a86", rim, strength=0.6)
    seam = canvas.stencil().stroke(sitter.points([(0.4, 1.4), (0.22, 1.56), (0.3, 1.72), (0.2, 2.1)]), 0.004)
    canvas.shade(seam.mask(0.002), 0.5)
    return canvas.finish(shadows="#10261f", highlights="#fff8d4", toning=0.28, contrast=0.3, bloom=0.25)


def sabina(canvas: Canvas) -> Image.Image:
    """A bob before red stage light."""
    canvas.wash((0, "#2b0a14"), (0.5, "#8d1f2c"), (1, "#2a0912"))
    canvas.light(canvas.around(0.28, 0.35, 0.4), "#ff6a50", 0.7)
    folds = 0.5 + 0.5 * np.sin(canvas.x * 48 + 3 * np.sin(canvas.x * 7))
    canvas.shade(folds.astype(np.float32) * ramp(0.2, 0.9, canvas.x), 0.4)
    _bokeh(canvas, ("#ffb07a", "#ff7a6a"), count=9, high=0.4)
    canvas.blur(0.008)
    sitter = Sitter(canvas, x=0.33, crown=0.16, nod=0.02)
    rim = "#ffb59a"
    sitter.model(sitter.head(), "#3b1820", rim)
    sitter.jaw()
    coat = sitter.shoulders(collar=1.22, slope=0.24, back=1.4)
    sitter.model(coat, "#14090e", rim, strength=0.75)
    neck = sitter.cut(((0.36, 1.3), (0.43, 1.08), (0.62, 1.1), (0.85, 1.06), (0.9, 1.24), (0.6, 1.34)))
    sitter.model(neck, "#1c0c12", rim, strength=0.6)
    bob = sitter.cut(
        (
            (0.1, 0.24),
            (0.14, 0.08),
            (0.3, -0.05),
            (0.58, -0.085),
            (0.88, 0.0),
            (1.06, 0.24),
            (1.09, 0.56),
            (1.07, 0.88),
            (0.98, 1.04),
            (0.8, 1.03),
            (0.6, 0.98),
            (0.4, 0.9),
            (0.36, 0.84),
            (0.42, 0.66),
            (0.4, 0.48),
            (0.3, 0.33),
            (0.12, 0.36),
        )
    )
    sitter.model(bob, "#1a0a10", rim, strength=0.8)
    sitter.strands(bob, "#ff9a7d", flow=0.15, strength=0.4)
    return canvas.finish(shadows="#14060f", highlights="#ffd9c4", toning=0.2, contrast=0.3, bloom=0.3)


def arman(canvas: Canvas) -> Image.Image:
    """Curls and a scarf at sunset over the sea."""
    canvas.wash(
        (0, "#3d4a78"), (0.35, "#b9718a"), (0.58, "#ffb56b"), (0.64, "#ffd08a"), (0.65, "#8d5a6a"), (1, "#32304f")
    )
    canvas.clouds("#e5866f", scale=0.2, cover=0.4, stretch=6, strength=0.5)
    canvas.sun(0.84, 0.58, 0.08, "#fff3c4", 0.95)
    canvas.light(
        np.exp(-(((canvas.x - 0.84) / 0.09) ** 2)).astype(np.float32)
        * canvas.below(0.65)
        * canvas.noise(0.02, 3, stretch=8),
        "#ffdf9a",
        0.9,
    )
    canvas.blur(0.01)
    sitter = Sitter(canvas, x=0.28, crown=0.17, looks=1)
    rim = "#ffd395"
    sitter.model(sitter.head(), "#3a2530", rim)
    sitter.jaw()
    sitter.ear("#2b1a25", rim)
    sitter.model(sitter.shoulders(collar=1.26), "#1d1c33", rim, strength=0.75)
    scarf = sitter.cut(
        (
            (0.2, 1.2),
            (0.34, 1.06),
            (0.6, 1.1),
            (0.86, 0.98),
            (1.02, 1.04),
            (1.04, 1.2),
            (0.9, 1.34),
            (0.6, 1.44),
            (0.3, 1.44),
            (0.18, 1.34),
        ),
        ((0.3, 1.36), (0.52, 1.36), (0.56, 1.7), (0.5, 2.2), (0.26, 2.2), (0.3, 1.7)),
    )
    sitter.model(scarf, "#7a2f35", rim, strength=0.75)
    canvas.shade(scarf * (0.5 + 0.5 * np.sin((canvas.x * 0.6 + canvas.y) * 120)) ** 2, 0.3)
    curls = canvas.stencil()
    outline = smooth(
        sitter.points(
            [
                (0.16, 0.14),
                (0.24, -0.02),
                (0.48, -0.1),
                (0.8, -0.04),
                (1.02, 0.18),
                (1.07, 0.46),
                (1.0, 0.72),
                (0.88, 0.84),
            ],
        ),
        6,
        closed=False,
    )
    for x, y in outline:
        curls.ellipse(x + canvas.rng.normal(0, 0.006), y + canvas.rng.normal(0, 0.006), canvas.rng.uniform(0.02, 0.036))
    curls.curve(
        sitter.points(
            [
                (0.18, 0.12),
                (0.3, -0.02),
                (0.5, -0.06),
                (0.8, 0.0),
                (0.99, 0.2),
                (1.02, 0.5),
                (0.95, 0.74),
                (0.84, 0.8),
                (0.72, 0.66),
                (0.64, 0.42),
                (0.48, 0.4),
                (0.42, 0.28),
            ]
        )
    )
    hair = curls.mask(0.0012)
    sitter.model(hair, "#1c1220", rim, strength=0.8)
    knots = ramp(0.52, 0.66, canvas.noise(0.035, 2))
    canvas.form(knots * hair, rim, towards=(1, -0.6), depth=0.004, strength=0.35)
    return canvas.finish(shadows="#12123a", highlights="#ffe4bd", toning=0.2, contrast=0.28, bloom=0.35)


def nina(canvas: Canvas) -> Image.Image:
    """A hood, a camera, a misty shore."""
    canvas.wash((0, "#bcc8c9"), (0.5, "#dfe2da"), (0.7, "#b3bfbd"), (1, "#6f8083"))
    canvas.paint(canvas.below(canvas.ridge(0.56, 0.05, 0.4)), "#a3b2b4", 0.8)
    canvas.paint(canvas.below(canvas.ridge(0.66, 0.03, 0.3)), "#8397a0", 0.7)
    canvas.light(ramp(0.5, 0.8, canvas.noise(0.05, 4, stretch=7)) * canvas.below(0.74), "#ffffff", 0.4)
    canvas.blur(0.012)
    sitter = Sitter(canvas, x=0.42, crown=0.19, size=0.46)
    rim = "#f7fbf4"
    sitter.model(sitter.head(), "#3d3f42", rim, strength=0.8)
    sitter.model(sitter.shoulders(collar=1.2, slope=0.26), "#27343b", rim, strength=0.75)
    hood = sitter.cut(
        (
            (0.13, 0.16),
            (0.2, -0.02),
            (0.45, -0.13),
            (0.8, -0.1),
            (1.08, 0.12),
            (1.18, 0.5),
            (1.16, 0.9),
            (1.1, 1.24),
            (0.8, 1.36),
            (0.42, 1.34),
            (0.3, 1.18),
            (0.38, 1.02),
            (0.5, 0.86),
            (0.44, 0.6),
            (0.3, 0.4),
            (0.2, 0.3),
        )
    )
    sitter.model(hood, "#2c3a42", rim, strength=0.8)
    lining = sitter.cut(
        (
            (0.16, 0.2),
            (0.24, 0.3),
            (0.38, 0.46),
            (0.5, 0.7),
            (0.5, 0.86),
            (0.42, 0.98),
            (0.5, 1.0),
            (0.6, 0.8),
            (0.56, 0.5),
            (0.4, 0.26),
            (0.24, 0.14),
        )
    )
    canvas.shade(_soft(canvas, lining, 0.006), 0.5)
    sleeve = sitter.cut(
        (
            (0.75, 1.6),
            (0.45, 1.42),
            (0.22, 1.12),
            (0.04, 0.84),
            (-0.1, 0.78),
            (-0.24, 0.9),
            (-0.22, 1.04),
            (-0.12, 1.3),
            (-0.02, 1.62),
            (0.1, 1.85),
            (0.3, 2.2),
            (0.8, 2.2),
        )
    )
    camera = (
        canvas.stencil()
        .polygon(sitter.points([(-0.16, 0.36), (0.04, 0.36), (0.06, 0.7), (-0.16, 0.7)]))
        .polygon(sitter.points([(-0.1, 0.3), (0.01, 0.3), (0.02, 0.37), (-0.12, 0.37)]))
    )
    camera.polygon(sitter.points([(-0.52, 0.41), (-0.15, 0.43), (-0.15, 0.65), (-0.52, 0.67)])).polygon(
        sitter.points([(-0.57, 0.385), (-0.5, 0.395), (-0.5, 0.685), (-0.57, 0.695)])
    )
    sitter.model(camera.mask(0.001), "#14181b", rim, strength=0.75)
    rings = canvas.stencil()
    for ring in (-0.42, -0.3, -0.24):
        rings.line(sitter.points([(ring, 0.42), (ring, 0.66)]), 0.0035)
    canvas.light(rings.mask(0.001), "#ffffff", 0.18)
    sitter.model(sleeve, "#2a373e", rim, strength=0.75)
    hand = sitter.cut(
        (
            (-0.3, 0.64),
            (-0.4, 0.66),
            (-0.42, 0.72),
            (-0.34, 0.78),
            (-0.28, 0.9),
            (-0.14, 0.94),
            (-0.02, 0.84),
            (-0.06, 0.72),
            (-0.18, 0.67),
        )
    )
    sitter.model(hand, "#4f4a47", rim, strength=0.8)
    return canvas.finish(shadows="#15232b", highlights="#fbf8ec", toning=0.28, contrast=0.3, bloom=0.2)


def ilse(canvas: Canvas) -> Image.Image:
    """Long hair in blue evening light."""
    canvas.wash((0, "#16254a"), (0.5, "#33528a"), (0.8, "#5a78a5"), (1, "#1a2a4c"))
    _bokeh(canvas, ("#ffd08a", "#ffb060", "#ffe6b8", "#9fc4ff"), count=26, low=0.3, high=0.85, size=0.05)
    canvas.light(canvas.around(0.1, 0.4, 0.3), "#8fb4ea", 0.35)
    sitter = Sitter(canvas, x=0.32, crown=0.16, nod=-0.02)
    rim = "#cfe2ff"
    sitter.model(sitter.shoulders(collar=1.22, slope=0.22), "#141f3a", rim, strength=0.7)
    sitter.model(sitter.head(), "#263452", rim)
    sitter.jaw()
    hair = sitter.cut(
        (
            (0.13, 0.13),
            (0.28, -0.04),
            (0.56, -0.08),
            (0.86, 0.0),
            (1.05, 0.24),
            (1.08, 0.6),
            (1.14, 1.0),
            (1.2, 1.4),
            (1.22, 1.8),
            (1.1, 2.1),
            (0.86, 2.0),
            (0.66, 1.7),
            (0.56, 1.4),
            (0.6, 1.1),
            (0.55, 0.8),
            (0.5, 0.56),
            (0.36, 0.34),
            (0.22, 0.24),
        )
    )
    sitter.model(hair, "#111a30", rim, strength=0.75)
    sitter.strands(hair, "#bcd4ff", flow=0.12, strength=0.38)
    lock = sitter.cut(
        ((0.36, 0.3), (0.46, 0.4), (0.52, 0.62), (0.56, 0.9), (0.6, 1.2), (0.52, 1.1), (0.46, 0.8), (0.42, 0.55))
    )
    canvas.light(_soft(canvas, lock, 0.003) * canvas.noise(0.1, 3), "#a9c6f5", 0.25)
    return canvas.finish(shadows="#0a1436", highlights="#ffeed4", toning=0.2, contrast=0.28, bloom=0.35)


def pavel(canvas: Canvas) -> Image.Image:
    """A flat cap in grey winter light."""
    canvas.wash((0, "#c6c9cb"), (0.6, "#e4e3df"), (1, "#a9adae"))
    branches = canvas.stencil()

    def grow(x: float, y: float, angle: float, length: float, breadth: float) -> None:
        if length < 0.02:
            return
        to = (x + np.sin(angle) * length, y - np.cos(angle) * length)
        branches.line([(x, y), to], breadth)
        for turn in (-0.42, 0.38):
            grow(*to, angle + turn + canvas.rng.normal(0, 0.14), length * canvas.rng.uniform(0.66, 0.8), breadth * 0.66)

    grow(0.86, 0.95, -0.1, 0.25, 0.028)
    grow(0.06, 1.0, 0.12, 0.22, 0.02)
    canvas.paint(branches.mask(0.005), "#8b9093", 0.8)
    canvas.blur(0.006)
    sitter = Sitter(canvas, x=0.31, crown=0.16, nod=-0.06, looks=1)
    rim = "#ffffff"
    old = tuple((x - (0.02 if 0.5 < y < 0.64 else 0), y) for x, y in FACE)
    sitter.model(sitter.head(features=old), "#4b4744", rim)
    sitter.jaw(0.45)
    sitter.ear("#3d3936", rim)
    lines = canvas.stencil()
    for places in (
        ((0.2, 0.46), (0.26, 0.45), (0.3, 0.47)),
        ((0.2, 0.48), (0.26, 0.5), (0.29, 0.53)),
        ((0.13, 0.66), (0.17, 0.72), (0.15, 0.79)),
    ):
        lines.stroke(sitter.points(places), 0.004)
    canvas.shade(lines.mask(0.002), 0.4)
    fringe = sitter.cut(
        ((0.62, 0.34), (0.94, 0.36), (0.98, 0.6), (0.93, 0.82), (0.85, 0.86), (0.76, 0.7), (0.66, 0.6)),
        ((0.53, 0.4), (0.57, 0.4), (0.57, 0.52), (0.54, 0.5)),
    )
    sitter.model(fringe, "#8f8d8a", rim, strength=0.6)
    sitter.strands(fringe, "#ffffff", flow=0.4, strength=0.3)
    sitter.model(sitter.shoulders(collar=1.16, slope=0.2), "#2b2e31", rim, strength=0.7)
    collar = sitter.cut(
        (
            (0.22, 1.4),
            (0.34, 1.1),
            (0.6, 1.08),
            (0.86, 0.86),
            (1.02, 0.9),
            (1.08, 1.12),
            (0.95, 1.34),
            (0.6, 1.46),
            (0.36, 1.56),
        )
    )
    sitter.model(collar, "#33373a", rim, strength=0.75)
    cap = sitter.cut(
        (
            (-0.12, 0.28),
            (-0.02, 0.18),
            (0.1, 0.06),
            (0.34, -0.08),
            (0.66, -0.12),
            (0.94, 0.0),
            (1.06, 0.2),
            (1.02, 0.36),
            (0.8, 0.38),
            (0.5, 0.34),
            (0.2, 0.28),
            (0.05, 0.3),
        )
    )
    sitter.model(cap, "#393532", rim, strength=0.75)
    weave = (0.5 + 0.5 * np.sin(canvas.x * 330)) * (0.5 + 0.5 * np.sin(canvas.y * 330))
    canvas.light(cap * weave, "#ffffff", 0.08)
    brim = sitter.cut(((-0.14, 0.3), (-0.04, 0.22), (0.12, 0.2), (0.24, 0.27), (0.05, 0.31)))
    sitter.model(brim, "#2c2927", rim, strength=0.7)
    canvas.snow(90, size=0.004, strength=0.6)
    return canvas.finish(shadows="#1c2226", highlights="#fbf9f4", toning=0.35, contrast=0.3, bloom=0.2)


SCENES = {
    "person-mira-halden": portrait(mira),
    "person-tomas-venn": portrait(tomas),
    "person-jonas-reth": portrait(jonas),
    "person-sabina-kell": portrait(sabina),
    "person-arman-daye": portrait(arman),
    "person-nina-solberg": portrait(nina),
    "person-ilse-marr": portrait(ilse),
    "person-pavel-strand": portrait(pavel),
}
