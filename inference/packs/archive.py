"""Unpacking a model pack from a zip file that nobody vouches for."""

from __future__ import annotations

import shutil
import stat
import zipfile
from pathlib import Path

from inference.packs.manifest import MANIFEST_NAME, refused, safe_path
from workstation.core.errors import PackRefusedError

MAX_FILES = 1000
"""Most files in a pack; ours have under ten."""

MAX_BYTES = 40 * 1024**3
"""Most bytes unpacked; the largest drafting models in use are about 16 GB."""


def extract_pack(source: Path, target: Path) -> Path:
    """Unpack a zip file into ``target`` and return the folder with the manifest in it.

    The manifest lies at the top of the zip or in its one folder.

    Raises:
        PackRefusedError: the zip is not there, damaged or too large, or it holds a link or a path
            that leaves it.
    """
    if not source.exists():
        raise PackRefusedError(
            "There is no model pack at that place", todo="Name its folder or its zip file"
        )
    try:
        with zipfile.ZipFile(source) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            prefix = _checked_prefix(entries)
            for entry in entries:
                _extract(archive, entry, target.joinpath(*entry.filename[len(prefix) :].split("/")))
    except (zipfile.BadZipFile, OSError, RuntimeError) as error:
        raise refused(f"it is not a zip file that can be read ({type(error).__name__})") from error
    return target


def _checked_prefix(entries: list[zipfile.ZipInfo]) -> str:
    if len(entries) > MAX_FILES or sum(entry.file_size for entry in entries) > MAX_BYTES:
        raise refused("it is larger than any real pack")
    manifests = [e.filename for e in entries if e.filename.split("/")[-1] == MANIFEST_NAME]
    if not manifests:
        raise refused(f"it has no {MANIFEST_NAME}")
    prefix = min(manifests, key=len)[: -len(MANIFEST_NAME)]
    for entry in entries:
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise refused("it holds a link")
        if not entry.filename.startswith(prefix):
            raise refused("it holds files beside the pack")
        safe_path(entry.filename[len(prefix) :], "the zip file")
    return prefix


def _extract(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(entry) as packed, target.open("wb") as unpacked:
        shutil.copyfileobj(packed, unpacked)
    if target.stat().st_size != entry.file_size:
        raise refused("its zip file lies about a size")
