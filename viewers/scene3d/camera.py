"""From where a volume is looked at, and where a place in the patient lies in the picture.

The view has three axes: right and up in the picture, and toward the reader. They are rows of a
rotation, so that a view can be turned but never mirrored. The projection is parallel: one scale
holds over the whole picture. Positions are millimeters LPS; a ``_canvas`` position is (x, y) in
pixels of the picture, from its upper left corner.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from types import MappingProxyType
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Vector: TypeAlias = tuple[float, float, float]
Quaternion: TypeAlias = tuple[float, float, float, float]

MIN_ZOOM, MAX_ZOOM = 0.2, 20.0
"""A fifth of the fitted size is still a picture; beyond twenty times it there are only voxels."""

FIT_SHARE = 1 / 1.1
"""Share of the shorter side that the longest edge of the volume takes at zoom 1."""

_UNIT_TOLERANCE = 1e-6
"""How far the length of a turn may be from 1; each turning makes it 1 again."""


class StandardView(Enum):
    """Views by the side of the patient that faces the reader; the value is its letter."""

    ANTERIOR = "A"
    POSTERIOR = "P"
    LEFT = "L"
    RIGHT = "R"
    HEAD = "H"
    FEET = "F"


_TOWARD_AND_UP: Mapping[StandardView, tuple[Vector, Vector]] = MappingProxyType(
    {
        StandardView.ANTERIOR: ((0.0, -1.0, 0.0), (0.0, 0.0, 1.0)),
        StandardView.POSTERIOR: ((0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
        StandardView.LEFT: ((1.0, 0.0, 0.0), (0.0, 0.0, 1.0)),
        StandardView.RIGHT: ((-1.0, 0.0, 0.0), (0.0, 0.0, 1.0)),
        StandardView.HEAD: ((0.0, 0.0, 1.0), (0.0, -1.0, 0.0)),
        StandardView.FEET: ((0.0, 0.0, -1.0), (0.0, -1.0, 0.0)),
    }
)
"""What faces the reader and what is up; from the feet a view lies as axial slices do."""


@dataclass(frozen=True, slots=True)
class Camera:
    """A view. Immutable; any thread.

    Attributes:
        turn: unit quaternion (w, x, y, z) that turns patient axes into those of the view.
        zoom: 1 fits the volume into the picture.
        pan_mm: how far the picture is moved right and up.
    """

    turn: Quaternion
    zoom: float = 1.0
    pan_mm: tuple[float, float] = (0.0, 0.0)

    def __post_init__(self) -> None:
        if abs(math.hypot(*self.turn) - 1) > _UNIT_TOLERANCE:
            raise ValueError("a turn is a unit quaternion")
        if not MIN_ZOOM <= self.zoom <= MAX_ZOOM:
            raise ValueError("the zoom is out of bounds")

    @property
    def axes(self) -> NDArray[np.float64]:
        """Right, up and toward the reader as rows, in the patient; (3, 3), determinant 1."""
        w, x, y, z = self.turn
        return np.array(
            [
                [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
                [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
                [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
            ]
        )

    def turned(
        self, *, right_deg: float = 0.0, up_deg: float = 0.0, roll_deg: float = 0.0
    ) -> Camera:
        """Return the view after the near side was pushed right and up, then turned clockwise."""
        turn = self.turn
        for degrees, axis in ((right_deg, (0, 1, 0)), (-up_deg, (1, 0, 0)), (-roll_deg, (0, 0, 1))):
            half = math.radians(degrees) / 2
            sine = math.sin(half)
            turn = _product((math.cos(half), *(sine * part for part in axis)), turn)
        return replace(self, turn=_unit(turn))

    def zoomed(self, factor: float) -> Camera:
        """Return the view nearer (above 1) or farther, held at the bounds."""
        return replace(self, zoom=min(max(self.zoom * factor, MIN_ZOOM), MAX_ZOOM))

    def panned(self, right_mm: float, up_mm: float) -> Camera:
        """Return the view with the picture moved."""
        return replace(self, pan_mm=(self.pan_mm[0] + right_mm, self.pan_mm[1] + up_mm))

    def seen_from(self, view: StandardView) -> Camera:
        """Return the same zoom and pan from a side of the patient."""
        return replace(self, turn=standard_turn(view))


def standard_turn(view: StandardView) -> Quaternion:
    """Return the turn of a standard view."""
    toward, up = (np.array(vector) for vector in _TOWARD_AND_UP[view])
    return _from_axes(np.stack([np.cross(up, toward), up, toward]))


def standard_camera(view: StandardView = StandardView.ANTERIOR) -> Camera:
    """Return a view from a side of the patient, fitted."""
    return Camera(standard_turn(view))


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """Where places of the patient lie in a picture. Immutable; any thread.

    Attributes:
        axes: (3, 3) right, up, toward the reader.
        center_mm: (3,) what lies in the middle of a picture that is not moved.
        pan_mm: how far the picture is moved right and up.
        px_per_mm: scale.
        size_px: width and height of the picture.
    """

    axes: NDArray[np.float64]
    center_mm: NDArray[np.float64]
    pan_mm: tuple[float, float]
    px_per_mm: float
    size_px: tuple[int, int]

    @property
    def focal_mm(self) -> NDArray[np.float64]:
        """The place in the plane of the center that lies in the middle; shape (3,)."""
        moved: NDArray[np.float64] = self.center_mm - np.array(self.pan_mm) @ self.axes[:2]
        return moved

    def to_canvas(self, xyz_mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Map patient positions (..., 3) to (x, y) of the picture (..., 2), y down."""
        seen = (xyz_mm - self.focal_mm) @ self.axes[:2].T
        middle = np.array(self.size_px) / 2
        at: NDArray[np.float64] = middle + seen * np.array([1.0, -1.0]) * self.px_per_mm
        return at

    def direction_canvas(self, vector_mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Map a vector of the patient (..., 3) to the way it goes in the picture, y down."""
        way: NDArray[np.float64] = (
            vector_mm @ self.axes[:2].T * np.array([1.0, -1.0]) * self.px_per_mm
        )
        return way


def projection(
    camera: Camera, low_mm: Vector, high_mm: Vector, size_px: tuple[int, int]
) -> Projection:
    """Return the projection of a view of a volume.

    Args:
        camera: the view.
        low_mm: right, anterior, foot corner of the box around the volume.
        high_mm: its left, posterior, head corner.
        size_px: width and height of the picture.
    """
    low, high = np.array(low_mm), np.array(high_mm)
    longest = max(float((high - low).max()), 1e-3)
    px_per_mm = FIT_SHARE * min(size_px) / longest * camera.zoom
    return Projection(camera.axes, (low + high) / 2, camera.pan_mm, px_per_mm, size_px)


def _product(one: tuple[float, ...], other: Quaternion) -> Quaternion:
    a, b, c, d = one
    w, x, y, z = other
    return (
        a * w - b * x - c * y - d * z,
        a * x + b * w + c * z - d * y,
        a * y - b * z + c * w + d * x,
        a * z + b * y - c * x + d * w,
    )


def _unit(turn: Quaternion) -> Quaternion:
    length = math.hypot(*turn)
    w, x, y, z = (part / length for part in turn)
    return (w, x, y, z)


def _from_axes(axes: NDArray[np.float64]) -> Quaternion:
    """Return the quaternion of a rotation by its largest part, which is never near zero.

    Source: Shepperd, Journal of Guidance and Control 1978, doi:10.2514/3.55767b.
    """
    m = axes.tolist()
    trace = m[0][0] + m[1][1] + m[2][2]
    squares = (trace, m[0][0], m[1][1], m[2][2])
    largest = squares.index(max(squares))
    if largest == 0:
        parts = (1 + trace, m[2][1] - m[1][2], m[0][2] - m[2][0], m[1][0] - m[0][1])
        return _unit(parts)
    i = largest - 1
    j, k = (i + 1) % 3, (i + 2) % 3
    found = [0.0, 0.0, 0.0, 0.0]
    found[0] = m[k][j] - m[j][k]
    found[1 + i] = 1 + m[i][i] - m[j][j] - m[k][k]
    found[1 + j] = m[j][i] + m[i][j]
    found[1 + k] = m[k][i] + m[i][k]
    return _unit((found[0], found[1], found[2], found[3]))
