"""Photos of the newsroom in exile: desks, wires, the harbour."""

import itertools

import numpy as np
from PIL import Image

from sample_photos.figures import stand
from sample_photos.light import Canvas, Stencil, ramp, rgb
from sample_photos.scene import Scene


def desk(canvas: Canvas) -> Image.Image:
    """A lamp on an empty desk by the window at night."""
    canvas.wash((0, "#0e1a2c"), (0.4, "#1d3148"), (0.6, "#1a2838"))
    for _ in range(46):
        x, y = canvas.rng.uniform(0.05, 1.5), 0.4 + abs(canvas.rng.normal(0, 0.05))
        colour = canvas.rng.choice(["#ffc36b", "#ff9a5a", "#bfe3ff", "#ffe2b0"])
        spot = canvas.stencil().ellipse(x, y, canvas.rng.uniform(0.006, 0.02)).mask(0.0016)
        canvas.light(spot, str(colour), canvas.rng.uniform(0.25, 0.8))
    crane = (
        canvas.stencil().line([(1.12, 0.42), (1.16, 0.2), (1.2, 0.42)], 0.006).line([(1.03, 0.22), (1.38, 0.19)], 0.006)
    )
    canvas.paint(crane.mask(0.006), "#0a1522", 0.8)
    canvas.rain(160, "#a9c2d8", slant=0.02, strength=0.2)
    frame = (
        canvas.stencil()
        .box(-0.1, 0.6, 1.6, 0.64)
        .box(0.44, 0, 0.47, 0.62)
        .box(0.98, 0, 1.01, 0.62)
        .box(0, 0.0, 1.5, 0.025)
    )
    canvas.paint(frame.mask(0.002), "#0c0f14")
    canvas.light(frame.mask(0.002) * canvas.around(0.5, 0.62, 0.3), "#e59a4a", 0.4)
    table = canvas.below(0.7)
    wood = canvas.noise(0.2, 6, stretch=12, gain=0.6)
    canvas.paint(canvas.below(0.635), "#0b0c10")
    canvas.paint(table, rgb("#5b3a22") * (0.55 + 0.7 * wood)[..., None])
    pool = canvas.around(0.5, 0.85, 0.3, squash=2.2)
    canvas.px *= 1 - table[..., None] * (1 - (0.16 + 1.15 * pool)[..., None])
    papers = (
        ([(0.55, 0.78), (0.9, 0.76), (0.98, 0.86), (0.58, 0.89)], "#efe1c3"),
        ([(0.28, 0.84), (0.56, 0.81), (0.6, 0.93), (0.27, 0.97)], "#e7d6b2"),
        ([(0.62, 0.87), (0.95, 0.9), (0.96, 1.02), (0.58, 1.0)], "#f4e8cd"),
    )
    for corners, colour in papers:
        canvas.shade(canvas.stencil().polygon([(x + 0.006, y + 0.012) for x, y in corners]).mask(0.006), 0.6)
        sheet = canvas.stencil().polygon(corners).mask(0.001)
        canvas.paint(sheet, rgb(colour) * (0.35 + 0.7 * pool)[..., None])
        text = canvas.stencil()
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = corners
        for line in range(1, 10):
            t = 0.08 + line * 0.09
            left, right = (ax + (dx - ax) * t, ay + (dy - ay) * t), (bx + (cx - bx) * t, by + (cy - by) * t)
            start, stop = 0.1, canvas.rng.uniform(0.7, 0.92)
            text.line(
                [(left[0] + (right[0] - left[0]) * s, left[1] + (right[1] - left[1]) * s) for s in (start, stop)],
                0.0032,
            )
        canvas.shade(text.mask(0.0006) * (0.7 + 0.3 * (canvas.noise(0.008, 2) > 0.5)), 0.55)
    cup = (
        canvas.stencil()
        .polygon([(1.1, 0.73), (1.22, 0.73), (1.205, 0.865), (1.115, 0.865)])
        .ellipse(1.16, 0.865, 0.045, 0.012)
    )
    cup.ellipse(1.16, 0.73, 0.06, 0.013)
    canvas.shade(canvas.stencil().ellipse(1.24, 0.87, 0.13, 0.016).mask(0.012), 0.7)
    handle = canvas.stencil().line(
        [(1.21 + 0.04 * np.cos(a), 0.79 + 0.04 * np.sin(a)) for a in np.linspace(-1.4, 1.4, 14)], 0.012
    )
    for card in (handle, cup):
        canvas.paint(card.mask(0.001), "#272b33")
        canvas.form(card.mask(0.001), "#f7b469", towards=(-1, -0.2), depth=0.014, strength=0.8)
    canvas.paint(canvas.stencil().ellipse(1.16, 0.731, 0.052, 0.009).mask(0.001), "#100a08")
    lamp = canvas.stencil().ellipse(0.34, 0.775, 0.1, 0.02).line([(0.34, 0.77), (0.25, 0.52), (0.41, 0.31)], 0.013)
    shade = canvas.stencil().polygon([(0.37, 0.3), (0.46, 0.265), (0.63, 0.4), (0.43, 0.475)])
    cone = canvas.stencil().polygon([(0.44, 0.47), (0.62, 0.4), (1.05, 0.95), (0.2, 1.0)]).mask(0.03)
    canvas.light(cone * ramp(1.0, 0.4, canvas.y), "#ffbf6a", 0.3)
    for card in (lamp, shade):
        canvas.paint(card.mask(0.001), "#12202a")
        canvas.form(card.mask(0.001), "#9cc4d8", towards=(-0.5, -1), depth=0.006, strength=0.5)
    canvas.paint(
        canvas.stencil().polygon([(0.432, 0.476), (0.632, 0.4), (0.62, 0.415), (0.45, 0.478)]).mask(0.002), "#fff3d6"
    )
    canvas.sun(0.53, 0.45, 0.045, "#ffdb98", 0.95)
    canvas.light(canvas.around(0.53, 0.3, 0.16), "#ffb55e", 0.14)
    return canvas.finish(shadows="#0a1426", highlights="#ffe3b0", toning=0.22, contrast=0.25, bloom=0.4)


