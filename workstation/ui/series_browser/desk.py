"""Keeps the verdict panel and the marks of the rail true to the series on screen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from workstation.core.image_stack import ImageStack
from workstation.core.verdict import Doubt, SeriesVerdict, SetAside
from workstation.ui.series_browser.account import (
    Account,
    StudyAccount,
    account_of,
    study_account_of,
)
from workstation.ui.series_browser.rail import RailItem, SeriesRail
from workstation.ui.series_browser.verdict_panel import VerdictPanel
from workstation.ui.study_controller import StudyController

if TYPE_CHECKING:  # it brings the DICOM toolkit
    from workstation.services.import_studies import ImportedStudy

Homeless = Callable[["ImportedStudy"], Sequence[SetAside]]


class VerdictDesk(QObject):
    """Shows what was received of the series in the active viewport. Owned by the UI thread.

    What loading found is added: a file whose pixels could not be decoded is not counted as shown.
    """

    def __init__(
        self, study: StudyController, rail: SeriesRail, panel: VerdictPanel, homeless: Homeless
    ) -> None:
        """Begin to follow a study.

        Args:
            study: the open study.
            rail: its series.
            panel: shows one of them.
            homeless: files that came with a study and belong to no series.
        """
        super().__init__(study)
        self._study, self._rail, self._panel, self._homeless = study, rail, panel, homeless
        study.shown_changed.connect(self.refresh)
        study.study_changed.connect(lambda _study: self.refresh())

    def refresh(self) -> None:
        """Show what is known by now."""
        series = self._study.active_series
        if series is not None and series.has_ended:
            base = self._known().get(series.item.verdict.series_uid, series.item.verdict)
            opened = series.opened
            self._rail.rail_model.replace_verdict(
                with_failures(base, series.item.display_set, opened.failed, opened.doubts)
            )
        self._panel.show_account(self._account(), self._study_account())

    def _account(self) -> Account | None:
        items, row = self._rail.rail_model.items, self._rail.currentIndex().row()
        if not 0 <= row < len(items):
            return None
        item = items[row]
        return account_of(
            item.verdict, title=item.name, stack=item.number, linked=_linked(item, items)
        )

    def _study_account(self) -> StudyAccount | None:
        imported = self._study.imported
        if imported is None:
            return None
        known = self._known()
        every = [one.verdict for one in (*imported.series, *imported.documents)]
        # The rail has what loading found since.
        now = [known.get(verdict.series_uid, verdict) for verdict in every]
        return study_account_of(now, self._homeless(imported))

    def _known(self) -> dict[str, SeriesVerdict]:
        """Return what is known of each series by now."""
        return {item.verdict.series_uid: item.verdict for item in self._rail.rail_model.items}


def with_failures(
    verdict: SeriesVerdict,
    display_set: ImageStack,
    failed: Sequence[SetAside],
    doubts: Sequence[Doubt],
) -> SeriesVerdict:
    """Return a verdict with what loading one of its display sets found.

    Args:
        verdict: by the headers, or with what was found before.
        display_set: what was loaded.
        failed: its slices that could not be decoded.
        doubts: of loading.
    """
    warnings = (*verdict.warnings, *(doubt for doubt in doubts if doubt not in verdict.warnings))
    told = set(verdict.set_aside)
    new = tuple(dict.fromkeys(aside for aside in failed if aside not in told))
    has_file_per_slice = len(set(display_set.files)) == display_set.slice_count
    if not has_file_per_slice:
        # Other frames of the same file are shown: the file is not set aside, the doubt tells.
        return replace(verdict, warnings=warnings)
    return replace(
        verdict,
        warnings=warnings,
        shown=verdict.shown - len(new),
        set_aside=(*verdict.set_aside, *new),
    )


def _linked(item: RailItem, items: Sequence[RailItem]) -> int:
    """Return how many other series have the frame of reference of a display set."""
    frame = item.display_set.geometry.frame_of_reference_uid
    if not frame:
        return 0
    same = {
        other.verdict.series_uid
        for other in items
        if other.display_set.geometry.frame_of_reference_uid == frame
    }
    return len(same - {item.verdict.series_uid})
