"""Frames of enhanced multi-frame objects: per-frame functional groups first, then shared ones.

Each frame is read as if it were a classic header that holds the attributes of its groups, so that
one reader serves both. Source: PS3.3 C.7.6.16, Multi-frame Functional Groups.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from workstation.dicom.elements import DamagedError, Wanted, items, scan
from workstation.dicom.frames import Frame, Imaging, Timing
from workstation.dicom.headers import Header
from workstation.dicom.tags import Tag

_GROUPS = frozenset(
    {
        Tag.PIXEL_MEASURES_SEQUENCE,
        Tag.PLANE_POSITION_SEQUENCE,
        Tag.PLANE_ORIENTATION_SEQUENCE,
        Tag.PIXEL_VALUE_TRANSFORMATION_SEQUENCE,
        Tag.FRAME_VOI_LUT_SEQUENCE,
        Tag.FRAME_CONTENT_SEQUENCE,
        Tag.MR_ECHO_SEQUENCE,
        Tag.MR_DIFFUSION_SEQUENCE,
        Tag.MR_IMAGE_FRAME_TYPE_SEQUENCE,
        Tag.CT_IMAGE_FRAME_TYPE_SEQUENCE,
        Tag.PET_FRAME_TYPE_SEQUENCE,
        Tag.CARDIAC_SYNCHRONIZATION_SEQUENCE,
        Tag.TEMPORAL_POSITION_SEQUENCE,
        Tag.MR_TIMING_AND_RELATED_PARAMETERS_SEQUENCE,
        Tag.MR_VELOCITY_ENCODING_SEQUENCE,
        Tag.MR_MODIFIER_SEQUENCE,
        Tag.CT_RECONSTRUCTION_SEQUENCE,
        Tag.CT_X_RAY_DETAILS_SEQUENCE,
    }
)
"""The functional group macros that are read."""

_GROUPS_WANTED = Wanted(_GROUPS | {Tag.REAL_WORLD_VALUE_MAPPING_SEQUENCE})
_CONTENT_WANTED = Wanted(
    frozenset(
        {
            Tag.PIXEL_SPACING,
            Tag.SLICE_THICKNESS,
            Tag.IMAGE_POSITION_PATIENT,
            Tag.IMAGE_ORIENTATION_PATIENT,
            Tag.RESCALE_SLOPE,
            Tag.RESCALE_INTERCEPT,
            Tag.RESCALE_TYPE,
            Tag.WINDOW_CENTER,
            Tag.WINDOW_WIDTH,
            Tag.WINDOW_CENTER_WIDTH_EXPLANATION,
            Tag.VOI_LUT_FUNCTION,
            Tag.VOI_LUT_SEQUENCE,
            Tag.PIXEL_SPACING_CALIBRATION_TYPE,
            Tag.TEMPORAL_POSITION_INDEX,
            Tag.FRAME_ACQUISITION_NUMBER,
            Tag.FRAME_ACQUISITION_DATE_TIME,
            Tag.EFFECTIVE_ECHO_TIME,
            Tag.DIFFUSION_B_VALUE,
            Tag.DIFFUSION_GRADIENT_DIRECTION_SEQUENCE,
            Tag.DIFFUSION_GRADIENT_ORIENTATION,
            Tag.FRAME_TYPE,
            Tag.NOMINAL_CARDIAC_TRIGGER_DELAY_TIME,
            Tag.NOMINAL_PERCENTAGE_OF_CARDIAC_PHASE,
            Tag.TEMPORAL_POSITION_TIME_OFFSET,
            Tag.FRAME_REFERENCE_DATE_TIME,
            Tag.STACK_ID,
            Tag.DIMENSION_INDEX_VALUES,
            Tag.COMPLEX_IMAGE_COMPONENT,
            Tag.ACQUISITION_CONTRAST,
            Tag.REPETITION_TIME,
            Tag.FLIP_ANGLE,
            Tag.INVERSION_TIMES,
            Tag.VELOCITY_ENCODING_DIRECTION,
            Tag.CONVOLUTION_KERNEL,
            Tag.KVP,
        }
    )
)


def frames(
    header: Header, first: Frame, count: int, imaging: Callable[[Header], Imaging]
) -> tuple[Frame, ...]:
    """Return the frames of an enhanced object in the order in which they are stored.

    Args:
        header: the header of the file.
        first: the object read as if it were a single frame.
        count: Number of Frames.
        imaging: reads what a header says beside position and time.

    Raises:
        DamagedError: the functional groups are not what the standard asks for.
    """
    shared_raw = header.values.get(Tag.SHARED_FUNCTIONAL_GROUPS_SEQUENCE, b"")
    common = dict(header.values)
    for start, end in items(shared_raw, header.encoding):
        common.update(_content(header, shared_raw, start, end))
    raw = header.values[Tag.PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE]
    spans = list(items(raw, header.encoding))
    if len(spans) != count:
        raise DamagedError(f"it holds {count} frames but describes {len(spans)}")
    return tuple(
        _frame(header.nested(common | _content(header, raw, start, end)), first, index, imaging)
        for index, (start, end) in enumerate(spans)
    )


def _frame(header: Header, first: Frame, index: int, imaging: Callable[[Header], Imaging]) -> Frame:
    position = header.numbers(Tag.IMAGE_POSITION_PATIENT)
    temporal = header.binary(Tag.TEMPORAL_POSITION_INDEX, "I") or header.binary(
        Tag.TEMPORAL_POSITION_TIME_OFFSET, "d"
    )
    trigger = header.binary(Tag.NOMINAL_CARDIAC_TRIGGER_DELAY_TIME, "d")
    acquisition = header.binary(Tag.FRAME_ACQUISITION_NUMBER, "H")
    return replace(
        first,
        index=index,
        position=(position[0], position[1], position[2]) if len(position) == 3 else None,
        imaging=imaging(header),
        stack_id=header.text(Tag.STACK_ID),
        dimensions=tuple(map(int, header.binary(Tag.DIMENSION_INDEX_VALUES, "I"))),
        timing=Timing(
            temporal_position=f"{temporal[0]:.10g}" if temporal else "",
            trigger_time=f"{trigger[0]:g}" if trigger else "",
            acquisition_number=str(int(acquisition[0])) if acquisition else "",
            acquisition_time=header.text(Tag.FRAME_ACQUISITION_DATE_TIME),
            content_time=header.text(Tag.FRAME_REFERENCE_DATE_TIME),
        ),
    )


def _content(header: Header, raw: bytes, start: int, end: int) -> dict[int, bytes]:
    """Return the attributes of one item's functional groups, as a classic header has them."""
    groups = scan(raw, start, header.encoding, _GROUPS_WANTED, end=end).values
    found: dict[int, bytes] = {}
    # Its items are the mappings themselves; PS3.3 C.7.6.16.2.11.
    mapping = groups.pop(Tag.REAL_WORLD_VALUE_MAPPING_SEQUENCE, b"")
    if mapping:
        found[Tag.REAL_WORLD_VALUE_MAPPING_SEQUENCE] = mapping
    for group in groups.values():
        for item_start, item_end in items(group, header.encoding):
            found |= scan(group, item_start, header.encoding, _CONTENT_WANTED, end=item_end).values
            break
    return _as_classic(header, found)


def _as_classic(header: Header, found: dict[int, bytes]) -> dict[int, bytes]:
    directions = found.pop(Tag.DIFFUSION_GRADIENT_DIRECTION_SEQUENCE, b"")
    for start, end in items(directions, header.encoding):
        found |= scan(directions, start, header.encoding, _CONTENT_WANTED, end=end).values
    echo = header.nested(found).binary(Tag.EFFECTIVE_ECHO_TIME, "d")
    if echo and math.isfinite(echo[0]):
        found[Tag.ECHO_TIME] = f"{echo[0]:.6g}".encode()
    inversion = header.nested(found).binary(Tag.INVERSION_TIMES, "d")
    if inversion and math.isfinite(inversion[0]):
        found[Tag.INVERSION_TIME] = f"{inversion[0]:.6g}".encode()
    if Tag.FRAME_TYPE in found:
        found[Tag.IMAGE_TYPE] = found.pop(Tag.FRAME_TYPE)
    return found
