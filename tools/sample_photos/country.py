"""Photos of the country: sea, steppe, fields, mountains, work and shopping."""

import numpy as np
from PIL import Image

from sample_photos.figures import bust, stand
from sample_photos.light import Array, Canvas, Stencil, ramp, rgb, soften
from sample_photos.scene import Scene


def boats(canvas: Canvas) -> Image.Image:
    """Four boats before a low sun."""
    canvas.wash((0, "#d98a3e"), (0.25, "#f2b456"), (0.5, "#ffe09a"))
    canvas.clouds("#b8623a", scale=0.25, cover=0.4, stretch=7, strength=0.5)
    canvas.sun(0.98, 0.4, 0.07, "#fffbe2", 1)
    canvas.mountain(canvas.ridge(0.5, 0.02, 0.5), "#cf8d4c", "#e0a35c", scale=0.1)
    canvas.paint(ramp(0.42, 0.52, canvas.y), "#ffdd96", 0.5)
    far, near = canvas.stencil(), canvas.stencil()
    for x, foot, size, mirror, card in (
        (0.52, 0.53, 0.13, 1, far),
        (1.27, 0.528, 0.11, -1, far),
        (0.8, 0.54, 0.2, -1, near),
        (0.22, 0.55, 0.3, 1, near),
    ):
        _boat(card, x, foot, size, mirror, canvas.rng)
    canvas.paint(far.mask(0.0015), "#8a5a35", 0.9)
    canvas.paint(near.mask(0.0008), "#2a1a14", 0.96)
    canvas.form(near.mask(0.0008), "#ffdf96", towards=(1, -0.6), depth=0.003, strength=0.6)
    canvas.mirror(0.552, ripple=0.03, tint="#8a4a22", depth=0.28)
    glitter = canvas.waves(1 / (np.clip(canvas.y - 0.55, 0, 1) + 0.03))
    path = np.exp(-(((canvas.x - 0.98) / (0.05 + 0.25 * np.clip(canvas.y - 0.55, 0, 1))) ** 2)) * canvas.below(0.553)
    canvas.light(path * ramp(0.3, 1.6, glitter), "#fff3c4", 0.85)
    gulls = canvas.stencil()
    for _ in range(8):
        x, y, s = canvas.rng.uniform(0.1, 0.75), canvas.rng.uniform(0.1, 0.3), canvas.rng.uniform(0.009, 0.02)
        gulls.stroke(
            [
                (x - s, y - s * 0.4),
                (x - s * 0.4, y - s * 0.5),
                (x, y),
                (x + s * 0.4, y - s * 0.5),
                (x + s, y - s * 0.3),
            ],
            0.0022,
        )
    canvas.paint(gulls.mask(0.0005), "#5c3820", 0.85)
    return canvas.finish(shadows="#3a1410", highlights="#fff2c8", toning=0.2, contrast=0.3, bloom=0.35)


def _boat(card: Stencil, x: float, foot: float, size: float, mirror: int, rng: np.random.Generator) -> None:
    def at(dx: float, up: float) -> tuple[float, float]:
        return (x + mirror * dx * size, foot - up * size)

    card.polygon([at(*p) for p in ((-0.55, 0.22), (-0.3, 0.17), (0.2, 0.19), (0.68, 0.36), (0.5, 0.0), (-0.48, 0.0))])
    card.polygon([at(*p) for p in ((-0.36, 0.17), (-0.36, 0.46), (-0.06, 0.46), (-0.02, 0.19))])
    card.polygon([at(*p) for p in ((-0.4, 0.46), (-0.4, 0.49), (-0.03, 0.49), (-0.05, 0.46))])
    card.polygon([at(*p) for p in ((-0.2, 0.42), (-0.1, 0.42), (-0.1, 0.32), (-0.2, 0.32))], 0.35)
    card.line([at(0.12, 0.2), at(0.12, 1.05)], size * 0.022).line([at(0.12, 0.98), at(0.62, 0.35)], size * 0.008)
    card.line([at(0.12, 0.98), at(-0.52, 0.22)], size * 0.008).line([at(0.12, 0.3), at(-0.3, 0.72)], size * 0.016)
    stand(card, at(0.33, 0)[0], foot - 0.16 * size, size * 0.44, rng)


