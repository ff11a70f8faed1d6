"""Pictures of a viewport for files, movies and paper, drawn off the screen by its own drawing.

What was seen is captured as a value; it is drawn on whichever thread makes the file. Unless asked
otherwise nothing in it names the patient. Notices stand in a band under the image, never cut short
and never left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QGuiApplication, QImage, QPainter

from viewers.qt.content import Content
from viewers.qt.link_show import LinkShow
from viewers.qt.model import SharedMarks, ViewportModel
from viewers.qt.painting import Brush
from viewers.qt.palette import Palette
from viewers.qt.picture import LiveMarks, PicturePainter, PictureSize
from viewers.qt.plane_turning import PlaneTurner
from viewers.qt.texts import Notice
from viewers.render.fusion import Overlay
from viewers.render.planes import PlaneStack, acquired_stack
from viewers.render.region_marks import ShownRegion
from viewers.render.stored_look import applied, slice_name
from viewers.state.crosshair import Crosshair
from viewers.state.curve import Curve
from viewers.state.cuts import TurnedPlanes
from viewers.state.slab import Projection, Slab
from viewers.state.stored_look import StoredLook
from viewers.state.view_state import Plane, ViewState
from workstation.core.finding import Evidence
from workstation.core.geometry import GeometryError
from workstation.core.identity import PatientIdentity, SeriesIdentity, StudyIdentity
from workstation.core.measurement import Measurement
from workstation.core.phi import Phi
from workstation.core.picture import Picture, PictureLook, PlainView, Projecting, SlicePictures
from workstation.core.presentation import PresentationState
from workstation.core.verdict import Doubt
from workstation.core.volume import Volume

READABLE_PX = 512
"""Least width and height of a picture with words: small images are enlarged by a whole factor."""

BAND_PADDING_PX = 4.0
"""Space around the words of the band, pixels of the picture."""

LETTER_SHARE = 1 / 44
"""Height of letters as a share of the smaller side: what a viewport of 600 pixels shows."""

SMALLEST_LETTER_PX, LARGEST_LETTER_PX = 11, 40
"""Letters below 11 pixels cannot be read; above 40 they cover anatomy."""

LARGEST_SIDE_PX = 8192
"""A displayed area may claim to be larger than any image."""

PX_PER_MM = 96 / 25.4
"""Pixels per millimetre of true size where there is no screen: 96 dots on an inch."""

NOBODY = "Anonymous"
"""Stands where a name would stand."""

UNSIGNED = "Stored look"
"""Stands where the name of a presentation state would stand."""


@dataclass(frozen=True, slots=True, eq=False)
class SeenView:
    """What one viewport shows, captured. Immutable; any thread.

    Attributes:
        content: the volume and what is known of it.
        state: how it is shown.
        measurements, evidence, regions, crosshair, turned, curve: marks shared by viewports.
        size_px: width and height of the image area on screen; None for stored resolution.
        letter_px: height of letters on screen; 0 for one that fits the picture.
        stored_look: the presentation state that is applied; None for none.
        links: lines of slices in other viewports; they leave with the marks.
    """

    content: Content
    state: ViewState
    measurements: tuple[Measurement, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    regions: tuple[ShownRegion, ...] = ()
    crosshair: Crosshair | None = None
    turned: TurnedPlanes | None = None
    curve: Curve | None = None
    size_px: tuple[int, int] | None = None
    letter_px: int = 0
    stored_look: StoredLook | None = None
    links: LinkShow = field(default_factory=LinkShow)

    @property
    def at_stored_size(self) -> SeenView:
        """The whole slice with a picture pixel per stored pixel, in the same window and turn."""
        return replace(
            self,
            size_px=None,
            letter_px=0,
            state=replace(self.state, zoom=None, pan_mm=(0.0, 0.0)),
        )


def plain_view(volume: Volume, doubts: tuple[Doubt, ...], view: PlainView) -> SeenView:
    """Return the view of a volume that nobody has arranged; its window may be left open.

    Raises:
        GeometryError: a slab cannot be had of this series.
    """
    content = Content(volume, doubts, is_finished=True)
    model = ViewportModel(SharedMarks())
    model.show(content, Plane(view.plane))
    state = model.state.value
    if view.window is not None:
        state = replace(state, window=view.window)
    if view.slab_mm > 0:
        if why := model.why_no_slab():
            raise GeometryError("This series gives no slab", why=why)
        state = replace(state, slab=Slab(_PROJECTIONS[view.projecting], view.slab_mm))
    if view.stored_look is not None:
        return _as_stored(SeenView(content, state), view.stored_look, view.index)
    return SeenView(content, state)


def _as_stored(view: SeenView, look: PresentationState, index: int) -> SeenView:
    """Return a view of one slice as a presentation state says, in the size of its area."""
    volume = view.content.volume
    stack = acquired_stack(volume.geometry)
    area = look.area_of(*slice_name(volume, index))
    rows, columns = stack.shape_rc
    if area is not None:
        columns = abs(area.bottom_right[0] - area.top_left[0]) + 1
        rows = abs(area.bottom_right[1] - area.top_left[1]) + 1
    finest = min(stack.spacing_rc_mm)
    sides = [columns * stack.spacing_rc_mm[1] / finest, rows * stack.spacing_rc_mm[0] / finest]
    if look.rotation_deg in (90, 270):
        sides.reverse()
    factor = max(-(-READABLE_PX // max(round(min(sides)), 1)), 1)
    size = (
        min(round(sides[0] * factor), LARGEST_SIDE_PX),
        min(round(sides[1] * factor), LARGEST_SIDE_PX),
    )
    state = applied(
        look,
        volume,
        stack,
        replace(view.state, slice_index=index),
        (float(size[0]), float(size[1])),
        screen_px_per_mm=PX_PER_MM,
    )
    return replace(view, state=state, size_px=size, stored_look=StoredLook(look))


_PROJECTIONS = {
    Projecting.MIP: Projection.MIP,
    Projecting.MINIP: Projection.MINIP,
    Projecting.MEAN: Projection.MEAN,
}


class PictureMaker:
    """Draws pictures of one captured view. Owned by the thread that draws.

    Args:
        view: what was seen.
        look: what is drawn over the image.
    """

    def __init__(self, view: SeenView, look: PictureLook) -> None:
        marks = SharedMarks()
        marks.measurements.set(view.measurements)
        marks.evidence.set(view.evidence)
        marks.regions.set(view.regions)
        self._model = ViewportModel(marks)
        content = view.content if look.has_identity else _anonymous(view.content)
        self._model.show(content, view.state.plane)
        marks.turned.set(view.turned)
        marks.crosshair.set(view.crosshair)
        marks.curves.curve.set(view.curve)
        stored = view.stored_look
        marks.stored_look.set(stored if look.has_identity else _unsigned(stored))
        self._state = replace(
            view.state, shows_overlays=look.shows_marks, shows_texts=look.shows_texts
        )
        self._model.state.set(self._state)
        if look.shows_marks and view.links.patches:
            self._model.link.set(view.links)
        self._view, self._look = view, look
        self._painter = PicturePainter(self._model)
        self._palette = Palette()
        self._band_px = 0

    @property
    def count(self) -> int:
        """How many slices the plane on show has."""
        stack = self._model.stack()
        return 0 if stack is None else stack.count

    @property
    def index(self) -> int:
        """The slice that was on screen, 0-based."""
        return self._state.slice_index

    def draw(self, index: int) -> Picture:
        """Return the picture of a slice, 0-based."""
        stack = self._model.stack()
        if stack is None or not 0 <= index < stack.count:
            raise ValueError("there is no such slice")
        state = replace(self._state, slice_index=index)
        self._model.state.set(state)
        fitted = self._fitted(stack, state)
        font = _font(self._view.letter_px or _letter_px(fitted))
        said = self._model.notices("")
        # Slices of one view share a band, so that pictures of a movie have one size.
        self._band_px = max(self._band_px, _band_height(said, font, fitted[0]))
        image = QImage(fitted[0], fitted[1] + self._band_px, QImage.Format.Format_RGB32)
        image.fill(QColor(self._palette.canvas))
        painter = QPainter(image)
        painter.setFont(font)
        self._paint(painter, fitted, said)
        painter.end()
        mapping = self._model.frame_map((float(fitted[0]), float(fitted[1])))
        px_per_mm = mapping.px_per_mm if mapping and mapping.stack.has_millimetres else 0.0
        words = tuple(f"{one.word}  {one.text}".strip() for one in said)
        return Picture(pixels_of(image), 1 / px_per_mm if px_per_mm else None, words)

    def _paint(self, painter: QPainter, fitted: tuple[int, int], said: tuple[Notice, ...]) -> None:
        width, height = float(fitted[0]), float(fitted[1])
        turner = PlaneTurner(self._model)
        turner.size_canvas = (width, height)
        mapping = self._model.frame_map((width, height))
        lines = () if mapping is None else turner.lines(mapping)
        turner.close()
        painter.save()
        painter.setClipRect(QRectF(0, 0, width, height))
        brush = Brush(painter, width, height, self._palette)
        size = PictureSize((width, height), 0.0)
        self._painter.paint(brush, size, (), LiveMarks(cross_lines=lines))
        painter.restore()
        if said:
            _paint_band(painter, said, width, height, self._band_px, self._palette)

    def _fitted(self, stack: PlaneStack, state: ViewState) -> tuple[int, int]:
        """Return width and height of the image part of the picture."""
        if self._view.size_px is not None:
            return self._view.size_px
        finest = min(stack.spacing_rc_mm)
        height = round(stack.shape_rc[0] * stack.spacing_rc_mm[0] / finest)
        width = round(stack.shape_rc[1] * stack.spacing_rc_mm[1] / finest)
        if state.turn.rotation_deg in (90, 270):
            width, height = height, width
        has_words = self._look.shows_texts or self._look.shows_marks
        factor = -(-READABLE_PX // max(min(width, height), 1)) if has_words else 1
        return width * factor, height * factor


class OffscreenPainter:
    """Draws volumes for the command line. One thread.

    Keeps a QGuiApplication alive where the process has none.
    """

    def __init__(self) -> None:
        self._application: QGuiApplication | None = None
        if QCoreApplication.instance() is None:
            self._application = QGuiApplication(["prelim", "-platform", "offscreen"])

    def slices(
        self, volume: Volume, doubts: tuple[Doubt, ...], view: PlainView, look: PictureLook
    ) -> SlicePictures:
        """Return the pictures of a loaded volume."""
        return PictureMaker(plain_view(volume, doubts, view), look)


def sheet_of(views: tuple[tuple[SeenView, tuple[float, float]], ...], look: PictureLook) -> Picture:
    """Return all viewports as they stand beside each other, as one picture.

    Args:
        views: each view with the place of its upper left corner, in pixels of the picture.
        look: what is drawn over the images.
    """
    drawn = [(PictureMaker(view, look), view, at) for view, at in views]
    pictures = [(maker.draw(maker.index), at) for maker, _view, at in drawn]
    width = max(round(x) + one.size[0] for one, (x, _y) in pictures)
    height = max(round(y) + one.size[1] for one, (_x, y) in pictures)
    whole = np.zeros((height, width, 3), dtype=np.uint8)
    for one, (x, y) in pictures:
        pixels = one.pixels if one.pixels.ndim == 3 else one.pixels[..., None]
        rows, columns = one.pixels.shape[:2]
        whole[round(y) : round(y) + rows, round(x) : round(x) + columns] = pixels
    words = tuple(dict.fromkeys(word for one, _at in pictures for word in one.notices))
    return Picture(_thin(whole), None, words)


def banded(
    size_px: tuple[int, int],
    letter_px: int,
    said: tuple[Notice, ...],
    paint: Callable[[Brush], object],
) -> Picture:
    """Return a picture of something else than slices, with its notices in a band under it.

    Args:
        size_px: width and height of the part above the band.
        letter_px: height of letters.
        said: the notices.
        paint: draws the part above the band.
    """
    font, palette = _font(letter_px), Palette()
    band = _band_height(said, font, size_px[0])
    image = QImage(size_px[0], size_px[1] + band, QImage.Format.Format_RGB32)
    image.fill(QColor(palette.canvas))
    painter = QPainter(image)
    painter.setFont(font)
    painter.save()
    painter.setClipRect(QRectF(0, 0, *size_px))
    paint(Brush(painter, float(size_px[0]), float(size_px[1]), palette))
    painter.restore()
    if said:
        _paint_band(painter, said, float(size_px[0]), float(size_px[1]), band, palette)
    painter.end()
    words = tuple(f"{one.word}  {one.text}".strip() for one in said)
    return Picture(pixels_of(image), None, words)


def _anonymous(content: Content) -> Content:
    """Return content whose headers name nobody, no date and no free text; voxels are shared."""
    original, overlay = content.original, content.overlay
    return replace(
        content,
        volume=unnamed(content.volume),
        original=None if original is None else unnamed(original),
        overlay=None if overlay is None else _undated(overlay),
        prior_date=None if content.prior_date is None else "",
    )


def _undated(overlay: Overlay) -> Overlay:
    prior_date = None if overlay.prior_date is None else ""
    return replace(overlay, volume=unnamed(overlay.volume), prior_date=prior_date)


def unnamed(volume: Volume) -> Volume:
    """Return a volume whose headers name nobody, no date and no free text."""
    series = volume.series
    study = StudyIdentity(
        series.study.study_uid,
        PatientIdentity(name=Phi(NOBODY)),
        is_research=series.study.is_research,
    )
    plain = SeriesIdentity(series.series_uid, study, modality=series.modality, number=series.number)
    return replace(volume, series=plain)


def _unsigned(look: StoredLook | None) -> StoredLook | None:
    """Return a presentation state that does not say who called it what, and when."""
    if look is None:
        return None
    plain = replace(look.state, label=UNSIGNED, description="", creator="", made="")
    return replace(look, state=plain)


def _letter_px(fitted: tuple[int, int]) -> int:
    wanted = round(min(fitted) * LETTER_SHARE)
    return min(max(wanted, SMALLEST_LETTER_PX), LARGEST_LETTER_PX)


def _font(letter_px: int) -> QFont:
    font = QFont()
    font.setPixelSize(letter_px)
    return font


_BETWEEN_WORDS = int(Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap)
_ANYWHERE = _BETWEEN_WORDS | int(Qt.TextFlag.TextWrapAnywhere)


def _band_height(said: tuple[Notice, ...], font: QFont, width: int) -> int:
    if not said:
        return 0
    metrics, text = QFontMetricsF(font), _band_words(said)
    area = QRectF(0, 0, width - 2 * BAND_PADDING_PX, 1e6)
    words = metrics.boundingRect(area, _wrapping(metrics, text, area.width()), text)
    return int(np.ceil(words.height() + 2 * BAND_PADDING_PX))


def _wrapping(metrics: QFontMetricsF, text: str, room: float) -> int:
    """Return how a text is broken into lines: inside a word only where one finds no room."""
    longest = max(metrics.horizontalAdvance(word) for word in text.split())
    return _ANYWHERE if longest > room else _BETWEEN_WORDS


def _band_words(said: tuple[Notice, ...]) -> str:
    return "\n".join(f"{one.word}  {one.text}".strip() for one in said)


def _paint_band(
    painter: QPainter,
    said: tuple[Notice, ...],
    width: float,
    top: float,
    height: int,
    palette: Palette,
) -> None:
    painter.fillRect(QRectF(0, top, width, height), QColor(palette.panel))
    painter.setPen(QColor(palette.doubt))
    area = QRectF(0, top, width, height)
    pad, text = BAND_PADDING_PX, _band_words(said)
    flags = _wrapping(QFontMetricsF(painter.font()), text, width - 2 * pad)
    painter.drawText(area.adjusted(pad, pad, -pad, -pad), flags, text)


def pixels_of(image: QImage) -> NDArray[np.uint8]:
    """Return the pixels of an RGB32 image, (rows, columns, 3); gray where none has a color."""
    rows, columns = image.height(), image.width()
    raw = np.frombuffer(image.constBits(), dtype=np.uint8)
    bgra = raw.reshape(rows, image.bytesPerLine() // 4, 4)[:, :columns]
    return _thin(np.ascontiguousarray(bgra[..., 2::-1]))


def _thin(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return gray pixels where no pixel has a color."""
    red = rgb[..., 0]
    if np.array_equal(red, rgb[..., 1]) and np.array_equal(red, rgb[..., 2]):
        return np.ascontiguousarray(red)
    return rgb
