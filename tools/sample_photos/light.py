"""A canvas that is painted with light: gradients, noise, stencils, haze, reflections, film.

The rules:
 * Lengths and places are in heights of the picture: (0, 0) is top left, (ratio, 1) bottom right.
 * A mask is an array of 0..1, one value a pixel; colours are "#rrggbb" or arrays of 0..1.
 * The same seed paints the same picture at every size.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Array = NDArray[np.float32]
Point = tuple[float, float]
Colour = str | Array

OVERSAMPLING = 2


def rgb(colour: Colour) -> Array:
    """The colour as three numbers of 0..1; arrays pass as they are."""
    if not isinstance(colour, str):
        return colour
    digits = colour.lstrip("#")
    return np.array([int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)], dtype=np.float32)


def ramp(low: float, high: float, values: Any) -> Any:
    """Rise smoothly from 0 at `low` to 1 at `high`; `low` may be the larger."""
    t = np.clip((values - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def soften(values: Array, radius: float) -> Array:
    """Blur by about `radius` pixels: three box blurs each way, on a smaller copy when the radius is wide."""
    if radius < 0.4:
        return values
    if values.ndim == 3:
        return np.stack([soften(values[..., i], radius) for i in range(values.shape[2])], axis=-1)
    factor = max(1, int(radius / 5))
    if factor > 1:
        height, width = values.shape
        small = resized(values, max(2, width // factor), max(2, height // factor))
        return resized(soften(small, radius / factor), width, height)
    reach = max(1, round(radius * 0.95))
    for _ in range(3):
        values = _box(_box(values, reach).T, reach).T
    return values


def _box(values: Array, reach: int) -> Array:
    padded = np.pad(values, ((reach + 1, reach), (0, 0)), mode="edge")
    total = np.cumsum(padded, axis=0, dtype=np.float64)
    span = 2 * reach + 1
    return ((total[span:] - total[:-span]) / span).astype(np.float32)


def resized(values: Array, width: int, height: int) -> Array:
    """The values at another size, smoothly."""
    image = Image.fromarray(np.ascontiguousarray(values, dtype=np.float32))
    return np.asarray(image.resize((width, height), Image.Resampling.BICUBIC), dtype=np.float32)


def smooth(points: Sequence[Point], steps: int = 10, *, closed: bool = True) -> list[Point]:
    """A Catmull-Rom curve through the points."""
    knots = np.array(points, dtype=np.float64)
    before = np.roll(knots, 1, 0) if closed else np.vstack([knots[:1], knots[:-1]])
    after = np.roll(knots, -1, 0) if closed else np.vstack([knots[1:], knots[-1:]])
    later = np.roll(knots, -2, 0) if closed else np.vstack([knots[2:], knots[-1:], knots[-1:]])
    curve: list[Point] = []
    for a, b, c, d in zip(before, knots, after, later, strict=True):
        for t in np.linspace(0, 1, steps, endpoint=False):
            p = 2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
            curve.append((float(p[0] / 2), float(p[1] / 2)))
    return curve


class Stencil:
    """Shapes cut out of card: what is cut becomes the mask."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.unit = height * OVERSAMPLING
        self.image = Image.new("L", (width * OVERSAMPLING, height * OVERSAMPLING), 0)
        self.draw = ImageDraw.Draw(self.image)

    def _pixels(self, points: Iterable[Point]) -> list[Point]:
        return [(x * self.unit, y * self.unit) for x, y in points]

    def polygon(self, points: Iterable[Point], value: float = 1) -> "Stencil":
        """Cut straight from point to point; a `value` of 0 puts the card back."""
        self.draw.polygon(self._pixels(points), fill=round(value * 255))
        return self

    def curve(self, points: Sequence[Point], value: float = 1) -> "Stencil":
        """Cut a smooth closed curve through the points."""
        return self.polygon(smooth(points), value)

    def ellipse(self, x: float, y: float, rx: float, ry: float | None = None, value: float = 1) -> "Stencil":
        """Cut an ellipse around (x, y); a circle without `ry`."""
        ry = rx if ry is None else ry
        self.draw.ellipse(self._pixels([(x - rx, y - ry), (x + rx, y + ry)]), fill=round(value * 255))  # type: ignore[arg-type]
        return self

    def box(self, x0: float, y0: float, x1: float, y1: float, value: float = 1) -> "Stencil":
        """Cut a rectangle between two corners."""
        return self.polygon([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], value)

    def line(self, points: Sequence[Point], width: float, value: float = 1) -> "Stencil":
        """Cut a line with round joints."""
        pixels = max(1, round(width * self.unit))
        self.draw.line(self._pixels(points), fill=round(value * 255), width=pixels, joint="curve")
        return self

    def stroke(self, points: Sequence[Point], width: float, value: float = 1) -> "Stencil":
        """Cut a smooth open line through the points."""
        return self.line([*smooth(points, closed=False), points[-1]], width, value)

    def mask(self, blur: float = 0) -> Array:
        """The mask, its edge softened by `blur` heights."""
        small = self.image.resize((self.width, self.height), Image.Resampling.BOX)
        cut: Array = np.asarray(small, dtype=np.float32) / np.float32(255)
        return soften(cut, blur * self.height)


