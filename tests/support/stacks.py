"""A stack of DICOM images out of what may also be a volume or a picture."""

from __future__ import annotations

from collections.abc import Iterable

from workstation.core.image_stack import ImageStack
from workstation.dicom.display_sets import DisplaySet


def dicom_stack(stack: ImageStack) -> DisplaySet:
    """Return the stack as the DICOM display set that it has to be."""
    assert isinstance(stack, DisplaySet)
    return stack


def dicom_stacks(stacks: Iterable[ImageStack]) -> list[DisplaySet]:
    """Return all of them as DICOM display sets."""
    return [dicom_stack(stack) for stack in stacks]