def train(canvas: Canvas) -> Image.Image:
    """A train under a huge sky."""
    canvas.wash((0, "#2f6a94"), (0.4, "#7fb0c4"), (0.7, "#e6dfc2"))
    _cumulus(canvas, base=0.6)
    canvas.mountain(canvas.ridge(0.715, 0.012, 0.6), "#8b9a98", "#a9a894", scale=0.1)
    canvas.paint(ramp(0.62, 0.73, canvas.y), "#e9dcb8", 0.55)
    steppe = canvas.below(0.728)
    grass = canvas.noise(0.06, 5, stretch=8)
    canvas.paint(steppe, canvas.gradient((0.72, "#c9b06a"), (0.85, "#a98a45"), (1, "#5d4a26")))
    canvas.px *= 1 + (steppe * (grass - 0.5) * 0.7)[..., None]
    canvas.shade(steppe * ramp(0.5, 0.62, canvas.noise(0.4, 4, stretch=5)), 0.35)
    bank = canvas.stencil().polygon([(-0.1, 0.775), (1.6, 0.755), (1.6, 0.785), (-0.1, 0.815)]).mask(0.002)
    canvas.paint(bank, "#6b5a3c")
    for number in range(13):
        _carriage(canvas, 0.155 + number * 0.112)
    engine = canvas.stencil().polygon(
        [(0.03, 0.765), (0.035, 0.735), (0.06, 0.712), (0.148, 0.71), (0.148, 0.772), (0.03, 0.774)]
    )
    canvas.paint(engine.mask(0.0008), "#8a2f26")
    canvas.light(canvas.stencil().box(0.03, 0.742, 0.148, 0.748).mask(0.0005), "#f3dca0", 0.7)
    canvas.paint(
        canvas.stencil().polygon([(0.046, 0.735), (0.062, 0.717), (0.075, 0.717), (0.075, 0.735)]).mask(0.0006),
        "#1a2630",
    )
    canvas.form(engine.mask(0.0008), "#fff0cc", towards=(0, -1), depth=0.004, strength=0.5)
    canvas.sun(0.033, 0.757, 0.006, "#fff6cf", 0.9)
    wires = canvas.stencil()
    for x in np.arange(0.02, 1.5, 0.16):
        wires.line([(x, 0.8 - x * 0.017), (x, 0.64 + x * 0.01)], 0.0028).line(
            [(x - 0.02, 0.655), (x + 0.02, 0.655)], 0.002
        )
    for lift in (0.0, 0.014):
        sag = [(x, 0.658 + lift + 0.008 * abs(np.sin(x / 0.16 * np.pi))) for x in np.arange(-0.02, 1.55, 0.01)]
        wires.line(sag, 0.0011)
    canvas.paint(wires.mask(0.0004), "#3b3a34", 0.75)
    stalks = canvas.stencil()
    for x in canvas.rng.uniform(-0.02, 1.52, 700):
        tall = canvas.rng.uniform(0.03, 0.12)
        bend = canvas.rng.normal(0.012, 0.015)
        stalks.line([(x, 1.02), (x + bend * 0.4, 1.0 - tall * 0.6), (x + bend * 1.6, 1.0 - tall)], 0.0022)
    grassy = stalks.mask(0.003)
    canvas.paint(grassy, "#4a3a1c", 0.7)
    canvas.light(np.roll(grassy, -3, 1) * grassy * ramp(1.0, 0.9, canvas.y), "#e8cf86", 0.5)
    return canvas.finish(shadows="#12304a", highlights="#fff0cf", toning=0.2, contrast=0.3, bloom=0.2)


def _cumulus(canvas: Canvas, *, base: float) -> None:
    """Towering clouds: heaped puffs, lit from the upper left, flat below."""
    heaps: Array = np.zeros_like(canvas.x)
    for tower in range(16):
        x = canvas.rng.uniform(-0.1, 1.6)
        far = canvas.rng.uniform(0.25, 1)
        foot = base - far * 0.26
        for _ in range(26):
            r = canvas.rng.uniform(0.03, 0.09) * far
            px = x + np.clip(canvas.rng.normal(0, 0.13), -0.2, 0.2) * far
            py = foot - min(0.19, abs(canvas.rng.normal(0, 0.09))) * far * (0.4 + (tower % 3) * 0.4)
            ball = (
                np.sqrt(np.clip(1 - ((canvas.x - px) ** 2 + (canvas.y - py) ** 2) / r**2, 0, 1))
                * r
                * (canvas.y < foot + r * 0.3)
            )
            heaps = np.maximum(heaps, ball.astype(np.float32))
    wisps = canvas.noise(0.16, 6, gain=0.62, stretch=1.6)
    heaps = soften(heaps, 0.011 * canvas.height)
    heaps = heaps + (wisps - 0.5) * 0.075 * ramp(0.0, 0.03, soften(heaps, 0.02 * canvas.height))
    cover = ramp(0.004, 0.034, heaps) ** 1.3
    down, right = np.gradient(soften(heaps, 0.006 * canvas.height) * canvas.height)
    lit = ramp(-1.0, 0.8, right * 0.7 + down * 0.9)
    tone = rgb("#8d9eb0") + (rgb("#fff6e3") - rgb("#8d9eb0")) * lit[..., None]
    haze = ramp(0.15, base + 0.08, canvas.y)[..., None] * 0.5
    canvas.paint(cover, tone + (rgb("#e9e0c8") - tone) * haze, 0.95)


def _carriage(canvas: Canvas, x: float) -> None:
    rise = -x * 0.0115
    y = 0.722 + rise
    body = canvas.stencil().box(x, y, x + 0.107, y + 0.05)
    mask = body.mask(0.0006)
    canvas.paint(mask, canvas.gradient((0.7, "#4d7a66"), (0.77, "#1d3a33")))
    canvas.light(canvas.stencil().box(x, y, x + 0.107, y + 0.006).mask(0.0006), "#fff3d4", 0.5)
    panes = canvas.stencil()
    for pane in np.arange(x + 0.008, x + 0.1, 0.0125):
        panes.box(pane, y + 0.015, pane + 0.008, y + 0.027)
    canvas.paint(panes.mask(0.0004), "#f3e3b4", 0.7)
    canvas.paint(canvas.stencil().box(x + 0.004, y + 0.049, x + 0.103, y + 0.058).mask(0.0006), "#16201d")


