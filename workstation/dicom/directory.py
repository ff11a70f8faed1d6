"""The index of a disk (DICOMDIR): which files it lists, for which series, and which are not there.

The index is never trusted: its offsets may lie, its names may lead out of the disk. It adds nothing
to what is read; it only tells what else there should be.

Source: PS3.3 annex F (Basic Directory IOD), PS3.10 section 8 (File IDs).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from workstation.dicom.elements import DamagedError, DataEndsError, Wanted, items, scan
from workstation.dicom.headers import Header
from workstation.dicom.sources import printable
from workstation.dicom.tags import Tag

MAX_RECORDS = 1_000_000
"""More records than this are not followed; a full Blu-ray holds some 200,000 images."""

_WANTED = Wanted(
    frozenset(
        {
            Tag.OFFSET_OF_NEXT_RECORD,
            Tag.OFFSET_OF_LOWER_LEVEL,
            Tag.REFERENCED_FILE_ID,
            Tag.SERIES_INSTANCE_UID,
        }
    )
)


class ListedFile(NamedTuple):
    """One file that the index lists.

    Attributes:
        parts: components of its File ID.
        series_uid: Series Instance UID of the record above it; empty where there is none.
    """

    parts: tuple[str, ...]
    series_uid: str

    @property
    def name(self) -> str:
        """The name as the index gives it; may identify a patient, never logged."""
        return printable("/".join(self.parts))

    @property
    def is_inside(self) -> bool:
        """Whether the name stays on the disk."""
        return bool(self.parts) and not any(
            part in ("", ".", "..") or "/" in part or "\\" in part or "\0" in part or ":" in part
            for part in self.parts
        )


class _Record(NamedTuple):
    """One directory record: where it lies, where it leads, what it says."""

    place: int
    next_place: int
    lower_place: int
    parts: tuple[str, ...]
    series_uid: str


def listed_files(header: Header) -> tuple[ListedFile, ...]:
    """Return the files that an index lists; those whose records are reached by no offset too."""
    records = list(_records(header))
    above = _series_by_offsets(records, _base(records))
    found: dict[ListedFile, None] = {}
    latest = ""
    for record in records:
        # Records mostly lie in depth-first order, so the series before is the one above.
        latest = record.series_uid or latest
        if record.parts:
            found[ListedFile(record.parts, above.get(record.place, latest))] = None
    return tuple(found)


def absent_files(
    listed: Iterable[ListedFile], index: Path, received: frozenset[str]
) -> tuple[ListedFile, ...]:
    """Return the listed files that are not there, in the order of the index.

    Args:
        listed: as :func:`listed_files` gives them.
        index: where the index lies; may lie inside a zip.
        received: :func:`place_of` each file that was read.
    """
    folder = index.parent
    return tuple(
        one
        for one in listed
        if not (
            one.is_inside
            and (place_of(folder.joinpath(*one.parts)) in received or _exists(folder, one.parts))
        )
    )


def place_of(path: Path) -> str:
    """Return a path as it is compared: without regard to case, which disks lose."""
    return os.path.abspath(path).casefold()  # noqa: PTH100 - resolve() would follow links


def _exists(folder: Path, parts: tuple[str, ...]) -> bool:
    try:
        return folder.joinpath(*parts).is_file()
    except (OSError, ValueError):
        return False


def _records(header: Header) -> Iterator[_Record]:
    raw = header.values.get(Tag.DIRECTORY_RECORD_SEQUENCE, b"")
    try:
        for number, (start, end) in enumerate(items(raw, header.encoding)):
            if number >= MAX_RECORDS:
                return
            values = scan(raw, start, header.encoding, _WANTED, end=end).values
            item = header.nested(values)
            yield _Record(
                start - 8,
                int(next(iter(item.binary(Tag.OFFSET_OF_NEXT_RECORD, "I")), 0)),
                int(next(iter(item.binary(Tag.OFFSET_OF_LOWER_LEVEL, "I")), 0)),
                item.texts(Tag.REFERENCED_FILE_ID),
                item.text(Tag.SERIES_INSTANCE_UID),
            )
    except (DamagedError, DataEndsError):
        return


def _base(records: list[_Record]) -> int | None:
    """Return what offsets of the file have in front of offsets in the sequence; None if none fits.

    The first offset that is used leads to the record after the root, so each candidate is tried.
    """
    used = {place for one in records for place in (one.next_place, one.lower_place) if place}
    places = {one.place for one in records}
    if not used:
        return None
    lowest = min(used)
    candidates = (lowest - place for place in sorted(places)[:_TRIED])
    return next((base for base in candidates if used <= {base + place for place in places}), None)


_TRIED = 64
"""Candidates tried for the base: the lowest offset used leads to one of the first records."""


def _series_by_offsets(records: list[_Record], base: int | None) -> dict[int, str]:
    """Return the series of each record that lies below one, by its place; empty without offsets."""
    if base is None:
        return {}
    by_place = {one.place: one for one in records}
    found: dict[int, str] = {}
    for series in records:
        if not series.series_uid:
            continue
        place = series.lower_place - base
        while place in by_place and place not in found:
            found[place] = series.series_uid
            place = by_place[place].next_place - base
    return found
