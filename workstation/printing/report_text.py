"""The running text of a printed report: headings, sentences and small print, laid out for paper.

Lengths on the page are dots of RESOLUTION_DPI. A sentence runs right to left where its script does.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from PySide6.QtCore import QSizeF
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QPdfWriter,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextLayout,
    QTextOption,
)

from workstation.core.errors import InputRefusedError
from workstation.report.layout import ReportLayout, Sentence

RESOLUTION_DPI = 600
"""Layout grid of the page: fine enough that letters sit where their font wants them."""

MM_PER_INCH = 25.4
QT_DPI = 96.0
"""Margins, indents and tabs of a text block are pixels of this size, scaled to the device by Qt."""

FAMILIES = ("Noto Sans", "Segoe UI", "Helvetica Neue", "Arial", "DejaVu Sans", "sans-serif")
"""First one present is used; Qt takes what it lacks (Arabic, Devanagari ...) from other fonts."""

INK, SOFT_INK, HEADING = QColor("#14181d"), QColor("#5b6570"), QColor("#1f4e79")
RULE, NOTICE, WATERMARK = QColor("#b9c2cc"), QColor("#b3261e"), QColor("#f8eceb")

TEXT_PT, HEADING_PT, SMALL_PT = 10.5, 9.5, 8.5
LINE_PERCENT = 122
LABEL_MM = 34.0
"""Width of the labels in front of study, series and referrer."""

IN_HEAD = frozenset(
    {"Patient", "Patient ID", "Birth date", "Sex", "Study date", "Accession number"}
)
"""Fields that each page's head shows; the body does not repeat them."""

_IS_HEADING = int(QTextFormat.Property.UserProperty) + 1


def dots(mm: float) -> int:
    """Return a length in dots of the page."""
    return round(mm / MM_PER_INCH * RESOLUTION_DPI)


def typeface(size_pt: float, weight: QFont.Weight = QFont.Weight.Normal, text: str = "") -> QFont:
    """Return the font of the report in a size, fit for the script of a text."""
    own = next((family for script in scripts(text) if (family := _family_for(script))), "")
    font = QFont()
    font.setFamilies([own, *FAMILIES] if own else list(FAMILIES))
    font.setPointSizeF(size_pt)
    font.setWeight(weight)
    if not own:  # a search for "effusion" must find it: PDF readers give ligatures as one letter
        font.setFeature(QFont.Tag("liga"), 0)
    return font


def scripts(text: str) -> tuple[str, ...]:
    """Return the scripts of a text other than Latin, Greek and Cyrillic, by their Unicode names."""
    found = (_script(letter) for letter in text)
    return tuple(dict.fromkeys(script for script in found if script))


def script_runs(text: str) -> Iterator[tuple[str, str]]:
    """Give a text as runs of one script: (script, run); neutral letters stay in their run."""
    start, current = 0, ""
    for position, letter in enumerate(text):
        script = _script(letter) if _is_telling(letter) else current
        if script != current and position > start:
            yield current, text[start:position]
            start = position
        current = script
    if text[start:]:
        yield current, text[start:]


