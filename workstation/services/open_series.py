"""Open a display set: one array, known in place and unit at once, filled in the background."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workstation.core.errors import CancelledError, InputRefusedError
from workstation.core.job import CancelToken
from workstation.core.memory import MIB, Memory, read_memory
from workstation.core.provenance import Provenance
from workstation.core.verdict import Doubt, SetAside
from workstation.core.volume import Volume, read_only
from workstation.dicom.display_sets import DisplaySet
from workstation.dicom.limits import MAX_VOLUME_BYTES
from workstation.dicom.series_loader import SeriesLoader
from workstation.dicom.thumbnails import thumbnail
from workstation.dicom.verdict import display_sets

__all__ = [
    "OpenedSeries",
    "ReadableSeries",
    "load_readable",
    "load_series",
    "open_series",
    "readable",
    "thumbnail",
]


class OpenedSeries:
    """A volume that is being filled. Any thread.

    Attributes:
        display_set: what was opened.
        volume: the volume; slices not yet :attr:`loaded` hold zeros.
    """

    def __init__(self, display_set: DisplaySet, volume: Volume, loader: SeriesLoader) -> None:
        self.display_set = display_set
        self.volume = volume
        self._loader = loader

    @property
    def loaded(self) -> NDArray[np.bool_]:
        """Which slices are in, (k,); a snapshot. Failed slices stay False."""
        return self._loader.loaded

    @property
    def is_complete(self) -> bool:
        """Whether every slice was decoded."""
        return bool(self._loader.loaded.all())

    @property
    def is_running(self) -> bool:
        """Whether slices are still being loaded."""
        return self._loader.is_running

    @property
    def failed(self) -> tuple[SetAside, ...]:
        """Slices that could not be decoded so far, with the reason; shown blank."""
        return self._loader.failed

    def why_unread(self, k: int) -> str:
        """Return why slice k could not be decoded, as a clause for people; empty where it was."""
        if self._loader.loaded[k]:
            return ""
        name = self.display_set.frames[k].file.name
        return next((aside.reason for aside in self._loader.failed if aside.file == name), "")

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """What loading itself found; grows until all is loaded."""
        found = []
        if failed := self._loader.failed:
            are = (
                "1 slice could not be decoded and is"
                if len(failed) == 1
                else (f"{len(failed)} slices could not be decoded and are")
            )
            text = f"{are} blank."
            found.append(Doubt("slices_failed", text))
        if count := self._loader.limited_count:
            text = (
                f"{count} voxels were beyond -32768..32767 and are shown as the nearest of these."
            )
            found.append(Doubt("values_limited", text))
        return tuple(found)

    def look_at(self, index: int) -> None:
        """Load the slices around this one next."""
        self._loader.look_at(index)

    def wait(self, timeout_s: float | None = None) -> None:
        """Return when loading has ended: complete, with failures, or cancelled."""
        self._loader.wait(timeout_s)


@dataclass(frozen=True, slots=True, eq=False)
class ReadableSeries:
    """A series without a blank slice: what may be measured, enhanced and drafted from.

    Attributes:
        display_set: its slices; one gap more for each that was left out.
        volume: their voxels.
        left_out: slices that could not be decoded, with the reason.
    """

    display_set: DisplaySet
    volume: Volume
    left_out: tuple[SetAside, ...]


def open_series(
    display_set: DisplaySet,
    *,
    first_index: int | None = None,
    on_slice: Callable[[int], None] | None = None,
    cancel: CancelToken | None = None,
) -> OpenedSeries:
    """Return the volume at once and fill it in the background.

    Args:
        display_set: what to open.
        first_index: slice to load first, the nearest follow; None: the middle one.
        on_slice: called with k after each slice (also a failed one), on a loader thread.
        cancel: stops the loading.

    Raises:
        InputRefusedError: there is not enough memory for the volume; nothing was taken yet.
    """
    memory = read_memory()
    require_room(display_set.voxel_bytes, memory)
    first = display_set.slice_count // 2 if first_index is None else first_index
    try:
        loader = SeriesLoader(
            display_set, first_index=first, on_slice=on_slice, cancel=cancel or CancelToken()
        )
    except MemoryError as error:
        raise _no_room(display_set.voxel_bytes, memory) from error
    opened = OpenedSeries(display_set, _volume(display_set, loader.voxels), loader)
    loader.start()
    return opened


def require_room(needed_bytes: int, memory: Memory) -> None:
    """Refuse a volume that this machine cannot hold, before any memory is taken.

    Args:
        needed_bytes: what its voxels will take.
        memory: of this process now.

    Raises:
        InputRefusedError: it is too large for this machine, or for what is free of it.
    """
    most = min(memory.budget_bytes, MAX_VOLUME_BYTES)
    if needed_bytes > most:
        raise InputRefusedError(
            "The series is too large to open on this machine",
            why=f"its images need {_mib(needed_bytes)} of memory, and {_mib(most)} are meant for "
            "images here",
            todo="open a part of its files, or a reconstruction with thicker slices",
        )
    if needed_bytes > memory.room_bytes:
        raise _no_room(needed_bytes, memory)


def _no_room(needed_bytes: int, memory: Memory) -> InputRefusedError:
    return InputRefusedError(
        "There is not enough free memory for this series",
        why=f"its images need {_mib(needed_bytes)}, and {_mib(memory.room_bytes)} can be had now",
        todo="close other programs or show fewer series side by side, then open it again",
    )


def _mib(count: int) -> str:
    """Return a size for people, rounded so that what is too much never reads as enough."""
    return f"{-(-count // MIB):,} MiB" if count >= MIB else f"{count:,} bytes"


def load_series(
    display_set: DisplaySet,
    *,
    cancel: CancelToken | None = None,
    progress: Callable[[float], None] | None = None,
) -> Volume:
    """Return the whole volume; blocks until it is loaded.

    Args:
        display_set: what to load.
        cancel: stops the loading.
        progress: called with the done part, 0..1, on a loader thread.

    Raises:
        InputRefusedError: no slice can be decoded, or the volume is too large.
        CancelledError: it was cancelled.
    """
    return _loaded(display_set, cancel, progress).volume


def load_readable(
    display_set: DisplaySet,
    *,
    cancel: CancelToken | None = None,
    progress: Callable[[float], None] | None = None,
) -> ReadableSeries:
    """Return the whole series without the slices that cannot be decoded; blocks until loaded.

    Args:
        display_set: what to load.
        cancel: stops the loading.
        progress: called with the done part, 0..1, on a loader thread.

    Raises:
        InputRefusedError: no slice can be decoded, or the volume is too large.
        CancelledError: it was cancelled.
    """
    return readable(_loaded(display_set, cancel, progress))


def readable(opened: OpenedSeries) -> ReadableSeries:
    """Return a series that has ended loading, without its blank slices.

    A blank slice looks like air to a measurement; a gap is seen and told.
    """
    whole = opened.display_set
    if opened.is_complete:
        return ReadableSeries(whole, opened.volume, ())
    index_of = {id(frame): k for k, frame in enumerate(whole.frames)}
    good = [frame for frame, is_in in zip(whole.frames, opened.loaded, strict=True) if is_in]
    rest = replace(display_sets(good, whole.series)[0], name=whole.name)
    kept = [index_of[id(frame)] for frame in rest.frames]
    return ReadableSeries(rest, _volume(rest, opened.volume.voxels[kept]), opened.failed)


def _loaded(
    display_set: DisplaySet,
    cancel: CancelToken | None,
    progress: Callable[[float], None] | None,
) -> OpenedSeries:
    token = cancel or CancelToken()
    opened = open_series(
        display_set, on_slice=_counter(display_set.slice_count, progress), cancel=token
    )
    opened.wait()
    if token.is_cancelled:
        raise CancelledError("Stopped as you asked")
    if len(opened.failed) == display_set.slice_count:
        raise InputRefusedError(
            "The pixels of this series cannot be decoded",
            why=opened.failed[0].reason,
            todo="copy the study again from its source",
        )
    return opened


def _volume(display_set: DisplaySet, voxels: NDArray[Any]) -> Volume:
    lossy = tuple(doubt.text for doubt in display_set.doubts if doubt.code == "lossy")
    return Volume(
        voxels=read_only(voxels),
        geometry=display_set.geometry,
        intensity=display_set.intensity,
        series=display_set.series,
        instance_uids=display_set.instance_uids,
        frame_numbers=display_set.frame_numbers,
        windows=display_set.windows,
        is_monochrome1=display_set.is_monochrome1,
        provenance=Provenance(notes=lossy),
        thickness_mm=display_set.thickness_mm,
        display_set=display_set.name,
    )


def _counter(total: int, progress: Callable[[float], None] | None) -> Callable[[int], None] | None:
    """Return an on_slice that reports the done part; None without a listener."""
    if progress is None:
        return None
    lock = threading.Lock()
    done = 0

    def on_slice(_index: int) -> None:
        nonlocal done
        with lock:
            done += 1
            fraction = done / total
        progress(fraction)

    return on_slice
