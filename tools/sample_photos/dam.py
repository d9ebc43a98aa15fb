"""Photos of the running story: the dam at Tolv and what came of it."""

import itertools

import numpy as np
from PIL import Image

from sample_photos.figures import crowd
from sample_photos.light import Canvas, Stencil, ramp, rgb, soften
from sample_photos.scene import Scene


def _concrete(canvas: Canvas, dark: str, light: str) -> None:
    """Fill the canvas with a stained wall of poured concrete, its joints showing."""
    canvas.wash((0, light), (1, dark))
    grain = canvas.noise(0.02, 5, gain=0.75)
    stains = canvas.noise(0.5, 6, stretch=0.18)
    patches = canvas.noise(0.35, 4)
    canvas.px *= (0.72 + 0.3 * grain + 0.25 * patches)[..., None]
    canvas.paint(ramp(0.52, 0.85, stains) * ramp(0, 0.5, canvas.y), "#2b2d2b", 0.6)
    joints = canvas.stencil()
    for row in range(6):
        y = 0.02 + row * 0.19
        joints.line([(0, y), (1.5, y + 0.05)], 0.0022)
        for column in range(7):
            x = column * 0.27 + (0.13 if row % 2 else 0)
            joints.line([(x, y + x * 0.033), (x, y + 0.19 + x * 0.033)], 0.0018)
    canvas.shade(joints.mask(0.0012), 0.45)
    canvas.light(np.roll(joints.mask(0.001), 2, 0), "#ffffff", 0.08)


