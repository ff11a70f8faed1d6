"""Images on paper: pages of 1 to n pictures with the patient at the head and page numbers below.

One drawing serves the PDF, the printer and the preview. Lengths are dots of RESOLUTION_DPI; a
device of another resolution is scaled. Grays are printed as they are on screen, without loss.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

import numpy as np
from PySide6.QtCore import QMarginsF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPen,
)

from workstation.core.errors import InputRefusedError
from workstation.core.identity import StudyIdentity
from workstation.core.picture import Picture
from workstation.printing.report_text import (
    INK,
    MM_PER_INCH,
    RESOLUTION_DPI,
    RULE,
    SOFT_INK,
    dots,
    require_drawable,
    typeface,
)
from workstation.report.page import PageFormat

MARGIN_MM = 12.0
HEAD_MM, FOOT_MM = 18.0, 9.0
GAP_MM = 3.0
CAPTION_LINE_MM = 3.6
RULER_MM = 7.0
"""Height of the ruler under a picture of true size."""

RULER_LENGTH_MM = 50.0
"""A length a reader can check with a real ruler."""

POINTS_PER_INCH = 72.0

NOT_FOR_DIAGNOSIS = "Paper copy. Not for diagnosis."
"""Stands on each page: paper has a tenth of the grays of a screen for diagnosis."""


class SheetLayout(Enum):
    """Rows and columns of pictures on a page; the value is the word of the command line."""

    ONE = "1x1"
    TWO = "1x2"
    FOUR = "2x2"
    SIX = "2x3"
    TWELVE = "3x4"
    TWENTY = "4x5"

    @property
    def rows_columns(self) -> tuple[int, int]:
        """Rows and columns on an upright page."""
        one, other = (int(part) for part in self.value.split("x"))
        return max(one, other), min(one, other)


@dataclass(frozen=True, slots=True, eq=False)
class PrintedImage:
    """One picture and the lines under it (slice, window, zoom)."""

    picture: Picture
    caption: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetOrder:
    """How pictures are put on paper.

    Attributes:
        layout: how many on a page.
        page_format: the paper.
        is_landscape: the page lies on its side.
        has_true_size: a millimeter of the patient is a millimeter on paper.
        is_inverted: white ground: black and white change places, and that is said.
        study: whose images; None for pages without identity.
        foot: who printed it and when; stands at the foot of each page.
    """

    layout: SheetLayout = SheetLayout.FOUR
    page_format: PageFormat = PageFormat.A4
    is_landscape: bool = False
    has_true_size: bool = False
    is_inverted: bool = False
    study: StudyIdentity | None = None
    foot: str = ""


class ImagePages:
    """Pages of pictures, laid out. One thread at a time.

    Raises:
        InputRefusedError: there is no picture, one has no honest size or finds no room at true
            size, or no font can draw a name.
    """

    def __init__(self, images: tuple[PrintedImage, ...], order: SheetOrder) -> None:
        if order.has_true_size:
            images = tuple(replace(one, picture=_trimmed(one.picture)) for one in images)
        self._images, self._order = images, order
        width_mm, height_mm = _paper_mm(order)
        self._sheet = QSizeF(dots(width_mm), dots(height_mm))
        self._page = QSizeF(dots(width_mm - 2 * MARGIN_MM), dots(height_mm - 2 * MARGIN_MM))
        self._head = _head_lines(order.study)
        for line in (*self._head, order.foot):
            require_drawable(line)
        if not images:
            raise InputRefusedError("No picture was chosen", todo="Choose slices to print")
        if order.has_true_size:
            self._require_true_size()

    @property
    def page_count(self) -> int:
        """How many pages there are."""
        return -(-len(self._images) // self._per_page)

    def draw(self, device: QPagedPaintDevice, dots_per_inch: int) -> None:
        """Draw every page on a printer or PDF, whose margins are those of :func:`page_layout`.

        Raises:
            InputRefusedError: the device does not start.
        """
        painter = QPainter()
        if not painter.begin(device):
            raise InputRefusedError(
                "The printer did not start", todo="Check the printer, or write a PDF"
            )
        painter.scale(dots_per_inch / RESOLUTION_DPI, dots_per_inch / RESOLUTION_DPI)
        for page in range(self.page_count):
            if page:
                device.newPage()
            self.draw_page(painter, page)
        painter.end()

    def preview(self, page: int, width_px: int) -> QImage:
        """Return a picture of a page, 0-based, so many pixels wide."""
        scale = width_px / self._sheet.width()
        image = QImage(width_px, round(self._sheet.height() * scale), QImage.Format.Format_RGB32)
        image.fill(QColor("#ffffff"))
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(scale, scale)
        painter.translate(dots(MARGIN_MM), dots(MARGIN_MM))
        self.draw_page(painter, page)
        painter.end()
        return image

    def draw_page(self, painter: QPainter, page: int) -> None:
        """Draw a page, 0-based; the painter's origin is the corner inside the margins."""
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
        self._draw_head(painter)
        self._draw_foot(painter, page)
        start = page * self._per_page
        for place, image in enumerate(self._images[start : start + self._per_page]):
            self._draw_image(painter, image, self._cell(place))

    @property
    def _per_page(self) -> int:
        rows, columns = self._rows_columns
        return rows * columns

    @property
    def _rows_columns(self) -> tuple[int, int]:
        rows, columns = self._order.layout.rows_columns
        return (columns, rows) if self._order.is_landscape else (rows, columns)

    def _cell(self, place: int) -> QRectF:
        rows, columns = self._rows_columns
        gap, top = dots(GAP_MM), dots(HEAD_MM)
        height = self._page.height() - top - dots(FOOT_MM)
        cell_width = (self._page.width() - (columns - 1) * gap) / columns
        cell_height = (height - (rows - 1) * gap) / rows
        row, column = divmod(place, columns)
        left, upper = column * (cell_width + gap), top + row * (cell_height + gap)
        return QRectF(left, upper, cell_width, cell_height)

    def _room(self, image: PrintedImage, cell: QRectF) -> QRectF:
        """Return the part of a cell that is left for the picture itself."""
        words = dots(CAPTION_LINE_MM) * len(self._caption(image))
        ruler = dots(RULER_MM) if self._order.has_true_size else 0
        return cell.adjusted(0, 0, 0, -(words + ruler))

    def _caption(self, image: PrintedImage) -> tuple[str, ...]:
        said = list(image.caption)
        if self._order.is_inverted:
            said.append("Inverted: black and white have changed places.")
        if self._order.has_true_size:
            said.append("True size: 1 mm on paper is 1 mm. Black edges are left out.")
        return tuple(said)

    def _require_true_size(self) -> None:
        for image in self._images:
            size_mm = image.picture.mm_per_px
            if not size_mm:
                raise InputRefusedError(
                    "These images cannot be printed at true size",
                    why="their pixels have no reliable size in millimeters",
                    todo="Print them fitted to the page",
                )
            width, height = image.picture.size
            room = self._room(image, self._cell(0))
            if dots(width * size_mm) > room.width() or dots(height * size_mm) > room.height():
                raise InputRefusedError(
                    "The images are too large for this page at true size",
                    why=f"they measure {width * size_mm:.0f} x {height * size_mm:.0f} mm",
                    todo="Choose fewer images on a page or larger paper, or print them fitted",
                )

    def _draw_image(self, painter: QPainter, image: PrintedImage, cell: QRectF) -> None:
        room = self._room(image, cell)
        picture = image.picture
        width, height = picture.size
        if self._order.has_true_size and picture.mm_per_px:
            scale = picture.mm_per_px / MM_PER_INCH * RESOLUTION_DPI
        else:
            scale = min(room.width() / width, room.height() / height)
        size = QSizeF(width * scale, height * scale)
        left = room.left() + (room.width() - size.width()) / 2
        area = QRectF(QPointF(left, room.top()), size)
        painter.drawImage(area, _image(picture, is_inverted=self._order.is_inverted))
        below = area.bottom()
        if self._order.has_true_size:
            below = _draw_ruler(painter, area.left(), below)
        painter.setPen(SOFT_INK)
        for number, words in enumerate(self._caption(image)):
            painter.setFont(_font(7, words))
            line = QRectF(
                cell.left(), below + dots(CAPTION_LINE_MM) * number, cell.width(),
                dots(CAPTION_LINE_MM),
            )  # fmt: skip
            painter.drawText(line, _LEFT, _elided(painter, words, line.width()))

    def _draw_head(self, painter: QPainter) -> None:
        width = self._page.width()
        first, second, third = self._head
        painter.setPen(INK)
        painter.setFont(_font(11, first, QFont.Weight.DemiBold))
        painter.drawText(QRectF(0, 0, width, dots(5.5)), _LEFT, _elided(painter, first, width))
        painter.setPen(SOFT_INK)
        for number, words in enumerate((second, third)):
            painter.setFont(_font(8.5, words))
            line = QRectF(0, dots(5.8 + 4.2 * number), width, dots(4.2))
            painter.drawText(line, _LEFT, _elided(painter, words, width))
        painter.setPen(QPen(RULE, dots(0.25)))
        y = dots(HEAD_MM - 2.5)
        painter.drawLine(QPointF(0, y), QPointF(width, y))

    def _draw_foot(self, painter: QPainter, page: int) -> None:
        top, width = self._page.height() - dots(FOOT_MM - 3), self._page.width()
        painter.setPen(SOFT_INK)
        painter.setFont(_font(7.5, self._order.foot))
        line = QRectF(0, top, width, dots(4))
        words = "  ·  ".join(part for part in (NOT_FOR_DIAGNOSIS, self._order.foot) if part)
        painter.drawText(line, _LEFT, _elided(painter, words, width * 0.8))
        painter.drawText(line, _RIGHT, f"Page {page + 1} of {self.page_count}")


