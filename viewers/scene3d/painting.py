"""Paints what lies over the picture of a 3D view: letters, cube, box, texts, band. UI thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF, QTransform

from viewers.scene3d.camera import Projection
from viewers.scene3d.state import Box, Face
from viewers.scene3d.texts import EdgeWords

TEXT, QUIET, ACCENT, DOUBT, PANEL, LINE = (
    "#e6e6e6", "#9aa0a6", "#4aa3c7", "#d9a441", "#1d1f21", "#34383c",
)  # fmt: skip
"""Colors of the dark room; images stand on black in every theme."""

MARGIN_PX = 8.0
CUBE_PX = 44.0
"""Edge of the orientation cube."""

HANDLE_PX = 6.0
"""Half the side of a handle of the box; three times that is its catch."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where texts go: the picture without the band, in pixels of the widget."""

    width: float
    height: float


def paint_corner(
    painter: QPainter, place: Place, lines: Sequence[str], *, is_right: bool, is_bottom: bool
) -> None:
    """Write lines into a corner, with a dark rim that keeps them legible on white bone."""
    metrics = QFontMetricsF(painter.font())
    step = metrics.lineSpacing()
    top = place.height - MARGIN_PX - step * len(lines) if is_bottom else MARGIN_PX
    for number, text in enumerate(lines):
        width = metrics.horizontalAdvance(text)
        x = place.width - MARGIN_PX - width if is_right else MARGIN_PX
        _write(painter, x, top + number * step + metrics.ascent(), text)


def paint_letters(painter: QPainter, place: Place, words: EdgeWords) -> None:
    """Write the sides of the patient at the edges."""
    metrics = QFontMetricsF(painter.font())
    middle = place.height / 2 + metrics.ascent() / 2

    def centered(text: str) -> float:
        return (place.width - metrics.horizontalAdvance(text)) / 2

    _write(painter, MARGIN_PX, middle, words.left)
    right = place.width - MARGIN_PX - metrics.horizontalAdvance(words.right)
    _write(painter, right, middle, words.right)
    _write(painter, centered(words.top), MARGIN_PX + metrics.ascent(), words.top)
    bottom = place.height - MARGIN_PX - metrics.descent()
    _write(painter, centered(words.bottom), bottom, words.bottom)


def paint_cube(painter: QPainter, place: Place, axes: NDArray[np.float64]) -> None:
    """Draw the orientation cube; faces that look away are not drawn, so no letter is mirrored."""
    half = CUBE_PX / 2
    reach = half * np.sqrt(3.0)
    middle = np.array([place.width - MARGIN_PX - reach, place.height - MARGIN_PX - reach])
    font = QFont(painter.font())
    font.setPixelSize(round(CUBE_PX * 0.5))
    for face in Face:
        outward = axes @ face.outward
        if outward[2] <= 1e-6:  # it looks away
            continue
        corner, across, down = face_frame(face, axes, half)
        transform = QTransform(
            across[0] / CUBE_PX, across[1] / CUBE_PX, down[0] / CUBE_PX, down[1] / CUBE_PX,
            middle[0] + corner[0], middle[1] + corner[1],
        )  # fmt: skip
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setTransform(transform, True)
        square = QRectF(0, 0, CUBE_PX, CUBE_PX)
        painter.setPen(QPen(QColor(QUIET), 1))
        shade = QColor(PANEL).lighter(100 + round(90 * float(outward[2])))
        painter.setBrush(shade)
        painter.drawRect(square)
        painter.setFont(font)
        painter.setPen(QColor(TEXT))
        painter.drawText(square, Qt.AlignmentFlag.AlignCenter, face.letter)
        painter.restore()


def face_frame(
    face: Face, axes: NDArray[np.float64], half: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return upper left corner, way across and way down of a face of the cube, y down, (2,) each.

    Seen from outside, the letters of the sides stand upright with the head up, those of head and
    feet with anterior up.
    """
    up = np.array([0.0, -1.0, 0.0]) if face.axis == 2 else np.array([0.0, 0.0, 1.0])
    across = np.cross(up, face.outward)
    corner = half * (face.outward - across + up)

    def flat(vector: NDArray[np.float64]) -> NDArray[np.float64]:
        seen = axes @ vector
        return np.array([seen[0], -seen[1]])

    return flat(corner), flat(2 * half * across), flat(-2 * half * up)


def paint_box(
    painter: QPainter, seen: Projection, axes: NDArray[np.float64], box: Box, chosen: Face | None
) -> None:
    """Draw the edges of the clip box, and a handle in the middle of each face."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    corners = seen.to_canvas(box.corners_mm)
    painter.setPen(QPen(QColor(QUIET), 1))
    for one in range(8):
        for axis in range(3):
            other = one ^ (1 << axis)
            if other > one:
                painter.drawLine(QLineF(*corners[one], *corners[other]))
    for face in Face:
        x, y = seen.to_canvas(box.center_of(face))
        is_near = float(axes[2] @ face.outward) > 0
        color = QColor(ACCENT if face is chosen else TEXT)
        painter.setPen(QPen(color, 1.5))
        painter.setBrush(color if is_near or face is chosen else QColor(PANEL))
        diamond = [(0, -HANDLE_PX), (HANDLE_PX, 0), (0, HANDLE_PX), (-HANDLE_PX, 0)]
        painter.drawPolygon(QPolygonF([QPointF(x + dx, y + dy) for dx, dy in diamond]))
        if face is chosen:
            _write(painter, x + 1.5 * HANDLE_PX, y - HANDLE_PX, face.letter)
    painter.restore()


def paint_band(painter: QPainter, place: QRectF, text: str) -> None:
    """Write the band along the lower edge."""
    painter.fillRect(place, QColor(PANEL))
    painter.setPen(QColor(DOUBT))
    inside = place.adjusted(MARGIN_PX, 0, -MARGIN_PX, 0)
    left = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
    painter.drawText(inside, left, text)


def _write(painter: QPainter, x: float, baseline: float, text: str) -> None:
    at = QPointF(x, baseline)
    painter.setPen(QColor(0, 0, 0, 190))
    for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        painter.drawText(at + QPointF(dx, dy), text)
    painter.setPen(QColor(TEXT))
    painter.drawText(at, text)
