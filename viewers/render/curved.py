"""The picture straightened along a line, and the section across it; trilinear on acquired voxels.

Rows of the straightened picture lie at even steps along the line, columns straight across it.
Distances are right along the line and straight across it only; nothing else is to be measured.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewers.render.bands import in_bands
from viewers.render.centerline import Centerline, centerline
from viewers.render.oblique import Lattice, always, lattice_of, sample_at
from viewers.render.projection import project
from viewers.render.regularize import fill_value
from viewers.state.curve import Curve, CurvedLook
from viewers.state.slab import Slab
from workstation.core.errors import CancelledError, WorkstationError
from workstation.core.volume import Volume

MOST_ROWS = 1200
"""Rows of the straightened picture at most: more than a screen shows of it."""

BLOCK_POINTS = 1 << 15
"""Positions sampled at a time: the work stays in the second-level cache."""


class CurvedError(WorkstationError):
    """No picture can be straightened along a line in this series."""

    exit_code = 3


@dataclass(frozen=True, slots=True, eq=False)
class CurvedPicture:
    """A straightened picture. Immutable.

    Attributes:
        pixels: (rows, columns) float32 in the unit of the volume; row 0 is the first point.
        row_mm: distance between rows, along the line.
        column_mm: distance between columns, straight across.
        line: what it was straightened along; its points are those of the rows.
        look: how it was looked at.
    """

    pixels: NDArray[np.float32]
    row_mm: float
    column_mm: float
    line: Centerline
    look: CurvedLook

    def patient_at(self, row: float, column: float) -> NDArray[np.float64]:
        """Return the patient position (3,) of a pixel."""
        at = int(np.clip(np.rint(row), 0, len(self.line.points_mm) - 1))
        right, _ = self.line.across(self.look.rotation_deg)
        away = (column - (self.pixels.shape[1] - 1) / 2) * self.column_mm
        position: NDArray[np.float64] = self.line.points_mm[at] + away * right[at]
        return position


@dataclass(frozen=True, slots=True, eq=False)
class CrossSection:
    """A square section straight across the line.

    Attributes:
        pixels: (n, n) float32; the line passes through the middle.
        pixel_mm: distance between pixels.
        at_mm: where it is along the line.
    """

    pixels: NDArray[np.float32]
    pixel_mm: float
    at_mm: float


class CurveCutter:
    """Cuts one volume along lines. Immutable but for its cache of lines; any thread.

    Args:
        volume: what is cut, loaded.

    Raises:
        CurvedError: the series has no other planes, or is in color.
    """

    def __init__(self, volume: Volume) -> None:
        why = volume.geometry.why_not_reformattable
        if volume.is_colour:
            why = "colors are not interpolated"
        if volume.filled is not None:
            why = "parts of it were proposed by a model and not scanned"
        if why:
            raise CurvedError("Nothing can be straightened in this series", why=why)
        self.volume = volume
        self._lattice: Lattice = lattice_of(volume.geometry)
        gaps = volume.geometry.gaps_mm
        self.pixel_mm = float(min(*volume.geometry.spacing_ij_mm, max(float(gaps.min()), 0.1)))

    def line(self, curve: Curve) -> Centerline:
        """Return the smooth line through the points of a curve, at a step per row."""
        points = np.array(curve.points_mm)
        chords = float(np.linalg.norm(np.diff(points, axis=0), axis=1).sum())
        return centerline(points, max(self.pixel_mm, chords / (MOST_ROWS - 1)))

    def straightened(
        self, line: Centerline, look: CurvedLook, is_wanted: Callable[[], bool] = always
    ) -> CurvedPicture:
        """Return the picture along a line.

        Raises:
            CancelledError: it is not wanted any more.
        """
        right, away = line.across(look.rotation_deg)
        columns = 2 * int(look.width_mm / 2 / self.pixel_mm) + 1
        across = (np.arange(columns) - columns // 2) * self.pixel_mm
        depths = self._depths(look.slab)
        rows = max(BLOCK_POINTS // columns, 1)
        out = np.empty((len(line.points_mm), columns), dtype=np.float32)

        def band(part: slice) -> None:
            sheet = line.points_mm[part, None] + across[:, None] * right[part, None]
            behind = away[part, None]
            out[part] = self._projected(sheet, behind, depths, look.slab, is_wanted)

        in_bands(len(out), rows, band)
        return CurvedPicture(out, line.step_mm, self.pixel_mm, line, look)

    def cross_section(self, line: Centerline, look: CurvedLook) -> CrossSection:
        """Return the section across a line at the place of the look, as wide as its picture.

        Its columns run as those of the straightened picture, its rows away from the reader; a
        slab is projected along the line.
        """
        right, away = line.across(look.rotation_deg)
        at = line.index_at(look.at_mm)
        count = 2 * int(look.width_mm / 2 / self.pixel_mm) + 1
        steps = (np.arange(count) - count // 2) * self.pixel_mm
        sheet = line.points_mm[at] + steps[:, None] * right[at] + steps[:, None, None] * away[at]
        along = np.broadcast_to(line.tangents[at], (1, 1, 3))
        pixels = self._projected(sheet, along, self._depths(look.slab), look.slab, always)
        return CrossSection(pixels, self.pixel_mm, at * line.step_mm)

    def _depths(self, slab: Slab | None) -> NDArray[np.float64]:
        """Return how far from the sheet the sheets of a slab lie, mm."""
        if slab is None:
            return np.zeros(1)
        count = int(slab.thickness_mm / 2 / self.pixel_mm + 1e-6)
        depths: NDArray[np.float64] = np.arange(-float(count), count + 1) * self.pixel_mm
        return depths

    def _projected(
        self,
        sheet: NDArray[np.float64],
        behind: NDArray[np.float64],
        depths: NDArray[np.float64],
        slab: Slab | None,
        is_wanted: Callable[[], bool],
    ) -> NDArray[np.float32]:
        fill, padding = fill_value(self.volume), self.volume.intensity.outside

        def sections() -> Iterator[NDArray[np.float32]]:
            for depth in depths:
                if not is_wanted():
                    raise CancelledError("The picture is not wanted any more")
                positions = (sheet + depth * behind).reshape(-1, 3)
                empty = fill if slab is None else np.nan
                values = sample_at(
                    self.volume.voxels, self._lattice, positions, fill=empty, padding=padding
                )
                yield values.reshape(sheet.shape[:2])

        if slab is None:
            return next(sections())
        projected: NDArray[np.float32] = project(sections(), slab.projection, fill=fill)
        return projected