def write_pdf(pages: ImagePages, order: SheetOrder, path: Path) -> None:
    """Write pages as a PDF, whole or not at all.

    Raises:
        InputRefusedError: the place cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".prelim-") as folder:
            part = Path(folder) / "images.pdf"
            writer = QPdfWriter(str(part))
            writer.setResolution(RESOLUTION_DPI)
            writer.setTitle("Images")
            writer.setCreator("Prelim")
            writer.setPageLayout(page_layout(order))
            pages.draw(writer, RESOLUTION_DPI)
            part.replace(path)
    except OSError as error:
        raise InputRefusedError(
            "The PDF cannot be written",
            why=error.strerror or type(error).__name__,
            todo="Free space or choose another place",
        ) from error


def page_layout(order: SheetOrder) -> QPageLayout:
    """Return paper, direction and margins, for a PDF writer or a printer."""
    sizes = {PageFormat.A4: QPageSize.PageSizeId.A4, PageFormat.LETTER: QPageSize.PageSizeId.Letter}
    upright, lying = QPageLayout.Orientation.Portrait, QPageLayout.Orientation.Landscape
    return QPageLayout(
        QPageSize(sizes[order.page_format]),
        lying if order.is_landscape else upright,
        QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM),
        QPageLayout.Unit.Millimeter,
    )


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def _paper_mm(order: SheetOrder) -> tuple[float, float]:
    size = page_layout(order).fullRect(QPageLayout.Unit.Millimeter)
    return size.width(), size.height()


def _head_lines(study: StudyIdentity | None) -> tuple[str, str, str]:
    """Return the three lines at the head of each page: here a name is on paper because asked."""
    if study is None:
        return "Anonymous", "The patient is not named on these pages.", ""
    patient = study.patient
    name = " ".join(part for part in patient.name.reveal().split("=")[0].split("^") if part)
    who = (
        _named("ID", patient.patient_id.reveal()),
        _named("born", _date(patient.birth_date.reveal())),
        patient.sex,
    )
    what = (
        study.description,
        _date(study.study_date),
        _named("Accession", study.accession_number.reveal()),
    )
    return (
        name or "Patient not named",
        "  ·  ".join(part for part in who if part),
        "  ·  ".join(part for part in what if part),
    )


def _named(label: str, value: str) -> str:
    return f"{label} {value}" if value else ""


def _date(dicom_date: str) -> str:
    text = dicom_date.strip()
    return f"{text[:4]}-{text[4:6]}-{text[6:]}" if len(text) == 8 and text.isdigit() else text


def _font(size_pt: float, text: str, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return a font whose size is in dots, so that no device's own resolution changes it."""
    font = typeface(size_pt, weight, text)
    font.setPixelSize(round(size_pt / POINTS_PER_INCH * RESOLUTION_DPI))
    return font


