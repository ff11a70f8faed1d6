"""Export pictures of a series: what was seen, slice by slice, anonymous unless asked otherwise.

Files appear whole under names that hold no identity; none is ever written over, and where the
export cannot be finished none stays behind.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workstation.core.errors import InputRefusedError
from workstation.core.identity import SeriesIdentity
from workstation.core.job import CancelToken
from workstation.core.picture import Picture
from workstation.core.volume import Volume
from workstation.exchange.picture_files import (
    PictureFormat,
    picture_bytes,
    sixteen_bits,
    tiff_pages,
)
from workstation.services.report_files import write_atomically

__all__ = [
    "PictureFormat",
    "PictureOrder",
    "Written",
    "export_pictures",
    "export_stored_values",
    "free_path",
    "series_stem",
]

SIXTEEN_BIT_ZERO = 32768
"""Pixel that stands for the value 0 of whole numbers: all of int16 fits into uint16."""

Draw = Callable[[int], Picture]
Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class PictureOrder:
    """Which pictures are to be written, and how.

    Attributes:
        folder: where to; made if absent.
        form: kind of file.
        stem: how each name begins; without any identity, see :func:`series_stem`.
        indices: slices, 0-based, in the order in which they are written.
        count: how many slices the series has, for names of one length.
        quality: of JPEG, 1..100.
        is_one_file: all pictures become the pages of one TIFF.
    """

    folder: Path
    form: PictureFormat
    stem: str
    indices: tuple[int, ...]
    count: int
    quality: int = 92
    is_one_file: bool = False

    def __post_init__(self) -> None:
        if self.is_one_file and self.form is not PictureFormat.TIFF:
            raise ValueError("only TIFF holds pages")


@dataclass(frozen=True, slots=True)
class Written:
    """What an export left.

    Attributes:
        files: in the order in which they were written.
        notices: what the bands of the pictures say, each once.
    """

    files: tuple[Path, ...]
    notices: tuple[str, ...] = ()


def series_stem(series: SeriesIdentity) -> str:
    """Return how names of files of a series begin: modality and number, no identity."""
    parts = (series.modality, f"series-{series.number}" if series.number else "images")
    words = "-".join(part for part in parts if part).lower()
    return re.sub(r"[^a-z0-9-]+", "-", words).strip("-") or "images"


def free_path(path: Path) -> Path:
    """Return the path, or one with a number added where something has that name already.

    Raises:
        InputRefusedError: the place cannot be looked at.
    """
    try:
        if not path.exists():
            return path
        number = 2
        while (found := path.with_stem(f"{path.stem}-{number}")).exists():
            number += 1
    except OSError as error:
        raise InputRefusedError(
            "The file cannot be written",
            why=error.strerror or type(error).__name__,
            todo="Choose another place",
        ) from error
    return found


def export_pictures(
    draw: Draw,
    order: PictureOrder,
    *,
    cancel: CancelToken | None = None,
    progress: Progress | None = None,
) -> Written:
    """Write pictures; all of them or none.

    Args:
        draw: gives the picture of a slice.
        order: which, and where to.
        cancel: stops it.
        progress: told the done part, 0..1.

    Raises:
        InputRefusedError: nothing was chosen, or the place cannot be written.
        CancelledError: it was cancelled.
    """
    if not order.indices:
        raise InputRefusedError("No picture was chosen", todo="Choose slices that are there")
    notices: dict[str, None] = {}

    def drawn() -> Iterator[tuple[int, Picture]]:
        for done, index in enumerate(order.indices):
            (cancel or CancelToken()).raise_if_cancelled()
            picture = draw(index)
            notices.update(dict.fromkeys(picture.notices))
            yield index, picture
            if progress:
                progress((done + 1) / len(order.indices))

    if order.is_one_file:
        path = free_path(order.folder / f"{order.stem}.tif")
        write_atomically(path, tiff_pages(picture for _index, picture in drawn()))
        return Written((path,), tuple(notices))
    form, quality = order.form, order.quality
    files = (
        (_slice_path(order, index), picture_bytes(picture, form, quality=quality))
        for index, picture in drawn()
    )
    return Written(_write_all_or_none(files), tuple(notices))


def export_stored_values(
    volume: Volume,
    order: PictureOrder,
    *,
    cancel: CancelToken | None = None,
    progress: Progress | None = None,
) -> Written:
    """Write stored values as 16-bit gray, with a text that says how to read them; all or none.

    Args:
        volume: an original, loaded.
        order: which slices of it, and where to; PNG or TIFF.
        cancel: stops it.
        progress: told the done part, 0..1.

    Raises:
        InputRefusedError: the volume is in color, or the place cannot be written.
        CancelledError: it was cancelled.
    """
    if volume.is_colour or order.form is PictureFormat.JPEG:
        raise InputRefusedError(
            "Stored values cannot be written so",
            why="color images hold 8 bits" if volume.is_colour else "JPEG holds 8 bits only",
            todo="Choose pictures as seen" if volume.is_colour else "Choose PNG or TIFF",
        )
    if volume.filled is not None:
        raise InputRefusedError(
            "Stored values cannot be written",
            why="parts of these images were proposed by a model and not scanned",
            todo="Choose pictures as seen, which are hatched, or the series that was scanned",
        )
    slope, intercept = _sixteen_bit_scale(volume, order.indices)
    spacing = volume.geometry.spacing_ij_mm
    is_square = volume.geometry.has_millimetres and spacing[0] == spacing[1]

    def files() -> Iterator[tuple[Path, bytes]]:
        for done, k in enumerate(order.indices):
            (cancel or CancelToken()).raise_if_cancelled()
            pixels = _stored(volume.voxels[k], slope, intercept)
            size_mm = spacing[0] if is_square else None
            yield _slice_path(order, k), sixteen_bits(pixels, order.form, mm_per_px=size_mm)
            if progress:
                progress((done + 1) / len(order.indices))
        words = _values_text(volume, slope, intercept).encode()
        yield free_path(order.folder / f"{order.stem}-values.txt"), words

    return Written(_write_all_or_none(files()))


def _slice_path(order: PictureOrder, index: int) -> Path:
    digits = max(len(str(order.count)), 3)
    name = f"{order.stem}-slice-{index + 1:0{digits}d}{order.form.suffix}"
    return free_path(order.folder / name)


def _write_all_or_none(files: Iterator[tuple[Path, bytes]]) -> tuple[Path, ...]:
    written: list[Path] = []
    try:
        for path, data in files:
            write_atomically(path, data)
            written.append(path)
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise
    return tuple(written)


def _sixteen_bit_scale(volume: Volume, indices: Sequence[int]) -> tuple[float, float]:
    """Return (slope, intercept): value = pixel * slope + intercept; exact for whole numbers."""
    if volume.voxels.dtype == np.int16:
        return 1.0, float(-SIXTEEN_BIT_ZERO)
    ends = [(float(volume.voxels[k].min()), float(volume.voxels[k].max())) for k in indices]
    low, high = min(low for low, _ in ends), max(high for _, high in ends)
    return (high - low) / np.iinfo(np.uint16).max or 1.0, low


def _stored(values: NDArray[np.generic], slope: float, intercept: float) -> NDArray[np.uint16]:
    scaled = (values.astype(np.float64) - intercept) / slope
    return np.rint(np.clip(np.nan_to_num(scaled), 0, np.iinfo(np.uint16).max)).astype(np.uint16)


def _values_text(volume: Volume, slope: float, intercept: float) -> str:
    geometry, unit = volume.geometry, volume.intensity
    i_mm, j_mm = geometry.spacing_ij_mm
    size = f"{i_mm:g} mm across, {j_mm:g} mm down" if geometry.has_millimetres else "not known"
    kind = unit.unit.value if unit.is_trusted else f"{unit.unit.value}, not to be relied on"
    is_exact = volume.voxels.dtype == np.int16
    lines = (
        "Stored values as 16-bit gray, written by Prelim. Not for diagnosis.",
        f"value = pixel x {slope:.9g} + {intercept:.9g}",
        f"unit: {kind}",
        "every value is exact" if is_exact else f"values are rounded to steps of {slope:.3g}",
        f"size of a pixel: {size}",
        f"thickness of a slice: {volume.thickness_mm:g} mm",
    )
    return "\n".join(lines) + "\n"
