"""Classical filters to show a model beside: each at the setting that does best on these pictures.

All see one slice and the noise level. Median, Gaussian, curvature flow and bilateral filter are
ITK's; total variation is Chambolle's projection (2004, doi:10.1023/B:JMIV.0000011325.36760.1e), and
non-local means is that of Buades, Coll and Morel (2005, doi:10.1109/CVPR.2005.38).
"""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

import numpy as np
import SimpleITK
from numpy.typing import NDArray

Image = NDArray[np.float64]
Filter = Callable[[Image, float, float], Image]
"""Takes a slice, the noise and a setting, gives the filtered slice."""

TIME_STEP = 0.1
"""Step of the curvature flow, of a picture whose noise is one; larger ones are not stable."""

BILATERAL_PX = 1.5
"""Reach of the bilateral filter; its setting is the range, in noise deviations."""

CHAMBOLLE_STEPS = 40
CHAMBOLLE_RATE = 0.24
"""Steps of the projection and their length, just under the quarter that is proved to converge."""

PATCH_PX = 5
SEARCH_PX = 6
"""Edge of the patches that non-local means compares, and how far around it looks."""


def median(image: Image, sigma: float, setting: float) -> Image:
    """Return the median of a square of radius ``setting``."""
    del sigma
    return _array(SimpleITK.Median(SimpleITK.GetImageFromArray(image), [int(setting)] * 2))


def gaussian(image: Image, sigma: float, setting: float) -> Image:
    """Return the image under a Gaussian of deviation ``setting`` pixels."""
    del sigma
    return _array(SimpleITK.DiscreteGaussian(SimpleITK.GetImageFromArray(image), setting**2))


def curvature_flow(image: Image, sigma: float, setting: float) -> Image:
    """Return the image after ``setting`` steps of curvature flow."""
    given = SimpleITK.GetImageFromArray(image / sigma)
    flown = SimpleITK.CurvatureFlow(given, timeStep=TIME_STEP, numberOfIterations=int(setting))
    return _array(flown) * sigma


def bilateral(image: Image, sigma: float, setting: float) -> Image:
    """Return the image under a bilateral filter of range ``setting`` times the noise."""
    given = SimpleITK.GetImageFromArray(image)
    return _array(SimpleITK.Bilateral(given, BILATERAL_PX, setting * sigma))


def total_variation(image: Image, sigma: float, setting: float) -> Image:
    """Return the image of least total variation, weighed by ``setting`` times the noise."""
    weight = setting * sigma
    field = np.zeros((2, *image.shape))
    for _ in range(CHAMBOLLE_STEPS):
        slope = _gradient(_divergence(field) - image / weight)
        length = np.sqrt(slope[0] ** 2 + slope[1] ** 2)
        field = (field + CHAMBOLLE_RATE * slope) / (1 + CHAMBOLLE_RATE * length)
    found: Image = image - weight * _divergence(field)
    return found


def non_local_means(image: Image, sigma: float, setting: float) -> Image:
    """Return the mean of pixels weighed by how alike their surroundings are.

    ``setting`` times the noise is the distance of patches at which a weight has fallen to 1 / e.
    """
    reach, half = SEARCH_PX, PATCH_PX // 2
    padded = np.pad(image, reach + half, mode="reflect")
    height, width = (n + 2 * half for n in image.shape)
    here = padded[reach : reach + height, reach : reach + width]
    total, weights = np.zeros(image.shape), np.zeros(image.shape)
    for row in range(2 * reach + 1):
        for column in range(2 * reach + 1):
            there = padded[row : row + height, column : column + width]
            distance = _box(np.square(here - there)) - 2 * sigma**2
            weight = np.exp(-np.maximum(distance, 0) / (setting * sigma) ** 2)
            total += weight * there[half : height - half, half : width - half]
            weights += weight
    found: Image = total / weights
    return found


FILTERS: MappingProxyType[str, tuple[Filter, tuple[float, ...]]] = MappingProxyType(
    {
        "median": (median, (1, 2)),
        "Gaussian": (gaussian, (0.5, 0.7, 0.9, 1.2, 1.6)),
        "curvature flow": (curvature_flow, (3, 6, 12, 25, 50)),
        "bilateral": (bilateral, (1.0, 2.0, 4.0)),
        "total variation": (total_variation, (0.4, 0.7, 1.2, 2.0)),
        "non-local means": (non_local_means, (0.5, 0.8, 1.2)),
    }
)
"""The filters with the settings tried."""


def _array(image: SimpleITK.Image) -> Image:
    found: Image = SimpleITK.GetArrayFromImage(image).astype(np.float64)
    return found


def _gradient(image: Image) -> Image:
    slope = np.zeros((2, *image.shape))
    slope[0, :-1] = image[1:] - image[:-1]
    slope[1, :, :-1] = image[:, 1:] - image[:, :-1]
    return slope


def _divergence(field: Image) -> Image:
    """Return the divergence, minus the adjoint of the gradient."""
    found = np.zeros(field.shape[1:])
    found[:-1] += field[0, :-1]
    found[1:] -= field[0, :-1]
    found[:, :-1] += field[1, :, :-1]
    found[:, 1:] -= field[1, :, :-1]
    return found


def _box(image: Image) -> Image:
    """Return the mean of each full patch."""
    windows = np.cumsum(np.pad(image, ((1, 0), (0, 0))), axis=0)
    rows = windows[PATCH_PX:] - windows[:-PATCH_PX]
    windows = np.cumsum(np.pad(rows, ((0, 0), (1, 0))), axis=1)
    found: Image = (windows[:, PATCH_PX:] - windows[:, :-PATCH_PX]) / PATCH_PX**2
    return found