def market(canvas: Canvas) -> Image.Image:
    """Stalls at dusk."""
    canvas.wash((0, "#24304a"), (0.35, "#4a4a5c"), (0.7, "#6a4a35"), (1, "#2a1c16"))
    for x, wide, top in ((-0.05, 0.5, 0.02), (0.4, 0.25, 0.1), (0.68, 0.2, 0.16), (0.9, 0.3, 0.08), (1.15, 0.5, -0.02)):
        canvas.paint(canvas.stencil().box(x, top, x + wide, 0.7).mask(0.006), "#2a3044", 0.75)
    canvas.light(canvas.around(0.75, 0.5, 0.3, squash=2), "#ff9d4d", 0.3)
    stalls = (
        (0.78, 0.56, 0.3, "#8e4a3a", 0.006),
        (0.45, 0.6, 0.42, "#3c6d64", 0.003),
        (1.12, 0.62, 0.46, "#a5402f", 0.002),
        (0.12, 0.7, 0.62, "#b98a35", 0.001),
    )
    for x, foot, wide, colour, blur in stalls:
        _stall(canvas, x, foot, wide, colour, blur)
    canvas.paint(canvas.below(0.83), canvas.gradient((0.82, "#4b3a30"), (1, "#1a1312")), 0.9)
    wet = ramp(0.45, 0.7, canvas.noise(0.12, 5, stretch=5)) * canvas.below(0.83)
    canvas.light(wet, "#ffb368", 0.4)
    shoppers = canvas.stencil()
    for x, foot, tall in (
        (0.56, 0.9, 0.38),
        (0.66, 0.88, 0.36),
        (0.99, 0.94, 0.44),
        (1.36, 0.93, 0.43),
        (0.8, 0.83, 0.28),
    ):
        stand(shoppers, x, foot, tall, canvas.rng)
        shoppers.line([(x + tall * 0.14, foot - tall * 0.5), (x + tall * 0.15, foot - tall * 0.38)], 0.004)
        shoppers.curve(
            [
                (x + tall * 0.1, foot - tall * 0.38),
                (x + tall * 0.21, foot - tall * 0.38),
                (x + tall * 0.22, foot - tall * 0.2),
                (x + tall * 0.09, foot - tall * 0.2),
            ]
        )
        canvas.shade(canvas.around(x, foot, tall * 0.2, squash=2.2) * canvas.below(foot - 0.01), 0.6)
    people = shoppers.mask(0.0012)
    canvas.paint(people, "#15100f")
    canvas.form(people, "#ffb86b", towards=(-0.6, -0.8), depth=0.005, strength=0.7)
    near = canvas.stencil()
    bust(near, 1.42, 0.66, 0.2, np.random.default_rng(2))
    canvas.paint(near.mask(0.008), "#0c0908")
    return canvas.finish(shadows="#101a30", highlights="#ffdfa8", toning=0.22, contrast=0.3, bloom=0.5)


def _stall(canvas: Canvas, x: float, foot: float, wide: float, colour: str, blur: float) -> None:
    """One stall: posts, goods in heaps, a striped awning, two lamps."""
    left, right, top = x - wide / 2, x + wide / 2, foot - wide * 0.62
    inside = canvas.stencil().box(left, top, right, foot + wide * 0.3).mask(blur)
    canvas.paint(inside, "#3a2318", 0.9)
    canvas.light(inside * canvas.around(x, top + wide * 0.25, wide * 0.4, squash=1.3), "#ffae5a", 0.85)
    keeper = canvas.stencil()
    bust(keeper, x + wide * 0.12, foot - wide * 0.42, wide * 0.13, canvas.rng)
    canvas.paint(keeper.mask(blur) * inside, "#1c120e")
    table = canvas.stencil().box(left - 0.01, foot - wide * 0.03, right + 0.01, foot + wide * 0.34).mask(blur)
    canvas.paint(table, canvas.gradient((foot - 0.02, "#4d3324"), (foot + wide * 0.34, "#1a110c")))
    colours = ("#c8402c", "#e3963a", "#d9c04a", "#6f8f3a", "#7d2f4a", "#c9702f")
    for heap in range(6):
        centre = left + wide * (0.09 + heap * 0.164)
        balls, shine = canvas.stencil(), canvas.stencil()
        size = wide * 0.021
        for row in range(5):
            for ball in range(6 - row):
                bx = centre + (ball - (5 - row) / 2) * size * 1.7 + canvas.rng.normal(0, size * 0.15)
                by = foot - wide * 0.03 - row * size * 1.35
                balls.ellipse(bx, by, size)
                shine.ellipse(bx - size * 0.3, by - size * 0.4, size * 0.35)
        canvas.paint(balls.mask(blur), rgb(colours[(heap + int(wide * 100)) % 6]))
        canvas.shade(balls.mask(blur) * ramp(foot - wide * 0.12, foot, canvas.y), 0.5)
        canvas.light(shine.mask(max(blur, 0.0012)), "#fff0c8", 0.7)
    for post in (left, right):
        canvas.paint(
            canvas.stencil().line([(post, top), (post, foot + wide * 0.3)], wide * 0.018).mask(blur), "#1a1210"
        )
    stripes = 10
    for stripe in range(stripes):
        a, b = (
            left - wide * 0.08 + wide * 1.16 * stripe / stripes,
            left - wide * 0.08 + wide * 1.16 * (stripe + 1) / stripes,
        )
        ta, tb = left + wide * stripe / stripes, left + wide * (stripe + 1) / stripes
        edge = top + wide * 0.15
        cloth = canvas.stencil().polygon(
            [(ta, top - wide * 0.08), (tb, top - wide * 0.08), (b, edge), ((a + b) / 2, edge + wide * 0.035), (a, edge)]
        )
        tone = rgb(colour if stripe % 2 else "#d9c7a5")
        canvas.paint(cloth.mask(blur * 0.7), tone * (0.55 + 0.55 * ramp(top - wide * 0.08, edge, canvas.y))[..., None])
    for lamp in (-0.25, 0.25):
        canvas.sun(x + lamp * wide, top + wide * 0.22, wide * 0.026, "#fff0c4", 1)


