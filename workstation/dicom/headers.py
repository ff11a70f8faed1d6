"""Read what the header of a file says, without its pixels.

The common encodings are read by our own bounded scan, which takes about 50 microseconds a file.
Text outside ASCII goes to pydicom's character sets. No pydicom object leaves this package.

Source: DICOM PS3.10 section 7.1 (file meta information), PS3.5 section 6.2 (representations).
"""

from __future__ import annotations

import contextlib
import math
import os
import warnings
from pathlib import Path
from struct import Struct
from struct import error as StructError  # noqa: N812 - the standard library's own name is lower case
from typing import TYPE_CHECKING, BinaryIO

from workstation.dicom.elements import (
    EXPLICIT_LITTLE,
    IMPLICIT_LITTLE,
    VRS,
    DamagedError,
    DataEndsError,
    Encoding,
    PixelElement,
    Wanted,
    scan,
)
from workstation.dicom.limits import (
    MAX_HEADER_BYTES,
    MAX_INFLATED_BYTES,
    LimitError,
    inflate,
)
from workstation.dicom.sources import SourceFile, from_reference
from workstation.dicom.tags import TOP_LEVEL, Tag

if TYPE_CHECKING:  # it takes half a second to import, which no first image should wait for
    from pydicom.dataset import Dataset

FIRST_READ_BYTES = 1 << 13
"""Read at once from the first file; headers of most CT are shorter. At 64 KiB the system reads
ahead 256 KiB of each file: 72 MB for the headers of 275 slices, 3.6 s from a slow disk, instead
of 9 MB."""

LARGEST_FIRST_READ_BYTES = 1 << 18
"""Most that is read at once because the file before needed it; the longest headers seen without
per-frame groups have 134 KiB."""

IMPLICIT_VR = "1.2.840.10008.1.2"
EXPLICIT_VR = "1.2.840.10008.1.2.1"
BIG_ENDIAN = "1.2.840.10008.1.2.2"
DEFLATED = "1.2.840.10008.1.2.1.99"
"""Transfer syntaxes with a data set encoding of their own. Source: PS3.5 annex A."""

_META_SOP_CLASS, _META_TRANSFER_SYNTAX = 0x00020002, 0x00020010
_META = Wanted(frozenset({_META_SOP_CLASS, _META_TRANSFER_SYNTAX}))
_FRAGMENT = b"\xfe\xff\x00\xe0"
"""Item tag before each fragment; encapsulated pixels are always little endian."""

_PLAIN_CODECS = {"ISO_IR 100": "latin-1", "ISO_IR 192": "utf-8"}
"""Character sets without code extensions that most files have. Source: PS3.3 C.12.1.1.2."""

_BIG_ENCODING = Encoding(is_explicit=True, is_little=False)


class HeaderError(Exception):
    """The file cannot be taken; the text is a sentence for people without names."""


