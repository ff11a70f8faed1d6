"""Read one object that is no image, whatever it is, or say why it cannot be read."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from workstation.core.presentation import PresentationState
from workstation.core.study_objects import ReadableDocument, RegionObject, UnreadObject
from workstation.dicom.measurement_reports import read_document
from workstation.dicom.object_files import (
    LABEL_MAP,
    SEGMENTATION,
    STRUCTURE_SET,
    FoundObject,
    ObjectReadError,
    is_presentation_state,
    read_object,
)
from workstation.dicom.presentation_state import read_presentation_state
from workstation.dicom.presentation_windows import RescaleOf
from workstation.dicom.segmentation import read_segmentation
from workstation.dicom.structure_sets import read_structure_set

logger = logging.getLogger(__name__)


def no_rescale(_instance_uid: str) -> None:
    """Say of every image that it is not in the study."""


def read_one(
    found: FoundObject, rescale_of: RescaleOf = no_rescale
) -> RegionObject | ReadableDocument | PresentationState | UnreadObject:
    """Return one object, or why it cannot be read.

    Args:
        found: the object.
        rescale_of: gives the rescale of images of the study, for presentation states.
    """
    with _quiet():
        return _read(found, rescale_of)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep pydicom from quoting a damaged header in logs and warnings; it may hold a name."""
    library = logging.getLogger("pydicom")
    level = library.level
    library.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        library.setLevel(level)


def _read(
    found: FoundObject, rescale_of: RescaleOf
) -> RegionObject | ReadableDocument | PresentationState | UnreadObject:
    try:
        dataset = read_object(found.file)
        if is_presentation_state(found.sop_class_uid):
            return read_presentation_state(dataset, rescale_of)
        if found.sop_class_uid in (SEGMENTATION, LABEL_MAP):
            return read_segmentation(dataset)
        if found.sop_class_uid == STRUCTURE_SET:
            return read_structure_set(dataset)
        return read_document(dataset)
    except ObjectReadError as error:
        return UnreadObject(found.kind, str(error))
    except Exception as error:  # noqa: BLE001 untrusted data: a value of any kind may be anything
        logger.info("an object beside images is damaged (%s)", type(error).__name__)
        return UnreadObject(found.kind, "It is damaged.")
