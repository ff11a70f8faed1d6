"""Which window a series opens with, and the presets a reader can choose."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workstation.core.intensity import CT_WINDOWS, IntensityUnit, Padding, Window, is_padding
from workstation.core.volume import Volume

AUTO_PERCENTILES = (1.0, 99.5)
"""Grey levels left black and white by the automatic window.

MR has no unit, so the range of the data decides; the brightest half percent is mostly vessels,
fat at the coil and spikes, the darkest percent noise of the background.
"""

FITTING_RATIO = 4.0
"""A header window up to four times narrower or wider than the data is a radiographer's choice;
beyond that it belongs to another slice (s03: width 22 where the data span 460)."""

SAMPLE_SLICES, SAMPLE_STEP = 16, 4
"""The automatic window reads every 4th pixel of at most 16 slices: 260,000 values of a
512 x 512 series, whose percentiles differ from the full ones by less than one grey level."""


def auto_window(volume: Volume, is_loaded: Callable[[int], bool]) -> Window:
    """Return a window over the range of the data that is in, padding left out.

    Args:
        volume: a grey volume; it may still be loading.
        is_loaded: tells which slices are in.
    """
    return window_of(_sample(volume, is_loaded)) or Window(127.5, 255.0, "Auto")


def window_of(values: NDArray[Any], outside: Padding = None) -> Window | None:
    """Return a window over the range of some values; None where none of them is a measured one.

    The edges are the :data:`AUTO_PERCENTILES` of the values, what lies outside the scanned field
    left out.

    Args:
        values: of any shape, in the unit of the volume.
        outside: what marks values outside the scanned field.
    """
    values = values[~is_padding(values, outside)]
    values = values[np.isfinite(values)]
    if values.size == 0:
        return None
    low, high = (float(edge) for edge in np.percentile(values, AUTO_PERCENTILES))
    if high <= low:
        low, high = float(values.min()), float(values.max())
    # Whole numbers read well where the data has them; a narrow float map keeps its digits.
    if high - low > 20:
        low, high = float(np.floor(low)), float(np.ceil(high))
    width = high - low if high > low else 1.0
    return Window((low + high) / 2, width, "Auto")


def default_window(volume: Volume, is_loaded: Callable[[int], bool]) -> Window:
    """Return the window a series opens with: the header's first, else by modality.

    Scanners of MR write a window per slice; that of an empty first slice would show the whole
    series white. A header window that has nothing to do with the data gives way.
    """
    if volume.intensity.unit is IntensityUnit.HU:
        return volume.windows[0] if volume.windows else CT_WINDOWS[0]
    auto = auto_window(volume, is_loaded)
    for window in volume.windows[:1]:
        if window.table is not None and _reaches(window, auto):
            return window
        if 1 / FITTING_RATIO <= window.width / auto.width <= FITTING_RATIO:
            return window
    return auto


def opening_window(volume: Volume, is_loaded: Callable[[int], bool]) -> Window:
    """Return the window a volume opens with in a viewport.

    Parts of one series that stand side by side (b-values, echoes) take theirs from one source:
    from their data. The headers of one part often fit and those of the next do not, and a reader
    would see some of them in the window of the scanner and some in another. Tables of the scanner
    and Hounsfield units mean the same in every part and stay.
    """
    first = volume.windows[0] if volume.windows else None
    has_table = first is not None and first.table is not None
    if not volume.display_set or volume.intensity.unit is IntensityUnit.HU or has_table:
        return default_window(volume, is_loaded)
    return auto_window(volume, is_loaded)


def _reaches(window: Window, auto: Window) -> bool:
    """Whether a table lies over the data; it is as long as the values that could be stored."""
    return abs(window.center - auto.center) < (window.width + auto.width) / 2


def window_presets(
    volume: Volume, is_loaded: Callable[[int], bool], own: tuple[Window, ...] | None = None
) -> tuple[Window, ...]:
    """Return the presets in the order of the keys 1 to 9: the reader's own, then the headers'.

    CT in trusted HU has the reader's table; everything else her own for its modality and unit,
    the header's windows and the automatic one, plain, narrow and wide.

    Args:
        volume: a volume; it may still be loading.
        is_loaded: tells which slices are in.
        own: what the reader keeps for this modality and unit; None for what all begin with.
    """
    header = tuple(_named(window, n) for n, window in enumerate(volume.windows, start=1))
    if volume.is_colour:
        return ()
    if volume.intensity.unit is IntensityUnit.HU and volume.intensity.is_trusted:
        return (CT_WINDOWS if own is None else own) + header
    auto = auto_window(volume, is_loaded)
    narrow = Window(auto.center, auto.width / 2, "Auto, narrow")
    wide = Window(auto.center, auto.width * 2, "Auto, wide")
    kept = own if own and volume.intensity.unit is not IntensityUnit.HU else ()
    return (*kept, *header, auto, narrow, wide)


def typed_window(text: str) -> Window | None:
    """Return the window a person typed: center and width, "40/400" or "40 400"; None for neither.

    A comma is taken for the point of a decimal number.
    """
    parts = text.replace(",", ".").replace("/", " ").split()
    try:
        center, width = (float(part) for part in parts)
        is_one = math.isfinite(center) and math.isfinite(width)
        return Window(center, width) if is_one else None
    except ValueError:
        return None


def _named(window: Window, number: int) -> Window:
    name = window.name or f"Scanner {number}"
    return replace(window, name=name)


def _sample(volume: Volume, is_loaded: Callable[[int], bool]) -> NDArray[Any]:
    loaded = [k for k in range(volume.geometry.shape_kji[0]) if is_loaded(k)]
    if not loaded or volume.is_colour:
        return np.empty(0)
    step = max(1, len(loaded) // SAMPLE_SLICES)
    parts = [volume.voxels[k, ::SAMPLE_STEP, ::SAMPLE_STEP].ravel() for k in loaded[::step]]
    values = np.concatenate(parts)
    if volume.intensity.outside is not None:
        values = values[~is_padding(values, volume.intensity.outside)]
    finite: NDArray[Any] = values[np.isfinite(values)]
    return finite
