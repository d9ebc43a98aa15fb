"""People from a distance: silhouettes cut into a stencil."""

import numpy as np

from sample_photos.light import Canvas, Stencil


def stand(card: Stencil, x: float, foot: float, tall: float, rng: np.random.Generator, *, bowed: float = 0) -> None:
    """Cut one standing person, `tall` heights from foot to crown, no two alike; `bowed` lowers the head."""
    lean = rng.uniform(-0.02, 0.02)
    wide = rng.uniform(0.92, 1.15)
    coat = rng.uniform(0.28, 0.5)

    def at(dx: float, up: float) -> tuple[float, float]:
        return (x + (dx * wide + lean * up) * tall, foot - up * tall)

    head = at(bowed * 0.5, 0.925 - abs(bowed) * 0.4)
    card.ellipse(head[0], head[1], 0.05 * tall, 0.068 * tall)
    card.polygon([at(-0.035, 0.9), at(0.035, 0.9), at(0.05, 0.8), at(-0.05, 0.8)])
    body = [(0.03, 0.865), (0.105, 0.825), (0.135, 0.76), (0.15, 0.6), (0.145, 0.47), (0.12, coat), (0.1, coat - 0.04)]
    right = [at(*p) for p in body]
    left = [at(-p[0] * rng.uniform(0.93, 1.05), p[1]) for p in reversed(body)]
    card.curve(right + left)
    step = rng.uniform(0.02, 0.06)
    for side in (-1, 1):
        hip, shoe = side * 0.05, side * (0.045 + step)
        card.polygon([at(hip - 0.055, 0.46), at(hip + 0.055, 0.46), at(shoe + 0.033, 0.02), at(shoe - 0.033, 0.02)])
        card.ellipse(*at(shoe + 0.015, 0.015), 0.05 * tall, 0.018 * tall)
    _dress(card, head, tall, rng)


def _dress(card: Stencil, head: tuple[float, float], tall: float, rng: np.random.Generator) -> None:
    """Give the head a hat, hair, a hood or nothing."""
    x, y = head
    kind = rng.integers(0, 5)
    if kind == 0:
        card.ellipse(x, y - 0.03 * tall, 0.058 * tall, 0.05 * tall)
    elif kind == 1:
        card.ellipse(x, y + 0.012 * tall, 0.062 * tall, 0.08 * tall)
    elif kind == 2:
        card.curve([(x - 0.06 * tall, y + 0.08 * tall), (x, y - 0.085 * tall), (x + 0.06 * tall, y + 0.08 * tall)])
    elif kind == 3:
        card.ellipse(x + 0.045 * tall, y - 0.02 * tall, 0.028 * tall, 0.03 * tall)


def bust(card: Stencil, x: float, crown: float, size: float, rng: np.random.Generator) -> None:
    """Cut one person of a crowd from the shoulders up, down to the picture's end; `size` is the head's height."""
    wide = rng.uniform(0.95, 1.2)
    head = size * 0.37
    card.ellipse(x, crown + size * 0.5, head, size * 0.5)
    card.polygon(
        [
            (x - size * 0.17, crown + size * 0.8),
            (x + size * 0.17, crown + size * 0.8),
            (x + size * 0.25, crown + size * 1.3),
            (x - size * 0.25, crown + size * 1.3),
        ]
    )
    half = [(0.12, 1.08), (0.45, 1.2), (0.78, 1.34), (0.96, 1.7), (1.03, 2.4), (1.05, 4.0)]
    right = [(x + dx * size * wide, crown + dy * size) for dx, dy in half]
    left = [(x - dx * size * wide, crown + dy * size) for dx, dy in reversed(half)]
    card.curve(right + left)
    kind = rng.integers(0, 4)
    if kind == 0:
        card.ellipse(x, crown + size * 0.3, size * 0.42, size * 0.38)
    elif kind == 1:
        card.curve(
            [
                (x - size * 0.5, crown + size * 1.25),
                (x - size * 0.43, crown + size * 0.4),
                (x, crown - size * 0.06),
                (x + size * 0.43, crown + size * 0.4),
                (x + size * 0.5, crown + size * 1.25),
            ]
        )
    elif kind == 2:
        card.ellipse(x, crown + size * 0.06, size * 0.16, size * 0.14)


def crowd(
    canvas: Canvas, card: Stencil, *, crown: float, size: float, spread: float = 0.35
) -> list[tuple[float, float]]:
    """Cut a row of people across the whole picture; returns where their crowns are."""
    places = []
    x = -size
    while x < canvas.ratio + size:
        top = crown + canvas.rng.uniform(-spread, spread) * size
        bust(card, x, top, size * canvas.rng.uniform(0.92, 1.08), canvas.rng)
        places.append((x, top))
        x += size * canvas.rng.uniform(1.15, 2.0)
    return places


def umbrella(card: Stencil, x: float, top: float, wide: float, *, pole: Stencil | None = None) -> None:
    """Cut an open umbrella seen from the side, `wide` across; its pole into another card when one is given."""
    half = wide / 2
    arc = [(x + half * np.cos(a), top + half * 0.78 * (1 - np.sin(a))) for a in np.linspace(np.pi, 0, 24)]
    rim = top + half * 0.78
    scallops = []
    for panel in range(4):
        right = x + half - panel * half / 2
        scallops += [(right, rim), (right - half / 4, rim - half * 0.1)]
    card.polygon(arc + scallops)
    (pole or card).line([(x, top - half * 0.12), (x, top + wide * 0.95)], wide * 0.018)
