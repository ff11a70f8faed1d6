"""The numbers of a research volume: what is in them, and in which type they are kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

INT16 = np.iinfo(np.int16)

MOST_LABELS = 256
"""More different numbers than this are no labels."""

SMOOTH_SHARE = 0.8
"""Share of labelled voxels whose neighbour has the same label; noise makes it small in images."""

FEW_LABELS, SMOOTH_SHARE_OF_FEW = 8, 0.4
"""No image has so few different numbers; the masks of thin things are less smooth."""

HIGHEST_LABEL = 4095
"""Labels of anatomy end at 1,000 (FreeSurfer's at 2,035 and 14,175, which are read as images)."""


@dataclass(frozen=True, slots=True)
class Survey:
    """What is known of the numbers of a volume after all were seen.

    Attributes:
        voxel_type: type they are kept in without loss where one exists: "int16", "float32"
            or "uint8" (color).
        low, high: smallest and largest finite number; 0 where there is none.
        not_numbers: voxels that hold no finite number.
        inexact: voxels whose number loses digits in that type.
        is_label_map: whether the numbers look like labels of a segmentation.
    """

    voxel_type: str
    low: float = 0.0
    high: float = 0.0
    not_numbers: int = 0
    inexact: int = 0
    is_label_map: bool = False


FLOAT32_DIGITS = 1e-6
"""Relative error that no number of a 32-bit float has, unless it is beyond its range."""


class _Tally:
    """Counts over the slices of one volume. One thread."""

    def __init__(self) -> None:
        self.low, self.high = np.inf, -np.inf
        self.not_numbers = self.inexact = 0
        self.is_whole = True
        self.seen = np.zeros(HIGHEST_LABEL + 1, dtype=bool)
        self.labelled = self.smooth = 0

    def add(self, values: NDArray[Any]) -> None:
        """Count one slice."""
        if values.dtype.kind == "f":
            finite = np.isfinite(values)
            self.not_numbers += int(values.size - np.count_nonzero(finite))
            good = values[finite]
            self.is_whole = self.is_whole and good.size == values.size
            self.is_whole = self.is_whole and bool((good == np.rint(good)).all())
        else:
            good = values
        if good.size == 0:
            return
        self.low, self.high = min(self.low, good.min().item()), max(self.high, good.max().item())
        self.inexact += _inexact(good)
        if self.may_be_labels:
            self._count_labels(values)

    @property
    def may_be_labels(self) -> bool:
        """Whether nothing seen so far is against labels."""
        return self.is_whole and self.low >= 0 and self.high <= HIGHEST_LABEL

    @property
    def is_label_map(self) -> bool:
        """Whether the numbers look like labels."""
        count = int(np.count_nonzero(self.seen))
        share = SMOOTH_SHARE_OF_FEW if count <= FEW_LABELS else SMOOTH_SHARE
        is_smooth = self.labelled > 0 and self.smooth >= share * self.labelled
        return self.may_be_labels and 1 < count <= MOST_LABELS and is_smooth

    def _count_labels(self, values: NDArray[Any]) -> None:
        labels = values.astype(np.int16)
        self.seen[np.unique(labels)] = True
        left, right = labels[:, :-1], labels[:, 1:]
        self.labelled += int(np.count_nonzero(left))
        self.smooth += int(np.count_nonzero((left == right) & (left != 0)))


def _inexact(values: NDArray[Any]) -> int:
    """Return how many numbers float32 changes so that it matters.

    Whole numbers beyond 16 million lose units. Others keep 7 digits, which is no loss to a
    reader, as long as they are not too large or too small for the type.
    """
    if values.dtype.itemsize <= 2 or values.dtype == np.float32:
        return 0
    with np.errstate(over="ignore"):
        kept = values.astype(np.float32)
    if values.dtype.kind in "iu":
        # Compared as what both hold exactly: whole numbers up to 2**63.
        return int(np.count_nonzero(kept.astype(np.float64) != values.astype(np.longdouble)))
    with np.errstate(invalid="ignore"):
        is_off = np.abs(kept - values) > FLOAT32_DIGITS * np.abs(values)
    return int(np.count_nonzero(is_off))


def nearest_first(count: int, first_index: int) -> list[int]:
    """Return the slices in the order of their distance from the one that is seen first."""
    return sorted(range(count), key=lambda k: abs(k - first_index))


def survey(stored: NDArray[Any], slope: float, intercept: float) -> Survey:
    """Look at every number of a volume.

    Args:
        stored: ``[k, j, i]``, or ``[k, j, i, 3 or 4]`` uint8 for color.
        slope: from stored numbers to those meant.
        intercept: added after it.
    """
    if stored.ndim == 4:
        return Survey("uint8", 0, 255)
    tally = _Tally()
    for plane in stored:
        tally.add(meant(plane, slope, intercept))
    if tally.low > tally.high:
        return Survey("float32", not_numbers=tally.not_numbers)
    fits = tally.is_whole and tally.low >= INT16.min and tally.high <= INT16.max
    return Survey(
        "int16" if fits else "float32",
        float(tally.low),
        float(tally.high),
        tally.not_numbers,
        0 if fits else tally.inexact,
        tally.is_label_map,
    )


def meant(plane: NDArray[Any], slope: float, intercept: float) -> NDArray[Any]:
    """Return the numbers a slice means: as stored, or rescaled in 64 bits."""
    if (slope, intercept) == (1.0, 0.0):
        return plane
    scaled: NDArray[np.float64] = plane.astype(np.float64) * slope + intercept
    return scaled


def kept(plane: NDArray[Any], voxel_type: str, slope: float, intercept: float) -> NDArray[Any]:
    """Return one slice in the type that the survey chose, in C order."""
    if plane.ndim == 3:
        return _on_black(plane)
    with np.errstate(over="ignore"):
        return np.ascontiguousarray(meant(plane, slope, intercept), dtype=voxel_type)


def _on_black(plane: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return red, green, blue; what is transparent is shown on black."""
    if plane.shape[2] == 3:
        return np.ascontiguousarray(plane)
    alpha = plane[..., 3:].astype(np.uint16)
    return ((plane[..., :3] * alpha + 127) // 255).astype(np.uint8)
