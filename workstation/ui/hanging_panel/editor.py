"""The editor of one hanging protocol: for which studies, which series where; live on the study.

Nothing on screen moves while it is edited. What each cell would take, and how the protocol fares
beside the others, is told after every change.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLineEdit, QListWidget, QWidget

from viewers.state.hanging import Attribute, HangingProtocol, HungCell, Rule, SeriesTraits
from viewers.state.hanging_match import Match
from viewers.state.hanging_proposal import with_cell, with_study_words, words_of
from workstation.services.hanging_words import reasons_text, window_text
from workstation.ui.hanging_panel.cell_form import CellForm
from workstation.ui.hanging_panel.chips import WordChips
from workstation.ui.hanging_panel.rule_rows import RuleRows
from workstation.ui.theme import step_px
from workstation.ui.widgets import button, column, label, line, rule, scrolled
from workstation.ui.words import tr

ENHANCE_WORDS = (("", "no"), ("denoise", "less noise"), ("superres", "thinner slices"))
"""What a protocol can wish for; the reader still asks for it with the key."""

LINK_WORDS = {"scroll": "Scroll", "zoom": "Zoom", "window": "Window"}
"""What the viewports do together; where none is on, links stay as the reader has them."""

LIST_STEPS = 30
"""Height of the list of cells: five of them are seen at once."""


@dataclass(frozen=True, slots=True)
class EditorActs:
    """What the editor asks for.

    Attributes:
        try_out: how a protocol fits the open study; None where it does not.
        fill: the series each cell would take, by key.
        rearranged: a protocol with layout and cells as they are on screen.
        save: keeps it.
        leave: goes back to the list.
        others: the protocols that fit the open study, the best first.
        traits: of the series of the open study.
    """

    try_out: Callable[[HangingProtocol], Match | None]
    fill: Callable[[HangingProtocol], tuple[int | None, ...]]
    rearranged: Callable[[HangingProtocol], HangingProtocol]
    save: Callable[[HangingProtocol], None]
    leave: Callable[[], None]
    others: Callable[[], tuple[Match, ...]]
    traits: Callable[[], tuple[SeriesTraits, ...]]


class ProtocolEditor(QWidget):
    """Edits one protocol at a time. Owned by the UI thread."""

    def __init__(self, acts: EditorActs) -> None:
        """Make it empty.

        Args:
            acts: what it asks for.
        """
        super().__init__()
        self._acts = acts
        self._protocol: HangingProtocol | None = None
        self._is_filling = False
        self.title = QLineEdit()
        self.title.setAccessibleName(tr("Title of the protocol"))
        self.title.textChanged.connect(lambda _text: self._show_state())
        self.chips = WordChips(tr("Words of the study"), self._take_words)
        self.rules = RuleRows(tr("Rules of the study"), self._take_rules)
        self.links = {name: QCheckBox(tr(words)) for name, words in LINK_WORDS.items()}
        for box in self.links.values():
            box.toggled.connect(lambda _on: self._take_links())
        self.enhance = QComboBox()
        self.enhance.setAccessibleName(tr("Enhancement wished for"))
        for value, words in ENHANCE_WORDS:
            self.enhance.addItem(tr(words), value)
        self.enhance.activated.connect(lambda _index: self._take_enhance())
        self.cells = QListWidget()
        self.cells.setAccessibleName(tr("Cells of the protocol"))
        self.cells.setFixedHeight(step_px(LIST_STEPS))
        self.cells.setWordWrap(True)
        self.cells.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.cells.currentRowChanged.connect(self._show_cell)
        self.form = CellForm(self._take_cell)
        self.state = label(wraps=True)
        self.save = button(tr("Save protocol"), self._save, role="primary")
        self.rearrange = button(tr("Take the arrangement on screen"), self._rearrange)
        self.cancel = button(tr("Cancel"), acts.leave, role="flat")
        self._lay_out()

    @property
    def protocol(self) -> HangingProtocol | None:
        """The protocol as edited so far; None where none is edited."""
        return self._protocol

    def edit(self, protocol: HangingProtocol) -> None:
        """Begin to edit a protocol."""
        self._protocol = protocol
        self.title.setText(protocol.title)
        self._show_protocol()
        self.cells.setCurrentRow(0)
        self.title.setFocus()
        self.title.selectAll()

    # Changes of the reader

    def _take_words(self, words: tuple[str, ...]) -> None:
        if self._protocol is not None:
            self._protocol = with_study_words(self._protocol, words)
            self.rules.show_rules(self._protocol.rules)
            self._show_state()

    def _take_rules(self, rules: tuple[Rule, ...]) -> None:
        if self._protocol is not None:
            self._protocol = replace(self._protocol, rules=rules)
            self.chips.show_words(words_of(rules, Attribute.ANATOMY))
            self._show_state()

    def _take_links(self) -> None:
        if self._protocol is not None and not self._is_filling:
            links = tuple(name for name, box in self.links.items() if box.isChecked())
            self._protocol = replace(self._protocol, links=links)

    def _take_enhance(self) -> None:
        if self._protocol is not None:
            self._protocol = replace(self._protocol, enhance=self.enhance.currentData())

    def _take_cell(self, cell: HungCell) -> None:
        row = self.cells.currentRow()
        if self._protocol is not None and 0 <= row < len(self._protocol.cells):
            self._protocol = with_cell(self._protocol, row, cell)
            self._show_state()

    def _rearrange(self) -> None:
        if self._protocol is not None:
            self._protocol = self._acts.rearranged(self._protocol)
            self._show_protocol()
            self.cells.setCurrentRow(0)

    def _save(self) -> None:
        protocol = self._protocol
        if protocol is not None and self.save.isEnabled():
            title = self.title.text().strip()
            self._acts.save(replace(protocol, title=title, version=protocol.version + 1))
            self._protocol = None
            self._acts.leave()

    # What is shown

    def _show_protocol(self) -> None:
        protocol = self._protocol
        if protocol is None:
            return
        self.chips.show_words(words_of(protocol.rules, Attribute.ANATOMY))
        names = [value for value, _ in ENHANCE_WORDS]
        self.enhance.setCurrentIndex(names.index(protocol.enhance))
        self.rules.show_rules(protocol.rules)
        self._is_filling = True
        for name, box in self.links.items():
            box.setChecked(name in protocol.links)
        self._is_filling = False
        self._show_state()
        self._show_cell(self.cells.currentRow())

    def _show_state(self) -> None:
        """Tell what each cell takes, the score, and what is missing before it can be saved."""
        protocol = self._protocol
        if protocol is None:
            return
        self._show_cells(protocol)
        match = self._acts.try_out(protocol)
        is_named = bool(self.title.text().strip())
        self.save.setEnabled(is_named)
        if not is_named:
            self.state.setText(tr("Give the protocol a title, then it can be saved."))
        elif match is None:
            self.state.setText(
                tr("It does not fit the open study: a required word or series is not there.")
            )
        else:
            self.state.setText(self._score_text(match))

    def _score_text(self, match: Match) -> str:
        words = tr("It fits the open study with {0} points: {1}.")
        text = words.format(f"{match.score:.3g}", reasons_text(match, tr))
        mine = match.protocol.protocol_id
        others = [one for one in self._acts.others() if one.protocol.protocol_id != mine]
        if not others:
            return text
        best = others[0]
        beaten = tr("The best other one is {0} with {1} points.")
        title = tr(best.protocol.title)
        return f"{text} {beaten.format(title, f'{best.score:.3g}')}"

    def _show_cells(self, protocol: HangingProtocol) -> None:
        keys, traits = self._acts.fill(protocol), self._acts.traits()
        row = self.cells.currentRow()
        self.cells.blockSignals(True)
        self.cells.clear()
        for number, (cell, key) in enumerate(zip(protocol.cells, keys, strict=True), start=1):
            taken = traits[key].name if key is not None else tr("no series of this study")
            window = window_text(cell)
            words = tr("{0}  {1}: {2}; window {3}")
            self.cells.addItem(words.format(number, cell.name, taken, tr(window)))
        self.cells.setCurrentRow(min(max(row, 0), len(protocol.cells) - 1))
        self.cells.blockSignals(False)

    def _show_cell(self, row: int) -> None:
        protocol = self._protocol
        if protocol is not None and 0 <= row < len(protocol.cells):
            names = tuple(cell.name for cell in protocol.cells)
            self.form.show_cell(protocol.cells[row], row, names)

    def _lay_out(self) -> None:
        inside = QWidget()
        body = column(inside, margin=3, gap=2)
        top = QFormLayout()
        top.setVerticalSpacing(step_px(1))
        top.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        top.addRow(tr("Title"), self.title)
        top.addRow(tr("For studies with"), self.chips)
        top.addRow(tr("And where"), self.rules)
        top.addRow(tr("Enhancement"), self.enhance)
        together = line(gap=2)
        for box in self.links.values():
            together.addWidget(box)
        together.addStretch(1)
        top.addRow(tr("Together"), together)
        body.addLayout(top)
        body.addWidget(self.rearrange)
        body.addWidget(rule())
        body.addWidget(self.cells)
        body.addWidget(self.form)
        body.addStretch(1)
        whole = column(self, gap=0)
        whole.addWidget(scrolled(inside), 1)
        whole.addWidget(rule())
        foot = column(margin=3, gap=2)
        foot.addWidget(self.state)
        buttons = line(gap=2)
        buttons.addWidget(self.save)
        buttons.addWidget(self.cancel)
        buttons.addStretch(1)
        foot.addLayout(buttons)
        whole.addLayout(foot)
