"""The output panel: what leaves, how it looks, and where to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from workstation.core.picture import PictureLook
from workstation.ui.output_wish import (
    FileWish,
    MediaWish,
    MovieWish,
    OutputKind,
    PictureWish,
    PrintWish,
    Scope,
)
from workstation.ui.sign_panel.pages import PagePreview
from workstation.ui.theme import step_px
from workstation.ui.widgets import button, column, label, line, scrolled
from workstation.ui.words import tr

KINDS = (
    (OutputKind.PICTURES, "Pictures"),
    (OutputKind.MOVIE, "Movie"),
    (OutputKind.PRINT, "Paper or PDF"),
    (OutputKind.MEDIA, "DICOM folder or disc image"),
)
SCOPES = (
    (Scope.VIEW, "This viewport as seen"),
    (Scope.VIEWS, "All viewports as seen"),
    (Scope.SLICE, "This slice, every stored pixel"),
    (Scope.SERIES, "All slices of this series"),
    (Scope.RANGE, "Some slices of this series"),
    (Scope.KEYS, "Key images of this series"),
)
FORMS = (("png", "PNG"), ("jpeg", "JPEG"), ("tiff", "TIFF"))
CODECS = (
    ("auto", "H.264 if it can be had, else AV1"),
    ("h264", "H.264, needs ffmpeg"),
    ("av1", "AV1, for browsers"),
)
LAYOUTS = (
    ("1x1", "1 image on a page"),
    ("1x2", "2 images on a page"),
    ("2x2", "4 images on a page"),
    ("2x3", "6 images on a page"),
    ("3x4", "12 images on a page"),
    ("4x5", "20 images on a page"),
)
PAPERS = (("A4", "A4"), ("Letter", "Letter"))

PREVIEW_STEPS = 110
"""Least height of the preview in steps: an upright page as wide as the panel is seen whole."""

PREVIEW_EDGE_STEPS = 20
"""Edges and scroll bars beside a page of the preview, in steps."""

SHORTEST_CHOICE = 12
"""Letters of a choice that are always seen: the panel is 360 pixels wide on a small screen."""


@dataclass(frozen=True, slots=True)
class OutputActs:
    """What the panel may ask for; each returns at once."""

    files: Callable[[FileWish], None]
    movie: Callable[[MovieWish], None]
    pages: Callable[[PrintWish], None]
    media: Callable[[MediaWish], None]
    stop: Callable[[], None]


class OutputPanel(QWidget):
    """Choices and a button. Owned by the UI thread."""

    def __init__(self, acts: OutputActs, *, folder: str = "") -> None:
        """Make the panel.

        Args:
            acts: what it asks for.
            folder: proposed folder; may be empty.
        """
        super().__init__()
        self._acts = acts
        self._warning_text = ""
        self.kind = _choice(KINDS, tr("What leaves"))
        self.scope = _choice(SCOPES, tr("Which pictures"))
        self.first, self.last = _number(tr("First slice")), _number(tr("Last slice"))
        self.marks = QCheckBox(tr("With marks and regions"))
        self.texts = QCheckBox(tr("With corner texts and scale"))
        self.identity = QCheckBox(tr("With name and dates"))
        self.warning = label("", "doubt", wraps=True)
        self.accept = QCheckBox(tr("The text in the pixels may leave"))
        self.form = _choice(FORMS, tr("Kind of file"))
        self.stored = QCheckBox(tr("Stored values, 16 bit"))
        self.pages = QCheckBox(tr("One TIFF, a page per slice"))
        self.rate = _number(tr("Pictures per second"), 1, 60, 15)
        self.codec = _choice(CODECS, tr("Encoding"))
        self.layout_box = _choice(LAYOUTS, tr("Images on a page"))
        self.paper = _choice(PAPERS, tr("Paper"))
        self.landscape = QCheckBox(tr("Page on its side"))
        self.true_size = QCheckBox(tr("True size: 1 mm is 1 mm"))
        self.inverted = QCheckBox(tr("White ground, saves ink"))
        self.series_only = QCheckBox(tr("Only the series on screen"))
        self.folder = QLineEdit(folder)
        self.folder.setPlaceholderText(tr("Choose a folder first"))
        self.go = button(tr("Write"), self._go, role="primary")
        self.iso = button(tr("Write disc image"), self._image)
        self.paper_go = button(tr("Print…"), lambda: self._print(None))
        self.look_at = button(tr("Preview"), self._preview)
        self.pages_shown = PagePreview()
        self.pages_shown.setMinimumHeight(step_px(PREVIEW_STEPS))
        self.stop = button(tr("Stop"), acts.stop)
        self.message = label("", wraps=True)
        self._lay_out()
        self._connect()
        self.show_study(has_study=False)
        self._update()

    # What is shown

    def show_kind(self, kind: OutputKind) -> None:
        """Show the choices of one kind."""
        self.kind.setCurrentIndex([one for one, _ in KINDS].index(kind))
        self.kind.setFocus()

    def show_study(self, *, has_study: bool) -> None:
        """Say whether there is something that can leave."""
        self._has_study = has_study
        self.message.setText("" if has_study else tr("Open a study first."))
        self._update()

    def show_series(self, count: int, warning: str) -> None:
        """Take the slices of the series on screen, and what its pixels may give away."""
        for box in (self.first, self.last):
            box.setMaximum(max(count, 1))
        self.first.setValue(1)
        self.last.setValue(max(count, 1))
        self._warning_text = warning
        self.accept.setChecked(False)
        self._update()

    def show_busy(self, *, is_busy: bool) -> None:
        """Show that something is being written, or no more."""
        self._is_busy = is_busy
        if is_busy:
            self.message.setText(tr("Writing…"))
        self._update()

    def show_result(self, sentence: str) -> None:
        """Show what was written, or why it was not."""
        self.message.setText(sentence)

    def show_preview(self, pages: tuple[QImage, ...]) -> None:
        """Show the pages as they would lie in the printer."""
        self._has_preview = True
        self.message.setText("")
        self.pages_shown.show_pages(pages)
        self._update()

    # Building

    _has_study = False
    _has_preview = False
    _is_busy = False

    def _lay_out(self) -> None:
        content = QWidget()
        inside = column(content, margin=3, gap=2)
        inside.addWidget(self.kind)
        self._pictures = QWidget()
        pictures = column(self._pictures)
        pictures.addWidget(self.scope)
        self._range = QWidget()
        between = line(self._range, gap=1)
        between.addWidget(self.first)
        between.addWidget(label(tr("to")))
        between.addWidget(self.last)
        between.addStretch(1)
        for widget in (
            self._range, self.marks, self.texts, self.identity, self.warning, self.accept,
        ):  # fmt: skip
            pictures.addWidget(widget)
        inside.addWidget(self._pictures)
        self._own: list[QWidget] = []
        for part in (
            (self.form, self.stored, self.pages),
            (label(tr("Pictures per second")), self.rate, self.codec),
            (self.layout_box, self.paper, self.landscape, self.true_size, self.inverted),
            (
                label(
                    tr(
                        "Every file goes as it was received, with the patient's name in it, and "
                        "an index that any DICOM viewer reads."
                    ),
                    wraps=True,
                ),
                self.series_only,
            ),
        ):
            self._own.append(_page(part))
            inside.addWidget(self._own[-1])
        inside.addWidget(label(tr("Folder"), "heading"))
        where = line(gap=1)
        self.folder.setAccessibleName(tr("Folder"))
        where.addWidget(self.folder, 1)
        where.addWidget(button(tr("Choose…"), self._choose))
        inside.addLayout(where)
        does = line(gap=1)
        for one in (self.go, self.iso, self.paper_go, self.look_at, self.stop):
            does.addWidget(one)
        does.addStretch(1)
        inside.addLayout(does)
        inside.addWidget(self.message)
        inside.addWidget(self.pages_shown, 1)
        inside.addStretch(1)
        column(self).addWidget(scrolled(content))
        self.layout_box.setCurrentIndex(2)

    def _connect(self) -> None:
        for box in (self.kind, self.scope, self.form):
            box.currentIndexChanged.connect(self._update)
        for check in (self.marks, self.texts, self.identity, self.accept, self.stored):
            check.toggled.connect(self._update)
        self.kind.currentIndexChanged.connect(self._name_by_custom)
        self.folder.textChanged.connect(self._update)
        for check in self.findChildren(QCheckBox):
            check.setAccessibleName(check.text())

    def _name_by_custom(self) -> None:
        """Name the patient on paper, which belongs to one, and nowhere else unless asked."""
        self.identity.setChecked(self._kind is OutputKind.PRINT)
        wanted = Scope.SERIES if self._kind is OutputKind.MOVIE else Scope.VIEW
        self.scope.setCurrentIndex([one for one, _ in SCOPES].index(wanted))

    # Choices

    @property
    def _kind(self) -> OutputKind:
        return OutputKind(self.kind.currentData().value)

    @property
    def _scope(self) -> Scope:
        return Scope(self.scope.currentData().value)

    @property
    def _needs_yes(self) -> bool:
        """Whether burned-in text must be accepted before anonymous pictures leave."""
        is_picture = self._kind is not OutputKind.MEDIA
        return bool(self._warning_text) and is_picture and not self.identity.isChecked()

    def _update(self) -> None:
        kind = self._kind
        is_picture, is_print = kind is not OutputKind.MEDIA, kind is OutputKind.PRINT
        for (one, _words), page in zip(KINDS, self._own, strict=True):
            page.setVisible(one is kind)
        self._pictures.setVisible(is_picture)
        self._range.setVisible(self._scope is Scope.RANGE)
        self.identity.setEnabled(self.texts.isChecked() or is_print)
        self.warning.setVisible(self._needs_yes)
        self.warning.setText(self._warning_text)
        self.accept.setVisible(self._needs_yes)
        is_jpeg = self.form.currentData() == "jpeg"
        self.stored.setEnabled(not is_jpeg)
        self.pages.setEnabled(self.form.currentData() == "tiff" and not self.stored.isChecked())
        self.iso.setVisible(kind is OutputKind.MEDIA)
        self.paper_go.setVisible(is_print)
        self.look_at.setVisible(is_print)
        self.pages_shown.setVisible(is_print and self._has_preview)
        self.stop.setVisible(self._is_busy)
        names = {OutputKind.MEDIA: tr("Write folder"), OutputKind.PRINT: tr("Write PDF")}
        words = names.get(kind, tr("Write"))
        self.go.setText(words)
        self.go.setAccessibleName(words)
        is_allowed = self._has_study and not self._is_busy
        if self._needs_yes:
            is_allowed = is_allowed and self.accept.isChecked()
        has_place = bool(self.folder.text().strip())
        self.go.setEnabled(is_allowed and has_place)
        self.iso.setEnabled(is_allowed and has_place)
        self.paper_go.setEnabled(is_allowed)
        self.look_at.setEnabled(is_allowed)

    @property
    def _folder(self) -> Path:
        return Path(self.folder.text().strip()).expanduser()

    def _picture_wish(self) -> PictureWish:
        is_named = self.identity.isChecked() and self.identity.isEnabled()
        look = PictureLook(self.marks.isChecked(), self.texts.isChecked(), is_named)
        first, last = sorted((self.first.value(), self.last.value()))
        return PictureWish(self._scope, first, last, look, self.accept.isChecked())

    # Asking

    def _choose(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, tr("Folder"))
        if folder:
            self.folder.setText(folder)

    def _go(self) -> None:
        match self._kind:
            case OutputKind.PICTURES:
                has_stored = self.stored.isChecked() and self.stored.isEnabled()
                has_pages = self.pages.isChecked() and self.pages.isEnabled()
                form = str(self.form.currentData())
                self._acts.files(
                    FileWish(self._picture_wish(), form, self._folder, has_stored, has_pages)
                )
            case OutputKind.MOVIE:
                codec = str(self.codec.currentData())
                rate = float(self.rate.value())
                self._acts.movie(MovieWish(self._picture_wish(), rate, codec, self._folder))
            case OutputKind.PRINT:
                self._print(self._folder / "images.pdf")
            case OutputKind.MEDIA:
                self._acts.media(MediaWish(self._folder, self.series_only.isChecked()))

    def _image(self) -> None:
        self._acts.media(MediaWish(self._folder / "study.iso", self.series_only.isChecked()))

    def _preview(self) -> None:
        room = self.width() - step_px(PREVIEW_EDGE_STEPS)
        self._print(None, preview_px=max(1, round(room * self.devicePixelRatioF())))

    def _print(self, path: Path | None, *, preview_px: int = 0) -> None:
        self._acts.pages(
            PrintWish(
                self._picture_wish(),
                str(self.layout_box.currentData()),
                str(self.paper.currentData()),
                self.landscape.isChecked(),
                self.true_size.isChecked(),
                self.inverted.isChecked(),
                path,
                preview_px,
            )
        )


def _choice(rows: tuple[tuple[object, str], ...], name: str) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(name)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    made.setMinimumContentsLength(SHORTEST_CHOICE)
    for value, words in rows:
        made.addItem(tr(words), value)
    return made


def _number(name: str, least: int = 1, most: int = 1, value: int = 1) -> QSpinBox:
    made = QSpinBox()
    made.setRange(least, most)
    made.setValue(value)
    made.setAccessibleName(name)
    made.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return made


def _page(widgets: tuple[QWidget, ...]) -> QWidget:
    made = QWidget()
    inside = column(made)
    for widget in widgets:
        inside.addWidget(widget)
    inside.addStretch(1)
    return made
