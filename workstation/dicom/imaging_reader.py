"""Read out of a header what neighboring slices share: storage, meaning, gray scales, pixel size."""

from __future__ import annotations

import math

from workstation.core.verdict import Doubt
from workstation.dicom.codecs import NATIVE_SYNTAXES
from workstation.dicom.diffusion import b_value, gradient
from workstation.dicom.distinctions import DISTINCTIONS, distinctions
from workstation.dicom.elements import Wanted, items, scan
from workstation.dicom.frames import Contrast, Imaging, LookupTable, PixelLayout, Rescale
from workstation.dicom.headers import Header, HeaderError
from workstation.dicom.lookup_tables import TableError, read_table
from workstation.dicom.palettes import read_palette
from workstation.dicom.pet import PET_TAGS, uptake
from workstation.dicom.pixel_sizes import pixel_size
from workstation.dicom.remarks import real_world, remarks
from workstation.dicom.shutters import read_shutter
from workstation.dicom.tags import OVERLAY_BITS_TAGS, OVERLAY_ROWS_TAGS, Tag
from workstation.dicom.voi import gray_scales

_LUT_TAGS = Wanted(frozenset({Tag.LUT_DESCRIPTOR, Tag.LUT_DATA, Tag.MODALITY_LUT_TYPE}))

SHARED_TAGS: tuple[int, ...] = (
    Tag.MODALITY,
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
    Tag.MANUFACTURER,
    Tag.SIEMENS_GRADIENT,
    Tag.GE_GRADIENT_X,
    Tag.GE_GRADIENT_Y,
    Tag.GE_GRADIENT_Z,
    Tag.PRESENTATION_LUT_SHAPE,
    Tag.PIXEL_ASPECT_RATIO,
    Tag.PIXEL_SPACING_CALIBRATION_TYPE,
    Tag.ESTIMATED_RADIOGRAPHIC_MAGNIFICATION_FACTOR,
    Tag.SEQUENCE_OF_ULTRASOUND_REGIONS,
    Tag.SHUTTER_SHAPE,
    Tag.SHUTTER_LEFT_VERTICAL_EDGE,
    Tag.SHUTTER_RIGHT_VERTICAL_EDGE,
    Tag.SHUTTER_UPPER_HORIZONTAL_EDGE,
    Tag.SHUTTER_LOWER_HORIZONTAL_EDGE,
    Tag.CENTER_OF_CIRCULAR_SHUTTER,
    Tag.RADIUS_OF_CIRCULAR_SHUTTER,
    Tag.VERTICES_OF_THE_POLYGONAL_SHUTTER,
    Tag.SHUTTER_PRESENTATION_VALUE,
    Tag.PIXEL_PRESENTATION,
    Tag.RED_DESCRIPTOR,
    Tag.GREEN_DESCRIPTOR,
    Tag.BLUE_DESCRIPTOR,
    Tag.RED_DATA,
    Tag.GREEN_DATA,
    Tag.BLUE_DATA,
    Tag.SEGMENTED_RED_DATA,
    Tag.SEGMENTED_GREEN_DATA,
    Tag.SEGMENTED_BLUE_DATA,
    Tag.REAL_WORLD_VALUE_MAPPING_SEQUENCE,
    Tag.PHILIPS_SCALE_SLOPE,
    Tag.RECOMMENDED_DISPLAY_FRAME_RATE,
    Tag.CINE_RATE,
    Tag.FRAME_TIME,
    *(one.tag for one in DISTINCTIONS if one.tag is not Tag.SLICE_THICKNESS),
    *sorted(OVERLAY_ROWS_TAGS | OVERLAY_BITS_TAGS),
)
"""What :class:`Imaging` is made of; equal bytes of these make one Imaging."""

OTHER_PHOTOMETRICS = frozenset({"HSV", "CMYK", "XYB", "YBR_PARTIAL_420", "YBR_PARTIAL_422"})
"""Colors that are not read: retired, or those of videos. Source: PS3.3 C.7.6.3.1.2."""


MS_PER_S = 1000.0


def sharing_key(header: Header) -> tuple[object, ...]:
    """Return what two headers have in common that share one Imaging."""
    values = header.values
    key = (header.transfer_syntax, *map(values.get, SHARED_TAGS))
    # The times of PET differ from bed to bed; of anything else they must not keep slices apart.
    return (*key, *map(values.get, PET_TAGS)) if header.text(Tag.MODALITY) == "PT" else key


def read_imaging(header: Header) -> Imaging:
    """Return what a header says beside position and time.

    Raises:
        HeaderError: the size or the bits of the image are missing or impossible.
    """
    layout = _layout(header)
    rescale = _rescale(header, layout)
    cosines = header.numbers(Tag.IMAGE_ORIENTATION_PATIENT)
    size = pixel_size(header)
    windows, refused = gray_scales(header, layout, rescale)
    mapping = real_world(header, rescale)
    is_palette = layout.photometric == "PALETTE COLOR"
    return Imaging(
        layout=layout,
        rescale=rescale,
        orientation=cosines if len(cosines) == 6 and any(cosines) else None,
        spacing_mm=size.spacing_mm,
        detector_spacing_mm=size.detector_mm,
        thickness_mm=max(header.number(Tag.SLICE_THICKNESS) or 0.0, 0.0),
        contrast=_contrast(header),
        padding=_padding(header, Tag.PIXEL_PADDING_VALUE, layout),
        padding_limit=_padding(header, Tag.PIXEL_PADDING_RANGE_LIMIT, layout),
        windows=windows,
        units=header.text(Tag.UNITS),
        sop_class_uid=header.text(Tag.SOP_CLASS_UID),
        marks=_marks(header),
        pixel_ratio=size.ratio,
        is_low_bright=_is_low_bright(header, layout),
        palette=read_palette(header, is_signed=layout.is_signed) if is_palette else None,
        uptake=uptake(header),
        shutter=read_shutter(header),
        is_diffusivity=mapping is not None and mapping.is_diffusivity,
        has_overlays=any(header.values.get(tag) for tag in OVERLAY_ROWS_TAGS),
        doubts=(*size.doubts, *refused, *remarks(header, layout, rescale), *_suv_kind(header)),
        frame_rate=_frame_rate(header),
    )


