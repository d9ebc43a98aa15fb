"""Photos of power and law: the Assembly, courts, the street, the border."""

import numpy as np
from PIL import Image

from sample_photos.figures import bust, crowd, stand, umbrella
from sample_photos.light import Canvas, Stencil, ramp, rgb
from sample_photos.scene import Scene


def assembly(canvas: Canvas) -> Image.Image:
    """The colonnade in low sun."""
    canvas.wash((0, "#5f7f99"), (0.5, "#dcc7a6"), (0.8, "#e8c998"))
    canvas.clouds("#f2e3cc", scale=0.5, cover=0.45, strength=0.7)
    pediment = canvas.stencil().polygon([(0.2, 0.24), (0.95, 0.05), (1.7, 0.24), (1.7, 0.36), (0.2, 0.36)]).mask()
    canvas.paint(pediment, "#b79f7c")
    inset = canvas.stencil().polygon([(0.36, 0.228), (0.95, 0.085), (1.54, 0.228)]).mask(0.002)
    canvas.paint(inset, "#7f6c56")
    relief = ramp(0.5, 0.6, canvas.noise(0.03, 3)) * inset
    canvas.form(relief, "#f3d6a5", towards=(-1, -0.5), depth=0.003, strength=0.5)
    hall = canvas.stencil().box(0.2, 0.33, 1.7, 0.8).mask()
    canvas.paint(hall, canvas.gradient((0.3, "#3b2f2a"), (0.8, "#5c4938")))
    for x in np.arange(0.33, 1.6, 0.165):
        _column(canvas, x)
    for y, tall, colour in ((0.24, 0.018, "#e3c695"), (0.258, 0.07, "#bfa27a"), (0.33, 0.014, "#d9ba89")):
        canvas.paint(canvas.stencil().box(0.16, y, 1.7, y + tall).mask(0.001), colour)
    letters = canvas.stencil()
    for x in np.arange(0.62, 1.26, 0.028):
        if canvas.rng.random() > 0.14:
            letters.box(x, 0.281, x + 0.017, 0.307)
    canvas.shade(letters.mask(0.0008), 0.5)
    for step in range(11):
        y = 0.775 + step * 0.0125
        canvas.paint(canvas.below(y), rgb("#c7a67a") * (0.98 - step * 0.035))
        canvas.shade(((canvas.y > y + 0.009) & (canvas.y < y + 0.0125)).astype(np.float32), 0.25)
    canvas.paint(canvas.below(0.913), canvas.gradient((0.9, "#7d6550"), (1, "#3d3029")))
    wash = ramp(1.5, 0.1, canvas.x)
    canvas.light(wash * canvas.below(0.2), "#ffbf6b", 0.22)
    people = canvas.stencil()
    for x in (0.42, 0.46, 0.78, 1.07, 1.11, 1.135, 1.38):
        foot = canvas.rng.uniform(0.8, 0.93)
        tall = 0.078
        people.polygon([(x - 0.012, foot), (x + 0.012, foot), (x + 0.2, foot + 0.024), (x + 0.15, foot + 0.026)], 0.35)
        stand(people, x, foot, tall, canvas.rng)
    canvas.paint(people.mask(0.0006), "#1d1716", 0.95)
    flag = canvas.stencil().line([(0.11, 0.84), (0.11, 0.09)], 0.006)
    canvas.paint(flag.mask(), "#2c2522")
    cloth = canvas.stencil().curve([(0.112, 0.1), (0.2, 0.115), (0.28, 0.1), (0.285, 0.18), (0.2, 0.2), (0.112, 0.185)])
    canvas.paint(cloth.mask(0.001), "#7b2226")
    canvas.paint(cloth.mask(0.001) * (np.abs(canvas.y - 0.15 - 0.012 * np.sin(canvas.x * 40)) < 0.016), "#e1cda4")
    canvas.sun(-0.05, 0.4, 0.4, "#ffcf85", 0.6)
    return canvas.finish(shadows="#1b2033", highlights="#ffe4b5", toning=0.25, contrast=0.3)


