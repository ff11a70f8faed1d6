"""The straightened picture and the section across the line, as they are painted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from viewers.qt.painting import MARGIN, Brush, paint_band, paint_corners, paint_scale
from viewers.qt.texts import (
    CornerTexts,
    Notice,
    identity_lines,
    series_lines,
    slab_text,
    window_text,
)
from viewers.qt.words import tr
from viewers.render.curved import CrossSection, CurvedPicture
from viewers.render.windowing import to_grey
from viewers.state.curve import CurvedLook
from workstation.core.geometry import orientation_letters
from workstation.core.intensity import Window
from workstation.core.volume import Volume

SECTION_SHARE = 0.38
"""Share of the width that the cross-section gets: it is square, the straightened picture long."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a picture lies on the canvas.

    Attributes:
        area: its outline.
        px_per_mm: canvas pixels per millimeter, the same along and across.
    """

    area: QRectF
    px_per_mm: float


@dataclass(frozen=True, slots=True)
class CurvedLength:
    """A length in the straightened picture: along the line, or straight across it.

    Attributes:
        start_rc, end_rc: pixels.
        mm: its length.
        is_along: along the line; else straight across.
    """

    start_rc: tuple[float, float]
    end_rc: tuple[float, float]
    mm: float
    is_along: bool


@dataclass(frozen=True, slots=True, eq=False)
class CurvedScene:
    """Everything that is painted.

    Attributes:
        volume: what was cut.
        picture: straightened.
        section: across the line.
        look: how it is looked at now.
        window: gray mapping.
        is_inverted: low values bright.
        length: a length that is being measured, or was last; None for none.
        is_coming: a newer picture is being made.
    """

    volume: Volume
    picture: CurvedPicture
    section: CrossSection
    look: CurvedLook
    window: Window
    is_inverted: bool = False
    length: CurvedLength | None = None
    is_coming: bool = False


def places(scene: CurvedScene, width: float, height: float) -> tuple[Place, Place]:
    """Return where the straightened picture and the section lie on a canvas."""
    picture, section = scene.picture, scene.section
    long_mm = picture.pixels.shape[0] * picture.row_mm
    wide_mm = picture.pixels.shape[1] * picture.column_mm
    room = width * (1 - SECTION_SHARE)
    scale = max(min((height - 2 * MARGIN) / long_mm, (room - 2 * MARGIN) / wide_mm), 1e-3)
    size = (wide_mm * scale, long_mm * scale)
    left = QRectF((room - size[0]) / 2, (height - size[1]) / 2, *size)
    side_mm = section.pixels.shape[0] * section.pixel_mm
    part = max(min(width * SECTION_SHARE - 2 * MARGIN, height / 2), 8.0)
    right = QRectF(width - part - MARGIN, (height - part) / 2, part, part)
    return Place(left, scale), Place(right, part / side_mm)


def paint_scene(brush: Brush, scene: CurvedScene, band: float) -> None:
    """Paint the pictures, the place along the line, the words and the band."""
    paint_pictures(brush, scene, band)
    paint_band(brush, curved_notices(scene), band)


def paint_pictures(
    brush: Brush,
    scene: CurvedScene,
    band: float,
    *,
    shows_marks: bool = True,
    shows_texts: bool = True,
) -> None:
    """Paint everything but the band.

    Args:
        brush: paints on the whole canvas.
        scene: what is painted.
        band: height at the lower edge that is left free.
        shows_marks: the place along the line and the length that was measured.
        shows_texts: corner texts, letters and scale.
    """
    straight, across = places(scene, brush.width, brush.height - band)
    _paint_pixels(brush, scene, scene.picture.pixels, straight.area)
    _paint_pixels(brush, scene, scene.section.pixels, across.area)
    if shows_marks:
        _paint_level(brush, scene, straight, across)
    if shows_marks and scene.length is not None:
        _paint_length(brush, scene, scene.length, straight)
    if not shows_texts:
        return
    _paint_letters(brush, scene, straight, across)
    volume = scene.volume
    texts = CornerTexts(identity_lines(volume), series_lines(volume), _look_lines(scene))
    paint_corners(brush, texts, band)
    paint_scale(brush, straight.px_per_mm, brush.width * SECTION_SHARE + MARGIN, band)


def curved_notices(scene: CurvedScene) -> tuple[Notice, ...]:
    """Return what must be said about a straightened picture."""
    text = tr("distances are right along the line and straight across it only")
    said = [Notice(tr("CURVED"), text)]
    if scene.look.slab is not None:
        meaning = tr("projected across the picture; not stored, nothing else is measured on it")
        said.append(Notice(slab_text(scene.look.slab), meaning))
    if scene.volume.geometry.holes:
        said.append(Notice(tr("INCOMPLETE"), tr("slices are missing in this series")))
    return tuple(said)


def rc_at(scene: CurvedScene, place: Place, at: tuple[float, float]) -> tuple[float, float]:
    """Return the pixel (row, column) of the straightened picture under a canvas point."""
    rows, columns = scene.picture.pixels.shape
    row = (at[1] - place.area.top()) / place.area.height() * rows - 0.5
    column = (at[0] - place.area.left()) / place.area.width() * columns - 0.5
    return float(np.clip(row, 0, rows - 1)), float(np.clip(column, 0, columns - 1))


def _canvas_at(scene: CurvedScene, place: Place, rc: tuple[float, float]) -> QPointF:
    rows, columns = scene.picture.pixels.shape
    return QPointF(
        place.area.left() + (rc[1] + 0.5) / columns * place.area.width(),
        place.area.top() + (rc[0] + 0.5) / rows * place.area.height(),
    )


def _paint_pixels(
    brush: Brush, scene: CurvedScene, pixels: NDArray[np.float32], area: QRectF
) -> None:
    is_inverted = scene.is_inverted != scene.volume.is_monochrome1
    gray = np.ascontiguousarray(to_grey(pixels, scene.window, is_inverted=is_inverted))
    rows, columns = gray.shape
    image = QImage(gray.data, columns, rows, columns, QImage.Format.Format_Grayscale8)
    brush.painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
    brush.painter.drawImage(area, image)


def _paint_level(brush: Brush, scene: CurvedScene, straight: Place, across: Place) -> None:
    """Mark where the section is, and its middle."""
    row = scene.section.at_mm / scene.picture.row_mm
    y = _canvas_at(scene, straight, (row, 0.0)).y()
    brush.pen(brush.palette.accent, 1.0)
    brush.painter.drawLine(
        QPointF(straight.area.left() - 6, y), QPointF(straight.area.right() + 6, y)
    )
    brush.painter.setBrush(Qt.BrushStyle.NoBrush)
    brush.painter.drawRect(across.area)
    middle = across.area.center()
    for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        start = QPointF(middle.x() + 6 * dx, middle.y() + 6 * dy)
        brush.painter.drawLine(start, QPointF(middle.x() + 12 * dx, middle.y() + 12 * dy))


def _paint_length(brush: Brush, scene: CurvedScene, one: CurvedLength, straight: Place) -> None:
    start, end = (_canvas_at(scene, straight, rc) for rc in (one.start_rc, one.end_rc))
    for color, width in ((brush.palette.canvas, 3.0), (brush.palette.text, 1.4)):
        brush.pen(color, width)
        brush.painter.drawLine(start, end)
    words = tr("{0} mm along the line") if one.is_along else tr("{0} mm across the line")
    text = words.format(f"{one.mm:.1f}")
    brush.shadowed(end.x() + 8, end.y() - 4, text, brush.palette.text)


def _paint_letters(brush: Brush, scene: CurvedScene, straight: Place, across: Place) -> None:
    """Write where left and right of the pictures, and the far side of the section, point to."""
    line = scene.picture.line
    right, away = line.across(scene.look.rotation_deg)
    at = line.index_at(scene.look.at_mm)
    metrics, color = brush.metrics, QColor(brush.palette.text).name()
    for area in (straight.area, across.area):
        y = area.center().y() - metrics.height()
        words = orientation_letters(right[at])
        x = area.right() - metrics.horizontalAdvance(words) - 4
        brush.shadowed(x, y, words, color)
        brush.shadowed(area.left() + 4, y, orientation_letters(-right[at]), color)
    words = orientation_letters(away[at])
    x = across.area.center().x() - metrics.horizontalAdvance(words) / 2
    brush.shadowed(x, across.area.bottom() - 4, words, color)


def _look_lines(scene: CurvedScene) -> tuple[str, ...]:
    look, line = scene.look, scene.picture.line
    lines = [
        window_text(scene.window, scene.volume.intensity.unit),
        tr("{0} of {1} mm along the line").format(
            f"{scene.section.at_mm:.1f}", f"{line.length_mm:.1f}"
        ),
        tr("Turned {0}\N{DEGREE SIGN}, {1} mm wide").format(
            f"{look.rotation_deg:.0f}", f"{look.width_mm:.0f}"
        ),
    ]
    if look.slab is not None:
        lines.append(slab_text(look.slab))
    if scene.is_coming:
        lines.append(tr("The picture follows"))
    return tuple(lines)
