"""Unfold files that hold a whole volume tiled into one large image.

Siemens (Image Type MOSAIC) tiles N slices into a square of ceil(sqrt(N)) tiles a side;
Image Position (Patient) is that of a large image with the same center as a slice. United Imaging
(VFRAME) does the same and lists the position of each slice in a private sequence.

Source: Siemens "CSA" image header as described by nibabel.org, "Siemens mosaic format"; the
positions are checked in the tests against dcm2niix's NIfTI of the same scan.
"""

from __future__ import annotations

import math
import struct
from dataclasses import replace

import numpy as np

from workstation.dicom.elements import Wanted, items, scan
from workstation.dicom.frames import Frame, Tile, Vector
from workstation.dicom.headers import Header, HeaderError
from workstation.dicom.tags import Tag

MAX_TILES = 1024
"""Most slices taken out of one image; scanners write at most a few hundred."""

_CSA_MAGIC = b"SV10"
_CSA_TAG = struct.Struct("<64si4siii")
_CSA_ITEM = struct.Struct("<4i")
_MAX_CSA_TAGS = 1024
"""More than any header has (about 100); keeps a hostile count from looping."""

_ITEM_WANTED = Wanted(frozenset({Tag.IMAGE_POSITION_PATIENT, Tag.IMAGE_ORIENTATION_PATIENT}))


def unfold(header: Header, frame: Frame) -> tuple[Frame, ...]:
    """Return the slices of a tiled image; empty where the image is not tiled.

    Raises:
        HeaderError: it is tiled, but does not say where its slices are.
    """
    kinds = frame.imaging.contrast.image_type
    if "MOSAIC" in kinds:
        return _siemens(header, frame)
    if "VFRAME" in kinds and Tag.UIH_FRAME_SEQUENCE in header.values:
        return _united_imaging(header, frame)
    return ()


def csa_values(raw: bytes) -> dict[str, tuple[str, ...]]:
    """Return the values of a Siemens CSA header by name; empty if it is none."""
    if raw[:4] != _CSA_MAGIC or len(raw) < 16:
        return {}
    found: dict[str, tuple[str, ...]] = {}
    count = int(struct.unpack_from("<I", raw, 8)[0])
    position = 16
    for _ in range(min(count, _MAX_CSA_TAGS)):
        if position + _CSA_TAG.size > len(raw):
            break
        name, _vm, _vr, _syngo, item_count, _ = _CSA_TAG.unpack_from(raw, position)
        position += _CSA_TAG.size
        values = []
        for _ in range(item_count):
            if position + _CSA_ITEM.size > len(raw):
                return found
            length = _CSA_ITEM.unpack_from(raw, position)[1]
            position += _CSA_ITEM.size
            if not 0 <= length <= len(raw) - position:
                return found
            values.append(_c_string(raw[position : position + length]))
            position += (length + 3) // 4 * 4
        found[_c_string(name)] = tuple(value for value in values if value)
    return found


def _siemens(header: Header, frame: Frame) -> tuple[Frame, ...]:
    csa: dict[str, tuple[str, ...]] = {}
    if header.text(Tag.CREATOR_0029).startswith("SIEMENS CSA HEADER"):
        csa = csa_values(header.values.get(Tag.SIEMENS_CSA_IMAGE_HEADER, b""))
    count = _first_whole(csa.get("NumberOfImagesInMosaic", ()))
    if not count and header.text(Tag.CREATOR_0019).startswith("SIEMENS"):
        count = header.word(Tag.SIEMENS_IMAGES_IN_MOSAIC)
    imaging = frame.imaging
    if not 0 < count <= MAX_TILES:
        raise HeaderError("this is a mosaic that does not say how many slices it holds")
    tiles = _tiles(count, imaging.layout.rows, imaging.layout.columns)
    stated = header.number(Tag.SPACING_BETWEEN_SLICES)
    step = abs(stated or imaging.thickness_mm)
    if not (frame.position and imaging.orientation and imaging.spacing_mm and step):
        raise HeaderError("this is a mosaic that does not say where its slices are")
    if not stated:
        frame = replace(frame, imaging=replace(imaging, marks=(*imaging.marks, "mosaic_step:")))
    row, column = np.array(imaging.orientation[:3]), np.array(imaging.orientation[3:])
    normal = _numbers(csa.get("SliceNormalVector", ())) or tuple(np.cross(row, column))
    half_columns = (imaging.layout.columns - tiles[0].columns) / 2
    half_rows = (imaging.layout.rows - tiles[0].rows) / 2
    between_rows_mm, between_columns_mm = imaging.spacing_mm
    first = (
        np.array(frame.position)
        + row * (half_columns * between_columns_mm)
        + column * (half_rows * between_rows_mm)
    )
    return tuple(
        replace(frame, tile=tile, position=_vector(first + np.array(normal) * (step * number)))
        for number, tile in enumerate(tiles)
    )


def _united_imaging(header: Header, frame: Frame) -> tuple[Frame, ...]:
    raw = header.values[Tag.UIH_FRAME_SEQUENCE]
    spans = list(items(raw, header.encoding))
    if not 0 < len(spans) <= MAX_TILES:
        raise HeaderError("this is a tiled image that does not say where its slices are")
    tiles = _tiles(len(spans), frame.imaging.layout.rows, frame.imaging.layout.columns)
    slices = []
    for tile, (start, end) in zip(tiles, spans, strict=True):
        item = header.nested(scan(raw, start, header.encoding, _ITEM_WANTED, end=end).values)
        position = item.numbers(Tag.IMAGE_POSITION_PATIENT)
        if len(position) != 3:
            raise HeaderError("this is a tiled image that does not say where its slices are")
        slices.append(replace(frame, tile=tile, position=_vector(np.array(position))))
    return tuple(slices)


def _tiles(count: int, rows: int, columns: int) -> tuple[Tile, ...]:
    """Return the tiles, row by row; the grid is as square as the image allows."""
    across, down = _grid(count, rows, columns)
    if rows % down or columns % across:
        raise HeaderError("this is a tiled image whose size does not fit its tiles")
    height, width = rows // down, columns // across
    return tuple(
        Tile(number // across * height, number % across * width, height, width)
        for number in range(count)
    )


def _grid(count: int, rows: int, columns: int) -> tuple[int, int]:
    """Return (tiles across, tiles down): a square, or as many rows as are needed."""
    across = math.ceil(math.sqrt(count))
    if columns == rows:
        return across, across
    return across, math.ceil(count / across)


def _c_string(raw: bytes) -> str:
    return raw.split(b"\0", 1)[0].decode("latin-1").strip()


def _first_whole(values: tuple[str, ...]) -> int:
    return int(values[0]) if values and values[0].isdigit() else 0


def _numbers(values: tuple[str, ...]) -> tuple[float, ...] | None:
    try:
        numbers = tuple(map(float, values[:3]))
    except ValueError:
        return None
    return numbers if len(numbers) == 3 and any(numbers) else None


def _vector(point: np.typing.NDArray[np.float64]) -> Vector:
    return (float(point[0]), float(point[1]), float(point[2]))
