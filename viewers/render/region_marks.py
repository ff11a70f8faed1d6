"""Where an outlined region lies on a slice: its pixels, and its outline as lines.

Only the picture on the screen is touched; nothing is measured on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewers.render.planes import PlaneStack
from viewers.state.view_state import Plane
from workstation.core.regions import OutlinedRegion, filled

CROSS_MM = 3.0
"""Half the length of the cross that stands for a point."""


@dataclass(frozen=True, slots=True, eq=False)
class ShownRegion:
    """A region and how the reader wants to see it.

    Attributes:
        region: the region.
        color_rgb: 0..255.
        opacity: of its area, 0 (outline only) to 1.
    """

    region: OutlinedRegion
    color_rgb: tuple[int, int, int]
    opacity: float


@dataclass(frozen=True, slots=True, eq=False)
class RegionTrace:
    """A region on one slice.

    Attributes:
        mask: (rows, columns) of a part of the slice.
        corner_cr: column and row of the slice at which that part begins.
        lines_cr: (n, 2, 2) ends of the lines of its outline as (column, row) of the slice.
    """

    mask: NDArray[np.bool_]
    corner_cr: tuple[int, int]
    lines_cr: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class RegionLayer:
    """The areas of all regions on one slice, as one picture.

    Attributes:
        rgba: (rows, columns, 4) uint8, premultiplied.
        corner_cr: column and row of the slice at which it begins.
    """

    rgba: NDArray[np.uint8]
    corner_cr: tuple[int, int]


def region_trace(region: OutlinedRegion, stack: PlaneStack, index: int) -> RegionTrace | None:
    """Return a region on a slice; None where the slice does not cut it.

    On slices parallel to contours they are shown as they were drawn; on any other slice the masks
    are cut. The caller has seen to it that both have one frame of reference.
    """
    if region.paths_mm:
        return _with_paths(region, stack, index)
    return _body(region, stack, index)


def _body(region: OutlinedRegion, stack: PlaneStack, index: int) -> RegionTrace | None:
    if region.contours is not None and stack.plane is Plane.ACQUIRED:
        loops = region.contours.loops_at(stack.normal, float(stack.distances_mm[index]))
        if loops is not None:
            return _drawn(loops, stack, index)
    return _cut(region, stack, index)


def region_layer(
    traces: Sequence[tuple[ShownRegion, RegionTrace]],
) -> RegionLayer | None:
    """Return the areas of regions laid over each other, the last on top; None for none."""
    if not traces:
        return None
    left = min(trace.corner_cr[0] for _shown, trace in traces)
    top = min(trace.corner_cr[1] for _shown, trace in traces)
    right = max(trace.corner_cr[0] + trace.mask.shape[1] for _shown, trace in traces)
    bottom = max(trace.corner_cr[1] + trace.mask.shape[0] for _shown, trace in traces)
    rgba = np.zeros((bottom - top, right - left, 4), dtype=np.float32)
    for shown, trace in traces:
        column, row = trace.corner_cr[0] - left, trace.corner_cr[1] - top
        height, width = trace.mask.shape
        part = rgba[row : row + height, column : column + width]
        over = np.array([*(shown.opacity * c for c in shown.color_rgb), 255 * shown.opacity])
        part[trace.mask] = part[trace.mask] * (1 - shown.opacity) + over
    return RegionLayer(np.rint(rgba).astype(np.uint8), (left, top))


def outline(mask: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the border between pixels inside and outside as lines (n, 2, 2) of (column, row).

    Lines lie on the edges of pixels (halves) and run as far as the border is straight.
    """
    down = _runs(np.pad(mask, ((1, 1), (0, 0))))
    across = _runs(np.pad(mask, ((0, 0), (1, 1))).T)[:, :, ::-1]
    lines: NDArray[np.float64] = np.concatenate([down, across])
    return lines