def _column(canvas: Canvas, x: float) -> None:
    half = 0.036
    shaft = [(x - half * 0.9, 0.36), (x + half * 0.9, 0.36), (x + half * 1.05, 0.77), (x - half * 1.05, 0.77)]
    mask = canvas.stencil().polygon(shaft).mask(0.001)
    across = (canvas.x - x) / half
    round_light = 0.35 + 0.75 * np.clip(np.cos((across + 0.55) * 1.25), 0, 1)
    flutes = 1 - 0.16 * (0.5 + 0.5 * np.sin(across * 19))
    canvas.paint(mask, rgb("#efd2a0") * np.clip(round_light * flutes, 0, 1.1)[..., None])
    ends = canvas.stencil().box(x - 0.052, 0.342, x + 0.052, 0.358).box(x - 0.045, 0.358, x + 0.045, 0.368)
    ends.box(x - 0.046, 0.755, x + 0.046, 0.766).box(x - 0.054, 0.766, x + 0.054, 0.782)
    canvas.paint(ends.mask(0.001), rgb("#e4c493") * np.clip(1.05 - np.clip(across, -1, 2) * 0.22, 0, 1)[..., None])


def courtroom(canvas: Canvas) -> Image.Image:
    """Three judges against tall windows."""
    canvas.wash((0, "#3c342c"), (0.6, "#57483a"), (1, "#1b1512"))
    canvas.px *= (0.85 + 0.3 * canvas.noise(0.3, 5, stretch=0.3))[..., None]
    panes = canvas.stencil()
    for x in (0.2, 0.62, 1.04):
        panes.box(x, 0.1, x + 0.26, 0.62).ellipse(x + 0.13, 0.11, 0.13, 0.1)
        for bar in np.arange(0.12, 0.62, 0.1):
            panes.box(x, bar, x + 0.26, bar + 0.007, 0)
        panes.box(x + 0.083, 0, x + 0.09, 0.62, 0).box(x + 0.17, 0, x + 0.177, 0.62, 0)
    glass = panes.mask(0.0015)
    canvas.paint(glass, canvas.gradient((0, "#f7f2de"), (0.4, "#e9dcb8"), (0.62, "#c9b489")), 0.96)
    canvas.shade(glass * canvas.noise(0.15, 5), 0.18)
    for x in (0.33, 0.75, 1.17):
        shaft = canvas.stencil().polygon([(x - 0.13, 0.05), (x + 0.13, 0.05), (x + 0.5, 1.1), (x + 0.05, 1.1)])
        canvas.light(shaft.mask(0.03) * ramp(1.1, 0.2, canvas.y), "#ffe9b8", 0.17)
    judges = canvas.stencil()
    for x, crown, size in ((0.42, 0.4, 0.075), (0.75, 0.365, 0.08), (1.08, 0.4, 0.075)):
        judges.polygon([(x - 0.085, 0.34), (x + 0.085, 0.34), (x + 0.095, 0.7), (x - 0.095, 0.7)], 0.82)
        bust(judges, x, crown, size, np.random.default_rng(9))
    canvas.paint(judges.mask(0.0012), "#16110f")
    canvas.form(judges.mask(0.0012), "#ffe7b5", towards=(-0.3, -1), depth=0.005, strength=0.55)
    bench = canvas.stencil().box(0.14, 0.58, 1.36, 0.82).box(0.1, 0.565, 1.4, 0.592).mask(0.001)
    canvas.paint(bench, canvas.gradient((0.55, "#4d3625"), (0.83, "#21160f")))
    panels = canvas.stencil()
    for x in np.arange(0.19, 1.3, 0.192):
        panels.box(x, 0.63, x + 0.15, 0.78)
    canvas.shade(panels.mask(0.002), 0.3)
    canvas.form(panels.mask(0.001), "#d9ab72", towards=(0, 1), depth=0.002, strength=0.35)
    canvas.light(((canvas.y > 0.565) & (canvas.y < 0.573)) * bench, "#ffe3b0", 0.65)
    papers = canvas.stencil().box(0.7, 0.555, 0.79, 0.566).box(0.4, 0.556, 0.46, 0.566).box(1.05, 0.55, 1.13, 0.566)
    canvas.paint(papers.mask(0.001), "#f3e6c6", 0.85)
    canvas.paint(canvas.below(0.82), canvas.gradient((0.8, "#2d2018"), (1, "#0b0807")), 0.95)
    canvas.light(canvas.around(0.95, 0.93, 0.1, squash=3.4), "#e8b878", 0.25)
    near = canvas.stencil()
    stand(near, 0.62, 1.12, 0.66, np.random.default_rng(21))
    near.box(0.44, 0.845, 0.83, 0.865).line([(0.48, 0.86), (0.48, 1.02)], 0.012).line(
        [(0.79, 0.86), (0.79, 1.02)], 0.012
    )
    canvas.paint(near.mask(0.0018), "#0a0807")
    canvas.form(near.mask(0.0018), "#ffdfa6", towards=(0.5, -1), depth=0.005, strength=0.75)
    audience = canvas.stencil()
    for x in (0.08, 0.27, 1.0, 1.17, 1.39):
        bust(audience, x, 0.87 + canvas.rng.uniform(-0.02, 0.03), 0.115, canvas.rng)
    canvas.paint(audience.mask(0.007), "#060504")
    return canvas.finish(shadows="#120d10", highlights="#fff0cc", toning=0.22, contrast=0.3, bloom=0.45)


