"""Turn a header into frames; what neighbours share is read once for all of them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from workstation.core.intensity import Window, WindowFunction
from workstation.dicom import functional_groups, mosaics
from workstation.dicom.codecs import NATIVE_SYNTAXES, can_decode
from workstation.dicom.diffusion import b_value, gradient
from workstation.dicom.distinctions import DISTINCTIONS, distinctions
from workstation.dicom.elements import DamagedError, DataEndsError, Wanted, items, scan
from workstation.dicom.frames import (
    Contrast,
    Frame,
    Imaging,
    LookupTable,
    PixelLayout,
    Rescale,
    Timing,
    Vector,
)
from workstation.dicom.headers import Header, HeaderError
from workstation.dicom.limits import MAX_COMPRESSION_RATIO, LimitError, check_frame
from workstation.dicom.sop_classes import DICOMDIR, reason_not_an_image
from workstation.dicom.tags import Tag

_VIDEO = "1.2.840.10008.1.2.4.10"
"""How the UIDs of the MPEG and HEVC transfer syntaxes begin (.100 to .108)."""

_LUT_TAGS = Wanted(frozenset({Tag.LUT_DESCRIPTOR, Tag.LUT_DATA, Tag.MODALITY_LUT_TYPE}))

_SHARED_TAGS = (
    Tag.ROWS,
    Tag.COLUMNS,
    Tag.SAMPLES_PER_PIXEL,
    Tag.PHOTOMETRIC_INTERPRETATION,
    Tag.PLANAR_CONFIGURATION,
    Tag.BITS_ALLOCATED,
    Tag.BITS_STORED,
    Tag.HIGH_BIT,
    Tag.PIXEL_REPRESENTATION,
    Tag.RESCALE_SLOPE,
    Tag.RESCALE_INTERCEPT,
    Tag.RESCALE_TYPE,
    Tag.MODALITY_LUT_SEQUENCE,
    Tag.IMAGE_ORIENTATION_PATIENT,
    Tag.PIXEL_SPACING,
    Tag.IMAGER_PIXEL_SPACING,
    Tag.NOMINAL_SCANNED_PIXEL_SPACING,
    Tag.SLICE_THICKNESS,
    Tag.IMAGE_TYPE,
    Tag.ECHO_TIME,
    Tag.ECHO_NUMBERS,
    Tag.INVERSION_TIME,
    Tag.DIFFUSION_B_VALUE,
    Tag.DIFFUSION_GRADIENT_ORIENTATION,
    Tag.SIEMENS_B_VALUE,
    Tag.PHILIPS_B_VALUE,
    Tag.GE_B_VALUE,
    Tag.UIH_B_VALUE,
    Tag.UIH_GRADIENT,
    Tag.CREATOR_0019,
    Tag.CREATOR_0043,
    Tag.CREATOR_0051,
    Tag.CREATOR_2005,
    Tag.CREATOR_0065,
    Tag.CREATOR_2001,
    Tag.CONVOLUTION_KERNEL,
    Tag.PIXEL_PADDING_VALUE,
    Tag.PIXEL_PADDING_RANGE_LIMIT,
    Tag.WINDOW_CENTER,
    Tag.WINDOW_WIDTH,
    Tag.WINDOW_CENTER_WIDTH_EXPLANATION,
    Tag.VOI_LUT_FUNCTION,
    Tag.VOI_LUT_SEQUENCE,
    Tag.UNITS,
    Tag.SOP_CLASS_UID,
    Tag.BURNED_IN_ANNOTATION,
    Tag.LOSSY_IMAGE_COMPRESSION,
    Tag.LOSSY_IMAGE_COMPRESSION_RATIO,
    Tag.OVERLAY_ROWS,
    Tag.MANUFACTURER,
    Tag.SIEMENS_GRADIENT,
    Tag.GE_GRADIENT_X,
    Tag.GE_GRADIENT_Y,
    Tag.GE_GRADIENT_Z,
    *(one.tag for one in DISTINCTIONS if one.tag is not Tag.SLICE_THICKNESS),
)
"""What :class:`Imaging` is made of; equal bytes of these make one Imaging."""


class FrameReader:
    """Makes frames out of headers. Keeps what was read for reuse; one thread at a time."""

    def __init__(self) -> None:
        self._imaging: dict[tuple[object, ...], Imaging] = {}
        self._can_decode = cache(can_decode)

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
        if not self._can_decode(header.transfer_syntax):
            raise HeaderError("its pixels are coded in a way that this program cannot read")
        try:
            return self._frames(header)
        except DamagedError as error:
            raise HeaderError(f"the file is damaged: {error}") from error
        except DataEndsError as error:
            raise HeaderError("the file is damaged: a sequence inside it is cut") from error

    def _frames(self, header: Header) -> tuple[Frame, ...]:
        base = self.imaging(header)
        count = header.whole(Tag.NUMBER_OF_FRAMES, default=1) or 1
        check_pixels(header, base.layout, count)
        single = single_frame(header, base)
        if Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE in header.values:
            enhanced = replace(single, frame_count=count)
            return functional_groups.frames(header, enhanced, count, self.imaging)
        if count > 1:
            return _plain_frames(single, count)
        return mosaics.unfold(header, single) or (single,)

    def imaging(self, header: Header) -> Imaging:
        """Return what a header says beside position and time; shared between equal headers.

        Raises:
            HeaderError: the size or the bits of the image are missing or impossible.
        """
        values = header.values
        key = (header.transfer_syntax, *map(values.get, _SHARED_TAGS))
        found = self._imaging.get(key)
        if found is None:
            found = self._imaging[key] = _imaging(header)
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


def check_pixels(header: Header, layout: PixelLayout, count: int) -> None:
    """Hold the claimed size of the pixels against the bytes that are there.

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
    claimed = layout.frame_bytes * count
    if layout.transfer_syntax in NATIVE_SYNTAXES:
        held = there if header.pixel.length < 0 else min(there, header.pixel.length)
        if held < claimed:
            raise HeaderError(
                f"the file is cut: it holds {held} of the {claimed} bytes of its pixels"
            )
    elif header.pixel.length > there or there <= 0:
        raise HeaderError("the file is cut: it ends inside its compressed pixels")
    elif claimed > there * MAX_COMPRESSION_RATIO:
        raise HeaderError("the file was refused: it claims far more pixels than it can hold")


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


