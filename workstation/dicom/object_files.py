"""Read a whole object that is no image into a data set, within limits.

Source: PS3.4 B.5, the storage classes of segmentations, structure sets and structured reports.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workstation.core.memory import MIB
from workstation.dicom.limits import LimitError
from workstation.dicom.sources import SourceFile

if TYPE_CHECKING:  # it takes half a second to import, which no first image should wait for
    from pydicom.dataset import Dataset

MAX_OBJECT_BYTES = 1024 * MIB
"""Largest object read whole; 100 organs over 1,000 slices of 512 x 512 bits need 800 MiB."""

SEGMENTATION = "1.2.840.10008.5.1.4.1.1.66.4"
LABEL_MAP = "1.2.840.10008.5.1.4.1.1.66.7"
STRUCTURE_SET = "1.2.840.10008.5.1.4.1.1.481.3"
KEY_OBJECTS = "1.2.840.10008.5.1.4.1.1.88.59"
_REPORTS = "1.2.840.10008.5.1.4.1.1.88."
_LOOKS = "1.2.840.10008.5.1.4.1.1.11."

KINDS: dict[str, str] = {
    SEGMENTATION: "segmentation",
    LABEL_MAP: "label map",
    STRUCTURE_SET: "structure set",
    KEY_OBJECTS: "key images",
}
"""What an object is, in words, by its SOP class."""


class ObjectReadError(Exception):
    """An object cannot be read; the text is a sentence for people without names or UIDs."""


@dataclass(frozen=True, slots=True)
class FoundObject:
    """An object that came with images, not read yet.

    Attributes:
        sop_class_uid: what it is.
        file: where it is.
    """

    sop_class_uid: str
    file: SourceFile

    @property
    def kind(self) -> str:
        """What it is, in words."""
        if is_presentation_state(self.sop_class_uid):
            return "presentation state"
        return KINDS.get(self.sop_class_uid, "structured report")


def is_listed(sop_class_uid: str) -> bool:
    """Whether objects of a SOP class are listed under Objects."""
    return sop_class_uid in KINDS or sop_class_uid.startswith((_REPORTS, _LOOKS))


def is_presentation_state(sop_class_uid: str) -> bool:
    """Whether objects of a SOP class say how images are meant to be seen."""
    return sop_class_uid.startswith(_LOOKS)


def read_object(file: SourceFile) -> Dataset:
    """Return the whole data set of a file; a missing preamble is forgiven.

    Raises:
        ObjectReadError: it cannot be read, or is larger than the limit.
    """
    from pydicom import dcmread  # slow, see above

    try:
        with file.open() as opened:
            size = opened.seek(0, 2)
            opened.seek(0)
            dataset = dcmread(opened, force=True) if size <= MAX_OBJECT_BYTES else None
    except (OSError, LimitError) as error:
        raise ObjectReadError("The file cannot be read.") from error
    except Exception as error:
        # Untrusted data: pydicom raises what it meets.
        raise ObjectReadError("The file is damaged.") from error
    if dataset is None:
        raise ObjectReadError("It is larger than 1 GiB.")
    return dataset
