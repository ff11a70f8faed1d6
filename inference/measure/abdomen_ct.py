"""An abdomen in CT: a trunk with a spine and a liver on its right; only its spine is measured."""

from __future__ import annotations

import numpy as np

from inference.measure.masks import (
    Mask,
    bounding_slices,
    components,
    distance_to,
    filled_per_plane,
    smoothed,
)
from inference.measure.scene import Scene
from inference.measure.spine import Spine, spine_fact
from inference.measure.working_grid import WorkingGrid
from workstation.core.finding import Fact

LIVER_HU = (25.0, 200.0)
"""Liver, from fatty to enhanced; smoothed, so that noise does not break it up."""

LIVER_DEPTH_MM = 16.0
"""The liver is thicker than twice this; muscles, bowel and kidneys hardly are."""

LEAST_CORE_ML = 60.0
"""Volume that is left of a liver after shrinking; a child's leaves this much."""

LEAST_RIGHT_SHARE = 0.65
"""Share of that core on the patient's right."""

TRUNK_WIDTH_MM = (150.0, 650.0)
TRUNK_DEPTH_MM = (90.0, 500.0)
"""Size of a trunk, child to the width of a scanner's bore."""

LEAST_SPINE_MM = 50.0
"""Length of spine seen; about two vertebrae."""

BASES_MM = 90.0
"""Lung bases seen at the top of an abdomen are lower than this."""

LUNG_HU = (-940.0, -600.0)
LUNG_DEPTH_MM = 6.0
MOST_LUNG_ML = 100.0
"""Inflated lung, away from its surface; bowel gas is darker and its walls are thinner."""

MOST_TOUCHING = 0.3
"""Share of planes in which the trunk may reach both sides of the picture; a picture cut out of
a limb reaches them everywhere."""

FRONT_MM = 70.0
ASIDE_MM = 35.0
"""Box before the vertebral bodies that holds aorta and vena cava."""

ENHANCED_HU = 110.0
"""Ninth decile in that box from which on contrast medium is assumed."""


def is_abdomen(grid: WorkingGrid, body: Mask, spine: Spine | None) -> bool:
    """Return whether a trunk without whole lungs shows spine and liver.

    Args:
        grid: a CT.
        body: its largest part denser than air.
        spine: its spinal canal.
    """
    if spine is None or float(np.ptp(spine.planes)) * grid.step_zyx_mm[0] < LEAST_SPINE_MM:
        return False
    box = bounding_slices(body)
    depth, width = (
        (part.stop - part.start) * step
        for part, step in zip(box[1:], grid.step_zyx_mm[1:], strict=True)
    )
    is_sized = TRUNK_WIDTH_MM[0] <= width <= TRUNK_WIDTH_MM[1]
    is_sized = is_sized and TRUNK_DEPTH_MM[0] <= depth <= TRUNK_DEPTH_MM[1]
    is_trunk = is_sized and not _fills_picture(body) and not _has_lungs(grid, body)
    return is_trunk and _has_liver(grid, body, spine)


def abdomen_facts(scene: Scene, spine: Spine) -> list[Fact]:
    """Return the little that is measured in an abdomen."""
    return [spine_fact(scene, spine, with_contrast=_is_enhanced(scene.grid, spine))]


def _fills_picture(body: Mask) -> bool:
    touches = body[..., 0].any(axis=1) & body[..., -1].any(axis=1)
    return float(touches.mean()) > MOST_TOUCHING


def _has_lungs(grid: WorkingGrid, body: Mask) -> bool:
    """Return whether the trunk encloses lung below the top of the scan: then it is no abdomen."""
    top = round(BASES_MM / grid.step_zyx_mm[0])
    low, high = LUNG_HU
    lung = filled_per_plane(body) & (grid.values > low) & (grid.values < high)
    lung[-top:] = False
    inner = distance_to(~lung, grid.step_zyx_mm) > LUNG_DEPTH_MM
    return grid.volume_ml(inner) > MOST_LUNG_ML


def _has_liver(grid: WorkingGrid, body: Mask, spine: Spine) -> bool:
    values = smoothed(grid.values, 1.5 * grid.step_zyx_mm[2], grid.step_zyx_mm)
    solid = body & (values > LIVER_HU[0]) & (values < LIVER_HU[1])
    labels, count = components(distance_to(~solid, grid.step_zyx_mm) > LIVER_DEPTH_MM)
    if not count:
        return False
    core = labels == 1
    right = np.arange(core.shape[2]) < float(np.median(spine.middle))
    volume = grid.volume_ml(core)
    on_right = grid.volume_ml(core & right)
    return volume >= LEAST_CORE_ML and on_right >= LEAST_RIGHT_SHARE * volume


def _is_enhanced(grid: WorkingGrid, spine: Spine) -> bool:
    """Return whether the vessels before the spine are brighter than blood without contrast."""
    _, step_y, step_x = grid.step_zyx_mm
    found = []
    for z, front, middle in zip(spine.planes.astype(int), spine.front, spine.middle, strict=True):
        back = int(front - 36.0 / step_y)
        first_x = max(0, int(middle - ASIDE_MM / step_x))
        columns = slice(first_x, int(middle + ASIDE_MM / step_x) + 1)
        part = grid.values[z, max(0, back - int(FRONT_MM / step_y)) : max(0, back), columns]
        found.append(part[(part > 10) & (part < 500)])
    values = np.concatenate(found)
    return bool(values.size) and float(np.percentile(values, 90)) > ENHANCED_HU
