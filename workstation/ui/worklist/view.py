"""The page of studies: those opened, a search, and how to open more."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPen
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QListView,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from workstation.core.identity import StudyIdentity
from workstation.ui.theme import current_theme, step_px
from workstation.ui.widgets import button, column, label, line
from workstation.ui.words import date_text, patient_facts, study_name, tr
from workstation.ui.worklist.entry import StudyKey, WorklistEntry, key_of

Index = QModelIndex | QPersistentModelIndex

ENTRY_ROLE = Qt.ItemDataRole.UserRole
THUMB_ROLE = Qt.ItemDataRole.UserRole + 1


class WorklistModel(QAbstractListModel):
    """Lines of the worklist that match the search. Owned by the UI thread."""

    def __init__(self) -> None:
        super().__init__()
        self._all: list[WorklistEntry] = []
        self._shown: list[WorklistEntry] = []
        self._thumbs: dict[StudyKey, QImage] = {}
        self._search = ""

    def put(self, entries: Sequence[WorklistEntry], *, is_new: bool) -> None:
        """Add lines, newest first; a study that is there already is replaced."""
        fresh = {entry.key: entry for entry in entries}
        if is_new:
            kept = [entry for entry in self._all if entry.key not in fresh]
            self._all = [*fresh.values(), *kept]
        else:
            known = {entry.key for entry in self._all}
            self._all += [entry for key, entry in fresh.items() if key not in known]
        self._filter()

    def set_thumbnail(self, study: StudyIdentity, image: QImage) -> None:
        """Show a picture of a study."""
        self._thumbs[key_of(study)] = image
        self.dataChanged.emit(self.index(0), self.index(max(0, len(self._shown) - 1)))

    def search(self, words: str) -> None:
        """Show only lines that hold every word."""
        self._search = words
        self._filter()

    @property
    def entries(self) -> tuple[WorklistEntry, ...]:
        """All lines, whatever the search shows."""
        return tuple(self._all)

    @property
    def is_empty(self) -> bool:
        """Whether no study was ever opened here."""
        return not self._all

    def rowCount(self, parent: Index | None = None) -> int:
        """Return how many lines match."""
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return what a line is made of."""
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        entry = self._shown[index.row()]
        if role == ENTRY_ROLE:
            return entry
        if role == THUMB_ROLE:
            return self._thumbs.get(entry.key)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            who = study_name(entry.study)
            return f"{who}, {entry.study.description}, {entry.modalities}, {entry.verdict}"
        return None

    def _filter(self) -> None:
        self.beginResetModel()
        self._shown = [entry for entry in self._all if entry.matches(self._search)]
        self.endResetModel()


