"""The intracranial space in a head CT: what the skull encloses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.measure.masks import (
    Mask,
    Steps,
    bounding_slices,
    closed,
    components,
    distance_to,
    filled,
    filled_per_plane,
    grown,
)
from inference.measure.working_grid import WorkingGrid

SKULL_HU = 200.0
"""Block mean from which on a block counts as bone when the ring is closed: thin bone of a child,
averaged with brain, still lies above; blood and brain lie below 100 HU."""

RING_CLOSING_MM = 5.0
"""Sutures, foramina and thin orbital roofs up to twice this width are bridged, plane by plane."""

SOFT_HU = (-30.0, 130.0)
"""Brain, fluid and blood; orbital fat lies below, bone above."""

CORE_DEPTH_MM = 5.0
"""The core of the space is wider than twice this; nerve canals, orbits and sinuses are not."""

LEAST_SPACE_ML = 300.0
"""Smallest space taken as a cranium (a newborn's holds some 350 ml)."""

MOST_SPACE_ML = 2200.0
"""Largest; above it the search has leaked or the object is no head."""

TISSUE_HU = (10.0, 60.0)
"""Range of the median of brain, fluid and blood together."""

FORAMEN_MM2 = 1400.0
"""Area of a plane of the space below which the skull base has narrowed to the spinal canal:
the foramen magnum measures some 800 mm2, the posterior fossa above it more than 2000 mm2."""

VERTEX_MM2 = 6000.0
"""Area on the highest plane of the scan above which the vertex was not reached: 10 mm below its
top a cranium already measures some 6000 mm2."""

LEAST_DEPTH_MM = 25.0
"""The middle of a newborn's brain lies some 40 mm inside its skull; flat spaces are none."""

MOST_WIDTH_MM = 185.0
"""The widest crania measure some 165 mm inside."""

LEAST_BONY_SHARE = 0.6
"""Share of the shell around the space that is bone: a skull's is some 0.9, a rib cage's 0.2."""

WALLED_SIDES = 3
"""Of four in-plane directions, how many must meet bone: the open side is the face."""

PLANE_STEP = 1.0e4
"""Distance between planes, in mm, that keeps an operation inside each plane."""


@dataclass(frozen=True, slots=True, eq=False)
class Cranium:
    """The intracranial space in a working grid.

    Attributes:
        space: [z, y, x] brain, fluid, blood and meninges inside the inner table.
        depth_mm: distance of each block to the nearest block outside the space.
        tissue_hu: median of the space: mostly brain.
        is_base_cut, is_vertex_cut: whether the scan ends inside the space, below or above.
    """

    space: Mask
    depth_mm: NDArray[np.float32]
    tissue_hu: float
    is_base_cut: bool
    is_vertex_cut: bool


def find_cranium(grid: WorkingGrid) -> Cranium | None:
    """Return the intracranial space, or None where no skull encloses one."""
    bone = grid.values > SKULL_HU
    plane_steps: Steps = (PLANE_STEP, grid.step_zyx_mm[1], grid.step_zyx_mm[2])
    ring = closed(bone, RING_CLOSING_MM, plane_steps)
    enclosed = (filled_per_plane(ring) | _walled(bone)) & ~bone
    soft = enclosed & (grid.values > SOFT_HU[0]) & (grid.values < SOFT_HU[1])
    core = _core(soft, grid.step_zyx_mm)
    if grid.volume_ml(core) < LEAST_SPACE_ML / 2:
        return None
    space = _above_foramen(_to_inner_table(grid, core, enclosed), grid)
    if not LEAST_SPACE_ML <= grid.volume_ml(space) <= MOST_SPACE_ML:
        return None
    tissue_hu = float(np.median(grid.values[space]))
    is_brain_like = TISSUE_HU[0] <= tissue_hu <= TISSUE_HU[1]
    if not is_brain_like or _bony_share(space, grid) < LEAST_BONY_SHARE:
        return None
    depth_mm = _depth(space, grid.step_zyx_mm)
    if float(depth_mm.max()) < LEAST_DEPTH_MM or _width_mm(space, grid) > MOST_WIDTH_MM:
        return None
    base, vertex = _cut_ends(space, grid)
    return Cranium(space, depth_mm, tissue_hu, is_base_cut=base, is_vertex_cut=vertex)


def _walled(bone: Mask) -> Mask:
    """Return blocks with bone on at least three of the four sides within their plane.

    At the level of orbits and skull base the ring is open somewhere; this bears it.
    """
    count = np.zeros(bone.shape, dtype=np.uint8)
    for axis in (1, 2):
        count += np.logical_or.accumulate(bone, axis=axis)
        count += np.flip(np.logical_or.accumulate(np.flip(bone, axis), axis=axis), axis)
    walled: Mask = count >= WALLED_SIDES
    return walled


def _core(soft: Mask, step_zyx_mm: Steps) -> Mask:
    """Return the largest part that holds together after shrinking, grown back."""
    inner = distance_to(~soft, step_zyx_mm) > CORE_DEPTH_MM
    labels, count = components(inner)
    if not count:
        return np.zeros_like(soft)
    return soft & grown(labels == 1, CORE_DEPTH_MM + max(step_zyx_mm[1:]), step_zyx_mm)


def _width_mm(space: Mask, grid: WorkingGrid) -> float:
    return float(space.any(axis=(0, 1)).sum()) * grid.step_zyx_mm[2]


def _bony_share(space: Mask, grid: WorkingGrid) -> float:
    """Return the share of the blocks around the space, plane by plane, that are bone."""
    plane_steps: Steps = (PLANE_STEP, grid.step_zyx_mm[1], grid.step_zyx_mm[2])
    shell = grown(space, 2.1 * max(grid.step_zyx_mm[1:]), plane_steps) & ~space
    return float((grid.values[shell] > SKULL_HU).mean()) if shell.any() else 0.0


def _to_inner_table(grid: WorkingGrid, core: Mask, enclosed: Mask) -> Mask:
    """Return the core out to where a block is half bone, with all it encloses."""
    rim = grown(core, 1.5 * max(grid.step_zyx_mm[1:]), (PLANE_STEP, *grid.step_zyx_mm[1:])) & ~core
    bone = grid.values[rim & (grid.values > SKULL_HU)]
    bone_hu = float(np.percentile(bone, 75)) if bone.size else 1000.0
    half = (bone_hu + float(np.median(grid.values[core]))) / 2
    reach = (enclosed | grown(enclosed, 1.01 * max(grid.step_zyx_mm[1:]), grid.step_zyx_mm)) & rim
    soft_rim = reach & (grid.values > SOFT_HU[0]) & (grid.values < half)
    return filled(filled_per_plane(core | soft_rim))


def _above_foramen(space: Mask, grid: WorkingGrid) -> Mask:
    """Return the space without the planes below the foramen magnum."""
    areas = space.sum(axis=(1, 2)) * grid.step_zyx_mm[1] * grid.step_zyx_mm[2]
    if not areas.any():
        return space
    fullest = int(areas.argmax())
    narrow = np.nonzero(areas[:fullest] < FORAMEN_MM2)[0]
    cut = space.copy()
    if narrow.size:
        cut[: narrow[-1] + 1] = False
    return cut


def _depth(space: Mask, step_zyx_mm: Steps) -> NDArray[np.float32]:
    depth = np.zeros(space.shape, dtype=np.float32)
    box = bounding_slices(np.pad(space, 0))
    wide = tuple(slice(max(0, part.start - 1), part.stop + 1) for part in box)
    depth[wide] = distance_to(~space[wide], step_zyx_mm)
    return depth


def _cut_ends(space: Mask, grid: WorkingGrid) -> tuple[bool, bool]:
    areas = space.sum(axis=(1, 2)) * grid.step_zyx_mm[1] * grid.step_zyx_mm[2]
    return bool(areas[0] >= FORAMEN_MM2), bool(areas[-1] > VERTEX_MM2)