def blocked(canvas: Canvas) -> Image.Image:
    """A laptop that may not show a page."""
    canvas.wash((0, "#0d1119"), (0.6, "#131926"), (1, "#07090e"))
    for x in (0.1, 0.22, 1.31, 1.43):
        canvas.sun(x, canvas.rng.uniform(0.15, 0.4), 0.03, "#4a3a5c", 0.3)
    canvas.blur(0.01)
    canvas.light(canvas.around(0.75, 0.4, 0.5, squash=1.3), "#5f86b8", 0.25)
    canvas.paint(canvas.below(0.74), canvas.gradient((0.74, "#1c1a20"), (1, "#0a090c")))
    canvas.light(canvas.around(0.75, 0.82, 0.2, squash=2.6) * canvas.below(0.74), "#7ea6d6", 0.35)
    canvas.paint(
        canvas.stencil().polygon([(0.3, 0.1), (1.2, 0.1), (1.21, 0.715), (0.29, 0.715)]).mask(0.001), "#0a0c10"
    )
    screen = canvas.stencil().box(0.325, 0.125, 1.175, 0.69).mask(0.001)
    canvas.paint(screen, canvas.gradient((0.1, "#e9eff4"), (0.7, "#cdd8e2")))
    bar = canvas.stencil().box(0.325, 0.125, 1.175, 0.172).mask(0.0006)
    canvas.paint(bar, "#b4c0cc")
    address = canvas.stencil().box(0.5, 0.137, 1.08, 0.16).mask(0.002)
    canvas.paint(address, "#f6f9fb")
    dots = canvas.stencil()
    for x in (0.35, 0.378, 0.406):
        dots.ellipse(x, 0.149, 0.0075)
    dots.box(0.515, 0.145, 0.72, 0.152)
    canvas.paint(dots.mask(0.0006), "#77838f")
    ring = canvas.stencil().ellipse(0.75, 0.375, 0.13).ellipse(0.75, 0.375, 0.1, 0.1, 0)
    ring.line([(0.675, 0.3), (0.825, 0.45)], 0.03)
    canvas.paint(ring.mask(0.0012), "#b3242a")
    notice = canvas.stencil().box(0.55, 0.545, 0.95, 0.563)
    for y, wide in ((0.59, 0.5), (0.612, 0.56), (0.634, 0.3)):
        notice.box(0.75 - wide / 2, y, 0.75 + wide / 2, y + 0.008)
    canvas.paint(notice.mask(0.0008), "#5c6873", 0.8)
    canvas.shade(screen * ramp(0.6, 1.4, canvas.x + canvas.y), 0.25)
    deck = (
        canvas.stencil()
        .polygon([(0.29, 0.715), (1.21, 0.715), (1.34, 0.9), (0.16, 0.9)])
        .polygon([(0.16, 0.9), (1.34, 0.9), (1.33, 0.918), (0.17, 0.918)])
    )
    canvas.shade(canvas.stencil().ellipse(0.75, 0.92, 0.68, 0.04).mask(0.02), 0.7)
    canvas.paint(deck.mask(0.001), canvas.gradient((0.71, "#8a98a8"), (0.9, "#2b323b")))
    keys = canvas.stencil()
    for row in range(5):
        y, spread = 0.735 + row * 0.021, 0.40 + row * 0.017
        wide = spread * 2 / 14
        for column in range(14):
            x = 0.75 - spread + column * wide
            keys.polygon([(x + 0.004, y), (x + wide - 0.004, y), (x + wide - 0.003, y + 0.016), (x + 0.003, y + 0.016)])
    canvas.paint(keys.mask(0.0008), "#12161c", 0.9)
    canvas.form(keys.mask(0.0008), "#cfe2f5", towards=(0, -1), depth=0.0016, strength=0.4)
    canvas.shade(canvas.stencil().polygon([(0.62, 0.85), (0.88, 0.85), (0.89, 0.893), (0.61, 0.893)]).mask(0.001), 0.25)
    canvas.light(canvas.around(0.75, 0.4, 0.35, squash=1.4), "#9fc2ec", 0.12)
    return canvas.finish(shadows="#070d1a", highlights="#eef4ff", toning=0.22, contrast=0.25, bloom=0.3)


