"""Open a stack: one array, known in place and unit at once, filled in the background.

A DICOM display set is decoded slice by slice; a research volume (NIfTI, NRRD, MetaImage) or a
picture comes out of a process that reads foreign files.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from workstation.core.errors import CancelledError, InputRefusedError
from workstation.core.filled import FILLED_MARK, Filled, whole_slice
from workstation.core.image_stack import ImageStack
from workstation.core.job import CancelToken
from workstation.core.memory import MIB, Memory, read_memory
from workstation.core.provenance import PixelKind, Provenance
from workstation.core.verdict import Doubt, SetAside
from workstation.core.volume import Volume, read_only
from workstation.dicom.decode_pool import DecodePool
from workstation.dicom.decoding import is_any_compressed
from workstation.dicom.display_sets import DisplaySet
from workstation.dicom.limits import MAX_VOLUME_BYTES
from workstation.dicom.overlays import SliceOverlays
from workstation.dicom.pixel_history import history_of
from workstation.dicom.series_loader import SeriesLoader
from workstation.dicom.thumbnails import thumbnail as dicom_thumbnail
from workstation.dicom.verdict import display_sets
from workstation.exchange.research.loader import ResearchLoader
from workstation.exchange.research.thumbnail import research_thumbnail
from workstation.exchange.research.volume import ResearchVolume

__all__ = [
    "OpenedSeries",
    "ReadableSeries",
    "is_compressed",
    "load_readable",
    "load_series",
    "open_series",
    "readable",
    "thumbnail",
]


class StackLoader(Protocol):
    """Fills the array of one stack. Any thread."""

    voxels: NDArray[Any]

    @property
    def loaded(self) -> NDArray[np.bool_]:
        """Return which slices are in."""
        ...

    @property
    def failed(self) -> tuple[SetAside, ...]:
        """Return the slices that cannot be had, and why."""
        ...

    @property
    def limited_count(self) -> int:
        """Return how many voxels were set to the end of the array's range."""
        ...

    @property
    def is_running(self) -> bool:
        """Whether slices are still being loaded."""
        ...

    def start(self) -> None:
        """Begin to load in the background."""
        ...

    def look_at(self, index: int) -> None:
        """Load the slices around this one next."""
        ...

    def wait(self, timeout_s: float | None = None) -> None:
        """Return when loading has ended."""
        ...


class OpenedSeries:
    """A volume that is being filled. Any thread.

    Attributes:
        display_set: what was opened.
        volume: the volume; slices not yet :attr:`loaded` hold zeros.
    """

    def __init__(
        self,
        display_set: ImageStack,
        volume: Volume,
        loader: StackLoader,
        *,
        doubts: tuple[Doubt, ...] = (),
    ) -> None:
        self.display_set = display_set
        self.volume = volume
        self._loader = loader
        self._doubts = doubts

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
        name = self.display_set.file_name(k)
        return next((aside.reason for aside in self._loader.failed if aside.file == name), "")

    @property
    def doubts(self) -> tuple[Doubt, ...]:
        """What loading itself found; grows until all is loaded."""
        found = list(self._doubts)
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

    display_set: ImageStack
    volume: Volume
    left_out: tuple[SetAside, ...]


def open_series(
    display_set: ImageStack,
    *,
    first_index: int | None = None,
    on_slice: Callable[[int], None] | None = None,
    cancel: CancelToken | None = None,
    pool: DecodePool | None = None,
) -> OpenedSeries:
    """Return the volume at once and fill it in the background.

    Args:
        display_set: what to open.
        first_index: slice to load first, the nearest follow; None: the middle one.
        on_slice: called with k after each slice (also a failed one), on a loader thread.
        cancel: stops the loading.
        pool: decoder processes for compressed slices; None: some of its own, for this load.

    Raises:
        InputRefusedError: there is not enough memory for the volume; nothing was taken yet.
    """
    memory = read_memory()
    require_room(display_set.voxel_bytes, memory)
    token = cancel or CancelToken()
    first = display_set.slice_count // 2 if first_index is None else first_index
    try:
        if isinstance(display_set, ResearchVolume):
            opened, loader = _research(display_set, first, on_slice, token)
        else:
            opened, loader = _decoded(_dicom(display_set), first, on_slice, token, pool)
    except MemoryError as error:
        raise _no_room(display_set.voxel_bytes, memory) from error
    loader.start()
    return opened


def _decoded(
    display_set: DisplaySet,
    first_index: int,
    on_slice: Callable[[int], None] | None,
    cancel: CancelToken,
    pool: DecodePool | None,
) -> tuple[OpenedSeries, StackLoader]:
    overlays = SliceOverlays(display_set.frames) if display_set.has_overlays else None
    loader = SeriesLoader(
        display_set,
        first_index=first_index,
        on_slice=_after_overlays(overlays, on_slice),
        cancel=cancel,
        pool=pool,
    )
    volume = _volume(display_set, loader.voxels, overlays)
    return OpenedSeries(display_set, volume, loader), loader