def _runs(padded: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the straight runs between rows that differ; one row is padded above and below."""
    is_edge = padded[1:] != padded[:-1]
    steps = np.diff(np.pad(is_edge.astype(np.int8), ((0, 0), (1, 1))), axis=1)
    row, begin = np.nonzero(steps == 1)
    _row, end = np.nonzero(steps == -1)
    first = np.stack([begin - 0.5, row - 0.5], axis=-1)
    last = np.stack([end - 0.5, row - 0.5], axis=-1)
    return np.stack([first, last], axis=1)


def _with_paths(region: OutlinedRegion, stack: PlaneStack, index: int) -> RegionTrace | None:
    """Return points as crosses and open lines as they run near the slice, with what is closed."""
    body = _body(region, stack, index) if region.encloses else None
    near = [line for path in region.paths_mm for line in _path_lines(path, stack, index)]
    if not near:
        return body
    lines = np.array(near)
    if body is not None:
        return RegionTrace(body.mask, body.corner_cr, np.concatenate([body.lines_cr, lines]))
    return RegionTrace(np.zeros((1, 1), dtype=np.bool_), (0, 0), lines)


def _path_lines(
    path: NDArray[np.float64], stack: PlaneStack, index: int
) -> list[NDArray[np.float64]]:
    """Return the lines (2, 2) of a point or an open line that lie in the slab of a slice."""
    reach = stack.reach_mm(index) + _NEAR_MM
    is_near = np.abs(path @ stack.normal - float(stack.distances_mm[index])) <= reach
    at = stack.to_pixel_cr(index, path)
    if len(path) == 1:
        arms = np.array([CROSS_MM / stack.spacing_rc_mm[1], CROSS_MM / stack.spacing_rc_mm[0]])
        ends = [np.stack([at[0] - arm, at[0] + arm]) for arm in np.diag(arms)]
        return ends if is_near[0] else []
    return [np.stack([at[n], at[n + 1]]) for n in range(len(path) - 1) if is_near[n : n + 2].all()]


def _drawn(
    loops_mm: Sequence[NDArray[np.float64]], stack: PlaneStack, index: int
) -> RegionTrace | None:
    loops = [stack.to_pixel_cr(index, loop) for loop in loops_mm]
    part = _part(np.concatenate(loops), stack.shape_rc) if loops else None
    if part is None:
        return None
    left, top, width, height = part
    mask = filled([loop - (left, top) for loop in loops], (height, width))
    lines = [np.stack([loop, np.roll(loop, -1, axis=0)], axis=1) for loop in loops]
    return RegionTrace(mask, (left, top), np.concatenate(lines))


def _cut(region: OutlinedRegion, stack: PlaneStack, index: int) -> RegionTrace | None:
    corners = region.masks.corners_mm
    depths = corners @ stack.normal
    place = float(stack.distances_mm[index])
    if not depths.min() - _NEAR_MM <= place <= depths.max() + _NEAR_MM:
        return None
    part = _part(stack.to_pixel_cr(index, corners), stack.shape_rc)
    if part is None:
        return None
    left, top, width, height = part
    right_mm = stack.right_patient * stack.spacing_rc_mm[1]
    down_mm = stack.down_patient * stack.spacing_rc_mm[0]
    origin = stack.origins_mm[index] + left * right_mm + top * down_mm
    mask = region.masks.sampled(origin, right_mm, down_mm, (height, width))
    if not mask.any():
        return None
    return RegionTrace(mask, (left, top), outline(mask) + np.array([left, top], dtype=np.float64))


_NEAR_MM = 1e-3
"""Rounding allowed at the first and last plane of a region."""


def _part(
    points_cr: NDArray[np.float64], shape_rc: tuple[int, int]
) -> tuple[int, int, int, int] | None:
    """Return left, top, width, height of the pixels around points; None beyond the slice."""
    low = np.floor(points_cr.min(axis=0)).astype(int) - 1
    high = np.ceil(points_cr.max(axis=0)).astype(int) + 2
    left, top = max(int(low[0]), 0), max(int(low[1]), 0)
    right, bottom = min(int(high[0]), shape_rc[1]), min(int(high[1]), shape_rc[0])
    return (left, top, right - left, bottom - top) if left < right and top < bottom else None