def _imaging(header: Header) -> Imaging:
    layout = _layout(header)
    cosines = header.numbers(Tag.IMAGE_ORIENTATION_PATIENT)
    detector = Tag.IMAGER_PIXEL_SPACING, Tag.NOMINAL_SCANNED_PIXEL_SPACING
    return Imaging(
        layout=layout,
        rescale=_rescale(header, layout),
        orientation=cosines if len(cosines) == 6 and any(cosines) else None,
        spacing_mm=_spacing(header, Tag.PIXEL_SPACING),
        detector_spacing_mm=_spacing(header, detector[0]) or _spacing(header, detector[1]),
        thickness_mm=max(header.number(Tag.SLICE_THICKNESS) or 0.0, 0.0),
        contrast=_contrast(header),
        padding=_padding(header, Tag.PIXEL_PADDING_VALUE, layout),
        padding_limit=_padding(header, Tag.PIXEL_PADDING_RANGE_LIMIT, layout),
        windows=_windows(header),
        units=header.text(Tag.UNITS),
        sop_class_uid=header.text(Tag.SOP_CLASS_UID),
        marks=_marks(header),
    )


def _layout(header: Header) -> PixelLayout:
    rows, columns = header.word(Tag.ROWS), header.word(Tag.COLUMNS)
    if not rows or not columns:
        raise HeaderError("the file does not say how many rows and columns its image has")
    samples = header.word(Tag.SAMPLES_PER_PIXEL, default=1)
    allocated = header.word(Tag.BITS_ALLOCATED, default=16)
    stored = header.word(Tag.BITS_STORED, default=allocated)
    high_bit = header.word(Tag.HIGH_BIT, default=stored - 1)
    if samples not in (1, 3, 4) or allocated not in (1, 8, 12, 16, 32, 64):
        raise HeaderError("its pixels are stored in a way that the standard does not allow")
    if not 0 < stored <= allocated or not stored - 1 <= high_bit < allocated:
        raise HeaderError("the bits of its pixels contradict each other")
    return PixelLayout(
        rows=rows,
        columns=columns,
        samples=samples,
        photometric=header.text(Tag.PHOTOMETRIC_INTERPRETATION),
        bits_allocated=allocated,
        bits_stored=stored,
        high_bit=high_bit,
        is_signed=header.word(Tag.PIXEL_REPRESENTATION) == 1,
        is_planar=header.word(Tag.PLANAR_CONFIGURATION) == 1,
        transfer_syntax=header.transfer_syntax,
        is_little=header.encoding.is_little,
    )


