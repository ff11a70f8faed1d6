"""How the program looks: colors by role, palette and style sheet, sizes in font units.

One place only: no other module names a color or a size in pixels of the screen. Lengths are in
steps of :func:`step_px`, which is 4 pixels at 100 % text size and grows with the text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from string import Template
from typing import ParamSpec

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

P = ParamSpec("P")

BASE_POINT_SIZE = 10.5
"""Size of the system's font at 100 % text size, between the 10 and 11 points of the brief."""

LARGE_PX = 40
"""Height of large controls: what a finger hits without looking twice (WCAG 2.2, 2.5.8: 24 at
least, 44 advised)."""

STEP_PX = 4
"""Spacing goes in steps of four pixels at 100 % text size."""


@dataclass(frozen=True, slots=True)
class Theme:
    """Colors by role, as ``#rrggbb``.

    Attributes:
        ground: behind everything.
        panel: panels.
        raised: rows and controls on a panel.
        line: borders and rules.
        chosen: behind a chosen row, a pressed button and what lies under the pointer.
        edge: borders of controls: 3:1 against what they stand on.
        text: words.
        quiet: words of second rank.
        proposed: words of a statement nobody has taken over: 80 % of the text's strength.
        accent: focus and selection.
        doubt: doubt.
        blocked: what blocks signing, and failures.
        measured, model, template, prior: the origin marks of statements.
    """

    ground: str
    panel: str
    raised: str
    line: str
    chosen: str
    edge: str
    text: str
    quiet: str
    proposed: str
    accent: str
    doubt: str
    blocked: str
    measured: str
    model: str
    template: str
    prior: str


DARK = Theme(
    ground="#141516",
    panel="#1d1f21",
    raised="#26292c",
    line="#34383c",
    chosen="#313539",
    edge="#70767c",
    text="#e6e6e6",
    quiet="#9aa0a6",
    proposed="#c3c6c9",
    accent="#4aa3c7",
    doubt="#d9a441",
    blocked="#d65c5c",
    measured="#7f9bb3",
    model="#9a86c9",
    template="#8a8f94",
    prior="#8a8f94",
)

LIGHT = Theme(
    ground="#e4e5e6",
    panel="#f4f4f5",
    raised="#ffffff",
    line="#c9ccd0",
    chosen="#c9ccd0",
    edge="#7c8287",
    text="#17181a",
    quiet="#474c51",
    proposed="#45494d",
    accent="#17688a",
    doubt="#7d5600",
    blocked="#a02323",
    measured="#48647c",
    model="#644f97",
    template="#6b7177",
    prior="#6b7177",
)

THEMES = {"dark": DARK, "light": LIGHT}
"""Themes by the value of the setting ``appearance.theme``."""


def apply_theme(
    app: QApplication, theme: Theme, text_scale: int, *, has_large_controls: bool = False
) -> None:
    """Give the whole application its colors, font and style sheet.

    Args:
        app: the application.
        theme: colors.
        text_scale: size of all text in percent, 100 to 200.
        has_large_controls: controls are at least 40 pixels high, for fingers.
    """
    if app.property("text_scale") is None:  # Qt polishes every widget again for each of these
        app.setStyle("Fusion")
    font = QFont(app.font())
    font.setPointSizeF(BASE_POINT_SIZE * text_scale / 100)
    font.setFeature(QFont.Tag("tnum"), 1)
    if app.font() != font:
        app.setFont(font)
    if app.palette() != palette(theme):
        app.setPalette(palette(theme))
    sheet = style_sheet(theme, text_scale, has_large_controls=has_large_controls)
    if app.styleSheet() != sheet:
        app.setStyleSheet(sheet)
    app.setProperty("text_scale", text_scale)


def styled_at_once(build: Callable[P, None]) -> Callable[P, None]:
    """Let many widgets be built without the style sheet, and lay it over all of them at the end.

    Qt works the style of a widget out again each time it gets another parent: a window of a
    thousand widgets was built three times as slowly.

    Args:
        build: makes the widgets.
    """

    @wraps(build)
    def built(*args: P.args, **named: P.kwargs) -> None:
        app = QApplication.instance()
        if not isinstance(app, QApplication):
            raise TypeError("widgets need an application")
        sheet = app.styleSheet()
        app.setStyleSheet("")
        try:
            build(*args, **named)
        finally:
            app.setStyleSheet(sheet)

    return built


