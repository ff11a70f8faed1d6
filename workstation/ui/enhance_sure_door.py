"""The door to how sure a model is: from the table of its pack to what a viewport draws."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numpy.typing import NDArray

from inference.packs.store import PackStore
from viewers.render.uncertainty import Uncertainty
from workstation.core.job import CancelToken
from workstation.core.provenance import PackRef
from workstation.core.volume import Volume
from workstation.services.enhancement_uncertainty import slice_uncertainty, table_of
from workstation.ui.use_cases import Uncertain

if TYPE_CHECKING:  # a value of the worker's tasks
    from inference.tasks.denoise import EnhancementFigures


def uncertainty_door(packs: PackStore) -> Uncertain:
    """Return what tells how sure a model is of a slice, by the tables of these packs."""

    def tell(
        volume: Volume,
        enhanced: NDArray[Any],
        pack: PackRef,
        k: int,
        *,
        figures: EnhancementFigures,
        cancel: CancelToken,
    ) -> Uncertainty:
        cancel.raise_if_cancelled()
        table = table_of(packs, pack)
        found = slice_uncertainty(volume.voxels, enhanced, k, table=table, change=figures.change)
        return Uncertainty(k, found.half_widths, found.middles, found.level)

    return tell
