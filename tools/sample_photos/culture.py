"""Photos of culture: stage, screen, music, books, chess."""

from collections.abc import Callable

import numpy as np
from PIL import Image

from sample_photos.figures import bust, crowd, stand
from sample_photos.light import Canvas, Point, Stencil, ramp, rgb, soften
from sample_photos.scene import Scene


def stage(canvas: Canvas) -> Image.Image:
    """One actor in a cone of light."""
    canvas.wash((0, "#120c12"), (0.6, "#1d1518"), (1, "#0c0809"))
    canvas.light(canvas.around(0.75, 0.45, 0.4), "#5b6a8a", 0.3)
    flats = (
        canvas.stencil()
        .polygon([(0.45, 0.2), (0.58, 0.24), (0.58, 0.66), (0.45, 0.68)])
        .polygon([(0.95, 0.25), (1.08, 0.2), (1.08, 0.68), (0.95, 0.66)])
    )
    canvas.paint(flats.mask(0.003), "#2a2f42", 0.8)
    boards = canvas.stencil().polygon([(0.3, 0.66), (1.2, 0.66), (1.5, 0.84), (0.0, 0.84)]).mask(0.002)
    canvas.paint(boards, "#3b2a22")
    seams = canvas.stencil()
    for x in np.arange(-0.2, 1.75, 0.06):
        seams.line([(0.75 + (x - 0.75) * 0.6, 0.66), (x, 0.84)], 0.0016)
    canvas.shade(seams.mask(0.0008) * boards, 0.5)
    cone = canvas.stencil().polygon([(0.845, -0.02), (0.875, -0.02), (0.95, 0.76), (0.6, 0.76)]).mask(0.012)
    smoke = 0.65 + 0.6 * (canvas.noise(0.25, 5) - 0.3)
    canvas.light(cone * smoke * ramp(0.95, 0.0, canvas.y), "#fff0c9", 0.62)
    canvas.light(canvas.stencil().ellipse(0.775, 0.75, 0.19, 0.038).mask(0.006), "#ffedc4", 0.8)
    shadow = canvas.stencil().polygon([(0.765, 0.755), (0.79, 0.755), (0.66, 0.81), (0.61, 0.805)]).mask(0.004)
    canvas.shade(shadow, 0.75)
    actor = canvas.stencil()
    _actor(actor, 0.775, 0.757, 0.33)
    mask = actor.mask(0.0009)
    canvas.paint(mask, "#17110f")
    canvas.form(mask, "#fff3d2", towards=(0.5, -1), depth=0.007, strength=0.95)
    chair = (
        canvas.stencil()
        .line([(0.95, 0.61), (0.955, 0.75)], 0.006)
        .line([(1.005, 0.68), (1.01, 0.755)], 0.006)
        .line([(0.953, 0.68), (1.005, 0.68)], 0.009)
    )
    chair.line([(0.95, 0.61), (0.965, 0.61)], 0.006).line([(0.968, 0.68), (0.97, 0.745)], 0.005)
    canvas.paint(chair.mask(0.001), "#120d0c")
    for side in (0, 1):
        _curtain(canvas, side)
    valance = canvas.stencil()
    for x in np.arange(-0.1, 1.6, 0.2):
        valance.ellipse(x + 0.1, 0.03, 0.115, 0.09)
    folds = 0.45 + 0.55 * np.abs(np.sin(canvas.x * 42 + np.sin(canvas.x * 9)))
    canvas.paint(valance.mask(0.002), rgb("#7a1719") * folds[..., None])
    canvas.light(
        canvas.stencil().box(-0.1, 0.838, 1.6, 0.846).mask(0.001) * canvas.around(0.75, 0.84, 0.3, squash=2),
        "#ffd9a0",
        0.8,
    )
    canvas.paint(canvas.below(0.846), "#0a0607")
    for row, (crown, size, blur, colour) in enumerate(
        ((0.85, 0.055, 0.0015, "#1c1214"), (0.885, 0.075, 0.003, "#120b0d"), (0.93, 0.1, 0.006, "#080506"))
    ):
        heads = canvas.stencil()
        crowd(canvas, heads, crown=crown, size=size, spread=0.12)
        canvas.paint(heads.mask(blur), colour)
        canvas.form(heads.mask(blur), "#e8b98a", towards=((0.0, -1.0)), depth=0.004, strength=0.4 - row * 0.1)
    return canvas.finish(shadows="#120a18", highlights="#ffe9c2", toning=0.2, contrast=0.3, bloom=0.35)


