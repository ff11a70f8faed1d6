"""What a viewport is given to show, as one value."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from viewers.render.enhanced import EnhancedOverlay
from viewers.render.fusion import Overlay
from viewers.render.uncertainty import Uncertainty
from viewers.state.fusion import Fusion
from workstation.core.provenance import PixelKind
from workstation.core.verdict import Doubt
from workstation.core.volume import Volume


def every_slice(_k: int) -> bool:
    """Say that a slice is in: the answer for a volume that was loaded whole."""
    return True


def no_reason(_k: int) -> str:
    """Say nothing of why a slice could not be read: the answer where nothing is known."""
    return ""


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """The volume of a viewport and what is known about it.

    Attributes:
        volume: the volume; its array may still be filled.
        doubts: doubts that a reader must see beside the picture.
        is_loaded: tells whether slice k is in.
        enhanced: a model's result over it; None where there is none.
        key_slices: acquired slices marked as key images.
        original: the stored volume, where ``volume`` is one a model made of it (thinner slices);
            it is what is compared with and measured on.
        is_finished: no more slices will come; one that is not in could not be read.
        why_unread: why slice k could not be read, as a clause for people; empty where unknown.
        prior_date: date of its study, as the headers write it, where that is not the study being
            reported; None for the study being reported.
        overlay: another series laid over it; None for none.
        fusion: how the overlay is drawn; None where there is none.
        uncertainty: how far the model's result may be from the truth, for one slice; None where
            the reader did not ask.
    """

    volume: Volume
    doubts: tuple[Doubt, ...] = ()
    is_loaded: Callable[[int], bool] = every_slice
    enhanced: EnhancedOverlay | None = None
    key_slices: frozenset[int] = frozenset()
    original: Volume | None = None
    is_finished: bool = False
    why_unread: Callable[[int], str] = no_reason
    overlay: Overlay | None = None
    fusion: Fusion | None = None
    uncertainty: Uncertainty | None = None

    prior_date: str | None = None

    def __post_init__(self) -> None:
        overlay = self.enhanced
        if overlay is not None and overlay.voxels.shape != self.volume.voxels.shape:
            raise ValueError("an enhancement lies on the voxels of its volume")
        if (self.overlay is None) != (self.fusion is None):
            raise ValueError("an overlay says how it is drawn")

    @property
    def stored(self) -> Volume:
        """The volume that evidence and measurements name: the original where there is one."""
        return self.volume if self.original is None else self.original

    def is_unread(self, k: int) -> bool:
        """Whether acquired slice k is known to be unreadable, and so blank."""
        return self.is_finished and not self.is_loaded(k)

    @property
    def measured(self) -> Volume | None:
        """The stored voxels that may be measured; None where a model's volume stands alone."""
        if self.original is not None:
            return self.original
        is_made = self.volume.provenance.kind in (PixelKind.ENHANCED, PixelKind.FILLED)
        return None if is_made else self.volume
