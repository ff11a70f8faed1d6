"""Read how a display set was acquired out of its first frame."""

from __future__ import annotations

import math

from workstation.core.acquisition import Acquisition
from workstation.core.image_stack import ImageStack
from workstation.dicom.display_sets import DisplaySet
from workstation.dicom.distinctions import DISTINCTIONS
from workstation.dicom.tags import Tag

_PLACES = {one.tag: place for place, one in enumerate(DISTINCTIONS)}


def acquisition_of(stack: ImageStack) -> Acquisition:
    """Return how a stack was acquired; nothing is known of one that came without DICOM."""
    if not isinstance(stack, DisplaySet):
        return Acquisition()
    contrast = stack.frames[0].imaging.contrast

    def other(tag: Tag) -> str:
        return contrast.others[_PLACES[tag]] if contrast.others else ""

    sequences = (other(Tag.SEQUENCE_NAME), other(Tag.SCANNING_SEQUENCE))
    return Acquisition(
        b_value=contrast.b_value,
        echo_time_ms=contrast.echo_time_ms,
        repetition_time_ms=_number(other(Tag.REPETITION_TIME)),
        inversion_time_ms=contrast.inversion_time_ms,
        sequence=" ".join(text for text in sequences if text),
        kernel=contrast.kernel,
        contrast_agent=other(Tag.CONTRAST_BOLUS_AGENT),
    )


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
