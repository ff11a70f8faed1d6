"""The panel of hanging protocols: which fit and why, which is on screen, what to do with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QWidget,
)

from viewers.state.hanging import HangingProtocol
from viewers.state.hanging_match import Match, Matcher
from workstation.services.hanging_store import free_id
from workstation.services.hanging_words import reasons_text, rule_text
from workstation.ui.hanging_controller import HangingController
from workstation.ui.hanging_panel.editor import EditorActs, ProtocolEditor
from workstation.ui.theme import current_theme, step_px
from workstation.ui.widgets import button, column, label, line, rule
from workstation.ui.words import tr

_ID = Qt.ItemDataRole.UserRole

FILES = "TOML (*.toml)"
"""Files of protocols in the choosers."""


class HangingPanel(QStackedWidget):
    """The list of protocols, and the editor in its place. Owned by the UI thread."""

    def __init__(self, desk: HangingController, show: Callable[[QWidget], None]) -> None:
        """Make the panel.

        Args:
            desk: hangs, keeps and tells.
            show: brings the panel on screen.
        """
        super().__init__()
        self._desk = desk
        self._deleted: HangingProtocol | None = None
        self._shown: Match | None = None
        self._is_stale = True
        self.shown = label("", "strong", wraps=True)
        self.why = label("", "quiet", wraps=True)
        self.list = _ProtocolList(self._hang, self._delete)
        self.list.currentRowChanged.connect(lambda _row: self._describe())
        self.about = label("", "quiet", wraps=True)
        self.problems = label("", "doubt", wraps=True)
        self.automatic = QCheckBox(tr("Hang studies when they open"))
        self.undo = button(tr("Undo the deletion"), self._undo)
        self.hang = button(tr("Hang"), self._hang, role="primary")
        self.edit = button(tr("Edit"), self._edit)
        self.duplicate = button(tr("Duplicate"), self._duplicate)
        self.delete = button(tr("Delete"), self._delete)
        self.fresh = button(tr("Save the screen as a protocol"), self._desk.save_as)
        self.take = button(tr("Import…"), self._import)
        self.give = button(tr("Export…"), self._export)
        self.editor = ProtocolEditor(
            EditorActs(
                try_out=desk.try_out,
                fill=lambda one: Matcher(desk.traits).fill(one.cells),
                rearranged=desk.rearranged,
                save=self._save,
                leave=self.show_list,
                others=lambda: desk.matches,
                traits=lambda: desk.traits,
            )
        )
        self._lay_out()
        desk.panel_wanted.connect(lambda: self._come(show))
        desk.changed.connect(self._take_change)
        desk.edit_wanted.connect(self.start_edit)
        self.automatic.setChecked(desk.is_automatic)
        self.automatic.toggled.connect(desk.set_automatic)

    def showEvent(self, event: QShowEvent) -> None:
        """Show what has changed while nobody looked."""
        super().showEvent(event)
        if self._is_stale:
            self.refresh()

    def _take_change(self) -> None:
        """Follow a change at once where it is seen: a study that opens must not wait for it."""
        self._is_stale = True
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Show which protocols there are and fit by now."""
        self._is_stale = False
        match = self._desk.shown
        self.shown.setText(
            tr("On screen: {0}").format(tr(match.protocol.title))
            if match
            else tr("No protocol is on screen")
        )
        self.why.setText(self._why(match))
        self.automatic.blockSignals(True)
        self.automatic.setChecked(self._desk.is_automatic)
        self.automatic.blockSignals(False)
        self._fill_list()
        problems = self._desk.protocols.problems
        self.problems.setText("\n".join(tr(str(problem)) for problem in problems))
        self.problems.setVisible(bool(problems))
        self.undo.setVisible(self._deleted is not None)
        self._describe()

    def start_edit(self, protocol: HangingProtocol) -> None:
        """Show the editor with a protocol."""
        self.setCurrentIndex(1)
        self.editor.edit(protocol)

    def show_list(self) -> None:
        """Show the list again."""
        self.setCurrentIndex(0)
        self.list.setFocus()

    # Acts

    def _come(self, show: Callable[[QWidget], None]) -> None:
        show(self)
        (self.list if self.currentIndex() == 0 else self.editor.title).setFocus()

    def _hang(self) -> None:
        if (protocol := self._chosen()) is not None:
            self._desk.choose(protocol.protocol_id)

    def _edit(self) -> None:
        if (protocol := self._chosen()) is not None:
            self.start_edit(protocol)

    def _duplicate(self) -> None:
        protocol = self._chosen()
        if protocol is not None:
            title = tr("{0}, copy").format(tr(protocol.title))
            taken = [one.protocol_id for one in self._desk.protocols.protocols]
            made = replace(protocol, protocol_id=free_id(title, taken), title=title, version=1)
            self.start_edit(made)

    def _delete(self) -> None:
        protocol = self._chosen()
        if protocol is not None and protocol.is_own:
            self._deleted = protocol
            self._desk.delete(protocol)

    def _undo(self) -> None:
        protocol, self._deleted = self._deleted, None
        if protocol is not None:
            self._desk.save(protocol)
            self.list.setFocus()

    def _save(self, protocol: HangingProtocol) -> None:
        self._deleted = None
        loaded = self._desk.protocols
        if loaded.find(protocol.protocol_id) is None:
            taken = [one.protocol_id for one in loaded.protocols]
            protocol = replace(protocol, protocol_id=free_id(protocol.title, taken), version=1)
        self._desk.save(protocol)

    def _import(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, tr("Import a hanging protocol"), "", FILES)
        if name:
            self._desk.import_file(Path(name))

    def _export(self) -> None:
        protocol = self._chosen()
        if protocol is None:
            return
        proposed = f"{protocol.protocol_id}.toml"
        name, _ = QFileDialog.getSaveFileName(
            self, tr("Export a hanging protocol"), proposed, FILES
        )
        if name:
            self._desk.export(protocol, Path(name))

    # What is shown

    def _why(self, match: Match | None) -> str:
        if match is None:
            return tr("The largest series is shown, in the layout used last.")
        points = tr("{0} points: {1}.").format(f"{match.score:.3g}", reasons_text(match, tr))
        wishes = {
            "denoise": tr("It removes noise behind the reading: E shows the result."),
            "superres": tr("It makes thinner slices behind the reading: Shift+E shows them."),
        }
        return f"{points} {wishes.get(match.protocol.enhance, '')}".strip()

    def _fill_list(self) -> None:
        before, shown = self._chosen(), self._desk.shown
        wanted = before.protocol_id if before is not None else ""
        if shown is not None and (not wanted or shown is not self._shown):
            wanted = shown.protocol.protocol_id
        self._shown = shown
        self.list.blockSignals(True)
        self.list.clear()
        fitting = {match.protocol.protocol_id: match for match in self._desk.matches}
        for match in fitting.values():
            points = tr("{0}  ({1} points)").format(_title(match.protocol), f"{match.score:.3g}")
            self._add(match.protocol, points, reasons_text(match, tr))
        for protocol in self._desk.protocols.protocols:
            if protocol.protocol_id not in fitting:
                self._add(protocol, _title(protocol), tr("does not fit this study"))
        rows = [self.list.item(n).data(_ID) for n in range(self.list.count())]
        if rows:
            self.list.setCurrentRow(rows.index(wanted) if wanted in rows else 0)
        self.list.blockSignals(False)

    def _add(self, protocol: HangingProtocol, title: str, below: str) -> None:
        item = QListWidgetItem(f"{title}\n{below}")
        item.setData(_ID, protocol.protocol_id)
        if protocol.protocol_id not in {one.protocol.protocol_id for one in self._desk.matches}:
            item.setForeground(QColor(current_theme().quiet))
        self.list.addItem(item)

    def _chosen(self) -> HangingProtocol | None:
        item = self.list.currentItem()
        return None if item is None else self._desk.protocols.find(item.data(_ID))

    def _describe(self) -> None:
        protocol = self._chosen()
        for one in (self.hang, self.edit, self.duplicate, self.give):
            one.setEnabled(protocol is not None)
        fits = protocol is not None and any(
            match.protocol.protocol_id == protocol.protocol_id for match in self._desk.matches
        )
        self.hang.setEnabled(fits)
        self.delete.setEnabled(protocol is not None and protocol.is_own)
        hides_ours = protocol is not None and protocol.is_own
        hides_ours = hides_ours and self._desk.is_ours(protocol.protocol_id if protocol else "")
        self.delete.setText(tr("Reset to ours") if hides_ours else tr("Delete"))
        if protocol is None:
            self.about.setText("")
            return
        asked = "; ".join(rule_text(one, tr) for one in protocol.rules) or tr("any study")
        cells = ", ".join(tr(cell.name) for cell in protocol.cells)
        self.about.setText(tr("For: {0}. Cells: {1}.").format(_short(asked), cells))

    def _lay_out(self) -> None:
        page = QWidget()
        body = column(page, margin=3, gap=2)
        for one in (self.shown, self.why, rule()):
            body.addWidget(one)
        body.addWidget(self.list, 1)
        for one in (self.about, self.problems):
            body.addWidget(one)
        for row in (
            (self.hang, self.edit, self.duplicate),
            (self.delete, self.undo),
            (self.fresh,),
            (self.take, self.give),
        ):
            across = line(gap=2)
            for control in row:
                across.addWidget(control)
            body.addLayout(across)
        body.addWidget(self.automatic)
        self.addWidget(page)
        self.addWidget(self.editor)


class _ProtocolList(QListWidget):
    """The protocols; Enter hangs, Del deletes."""

    def __init__(self, hang: Callable[[], None], delete: Callable[[], None]) -> None:
        super().__init__()
        self._delete = delete
        self.setWordWrap(True)
        self.setSpacing(step_px(1))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("Hanging protocols"))
        self.itemActivated.connect(lambda _item: hang())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete with Del; everything else is the list's."""
        if event.key() == Qt.Key.Key_Delete:
            self._delete()
        else:
            super().keyPressEvent(event)


def _title(protocol: HangingProtocol) -> str:
    title = tr(protocol.title)
    return tr("{0}, yours").format(title) if protocol.is_own else title


def _short(text: str, most: int = 240) -> str:
    return text if len(text) <= most else f"{text[:most].rstrip()}…"
