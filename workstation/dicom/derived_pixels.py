"""Pixels of a derived image: how voxels become stored values, and what the header says of them.

Source: PS3.3 C.7.6.3 (Image Pixel), C.7.5.1.1.2 (Pixel Padding Value), C.11.1 (rescale).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset

from workstation.core.intensity import Padding

INT16 = np.iinfo(np.int16)

STEPS = 65000
"""Steps that a range of fractional values is stored in; 16 bits hold 65,536."""

SMALLEST_SLOPE = 1e-9
"""Slope of a series whose values are all the same."""

FRACTION_DIGITS = 9
"""Digits of slope and intercept; a Decimal String has 16 characters (PS3.5 6.2)."""


class Scale(NamedTuple):
    """From stored values to those of the volume: times slope, plus intercept."""

    slope: float
    intercept: float

    @property
    def is_plain(self) -> bool:
        """Whether values are stored as they are."""
        return self == PLAIN

    def stored(self, voxels: NDArray[Any]) -> NDArray[np.int16]:
        """Return the stored values of voxels, the nearest ones; what is no number counts as 0."""
        values = np.nan_to_num(voxels.astype(np.float64), posinf=np.inf, neginf=-np.inf)
        scaled = np.rint((values - self.intercept) / self.slope)
        clipped: NDArray[np.int16] = np.clip(scaled, INT16.min, INT16.max).astype("<i2")
        return clipped


PLAIN = Scale(1.0, 0.0)


def scale_of(planes: Sequence[NDArray[Any]]) -> Scale:
    """Return the scale that holds every voxel of a series in 16 bits.

    Whole numbers are stored as they are. Others share one slope, so that a step is the same in
    every slice; it is 1/65,000 of their range.
    """
    if all(np.issubdtype(plane.dtype, np.integer) for plane in planes):
        return PLAIN
    finite = [plane[np.isfinite(plane)] for plane in planes]
    low = min((float(values.min()) for values in finite if values.size), default=0.0)
    high = max((float(values.max()) for values in finite if values.size), default=0.0)
    slope = float(f"{max((high - low) / STEPS, SMALLEST_SLOPE):.{FRACTION_DIGITS}g}")
    return Scale(slope, float(f"{(low + high) / 2:.{FRACTION_DIGITS}g}"))


def describe_pixels(
    dataset: Dataset, shape: tuple[int, int], scale: Scale, padding: Padding
) -> None:
    """Write into a header how its pixels are stored: size, 16 signed bits, padding."""
    dataset.Rows, dataset.Columns = shape
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = dataset.get("PhotometricInterpretation", "MONOCHROME2")
    dataset.BitsAllocated = dataset.BitsStored = 16
    dataset.HighBit = 15
    dataset.PixelRepresentation = 1
    _set_padding(dataset, [round((end - scale.intercept) / scale.slope) for end in _ends(padding)])


def describe_rescale(dataset: Dataset, scale: Scale, *, is_ct: bool) -> None:
    """Write the rescale into a header or functional group."""
    dataset.RescaleIntercept = f"{scale.intercept:.10g}"
    dataset.RescaleSlope = f"{scale.slope:.10g}"
    dataset.RescaleType = "HU" if is_ct else "US"


def _ends(padding: Padding) -> tuple[float, ...]:
    if padding is None:
        return ()
    return padding if isinstance(padding, tuple) else (padding,)


def _set_padding(dataset: Dataset, stored: list[int]) -> None:
    """Mark what lies outside the scanned field, by a value or a range; PS3.3 C.7.5.1.1.2."""
    tags = ("PixelPaddingValue", "PixelPaddingRangeLimit")
    if all(INT16.min <= end <= INT16.max for end in stored):
        for tag, end in zip(tags, stored, strict=False):
            dataset.add_new(tag, "SS", end)
