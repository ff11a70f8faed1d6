"""Cubes that no finding network may take for its region: what a foreign series looks like.

Noise, boxes, bodies without the right organs, limbs, spots on nothing (as in PET), cardiac
slabs, and real regions spoiled: turned, upside down, cropped, or in a wrong unit. Values are HU
or signal, shapes [z, y, x]. All are drawn here; no image of anybody is used.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Cube: TypeAlias = NDArray[np.float32]
Shape: TypeAlias = tuple[int, int, int]

AIR = -1000.0


def foreign(kind: str, shape: Shape, rng: np.random.Generator) -> Cube:
    """Return a foreign cube in HU; ``kind`` is one of FOREIGN_KINDS."""
    return FOREIGN_KINDS[kind](shape, rng)


def spoiled(cube: Cube, kind: str, rng: np.random.Generator) -> Cube:
    """Return a cube of a known region made unknown; ``kind`` is one of SPOILS."""
    match kind:
        case "turned":
            turned = np.rot90(cube, k=1, axes=((0, 1), (0, 2), (1, 2))[int(rng.integers(3))])
            return _fitted(turned, cube.shape, float(cube.min()))
        case "upside down":
            return cube[::-1].copy()
        case "back to front":
            return cube[:, ::-1].copy()
        case "cropped":
            return _cropped(cube, rng)
        case "wrong unit":
            factor, shift = float(rng.choice([0.1, 0.25, -1.0, 4.0])), float(rng.choice([0, 1024]))
            return (cube * factor + shift).astype(np.float32)
    raise ValueError(f"no such spoil: {kind}")


def as_signal(cube: Cube, rng: np.random.Generator) -> Cube:
    """Return a cube in HU as if an MR scanner had seen it: air black, tissue in some order."""
    tissue = np.clip(cube, -200, 300)
    knots = np.array([-200.0, -80.0, 0.0, 30.0, 60.0, 150.0, 300.0])
    levels = np.concatenate([[0.0], rng.uniform(0.05, 1.0, knots.size - 1)])
    return (np.interp(tissue, knots, levels) * rng.uniform(200, 2000)).astype(np.float32)


def _noise(shape: Shape, rng: np.random.Generator) -> Cube:
    level, spread = float(rng.uniform(-900, 200)), float(rng.uniform(20, 600))
    return (level + spread * rng.standard_normal(shape)).astype(np.float32)


def _constant(shape: Shape, rng: np.random.Generator) -> Cube:
    return np.full(shape, float(rng.choice([AIR, 0.0, 40.0, rng.uniform(-1000, 1000)])), np.float32)


def _boxes(shape: Shape, rng: np.random.Generator) -> Cube:
    cube = np.full(shape, AIR, dtype=np.float32)
    for _ in range(int(rng.integers(1, 9))):
        low = [int(rng.integers(0, size - 4)) for size in shape]
        high = [int(rng.integers(start + 3, size)) for start, size in zip(low, shape, strict=True)]
        place = tuple(slice(a, b) for a, b in zip(low, high, strict=True))
        cube[place] = rng.uniform(-900, 900)
    return _grained(cube, rng)


def _abdomen(shape: Shape, rng: np.random.Generator) -> Cube:
    """A trunk of soft tissue with organs, gas and a spine, and no lungs."""
    half = (1e6, shape[1] * rng.uniform(0.25, 0.42), shape[2] * rng.uniform(0.32, 0.48))
    middle = _middle(shape)
    cube = np.full(shape, AIR, dtype=np.float32)
    cube[_oval(shape, middle, half)] = -100
    inner = (1e6, half[1] * rng.uniform(0.75, 0.95), half[2] * rng.uniform(0.8, 0.95))
    cube[_oval(shape, middle, inner)] = rng.uniform(-60, 50)
    for _ in range(int(rng.integers(4, 14))):
        _organ(cube, middle, inner, float(rng.uniform(20, 180)), rng)
    for _ in range(int(rng.integers(0, 8))):
        _organ(cube, middle, inner, float(rng.uniform(-950, -500)), rng, size=0.12)
    spine = (middle[0], middle[1] + half[1] * 0.65, middle[2])
    cube[_oval(shape, spine, (1e6, 4.0, 4.0))] = rng.uniform(150, 450)
    return _grained(cube, rng)


def _cardiac(shape: Shape, rng: np.random.Generator) -> Cube:
    """A slab through a chest: chambers between dark lungs, the rest of the cube empty."""
    cube = _abdomen(shape, rng)
    middle = _middle(shape)
    for sign in (-1, 1):
        place = (middle[0], middle[1] - 2, middle[2] + sign * shape[2] * 0.2)
        cube[_oval(shape, place, (1e6, shape[1] * 0.2, shape[2] * 0.12))] = rng.uniform(-900, -700)
    for _ in range(4):
        _organ(cube, middle, (8.0, 10.0, 12.0), float(rng.uniform(30, 350)), rng, size=0.6)
    thick = int(rng.integers(3, max(4, shape[0] // 3)))
    start = int(rng.integers(0, shape[0] - thick))
    cube[:start] = AIR
    cube[start + thick :] = AIR
    return cube


def _limbs(shape: Shape, rng: np.random.Generator) -> Cube:
    cube = np.full(shape, AIR, dtype=np.float32)
    for side in (-1, 1) if rng.random() < 0.6 else (0,):
        middle = (0.0, shape[1] / 2, shape[2] / 2 + side * shape[2] * 0.2)
        width = float(rng.uniform(8, 16))
        cube[_oval(shape, middle, (1e6, width, width))] = -90
        cube[_oval(shape, middle, (1e6, width * 0.85, width * 0.85))] = 50
        cube[_oval(shape, middle, (1e6, width * 0.3, width * 0.3))] = rng.uniform(300, 1200)
    return _grained(cube, rng)


def _spots(shape: Shape, rng: np.random.Generator) -> Cube:
    """Bright spots on a faint body, values that are no HU (PET)."""
    cube = np.zeros(shape, dtype=np.float32)
    cube[_oval(shape, _middle(shape), (1e6, shape[1] * 0.35, shape[2] * 0.4))] = rng.uniform(0.2, 2)
    for _ in range(int(rng.integers(2, 12))):
        _organ(cube, _middle(shape), (shape[0] / 2, 22.0, 26.0), float(rng.uniform(3, 30)), rng)
    return cube * np.float32(rng.choice([1.0, 10.0, 100.0]))


FOREIGN_KINDS: Mapping[str, Callable[[Shape, np.random.Generator], Cube]] = MappingProxyType(
    {
        "noise": _noise,
        "constant": _constant,
        "boxes": _boxes,
        "abdomen": _abdomen,
        "cardiac": _cardiac,
        "limbs": _limbs,
        "spots": _spots,
    }
)

SPOILS = ("turned", "upside down", "back to front", "cropped", "wrong unit")


def _organ(
    cube: Cube,
    middle: tuple[float, float, float],
    half: tuple[float, float, float],
    value: float,
    rng: np.random.Generator,
    *,
    size: float = 0.35,
) -> None:
    reach = (min(half[0], cube.shape[0] / 2), half[1], half[2])
    place = tuple(m + rng.uniform(-0.7, 0.7) * r for m, r in zip(middle, reach, strict=True))
    extent = tuple(max(1.5, r * size * rng.uniform(0.4, 1.2)) for r in reach)
    inside = _oval(cube.shape, (place[0], place[1], place[2]), (extent[0], extent[1], extent[2]))
    cube[inside & (cube > AIR + 1)] = value


def _oval(
    shape: tuple[int, ...], middle: tuple[float, float, float], half: tuple[float, float, float]
) -> NDArray[np.bool_]:
    axes = np.ogrid[tuple(slice(0, size) for size in shape)]
    total = sum(((axis - m) / h) ** 2 for axis, m, h in zip(axes, middle, half, strict=True))
    inside: NDArray[np.bool_] = np.asarray(total) <= 1
    return inside


def _middle(shape: Shape) -> tuple[float, float, float]:
    return shape[0] / 2, shape[1] / 2, shape[2] / 2


def _grained(cube: Cube, rng: np.random.Generator) -> Cube:
    return cube + np.float32(rng.uniform(2, 25)) * rng.standard_normal(cube.shape).astype(
        np.float32
    )


def _cropped(cube: Cube, rng: np.random.Generator) -> Cube:
    """A small box of the cube, the rest empty: a cut-out around something."""
    low_value = float(cube.min())
    out = np.full_like(cube, low_value)
    sizes = [int(size * rng.uniform(0.15, 0.4)) for size in cube.shape]
    starts = [
        int(rng.integers(0, size - part)) for size, part in zip(cube.shape, sizes, strict=True)
    ]
    place = tuple(slice(a, a + n) for a, n in zip(starts, sizes, strict=True))
    out[place] = cube[place]
    return out


def _fitted(cube: Cube, shape: tuple[int, ...], fill: float) -> Cube:
    out = np.full(shape, fill, dtype=np.float32)
    take = [min(a, b) for a, b in zip(cube.shape, shape, strict=True)]
    source = tuple(
        slice((a - n) // 2, (a - n) // 2 + n) for a, n in zip(cube.shape, take, strict=True)
    )
    target = tuple(slice((b - n) // 2, (b - n) // 2 + n) for b, n in zip(shape, take, strict=True))
    out[target] = cube[source]
    return out