def _actor(card: Stencil, x: float, foot: float, tall: float) -> None:
    """Cut an actor in a long coat, one arm flung out."""

    def at(dx: float, up: float) -> tuple[float, float]:
        return (x + dx * tall, foot - up * tall)

    card.ellipse(*at(-0.01, 0.935), 0.048 * tall, 0.062 * tall).polygon(
        [at(-0.03, 0.9), at(0.02, 0.9), at(0.04, 0.82), at(-0.05, 0.82)]
    )
    card.curve(
        [
            at(*p)
            for p in (
                (-0.02, 0.86),
                (0.1, 0.82),
                (0.11, 0.66),
                (0.08, 0.52),
                (0.13, 0.28),
                (0.15, 0.14),
                (0.0, 0.12),
                (-0.15, 0.14),
                (-0.12, 0.3),
                (-0.09, 0.52),
                (-0.13, 0.68),
                (-0.12, 0.82),
            )
        ]
    )
    card.stroke([at(0.09, 0.79), at(0.2, 0.76), at(0.31, 0.86), at(0.38, 0.93)], 0.055 * tall).ellipse(
        *at(0.39, 0.945), 0.03 * tall
    )
    card.stroke([at(-0.1, 0.79), at(-0.17, 0.66), at(-0.15, 0.5)], 0.06 * tall).ellipse(*at(-0.15, 0.48), 0.03 * tall)
    for side in (-0.07, 0.06):
        card.line([at(side * 0.8, 0.2), at(side * 1.2, 0.02)], 0.05 * tall).ellipse(
            *at(side * 1.3, 0.012), 0.05 * tall, 0.018 * tall
        )


def _curtain(canvas: Canvas, side: int) -> None:
    edge = (
        0.36
        - 0.16 * np.sin(np.clip(canvas.y / 0.84, 0, 1) * 2.6) ** 2 * ramp(0, 0.5, canvas.y)
        + 0.02 * np.sin(canvas.y * 9)
    )
    across = canvas.x if side == 0 else canvas.ratio - canvas.x
    mask = np.clip((edge - across) * canvas.height * 0.3, 0, 1) * (canvas.y < 0.86)
    phase = across / (edge + 0.02)
    folds = 0.5 + 0.5 * np.sin(phase * 34 + 2.2 * np.sin(phase * 5))
    tone = rgb("#3a080d") + (rgb("#c5332c") - rgb("#3a080d")) * (folds**1.6 * ramp(-0.1, 0.4, across) * 0.85)[..., None]
    canvas.paint(mask.astype(np.float32), tone * (0.6 + 0.4 * ramp(0.9, 0.2, canvas.y))[..., None])