def servers(canvas: Canvas) -> Image.Image:
    """An aisle of racks."""
    canvas.wash((0, "#0b1620"), (0.5, "#12303c"), (1, "#081018"))
    centre = (0.75, 0.46)

    def at(side: int, near: float, height: float) -> tuple[float, float]:
        return (centre[0] + side * 0.86 * near, centre[1] + (height - 0.46) * near * 1.55)

    walls, doors, lamps, blue, red = (canvas.stencil() for _ in range(5))
    depths = [1.15 / (1 + i * 0.34) for i in range(13)]
    for side in (-1, 1):
        for far, near in zip(depths[1:], depths[:-1], strict=True):
            walls.polygon([at(side, near, 0.02), at(side, far, 0.02), at(side, far, 0.98), at(side, near, 0.98)], 0.4)
            inner = far + (near - far) * 0.07
            outer = near - (near - far) * 0.07
            doors.polygon([at(side, outer, 0.05), at(side, inner, 0.05), at(side, inner, 0.95), at(side, outer, 0.95)])
            for unit in np.arange(0.08, 0.94, 0.032):
                doors.line([at(side, outer, unit), at(side, inner, unit)], 0.0025 * near, 0.35)
                for slot in range(4):
                    if canvas.rng.random() < 0.42:
                        x, y = at(side, inner + (outer - inner) * (0.2 + slot * 0.1), unit + 0.014)
                        card = [lamps, blue, red][int(canvas.rng.choice(3, p=[0.62, 0.33, 0.05]))]
                        card.ellipse(x, y, 0.0042 * near + 0.0006, 0.0036 * near + 0.0006, canvas.rng.uniform(0.4, 1))
    floor = (
        canvas.stencil()
        .polygon([at(-1, 1.2, 0.98), at(-1, 0.05, 0.98), at(1, 0.05, 0.98), at(1, 1.2, 0.98)])
        .mask(0.001)
    )
    ceiling = canvas.stencil()
    for near in depths:
        y = at(0, near, 0.0)[1]
        ceiling.polygon(
            [
                (0.75 - 0.16 * near, y),
                (0.75 + 0.16 * near, y),
                (0.75 + 0.13 * near, y + 0.045 * near),
                (0.75 - 0.13 * near, y + 0.045 * near),
            ]
        )
    canvas.paint(walls.mask(), "#16262f")
    shapes = doors.mask(0.0006)
    canvas.paint(shapes, canvas.gradient((0, "#1d3440"), (0.5, "#16303c"), (1, "#0a161d")), 0.9)
    canvas.form(shapes, "#7fd4e6", towards=(0, -1), depth=0.0016, strength=0.3)
    canvas.paint(floor, canvas.gradient((0.5, "#3c6672"), (1, "#0d1a20")))
    for near in depths:
        canvas.shade(
            canvas.stencil().line([at(-1, near, 0.98), at(1, near, 0.98)], 0.003 * near + 0.0005).mask(0.0006) * floor,
            0.5,
        )
    canvas.light(ceiling.mask(0.003), "#dff8ff", 0.85)
    canvas.light(ceiling.mask(0.003)[::-1] * floor, "#bfeaf5", 0.35)
    canvas.sun(0.75, 0.46, 0.09, "#c9f3ff", 0.75)
    figure = canvas.stencil()
    stand(figure, 0.79, 0.605, 0.2, np.random.default_rng(5))
    canvas.paint(figure.mask(0.001), "#0a171e")
    canvas.light(lamps.mask(0.0005), "#5dffa8", 1)
    canvas.light(blue.mask(0.0005), "#6fb8ff", 1)
    canvas.light(red.mask(0.0005), "#ff5a44", 1)
    canvas.light(lamps.mask(0.005), "#35e08a", 0.5)
    canvas.light(blue.mask(0.005), "#4a90ff", 0.5)
    canvas.blur(0.004, np.asarray(ramp(0.55, 0.9, np.abs(canvas.x - 0.75))))
    return canvas.finish(shadows="#04141e", highlights="#e8fff6", toning=0.22, contrast=0.3, bloom=0.5)