def _flag(
    card: Stencil, rng: np.random.Generator, x: float, foot: float, top: float, size: float
) -> list[tuple[float, float]]:
    """Cut a pole, return the outline of the cloth on it."""
    tilt = rng.uniform(-0.05, 0.05)
    card.line([(x, foot), (x + tilt, top)], 0.0045)
    x += tilt
    wave = rng.uniform(-0.25, 0.25)
    return [
        (x, top),
        (x + size * 0.35, top + size * (0.1 + wave * 0.3)),
        (x + size * 0.7, top - size * 0.02),
        (x + size, top + size * wave),
        (x + size * 0.97, top + size * (0.55 + wave)),
        (x + size * 0.66, top + size * 0.55),
        (x + size * 0.33, top + size * 0.68),
        (x, top + size * 0.58),
    ]


def protest(canvas: Canvas) -> Image.Image:
    """Flags over a crowd at sunset."""
    canvas.wash((0, "#33405c"), (0.35, "#b5654b"), (0.6, "#f2a14e"), (0.75, "#ffd07a"))
    canvas.clouds("#5b3b4b", scale=0.35, cover=0.5, stretch=4, strength=0.7)
    canvas.sun(0.98, 0.58, 0.15, "#fff0b8", 0.9)
    houses = canvas.stencil()
    for x, wide, top in (
        (-0.1, 0.3, 0.28),
        (0.18, 0.16, 0.36),
        (0.32, 0.12, 0.41),
        (1.22, 0.12, 0.4),
        (1.32, 0.3, 0.26),
    ):
        houses.box(x, top, x + wide, 0.9)
        houses.polygon([(x - 0.01, top), (x + wide * 0.5, top - 0.05), (x + wide + 0.01, top)])
    canvas.paint(houses.mask(0.004), "#7a4340", 0.85)
    canvas.paint(ramp(0.35, 0.75, canvas.y), "#f7ae5c", 0.4)
    smoke = ramp(0.5, 0.85, canvas.noise(0.35, 6)) * ramp(0.3, 0.6, canvas.y)
    canvas.paint(smoke, "#f9c07c", 0.45)
    rows = (
        (0.6, 0.035, "#6b3438", 0.003),
        (0.64, 0.055, "#43222b", 0.002),
        (0.69, 0.085, "#26151e", 0.0015),
        (0.77, 0.14, "#0f090f", 0.004),
    )
    for depth, (crown, size, colour, blur) in enumerate(rows):
        card, cloths, red = canvas.stencil(), canvas.stencil(), canvas.stencil()
        crowd(canvas, card, crown=crown, size=size)
        if depth < 3:
            for x in canvas.rng.uniform(0.05, 1.4, 5 - depth):
                top = crown - size * canvas.rng.uniform(3, 5.5)
                (red if canvas.rng.random() < 0.4 else cloths).curve(
                    _flag(card, canvas.rng, x, crown + size, top, size * 2.4)
                )
        if depth in (1, 2):
            for x in canvas.rng.uniform(0.1, 1.35, 3):
                top = crown - size * canvas.rng.uniform(1.4, 2.2)
                card.line([(x, crown + size), (x, top)], size * 0.07)
                card.box(x - size * 0.9, top - size * 0.55, x + size * 0.9, top + size * 0.55)
        if depth == 2:
            for x in canvas.rng.uniform(0.1, 1.35, 6):
                card.line(
                    [(x, crown + size * 2), (x + size * 0.1, crown + size * 0.6), (x + size * 0.3, crown - size * 0.6)],
                    size * 0.28,
                )
                card.ellipse(x + size * 0.3, crown - size * 0.7, size * 0.2)
        mask = card.mask(blur)
        canvas.paint(mask, colour)
        canvas.form(mask, "#ffcf87", towards=(0.2, -1), depth=0.003, strength=0.55)
        canvas.paint(cloths.mask(blur), colour, 0.88)
        canvas.paint(red.mask(blur), "#a52a22" if depth else "#b5443a", 0.92)
        for cloth in (cloths, red):
            folds = np.sin((canvas.x + canvas.y * 0.4) * 70 / (1 + depth)) * 0.5 + 0.5
            canvas.light(cloth.mask(blur) * folds, "#ffb266", 0.28)
        canvas.paint(ramp(0.5, 0.8, canvas.y), "#f4a155", 0.12 if depth < 2 else 0)
    return canvas.finish(shadows="#1a1230", highlights="#ffe2a8", toning=0.22, contrast=0.3, bloom=0.4)