class Canvas:
    """A picture being painted."""

    def __init__(self, *, height: int, ratio: float, seed: int) -> None:
        self.height, self.width = height, round(height * ratio)
        self.ratio = ratio
        self.rng = np.random.default_rng(seed)
        rows, columns = np.mgrid[0 : self.height, 0 : self.width].astype(np.float32)
        self.x, self.y = columns / height, rows / height
        self.px: Array = np.zeros((self.height, self.width, 3), dtype=np.float32)

    # --- Fields ---

    def stencil(self) -> Stencil:
        """An uncut card of the picture's size."""
        return Stencil(self.width, self.height)

    def noise(self, scale: float, octaves: int = 5, *, stretch: float = 1, gain: float = 0.5) -> Array:
        """Cloudy noise around 0.5 with spots of about `scale`, `stretch` times as wide as high."""
        total = np.zeros((self.height, self.width), dtype=np.float32)
        weight = 1.0
        for octave in range(octaves):
            size = scale / 2**octave
            cells = (max(2, round(1 / size) + 2), max(2, round(self.ratio / size / stretch) + 2))
            total += weight * resized(self.rng.standard_normal(cells).astype(np.float32), self.width, self.height)
            weight *= gain
        return np.clip((total - total.mean()) / total.std() * 0.18 + 0.5, 0, 1)

    def ridge(self, base: float, rise: float, scale: float, *, octaves: int = 6, gain: float = 0.5) -> Array:
        """A skyline: for each column the height at which the land begins."""
        total = np.zeros(self.width, dtype=np.float32)
        for octave in range(octaves):
            cells = max(2, round(self.ratio / scale * 2**octave) + 2)
            row = self.rng.uniform(-1, 1, (1, cells)).astype(np.float32)
            total += gain**octave * resized(np.repeat(row, 2, 0), self.width, 2)[0]
        return base - rise * total

    def below(self, line: Array | float) -> Array:
        """The mask of everything under a skyline."""
        return np.clip((self.y - line) * self.height + 0.5, 0, 1)

    def around(self, x: float, y: float, radius: float, *, squash: float = 1) -> Array:
        """Soft round falloff around a place, wider than high by `squash`."""
        return np.exp(-(((self.x - x) / squash) ** 2 + (self.y - y) ** 2) / radius**2).astype(np.float32)

    # --- Paint ---

    def wash(self, *stops: tuple[float, str]) -> None:
        """Fill with a vertical gradient of (y, colour) stops."""
        self.px[:] = self.gradient(*stops)

    def gradient(self, *stops: tuple[float, str]) -> Array:
        """A vertical gradient as a colour to paint with."""
        places = [y for y, _ in stops]
        colours = np.array([rgb(colour) for _, colour in stops])
        rows = np.arange(self.height) / self.height
        channels = [np.interp(rows, places, colours[:, i]) for i in range(3)]
        column = np.stack(channels, axis=-1).astype(np.float32)[:, None, :]
        return np.broadcast_to(column, self.px.shape)

    def paint(self, mask: Array | float, colour: Colour, opacity: float = 1) -> None:
        """Cover what the mask shows with the colour."""
        cover = np.asarray(mask, dtype=np.float32) * opacity
        cover = cover[..., None] if cover.ndim else cover
        self.px += (rgb(colour) - self.px) * cover

    def light(self, mask: Array, colour: Colour, strength: float = 1) -> None:
        """Add light where the mask shows; it never burns out hard."""
        self.px = 1 - (1 - self.px) * (1 - np.clip(mask * strength, 0, 1)[..., None] * rgb(colour))

    def shade(self, mask: Array, strength: float = 1) -> None:
        """Take light away where the mask shows."""
        self.px *= 1 - np.clip(mask * strength, 0, 1)[..., None]

    def sun(self, x: float, y: float, radius: float, colour: Colour, strength: float = 1) -> None:
        """A light that glows far beyond its own size."""
        distance = np.hypot(self.x - x, self.y - y) / radius
        glow: Array = (np.exp(-(distance**2)) + 0.35 / (1 + distance**2)).astype(np.float32)
        self.light(glow, colour, strength)

    def form(self, mask: Array, colour: Colour, *, towards: Point, depth: float = 0.01, strength: float = 1) -> None:
        """Light a cut-out as if it were round, from the direction `towards`; `depth` is how far light creeps in."""
        shape = soften(mask, depth * self.height)
        down, right = np.gradient(shape)
        length = float(np.hypot(*towards))
        lit = -(right * towards[0] + down * towards[1]) / length
        lit = np.clip(lit / (float(lit.max()) + 1e-6), 0, 1).astype(np.float32)
        self.light(lit * mask, colour, strength)

    def blur(self, radius: float, mask: Array | None = None) -> None:
        """Put the picture, or the part the mask shows, out of focus."""
        soft = soften(self.px, radius * self.height)
        self.px = soft if mask is None else self.px + (soft - self.px) * mask[..., None]

    def smear(self, radius: float, mask: Array) -> None:
        """Blur up and down only, as still water does."""
        reach = max(1, round(radius * self.height))
        soft = np.stack([_box(_box(self.px[..., i], reach), reach) for i in range(3)], axis=-1)
        self.px += (soft - self.px) * mask[..., None]

    # --- Nature ---

    def clouds(
        self, colour: Colour, *, scale: float, cover: float, stretch: float = 2.5, strength: float = 0.8
    ) -> Array:
        """Paint clouds over the part of the noise that is above 1 - `cover`; returns their density."""
        field = self.noise(scale, 6, stretch=stretch, gain=0.55)
        density = ramp(0.75 - cover * 0.5, 0.95 - cover * 0.3, field)
        self.paint(density, colour, strength)
        return np.asarray(density, dtype=np.float32)

    def mountain(self, line: Array, dark: Colour, lit: Colour, *, scale: float = 0.12, sun: float = -1) -> Array:
        """Paint land under a skyline, its folds lit from the side `sun` (-1 left, 1 right); returns its mask."""
        mask = self.below(line)
        fall = (self.y - line) * 0.7
        folds = self.noise(scale, 3)
        warped = np.clip(self.x + sun * fall + (folds - 0.5) * 0.22, 0, self.ratio - 0.01)
        crest = self.noise(scale, 6, gain=0.62)[0]
        ribs = crest[(warped * self.height).astype(int).clip(0, self.width - 1)]
        slope = np.gradient(soften(ribs, 0.005 * self.height), axis=1) * sun
        down, right = np.gradient(soften(self.noise(scale * 0.8, 7, gain=0.62), 0.0015 * self.height))
        crags = sun * right - 0.7 * down
        facet = ramp(-2.6, 2.6, 0.45 * slope / slope.std() + 0.95 * crags / crags.std())
        self.paint(mask, rgb(dark) + (rgb(lit) - rgb(dark)) * facet[..., None])
        return mask

    def mirror(self, shore: float, *, ripple: float = 0.02, tint: Colour = "#0a1018", depth: float = 0.35) -> Array:
        """Turn everything under `shore` into water that mirrors what stands above; returns its mask."""
        near = np.clip((self.y - shore) / (1 - shore), 0, 1)
        distance = 1 / (near + 0.06)
        waves = self.waves(distance)
        rows = shore - (self.y - shore) + waves * ripple * (0.25 + near) * 1.6
        columns = self.x + self.waves(distance * 1.7) * ripple * 0.35
        rows = np.clip(rows * self.height, 0, shore * self.height - 1).astype(int)
        columns = np.clip(columns * self.height, 0, self.width - 1).astype(int)
        mask = self.below(shore)
        water = self.px[rows, columns]
        water = water + (rgb(tint) - water) * (depth * (0.5 + 0.5 * near))[..., None]
        self.paint(mask, water)
        self.smear(0.004, mask)
        return mask

    def waves(self, distance: Array) -> Array:
        """Swell around 0, laid flat: `distance` from the eye for each pixel."""
        size = 512
        cloth = self.rng.standard_normal((size, size)).astype(np.float32)
        spectrum = np.fft.fft2(cloth) * np.exp(
            -((np.fft.fftfreq(size) ** 2)[:, None] + np.fft.fftfreq(size) ** 2) * 900
        )
        cloth = np.real(np.fft.ifft2(spectrum)).astype(np.float32)
        cloth /= cloth.std()
        u = ((self.x - self.ratio / 2) * distance * 40).astype(int) % size
        v = (distance * 90).astype(int) % size
        return cloth[v, u]

    def rain(self, amount: int, colour: Colour, *, slant: float = 0.08, strength: float = 0.25) -> None:
        """Fine slanting streaks."""
        card = self.stencil()
        for _ in range(amount):
            x, y = self.rng.uniform(-0.1, self.ratio), self.rng.uniform(-0.1, 1)
            length = self.rng.uniform(0.02, 0.07)
            card.line([(x, y), (x - slant * length * 2, y + length)], 0.0009, self.rng.uniform(0.2, 0.9))
        self.light(card.mask(0.0006), colour, strength)

    def snow(self, amount: int, *, size: float = 0.003, strength: float = 0.7) -> None:
        """Flakes near and far."""
        for depth in (0.5, 1.0, 2.4):
            card = self.stencil()
            for _ in range(int(amount / depth)):
                r = size * depth * self.rng.uniform(0.5, 1)
                card.ellipse(self.rng.uniform(0, self.ratio), self.rng.uniform(0, 1), r, r, self.rng.uniform(0.3, 1))
            self.light(card.mask(0.0012 * depth * depth), "#ffffff", strength / depth)

    # --- Film ---

    def finish(
        self,
        *,
        shadows: str = "#0b1a2a",
        highlights: str = "#ffe9c8",
        toning: float = 0.25,
        contrast: float = 0.25,
        bloom: float = 0.35,
        grain: float = 0.028,
        vignette: float = 0.35,
        wobble: float = 0.0009,
    ) -> Image.Image:
        """Develop the picture: bloom, curve, split toning, vignette, grain."""
        self._wobble(wobble)
        bright = np.clip(self.px - 0.62, 0, 1) * 1.6
        self.px = 1 - (1 - self.px) * (1 - np.clip(soften(bright, 0.018 * self.height) * bloom, 0, 1))
        self.px = 1 - (1 - self.px) * (1 - np.clip(soften(bright, 0.07 * self.height) * bloom, 0, 1))
        px = np.clip(self.px, 0, 1)
        px = px + (px * px * (3 - 2 * px) - px) * contrast
        luminance = (px @ np.array([0.25, 0.62, 0.13], dtype=np.float32))[..., None]
        toned = rgb(shadows) + (rgb(highlights) - rgb(shadows)) * luminance
        px = px + (toned - px) * toning
        edge = ((self.x / self.ratio - 0.5) ** 2 + (self.y - 0.5) ** 2) * 2
        px = px * (1 - vignette * ramp(0.15, 1.1, edge))[..., None]
        speckle = soften(self.rng.standard_normal(self.x.shape).astype(np.float32), 0.6) * 1.6
        px = px + (speckle * grain)[..., None] * (0.35 + 1.3 * luminance * (1 - luminance) * 2)
        return Image.fromarray((np.clip(px, 0, 1) * 255 + 0.5).astype(np.uint8))

    def _wobble(self, amount: float) -> None:
        """Move every pixel a hair's breadth, so that no edge is ruled."""
        reach = amount * self.height
        shift_x = (self.noise(0.012, 2) - 0.5) * 5 * reach
        shift_y = (self.noise(0.012, 2) - 0.5) * 5 * reach
        rows = np.clip(self.y * self.height + shift_y, 0, self.height - 1.001)
        columns = np.clip(self.x * self.height + shift_x, 0, self.width - 1.001)
        top, left = rows.astype(int), columns.astype(int)
        down, right = (rows - top)[..., None], (columns - left)[..., None]
        bottom, beside = np.minimum(top + 1, self.height - 1), np.minimum(left + 1, self.width - 1)
        upper = self.px[top, left] * (1 - right) + self.px[top, beside] * right
        lower = self.px[bottom, left] * (1 - right) + self.px[bottom, beside] * right
        self.px = upper * (1 - down) + lower * down
