"""Overlays: the lines, text and areas that a header draws over its image.

Their data stands by itself, or lies in the bits that the samples leave unused. They are read beside
the pixels while a series loads, kept packed, and unfolded when a slice is shown: a bit per pixel,
deflated, of which the usual mostly empty plane takes a few hundred bytes.

Source: PS3.3 C.9.2 (Overlay Plane), C.9.3 (Multi-frame Overlay); PS3.5 8.1.2 (bits of overlays).
"""

from __future__ import annotations

import threading
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workstation.core.drawings import Drawing, DrawingKind
from workstation.dicom.codecs import NATIVE_SYNTAXES, DecodeError
from workstation.dicom.elements import Wanted
from workstation.dicom.frames import Frame
from workstation.dicom.headers import Header, HeaderError, read_header
from workstation.dicom.limits import MAX_FRAME_BYTES
from workstation.dicom.pixel_bytes import PixelBytes
from workstation.dicom.sources import SourceFile
from workstation.dicom.tags import OVERLAY_GROUPS

ROWS, COLUMNS, FRAMES, KIND = 0x0010, 0x0011, 0x0015, 0x0040
ORIGIN, FRAME_ORIGIN, BIT_POSITION, LABEL, DATA = 0x0050, 0x0051, 0x0102, 0x1500, 0x3000
"""Elements of a group 60xx. Source: PS3.6 chapter 6."""

_ELEMENTS = (ROWS, COLUMNS, FRAMES, KIND, ORIGIN, FRAME_ORIGIN, BIT_POSITION, LABEL, DATA)
_WANTED = Wanted(
    frozenset(group << 16 | element for group in OVERLAY_GROUPS for element in _ELEMENTS)
)


@dataclass(frozen=True, slots=True)
class Plane:
    """One overlay of a file.

    Attributes:
        rows, columns: its size.
        row, column: where its first pixel lies in the image, from 0; may lie outside.
        kind: lines and text, or an area.
        label: what the header calls it.
        first_frame: the frame of the image that its first frame belongs to, from 0.
        frames: how many frames it has; 0 where its one frame lies on every frame of the image.
        bit: which bit of the stored word it is; None where it has data of its own.
        packed: its data, a bit per pixel, the lowest first, deflated; empty for embedded ones.
    """

    rows: int
    columns: int
    row: int
    column: int
    kind: DrawingKind
    label: str
    first_frame: int
    frames: int
    bit: int | None
    packed: bytes

    def place(self, index: int) -> int | None:
        """Return which frame of the overlay lies on a frame of the image; None: none."""
        if not self.frames:
            return 0
        number = index - self.first_frame
        return number if 0 <= number < self.frames else None


class SliceOverlays:
    """The overlays of the slices of one display set. Any thread.

    Args:
        frames: the slices in order of k.
    """

    def __init__(self, frames: Sequence[Frame]) -> None:
        self._frames = tuple(frames)
        self._lock = threading.Lock()
        self._bytes = PixelBytes()
        self._planes: dict[SourceFile, tuple[Plane, ...]] = {}
        self._embedded: dict[tuple[int, int], bytes] = {}
        self._ready: set[int] = set()

    def prepare(self, k: int) -> None:
        """Read the overlays of slice k; called where waiting for a disk hurts nobody."""
        frame = self._frames[k]
        if not frame.imaging.has_overlays or frame.tile is not None:
            return
        planes = self._planes_of(frame)
        bits = [plane.bit for plane in planes if plane.bit is not None]
        found = _embedded(frame, bits, self._bytes) if bits else {}
        with self._lock:
            self._embedded |= {(k, bit): packed for bit, packed in found.items()}
            self._ready.add(k)

    def __call__(self, k: int) -> tuple[Drawing, ...]:
        """Return the drawings of slice k; none where they are not prepared yet."""
        with self._lock:
            if k not in self._ready:
                return ()
            planes = self._planes[self._frames[k].file]
            bits = [plane.bit for plane in planes if plane.bit is not None]
            embedded = {bit: self._embedded.get((k, bit), b"") for bit in bits}
        found = (_drawing(plane, self._frames[k], embedded) for plane in planes)
        return tuple(drawing for drawing in found if drawing is not None)

    def _planes_of(self, frame: Frame) -> tuple[Plane, ...]:
        with self._lock:
            known = self._planes.get(frame.file)
        if known is None:
            known = read_planes(frame)
            with self._lock:
                self._planes[frame.file] = known
        return known


def read_planes(frame: Frame) -> tuple[Plane, ...]:
    """Return the overlays of the file of a frame; those that cannot be are left out."""
    try:
        header = read_header(frame.file, _WANTED)
    except HeaderError:
        return ()
    found = (_plane(header, group, frame) for group in OVERLAY_GROUPS)
    return tuple(plane for plane in found if plane is not None)