def cinema(canvas: Canvas) -> Image.Image:
    """Heads before a bright screen."""
    canvas.wash((0, "#0a0a12"), (0.5, "#14131f"), (1, "#08070c"))
    screen = canvas.stencil().polygon([(0.2, 0.16), (1.3, 0.16), (1.27, 0.62), (0.23, 0.62)]).mask(0.0025)
    sea = canvas.gradient((0.15, "#bfc8c8"), (0.4, "#eef0e6"), (0.44, "#f7f5e8"), (0.45, "#8b979a"), (0.62, "#4c585d"))
    canvas.paint(screen, sea)
    clouds = canvas.noise(0.2, 6, stretch=3)
    canvas.shade(screen * ramp(0.5, 0.8, clouds) * (canvas.y < 0.44), 0.35)
    canvas.shade(screen * ramp(0.45, 0.7, canvas.noise(0.04, 4, stretch=8)) * (canvas.y > 0.45), 0.35)
    walker = canvas.stencil().polygon([(0.2, 0.62), (0.23, 0.55), (0.55, 0.53), (0.9, 0.56), (1.29, 0.6), (1.3, 0.63)])
    stand(walker, 0.62, 0.545, 0.2, np.random.default_rng(4))
    stand(walker, 0.7, 0.55, 0.14, np.random.default_rng(8))
    canvas.paint(walker.mask(0.002) * screen, "#20262a", 0.95)
    words = canvas.stencil()
    x = 0.56
    while x < 0.92:
        wide = canvas.rng.uniform(0.02, 0.055)
        words.box(x, 0.588, x + wide, 0.599)
        x += wide + 0.011
    canvas.light(words.mask(0.001), "#ffffff", 0.95)
    canvas.light(soften(screen, 0.12 * canvas.height), "#8fa0b8", 0.32)
    source = (0.75, -0.12)
    for x, wide, strength in ((0.42, 0.1, 0.1), (0.62, 0.14, 0.14), (0.85, 0.1, 0.16), (1.06, 0.12, 0.1)):
        ray = canvas.stencil().polygon([source, (x - wide / 2, 0.45), (x + wide / 2, 0.45)]).mask(0.014)
        canvas.light(ray * ramp(0.5, -0.1, canvas.y), "#dfe8ff", strength * 1.6)
    dust = canvas.stencil()
    for _ in range(90):
        dust.ellipse(canvas.rng.uniform(0.4, 1.1), canvas.rng.uniform(0, 0.3), canvas.rng.uniform(0.0008, 0.002))
    canvas.light(dust.mask(0.0008), "#ffffff", 0.5)
    for crown, size, blur, colour in (
        (0.62, 0.07, 0.001, "#1a1a26"),
        (0.69, 0.1, 0.0015, "#12121c"),
        (0.79, 0.15, 0.005, "#08080e"),
    ):
        heads = canvas.stencil()
        x = -size
        while x < 1.6:
            if canvas.rng.random() < 0.82:
                bust(heads, x, crown + canvas.rng.uniform(-0.16, 0.16) * size, size * 0.9, canvas.rng)
            heads.curve(
                [
                    (x - size * 1.05, crown + size * 4),
                    (x - size * 1.0, crown + size * 1.25),
                    (x, crown + size * 1.08),
                    (x + size * 1.0, crown + size * 1.25),
                    (x + size * 1.05, crown + size * 4),
                ]
            )
            x += size * 2.25
        mask = heads.mask(blur)
        canvas.paint(mask, colour)
        canvas.form(mask, "#dfe6f5", towards=(0, -1), depth=0.004, strength=0.6)
    return canvas.finish(shadows="#0b0c1c", highlights="#f4f1e2", toning=0.25, contrast=0.3, bloom=0.4)


