"""What a viewport says of the presentation state that is applied to it."""

from __future__ import annotations

from viewers.qt.texts import Notice, person_name
from viewers.qt.words import tr
from viewers.state.stored_look import StoredLook


def look_notice(look: StoredLook) -> Notice:
    """Return the notice of the band: whose look it is, and what of it is not shown."""
    state = look.state
    by = ", ".join(part for part in (person_name(state.creator), state.made) if part)
    named = f"{state.label} ({by})" if by else state.label
    text = tr("{0}: window, zoom, turn and what it draws are stored ones").format(named)
    if not look.shows_graphics:
        text = tr("{0}: what it draws is hidden").format(named)
    parts = (text, *(tr(remark) for remark in state.remarks))
    return Notice(tr("PRESENTATION STATE"), "  \N{MIDDLE DOT}  ".join(parts))
