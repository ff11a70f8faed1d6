"""Corner texts of a viewport too small for all of them: what no reader may miss stays."""

from __future__ import annotations

from viewers.qt.content import Content
from viewers.qt.texts import CornerTexts, window_text
from viewers.qt.words import tr
from viewers.render.frame import Frame
from viewers.state.view_state import ViewState

FULL_LINES = 16
"""Lines of text that a canvas must be high for all texts: ten in the left corners, the letter
between them, and a middle that nothing covers."""


def is_small(height_px: float, line_px: float) -> bool:
    """Whether a canvas has no room for all texts beside its image."""
    return height_px < FULL_LINES * line_px


def brief_texts(
    texts: CornerTexts, content: Content, state: ViewState, frame: Frame, *, zoom: float
) -> CornerTexts:
    """Return the texts of a small viewport.

    The name, the stack and the slice stay, and whatever is unusual: a prior, a gray scale turned
    over, a mirrored picture, values that are not HU, a slab, no millimeters. The plain window,
    zoom and thickness go, and what every viewport of the study says.
    """
    volume = content.volume
    number = volume.series.number
    stack = volume.display_set or volume.series.description
    if not stack and number:
        stack = tr("Series {0}").format(number)
    plain = {
        window_text(state.window, volume.intensity.unit),
        tr("Zoom {0} %").format(round(zoom * 100)),
    }
    place = (frame.index + 1, frame.stack.count)
    whole, short = tr("Slice {0} of {1}").format(*place), tr("{0} of {1}").format(*place)
    kept = [line for line in texts.bottom_left if line not in plain]
    if state.slab is None and volume.geometry.has_millimetres and kept[-1:] != [whole]:
        kept = kept[:-1]
    prior = texts.top_right[:1] if content.prior_date is not None else ()
    return CornerTexts(
        texts.top_left[:1],
        (*prior, *((stack,) if stack else ())),
        tuple(short if line == whole else line for line in kept),
    )
