"""The recovery key as one page to print."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QPageSize, QPainter, QPdfWriter

from workstation.ui.words import tr

RESOLUTION_DPI = 150


def write_recovery_sheet(path: Path, *, reader: str, key: str) -> None:
    """Write one page with the key.

    Args:
        path: where to.
        reader: whose key it is.
        key: groups of letters with dashes between.
    """
    writer = QPdfWriter(str(path))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setResolution(RESOLUTION_DPI)
    painter = QPainter(writer)
    width, row = float(writer.width()), RESOLUTION_DPI / 2
    lines = (
        (tr("Prelim recovery key"), 18),
        (reader, 12),
        ("", 12),
        ("-".join(key.split("-")[:4]) + "-", 18),
        ("-".join(key.split("-")[4:]), 18),
        ("", 12),
        (tr("It opens your signing identity if the passphrase is lost."), 11),
        (tr("Whoever holds it can sign in your name: keep it locked away."), 11),
    )
    for number, (words, size) in enumerate(lines):
        font = QFont()
        font.setPointSize(size)
        painter.setFont(font)
        box = QRectF(0, number * row, width, row)
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
    painter.end()
