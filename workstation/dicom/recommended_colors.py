"""Colors of regions: as their maker recommends them, else one of ours by number.

Source: PS3.3 C.10.7.1.1, Encoding of CIELab Values; their white is D50 (ICC.1).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

OWN_COLORS: tuple[tuple[int, int, int], ...] = (
    (230, 159, 0),
    (86, 180, 233),
    (0, 158, 115),
    (240, 228, 66),
    (204, 121, 167),
    (213, 94, 0),
    (0, 114, 178),
)
"""Told apart also by readers who see few colors. Source: Okabe and Ito, Color Universal Design."""

_WHITE_D50 = np.array([0.96422, 1.0, 0.82521])
_XYZ_D50_TO_RGB = np.array(
    [
        [3.1338561, -1.6168667, -0.4906146],
        [-0.9787684, 1.9161415, 0.0334540],
        [0.0719453, -0.2289914, 1.4052427],
    ]
)
"""Bradford-adapted matrix of sRGB for a D50 white. Source: IEC 61966-2-1 with ICC.1 annex E."""


def color_of(number: int) -> tuple[int, int, int]:
    """Return a color of ours for a region that has none."""
    return OWN_COLORS[number % len(OWN_COLORS)]


def rgb_of_cielab(words: Sequence[int]) -> tuple[int, int, int] | None:
    """Return the sRGB color of a Recommended Display CIELab Value; None where it is not one."""
    if len(words) != 3 or not all(0 <= int(word) <= 0xFFFF for word in words):
        return None
    lightness = int(words[0]) * 100 / 0xFFFF
    a, b = (int(word) * 255 / 0xFFFF - 128 for word in words[1:])
    y = (lightness + 16) / 116
    ratios = np.array([y + a / 500, y, y - b / 200])
    small = 3 * (6 / 29) ** 2 * (ratios - 4 / 29)
    xyz = np.where(ratios > 6 / 29, ratios**3, small) * _WHITE_D50
    linear = np.clip(_XYZ_D50_TO_RGB @ xyz, 0.0, 1.0)
    coded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    red, green, blue = (int(value) for value in np.rint(coded * 255))
    return red, green, blue
