"""The decoder process: takes coded frames out of shared memory and puts samples there.

``python -m workstation.dicom.decode_process``. It runs what is written in C, C++ and Rust by others
on bytes that nobody vouches for, so it holds nothing worth having: no header, no name, no path, no
environment; no network is ever opened. It cannot write files, leaves no core file, may take as much
memory and time as the application grants for a frame, and ends when the application does.

No module is imported before it is needed: with RLE, the fastest coding, the process is up in the
time that numpy alone would take to load.
"""

from __future__ import annotations

import importlib.util
import os
import signal
import sys
import types
from collections.abc import Callable
from mmap import mmap
from typing import BinaryIO

from workstation.dicom.decode_protocol import (
    REQUEST_BYTES,
    Codec,
    Outcome,
    Reply,
    Request,
    read_request,
)
from workstation.dicom.decode_slot import attach

Decode = Callable[[bytes, Request], bytes | bytearray]

MOST_FILES = 64
"""Descriptors the process may have open: its pipes, its slot and a library being loaded."""


class _DamagedError(Exception):
    """The library says that it cannot decode the frame."""


def main() -> int:
    """Serve requests until the application closes the pipe; return the exit code."""
    requests, replies = _own_pipes()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_files()
    decoders = _Decoders()
    replies.write(Reply(Outcome.READY).packed())
    while len(raw := requests.read(REQUEST_BYTES)) == REQUEST_BYTES:
        request = read_request(raw)
        with _Deadline(request.seconds):
            reply = decoders.answer(request)
        replies.write(reply.packed())
    return 0


def _own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Return the two pipes; what a library prints goes nowhere."""
    replies = os.fdopen(os.dup(1), "wb", buffering=0)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    return os.fdopen(0, "rb"), replies


class _Decoders:
    """The libraries, each loaded when it is first needed, and the slot last used."""

    def __init__(self) -> None:
        self._loaded: dict[Codec, Decode] = {}
        self._slot: mmap | None = None
        self._key: tuple[str, int] | None = None
        self._memory = _MemoryLimit()

    def answer(self, request: Request) -> Reply:
        """Decode one frame into the slot."""
        try:
            decode = self._decoder(request.codec)
            slot = self._attached(request)
            start = request.slot_bytes - request.coded_bytes
            self._memory.allow(request.memory_bytes)
            samples = decode(bytes(slot[start:]), request)
            if len(samples) > request.room_bytes:
                return Reply(Outcome.DAMAGED)
            slot[: len(samples)] = samples
            return Reply(Outcome.DONE, len(samples))
        except ImportError:
            return Reply(Outcome.NO_DECODER)
        except MemoryError:
            return Reply(Outcome.NO_MEMORY)
        except BaseException:  # noqa: BLE001 a library raises anything at damaged data; Rust panics
            return Reply(Outcome.NO_MEMORY if self._memory.is_used_up() else Outcome.DAMAGED)

    def _decoder(self, codec: Codec) -> Decode:
        found = self._loaded.get(codec)
        if found is None:
            self._memory.allow(LIBRARY_BYTES)
            found = self._loaded[codec] = _LIBRARIES[codec]()
        return found

    def _attached(self, request: Request) -> mmap:
        key = request.slot, request.slot_bytes
        if self._slot is None or key != self._key:
            if self._slot is not None:
                self._slot.close()
            self._slot, self._key = attach(*key), key
        return self._slot


LIBRARY_BYTES = 2 << 30
"""Address space granted for loading a library; numpy reserves half of it for its threads."""


def _rle() -> Decode:
    """Return the decoder of RLE without the rest of its package, which would load numpy."""
    spec = importlib.util.find_spec("rle")
    if spec is not None and "rle" not in sys.modules:
        package = types.ModuleType("rle")
        package.__path__ = list(spec.submodule_search_locations or ())
        sys.modules["rle"] = package
    from rle.rle import decode_frame

    def decode(coded: bytes, request: Request) -> bytes | bytearray:
        return decode_frame(coded, request.pixels, request.bits_allocated, "<")

    return decode


def _jpeg() -> Decode:
    from libjpeg import decode_pixel_data

    def decode(coded: bytes, _request: Request) -> bytes | bytearray:
        return decode_pixel_data(coded, version=2)

    return decode


def _jpeg_ls() -> Decode:
    from jpeg_ls import decode_pixel_data

    def decode(coded: bytes, _request: Request) -> bytes | bytearray:
        return decode_pixel_data(coded)[0]

    return decode


def _jpeg_2000() -> Decode:
    from openjpeg.utils import decode_pixel_data

    def decode(coded: bytes, _request: Request) -> bytes | bytearray:
        return decode_pixel_data(coded, version=2)

    return decode


_LIBRARIES: dict[Codec, Callable[[], Decode]] = {
    Codec.RLE: _rle,
    Codec.JPEG: _jpeg,
    Codec.JPEG_LS: _jpeg_ls,
    Codec.JPEG_2000: _jpeg_2000,
}


class _Deadline:
    """Ends this process when a frame takes too long and nobody is left to end it from outside.

    The alarm is the kernel's, and the watch of faulthandler is a thread of its own in C: both work
    while a library holds the interpreter.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def __enter__(self) -> None:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, self._seconds)
        else:
            import faulthandler  # Windows has no alarm

            faulthandler.dump_traceback_later(self._seconds, exit=True)

    def __exit__(self, *_error: object) -> None:
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_REAL, 0)
        else:
            import faulthandler

            faulthandler.cancel_dump_traceback_later()


_SMALL_SPARE_BYTES = 4 << 20
"""A library that fails with less than this left has most likely failed to get more."""


class _MemoryLimit:
    """Lets the process grow by so much and no more, where the system can (Linux)."""

    def __init__(self) -> None:
        self._granted = 0
        self._limit = 0

    def is_used_up(self) -> bool:
        """Whether the process came close to its limit: then a library failed for want of memory."""
        spare = max(self._granted // 4, _SMALL_SPARE_BYTES)
        return bool(self._limit) and _most_address_space() + spare > self._limit

    def allow(self, more_bytes: int) -> None:
        """Set the limit to what the process has now and ``more_bytes``."""
        if more_bytes == self._granted:
            return
        taken = _address_space()
        if taken:
            import resource

            _, most = resource.getrlimit(resource.RLIMIT_AS)
            wish = taken + more_bytes
            soft = wish if most == resource.RLIM_INFINITY else min(wish, most)
            resource.setrlimit(resource.RLIMIT_AS, (soft, most))
            self._granted, self._limit = more_bytes, soft


def _address_space() -> int:
    """Return the bytes of address space this process has; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", "rb") as statm:  # noqa: PTH123 pathlib takes 6 ms to load
            return int(statm.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, AttributeError):
        return 0


def _most_address_space() -> int:
    """Return the most address space this process ever had; 0 where the system does not tell."""
    try:
        with open("/proc/self/status", "rb") as status:  # noqa: PTH123 see above
            lines = status.read().splitlines()
        return next(int(line.split()[1]) << 10 for line in lines if line.startswith(b"VmPeak"))
    except (OSError, ValueError, StopIteration):
        return 0


def _limit_files() -> None:
    """Allow no writing to files, no core file and few descriptors, where the system can."""
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (MOST_FILES, MOST_FILES))


if __name__ == "__main__":
    code = main()
    # Nothing is left to tidy up, and a library's own exit code may not be trusted.
    os._exit(code)
