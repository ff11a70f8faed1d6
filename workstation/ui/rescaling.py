"""Brings the lengths of widgets that stand already to another text size.

Widgets take their lengths in steps when they are made (:func:`workstation.ui.theme.step_px`). When
the text size changes while they stand, margins, gaps and fixed sizes go with it here. What each
would be at 100 % is kept beside it, so that rounding never adds up.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QSize
from PySide6.QtWidgets import QGridLayout, QLayout, QWidget

UNBOUNDED_PX = 16_777_215
"""QWIDGETSIZE_MAX of Qt: no bound."""

BASE = "lengths_at_100"
"""Property that keeps the lengths at 100 % text size."""


def rescale(top: QWidget, before: int, after: int) -> None:
    """Give margins, gaps and bounds of all widgets under one another text size.

    Args:
        top: a window.
        before: the text size until now, in percent.
        after: the text size from now on, in percent.
    """
    for layout in top.findChildren(QLayout):
        _rescale_layout(layout, before, after)
    for widget in top.findChildren(QWidget):
        _rescale_bounds(widget, before, after)


def _rescale_layout(layout: QLayout, before: int, after: int) -> None:
    margins = layout.contentsMargins()
    lengths = [margins.left(), margins.top(), margins.right(), margins.bottom()]
    if isinstance(layout, QGridLayout):
        gaps = [layout.horizontalSpacing(), layout.verticalSpacing()]
    else:
        gaps = [layout.spacing()]
    left, top, right, bottom, *gaps = _scaled(layout, [*lengths, *gaps], before, after)
    layout.setContentsMargins(left, top, right, bottom)
    if isinstance(layout, QGridLayout):
        layout.setHorizontalSpacing(gaps[0])
        layout.setVerticalSpacing(gaps[1])
    else:
        layout.setSpacing(gaps[0])


def _rescale_bounds(widget: QWidget, before: int, after: int) -> None:
    low, high = widget.minimumSize(), widget.maximumSize()
    lengths = [low.width(), low.height(), high.width(), high.height()]
    scaled = _scaled(widget, lengths, before, after)
    widget.setMinimumSize(QSize(scaled[0], scaled[1]))
    widget.setMaximumSize(QSize(scaled[2], scaled[3]))


def _scaled(owner: QObject, now: Sequence[int], before: int, after: int) -> list[int]:
    """Return lengths at another text size; -1 (the style's own) and no bound stay."""
    kept = owner.property(BASE)
    base = [length * 100 / before for length in now]
    if isinstance(kept, list) and _at(kept, now, before) == list(now):
        base = kept
    owner.setProperty(BASE, base)
    return _at(base, now, after)


def _at(base: Sequence[float], now: Sequence[int], scale: int) -> list[int]:
    return [
        length if length < 0 or length >= UNBOUNDED_PX else round(one * scale / 100)
        for one, length in zip(base, now, strict=True)
    ]