def mast(canvas: Canvas) -> Image.Image:
    """A transmitter above the fog."""
    canvas.wash((0, "#1a1f44"), (0.35, "#5b4a78"), (0.55, "#c97f7a"), (0.68, "#f4b98a"))
    stars = canvas.stencil()
    for _ in range(120):
        r = canvas.rng.uniform(0.0006, 0.0016)
        stars.ellipse(canvas.rng.uniform(0, 1.5), canvas.rng.uniform(0, 0.35), r, r, canvas.rng.uniform(0.3, 1))
    canvas.light(stars.mask(0.0005) * ramp(0.4, 0.05, canvas.y), "#ffffff", 0.8)
    canvas.clouds("#8f6a86", scale=0.3, cover=0.3, stretch=6, strength=0.5)
    canvas.mountain(canvas.ridge(0.66, 0.04, 0.5), "#6d5476", "#9d7583", scale=0.1)
    canvas.paint(ramp(0.58, 0.74, canvas.y), "#e7b09a", 0.75)
    canvas.mountain(canvas.ridge(0.74, 0.03, 0.4), "#4f4266", "#7a5f74", scale=0.1)
    fog = canvas.noise(0.3, 6, stretch=4)
    canvas.paint(ramp(0.68, 0.84, canvas.y + (fog - 0.5) * 0.14), "#d9a9a2", 0.9)
    canvas.paint(ramp(0.3, 0.7, canvas.noise(0.25, 6, stretch=5)) * ramp(0.72, 0.85, canvas.y), "#8d7292", 0.5)
    x = canvas.x[0]
    hill = canvas.below(0.97 - 0.3 * np.exp(-(((x - 0.98) / 0.3) ** 2)) + canvas.ridge(0, 0.012, 0.12))
    canvas.paint(hill, "#151430")
    canvas.form(hill, "#f0a98c", towards=(-0.4, -1), depth=0.004, strength=0.5)
    tower = canvas.stencil()

    def half(y: float) -> float:
        return 0.006 + 0.036 * ((y - 0.1) / 0.6) ** 1.4 if y > 0.1 else 0.003

    levels = [0.1 + 0.6 * (i / 20) for i in range(21)]
    for top, low in itertools.pairwise(levels):
        a, b = half(top), half(low)
        tower.line([(0.98 - a, top), (0.98 - b, low)], 0.0042).line([(0.98 + a, top), (0.98 + b, low)], 0.0042)
        tower.line([(0.98 - a, top), (0.98 + b, low)], 0.0019).line([(0.98 + a, top), (0.98 - b, low)], 0.0019)
        tower.line([(0.98 - b, low), (0.98 + b, low)], 0.0017)
    tower.line([(0.98, 0.1), (0.98, 0.03)], 0.0045)
    for y, side, size in ((0.26, -1, 0.02), (0.31, 1, 0.024), (0.38, -1, 0.026), (0.42, 1, 0.018)):
        tower.ellipse(0.98 + side * (half(y) + size * 0.5), y, size * 0.55, size)
    for y in (0.15, 0.18, 0.21):
        tower.line([(0.955, y), (1.005, y)], 0.003)
    for x0 in (0.72, 1.24):
        tower.line([(0.98, 0.3), (x0, 0.82)], 0.0012).line([(0.98, 0.16), (x0, 0.82)], 0.0012)
    tower.box(1.03, 0.665, 1.11, 0.71)
    canvas.paint(tower.mask(0.0005), "#12112a", 0.97)
    trees = canvas.stencil()
    for tx in canvas.rng.uniform(0.5, 1.5, 55):
        foot = 0.985 - 0.3 * np.exp(-(((tx - 0.98) / 0.3) ** 2))
        tall = canvas.rng.uniform(0.03, 0.065)
        if abs(tx - 0.98) > 0.07:
            trees.polygon([(tx - tall * 0.17, foot + 0.015), (tx, foot - tall), (tx + tall * 0.17, foot + 0.015)])
    canvas.paint(trees.mask(0.001), "#0d0c22")
    canvas.paint(ramp(0.86, 1.0, canvas.y + (canvas.noise(0.3, 5, stretch=4) - 0.5) * 0.16), "#b58b97", 0.75)
    for y in (0.032, 0.25, 0.46):
        canvas.sun(0.98, y, 0.011, "#ff4a3a", 1)
    canvas.sun(1.06, 0.685, 0.006, "#ffd58a", 0.9)
    return canvas.finish(shadows="#101238", highlights="#ffe0c0", toning=0.2, contrast=0.25, bloom=0.4)