def bank(canvas: Canvas) -> Image.Image:
    """A line before lit counters."""
    canvas.wash((0, "#16231f"), (0.5, "#2b3d35"), (1, "#101816"))
    canvas.px *= (0.85 + 0.3 * canvas.noise(0.4, 4))[..., None]
    board = canvas.stencil().box(0.36, 0.06, 1.14, 0.27).mask(0.0015)
    canvas.paint(board, "#070c0b")
    digits = canvas.stencil()
    for row in range(4):
        y = 0.085 + row * 0.043
        for x, count in ((0.4, 3), (0.62, 5), (0.88, 5)):
            for place in range(count):
                _digit(digits, x + place * 0.03, y, 0.018, 0.028, int(canvas.rng.integers(0, 10)))
    canvas.light(digits.mask(0.0006), "#ff7a3a", 1)
    canvas.light(digits.mask(0.006), "#ff5a20", 0.8)
    for number in range(5):
        x = 0.1 + number * 0.27
        pane = canvas.stencil().box(x, 0.34, x + 0.22, 0.58).mask(0.0015)
        open_here = number != 3
        canvas.paint(pane, canvas.gradient((0.34, "#f3ecd0"), (0.58, "#cfd2a8")) if open_here else rgb("#3d4c42"))
        if open_here:
            clerk = canvas.stencil()
            bust(clerk, x + 0.11, 0.435, 0.065, canvas.rng)
            canvas.paint(clerk.mask(0.002) * pane, "#2e3a30", 0.9)
            canvas.form(clerk.mask(0.002) * pane, "#fff8dc", towards=(0, -1), depth=0.004, strength=0.5)
        grille = canvas.stencil()
        for bar in np.arange(x, x + 0.23, 0.22 / 5):
            grille.box(bar - 0.002, 0.34, bar + 0.002, 0.58)
        grille.box(x - 0.008, 0.335, x + 0.228, 0.345).box(x + 0.06, 0.55, x + 0.16, 0.585)
        canvas.paint(grille.mask(0.001), "#16211c", 0.9)
        sign = canvas.stencil().box(x + 0.075, 0.295, x + 0.145, 0.325).mask(0.001)
        canvas.paint(sign, "#3ddc84" if open_here else "#8c2f2a", 0.8)
        canvas.light(canvas.around(x + 0.11, 0.62, 0.16) * (1.0 if open_here else 0), "#f2eec2", 0.22)
    canvas.paint(canvas.stencil().box(-0.1, 0.585, 1.6, 0.61).mask(0.001), "#8e8464")
    counter = canvas.stencil().box(-0.1, 0.608, 1.6, 0.73).mask(0.001)
    canvas.paint(counter, canvas.gradient((0.6, "#4d4a38"), (0.73, "#23261f")))
    floor = canvas.below(0.73)
    canvas.paint(floor, canvas.gradient((0.73, "#3a463c"), (1, "#0e1412")))
    for number in (0, 1, 2, 4):
        streak = np.exp(-(((canvas.x - 0.21 - number * 0.27) / 0.07) ** 2)) * floor * ramp(1.05, 0.73, canvas.y)
        canvas.light(streak.astype(np.float32), "#e9e6b8", 0.4)
    people = (
        (0.2, 0.83, 0.4),
        (0.34, 0.85, 0.41),
        (0.47, 0.88, 0.45),
        (0.62, 0.9, 0.46),
        (0.78, 0.94, 0.5),
        (0.96, 0.97, 0.53),
        (1.17, 1.02, 0.58),
        (1.4, 1.08, 0.64),
    )
    for x, foot, tall in people:
        canvas.shade(canvas.around(x, foot, tall * 0.2, squash=2) * canvas.below(foot - 0.01), 0.5)
    for x, foot, tall in people:
        one = canvas.stencil()
        stand(one, x, foot, tall, canvas.rng)
        mask = one.mask(0.0013)
        canvas.paint(mask, "#0c1210")
        canvas.form(mask, "#f3efc8", towards=(-0.4, -1), depth=0.005, strength=0.6)
    return canvas.finish(shadows="#06181a", highlights="#fff4cf", toning=0.22, contrast=0.3, bloom=0.4)


SEGMENTS = ("abcdef", "bc", "abdeg", "abcdg", "bcfg", "acdfg", "acdefg", "abc", "abcdefg", "abcdfg")


def _digit(card: Stencil, x: float, y: float, wide: float, tall: float, number: int) -> None:
    """Cut one digit of seven segments."""
    half = tall / 2
    ends = {
        "a": ((0.0, 0.0), (wide, 0.0)),
        "b": ((wide, 0.0), (wide, half)),
        "c": ((wide, half), (wide, tall)),
        "d": ((0.0, tall), (wide, tall)),
        "e": ((0.0, half), (0.0, tall)),
        "f": ((0.0, 0.0), (0.0, half)),
        "g": ((0.0, half), (wide, half)),
    }
    for segment in SEGMENTS[number]:
        (ax, ay), (bx, by) = ends[segment]
        card.line([(x + ax, y + ay), (x + bx, y + by)], 0.0036)


