"""Say which series of a study is best laid over which: function over anatomy, at one place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workstation.core.geometry import StackGeometry
from workstation.core.image_stack import ImageStack

FUNCTIONAL = ("PT", "NM")
"""Modalities that show function; they are laid over anatomy and not under it."""

ANATOMICAL = ("CT", "MR")
"""Modalities that show anatomy, the better base first: its edges are sharp, its unit is known."""

UNCORRECTED = ("NAC", "UNCORRECTED", "NON AC")
"""Words in the description of a PET series without attenuation correction: never the first choice,
as its skin and lungs look hot."""

LEAST_OVERLAP = 0.05
"""Share of the base that an overlay must reach: less is another part of the body."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Rows of two series: the one under, and the one that is laid over it."""

    base: int
    overlay: int


def overlay_pairs(
    stacks: Sequence[ImageStack], shown: int, why_not: Callable[[ImageStack, ImageStack], str]
) -> tuple[Pair, ...]:
    """Return what can be laid over what, with the series on show in it, the best first.

    Args:
        stacks: series of the study by row.
        shown: row of the one on show.
        why_not: says why the second cannot be laid over the first; empty where it can.
    """
    here = stacks[shown]
    is_functional = here.series.modality in FUNCTIONAL
    found: list[tuple[tuple[float, ...], Pair]] = []
    for row, other in enumerate(stacks):
        if row == shown or other.is_color or here.is_color:
            continue
        base, over = (other, here) if is_functional else (here, other)
        pair = Pair(row, shown) if is_functional else Pair(shown, row)
        share = overlap(base.geometry, over.geometry) if not why_not(base, over) else 0.0
        if share >= LEAST_OVERLAP:
            found.append((_rank(base, over, share), pair))
    return tuple(pair for _, pair in sorted(found, key=lambda one: one[0]))


def overlap(base: StackGeometry, over: StackGeometry) -> float:
    """Return the share of the box around one stack that lies in the box around another, 0..1.

    Boxes along the patient's axes: good enough to tell a thorax from a knee.
    """
    if not (base.is_placed and over.is_placed):
        return 0.0
    low, high = _box(base)
    other_low, other_high = _box(over)
    common = np.minimum(high, other_high) - np.maximum(low, other_low)
    sides = np.maximum(high - low, 1e-6)
    return float(np.prod(np.clip(common, 0.0, None) / sides))


def _box(geometry: StackGeometry) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rows, columns = geometry.shape_kji[1:]
    ends = np.array(
        [(-0.5, -0.5), (columns - 0.5, -0.5), (-0.5, rows - 0.5), (columns - 0.5, rows - 0.5)]
    )
    last = geometry.shape_kji[0] - 1
    corners = np.concatenate([geometry.to_patient_mm(k, ends) for k in (0, last)])
    return corners.min(axis=0), corners.max(axis=0)


def _rank(base: ImageStack, over: ImageStack, share: float) -> tuple[float, ...]:
    """Return what sorts the better pair first."""
    modality, under = over.series.modality, base.series.modality
    functional = FUNCTIONAL.index(modality) if modality in FUNCTIONAL else len(FUNCTIONAL)
    anatomical = ANATOMICAL.index(under) if under in ANATOMICAL else len(ANATOMICAL)
    words = over.series.description.upper()
    is_uncorrected = any(word in words for word in UNCORRECTED)
    is_alike = modality == under
    thickness = -float(base.slice_count)
    return (functional, anatomical, is_uncorrected, is_alike, -round(share, 1), thickness)