def _crane(card: Stencil, x: float, foot: float, size: float, mirror: int = 1) -> None:
    """Cut a container crane, `size` high."""

    def at(dx: float, up: float) -> tuple[float, float]:
        return (x + mirror * dx * size, foot - up * size)

    for dx in (-0.17, 0.17):
        card.line([at(dx * 1.1, 0), at(dx, 0.62)], size * 0.03)
    card.line([at(-0.19, 0.28), at(0.19, 0.28)], size * 0.022).line([at(-0.18, 0.0), at(0.17, 0.28)], size * 0.012)
    card.line([at(-0.45, 0.62), at(0.95, 0.62)], size * 0.034).line([at(-0.45, 0.585), at(0.95, 0.585)], size * 0.012)
    card.line([at(-0.08, 0.62), at(0.06, 1.0), at(0.17, 0.62)], size * 0.022)
    card.line([at(0.06, 1.0), at(0.9, 0.63)], size * 0.009).line([at(0.06, 1.0), at(0.5, 0.63)], size * 0.008)
    card.line([at(0.06, 1.0), at(-0.42, 0.63)], size * 0.009)
    card.polygon([at(-0.42, 0.62), at(-0.22, 0.62), at(-0.22, 0.72), at(-0.42, 0.72)])
    card.line([at(0.62, 0.6), at(0.62, 0.36)], size * 0.006)
    card.polygon([at(0.56, 0.36), at(0.68, 0.36), at(0.68, 0.3), at(0.56, 0.3)])


