"""What the buttons and the wheel of a mouse do to the images, as one frozen value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

MIN_SENSITIVITY, MAX_SENSITIVITY = 0.25, 4.0
"""Limits of how far a drag reaches: beyond them a hand cannot hit one slice or one gray level."""

FAST_NOTCHES = 5.0
"""With acceleration a fast turn goes up to five times as far: 300 slices in a dozen turns."""

FAST_AFTER_S = 0.08
"""Notches that follow one another within so short a time are a fast turn."""


class DragAct(Enum):
    """What dragging with a button does."""

    TOOL = "tool"
    SCROLL = "scroll"
    WINDOW = "window"
    PAN = "pan"
    ZOOM = "zoom"
    NONE = "none"


class WheelAct(Enum):
    """What turning the wheel does."""

    SCROLL = "scroll"
    SCROLL_FAST = "scroll_fast"
    ZOOM = "zoom"
    SLAB = "slab"
    SERIES = "series"
    NONE = "none"


class ClickAct(Enum):
    """What a double click or a button at the side of the mouse does."""

    MAXIMIZE = "maximize"
    FIT = "fit"
    RESET = "reset"
    INVERT = "invert"
    NEXT_SERIES = "next_series"
    PREVIOUS_SERIES = "previous_series"
    UNDO = "undo"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class MouseMap:
    """The mouse of one reader.

    Attributes:
        left, middle, right, both: what a drag does with a button, or with left and right.
        wheel, ctrl_wheel, shift_wheel, alt_wheel: what the wheel does, alone and with a key.
        double_click, back, forward: what these clicks do.
        sensitivity: how far a drag reaches; 1 as it came, 2 twice as far.
        is_accelerated: whether a fast turn of the wheel goes further.
    """

    left: DragAct = DragAct.TOOL
    middle: DragAct = DragAct.PAN
    right: DragAct = DragAct.WINDOW
    both: DragAct = DragAct.ZOOM
    wheel: WheelAct = WheelAct.SCROLL
    ctrl_wheel: WheelAct = WheelAct.ZOOM
    shift_wheel: WheelAct = WheelAct.SLAB
    alt_wheel: WheelAct = WheelAct.SCROLL_FAST
    double_click: ClickAct = ClickAct.MAXIMIZE
    back: ClickAct = ClickAct.PREVIOUS_SERIES
    forward: ClickAct = ClickAct.NEXT_SERIES
    sensitivity: float = 1.0
    is_accelerated: bool = False

    def __post_init__(self) -> None:
        if not MIN_SENSITIVITY <= self.sensitivity <= MAX_SENSITIVITY:
            raise ValueError("the sensitivity is out of its limits")


PRELIM = MouseMap()

MOUSE_MAPS: Mapping[str, MouseMap] = MappingProxyType(
    {
        "prelim": PRELIM,
        "weasis": MouseMap(
            left=DragAct.WINDOW,
            middle=DragAct.PAN,
            right=DragAct.TOOL,
            both=DragAct.SCROLL,
            shift_wheel=WheelAct.SCROLL_FAST,
            alt_wheel=WheelAct.SLAB,
        ),
        "osirix": MouseMap(
            left=DragAct.TOOL,
            middle=DragAct.WINDOW,
            right=DragAct.ZOOM,
            both=DragAct.PAN,
            double_click=ClickAct.MAXIMIZE,
        ),
        "left_handed": MouseMap(left=DragAct.WINDOW, right=DragAct.TOOL),
    }
)
"""Maps to begin with, by name. Weasis and RadiAnt window with the left button, OsiriX with the
middle one and zooms with the right; the left-handed one has left and right exchanged."""


class WheelCount:
    """Adds up what a wheel or pad says to whole steps. Owned by the UI thread.

    A fine wheel says fractions of a notch: no slice is stepped before they make a whole one, the
    rest is kept, and a turn the other way begins anew, so that it answers at once.
    """

    def __init__(self) -> None:
        self._rest = 0.0
        self._last_s = float("-inf")

    def steps(self, notches: float, *, at_s: float, is_accelerated: bool = False) -> int:
        """Return the whole steps of a turn.

        Args:
            notches: of the wheel; a fraction where it is fine.
            at_s: when, in seconds of a clock that only goes forward.
            is_accelerated: a fast turn goes further.
        """
        if notches * self._rest < 0:
            self._rest = 0.0
        quick = FAST_AFTER_S - (at_s - self._last_s)
        self._last_s = at_s
        if is_accelerated and quick > 0 and abs(notches) >= 1:
            notches *= 1 + (FAST_NOTCHES - 1) * quick / FAST_AFTER_S
        self._rest += notches
        whole = int(self._rest)
        self._rest -= whole
        return whole

    def forget(self) -> None:
        """Begin anew: the fingers left the pad, or the wheel does something else now."""
        self._rest = 0.0
