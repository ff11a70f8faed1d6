"""A picture that leaves the program: pixels as they were seen, with nothing else attached."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from workstation.core.intensity import Window
from workstation.core.presentation import PresentationState
from workstation.core.verdict import Doubt
from workstation.core.volume import Volume


@dataclass(frozen=True, slots=True)
class PictureLook:
    """What is drawn over the image; notices of enhanced, resampled or lossy pixels always are.

    Attributes:
        shows_marks: measurements, evidence, regions and drawings of the maker.
        shows_texts: corner texts, letters and scale bar.
        has_identity: the corner texts name the patient and the dates; needs ``shows_texts``.
    """

    shows_marks: bool = False
    shows_texts: bool = False
    has_identity: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """One finished picture. Immutable; any thread.

    Attributes:
        pixels: (rows, columns) uint8 gray or (rows, columns, 3) uint8 RGB, C-contiguous.
        mm_per_px: size of its square pixels in the patient; None where there is no honest one.
        notices: what the band under the image says, a line each.
    """

    pixels: NDArray[np.uint8]
    mm_per_px: float | None = None
    notices: tuple[str, ...] = ()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.pixels.shape[1], self.pixels.shape[0]


class Projecting(Enum):
    """How slices behind each other are shown as one; the value is the word of the command line."""

    MIP = "mip"
    MINIP = "minip"
    MEAN = "mean"


@dataclass(frozen=True, slots=True)
class PlainView:
    """How a series is looked at where nobody has arranged a viewport.

    Attributes:
        window: gray mapping in the unit of the volume; None for the one the series opens with.
        plane: ``acquired``, ``axial``, ``coronal`` or ``sagittal``.
        slab_mm: thickness of slices shown as one; 0 for single slices.
        projecting: how, where ``slab_mm`` is above 0.
        stored_look: the presentation state that is applied; None for none.
        index: the slice that the stored look is applied for, 0-based.
    """

    window: Window | None = None
    plane: str = "acquired"
    slab_mm: float = 0.0
    projecting: Projecting = Projecting.MIP
    stored_look: PresentationState | None = None
    index: int = 0


class SlicePictures(Protocol):
    """Draws the slices of one view. One thread at a time."""

    @property
    def count(self) -> int:
        """How many slices there are."""
        ...

    def draw(self, index: int) -> Picture:
        """Return the picture of a slice, 0-based."""
        ...


class ViewPainter(Protocol):
    """Draws a volume the way a viewport shows it, without a screen."""

    def slices(
        self, volume: Volume, doubts: tuple[Doubt, ...], view: PlainView, look: PictureLook
    ) -> SlicePictures:
        """Return the pictures of a loaded volume.

        Raises:
            GeometryError: the plane or the slab cannot be had of this series.
        """
        ...
