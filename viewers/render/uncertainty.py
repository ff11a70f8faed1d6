"""How far a model's result may be from the truth, per pixel of one slice, and how it is colored.

The overlay is see-through where the result is sure and denser where it is not, so that anatomy
stays visible under it; its scale begins at 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOST_OPAQUE = 0.7
"""Opacity of the largest half-width of the scale: the anatomy under it can still be followed."""

TOP_SHARE = 99.0
"""Percentile of the half-widths that ends the scale: single wild pixels must not hide the rest."""

STEPS = (1.0, 2.0, 5.0)
"""The scale ends at a number that people say: these times a power of ten."""


@dataclass(frozen=True, slots=True, eq=False)
class Uncertainty:
    """Half-widths of the interval around the result, for one acquired slice.

    Attributes:
        k: the slice.
        half_widths: (rows, columns) float32, in the unit of the volume.
        values: (rows, columns), the middle of each interval, in the unit of the volume.
        level: share of true values that lie in the interval, 0..1.
    """

    k: int
    half_widths: NDArray[np.float32]
    values: NDArray[np.float32]
    level: float = 0.9

    def __post_init__(self) -> None:
        if self.half_widths.shape != self.values.shape:
            raise ValueError("each value has a half-width")

    @property
    def top(self) -> float:
        """The half-width at which the color is densest; a number that people say."""
        finite = self.half_widths[np.isfinite(self.half_widths)]
        wanted = float(np.percentile(finite, TOP_SHARE)) if finite.size else 1.0
        return rounded_up(wanted)

    def at(self, column: float, row: float) -> tuple[float, float] | None:
        """Return value and half-width at a pixel; None outside of the slice."""
        i, j = round(column), round(row)
        rows, columns = self.half_widths.shape
        if not (0 <= j < rows and 0 <= i < columns):
            return None
        return float(self.values[j, i]), float(self.half_widths[j, i])

    def opacity(self) -> NDArray[np.uint8]:
        """Return how dense the color is, (rows, columns), 0 for sure .. 255."""
        share = np.clip(np.nan_to_num(self.half_widths) / self.top, 0.0, 1.0)
        dense: NDArray[np.uint8] = np.rint(share * MOST_OPAQUE * 255).astype(np.uint8)
        return dense


def rounded_up(value: float) -> float:
    """Return the next number of 1, 2, 5 times a power of ten; 1 for nothing."""
    if not np.isfinite(value) or value <= 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(value))
    return float(next((s * power for s in STEPS if s * power >= value * 0.999), 10.0 * power))
