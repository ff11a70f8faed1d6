"""Turn a header into frames; what neighbours share is read once for all of them."""

from __future__ import annotations

from dataclasses import replace

from workstation.dicom import functional_groups, mosaics
from workstation.dicom.codecs import NATIVE_SYNTAXES, reason_not_decodable
from workstation.dicom.elements import DamagedError, DataEndsError
from workstation.dicom.frame_account import whole_frames
from workstation.dicom.frames import (
    Frame,
    Imaging,
    PixelLayout,
    Timing,
    Vector,
)
from workstation.dicom.headers import Header, HeaderError
from workstation.dicom.imaging_reader import read_imaging, sharing_key
from workstation.dicom.limits import MAX_COMPRESSION_RATIO, LimitError, check_frame
from workstation.dicom.sop_classes import DICOMDIR, reason_not_an_image
from workstation.dicom.stored_pixels import native_size
from workstation.dicom.tags import Tag

_VIDEO = "1.2.840.10008.1.2.4.10"
"""How the UIDs of the MPEG and HEVC transfer syntaxes begin (.100 to .108)."""


class FrameReader:
    """Makes frames out of headers. Keeps what was read for reuse; one thread at a time."""

    def __init__(self) -> None:
        self._imaging: dict[tuple[object, ...], Imaging] = {}

    def read(self, header: Header) -> tuple[Frame, ...]:
        """Return the frames of a file, in the order in which they are stored.

        Raises:
            HeaderError: the object is no image, or its pixels cannot be what it claims.
        """
        sop_class = header.text(Tag.SOP_CLASS_UID)
        reason = reason_not_an_image(sop_class or _meta_class_of(header))
        if reason:
            raise HeaderError(reason)
        if header.pixel is None:
            raise HeaderError("the file holds no pixel data")
        if header.pixel.tag != 0x7FE00010:
            raise HeaderError("its pixels are floating point numbers, which are not shown")
        if header.transfer_syntax.startswith(_VIDEO):
            raise HeaderError("this is a video, not an image")
        if reason := reason_not_decodable(header.transfer_syntax):
            raise HeaderError(reason)
        try:
            return self._frames(header)
        except DamagedError as error:
            raise HeaderError(f"the file is damaged: {error}") from error
        except DataEndsError as error:
            raise HeaderError("the file is damaged: a sequence inside it is cut") from error

    def _frames(self, header: Header) -> tuple[Frame, ...]:
        base = self.imaging(header)
        count = header.whole(Tag.NUMBER_OF_FRAMES, default=1) or 1
        whole = check_pixels(header, base.layout, count)
        single = single_frame(header, base)
        if Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE in header.values:
            enhanced = replace(single, frame_count=count)
            return functional_groups.frames(header, enhanced, count, self.imaging)[:whole]
        if count > 1:
            return _plain_frames(single, whole)
        return mosaics.unfold(header, single) or (single,)

    def imaging(self, header: Header) -> Imaging:
        """Return what a header says beside position and time; shared between equal headers.

        Raises:
            HeaderError: the size or the bits of the image are missing or impossible.
        """
        key = sharing_key(header)
        found = self._imaging.get(key)
        if found is None:
            found = self._imaging[key] = read_imaging(header)
        return found


def single_frame(header: Header, imaging: Imaging) -> Frame:
    """Return the one frame of a classic object."""
    if header.pixel is None:
        raise HeaderError("the file holds no pixel data")
    return Frame(
        file=header.file,
        instance_uid=header.text(Tag.SOP_INSTANCE_UID),
        instance_number=header.whole(Tag.INSTANCE_NUMBER),
        index=0,
        frame_count=0,
        pixel_offset=header.pixel.offset,
        pixel_bytes=header.pixel.length,
        position=vector(header.numbers(Tag.IMAGE_POSITION_PATIENT)),
        frame_of_reference_uid=header.text(Tag.FRAME_OF_REFERENCE_UID),
        imaging=imaging,
        timing=_timing(header),
    )


def vector(numbers: tuple[float, ...]) -> Vector | None:
    """Return three numbers as a position; None where there are not three."""
    return (numbers[0], numbers[1], numbers[2]) if len(numbers) == 3 else None


def check_pixels(header: Header, layout: PixelLayout, count: int) -> int:
    """Hold the claimed size of the pixels against the bytes that are there.

    Returns:
        How many frames to read: ``count``, or fewer where a file of several frames is cut.

    Raises:
        HeaderError: they cannot be.
    """
    if header.pixel is None:
        raise HeaderError("the file holds no pixel data")
    try:
        check_frame(layout.frame_bytes, count)
    except LimitError as error:
        raise HeaderError(f"the file was refused: {error}") from error
    there = header.size_bytes - header.pixel.offset
    claimed = sum(native_size(layout, count - 1))
    if layout.transfer_syntax in NATIVE_SYNTAXES:
        held = there if header.pixel.length < 0 else min(there, header.pixel.length)
        if held < claimed and (whole := whole_frames(held, layout, count)):
            return whole
        if held < claimed:
            raise HeaderError(
                f"the file is cut: it holds {held} of the {claimed} bytes of its pixels"
            )
    elif header.pixel.length > there or there <= 0:
        raise HeaderError("the file is cut: it ends inside its compressed pixels")
    elif claimed > there * MAX_COMPRESSION_RATIO:
        raise HeaderError("the file was refused: it claims far more pixels than it can hold")
    return count


def _plain_frames(single: Frame, count: int) -> tuple[Frame, ...]:
    """Return the frames of a multi-frame object without functional groups (cine, US, NM)."""
    return tuple(
        replace(single, index=index, frame_count=count, position=None) for index in range(count)
    )


def _meta_class_of(header: Header) -> str:
    """A DICOMDIR names its class only in the file meta information; its records are telling."""
    return DICOMDIR if Tag.DIRECTORY_RECORD_SEQUENCE in header.values else ""


def _timing(header: Header) -> Timing:
    return Timing(
        header.text(Tag.TEMPORAL_POSITION_IDENTIFIER),
        header.text(Tag.TRIGGER_TIME),
        header.text(Tag.ACQUISITION_NUMBER),
        header.text(Tag.ACQUISITION_DATE_TIME) or header.text(Tag.ACQUISITION_TIME),
        header.text(Tag.CONTENT_TIME),
    )
