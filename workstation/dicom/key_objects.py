"""Write a key object selection: which images a reader marked.

Source: PS3.3 A.35.4 (Key Object Selection Document), PS3.16 TID 2010; IHE Key Image Note.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import highdicom
from highdicom import ko, sr
from pydicom import Dataset, config, dcmread
from pydicom.sr.codedict import codes

from workstation.core.errors import InputRefusedError
from workstation.dicom.character_sets import character_set
from workstation.dicom.derived_header import mend
from workstation.dicom.limits import LimitError
from workstation.dicom.sources import SourceFile
from workstation.dicom.structured_report import MANUFACTURER, person_name

SERIES_NUMBER = 991
"""Key images sort behind the report (990), and both behind the images."""

_NEEDED = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID")


@dataclass(frozen=True, slots=True, eq=False)
class KeySource:
    """An image to name.

    Attributes:
        file: its file.
        frames: which of its frames, from 1; empty for all.
    """

    file: SourceFile
    frames: tuple[int, ...] = ()


def build_key_objects(sources: Sequence[KeySource], *, reader: str, made_at: datetime) -> Dataset:
    """Return a selection titled "Of Interest" of images of one study, in their order.

    Args:
        sources: the images.
        reader: who marked them, as printed.
        made_at: aware; the content time.

    Raises:
        InputRefusedError: there is none, a file cannot be read, or it lacks its identity.
    """
    if not sources:
        raise InputRefusedError(
            "No key image is marked", why="there is nothing to save", todo="Mark one with K"
        )
    with config.disable_value_validation():
        images = [_header(source.file) for source in sources]
        observer = sr.ObserverContext(
            codes.DCM.Person, sr.PersonObserverIdentifyingAttributes(person_name(reader))
        )
        made = ko.KeyObjectSelectionDocument(
            evidence=_each_once(images),
            content=ko.KeyObjectSelection(
                codes.DCM.OfInterest, images, observer_person_context=observer
            ),
            series_instance_uid=highdicom.UID(),
            series_number=SERIES_NUMBER,
            sop_instance_uid=highdicom.UID(),
            instance_number=1,
            manufacturer=MANUFACTURER,
        )
        _name_frames(made, sources)
        made.SeriesDescription = "Key images"
        made.ContentDate = made_at.strftime("%Y%m%d")
        made.ContentTime = made_at.strftime("%H%M%S")
        made.TimezoneOffsetFromUTC = made_at.strftime("%z")
        made.SpecificCharacterSet = character_set(made)
    return made


def _header(file: SourceFile) -> Dataset:
    try:
        with file.open() as opened:
            dataset = dcmread(opened, stop_before_pixels=True, force=True)
    except (OSError, LimitError) as error:
        raise InputRefusedError(
            "A key image cannot be read again",
            why="its file is no longer there",
            todo="Open the study again",
        ) from error
    if not all(dataset.get(keyword) for keyword in _NEEDED):
        raise InputRefusedError(
            "A key image cannot be named",
            why="its header lacks the identity by which others would find it",
            todo="Leave it out",
        )
    mend(dataset)
    return dataset


def _each_once(images: Sequence[Dataset]) -> list[Dataset]:
    return list({str(image.SOPInstanceUID): image for image in images}.values())


def _name_frames(made: Dataset, sources: Sequence[KeySource]) -> None:
    """Name frames, and take away the purpose, which TID 2010 does not have for images."""
    items = [item for item in made.ContentSequence if item.ValueType == "IMAGE"]
    for item, source in zip(items, sources, strict=True):
        if "ConceptNameCodeSequence" in item:
            del item.ConceptNameCodeSequence
        if source.frames:
            item.ReferencedSOPSequence[0].ReferencedFrameNumber = list(source.frames)
