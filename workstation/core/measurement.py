"""What a reader measured by hand, on original pixels, with units."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class MeasurementKind(Enum):
    """Kinds of hand measurement."""

    LENGTH = "length"
    PROBE = "probe"


@dataclass(frozen=True, slots=True)
class Measurement:
    """One hand measurement on an original slice.

    Attributes:
        measurement_id: unique within the study.
        kind: length or probe.
        series_uid: series it was made on.
        instance_uid: slice it was made on.
        points_mm: LPS points: two for a length, one for a probe.
        value: in ``unit``; a length in mm or px, a probe in the unit of the volume.
        unit: ``mm``, ``px`` (where there are no millimetres), ``HU`` ...
    """

    measurement_id: str
    kind: MeasurementKind
    series_uid: str
    instance_uid: str
    points_mm: tuple[tuple[float, float, float], ...]
    value: float
    unit: str