class _LineDelegate(QStyledItemDelegate):
    """Paints a line: picture, patient, study, what was received."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the size of a line."""
        return QSize(step_px(120), step_px(18))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a line."""
        entry = index.data(ENTRY_ROLE)
        if not isinstance(entry, WorklistEntry):
            return
        theme = current_theme()
        rect = _rect_of(option).adjusted(0, 0, 0, -step_px(1))
        is_chosen = bool(_state_of(option) & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.fillRect(rect, QColor(theme.raised if is_chosen else theme.panel))
        if is_chosen:
            painter.setPen(QPen(QColor(theme.accent), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))
        side = rect.height() - step_px(2)
        box = QRect(rect.left() + step_px(2), rect.top() + step_px(1), side, side)
        painter.fillRect(box, QColor("#000000"))
        thumb = index.data(THUMB_ROLE)
        if isinstance(thumb, QImage):
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(box, thumb)
        text = rect.adjusted(side + step_px(5), step_px(1), -step_px(3), -step_px(1))
        _paint_lines(painter, text, entry)
        painter.restore()


class WorklistView(QWidget):
    """The page of studies. Owned by the UI thread.

    Signals:
        study_chosen(WorklistEntry): a study is to be read.
    """

    study_chosen = Signal(object)

    def __init__(
        self,
        *,
        open_files: Callable[[], None],
        open_folder: Callable[[], None],
        open_demo: Callable[[], None],
    ) -> None:
        """Make the page; the three callbacks open studies."""
        super().__init__()
        self.setProperty("role", "page")
        self.model = WorklistModel()
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(_LineDelegate(self.list))
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setAccessibleName(tr("Studies"))
        self.list.setUniformItemSizes(True)
        self.list.activated.connect(self._choose)
        self.model.modelReset.connect(self._show_right_page)
        self.notice = label("", wraps=True)
        self.notice.hide()
        self._pages = QStackedWidget()
        self._lay_out(open_files, open_folder, open_demo)
        self._show_right_page()

    def say(self, text: str) -> None:
        """Show a sentence above the list; empty takes it away."""
        self.notice.setText(text)
        self.notice.setVisible(bool(text))

    def choose_first(self) -> None:
        """Put the focus on the list, at its first line if none is chosen."""
        self.list.setFocus()
        if not self.list.selectionModel().hasSelection() and self.model.rowCount():
            self.list.setCurrentIndex(self.model.index(0))

    def choose_new(self) -> None:
        """Choose the first line, so that Enter opens it; a field being typed in keeps the focus."""
        if self.model.rowCount():
            self.list.setCurrentIndex(self.model.index(0))
        focus = QApplication.focusWidget()
        is_typed_in = isinstance(focus, QLineEdit) and bool(focus.text())
        if self.isVisible() and not is_typed_in:
            self.list.setFocus()

    def _choose(self, index: Index) -> None:
        entry = index.data(ENTRY_ROLE)
        if isinstance(entry, WorklistEntry):
            self.study_chosen.emit(entry)

    def _lay_out(
        self,
        open_files: Callable[[], None],
        open_folder: Callable[[], None],
        open_demo: Callable[[], None],
    ) -> None:
        whole = column(self, margin=6, gap=3)
        top = line(gap=2)
        top.addWidget(label(tr("Studies"), "title"))
        top.addStretch(1)
        top.addWidget(button(tr("Open files…"), open_files))
        top.addWidget(button(tr("Open folder…"), open_folder))
        top.addWidget(button(tr("Open the demo study"), open_demo))
        whole.addLayout(top)
        whole.addWidget(self.notice)
        self._pages.addWidget(self.list)
        self._pages.addWidget(_empty_page())
        self._pages.addWidget(_no_match_page())
        whole.addWidget(self._pages, 1)

    def _show_right_page(self) -> None:
        if self.model.is_empty:
            self._pages.setCurrentIndex(1)
        else:
            self._pages.setCurrentIndex(0 if self.model.rowCount() else 2)


def _empty_page() -> QWidget:
    made = QWidget()
    inside = column(made, gap=2)
    inside.addStretch(1)
    for words, role in (
        (tr("Drop a study here"), "title"),
        (
            tr("Files, folders or zip archives with CT or MR images, as they come from a scanner,"),
            "",
        ),
        (tr("a CD or a PACS. Nothing is copied and nothing is changed."), ""),
        (
            tr("No study at hand? Open the demo study: it is computed, no patient is in it."),
            "quiet",
        ),
    ):
        one = label(words, role, wraps=True)
        one.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inside.addWidget(one)
    inside.addStretch(2)
    return made


def _no_match_page() -> QWidget:
    made = QWidget()
    inside = column(made, gap=2)
    inside.addStretch(1)
    one = label(tr("No study matches the search. Clear it to see all studies."), wraps=True)
    one.setAlignment(Qt.AlignmentFlag.AlignCenter)
    inside.addWidget(one)
    inside.addStretch(2)
    return made


def _paint_lines(painter: QPainter, area: QRect, entry: WorklistEntry) -> None:
    theme = current_theme()
    patient = entry.study.patient
    bold = QFont(painter.font())
    bold.setWeight(QFont.Weight.DemiBold)
    study = [entry.modalities, entry.study.description, date_text(entry.study.study_date)]
    accession = entry.study.accession_number.reveal()
    study.append(f"{tr('acc.')} {accession}" if accession else "")
    rows = (
        (study_name(entry.study), bold, theme.text, patient_facts(patient)),
        ("   ".join(part for part in study if part), painter.font(), theme.text, ""),
        (entry.verdict, painter.font(), theme.doubt if entry.has_doubt else theme.quiet, ""),
    )
    height = area.height() // len(rows)
    plain = painter.font()
    for number, (words, font, color, beside) in enumerate(rows):
        box = QRect(area.left(), area.top() + number * height, area.width(), height)
        painter.setFont(font)
        painter.setPen(QColor(color))
        metrics = QFontMetrics(font)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, flags, shown)
        if beside:
            painter.setFont(plain)
            painter.setPen(QColor(theme.quiet))
            left = metrics.horizontalAdvance(shown) + step_px(3)
            painter.drawText(box.adjusted(left, 0, 0, 0), flags, beside)


def _rect_of(option: QStyleOptionViewItem) -> QRect:
    rect: QRect = option.rect
    return rect


def _state_of(option: QStyleOptionViewItem) -> QStyle.StateFlag:
    state: QStyle.StateFlag = option.state
    return state