def umbrellas(canvas: Canvas) -> Image.Image:
    """Umbrellas on a wet square, one of them red."""
    canvas.wash((0, "#2e3b46"), (0.4, "#62737a"), (0.6, "#7d8a8a"), (1, "#333f45"))
    for x, wide, top in (
        (-0.05, 0.4, 0.05),
        (0.38, 0.22, 0.14),
        (0.62, 0.3, 0.1),
        (0.95, 0.24, 0.17),
        (1.2, 0.4, 0.03),
    ):
        house = canvas.stencil().box(x, top, x + wide - 0.02, 0.6).mask(0.006)
        canvas.paint(house, "#3d4a52", 0.75)
        lit = canvas.stencil()
        for wx in np.arange(x + 0.03, x + wide - 0.05, 0.045):
            for wy in np.arange(top + 0.05, 0.5, 0.07):
                if canvas.rng.random() < 0.25:
                    lit.box(wx, wy, wx + 0.02, wy + 0.035, canvas.rng.uniform(0.3, 1))
        canvas.light(lit.mask(0.003), "#ffcf85", 0.75)
    canvas.paint(ramp(0.1, 0.6, canvas.y), "#8a9896", 0.45)
    lamps = canvas.stencil()
    for x in (0.17, 0.55, 0.93, 1.31):
        lamps.line([(x, 0.62), (x, 0.3)], 0.006).line([(x - 0.03, 0.3), (x + 0.03, 0.3)], 0.005)
    canvas.paint(lamps.mask(0.001), "#1f282e")
    for x in (0.14, 0.2, 0.52, 0.58, 0.9, 0.96, 1.28, 1.34):
        canvas.sun(x, 0.305, 0.022, "#ffe0a3", 0.95)
    far, near, red = canvas.stencil(), canvas.stencil(), canvas.stencil()
    for x in np.arange(0.02, 1.5, 0.062):
        foot = 0.64 + canvas.rng.uniform(-0.012, 0.012)
        stand(far, x, foot, 0.14, canvas.rng)
        umbrella(far, x + 0.005, foot - 0.185 + canvas.rng.uniform(-0.01, 0.01), 0.085)
    canvas.paint(far.mask(0.0022), "#2b363d", 0.95)
    canvas.mirror(0.655, ripple=0.035, tint="#1a2329", depth=0.3)
    for x in (0.17, 0.55, 0.93, 1.31):
        streak = np.exp(-(((canvas.x - x) / 0.028) ** 2)) * ramp(0.63, 0.68, canvas.y) * ramp(1.0, 0.66, canvas.y)
        canvas.light(streak * canvas.noise(0.05, 4, stretch=5), "#ffdc9c", 0.75)
    people = (
        (0.14, 0.86, 0.37),
        (0.36, 0.8, 0.3),
        (0.6, 0.83, 0.33),
        (0.86, 0.79, 0.29),
        (1.08, 0.88, 0.39),
        (1.36, 0.82, 0.32),
    )
    for number, (x, foot, tall) in enumerate(people):
        stand(near, x, foot, tall, canvas.rng)
        umbrella(red if number == 3 else near, x + 0.01, foot - tall * 1.28, tall * 0.66, pole=near)
        shadow = canvas.around(x, foot + tall * 0.35, tall * 0.45, squash=0.22)
        canvas.shade(shadow * ramp(foot - 0.01, foot + 0.01, canvas.y), 0.75)
    canvas.light(canvas.around(0.86, 0.93, 0.09, squash=0.55) * canvas.noise(0.05, 3, stretch=4), "#c8342c", 0.6)
    canvas.paint(near.mask(0.0012), "#11181d")
    canvas.paint(red.mask(0.001), "#b3241f")
    for mask in (near.mask(0.0012), red.mask(0.001)):
        canvas.form(mask, "#dfe6e0", towards=(-0.3, -1), depth=0.005, strength=0.4)
    canvas.rain(420, "#dfe8e8")
    return canvas.finish(shadows="#0d1d2a", highlights="#f6e8cd", toning=0.25, contrast=0.3, bloom=0.45)