def _elided(painter: QPainter, words: str, room: float) -> str:
    metrics = QFontMetricsF(painter.font())
    return metrics.elidedText(words, Qt.TextElideMode.ElideRight, room)


def _draw_ruler(painter: QPainter, left: float, top: float) -> float:
    """Draw a ruler with ticks each centimeter; return where the words below begin."""
    y, length = top + dots(2), dots(RULER_LENGTH_MM)
    painter.setPen(QPen(INK, dots(0.25)))
    painter.drawLine(QPointF(left, y), QPointF(left + length, y))
    for cm in range(int(RULER_LENGTH_MM) // 10 + 1):
        x = left + dots(10 * cm)
        painter.drawLine(QPointF(x, y), QPointF(x, y + dots(1.5)))
    painter.setFont(_font(7, ""))
    area = QRectF(left + length + dots(1.5), y - dots(1.2), dots(20), dots(3.6))
    painter.drawText(area, _LEFT, f"{RULER_LENGTH_MM / 10:g} cm")
    return top + dots(RULER_MM)


def _trimmed(picture: Picture) -> Picture:
    """Return a picture without the rows and columns at its edges that are wholly black."""
    levels = picture.pixels if picture.pixels.ndim == 2 else picture.pixels.max(axis=2)
    lit = np.asarray(levels > 0)
    rows, columns = np.flatnonzero(lit.any(axis=1)), np.flatnonzero(lit.any(axis=0))
    if not rows.size:
        return picture
    part = picture.pixels[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return replace(picture, pixels=np.ascontiguousarray(part))


def _image(picture: Picture, *, is_inverted: bool) -> QImage:
    pixels = 255 - picture.pixels if is_inverted else picture.pixels
    pixels = np.ascontiguousarray(pixels)
    rows, columns = pixels.shape[:2]
    form = QImage.Format.Format_RGB888 if pixels.ndim == 3 else QImage.Format.Format_Grayscale8
    return QImage(pixels.data, columns, rows, pixels.strides[0], form).copy()
