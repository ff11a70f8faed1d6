"""Proposed slices as DICOM files: a series of their own whose images say what was not scanned.

Scanned slices are not copied. Nothing but the slices with proposed voxels is written, so that no
archive can take the series for the one that was scanned.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from workstation.core.errors import InputRefusedError
from workstation.core.filled import FILLED_MARK, Filled
from workstation.dicom.derived_images import (
    Derivation,
    DerivedSeries,
    DerivedSlice,
    SourceFrame,
    check_folder,
    check_source,
    write_derived_series,
)
from workstation.services.fill_gaps import FilledSeries

TITLE = "proposed, not scanned"
"""What the series is, for its description."""

REACH = 2
"""Slices on each side that a proposed one is made from."""


def check_filled_can_be_written(
    files: tuple[Path, ...], frame_numbers: tuple[int, ...], folder: Path
) -> None:
    """Refuse a series of which no proposed slices can be written, before the model runs.

    Args:
        files: file of each slice, as DisplaySet.files gives them.
        frame_numbers: frame of each slice; 0 where its file holds one image.
        folder: where it will be written; made if it is not there.

    Raises:
        InputRefusedError: its headers are gone, it is not of single CT or MR images, or the folder
            cannot be written.
    """
    if not files or any(frame_numbers):
        raise InputRefusedError(
            "The proposed slices cannot be written",
            why="they can be made of series of single CT or MR images only",
            todo="Look at them in the window",
        )
    check_source(files[0])
    check_folder(folder)


def write_filled(
    made: FilledSeries, *, files: tuple[Path, ...], folder: Path, program: str, now: datetime
) -> tuple[Path, ...]:
    """Write the slices with proposed voxels as a series of their own and return its files.

    Args:
        made: what was proposed.
        files: file of each scanned slice, as DisplaySet.files gives them.
        folder: where to; made if it is not there.
        program: name and version of this program.
        now: present time, aware.

    Raises:
        InputRefusedError: the source headers are gone or not of single CT or MR images.
    """
    if len(files) != len(made.source.voxels):
        raise ValueError("one source file per slice is needed")
    filled = made.volume.filled
    if filled is None:
        raise ValueError("nothing was proposed")
    series = DerivedSeries(
        derivation=Derivation(
            is_resampling=True,
            pack=made.result.pack,
            title=TITLE,
            strength=1.0,
            sigma=0.0,
            unit=made.source.intensity.unit.value,
            provider=made.result.figures.provider,
        ),
        thickness_mm=None,
        padding=made.source.intensity.outside,
        program=program,
        now=now,
    )
    slices = [_slice(made, filled, files, k) for k in filled.touched_slices]
    return write_derived_series(series, slices, folder)


def _slice(made: FilledSeries, filled: Filled, files: tuple[Path, ...], k: int) -> DerivedSlice:
    order = made.source_index
    first, last = max(k - REACH, 0), min(k + REACH + 1, len(order))
    sources = [SourceFrame(files[n]) for n in order[first:last] if n is not None]
    own = order[k]
    header = sources[0] if own is None else SourceFrame(files[own])
    return DerivedSlice(
        made.volume.voxels[k],
        made.volume.geometry.positions_mm[k],
        header,
        tuple(dict.fromkeys((header, *sources))),
        comment=filled_comment(filled, k),
        marks=(FILLED_MARK,),
    )


def filled_comment(filled: Filled, k: int) -> str:
    """Return what an image says of its proposed voxels; rows and columns count from 1."""
    rule = "proposed by a model and not scanned. Not for measuring."
    if k in filled.whole_slices:
        return f"This whole image was {rule}"
    parts = [
        f"rows {box.rows[0] + 1} to {box.rows[1]}, columns {box.columns[0] + 1} to {box.columns[1]}"
        for box in filled.boxes_of(k)
    ]
    return f"Of this image {'; '.join(parts)} were {rule}"
