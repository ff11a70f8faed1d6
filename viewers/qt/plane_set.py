"""Three viewports that show three planes of one series: filled together, one window, one point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from viewers.qt.content import Content
from viewers.qt.viewport import ViewportWidget
from viewers.state.crosshair import Crosshair
from viewers.state.layout import Layout
from viewers.state.view_state import ViewState
from workstation.core.intensity import Window


def fill_planes(viewports: Sequence[ViewportWidget], content: Content, shown: ViewState) -> bool:
    """Show a series in three planes with the gray of a state; False where it has none."""
    viewports[0].marks.turned.set(None)
    for viewport, plane in zip(viewports, Layout.MPR.planes, strict=True):
        if not viewport.show_volume(
            content.volume,
            content.doubts,
            content.is_loaded,
            plane=plane,
            original=content.original,
        ):
            return False
        viewport.take_over(content)
        mine = viewport.state.value
        viewport.state.set(replace(mine, window=shown.window, is_inverted=shown.is_inverted))
    return True


def center_crosshair(viewport: ViewportWidget) -> None:
    """Set the shared crosshair to the middle of what a viewport shows."""
    content, mapping = viewport.content, viewport.canvas.mapping()
    if content is None or mapping is None:
        return
    point = mapping.stack.to_patient_mm(mapping.index, mapping.stack.center_cr)
    geometry, series = content.volume.geometry, content.volume.series
    x, y, z = (float(value) for value in point)
    crosshair = Crosshair(geometry.frame_of_reference_uid, series.series_uid, (x, y, z))
    viewport.marks.crosshair.set(crosshair)


def leave_planes(
    viewport: ViewportWidget, content: Content, window: Window, crosshair: Crosshair | None
) -> None:
    """Show the series of the planes as it was acquired, at the place that was looked at."""
    here = viewport.content
    if here is None or here.volume is not content.volume:
        viewport.show_volume(
            content.volume, content.doubts, content.is_loaded, original=content.original
        )
    viewport.take_over(content)
    viewport.set_window(window)
    mapping = viewport.canvas.mapping()
    if mapping is not None and crosshair is not None:
        viewport.go_to_slice(mapping.stack.nearest_index(np.array(crosshair.point_mm)))


def share_grey(
    changed: ViewportWidget, state: ViewState, viewports: Sequence[ViewportWidget]
) -> None:
    """Give the planes of one series the window of the one that changed."""
    content = changed.content
    for viewport in viewports:
        other = viewport.content
        if content is not None and other is not None and other.volume is content.volume:
            mine = viewport.state.value
            viewport.state.set(replace(mine, window=state.window, is_inverted=state.is_inverted))