def orchestra(canvas: Canvas) -> Image.Image:
    """A conductor, and bows in the light."""
    canvas.wash((0, "#2a1208"), (0.4, "#a8571c"), (0.62, "#e7a04a"), (1, "#2a120a"))
    canvas.px *= (0.8 + 0.4 * canvas.noise(0.4, 5, stretch=0.4))[..., None]
    for x in (0.2, 0.5, 0.8, 1.1, 1.4):
        canvas.sun(x, 0.06, 0.022, "#fff0c4", 1)
        ray = (
            canvas.stencil()
            .polygon([(x - 0.015, 0.06), (x + 0.015, 0.06), (x + 0.22, 0.9), (x - 0.16, 0.9)])
            .mask(0.03)
        )
        canvas.light(ray * ramp(0.9, 0.1, canvas.y), "#ffc878", 0.16)
    rows = (
        (0.53, 0.055, "#9c5522", 0.003, np.arange(0.03, 1.5, 0.12)),
        (0.6, 0.085, "#5a2a14", 0.0018, np.arange(0.0, 1.5, 0.185)),
        (0.7, 0.125, "#241009", 0.0012, (0.1, 0.36, 1.16, 1.42)),
    )
    for crown, size, colour, blur, places in rows:
        card = canvas.stencil()
        for x in places:
            _fiddler(
                card,
                float(x) + canvas.rng.normal(0, 0.008),
                crown + canvas.rng.normal(0, 0.006),
                size,
                1 if x < 0.75 else -1,
                canvas.rng,
            )
        mask = card.mask(blur)
        canvas.paint(mask, colour, 0.96)
        canvas.form(mask, "#ffd089", towards=(0.1, -1), depth=0.003, strength=0.55)
        canvas.paint(ramp(0.45, 0.8, canvas.y), "#c06f2c", 0.16 if size < 0.1 else 0)
    conductor = canvas.stencil()

    def at(dx: float, up: float) -> tuple[float, float]:
        return (0.74 + dx * 0.6, 1.1 - up * 0.66)

    conductor.ellipse(*at(0, 0.945), 0.036, 0.047).curve(
        [
            at(*p)
            for p in (
                (-0.07, 0.93),
                (-0.075, 0.99),
                (-0.03, 1.035),
                (0.035, 1.03),
                (0.078, 0.985),
                (0.068, 0.9),
                (0.03, 0.87),
                (-0.03, 0.87),
            )
        ]
    ).polygon([at(-0.035, 0.9), at(0.035, 0.9), at(0.05, 0.8), at(-0.05, 0.8)])
    conductor.curve(
        [
            at(*p)
            for p in (
                (0, 0.86),
                (0.14, 0.83),
                (0.185, 0.74),
                (0.16, 0.56),
                (0.18, 0.4),
                (0.17, 0.16),
                (0.1, 0.05),
                (0.03, 0.3),
                (-0.03, 0.3),
                (-0.1, 0.05),
                (-0.17, 0.16),
                (-0.18, 0.4),
                (-0.16, 0.56),
                (-0.185, 0.74),
                (-0.14, 0.83),
            )
        ]
    )
    conductor.box(*at(-0.11, 0.4), *at(-0.015, 0.0)).box(*at(0.015, 0.4), *at(0.11, 0.0))
    conductor.stroke([at(0.11, 0.8), at(0.27, 0.78), at(0.33, 0.93), at(0.31, 1.02)], 0.058).ellipse(
        *at(0.31, 1.03), 0.022, 0.026
    )
    conductor.stroke([at(-0.11, 0.8), at(-0.28, 0.82), at(-0.36, 0.96), at(-0.37, 1.05)], 0.058).ellipse(
        *at(-0.37, 1.06), 0.022, 0.026
    )
    conductor.line([at(0.3, 1.03), at(0.47, 1.14)], 0.0035)
    mask = conductor.mask(0.001)
    canvas.paint(mask, "#0d0605")
    canvas.form(mask, "#ffe0a0", towards=(0, -1), depth=0.005, strength=0.85)
    return canvas.finish(shadows="#1c0a10", highlights="#ffe6b0", toning=0.2, contrast=0.35, bloom=0.4)


def _fiddler(card: Stencil, x: float, crown: float, size: float, side: int, rng: np.random.Generator) -> None:
    """Cut one seated violinist, bow drawn, a music stand before them."""

    def at(dx: float, down: float) -> tuple[float, float]:
        return (x + side * dx * size, crown + down * size)

    bust(card, x, crown, size * 0.8, rng)
    card.curve(
        [
            at(*p)
            for p in (
                (0.25, 0.85),
                (0.55, 0.62),
                (0.72, 0.66),
                (0.9, 0.5),
                (1.02, 0.62),
                (0.86, 0.82),
                (0.68, 0.86),
                (0.5, 1.02),
                (0.28, 1.02),
            )
        ]
    )
    card.line([at(0.9, 0.6), at(1.5, 0.28)], size * 0.07)
    card.stroke([at(0.6, 1.35), at(1.15, 1.15), at(1.35, 0.42)], size * 0.2)
    lift = rng.uniform(-0.12, 0.12)
    card.line([at(0.0, 1.15 + lift), at(1.15, -0.2 + lift)], size * 0.035)
    card.stroke([at(-0.65, 1.5), at(-0.75, 1.9), at(0.05, 1.2 + lift)], size * 0.2)
    card.line([at(1.8, 1.15), at(1.8, 3.5)], size * 0.05)
    card.polygon([at(1.4, 0.85), at(2.2, 0.95), at(2.15, 1.4), at(1.35, 1.3)])


