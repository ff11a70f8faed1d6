"""Save the reader's marks of a study as a DICOM measurement report (TID 1500)."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from workstation.core.errors import InputRefusedError
from workstation.core.mark_record import MarkRecord
from workstation.dicom.image_headers import image_header
from workstation.dicom.measurement_report_writer import (
    PlacedMark,
    build_measurement_report,
    holds_value,
)
from workstation.dicom.sources import from_reference
from workstation.dicom.structured_report import to_bytes
from workstation.services.report_files import write_atomically

if TYPE_CHECKING:
    from workstation.core.image_stack import ImageStack
    from workstation.services.import_studies import ImportedStudy

__all__ = ["save_measurements"]


def save_measurements(
    study: ImportedStudy,
    records: tuple[MarkRecord, ...],
    path: Path,
    *,
    reader: str,
    made_at: datetime,
    version: str,
) -> tuple[MarkRecord, ...]:
    """Write a measurement report to a file; return the marks that are not in it.

    Args:
        study: the study the marks belong to.
        records: the marks; notes and arrows hold no value and are left out.
        path: the file to write.
        reader: who measured.
        made_at: aware; when.
        version: of this program.

    Raises:
        InputRefusedError: there is nothing to write, an image cannot be read again, or the place
            not be written.
    """
    stacks = {
        (uid, frame): (one, k)
        for series in study.series
        for one in series.display_sets
        for k, (uid, frame) in enumerate(zip(one.instance_uids, one.frame_numbers, strict=False))
    }
    placed, left_out = [], []
    for record in records:
        mark = record.measurement
        found = stacks.get((mark.instance_uid, mark.frame_number))
        if found is None or not holds_value(mark):
            left_out.append(record)
        else:
            placed.append(_placed(record, *found))
    made = build_measurement_report(placed, reader=reader, made_at=made_at, version=version)
    write_atomically(path, to_bytes(made))
    return tuple(left_out)


def _placed(record: MarkRecord, stack: ImageStack, k: int) -> PlacedMark:
    geometry = stack.geometry
    if not stack.files:
        raise InputRefusedError(
            "Measurements cannot be saved as SR",
            why="these images did not come as DICOM",
            todo="Export the picture instead",
        )
    try:
        header = image_header(from_reference(stack.files[k]))
    except FileNotFoundError as error:
        raise InputRefusedError(
            "An image cannot be read again",
            why="its file is no longer there",
            todo="Open the study again",
        ) from error
    away = np.array(record.measurement.points_mm) - geometry.positions_mm[k]
    columns = away @ geometry.row_cosines / geometry.spacing_ij_mm[0]
    rows = away @ geometry.column_cosines / geometry.spacing_ij_mm[1]
    uid = geometry.frame_of_reference_uid if geometry.is_placed else ""
    return PlacedMark(record, header, np.stack([columns, rows], axis=-1), uid)
