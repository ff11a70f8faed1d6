"""The header of NRRD files, attached (.nrrd) or alone (.nhdr).

Source: "Definition of NRRD File Format", teem.sourceforge.net/nrrd/format.html.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workstation.core.verdict import Doubt
from workstation.exchange.research.header import (
    COMPLEX,
    MAX_HEADER_BYTES,
    MAX_SKIPPED_BYTES,
    VECTOR,
    Coding,
    Format,
    VolumeHeader,
    VolumeRefusedError,
    decode_text,
    local_name,
    number,
    whole_numbers,
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

MAGIC = b"NRRD000"

_ELEMENTS = {
    "i1": ("signed char", "int8", "int8_t"),
    "u1": ("uchar", "unsigned char", "uint8", "uint8_t"),
    "i2": ("short", "short int", "signed short", "signed short int", "int16", "int16_t"),
    "u2": ("ushort", "unsigned short", "unsigned short int", "uint16", "uint16_t"),
    "i4": ("int", "signed int", "int32", "int32_t"),
    "u4": ("uint", "unsigned int", "uint32", "uint32_t"),
    "i8": ("longlong", "long long", "long long int", "signed long long",
           "signed long long int", "int64", "int64_t"),
    "u8": ("ulonglong", "unsigned long long", "unsigned long long int", "uint64", "uint64_t"),
    "f4": ("float",),
    "f8": ("double",),
}  # fmt: skip
_TYPES = {name: element for element, names in _ELEMENTS.items() for name in names}
_CODINGS = {
    "raw": Coding.RAW,
    "txt": Coding.TEXT, "text": Coding.TEXT, "ascii": Coding.TEXT,
    "hex": Coding.HEX,
    "gz": Coding.GZIP, "gzip": Coding.GZIP,
    "bz2": Coding.BZIP2, "bzip2": Coding.BZIP2,
}  # fmt: skip
_TO_LPS = {
    "left-posterior-superior": (1, 1, 1), "lps": (1, 1, 1),
    "right-anterior-superior": (-1, -1, 1), "ras": (-1, -1, 1),
    "left-anterior-superior": (1, -1, 1), "las": (1, -1, 1),
}  # fmt: skip
_SPACE_SIZES = {"scanner-xyz": 3, "3d-right-handed": 3, "3d-left-handed": 3}
_COLOR_KINDS = {"rgb-color": 3, "3-color": 3, "rgba-color": 4, "4-color": 4}
_SERIES_KINDS = frozenset({"list", "time", "none", "???", "", "point", "stub", "scalar", "domain"})
_SPACE_KINDS = frozenset({"domain", "space", "", "???", "none"})
_MM_OF_UNIT = {"mm": 1.0, "um": 0.001, "µm": 0.001, "cm": 10.0, "m": 1000.0, "nm": 1e-6}
_VECTOR_TEXT = re.compile(r"none|\(([^()]*)\)")
_QUOTED = re.compile(r'"([^"]*)"')

NO_ORIGIN = Doubt(
    "no_origin", "The file does not say where the volume lies in the patient, only its directions."
)


@dataclass(frozen=True, slots=True)
class _Axes:
    """Which stored axes are space and which is a series or color.

    Attributes:
        space: numbers of the axes of space, at most three.
        other: number of the one other axis; None where there is none.
    """

    space: tuple[int, ...]
    other: int | None


def header_end(data: bytes) -> int:
    """Return where the header ends (after its empty line); the length of the data without one.

    Raises:
        VolumeRefusedError: it is absurdly long.
    """
    found = re.search(rb"\r?\n\r?\n", data[: MAX_HEADER_BYTES + 4])
    if found is not None:
        return found.end()
    if len(data) > MAX_HEADER_BYTES:
        raise VolumeRefusedError("its header is absurdly long")
    return len(data)


def read_nrrd(data: bytes) -> VolumeHeader:
    """Return what an NRRD header says.

    Args:
        data: the first bytes of the file, at least to the end of the header.

    Raises:
        VolumeRefusedError: it is damaged, names other files, or holds what is no image.
    """
    end = header_end(data)
    fields, version = _fields(decode_text(data[:end]))
    sizes = whole_numbers(_required(fields, "sizes"))
    if whole_numbers(_required(fields, "dimension"))[:1] != (len(sizes),) or min(sizes) < 1:
        raise VolumeRefusedError("its header contradicts itself about the number of axes")
    name = local_name(fields["data file"]) if "data file" in fields else ""
    skip = _skip(fields)
    axes = _axes(fields, sizes)
    element = _element(fields)
    samples = _samples(fields, sizes, axes, element)
    volumes = sizes[axes.other] if axes.other is not None and samples == 1 else 1
    shape = tuple(sizes[axis] for axis in axes.space) + (1,) * (3 - len(axes.space))
    return VolumeHeader(
        Format.NRRD,
        f"NRRD {version}",
        (shape[0], shape[1], shape[2]),
        volumes,
        samples,
        element,
        data_name=name,
        start=-1 if skip < 0 else (0 if name else end),
        skip=max(skip, 0),
        coding=_coding(fields),
        placement=_placement(fields, axes, len(sizes)),
        is_interleaved=axes.other == 0,
        unit=_sample_unit(fields),
    )


def _fields(text: str) -> tuple[dict[str, str], int]:
    """Return the fields by lower-case name, and the version of the format."""
    lines = text.splitlines()
    version = re.fullmatch(r"NRRD000(\d)", lines[0].strip())
    if version is None:
        raise VolumeRefusedError("its header is damaged: the first line names no NRRD version")
    fields: dict[str, str] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if line.startswith("#") or not colon or value.startswith("="):
            continue
        key = _ALIASES.get(name.strip().lower(), name.strip().lower())
        if key in fields:
            raise VolumeRefusedError("its header is damaged: it says the same thing twice")
        fields[key] = value.strip()
    return fields, int(version[1])


_ALIASES = {
    "datafile": "data file",
    "byteskip": "byte skip",
    "lineskip": "line skip",
    "sampleunits": "sample units",
    "spaceunits": "space units",
    "spacedirections": "space directions",
    "spaceorigin": "space origin",
    "spacedimension": "space dimension",
}


def _required(fields: dict[str, str], name: str) -> str:
    if not fields.get(name):
        raise VolumeRefusedError(f"its header is damaged: it does not name its {name}")
    return fields[name]


def _coding(fields: dict[str, str]) -> Coding:
    coding = _CODINGS.get(_required(fields, "encoding").lower())
    if coding is None:
        raise VolumeRefusedError("its voxels are written in a way that is not known")
    return coding


def _element(fields: dict[str, str]) -> str:
    name = " ".join(_required(fields, "type").lower().split())
    if name not in _TYPES:
        raise VolumeRefusedError("its voxels are of a type that cannot be shown")
    order = {"little": "<", "big": ">"}.get(fields.get("endian", "").lower())
    if order is None:
        if np.dtype(_TYPES[name]).itemsize > 1 and _coding(fields) is not Coding.TEXT:
            raise VolumeRefusedError("its header does not name the order of bytes")
        order = "<"
    return np.dtype(order + _TYPES[name]).str


def _skip(fields: dict[str, str]) -> int:
    """Return the bytes before the first voxel; -1 where the voxels end the file."""
    if whole_numbers(fields.get("line skip", "0"))[:1] != (0,):
        raise VolumeRefusedError("its header says to skip lines, which is not supported")
    skip = (*whole_numbers(fields.get("byte skip", "0")), 0)[0]
    if skip == -1 and _coding(fields) is Coding.RAW:
        return -1
    if not 0 <= skip <= MAX_SKIPPED_BYTES:
        raise VolumeRefusedError("its header is damaged: it skips an impossible number of bytes")
    return skip


def _vectors(fields: dict[str, str], count: int) -> list[NDArray[np.float64] | None] | None:
    """Return the step along each axis (None for an axis outside space); None without any."""
    if "space directions" not in fields:
        return None
    found: list[NDArray[np.float64] | None] = []
    for match in _VECTOR_TEXT.finditer(fields["space directions"]):
        inside = match[1]
        found.append(None if inside is None else np.array(list(map(number, inside.split(",")))))
    if len(found) != count:
        raise VolumeRefusedError("its header contradicts itself about the number of axes")
    return found


def _kinds(fields: dict[str, str], count: int) -> list[str]:
    kinds = fields.get("kinds", "").lower().split()
    return kinds if len(kinds) == count else [""] * count


def _axes(fields: dict[str, str], sizes: tuple[int, ...]) -> _Axes:
    """Tell the axes of space from the one of a series, by directions, then kinds, then order."""
    count = len(sizes)
    vectors, kinds = _vectors(fields, count), _kinds(fields, count)
    if vectors is not None:
        space = [axis for axis, vector in enumerate(vectors) if vector is not None]
    else:
        space = [axis for axis, kind in enumerate(kinds) if kind in _SPACE_KINDS]
    if len(space) == 4:  # SimpleITK writes time as a fourth axis of space
        space = space[:3]
    other = [axis for axis in range(count) if axis not in space]
    if not 2 <= len(space) <= 3 or len(other) > 1:
        raise VolumeRefusedError("its axes are not those of an image")
    if other and 0 < other[0] < count - 1:
        raise VolumeRefusedError("its axes are in an order that cannot be shown")
    return _Axes(tuple(space), other[0] if other else None)


def _samples(fields: dict[str, str], sizes: tuple[int, ...], axes: _Axes, element: str) -> int:
    """Return the samples of a voxel: 1, or 3 or 4 for color."""
    if axes.other is None:
        return 1
    kind = _kinds(fields, len(sizes))[axes.other]
    if "complex" in kind:
        raise VolumeRefusedError(COMPLEX)
    is_bytes = np.dtype(element).itemsize == 1 and np.dtype(element).kind == "u"
    if _COLOR_KINDS.get(kind) == sizes[axes.other] and is_bytes and axes.other == 0:
        return sizes[axes.other]
    if kind not in _SERIES_KINDS:
        raise VolumeRefusedError(VECTOR)
    return 1


def _placement(fields: dict[str, str], axes: _Axes, count: int) -> Placement:
    vectors = _vectors(fields, count)
    if vectors is None:
        return _by_spacings(fields, axes)
    steps = [vector for axis in axes.space if (vector := vectors[axis]) is not None]
    size = steps[0].size
    if any(step.size != size for step in steps) or size not in (2, 3, 4):
        raise VolumeRefusedError("its header contradicts itself about its directions")
    factor, is_named = _length_unit(fields)
    space = fields.get("space", "").lower().replace("-time", "")
    signs = _TO_LPS.get(space.removesuffix("t") if space in ("lpst", "rast", "last") else space)
    # SimpleITK writes no space with a time axis; its world is LPS, but the file does not say so.
    if signs is None or size == 2 or len(steps) < 2:
        return _sized(unplaced(_lengths(steps, factor)), is_named=is_named)
    directions = np.zeros((3, 3))
    for axis, step in enumerate(steps):
        directions[:, axis] = step[:3] * signs * factor
    if len(steps) == 2:
        directions[:, 2] = np.cross(directions[:, 0], directions[:, 1])
        directions[:, 2] /= np.linalg.norm(directions[:, 2]) or 1.0
    origin = _origin(fields)
    shift = np.zeros(3) if origin is None else origin * signs * factor
    found = placed(directions, shift)
    return _sized(found if origin is not None else found.doubted(NO_ORIGIN), is_named=is_named)


def _by_spacings(fields: dict[str, str], axes: _Axes) -> Placement:
    stated = [number(text) for text in fields.get("spacings", "").split()[:16]]
    factor, is_named = _length_unit(fields)
    if not stated or max(axes.space) >= len(stated):
        return unplaced(np.ones(3), doubts=(UNPLACED, NO_MILLIMETERS))
    spacing = np.array([stated[axis] for axis in axes.space] + [1.0] * (3 - len(axes.space)))
    return _sized(unplaced(np.abs(spacing) * factor), is_named=is_named)


def _sized(placement: Placement, *, is_named: bool) -> Placement:
    """Doubt lengths whose unit the file does not name."""
    if is_named or not placement.has_millimetres:
        return placement
    if is_plausible(np.linalg.norm(placement.matrix[:3, :3], axis=0)):
        return placement.doubted(ASSUMED_MILLIMETERS)
    return without_millimeters(placement, NO_MILLIMETERS)


def _lengths(steps: list[NDArray[np.float64]], factor: float) -> NDArray[np.float64]:
    lengths = [float(np.linalg.norm(step)) * factor for step in steps]
    return np.array([*lengths, *[1.0] * (3 - len(lengths))])


def _origin(fields: dict[str, str]) -> NDArray[np.float64] | None:
    inside = fields.get("space origin", "").strip().removeprefix("(").removesuffix(")")
    values = np.array([number(part) for part in inside.split(",")[:4]])
    return values[:3] if values.size >= 3 and np.isfinite(values[:3]).all() else None


def _length_unit(fields: dict[str, str]) -> tuple[float, bool]:
    """Return millimeters of one unit of length, and whether the file names it."""
    stated = _QUOTED.findall(fields.get("space units", fields.get("units", "")))
    named = {unit.strip().lower() for unit in stated if unit.strip()} - {"s", "sec", "ms"}
    if len(named) != 1:
        return 1.0, False
    factor = _MM_OF_UNIT.get(named.pop())
    return (1.0, False) if factor is None else (factor, True)


def _sample_unit(fields: dict[str, str]) -> str:
    unit = fields.get("sample units", "").strip().strip('"').lower()
    return "HU" if unit in ("hu", "hounsfield", "hounsfield unit", "hounsfield units") else ""
