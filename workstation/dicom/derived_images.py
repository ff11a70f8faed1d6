r"""Writing enhanced voxels as a derived series that any PACS can tell from the original.

New series and instance UIDs, ``DERIVED\SECONDARY``, what was done in words and codes, every source
image named; geometry, frame of reference, acquisition and lossy history as in the source headers.
A series of single images becomes single images, an enhanced multi-frame object becomes one.
"""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pydicom.uid import generate_uid

from workstation.core.errors import InputRefusedError
from workstation.dicom.derived_marks import Headers
from workstation.dicom.derived_multiframe import MULTIFRAME_CLASSES, multiframe_image
from workstation.dicom.derived_pixels import Scale, scale_of
from workstation.dicom.derived_single import SINGLE_CLASSES, single_image
from workstation.dicom.derived_values import (
    Derivation,
    DerivedSeries,
    DerivedSlice,
    SourceFrame,
)

__all__ = [
    "Derivation",
    "DerivedSeries",
    "DerivedSlice",
    "SourceFrame",
    "check_folder",
    "check_source",
    "write_derived_series",
]


def write_derived_series(
    series: DerivedSeries, slices: Sequence[DerivedSlice], folder: Path
) -> tuple[Path, ...]:
    """Write the slices as one new series into a folder and return the files in their order.

    The series appears whole or not at all, and never in the place of another file, even if two
    runs write into the folder at once.

    Returns:
        A file per slice; one for all of them where the source is multi-frame.

    Raises:
        InputRefusedError: a source header is gone, or is of a class no derived copy is written
            of, or the folder cannot be written.
    """
    with _refused_by_system():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".prelim-") as part:
            return _moved(_written(series, slices, Path(part)), folder)


def check_source(path: Path) -> None:
    """Refuse a source image of which no derived copy can be written, before any work is done.

    Raises:
        InputRefusedError: its header is gone, or it is of another class.
    """
    _headers().get(path)


def check_folder(folder: Path) -> None:
    """Refuse a folder that cannot be written to, before any work is done; it is made if absent.

    Raises:
        InputRefusedError: it cannot be made or written to.
    """
    with _refused_by_system():
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()


@contextmanager
def _refused_by_system() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise InputRefusedError(
            "The derived series cannot be written",
            why=error.strerror or "the folder cannot be written",
            todo="Free space or choose another folder",
        ) from error


def _headers() -> Headers:
    return Headers(SINGLE_CLASSES | MULTIFRAME_CLASSES)


def _written(
    series: DerivedSeries, slices: Sequence[DerivedSlice], folder: Path
) -> tuple[Path, ...]:
    headers = _headers()
    scale = scale_of([piece.voxels for piece in slices])
    first = headers.get(slices[0].header.path)
    if first.SOPClassUID in SINGLE_CLASSES:
        return _written_singly(series, slices, headers, scale, folder)
    path = folder / "00001.dcm"
    multiframe_image(series, slices, headers, scale).save_as(path, enforce_file_format=True)
    return (path,)


def _written_singly(
    series: DerivedSeries,
    slices: Sequence[DerivedSlice],
    headers: Headers,
    scale: Scale,
    folder: Path,
) -> tuple[Path, ...]:
    series_uid, first = generate_uid(prefix=None), headers.get(slices[0].header.path)
    written = []
    for number, piece in enumerate(slices, start=1):
        dataset = single_image(series, piece, headers, scale, series_uid=series_uid, first=first)
        dataset.InstanceNumber = number
        path = folder / f"{number:05d}.dcm"
        dataset.save_as(path, enforce_file_format=True)
        written.append(path)
    return tuple(written)


def _moved(written: Sequence[Path], folder: Path) -> tuple[Path, ...]:
    """Move files to names that no file has; all of them, or, if it is stopped, none."""
    places = _claimed(folder, len(written))
    try:
        for path, place in zip(written, places, strict=True):
            path.replace(place)
    except BaseException:  # a stop by the keyboard as well
        _release(places)
        raise
    return tuple(places)


def _claimed(folder: Path, count: int) -> list[Path]:
    """Return names that were free and are now taken: 00001.dcm and on, or 2-00001.dcm and on ..."""
    for turn in itertools.count(1):
        prefix = "" if turn == 1 else f"{turn}-"
        claimed: list[Path] = []
        try:
            for number in range(1, count + 1):
                place = folder / f"{prefix}{number:05d}.dcm"
                place.touch(exist_ok=False)
                claimed.append(place)
        except FileExistsError:
            _release(claimed)
        except BaseException:
            _release(claimed)
            raise
        else:
            return claimed
    raise AssertionError("numbers do not end")


def _release(places: Sequence[Path]) -> None:
    for place in places:
        place.unlink(missing_ok=True)
