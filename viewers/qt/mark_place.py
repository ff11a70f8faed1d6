"""Where a mark on the slice on show is drawn, and why none can be made there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from viewers.qt.content import Content
from viewers.qt.model import ViewportModel
from viewers.qt.words import tr
from viewers.state.view_state import Plane
from viewers.tools.filled import lies_on_filled
from viewers.tools.marking import Place, why_not
from viewers.tools.regions import Slab
from viewers.tools.shapes import REGIONS
from workstation.core.measurement import POINTING, MeasurementKind
from workstation.core.volume import Volume


def measured_volume(model: ViewportModel) -> Volume | None:
    """Return the stored voxels marks are made on; None where there are none."""
    content = model.content.value
    return content.measured if content else None


def place_of(model: ViewportModel) -> Place:
    """Return where a mark on the slice on show is drawn."""
    content, state, stack = model.content.value, model.state.value, model.stack()
    if content is None or stack is None:
        return Place()
    if state.plane is Plane.ACQUIRED:
        return Place(at=state.slice_index if content.original is None else None)
    reach = stack.reach_mm(state.slice_index)
    return Place(slab=Slab(stack.right_patient, stack.down_patient, reach))


def why_no_mark(model: ViewportModel, kind: MeasurementKind) -> str:
    """Return why a mark cannot be made here, as a sentence; empty if it can."""
    content, volume = model.content.value, measured_volume(model)
    if content is None:
        return tr("There is nothing to measure here.")
    if volume is None:
        return tr("Measure on the original series: a model made these pixels.")
    if model.state.value.slab is not None:
        return tr("Measure on single slices: a slab shows many at once.")
    if is_filled_slice(model):
        return filled_words()
    is_across = model.state.value.plane is not Plane.ACQUIRED or kind is MeasurementKind.SPHERE
    reads = kind in REGIONS and content.original is None
    missing = _missing_across(model, content, kind) if is_across else _missing_here(model, content)
    if missing and (reads or (not is_across and _is_unread(model, content))):
        return missing
    why = why_not(volume, kind)
    return tr(why) if why else ""


def why_filled(model: ViewportModel, kind: MeasurementKind, points_mm: NDArray[np.float64]) -> str:
    """Return why a mark has no number for lying on what was proposed; empty where it is not."""
    content = model.content.value
    if content is None or content.volume.filled is None or kind in POINTING:
        return ""
    is_on = lies_on_filled(content.volume, kind, points_mm, place_of(model))
    return filled_words() if is_on else ""


def is_filled_slice(model: ViewportModel) -> bool:
    """Whether the slice on show was proposed as a whole."""
    content, state = model.content.value, model.state.value
    filled = None if content is None else content.volume.filled
    is_acquired = state.plane is Plane.ACQUIRED and state.cut is None
    return filled is not None and is_acquired and state.slice_index in filled.whole_slices


def filled_words() -> str:
    """Return why nothing is measured on what was proposed."""
    return tr("Not measured: these pixels were proposed by a model and not scanned.")


def _is_unread(model: ViewportModel, content: Content) -> bool:
    return model.shows_stored_slices and content.is_unread(model.state.value.slice_index)


def _missing_here(model: ViewportModel, content: Content) -> str:
    """Return why the stored slice on show has no voxels; empty where it has."""
    source = model.source
    if _is_unread(model, content):
        return tr("This slice could not be read: nothing is measured on it.")
    if source is not None and not source.is_loaded(model.state.value.slice_index):
        return tr("This slice is still loading.")
    return ""


def _missing_across(model: ViewportModel, content: Content, kind: MeasurementKind) -> str:
    """Return why voxels of several slices cannot be had; empty where they can."""
    source = model.source
    if kind not in REGIONS or source is None or source.is_complete:
        return ""
    if content.is_finished:
        return tr("Slices could not be read: nothing is measured across them.")
    return tr("The series is still loading. Try again when all slices are in.")
