"""Put slices in order along their normal, and say what is odd about their places.

Never by file name or Instance Number where there are positions. Source: PS3.3 C.7.6.2.1.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from workstation.core.geometry import (
    SAME_PLACE_MM,
    WHOLE_MULTIPLE_TOLERANCE,
    Reformat,
    StackGeometry,
)
from workstation.core.verdict import Doubt, MissingSlices
from workstation.dicom.frames import Frame

UNIT_LENGTH_TOLERANCE = 0.01
"""Largest deviation of a direction cosine's length from 1 that is taken as rounding."""


RIGHT_ANGLE_TOLERANCE = 5e-3
"""Largest |dot product| of the two directions that is taken as rounding (to 2 or 3 decimals, 0.3
degrees); a picture with more has no right angles."""


@dataclass(frozen=True, slots=True)
class Stack:
    """Slices in order.

    Attributes:
        frames: in order of k.
        geometry: where they are.
        sort_key: how the order was found, in words.
        missing: which slices seem to be missing; the stack in them has no name.
        doubts: what is odd about their places.
    """

    frames: tuple[Frame, ...]
    geometry: StackGeometry
    sort_key: str
    missing: tuple[MissingSlices, ...]
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
    distances = positions @ np.cross(axes[0], axes[1])
    is_film = len(frames) > 1 and float(np.ptp(distances)) <= SAME_PLACE_MM
    if is_film:
        sequence = np.array(sorted(range(len(frames)), key=lambda index: _in_time(frames[index])))
    else:
        numbers = np.array([frame.instance_number for frame in frames])
        sequence = np.lexsort((numbers, distances))
    ordered = tuple(frames[index] for index in sequence)
    spacing, has_millimetres, doubts = _in_plane(ordered[0])
    geometry = StackGeometry(
        shape_kji=(len(ordered), ordered[0].rows, ordered[0].columns),
        row_cosines=axes[0],
        column_cosines=axes[1],
        spacing_ij_mm=spacing,
        positions_mm=positions[sequence],
        frame_of_reference_uid=ordered[0].frame_of_reference_uid,
        has_millimetres=has_millimetres,
    )
    missing = _missing(ordered, geometry)
    doubts += _doubts_of_places(geometry, missing, is_skipped=_runs_on(ordered))
    sort_key = "time, as all lie at one place" if is_film else "position along the slice normal"
    return Stack(ordered, geometry, sort_key, missing, doubts)


def order_turning(frames: Sequence[Frame]) -> Stack:
    """Return images that each look from a direction of their own, in the scanner's order."""
    stack = _unplaced(frames)
    text = (
        "Each image looks from a direction of its own, so there are no reformats, no linked views "
        "and no orientation letters."
    )
    kept = tuple(doubt for doubt in stack.doubts if doubt.code != "no_position")
    return replace(stack, doubts=(*kept, Doubt("turning", text)))


def positions_of(frames: Sequence[Frame]) -> NDArray[np.float64] | None:
    """Return the positions, (n, 3) mm; None if one is absent."""
    positions = [frame.position for frame in frames]
    return None if None in positions else np.array(positions, dtype=np.float64)


def _in_time(frame: Frame) -> tuple[float | str, ...]:
    """Return what orders images of one place: contrast, then time, then their numbers."""
    contrast, timing = frame.imaging.contrast, frame.timing
    return (
        contrast.b_value or 0.0,
        contrast.echo_time_ms or 0.0,
        contrast.inversion_time_ms or 0.0,
        _seconds(timing.temporal_position),
        _seconds(timing.trigger_time),
        timing.acquisition_time,
        timing.content_time,
        frame.instance_number,
        frame.instance_uid,
        frame.index,
    )


def _seconds(text: str) -> float:
    """Return a time as a number to sort by; 0 where it is none."""
    try:
        return float(text)
    except ValueError:
        return 0.0


