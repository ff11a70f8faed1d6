"""A head in MR: recognized by brain, dark skull and scalp around it; brain volume where T1 allows.

MR numbers have no unit, so everything is relative to the brain's own median. Nothing here tells
what a tissue is; it only finds one compact organ of a brain's size inside a dark ring.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.measure.masks import (
    Mask,
    closed,
    components,
    distance_to,
    filled_per_plane,
    grown,
    largest,
)
from inference.measure.partial_volume import shared_volume_ml
from inference.measure.scene import Scene, measured, not_assessed
from inference.measure.vocabulary import BRAIN_VOLUME
from inference.measure.working_grid import WorkingGrid
from workstation.core.finding import Fact

COARSEST_MM = 2.0
"""Pixels above this are those of diffusion, perfusion and functional series."""

HEAD_SHARE = 0.12
"""Share of the 98th percentile above which a block belongs to the head, not to air."""

HEAD_WIDTH_MM = (105.0, 215.0)
HEAD_DEPTH_MM = (125.0, 275.0)
"""Size of a head from left to right and front to back, infant to large adult, nose included."""

CENTER_BELOW_TOP_MM = 75.0
"""The middle of a brain lies about this far below the top of the head."""

CENTER_MM = 35.0
"""Radius around it within which nearly all is brain."""

BRAIN_SHARE = (0.55, 1.7)
"""Range of the brain's values relative to the median around its middle, any weighting."""

CORE_DEPTH_MM = 5.5
"""The brain stays in one piece when shrunk by this; its links to scalp and neck do not."""

BELOW_CENTER_MM = 80.0
"""Nothing of a brain lies further below its middle than this; the neck does."""

SETTINGS = ((0.5, 5.5), (0.55, 7.0), (0.6, 5.5))
"""Further lower limits and depths with which the brain is looked for: a volume is given only
where all of them agree."""

FLUID_SHARE = 0.35
"""Fluid in T1 relative to gray matter, where too little of it lies in the mask to be measured."""

MOST_SPREAD = 0.08
"""Relative difference between the largest and the smallest of these volumes still called
agreement; above it the border to the meninges is not defined by signal alone."""

BRAIN_ML = (350.0, 2000.0)
"""Size of a brain; partly scanned ones are smaller and stay unknown."""

RING_REACH_MM = 26
SCALP_MM = 2
"""The skull's dark ring lies within this reach of the surface of the head, scalp outside it."""

SCALP_RATIO = 1.5
"""Scalp is brighter than the ring by this at least."""

DIRECTIONS = 24
"""Rays per plane; enough to see a ring, few enough to be quick."""

MOST_RING_SHARE = 0.62
"""Darkest point of the ring relative to the brain's median: bone is dark in every weighting."""

LEAST_SURROUNDED = 0.65
"""Share of directions in which darkness and then brighter scalp lie outside the brain."""

T1_WORDS = ("T1", "MPRAGE", "MP-RAGE", "BRAVO", "SPGR", "TFE", "TFL", "FLASH", "FL3D")
"""Words of a series description that say T1; in T1 alone fluid is dark enough to be left out."""

OTHER_WORDS = ("DTI", "DWI", "ADC", "DIFF", "EPI", "BOLD", "FMRI", "ASL", "PERF", "FIELD", "SWI")
"""Words of series that are no anatomical picture of a brain."""

HEAD_PARTS = ("HEAD", "BRAIN", "SKULL", "NEURO", "")
"""Body parts that do not speak against a brain."""

THICKEST_MM = 1.6
"""Slices further apart average brain and fluid; no volume is given."""


@dataclass(frozen=True, slots=True, eq=False)
class Brain:
    """A brain in a working grid.

    Attributes:
        mask: [z, y, x] brain with the fluid it encloses.
        head: the head around it.
        center: index (z, y, x) of its middle.
        median: of the values in it.
        is_cut: whether it reaches an end of the scan.
    """

    mask: Mask
    head: Mask
    center: NDArray[np.float64]
    median: float
    is_cut: bool


