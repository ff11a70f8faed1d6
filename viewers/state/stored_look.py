"""The presentation state that is applied, and whether what it draws is shown."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.core.presentation import PresentationState


@dataclass(frozen=True, slots=True)
class StoredLook:
    """An applied presentation state.

    Attributes:
        state: the presentation state.
        shows_graphics: its figures, texts and shutter are drawn.
    """

    state: PresentationState
    shows_graphics: bool = True
