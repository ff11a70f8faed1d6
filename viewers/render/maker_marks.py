"""What the maker of an image draws over it and hides of it, laid into the finished picture.

Only the picture on the screen is touched: voxels, statistics and measurements never see it, and
one key takes it away.

Source: DICOM PS3.3 C.9.2 (Overlay Plane), C.7.6.11 (Display Shutter).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from viewers.render.overlays import mask_outline
from workstation.core.drawings import Drawing, DrawingKind
from workstation.core.volume import Volume

LINE_GRAY = 255
"""Gray of drawn lines: white, as makers mean them."""

HALO_DIVISOR = 3
"""The pixels around a line are this much darker, so that it is seen on white as well."""


def has_drawings(volume: Volume, k: int) -> bool:
    """Whether acquired slice k has a shutter or drawings of its maker."""
    return volume.shutter is not None or bool(volume.drawings and volume.drawings(k))


def marked(picture: NDArray[np.uint8], volume: Volume, k: int) -> NDArray[np.uint8]:
    """Return the picture of acquired slice k with shutter and drawings; the same if it has none.

    Args:
        picture: gray (rows, columns) or RGB (rows, columns, 3); not changed.
        volume: what is shown.
        k: which slice of it.
    """
    drawings = volume.drawings(k) if volume.drawings else ()
    fitting = [one for one in drawings if one.mask.shape == picture.shape[:2]]
    if volume.shutter is None and not fitting:
        return picture
    result = picture.copy()
    if volume.shutter is not None:
        result[volume.shutter.hidden(*picture.shape[:2])] = volume.shutter.level
    for drawing in fitting:
        _draw(result, drawing)
    return result


def _draw(picture: NDArray[np.uint8], drawing: Drawing) -> None:
    """Draw lines as they are, of areas the outline, with a darker edge; in place."""
    is_area = drawing.kind is DrawingKind.ROI
    lines = mask_outline(drawing.mask) if is_area else drawing.mask
    picture[_around(lines)] //= HALO_DIVISOR
    picture[lines] = LINE_GRAY


def _around(lines: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return the pixels that touch a line and are not on it."""
    wide = lines.copy()
    wide[1:] |= lines[:-1]
    wide[:-1] |= lines[1:]
    tall = wide.copy()
    wide[:, 1:] |= tall[:, :-1]
    wide[:, :-1] |= tall[:, 1:]
    return wide & ~lines
