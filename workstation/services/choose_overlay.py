"""Say which series is best laid over which: function over anatomy, at one place.

A series of a prior may be laid over one of the study being read, which stays what it is; the other
way round it is not offered.
"""

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


WhyNot = Callable[[ImageStack, ImageStack], str]
"""Says why the second cannot be laid over the first; empty where it can."""

Placing = Callable[[ImageStack, ImageStack], NDArray[np.float64]]
"""Returns the (4, 4) matrix, mm LPS, that carries points of the first to those of the second."""


def in_one_frame(_one: ImageStack, _other: ImageStack) -> NDArray[np.float64]:
    """Return that points stay where they are."""
    return np.eye(4)


@dataclass(frozen=True, slots=True)
class Pair:
    """Rows of two series: the one under, and the one that is laid over it."""

    base: int
    overlay: int


def overlay_pairs(
    stacks: Sequence[ImageStack],
    shown: int,
    why_not: WhyNot,
    *,
    placing: Placing = in_one_frame,
    current_uid: str = "",
) -> tuple[Pair, ...]:
    """Return what can be laid over what, with the series on show in it, the best first.

    Args:
        stacks: series of the study, and of priors beside it, by row.
        shown: row of the one on show.
        why_not: says why one cannot be laid over another.
        placing: where points of one lie in another: a fit between two frames of reference.
        current_uid: the study being read; empty where all are of one study.
    """
    here = stacks[shown]
    found: list[tuple[tuple[float, ...], Pair]] = []
    for row, other in enumerate(stacks):
        pair = _pair(stacks, shown, row, current_uid)
        if pair is None or other.is_color or here.is_color:
            continue
        base, over = stacks[pair.base], stacks[pair.overlay]
        if why_not(base, over):
            continue
        share = overlap(base.geometry, over.geometry, placing(over, base))
        if share >= LEAST_OVERLAP:
            is_prior = _study(base) != _study(over)
            found.append(((is_prior, *_rank(base, over, share)), pair))
    return tuple(pair for _, pair in sorted(found, key=lambda one: one[0]))


def _pair(stacks: Sequence[ImageStack], shown: int, row: int, current_uid: str) -> Pair | None:
    """Return which of two series would lie under the other; None where neither may."""
    here, other = stacks[shown], stacks[row]
    if row == shown:
        return None
    if current_uid and _study(other) != _study(here):
        is_read = _study(here) == current_uid
        return Pair(shown, row) if is_read else None
    is_functional = here.series.modality in FUNCTIONAL
    return Pair(row, shown) if is_functional else Pair(shown, row)


def _study(stack: ImageStack) -> str:
    return stack.series.study.study_uid


def overlap(
    base: StackGeometry, over: StackGeometry, over_to_base: NDArray[np.float64] | None = None
) -> float:
    """Return the share of the box around one stack that lies in the box around another, 0..1.

    Boxes along the patient's axes: good enough to tell a thorax from a knee.

    Args:
        base: the stack under.
        over: the stack over it.
        over_to_base: (4, 4), mm LPS, of a fit; None inside one frame of reference.
    """
    if not (base.is_placed and over.is_placed):
        return 0.0
    low, high = _box(base, np.eye(4))
    other_low, other_high = _box(over, np.eye(4) if over_to_base is None else over_to_base)
    common = np.minimum(high, other_high) - np.maximum(low, other_low)
    sides = np.maximum(high - low, 1e-6)
    return float(np.prod(np.clip(common, 0.0, None) / sides))


def _box(
    geometry: StackGeometry, carry: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rows, columns = geometry.shape_kji[1:]
    ends = np.array(
        [(-0.5, -0.5), (columns - 0.5, -0.5), (-0.5, rows - 0.5), (columns - 0.5, rows - 0.5)]
    )
    last = geometry.shape_kji[0] - 1
    corners = np.concatenate([geometry.to_patient_mm(k, ends) for k in (0, last)])
    corners = corners @ carry[:3, :3].T + carry[:3, 3]
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
