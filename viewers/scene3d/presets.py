"""Presets of volume rendering: read from ``resources/volume_presets`` and checked strictly.

A preset of scale ``HU`` gives its points in Hounsfield units. One of scale ``percentile`` gives
them as percentiles of what is not background, since the numbers of an MR image have no unit.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from workstation.core.errors import WorkstationError

OpacityPoints: TypeAlias = tuple[tuple[float, float], ...]
ColorPoints: TypeAlias = tuple[tuple[float, float, float, float], ...]

LOWEST_HU, HIGHEST_HU = -2048.0, 8192.0
"""Points of a CT preset lie between; air is -1000, dense metal 3000 and more."""

AIR_HU = -1024.0
"""As dark as air is stored."""

PERCENTS = (0.0, 1.0, 5.0, 25.0, 50.0, 75.0, 90.0, 95.0, 98.0, 99.0, 99.5, 99.9, 100.0)
"""Percentiles that are kept of a volume; points between them are interpolated."""


class PresetError(WorkstationError):
    """A file of presets does not say what it should."""

    exit_code = 70


class Blend(Enum):
    """How the values along a ray become one color."""

    COMPOSITE = "composite"
    MIP = "mip"
    MINIP = "minip"


class Scale(Enum):
    """What the values of the points are."""

    HU = "HU"
    PERCENTILE = "percentile"


@dataclass(frozen=True, slots=True)
class Light:
    """How a surface answers the light; parts 0..1, power from 1."""

    ambient: float
    diffuse: float
    specular: float
    power: float

    @property
    def parts(self) -> tuple[float, float, float, float]:
        """Ambient, diffuse, specular, power."""
        return (self.ambient, self.diffuse, self.specular, self.power)


@dataclass(frozen=True, slots=True)
class VolumePreset:
    """One preset. Immutable; any thread.

    Attributes:
        preset_id: stable id.
        name: for people.
        order: place in the list.
        modalities: DICOM modalities it is offered for; empty for all.
        scale: what the values of its points are.
        blend: how values along a ray are joined.
        light: None for no shading.
        opacity: (value, opacity) ascending, opacity per millimeter at that value.
        color: (value, red, green, blue) ascending, 0..1.
        hides_outside: whether it opens without table and air around the body: its blend or its
            values would show little else.
    """

    preset_id: str
    name: str
    order: int
    modalities: tuple[str, ...]
    scale: Scale
    blend: Blend
    light: Light | None
    opacity: OpacityPoints
    color: ColorPoints
    hides_outside: bool = False

    @property
    def unseen(self) -> float:
        """A value in Hounsfield units that shows nothing of what is hidden.

        What lies between it and the skin must show nothing either: a surface that is drawn from a
        value on needs air there, a darkest value or a thin shell of air something dense.
        """
        is_dense = self.blend is Blend.MINIP or self.opacity[-1][1] == 0
        return HIGHEST_HU if is_dense else AIR_HU

    def fits(self, modality: str, *, is_hu: bool) -> bool:
        """Whether it is offered for a series.

        Args:
            modality: of the series.
            is_hu: whether its voxels are Hounsfield units that can be trusted.
        """
        is_of = not self.modalities or modality in self.modalities
        return is_of and (is_hu or self.scale is not Scale.HU)


@dataclass(frozen=True, slots=True)
class Statistics:
    """Percentiles of the voxels that are not background, in the unit of the volume."""

    percents: tuple[float, ...]
    values: tuple[float, ...]

    def at(self, percent: float) -> float:
        """Return the value at a percentile."""
        return float(np.interp(percent, self.percents, self.values))


@dataclass(frozen=True, slots=True)
class Transfer:
    """Points of a preset in the unit of a volume, as they are drawn."""

    opacity: OpacityPoints
    color: ColorPoints


def load_presets(folder: Path) -> tuple[VolumePreset, ...]:
    """Return the presets of a folder in their order.

    Raises:
        PresetError: a file cannot be read or says something else than it should; ids repeat.
    """
    found = [_read(path) for path in sorted(folder.glob("*.toml"))]
    if not found or len({preset.preset_id for preset in found}) != len(found):
        raise PresetError("The presets of volume rendering are missing or have the same id")
    return tuple(sorted(found, key=lambda preset: preset.order))


def transfer(
    preset: VolumePreset, statistics: Statistics, *, shift: float, stretch: float, opacity: float
) -> Transfer:
    """Return colors and opacities in the unit of a volume.

    Args:
        preset: what is drawn.
        statistics: of the volume.
        shift: lengths of the preset by which its points move to higher values.
        stretch: by which they are drawn out around its middle.
        opacity: factor on every opacity.
    """

    def place(value: float) -> float:
        return value if preset.scale is Scale.HU else statistics.at(value)

    values = [place(value) for value, _ in preset.opacity]
    first, last = values[0], values[-1]
    middle, length = (first + last) / 2, max(last - first, 1e-6)

    def moved(value: float) -> float:
        return middle + (value - middle) * stretch + shift * length

    parts = [part * opacity for _, part in preset.opacity]
    opacities = zip(map(moved, values), parts, strict=True)
    colors = ((moved(place(value)), *rgb) for value, *rgb in preset.color)
    return Transfer(_ascending(tuple(opacities)), _ascending(tuple(colors)))


def without_outside(points: Transfer) -> Transfer:
    """Return points of a darkest-value picture in which the value that fills the outside is black.

    Rays that meet nothing but the outside show it; all others have something darker on their way.
    """
    top, last = HIGHEST_HU, points.color[-1]
    if last[0] >= top - 1:
        return points
    return Transfer(points.opacity, (*points.color, (top - 1, *last[1:]), (top, 0.0, 0.0, 0.0)))


def _ascending(points: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return points with values that grow: percentiles of a flat volume may coincide."""
    made: list[tuple[float, ...]] = []
    for value, *rest in points:
        least = np.nextafter(np.float32(made[-1][0]), np.float32(np.inf)) if made else -np.inf
        made.append((float(max(value, least)), *rest))
    return tuple(made)


