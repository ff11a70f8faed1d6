"""A report as a PDF through QtGui: no widgets, no screen needed, every script shaped rightly.

Each page carries the patient's identity, the page number and, until the report is final, the
notice that it is not. The last page holds the signature block, whose rectangle is returned so
that a digital signature can be laid over it. A letter that no font of this machine can draw is
refused: a report with empty boxes must not be signed.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QFont,
    QGuiApplication,
    QPageLayout,
    QPageSize,
    QPainter,
    QPainterPath,
    QPalette,
    QPdfWriter,
    QPen,
)

from workstation.core.errors import InputRefusedError
from workstation.printing.report_text import (
    INK,
    MM_PER_INCH,
    NOTICE,
    RESOLUTION_DPI,
    RULE,
    SOFT_INK,
    WATERMARK,
    dots,
    report_text,
    require_drawable,
    typeface,
)
from workstation.report.document import ReportDocument
from workstation.report.layout import INTENDED_USE, ReportLayout, SignatureBlock, layout
from workstation.report.page import PageFormat, PrintedReport, SignatureBox

MARGIN_MM = 18.0
HEAD_MM, FOOT_MM = 27.0, 14.0
SIGNATURE_MM = 25.0
"""Height of the signature block: three lines of 10 pt and its frame."""

POINTS_PER_INCH = 72.0


class ReportPdf:
    """Prints reports; the adapter of services.ports.ReportPrinter.

    Any thread, one report at a time. Keeps a QGuiApplication alive where the process has none.
    """

    def __init__(self, page_format: PageFormat = PageFormat.A4) -> None:
        self._page_format = page_format
        self._application = _application()

    def print_pdf(self, document: ReportDocument, path: Path) -> PrintedReport:
        """Write the report as a PDF; marked PRELIMINARY - NOT SIGNED unless signed.

        Args:
            document: the report.
            path: where; written whole or not at all.

        Returns:
            How many pages it has, and where its signature block stands, if it is signed.

        Raises:
            InputRefusedError: no font can draw some letters, or the place cannot be written.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=path.parent, prefix=".prelim-") as folder:
                part = Path(folder) / "report.pdf"
                printed = ReportPages(layout(document), self._page_format, part).draw()
                part.replace(path)
        except OSError as error:
            raise InputRefusedError(
                "The PDF cannot be written",
                why=error.strerror or type(error).__name__,
                todo="Free space or choose another place",
            ) from error
        return printed

    def close(self) -> None:
        """End the QGuiApplication that this object started, if it did."""
        if self._application is not None:
            self._application.shutdown()
            self._application = None


def _application() -> QGuiApplication | None:
    """Return a new offscreen application; None where the process has one already."""
    if QCoreApplication.instance() is not None:
        return None
    return QGuiApplication(["prelim", "-platform", "offscreen"])