def _plane(header: Header, group: int, frame: Frame) -> Plane | None:
    def values(element: int, code: str = "H") -> tuple[int, ...]:
        return tuple(int(value) for value in header.binary(group << 16 | element, code))

    size = values(ROWS)[:1] + values(COLUMNS)[:1]
    if len(size) != 2 or 0 in size or size[0] * size[1] > MAX_FRAME_BYTES:
        return None
    rows, columns = size
    origin = values(ORIGIN, "h")
    row, column = origin if len(origin) == 2 else (1, 1)
    stated = header.whole(group << 16 | FRAMES)
    data = header.values.get(group << 16 | DATA, b"")
    bit = None if data else next(iter(values(BIT_POSITION)), 0)
    if not data and not _is_unused(frame, bit or 0):
        return None
    if data and len(data) * 8 < rows * columns * max(stated, 1):
        return None
    frame_origin = values(FRAME_ORIGIN)
    is_on_one = bool(frame_origin) and frame.frame_count > 1
    return Plane(
        rows=rows,
        columns=columns,
        row=row - 1,
        column=column - 1,
        kind=DrawingKind.ROI if header.text(group << 16 | KIND) == "R" else DrawingKind.GRAPHICS,
        label=header.words(group << 16 | LABEL),
        first_frame=frame_origin[0] - 1 if frame_origin else 0,
        frames=max(stated, 1) if data and (stated > 1 or is_on_one) else 0,
        bit=bit,
        packed=zlib.compress(_little(data, header), 1) if data else b"",
    )


def _little(data: bytes, header: Header) -> bytes:
    """Return overlay data with its bytes in order; big endian files hold it in words."""
    if header.encoding.is_little:
        return data
    return np.frombuffer(data[: len(data) // 2 * 2], dtype=">u2").astype("<u2").tobytes()


def _is_unused(frame: Frame, bit: int) -> bool:
    """Whether a bit of the stored words is there and is none of the samples'."""
    layout = frame.imaging.layout
    is_sample = layout.high_bit - layout.bits_stored < bit <= layout.high_bit
    is_there = layout.samples == 1 and 0 <= bit < layout.bits_allocated and not is_sample
    return is_there and layout.transfer_syntax in NATIVE_SYNTAXES


def _embedded(frame: Frame, bits: Sequence[int], source: PixelBytes) -> dict[int, bytes]:
    """Return the planes in unused bits of a frame, packed; none where it cannot be read."""
    layout = frame.imaging.layout
    memory = np.empty(layout.frame_bytes, dtype=np.uint8)
    try:
        source.native(frame, memory, frame.index * layout.frame_bytes)
    except DecodeError:
        return {}
    order = "<" if layout.is_little else ">"
    words = memory.view(f"{order}u{layout.bits_allocated // 8}")
    return {
        bit: zlib.compress(np.packbits((words >> bit) & 1 != 0, bitorder="little").tobytes(), 1)
        for bit in bits
    }


def _drawing(plane: Plane, frame: Frame, embedded: dict[int, bytes]) -> Drawing | None:
    number = plane.place(frame.index)
    packed = plane.packed if plane.bit is None else embedded.get(plane.bit, b"")
    if number is None or not packed:
        return None
    if plane.bit is not None:
        # Its words are the image's; PS3.3 C.9.2.1.1.
        number, rows, columns, row, column = 0, frame.rows, frame.columns, 0, 0
    else:
        rows, columns, row, column = plane.rows, plane.columns, plane.row, plane.column
    count = rows * columns
    first = number * count
    raw = np.frombuffer(zlib.decompress(packed), dtype=np.uint8)
    whole = np.unpackbits(raw[first // 8 : -(-(first + count) // 8)], bitorder="little")
    bitmap = whole[first % 8 :][:count].reshape(rows, columns).astype(np.bool_)
    mask = _placed(bitmap, row, column, (frame.rows, frame.columns))
    return Drawing(mask, plane.kind, plane.label)


def _placed(
    bitmap: NDArray[np.bool_], row: int, column: int, shape: tuple[int, int]
) -> NDArray[np.bool_]:
    """Return a bitmap laid into an image of a shape at an origin, cut at its edges."""
    mask = np.zeros(shape, dtype=np.bool_)
    top, left = max(row, 0), max(column, 0)
    bottom = min(row + bitmap.shape[0], shape[0])
    right = min(column + bitmap.shape[1], shape[1])
    if top < bottom and left < right:
        part = bitmap[top - row : bottom - row, left - column : right - column]
        mask[top:bottom, left:right] = part
    return mask
