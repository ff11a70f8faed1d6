"""Where voxels are in the patient.

A volume is indexed ``[k, j, i]``: slice, row, column. ``k`` is the slowest axis
in memory. Positions are millimetres in the DICOM patient coordinate system, LPS:
x grows to the patient's left, y to posterior, z to head.

Source: DICOM PS3.3 C.7.6.2.1.1, Image Position and Image Orientation (Patient).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from workstation.core.errors import WorkstationError

ORTHOGONALITY_TOLERANCE = 1e-4
"""Largest |dot product| of two direction cosines still taken as perpendicular.

Scanners write cosines with 6 decimals; 1e-4 passes their rounding, not a gantry tilt.
"""

EVEN_SPACING_TOLERANCE_MM = 0.08
"""Largest distance of a slice from its place in even steps that is taken as rounding.

GE writes positions rounded to 0.1 mm, so a slice is up to 0.05 mm off along each axis
(s06: gaps of 6.958 to 7.071 mm belong to one regular series).
"""

TILT_TOLERANCE_DEG = 0.2
"""Smallest angle between the stacking direction and the slice normal reported as a tilt.

Rounded positions of a thin stack lean by less than 0.1 degrees; real gantry tilts start at 0.5.
"""


SAME_PLACE_MM = 0.01
"""Slices nearer than this along the normal are at one place; positions carry 3 to 6 decimals."""

FEWEST_TO_REFORMAT = 3
"""Fewest slices from which other planes are made; two give no picture worth the name."""

WHOLE_MULTIPLE_TOLERANCE = 0.1
"""A gap is n slices long if it is within a tenth of a slice of n times the usual gap."""

MOST_HOLES = 0.2
"""Largest share of gaps that can be holes; more than that is a way of scanning, not a loss."""

WIDEST_BRIDGE_OF_MEDIAN = 3.0
"""A gap this many times the median is no uneven spacing: nothing is interpolated across it."""


class Reformat(Enum):
    """Whether other planes can be made from a stack, and how."""

    DIRECT = "direct"
    RESAMPLED = "resampled"
    NONE = "none"


MOST_PLANE_PX = 1 << 26
"""Most pixels of a plane across a stack: 1.6 m in both directions at a fifth of a millimetre.

A pixel size of a nanometre, or a slice a kilometre away, is a damaged header, not a scan.
"""


class GeometryError(WorkstationError):
    """The positions given do not describe a regular, right-angled grid."""

    exit_code = 3


@dataclass(frozen=True, slots=True, eq=False)
class VolumeGeometry:
    """A regular grid of voxels placed in the patient.

    Attributes:
        shape_kji: number of slices, rows, columns.
        index_to_patient_mm: (4, 4) float64; maps ``(i, j, k, 1)`` at a voxel centre
            to ``(x, y, z, 1)``.
        frame_of_reference_uid: two geometries share positions only if these match.
    """

    shape_kji: tuple[int, int, int]
    index_to_patient_mm: NDArray[np.float64]
    frame_of_reference_uid: str

    def __post_init__(self) -> None:
        cosines = self.index_to_patient_mm[:3, :3] / self.spacing_ijk_mm
        off_diagonal = cosines.T @ cosines - np.eye(3)
        if np.abs(off_diagonal).max() > ORTHOGONALITY_TOLERANCE:
            raise GeometryError("The voxel axes are not perpendicular (gantry tilt?)")
        self.index_to_patient_mm.setflags(write=False)

    @property
    def spacing_ijk_mm(self) -> NDArray[np.float64]:
        """Distance between voxel centres along i, j, k; shape (3,)."""
        spacing: NDArray[np.float64] = np.linalg.norm(self.index_to_patient_mm[:3, :3], axis=0)
        return spacing

    @property
    def voxel_mm3(self) -> float:
        """Volume of one voxel in cubic millimetres."""
        return float(np.prod(self.spacing_ijk_mm))

    def to_patient_mm(self, ijk: NDArray[np.float64]) -> NDArray[np.float64]:
        """Map continuous indices, shape (..., 3), to patient positions, same shape."""
        matrix = self.index_to_patient_mm
        xyz_mm: NDArray[np.float64] = ijk @ matrix[:3, :3].T + matrix[:3, 3]
        return xyz_mm

    def to_index(self, xyz_mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Map patient positions, shape (..., 3), to continuous indices, same shape."""
        inverse = np.linalg.inv(self.index_to_patient_mm)
        ijk: NDArray[np.float64] = xyz_mm @ inverse[:3, :3].T + inverse[:3, 3]
        return ijk


