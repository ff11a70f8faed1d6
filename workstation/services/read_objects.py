"""Read what came with the images of a study: segmentations, structure sets, reports, key images."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from workstation.core.job import CancelToken
from workstation.core.study_objects import (
    ReadableDocument,
    RegionObject,
    StudyObjects,
    UnreadObject,
)
from workstation.dicom.measurement_reports import read_document
from workstation.dicom.object_files import (
    LABEL_MAP,
    SEGMENTATION,
    STRUCTURE_SET,
    FoundObject,
    ObjectReadError,
    read_object,
)
from workstation.dicom.segmentation import read_segmentation
from workstation.dicom.structure_sets import read_structure_set

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from workstation.services.import_studies import ImportedStudy

logger = logging.getLogger(__name__)

__all__ = ["read_objects", "read_one"]

_READERS: dict[str, Callable[[Dataset], RegionObject]] = {
    SEGMENTATION: read_segmentation,
    LABEL_MAP: read_segmentation,
    STRUCTURE_SET: read_structure_set,
}


def read_objects(study: ImportedStudy, *, cancel: CancelToken | None = None) -> StudyObjects:
    """Return every object of a study; what cannot be read is listed with the reason.

    Args:
        study: what was received.
        cancel: stops the reading between two objects.
    """
    token = cancel or CancelToken()
    regions: list[RegionObject] = []
    documents: list[ReadableDocument] = []
    unread: list[UnreadObject] = []
    for series in (*study.series, *study.documents):
        for found in series.objects:
            token.raise_if_cancelled()
            match read_one(found):
                case RegionObject() as one:
                    regions.append(one)
                case ReadableDocument() as one:
                    documents.append(one)
                case UnreadObject() as one:
                    unread.append(one)
    count = len(regions) + len(documents) + len(unread)
    logger.info("read %d objects beside images, %d refused", count, len(unread))
    return StudyObjects(tuple(regions), tuple(documents), tuple(unread))


def read_one(found: FoundObject) -> RegionObject | ReadableDocument | UnreadObject:
    """Return one object, or why it cannot be read."""
    try:
        dataset = read_object(found.file)
        reader = _READERS.get(found.sop_class_uid, read_document)
        return reader(dataset)
    except ObjectReadError as error:
        return UnreadObject(found.kind, str(error))
    except Exception as error:  # noqa: BLE001 untrusted data: a value of any kind may be anything
        logger.warning("an object beside images is damaged (%s)", type(error).__name__)
        return UnreadObject(found.kind, "It is damaged.")
