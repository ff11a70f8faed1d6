"""Regions that somebody outlined in images: segments of a segmentation, structures of a plan.

A region has its own place in the patient and is laid over every series of its frame of reference.
Indices are ``[k, j, i]``, positions millimetres LPS; a ``_cr`` is (column, row) of a slice with
pixel centers at whole numbers.

Source: DICOM PS3.3 C.8.20 (Segmentation), C.8.8.6 (ROI Contour).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

SAME_PLANE_MM = 0.05
"""Contours nearer than this along the normal are in one plane; plans round to 0.01 mm."""


class RegionForm(Enum):
    """What a region was read from."""

    SEGMENT = "segment"
    STRUCTURE = "structure"


@dataclass(frozen=True, slots=True, eq=False)
class MaskStack:
    """A region as masks on parallel planes. Immutable; any thread.

    Attributes:
        masks: ``[k, j, i]``, read-only, cut to what is inside; planes in order along the normal.
        row_cosines, column_cosines: (3,) directions in which i, j grow.
        spacing_ij_mm: between columns, between rows.
        positions_mm: (k, 3) center of the pixel j=0, i=0 of each plane.
        slab_mm: thickness along the normal that each plane stands for.
    """

    masks: NDArray[np.bool_]
    row_cosines: NDArray[np.float64]
    column_cosines: NDArray[np.float64]
    spacing_ij_mm: tuple[float, float]
    positions_mm: NDArray[np.float64]
    slab_mm: float

    def __post_init__(self) -> None:
        if len(self.positions_mm) != len(self.masks) or self.slab_mm <= 0:
            raise ValueError("a mask stack needs a position per plane and a thickness")
        for array in (self.masks, self.row_cosines, self.column_cosines, self.positions_mm):
            array.setflags(write=False)

    @property
    def normal(self) -> NDArray[np.float64]:
        """Unit normal of the planes; shape (3,)."""
        normal: NDArray[np.float64] = np.cross(self.row_cosines, self.column_cosines)
        return normal

    @property
    def volume_mm3(self) -> float:
        """Pixels inside times their area times the thickness of a plane."""
        area_mm2 = self.spacing_ij_mm[0] * self.spacing_ij_mm[1]
        return float(np.count_nonzero(self.masks)) * area_mm2 * self.slab_mm

    @property
    def center_mm(self) -> NDArray[np.float64]:
        """Mean position of the pixels inside; shape (3,)."""
        k, j, i = np.nonzero(self.masks)
        right = i.mean() * self.spacing_ij_mm[0] * self.row_cosines
        down = j.mean() * self.spacing_ij_mm[1] * self.column_cosines
        center: NDArray[np.float64] = self.positions_mm[k].mean(axis=0) + right + down
        return center

    @property
    def corners_mm(self) -> NDArray[np.float64]:
        """The corners of what is inside, pixels and planes whole; shape (8, 3)."""
        _, rows, columns = self.masks.shape
        found = []
        for k, through in ((0, -0.5), (-1, 0.5)):
            plane = self.positions_mm[k] + through * self.slab_mm * self.normal
            for j in (-0.5, rows - 0.5):
                for i in (-0.5, columns - 0.5):
                    right = i * self.spacing_ij_mm[0] * self.row_cosines
                    found.append(plane + right + j * self.spacing_ij_mm[1] * self.column_cosines)
        return np.array(found)

    def sampled(
        self,
        origin_mm: NDArray[np.float64],
        right_mm: NDArray[np.float64],
        down_mm: NDArray[np.float64],
        shape_rc: tuple[int, int],
    ) -> NDArray[np.bool_]:
        """Return which pixels of any plane lie inside, by the mask pixel that holds each center.

        Args:
            origin_mm: (3,) center of pixel (0, 0).
            right_mm: (3,) step from column to column.
            down_mm: (3,) step from row to row.
            shape_rc: rows and columns of the plane.
        """
        columns = np.arange(shape_rc[1], dtype=np.float64)[None, :]
        rows = np.arange(shape_rc[0], dtype=np.float64)[:, None]

        def along(direction: NDArray[np.float64], start: float) -> NDArray[np.float64]:
            at = float(origin_mm @ direction) - start
            way: NDArray[np.float64] = (
                at + columns * float(right_mm @ direction) + rows * float(down_mm @ direction)
            )
            return way

        crossed = (right_mm @ self.normal, down_mm @ self.normal)
        turned = (right_mm @ self.column_cosines, down_mm @ self.row_cosines)
        if max(map(abs, (*crossed, *turned))) < _ALIGNED_MM:
            # Rows and columns are those of the masks: each is looked up once.
            across = columns[0] * float(right_mm @ self.row_cosines)
            down = rows[:, 0] * float(down_mm @ self.column_cosines)
            return self._aligned(
                float(origin_mm @ self.normal),
                np.add(float(origin_mm @ self.row_cosines), across),
                np.add(float(origin_mm @ self.column_cosines), down),
            )
        k = self._plane_of(along(self.normal, 0.0))
        first = self.positions_mm[np.maximum(k, 0)]
        i = along(self.row_cosines, 0.0) - first @ self.row_cosines
        j = along(self.column_cosines, 0.0) - first @ self.column_cosines
        i = np.floor(i / self.spacing_ij_mm[0] + 0.5 + _ROUNDING).astype(np.int64)
        j = np.floor(j / self.spacing_ij_mm[1] + 0.5 + _ROUNDING).astype(np.int64)
        _, height, width = self.masks.shape
        is_in = (k >= 0) & (i >= 0) & (i < width) & (j >= 0) & (j < height)
        found = np.zeros(shape_rc, dtype=np.bool_)
        found[is_in] = self.masks[k[is_in], j[is_in], i[is_in]]
        return found

    def _aligned(
        self, depth_mm: float, across_mm: NDArray[np.float64], down_mm: NDArray[np.float64]
    ) -> NDArray[np.bool_]:
        """Return the pixels inside on a plane whose rows and columns run along the masks'."""
        found = np.zeros((len(down_mm), len(across_mm)), dtype=np.bool_)
        k = int(self._plane_of(np.array([depth_mm]))[0])
        if k < 0:
            return found
        first = self.positions_mm[k]
        at_i = (across_mm - float(first @ self.row_cosines)) / self.spacing_ij_mm[0]
        at_j = (down_mm - float(first @ self.column_cosines)) / self.spacing_ij_mm[1]
        i = np.floor(at_i + 0.5 + _ROUNDING).astype(np.int64)
        j = np.floor(at_j + 0.5 + _ROUNDING).astype(np.int64)
        _, height, width = self.masks.shape
        rows, columns = (j >= 0) & (j < height), (i >= 0) & (i < width)
        found[np.ix_(rows, columns)] = self.masks[k][np.ix_(j[rows], i[columns])]
        return found

    def _plane_of(self, depth_mm: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the plane in whose slab each depth lies; -1 between and beyond planes."""
        places = self.positions_mm @ self.normal
        upper = np.clip(np.searchsorted(places, depth_mm), 0, len(places) - 1)
        lower = np.maximum(upper - 1, 0)
        is_lower = np.abs(depth_mm - places[lower]) < np.abs(depth_mm - places[upper])
        near = np.where(is_lower, lower, upper)
        reach = self.slab_mm / 2 + _REACH_MM
        return np.where(np.abs(depth_mm - places[near]) <= reach, near, -1)


_ALIGNED_MM = 1e-7
"""Lean of a pixel step under which a plane of 10,000 pixels stays within a thousandth of one."""

_ROUNDING = 1e-6
"""Positions carry rounding; a center on the edge of two pixels always goes to the same one."""

_REACH_MM = 1e-3
"""Added to half a plane's thickness, so that rounding leaves no crack between two planes."""


@dataclass(frozen=True, eq=False)
class ContourStack:
    """A region as closed contours on parallel planes. Immutable; any thread.

    Where contours of a plane lie inside each other, the inner one is a hole (even-odd rule).

    Attributes:
        normal: (3,) unit normal of the planes.
        places_mm: place of each plane along the normal, ascending.
        loops_mm: for each plane its contours, each (n, 3).
        slab_mm: thickness that each plane stands for: the usual distance of the planes.
    """

    normal: NDArray[np.float64]
    places_mm: tuple[float, ...]
    loops_mm: tuple[tuple[NDArray[np.float64], ...], ...]
    slab_mm: float

    def __post_init__(self) -> None:
        if len(self.places_mm) != len(self.loops_mm) or self.slab_mm <= 0:
            raise ValueError("a contour stack needs a place per plane and a thickness")

    @cached_property
    def volume_mm3(self) -> float:
        """Area inside the contours of each plane times the thickness of a plane."""
        return sum(self._area_mm2(loops) for loops in self.loops_mm) * self.slab_mm

    def loops_at(
        self, normal: NDArray[np.float64], place_mm: float
    ) -> tuple[NDArray[np.float64], ...] | None:
        """Return the contours of the plane in whose slab a slice lies; empty where there is none.

        None where the slice is not parallel to the contours.

        Args:
            normal: (3,) unit normal of the slice, in either sense.
            place_mm: its place along that normal.
        """
        cosine = float(normal @ self.normal)
        if abs(cosine) < _PARALLEL_COSINE:
            return None
        place = place_mm if cosine > 0 else -place_mm
        away = np.abs(np.array(self.places_mm) - place)
        nearest = int(away.argmin())
        if float(away[nearest]) > self.slab_mm / 2 + _REACH_MM:
            return ()
        return self.loops_mm[nearest]

    def _area_mm2(self, loops: Sequence[NDArray[np.float64]]) -> float:
        """Return the area inside loops: a loop within another one is taken from it."""
        right, down = self.axes
        flat = [np.stack([loop @ right, loop @ down], axis=-1) for loop in loops]
        total = 0.0
        for n, loop in enumerate(flat):
            others = [other for m, other in enumerate(flat) if m != n]
            depth = sum(_holds(other, loop[0]) for other in others)
            total += _polygon_area(loop) * (-1 if depth % 2 else 1)
        return total

    @property
    def axes(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Two unit directions inside the planes, the first as near to the patient's x as can be."""
        start = np.eye(3)[int(np.abs(self.normal).argmin())]
        if abs(float(self.normal[0])) < _PARALLEL_COSINE:
            start = np.eye(3)[0]
        right = start - float(start @ self.normal) * self.normal
        right /= np.linalg.norm(right)
        return right, np.cross(self.normal, right)


_PARALLEL_COSINE = 0.9998
"""Cosine of about 1 degree: slices that lean by less show the contours as they were drawn."""


@dataclass(frozen=True, slots=True, eq=False)
class OutlinedRegion:
    """One region with its place and looks. Immutable; any thread.

    Attributes:
        name: as its maker named it; may identify a person, never logged.
        number: Segment Number or ROI Number.
        form: what it was read from.
        meaning: what it is, by its code ("Liver"); empty where it is not said.
        color_rgb: recommended color, 0..255; a color of ours where none is recommended.
        frame_of_reference_uid: where its positions hold; empty where unknown.
        masks: the region on planes; of contours, made of them on a fine grid.
        contours: the contours as they were drawn; None for a segment.
        series_uids: series it was drawn on, as far as it says.
        remarks: what a reader should know of it, as sentences.
        paths_mm: points (1, 3) and open lines (n, 3) of a structure; they enclose nothing. Where
            it has nothing else, ``masks`` hold one small pixel in their middle.
    """

    name: str
    number: int
    form: RegionForm
    meaning: str
    color_rgb: tuple[int, int, int]
    frame_of_reference_uid: str
    masks: MaskStack
    contours: ContourStack | None = None
    series_uids: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    paths_mm: tuple[NDArray[np.float64], ...] = ()

    @property
    def encloses(self) -> bool:
        """Whether it has an inside: points and open lines alone have none."""
        return self.form is RegionForm.SEGMENT or self.contours is not None

    @property
    def volume_ml(self) -> float:
        """Volume: of contours by their areas, of masks by counting; times the plane thickness."""
        if not self.encloses:
            return 0.0
        body = self.masks if self.contours is None else self.contours
        return body.volume_mm3 / 1000

    def is_placed_in(self, frame_of_reference_uid: str) -> bool:
        """Whether its positions hold in a frame of reference."""
        return bool(frame_of_reference_uid) and (
            frame_of_reference_uid == self.frame_of_reference_uid
        )


def filled(loops_cr: Sequence[NDArray[np.float64]], shape_rc: tuple[int, int]) -> NDArray[np.bool_]:
    """Return the pixels whose center lies inside closed loops, by the even-odd rule.

    Args:
        loops_cr: corners of each loop as (column, row), shape (n, 2).
        shape_rc: rows and columns of the result.
    """
    rows, columns = shape_rc
    toggles = np.zeros((rows, columns + 1), dtype=np.int32)
    for loop in loops_cr:
        row, at = _crossings(loop, rows)
        column = np.clip(np.ceil(at), 0, columns).astype(np.int64)
        np.add.at(toggles, (row, column), 1)
    inside: NDArray[np.bool_] = np.cumsum(toggles, axis=1)[:, :columns] % 2 == 1
    return inside


def _crossings(
    loop: NDArray[np.float64], rows: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return (row, column) of each place where the edges of a loop cross the middle of a row."""
    start, end = loop, np.roll(loop, -1, axis=0)
    upper, lower = np.minimum(start[:, 1], end[:, 1]), np.maximum(start[:, 1], end[:, 1])
    middle = np.arange(rows)[:, None]
    # Half open: a corner on the middle of a row belongs to one of its two edges.
    row, edge = np.nonzero((upper[None, :] <= middle) & (middle < lower[None, :]))
    share = (row - start[edge, 1]) / (end[edge, 1] - start[edge, 1])
    return row, start[edge, 0] + share * (end[edge, 0] - start[edge, 0])


def _holds(loop: NDArray[np.float64], point: NDArray[np.float64]) -> bool:
    """Whether a point lies inside a loop, both flat."""
    start, end = loop, np.roll(loop, -1, axis=0)
    is_across = (start[:, 1] > point[1]) != (end[:, 1] > point[1])
    if not is_across.any():
        return False
    start, end = start[is_across], end[is_across]
    share = (point[1] - start[:, 1]) / (end[:, 1] - start[:, 1])
    at = start[:, 0] + share * (end[:, 0] - start[:, 0])
    return bool(np.count_nonzero(at > point[0]) % 2)


def _polygon_area(loop: NDArray[np.float64]) -> float:
    """Return the area of a flat polygon (shoelace formula)."""
    x, y = loop[:, 0] - loop[0, 0], loop[:, 1] - loop[0, 1]
    return abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2