_OPTIONAL = {"light", "hides_outside"}
_KEYS = {"id", "name", "order", "modalities", "scale", "blend", "opacity", "color"} | _OPTIONAL
_LIGHT_KEYS = {"ambient", "diffuse", "specular", "power"}


def _read(path: Path) -> VolumePreset:
    try:
        with path.open("rb") as stream:
            table = tomllib.load(stream)
        return _preset(table)
    except (OSError, tomllib.TOMLDecodeError, ValueError, TypeError, KeyError) as error:
        raise PresetError(f"The preset {path.name} cannot be used", why=str(error)) from error


def _preset(table: dict[str, Any]) -> VolumePreset:
    if set(table) - _KEYS or (_KEYS - _OPTIONAL) - set(table):
        raise ValueError("it has unknown fields or lacks some")
    scale = Scale(table["scale"])
    bounds = (LOWEST_HU, HIGHEST_HU) if scale is Scale.HU else (0.0, 100.0)
    modalities = tuple(_text(one) for one in table["modalities"])
    return VolumePreset(
        preset_id=_text(table["id"]),
        name=_text(table["name"]),
        order=int(table["order"]),
        modalities=modalities,
        scale=scale,
        blend=Blend(table["blend"]),
        light=_light(table["light"]) if "light" in table else None,
        opacity=_points(table["opacity"], 2, bounds),
        color=_points(table["color"], 4, bounds),
        hides_outside=table.get("hides_outside", False) is True,
    )


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("a text is missing")
    return value


def _light(table: dict[str, Any]) -> Light:
    if set(table) != _LIGHT_KEYS:
        raise ValueError("a light has ambient, diffuse, specular and power")
    light = Light(**{name: float(value) for name, value in table.items()})
    parts = (light.ambient, light.diffuse, light.specular)
    if not all(0 <= part <= 1 for part in parts) or not 1 <= light.power <= 128:
        raise ValueError("a part of the light is out of bounds")
    return light


def _points(rows: object, length: int, bounds: tuple[float, float]) -> Any:  # noqa: ANN401 one of the two kinds of points
    if not isinstance(rows, list) or len(rows) < 2:
        raise ValueError("two points are the least")
    points = tuple(tuple(float(part) for part in row) for row in rows)
    if any(len(point) != length for point in points):
        raise ValueError(f"a point has {length} numbers")
    values = [point[0] for point in points]
    if any(low >= high for low, high in pairwise(values)):
        raise ValueError("the values of the points must ascend")
    if values[0] < bounds[0] or values[-1] > bounds[1]:
        raise ValueError("a value is out of bounds")
    if any(not 0 <= part <= 1 for point in points for part in point[1:]):
        raise ValueError("opacities and colors lie between 0 and 1")
    return points