def harbour(canvas: Canvas) -> Image.Image:
    """Cranes one behind the other in the mist."""
    canvas.wash((0, "#b9c4c2"), (0.35, "#dcd9cb"), (0.62, "#eadfc8"))
    canvas.sun(0.4, 0.4, 0.16, "#fff3d2", 0.8)
    mist = canvas.noise(0.4, 6, stretch=4)
    layers = (
        (0.6, 0.24, "#a8b4b2", 0.004, (0.18, 0.55, 0.9, 1.2)),
        (0.61, 0.36, "#7e8e90", 0.0025, (0.32, 0.98)),
        (0.625, 0.54, "#44565c", 0.001, (1.12,)),
    )
    for foot, size, colour, blur, places in layers:
        card = canvas.stencil()
        for number, x in enumerate(places):
            _crane(card, x, foot, size, mirror=-1 if number % 3 == 2 or size > 0.5 else 1)
        x = -0.1
        while x < 1.6:
            wide, tall = size * canvas.rng.uniform(0.1, 0.16), size * 0.05
            for level in range(canvas.rng.integers(0, 4)):
                card.box(x, foot - tall * (level + 1), x + wide - 0.002, foot - tall * level - 0.001, 0.92)
            x += wide
        card.box(-0.1, foot - 0.004, 1.6, foot + 0.03)
        canvas.paint(card.mask(blur), colour, 0.92)
        canvas.paint(ramp(0.35, 0.62, canvas.y + (mist - 0.5) * 0.2), "#e7dfcc", 0.35)
    hull = (
        canvas.stencil()
        .polygon([(-0.1, 0.5), (0.42, 0.5), (0.5, 0.475), (0.46, 0.64), (-0.1, 0.64)])
        .box(0.02, 0.36, 0.12, 0.5)
        .box(0.045, 0.31, 0.08, 0.4)
    )
    for x in np.arange(0.14, 0.42, 0.046):
        hull.box(x, 0.5 - 0.028 * canvas.rng.integers(1, 4), x + 0.043, 0.5)
    canvas.paint(hull.mask(0.0012), canvas.gradient((0.3, "#5a5b57"), (0.56, "#4b3b38"), (0.62, "#7a3a2c")))
    canvas.form(hull.mask(0.0012), "#fff0d0", towards=(0.6, -1), depth=0.004, strength=0.4)
    canvas.paint(ramp(0.5, 0.65, canvas.y + (mist - 0.5) * 0.15), "#e9dfc9", 0.35)
    canvas.mirror(0.642, ripple=0.022, tint="#5d6f72", depth=0.25)
    birds = canvas.stencil()
    for _ in range(9):
        x, y, s = canvas.rng.uniform(0.3, 0.95), canvas.rng.uniform(0.12, 0.32), canvas.rng.uniform(0.008, 0.017)
        birds.stroke(
            [
                (x - s, y - s * 0.4),
                (x - s * 0.4, y - s * 0.5),
                (x, y),
                (x + s * 0.4, y - s * 0.5),
                (x + s, y - s * 0.3),
            ],
            0.0022,
        )
    canvas.paint(birds.mask(0.0005), "#4b5759", 0.8)
    return canvas.finish(shadows="#1d3a44", highlights="#fff1d6", toning=0.3, contrast=0.3, bloom=0.15)


