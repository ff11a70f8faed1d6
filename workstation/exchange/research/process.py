"""The process that reads files of others: ``python -m workstation.exchange.research.process``.

It gets one request after the other on standard input and answers on standard output, each as a
length, a text of JSON and bytes. Libraries that crash, hang or ask for too much memory do so here.
It ends when its input ends, or after a while without a request.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from workstation.exchange.research import voxels
from workstation.exchange.research.header import (
    LocalFile,
    VolumeHeader,
    VolumeRefusedError,
)
from workstation.exchange.research.recognize import (
    Kind,
    read_volume_header,
    with_packed_image,
)
from workstation.exchange.research.staging import Staged, stage

IDLE_SECONDS = 20.0
"""Without a request for so long it ends; starting it again takes a third of a second."""

LENGTH = struct.Struct("<Q")
"""Length of what follows."""


class _Shelf:
    """Keeps the file staged last: a file of many volumes is unpacked once for all of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._key: tuple[object, ...] = ()
        self._kept: tuple[VolumeHeader, Staged] | None = None

    def staged(self, kind: Kind, files: list[LocalFile]) -> tuple[VolumeHeader, Staged]:
        """Return a file as the library gets it, and its header.

        Raises:
            VolumeRefusedError: it is damaged.
            OSError: it cannot be read.
        """
        key = (kind, *map(_state, files))
        if self._kept is not None and key == self._key:
            return self._kept
        self.clear()
        header = with_packed_image(read_volume_header(kind, files[0]), files[-1])
        self._kept = header, stage(header, files[-1], self._folder)
        self._key = key
        return self._kept

    def clear(self) -> None:
        """Let go of what is kept; also of what a refused file left."""
        if self._kept is not None:
            self._kept[1].close()
        self._kept = None
        for left in self._folder.iterdir():
            left.unlink()


def _state(file: LocalFile) -> tuple[object, ...]:
    """Return what changes when a file does."""
    if file.data is not None:
        return file.name, hash(file.data)
    state = file.path.stat()
    return file.path, state.st_size, state.st_mtime_ns


def main() -> int:
    """Answer requests until there are no more; nothing of them is left in the folder."""
    requests, answers = _own_streams()
    folder = Path(sys.argv[1])
    shelf = _Shelf(folder)
    try:
        while (request := _next_request(requests)) is not None:
            for part in _answer(request, _files(request, requests), shelf):
                answers.write(part)
            answers.flush()
    except BrokenPipeError:
        pass
    finally:  # also where the application died and cannot do it
        shelf.clear()
        with contextlib.suppress(OSError):
            folder.rmdir()
    return 0


def _own_streams() -> tuple[BinaryIO, BinaryIO]:
    """Take standard input and output for the protocol; what libraries print goes nowhere."""
    requests, answers = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    return open(requests, "rb", buffering=0), open(answers, "wb")  # noqa: PTH123


def _next_request(requests: BinaryIO) -> dict[str, Any] | None:
    if sys.platform != "win32" and not select.select([requests], [], [], IDLE_SECONDS)[0]:
        return None
    size = requests.read(LENGTH.size)
    if len(size) < LENGTH.size:
        return None
    request: dict[str, Any] = json.loads(_exactly(requests, LENGTH.unpack(size)[0]))
    return request


def _exactly(stream: BinaryIO, count: int) -> bytes:
    got = bytearray(count)
    view = memoryview(got)
    while view:
        taken = stream.readinto(view)  # type: ignore[attr-defined]
        if not taken:
            raise SystemExit(0)
        view = view[taken:]
    return bytes(got)


def _files(request: dict[str, Any], requests: BinaryIO) -> list[LocalFile]:
    return [
        LocalFile(
            Path(each["path"]),
            each["name"],
            None if each["bytes"] is None else _exactly(requests, each["bytes"]),
        )
        for each in request["files"]
    ]


