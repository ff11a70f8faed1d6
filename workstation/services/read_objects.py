"""Read what came with the images of a study: segmentations, structure sets, reports, key images."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from workstation.core.job import CancelToken
from workstation.core.presentation import PresentationState
from workstation.core.study_objects import (
    ReadableDocument,
    RegionObject,
    StudyObjects,
    UnreadObject,
)
from workstation.dicom.object_reader import read_one
from workstation.dicom.presentation_windows import rescales_of

if TYPE_CHECKING:
    from workstation.services.import_studies import ImportedStudy

logger = logging.getLogger(__name__)

__all__ = ["read_objects"]


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
    looks: list[PresentationState] = []
    rescale_of = rescales_of(each for one in study.series for each in one.display_sets)
    for series in (*study.series, *study.documents):
        for found in series.objects:
            token.raise_if_cancelled()
            match read_one(found, rescale_of):
                case RegionObject() as region_object:
                    regions.append(region_object)
                case ReadableDocument() as document:
                    documents.append(document)
                case PresentationState() as look:
                    looks.append(look)
                case UnreadObject() as refused:
                    unread.append(refused)
    count = len(regions) + len(documents) + len(looks) + len(unread)
    logger.info("read %d objects beside images, %d refused", count, len(unread))
    return StudyObjects(tuple(regions), tuple(documents), tuple(unread), tuple(looks))
