"""The header of NIfTI-1 and NIfTI-2 files.

Source: nifti1.h and nifti2.h of the NIfTI Data Format Working Group; the three methods of
orientation are told in nifti1.h. Coordinates there are RAS, ours LPS.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from struct import unpack_from

import numpy as np
from numpy.typing import NDArray

from workstation.core.verdict import Doubt
from workstation.exchange.research.header import (
    COMPLEX,
    MAX_SKIPPED_BYTES,
    VECTOR,
    Coding,
    Format,
    VolumeHeader,
    VolumeRefusedError,
)
from workstation.exchange.research.placement import (
    ASSUMED_MILLIMETERS,
    NO_MILLIMETERS,
    UNPLACED,
    Placement,
    is_plausible,
    placed,
    unplaced,
    without_millimeters,
)

SIZE_1, SIZE_2 = 348, 540
"""Bytes of the two headers; the first number of a file."""

HEADER_BYTES = SIZE_2
"""Bytes that hold either header."""

SAME_FORM_VOXELS = 0.5
"""Largest distance of a corner between qform and sform, in voxels, that is taken as rounding."""

SAME_SPACING = 0.01
"""Largest relative difference of two statements of spacing that is taken as rounding."""

_MAGIC_1, _MAGIC_2 = (b"n+1\0", b"ni1\0"), (b"n+2\0\r\n\x1a\n", b"ni2\0\r\n\x1a\n")
_VECTOR_INTENTS = frozenset({1005, 1006, 1007, 1008, 1009})
_LABEL_INTENT = 1002
_SCANNER = 1
"""Codes of intent and of the form that means the scanner's coordinates."""

_ELEMENTS = {
    2: "u1", 4: "i2", 8: "i4", 16: "f4", 64: "f8", 128: "u1", 256: "i1",
    512: "u2", 768: "u4", 1024: "i8", 1280: "u8", 2304: "u1",
}  # fmt: skip
_SAMPLES = {128: 3, 2304: 4}
_COMPLEX = frozenset({32, 1792, 2048})
_MM_OF_UNIT = {1: 1000.0, 2: 1.0, 3: 0.001}
_RAS_TO_LPS = np.array([-1.0, -1.0, 1.0])


@dataclass(frozen=True, slots=True)
class _Fields:
    """The fields of either header that matter."""

    order: str
    dim: tuple[int, ...]
    datatype: int
    intent: int
    pixdim: tuple[float, ...]
    offset: float
    slope: float
    intercept: float
    units: int
    qform_code: int
    sform_code: int
    quaternion: tuple[float, ...]
    shift: tuple[float, ...]
    rows: tuple[float, ...]
    is_pair: bool
    version: int


def is_nifti(data: bytes) -> bool:
    """Whether bytes begin with a NIfTI header."""
    return _kind(data) is not None


def is_analyze(data: bytes, size_bytes: int) -> bool:
    """Whether a file is an Analyze 7.5 header, the forerunner without orientation."""
    is_sized = data[:4] in (SIZE_1.to_bytes(4, "little"), SIZE_1.to_bytes(4, "big"))
    return is_sized and size_bytes == SIZE_1 and not is_nifti(data)


def read_nifti(data: bytes, *, coding: Coding, image_name: str) -> VolumeHeader:
    """Return what a NIfTI header says.

    Args:
        data: at least the first 540 bytes of the file, inflated.
        coding: RAW or GZIP: how the file as a whole is written.
        image_name: name of the image file where the header stands alone.

    Raises:
        VolumeRefusedError: it is cut, damaged, or holds what is no image.
    """
    fields = _read(data)
    shape, volumes = _axes(fields)
    if fields.datatype in _COMPLEX:
        raise VolumeRefusedError(COMPLEX)
    if fields.datatype not in _ELEMENTS:
        raise VolumeRefusedError("its voxels are of a type that cannot be shown")
    element = np.dtype(f"{fields.order}{_ELEMENTS[fields.datatype]}").str
    samples = _SAMPLES.get(fields.datatype, 1)
    slope, intercept, doubts = _scaling(fields, is_color=samples > 1)
    return VolumeHeader(
        Format.NIFTI,
        f"NIfTI-{fields.version}",
        shape,
        volumes,
        samples,
        element,
        data_name=image_name if fields.is_pair else "",
        start=_offset(fields) if coding is Coding.RAW else 0,
        skip=0 if coding is Coding.RAW else _offset(fields),
        coding=coding,
        placement=_placement(fields, shape),
        slope=slope,
        intercept=intercept,
        is_label_map=fields.intent == _LABEL_INTENT,
        doubts=doubts,
    )


