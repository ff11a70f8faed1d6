"""Take the bytes of one frame's pixels out of its file; never more of them than there are.

Source: PS3.5 section 8.1.1 (native pixels), A.4 (encapsulated pixels), A.5 (deflated data sets).
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from workstation.dicom.code_streams import STARTS
from workstation.dicom.codecs import CODECS, DecodeError
from workstation.dicom.encapsulation import CUT, Fragments, find_fragments, frames
from workstation.dicom.frames import Frame
from workstation.dicom.headers import DEFLATED, HeaderError, dataset_bytes
from workstation.dicom.limits import MAX_CODED_BYTES, LimitError
from workstation.dicom.sources import SourceFile

Spans = tuple[range, ...]


class PixelBytes:
    """Reads pixels; the threads of one load share it.

    Of the file read last it keeps what is dear to find again: where its frames are and, where a
    file of many frames lies in an archive or is deflated, its unpacked bytes.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._spans: tuple[SourceFile, Fragments, Spans] | None = None
        self._unpacked: tuple[SourceFile, bytes] | None = None

    def native(self, frame: Frame, memory: NDArray[np.uint8], start: int) -> None:
        """Fill ``memory`` with native pixels.

        Args:
            frame: whose pixels.
            memory: takes the bytes, all of it.
            start: which byte of the pixel element is the first.

        Raises:
            DecodeError: the file ends before, or cannot be read.
        """
        with self._opened(frame) as opened:
            opened.seek(frame.pixel_offset + start)
            _fill(opened, memory)

    def before_pixels(self, frame: Frame, count: int) -> bytes:
        """Return the bytes just before the pixels: the end of their element's header."""
        with self._opened(frame) as opened:
            opened.seek(max(frame.pixel_offset - count, 0))
            return opened.read(count)

    def coded(self, frame: Frame) -> bytes:
        """Return the code stream of an encapsulated frame.

        Raises:
            DecodeError: it is not there, not all of it, or cannot be told from its neighbors.
        """
        with self._opened(frame) as opened:
            found, spans = self._frames(frame, opened)
            if frame.index >= len(spans):
                raise DecodeError(CUT)
            items = [found.items[number] for number in spans[frame.index]]
            if sum(item.length for item in items) > MAX_CODED_BYTES:
                raise DecodeError("the file was refused: one image of it is absurdly large")
            parts = []
            for item in items:
                opened.seek(item.offset)
                parts.append(_all(opened, item.length))
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _frames(self, frame: Frame, opened: BinaryIO) -> tuple[Fragments, Spans]:
        known = self._spans
        if known is not None and known[0] == frame.file:
            return known[1:]
        codec = CODECS.get(frame.imaging.layout.transfer_syntax)
        found = find_fragments(opened, frame.pixel_offset, STARTS[codec] if codec else ())
        spans = frames(found, max(frame.frame_count, 1))
        if frame.frame_count > 1:
            self._spans = frame.file, found, spans
        return found, spans

    @contextmanager
    def _opened(self, frame: Frame) -> Iterator[BinaryIO]:
        """Give the file, or the data set that was deflated in it; say in words what is wrong."""
        try:
            with self._bytes_of(frame) as opened:
                yield opened
        except PermissionError as error:
            raise DecodeError("you have no permission to read this file") from error
        except OSError as error:
            reason = error.strerror or "error"
            raise DecodeError(f"the file cannot be read ({reason})") from error
        except (LimitError, HeaderError) as error:
            raise DecodeError(f"the file was refused: {error}") from error
        except MemoryError as error:
            raise DecodeError("its pixels need more memory than there is") from error

    @contextmanager
    def _bytes_of(self, frame: Frame) -> Iterator[BinaryIO]:
        is_deflated = frame.imaging.layout.transfer_syntax == DEFLATED
        if not is_deflated and (frame.frame_count <= 1 or frame.file.member is None):
            with frame.file.open() as opened:
                yield opened
        else:
            yield io.BytesIO(self._unpacked_bytes(frame, is_deflated=is_deflated))

    def _unpacked_bytes(self, frame: Frame, *, is_deflated: bool) -> bytes:
        with self._lock:
            if self._unpacked is not None and self._unpacked[0] == frame.file:
                return self._unpacked[1]
            if is_deflated:
                data = dataset_bytes(frame.file)
            else:
                with frame.file.open() as opened:
                    data = opened.read()
            self._unpacked = (frame.file, data) if frame.frame_count > 1 else None
            return data


def _all(opened: BinaryIO, count: int) -> bytes:
    """Return exactly ``count`` bytes; a read may give fewer than asked for."""
    data = opened.read(count)
    if len(data) == count:
        return data
    memory = np.empty(count, dtype=np.uint8)
    memory[: len(data)] = np.frombuffer(data, dtype=np.uint8)
    _fill(opened, memory[len(data) :])
    return memory.tobytes()


def _fill(opened: BinaryIO, memory: NDArray[np.uint8]) -> None:
    view = memory.data
    done = 0
    while done < len(view):
        count = opened.readinto(view[done:])  # type: ignore[attr-defined]
        if not count:
            raise DecodeError("the file is cut: it ends inside its pixels")
        done += count