def wheat(canvas: Canvas) -> Image.Image:
    """Ripe wheat before a storm."""
    canvas.wash((0, "#27333f"), (0.3, "#4d5a63"), (0.5, "#8b8570"), (0.56, "#d6b878"))
    canvas.clouds("#1a232d", scale=0.5, cover=0.75, stretch=2.5, strength=0.85)
    canvas.clouds("#8d969a", scale=0.25, cover=0.35, stretch=3, strength=0.4)
    canvas.light(np.asarray(ramp(0.4, 0.56, canvas.y) * ramp(1.5, 0.2, canvas.x)), "#ffd685", 0.4)
    veil = canvas.stencil().polygon([(0.98, 0.2), (1.4, 0.15), (1.32, 0.57), (1.02, 0.57)]).mask(0.04)
    canvas.paint(veil * canvas.noise(0.3, 5, stretch=0.1), "#33404b", 0.8)
    trees = canvas.below(canvas.ridge(0.553, 0.012, 0.12))
    canvas.paint(trees, "#3b3d2e")
    field = canvas.below(0.565)
    near = np.clip((canvas.y - 0.565) / 0.435, 0, 1)
    canvas.paint(field, canvas.gradient((0.56, "#d9b25e"), (0.7, "#d6a044"), (1, "#7a4f1c")))
    waves = canvas.noise(0.16, 5, stretch=7)
    canvas.px *= 1 + (field * (waves - 0.5) * 0.8 * (1 - near * 0.5))[..., None]
    rows = np.sin(((canvas.x - 0.75) / (near + 0.08)) * 22) * 0.5 + 0.5
    canvas.shade(field * rows * (1 - near) * 0.5, 0.25)
    dust = canvas.around(0.37, 0.55, 0.05, squash=3.4) * canvas.noise(0.1, 5)
    canvas.paint(dust * 1.3, "#f0d9a4", 0.75)
    machine = (
        canvas.stencil()
        .box(0.48, 0.528, 0.535, 0.562)
        .box(0.5, 0.508, 0.522, 0.53)
        .polygon([(0.535, 0.555), (0.565, 0.562), (0.565, 0.572), (0.53, 0.572)])
    )
    machine.ellipse(0.525, 0.566, 0.011).ellipse(0.489, 0.568, 0.007)
    canvas.paint(machine.mask(0.0008), "#7d2a1c")
    canvas.shade(machine.mask(0.0008) * ramp(0.54, 0.57, canvas.y), 0.6)
    for depth in range(5):
        stalks, ears = canvas.stencil(), canvas.stencil()
        low = 0.68 + depth * 0.085
        size = 0.035 + depth * 0.026
        for x in canvas.rng.uniform(-0.05, 1.55, 420 - depth * 68):
            foot = low + size + canvas.rng.uniform(0, 0.05)
            bend = canvas.rng.normal(0.25, 0.12)
            top = (x + bend * size, foot - size * canvas.rng.uniform(1.1, 1.5))
            stalks.line([(x, foot + 0.05), (x + bend * size * 0.3, foot - size * 0.5), top], 0.0009 + depth * 0.0004)
            for grain in range(5):
                gx, gy = top[0] + bend * size * 0.13 * grain, top[1] - size * 0.085 * grain
                ears.ellipse(gx, gy, size * 0.035, size * 0.065)
            ears.line([top, (top[0] + bend * size * 1.1, top[1] - size * 0.6)], 0.0008)
        blur = (0.001, 0.0006, 0.0006, 0.002, 0.006)[depth]
        canvas.paint(stalks.mask(blur), "#8d6225", 0.75)
        canvas.paint(ears.mask(blur), ("#d9a94f", "#dcae55", "#e0b45c", "#c58f3c", "#7d5522")[depth], 0.95)
        canvas.form(ears.mask(blur), "#fff0bd", towards=(-1, -0.6), depth=0.0025, strength=0.55)
    return canvas.finish(shadows="#12222e", highlights="#fff0c4", toning=0.22, contrast=0.35, bloom=0.2)


def mine(canvas: Canvas) -> Image.Image:
    """The headframe against a smoky sky."""
    canvas.wash((0, "#6f6a4a"), (0.4, "#c2a85c"), (0.75, "#f0d488"))
    canvas.clouds("#57523c", scale=0.45, cover=0.6, stretch=2.5, strength=0.6)
    canvas.sun(1.12, 0.5, 0.11, "#fff2bd", 0.8)
    heap = canvas.below(0.86 - 0.4 * np.clip(1 - np.abs(canvas.x[0] - 0.16) / 0.42, 0, 1) + canvas.ridge(0, 0.008, 0.1))
    canvas.paint(heap, "#8d7a4c")
    canvas.form(heap, "#ffe7a5", towards=(1, -0.6), depth=0.006, strength=0.4)
    chimneys = canvas.stencil()
    for x, top in ((1.27, 0.32), (1.35, 0.38), (1.43, 0.29)):
        chimneys.polygon([(x - 0.012, 0.85), (x - 0.008, top), (x + 0.008, top), (x + 0.012, 0.85)])
    canvas.paint(chimneys.mask(0.0025), "#8f7c50")
    for x, top in ((1.27, 0.32), (1.43, 0.29)):
        for puff in range(14):
            smoke = canvas.around(x - 0.025 * puff, top - 0.012 - 0.016 * puff, 0.015 + 0.006 * puff, squash=1.5)
            canvas.paint(smoke * canvas.noise(0.08, 4), "#4f4a36", 0.45)
    canvas.paint(ramp(0.5, 0.9, canvas.y), "#e6c67c", 0.45)
    frame = canvas.stencil()
    for a, b, width in (
        ((0.656, 0.885), (0.735, 0.2), 0.013),
        ((0.864, 0.885), (0.805, 0.2), 0.013),
        ((1.1, 0.85), (0.81, 0.24), 0.015),
        ((1.06, 0.85), (0.8, 0.3), 0.007),
    ):
        frame.line([a, b], width)
    for step in range(8):
        t, u = step / 8, (step + 1) / 8
        la, lb = (0.66 + 0.075 * t, 0.84 - 0.64 * t), (0.66 + 0.075 * u, 0.84 - 0.64 * u)
        ra, rb = (0.86 - 0.055 * t, 0.84 - 0.64 * t), (0.86 - 0.055 * u, 0.84 - 0.64 * u)
        frame.line([la, rb], 0.0045).line([ra, lb], 0.0045).line([lb, rb], 0.0055)
    frame.box(0.69, 0.195, 0.86, 0.212).polygon([(0.7, 0.07), (0.85, 0.07), (0.87, 0.085), (0.68, 0.085)])
    for x in (0.705, 0.845):
        frame.line([(x, 0.08), (x, 0.2)], 0.006)
    for cx, cy, r in ((0.745, 0.148, 0.046), (0.81, 0.16, 0.046)):
        frame.line([(cx + r * np.cos(a), cy + r * np.sin(a)) for a in np.linspace(0, 2 * np.pi, 40)], 0.006)
        for a in np.linspace(0, np.pi, 5)[:-1]:
            frame.line([(cx - r * np.cos(a), cy - r * np.sin(a)), (cx + r * np.cos(a), cy + r * np.sin(a))], 0.0025)
    frame.line([(0.79, 0.13), (1.33, 0.76)], 0.0028).line([(0.85, 0.14), (1.33, 0.775)], 0.0028)
    sheds = (
        canvas.stencil()
        .box(0.58, 0.68, 0.74, 0.9)
        .polygon([(0.57, 0.69), (0.66, 0.63), (0.75, 0.69)])
        .box(1.2, 0.74, 1.42, 0.9)
    )
    sheds.polygon([(1.19, 0.745), (1.31, 0.69), (1.43, 0.745)]).box(0.3, 0.79, 0.56, 0.9).polygon(
        [(0.3, 0.79), (0.3, 0.75), (0.36, 0.79)]
    )
    sheds.polygon([(0.36, 0.79), (0.36, 0.75), (0.42, 0.79)]).polygon(
        [(0.42, 0.79), (0.42, 0.75), (0.48, 0.79)]
    ).polygon([(0.48, 0.79), (0.48, 0.75), (0.54, 0.79)])
    sheds.line([(0.42, 0.8), (0.68, 0.5)], 0.016)
    for card in (frame, sheds):
        canvas.paint(card.mask(0.0007), "#1b1812", 0.97)
        canvas.form(card.mask(0.0007), "#ffe2a0", towards=(1, -0.3), depth=0.0025, strength=0.5)
    panes = canvas.stencil()
    for x, y in (
        (0.61, 0.72),
        (0.65, 0.72),
        (0.69, 0.72),
        (1.25, 0.79),
        (1.3, 0.79),
        (1.35, 0.79),
        (0.4, 0.83),
        (0.45, 0.83),
    ):
        panes.box(x, y, x + 0.018, y + 0.026, canvas.rng.uniform(0.3, 1))
    canvas.light(panes.mask(0.001), "#ffcf6e", 0.85)
    ground = canvas.below(canvas.ridge(0.875, 0.012, 0.2))
    canvas.paint(ground, canvas.gradient((0.86, "#2b2517"), (1, "#0e0c08")))
    rails = canvas.stencil().line([(0.5, 1.02), (0.86, 0.875)], 0.005).line([(0.66, 1.02), (0.885, 0.875)], 0.005)
    canvas.light(rails.mask(0.001), "#e6c885", 0.5)
    miners = canvas.stencil()
    for x, tall in ((1.0, 0.1), (1.04, 0.105), (1.075, 0.098), (1.14, 0.102)):
        stand(miners, x, 0.925, tall, canvas.rng)
    canvas.paint(miners.mask(0.0007), "#0d0b08")
    return canvas.finish(shadows="#1c1a14", highlights="#fff0bf", toning=0.25, contrast=0.35, bloom=0.25)


