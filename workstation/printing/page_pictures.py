"""The pages of a report as pictures, drawn by the very code that prints them.

The sign panel shows them: what a reader signs must look like what leaves.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from PySide6.QtGui import QColor, QImage, QPainter

from workstation.printing.report_pdf import MARGIN_MM, ReportPages
from workstation.printing.report_text import RESOLUTION_DPI, dots
from workstation.report.document import ReportDocument
from workstation.report.layout import layout
from workstation.report.page import PageFormat

METERS_PER_INCH = 0.0254


def page_pictures(
    document: ReportDocument, width_px: int, page_format: PageFormat = PageFormat.A4
) -> tuple[QImage, ...]:
    """Return a picture of each page. Any thread.

    Args:
        document: the report.
        width_px: width of each picture.
        page_format: the paper.

    Raises:
        InputRefusedError: no font can draw some letters.
    """
    with tempfile.TemporaryDirectory(prefix="prelim-") as folder:
        # The printer is needed for its measures only; nothing is drawn to it.
        pages = ReportPages(layout(document), page_format, Path(folder) / "measure.pdf")
        return pages_of(pages, width_px)


def pages_of(pages: ReportPages, width_px: int) -> tuple[QImage, ...]:
    """Return a picture of each of the pages that are laid out."""
    count = pages.page_count()
    return tuple(_picture(pages, number, count, width_px) for number in range(count))


def _picture(pages: ReportPages, number: int, count: int, width_px: int) -> QImage:
    margin = dots(MARGIN_MM)
    sheet = pages.sheet_size
    scale = width_px / sheet.width()
    image = QImage(width_px, round(sheet.height() * scale), QImage.Format.Format_RGB32)
    # Sizes of letters are worked out from the resolution: as on the printer, then scaled.
    image.setDotsPerMeterX(round(RESOLUTION_DPI / METERS_PER_INCH))
    image.setDotsPerMeterY(round(RESOLUTION_DPI / METERS_PER_INCH))
    image.fill(QColor("#ffffff"))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(scale, scale)
    painter.translate(margin, margin)
    pages.draw_page(painter, number, count)
    painter.end()
    image.setDotsPerMeterX(round(96 / METERS_PER_INCH))
    image.setDotsPerMeterY(round(96 / METERS_PER_INCH))
    return image
