"""A stored result of a model is compared with the series it was made of, as a fresh one is.

The source is read behind the reading, once the result itself is in, and kept as long as the result
is on screen. What is measured on the result is measured on the source, at the same place.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject

from viewers.qt.desk import ViewportDesk
from viewers.qt.viewport import ViewportWidget
from workstation.core.geometry import StackGeometry
from workstation.core.identity import StudyIdentity
from workstation.core.provenance import PixelKind
from workstation.core.volume import Volume
from workstation.ui.loaded_series import LoadedSeries
from workstation.ui.series_keeper import Wish
from workstation.ui.study_controller import StudyController

LEAST_PARALLEL = 0.9999
"""Least product of the normals of two stacks of the same slices; headers round to six digits."""


class DerivedOriginals(QObject):
    """Gives viewports of stored results the series behind. Owned by the UI thread."""

    def __init__(self, desk: ViewportDesk, study: StudyController) -> None:
        """Begin with nothing.

        Args:
            desk: the viewports of all screens.
            study: its series are looked through for the source.
        """
        super().__init__(desk)
        self._desk, self._study = desk, study
        self._asked: set[int] = set()
        study.shown_changed.connect(self.follow)
        study.keeper.loading_ended.connect(self._take)
        study.study_changed.connect(self._forget)

    def follow(self) -> None:
        """Give every viewport that shows a stored result its source, or have that read."""
        is_given = False
        for viewport in self._desk.viewports:
            content = viewport.content
            if content is None or content.original is not None:
                continue
            shown, row = self._study.loaded_of(content.volume), self._source_row(content.volume)
            if row is not None and shown is not None and shown.has_ended:
                is_given |= self._give(viewport, row)
        if is_given:
            self._study.keeper.hold_shown()

    def _give(self, viewport: ViewportWidget, row: int) -> bool:
        source = self._study.keeper.loaded.get(row)
        if source is not None and source.is_open and source.has_ended:
            is_whole = bool(source.flags.all())
            if is_whole:
                viewport.set_original(source.volume)
            return is_whole
        if row not in self._asked:
            self._asked.add(row)
            wish = Wish(viewport, is_quiet=True)
            self._study.keeper.show(row, self._study.rows[row], wish)
        return False

    def _source_row(self, volume: Volume) -> int | None:
        """Return the series a volume was made of; None where it is not among those here."""
        made_of = volume.provenance.source_series_uid
        if volume.provenance.kind is not PixelKind.ENHANCED or not made_of:
            return None
        for row, item in enumerate(self._study.rows):
            stack = item.display_set
            is_it = item.verdict.series_uid == made_of
            if is_it and _same_place(stack.geometry, volume.geometry):
                return row
        return None

    def _take(self, series: LoadedSeries) -> None:
        rows = self._study.keeper.loaded
        self._asked -= {row for row, one in rows.items() if one is series}
        self.follow()

    def _forget(self, _identity: StudyIdentity | None) -> None:
        self._asked.clear()


def _same_place(source: StackGeometry, made: StackGeometry) -> bool:
    """Return whether a stack lies where its source does; it may have more slices."""
    if not (source.is_placed and made.is_placed):
        return False
    is_one_frame = source.frame_of_reference_uid == made.frame_of_reference_uid
    is_parallel = float(source.normal @ made.normal) >= LEAST_PARALLEL
    ends = source.distances_mm[[0, -1]] - made.positions_mm[[0, -1]] @ source.normal
    reach_mm = float(np.abs(source.gaps_mm).max()) / 2 if source.gaps_mm.size else 0.0
    return is_one_frame and is_parallel and bool(np.abs(ends).max() <= reach_mm)
