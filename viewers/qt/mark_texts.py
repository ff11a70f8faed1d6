"""What marks say beside themselves and in lists, in words for people."""

from __future__ import annotations

from viewers.qt.words import tr
from workstation.core.measurement import (
    POINTING,
    Measurement,
    MeasurementKind,
    RegionStatistics,
)

MINUS = "\N{MINUS SIGN}"

DECIMALS_BELOW = 10.0
"""A statistic smaller than this is told with three digits after the point (SUV, ADC)."""


def kind_name(kind: MeasurementKind) -> str:
    """Return what a kind of mark is called."""
    names = {
        MeasurementKind.LENGTH: tr("Length"),
        MeasurementKind.PROBE: tr("Probe"),
        MeasurementKind.BIDIRECTIONAL: tr("Two diameters"),
        MeasurementKind.ANGLE: tr("Angle"),
        MeasurementKind.COBB: tr("Cobb angle"),
        MeasurementKind.ARROW: tr("Arrow"),
        MeasurementKind.TEXT: tr("Note"),
        MeasurementKind.ELLIPSE: tr("Ellipse"),
        MeasurementKind.RECTANGLE: tr("Rectangle"),
        MeasurementKind.FREEHAND: tr("Freehand region"),
        MeasurementKind.POLYGON: tr("Polygon"),
        MeasurementKind.SPHERE: tr("Sphere"),
    }
    return names[kind]


def measurement_text(measurement: Measurement) -> str:
    """Return the value of a measurement with its unit; lengths to a tenth, HU whole."""
    if measurement.kind in POINTING:
        return measurement.text
    value = measurement.value
    unit = tr(measurement.unit) if measurement.unit else ""
    if measurement.kind is MeasurementKind.PROBE:
        digits = 3 if abs(value) < DECIMALS_BELOW and value != round(value) else 0
        return _joined(_fixed(value, digits), unit)
    if measurement.short_value is not None:
        short = _fixed(measurement.short_value, 1)
        return f"{_fixed(value, 1)} \N{MULTIPLICATION SIGN} {short} {unit}"
    if measurement.region is not None:
        return _joined(statistic(value), unit)
    gap = "" if measurement.unit == "°" else " "
    return f"{_fixed(value, 1)}{gap}{unit}"


def mark_lines(measurement: Measurement) -> tuple[str, ...]:
    """Return the lines that stand beside a mark on the image."""
    words = (measurement.text,) if measurement.text else ()
    if measurement.kind in POINTING:
        return words
    if measurement.region is None:
        return (*words, measurement_text(measurement))
    unit = tr(measurement.unit) if measurement.unit else ""
    return (*words, *region_lines(measurement.region, unit))


def region_lines(region: RegionStatistics, unit: str) -> tuple[str, ...]:
    """Return the statistics of a region in three lines."""
    size = statistic(region.size) if region.size >= DECIMALS_BELOW else f"{region.size:.2f}"
    found = [
        _joined(tr("mean {0}  sd {1}").format(*_mean_and_sd(region, unit)), unit),
        tr("min {0}  max {1}").format(statistic(region.low), statistic(region.high)),
        tr("{0} {1}  {2} voxels").format(size, region.size_unit, region.voxels),
    ]
    if region.padding_voxels:
        found.append(tr("{0} outside the scan").format(region.padding_voxels))
    return tuple(found)


def _mean_and_sd(region: RegionStatistics, unit: str) -> tuple[str, str]:
    """Return both with the same number of digits: one says how far the other can be trusted."""
    is_large = max(abs(region.mean), region.sd) >= DECIMALS_BELOW
    if is_large or unit == tr("HU"):
        return _fixed(region.mean, 1), _fixed(region.sd, 1)
    return statistic(region.mean), statistic(region.sd)


def statistic(value: float) -> str:
    """Return a statistic for people: a tenth, or three digits where it is small."""
    if abs(value) < DECIMALS_BELOW and value != round(value, 1):
        return _fixed(value, 3)
    return _fixed(value, 1).removesuffix(".0")


def _fixed(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".replace("-", MINUS)


def _joined(value: str, unit: str) -> str:
    return f"{value} {unit}".strip()
