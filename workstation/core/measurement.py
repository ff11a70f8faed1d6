"""What a reader measured or marked by hand, on original pixels, with units."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

PointMm: TypeAlias = tuple[float, float, float]
"""One LPS position in millimetres."""


class MeasurementKind(Enum):
    """Kinds of hand measurement and mark."""

    LENGTH = "length"
    PROBE = "probe"
    BIDIRECTIONAL = "bidirectional"
    ANGLE = "angle"
    COBB = "cobb"
    ARROW = "arrow"
    TEXT = "text"
    ELLIPSE = "ellipse"
    RECTANGLE = "rectangle"
    FREEHAND = "freehand"
    POLYGON = "polygon"
    SPHERE = "sphere"


POINTING = frozenset({MeasurementKind.ARROW, MeasurementKind.TEXT})
"""Kinds that point and say, and hold no value."""


@dataclass(frozen=True, slots=True)
class RegionStatistics:
    """Statistics of the stored voxels of a region.

    A voxel belongs to the region if its center lies inside of it. Voxels that mark the outside
    of the scanned field are counted apart and are in no other figure.

    Attributes:
        mean, sd, low, high: in the unit of the measurement; the standard deviation of a sample
            (n - 1), 0 for one voxel.
        voxels: how many voxels the figures rest on.
        padding_voxels: how many lay inside but outside the scanned field.
        size: area of the outline, or volume of the sphere, in ``size_unit``.
        size_unit: ``mm²``, ``px²`` (where there are no millimetres) or ``mm³``.
        histogram: voxels per bin; the bins divide low to high evenly.
    """

    mean: float
    sd: float
    low: float
    high: float
    voxels: int
    padding_voxels: int
    size: float
    size_unit: str
    histogram: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Measurement:
    """One hand measurement or mark on an original slice.

    Attributes:
        measurement_id: unique within the study.
        kind: what was measured.
        series_uid: series it was made on.
        instance_uid: slice it was made on.
        points_mm: LPS points: two for a length (or an arrow, from its tail to its head), one for
            a probe and for a text; three for an angle, the corner second; four for Cobb (two
            lines) and for bidirectional (long axis, short axis); the four corners in turn for a
            rectangle and for the one around an ellipse; the corners of a polygon; the center and
            a point of the surface for a sphere.
        value: in ``unit``: a length in mm or px, degrees, a probe or the mean of a region in the
            unit of the volume; 0 for what only points and says.
        unit: ``mm``, ``px`` (where there are no millimetres), ``°``, ``HU`` ...
        short_value: the short axis of a bidirectional measurement, in ``unit``; else None.
        region: statistics of a region; None for other kinds and where there is nothing to count.
        text: words of the reader; empty for none.
        frame_number: 1-based frame of the instance; 0 for an instance of one frame.
        is_reformatted: it was drawn on a reformatted plane, which crosses the stored slices.
    """

    measurement_id: str
    kind: MeasurementKind
    series_uid: str
    instance_uid: str
    points_mm: tuple[PointMm, ...]
    value: float
    unit: str
    short_value: float | None = None
    region: RegionStatistics | None = None
    text: str = ""
    frame_number: int = 0
    is_reformatted: bool = False
