"""What one viewport's place asks of another: states and values; nothing here listens.

UI thread: it reads viewports.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from viewers.qt.viewport import ViewportWidget
from viewers.render.cross_reference import LEAST_ANGLE_DEG, LineKind, Patch, Vector, corners_of
from viewers.render.planes import PlaneStack
from viewers.state.linking import (
    Bond,
    LinkKind,
    LinkState,
    Subject,
    are_parallel,
    bond,
    followed_slice,
    shares_window,
    slice_at,
)
from viewers.state.view_state import MAX_ZOOM, MIN_ZOOM, Plane, ViewState


@dataclass(frozen=True, slots=True)
class Led:
    """What a follower is to do: its new state, None to stay; whether the place is outside."""

    state: ViewState | None = None
    is_outside: bool = False


def subject_of(viewport: ViewportWidget, before: Subject | None = None) -> Subject | None:
    """Return what the rules of linking know of a viewport; None where it shows nothing.

    Args:
        viewport: the viewport.
        before: what was known of it the last time; what depends on the slices alone is taken from
            it where the slices are the same, so that 16 viewports cost no time.
    """
    content, view = viewport.content, viewport.canvas.view()
    if content is None or view is None:
        return None
    stack, volume = view.stack, content.volume
    index = min(viewport.state.value.slice_index, stack.count - 1)
    center = stack.to_patient_mm(index, stack.center_cr)
    if before is not None and before.slices is stack:
        return replace(before, index=index, center_mm=center)
    normal = stack.normal
    distances: NDArray[np.float64] = stack.origins_mm @ normal
    return Subject(
        series_uid=volume.series.series_uid,
        frame_of_reference_uid=volume.geometry.frame_of_reference_uid,
        is_placed=stack.is_placed,
        has_millimetres=stack.has_millimetres,
        modality=volume.series.modality,
        unit="" if volume.is_colour else volume.intensity.unit.value,
        normal=normal,
        distances_mm=distances,
        reach_mm=max(stack.reach_mm(0), stack.reach_mm(stack.count - 1)),
        index=index,
        center_mm=center,
        slices=stack,
    )


def changed_kinds(old: object, new: object) -> frozenset[LinkKind]:
    """Return in what a view changed that others may follow."""
    if not (isinstance(old, ViewState) and isinstance(new, ViewState)):
        return frozenset()
    moved = (old.slice_index, old.plane, old.cut) != (new.slice_index, new.plane, new.cut)
    gray = (old.window, old.is_inverted) != (new.window, new.is_inverted)
    sized = (old.zoom, old.pan_mm) != (new.zoom, new.pan_mm)
    found = ((moved, LinkKind.SCROLL), (gray, LinkKind.WINDOW), (sized, LinkKind.ZOOM))
    return frozenset(kind for is_so, kind in found if is_so)


def led(
    leader: ViewportWidget,
    follower: ViewportWidget,
    kinds: frozenset[LinkKind],
    state: LinkState,
) -> Led:
    """Return what a follower does where its leader is."""
    here, there = subject_of(leader), subject_of(follower)
    if here is None or there is None:
        return Led()
    through = bond(here, there, state)
    is_along = through is not None and are_parallel(here, there, through)
    now = new = follower.state.value
    is_outside = False
    if LinkKind.SCROLL in kinds and through is not None and is_along:
        index = followed_slice(here, there, through)
        is_outside = index is None
        new = new if index is None else replace(new, slice_index=index)
    if LinkKind.WINDOW in kinds and shares_window(here, there):
        new = _windowed(new, leader.state.value)
    if LinkKind.ZOOM in kinds and here.has_millimetres and there.has_millimetres:
        new = _sized(leader, follower, new, through if is_along else None)
    return Led(None if new == now else new, is_outside)


def led_to_point(
    leader: ViewportWidget,
    follower: ViewportWidget,
    point_mm: NDArray[np.float64],
    state: LinkState,
) -> None:
    """Bring a follower to a point of its leader, into the picture; nothing where it is outside."""
    here, there = subject_of(leader), subject_of(follower)
    through = bond(here, there, state) if here and there else None
    if there is None or through is None:
        return
    point = through.carry(point_mm)
    index = slice_at(there, float(point @ there.normal))
    if index is None or not holds(follower, point):
        return
    new = replace(follower.state.value, slice_index=index)
    follower.follow(_with_point_in_view(follower, new, point))


def holds(viewport: ViewportWidget, point_mm: NDArray[np.float64]) -> bool:
    """Whether a point lies between the slices of a viewport and inside their picture."""
    view = viewport.canvas.view()
    if view is None or not view.stack.holds_depth(point_mm):
        return False
    stack = view.stack
    index = stack.nearest_index(point_mm)
    column, row = (float(value) for value in stack.to_pixel_cr(index, point_mm))
    rows, columns = stack.shape_rc
    return -0.5 <= column <= columns - 0.5 and -0.5 <= row <= rows - 0.5


def line_patches(
    viewport: ViewportWidget,
    subjects: Mapping[ViewportWidget, Subject],
    state: LinkState,
    *,
    active: ViewportWidget,
) -> tuple[Patch, ...]:
    """Return the slices of other viewports in the frame of one, for its lines.

    Args:
        viewport: the one that the lines are drawn in.
        subjects: every viewport that shows something, this one too.
        state: what is linked.
        active: the viewport that keys act on.
    """
    here = subjects.get(viewport)
    if here is None or not state.shows_lines:
        return ()
    found: list[Patch] = []
    for other, there in subjects.items():
        if other is viewport or not other.isVisible():
            continue
        through, stack = bond(there, here, state), there.slices
        if through is None or not isinstance(stack, PlaneStack):
            continue
        # Between parallel slices there are no lines; most viewports are parallel.
        if are_parallel(there, here, through, LEAST_ANGLE_DEG) or _have_crosshair(viewport, other):
            continue
        is_active = other is active
        found.append(_patch(stack, there.index, through, LineKind.CURRENT, is_active))
        ends = (0, stack.count - 1) if state.shows_ends and stack.count > 1 else ()
        found += [_patch(stack, end, through, LineKind.END, is_active) for end in ends]
    return tuple(found)


def _have_crosshair(one: ViewportWidget, other: ViewportWidget) -> bool:
    """Whether the lines of the crosshair stand for each other's planes already."""
    here, there = one.content, other.content
    is_same = here is not None and there is not None and here.volume is there.volume
    planes = {viewport.state.value.plane for viewport in (one, other)}
    has_one = one.marks.crosshair.value is not None
    return is_same and has_one and Plane.ACQUIRED not in planes


