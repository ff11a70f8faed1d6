"""Find the files a person opened: single files, folders and all below them, zip archives."""

from __future__ import annotations

import errno
import io
import os
import stat
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

from workstation.core.errors import InputRefusedError
from workstation.core.verdict import SetAside
from workstation.dicom.archives import ZipMember, members, read_member

ZIP_SUFFIX = ".zip"
INDEX_NAME = "DICOMDIR"
"""The index of a disk; who opens it means the disk. Source: PS3.10 section 8.6."""


_READ_ONLY = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NONBLOCK", 0)
)
"""Opening never waits, not even for somebody who writes into a pipe."""


class SourceFile(NamedTuple):
    """One file that was received.

    Attributes:
        path: the file; for a member of a zip, the archive.
        name: its name relative to what the person opened; may identify a patient, never logged.
        member: which member of the archive; None for a plain file.
        stamp: size in bytes and time of change in ns when its header was read; None before.
    """

    path: Path
    name: str
    member: ZipMember | None = None
    stamp: tuple[int, int] | None = None

    @property
    def reference(self) -> Path:
        """Path that names this file to other rooms; below the archive for a zip member."""
        return self.path / self.member.name if self.member else self.path

    @property
    def is_plain(self) -> bool:
        """Whether :attr:`path` is the file itself."""
        return self.member is None

    def open(self) -> AbstractContextManager[BinaryIO]:
        """Open the bytes for reading; a zip member is unpacked to memory.

        Raises:
            OSError: the file cannot be read, is none any more, or is not the one whose header
                was read: its pixels could be those of another image.
            LimitError: the member is damaged or beyond the limits.
        """
        descriptor = os.open(self.path, _READ_ONLY)
        try:
            self._expect(_stamp(os.fstat(descriptor)))
            if self.member is None:
                opened = io.FileIO(descriptor, "rb")
                descriptor = -1
                return cast("AbstractContextManager[BinaryIO]", opened)
        finally:
            if descriptor >= 0:
                os.close(descriptor)
        return io.BytesIO(read_member(self.path, self.member))

    def stamped(self) -> SourceFile:
        """Return the file as it is now; opening it later fails where it has changed.

        Raises:
            OSError: it is gone.
        """
        return self._replace(stamp=_stamp(self.path.stat()))

    def _expect(self, found: tuple[int, int]) -> None:
        if self.stamp is not None and self.stamp != found:
            raise OSError(errno.ESTALE, "it has changed since it was received; open it again")


def _stamp(found: os.stat_result) -> tuple[int, int]:
    if not stat.S_ISREG(found.st_mode):  # a pipe put in its place would never end
        raise OSError(errno.EINVAL, "it is not a plain file")
    return found.st_size, found.st_mtime_ns


def collect(paths: Iterable[Path]) -> Iterator[SourceFile | SetAside]:
    """Yield every file below the paths, in a stable order, or the reason why it cannot be.

    The index of a disk (DICOMDIR) stands for the folder it lies in.

    Raises:
        InputRefusedError: a path does not exist, or its folder may not be looked into.
    """
    for path in paths:
        kind = _kind(path)
        if stat.S_ISDIR(kind):
            yield from _folder(path, path)
        elif stat.S_ISREG(kind) and path.name.upper() == INDEX_NAME:
            yield from _folder(path.parent, path.parent)
        elif stat.S_ISREG(kind):
            yield from _file(path, printable(path.name))
        else:
            yield SetAside(printable(path.name), "it is not a plain file")


def from_reference(path: Path) -> SourceFile:
    """Return the file that :attr:`SourceFile.reference` named.

    Raises:
        FileNotFoundError: neither the file nor an archive with that member is there.
    """
    if path.is_file():
        return SourceFile(path, path.name)
    for archive in path.parents:
        if archive.is_file():
            inside = path.relative_to(archive).as_posix()
            for found in members(archive):
                if isinstance(found, ZipMember) and found.name == inside:
                    return SourceFile(archive, path.name, found)
            break
    raise FileNotFoundError("the file is no longer there")


def _folder(folder: Path, root: Path) -> Iterator[SourceFile | SetAside]:
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
    except OSError as error:
        name = printable(folder.relative_to(root).as_posix())
        yield SetAside(name, f"the folder cannot be read ({_cause(error)})")
        return
    prefix = "" if folder == root else folder.relative_to(root).as_posix() + "/"
    for entry in entries:
        if _is_folder(entry):
            yield from _folder(folder / entry.name, root)
        elif reason := _refusal(entry):
            yield SetAside(printable(prefix + entry.name), reason)
        else:
            yield from _file(folder / entry.name, printable(prefix + entry.name))


def printable(name: str) -> str:
    """Return a file name that can be written anywhere: bytes that are no text become U+FFFD."""
    return os.fsencode(name).decode("utf-8", "replace")


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _refusal(entry: os.DirEntry[str]) -> str:
    """Return why something in a folder is not opened; empty if it is a file."""
    try:
        if entry.is_file():
            return ""
        is_linked_folder = entry.is_dir()
    except OSError as error:  # a link that leads to itself, or through a folder of others
        return f"it cannot be opened ({_cause(error)})"
    if is_linked_folder:
        return "it is a link to a folder, which is not followed; open that folder itself"
    leads_nowhere = entry.is_symlink() and not Path(entry.path).exists()
    return "it is a link that leads nowhere" if leads_nowhere else "it is not a plain file"


def _file(path: Path, name: str) -> Iterator[SourceFile | SetAside]:
    if path.suffix.lower() != ZIP_SUFFIX or not _starts_as_zip(path):
        yield SourceFile(path, name)
        return
    for found in members(path):
        if isinstance(found, SetAside):
            yield SetAside(f"{name}/{found.file}" if found.file else name, found.reason)
        else:
            yield SourceFile(path, f"{name}/{found.name}", found)


def _starts_as_zip(path: Path) -> bool:
    """Whether a file is a zip, perhaps a damaged one; False where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(2) == b"PK" or zipfile.is_zipfile(path)
    except OSError:
        return False


def _kind(path: Path) -> int:
    """Return the kind of what a path names, as in the mode of :func:`os.stat`."""
    try:
        return path.stat().st_mode
    except PermissionError as error:
        raise InputRefusedError(
            "What you want to open cannot be read",
            why="you have no permission to look into its folder",
            todo="ask whoever owns the folder, or copy the study to one of yours",
        ) from error
    except (OSError, ValueError) as error:
        raise InputRefusedError(
            "What you want to open is not there",
            why="the path names no file and no folder",
            todo="check the name, and that the disk or network folder is connected",
        ) from error


def _cause(error: OSError) -> str:
    return error.strerror or "system error"