def ferry(canvas: Canvas) -> Image.Image:
    """The lit ferry at dusk."""
    canvas.wash((0, "#1c3557"), (0.3, "#4a6a8f"), (0.48, "#c7a0a0"), (0.58, "#f2bf94"))
    canvas.clouds("#6b7699", scale=0.35, cover=0.45, stretch=5, strength=0.6)
    canvas.clouds("#f0a88a", scale=0.25, cover=0.25, stretch=7, strength=0.5)
    for base, rise, colour, lit in ((0.55, 0.045, "#7d7d9a", "#a08d9a"), (0.575, 0.03, "#4f5a7a", "#75708a")):
        canvas.mountain(canvas.ridge(base, rise, 0.5), colour, lit, scale=0.08)
        canvas.paint(ramp(0.5, 0.6, canvas.y), "#d8aaa0", 0.35)
    x = canvas.x[0]
    island = canvas.below(0.6 - 0.16 * np.exp(-(((x - 1.42) / 0.2) ** 2)) + canvas.ridge(0, 0.012, 0.15))
    canvas.paint(island, "#232c48")
    light = (
        canvas.stencil()
        .polygon([(1.295, 0.53), (1.315, 0.53), (1.311, 0.44), (1.299, 0.44)])
        .box(1.296, 0.425, 1.314, 0.44)
    )
    canvas.paint(light.mask(0.0008), "#d8cfd0")
    canvas.sun(1.305, 0.432, 0.014, "#fff0b8", 1)
    hull = canvas.stencil().polygon([(0.3, 0.555), (0.96, 0.555), (1.05, 0.54), (1.0, 0.61), (0.32, 0.61)])
    decks = (
        canvas.stencil()
        .box(0.33, 0.495, 0.93, 0.556)
        .box(0.37, 0.445, 0.88, 0.5)
        .box(0.7, 0.4, 0.84, 0.45)
        .polygon([(0.84, 0.4), (0.87, 0.45), (0.84, 0.45)])
    )
    decks.polygon([(0.48, 0.45), (0.56, 0.45), (0.55, 0.37), (0.49, 0.37)]).line([(0.77, 0.4), (0.77, 0.32)], 0.004)
    windows = canvas.stencil()
    for y, x0, x1 in ((0.515, 0.35, 0.91), (0.463, 0.39, 0.86)):
        for wx in np.arange(x0, x1, 0.021):
            windows.box(wx, y, wx + 0.014, y + 0.02, canvas.rng.choice([0.35, 0.9, 1]))
    windows.box(0.715, 0.413, 0.835, 0.43)
    for wx in np.arange(0.36, 0.95, 0.05):
        windows.ellipse(wx, 0.578, 0.0035)
    canvas.paint(hull.mask(0.001), canvas.gradient((0.54, "#27365a"), (0.61, "#131c33")))
    canvas.paint(decks.mask(0.001), canvas.gradient((0.35, "#b7b0be"), (0.55, "#77799a")))
    canvas.form(decks.mask(0.001), "#ffd8b0", towards=(-0.6, -1), depth=0.004, strength=0.5)
    canvas.paint(canvas.stencil().box(0.485, 0.385, 0.556, 0.405).mask(0.001), "#a83a35")
    canvas.paint(windows.mask(0.0005), "#ffe9b5")
    canvas.light(windows.mask(0.012), "#ffb95a", 0.8)
    canvas.sun(0.77, 0.32, 0.006, "#ffffff", 0.9)
    smoke = canvas.around(0.36, 0.33, 0.07, squash=2.6) * canvas.noise(0.08, 5, stretch=2)
    canvas.paint(smoke, "#3d4a68", 0.7)
    canvas.mirror(0.607, ripple=0.03, tint="#152747", depth=0.35)
    wake = (
        ramp(0.5, 0.7, canvas.noise(0.05, 4, stretch=9))
        * np.exp(-(((canvas.y - 0.617) / 0.008) ** 2))
        * ramp(1.1, 0.9, canvas.x)
    )
    canvas.light(np.asarray(wake, dtype=np.float32), "#ffe9dc", 0.7)
    return canvas.finish(shadows="#0b1a3c", highlights="#ffe2c2", toning=0.2, contrast=0.28, bloom=0.4)


SCENES = {
    "newsroom-desk": Scene(desk),
    "laptop-blocked": Scene(blocked),
    "server-room": Scene(servers),
    "radio-tower": Scene(mast),
    "harbour-mist": Scene(harbour),
    "ferry": Scene(ferry),
}