def village(canvas: Canvas) -> Image.Image:
    """Lit windows on a snowy slope."""
    canvas.wash((0, "#1d3056"), (0.3, "#48699b"), (0.5, "#a9b7cf"))
    canvas.sun(1.1, 0.2, 0.025, "#f5f0ff", 0.6)
    for base, rise, dark, lit, scale in (
        (0.34, 0.14, "#3c5580", "#b9c9e0", 0.16),
        (0.48, 0.1, "#2c4269", "#93a9cb", 0.12),
    ):
        line = canvas.ridge(base, rise, 0.55, octaves=7)
        canvas.mountain(line, dark, lit, scale=scale, sun=1)
        canvas.paint(ramp(base - 0.1, base + 0.32, canvas.y), "#8fa5c8", 0.5)
    x = canvas.x[0]
    for base, colour in ((0.62, "#6f88b2"), (0.72, "#8ea4c8")):
        slope = canvas.below(base + 0.16 * (x / 1.5 - 0.5) + canvas.ridge(0, 0.02, 0.5))
        canvas.paint(slope, rgb(colour) * (0.85 + 0.25 * canvas.noise(0.2, 4, stretch=3))[..., None])
        firs = canvas.stencil()
        for fx in np.concatenate([canvas.rng.normal(0.1, 0.12, 30), canvas.rng.normal(1.42, 0.12, 30)]):
            tall, foot = canvas.rng.uniform(0.05, 0.1), base + 0.16 * (fx / 1.5 - 0.5) + canvas.rng.uniform(-0.01, 0.05)
            _fir(firs, fx, foot, tall)
        canvas.paint(firs.mask(0.001), "#1c2c4c", 0.95)
        canvas.light(firs.mask(0.001) * ramp(0.5, 0.62, canvas.noise(0.02, 3)), "#c3d4ee", 0.35)
    houses: list[tuple[float, float, float]] = []
    for _ in range(600):
        row, hx = canvas.rng.uniform(0, 1), float(canvas.rng.normal(0.76, 0.24))
        foot, wide = 0.6 + 0.27 * row + 0.13 * (hx / 1.5 - 0.5), 0.042 + 0.06 * row
        apart = all(abs(hx - ox) > (wide + ow) * 0.44 or abs(foot - oy) > wide * 0.42 for ox, oy, ow in houses)
        if apart and 0.2 < hx < 1.32 and len(houses) < 34:
            houses.append((hx, foot, wide))
    houses.sort(key=lambda house: house[1])
    tower = canvas.stencil().box(0.738, 0.53, 0.772, 0.68).polygon([(0.732, 0.535), (0.755, 0.44), (0.778, 0.535)])
    canvas.paint(tower.mask(0.0008), "#2a3a5c")
    canvas.form(tower.mask(0.0008), "#e3ecfa", towards=(1, -0.7), depth=0.006, strength=0.5)
    canvas.light(canvas.stencil().ellipse(0.755, 0.565, 0.006, 0.01).mask(0.001), "#ffcf80", 0.95)
    for hx, foot, wide in houses:
        _house(canvas, hx, foot, wide)
    front = canvas.below(0.97 - 0.05 * np.sin(x * 2.2) + canvas.ridge(0, 0.012, 0.4))
    canvas.paint(front, "#b3c3dd")
    canvas.paint(front * ramp(0.93, 1.02, canvas.y), "#5d759f", 0.8)
    near = canvas.stencil()
    for fx, tall in ((0.03, 0.42), (0.14, 0.28), (1.46, 0.5), (1.36, 0.26)):
        _fir(near, fx, 1.04, tall)
    canvas.paint(near.mask(0.003), "#0f1b34")
    canvas.snow(300, size=0.0024, strength=0.6)
    return canvas.finish(shadows="#0c1a3e", highlights="#fff0dc", toning=0.2, contrast=0.28, bloom=0.45)


