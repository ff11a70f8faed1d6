"""Windows and tables of a stored look, brought into the unit of the volume they are laid over.

A stored look replaces the rescale of the image by its own; where it has none, its windows are laid
over the stored values (PS3.4 N.2.1.1). The volume holds values rescaled by the image's header, so
a window is moved from one to the other.

Source: PS3.3 C.11.8 (Softcopy VOI LUT), C.11.1 (Modality LUT), C.11.6 (Softcopy Presentation LUT);
PS3.4 N.2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from workstation.core.grayscale import WHITE, gray_levels
from workstation.core.intensity import GrayTable, Window, WindowFunction, table_window
from workstation.core.presentation import ReferencedSeries, References, StoredWindow
from workstation.dicom.display_sets import DisplaySet
from workstation.dicom.frames import Rescale
from workstation.dicom.lookup_tables import MOST_ENTRIES, likely_bits
from workstation.dicom.presentation_values import items, numbers, references, text

if TYPE_CHECKING:
    from workstation.core.image_stack import ImageStack

RescaleOf: TypeAlias = Callable[[str], Rescale | None]
"""The rescale of an image by its SOP Instance UID; None where it is not in the study."""

COMPOSED_ENTRIES = 4096
"""Entries of a window and a presentation table in one: finer than any display."""

SIGMOID_REACH = 2.0
"""A sigmoid is within 0.04 % of black and white two widths from its center."""

_FULL = 0xFFFF


@dataclass(frozen=True, slots=True)
class _Scale:
    """How the output of a stored look's rescale becomes the unit of the volume."""

    factor: float
    offset: float


def rescales_of(display_sets: Iterable[ImageStack]) -> RescaleOf:
    """Return what gives the rescale of an image, None for one that is not among the stacks."""
    found: dict[str, Rescale] = {}
    for one in display_sets:
        if isinstance(one, DisplaySet):
            for frame in one.frames:
                found.setdefault(frame.instance_uid, frame.imaging.rescale)
    return found.get


def read_windows(
    dataset: Dataset, series: tuple[ReferencedSeries, ...], rescale_of: RescaleOf
) -> tuple[tuple[StoredWindow, ...], tuple[str, ...]]:
    """Return the windows of a stored look, and what of them is not shown, as sentences."""
    every = tuple(image for one in series for image in one.images)
    found, remarks = [], []
    for item in items(dataset, "SoftcopyVOILUTSequence"):
        about = references(item) or every
        scale = _scale(dataset, about, rescale_of)
        window = _window(item)
        if window is None:
            remarks.append("A window of it is damaged and is not applied.")
        elif scale is None:
            remarks.append(
                "A window of it is not applied: it is laid over values that this image does not "
                "have."
            )
        else:
            found.append(StoredWindow(_moved(window, scale), references(item)))
    table = _presentation_table(dataset)
    if table is not None and found:
        found = [replace(one, window=_composed(one.window, table)) for one in found]
    elif table is not None:
        remarks.append("Its presentation table is not applied: it comes without a window.")
    return tuple(found), tuple(dict.fromkeys(remarks))


def _scale(dataset: Dataset, about: References, rescale_of: RescaleOf) -> _Scale | None:
    """Return how windows are moved; None where they cannot be."""
    rescales = (rescale_of(image.instance_uid) for image in about)
    image = next((one for one in rescales if one is not None), None)
    if image is None:
        return _Scale(1.0, 0.0)
    if image.table is not None or dataset.get("ModalityLUTSequence"):
        has_both = image.table is not None and bool(dataset.get("ModalityLUTSequence"))
        return _Scale(1.0, 0.0) if has_both else None
    own = numbers(dataset, "RescaleSlope"), numbers(dataset, "RescaleIntercept")
    slope, intercept = (own[0][0], own[1][0]) if all(map(len, own)) else (1.0, 0.0)
    factor = image.slope / slope if slope else 0.0
    return _Scale(factor, image.intercept - intercept * factor) if factor > 0 else None


def _window(item: Dataset) -> Window | None:
    for table in items(item, "VOILUTSequence"):
        read = _table(table)
        if read is not None:
            return table_window(read, text(table, "LUTExplanation") or "Stored table")
    centers, widths = numbers(item, "WindowCenter"), numbers(item, "WindowWidth")
    if not centers or not widths or not widths[0] > 0:
        return None
    try:
        function = WindowFunction(text(item, "VOILUTFunction") or "LINEAR")
    except ValueError:
        return None
    names = text(item, "WindowCenterWidthExplanation").strip("[]'")
    return Window(centers[0], widths[0], names, function)


def _table(item: Dataset) -> GrayTable | None:
    described = numbers(item, "LUTDescriptor")
    if len(described) != 3:
        return None
    count = int(described[0]) or MOST_ENTRIES
    entries = _entries(item, int(described[2]))
    if entries.size < count or not count:
        return None
    kept = np.ascontiguousarray(entries[:count])
    return GrayTable(described[1], kept.tobytes(), likely_bits(kept, int(described[2])))


def _entries(item: Dataset, bits: int) -> NDArray[np.uint16]:
    stored = item.get("LUTData")
    if isinstance(stored, bytes):
        raw = stored[: len(stored) // 2 * 2]
        words = np.frombuffer(raw, dtype="<u2").astype(np.uint16)
        described = numbers(item, "LUTDescriptor")
        is_packed = bits <= 8 and words.size < described[0]
        return np.frombuffer(raw, dtype=np.uint8).astype(np.uint16) if is_packed else words
    listed = numbers(item, "LUTData")
    return np.array([int(one) & _FULL for one in listed], dtype=np.uint16)


def _moved(window: Window, scale: _Scale) -> Window:
    if scale == _Scale(1.0, 0.0):
        return window
    center, width, function = window.center, window.width, window.function
    if window.table is None and function is WindowFunction.LINEAR and scale.factor != 1:
        # The half and the one of LINEAR belong to its own unit; C.11.2.1.2.1, C.11.2.1.3.2.
        center, width = center - 0.5, max(width - 1, 1e-3)
        function = WindowFunction.LINEAR_EXACT
    return replace(
        window,
        center=center * scale.factor + scale.offset,
        width=width * scale.factor,
        function=function,
    )


def _presentation_table(dataset: Dataset) -> GrayTable | None:
    item = next(items(dataset, "PresentationLUTSequence"), None)
    return None if item is None else _table(item)


def _composed(window: Window, table: GrayTable) -> Window:
    """Return one window that does what a window and then a presentation table do."""
    is_sigmoid = window.table is None and window.function is WindowFunction.SIGMOID
    width = window.width * 2 * SIGMOID_REACH if is_sigmoid else window.width
    values = np.linspace(-width / 2, width / 2, COMPOSED_ENTRIES) + window.center
    levels = table.levels
    at = np.rint(gray_levels(values, window) / WHITE * (levels.size - 1)).astype(np.intp)
    shares = levels[at] / ((1 << table.bits) - 1)
    entries = np.rint(np.clip(shares, 0, 1) * _FULL).astype(np.uint16)
    made = GrayTable(0.0, entries.tobytes(), 16)
    return Window(window.center, width, window.name or "Stored table", table=made)
