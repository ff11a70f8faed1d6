"""Ways to spoil a copy of a study: each takes files as bytes and a seeded generator.

They know just enough of DICOM to hit where it hurts (elements by tag, the pixel element, offset
tables) and use no code of ours, so that a fault of our reader is not repeated here.

Source of the layout: PS3.5 section 7.1 (data elements), A.4 (encapsulated pixels).
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from tests.support.canary import CANARY, CANARY_ID

HEADER_BYTES = 6000
"""Most headers end before this; a flipped bit in it is a flipped bit in the header."""

SHORT = frozenset(b"AE AS AT CS DA DS DT FD FL IS LO LT PN SH SL SS ST TM UI UL US".split())
LONG = frozenset(b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())
PIXELS = b"\xe0\x7f\x10\x00"
UNDEFINED = 0xFFFFFFFF


@dataclass(slots=True)
class Spoiled:
    """A file of a case: its name below the folder, and its bytes."""

    name: str
    data: bytearray


@dataclass(frozen=True, slots=True)
class Element:
    """Where an element lies: tag bytes, start, value, length of the value, width of that length."""

    tag: bytes
    start: int
    value: int
    length: int
    length_at: int
    length_width: int


Files = list[Spoiled]
Mutator = Callable[[Random, Files], None]


def elements(data: bytearray) -> Iterator[Element]:
    """Yield the elements at the top, until something is no element; little endian only."""
    position = 132 if data[128:132] == b"DICM" else 0
    while position + 8 <= len(data):
        found = element_at(data, position)
        if found is None:
            return
        yield found
        if found.length == UNDEFINED:
            end = data.find(b"\xfe\xff\xdd\xe0\0\0\0\0", found.value)
            if end < 0:
                return
            position = end + 8
        else:
            position = found.value + found.length


def element_at(data: bytearray, position: int) -> Element | None:
    """Return the element that begins at a place; None where there is none."""
    tag, vr = bytes(data[position : position + 4]), bytes(data[position + 4 : position + 6])
    if vr in SHORT:
        at, width, value = position + 6, 2, position + 8
    elif vr in LONG:
        at, width, value = position + 8, 4, position + 12
    else:
        at, width, value = position + 4, 4, position + 8
    if value > len(data):
        return None
    length = int.from_bytes(data[at : at + width], "little")
    if length != UNDEFINED and value + length > len(data):
        return None
    return Element(tag, position, value, length, at, width)


def find(data: bytearray, group: int, element: int, rng: Random | None = None) -> Element | None:
    """Return an element by tag, at any depth: the first, or one of all by a generator."""
    raw, found, position = struct.pack("<HH", group, element), [], 0
    limit = min(len(data), 400_000)
    while (position := data.find(raw, position, limit)) >= 0:
        one = element_at(data, position)
        if one is not None:
            found.append(one)
        position += 4
        if rng is None and found:
            break
    if not found:
        return None
    return rng.choice(found) if rng else found[0]


def put(file: Spoiled, found: Element, value: bytes) -> None:
    """Replace the value of an element; its own length follows, those around it do not."""
    value += b" " * (len(value) % 2)
    end = found.value + (0 if found.length == UNDEFINED else found.length)
    file.data[found.value : end] = value
    width = found.length_width
    file.data[found.length_at : found.length_at + width] = len(value).to_bytes(width, "little")


def plant_canary(file: Spoiled) -> None:
    """Give a DICOM file the name of the patient that must never be seen."""
    for element, text in ((0x0010, CANARY), (0x0020, CANARY_ID)):
        found = find(file.data, 0x0010, element)
        if found is not None and found.length < 200:
            put(file, found, text.encode())


# Bytes


def truncate(rng: Random, files: Files) -> None:
    data = rng.choice(files).data
    share = rng.choice((rng.random(), rng.random() * 0.05, 1 - rng.random() * 0.01))
    del data[int(len(data) * share) :]


def flip_header(rng: Random, files: Files) -> None:
    data = rng.choice(files).data
    for _ in range(rng.choice((1, 1, 3, 20, 200))):
        _flip(rng, data, 0, min(len(data), HEADER_BYTES))


def flip_pixels(rng: Random, files: Files) -> None:
    data = rng.choice(files).data
    start = max(data.find(PIXELS), 0)
    for _ in range(rng.choice((1, 10, 300))):
        _flip(rng, data, start, len(data))


def _flip(rng: Random, data: bytearray, start: int, end: int) -> None:
    if end > start:
        data[rng.randrange(start, end)] ^= 1 << rng.randrange(8)


def zero_range(rng: Random, files: Files) -> None:
    data = rng.choice(files).data
    start, end = _range(rng, data)
    data[start:end] = rng.choice((b"\0", b"\xff", b" ")) * (end - start)


def delete_range(rng: Random, files: Files) -> None:
    data = rng.choice(files).data
    start, end = _range(rng, data)
    del data[start:end]


def insert_bytes(rng: Random, files: Files) -> None:
    data = rng.choice(files).data
    place = rng.randrange(min(len(data), HEADER_BYTES) + 1)
    data[place:place] = rng.randbytes(rng.choice((1, 2, 8, 137)))


def swap_ranges(rng: Random, files: Files) -> None:
    data = rng.choice(files).data
    size = rng.choice((2, 8, 64, 1024))
    if len(data) < 2 * size:
        return
    a, b = sorted(rng.randrange(len(data) - size) for _ in range(2))
    if b - a >= size:
        data[a : a + size], data[b : b + size] = data[b : b + size], data[a : a + size]


def splice(rng: Random, files: Files) -> None:
    one, other = rng.choice(files), rng.choice(files)
    cut = rng.randrange(len(one.data) + 1) if rng.random() < 0.5 else _pixel_start(one.data)
    one.data[cut:] = other.data[rng.choice((cut, _pixel_start(other.data))) :]


def append_garbage(rng: Random, files: Files) -> None:
    rng.choice(files).data += rng.choice((rng.randbytes(100), b"\0" * 5000, b"\xff\xd9"))


def _range(rng: Random, data: bytearray) -> tuple[int, int]:
    limit = min(len(data), HEADER_BYTES) if rng.random() < 0.6 else len(data)
    start = rng.randrange(limit + 1)
    return start, min(start + rng.choice((1, 4, 50, 4000)), len(data))


def _pixel_start(data: bytearray) -> int:
    return max(data.find(PIXELS), 0)


# Files


def swap_contents(rng: Random, files: Files) -> None:
    one, other = rng.choice(files), rng.choice(files)
    one.data, other.data = other.data, one.data


def drop(rng: Random, files: Files) -> None:
    if len(files) > 1:
        files.remove(rng.choice(files))


def duplicate(rng: Random, files: Files) -> None:
    one = rng.choice(files)
    folder = rng.choice(("", "again/", "a/b/c/d/e/f/g/"))
    name = one.name if folder else f"copy of {one.name}"
    files.append(Spoiled(f"{folder}{name}", bytearray(one.data)))


ODD_NAMES = (
    "IM0001",
    "größe ünd ähre.dcm",
    "日本語スキャン.dcm",
    "x" * 250,
    "two\nlines.dcm",
    "trailing space ",
    "-rf.dcm",
    "%s%n{0}.dcm",
    "bytes\udcff\udcfe.dcm",
    f"{CANARY}.dcm",
    "DICOMDIR",
    "scan.zip",
    "scan.nii",
    "scan.nii.gz",
    "scan.nrrd",
    "scan.mha",
    "photo.png",
    "photo.jpg",
    ".hidden",
    "report.txt",
    "a.dcm/b.dcm",
)


def rename(rng: Random, files: Files) -> None:
    one = rng.choice(files)
    taken = {file.name for file in files}
    name = rng.choice(ODD_NAMES)
    parents = {f"{part}" for other in taken for part in _parents(other)}
    if name not in taken and name not in parents and not set(_parents(name)) & taken:
        one.name = name


def _parents(name: str) -> list[str]:
    parts = name.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts))]


def add_stranger(rng: Random, files: Files) -> None:
    strangers = (
        b"",
        b"\0" * 1000,
        rng.randbytes(3000),
        b"PK\x03\x04" + rng.randbytes(500),
        b"%PDF-1.7\n" + rng.randbytes(200),
        b"\x89PNG\r\n\x1a\n" + rng.randbytes(200),
        b"\xff\xd8\xff\xe0" + rng.randbytes(200),
        b"\0" * 128 + b"DICM",
        b"\0" * 128 + b"DICM" + rng.randbytes(400),
        b"\x5c\x01\0\0" + b"\0" * 340 + b"n+1\0" + rng.randbytes(60),
        b"NRRD0004\ntype: short\ndimension: 3\nsizes: 99999 99999 99999\nencoding: raw\n\n",
        b"ObjectType = Image\nNDims = 3\nDimSize = 9 9 9\nElementType = MET_SHORT\n"
        b"ElementDataFile = ../../../etc/hostname\n",
    )
    name = rng.choice(("stranger", "stranger.dcm", "s.nii", "s.nrrd", "s.mhd", "s.png", "s.zip"))
    if all(file.name != name for file in files):
        files.append(Spoiled(name, bytearray(rng.choice(strangers))))


def pack_in_zip(rng: Random, files: Files) -> None:
    """Put all files into one zip, which may be spoiled like any other file."""
    out = io.BytesIO()
    method = rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
    with zipfile.ZipFile(out, "w", method) as archive:
        for file in files:
            if file.name.isprintable() and len(file.name) < 200:
                archive.writestr(file.name, bytes(file.data))
    files[:] = [Spoiled("all.zip", bytearray(out.getvalue()))]


# Elements

HOSTILE_WORDS = (0, 1, 2, 3, 4, 7, 8, 12, 16, 17, 32, 64, 255, 256, 999, 32767, 32768, 65535)
HOSTILE_NUMBERS = (
    *(
        "0",
        "-1",
        "1",
        "2",
        "1e400",
        "-1e400",
        "nan",
        "inf",
        "-inf",
        "1e-320",
        "1e38",
        "99999999999",
    ),
    *("", " ", "\\", "\\\\\\", "1\\", "0\\0\\0\\0\\0\\0", "1\\0\\0\\0\\1", "1\\1\\1\\1\\1\\1"),
    *("0.70710678\\0.70710678\\0\\0\\0\\-1", "1\\0\\0\\1\\0\\0", "abc", "1,5\\1,5", "1\\2\\3\\4"),
    *(
        "0.000001",
        "100000\\100000",
        "2147483648",
        "-5\\-5",
        "1" * 300,
        "0x10",
        "1.5",
        "1e9\\1e9\\1e9",
    ),
)
HOSTILE_WORDS_OF_TEXT = (
    *("MONOCHROME1", "MONOCHROME2", "RGB", "PALETTE COLOR", "YBR_FULL", "YBR_FULL_422", "YBR_RCT"),
    *("ARGB", "", "ORIGINAL\\PRIMARY\\LOCALIZER", "DERIVED\\SECONDARY\\MPR", "SIGMOID", "MOSAIC"),
    *("ORIGINAL\\PRIMARY\\M\\MOSAIC", "CT", "MR", "PT", "SEG", "XX", "ISO 2022 IR 87", "GB18030"),
    *("ISO_IR 192", "ISO_IR 999", "\x1b$B\x1b(B", "\xff\xfe", "a" * 1000, CANARY, "%s", "HU", "US"),
)
SYNTAXES = (
    *("1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"),
    *("1.2.840.10008.1.2.1.99", "1.2.840.10008.1.2.5"),
    *(
        f"1.2.840.10008.1.2.4.{n}"
        for n in (50, 51, 57, 70, 80, 81, 90, 91, 100, 103, 201, 202, 203)
    ),
    *("1.2.3.4", "", "1.2.840.10008.1.2.4.999", "garbage"),
)
WORD_TAGS = (0x0002, 0x0006, 0x0010, 0x0011, 0x0100, 0x0101, 0x0102, 0x0103, 0x0120, 0x0121)
"""Group 0028: samples, planar, rows, columns, bits, sign, padding."""

NUMBER_TAGS = (
    *((0x0028, e) for e in (0x0008, 0x0030, 0x1050, 0x1051, 0x1052, 0x1053)),
    *((0x0020, e) for e in (0x0013, 0x0032, 0x0037, 0x0011, 0x0012, 0x0100, 0x0105)),
    *((0x0018, e) for e in (0x0050, 0x0081, 0x0088, 0x1164, 0x1060, 0x0086)),
    *((0x0054, e) for e in (0x1300, 0x1321)),
)
TEXT_TAGS = (
    *((0x0028, e) for e in (0x0004, 0x1054, 0x1056, 0x0301, 0x2110)),
    *((0x0008, e) for e in (0x0005, 0x0008, 0x0016, 0x0018, 0x0060, 0x103E, 0x0032, 0x0033)),
    *((0x0020, e) for e in (0x000D, 0x000E, 0x0052)),
    *((0x0010, e) for e in (0x0010, 0x0020, 0x0040, 0x1010)),
)


def alter_words(rng: Random, files: Files) -> None:
    file = rng.choice(files)
    for _ in range(rng.choice((1, 1, 2))):
        found = find(file.data, 0x0028, rng.choice(WORD_TAGS))
        if found is not None and found.length != UNDEFINED:
            put(file, found, rng.choice(HOSTILE_WORDS).to_bytes(2, "little"))


def alter_numbers(rng: Random, files: Files) -> None:
    file = rng.choice(files)
    for _ in range(rng.choice((1, 1, 3))):
        found = find(file.data, *rng.choice(NUMBER_TAGS), rng)
        if found is not None and found.length != UNDEFINED:
            put(file, found, rng.choice(HOSTILE_NUMBERS).encode())


def alter_texts(rng: Random, files: Files) -> None:
    file = rng.choice(files)
    found = find(file.data, *rng.choice(TEXT_TAGS), rng)
    if found is not None and found.length != UNDEFINED:
        put(file, found, rng.choice(HOSTILE_WORDS_OF_TEXT).encode("latin-1"))


def alter_syntax(rng: Random, files: Files) -> None:
    file = rng.choice(files)
    found = find(file.data, 0x0002, 0x0010)
    if found is not None and found.length != UNDEFINED:
        put(file, found, rng.choice(SYNTAXES).encode())


def alter_frames(rng: Random, files: Files) -> None:
    file = rng.choice(files)
    value = rng.choice(("0", "2", "1000000", "-3", "2147483647", "4.5")).encode()
    found = find(file.data, 0x0028, 0x0008)
    if found is not None and found.length != UNDEFINED:
        put(file, found, value)
        return
    rows = find(file.data, 0x0028, 0x0010)
    if rows is not None:
        is_explicit = bytes(file.data[rows.start + 4 : rows.start + 6]) == b"US"
        value += b" " * (len(value) % 2)
        width, vr = (2, b"IS") if is_explicit else (4, b"")
        head = b"\x28\0\x08\0" + vr + len(value).to_bytes(width, "little")
        file.data[rows.start : rows.start] = head + value


def absurd_length(rng: Random, files: Files) -> None:
    file = rng.choice(files)
    found = _any_element(rng, file.data)
    if found is not None:
        width = found.length_width
        length = rng.choice(
            (UNDEFINED, 0x7FFFFFFF, 0xFFFFFFFE, found.length + 1, 0, len(file.data))
        )
        raw = (length & ((1 << 8 * width) - 1)).to_bytes(width, "little")
        file.data[found.length_at : found.length_at + width] = raw


def alter_vr(rng: Random, files: Files) -> None:
    file = rng.choice(files)
    found = _any_element(rng, file.data)
    if found is not None:
        vr = rng.choice((*sorted(SHORT), *sorted(LONG), b"ZZ", b"\0\0", b"OX"))
        file.data[found.start + 4 : found.start + 6] = vr


def delete_element(rng: Random, files: Files) -> None:
    file = rng.choice(files)
    found = _any_element(rng, file.data)
    if found is not None and found.length != UNDEFINED:
        del file.data[found.start : found.value + found.length]


def repeat_element(rng: Random, files: Files) -> None:
    file = rng.choice(files)
    found = _any_element(rng, file.data)
    if found is not None and found.length != UNDEFINED:
        end = found.value + found.length
        file.data[end:end] = file.data[found.start : end] * rng.choice((1, 2, 50))


def swap_elements(rng: Random, files: Files) -> None:
    file = rng.choice(files)
    one, other = _any_element(rng, file.data), _any_element(rng, file.data)
    if one is None or other is None or UNDEFINED in (one.length, other.length):
        return
    one, other = sorted((one, other), key=lambda found: found.start)
    end, last = one.value + one.length, other.value + other.length
    if end <= other.start:
        first, second = file.data[one.start : end], file.data[other.start : last]
        file.data[one.start : last] = second + file.data[end : other.start] + first


def nest_sequences(rng: Random, files: Files) -> None:
    file = rng.choice(files)
    found = _any_element(rng, file.data)
    if found is None:
        return
    depth = rng.choice((2, 23, 24, 25, 60, 1000))
    is_explicit = bytes(file.data[found.start + 4 : found.start + 6]) in SHORT | LONG
    head = (b"SQ\0\0" if is_explicit else b"") + b"\xff\xff\xff\xff"
    inner = b"".join((b"\x09\x00\x10\x10", head, b"\xfe\xff\x00\xe0\xff\xff\xff\xff")) * depth
    ends = b"\xfe\xff\x0d\xe0\0\0\0\0\xfe\xff\xdd\xe0\0\0\0\0" * rng.choice(
        (depth, depth, depth - 1)
    )
    file.data[found.start : found.start] = inner + ends


def spoil_fragments(rng: Random, files: Files) -> None:
    """Lie in the offset table or in the length of a fragment."""
    data = rng.choice(files).data
    pixel = data.find(PIXELS)
    item = data.find(b"\xfe\xff\x00\xe0", max(pixel, 0))
    if pixel < 0 or item < 0:
        return
    lie = rng.choice((0, 1, 3, 0xFFFFFFFF, 0xFFFFFFF0, len(data), 0x7FFFFFFF))
    for _ in range(rng.choice((0, 1, 1, 2))):
        item = max(data.find(b"\xfe\xff\x00\xe0", item + 4), item)
    place = item + rng.choice((4, 4, 8, 12))
    data[place : place + 4] = lie.to_bytes(4, "little")


def lie_in_meta(rng: Random, files: Files) -> None:
    """Spoil preamble, prefix or group length of the file meta information."""
    data = rng.choice(files).data
    which = rng.randrange(4)
    if which == 0:
        del data[:132]
    elif which == 1:
        data[140:144] = rng.randbytes(4)
    elif which == 2:
        data[128:132] = b"DICN"
    else:
        end = data.find(b"\x08\x00", 140)
        del data[132 : max(end, 132)]


def _any_element(rng: Random, data: bytearray) -> Element | None:
    found = [one for one, _ in zip(elements(data), range(300), strict=False)]
    return rng.choice(found) if found else None


MUTATORS: tuple[Mutator, ...] = (
    *(truncate, flip_header, flip_header, flip_pixels, zero_range, delete_range, insert_bytes),
    *(
        swap_ranges,
        splice,
        append_garbage,
        swap_contents,
        drop,
        duplicate,
        duplicate,
        rename,
        rename,
    ),
    *(
        add_stranger,
        alter_words,
        alter_words,
        alter_words,
        alter_numbers,
        alter_numbers,
        alter_texts,
    ),
    *(
        alter_texts,
        alter_syntax,
        alter_frames,
        absurd_length,
        absurd_length,
        alter_vr,
        delete_element,
    ),
    *(delete_element, repeat_element, swap_elements, nest_sequences, spoil_fragments, lie_in_meta),
)
"""What is drawn from; named twice where more is to be expected of it."""


def spoil(rng: Random, files: Files) -> tuple[str, ...]:
    """Spoil the files in place, one to three times; return what was done."""
    done = []
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3))):
        mutate = rng.choice(MUTATORS)
        mutate(rng, files)
        done.append(mutate.__name__)
    if rng.random() < 0.04:
        pack_in_zip(rng, files)
        done.append("pack_in_zip")
        if rng.random() < 0.5:
            mutate = rng.choice((truncate, flip_pixels, zero_range, delete_range, swap_ranges))
            mutate(rng, files)
            done.append(mutate.__name__)
    return tuple(done)
