"""Read what a compressed picture says of itself, and hold it against the file's header.

A decoder takes memory by the word of the code stream, so that word is checked before any decoder
sees a byte: a small hostile stream cannot unfold into a huge picture.

Source: ITU-T T.81 B.2.2 (JPEG frame header), B.2.4.6 (APPn), T.87 C.2.2 (JPEG-LS), T.800 A.5.1
(JPEG 2000 SIZ), T.814 (HTJ2K: the same header); PS3.5 annex G (RLE).
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct
from typing import NamedTuple

from workstation.dicom.codecs import DecodeError
from workstation.dicom.decode_protocol import Codec
from workstation.dicom.frames import PixelLayout

JPEG_START = b"\xff\xd8"
_JPEG_SCAN, _JPEG_END = b"\xff\xda", b"\xff\xd9"
J2K_START = b"\xff\x4f\xff\x51"
JP2_START = b"\x00\x00\x00\x0cjP"
_RLE_START = Struct("<II")
STARTS = {
    Codec.JPEG: (JPEG_START,),
    Codec.JPEG_LS: (JPEG_START,),
    Codec.JPEG_2000: (J2K_START, JP2_START),
    Codec.RLE: tuple(_RLE_START.pack(count, 64) for count in range(1, 16)),
}
"""How the code stream of a frame begins."""

_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC} | {0xF7}
"""Markers SOF0 to SOF15 without DHT, JPG and DAC; SOF55 is JPEG-LS."""

_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers without a length: TEM, RST0 to RST7, SOI."""

_LOSSLESS, _SCAN, _JFIF, _ADOBE = 0xC3, 0xDA, 0xE0, 0xEE
_SEQUENTIAL = frozenset({0xC0, 0xC1})
"""Markers of the baseline and the extended sequential process."""

_LAST_COEFFICIENT = 63

_MOST_SEGMENTS = 10_000
"""Most segments before the picture that are looked through; real files have some ten."""

_FRAME = Struct(">BHHB")
_SIZ = Struct(">8IH")
_RLE_HEADER = Struct("<16I")

_MOST_TILES = 65535
"""Most tiles a code stream can number. Source: T.800 A.4.2 (Isot has 16 bits)."""


class CodeStream(NamedTuple):
    """What a code stream says of itself.

    Attributes:
        rows: 0 where the stream tells them only at its end (JPEG with DNL).
        columns, components: its size.
        precision: bits of a sample.
        is_signed: whether samples are two's complement by the stream's word.
        is_planar: whether the decoder gives one color after the other.
        is_ybr: whether colors are luminance and two differences; None where it does not say.
    """

    rows: int
    columns: int
    components: int
    precision: int
    is_signed: bool = False
    is_planar: bool = False
    is_ybr: bool | None = None

    @property
    def sample_bytes(self) -> int:
        """Bytes in which the decoders give one sample."""
        return 1 if self.precision <= 8 else 2 if self.precision <= 16 else 4


def checked(coded: bytes, codec: Codec, layout: PixelLayout) -> CodeStream:
    """Return what a code stream says, after it was held against the header.

    Raises:
        DecodeError: it is none, or claims another size, depth or number of colors.
    """
    stream = _rle(coded, layout) if codec is Codec.RLE else read(coded, codec)
    if stream is None:
        raise DecodeError("its compressed pixels are damaged: they do not begin as they should")
    size = stream.rows or layout.rows, stream.columns
    if size != (layout.rows, layout.columns):
        raise DecodeError("its compressed pixels have another size than the header says")
    if stream.components != layout.samples:
        raise DecodeError("its compressed pixels have another number of colors than the header")
    if not 0 < stream.precision <= layout.bits_allocated:
        raise DecodeError("its compressed pixels have another depth than the header says")
    if codec is Codec.JPEG and coded.rfind(_JPEG_END) < coded.find(_JPEG_SCAN):
        # The decoder would make up the rest of the picture without a word; the others refuse.
        raise DecodeError("its compressed pixels are cut: they end before the picture does")
    return stream


def read(coded: bytes, codec: Codec) -> CodeStream | None:
    """Return what a JPEG, JPEG-LS or JPEG 2000 code stream says; None where it says nothing."""
    if codec is Codec.JPEG_2000:
        return _jpeg_2000(coded) if coded.startswith(J2K_START) else None
    return _jpeg(coded) if coded.startswith(JPEG_START) else None


def mended(coded: bytes, codec: Codec) -> bytes:
    """Return a code stream that decoders take, where a known fault of writers can be undone.

    A JPEG 2000 stream is taken out of the boxes of a file format: DICOM allows none (PS3.5 A.4.4),
    and what they say of colors and palettes is not DICOM's word. A sequential JPEG whose scan says
    that it ends at coefficient 0 of 63 is given the only end that T.81 table B.3 allows.
    """
    if codec is Codec.JPEG_2000:
        return _without_boxes(coded)
    if codec is not Codec.JPEG or not (position := _sequential_scan(coded)):
        return coded
    span = position + 5 + 2 * coded[position + 4]
    if coded[span : span + 3] != bytes(3):
        return coded
    return coded[: span + 1] + bytes([_LAST_COEFFICIENT]) + coded[span + 2 :]