def _kind(data: bytes) -> tuple[str, int] | None:
    """Return byte order and version of a header; None where it is none."""
    for order in ("<", ">"):
        size = int.from_bytes(data[:4], "little" if order == "<" else "big")
        if size == SIZE_1 and data[344:348] in _MAGIC_1:
            return order, 1
        if size == SIZE_2 and data[4:12] in _MAGIC_2:
            return order, 2
    return None


def _read(data: bytes) -> _Fields:
    kind = _kind(data)
    if kind is None:
        raise VolumeRefusedError("its header is damaged")
    order, version = kind
    if len(data) < (SIZE_1 if version == 1 else SIZE_2):
        raise VolumeRefusedError("the file is cut: it ends inside its header")
    return _read_1(data, order) if version == 1 else _read_2(data, order)


def _read_1(data: bytes, order: str) -> _Fields:
    return _Fields(
        order=order,
        dim=unpack_from(f"{order}8h", data, 40),
        intent=unpack_from(f"{order}h", data, 68)[0],
        datatype=unpack_from(f"{order}h", data, 70)[0],
        pixdim=unpack_from(f"{order}8f", data, 76),
        offset=unpack_from(f"{order}f", data, 108)[0],
        slope=unpack_from(f"{order}f", data, 112)[0],
        intercept=unpack_from(f"{order}f", data, 116)[0],
        units=data[123],
        qform_code=unpack_from(f"{order}h", data, 252)[0],
        sform_code=unpack_from(f"{order}h", data, 254)[0],
        quaternion=unpack_from(f"{order}3f", data, 256),
        shift=unpack_from(f"{order}3f", data, 268),
        rows=unpack_from(f"{order}12f", data, 280),
        is_pair=data[344:347] == b"ni1",
        version=1,
    )


def _read_2(data: bytes, order: str) -> _Fields:
    return _Fields(
        order=order,
        dim=unpack_from(f"{order}8q", data, 16),
        intent=unpack_from(f"{order}i", data, 504)[0],
        datatype=unpack_from(f"{order}h", data, 12)[0],
        pixdim=unpack_from(f"{order}8d", data, 104),
        offset=float(unpack_from(f"{order}q", data, 168)[0]),
        slope=unpack_from(f"{order}d", data, 176)[0],
        intercept=unpack_from(f"{order}d", data, 184)[0],
        units=unpack_from(f"{order}i", data, 500)[0] & 0xFF,
        qform_code=unpack_from(f"{order}i", data, 344)[0],
        sform_code=unpack_from(f"{order}i", data, 348)[0],
        quaternion=unpack_from(f"{order}3d", data, 352),
        shift=unpack_from(f"{order}3d", data, 376),
        rows=unpack_from(f"{order}12d", data, 400),
        is_pair=data[4:7] == b"ni2",
        version=2,
    )


def _axes(fields: _Fields) -> tuple[tuple[int, int, int], int]:
    """Return the shape of one volume and the number of volumes."""
    count = fields.dim[0]
    if not 1 <= count <= 7:
        raise VolumeRefusedError("its header is damaged: it names no number of axes")
    sizes = (*fields.dim[1 : count + 1], *(1,) * (7 - count))
    if count == 1 or min(sizes) < 1:
        raise VolumeRefusedError("its header names an axis without voxels")
    if sizes[4] > 1 or fields.intent in _VECTOR_INTENTS:
        raise VolumeRefusedError(VECTOR)
    if max(sizes[5:]) > 1:
        raise VolumeRefusedError("it has more than four axes, which cannot be shown")
    return (sizes[0], sizes[1], sizes[2]), sizes[3]


def _offset(fields: _Fields) -> int:
    if not math.isfinite(fields.offset) or not 0 <= fields.offset <= MAX_SKIPPED_BYTES:
        raise VolumeRefusedError("its header is damaged: it does not say where the voxels begin")
    least = 0 if fields.is_pair else (352 if fields.version == 1 else 544)
    return max(int(fields.offset), least)


def _scaling(fields: _Fields, *, is_color: bool) -> tuple[float, float, tuple[Doubt, ...]]:
    """Return slope and intercept; a slope of 0 means none (nifti1.h, "DATA SCALING")."""
    slope, intercept = fields.slope, fields.intercept
    if is_color or slope == 0:
        return 1.0, 0.0, ()
    if math.isfinite(slope) and math.isfinite(intercept):
        return slope, intercept, ()
    text = "The rescale in the header is no number and was left out: the numbers are as stored."
    return 1.0, 0.0, (Doubt("rescale_ignored", text),)


def _placement(fields: _Fields, shape: tuple[int, int, int]) -> Placement:
    mm = _MM_OF_UNIT.get(fields.units & 7, 0.0)
    found = _in_its_unit(fields, shape, mm or 1.0)
    if mm or not found.has_millimetres:
        return found
    if is_plausible(np.linalg.norm(found.matrix[:3, :3], axis=0)):
        return found.doubted(ASSUMED_MILLIMETERS)
    return without_millimeters(found, NO_MILLIMETERS)