def library(canvas: Canvas) -> Image.Image:
    """Shelves, a tall window, one reader."""
    canvas.wash((0, "#2a1e16"), (0.5, "#5a432c"), (1, "#1d140e"))
    middle = 0.46

    def at(side: int, near: float, height: float) -> tuple[float, float]:
        return (0.75 + side * 0.78 * near, middle + (height - 0.52) * near * 1.9)

    window = canvas.stencil().box(0.65, 0.2, 0.85, 0.56).ellipse(0.75, 0.2, 0.1, 0.09).mask(0.002)
    canvas.paint(canvas.stencil().box(0.52, 0.05, 0.98, 0.6).mask(0.002), "#8a6a42")
    canvas.paint(window, canvas.gradient((0.1, "#fffbe6"), (0.56, "#f5dfa8")))
    bars = canvas.stencil().box(0.747, 0.1, 0.753, 0.56).box(0.697, 0.1, 0.701, 0.56).box(0.799, 0.1, 0.803, 0.56)
    for y in (0.2, 0.29, 0.38, 0.47):
        bars.box(0.65, y, 0.85, y + 0.005)
    canvas.shade(bars.mask(0.001), 0.7)
    floor = (
        canvas.stencil().polygon([at(-1, 1.2, 0.8), at(-1, 0.16, 0.8), at(1, 0.16, 0.8), at(1, 1.2, 0.8)]).mask(0.001)
    )
    canvas.paint(floor, canvas.gradient((0.55, "#a9824e"), (1, "#2c1c10")))
    depths = [1.25 * 0.8**i for i in range(10)]
    for side in (-1, 1):
        for far, near in reversed(list(zip(depths[1:], depths[:-1], strict=True))):
            _shelves(canvas, at, side, far, near)
    for x, strength in ((0.69, 0.22), (0.81, 0.26)):
        ray = (
            canvas.stencil()
            .polygon(
                [(x - 0.03, 0.15), (x + 0.03, 0.15), (x + (x - 0.75) * 4 + 0.1, 1.05), (x + (x - 0.75) * 4 - 0.2, 1.05)]
            )
            .mask(0.03)
        )
        canvas.light(ray * ramp(1.0, 0.2, canvas.y), "#ffe7ae", strength)
    canvas.light(canvas.around(0.75, 0.74, 0.14, squash=0.9) * floor, "#ffedc0", 0.45)
    reader = (
        canvas.stencil()
        .box(0.62, 0.6, 0.88, 0.617)
        .line([(0.635, 0.61), (0.635, 0.72)], 0.009)
        .line([(0.865, 0.61), (0.865, 0.72)], 0.009)
    )
    bust(reader, 0.755, 0.468, 0.058, np.random.default_rng(6))
    reader.polygon([(0.71, 0.6), (0.75, 0.588), (0.75, 0.602)]).polygon([(0.79, 0.6), (0.75, 0.588), (0.75, 0.602)])
    mask = reader.mask(0.001) * (canvas.y < 0.725)
    canvas.paint(mask * (1 - 0.35 * ramp(0.68, 0.725, canvas.y)), "#1a100a")
    canvas.form(mask, "#fff0c4", towards=(0, -1), depth=0.004, strength=0.8)
    canvas.sun(0.75, 0.3, 0.11, "#fff0c0", 0.55)
    canvas.blur(0.006, np.asarray(ramp(0.52, 0.78, np.abs(canvas.x - 0.75))))
    return canvas.finish(shadows="#1c0f10", highlights="#ffedc4", toning=0.2, contrast=0.3, bloom=0.45)