def crack(canvas: Canvas) -> Image.Image:
    """The crack in the wall, in hard light from the side."""
    _concrete(canvas, "#6d6f68", "#b7b3a4")
    points = [(0.86, -0.05)]
    while points[-1][1] < 1.05:
        x, y = points[-1]
        points.append((x + canvas.rng.normal(-0.012, 0.022), y + canvas.rng.uniform(0.015, 0.045)))
    card, wide = canvas.stencil(), canvas.stencil()
    for a, b in itertools.pairwise(points):
        breadth = 0.006 + 0.014 * np.exp(-((a[1] - 0.45) ** 2) / 0.06)
        card.line([a, b], breadth)
        wide.line([a, b], breadth * 2.2)
        if canvas.rng.random() < 0.5:
            _branch(canvas, card, a)
    gap = card.mask(0.0008)
    rough = canvas.noise(0.018, 4, gain=0.7)
    seep = np.zeros_like(gap)
    for row in range(1, canvas.height):
        seep[row] = np.maximum(seep[row - 1] * 0.9975, gap[row])
    seep = soften(seep, 0.006 * canvas.height) * ramp(0.3, 0.6, canvas.noise(0.3, 5, stretch=0.1))
    canvas.shade(seep, 0.55)
    canvas.light(seep * ramp(0.6, 0.75, canvas.noise(0.2, 6, stretch=0.08)), "#dfe8ea", 0.3)
    broken = wide.mask(0.002) * ramp(0.42, 0.56, rough)
    canvas.paint(broken, "#8f8878", 0.6)
    canvas.light(np.clip(np.roll(broken, -4, 1) - broken, 0, 1), "#fff2d5", 0.35)
    edge = np.clip(np.roll(gap, max(2, canvas.height // 260), 1) - gap, 0, 1)
    canvas.light(edge, "#fff1d8", 0.5)
    canvas.paint(gap, "#0d0f10", 0.96)
    slant = ramp(1.25, 0.1, canvas.x + canvas.y * 0.35)
    canvas.px *= (0.42 + 0.75 * slant)[..., None]
    return canvas.finish(shadows="#101b22", highlights="#fff0d0", toning=0.32, contrast=0.45, bloom=0.1)


def _branch(canvas: Canvas, card: Stencil, start: tuple[float, float]) -> None:
    side = canvas.rng.choice([-1, 1])
    x, y = start
    breadth = 0.0035
    for _ in range(canvas.rng.integers(3, 9)):
        to = (x + side * canvas.rng.uniform(0.005, 0.03), y + canvas.rng.uniform(-0.008, 0.03))
        card.line([(x, y), to], breadth)
        (x, y), breadth = to, breadth * 0.82


def valley(canvas: Canvas) -> Image.Image:
    """The broken wall between two slopes, morning light behind it."""
    canvas.wash((0, "#8fa3ad"), (0.35, "#e9d6b8"), (0.6, "#d9b892"))
    canvas.clouds("#f6ead6", scale=0.5, cover=0.5, strength=0.6)
    canvas.sun(0.86, 0.25, 0.16, "#ffdf9f", 0.85)
    for base, rise, dark, lit in ((0.36, 0.09, "#94a0a2", "#c3b9a6"), (0.42, 0.08, "#6d7f86", "#a49d90")):
        canvas.mountain(canvas.ridge(base, rise, 0.6), dark, lit, scale=0.1, sun=1)
        canvas.paint(ramp(0.3, 0.62, canvas.y), "#e6cfae", 0.45)
    _broken_wall(canvas)
    left = 0.06 + 0.78 * canvas.x[0] + (canvas.ridge(0, 0.05, 0.25) * 1.0)
    canvas.mountain(left, "#131d22", "#4b4a42", scale=0.12, sun=1)
    right = 0.98 - 0.86 * (canvas.x[0] - 0.62) + canvas.ridge(0, 0.06, 0.28)
    canvas.mountain(right, "#18242a", "#5d5648", scale=0.12, sun=-1)
    canvas.paint(
        ramp(0.55, 0.85, canvas.y) * canvas.around(0.75, 0.8, 0.3, squash=2) * canvas.noise(0.3), "#e9d9bf", 0.75
    )
    foreground = canvas.ridge(0.93, 0.03, 0.2)
    canvas.mountain(foreground, "#0a1013", "#22261f", scale=0.06)
    trees = canvas.stencil()
    for x in canvas.rng.uniform(0, 1.5, 60):
        if 0.5 < x < 1.0:
            continue
        top = canvas.rng.uniform(0.04, 0.13)
        trees.polygon([(x - top * 0.16, 0.97), (x, 0.95 - top), (x + top * 0.16, 0.97)])
    canvas.paint(trees.mask(0.002), "#080d0f")
    return canvas.finish(shadows="#0c2029", highlights="#ffe2b0", toning=0.28, contrast=0.35)


def _broken_wall(canvas: Canvas) -> None:
    wall = canvas.stencil().polygon([(0.3, 0.4), (1.25, 0.4), (1.1, 0.86), (0.45, 0.86)])
    gap = [
        (0.69, 0.36),
        (0.70, 0.45),
        (0.735, 0.5),
        (0.73, 0.58),
        (0.77, 0.66),
        (0.79, 0.78),
        (0.86, 0.78),
        (0.89, 0.66),
        (0.93, 0.6),
        (0.925, 0.52),
        (0.97, 0.46),
        (0.985, 0.36),
    ]
    wall.polygon(gap, 0)
    mask = wall.mask(0.001)
    canvas.paint(mask, "#5d6161")
    canvas.paint(mask * ramp(0.4, 0.62, canvas.noise(0.4, 5, stretch=0.15)), "#34393a", 0.6)
    ribs = 0.5 + 0.5 * np.sin(canvas.x * 130)
    canvas.shade(mask * (ribs > 0.82), 0.25)
    canvas.light(mask * (np.abs(canvas.y - 0.405) < 0.006), "#fff0d0", 0.6)
    canvas.form(mask, "#ffe3ae", towards=(0.3, -1), depth=0.006, strength=0.6)
    hole = canvas.stencil().polygon([(0.755, 0.60), (0.90, 0.60), (0.90, 0.72), (1.0, 0.98), (0.55, 0.98), (0.77, 0.7)])
    water = hole.mask(0.008)
    threads = canvas.noise(0.12, 5, stretch=0.12)
    canvas.paint(water * (0.5 + 0.5 * threads), "#e8e6dc", 0.9)
    canvas.shade(water * ramp(0.5, 0.3, threads), 0.4)
    canvas.light(canvas.around(0.79, 0.84, 0.12, squash=1.8) * canvas.noise(0.15), "#fff5e2", 0.85)


def spillway(canvas: Canvas) -> Image.Image:
    """White water from three gates, cold and loud."""
    canvas.wash((0, "#9fb3bd"), (0.3, "#c9d3d3"), (1, "#6a8088"))
    canvas.clouds("#e8edec", scale=0.5, cover=0.6)
    canvas.mountain(canvas.ridge(0.22, 0.07, 0.5), "#4c626b", "#8799a0", scale=0.1, sun=1)
    canvas.paint(ramp(0.0, 0.35, canvas.y), "#c3cfd1", 0.35)
    face = canvas.stencil().polygon([(-0.1, 0.3), (1.6, 0.24), (1.6, 1), (-0.1, 1)]).mask(0.001)
    canvas.paint(face, canvas.gradient((0.2, "#7f8a8c"), (0.8, "#39484e")))
    canvas.shade(face * canvas.noise(0.3, 5, stretch=0.2), 0.35)
    for left in (0.16, 0.62, 1.08):
        _gate(canvas, left)
    deck = canvas.stencil().polygon([(-0.1, 0.27), (1.6, 0.21), (1.6, 0.255), (-0.1, 0.315)])
    for x in np.arange(0, 1.5, 0.05):
        deck.line([(x, 0.27 - x * 0.04), (x, 0.235 - x * 0.04)], 0.002)
    deck.line([(-0.1, 0.24), (1.6, 0.172)], 0.003)
    canvas.paint(deck.mask(), "#27343a")
    canvas.form(deck.mask(), "#f2f6f4", towards=(0, -1), depth=0.003, strength=0.5)
    spray = canvas.noise(0.35, 6, gain=0.6)
    canvas.paint(ramp(0.62, 0.98, canvas.y + (spray - 0.5) * 0.5), "#e9f0f0", 0.95)
    canvas.shade(ramp(0.55, 0.3, canvas.noise(0.2, 6)) * ramp(0.75, 1, canvas.y), 0.35)
    rocks = canvas.below(
        canvas.ridge(1.0, 0.09, 0.3) - 0.25 * ramp(0.25, 0, canvas.x[0]) - 0.2 * ramp(1.3, 1.5, canvas.x[0])
    )
    canvas.paint(rocks, "#131d21")
    canvas.form(rocks, "#b9c9cd", towards=(0.2, -1), depth=0.008, strength=0.4)
    return canvas.finish(shadows="#0a2430", highlights="#f4f7ee", toning=0.3, contrast=0.35, bloom=0.25)


def _gate(canvas: Canvas, left: float) -> None:
    rise = -left * 0.04
    pier = canvas.stencil().box(left - 0.06, 0.2 + rise, left, 0.8).mask(0.001)
    canvas.paint(pier, "#5e6b70")
    canvas.form(pier, "#dbe3e2", towards=(-1, -0.4), depth=0.012, strength=0.5)
    opening = canvas.stencil().box(left, 0.3 + rise, left + 0.4, 0.46 + rise).mask(0.002)
    canvas.paint(opening, "#10191d")
    edge = [(left + 0.01, 0.44 + rise), (left + 0.2, 0.425 + rise), (left + 0.39, 0.44 + rise)]
    sheet = [*edge, (left + 0.42, 0.6), (left + 0.46, 1.0), (left - 0.06, 1.0), (left - 0.02, 0.6)]
    water = canvas.stencil().curve(sheet).mask(0.006)
    threads = canvas.noise(0.2, 6, stretch=0.06, gain=0.6)
    canvas.paint(water * ramp(0.1, 0.6, threads + 0.15), "#dfe9ea", 0.95)
    canvas.shade(water * ramp(0.5, 0.25, threads), 0.45)


def helicopter(canvas: Canvas) -> Image.Image:
    """A searchlight over the flood at dusk."""
    canvas.wash((0, "#1b2b3d"), (0.35, "#4a5f6d"), (0.55, "#c08a62"), (0.6, "#d9a06d"))
    canvas.clouds("#2a3949", scale=0.45, cover=0.7, strength=0.75)
    canvas.clouds("#c98f68", scale=0.3, cover=0.3, stretch=5, strength=0.35)
    canvas.mountain(canvas.ridge(0.5, 0.05, 0.5), "#2c3b46", "#51565a", scale=0.08)
    canvas.paint(ramp(0.42, 0.58, canvas.y) * 0.6, "#b98a6b", 0.5)
    town = canvas.stencil()
    for x in canvas.rng.uniform(-0.05, 1.5, 26):
        _roof(town, x, 0.6, canvas.rng.uniform(0.05, 0.1), canvas.rng.uniform(0.02, 0.05))
    canvas.paint(town.mask(0.0012), "#1d2730")
    near = canvas.stencil()
    for x, wide in ((0.08, 0.2), (0.42, 0.15), (1.02, 0.22), (1.36, 0.18)):
        _roof(near, x, 0.64, wide, wide * 0.42)
    for x in (0.3, 0.68, 0.9, 1.28):
        _bare_tree(canvas, near, x, 0.65, canvas.rng.uniform(0.09, 0.15))
    near.line([(0.78, 0.65), (0.785, 0.44)], 0.005).line([(0.755, 0.46), (0.815, 0.458)], 0.004)
    canvas.paint(near.mask(0.001), "#0f171e")
    canvas.form(near.mask(0.001), "#e0a878", towards=(0.2, -1), depth=0.003, strength=0.45)
    canvas.mirror(0.645, ripple=0.02, tint="#131d27", depth=0.35)
    beam = canvas.stencil().polygon([(0.60, 0.255), (0.63, 0.255), (0.98, 0.67), (0.78, 0.67)]).mask(0.012)
    canvas.light(beam * ramp(0.75, 0.2, canvas.y), "#fff3d0", 0.75)
    canvas.light(canvas.around(0.88, 0.68, 0.07, squash=2.6), "#fff0c8", 0.85)
    machine = canvas.stencil()
    machine.curve([(0.50, 0.2), (0.53, 0.165), (0.6, 0.16), (0.645, 0.185), (0.66, 0.225), (0.62, 0.25), (0.54, 0.245)])
    machine.curve([(0.52, 0.18), (0.4, 0.192), (0.3, 0.19), (0.3, 0.203), (0.4, 0.215), (0.52, 0.23)])
    machine.polygon([(0.285, 0.135), (0.305, 0.135), (0.325, 0.2), (0.3, 0.205)])
    machine.line([(0.58, 0.17), (0.58, 0.135)], 0.01).line([(0.52, 0.285), (0.66, 0.285)], 0.005)
    machine.line([(0.55, 0.24), (0.545, 0.285)], 0.004).line([(0.61, 0.245), (0.62, 0.285)], 0.004)
    canvas.paint(machine.mask(0.0008), "#0a0f14")
    canvas.form(machine.mask(0.0008), "#d9a37d", towards=(0.4, 1), depth=0.004, strength=0.35)
    blades = canvas.stencil().ellipse(0.585, 0.134, 0.24, 0.006).ellipse(0.295, 0.15, 0.028, 0.03)
    canvas.paint(blades.mask(0.003), "#0e151b", 0.5)
    for x, y, colour in ((0.617, 0.252, "#fffbe8"), (0.29, 0.14, "#ff5a3c")):
        canvas.sun(x, y, 0.011, colour, 1)
    return canvas.finish(shadows="#0a1a2c", highlights="#ffdcae", toning=0.25, contrast=0.3, bloom=0.5)


def _roof(card: Stencil, x: float, foot: float, wide: float, tall: float) -> None:
    card.polygon(
        [
            (x - wide * 0.6, foot - tall * 0.3),
            (x - wide * 0.42, foot - tall),
            (x + wide * 0.42, foot - tall),
            (x + wide * 0.6, foot - tall * 0.3),
            (x + wide * 0.5, foot - tall * 0.3),
            (x + wide * 0.5, foot + 0.01),
            (x - wide * 0.5, foot + 0.01),
            (x - wide * 0.5, foot - tall * 0.3),
        ]
    )
    card.box(x + wide * 0.2, foot - tall * 1.25, x + wide * 0.28, foot - tall * 0.9)


def _bare_tree(canvas: Canvas, card: Stencil, x: float, foot: float, tall: float) -> None:
    def grow(x: float, y: float, angle: float, length: float, breadth: float) -> None:
        if length < 0.008:
            return
        to = (x + np.sin(angle) * length, y - np.cos(angle) * length)
        card.line([(x, y), to], breadth)
        for turn in (-0.45, 0.4):
            grow(*to, angle + turn + canvas.rng.normal(0, 0.15), length * canvas.rng.uniform(0.62, 0.8), breadth * 0.65)

    grow(x, foot, canvas.rng.normal(0, 0.06), tall * 0.36, tall * 0.045)


def vigil(canvas: Canvas) -> Image.Image:
    """Candles, and the people who lit them."""
    canvas.wash((0, "#1c2238"), (0.5, "#4a3320"), (1, "#0d0705"))
    for _ in range(22):
        canvas.sun(
            canvas.rng.uniform(0, 1.5), canvas.rng.uniform(0.05, 0.35), canvas.rng.uniform(0.008, 0.02), "#7a5a3a", 0.4
        )
    canvas.blur(0.006)
    canvas.light(canvas.around(0.75, 0.75, 0.45, squash=2), "#ff9a3c", 0.5)
    for crown, size, blur, colour in ((0.2, 0.07, 0.004, "#20181a"), (0.26, 0.11, 0.002, "#120c0c")):
        card = canvas.stencil()
        crowd(canvas, card, crown=crown, size=size)
        mask = card.mask(blur)
        canvas.paint(mask, colour)
        canvas.form(mask, "#ff9d4a", towards=(0, 1), depth=0.03, strength=0.55)
        canvas.form(mask, "#ffb066", towards=(0.7, 0.4), depth=0.008, strength=0.6)
        canvas.light(mask * ramp(crown, 0.7, canvas.y), "#8a4a1a", 0.6)
    canvas.paint(ramp(0.5, 0.72, canvas.y), canvas.gradient((0.5, "#3a1c0b"), (1, "#120804")), 0.92)
    for row in range(9):
        y, size = 0.62 + row**1.35 * 0.024, 0.012 * (1 + row * 0.34)
        for x in np.arange(-0.05, 1.55, size * 3.4):
            if canvas.rng.random() < 0.72:
                _candle(canvas, x + canvas.rng.normal(0, size), y + canvas.rng.normal(0, size * 0.5), size)
    canvas.blur(0.004, ramp(0.84, 1.0, canvas.y))
    return canvas.finish(shadows="#0a0a16", highlights="#ffd08a", toning=0.2, contrast=0.3, bloom=0.55, grain=0.035)


def _candle(canvas: Canvas, x: float, y: float, size: float) -> None:
    """One candle painted into its own small window of the picture."""
    unit = canvas.height
    reach = int(size * 7 * unit)
    row, column = int(y * unit), int(x * unit)
    top, left = max(0, row - reach), max(0, column - reach)
    bottom, right = min(canvas.height, row + reach), min(canvas.width, column + reach)
    if top >= bottom or left >= right:
        return
    px, xs, ys = canvas.px[top:bottom, left:right], canvas.x[top:bottom, left:right], canvas.y[top:bottom, left:right]
    body = (np.abs(xs - x) < size * 0.3) & (ys > y + size * 0.1) & (ys < y + size * canvas.rng.uniform(1.2, 2.4))
    wax = rgb("#f3b562") * (1 - 0.6 * np.clip((ys - y) / (size * 2), 0, 1))[..., None]
    px[:] = np.where(body[..., None], wax, px)
    flame = np.exp(-(((xs - x) / (size * 0.19)) ** 2) - ((ys - y + size * 0.42) / (size * 0.5)) ** 2)
    glow = np.exp(-(((xs - x) ** 2 + (ys - y) ** 2) / (size * 2.2) ** 2))
    halo = np.exp(-(((xs - x) ** 2 + ((ys - y - size * 2) * 1.6) ** 2) / (size * 3) ** 2))
    for mask, colour, strength in ((halo, "#ff8a2a", 0.07), (glow, "#ff9a35", 0.3), (flame, "#fff3cf", 1.0)):
        px[:] = 1 - (1 - px) * (1 - (mask * strength)[..., None] * rgb(colour))


def documents(canvas: Canvas) -> Image.Image:
    """Letters on a desk under a lamp."""
    canvas.wash((0, "#2a1a10"), (1, "#3a2415"))
    canvas.px *= (0.6 + 0.7 * canvas.noise(0.35, 6, stretch=9, gain=0.6))[..., None]
    sheets = ((0.25, 0.28, -14, 1), (1.2, 0.3, 17, 2), (0.95, 0.72, -7, 3), (0.48, 0.66, 9, 4), (0.74, 0.46, -3, 5))
    for x, y, angle, seed in sheets:
        _letter(canvas, x, y, angle, seed)
    glasses = canvas.stencil()
    for cx in (0.97, 1.13):
        ring = [(cx + 0.068 * np.cos(a), 0.69 + 0.05 * np.sin(a)) for a in np.linspace(0, 2 * np.pi, 30)]
        glasses.line(ring, 0.008)
    glasses.stroke([(1.035, 0.68), (1.05, 0.665), (1.065, 0.68)], 0.007)
    glasses.stroke([(0.905, 0.67), (0.9, 0.6), (0.93, 0.48)], 0.006).stroke(
        [(1.197, 0.67), (1.22, 0.6), (1.2, 0.49)], 0.006
    )
    shape = glasses.mask(0.0006)
    canvas.shade(np.roll(glasses.mask(0.006), (int(0.014 * canvas.height), int(-0.012 * canvas.height)), (0, 1)), 0.75)
    lens = canvas.stencil().ellipse(0.97, 0.69, 0.066, 0.048).ellipse(1.13, 0.69, 0.066, 0.048).mask(0.002)
    canvas.light(lens * ramp(0.72, 0.64, canvas.y), "#ffffff", 0.18)
    canvas.paint(shape, "#120d0a")
    canvas.form(shape, "#fff0d0", towards=(0.4, -1), depth=0.002, strength=0.6)
    pool = canvas.around(0.78, 0.42, 0.55, squash=1.35)
    canvas.px *= (0.12 + 1.0 * pool)[..., None]
    canvas.light(canvas.around(0.8, 0.2, 0.35, squash=1.4), "#ffc987", 0.2)
    canvas.blur(0.005, np.asarray(ramp(0.3, 0.02, canvas.y)))
    canvas.blur(0.006, np.asarray(ramp(0.88, 1.0, canvas.y)))
    return canvas.finish(shadows="#140b0a", highlights="#ffe7bd", toning=0.25, contrast=0.3, bloom=0.15, wobble=0.0004)


def _letter(canvas: Canvas, x: float, y: float, angle: float, seed: int) -> None:
    """One typed page, turned by `angle` degrees, with its shadow."""
    rng = np.random.default_rng(seed)
    wide, tall = 0.5, 0.68
    paper, ink, stamp = (Stencil(canvas.width, canvas.height) for _ in range(3))
    left, top = x - wide / 2, y - tall / 2
    paper.box(left, top, left + wide, top + tall)
    ink.box(left + 0.05, top + 0.05, left + 0.17, top + 0.062).box(
        left + 0.05, top + 0.075, left + 0.14, top + 0.083, 0.8
    )
    ink.box(left + 0.34, top + 0.05, left + 0.45, top + 0.058, 0.8)
    for line in range(24):
        at = top + 0.13 + line * 0.0205
        end = left + 0.05
        stop = left + (0.45 if line % 6 != 5 else rng.uniform(0.15, 0.35))
        if line % 6 == 0:
            end += 0.03
        hidden = rng.random() < 0.16
        while end < stop - 0.012:
            word = min(rng.uniform(0.012, 0.05), stop - end)
            if hidden and rng.random() < 0.8:
                ink.box(end - 0.004, at - 0.006, end + word + 0.006, at + 0.012)
            else:
                for letter in np.arange(end, end + word - 0.003, 0.0068):
                    ink.box(letter, at + rng.uniform(-0.002, 0.001), letter + 0.0045, at + 0.0075, 0.75)
            end += word + 0.008
    for radius in (0.06, 0.05):
        stamp.ellipse(left + 0.38, top + 0.59, radius, radius, 1 if radius > 0.05 else 0)
    stamp.ellipse(left + 0.38, top + 0.59, 0.044).ellipse(left + 0.38, top + 0.59, 0.04, 0.04, 0)
    stamp.box(left + 0.345, top + 0.578, left + 0.415, top + 0.602)
    signature = [(left + 0.06 + i * 0.016, top + 0.61 + rng.normal(0, 0.016)) for i in range(10)]
    ink.stroke(signature, 0.0028, 0.9)
    centre = (x * canvas.height * 2, y * canvas.height * 2)
    masks = []
    for card in (paper, ink, stamp):
        card.image = card.image.rotate(angle, Image.Resampling.BICUBIC, center=centre)
        masks.append(card.mask(0.0004))
    offset = (int(0.014 * canvas.height), int(-0.008 * canvas.height))
    canvas.shade(soften(np.roll(masks[0], offset, (0, 1)), 0.014 * canvas.height), 0.75)
    tone = canvas.noise(0.4, 4)
    canvas.paint(masks[0], rgb("#efe6d2") * (0.88 + 0.2 * tone)[..., None])
    canvas.paint(masks[1], "#22202a", 0.86)
    canvas.paint(masks[2] * ramp(0.25, 0.5, canvas.noise(0.03, 3)), "#5b2f7a" if seed % 2 else "#9a2a2a", 0.6)


SCENES = {
    "dam-crack": Scene(crack),
    "dam-valley": Scene(valley),
    "spillway": Scene(spillway),
    "flood-helicopter": Scene(helicopter),
    "vigil": Scene(vigil),
    "documents": Scene(documents),
}
