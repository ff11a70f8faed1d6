"""What the window's commands do to the marks on the images, and undo for marks or report."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from viewers.qt.desk import ViewportDesk
from viewers.qt.marker import Marker
from viewers.tools import editing
from viewers.tools.marking import region_window
from workstation.core.intensity import Window
from workstation.core.measurement import Measurement
from workstation.ui.report_controller import ReportController
from workstation.ui.report_editor.mark_list import evidence_of
from workstation.ui.study_controller import StudyController
from workstation.ui.words import tr


class MarkDesk(QObject):
    """Does what keys, menus and the Measures tab ask of marks. Owned by the UI thread.

    Signals:
        said(str): a sentence for the status line.
    """

    said = Signal(str)

    def __init__(
        self,
        grid: ViewportDesk,
        study: StudyController,
        report: ReportController,
        is_in_report: Callable[[], bool],
    ) -> None:
        """Make the desk.

        Args:
            grid: the viewports whose marks are meant.
            study: brings series that are not on screen there.
            report: has an undo of its own.
            is_in_report: whether the report has the focus.
        """
        super().__init__(grid)
        self._grid, self._study, self._report = grid, study, report
        self._is_in_report = is_in_report

    # Undo

    def undo(self) -> None:
        """Take the last act back: in the report where that has the focus, else on the images."""
        if self._means_report():
            self._report.undo()
        elif not self._grid.marks.undo():
            self.said.emit(tr("Nothing was changed on the images. Undo in the report works there."))

    def redo(self) -> None:
        """Do the act taken back last again, in the report or on the images."""
        if self._means_report():
            self._report.redo()
        elif not self._grid.marks.redo():
            self.said.emit(tr("There is nothing to do again."))

    def _means_report(self) -> bool:
        """Whether undo is about the report: it has the focus, or the images were never touched.

        Once they were, one keypress too many on the images must not change the report.
        """
        return self._is_in_report() or self._grid.marks.acts.is_empty

    # The selected mark

    def delete(self) -> None:
        """Delete the selected mark."""
        marks = self._grid.marks
        if not marks.selected.value:
            self._ask_to_select()
            return
        marks.change(editing.without(marks.measurements.value, marks.selected.value))

    def remove(self, measurement: Measurement) -> None:
        """Delete a mark."""
        marks = self._grid.marks
        rest = editing.without(marks.measurements.value, measurement.measurement_id)
        marks.change(rest, selected=marks.selected.value)

    def copy(self, step: int) -> None:
        """Copy the selected mark to a neighboring slice and go there.

        Args:
            step: 1 for the next slice, -1 for the one before.
        """
        if self._marker.selected() is None:
            self._ask_to_select()
        elif not self._marker.copy_to(step):
            self.said.emit(tr("There is no slice to copy this mark to."))

    def walk(self, step: int) -> None:
        """Select the next mark of the study, or the one before, and show it.

        Args:
            step: 1 or -1.
        """
        marks = self._grid.marks
        ids = [one.measurement_id for one in marks.measurements.value]
        found = editing.found(
            marks.measurements.value, editing.next_id(ids, marks.selected.value, step)
        )
        if found is None:
            self.said.emit(tr("There are no marks in this study."))
        else:
            self.jump(found)

    def name(self) -> None:
        """Let the reader give the selected mark words."""
        if not self._grid.active.canvas.edit_words():
            self._ask_to_select()

    def window(self) -> None:
        """Window the picture so that the tissue of the selected region is seen best."""
        one = self._marker.selected()
        if one is None or one.region is None:
            self.said.emit(tr("Select a region first: the window is made from its values."))
            return
        center, width = region_window(one.region)
        self._grid.active.set_window(Window(center, width))

    def jump(self, measurement: Measurement) -> None:
        """Show a mark, in whichever series it is, and select it."""
        if not self._grid.show_measurement(measurement):
            self._study.show_evidence(evidence_of(measurement))
        self._grid.marks.selected.set(measurement.measurement_id)

    @property
    def _marker(self) -> Marker:
        return self._grid.active.canvas.marker

    def _ask_to_select(self) -> None:
        self.said.emit(tr("Select a mark first: click its line, or press the period key."))
