"""Pictures of a fit for a look: three planes of both series at the same places of the patient.

Gray levels for the eye only: nothing is measured on them, and none of them is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import SimpleITK
from numpy.typing import NDArray

from workstation.core.registration import RigidRegistration
from workstation.core.volume import Volume
from workstation.services.register_rigid import working_image

SHOWN_PERCENTILES = (1.0, 99.5)
"""Gray range of a picture: single bright voxels must not make the rest dark."""


@dataclass(frozen=True, slots=True, eq=False)
class FitPicture:
    """One plane of both series, pixel for pixel at the same places.

    Attributes:
        fixed, moving: (rows, columns) uint8, square pixels.
    """

    fixed: NDArray[np.uint8]
    moving: NDArray[np.uint8]


def fit_pictures(fixed: Volume, moving: Volume, fit: RigidRegistration) -> tuple[FitPicture, ...]:
    """Return three planes through the middle of what both series show; a job lane calls it."""
    one, other = working_image(fixed), working_image(moving)
    back = SimpleITK.Euler3DTransform()
    back.SetMatrix(fit.fixed_to_moving[:3, :3].ravel().tolist(), 1e-6)
    back.SetTranslation(fit.fixed_to_moving[:3, 3].tolist())
    carried = SimpleITK.Resample(other, one, back, SimpleITK.sitkLinear, 0.0)
    inside = SimpleITK.Resample(other * 0 + 1, one, back, SimpleITK.sitkNearestNeighbor, 0.0)
    here, there = _array(one), _array(carried)
    middle = _middle(_array(inside))
    grays = _gray(here), _gray(there)
    steps = one.GetSpacing()[::-1]
    return tuple(
        FitPicture(*(_plane(gray, axis, middle[axis], steps) for gray in grays))
        for axis in range(3)
    )


def checkerboard(picture: FitPicture, squares: int = 8) -> NDArray[np.uint8]:
    """Return both series in squares of one picture, by turns: edges must run on across them."""
    rows, columns = picture.fixed.shape
    side = max(max(rows, columns) // squares, 1)
    row, column = np.indices((rows, columns)) // side
    is_fixed = (row + column) % 2 == 0
    mixed: NDArray[np.uint8] = np.where(is_fixed, picture.fixed, picture.moving)
    return mixed


def _array(image: SimpleITK.Image) -> NDArray[Any]:
    array: NDArray[Any] = SimpleITK.GetArrayFromImage(image)
    return array


def _middle(inside: NDArray[Any]) -> tuple[int, int, int]:
    """Return the (k, j, i) in the middle of what both show; of the whole where they do not meet."""
    found = np.argwhere(inside > 0)
    if not found.size:
        k, j, i = (size // 2 for size in inside.shape)
        return k, j, i
    k, j, i = (int(value) for value in np.median(found, axis=0))
    return k, j, i


def _gray(array: NDArray[Any]) -> NDArray[np.uint8]:
    low, high = np.percentile(array, SHOWN_PERCENTILES)
    scaled = (array - low) / max(float(high - low), 1e-6)
    gray: NDArray[np.uint8] = (255 * np.clip(scaled, 0, 1)).astype(np.uint8)
    return gray


def _plane(
    array: NDArray[np.uint8], axis: int, index: int, steps: tuple[float, ...]
) -> NDArray[np.uint8]:
    """Return one plane with square pixels: thick slices are repeated, not smoothed."""
    plane = np.take(array, index, axis=axis)
    along = [step for n, step in enumerate(steps) if n != axis]
    finest = min(along)
    for n, step in enumerate(along):
        wanted = max(round(plane.shape[n] * step / finest), 1)
        plane = np.take(plane, np.arange(wanted) * plane.shape[n] // wanted, axis=n)
    # Slices grow to the head: the head is shown at the top.
    shown: NDArray[np.uint8] = plane[::-1].copy() if axis else plane
    return shown