def _answer(
    request: dict[str, Any], files: list[LocalFile], shelf: _Shelf
) -> Iterator[bytes | memoryview]:
    """Yield the answer to one request: what went wrong, or a head and the bytes after it."""
    is_begun = False
    try:
        _limit_memory(request["memory_bytes"])
        if request["kind"] == Kind.PICTURE.value:
            parts = _picture(files[0], is_size_only=request["is_size_only"])
        else:
            parts = _volume(request, files, shelf)
        for part in parts:
            yield part if isinstance(part, bytes) else part.data.cast("B")
            is_begun = True
    except VolumeRefusedError as error:
        refused = str(error)
    except MemoryError:
        refused = "it needs more memory than it may have"
    except OSError as error:
        refused = f"the file cannot be read ({error.strerror or 'system error'})"
    except Exception:  # noqa: BLE001 untrusted input may fail a library in any way
        refused = "the file is damaged: it cannot be read"
    else:
        return
    if is_begun:  # the rest of the answer cannot come: the application sees its end
        raise SystemExit(1)
    yield _head({"refused": refused})


def _head(values: dict[str, Any]) -> bytes:
    text = json.dumps(values).encode()
    return LENGTH.pack(len(text)) + text


def _limit_memory(more_bytes: int) -> None:
    """Let this process grow by so much from here."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    pages = int(Path("/proc/self/statm").read_text().split()[0]) if _has_proc() else 0
    limit = pages * os.sysconf("SC_PAGE_SIZE") + more_bytes if pages else resource.RLIM_INFINITY
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard != resource.RLIM_INFINITY:
        limit = min(limit, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _has_proc() -> bool:
    return Path("/proc/self/statm").exists()


def _picture(file: LocalFile, *, is_size_only: bool) -> Iterator[bytes | NDArray[Any]]:
    from workstation.exchange.research.pictures import decode_picture  # Pillow

    with file.open() as stream:
        picture = decode_picture(stream)
    stored = picture.pixels
    found = voxels.survey(stored[None], 1.0, 0.0)
    pixels = voxels.kept(stored, found.voxel_type, 1.0, 0.0)
    yield _head(
        {
            "shape": [1, *pixels.shape],
            "voxel_type": found.voxel_type,
            "doubts": list(picture.doubts),
            "format": picture.format,
            "is_lossy": picture.is_lossy,
            "bytes": 0 if is_size_only else pixels.nbytes,
            **_survey_words(found),
            "is_label_map": False,
        }
    )
    if not is_size_only:
        yield pixels


def _volume(
    request: dict[str, Any], files: list[LocalFile], shelf: _Shelf
) -> Iterator[bytes | NDArray[Any]]:
    header, staged = shelf.staged(Kind(request["kind"]), files)
    stored = _read(header, staged, request)
    turned = stored[tuple(slice(None, None, -1 if flip else 1) for flip in request["reversed_kji"])]
    slope, intercept = header.slope, header.intercept
    found = voxels.survey(turned, slope, intercept)
    size = int(np.prod(turned.shape[:3])) * (3 if header.is_color else 1)
    yield _head(
        {
            "shape": [*turned.shape[:3], *([3] if header.is_color else [])],
            "voxel_type": found.voxel_type,
            "doubts": [],
            "bytes": size * np.dtype(found.voxel_type).itemsize,
            **_survey_words(found),
        }
    )
    for k in voxels.nearest_first(len(turned), request["first_index"]):
        yield voxels.kept(turned[k], found.voxel_type, slope, intercept)


def _survey_words(found: voxels.Survey) -> dict[str, Any]:
    return {
        "low": found.low,
        "high": found.high,
        "not_numbers": found.not_numbers,
        "inexact": found.inexact,
        "is_label_map": found.is_label_map,
    }


def _read(header: VolumeHeader, staged: Staged, request: dict[str, Any]) -> NDArray[Any]:
    """Return the stored numbers of one volume: [k, j, i], or [k, j, i, samples] for color."""
    import SimpleITK as sitk  # noqa: N813 its own short name; takes a sixth of a second

    sitk.ProcessObject.SetGlobalWarningDisplay(False)
    reader = sitk.ImageFileReader()
    reader.SetImageIO("MetaImageIO")
    reader.SetFileName(str(staged.path))
    columns, rows, count = header.shape_ijk
    first, count = request["slices"] or (0, count)
    is_series = header.volumes > 1 and not header.is_interleaved
    reader.SetExtractIndex([0, 0, first, *([request["volume"]] if is_series else [])])
    reader.SetExtractSize([columns, rows, count, *([0] if is_series else [])])
    stored: NDArray[Any] = sitk.GetArrayFromImage(reader.Execute())
    if header.volumes > 1 and header.is_interleaved:
        return stored[..., request["volume"]]
    return stored


if __name__ == "__main__":
    sys.exit(main())
