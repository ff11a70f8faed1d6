"""Save how a series is seen now as a DICOM presentation state; the images stay as they are."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from workstation.core.presentation import PresentationState
from workstation.dicom.presentation_images import presented_images, presented_source
from workstation.dicom.presentation_state_writer import build_presentation_state
from workstation.dicom.structured_report import to_bytes
from workstation.services.report_files import write_atomically

if TYPE_CHECKING:
    from workstation.core.image_stack import ImageStack

__all__ = ["save_presentation_state"]


def save_presentation_state(
    display_set: ImageStack,
    state: PresentationState,
    path: Path,
    *,
    made_at: datetime,
    version: str,
) -> None:
    """Write a presentation state to a file.

    Args:
        display_set: the stack on show; each of its slices is named.
        state: the look, in the unit of its volume, with its creator.
        path: the file to write.
        made_at: aware; when.
        version: of this program.

    Raises:
        InputRefusedError: such images have no presentation state, one cannot be read, or the
            place not be written.
    """
    images = presented_images(display_set)
    header = presented_source(display_set)
    made = build_presentation_state(header, images, state, made_at=made_at, version=version)
    write_atomically(path, to_bytes(made))
