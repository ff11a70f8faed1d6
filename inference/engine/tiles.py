"""Where an image is cut when it is too large for one run.

A tile is run with a margin of ``overlap_px`` on each inner side and only its core is kept. With a
margin of at least the model's reach, the tiled result is bit for bit that of the whole image.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from inference.packs.manifest import TileSpec


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile: what is run and what of it is kept, as slices of rows and columns.

    Attributes:
        run_ji: rows and columns given to the model.
        keep_ji: rows and columns of the image that the tile fills.
    """

    run_ji: tuple[slice, slice]
    keep_ji: tuple[slice, slice]

    @property
    def core_ji(self) -> tuple[slice, slice]:
        """Rows and columns of the kept part inside the tile's own result."""
        rows, columns = (
            slice(keep.start - run.start, keep.stop - run.start)
            for run, keep in zip(self.run_ji, self.keep_ji, strict=True)
        )
        return rows, columns


def tiles(shape_ji: tuple[int, int], spec: TileSpec, multiple: int) -> Iterator[Tile]:
    """Yield the tiles of an image; one if it is small enough.

    Args:
        shape_ji: rows and columns.
        spec: largest tile and overlap.
        multiple: tile origins lie on multiples of this, so that strided models see one grid.
    """
    for rows_run, rows_keep in _cuts(shape_ji[0], spec, multiple):
        for columns_run, columns_keep in _cuts(shape_ji[1], spec, multiple):
            yield Tile((rows_run, columns_run), (rows_keep, columns_keep))


def _cuts(length: int, spec: TileSpec, multiple: int) -> Iterator[tuple[slice, slice]]:
    if length <= spec.largest_px:
        yield slice(0, length), slice(0, length)
        return
    margin = -(-spec.overlap_px // multiple) * multiple
    core = max((spec.largest_px - 2 * margin) // multiple * multiple, multiple)
    for start in range(0, length, core):
        stop = min(start + core, length)
        yield slice(max(start - margin, 0), min(stop + margin, length)), slice(start, stop)
