"""Words for what a model proposed and nobody scanned: the notice, and how much there is of it."""

from __future__ import annotations

from viewers.qt.words import tr
from viewers.state.view_state import Plane, ViewState
from workstation.core.filled import Filled
from workstation.core.volume import Volume


def filled_words(
    volume: Volume, state: ViewState, index: int, key: str
) -> tuple[tuple[str, str], ...]:
    """Return word and text of the notice of proposed pixels; none where all was scanned.

    Args:
        volume: what is shown.
        state: how.
        index: which slice of its plane.
        key: name of the key that shows what was scanned while it is held; empty where none does.
    """
    filled = volume.filled
    if filled is None:
        return ()
    pack = "" if volume.provenance.pack is None else str(volume.provenance.pack)
    if state.shows_original:
        text = tr("black where nothing was scanned")
        if state.is_comparing and key:
            text = f"{text}   {tr('release {0} for {1}').format(key, pack)}"
        return ((tr("SCANNED"), text),)
    parts = [amount_words(filled), pack]
    if state.plane is Plane.ACQUIRED and state.slab is None and index in filled.whole_slices:
        parts.insert(0, tr("this slice was not scanned"))
    if key:
        parts.append(tr("hold {0} for what was scanned").format(key))
    return ((tr("FILLED"), "   ".join(part for part in parts if part)),)


def amount_words(filled: Filled) -> str:
    """Return how much was proposed: ``2 slices proposed, not scanned``."""
    whole, partial = len(filled.whole_slices), len(filled.partial_slices)
    found = []
    if whole:
        found.append(tr("1 slice") if whole == 1 else tr("{0} slices").format(whole))
    if partial:
        rows = tr("rows of 1 slice") if partial == 1 else tr("rows of {0} slices").format(partial)
        found.append(rows)
    return tr("{0} proposed, not scanned").format(tr(" and ").join(found))