def unit_axes(
    cosines: tuple[float, ...] | None,
) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Return row and column directions, of length 1 and perpendicular; None where they are none.

    What rounding took from the right angle is given back to the column direction.
    """
    if cosines is None:
        return None
    row, column = np.array(cosines[:3]), np.array(cosines[3:])
    lengths = np.array([np.linalg.norm(row), np.linalg.norm(column)])
    if np.abs(lengths - 1).max() > UNIT_LENGTH_TOLERANCE:
        return None
    row, column = row / lengths[0], column / lengths[1]
    if abs(float(row @ column)) > RIGHT_ANGLE_TOLERANCE:
        return None
    column = column - float(row @ column) * row
    return row, column / np.linalg.norm(column)


def _unplaced(frames: Sequence[Frame]) -> Stack:
    """Return slices without usable positions, in order of their numbers."""
    ordered = tuple(
        sorted(
            frames,
            key=lambda frame: (frame.instance_number, frame.instance_uid, frame.index),
        )
    )
    spacing, has_millimetres, doubts = _in_plane(ordered[0])
    axes = unit_axes(ordered[0].imaging.orientation)
    row, column = axes or (np.array([1.0, 0, 0]), np.array([0, 1.0, 0]))
    geometry = StackGeometry(
        shape_kji=(len(ordered), ordered[0].rows, ordered[0].columns),
        row_cosines=row,
        column_cosines=column,
        spacing_ij_mm=spacing,
        # One behind the other, so that a pointer finds the image it is on; they mean no place.
        positions_mm=np.arange(len(ordered))[:, None] * np.cross(row, column),
        frame_of_reference_uid="",
        has_millimetres=has_millimetres,
        is_placed=False,
    )
    doubt = Doubt(
        "no_position",
        "The headers do not say where these images lie in the patient, so there are no reformats, "
        "no linked views and no orientation letters.",
    )
    return Stack(ordered, geometry, "instance number", (), (*doubts, doubt))


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
        ratio = frame.imaging.pixel_ratio
    return (1.0, ratio), False, (Doubt("no_millimetres", text),)


def _doubts_of_places(
    geometry: StackGeometry, missing: Sequence[MissingSlices], *, is_skipped: bool
) -> tuple[Doubt, ...]:
    doubts = []
    tilt_deg, is_resampled = geometry.tilt_deg, geometry.reformat is Reformat.RESAMPLED
    if tilt_deg:
        how = " Other planes are sheared back and resampled." if is_resampled else ""
        text = f"The gantry was tilted by {tilt_deg:+.1f}°, by the places of the slices.{how}"
        doubts.append(Doubt("gantry_tilt", text))
    if missing:
        how = " Other planes are empty there." if is_resampled else ""
        text = f"{_missing_text(missing, is_skipped=is_skipped)}{how}"
        doubts.append(Doubt("missing_slices", text))
    elif not geometry.is_even:
        gaps = geometry.gaps_mm
        how = " Other planes are resampled to even steps." if is_resampled else ""
        text = (
            f"The slices are unevenly spaced: {gaps.min():.2f} to {gaps.max():.2f} mm, "
            f"mostly {np.median(gaps):.2f} mm.{how}"
        )
        doubts.append(Doubt("uneven_spacing", text))
    return tuple(doubts)


def _scanner_numbers(frames: Sequence[Frame]) -> tuple[int, ...] | None:
    """Return the number of each slice; None where numbers do not tell the slices apart."""
    numbers = tuple(frame.frame_number or frame.instance_number for frame in frames)
    is_numbered = min(numbers) > 0 and len(set(numbers)) == len(numbers)
    return numbers if is_numbered else None


def _steps(frames: Sequence[Frame]) -> NDArray[np.float64] | None:
    """Return by how many slices the numbers go on from slice to slice; None where they jump."""
    steps = np.diff(_scanner_numbers(frames) or ()).astype(np.float64)
    if steps.size == 0 or float(steps.min()) * float(steps.max()) <= 0:
        return None
    return np.abs(steps) / float(np.abs(steps).min())


def _runs_on(frames: Sequence[Frame]) -> bool:
    """Whether the scanner numbered on across the holes, as if nothing had been there."""
    steps = _steps(frames)
    return steps is not None and bool((steps == 1).all())


def _missing(frames: Sequence[Frame], geometry: StackGeometry) -> tuple[MissingSlices, ...]:
    distances = geometry.distances_mm
    numbers = _scanner_numbers(frames) or tuple(range(1, len(frames) + 1))
    return tuple(
        MissingSlices(
            stack="",
            count=count,
            lower=min(numbers[index], numbers[index + 1]),
            upper=max(numbers[index], numbers[index + 1]),
            from_mm=float(distances[index]),
            to_mm=float(distances[index + 1]),
        )
        for index, count in geometry.holes or _numbered_holes(frames, geometry)
    )


def _numbered_holes(
    frames: Sequence[Frame], geometry: StackGeometry
) -> tuple[tuple[int, int], ...]:
    """Return the holes of a stack that lost many slices, where numbers and places agree on them.

    The places alone would call it uneven: there, most gaps may be wide.
    """
    steps, gaps = _steps(frames), geometry.gaps_mm
    if geometry.is_even or steps is None or steps.size < 2:
        return ()
    per_slice = gaps / steps
    usual = float(np.median(per_slice))
    if np.abs(gaps / usual - steps).max() > WHOLE_MULTIPLE_TOLERANCE:
        return ()
    return tuple((int(k), round(float(steps[k])) - 1) for k in np.flatnonzero(steps > 1))


def _missing_text(missing: Sequence[MissingSlices], *, is_skipped: bool) -> str:
    total = sum(one.count for one in missing)
    verb = "slice is" if total == 1 else "slices are"
    parts = [
        f"{'' if len(missing) == 1 else f'{one.count} '}between {one.lower} and {one.upper} "
        f"(at {one.from_mm:.1f} to {one.to_mm:.1f} mm)"
        for one in missing[:_NAMED_HOLES]
    ]
    more = "" if len(missing) <= _NAMED_HOLES else f" and at {len(missing) - _NAMED_HOLES} more"
    colon = "" if len(missing) == 1 else ":"
    run_on = " Their numbers run on, so they may never have been made." if is_skipped else ""
    return f"{total} {verb} missing{colon} {', '.join(parts)}{more}.{run_on}"


_NAMED_HOLES = 8
"""How many holes a sentence names before it counts the rest."""