def _research(
    stack: ResearchVolume,
    first_index: int,
    on_slice: Callable[[int], None] | None,
    cancel: CancelToken,
) -> tuple[OpenedSeries, StackLoader]:
    loader = ResearchLoader(stack, first_index=first_index, on_slice=on_slice, cancel=cancel)
    volume = _volume_of(stack, loader.voxels)
    if loader.windows:
        volume = replace(volume, windows=loader.windows)
    return OpenedSeries(stack, volume, loader, doubts=loader.doubts), loader


def _dicom(stack: ImageStack) -> DisplaySet:
    if not isinstance(stack, DisplaySet):
        raise TypeError("this stack is of a kind that nothing here can open")
    return stack


def thumbnail(
    display_set: ImageStack, size_px: int, *, pool: DecodePool | None = None
) -> NDArray[np.uint8]:
    """Return the middle slice as gray levels, (size_px, size_px) uint8; for a job.

    Black all over where the slice cannot be had.

    Args:
        display_set: whose slice.
        size_px: rows and columns of the picture.
        pool: decoder processes for a compressed slice; None: one of its own.
    """
    if isinstance(display_set, ResearchVolume):
        return research_thumbnail(display_set, size_px)
    return dicom_thumbnail(_dicom(display_set), size_px, pool)


def is_compressed(display_set: ImageStack) -> bool:
    """Whether slices go through decoder processes, which are better started beforehand."""
    return isinstance(display_set, DisplaySet) and is_any_compressed(display_set.frames)


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
    display_set: ImageStack,
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
    display_set: ImageStack,
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
    if not isinstance(whole, DisplaySet):
        raise InputRefusedError(
            "The file could not be read to its end",
            why=opened.failed[0].reason if opened.failed else "",
            todo="copy it again from its source",
        )
    index_of = {id(frame): k for k, frame in enumerate(whole.frames)}
    good = [frame for frame, is_in in zip(whole.frames, opened.loaded, strict=True) if is_in]
    rest = replace(display_sets(good, whole.series)[0], name=whole.name)
    kept = [index_of[id(frame)] for frame in rest.frames]
    return ReadableSeries(rest, _volume(rest, opened.volume.voxels[kept]), opened.failed)


def _loaded(
    display_set: ImageStack,
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


def _after_overlays(
    overlays: SliceOverlays | None, on_slice: Callable[[int], None] | None
) -> Callable[[int], None] | None:
    """Return an on_slice that reads the overlays of the slice first, on the loader's thread."""
    if overlays is None:
        return on_slice
    prepare = overlays.prepare

    def told(k: int) -> None:
        prepare(k)
        if on_slice is not None:
            on_slice(k)

    return told


def _volume(
    display_set: DisplaySet, voxels: NDArray[Any], overlays: SliceOverlays | None = None
) -> Volume:
    volume = _volume_of(display_set, voxels)
    return replace(volume, drawings=overlays, shutter=display_set.shutter)


def _volume_of(stack: ImageStack, voxels: NDArray[Any]) -> Volume:
    lossy = tuple(doubt.text for doubt in stack.doubts if doubt.code == "lossy")
    return Volume(
        voxels=read_only(voxels),
        geometry=stack.geometry,
        intensity=stack.intensity,
        series=stack.series,
        instance_uids=stack.instance_uids,
        frame_numbers=stack.frame_numbers,
        windows=stack.windows,
        is_monochrome1=stack.is_monochrome1,
        provenance=replace(_history(stack), notes=lossy, kind=_kind_of(stack)),
        thickness_mm=stack.thickness_mm,
        frame_rate=stack.frame_rate,
        display_set=stack.name,
        filled=_filled_of(stack),
    )


def _history(stack: ImageStack) -> Provenance:
    """Return how the voxels came to be, with what only a second look at a header tells."""
    return history_of(stack.frames) if isinstance(stack, DisplaySet) else stack.provenance


def _kind_of(stack: ImageStack) -> PixelKind:
    """Return how the voxels came to be; what we proposed is told from what we enhanced."""
    provenance = stack.provenance
    is_filled = provenance.kind is PixelKind.ENHANCED and FILLED_MARK in provenance.image_type
    return PixelKind.FILLED if is_filled else provenance.kind


def _filled_of(stack: ImageStack) -> Filled | None:
    """Return what was not scanned of images that we proposed: in doubt, all of them."""
    if _kind_of(stack) is not PixelKind.FILLED:
        return None
    shape = stack.geometry.shape_kji
    return Filled(shape, tuple(whole_slice(k, shape) for k in range(shape[0])))


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
