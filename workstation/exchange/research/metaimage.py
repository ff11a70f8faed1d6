"""The header of MetaImage files, attached (.mha) or alone (.mhd).

Source: "MetaIO", itk.org/Wiki/ITK/MetaIO/Documentation. Coordinates are taken as LPS, as ITK and
3D Slicer do.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from workstation.exchange.research.header import (
    MAX_SKIPPED_BYTES,
    VECTOR,
    Coding,
    Format,
    VolumeHeader,
    VolumeRefusedError,
    decode_text,
    local_name,
    number,
    numbers,
    whole_numbers,
)
from workstation.exchange.research.placement import (
    NO_MILLIMETERS,
    UNPLACED,
    Placement,
    is_plausible,
    placed,
    unplaced,
    without_millimeters,
)

LAST_KEY = b"ElementDataFile"
"""The last line of a header; the voxels follow where it says LOCAL."""

_LOCAL = "LOCAL"
_FIRST_LINE = re.compile(rb"\s*(ObjectType|NDims|Comment|ObjectSubType|TransformType)\s*=")
_ELEMENTS = {
    "MET_CHAR": "i1", "MET_UCHAR": "u1", "MET_SHORT": "i2", "MET_USHORT": "u2",
    "MET_INT": "i4", "MET_UINT": "u4", "MET_LONG_LONG": "i8", "MET_ULONG_LONG": "u8",
    "MET_FLOAT": "f4", "MET_DOUBLE": "f8",
}  # fmt: skip
_MM_OF_UNIT = {"mm": 1.0, "um": 0.001, "cm": 10.0}


def begins(data: bytes) -> bool:
    """Whether bytes may begin the header of a MetaIO object, however long."""
    return _FIRST_LINE.match(data) is not None


def is_metaimage(data: bytes) -> bool:
    """Whether bytes begin with the header of a MetaIO object."""
    return begins(data) and LAST_KEY in data


def header_end(data: bytes) -> int:
    """Return where the header ends: after the line that names the data file.

    Raises:
        VolumeRefusedError: that line is not there.
    """
    found = re.search(rb"^" + LAST_KEY + rb"[ \t]*=[^\n]*(\n|\Z)", data, re.MULTILINE)
    if found is None:
        raise VolumeRefusedError("its header is damaged: it does not end")
    return found.end()


def read_metaimage(data: bytes) -> VolumeHeader:
    """Return what a MetaImage header says.

    Args:
        data: the first bytes of the file, at least to the end of the header.

    Raises:
        VolumeRefusedError: it is damaged, names other files, or holds what is no image.
    """
    end = header_end(data)
    fields = _fields(decode_text(data[:end]))
    if fields.get("ObjectType", "Image") != "Image":
        raise VolumeRefusedError("it is a MetaIO object that holds no image")
    sizes = whole_numbers(fields.get("DimSize", ""))
    if whole_numbers(fields.get("NDims", ""))[:1] != (len(sizes),) or not 2 <= len(sizes) <= 4:
        raise VolumeRefusedError("its header contradicts itself about the number of axes")
    shape = (*sizes, 1, 1)
    stated = fields["ElementDataFile"]
    name = "" if stated == _LOCAL else local_name(stated)
    return VolumeHeader(
        Format.META_IMAGE,
        "MetaImage",
        (shape[0], shape[1], shape[2]),
        volumes=shape[3] if len(sizes) == 4 else 1,
        samples=_samples(fields),
        element=_element(fields),
        data_name=name,
        start=_start(fields, 0 if name else end),
        skip=0,
        coding=_coding(fields),
        placement=_placement(fields, len(sizes)),
        unit="HU" if fields.get("ElementUnits", "").upper() == "HU" else "",
    )


def _fields(text: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    for line in text.splitlines():
        key, equals, value = line.partition("=")
        if not equals:
            continue
        if key.strip() in fields:
            raise VolumeRefusedError("its header is damaged: it says the same thing twice")
        fields[key.strip()] = value.strip()
    return fields


def _is_true(fields: dict[str, str], key: str, *, default: bool = False) -> bool:
    value = fields.get(key, "")
    return value[:1] in ("T", "t", "1") if value else default


def _coding(fields: dict[str, str]) -> Coding:
    if not _is_true(fields, "BinaryData", default=True):
        return Coding.TEXT
    return Coding.ZLIB if _is_true(fields, "CompressedData") else Coding.RAW


def _element(fields: dict[str, str]) -> str:
    name = fields.get("ElementType", "").removesuffix("_ARRAY")
    if name not in _ELEMENTS:
        raise VolumeRefusedError("its voxels are of a type that cannot be shown")
    is_big = _is_true(fields, "BinaryDataByteOrderMSB") or _is_true(fields, "ElementByteOrderMSB")
    return np.dtype((">" if is_big else "<") + _ELEMENTS[name]).str


def _samples(fields: dict[str, str]) -> int:
    channels = whole_numbers(fields.get("ElementNumberOfChannels", "1"))[:1]
    if channels == (1,):
        return 1
    if channels in ((3,), (4,)) and fields.get("ElementType", "").startswith("MET_UCHAR"):
        return channels[0]
    raise VolumeRefusedError(VECTOR)


def _start(fields: dict[str, str], start: int) -> int:
    skip = (*whole_numbers(fields.get("HeaderSize", "0")), 0)[0]
    if skip == -1:
        return -1
    if not 0 <= skip <= MAX_SKIPPED_BYTES:
        raise VolumeRefusedError("its header is damaged: it skips an impossible number of bytes")
    return skip or start


def _placement(fields: dict[str, str], count: int) -> Placement:
    spacing = _spacing(fields, count)
    factor = _MM_OF_UNIT.get(fields.get("DistanceUnits", "").lower())
    axes = _axes(fields, count)
    if spacing is None:
        found = unplaced(np.ones(3), doubts=(UNPLACED, NO_MILLIMETERS))
        if axes is None:
            return found
        return without_millimeters(placed(axes, _origin(fields, count)), NO_MILLIMETERS)
    spacing = spacing * (factor or 1.0)
    if axes is None:
        return _sized(unplaced(spacing), is_named=factor is not None)
    origin = _origin(fields, count) * (factor or 1.0)
    return _sized(placed(axes * spacing, origin), is_named=factor is not None)


def _sized(placement: Placement, *, is_named: bool) -> Placement:
    """MetaImage means millimeters where it says nothing; absurd ones are not believed."""
    steps = np.linalg.norm(placement.matrix[:3, :3], axis=0)
    if is_named or not placement.has_millimetres or is_plausible(steps):
        return placement
    return without_millimeters(placement, NO_MILLIMETERS)


def _spacing(fields: dict[str, str], count: int) -> NDArray[np.float64] | None:
    stated = numbers(fields.get("ElementSpacing", fields.get("ElementSize", "")))
    if len(stated) < count:
        return None
    values = np.array([*stated[:3], *[1.0] * (3 - len(stated[:3]))])
    return values if np.isfinite(values).all() and bool((values > 0).all()) else None


def _axes(fields: dict[str, str], count: int) -> NDArray[np.float64] | None:
    """Return the unit directions as columns; None where the file states none."""
    text = next((fields[key] for key in ("TransformMatrix", "Rotation", "Orientation")
                 if key in fields), "")  # fmt: skip
    values = np.array(numbers(text))
    if count == 2 or values.size != count * count or not np.isfinite(values).all():
        return None
    axes: NDArray[np.float64] = values.reshape(count, count)[:3, :3].T
    lengths = np.linalg.norm(axes, axis=0)
    return axes / lengths if bool(lengths.all()) else None


def _origin(fields: dict[str, str], count: int) -> NDArray[np.float64]:
    text = next((fields[key] for key in ("Offset", "Position", "Origin") if key in fields), "")
    values = [number(part) for part in text.split()[:count]]
    return np.array(values[:3]) if len(values) == count else np.zeros(3)
