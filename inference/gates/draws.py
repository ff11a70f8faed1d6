"""The pictures that the gates look at, before and after a pack's model.

Every set is drawn once and kept both as scanned and as the model gives it at full strength; what a
reader sees at a strength is a blend of the two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.gates import texture
from inference.gates.scanner import PIXEL_MM, SIZE_PX, WATER_RADIUS_MM, Disc, Scanner

SIGMA = 20.0
"""Noise of the gates, HU for CT; MR is drawn in the same units over a signal of BASE_MR."""

BASE_MR = 300.0
"""Signal of MR water: fifteen noise deviations, an ordinary brain at 7 %."""

MITA = ((3.0, 14.0), (5.0, 7.0), (7.0, 5.0), (10.0, 3.0))
"""Diameter in mm and contrast of the low-contrast rods of the MITA phantom (CCT189)."""

RING_MM = (38.0, 72.0)
"""Distances of the rods from the middle; each rod is shown on both."""

COPIES = 3
"""Places on each ring where one kind of rod is."""

TISSUES = {
    "CT": (("lung", -850.0), ("fat", -100.0), ("soft tissue", 55.0), ("bone", 800.0)),
    "MR": (("dark", -180.0), ("gray", -90.0), ("bright", 110.0), ("brightest", 300.0)),
}
"""Values of the large inserts, over water."""

INSERT_MM = 34.0
"""Diameter of those inserts, wide enough for a mean that no edge touches."""

INSERT_RING_MM = 52.0

Image = NDArray[np.float64]
Stack = NDArray[np.float32]
Model = Callable[[Stack, float], Stack]
"""Takes neighbouring slices (n, h, w) and the noise, gives the middle one (h, w)."""


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """Pictures as scanned and as the model gives them at full strength, both (n, h, w)."""

    before: Stack
    after: Stack

    def at(self, strength: float) -> Stack:
        """Return what is shown at a strength."""
        blended: Stack = self.before + np.float32(strength) * (self.after - self.before)
        return blended


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """All pictures of one pack.

    Attributes:
        plain: the water disc, one noise draw per picture.
        marked: the same draws with the rods.
        thin: the same draws with the rods in the middle slice only.
        inserts: the disc with the large inserts.
        run: neighbouring slices of one scan of the water disc.
        folds: the disc full of folds and thin lines.
        detail: what that is without noise.
        objects: what the plain disc is without noise; for MR, before any magnitude.
        rods: one picture of the rods alone.
    """

    plain: Pair
    marked: Pair
    thin: Pair
    inserts: Pair
    run: Pair
    folds: Pair
    detail: Image
    objects: Image
    rods: Image


def draw(
    model: Model,
    *,
    modality: str,
    neighbours: int,
    count: int,
    seed: int,
    done: Callable[[float], None] = lambda _fraction: None,
) -> Draws:
    """Return the pictures of a model: ``count`` draws of the disc, fewer of the rest.

    ``done`` is called with the part done after each draw of the disc; it may raise to stop.
    """
    scanner, random = Scanner(modality), np.random.default_rng(seed)
    disc, rods = scanner.objects((_body(modality),)), scanner.objects(tuple(rod_discs()))
    disc = disc + _outside(modality)
    middle = neighbours // 2
    in_middle = np.zeros((neighbours, 1, 1))
    in_middle[middle] = 1
    kept: dict[str, list[tuple[Stack, Stack]]] = {"plain": [], "marked": [], "thin": []}
    for index in range(count):
        draws = scanner.draws(random, SIGMA, neighbours)
        kept["plain"].append(_seen(model, scanner.shown(disc, draws)))
        kept["marked"].append(_seen(model, scanner.shown(disc + rods, draws)))
        if index < count // 2:
            kept["thin"].append(_seen(model, scanner.shown(disc + rods * in_middle, draws)))
        done(index / count)
    inserts = disc + scanner.objects(tuple(insert_discs(modality)))
    large = [
        _seen(model, scanner.scan(inserts, random, SIGMA, neighbours)) for _ in range(count // 3)
    ]
    run = scanner.scan(disc, random, SIGMA, count // 3 + neighbours - 1)
    series = [_seen(model, run[k : k + neighbours]) for k in range(count // 3)]
    pairs = {name: _paired(items) for name, items in kept.items()}
    folded = disc + texture.folds(scanner, SIGMA, neighbours)
    folds = [
        _seen(model, scanner.scan(folded, random, SIGMA, neighbours)) for _ in range(count // 3)
    ]
    return Draws(
        **pairs,
        inserts=_paired(large),
        run=_paired(series),
        folds=_paired(folds),
        detail=folded[middle],
        objects=disc,
        rods=rods,
    )


def rod_discs() -> list[Disc]:
    """Return the faint rods, every kind at several places."""
    found = []
    for kind, (diameter, value) in enumerate(MITA):
        found += [Disc(row, column, diameter, value) for row, column in rod_places(kind)]
    return found


def rod_places(kind: int) -> list[tuple[float, float]]:
    """Return (row, column) of the rods of one kind; whole pixels, where channels are laid."""
    places = []
    for ring, radius in enumerate(RING_MM):
        for copy in range(COPIES):
            angle = 2 * np.pi * ((copy * len(MITA) + kind + 0.5 * ring) / (len(MITA) * COPIES))
            places.append(_place(angle, radius))
    return places


def insert_discs(modality: str) -> list[Disc]:
    """Return the large inserts."""
    return [
        Disc(*place, INSERT_MM, value)
        for place, (_, value) in zip(insert_places(modality), TISSUES[modality], strict=True)
    ]


def insert_places(modality: str) -> list[tuple[float, float]]:
    """Return (row, column) of the large inserts."""
    count = len(TISSUES[modality])
    return [_place(2 * np.pi * index / count, INSERT_RING_MM) for index in range(count)]


def distance_mm(row: float, column: float) -> Image:
    """Return the distance of each pixel from a place."""
    axis = np.arange(SIZE_PX)
    found: Image = np.hypot(axis[:, None] - row, axis[None, :] - column) * PIXEL_MM
    return found


def _place(angle: float, radius_mm: float) -> tuple[float, float]:
    middle, reach = SIZE_PX // 2, radius_mm / PIXEL_MM
    return (
        float(round(middle + reach * np.sin(angle))),
        float(round(middle + reach * np.cos(angle))),
    )


def _body(modality: str) -> Disc:
    value = 1000.0 if modality == "CT" else BASE_MR
    return Disc(SIZE_PX // 2, SIZE_PX // 2, 2 * WATER_RADIUS_MM, value)


def _outside(modality: str) -> float:
    return -1000.0 if modality == "CT" else 0.0


def _seen(model: Model, slices: Image) -> tuple[Stack, Stack]:
    given = slices.astype(np.float32)
    return given[len(given) // 2], model(given, SIGMA)


def _paired(items: list[tuple[Stack, Stack]]) -> Pair:
    return Pair(np.stack([before for before, _ in items]), np.stack([after for _, after in items]))
