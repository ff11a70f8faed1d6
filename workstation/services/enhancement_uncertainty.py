"""How sure a model is of a slice: where the truth lies around what is shown, from its own table.

The table of a pack (``inference.packs.uncertainty``) was calibrated on patients it was not trained
on. The interval around the result holds at any strength: what is shown only lies elsewhere in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.packs.store import PackStore
from inference.packs.uncertainty import UncertaintySpec
from inference.tasks.change_figures import ChangeFigures
from workstation.core.errors import InputRefusedError
from workstation.core.provenance import PackRef


@dataclass(frozen=True, slots=True, eq=False)
class SliceUncertainty:
    """Where the truth lies for each voxel of one slice.

    Attributes:
        k: the slice.
        low, high: ``[j, i]`` float32 ends of the interval of the true value, unit of the volume.
        shown: ``[j, i]`` float32 what is shown at the strength that was asked for.
        level: share of true values inside, 0..1, as calibrated.
        held_out: share inside on patients that were not calibrated on; 0 if not measured.
        held_out_edges: the same at edges.
    """

    k: int
    low: NDArray[np.float32]
    high: NDArray[np.float32]
    shown: NDArray[np.float32]
    level: float
    held_out: float
    held_out_edges: float

    @property
    def half_widths(self) -> NDArray[np.float32]:
        """Half of the interval's width, ``[j, i]``, unit of the volume."""
        half: NDArray[np.float32] = (self.high - self.low) / np.float32(2)
        return half

    @property
    def middles(self) -> NDArray[np.float32]:
        """The middle of the interval, ``[j, i]``, unit of the volume; it is not what is shown."""
        middle: NDArray[np.float32] = (self.high + self.low) / np.float32(2)
        return middle


def table_of(packs: PackStore, pack: PackRef) -> UncertaintySpec:
    """Return the calibrated table of a pack.

    Raises:
        InputRefusedError: the pack has none, or is not the one that made the result any more.
        PackRefusedError: the pack is gone or damaged.
    """
    found = packs.get(pack.pack_id)
    table = found.manifest.uncertainty
    if table is None or found.ref != pack:
        raise InputRefusedError(
            "It cannot be told how sure the model is",
            why="the model pack was not calibrated for it"
            if table is None
            else "the model pack was changed since the result was made",
            todo="Compare with the original",
        )
    return table


def slice_uncertainty(
    original: NDArray[Any],
    result: NDArray[Any],
    k: int,
    *,
    table: UncertaintySpec,
    change: ChangeFigures | None,
    strength: float = 1.0,
) -> SliceUncertainty:
    """Return where the truth lies on slice k.

    Args:
        original: ``[k, j, i]`` voxels as scanned.
        result: ``[k, j, i]`` the model's result at full strength.
        k: the slice.
        table: of the pack that made the result.
        change: the figures of the result, which know the noise of each slice.
        strength: share of the result that is shown, 0..1.

    Raises:
        InputRefusedError: the noise is not known, e.g. while the model still runs.
    """
    sigma = change.sigma_at(k) if change is not None else 0.0
    if sigma <= 0:
        raise InputRefusedError(
            "It cannot be told how sure the model is",
            why="the noise of this series is not known yet",
            todo="Wait until the enhancement is complete",
        )
    before, after = original[k].astype(np.float32), result[k].astype(np.float32)
    low, high = table.interval(before, after, sigma)
    return SliceUncertainty(
        k=k,
        low=after + low,
        high=after + high,
        shown=before + np.float32(strength) * (after - before),
        level=table.coverage,
        held_out=table.held_out,
        held_out_edges=table.held_out_edges,
    )
