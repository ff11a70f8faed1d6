"""What viewports show, captured as values that may leave the UI thread."""

from __future__ import annotations

from dataclasses import replace

from viewers.qt.picture_maker import SeenView
from viewers.qt.viewport import ViewportWidget
from viewers.state.view_state import MAX_ZOOM


def seen_view(viewport: ViewportWidget) -> SeenView | None:
    """Capture what a viewport shows; None where it shows nothing. UI thread."""
    content, canvas = viewport.content, viewport.canvas
    if content is None:
        return None
    marks, ratio = viewport.marks, canvas.devicePixelRatioF()
    width, height = canvas.size_canvas
    state = viewport.state.value
    zoom = None if state.zoom is None else min(state.zoom * ratio, MAX_ZOOM)
    return SeenView(
        content,
        replace(state, is_moving=False, zoom=zoom),
        marks.measurements.value,
        marks.evidence.value,
        marks.regions.value,
        marks.crosshair.value,
        marks.turned.value,
        marks.curves.curve.value,
        (round(width * ratio), round(height * ratio)),
        round(canvas.fontInfo().pixelSize() * ratio),
        marks.stored_look.value,
        replace(viewport.links, cursor_mm=None),
    )
