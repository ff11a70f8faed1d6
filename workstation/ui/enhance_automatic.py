"""Enhancement that a hanging protocol wishes for: quietly, behind the reading, one after the other.

What the reader looks at stays as it is, unless the protocol says that a cell shows the result. The
option switches all of it off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from viewers.qt.viewport import ViewportWidget
from viewers.state.hanging import HungCell
from viewers.state.hanging_match import Hung, Match, hung
from workstation.services.enhance_choices import EnhanceTask
from workstation.settings import schema
from workstation.ui.enhance_run import Run
from workstation.ui.hanging_controller import HangingController
from workstation.ui.option_desk import OptionDesk
from workstation.ui.study_controller import StudyController

if TYPE_CHECKING:  # it makes this object
    from workstation.ui.enhance_controller import EnhanceController

ENHANCED_MODALITIES = frozenset({"CT", "MR"})
"""There are no packs for others: to try would be to refuse."""


class AutomaticDesk(QObject):
    """Owned by the UI thread."""

    def __init__(
        self,
        enhance: EnhanceController,
        hanging: HangingController,
        study: StudyController,
        options: OptionDesk,
    ) -> None:
        """Follow the hanging protocols.

        Args:
            enhance: makes the results.
            hanging: tells by which protocol a study was hung.
            study: the open study.
            options: whether anything is enhanced by itself.
        """
        super().__init__(enhance)
        self._enhance, self._study, self._options = enhance, study, options
        self._hung: Hung | None = None
        hanging.hung.connect(self.take)
        hanging.filler.filled.connect(self._pin)
        study.study_changed.connect(lambda identity: self._forget() if identity is None else None)

    def take(self, match: Match) -> None:
        """Begin with what a protocol wishes for, the series of its first cell first."""
        self._forget()
        wish = match.protocol.enhance
        if not wish or not self._options.get(schema.ENHANCE_AUTOMATIC):
            return
        self._hung = found = hung(match)
        shown = _enhanced(found)
        for row in dict.fromkeys(key for key in found.keys if key is not None):
            self._begin(row, EnhanceTask(wish), is_on=row in shown)

    def _begin(self, row: int, task: EnhanceTask, *, is_on: bool) -> None:
        rows = self._study.rows
        if not 0 <= row < len(rows) or self._enhance.runs.of(row, task) is not None:
            return
        if rows[row].display_set.series.modality not in ENHANCED_MODALITIES:
            return
        run = Run(row, task, is_automatic=True, is_on=is_on)
        self._enhance.prepare(run)
        self._enhance.runs.start(run)

    def _pin(self, viewport: ViewportWidget, cell: HungCell) -> None:
        """Let a cell show the original beside one that shows the result of the same series."""
        found = self._hung
        if found is None or cell.view.is_enhanced or cell not in found.cells:
            return
        key = found.keys[found.cells.index(cell)]
        if key is not None and key in _enhanced(found):
            self._enhance.compares.pin_original(viewport)

    def _forget(self) -> None:
        self._hung = None


def _enhanced(found: Hung) -> set[int]:
    """Return the series that some cell shows enhanced."""
    both = zip(found.keys, found.cells, strict=True)
    return {key for key, cell in both if key is not None and cell.view.is_enhanced}
