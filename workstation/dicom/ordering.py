"""Put slices in order along their normal, and say what is odd about their places.

Never by file name or Instance Number where there are positions. Source: PS3.3 C.7.6.2.1.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workstation.core.geometry import GeometryError, StackGeometry
from workstation.core.verdict import Doubt
from workstation.dicom.frames import Frame

SAME_PLACE_MM = 0.01
"""Slices nearer than this along the normal are at one place; positions carry 3 to 6 decimals."""

UNIT_LENGTH_TOLERANCE = 0.01
"""Largest deviation of a direction cosine's length from 1 that is taken as rounding."""

WHOLE_MULTIPLE_TOLERANCE = 0.1
"""A gap is n slices long if it is within a tenth of a slice of n times the usual gap."""

MOST_HOLES = 0.2
"""Largest share of gaps that can be holes; more than that is a way of scanning, not a loss."""


@dataclass(frozen=True, slots=True)
class Stack:
    """Slices in order.

    Attributes:
        frames: in order of k.
        geometry: where they are.
        sort_key: how the order was found, in words.
        missing: how many slices seem to be missing.
        doubts: what is odd about their places.
    """

    frames: tuple[Frame, ...]
    geometry: StackGeometry
    sort_key: str
    missing: int
    doubts: tuple[Doubt, ...]


def order(frames: Sequence[Frame]) -> Stack:
    """Return the slices in order with their geometry and every doubt about it.

    Args:
        frames: slices of one size, spacing and orientation, at least one.
    """
    axes = unit_axes(frames[0].imaging.orientation)
    positions = positions_of(frames)
    if axes is None or positions is None:
        return _unplaced(frames)
    normal = np.cross(axes[0], axes[1])
    numbers = np.array([frame.instance_number for frame in frames])
    sequence = np.lexsort((numbers, positions @ normal))
    ordered = tuple(frames[index] for index in sequence)
    spacing, has_millimetres, doubts = _in_plane(ordered[0])
    try:
        geometry = StackGeometry(
            shape_kji=(len(ordered), ordered[0].rows, ordered[0].columns),
            row_cosines=axes[0],
            column_cosines=axes[1],
            spacing_ij_mm=spacing,
            positions_mm=positions[sequence],
            frame_of_reference_uid=ordered[0].frame_of_reference_uid,
            has_millimetres=has_millimetres,
        )
    except GeometryError:
        return _unplaced(frames)
    holes = find_holes(geometry.gaps_mm)
    doubts += _doubts_of_places(ordered, geometry, holes)
    missing = sum(count for _, count in holes)
    return Stack(ordered, geometry, "position along the slice normal", missing, doubts)


def positions_of(frames: Sequence[Frame]) -> NDArray[np.float64] | None:
    """Return the positions, (n, 3) mm; None if one is absent."""
    positions = [frame.position for frame in frames]
    return None if None in positions else np.array(positions, dtype=np.float64)


def unit_axes(
    cosines: tuple[float, ...] | None,
) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Return row and column directions of length 1; None where they are no directions."""
    if cosines is None:
        return None
    row, column = np.array(cosines[:3]), np.array(cosines[3:])
    lengths = np.array([np.linalg.norm(row), np.linalg.norm(column)])
    if np.abs(lengths - 1).max() > UNIT_LENGTH_TOLERANCE:
        return None
    return row / lengths[0], column / lengths[1]


def find_holes(gaps_mm: NDArray[np.float64]) -> tuple[tuple[int, int], ...]:
    """Return (index of the gap, number of slices missing in it) for each hole.

    A hole is a gap of a whole number of slices in a stack that is otherwise even. Where many
    gaps differ, or by no whole number, the stack is uneven and nothing is said to be missing.
    """
    if gaps_mm.size < 2 or float(gaps_mm.min()) <= SAME_PLACE_MM:
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


def _unplaced(frames: Sequence[Frame]) -> Stack:
    """Return slices without usable positions, in order of their numbers."""
    ordered = tuple(sorted(frames, key=lambda frame: (frame.instance_number, frame.index)))
    spacing, has_millimetres, doubts = _in_plane(ordered[0])
    axes = unit_axes(ordered[0].imaging.orientation)
    row, column = axes or (np.array([1.0, 0, 0]), np.array([0, 1.0, 0]))
    if abs(float(row @ column)) > 1e-6:
        row, column = np.array([1.0, 0, 0]), np.array([0, 1.0, 0])
    geometry = StackGeometry(
        shape_kji=(len(ordered), ordered[0].rows, ordered[0].columns),
        row_cosines=row,
        column_cosines=column,
        spacing_ij_mm=spacing,
        positions_mm=np.zeros((len(ordered), 3)),
        frame_of_reference_uid="",
        has_millimetres=has_millimetres,
        is_placed=False,
    )
    doubt = Doubt(
        "no_position",
        "The headers do not say where these images lie in the patient, so there are no reformats, "
        "no linked views and no orientation letters.",
    )
    return Stack(ordered, geometry, "instance number", 0, (*doubts, doubt))


def _in_plane(frame: Frame) -> tuple[tuple[float, float], bool, tuple[Doubt, ...]]:
    """Return the spacing (between columns, between rows), whether it is millimetres, doubts."""
    spacing = frame.imaging.spacing_mm
    if spacing is not None:
        return (spacing[1], spacing[0]), True, ()
    at_detector = frame.imaging.detector_spacing_mm
    if at_detector is not None:
        text = "The pixel size is that of the detector, not of the patient: nothing is measured."
        ratio = at_detector[0] / at_detector[1]
    else:
        text = "The headers hold no pixel size in millimeters: nothing is measured."
        ratio = 1.0
    return (1.0, ratio), False, (Doubt("no_millimetres", text),)


def _doubts_of_places(
    frames: Sequence[Frame], geometry: StackGeometry, holes: Sequence[tuple[int, int]]
) -> tuple[Doubt, ...]:
    doubts = []
    tilt_deg = geometry.tilt_deg
    if tilt_deg:
        text = f"The gantry was tilted by {tilt_deg:+.1f}°: reformats need a resampled series."
        doubts.append(Doubt("gantry_tilt", text))
    if holes:
        doubts.append(Doubt("missing_slices", _holes_text(frames, holes)))
    elif not geometry.is_even:
        gaps = geometry.gaps_mm
        text = (
            f"The slices are unevenly spaced: {gaps.min():.2f} to {gaps.max():.2f} mm, "
            f"mostly {np.median(gaps):.2f} mm."
        )
        doubts.append(Doubt("uneven_spacing", text))
    return tuple(doubts)


def _holes_text(frames: Sequence[Frame], holes: Sequence[tuple[int, int]]) -> str:
    numbers = [frame.instance_number for frame in frames]
    is_numbered = min(numbers) > 0 and len(set(numbers)) == len(numbers)
    parts = []
    for index, count in holes:
        below, above = (
            (numbers[index], numbers[index + 1]) if is_numbered else (index + 1, index + 2)
        )
        below, above = min(below, above), max(below, above)
        parts.append(f"{count} between {below} and {above}")
    total = sum(count for _, count in holes)
    verb = "slice is" if total == 1 else "slices are"
    return f"{total} {verb} missing: {', '.join(parts)} (numbers of the scanner's images)."
