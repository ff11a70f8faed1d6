"""What a reader is used to, for all viewports: mouse, presets, lens. Owned by the UI thread."""

from __future__ import annotations

from collections.abc import Callable

from viewers.state.mouse_map import PRELIM, ClickAct, MouseMap
from viewers.state.user_windows import CT_DEFAULTS, UserWindow
from workstation.core.observable import Observable

LENS_FACTORS = (2.0, 3.0, 4.0)
"""How much larger the lens shows pixels than the picture does."""


class Habits:
    """Habits of one reader; every viewport follows them at once. Owned by the UI thread.

    Attributes:
        mouse: what buttons and wheel do.
        windows: the presets the reader keeps.
        lens: how much the lens enlarges; 0 while it is put away.
        pointed: number of the canvas under the pointer; 0 for none. There is one lens.
        ask: takes a click of the mouse that is for the window to do.
    """

    def __init__(self) -> None:
        self.mouse: Observable[MouseMap] = Observable(PRELIM)
        self.windows: Observable[tuple[UserWindow, ...]] = Observable(CT_DEFAULTS)
        self.lens: Observable[float] = Observable(0.0)
        self.pointed: Observable[int] = Observable(0)
        self.ask: Callable[[ClickAct], None] = _nothing
        self._factor = LENS_FACTORS[0]

    def show_lens(self, *, is_shown: bool) -> None:
        """Take the lens into the hand, or put it away; its strength is remembered."""
        self.lens.set(self._factor if is_shown else 0.0)

    def strengthen_lens(self, steps: int) -> None:
        """Make the lens some steps stronger or weaker, held at the ends."""
        place = LENS_FACTORS.index(self._factor) + steps
        self._factor = LENS_FACTORS[min(max(place, 0), len(LENS_FACTORS) - 1)]
        if self.lens.value:
            self.lens.set(self._factor)


def _nothing(_act: ClickAct) -> None:
    """Stand where no window takes the clicks."""
