"""Where an image is cut when it is too large for one run.

A tile is run with a margin of at least ``overlap_px`` on each inner side and only its core is kept.
With a margin of the model's reach or more, the tiled result is bit for bit that of the whole image.
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

    All tiles of an image are of one size once their edges are filled up to the multiple, so that a
    runtime gets its memory, and picks its algorithms, once.

    Args:
        shape_ji: rows and columns.
        spec: largest tile and overlap.
        multiple: tile origins lie on multiples of this, so that strided models see one grid.
    """
    for rows_run, rows_keep in _cuts(shape_ji[0], spec, multiple):
        for columns_run, columns_keep in _cuts(shape_ji[1], spec, multiple):
            yield Tile((rows_run, columns_run), (rows_keep, columns_keep))


def tile_shape(shape_ji: tuple[int, int], spec: TileSpec, multiple: int) -> tuple[int, int]:
    """Return rows and columns the model is given for each tile of an image."""
    rows, columns = (min(_up(n, multiple), _size(spec, multiple)) for n in shape_ji)
    return rows, columns


def _cuts(length: int, spec: TileSpec, multiple: int) -> Iterator[tuple[slice, slice]]:
    size, margin = _size(spec, multiple), _up(spec.overlap_px, multiple)
    padded = _up(length, multiple)
    if padded <= size:
        yield slice(0, length), slice(0, length)
        return
    kept = 0
    while kept < length:
        start = min(max(kept - margin, 0), padded - size)
        is_last = start + size >= padded
        stop = length if is_last else start + size - margin
        yield slice(start, min(start + size, length)), slice(kept, stop)
        kept = stop


def _size(spec: TileSpec, multiple: int) -> int:
    """Return the edge of a tile: a multiple that leaves something between its margins."""
    margin = _up(spec.overlap_px, multiple)
    return max(spec.largest_px // multiple * multiple, 2 * margin + multiple)


def _up(length: int, multiple: int) -> int:
    return -(-length // multiple) * multiple
