"""Guard pixels that may name the patient: they leave only where somebody said so (trap 21)."""

from __future__ import annotations

from collections.abc import Sequence

from workstation.core.errors import SafetyGateError
from workstation.core.presentation import PresentationState
from workstation.core.verdict import Doubt

__all__ = ["STORED_TEXTS", "burned_in_words", "require_leave", "written_doubts"]

STORED_TEXTS = "stored_texts"
"""Code of the doubt that a presentation state writes texts into a picture."""


def written_doubts(state: PresentationState | None) -> tuple[Doubt, ...]:
    """Return what a presentation state puts into a picture: texts of somebody, maybe a name."""
    if state is None or not any(one.texts for one in state.annotations):
        return ()
    text = "Texts of a presentation state are shown with the marks; they may hold a name."
    return (Doubt(STORED_TEXTS, text),)


def burned_in_words(doubts: Sequence[Doubt], *, shows_marks: bool = False) -> str:
    """Return the sentence that warns of names in the pixels themselves; empty for none.

    Args:
        doubts: of the series.
        shows_marks: drawings of the maker are in the pictures, too; they may hold text.
    """
    drawn = {"overlays_shown", STORED_TEXTS} if shows_marks else set()
    codes = {"burned_in", "maybe_burned_in"} | drawn
    found = [doubt for doubt in doubts if doubt.code in codes]
    texts = [doubt.text for doubt in found if doubt.code != "overlays_shown"]
    if any(doubt.code == "overlays_shown" for doubt in found):
        texts.append("Drawings of the maker are shown with the marks; they may hold a name.")
    return " ".join(texts)


def require_leave(
    doubts: Sequence[Doubt], *, has_identity: bool, is_accepted: bool, shows_marks: bool = False
) -> None:
    """Refuse an anonymous export of pixels that may name the patient, unless it was accepted.

    Raises:
        SafetyGateError: text may be burned into the pixels and nobody accepted that.
    """
    words = burned_in_words(doubts, shows_marks=shows_marks)
    if words and not has_identity and not is_accepted:
        raise SafetyGateError(
            "The pictures may name the patient",
            why=words,
            todo="Look at them first; then say that the burned-in text may leave",
        )