class ReportPages:
    """The pages of one report, laid out: drawn to a PDF, or one by one elsewhere.

    One thread at a time. Lengths are dots of RESOLUTION_DPI; a sheet is a page and its margins.
    """

    def __init__(self, blocks: ReportLayout, page_format: PageFormat, path: Path) -> None:
        """Lay a report out.

        Args:
            blocks: what to print.
            page_format: the paper.
            path: of the PDF; not written before :meth:`draw`.

        Raises:
            InputRefusedError: no font can draw some letters.
        """
        self._blocks = blocks
        self._signature = blocks.current_signature
        self._writer = _writer(path, page_format)
        self._page = QSizeF(self._writer.width(), self._writer.height())
        top, bottom = dots(HEAD_MM), dots(FOOT_MM)
        self._body = QRectF(0, top, self._page.width(), self._page.height() - top - bottom)
        for words in _words_of_head(blocks):
            require_drawable(words)
        self._text = report_text(blocks, self._writer, self._body.size())

    def draw(self) -> PrintedReport:
        """Draw every page; return their number and the place of the signature block."""
        pages = self.page_count()
        painter = QPainter()
        if not painter.begin(self._writer):
            raise OSError(None, "the printer did not start")
        for page in range(pages):
            if page:
                self._writer.newPage()
            self.draw_page(painter, page, pages)
        painter.end()
        if self._signature is not None:
            return PrintedReport(pages, self._signature_box(pages - 1))
        return PrintedReport(pages, None)

    @property
    def sheet_size(self) -> QSizeF:
        """Width and height of the paper, in dots."""
        margin = 2 * dots(MARGIN_MM)
        return QSizeF(self._page.width() + margin, self._page.height() + margin)

    def plain_text(self) -> str:
        """Return the running text of the pages, without head, foot and signature."""
        return self._text.toPlainText()

    def page_count(self) -> int:
        """Return how many pages there are; a signature block that finds no room takes one more."""
        pages = self._text.pageCount()
        if self._signature is None:
            return pages
        last = self._text.documentLayout().blockBoundingRect(self._text.lastBlock())
        bottom = last.bottom() - (pages - 1) * self._body.height()
        return pages if bottom + dots(SIGNATURE_MM + 4) <= self._body.height() else pages + 1

    def draw_page(self, painter: QPainter, page: int, pages: int) -> None:
        """Draw one page; the painter's origin is the upper left corner inside the margins.

        Args:
            painter: on the PDF or a picture.
            page: counted from 0.
            pages: how many there are.
        """
        if self._blocks.notice:
            self._draw_watermark(painter)
        self._draw_head(painter)
        self._draw_foot(painter, page, pages)
        painter.save()
        painter.translate(self._body.left(), self._body.top() - page * self._body.height())
        context = QAbstractTextDocumentLayout.PaintContext()
        context.palette.setColor(QPalette.ColorRole.Text, INK)
        clip = QRectF(0, page * self._body.height(), self._body.width(), self._body.height())
        painter.setClipRect(clip)
        context.clip = clip
        self._text.documentLayout().draw(painter, context)
        painter.restore()
        if self._signature is not None and page == pages - 1:
            self._draw_signature(painter, self._signature)

    def _draw_head(self, painter: QPainter) -> None:
        values = {field.label: field.value.reveal() for field in self._blocks.fields}
        width = self._page.width()
        painter.setPen(INK)
        painter.setFont(typeface(15, QFont.Weight.DemiBold))
        painter.drawText(QRectF(0, 0, width, dots(8)), _LEFT, self._blocks.title)
        if self._blocks.notice:
            painter.setPen(NOTICE)
            painter.setFont(typeface(10.5, QFont.Weight.Bold))
            painter.drawText(QRectF(0, 0, width, dots(8)), _RIGHT, self._blocks.notice)
        painter.setPen(INK)
        patient = values.get("Patient", "Patient not named")
        painter.setFont(typeface(10.5, QFont.Weight.DemiBold, patient))
        painter.drawText(QRectF(0, dots(10), width * 0.6, dots(5.5)), _LEFT, patient)
        painter.setPen(SOFT_INK)
        painter.setFont(typeface(9))
        self._draw_identity(painter, values)
        painter.setPen(QPen(RULE, dots(0.3)))
        line = dots(HEAD_MM - 5)
        painter.drawLine(0, line, int(width), line)

    def _draw_identity(self, painter: QPainter, values: dict[str, str]) -> None:
        width = self._page.width()
        left = [_named("ID", values.get("Patient ID")), _named("born", values.get("Birth date"))]
        left.append(values.get("Sex", ""))
        below = "  ·  ".join(filter(None, left))
        painter.drawText(QRectF(0, dots(15.5), width * 0.6, dots(5)), _LEFT, below)
        study = _named("Study", values.get("Study date"))
        accession = _named("Accession", values.get("Accession number"))
        painter.drawText(QRectF(width * 0.6, dots(10), width * 0.4, dots(5.5)), _RIGHT, study)
        painter.drawText(QRectF(width * 0.6, dots(15.5), width * 0.4, dots(5)), _RIGHT, accession)

    def _draw_foot(self, painter: QPainter, page: int, pages: int) -> None:
        top = self._page.height() - dots(FOOT_MM - 5)
        painter.setPen(QPen(RULE, dots(0.2)))
        painter.drawLine(0, int(top), int(self._page.width()), int(top))
        painter.setPen(SOFT_INK)
        painter.setFont(typeface(7.5))
        area = QRectF(0, top + dots(1), self._page.width(), dots(4))
        painter.drawText(area, _LEFT, f"Report {self._blocks.report_id}")
        painter.drawText(area, _RIGHT, f"Page {page + 1} of {pages}")
        painter.drawText(area.translated(0, dots(3.6)), _LEFT, INTENDED_USE)

    def _draw_watermark(self, painter: QPainter) -> None:
        """Draw the notice across the page as a shape: as text it would mix into a search."""
        font = typeface(44, QFont.Weight.Bold)
        font.setPixelSize(dots(44 / POINTS_PER_INCH * MM_PER_INCH))
        shape = QPainterPath()
        shape.addText(0, 0, font, self._blocks.notice)
        painter.save()
        painter.translate(self._page.width() / 2, self._page.height() / 2)
        painter.rotate(-52)
        painter.translate(-shape.boundingRect().center())
        painter.fillPath(shape, WATERMARK)
        painter.restore()

    def _draw_signature(self, painter: QPainter, signature: SignatureBlock) -> None:
        area = self._signature_area()
        painter.setPen(QPen(RULE, dots(0.3)))
        painter.drawRoundedRect(area, dots(1.5), dots(1.5))
        painter.setPen(INK)
        line = QRectF(area).adjusted(dots(4), dots(2.5), -dots(4), 0)
        for number, words in enumerate(signature.lines):
            painter.setFont(typeface(10.5 if number == 0 else 9.5, _weight(number), words))
            line.setHeight(dots(6))
            painter.drawText(line, _LEFT, words)
            line.translate(0, dots(6))

    def _signature_area(self) -> QRectF:
        height = dots(SIGNATURE_MM)
        top = self._body.bottom() - height
        return QRectF(dots(0.2), top, min(self._page.width(), dots(125)), height - dots(1))

    def _signature_box(self, page: int) -> SignatureBox:
        area, margin = self._signature_area(), dots(MARGIN_MM) * POINTS_PER_INCH / RESOLUTION_DPI
        scale = POINTS_PER_INCH / RESOLUTION_DPI
        height = self._page.height() * scale + 2 * margin
        return SignatureBox(
            page=page,
            left_pt=area.left() * scale + margin,
            bottom_pt=height - (area.bottom() * scale + margin),
            right_pt=area.right() * scale + margin,
            top_pt=height - (area.top() * scale + margin),
        )


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def _weight(number: int) -> QFont.Weight:
    return QFont.Weight.Normal if number else QFont.Weight.DemiBold


def _writer(path: Path, page_format: PageFormat) -> QPdfWriter:
    sizes = {PageFormat.A4: QPageSize.PageSizeId.A4, PageFormat.LETTER: QPageSize.PageSizeId.Letter}
    writer = QPdfWriter(str(path))
    writer.setResolution(RESOLUTION_DPI)
    writer.setTitle("Diagnostic imaging report")
    writer.setCreator("Prelim")
    margins = QMarginsF(MARGIN_MM, MARGIN_MM, MARGIN_MM, MARGIN_MM)
    size = QPageSize(sizes[page_format])
    portrait = QPageLayout.Orientation.Portrait
    writer.setPageLayout(QPageLayout(size, portrait, margins, QPageLayout.Unit.Millimeter))
    return writer


def _words_of_head(blocks: ReportLayout) -> list[str]:
    lines = [line for signature in blocks.signatures for line in signature.lines]
    return [*(field.value.reveal() for field in blocks.fields), *lines]


def _named(label: str, value: str | None) -> str:
    return f"{label} {value}" if value else ""
