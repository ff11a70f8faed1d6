"""Which open series keep their voxels in memory, and which give them up first.

The shelf only counts: who opens series asks it what to give up, and does so. What is on screen, or
is read by a running job, is held and never given up; of the rest the least recently shown goes.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Generic, TypeVar

from workstation.core.memory import Memory, read_memory

Key = TypeVar("Key", bound=Hashable)


class SeriesShelf(Generic[Key]):
    """Counts the voxels of open series. One thread.

    Args:
        memory: tells the memory of this process.
    """

    def __init__(self, memory: Callable[[], Memory] = read_memory) -> None:
        self._memory = memory
        # In order of use: the least recently shown first.
        self._sizes: dict[Key, int] = {}
        self._holds: dict[Hashable, frozenset[Key]] = {}

    @property
    def held_bytes(self) -> int:
        """What the voxels of all series on the shelf take."""
        return sum(self._sizes.values())

    def put(self, key: Key, size_bytes: int) -> None:
        """Note that a series has, or is about to have, its voxels in memory."""
        self._sizes.pop(key, None)
        self._sizes[key] = size_bytes

    def touch(self, key: Key) -> None:
        """Note that a series has been on screen just now."""
        if key in self._sizes:
            self.put(key, self._sizes[key])

    def remove(self, key: Key) -> None:
        """Note that a series has given up its voxels."""
        self._sizes.pop(key, None)

    def clear(self) -> None:
        """Forget every series and every hold."""
        self._sizes.clear()
        self._holds.clear()

    def hold(self, holder: Hashable, keys: Iterable[Key]) -> None:
        """Say which series a viewport shows or a job reads, instead of those it said before.

        Args:
            holder: the viewport or job.
            keys: its series; none when it shows nothing any more, or has ended.
        """
        held = frozenset(keys)
        if held:
            self._holds[holder] = held
        else:
            self._holds.pop(holder, None)

    def hold_count(self, key: Key) -> int:
        """Return how many viewports and jobs hold a series."""
        return sum(key in held for held in self._holds.values())

    def to_give_up(self, needed_bytes: int) -> tuple[Key, ...]:
        """Return the series to give up before another one is opened, least recently shown first.

        Too few where what is held leaves no room: then opening it is refused by the memory there
        is.

        Args:
            needed_bytes: what the voxels of the other one will take.
        """
        beyond = self.lacking_bytes(needed_bytes)
        chosen = []
        for key, size in self._sizes.items():
            if beyond <= 0:
                break
            if not self.hold_count(key):
                chosen.append(key)
                beyond -= size
        return tuple(chosen)

    def lacking_bytes(self, needed_bytes: int) -> int:
        """Return by how much another series is beyond the budget or the room; 0 or less if not.

        Args:
            needed_bytes: what the voxels of the other one will take.
        """
        memory = self._memory()
        return max(
            self.held_bytes + needed_bytes - memory.budget_bytes, needed_bytes - memory.room_bytes
        )