def night(canvas: Canvas) -> Image.Image:
    """The capital's windows in the river."""
    canvas.wash((0, "#131f3f"), (0.3, "#34406f"), (0.5, "#8a668a"), (0.62, "#e59a72"))
    canvas.clouds("#22284a", scale=0.5, cover=0.5, stretch=4, strength=0.7)
    for depth, (colour, top, wide) in enumerate(
        (("#5c4c74", 0.4, 0.06), ("#35325c", 0.33, 0.085), ("#171a38", 0.24, 0.12))
    ):
        _blocks(canvas, colour, top, wide, depth)
        canvas.paint(ramp(0.35, 0.62, canvas.y), "#7a5667", 0.28 if depth < 2 else 0.06)
    bridge = canvas.stencil().line([(-0.1, 0.585), (0.4, 0.555), (1.1, 0.555), (1.6, 0.59)], 0.012)
    for x in np.arange(-0.05, 1.5, 0.26):
        bridge.box(x, 0.56, x + 0.03, 0.63)
        arch = [(x + 0.03, 0.62)] + [
            (x + 0.145 - 0.115 * np.cos(a), 0.62 - 0.05 * np.sin(a)) for a in np.linspace(0, np.pi, 16)
        ]
        bridge.line(arch, 0.006)
    canvas.paint(bridge.mask(0.001), "#0a0c1a")
    for x in np.arange(0.02, 1.5, 0.066):
        canvas.sun(x, 0.54 + 0.03 * abs(x - 0.75) ** 2, 0.0055, "#ffc873", 0.85)
    canvas.mirror(0.63, ripple=0.03, tint="#0a0f20", depth=0.3)
    canvas.smear(0.012, np.asarray(ramp(0.63, 0.8, canvas.y)))
    rail = canvas.stencil().box(-0.1, 0.93, 1.6, 0.945).box(-0.1, 0.98, 1.6, 1.1)
    for x in np.arange(0, 1.5, 0.035):
        rail.box(x, 0.94, x + 0.006, 1)
    canvas.paint(rail.mask(0.004), "#05060d")
    couple = canvas.stencil()
    stand(couple, 0.33, 1.06, 0.32, np.random.default_rng(3))
    canvas.paint(couple.mask(0.003), "#05060d")
    canvas.form(couple.mask(0.003), "#f0a878", towards=(0.6, -0.6), depth=0.003, strength=0.5)
    return canvas.finish(shadows="#070b22", highlights="#ffdca6", toning=0.22, contrast=0.3, bloom=0.5)


def _blocks(canvas: Canvas, colour: str, top: float, wide: float, depth: int) -> None:
    walls, warm, cold = canvas.stencil(), canvas.stencil(), canvas.stencil()
    x = -0.05
    pane = 0.0065 + depth * 0.003
    while x < 1.55:
        breadth = wide * canvas.rng.uniform(0.6, 1.4)
        roof = top + canvas.rng.uniform(-0.1, 0.16)
        walls.box(x, roof, x + breadth, 0.64)
        if canvas.rng.random() < 0.4:
            walls.line([(x + breadth / 2, roof), (x + breadth / 2, roof - 0.05)], 0.003)
        dark = canvas.rng.uniform(0.35, 0.8)
        for wx in np.arange(x + pane, x + breadth - pane * 1.5, pane * 2):
            for wy in np.arange(roof + pane * 1.5, 0.61, pane * 2.4):
                if canvas.rng.random() > dark:
                    card = cold if canvas.rng.random() < 0.15 else warm
                    card.box(wx, wy, wx + pane, wy + pane * 1.3, canvas.rng.uniform(0.25, 1))
        x += breadth + canvas.rng.uniform(0, wide * (0.15 + depth * 0.5))
    canvas.paint(walls.mask(0.001 * (3 - depth)), colour)
    canvas.light(warm.mask(0.0006), "#ffbe62", 0.9)
    canvas.light(cold.mask(0.0006), "#bfe0ff", 0.8)


