"""Save the images a reader marked as a DICOM key object selection."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from workstation.core.errors import InputRefusedError
from workstation.core.study_objects import KeyImage
from workstation.dicom.key_objects import KeySource, build_key_objects
from workstation.dicom.sources import from_reference
from workstation.dicom.structured_report import to_bytes
from workstation.services.report_files import write_atomically

if TYPE_CHECKING:
    from workstation.services.import_studies import ImportedStudy

__all__ = ["save_key_images"]


def save_key_images(
    study: ImportedStudy,
    keys: tuple[KeyImage, ...],
    path: Path,
    *,
    reader: str,
    made_at: datetime,
) -> None:
    """Write a key object selection to a file.

    Args:
        study: the study that holds the images; others are left out.
        keys: what is marked.
        path: the file to write.
        reader: who marked them.
        made_at: aware; when.

    Raises:
        InputRefusedError: no image is marked, one cannot be read, or the place not be written.
    """
    files = {
        uid: file
        for series in study.series
        for one in series.display_sets
        for uid, file in zip(one.instance_uids, one.files, strict=False)
    }
    try:
        sources = [
            KeySource(from_reference(files[key.instance_uid]), key.frames)
            for key in keys
            if key.instance_uid in files
        ]
    except FileNotFoundError as error:
        raise InputRefusedError(
            "A key image cannot be read again",
            why="its file is no longer there",
            todo="Open the study again",
        ) from error
    write_atomically(path, to_bytes(build_key_objects(sources, reader=reader, made_at=made_at)))
