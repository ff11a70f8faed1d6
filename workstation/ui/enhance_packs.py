"""Which model packs there are, which one the reader prefers, and how strong results are shown."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from workstation.core.provenance import PackRef
from workstation.services.enhance_choices import EnhanceTask, PackChoice, fitting
from workstation.services.jobs import JobContext, Lane, Request
from workstation.settings import schema
from workstation.settings.schema import Option
from workstation.ui.bridge import JobBridge, Replies
from workstation.ui.enhance_tasks import Preset
from workstation.ui.option_desk import OptionDesk
from workstation.ui.words import tr

PREFERRED: dict[str, Option[str]] = {
    "CT": schema.ENHANCE_PACK_CT,
    "MR": schema.ENHANCE_PACK_MR,
}
"""The option that holds the pack a reader prefers for a modality."""

STRENGTHS: dict[str, Option[str]] = {
    "CT": schema.ENHANCE_STRENGTH_CT,
    "MR": schema.ENHANCE_STRENGTH_MR,
}
"""The option that holds how strong results of a modality are shown first."""


class PackDesk(QObject):
    """Owned by the UI thread.

    Signals:
        changed(): the packs are known, or others are.
        said(str): a sentence for the status line.
    """

    changed = Signal()
    said = Signal(str)

    def __init__(
        self,
        packs: Callable[[], tuple[PackChoice, ...]] | None,
        bridge: JobBridge,
        options: OptionDesk,
    ) -> None:
        """Begin without any.

        Args:
            packs: reads them from the disk; called on a job lane. None where there are none.
            bridge: starts jobs.
            options: what the reader prefers.
        """
        super().__init__()
        self._door, self._bridge, self._options = packs, bridge, options
        self.packs: tuple[PackChoice, ...] = ()

    def load(self) -> None:
        """Read the packs of this machine; they may have changed since the last study."""
        door = self._door
        if door is None:
            return

        def work(_context: JobContext) -> tuple[PackChoice, ...]:
            return door()

        request = Request(Lane.READ, "Looking for model packs", work, is_quiet=True)
        self._bridge.start(request, Replies(done=self._take))

    def best(self, task: EnhanceTask, modality: str, pack_id: str = "") -> PackChoice | None:
        """Return the pack that was asked for, or that the reader prefers; None for neither."""
        wanted = pack_id or self.preferred(modality)
        found = fitting(self.packs, task, modality)
        return next((pack for pack in found if pack.ref.pack_id == wanted), None)

    def preferred(self, modality: str) -> str:
        """Return the id of the pack the reader prefers; empty for the best one."""
        option = PREFERRED.get(modality)
        return "" if option is None else self._options.get(option)

    def prefer(self, modality: str, pack_id: str) -> None:
        """Take this pack for a modality from now on; empty for the best one."""
        option = PREFERRED.get(modality)
        if option is not None:
            self._options.change(option, pack_id)
            self.changed.emit()

    def after(self, now: PackRef | None, modality: str) -> PackChoice | None:
        """Return the pack for less noise behind the one in use; None where there is no other.

        Packs that failed their gates, or whose gates were not measured, are taken by name only.
        """
        fit = fitting(self.packs, EnhanceTask.LESS_NOISE, modality)
        found = [pack for pack in fit if pack.is_sound]
        names = [pack.ref.pack_id for pack in found]
        if len(found) < 2 and (now is None or now.pack_id in names):
            return None
        at = names.index(now.pack_id) + 1 if now is not None and now.pack_id in names else 0
        return found[at % len(found)] if found else None

    @staticmethod
    def words(pack: PackChoice) -> str:
        """Return what a choice of packs calls one, and what speaks against it."""
        words = f"{pack.title} ({pack.ref})"
        if pack.failed:
            return tr("{0}: failed a check on this machine").format(words)
        return words if pack.is_measured else tr("{0}: not measured on this machine").format(words)

    def strength(self, standard: float, modality: str) -> float:
        """Return how strong a result is shown first, 0..1.

        Args:
            standard: what the pack says.
            modality: of the series.
        """
        option = STRENGTHS.get(modality)
        preset = Preset.STANDARD if option is None else Preset(self._options.get(option))
        return preset.of(standard)

    def _take(self, packs: tuple[PackChoice, ...]) -> None:
        if packs != self.packs:
            self.packs = packs
            self.changed.emit()
