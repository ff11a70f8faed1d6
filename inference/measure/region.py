"""Which body region a volume shows, from its pixels and geometry; tags are hints at most.

To say ``unknown`` is safe, to name a wrong region is not: each region is named only when the
anatomy that defines it was found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.measure.abdomen_ct import is_abdomen
from inference.measure.brain_mr import Brain, find_brain
from inference.measure.cranium import Cranium, find_cranium
from inference.measure.lungs import Lungs, find_lungs
from inference.measure.masks import Mask, largest
from inference.measure.spine import Spine, find_spine
from inference.measure.vocabulary import ABDOMEN_CT, BRAIN_MR, CHEST_CT, HEAD_CT, UNKNOWN
from inference.measure.working_grid import WorkingGrid
from inference.tasks.measure import MeasureRequest
from workstation.core.intensity import Intensity, IntensityUnit

LEAST_SLICES = 8
"""Fewer slices show no organ from end to end."""

LEAST_EXTENT_MM = 70.0
"""Shortest side of the scanned box; less holds no head and no chest."""

BASES_MM = 90.0
"""Lungs that are lower than this and reach the top of the scan are the bases in an abdomen."""

BODY_HU = -300.0
"""Middle between air and fat, toward fat: clothing and the table pad stay out."""

BODY_WIDTH_MM = (150.0, 650.0)
"""Left-to-right size of a trunk, from a small child to the width of a scanner's bore."""

LEAST_BONE_ML = 30.0
"""Bone inside the body that a chest shows at least (spine, ribs)."""

BONE_HU = 200.0
"""Block mean of bone: above soft tissue, blood and most enhanced vessels."""


@dataclass(frozen=True, slots=True, eq=False)
class Recognition:
    """What a volume shows.

    Attributes:
        region: one of vocabulary.REGIONS.
        reason: what was seen, or why it is unknown; one clause for people.
        body: [z, y, x] the trunk with all it encloses; where the region is a trunk.
        lungs: where the region is a chest.
        spine: where the region is an abdomen.
        cranium: where the region is a head CT.
        brain: where the region is a brain MR.
    """

    region: str
    reason: str
    body: Mask | None = None
    lungs: Lungs | None = None
    spine: Spine | None = None
    cranium: Cranium | None = None
    brain: Brain | None = None


def unsuitable(voxels: NDArray[Any], request: MeasureRequest) -> str:
    """Return why nothing can be recognized in a volume at all; empty where it can be tried."""
    geometry, intensity = request.geometry, request.intensity
    if voxels.ndim != 3:
        return "it holds color images"
    if not geometry.has_millimetres or not geometry.is_placed:
        return "its headers hold no trustworthy millimeters or positions"
    if voxels.shape[0] < LEAST_SLICES:
        return f"{voxels.shape[0]} slices are too few"
    if float(geometry.gaps_mm.min()) <= 0:
        return "its slices are not in order along one direction"
    return _unsuitable_numbers(request.modality, intensity)


def _unsuitable_numbers(modality: str, intensity: Intensity) -> str:
    if modality not in ("CT", "MR"):
        return f"modality {modality or 'not named'} is not measured"
    if modality == "CT" and intensity.unit is not IntensityUnit.HU:
        return "its numbers are not in HU"
    if not intensity.is_trusted:
        return intensity.reason or "its numbers cannot be trusted"
    return ""


def recognize_ct(grid: WorkingGrid) -> Recognition:
    """Return the region of a CT in HU."""
    if min(grid.extent_zyx_mm) < LEAST_EXTENT_MM:
        return Recognition(UNKNOWN, "the scanned box is too small to show a body region")
    lungs = find_lungs(grid)
    if lungs is not None and not _are_bases(grid, lungs):
        return _chest(grid, lungs)
    cranium = find_cranium(grid) if lungs is None else None
    if cranium is not None:
        return Recognition(HEAD_CT, "a skull with brain inside", cranium=cranium)
    body = find_body(grid)
    spine = find_spine(grid, body)
    if is_abdomen(grid, body, spine):
        return Recognition(ABDOMEN_CT, "a trunk with spine and liver", body=body, spine=spine)
    return Recognition(UNKNOWN, "no two lungs, no skull with brain, no trunk with liver were found")


def recognize_mr(grid: WorkingGrid, request: MeasureRequest) -> Recognition:
    """Return the region of an MR: a brain or unknown."""
    if min(grid.extent_zyx_mm) < LEAST_EXTENT_MM:
        return Recognition(UNKNOWN, "the scanned box is too small to show a body region")
    found = find_brain(grid, body_part=request.body_part, description=request.description)
    if isinstance(found, str):
        return Recognition(UNKNOWN, found)
    return Recognition(BRAIN_MR, "a brain inside a dark skull and scalp", brain=found)


def _are_bases(grid: WorkingGrid, lungs: Lungs) -> bool:
    """Return whether only the bases of the lungs are seen, at the top of the scan."""
    planes = np.nonzero(lungs.both.any(axis=(1, 2)))[0]
    height_mm = float(np.ptp(planes)) * grid.step_zyx_mm[0]
    return bool(planes[-1] == grid.values.shape[0] - 1) and height_mm < BASES_MM


def _chest(grid: WorkingGrid, lungs: Lungs) -> Recognition:
    planes = np.nonzero(lungs.both.any(axis=(1, 2)))[0]
    level = slice(int(planes[0]), int(planes[-1]) + 1)
    body = find_body(grid)
    width_mm = float(body[level].any(axis=(0, 1)).sum()) * grid.step_zyx_mm[2]
    if not BODY_WIDTH_MM[0] <= width_mm <= BODY_WIDTH_MM[1]:
        return Recognition(UNKNOWN, "two air spaces, but no trunk of plausible size around them")
    bone = np.zeros_like(body)
    bone[level] = body[level] & (grid.values[level] > BONE_HU)
    if grid.volume_ml(bone) < LEAST_BONE_ML:
        return Recognition(UNKNOWN, "two air spaces, but no ribs or spine around them")
    return Recognition(CHEST_CT, "two air-filled lungs inside a trunk", body=body, lungs=lungs)


def find_body(grid: WorkingGrid) -> Mask:
    """Return the largest part denser than air."""
    return largest(grid.values > BODY_HU)