def _fir(card: Stencil, x: float, foot: float, tall: float) -> None:
    for tier in range(5):
        top, wide = foot - tall * (1 - tier * 0.17), tall * (0.09 + tier * 0.045)
        card.polygon([(x, top), (x + wide, top + tall * 0.3), (x, top + tall * 0.25), (x - wide, top + tall * 0.3)])


def _house(canvas: Canvas, x: float, foot: float, wide: float) -> None:
    tall = wide * 0.62
    wall = canvas.stencil().box(x - wide * 0.42, foot - tall, x + wide * 0.42, foot).mask(0.0007)
    canvas.paint(wall, "#35466b")
    canvas.shade(wall * (canvas.x < x - wide * 0.05), 0.25)
    roof = canvas.stencil().polygon(
        [
            (x - wide * 0.55, foot - tall * 0.9),
            (x - wide * 0.05, foot - tall * 1.75),
            (x + wide * 0.1, foot - tall * 1.75),
            (x + wide * 0.55, foot - tall * 0.9),
        ]
    )
    canvas.paint(roof.mask(0.0007), "#cbd8ec")
    canvas.shade(roof.mask(0.0007) * (canvas.x < x), 0.22)
    panes = canvas.stencil()
    for px in (-0.26, 0.02, 0.24):
        if canvas.rng.random() < 0.72:
            panes.box(x + px * wide - wide * 0.06, foot - tall * 0.68, x + px * wide + wide * 0.06, foot - tall * 0.32)
    canvas.light(panes.mask(0.0006), "#ffc56a", 1)
    canvas.light(panes.mask(0.008), "#ff9a40", 0.9)
    canvas.light(
        canvas.around(x, foot + wide * 0.12, wide * 0.25, squash=2) * float(panes.mask().max()), "#ffb565", 0.16
    )


def dawn(canvas: Canvas) -> Image.Image:
    """Ridge behind ridge before sunrise."""
    canvas.wash((0, "#51608f"), (0.2, "#b08aa5"), (0.36, "#f2b49a"), (0.48, "#ffe0a6"))
    canvas.clouds("#e58f86", scale=0.2, cover=0.4, stretch=8, strength=0.55)
    canvas.sun(0.56, 0.44, 0.1, "#fff3c9", 0.85)
    tones = (
        ("#dba39a", "#eebfa6"),
        ("#c58d93", "#dfa59a"),
        ("#a3778b", "#c48f91"),
        ("#7c6080", "#a07d88"),
        ("#57496f", "#786680"),
        ("#352f58", "#534a6b"),
        ("#191a3a", "#302e4d"),
    )
    for depth, (dark, lit) in enumerate(tones):
        base, rise = 0.42 + depth * 0.083, 0.035 + depth * 0.011
        line = canvas.ridge(base, rise, 0.55 - depth * 0.03, octaves=7, gain=0.48)
        canvas.mountain(line, dark, lit, scale=0.12, sun=-1 if depth % 2 else 1)
        fog = canvas.noise(0.35, 5, stretch=4)
        canvas.paint(
            canvas.below(line) * ramp(0.0, 0.11, canvas.y - line + (fog - 0.5) * 0.1), "#f2bfa8", 0.55 - depth * 0.075
        )
    firs = canvas.stencil()
    for x in canvas.rng.uniform(-0.05, 1.55, 70):
        tall = canvas.rng.uniform(0.05, 0.13) * (0.5 + abs(x - 0.75))
        _fir(firs, x, 1.03, tall + 0.04)
    canvas.paint(firs.mask(0.0015), "#0b0d24")
    birds = canvas.stencil()
    for number in range(9):
        x, y = 1.0 + abs(number - 4) * 0.022 + number * 0.006, 0.16 + (number - 4) * 0.012
        birds.stroke([(x - 0.011, y - 0.003), (x, y + 0.003), (x + 0.011, y - 0.004)], 0.0018)
    canvas.paint(birds.mask(0.0004), "#4a4666", 0.9)
    return canvas.finish(shadows="#151a44", highlights="#fff0cf", toning=0.2, contrast=0.25, bloom=0.35)