def step_px(steps: float = 1) -> int:
    """Return a length of so many steps at the present text size, device-independent pixels."""
    app = QApplication.instance()
    scale = app.property("text_scale") if app is not None else None
    return round(STEP_PX * steps * (scale or 100) / 100)


def current_theme() -> Theme:
    """Return the theme whose palette the application has; for what is painted by hand."""
    app = QApplication.instance()
    if isinstance(app, QApplication) and app.palette().window().color() == QColor(LIGHT.ground):
        return LIGHT
    return DARK


def palette(theme: Theme) -> QPalette:
    """Return the palette of a theme, for what the style sheet does not reach."""
    roles = {
        QPalette.ColorRole.Window: theme.ground,
        QPalette.ColorRole.WindowText: theme.text,
        QPalette.ColorRole.Base: theme.panel,
        QPalette.ColorRole.AlternateBase: theme.raised,
        QPalette.ColorRole.Text: theme.text,
        QPalette.ColorRole.PlaceholderText: theme.quiet,
        QPalette.ColorRole.Button: theme.raised,
        QPalette.ColorRole.ButtonText: theme.text,
        QPalette.ColorRole.ToolTipBase: theme.raised,
        QPalette.ColorRole.ToolTipText: theme.text,
        QPalette.ColorRole.Highlight: theme.accent,
        QPalette.ColorRole.HighlightedText: theme.ground,
        QPalette.ColorRole.Link: theme.accent,
        QPalette.ColorRole.Mid: theme.line,
        QPalette.ColorRole.Accent: theme.accent,
    }
    made = QPalette()
    for role, color in roles.items():
        made.setColor(role, QColor(color))
    for role in (
        QPalette.ColorRole.WindowText,
        QPalette.ColorRole.Text,
        QPalette.ColorRole.ButtonText,
    ):
        made.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.edge))
    return made


def style_sheet(theme: Theme, text_scale: int, *, has_large_controls: bool = False) -> str:
    """Return the style sheet of a theme at a text size in percent."""
    unit = STEP_PX * text_scale / 100
    sizes = {
        "u1": round(unit),
        "u2": round(2 * unit),
        "u3": round(3 * unit),
        "control": max(round(7 * unit), LARGE_PX if has_large_controls else 0) - 2,
        "touch": max(round(7 * unit), LARGE_PX if has_large_controls else 0),
        "row": max(round(6 * unit), LARGE_PX if has_large_controls else 0),
        "check": round((6 if has_large_controls else 4) * unit),
        "bar": round((5 if has_large_controls else 2.5) * unit),
        "quiet_pt": f"{0.9 * BASE_POINT_SIZE * text_scale / 100:.1f}",
        "title_pt": f"{1.25 * BASE_POINT_SIZE * text_scale / 100:.1f}",
        "figure_pt": f"{2.0 * BASE_POINT_SIZE * text_scale / 100:.1f}",
    }
    colors = {name: getattr(theme, name) for name in Theme.__dataclass_fields__}
    return Template(_SHEET).substitute(colors | sizes)


