"""A folder as an ISO 9660 image with Joliet names, for a disc burner or a virtual drive.

Source: ECMA-119 (ISO 9660, interchange level 1), Joliet Specification; PS3.12 annex F asks for both
level 1 names and no extension on instances.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pycdlib

from workstation.core.errors import WorkstationError

LEVEL, JOLIET = 1, 3

_BLOCK_BYTES = 1 << 20


class DiscImageError(WorkstationError):
    """An image could not be made, or does not read back as it should."""


def write_disc_image(
    folder: Path, image: Path, *, label: str, check: Callable[[], None] = lambda: None
) -> None:
    """Write everything below a folder into an image, and read all of it back.

    Args:
        folder: names of files and folders in it are 8.3 in capitals, letters, digits, ``_``.
        image: the file to write; it must not be there yet.
        label: of the disc, up to 11 capitals.
        check: called between files; raises to stop.

    Raises:
        DiscImageError: what was written does not read back.
        OSError: the place cannot be written.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    made = pycdlib.PyCdlib()
    made.new(interchange_level=LEVEL, joliet=JOLIET, vol_ident=label)
    try:
        for below in sorted(path for path in folder.rglob("*") if path.is_dir()):
            name = _name(folder, below)
            made.add_directory(name, joliet_path=name)
        for path in files:
            check()
            name = _name(folder, path)
            made.add_file(str(path), f"{_with_dot(name)};1", joliet_path=name)
        check()
        made.write(str(image))
    finally:
        made.close()
    _compare(folder, files, image, check)


def _compare(folder: Path, files: list[Path], image: Path, check: Callable[[], None]) -> None:
    read = pycdlib.PyCdlib()
    read.open(str(image))
    try:
        for path in files:
            check()
            digest = hashlib.sha256()
            with read.open_file_from_iso(joliet_path=_name(folder, path)) as stored:
                while block := stored.read(_BLOCK_BYTES):
                    digest.update(block)
            with path.open("rb") as original:
                expected = hashlib.file_digest(original, "sha256")
            if digest.digest() != expected.digest():
                raise DiscImageError(
                    "The disc image is not right",
                    why="a file does not read back as it was written",
                    todo="Check the disk you write to, then try again",
                )
    finally:
        read.close()


def _name(folder: Path, path: Path) -> str:
    return "/" + path.relative_to(folder).as_posix()


def _with_dot(name: str) -> str:
    last = name.rsplit("/", maxsplit=1)[-1]
    return name if "." in last else f"{name}."
