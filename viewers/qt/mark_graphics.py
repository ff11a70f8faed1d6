"""The reader's marks as figures and texts of a presentation state, with their values as text.

Marks drawn on reformatted planes have no place on stored images: they are named, not drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewers.qt.mark_texts import MINUS, mark_lines
from viewers.render.overlays import measurement_points
from viewers.render.planes import PlaneStack, acquired_stack
from viewers.render.stored_look import slice_name
from viewers.tools.shapes import strokes
from workstation.core.measurement import Measurement, MeasurementKind
from workstation.core.presentation import (
    Annotation,
    Graphic,
    GraphicLayer,
    GraphicShape,
    GraphicText,
    ImageReference,
    Point,
    Space,
)
from workstation.core.volume import Volume

LAYER = GraphicLayer("MEASUREMENTS", 1, (143, 211, 224), "Marks of the reader")
"""The layer of all marks; not in the color of marks, which are live and can be changed."""

HEAD_SHARE = 0.12
"""Length of an arrow's head as a share of the arrow: it has no size of its own in the standard."""

LETTER_PX = (5.0, 10.0)
"""Width and height of a letter in image pixels by which the box of a text is made: readable where
a 512 x 512 slice fills a screen."""

GAP_PX = 4.0
"""Image pixels between a mark and its text."""


@dataclass(frozen=True, slots=True)
class DrawnMarks:
    """Marks as annotations.

    Attributes:
        annotations: one per mark and slice.
        left_out: marks that have no place on the stored slices.
    """

    annotations: tuple[Annotation, ...]
    left_out: tuple[Measurement, ...]


def drawn_marks(measurements: tuple[Measurement, ...], volume: Volume) -> DrawnMarks:
    """Return the marks of one series as annotations on its slices.

    Args:
        measurements: marks of the study; those of other series are not meant.
        volume: the stored volume of the series.
    """
    stack = acquired_stack(volume.geometry)
    places = {slice_name(volume, k): k for k in range(stack.count)}
    found, left_out = [], []
    for one in measurements:
        if one.series_uid != volume.series.series_uid:
            continue
        if one.is_reformatted and one.kind is not MeasurementKind.SPHERE:
            left_out.append(one)
            continue
        slices = _slices(one, places, stack)
        drawn = [_annotation(one, volume, stack, k) for k in slices]
        found += [each for each in drawn if each is not None]
    return DrawnMarks(tuple(found), tuple(left_out))


def _slices(
    measurement: Measurement, places: dict[tuple[str, int], int], stack: PlaneStack
) -> range | tuple[int, ...]:
    if measurement.kind is MeasurementKind.SPHERE:
        return range(stack.count)
    here = places.get((measurement.instance_uid, measurement.frame_number))
    return () if here is None else (here,)


def _annotation(
    measurement: Measurement, volume: Volume, stack: PlaneStack, k: int
) -> Annotation | None:
    points = measurement_points(measurement, volume, volume, stack, k)
    if points is None:
        return None
    uid, frame = slice_name(volume, k)
    reference = ImageReference(uid, (frame,) if frame else ())
    # A hyphen is a minus in every character set; our sign needs Unicode.
    lines = tuple(line.replace(MINUS, "-") for line in mark_lines(measurement))
    texts = (_text(lines, points, stack),) if lines else ()
    return Annotation(LAYER.name, (reference,), _graphics(measurement.kind, points), texts)


def _graphics(kind: MeasurementKind, points: NDArray[np.float64]) -> tuple[Graphic, ...]:
    match kind:
        case MeasurementKind.PROBE | MeasurementKind.TEXT:
            return (Graphic(GraphicShape.POINT, Space.PIXEL, _pairs(points[:1])),)
        case MeasurementKind.SPHERE:
            return (Graphic(GraphicShape.CIRCLE, Space.PIXEL, _pairs(points)),)
        case MeasurementKind.ELLIPSE:
            return (Graphic(GraphicShape.ELLIPSE, Space.PIXEL, _pairs(_axes(points))),)
        case MeasurementKind.ARROW:
            return _lines((points, _head(points)))
        case _:
            return _lines(strokes(kind, points))


def _lines(lines: tuple[NDArray[np.float64], ...]) -> tuple[Graphic, ...]:
    return tuple(Graphic(GraphicShape.POLYLINE, Space.PIXEL, _pairs(line)) for line in lines)


def _axes(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the ends of the axes of the ellipse inside four corners, the longer axis first."""
    middles = (corners + np.roll(corners, -1, axis=0)) / 2
    down, across = middles[[0, 2]], middles[[1, 3]]
    lengths = [float(np.linalg.norm(pair[1] - pair[0])) for pair in (across, down)]
    return np.vstack([across, down] if lengths[0] >= lengths[1] else [down, across])


def _head(points: NDArray[np.float64]) -> NDArray[np.float64]:
    along = (points[1] - points[0]) * HEAD_SHARE
    across = np.array([-along[1], along[0]]) * 0.5
    return np.vstack([points[1] - along + across, points[1], points[1] - along - across])


def _text(lines: tuple[str, ...], points: NDArray[np.float64], stack: PlaneStack) -> GraphicText:
    """Return the text beside a mark: right of it, or left where the image ends."""
    low, high = points.min(axis=0), points.max(axis=0)
    width, height = LETTER_PX[0] * max(map(len, lines)), LETTER_PX[1] * len(lines)
    rows, columns = stack.shape_rc
    left = high[0] + GAP_PX
    if left + width > columns:
        left = max(float(low[0]) - GAP_PX - width, 0.0)
    top = min(max(float(low[1]), 0.0), max(rows - height, 0.0))
    box = ((float(left), top), (float(left) + width, top + height))
    anchor = (float(points[0][0]), float(points[0][1]))
    return GraphicText(lines, box, Space.PIXEL, anchor, Space.PIXEL)


def _pairs(points: NDArray[np.float64]) -> tuple[Point, ...]:
    return tuple((float(x), float(y)) for x, y in points.tolist())