_SHEET = """
QWidget { color: $text; }
QMainWindow, QDialog { background: $ground; }
QToolTip { background: $raised; color: $text; border: 1px solid $edge; padding: ${u1}px; }
QLabel { background: transparent; }
QLabel[role="quiet"] { color: $quiet; font-size: ${quiet_pt}pt; }
QLabel[role="title"] { font-size: ${title_pt}pt; font-weight: 600; }
QLabel[role="heading"] { color: $quiet; font-weight: 600; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="figure"], QLabel[role="figure-sign"] { font-size: ${figure_pt}pt; font-weight: 600; }
QLabel[role="title-sign"] { font-size: ${title_pt}pt; }
QLabel[role="figure-sign"], QLabel[role="title-sign"], QLabel[role="strong-sign"] {
  color: $quiet; font-weight: 400;
}
QLabel[role="doubt"] { color: $doubt; }
QLabel[role="no-patient"] { color: $doubt; font-weight: 600; }
QLabel[role="doubted"] { border-left: 3px solid $doubt; padding-left: ${u2}px; }
QLabel[role="blocked"] { border-left: 3px solid $blocked; padding-left: ${u2}px; }
QFrame[role="panel"] { background: $panel; }
QFrame[role="raised"] { background: $raised; border: 1px solid $line; border-radius: ${u1}px; }
QFrame[role="hint"] { background: $raised; border: 1px solid $accent; border-radius: ${u1}px; }
QFrame[role="header"] { background: $panel; border-bottom: 1px solid $line; }
QFrame[role="status"] { background: $panel; border-top: 1px solid $line; }
QFrame[role="rule"] { background: $line; max-height: 1px; min-height: 1px; border: none; }
QScrollArea, QStackedWidget { background: transparent; border: none; }
QWidget[role="page"] { background: $ground; }
QWidget[role="plain"] { background: transparent; }

QPushButton, QToolButton {
  background: $raised; border: 1px solid $edge; border-radius: ${u1}px;
  min-height: ${control}px; padding: 0 ${u3}px;
}
QToolButton { padding: 0 ${u2}px; }
QPushButton:hover, QToolButton:hover { background: $chosen; }
QPushButton:pressed, QToolButton:pressed { background: $ground; }
QPushButton:focus, QToolButton:focus { border: 2px solid $accent; }
QPushButton:checked, QToolButton:checked { border-color: $accent; background: $chosen; }
QPushButton:disabled, QToolButton:disabled { color: $edge; border-color: $line; }
QPushButton[role="primary"] { border-color: $accent; font-weight: 600; }
QPushButton[role="flat"], QToolButton[role="flat"] {
  border-color: transparent; background: transparent;
}
QPushButton[role="flat"]:hover, QToolButton[role="flat"]:hover { background: $chosen; }
QPushButton[role="flat"]:focus, QToolButton[role="flat"]:focus { border: 2px solid $accent; }
QToolButton[role="flat"]:checked { border: 1px solid $accent; background: $chosen; }
QToolButton[role="fold"] {
  border: 2px solid transparent; background: transparent; padding: 0; min-height: ${control}px;
}
QToolButton[role="fold"]:hover { background: $chosen; }
QToolButton[role="fold"]:focus { border-color: $accent; }
QToolButton[role="chip"] {
  color: $quiet; font-size: ${quiet_pt}pt; padding: 0 ${u2}px; border-color: $edge;
  min-height: ${check}px; border-radius: ${u2}px;
}
QToolButton[role="chip"]:hover { color: $text; }
QPushButton[role="small"], QToolButton[role="small"] { padding: 0 ${u2}px; }
ToolLine QToolButton { padding: 0 ${u1}px; margin: 0; }
QFrame[role="divider"] { background: $line; border: none; }
QToolButton::menu-indicator { image: none; }

QSpinBox, QDoubleSpinBox {
  background: $ground; border: 1px solid $edge; border-radius: ${u1}px;
}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button, QComboBox::drop-down {
  width: ${check}px; border: none; background: transparent;
}
QAbstractSpinBox::up-arrow, QAbstractSpinBox::down-arrow, QComboBox::down-arrow {
  width: 0; height: 0;
  border-left: ${u1}px solid $ground; border-right: ${u1}px solid $ground;
}
QAbstractSpinBox::up-arrow { border-bottom: ${u1}px solid $quiet; }
QAbstractSpinBox::down-arrow, QComboBox::down-arrow { border-top: ${u1}px solid $quiet; }
QSpinBox:focus, QDoubleSpinBox:focus { border: 2px solid $accent; }
QLineEdit, QTextEdit, QPlainTextEdit, QComboBox {
  background: $ground; border: 1px solid $edge; border-radius: ${u1}px;
  selection-background-color: $accent; selection-color: $ground; padding: 0 ${u2}px;
  placeholder-text-color: $quiet;
}
QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox { min-height: ${control}px; }
QTextEdit, QPlainTextEdit { padding: ${u1}px; }
QLineEdit:focus, QTextEdit:focus, QPlainTextEdit:focus, QComboBox:focus {
  border: 2px solid $accent;
}
QTextEdit[role="statement"] { background: transparent; border: none; padding: 0; }
QTextEdit[role="statement"][is_editing="true"] { background: $ground; border: 1px solid $accent; }
QComboBox QAbstractItemView { background: $raised; border: 1px solid $edge; }
QCheckBox, QRadioButton { spacing: ${u2}px; min-height: ${touch}px; }
QCheckBox:focus, QRadioButton:focus { color: $accent; }
QCheckBox::indicator:focus, QRadioButton::indicator:focus { border: 2px solid $accent; }
QCheckBox:disabled, QRadioButton:disabled, QLineEdit:disabled, QTextEdit:disabled,
QPlainTextEdit:disabled, QComboBox:disabled, QSpinBox:disabled {
  color: $edge; border-color: $line;
}
QCheckBox::indicator, QRadioButton::indicator {
  width: ${check}px; height: ${check}px; border: 1px solid $edge; background: $ground;
}
QCheckBox::indicator { border-radius: 2px; }
QRadioButton::indicator { border-radius: ${u2}px; }
QCheckBox::indicator:checked, QRadioButton::indicator:checked { background: $accent; }

QTabWidget::pane { border: none; }
QTabBar { background: $panel; qproperty-drawBase: 0; }
QTabBar::tab {
  background: transparent; color: $quiet; padding: ${u2}px ${u3}px; border: none;
  border-bottom: 2px solid transparent;
}
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:focus { color: $accent; }

QMenuBar { background: $panel; padding: 0 ${u1}px; }
QMenuBar::item { padding: ${u1}px ${u2}px; background: transparent; }
QMenuBar::item:selected, QMenu::item:selected { background: $chosen; }
QMenu { background: $raised; border: 1px solid $edge; padding: ${u1}px; }
QMenu::item { padding: ${u1}px ${u3}px ${u1}px ${u3}px; min-width: 160px; }
QMenu::item:disabled { color: $edge; }
QMenu::separator { height: 1px; background: $line; margin: ${u1}px; }
QMenu::indicator { width: ${u3}px; height: ${u3}px; }

QListView, QTreeView, QTableView {
  background: $panel; border: none; outline: none; alternate-background-color: $panel;
}
QListView, QTreeView, QTableView { border: 1px solid transparent; }
QListView:focus, QTreeView:focus, QTableView:focus { border: 1px solid $accent; }
QTreeView::item, QListWidget::item { min-height: ${row}px; }
QListView::item:hover, QTreeView::item:hover, QTableView::item:hover { background: $raised; }
QListView::item:selected, QTreeView::item:selected, QTableView::item:selected {
  background: $chosen; color: $text;
}
QTreeView::branch:selected { background: $chosen; }
QListView:disabled, QTreeView:disabled, QTableView:disabled { color: $edge; }
QHeaderView::section {
  background: $panel; color: $quiet; border: none; border-bottom: 1px solid $line;
  padding: ${u1}px ${u2}px;
}
QProgressBar {
  background: $ground; border: 1px solid $line; border-radius: 2px;
  max-height: ${u2}px; min-height: ${u2}px;
}
QProgressBar::chunk { background: $edge; }
QSlider::groove:horizontal { height: 2px; background: $edge; }
QSlider::handle:horizontal {
  width: ${u3}px; margin: -${u2}px 0; background: $quiet; border: 1px solid $edge;
  border-radius: ${u1}px;
}
QSlider { min-height: ${control}px; border: 1px solid transparent; }
QSlider:focus { border: 1px solid $accent; }
QSlider:disabled::handle:horizontal { background: $line; }
QScrollBar:vertical { background: transparent; width: ${bar}px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: ${bar}px; margin: 0; }
QScrollBar::handle {
  background: $edge; border-radius: ${u1}px; min-height: ${u3}px; min-width: ${u3}px;
}
QScrollBar::handle:hover { background: $quiet; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: 1px; }
"""
