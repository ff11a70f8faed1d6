"""The classical filters that the denoisers are shown beside, each at its best setting.

BM3D and non-local means are tried where the packages ``bm3d`` and ``skimage`` are installed; the
program does not need them. All take one slice but ``mean of slices``.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import TypeAlias

import numpy as np
import SimpleITK
from numpy.typing import NDArray

from inference.engine.noise import rician_moments

Image: TypeAlias = NDArray[np.float32]
Method: TypeAlias = Callable[[Image, float], Image]
"""Takes neighbouring noisy slices (n, h, w) and the noise, gives the middle slice (h, w)."""

SETTINGS: dict[str, tuple[float, ...]] = {
    "mean of slices": (1, 2),
    "median": (1, 2, 3),
    "Gaussian": (0.5, 0.7, 0.9, 1.2, 1.6),
    "curvature flow": (3, 6, 12, 25, 50, 100),
    "bilateral": (1.0, 2.0, 4.0),
}
"""Settings tried per filter."""

if find_spec("skimage"):
    SETTINGS["total variation"] = (0.5, 0.8, 1.2, 1.8, 2.7)
    SETTINGS["non-local means"] = (0.4, 0.6, 0.8, 1.0, 1.3)


def method(name: str, setting: float) -> Method:
    """Return a filter at a setting; the setting scales with the noise where it can."""

    def run(slices: Image, sigma: float) -> Image:
        middle = len(slices) // 2
        reach = int(setting)
        if name == "mean of slices":
            mean: Image = slices[middle - reach : middle + reach + 1].mean(axis=0)
            return mean
        return _filtered(name, slices[middle], sigma, setting)

    return run


def _filtered(name: str, image: Image, sigma: float, setting: float) -> Image:
    if name == "total variation":
        restoration = import_module("skimage.restoration")
        found = restoration.denoise_tv_chambolle(image / sigma, weight=setting) * sigma
        return np.asarray(found, np.float32)
    if name == "non-local means":
        restoration = import_module("skimage.restoration")
        found = restoration.denoise_nl_means(
            image, patch_size=5, patch_distance=9, h=setting * sigma, sigma=sigma, fast_mode=True
        )
        return np.asarray(found, np.float32)
    given = SimpleITK.GetImageFromArray(image)
    if name == "median":
        out = SimpleITK.Median(given, [int(setting)] * 2)
    elif name == "Gaussian":
        out = SimpleITK.DiscreteGaussian(given, setting**2)
    elif name == "curvature flow":
        # The flow's time is in units of the image: it is made one noise deviation high.
        out = SimpleITK.CurvatureFlow(given / sigma, timeStep=0.1, numberOfIterations=int(setting))
        out = out * sigma
    else:
        out = SimpleITK.Bilateral(given, domainSigma=1.5, rangeSigma=setting * sigma)
    return np.asarray(SimpleITK.GetArrayFromImage(out), np.float32)


def has_bm3d() -> bool:
    """Whether BM3D is installed."""
    return find_spec("bm3d") is not None


def bm3d_white(slices: Image, sigma: float) -> Image:
    """Return BM3D told the noise level only."""
    return _bm3d(slices[len(slices) // 2], sigma)


def bm3d_spectrum(spectrum: NDArray[np.float64]) -> Method:
    """Return BM3D told the true noise power spectrum of unit noise, E|FFT|^2."""
    return lambda slices, sigma: _bm3d(slices[len(slices) // 2], spectrum * sigma**2)


def bm3d_rician(slices: Image, sigma: float) -> Image:
    """Return BM3D of a magnitude image, its mean turned back into the signal."""
    height = np.linspace(0, 12, 241)
    mean, _ = rician_moments(height)
    smooth = _bm3d(slices[len(slices) // 2], sigma) / sigma
    signal = np.where(smooth < mean[-1], np.interp(smooth, mean, height), smooth - 0.5 / 12)
    return (signal * sigma).astype(np.float32)


def _bm3d(image: Image, noise: float | NDArray[np.float64]) -> Image:
    if not hasattr(np, "trapz"):
        # bm3d 4.0 asks for the name that numpy 2.4 took away.
        setattr(np, "trapz", np.trapezoid)  # noqa: B010 - mypy knows that it is not there
    return np.asarray(import_module("bm3d").bm3d(image.astype(np.float64), noise), np.float32)
