"""A piece of memory that the application shares with one decoder process.

On POSIX it is an anonymous file handed over as an open descriptor: it has no name that could be
left behind, and no limit as the shared memory folder of a container has. On Linux it cannot be
made smaller by anyone, so that a wild decoder cannot pull it away under the application. On
Windows it is a named section of the paging file, which goes with its last user.

Imports nothing heavy: the decoder process needs it too.
"""

from __future__ import annotations

import mmap
import os
import sys

PAGE_BYTES = 1 << 16
"""A slot grows in steps of this: a multiple of every system's page and mapping granularity."""


class Slot:
    """Shared memory that grows, on the application's side. One thread at a time.

    Attributes:
        size: bytes it has.
    """

    def __init__(self) -> None:
        self.size = 0
        self._file = _anonymous_file() if os.name == "posix" else -1
        self._mapping: mmap.mmap | None = None
        self._name = f"fd:{self._file}"

    @property
    def name(self) -> str:
        """What the process needs to :func:`attach` it."""
        return self._name

    @property
    def inherited(self) -> tuple[int, ...]:
        """Descriptors that the process must inherit."""
        return (self._file,) if self._file >= 0 else ()

    def hold(self, size: int) -> memoryview:
        """Return the memory, made large enough for ``size`` bytes.

        Raises:
            OSError, MemoryError: there is not that much memory.
        """
        if size > self.size or self._mapping is None:
            wish = -(-size // PAGE_BYTES) * PAGE_BYTES
            self._mapping = None  # unmapped with its last view
            self._mapping = self._mapped(wish)
            self.size = wish
        return memoryview(self._mapping)

    def close(self) -> None:
        """Give the memory back; what is still seen of it goes with the last view."""
        self._mapping = None
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _mapped(self, size: int) -> mmap.mmap:
        if self._file >= 0:
            os.ftruncate(self._file, size)
            return mmap.mmap(self._file, size)
        self._name = f"prelim-{os.urandom(16).hex()}"
        return mmap.mmap(-1, size, tagname=self._name)  # type: ignore[call-arg,unused-ignore]


def attach(name: str, size: int) -> mmap.mmap:
    """Return the memory of a :class:`Slot` inside the decoder process.

    Raises:
        OSError, ValueError: there is none of that name and size.
    """
    kind, _, number = name.partition(":")
    if kind == "fd":
        return mmap.mmap(int(number), size)
    return mmap.mmap(-1, size, tagname=name)  # type: ignore[call-arg,unused-ignore]


def _anonymous_file() -> int:
    if sys.platform == "linux":
        import fcntl

        file = os.memfd_create("prelim-decoder", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
        fcntl.fcntl(file, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK)
        return file
    import tempfile  # takes 20 ms, and only macOS needs it

    with tempfile.TemporaryFile() as unnamed:
        return os.dup(unnamed.fileno())