@dataclass(frozen=True, eq=False)
class StackGeometry:
    """Parallel slices as they were acquired, each with its own position.

    What every frame and every move of the hand asks for is worked out once and kept.

    A tilted or unevenly spaced series is a StackGeometry that has no grid; a regular one
    also has :meth:`grid`. Slices are in order along ``normal`` (k grows with it).

    Attributes:
        shape_kji: number of slices, rows, columns.
        row_cosines: (3,) direction in which the column index i grows (first three values
            of Image Orientation (Patient)).
        column_cosines: (3,) direction in which the row index j grows (last three values).
        spacing_ij_mm: distance between columns (i), distance between rows (j). Note that
            Pixel Spacing (0028,0030) holds them the other way round: rows first.
        positions_mm: (k, 3) centre of the voxel j=0, i=0 of each slice.
        frame_of_reference_uid: two geometries share positions only if these match.
        has_millimetres: False where the headers hold no trustworthy spacing; then no length,
            area or volume may be computed (the spacing is 1 per pixel).
        is_placed: False where the headers hold no position or orientation; then positions and
            cosines mean nothing: no orientation letters, no linking, no reformats.
    """

    shape_kji: tuple[int, int, int]
    row_cosines: NDArray[np.float64]
    column_cosines: NDArray[np.float64]
    spacing_ij_mm: tuple[float, float]
    positions_mm: NDArray[np.float64]
    frame_of_reference_uid: str
    has_millimetres: bool = True
    is_placed: bool = True

    def __post_init__(self) -> None:
        if self.positions_mm.shape != (self.shape_kji[0], 3):
            raise ValueError("positions_mm must have one row per slice")
        if abs(float(self.row_cosines @ self.column_cosines)) > ORTHOGONALITY_TOLERANCE:
            raise GeometryError("Rows and columns of the slices are not perpendicular")
        for array in (self.row_cosines, self.column_cosines, self.positions_mm):
            array.setflags(write=False)

    @cached_property
    def normal(self) -> NDArray[np.float64]:
        """Unit normal of the slices: row cosines x column cosines; shape (3,)."""
        normal = np.cross(self.row_cosines, self.column_cosines)
        unit: NDArray[np.float64] = normal / np.linalg.norm(normal)
        unit.setflags(write=False)
        return unit

    @cached_property
    def distances_mm(self) -> NDArray[np.float64]:
        """Place of each slice along the normal; shape (k,)."""
        distances: NDArray[np.float64] = self.positions_mm @ self.normal
        distances.setflags(write=False)
        return distances

    @cached_property
    def gaps_mm(self) -> NDArray[np.float64]:
        """Distance along the normal from each slice to the next; shape (k - 1,)."""
        gaps: NDArray[np.float64] = np.diff(self.distances_mm)
        gaps.setflags(write=False)
        return gaps

    @property
    def is_at_one_place(self) -> bool:
        """Whether all slices lie at one depth: a single slice, or a film of one."""
        return float(np.ptp(self.distances_mm)) <= SAME_PLACE_MM

    @property
    def tilt_deg(self) -> float:
        """Signed angle between the stacking direction and the normal; 0 below tolerance.

        The sign is that of the lean along the column direction: positive where the stack
        drifts against the direction in which j grows (as dcm2niix and GEOMETRY.csv count it).
        """
        if self.is_at_one_place:
            return 0.0
        stacking = self.positions_mm[-1] - self.positions_mm[0]
        along = float(stacking @ self.normal)
        across = stacking - along * self.normal
        angle = float(np.degrees(np.arctan2(np.linalg.norm(across), abs(along))))
        if angle < TILT_TOLERANCE_DEG:
            return 0.0
        return angle if float(across @ self.column_cosines) <= 0 else -angle

    @property
    def is_even(self) -> bool:
        """Whether each slice is where even steps from first to last would put it.

        Within EVEN_SPACING_TOLERANCE_MM; rounded positions do not add up over the slices.
        """
        return are_even(self.distances_mm)

    @cached_property
    def is_regular(self) -> bool:
        """Whether the stack is a right-angled, evenly spaced grid (so it can be reformatted)."""
        gaps = self.gaps_mm
        is_ascending = gaps.size == 0 or float(gaps.min()) > 0
        can_stack = self.is_placed and self.has_millimetres and is_ascending
        return can_stack and self.is_even and self.tilt_deg == 0.0

    @property
    def reformat(self) -> Reformat:
        """Whether other planes can be made: as it is, after resampling, or not at all."""
        if self.why_not_reformattable:
            return Reformat.NONE
        return Reformat.DIRECT if self.is_regular and not self.holes else Reformat.RESAMPLED

    @cached_property
    def why_not_reformattable(self) -> str:
        """Why other planes cannot be made, as a clause for people; empty where they can."""
        count = self.shape_kji[0]
        rules = (
            (not self.is_placed, "the headers do not say where the slices are"),
            (not self.has_millimetres, "the headers hold no trustworthy spacing"),
            (count == 1, "there is only one slice"),
            (self.is_at_one_place, "all its images lie at one place"),
            (count < FEWEST_TO_REFORMAT, "there are only two slices"),
            (bool((self.gaps_mm <= 0).any()), "two slices have the same position"),
        )
        why = next((why for is_so, why in rules if is_so), "")
        if not why and self._has_absurd_size:
            return "its pixel size and its positions do not fit each other"
        return why

    @property
    def _has_absurd_size(self) -> bool:
        """Whether a plane across the stack would have more pixels than any scan can fill."""
        spacing_mm = np.array(self.spacing_ij_mm)
        # Uneven slices are resampled to steps that are never finer than a pixel.
        step_mm = float(np.median(self.gaps_mm)) if self.is_even else np.inf
        finest_mm = min(float(spacing_mm.min()), step_mm)
        offset = self.positions_mm - self.positions_mm[0]
        axes = np.stack([self.row_cosines, self.column_cosines, self.normal], axis=1)
        sides_mm = np.ptp(offset @ axes, axis=0)
        sides_mm[:2] += spacing_mm * (self.shape_kji[2], self.shape_kji[1])
        sides_px = np.sort(sides_mm) / finest_mm
        return bool(sides_px[1] * sides_px[2] > MOST_PLANE_PX)

    @cached_property
    def holes(self) -> tuple[tuple[int, int], ...]:
        """(index of the gap, number of slices missing in it) for each hole.

        A hole is a gap of a whole number of slices in a stack that is otherwise even. Where many
        gaps differ, or by no whole number, the stack is uneven and nothing is said to be missing.
        """
        gaps_mm = self.gaps_mm
        if gaps_mm.size < 2 or float(gaps_mm.min()) <= 0:
            return ()
        usual = float(np.sort(gaps_mm)[(gaps_mm.size - 1) // 2])
        multiples = gaps_mm / usual
        whole = np.rint(multiples)
        if np.abs(multiples - whole).max() > WHOLE_MULTIPLE_TOLERANCE or float(whole.min()) < 1:
            return ()
        holes = np.flatnonzero(whole > 1)
        if holes.size > max(1, MOST_HOLES * gaps_mm.size):
            return ()
        return tuple((int(index), int(whole[index]) - 1) for index in holes)

    @property
    def is_bridged(self) -> NDArray[np.bool_]:
        """Whether anatomy may be interpolated across each gap; shape (k - 1,).

        Not where slices are missing, nor across a gap far wider than the others.
        """
        gaps_mm = self.gaps_mm
        usual = float(np.median(gaps_mm)) if gaps_mm.size else 0.0
        bridged: NDArray[np.bool_] = gaps_mm <= WIDEST_BRIDGE_OF_MEDIAN * usual
        bridged[[index for index, _ in self.holes]] = False
        return bridged

    def grid(self, *, single_slice_mm: float = 1.0) -> VolumeGeometry:
        """Return the regular grid of this stack.

        Args:
            single_slice_mm: spacing along k used where there is only one slice.

        Raises:
            GeometryError: the stack is tilted, uneven, or has no millimetres.
        """
        if not self.is_regular:
            raise GeometryError(
                "These slices are not a regular grid",
                why="they are tilted, unevenly spaced, or carry no millimeters",
                todo="read them as 2D slices or resample the series",
            )
        count = self.shape_kji[0]
        step = float(self.distances_mm[-1] - self.distances_mm[0]) / (count - 1) if count > 1 else 0
        matrix = np.eye(4)
        matrix[:3, 0] = self.row_cosines * self.spacing_ij_mm[0]
        matrix[:3, 1] = self.column_cosines * self.spacing_ij_mm[1]
        matrix[:3, 2] = self.normal * (step or single_slice_mm)
        matrix[:3, 3] = self.positions_mm[0]
        return VolumeGeometry(self.shape_kji, matrix, self.frame_of_reference_uid)

    def to_patient_mm(self, k: int, ij: NDArray[np.float64]) -> NDArray[np.float64]:
        """Map in-slice indices (..., 2) = (i, j) of slice k to patient positions (..., 3)."""
        i_mm = ij[..., :1] * self.spacing_ij_mm[0]
        j_mm = ij[..., 1:] * self.spacing_ij_mm[1]
        origin = self.positions_mm[k]
        xyz_mm: NDArray[np.float64] = origin + i_mm * self.row_cosines + j_mm * self.column_cosines
        return xyz_mm

    def nearest_slice_index(self, xyz_mm: NDArray[np.float64], *, at: int | None = None) -> int:
        """Return k of the slice whose plane is nearest to a patient position (3,).

        Args:
            xyz_mm: the position.
            at: the slice on show; it is meant if no other is nearer (all phases of a film lie
                at one place).
        """
        return nearest(np.abs(self.distances_mm - float(xyz_mm @ self.normal)), at)

    def in_slice_ij(self, k: int, xyz_mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return continuous (i, j) of a patient position (3,) projected onto slice k."""
        offset = xyz_mm - self.positions_mm[k]
        return np.array(
            [
                float(offset @ self.row_cosines) / self.spacing_ij_mm[0],
                float(offset @ self.column_cosines) / self.spacing_ij_mm[1],
            ]
        )

    def slab_mm(self) -> NDArray[np.float64]:
        """Thickness along the normal that each slice stands for; shape (k,).

        Half the gap to each neighbour; the first and last slice take their one gap whole.
        It makes sums over unevenly spaced slices right; it is not Slice Thickness.
        """
        gaps = np.abs(self.gaps_mm)
        if gaps.size == 0:
            return np.ones(self.shape_kji[0])
        before, after = np.concatenate([gaps[:1], gaps]), np.concatenate([gaps, gaps[-1:]])
        slabs: NDArray[np.float64] = (before + after) / 2
        return slabs


def are_even(distances_mm: NDArray[np.float64]) -> bool:
    """Return whether places along a normal, one at least, lie at even steps; see ``is_even``."""
    even = np.linspace(distances_mm[0], distances_mm[-1], distances_mm.size)
    return bool(np.abs(distances_mm - even).max() <= EVEN_SPACING_TOLERANCE_MM)


def nearest(away_mm: NDArray[np.float64], at: int | None) -> int:
    """Return the index of the smallest distance; ``at`` if none is smaller than its own."""
    index = int(away_mm.argmin())
    if at is not None and float(away_mm[at] - away_mm[index]) <= SAME_PLACE_MM:
        return at
    return index


def orientation_letters(direction: NDArray[np.float64]) -> str:
    """Return the letters of a patient direction, dominant first, at most three ("L", "PH").

    A letter is given for each axis that holds more than a fifth of the dominant one.
    L/R, P/A, H/F (head, foot), for human readers.

    Source: DICOM PS3.3 C.7.6.1.1.1, Patient Orientation.
    """
    pairs = (("L", "R"), ("P", "A"), ("H", "F"))
    size = np.abs(direction)
    order = np.argsort(-size, kind="stable")
    limit = float(size.max()) / 5
    return "".join(
        pairs[axis][0 if direction[axis] > 0 else 1] for axis in order if size[axis] > limit
    )


def plane_name(normal: NDArray[np.float64]) -> str:
    """Return ``axial``, ``coronal``, ``sagittal`` or ``oblique`` for a unit slice normal.

    A plane within 35 degrees of an anatomical one carries its name: neuro-axial and
    neuro-coronal slices are tilted by up to 30 degrees on purpose.
    """
    names = ("sagittal", "coronal", "axial")
    size = np.abs(normal)
    axis = int(size.argmax())
    return names[axis] if float(size[axis]) >= float(np.cos(np.deg2rad(35))) else "oblique"
