"""What the reader can say of one cell: its name, which series, and how it looks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QCheckBox, QComboBox, QDoubleSpinBox, QFormLayout, QLineEdit, QWidget

from viewers.state.hanging import Attribute, HungCell, Rule
from viewers.state.hanging_proposal import with_cell_words, words_of
from viewers.state.slab import USUAL_MM, Projection, Slab
from viewers.state.view_state import Plane
from workstation.core.intensity import CT_WINDOWS, Window
from workstation.services.hanging_words import window_text
from workstation.ui.hanging_panel.chips import WordChips
from workstation.ui.hanging_panel.rule_rows import RuleRows
from workstation.ui.theme import step_px
from workstation.ui.words import tr

PLANE_WORDS = {
    Plane.ACQUIRED: "as acquired",
    Plane.AXIAL: "axial",
    Plane.CORONAL: "coronal",
    Plane.SAGITTAL: "sagittal",
}
PROJECTION_WORDS = {Projection.MIP: "MIP", Projection.MINIP: "MinIP", Projection.MEAN: "mean"}
START_WORDS = ((0.5, "middle"), (0.0, "first slice"), (1.0, "last slice"))


class CellForm(QWidget):
    """Shows one cell and tells what the reader made of it. Owned by the UI thread."""

    def __init__(self, changed: Callable[[HungCell], None]) -> None:
        """Make an empty form.

        Args:
            changed: takes the cell after each change of the reader.
        """
        super().__init__()
        self._changed = changed
        self._cell = HungCell("1")
        self._is_filling = False
        self.name = QLineEdit()
        self.words = WordChips(tr("Words of the series"), lambda _words: self._tell())
        self.rules = RuleRows(tr("Rules of the series"), self._take_rules)
        self.same = _combo(tr("Shows the series of"))
        self.plane = _combo(tr("Plane"))
        self.preset = _combo(tr("Window"))
        self.slab = _combo(tr("Slab"))
        self.thickness = QDoubleSpinBox()
        self.thickness.setRange(1.0, 300.0)
        self.thickness.setSuffix(" mm")
        self.thickness.setDecimals(1)
        self.start = _combo(tr("Starts at"))
        self.inverted = QCheckBox(tr("Gray inverted"))
        self.enhanced = QCheckBox(tr("Enhanced"))
        self.enhanced.setToolTip(
            tr("The cell shows the result of the enhancement that the protocol asks for")
        )
        self.needed = QCheckBox(tr("Needs its series"))
        self.needed.setToolTip(tr("The protocol fits only where this cell finds a series"))
        self._fill_choices()
        self._lay_out()
        self._connect()

    def show_cell(self, cell: HungCell, number: int, names: tuple[str, ...]) -> None:
        """Show a cell.

        Args:
            cell: it.
            number: its place, from 0.
            names: of all cells; it can share the series of those before it.
        """
        self._is_filling = True
        self._cell = cell
        self.name.setText(cell.name)
        self.words.show_words(words_of(cell.rules, Attribute.WORDS))
        self.rules.show_rules(cell.rules)
        self.same.clear()
        self.same.addItem(tr("a series of its own"), -1)
        for earlier in range(number):
            self.same.addItem(f"{earlier + 1}  {names[earlier]}", earlier)
        _choose(self.same, cell.same_as)
        view = cell.view
        _choose(self.plane, view.plane.value)
        self._show_window(cell)
        _choose(self.slab, view.slab.projection.value if view.slab else "")
        self.thickness.setValue(view.slab.thickness_mm if view.slab else USUAL_MM)
        self.thickness.setEnabled(view.slab is not None)
        self._show_start(view.start)
        self.inverted.setChecked(view.is_inverted)
        self.enhanced.setChecked(view.is_enhanced)
        self.needed.setChecked(cell.is_needed)
        self._is_filling = False

    # Private

    def _show_window(self, cell: HungCell) -> None:
        window = cell.view.window
        while self.preset.count() > len(CT_WINDOWS) + 1:
            self.preset.removeItem(self.preset.count() - 1)
        if isinstance(window, Window):
            self.preset.addItem(window_text(cell), window)
            self.preset.setCurrentIndex(self.preset.count() - 1)
        else:
            _choose(self.preset, window)

    def _show_start(self, start: float) -> None:
        while self.start.count() > len(START_WORDS):
            self.start.removeItem(self.start.count() - 1)
        if start not in [place for place, _ in START_WORDS]:
            self.start.addItem(f"{start:.0%}", start)
        _choose(self.start, start)

    def _tell(self) -> None:
        if self._is_filling:
            return
        view = replace(
            self._cell.view,
            plane=Plane(self.plane.currentData()),
            window=self.preset.currentData(),
            slab=self._slab(),
            start=float(self.start.currentData()),
            is_inverted=self.inverted.isChecked(),
            is_enhanced=self.enhanced.isChecked(),
        )
        self.thickness.setEnabled(view.slab is not None)
        cell = replace(
            self._cell,
            name=self.name.text().strip() or self._cell.name,
            view=view,
            same_as=int(self.same.currentData()),
            is_needed=self.needed.isChecked(),
        )
        if self.words.words != words_of(cell.rules, Attribute.WORDS):
            cell = with_cell_words(cell, self.words.words)
            self.rules.show_rules(cell.rules)
        self._cell = cell
        self._changed(cell)

    def _take_rules(self, rules: tuple[Rule, ...]) -> None:
        self._cell = replace(self._cell, rules=rules)
        self.words.show_words(words_of(rules, Attribute.WORDS))
        self._changed(self._cell)

    def _slab(self) -> Slab | None:
        projection = self.slab.currentData()
        return Slab(Projection(projection), self.thickness.value()) if projection else None

    def _fill_choices(self) -> None:
        for plane, words in PLANE_WORDS.items():
            self.plane.addItem(tr(words), plane.value)
        self.preset.addItem(tr("as stored"), "")
        for window in CT_WINDOWS:
            self.preset.addItem(tr(window.name), window.name)
        self.slab.addItem(tr("none"), "")
        for projection, words in PROJECTION_WORDS.items():
            self.slab.addItem(tr(words), projection.value)
        for place, words in START_WORDS:
            self.start.addItem(tr(words), place)

    def _lay_out(self) -> None:
        form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(step_px(1))
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        self.name.setAccessibleName(tr("Name of the cell"))
        self.thickness.setAccessibleName(tr("Thickness of the slab"))
        rows: tuple[tuple[str, QWidget], ...] = (
            (tr("Name"), self.name),
            (tr("Series with"), self.words),
            (tr("Rules"), self.rules),
            (tr("Series of"), self.same),
            (tr("Plane"), self.plane),
            (tr("Window"), self.preset),
            (tr("Slab"), self.slab),
            (tr("Thickness"), self.thickness),
            (tr("Starts at"), self.start),
        )
        for words, control in rows:
            form.addRow(words, control)
        form.addRow(self.inverted)
        form.addRow(self.enhanced)
        form.addRow(self.needed)

    def _connect(self) -> None:
        self.name.editingFinished.connect(self._tell)
        for combo in (self.same, self.plane, self.preset, self.slab, self.start):
            combo.activated.connect(lambda _index: self._tell())
        self.thickness.valueChanged.connect(lambda _value: self._tell())
        self.inverted.toggled.connect(lambda _on: self._tell())
        self.enhanced.toggled.connect(lambda _on: self._tell())
        self.needed.toggled.connect(lambda _on: self._tell())


def _combo(name: str) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(name)
    made.setMinimumContentsLength(8)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    return made


def _choose(combo: QComboBox, value: object) -> None:
    for index in range(combo.count()):
        if combo.itemData(index) == value:
            combo.setCurrentIndex(index)
            return
    combo.setCurrentIndex(0)
