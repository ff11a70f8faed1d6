"""How one series is laid over another: palette, opacity, window and threshold, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

OPACITY_STEP = 0.1
"""What a key changes the opacity by: ten presses from nothing to all."""


class PaletteName(Enum):
    """The colors a series can be laid over another in.

    Source: DICOM PS3.6 Annex B.1 names the first four; the last is gray with black for high.
    """

    HOT_IRON = "hot iron"
    PET = "PET"
    HOT_METAL_BLUE = "hot metal blue"
    PET_20_STEP = "PET 20 step"
    GRAY_INVERSE = "inverse gray"


class Blend(Enum):
    """How opaque the overlay is where it is shown.

    EVEN: the same everywhere above the threshold.
    BY_VALUE: from nothing at the lower end of the window to the full opacity at the upper end, so
        that faint uptake does not hide anatomy.
    """

    EVEN = "even"
    BY_VALUE = "by value"


@dataclass(frozen=True, slots=True)
class Fusion:
    """How an overlay is drawn over a base picture.

    Attributes:
        low, high: the window of the overlay, in the unit of its values: the first and the last
            color of the palette.
        threshold: values under it are transparent; in the same unit.
        palette: the colors.
        opacity: share of the color in the picture, 0..1.
        blend: where it is how opaque.
    """

    low: float
    high: float
    threshold: float
    palette: PaletteName = PaletteName.HOT_IRON
    opacity: float = 0.5
    blend: Blend = Blend.EVEN

    def __post_init__(self) -> None:
        if not self.high > self.low:
            raise ValueError("the window of an overlay ends above its start")
        if not 0.0 <= self.opacity <= 1.0:
            raise ValueError("opacity is between 0 and 1")

    def with_next_palette(self) -> Fusion:
        """Return the same fusion in the next palette."""
        names = list(PaletteName)
        following = names[(names.index(self.palette) + 1) % len(names)]
        return replace(self, palette=following)

    def more_opaque(self, steps: int) -> Fusion:
        """Return the fusion some steps more opaque, held between nothing and all."""
        opacity = round(self.opacity + steps * OPACITY_STEP, 3)
        return replace(self, opacity=min(max(opacity, 0.0), 1.0))

    def with_window(self, low: float, high: float) -> Fusion:
        """Return the fusion with another window; the threshold keeps its place in it.

        A window that would end under its start is left as it was.
        """
        if not high > low:
            return self
        share = (self.threshold - self.low) / (self.high - self.low)
        return replace(self, low=low, high=high, threshold=low + share * (high - low))