def _rescale(header: Header, layout: PixelLayout) -> Rescale:
    slope = header.number(Tag.RESCALE_SLOPE)
    intercept = header.number(Tag.RESCALE_INTERCEPT)
    table = _table(header, layout)
    return Rescale(
        slope=1.0 if slope in (None, 0.0) else float(slope or 1.0),
        intercept=intercept or 0.0,
        is_stated=slope not in (None, 0.0) and intercept is not None,
        kind=table.kind if table else header.text(Tag.RESCALE_TYPE),
        table=table,
    )


def _table(header: Header, layout: PixelLayout) -> LookupTable | None:
    """Return the Modality LUT; PS3.3 C.11.1.1."""
    raw = header.values.get(Tag.MODALITY_LUT_SEQUENCE)
    if not raw:
        return None
    for start, end in items(raw, header.encoding):
        item = header.nested(scan(raw, start, header.encoding, _LUT_TAGS, end=end).values)
        descriptor = item.binary(Tag.LUT_DESCRIPTOR, "H")
        if len(descriptor) != 3:
            return None
        count, first, bits = int(descriptor[0]) or 65536, int(descriptor[1]), int(descriptor[2])
        if layout.is_signed and first > 32767:
            first -= 65536
        entries = item.binary(Tag.LUT_DATA, "H" if bits > 8 else "B")
        if bits <= 8 and len(entries) >= 2 * count:
            entries = item.binary(Tag.LUT_DATA, "H")
        if len(entries) < count:
            raise HeaderError("its table of values (Modality LUT) is incomplete")
        return LookupTable(
            first, tuple(map(int, entries[:count])), item.text(Tag.MODALITY_LUT_TYPE)
        )
    return None


def _spacing(header: Header, tag: Tag) -> tuple[float, float] | None:
    values = header.numbers(tag)
    return (values[0], values[1]) if len(values) == 2 and min(values) > 0 else None


def _contrast(header: Header) -> Contrast:
    return Contrast(
        image_type=header.texts(Tag.IMAGE_TYPE),
        echo_time_ms=header.number(Tag.ECHO_TIME),
        echo_number=header.text(Tag.ECHO_NUMBERS),
        inversion_time_ms=header.number(Tag.INVERSION_TIME),
        b_value=b_value(header),
        gradient=gradient(header),
        kernel="\\".join(header.texts(Tag.CONVOLUTION_KERNEL)),
        others=distinctions(header),
    )


def _padding(header: Header, tag: Tag, layout: PixelLayout) -> int | None:
    values = header.binary(tag, "h" if layout.is_signed else "H")
    return int(values[0]) if values else None


def _windows(header: Header) -> tuple[Window, ...]:
    """Return the VOI windows without repetitions; PS3.3 C.11.2.1.2."""
    centers, widths = header.numbers(Tag.WINDOW_CENTER), header.numbers(Tag.WINDOW_WIDTH)
    names = header.words(Tag.WINDOW_CENTER_WIDTH_EXPLANATION).split("\\")
    stated = header.text(Tag.VOI_LUT_FUNCTION)
    known = {function.value: function for function in WindowFunction}
    function = known.get(stated, WindowFunction.LINEAR)
    found: dict[tuple[float, float], Window] = {}
    for number, (center, width) in enumerate(zip(centers, widths, strict=False)):
        if width > 0 and (center, width) not in found:
            name = names[number].strip() if number < len(names) else ""
            found[center, width] = Window(center, width, name, function)
    return tuple(found.values())


def _marks(header: Header) -> tuple[str, ...]:
    marks = []
    if header.text(Tag.LOSSY_IMAGE_COMPRESSION) == "01":
        ratio = header.number(Tag.LOSSY_IMAGE_COMPRESSION_RATIO)
        marks.append(f"lossy:{ratio:g}" if ratio else "lossy:")
    if header.text(Tag.BURNED_IN_ANNOTATION) == "YES":
        marks.append("burned_in:")
    if Tag.OVERLAY_ROWS in header.values:
        marks.append("overlay:")
    if header.values.get(Tag.VOI_LUT_SEQUENCE):
        marks.append("voi_table:")
    return tuple(marks)
