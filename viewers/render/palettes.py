"""Color palettes for overlays, made from the corners of the standard's tables.

Source: DICOM PS3.6 Annex B.1.1 (Hot Iron), B.1.2 (PET), B.1.3 (Hot Metal Blue), B.1.4 (PET 20
Step). Between its corners each channel of the first three runs straight; the tables of Hot Iron
and PET hold the next lower whole number, that of Hot Metal Blue the nearest.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from viewers.state.fusion import PaletteName

Corners: TypeAlias = tuple[tuple[int, int], ...]
"""Corners of one channel: (index in the table, level), first at 0, last at 255."""

ENTRIES = 256
"""Every palette of the standard has 256 entries of 8 bits."""

HOT_IRON: tuple[Corners, Corners, Corners] = (
    ((0, 0), (127, 254), (128, 255), (255, 255)),
    ((0, 0), (128, 0), (255, 255)),
    ((0, 0), (191, 0), (254, 252), (255, 255)),
)
"""Red, green, blue; PS3.6 B.1.1.2."""

PET: tuple[Corners, Corners, Corners] = (
    ((0, 0), (64, 1), (106, 85), (192, 255), (255, 255)),
    ((0, 0), (63, 128), (128, 0), (255, 255)),
    ((0, 0), (128, 255), (129, 252), (192, 0), (255, 255)),
)
"""Red, green, blue; PS3.6 B.1.2.2."""

HOT_METAL_BLUE: tuple[Corners, Corners, Corners] = (
    ((0, 0), (85, 0), (102, 50), (119, 90), (153, 190), (170, 255), (255, 255)),
    ((0, 0), (119, 0), (238, 224), (255, 255)),
    ((0, 0), (17, 33), (42, 83), (43, 84), (76, 149), (93, 183), (94, 184), (102, 200),
     (119, 150), (136, 50), (153, 0), (170, 0), (238, 200), (255, 255)),
)  # fmt: skip
"""Red, green, blue; PS3.6 B.1.3.2."""

PET_20_STEP: tuple[tuple[int, int, int, int], ...] = (
    (0, 0, 0, 0),
    (13, 96, 0, 80),
    (26, 48, 48, 80),
    (39, 48, 48, 112),
    (51, 80, 80, 128),
    (64, 96, 96, 176),
    (77, 112, 112, 192),
    (90, 128, 128, 224),
    (102, 48, 96, 48),
    (115, 48, 144, 48),
    (128, 80, 192, 80),
    (141, 64, 224, 64),
    (153, 224, 224, 80),
    (166, 208, 208, 96),
    (179, 208, 176, 64),
    (192, 208, 144, 0),
    (204, 192, 96, 0),
    (217, 176, 48, 0),
    (230, 255, 0, 0),
    (243, 255, 255, 255),
)
"""First index and color of each step; PS3.6 B.1.4.2."""

LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
"""Share of red, green and blue in the luminance of a screen's color.

Source: Recommendation ITU-R BT.709, 3.2; taken of the linear light of sRGB (IEC 61966-2-1).
"""


@cache
def palette_rgb(name: PaletteName) -> NDArray[np.uint8]:
    """Return the colors of a palette, (256, 3), lowest value first; read-only."""
    match name:
        case PaletteName.HOT_IRON:
            table = _straight(HOT_IRON, is_nearest=False)
        case PaletteName.PET:
            table = _straight(PET, is_nearest=False)
        case PaletteName.HOT_METAL_BLUE:
            table = _straight(HOT_METAL_BLUE, is_nearest=True)
        case PaletteName.PET_20_STEP:
            table = _steps()
        case PaletteName.GRAY_INVERSE:
            table = np.repeat(np.arange(ENTRIES, dtype=np.uint8)[::-1, None], 3, axis=1)
    table.setflags(write=False)
    return table


@cache
def is_luminance_monotonic(name: PaletteName) -> bool:
    """Whether a higher value never looks darker (or, in inverse gray, never brighter).

    Only such a palette shows what is more and what is less without a look at its bar, and to
    readers who do not tell all colors.
    """
    share = palette_rgb(name).astype(np.float64) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    steps = np.diff(linear @ LUMINANCE)
    return bool((steps >= 0).all() or (steps <= 0).all())


def _straight(channels: tuple[Corners, Corners, Corners], *, is_nearest: bool) -> NDArray[np.uint8]:
    columns = [_channel(corners, is_nearest=is_nearest) for corners in channels]
    return np.stack(columns, axis=1)


def _channel(corners: Corners, *, is_nearest: bool) -> NDArray[np.uint8]:
    """Return one channel in whole numbers: floats would put a level on the wrong side."""
    levels = np.zeros(ENTRIES, dtype=np.int64)
    for (first, low), (last, high) in pairwise(corners):
        length, along = last - first, np.arange(last - first + 1)
        rise = 2 * (high - low) * along + (length if is_nearest else 0)
        levels[first : last + 1] = low + rise // (2 * length)
    return levels.astype(np.uint8)


def _steps() -> NDArray[np.uint8]:
    starts = [step[0] for step in PET_20_STEP]
    colors = np.array([step[1:] for step in PET_20_STEP], dtype=np.uint8)
    lengths = np.diff([*starts, ENTRIES])
    return np.repeat(colors, lengths, axis=0)
