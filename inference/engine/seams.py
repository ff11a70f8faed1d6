"""Whether a pack's tiles leave seams: the overlap it promises against the reach its model has.

An image of noise is run whole and in the smallest tiles the manifest allows. A model that reaches
beyond the overlap sees the edge of a tile, and then the two differ.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from inference.engine.sessions import Session, probe_feeds
from inference.engine.tiles import tiles
from inference.packs.manifest import TileSpec, refused
from inference.packs.store import Pack

CORE_PX = 32
"""Kept part of the tiles of the trial; small, so that there are many borders."""

SIDES_PX = (1.0, 1.37)
"""Rows and columns of the trial, in tiles and a half: no two borders at one phase."""

MISSING_SHARE = 0.1
"""Part of the pixels told as missing to a model that fills."""


def require_seamless(pack: Pack, session: Session) -> None:
    """Refuse a pack whose tiles would show.

    Raises:
        PackRefusedError: its overlap is smaller than its model's reach.
    """
    difference = seam(pack, session)
    if difference > 0:
        raise refused(
            f"its tiles leave seams of {difference:.2g}: tiles.overlap_px is smaller than the "
            "reach of its model"
        )


def seam(pack: Pack, session: Session) -> float:
    """Return the largest difference of an image in tiles and whole, in the unit of the model."""
    multiple, overlap = pack.manifest.input.size_multiple, pack.manifest.tiles.overlap_px
    margin = -(-overlap // multiple) * multiple
    edge = 2 * margin + -(-CORE_PX // multiple) * multiple
    rows, columns = (int(edge * (1 + part / 2)) // multiple * multiple for part in SIDES_PX)
    feeds = dict(probe_feeds(pack, (rows, columns)))
    holes = np.random.default_rng(1).random(feeds["missing"].shape) < MISSING_SHARE
    feeds["missing"] = holes.astype(np.float32)
    whole = session.run(feeds)
    worst = 0.0
    for tile in tiles((rows, columns), TileSpec(edge, overlap), multiple):
        part = session.run(_cut(feeds, (rows, columns), tile.run_ji))
        kept = (slice(None), slice(None))
        difference = part[(*kept, *tile.core_ji)] - whole[(*kept, *tile.keep_ji)]
        worst = max(worst, float(np.abs(difference).max()))
    return worst


def _cut(
    feeds: Mapping[str, NDArray[np.float32]],
    shape_ji: tuple[int, int],
    run_ji: tuple[slice, slice],
) -> dict[str, NDArray[np.float32]]:
    """Return the inputs of a tile: what is as large as the image is cut."""
    return {
        name: np.ascontiguousarray(feed[(slice(None), slice(None), *run_ji)])
        if feed.shape[2:] == shape_ji
        else feed
        for name, feed in feeds.items()
    }
