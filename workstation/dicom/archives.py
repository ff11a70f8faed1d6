"""Files inside a zip: which may be read, and their bytes.

Nothing is unpacked to disk, so no name out of an archive ever becomes a path and no patient data
is left in a temporary folder. Members are read one by one, within the limits.
"""

from __future__ import annotations

import stat
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath
from typing import NamedTuple

from workstation.core.verdict import SetAside
from workstation.dicom.limits import (
    MAX_ARCHIVE_BYTES,
    MAX_ARCHIVE_MEMBERS,
    MAX_INFLATE_RATIO,
    MAX_MEMBER_BYTES,
    SMALL_ENOUGH_BYTES,
    LimitError,
    inflate,
)

LOCAL_HEADER = struct.Struct("<4s5H3I2H")
"""Local file header. Source: PKWARE APPNOTE 4.3.7."""

_ENCRYPTED_FLAG = 0x1


class ZipMember(NamedTuple):
    """Where a member lies in its archive; enough to read it without the directory."""

    name: str
    header_offset: int
    is_deflated: bool
    compressed_bytes: int
    size_bytes: int


def members(archive: Path) -> Iterator[ZipMember | SetAside]:
    """Yield each file of a zip: as a member that may be read, or set aside with its reason.

    Names are relative to the archive. Folders are passed over.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            listed = opened.infolist()
    except (zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, ValueError):
        yield SetAside("", "the zip file is damaged; copy it again from its source")
        return
    except OSError as error:
        yield SetAside("", f"the zip file cannot be read ({error.strerror or 'system error'})")
        return
    if all(entry.is_dir() for entry in listed):
        yield SetAside("", "the zip file holds no file")
    taken_bytes = 0
    for number, entry in enumerate(listed):
        if entry.is_dir():
            continue
        reason = _refusal(entry)
        if not reason and number >= MAX_ARCHIVE_MEMBERS:
            reason = f"the zip file holds more than {MAX_ARCHIVE_MEMBERS} files"
        if not reason and taken_bytes + entry.file_size > MAX_ARCHIVE_BYTES:
            reason = "the zip file unpacks to more than is allowed"
        if reason:
            yield SetAside(entry.filename, reason)
            continue
        taken_bytes += entry.file_size
        yield ZipMember(
            entry.filename,
            entry.header_offset,
            entry.compress_type == zipfile.ZIP_DEFLATED,
            entry.compress_size,
            entry.file_size,
        )


def read_member(archive: Path, member: ZipMember) -> bytes:
    """Return the bytes of a member.

    Raises:
        LimitError: it unpacks to more than it claims, or is damaged.
        OSError: the archive cannot be read.
    """
    with archive.open("rb", buffering=0) as file:
        file.seek(member.header_offset)
        fixed = file.read(LOCAL_HEADER.size)
        if len(fixed) < LOCAL_HEADER.size or fixed[:4] != b"PK\x03\x04":
            raise LimitError("the zip file is damaged at this place")
        *_, name_bytes, extra_bytes = LOCAL_HEADER.unpack(fixed)
        file.seek(name_bytes + extra_bytes, 1)
        stored = file.read(member.compressed_bytes)
    if len(stored) < member.compressed_bytes:
        raise LimitError("the zip file ends before this file does")
    if not member.is_deflated:
        return stored
    content = inflate((stored,), member.compressed_bytes, member.size_bytes)
    if len(content) < member.size_bytes:
        raise LimitError("it is cut inside the zip file")
    return content


def _refusal(entry: zipfile.ZipInfo) -> str:
    """Return why a member must not be read; empty if it may."""
    name = entry.filename.replace("\\", "/")
    ratio_limit = max(SMALL_ENOUGH_BYTES, MAX_INFLATE_RATIO * entry.compress_size)
    known_methods = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    rules = (
        (
            ".." in name.split("/"),
            "its name in the zip file leads outside the folder (../), so it was not opened",
        ),
        (
            name.startswith("/") or bool(PureWindowsPath(name).drive),
            "its name in the zip file is an absolute path, so it was not opened",
        ),
        (
            stat.S_ISLNK(entry.external_attr >> 16),
            "it is a link inside the zip file, so it was not followed",
        ),
        (
            bool(entry.flag_bits & _ENCRYPTED_FLAG),
            "it is encrypted; unpack the zip file with its password and open the folder",
        ),
        (
            entry.compress_type not in known_methods,
            "it is compressed in a way that is not supported; unpack the zip file first",
        ),
        (
            name.lower().endswith(".zip"),
            "it is a zip file inside a zip file; unpack the outer one and open the folder",
        ),
        (
            entry.file_size > MAX_MEMBER_BYTES,
            "it unpacks to more than is allowed for one file",
        ),
        (
            entry.file_size > ratio_limit,
            f"it unpacks to more than {MAX_INFLATE_RATIO} times its size, as a zip bomb does",
        ),
    )
    return next((reason for is_broken, reason in rules if is_broken), "")