def _is_telling(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LM"


def _script(letter: str) -> str:
    if ord(letter) < _FIRST_FOREIGN or not _is_telling(letter):
        return ""
    name = unicodedata.name(letter, "").split(" ", maxsplit=1)[0].split("-", maxsplit=1)[0]
    return "" if name in ("LATIN", "GREEK", "CYRILLIC", "COMBINING") else name


_FIRST_FOREIGN = 0x0530
"""Below it stand Latin, Greek, Cyrillic and combining marks, which the report's own font has."""

_WRITING = {
    "CJK": QFontDatabase.WritingSystem.SimplifiedChinese,
    "HIRAGANA": QFontDatabase.WritingSystem.Japanese,
    "KATAKANA": QFontDatabase.WritingSystem.Japanese,
    "HANGUL": QFontDatabase.WritingSystem.Korean,
}
"""Scripts whose writing system has another name; the rest are named alike."""


def _family_for(script: str) -> str:
    """Return a family that has a script; asking for it by name spares Qt trying the others."""
    system = _WRITING.get(script) or getattr(QFontDatabase.WritingSystem, script.capitalize(), None)
    if system is None:
        return ""
    families = QFontDatabase.families(system)
    sans = [f for f in families if f.startswith("Noto Sans") and "UI" not in f]
    return next(iter([*sans, *families]), "")


def report_text(blocks: ReportLayout, device: QPdfWriter, page: QSizeF) -> QTextDocument:
    """Return the running text, broken into pages; no heading stands alone at the foot of one.

    Args:
        blocks: what to print.
        device: whose resolution counts.
        page: room for text on each page, in dots.

    Raises:
        InputRefusedError: no font can draw some letters.
    """
    text = QTextDocument()
    text.setUndoRedoEnabled(False)
    text.setDocumentMargin(0)
    text.documentLayout().setPaintDevice(device)
    text.setDefaultFont(typeface(TEXT_PT))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    text.setDefaultTextOption(option)
    _write(text, blocks)
    text.setPageSize(page)
    _keep_headings(text, page.height())
    _require_drawable(text)
    return text


def _write(text: QTextDocument, blocks: ReportLayout) -> None:
    writer = _Writer(text)
    for field in blocks.fields:
        if field.label not in IN_HEAD:
            writer.field(field.label, field.value.reveal())
    for block in blocks.sections:
        writer.heading(block.title)
        for sentence in block.sentences:
            writer.sentence(sentence)
    earlier = blocks.earlier_signatures
    if blocks.ai_share or earlier:
        writer.heading("How this report was made")
    for line in blocks.ai_share:
        writer.small(line)
    for signature in earlier:
        writer.small(" · ".join(signature.lines))


class _Writer:
    """Appends blocks to a document."""

    def __init__(self, text: QTextDocument) -> None:
        self._cursor = QTextCursor(text)
        self._is_first = True

    def field(self, label: str, value: str) -> None:
        """Append a label and its value; a long value stays to the right of the labels."""
        shape = _shape(0, 0.4)
        shape.setLeftMargin(_pixels(LABEL_MM))
        shape.setTextIndent(-_pixels(LABEL_MM))
        self._begin(shape)
        self._cursor.insertText(f"{label}\t", _letters(TEXT_PT - 1, SOFT_INK))
        self._words(value, TEXT_PT - 0.5, INK)

    def heading(self, title: str) -> None:
        """Append a heading."""
        shape = _shape(4.2, 0.9)
        shape.setProperty(_IS_HEADING, True)
        self._begin(shape)
        letters = _letters(HEADING_PT, HEADING, QFont.Weight.DemiBold)
        self._cursor.insertText(title.upper(), letters)

    def sentence(self, sentence: Sentence) -> None:
        """Append a sentence with its mark."""
        self._begin(_shape(0, 1.0))
        self._words(sentence.text, TEXT_PT, INK)
        if sentence.mark:
            self._cursor.insertText(f" [{sentence.mark}]", _letters(SMALL_PT, NOTICE))

    def small(self, line: str) -> None:
        """Append a line of small print."""
        self._begin(_shape(0, 0.5))
        self._words(line, SMALL_PT, SOFT_INK)

    def _words(self, text: str, size_pt: float, color: QColor) -> None:
        for _, run in script_runs(_soft_breaks(text)):
            self._cursor.insertText(run, _letters(size_pt, color, text=run))

    def _begin(self, shape: QTextBlockFormat) -> None:
        if self._is_first:
            self._cursor.setBlockFormat(shape)
        else:
            self._cursor.insertBlock(shape)
        self._is_first = False


def _pixels(mm: float) -> float:
    return mm / MM_PER_INCH * QT_DPI


def _shape(above_mm: float, below_mm: float) -> QTextBlockFormat:
    shape = QTextBlockFormat()
    shape.setTopMargin(_pixels(above_mm))
    shape.setBottomMargin(_pixels(below_mm))
    kind = QTextBlockFormat.LineHeightTypes.ProportionalHeight
    shape.setLineHeight(LINE_PERCENT, kind.value)
    return shape


def _letters(
    size_pt: float, color: QColor, weight: QFont.Weight = QFont.Weight.Normal, text: str = ""
) -> QTextCharFormat:
    letters = QTextCharFormat()
    letters.setFont(typeface(size_pt, weight, text))
    letters.setForeground(color)
    return letters


def _soft_breaks(text: str) -> str:
    """Return text whose own line breaks stay inside one block."""
    return "\u2028".join(text.splitlines())


def _keep_headings(text: QTextDocument, page_height: float) -> None:
    """Send a heading whose first sentence begins on the next page to that page."""
    block = text.begin()
    while block.isValid():
        following = block.next()
        is_heading = bool(block.blockFormat().property(_IS_HEADING))
        if is_heading and following.isValid():
            here, there = _page_of(text, block, page_height), _page_of(text, following, page_height)
            if here != there:
                shape = block.blockFormat()
                shape.setPageBreakPolicy(QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore)
                QTextCursor(block).setBlockFormat(shape)
        block = block.next()


def _page_of(text: QTextDocument, block: QTextBlock, page_height: float) -> int:
    """Return the page on which the first line of a block stands."""
    top = text.documentLayout().blockBoundingRect(block).top()
    layout = block.layout()
    line = layout.lineAt(0).y() if layout.lineCount() else 0.0
    return int((top + line + 1) // page_height)


def require_drawable(words: str) -> None:
    """Do nothing where the fonts of this machine can draw some words.

    Raises:
        InputRefusedError: they lack a letter.
    """
    layout = QTextLayout(words.replace("\n", " "), typeface(TEXT_PT, text=words))
    layout.beginLayout()
    line = layout.createLine()
    if line.isValid():
        line.setLineWidth(_ANY_WIDTH)
    layout.endLayout()
    _require_glyphs(layout)


_ANY_WIDTH = 1e6
"""Wider than any line of a head."""


def _require_drawable(text: QTextDocument) -> None:
    block = text.begin()
    while block.isValid():
        _require_glyphs(block.layout())
        block = block.next()


def _require_glyphs(layout: QTextLayout) -> None:
    for number in range(layout.lineCount()):
        for run in layout.lineAt(number).glyphRuns():
            if _MISSING in run.glyphIndexes():
                raise InputRefusedError(
                    "The report cannot be printed",
                    why="this computer has no font for some of its letters",
                    todo="Install fonts for its script, e.g. the Noto fonts, and try again",
                )


_MISSING = 0
"""Glyph index of a letter that a font lacks; OpenType, table cmap."""
