"""The gray scales a header brings: windows and tables, in the order in which they are offered.

Where a header has both, either may be applied but never both; the table comes first, since it is
the fuller word of the maker. Of several tables or windows the first is the one to begin with.

Source: PS3.3 C.11.2 (VOI LUT Module), C.11.2.1.2 (windows), C.7.6.16.2.10 (per frame).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from workstation.core.intensity import GrayTable, Window, WindowFunction, table_window
from workstation.core.verdict import Doubt
from workstation.dicom.elements import Wanted, items, scan
from workstation.dicom.frames import PixelLayout, Rescale
from workstation.dicom.headers import Header
from workstation.dicom.lookup_tables import TableError, read_table
from workstation.dicom.tags import Tag

LEAST_LINEAR_WIDTH = 1.0
"""Least Window Width of LINEAR on whole numbers. Source: PS3.3 C.11.2.1.2.1."""

MOST_TABLES = 32
"""Tables read of one header; mammography systems bring three."""

_WANTED = Wanted(
    frozenset({Tag.LUT_DESCRIPTOR, Tag.LUT_DATA, Tag.LUT_EXPLANATION, Tag.SPECIFIC_CHARACTER_SET})
)
_KNOWN = {function.value: function for function in WindowFunction}


def gray_scales(
    header: Header, layout: PixelLayout, rescale: Rescale
) -> tuple[tuple[Window, ...], tuple[Doubt, ...]]:
    """Return tables and windows without repetitions, and what could not be used of them.

    Args:
        header: of the image or of one frame with its functional groups.
        layout: how its pixels are stored.
        rescale: what goes before: tables and windows take its output.
    """
    tables, broken = _tables(header, is_signed=_can_be_negative(layout, rescale))
    windows, refused = _windows(header, is_whole=rescale.is_integral)
    doubts = []
    if broken:
        text = f"A gray-scale table of the header is not used: {broken}."
        doubts.append(Doubt("voi_table_broken", text))
    if refused:
        text = "The header holds a window of a width that cannot be; it is not used."
        doubts.append(Doubt("window_refused", text))
    return (*tables, *windows), tuple(doubts)


def _can_be_negative(layout: PixelLayout, rescale: Rescale) -> bool:
    """Whether intensities may be below zero, so that a table may begin there."""
    if rescale.table is not None:
        return False
    bits = layout.bits_stored
    low = -(1 << (bits - 1)) if layout.is_signed else 0
    high = (1 << (bits - 1)) - 1 if layout.is_signed else (1 << bits) - 1
    return min(end * rescale.slope + rescale.intercept for end in (low, high)) < 0


def _tables(header: Header, *, is_signed: bool) -> tuple[list[Window], str]:
    found: list[Window] = []
    broken = ""
    for number, item in enumerate(_items(header), start=1):
        try:
            raw = read_table(item, is_signed=is_signed)
        except TableError as error:
            broken = str(error)
            continue
        entries = np.ascontiguousarray(raw.entries, dtype=np.uint16).tobytes()
        said = item.words(Tag.LUT_EXPLANATION).strip()
        name = f"Scanner table {number}" + (f": {said}" if said else "")
        found.append(table_window(GrayTable(float(raw.first), entries, raw.bits), name))
    return found, broken


def _items(header: Header) -> Iterator[Header]:
    raw = header.values.get(Tag.VOI_LUT_SEQUENCE)
    if not raw:
        return
    for number, (start, end) in enumerate(items(raw, header.encoding)):
        if number == MOST_TABLES:
            return
        values = scan(raw, start, header.encoding, _WANTED, end=end).values
        character_set = header.values.get(Tag.SPECIFIC_CHARACTER_SET, b"")
        yield header.nested({Tag.SPECIFIC_CHARACTER_SET: character_set} | values)


def _windows(header: Header, *, is_whole: bool) -> tuple[list[Window], bool]:
    """Return the windows and whether one of them was refused."""
    centers, widths = header.numbers(Tag.WINDOW_CENTER), header.numbers(Tag.WINDOW_WIDTH)
    names = header.words(Tag.WINDOW_CENTER_WIDTH_EXPLANATION).split("\\")
    function = _KNOWN.get(header.text(Tag.VOI_LUT_FUNCTION), WindowFunction.LINEAR)
    is_strict = is_whole and function is WindowFunction.LINEAR
    found: dict[tuple[float, float], Window] = {}
    is_refused = False
    for number, (center, width) in enumerate(zip(centers, widths, strict=False)):
        if width <= 0 or (is_strict and width < LEAST_LINEAR_WIDTH):
            is_refused = True
        elif (center, width) not in found:
            name = names[number].strip() if number < len(names) else ""
            found[center, width] = Window(center, width, name, function)
    return list(found.values()), is_refused