def find_brain(grid: WorkingGrid, *, body_part: str, description: str) -> Brain | str:
    """Return the brain, or why none is named.

    Args:
        grid: an MR.
        body_part: Body Part Examined; it can only speak against a brain.
        description: series description; it can only speak against one.
    """
    words = description.upper()
    if max(grid.geometry.spacing_ij_mm) > COARSEST_MM:
        return "its pixels are too coarse for an anatomical MR"
    if body_part.upper() not in HEAD_PARTS or any(word in words for word in OTHER_WORDS):
        return "this kind of MR is not measured"
    head = _head(grid)
    if head is None:
        return "no head of plausible size stands free in the picture"
    center = _middle(grid, head)
    found = _brain(grid, head, center)
    if found is None:
        return "no compact organ of a brain's size lies inside the head"
    if _surrounded(grid, found) < LEAST_SURROUNDED:
        return "no dark skull and scalp surround it"
    return found


def brain_fact(scene: Scene, brain: Brain) -> Fact:
    """Return the volume of the brain without fluid, where the series allows it."""
    reason = _reason(scene, brain)
    if reason:
        return not_assessed(BRAIN_VOLUME, reason, evidence=scene.evidence(brain.mask))
    volumes = [_tissue_ml(scene.grid, brain.mask)]
    for lower, depth_mm in SETTINGS:
        found = _segment(scene.grid, brain.head, brain.center, (lower, depth_mm))
        volumes.append(0.0 if found is None else _tissue_ml(scene.grid, found))
    spread = max(volumes) - min(volumes)
    if spread > MOST_SPREAD * volumes[0]:
        reason = "the border between brain and meninges is not defined by signal alone"
        return not_assessed(BRAIN_VOLUME, reason, evidence=scene.evidence(brain.mask))
    return measured(
        BRAIN_VOLUME,
        volumes[0],
        uncertainty=spread / 2 + 0.03 * volumes[0],
        confidence=0.6,
        reason="brain and brain stem by signal alone, without fluid",
        evidence=scene.evidence(brain.mask),
    )


def _reason(scene: Scene, brain: Brain) -> str:
    words = scene.request.description.upper()
    if not any(word in words for word in T1_WORDS):
        return "only T1-weighted series are measured"
    if max(scene.gap_mm(), *scene.grid.geometry.spacing_ij_mm) > THICKEST_MM:
        return "its voxels are too large for a brain volume"
    if brain.is_cut:
        return "the brain is not wholly inside the scan"
    return ""


def _tissue_ml(grid: WorkingGrid, brain: Mask) -> float:
    """Return brain tissue, counted by shares between fluid and gray matter."""
    fluid, tissue = (float(value) for value in np.percentile(grid.values[brain], [2, 35]))
    fluid = min(fluid, FLUID_SHARE * tissue)
    return shared_volume_ml(grid, brain, inside_hu=tissue, outside_hu=fluid)


def _head(grid: WorkingGrid) -> Mask | None:
    """Return the head with all it encloses, or None where its size is not that of one."""
    bright = float(np.percentile(grid.values, 98))
    tissue = grid.values > HEAD_SHARE * bright
    head = largest(filled_per_plane(closed(tissue, 4.0, grid.step_zyx_mm)))
    upper = _upper(head, grid)
    if not upper.any():
        return None
    width = float(upper.any(axis=(0, 1)).sum()) * grid.step_zyx_mm[2]
    depth = float(upper.any(axis=(0, 2)).sum()) * grid.step_zyx_mm[1]
    is_sized = HEAD_WIDTH_MM[0] <= width <= HEAD_WIDTH_MM[1]
    is_sized = is_sized and HEAD_DEPTH_MM[0] <= depth <= HEAD_DEPTH_MM[1]
    return head if is_sized else None


def _upper(head: Mask, grid: WorkingGrid) -> Mask:
    """Return the part of the head above the middle of the brain."""
    planes = np.nonzero(head.sum(axis=(1, 2)) * grid.step_zyx_mm[1] * grid.step_zyx_mm[2] > 500)[0]
    if not planes.size:
        return np.zeros((0, *head.shape[1:]), dtype=np.bool_)
    count = max(1, round(CENTER_BELOW_TOP_MM / grid.step_zyx_mm[0]))
    return head[max(0, int(planes[-1]) - count) : int(planes[-1]) + 1]


def _middle(grid: WorkingGrid, head: Mask) -> NDArray[np.float64]:
    """Return the index (z, y, x) of the middle of the brain."""
    upper = _upper(head, grid)
    index = np.argwhere(upper)
    top = int(np.nonzero(head.any(axis=(1, 2)))[0][-1])
    z = max(0.0, top - CENTER_BELOW_TOP_MM / grid.step_zyx_mm[0])
    _, y, x = index.mean(axis=0)
    return np.array([z, y, x])


