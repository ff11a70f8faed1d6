"""Hold the images that a file describes against the images whose pixels it holds."""

from __future__ import annotations

from collections.abc import Sequence

from workstation.core.verdict import Doubt
from workstation.dicom.codecs import NATIVE_SYNTAXES
from workstation.dicom.frames import Frame, PixelLayout
from workstation.dicom.headers import Header


def whole_frames(held_bytes: int, layout: PixelLayout, count: int) -> int:
    """Return how many frames of a native object are whole; 0 where none of several is.

    Args:
        held_bytes: bytes of pixels that are there.
        layout: how they are stored.
        count: frames that the header describes.
    """
    if layout.bits_allocated % 8 or layout.frame_bytes == 0:
        return 0
    whole = min(held_bytes // layout.frame_bytes, count)
    return whole if count > 1 else 0


def doubt_of_frames(header: Header, frames: Sequence[Frame], described: int) -> Doubt | None:
    """Return a doubt where a file holds fewer or more images than its header describes.

    Args:
        header: the header of the file.
        frames: what was read of it, at least one.
        described: how many images the header speaks of.
    """
    there = len({frame.index for frame in frames})
    if there < described:
        text = f"A file is cut: {there} of its {described} images are there and shown."
        return Doubt("frames_cut", text)
    layout = frames[0].imaging.layout
    if header.pixel is None or layout.transfer_syntax not in NATIVE_SYNTAXES:
        return None
    held = header.pixel.length // layout.frame_bytes
    if held > described:
        text = (
            f"A file holds pixels for {held} images, but describes {described}: "
            "what is not described is not shown."
        )
        return Doubt("undescribed_pixels", text)
    return None