def _frame_rate(header: Header) -> float:
    """Return the pictures per second a header asks for; 0 where it asks for none.

    Source: PS3.3 C.7.6.5 (Cine): the rate recommended for display, the one it was recorded at,
    or what the time between frames (ms) comes to.
    """
    for tag in (Tag.RECOMMENDED_DISPLAY_FRAME_RATE, Tag.CINE_RATE):
        rate = header.number(tag) or 0.0
        if 0.0 < rate < math.inf:
            return rate
    time_ms = header.number(Tag.FRAME_TIME) or 0.0
    return MS_PER_S / time_ms if 0.0 < time_ms < math.inf else 0.0


def _layout(header: Header) -> PixelLayout:
    rows, columns = header.word(Tag.ROWS), header.word(Tag.COLUMNS)
    if not rows or not columns:
        raise HeaderError("the file does not say how many rows and columns its image has")
    photometric = header.text(Tag.PHOTOMETRIC_INTERPRETATION)
    is_monochrome = photometric in {"", "MONOCHROME1", "MONOCHROME2", "PALETTE COLOR"}
    samples = header.word(Tag.SAMPLES_PER_PIXEL, default=1 if is_monochrome else 3)
    allocated = header.word(Tag.BITS_ALLOCATED) or _likely_bits(header, rows * columns * samples)
    stored = header.word(Tag.BITS_STORED) or allocated
    high_bit = header.word(Tag.HIGH_BIT, default=stored - 1)
    if samples not in (1, 3, 4) or allocated not in (1, 8, 12, 16, 32, 64):
        raise HeaderError("its pixels are stored in a way that the standard does not allow")
    if not 0 < stored <= allocated or high_bit >= allocated:
        raise HeaderError("the bits of its pixels contradict each other")
    if photometric in OTHER_PHOTOMETRICS:
        raise HeaderError(f"its colors are stored as {photometric}, which is not read here")
    return PixelLayout(
        rows=rows,
        columns=columns,
        samples=samples,
        photometric=photometric or ("MONOCHROME2" if samples == 1 else "RGB"),
        bits_allocated=allocated,
        bits_stored=stored,
        high_bit=max(high_bit, stored - 1),
        is_signed=header.word(Tag.PIXEL_REPRESENTATION) == 1,
        is_planar=header.word(Tag.PLANAR_CONFIGURATION) == 1,
        transfer_syntax=header.transfer_syntax,
        is_little=header.encoding.is_little,
    )


def _likely_bits(header: Header, count: int) -> int:
    """Return the bits of a sample where the header lacks them: as many as there are bytes for."""
    pixel = header.pixel
    if pixel is None or header.transfer_syntax not in NATIVE_SYNTAXES:
        return 16
    frames = header.whole(Tag.NUMBER_OF_FRAMES, default=1) or 1
    return 8 if 0 <= pixel.length - count * frames <= 1 else 16


def _is_low_bright(header: Header, layout: PixelLayout) -> bool:
    """Whether low values are bright: the shape of the presentation says so, else the photometry.

    A shape is the output of the windows in P-Values and so holds the inversion already (PS3.3
    C.11.6, C.8.11.3.1.2); dcmtk and dcm4che let it win as well.
    """
    shape = header.text(Tag.PRESENTATION_LUT_SHAPE)
    if shape in {"INVERSE", "IDENTITY"}:
        return shape == "INVERSE"
    return layout.photometric == "MONOCHROME1"


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
        if len(item.binary(Tag.LUT_DESCRIPTOR, "H")) != 3:
            return None
        try:
            found = read_table(item, is_signed=layout.is_signed)
        except TableError as error:
            raise HeaderError("its table of values (Modality LUT) is incomplete") from error
        entries = tuple(map(int, found.entries))
        return LookupTable(found.first, entries, item.text(Tag.MODALITY_LUT_TYPE))
    return None


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


def _suv_kind(header: Header) -> tuple[Doubt, ...]:
    """Return how SUV of the maker is normalized, where not by body weight; PS3.3 C.8.9.1."""
    names = {
        "BSA": "body surface area",
        "LBM": "lean body mass",
        "LBMJAMES128": "lean body mass",
        "LBMJANMA": "lean body mass",
        "IBW": "ideal body weight",
    }
    kind = names.get(header.text(Tag.SUV_TYPE))
    if header.text(Tag.UNITS) != "GML" or kind is None:
        return ()
    return (Doubt("suv_kind", f"The SUV of this series is by {kind}, not by body weight."),)


def _marks(header: Header) -> tuple[str, ...]:
    marks = []
    if header.text(Tag.LOSSY_IMAGE_COMPRESSION) == "01":
        ratio = header.number(Tag.LOSSY_IMAGE_COMPRESSION_RATIO)
        marks.append(f"lossy:{ratio:g}" if ratio else "lossy:")
    if header.text(Tag.BURNED_IN_ANNOTATION) == "YES":
        marks.append("burned_in:")
    return tuple(marks)