class Header:
    """The wanted elements of one file, decoded when asked for. Immutable; any thread.

    Attributes:
        file: the file.
        transfer_syntax: Transfer Syntax UID; implicit little endian where the file has none.
        pixel: where the pixel data is; None where the object has none.
        size_bytes: size of the file, or of the data set after inflation.
    """

    __slots__ = ("encoding", "file", "pixel", "size_bytes", "transfer_syntax", "values")

    def __init__(
        self,
        file: SourceFile,
        transfer_syntax: str,
        encoding: Encoding,
        *,
        values: dict[int, bytes],
        pixel: PixelElement | None,
        size_bytes: int,
    ) -> None:
        self.file = file
        self.transfer_syntax = transfer_syntax
        self.encoding = encoding
        self.values = values
        self.pixel = pixel
        self.size_bytes = size_bytes

    def nested(self, values: dict[int, bytes]) -> Header:
        """Return the same file with the elements of one of its sequence items."""
        return Header(
            self.file,
            self.transfer_syntax,
            self.encoding,
            values=values,
            pixel=None,
            size_bytes=self.size_bytes,
        )

    def texts(self, tag: int) -> tuple[str, ...]:
        """Return the values of a code string, UID or date; empty where absent."""
        raw = self.values.get(tag)
        if not raw:
            return ()
        text = raw.decode("ascii", "replace").rstrip("\0 ")
        return tuple(part.strip() for part in text.split("\\")) if text else ()

    def text(self, tag: int) -> str:
        """Return the first value as text; empty where absent."""
        values = self.texts(tag)
        return values[0] if values else ""

    def words(self, tag: int) -> str:
        """Return text for people in the character set of the file; empty where absent."""
        raw = self.values.get(tag, b"").rstrip(b"\0 ")
        if raw.isascii() and b"\x1b" not in raw:
            return raw.decode("ascii")
        charsets = self.texts(Tag.SPECIFIC_CHARACTER_SET)
        codec = _PLAIN_CODECS.get(charsets[0]) if len(charsets) == 1 else None
        if codec is not None and b"\x1b" not in raw:
            return raw.decode(codec, "replace")
        from pydicom.charset import convert_encodings, decode_bytes  # slow, see above

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            encodings = convert_encodings(list(charsets) or [""])
            return str(decode_bytes(raw, encodings, {0x0C, 0x0A, 0x0D, 0x09, 0x5E, 0x3D}))

    def numbers(self, tag: int) -> tuple[float, ...]:
        """Return decimal strings (DS, IS) as numbers; empty if one of them is none."""
        try:
            values = tuple(float(text) for text in self.texts(tag) if text)
        except ValueError:
            return ()
        return values if all(map(math.isfinite, values)) else ()

    def number(self, tag: int) -> float | None:
        """Return the first of the numbers; None where absent."""
        values = self.numbers(tag)
        return values[0] if values else None

    def whole(self, tag: int, *, default: int = 0) -> int:
        """Return an integer string (IS)."""
        value = self.number(tag)
        return default if value is None else int(value)

    def binary(self, tag: int, code: str) -> tuple[float, ...]:
        """Return binary numbers: code H, h, I, i, f or d as in :mod:`struct`."""
        raw = self.values.get(tag, b"")
        size = Struct(code).size
        order = "<" if self.encoding.is_little else ">"
        return Struct(f"{order}{len(raw) // size}{code}").unpack(raw[: len(raw) // size * size])

    def word(self, tag: int, *, default: int = 0) -> int:
        """Return an unsigned 16-bit number (US)."""
        values = self.binary(tag, "H")
        return int(values[0]) if values else default


def read_header(
    file: SourceFile, wanted: Wanted = TOP_LEVEL, *, first_bytes: int = FIRST_READ_BYTES
) -> Header:
    """Read the header of one file.

    Args:
        file: the file.
        wanted: which of its elements to keep.
        first_bytes: how much to read at once; :func:`likely_bytes` of the file before is best.

    Raises:
        HeaderError: it is no DICOM file, is damaged or cut, or cannot be read; the text says which.
    """
    try:
        stamped = file if file.stamp else file.stamped()
        with stamped.open() as opened:
            _expect_little(opened)
            return _read(stamped, opened, wanted, first_bytes)
    except PermissionError as error:
        raise HeaderError("you have no permission to read this file") from error
    except OSError as error:
        reason = error.strerror or "system error"
        raise HeaderError(f"the file cannot be read ({reason})") from error
    except (LimitError, DamagedError) as error:
        raise HeaderError(f"the file was refused: {error}") from error
    except DataEndsError as error:
        raise HeaderError("the file is cut: it ends inside its header") from error
    except (StructError, IndexError) as error:
        raise HeaderError("the file is damaged: its header cannot be read") from error


def likely_bytes(header: Header) -> int:
    """Return how much to read at once of the file after this one: its neighbours are alike."""
    end = header.pixel.offset if header.pixel else 0
    return min(max(end + end // 8, FIRST_READ_BYTES), LARGEST_FIRST_READ_BYTES)


def read_reference_header(path: Path) -> Dataset:
    """Return the header as a pydicom data set, for the writers of this package.

    Args:
        path: as ``DisplaySet.files`` names it; may lie inside a zip.

    Raises:
        HeaderError: the file is gone, or is no DICOM file.
    """
    import pydicom  # slow, see above

    try:
        file = from_reference(path)
        read_header(file)
        with file.open() as opened:
            return pydicom.dcmread(opened, stop_before_pixels=True, force=True)
    except (OSError, LimitError) as error:
        raise HeaderError("the file is no longer there, or cannot be read") from error


def dataset_bytes(file: SourceFile) -> bytes:
    """Return the inflated data set of a deflated file, as :class:`Header` offsets count it.

    Raises:
        HeaderError: it cannot be inflated within the limits.
    """
    try:
        with file.open() as opened:
            data = opened.read()
        start = _meta(data)[0]
        return inflate((data[start:],), len(data) - start, MAX_INFLATED_BYTES)
    except (OSError, LimitError, DataEndsError) as error:
        raise HeaderError(f"the file was refused: {error}") from error


def _read(file: SourceFile, opened: BinaryIO, wanted: Wanted, first_bytes: int) -> Header:
    size = opened.seek(0, 2)
    opened.seek(0)
    wish = first_bytes
    data = opened.read(wish)
    if not data:
        raise HeaderError("the file is empty")
    while True:
        try:
            header = _parse(file, data, size, wanted)
            if header.pixel and header.pixel.length < 0 and header.transfer_syntax != DEFLATED:
                _check_fragments(opened, header.pixel.offset, size)
        except DataEndsError as error:
            if error.needed > size:
                raise HeaderError(
                    "the file is cut or damaged: its header claims more bytes than the file holds"
                ) from error
            if len(data) >= size:
                raise
            wish = max(16 * wish, error.needed + FIRST_READ_BYTES)
            if min(wish, size) > MAX_HEADER_BYTES:
                raise HeaderError("the file was refused: its header is absurdly large") from error
            opened.seek(0)
            data = _read_up_to(opened, wish)
        else:
            return header


def _expect_little(opened: BinaryIO) -> None:
    """Tell the system not to read ahead: of a slow disk that took four times the header."""
    if not hasattr(os, "posix_fadvise"):  # Windows and macOS
        return
    with contextlib.suppress(OSError):  # what was unpacked to memory has no file
        os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_RANDOM)


def _check_fragments(opened: BinaryIO, position: int, size: int) -> None:
    """Refuse a file that ends inside a fragment of its compressed pixels; PS3.5 section A.4."""
    while position + 8 <= size:
        opened.seek(position)
        head = opened.read(8)
        if head[:4] != _FRAGMENT:
            return
        position += 8 + int.from_bytes(head[4:], "little")
    if position > size:
        raise HeaderError("the file is cut: it ends inside its compressed pixels")


def _read_up_to(opened: BinaryIO, wish: int) -> bytes:
    parts = []
    while wish > 0 and (part := opened.read(wish)):
        parts.append(part)
        wish -= len(part)
    return b"".join(parts)


def _parse(file: SourceFile, data: bytes, size: int, wanted: Wanted) -> Header:
    start, transfer_syntax = _meta(data)
    if transfer_syntax == DEFLATED:
        if len(data) < size:
            raise DataEndsError(size)
        data = inflate((data[start:],), size - start, MAX_INFLATED_BYTES)
        start, size = 0, len(data)
    encoding = _encoding(data, start, transfer_syntax)
    found = scan(data, start, encoding, wanted)
    if found.pixel is None and found.end + 8 <= size and len(data) < size:
        raise DataEndsError(min(size, found.end + FIRST_READ_BYTES))
    return Header(
        file,
        transfer_syntax or IMPLICIT_VR,
        encoding,
        values=found.values,
        pixel=found.pixel,
        size_bytes=size,
    )


def _meta(data: bytes) -> tuple[int, str]:
    position = 132 if data[128:132] == b"DICM" else 0
    if position == 0 and not _looks_like_dicom(data):
        raise HeaderError(_what_it_is(data))
    transfer_syntax = ""
    while data[position : position + 2] == b"\x02\x00":
        vr = data[position + 4 : position + 6]
        step = 12 if vr in VRS and vr in {b"OB", b"UN", b"OW", b"SQ", b"UT"} else 8
        if len(data) < position + step:
            raise DataEndsError(position + step)
        at, width = (position + 6, 2) if vr in VRS and step == 8 else (position + step - 4, 4)
        length = int.from_bytes(data[at : at + width], "little")
        end = position + step + length
        if end > len(data):
            raise DataEndsError(end)
        if data[position : position + 4] == b"\x02\x00\x10\x00":
            value = data[position + step : end]
            transfer_syntax = value.decode("ascii", "replace").strip("\0 ")
        position = end
    return position, transfer_syntax


def _looks_like_dicom(data: bytes) -> bool:
    """Whether a file without preamble begins with an element of group 2 or 8."""
    if len(data) < 8 or data[:4] in (b"\0\0\0\0",):
        return False
    little, big = data[:2] in (b"\x02\x00", b"\x08\x00"), data[:2] == b"\x00\x08"
    if not (little or big):
        return False
    if data[4:6] in VRS:
        return True
    element = int.from_bytes(data[2:4], "little")
    length = int.from_bytes(data[4:8], "little")
    return little and element <= 0x9999 and length < 1 << 16


def _what_it_is(data: bytes) -> str:
    kinds = (
        (b"PK\x03\x04", "this is an archive; give it the ending .zip, or unpack it first"),
        (b"\x1f\x8b", "this is a compressed file (gzip); unpack it first"),
        (b"%PDF", "this is a PDF document, not a DICOM file"),
        (b"\xff\xd8\xff", "this is a JPEG picture, not a DICOM file"),
        (b"\x89PNG", "this is a PNG picture, not a DICOM file"),
    )
    for start, reason in kinds:
        if data.startswith(start):
            return reason
    if not any(data[:132]):
        return "the file holds only zeros; copy it again from its source"
    return "this is not a DICOM file"


def _encoding(data: bytes, start: int, transfer_syntax: str) -> Encoding:
    """Return how the data set is written; what the first element shows wins over what is said."""
    if transfer_syntax == BIG_ENDIAN:
        return _BIG_ENCODING
    if not transfer_syntax and data[start : start + 1] == b"\0" and data[start + 1 : start + 2]:
        return _BIG_ENCODING
    shows_vr = data[start + 4 : start + 6] in VRS
    if len(data) < start + 8:
        shows_vr = transfer_syntax != IMPLICIT_VR
    return EXPLICIT_LITTLE if shows_vr else IMPLICIT_LITTLE