def border(canvas: Canvas) -> Image.Image:
    """A fence through snow."""
    canvas.wash((0, "#aeb9c2"), (0.45, "#d7dce0"), (0.55, "#dfe2e3"))
    canvas.clouds("#98a5b0", scale=0.5, cover=0.5, stretch=4, strength=0.5)
    forest = canvas.stencil()
    for x in canvas.rng.uniform(-0.05, 1.55, 150):
        tall = canvas.rng.uniform(0.04, 0.1)
        forest.polygon([(x - tall * 0.17, 0.53), (x, 0.51 - tall), (x + tall * 0.17, 0.53)])
    canvas.paint(forest.mask(0.004), "#8495a0", 0.75)
    canvas.paint(ramp(0.38, 0.53, canvas.y), "#d9dee1", 0.65)
    snow = canvas.below(canvas.ridge(0.525, 0.008, 0.4))
    drift = canvas.noise(0.12, 5, stretch=5)
    canvas.paint(snow, rgb("#e9edf0") * (0.82 + 0.25 * drift)[..., None])
    canvas.shade(snow * ramp(0.55, 0.35, canvas.noise(0.3, 5, stretch=4)), 0.2)
    tower = canvas.stencil()
    for x in (1.06, 1.135):
        tower.line([(x + (x - 1.0975) * 0.5, 0.56), (x, 0.26)], 0.007)
    for y in (0.3, 0.38, 0.46):
        tower.line([(1.055, y + 0.08), (1.14, y)], 0.0035).line([(1.14, y + 0.08), (1.055, y)], 0.0035)
    tower.box(1.035, 0.165, 1.16, 0.262).polygon([(1.015, 0.17), (1.0975, 0.115), (1.18, 0.17)])
    tower.box(1.05, 0.185, 1.145, 0.22, 0.35)
    canvas.paint(tower.mask(0.0014), "#3b4750", 0.92)
    canvas.sun(1.08, 0.205, 0.012, "#ffe9b0", 0.9)
    card = canvas.stencil()
    posts = [1 / (1 + i * 0.42) for i in range(26)]
    ends = [(0.62 - 0.82 * near, 0.54 + 0.5 * near, 0.53 - 0.46 * near) for near in posts]
    for near, (x, foot, top) in zip(posts, ends, strict=True):
        card.line([(x, foot), (x, top + near * 0.06)], 0.016 * near + 0.0012)
        card.line([(x, top + near * 0.065), (x + near * 0.07, top)], 0.012 * near + 0.001)
    for strand in range(11):
        t = strand / 10
        card.line(
            [(x, foot + (top + near * 0.06 - foot) * t) for near, (x, foot, top) in zip(posts, ends, strict=True)],
            0.0019,
        )
    coil = canvas.stencil()
    for (near, (xa, _, ta)), (_, (xb, _, tb)) in zip(
        list(zip(posts, ends, strict=True))[:16], list(zip(posts, ends, strict=True))[1:17], strict=True
    ):
        for turn in range(9):
            t = turn / 9
            x, y, r = xa + (xb - xa) * t + near * 0.07, ta + (tb - ta) * t, near * 0.045
            coil.line([(x + r * 0.55 * np.cos(a), y + r * np.sin(a)) for a in np.linspace(0, 6.4, 22)], 0.0016)
    canvas.paint(card.mask(0.0006), "#20292f", 0.95)
    canvas.paint(coil.mask(0.0005), "#2a343a", 0.85)
    canvas.paint(canvas.around(0.62, 0.5, 0.22, squash=1.6), "#dbe0e3", 0.7)
    tracks = canvas.stencil()
    for i in range(16):
        near = 1 / (1 + i * 0.35)
        tracks.ellipse(
            0.66 + 0.32 * near + (0.02 if i % 2 else -0.02) * near, 0.54 + 0.44 * near, 0.017 * near, 0.011 * near
        )
    canvas.shade(tracks.mask(0.002), 0.32)
    canvas.snow(420, size=0.0024, strength=0.75)
    return canvas.finish(shadows="#1c2c3a", highlights="#f7f4ea", toning=0.25, contrast=0.3, bloom=0.12)


SCENES = {
    "assembly": Scene(assembly),
    "courtroom": Scene(courtroom),
    "protest-flags": Scene(protest),
    "umbrellas": Scene(umbrellas),
    "harsk-night": Scene(night),
    "border-fence": Scene(border),
}