def _brain(grid: WorkingGrid, head: Mask, center: NDArray[np.float64]) -> Brain | None:
    mask = _segment(grid, head, center, (BRAIN_SHARE[0], CORE_DEPTH_MM))
    if mask is None or not BRAIN_ML[0] <= grid.volume_ml(mask) <= BRAIN_ML[1]:
        return None
    median = float(np.median(grid.values[mask]))
    return Brain(mask, head, center, median, is_cut=_reaches_end(mask, grid))


def _segment(
    grid: WorkingGrid, head: Mask, center: NDArray[np.float64], setting: tuple[float, float]
) -> Mask | None:
    """Return the compact organ around the middle, for a lower limit and a depth."""
    axes = np.ogrid[tuple(slice(0, size) for size in head.shape)]
    squares = [
        ((axis - middle) * step) ** 2
        for axis, middle, step in zip(axes, center, grid.step_zyx_mm, strict=True)
    ]
    ball = head & (squares[0] + squares[1] + squares[2] <= CENTER_MM**2)
    if not ball.any():
        return None
    lower, depth_mm = setting
    median = float(np.median(grid.values[ball]))
    tissue = head & (grid.values > lower * median) & (grid.values < BRAIN_SHARE[1] * median)
    tissue[: max(0, int(center[0] - BELOW_CENTER_MM / grid.step_zyx_mm[0]))] = False
    labels, count = components(distance_to(~tissue, grid.step_zyx_mm) > depth_mm, least=64)
    hits = np.bincount(labels[ball].ravel(), minlength=count + 1)
    hits[0] = 0
    if not hits.any():
        return None
    brain = tissue & grown(labels == hits.argmax(), depth_mm + 1.0, grid.step_zyx_mm)
    return filled_per_plane(closed(brain, 4.0, grid.step_zyx_mm)) & head


def _reaches_end(brain: Mask, grid: WorkingGrid) -> bool:
    """Return whether the brain reaches the top, front, back or a side of the scan."""
    ends = [brain[-1], brain[:, 0], brain[:, -1], brain[..., 0], brain[..., -1]]
    least = 100.0 / (grid.step_zyx_mm[1] * grid.step_zyx_mm[2])
    return any(float(end.sum()) > least for end in ends)


def _surrounded(grid: WorkingGrid, brain: Brain) -> float:
    """Return the share of directions in the axial planes with brain, dark ring, then scalp."""
    planes = np.nonzero(brain.mask.any(axis=(1, 2)))[0]
    chosen = planes[len(planes) // 2 : -max(1, len(planes) // 6)]
    found = []
    for z in chosen:
        ys, xs = np.nonzero(brain.mask[z])
        center = float(ys.mean()), float(xs.mean())
        for angle in np.linspace(0, 2 * np.pi, DIRECTIONS, endpoint=False):
            rows, columns = _ray(grid, center, float(angle))
            inside = np.nonzero(brain.head[z, rows, columns])[0]
            if inside.size:
                profile = grid.values[z, rows, columns][: inside[-1] + 1]
                found.append(_has_ring(profile, brain.median))
    return float(np.mean(found)) if found else 0.0


def _ray(
    grid: WorkingGrid, center: tuple[float, float], angle: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the rows and columns along a ray, one per millimeter up to 140 mm."""
    reach = np.arange(0.0, 140.0)
    ys = np.rint(center[0] + reach * np.sin(angle) / grid.step_zyx_mm[1]).astype(np.int64)
    xs = np.rint(center[1] + reach * np.cos(angle) / grid.step_zyx_mm[2]).astype(np.int64)
    _, rows, columns = grid.values.shape
    inside = (ys >= 0) & (ys < rows) & (xs >= 0) & (xs < columns)
    return ys[inside], xs[inside]


def _has_ring(profile: NDArray[np.float32], median: float) -> bool:
    """Return whether, from inside to the surface, it is bright, dark, then brighter again."""
    if profile.size < RING_REACH_MM + 10:
        return False
    outer = profile[-RING_REACH_MM:]
    darkest = int(outer[:-SCALP_MM].argmin())
    before, after = profile[: profile.size - RING_REACH_MM + darkest], outer[darkest:]
    is_dark = float(outer[darkest]) < MOST_RING_SHARE * median
    is_brain = float(np.median(before[-30:])) > 0.6 * median
    return is_dark and is_brain and float(after.max()) > SCALP_RATIO * float(outer[darkest])
