"""Pages of images for the printer or a PDF: drawn on a job lane, printed by the window."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from viewers.qt.texts import window_text
from workstation.core.errors import WorkstationError
from workstation.services.jobs import JobContext
from workstation.ui.output_views import ChosenViews
from workstation.ui.output_wish import PrintWish
from workstation.ui.words import count_of, tr

if TYPE_CHECKING:  # printing is not needed before somebody prints
    from PySide6.QtPrintSupport import QPrinter

    from workstation.printing.image_pages import ImagePages, SheetOrder


MOST_PREVIEWED = 8
"""Pages that a preview shows; those that follow look like them."""


def ask_printer(window: QWidget, wish: PrintWish) -> QPrinter | str:
    """Return the printer that the system's own chooser gives, or why there is none."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo  # see above

    if not QPrinterInfo.availablePrinterNames():
        return tr("No printer is set up on this machine. Write a PDF and print that.")
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    _prepare(printer, wish)
    if QPrintDialog(printer, window).exec() == 0:
        return tr("Nothing was printed.")
    return printer


def drawn_pages(
    chosen: ChosenViews, wish: PrintWish, context: JobContext, *, reader: str, now: datetime
) -> ImagePages | str:
    """Draw the pictures; return pages for the printer, or what was written as a PDF.

    Raises:
        WorkstationError: the pages cannot be made or written.
    """
    from workstation.printing.image_pages import ImagePages, PrintedImage, write_pdf  # see above
    from workstation.services.export_pictures import free_path

    order = _order(chosen, wish, reader=reader, now=now)
    draw, images = chosen.drawer(wish.pictures.look), []
    for done, index in enumerate(chosen.indices):
        context.cancel.raise_if_cancelled()
        images.append(PrintedImage(draw(index), _caption(chosen, index)))
        context.progress((done + 1) / len(chosen.indices))
    pages = ImagePages(tuple(images), order)
    if wish.path is None:
        return pages
    path = free_path(wish.path)
    write_pdf(pages, order, path)
    return tr("The PDF is written: {0} ({1}).").format(path, _pages_words(pages))


def print_pages(printer: QPrinter, pages: ImagePages) -> str:
    """Print; return what to say. UI thread."""
    try:
        pages.draw(printer, printer.resolution())
    except WorkstationError as error:
        return tr(str(error))
    return tr("Sent to the printer: {0}.").format(_pages_words(pages))


def preview_of(pages: ImagePages, width_px: int) -> tuple[QImage, ...]:
    """Return pictures of the first pages, so many pixels wide; any thread."""
    shown = range(min(pages.page_count, MOST_PREVIEWED))
    return tuple(pages.preview(page, width_px) for page in shown)


def _pages_words(pages: ImagePages) -> str:
    return count_of(pages.page_count, "page", "pages")


def _prepare(printer: QPrinter, wish: PrintWish) -> None:
    from workstation.printing.image_pages import SheetOrder, page_layout  # see above
    from workstation.report.page import PageFormat

    paper = {"A4": PageFormat.A4, "Letter": PageFormat.LETTER}[wish.paper]
    order = SheetOrder(page_format=paper, is_landscape=wish.is_landscape)
    printer.setPageLayout(page_layout(order))


def _order(chosen: ChosenViews, wish: PrintWish, *, reader: str, now: datetime) -> SheetOrder:
    from workstation.printing.image_pages import SheetLayout, SheetOrder  # see above
    from workstation.report.page import PageFormat

    by = tr("Printed {0} by {1}").format(f"{now:%Y-%m-%d %H:%M}", reader or tr("an unknown reader"))
    return SheetOrder(
        SheetLayout(wish.layout),
        {"A4": PageFormat.A4, "Letter": PageFormat.LETTER}[wish.paper],
        wish.is_landscape,
        wish.has_true_size,
        wish.is_inverted,
        chosen.series.study if wish.pictures.look.has_identity else None,
        by,
    )


def _caption(chosen: ChosenViews, index: int) -> tuple[str, ...]:
    """Return the line under a picture: modality, series, slice and window."""
    if chosen.is_sheet or chosen.ready is not None:
        return ()
    view = chosen.views[0][0]
    volume = view.content.volume
    series = f"{volume.series.modality} {tr('series')} {volume.series.number}".strip()
    where = tr("Slice {0} of {1}").format(index + 1, chosen.count)
    grey = "" if volume.is_colour else window_text(view.state.window, volume.intensity.unit)
    return ("  ·  ".join(part for part in (series, where, grey) if part),)