def _shelves(canvas: Canvas, place: Callable[[int, float, float], Point], side: int, far: float, near: float) -> None:
    """One bay of books between two distances."""
    outline = [place(side, near, 0.0), place(side, far, 0.0), place(side, far, 0.8), place(side, near, 0.8)]
    bay = canvas.stencil().polygon(outline).mask(0.0006)
    canvas.paint(bay, "#1d120b")
    inner, outer = far + (near - far) * 0.08, near - (near - far) * 0.08
    spines = ("#6d2c22", "#3d4a3c", "#8a6a3a", "#2c3a4c", "#7d4a2a", "#4a2a33", "#a08a5a", "#5a5040")
    cards = [canvas.stencil() for _ in spines]
    count = 15
    for shelf in range(9):
        top, foot = 0.02 + shelf * 0.087, 0.02 + shelf * 0.087 + 0.076
        for book in range(count):
            if canvas.rng.random() < 0.06:
                continue
            a, b = (inner + (outer - inner) * (book + t) / count for t in (0.06, 0.94))
            head = top + canvas.rng.uniform(0.004, 0.024)
            corners = [place(side, a, head), place(side, b, head), place(side, b, foot), place(side, a, foot)]
            cards[int(canvas.rng.integers(0, len(cards)))].polygon(corners, canvas.rng.uniform(0.65, 1))
    shade = 0.5 + 0.75 * (1 - near / 1.25)
    for spine, card in zip(spines, cards, strict=True):
        canvas.paint(card.mask(0.0005), rgb(spine) * shade)
    ledges = canvas.stencil()
    for shelf in range(10):
        height = 0.013 + shelf * 0.087
        ledges.line([place(side, near, height), place(side, far, height)], 0.007 * near)
    ledges.line([place(side, near, 0.0), place(side, near, 0.8)], 0.02 * near)
    canvas.paint(ledges.mask(0.0005), rgb("#6b4526") * shade)
    canvas.light(bay * canvas.around(0.75, 0.4, 0.34), "#ffdf9c", 0.3)


def chess(canvas: Canvas) -> Image.Image:
    """A white king in focus, the others soft."""
    canvas.wash((0, "#2c3a3c"), (0.45, "#7f8f86"), (0.6, "#43423a"))
    for x, wide in ((0.25, 0.28), (0.62, 0.24), (1.12, 0.3)):
        canvas.light(canvas.stencil().box(x, -0.1, x + wide, 0.42).mask(0.035), "#f3f0d8", 0.6)
    canvas.blur(0.01)
    horizon, vanish = 0.56, (0.75, 0.18)
    board = canvas.stencil().polygon([(0.33, horizon), (1.17, horizon), (2.1, 1.06), (-0.6, 1.06)]).mask(0.001)
    depth = np.clip((canvas.y - vanish[1]), 0.02, 1)
    column = np.floor((canvas.x - vanish[0]) / depth * 3.6 + 40)
    row = np.floor(2.95 / depth + 0.25)
    squares = ((column + row) % 2).astype(np.float32)
    squares = soften(squares, 0.0012 * canvas.height)
    canvas.paint(canvas.below(horizon), "#2b1d14")
    canvas.paint(board, rgb("#3a2417") + (rgb("#d9b988") - rgb("#3a2417")) * squares[..., None])
    canvas.px *= (0.8 + 0.35 * canvas.noise(0.08, 5, stretch=5))[..., None]
    canvas.light(board * ramp(0.9, 0.5, canvas.y), "#f5efd6", 0.22)
    pieces = (
        ("rook", 0.46, 0.62, 0.2, "#1d1613"),
        ("queen", 0.64, 0.61, 0.3, "#1d1613"),
        ("king", 0.84, 0.61, 0.32, "#1d1613"),
        ("bishop", 1.03, 0.62, 0.24, "#1d1613"),
        ("pawn", 0.36, 0.69, 0.19, "#191210"),
        ("pawn", 0.9, 0.68, 0.18, "#191210"),
        ("pawn", 1.2, 0.71, 0.2, "#191210"),
    )
    for kind, x, foot, tall, colour in pieces:
        _chessman(canvas, kind, x, foot, tall, colour, "#f0ead0", blur=0.007 if foot < 0.65 else 0.004)
    _chessman(canvas, "pawn", 1.12, 0.82, 0.27, "#94805a", "#fff3d6", blur=0.0016)
    _chessman(canvas, "king", 0.6, 0.9, 0.62, "#8f7a55", "#fff3d6", blur=0.0008)
    fallen = canvas.rng.normal(0, 0.001)
    _chessman(canvas, "pawn", 0.17 + fallen, 1.08, 0.42, "#7a6748", "#e8dcb8", blur=0.012)
    canvas.light(canvas.around(0.3, 0.2, 0.6), "#f4f4e0", 0.1)
    return canvas.finish(shadows="#0e1f26", highlights="#fff2cf", toning=0.25, contrast=0.35, bloom=0.2)


