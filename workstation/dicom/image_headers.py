"""The header of an image that something written here names, mended so that it can be named."""

from __future__ import annotations

from pydicom import Dataset, config, dcmread

from workstation.core.errors import InputRefusedError
from workstation.dicom.derived_header import mend
from workstation.dicom.limits import LimitError
from workstation.dicom.sources import SourceFile

_NEEDED = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID")


def image_header(file: SourceFile) -> Dataset:
    """Return the header of an image without its pixels.

    Raises:
        InputRefusedError: it cannot be read, or lacks the identity by which others find it.
    """
    with config.disable_value_validation():
        try:
            with file.open() as opened:
                dataset = dcmread(opened, stop_before_pixels=True, force=True)
        except (OSError, LimitError) as error:
            raise InputRefusedError(
                "An image cannot be read again",
                why="its file is no longer there",
                todo="Open the study again",
            ) from error
        if not all(dataset.get(keyword) for keyword in _NEEDED):
            raise InputRefusedError(
                "An image cannot be named",
                why="its header lacks the identity by which others would find it",
                todo="Leave it out",
            )
        mend(dataset)
    return dataset
