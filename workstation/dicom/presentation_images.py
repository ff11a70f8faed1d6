"""The images that a presentation state written here is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydicom import Dataset, dcmread

from workstation.core.errors import InputRefusedError
from workstation.dicom.display_sets import DisplaySet
from workstation.dicom.limits import LimitError
from workstation.dicom.presentation_state_writer import PresentedImage

if TYPE_CHECKING:
    from workstation.core.image_stack import ImageStack


def presented_images(display_set: ImageStack) -> list[PresentedImage]:
    """Return every slice of a stack.

    Raises:
        InputRefusedError: a grayscale presentation state cannot be about such images.
    """
    if not isinstance(display_set, DisplaySet):
        raise _refused("these images did not come as DICOM")
    if display_set.is_color:
        raise _refused("these images are in color, and a grayscale state is about gray ones")
    if any(frame.tile is not None for frame in display_set.frames):
        raise _refused("these slices are parts of one image (a mosaic)")
    return [
        PresentedImage(
            frame.instance_uid,
            frame.frame_number,
            frame.imaging.sop_class_uid,
            frame.imaging.rescale,
        )
        for frame in display_set.frames
    ]


def presented_source(display_set: ImageStack) -> Dataset:
    """Return the header of one slice of a stack.

    Raises:
        InputRefusedError: it cannot be read again.
    """
    if not isinstance(display_set, DisplaySet):
        raise _refused("these images did not come as DICOM")
    frame = display_set.frames[0]
    try:
        with frame.file.open() as opened:
            return dcmread(opened, stop_before_pixels=True, force=True)
    except (OSError, LimitError) as error:
        raise _refused("a file of theirs is no longer there") from error


def _refused(why: str) -> InputRefusedError:
    return InputRefusedError(
        "The view cannot be saved as a presentation state",
        why=why,
        todo="Export the picture, or save measurements as SR",
    )