def _in_its_unit(fields: _Fields, shape: tuple[int, int, int], mm: float) -> Placement:
    """Return where the voxels are, by the form that SimpleITK takes too."""
    spacing = np.array(fields.pixdim[1:4]) * mm
    by_q = _by_quaternion(fields, mm) if fields.qform_code > 0 else None
    by_s = _by_rows(fields, mm) if fields.sform_code > 0 else None
    if by_q is None and by_s is None:
        return unplaced(np.abs(spacing))
    prefers_rows = by_q is None or (by_s is not None and fields.sform_code == _SCANNER)
    chosen, other = (by_s, by_q) if prefers_rows else (by_q, by_s)
    if chosen is None:  # cannot be: one of them is there
        return unplaced(np.abs(spacing))
    if prefers_rows:
        chosen = _checked_spacing(chosen, spacing)
    if other is None or not (chosen.is_placed and other.is_placed):
        return chosen
    return _checked_forms(chosen, other, shape, prefers_rows=prefers_rows)


def _by_rows(fields: _Fields, mm: float) -> Placement:
    rows = np.array(fields.rows).reshape(3, 4) * mm * _RAS_TO_LPS[:, None]
    return placed(rows[:, :3], rows[:, 3])


def _by_quaternion(fields: _Fields, mm: float) -> Placement:
    spacing = np.array(fields.pixdim[1:4]) * mm
    rotation = _rotation(fields.quaternion)
    if rotation is None or not (np.isfinite(spacing).all() and (spacing >= 0).all()):
        return unplaced(np.ones(3), doubts=(UNPLACED, NO_MILLIMETERS))
    is_sized = bool((spacing > 0).all())
    steps = rotation * (spacing if is_sized else np.ones(3))
    if fields.pixdim[0] < 0:
        steps[:, 2] *= -1
    found = placed(_RAS_TO_LPS[:, None] * steps, _RAS_TO_LPS * np.array(fields.shift) * mm)
    return found if is_sized else without_millimeters(found, NO_MILLIMETERS)


def _rotation(bcd: tuple[float, ...]) -> NDArray[np.float64] | None:
    """Return the rotation of a quaternion (a, b, c, d) with a >= 0; None where it is none."""
    b, c, d = bcd
    if not all(map(math.isfinite, bcd)) or (size := b * b + c * c + d * d) > 1 + ROUNDED_SQUARE:
        return None
    if size > 1:
        b, c, d = (part / math.sqrt(size) for part in bcd)
    a = math.sqrt(max(0.0, 1 - (b * b + c * c + d * d)))
    return np.array(
        [
            [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
            [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)],
            [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c],
        ]
    )


ROUNDED_SQUARE = 1e-3
"""By how much the squares of a quaternion may exceed 1 through rounding to 32 bits and less."""


def _checked_spacing(by_rows: Placement, pixdim_mm: NDArray[np.float64]) -> Placement:
    """Doubt lengths where sform and pixdim state two sizes of a voxel."""
    steps = np.linalg.norm(by_rows.matrix[:3, :3], axis=0)
    stated = np.abs(pixdim_mm)
    is_stated = np.isfinite(stated) & (stated > 0)
    ratios = steps[is_stated] / stated[is_stated]
    if not by_rows.has_millimetres or np.abs(ratios - 1).max(initial=0) <= SAME_SPACING:
        return by_rows
    text = "The file states two sizes of its voxels (sform, pixdim): nothing is measured."
    return without_millimeters(by_rows, Doubt("spacing_disagrees", text))


def _checked_forms(
    chosen: Placement, other: Placement, shape: tuple[int, int, int], *, prefers_rows: bool
) -> Placement:
    """Doubt the place where qform and sform state two."""
    ends = np.array(np.meshgrid(*[(0, count - 1) for count in shape])).reshape(3, -1)
    corners = np.vstack([ends, np.ones(ends.shape[1])])
    apart_mm = float(np.linalg.norm((chosen.matrix - other.matrix) @ corners, axis=0).max())
    voxel_mm = float(np.linalg.norm(chosen.matrix[:3, :3], axis=0).min())
    if apart_mm <= SAME_FORM_VOXELS * voxel_mm:
        return chosen
    name = "sform" if prefers_rows else "qform"
    text = (
        f"The file places the volume in two ways, up to {apart_mm:.1f} mm apart (qform, sform); "
        f"the {name} is used."
    )
    return replace(chosen, doubts=(*chosen.doubts, Doubt("forms_disagree", text)))