def _without_boxes(coded: bytes) -> bytes:
    if not coded.startswith(JP2_START):
        return coded
    start = coded.find(J2K_START)
    return coded[start:] if start >= 0 else b""


def _sequential_scan(coded: bytes) -> int:
    """Return where the first scan of a sequential JPEG begins; 0 where it is none."""
    is_sequential = False
    for marker, position, content in _segments(coded):
        if marker in _JPEG_FRAMES:
            is_sequential = marker in _SEQUENTIAL
        if marker == _SCAN and is_sequential:
            return position if content and len(content) == 4 + 2 * content[0] else 0
    return 0


def _jpeg_2000(coded: bytes) -> CodeStream | None:
    if len(coded) < _SIZ.size + 8:
        return None
    right, bottom, left, top, width, height, tiles_left, tiles_top, count = _SIZ.unpack_from(
        coded, 8
    )
    parts = coded[8 + _SIZ.size : 8 + _SIZ.size + 3 * count]
    if not count or len(parts) < 3 * count or not width or not height or 0 in parts[1::3]:
        return None
    if len({*parts[0::3]}) > 1:
        raise DecodeError("its compressed pixels have colors of different depths")
    tiles = -(-(right - tiles_left) // width) * -(-(bottom - tiles_top) // height)
    if tiles > _MOST_TILES or left < tiles_left or top < tiles_top:
        raise DecodeError("its compressed pixels are damaged: their tiles cannot be")
    return CodeStream(
        rows=bottom - top,
        columns=right - left,
        components=count,
        precision=(parts[0] & 0x7F) + 1,
        is_signed=bool(parts[0] & 0x80),
    )


def _jpeg(coded: bytes) -> CodeStream | None:
    is_ybr = None
    for marker, position, content in _segments(coded):
        if marker in _JPEG_FRAMES:
            return _jpeg_frame(coded, position, is_ybr)
        is_ybr = _colors(marker, content, is_ybr)
    return None


def _segments(coded: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield (marker, where it is, content) of each segment up to the first scan's."""
    position = 2
    for _ in range(_MOST_SEGMENTS):
        if position + 4 > len(coded) or coded[position] != 0xFF:
            return
        marker = coded[position + 1]
        if marker == 0xFF:
            position += 1
        elif marker in _ALONE:
            position += 2
        else:
            length = int.from_bytes(coded[position + 2 : position + 4], "big")
            yield marker, position, coded[position + 4 : position + 2 + length]
            if marker == _SCAN:
                return
            position += 2 + length


def _colors(marker: int, content: bytes, before: bool | None) -> bool | None:
    """Return whether an application segment says that colors were transformed.

    Source: T.871 (JFIF has luminance and differences), T.872 6.5.3 (Adobe's transform flag).
    """
    if marker == _ADOBE and content[:5] == b"Adobe" and len(content) >= 12:
        return content[11] != 0
    if marker == _JFIF and content[:5] == b"JFIF\0" and before is None:
        return True
    return before


def _jpeg_frame(coded: bytes, position: int, is_ybr: bool | None) -> CodeStream | None:
    if len(coded) < position + 10:
        return None
    marker = coded[position + 1]
    precision, rows, columns, count = _FRAME.unpack_from(coded, position + 4)
    names = coded[position + 10 : position + 10 + 3 * count : 3]
    if names in (b"RGB", b"rgb"):
        is_ybr = False
    elif marker == _LOSSLESS and is_ybr:
        is_ybr = None  # JFIF and Adobe speak of lossy pictures; what DICOM says counts here
    is_planar = marker == 0xF7 and count > 1 and _first_scan(coded) == 1
    return CodeStream(rows, columns, count, precision, is_planar=is_planar, is_ybr=is_ybr)


def _first_scan(coded: bytes) -> int:
    """Return how many components the first scan holds; 0 where there is none."""
    for marker, _, content in _segments(coded):
        if marker == _SCAN:
            return content[0] if content else 0
    return 0


def _rle(coded: bytes, layout: PixelLayout) -> CodeStream | None:
    """RLE says how many segments there are and where; one for each byte of a pixel."""
    if len(coded) < _RLE_HEADER.size:
        return None
    count, *offsets = _RLE_HEADER.unpack_from(coded)
    starts = offsets[:count]
    if not 1 <= count <= 15 or starts[0] < _RLE_HEADER.size or starts != sorted(set(starts)):
        return None
    if starts[-1] >= len(coded):
        return None
    if count * 8 != layout.samples * layout.bits_allocated:
        raise DecodeError("its compressed pixels have another depth than the header says")
    return CodeStream(
        layout.rows, layout.columns, layout.samples, layout.bits_allocated, is_planar=True
    )