CHESSMEN = {
    "pawn": (
        (0.0, 0.3),
        (0.06, 0.3),
        (0.1, 0.24),
        (0.2, 0.2),
        (0.26, 0.13),
        (0.5, 0.085),
        (0.62, 0.08),
        (0.655, 0.17),
        (0.68, 0.15),
        (0.7, 0.09),
        (0.76, 0.15),
        (0.86, 0.175),
        (0.95, 0.13),
        (1.0, 0.0),
    ),
    "rook": (
        (0.0, 0.3),
        (0.07, 0.3),
        (0.12, 0.24),
        (0.2, 0.19),
        (0.6, 0.14),
        (0.68, 0.16),
        (0.72, 0.22),
        (0.78, 0.2),
        (0.8, 0.2),
        (1.0, 0.22),
    ),
    "bishop": (
        (0.0, 0.25),
        (0.06, 0.25),
        (0.1, 0.19),
        (0.18, 0.15),
        (0.5, 0.07),
        (0.6, 0.07),
        (0.625, 0.14),
        (0.65, 0.08),
        (0.72, 0.125),
        (0.8, 0.12),
        (0.92, 0.05),
        (0.94, 0.035),
        (0.97, 0.04),
        (1.0, 0.0),
    ),
    "queen": (
        (0.0, 0.22),
        (0.05, 0.22),
        (0.09, 0.17),
        (0.16, 0.13),
        (0.5, 0.065),
        (0.66, 0.06),
        (0.69, 0.12),
        (0.71, 0.075),
        (0.9, 0.13),
        (0.92, 0.11),
        (0.95, 0.05),
        (0.97, 0.04),
        (1.0, 0.0),
    ),
    "king": (
        (0.0, 0.21),
        (0.05, 0.21),
        (0.09, 0.165),
        (0.15, 0.125),
        (0.45, 0.068),
        (0.62, 0.06),
        (0.645, 0.115),
        (0.665, 0.075),
        (0.7, 0.075),
        (0.85, 0.11),
        (0.875, 0.1),
        (0.895, 0.035),
        (0.9, 0.0),
    ),
}


def _chessman(
    canvas: Canvas, kind: str, x: float, foot: float, tall: float, colour: str, light: str, *, blur: float
) -> None:
    """One turned piece, its light from the left, its shadow to the right."""
    profile = CHESSMEN[kind]
    card = canvas.stencil()
    right = [(x + half * tall, foot - up * tall) for up, half in profile]
    left = [(x - half * tall, foot - up * tall) for up, half in reversed(profile)]
    card.polygon(right + left)
    base = profile[0][1] * tall
    card.ellipse(x, foot, base, base * 0.28)
    if kind == "king":
        card.box(x - 0.014 * tall, foot - tall, x + 0.014 * tall, foot - 0.88 * tall).box(
            x - 0.043 * tall, foot - 0.972 * tall, x + 0.043 * tall, foot - 0.942 * tall
        )
    if kind == "queen":
        for step in (-0.09, -0.03, 0.03, 0.09):
            card.ellipse(x + step * tall, foot - 0.93 * tall, 0.024 * tall)
    if kind == "rook":
        for step in (-0.11, 0.11):
            card.box(x + (step - 0.035) * tall, foot - 1.01 * tall, x + (step + 0.035) * tall, foot - 0.93 * tall, 0)
    canvas.shade(
        canvas.stencil()
        .polygon(
            [
                (x - base, foot),
                (x + base * 0.5, foot + base * 0.3),
                (x + tall * 0.75, foot + base * 0.22),
                (x + tall * 0.62, foot),
            ]
        )
        .mask(blur + 0.006),
        0.6,
    )
    mask = card.mask(blur)
    across = np.clip((canvas.x - x) / (0.2 * tall), -1.2, 1.2)
    tone = rgb(colour) * np.clip(0.95 - 0.55 * across - 0.15 * across**2, 0.25, 1.3)[..., None]
    canvas.paint(mask, np.clip(tone, 0, 1))
    canvas.form(mask, light, towards=(-1, -0.35), depth=max(0.008, tall * 0.02), strength=0.75)
    canvas.form(mask, light, towards=(1, -0.1), depth=0.004, strength=0.18)


SCENES = {
    "theatre-stage": Scene(stage),
    "cinema": Scene(cinema),
    "orchestra": Scene(orchestra),
    "library": Scene(library),
    "chess": Scene(chess),
}