def football(canvas: Canvas) -> Image.Image:
    """Players in the fog under floodlights."""
    canvas.wash((0, "#4c6663"), (0.5, "#a3b8ac"), (0.62, "#b9c7b4"), (1, "#4a6a4a"))
    poles = canvas.stencil()
    for x, top in ((0.14, 0.08), (0.62, 0.2), (0.98, 0.22), (1.38, 0.06)):
        poles.line([(x, 0.62), (x, top)], 0.008)
        poles.box(x - 0.05, top - 0.03, x + 0.05, top + 0.02)
    canvas.paint(poles.mask(0.003), "#5d736d", 0.8)
    for x, top, size in ((0.14, 0.08, 0.05), (0.62, 0.2, 0.03), (0.98, 0.22, 0.03), (1.38, 0.06, 0.055)):
        for dx in (-0.03, 0, 0.03):
            canvas.sun(x + dx, top - 0.005, size * 0.5, "#fffbe6", 0.9)
        shaft = (
            canvas.stencil()
            .polygon([(x - 0.02, top), (x + 0.02, top), (x * 0.55 + 0.55, 0.8), (x * 0.55 + 0.05, 0.8)])
            .mask(0.05)
        )
        canvas.light(shaft * ramp(0.8, 0.1, canvas.y), "#f6f5dd", 0.22)
    pitch = canvas.below(0.62)
    turf = canvas.noise(0.03, 5, stretch=4, gain=0.65)
    canvas.paint(pitch, canvas.gradient((0.62, "#a9bba2"), (0.75, "#6d8f66"), (1, "#2c4f34")), 0.95)
    canvas.px *= 1 + (pitch * (turf - 0.5) * 0.45 * ramp(0.6, 1, canvas.y))[..., None]
    lines = canvas.stencil().line([(-0.1, 0.74), (1.6, 0.71)], 0.004).line([(0.2, 1.05), (0.55, 0.725)], 0.006)
    canvas.light(lines.mask(0.001), "#ffffff", 0.5)
    goal = (
        canvas.stencil()
        .line([(1.15, 0.84), (1.15, 0.5), (1.6, 0.46)], 0.011)
        .line([(1.15, 0.5), (1.24, 0.52), (1.27, 0.82)], 0.004)
    )
    canvas.paint(goal.mask(0.001), "#eef2ea", 0.95)
    net = canvas.stencil()
    for step in np.arange(0, 0.5, 0.022):
        net.line([(1.15 + step, 0.5 - step * 0.09), (1.26 + step, 0.83)], 0.0011).line(
            [(1.16, 0.5 + step * 0.7), (1.6, 0.47 + step * 0.75)], 0.0011
        )
    canvas.light(net.mask(0.0004), "#ffffff", 0.35)
    for x, foot, tall, colour, blur, pose in (
        (0.5, 0.69, 0.16, "#7f968d", 0.004, 0),
        (0.83, 0.68, 0.15, "#869c92", 0.004, 1),
        (1.06, 0.7, 0.17, "#768d84", 0.004, 1),
        (0.3, 0.75, 0.25, "#4d665f", 0.0022, 1),
        (0.7, 0.84, 0.38, "#172723", 0.001, 0),
        (0.98, 0.82, 0.35, "#1d2f2a", 0.001, 1),
    ):
        player = canvas.stencil()
        _player(player, x, foot, tall, pose)
        canvas.shade(canvas.around(x, foot + 0.005, tall * 0.16, squash=2.6), 0.4)
        mask = player.mask(blur)
        canvas.paint(mask, colour)
        canvas.form(mask, "#f7fae8", towards=(-0.3, -1), depth=0.004, strength=0.4)
    canvas.paint(canvas.stencil().ellipse(0.845, 0.845, 0.017).mask(0.001), "#f2f3e6")
    canvas.shade(canvas.stencil().ellipse(0.85, 0.852, 0.013, 0.009).mask(0.002), 0.35)
    fog = canvas.noise(0.4, 6, stretch=3)
    canvas.paint(ramp(0.4, 0.75, fog) * ramp(0.3, 0.55, canvas.y) * ramp(0.95, 0.65, canvas.y), "#cbd5c6", 0.55)
    return canvas.finish(shadows="#0d2a2c", highlights="#fbf8dc", toning=0.28, contrast=0.35, bloom=0.35)


def _player(card: Stencil, x: float, foot: float, tall: float, pose: int) -> None:
    """Cut a footballer: 0 strikes the ball to the right, 1 runs to the left."""

    def at(dx: float, up: float) -> tuple[float, float]:
        return (x + (-dx if pose else dx) * tall, foot - up * tall)

    card.ellipse(*at(0.03, 0.93), 0.055 * tall, 0.07 * tall)
    card.curve(
        [at(*p) for p in ((-0.13, 0.8), (0.0, 0.86), (0.13, 0.8), (0.1, 0.6), (0.09, 0.47), (-0.1, 0.47), (-0.11, 0.6))]
    )
    card.curve([at(*p) for p in ((-0.12, 0.5), (0.1, 0.5), (0.17, 0.34), (0.03, 0.33), (-0.02, 0.36), (-0.15, 0.34))])
    limbs = (
        ((-0.11, 0.78), (-0.24, 0.66), (-0.3, 0.78), 0.055),
        ((0.11, 0.78), (0.2, 0.62), (0.3, 0.56), 0.055),
        ((-0.06, 0.4), (-0.09, 0.22), (-0.15, 0.02), 0.075),
        ((0.07, 0.4), (0.22, 0.26), (0.33, 0.08), 0.075),
    )
    if pose:
        limbs = (
            ((-0.11, 0.78), (-0.22, 0.62), (-0.12, 0.52), 0.055),
            ((0.11, 0.78), (0.22, 0.64), (0.28, 0.76), 0.055),
            ((0.07, 0.4), (0.16, 0.25), (0.1, 0.02), 0.075),
            ((-0.06, 0.4), (-0.13, 0.22), (-0.32, 0.2), 0.075),
        )
    for a, b, c, wide in limbs:
        card.stroke([at(*a), at(*b), at(*c)], wide * tall)
        card.ellipse(*at(*c), wide * 0.62 * tall, wide * 0.5 * tall)


SCENES = {
    "fishing-boats": Scene(boats),
    "steppe-train": Scene(train),
    "market": Scene(market),
    "bank-counter": Scene(bank),
    "wheat": Scene(wheat),
    "minehead": Scene(mine),
    "mountain-village": Scene(village),
    "mountains-dawn": Scene(dawn),
    "football-fog": Scene(football),
}