def _patch(stack: PlaneStack, index: int, through: Bond, kind: LineKind, active: bool) -> Patch:
    one, two, three, four = (_vector(corner) for corner in through.carry(corners_of(stack, index)))
    return Patch((one, two, three, four), kind, is_active=active)


def _windowed(state: ViewState, lead: ViewState) -> ViewState:
    # A table of the scanner belongs to its own images.
    if lead.window.table is not None:
        return state
    return replace(state, window=lead.window, is_inverted=lead.is_inverted)


def _sized(
    leader: ViewportWidget, follower: ViewportWidget, state: ViewState, through: Bond | None
) -> ViewState:
    """Return a state in the leader's size in mm, with its middle at the leader's where it can."""
    mapping, view = leader.canvas.mapping(), follower.canvas.view()
    if mapping is None or view is None:
        return state
    stack = view.stack
    zoom = mapping.px_per_mm * min(stack.spacing_rc_mm)
    state = replace(state, zoom=min(max(zoom, MIN_ZOOM), MAX_ZOOM))
    if through is None:
        return state
    middle = np.array(leader.canvas.size_canvas) / 2
    return _centered(stack, state, through.carry(mapping.canvas_to_patient(middle)))


def _with_point_in_view(
    viewport: ViewportWidget, state: ViewState, point_mm: NDArray[np.float64]
) -> ViewState:
    view = viewport.canvas.view()
    if view is None:
        return state
    x, y = (float(value) for value in view.map(state).patient_to_canvas(point_mm))
    width, height = view.size_canvas
    is_seen = 0 <= x <= width and 0 <= y <= height
    return state if is_seen else _centered(view.stack, state, point_mm)


def _centered(stack: PlaneStack, state: ViewState, point_mm: NDArray[np.float64]) -> ViewState:
    off_middle = stack.to_pixel_cr(state.slice_index, point_mm) - stack.center_cr
    pan = off_middle * np.array([stack.spacing_rc_mm[1], stack.spacing_rc_mm[0]])
    return replace(state, pan_mm=(float(pan[0]), float(pan[1])))


def _vector(values: NDArray[np.float64]) -> Vector:
    return float(values[0]), float(values[1]), float(values[2])
