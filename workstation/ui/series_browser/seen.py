"""Which series are on screen now, and how much of each has been on screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from viewers.qt.desk import ViewportDesk
from viewers.state.view_state import Plane
from workstation.core.volume import Volume
from workstation.ui.series_browser.rail import RailModel, Seen

if TYPE_CHECKING:  # it makes this object
    from workstation.ui.study_controller import StudyController


class SeenDesk(QObject):
    """Tells the rail what the reader has seen of the open study. Owned by the UI thread.

    A slice counts where it was shown by itself, as it was acquired; planes and slabs do not.
    """

    def __init__(self, study: StudyController, desk: ViewportDesk, rail: RailModel) -> None:
        """Follow the viewports.

        Args:
            study: the open study.
            desk: the viewports of all screens.
            rail: shows it.
        """
        super().__init__(study)
        self._study, self._desk, self._rail = study, desk, rail
        self._seen: dict[int, set[int]] = {}
        self._places: dict[int, dict[str, int]] = {}
        desk.slice_shown.connect(self._take)
        study.study_changed.connect(lambda _study: self._forget())
        study.shown_changed.connect(self._show)

    def _forget(self) -> None:
        self._seen, self._places = {}, {}
        self._show()

    def _take(self, series_uid: str, instance_uid: str) -> None:
        has_more = False
        for viewport in self._desk.showing(series_uid):
            content, state = viewport.content, viewport.state.value
            row = self._row_of(content.volume) if content is not None else None
            if row is None or state.plane is not Plane.ACQUIRED or state.slab is not None:
                continue
            # A file with many slices does not say which; the viewport does.
            k = self._places_of(row).get(instance_uid, state.slice_index)
            seen = self._seen.setdefault(row, set())
            has_more = has_more or k not in seen
            seen.add(k)
        if has_more:
            self._show()

    def _places_of(self, row: int) -> dict[str, int]:
        """Return the slice of each instance; empty where an instance holds several."""
        if row not in self._places:
            uids = self._study.items[row].display_set.instance_uids
            places = {uid: k for k, uid in enumerate(uids)}
            self._places[row] = places if len(places) == len(uids) else {}
        return self._places[row]

    def _show(self) -> None:
        shown = {
            row
            for viewport in self._desk.viewports
            if viewport.content is not None
            and (row := self._row_of(viewport.content.stored)) is not None
        }
        rows = shown | self._seen.keys()
        self._rail.show_seen(
            {row: Seen(len(self._seen.get(row, ())), is_shown=row in shown) for row in rows}
        )

    def _row_of(self, volume: Volume) -> int | None:
        series = self._study.loaded_of(volume)
        items = self._study.items
        return items.index(series.item) if series is not None and series.item in items else None
