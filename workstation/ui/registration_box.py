"""Fits two series on request, shows how they lie on each other, and asks: accept or discard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from workstation.core.registration import FitJudgment, RigidRegistration
from workstation.ui.theme import step_px
from workstation.ui.widgets import button, column, label, line
from workstation.ui.words import tr

if TYPE_CHECKING:  # SimpleITK comes with it
    from workstation.services.register_pictures import FitPicture


class Look(Enum):
    """What the pictures of a fit show."""

    BOTH = "both"
    FIXED = "fixed"
    MOVING = "moving"


@dataclass(frozen=True, slots=True)
class BoxActs:
    """What the box asks for."""

    fit: Callable[[], None]
    stop: Callable[[], None]
    accept: Callable[[], None]
    discard: Callable[[], None]


class FitView(QWidget):
    """Pictures of a fit, one under the other. Owned by the UI thread."""

    def __init__(self) -> None:
        super().__init__()
        self._pictures: tuple[FitPicture, ...] = ()
        self._look = Look.BOTH
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(step_px(75))

    def sizeHint(self) -> QSize:
        """Return the usual size."""
        return QSize(step_px(80), step_px(75))

    def show_pictures(self, pictures: tuple[FitPicture, ...], look: Look) -> None:
        """Show both series as a checkerboard, or one of them."""
        self._pictures, self._look = pictures, look
        names = {
            Look.BOTH: tr("Both series in squares, by turns: edges must run on across them"),
            Look.FIXED: tr("The series that stays"),
            Look.MOVING: tr("The series that was moved"),
        }
        self.setAccessibleName(names[look])
        self.setToolTip(names[look])
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the planes on black, the first large and the others below it."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("#000000"))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        width, height = self.width(), self.height()
        below = round(height * 0.4)
        places = (
            QRect(0, 0, width, height - below),
            QRect(0, height - below, width // 2, below),
            QRect(width // 2, height - below, width - width // 2, below),
        )
        for picture, place in zip(self._pictures, places, strict=False):
            image = _image(self._shown(picture))
            size = image.size().scaled(place.size(), Qt.AspectRatioMode.KeepAspectRatio)
            target = QRect(0, 0, size.width(), size.height())
            target.moveCenter(place.center())
            painter.drawImage(target.adjusted(2, 2, -2, -2), image)
        painter.end()

    def _shown(self, picture: FitPicture) -> NDArray[np.uint8]:
        if self._look is Look.BOTH:
            # SimpleITK comes with it: only a fit on show needs it.
            from workstation.services.register_pictures import checkerboard

            return checkerboard(picture)
        return picture.fixed if self._look is Look.FIXED else picture.moving


class RegistrationBox(QWidget):
    """Owned by the UI thread.

    Args:
        acts: what its buttons do.
    """

    def __init__(self, acts: BoxActs) -> None:
        super().__init__()
        self.text = label("", wraps=True)
        self.fit_button = button(tr("Fit the two series on show"), acts.fit)
        self.stop_button = button(tr("Stop"), acts.stop)
        self.view = FitView()
        self.judgment = label("", "strong", wraps=True)
        self.figures = label("", "quiet", wraps=True)
        self.look_button = button(tr("Show the other one (blink)"), self.next_look)
        self.accept_button = button(tr("Accept: link by this fit"), acts.accept)
        self.discard_button = button(tr("Discard the fit"), acts.discard)
        self._pictures: tuple[FitPicture, ...] = ()
        self._look = Look.BOTH
        self._lay_out()
        self.show_nothing()

    def show_nothing(self, why: str = "") -> None:
        """Say why there is no fit, or else what one is for; none runs and none is on show."""
        self.text.setText(
            why
            or tr(
                "For two series whose headers share no place in the patient. The second one is "
                "turned and moved, not bent, until both lie on each other. You see the result "
                "and decide; nothing is measured through it."
            )
        )
        self._pictures = ()
        self._arrange(is_running=False, has_fit=False, is_accepted=False)

    def show_running(self, words: str) -> None:
        """Say that a fit is computed."""
        self.text.setText(words)
        self._arrange(is_running=True, has_fit=False, is_accepted=False)

    def show_fit(
        self, fit: RigidRegistration, pictures: tuple[FitPicture, ...], *, is_accepted: bool
    ) -> None:
        """Show a fit and what may be said of it."""
        self._pictures = pictures
        self.text.setText(
            tr("In use: scrolling, lines and the point go through this fit. Discard it any time.")
            if is_accepted
            else tr("Look at edges across the squares, then accept or discard.")
        )
        self.judgment.setText(judgment_words(fit.judgment))
        self.judgment.setProperty("role", "strong" if fit.judgment is FitJudgment.GOOD else "doubt")
        self.judgment.style().unpolish(self.judgment)
        self.judgment.style().polish(self.judgment)
        self.figures.setText(figures_words(fit))
        self._show_look(Look.BOTH)
        self._arrange(is_running=False, has_fit=True, is_accepted=is_accepted)

    def next_look(self) -> None:
        """Show the squares, then one series, then the other."""
        order = tuple(Look)
        self._show_look(order[(order.index(self._look) + 1) % len(order)])

    @property
    def look(self) -> Look:
        """What the pictures show."""
        return self._look

    def _show_look(self, look: Look) -> None:
        self._look = look
        self.view.show_pictures(self._pictures, look)

    def _arrange(self, *, is_running: bool, has_fit: bool, is_accepted: bool) -> None:
        self.fit_button.setVisible(not is_running and not has_fit)
        self.stop_button.setVisible(is_running)
        for widget in (self.view, self.judgment, self.figures, self.look_button):
            widget.setVisible(has_fit)
        self.accept_button.setVisible(has_fit and not is_accepted)
        self.discard_button.setVisible(has_fit)

    def _lay_out(self) -> None:
        inside = column(self, gap=2)
        for widget in (self.text, self.fit_button, self.stop_button, self.view, self.judgment):
            inside.addWidget(widget)
        inside.addWidget(self.figures)
        inside.addWidget(self.look_button)
        ends = line(gap=2)
        ends.addWidget(self.accept_button)
        ends.addWidget(self.discard_button)
        inside.addLayout(ends)


def judgment_words(judgment: FitJudgment) -> str:
    """Return in a sentence what the figures of a fit allow one to say."""
    match judgment:
        case FitJudgment.GOOD:
            return tr("The fit is steady and the series are much alike. Look all the same.")
        case FitJudgment.DOUBTFUL:
            return tr("The fit is in doubt: look closely before you rely on it.")
        case FitJudgment.FAILED:
            return tr("The fit has failed: the series do not lie on each other. Discard it.")


def figures_words(fit: RigidRegistration) -> str:
    """Return the figures of a fit as people read them."""
    figures = fit.figures
    moved = float(np.linalg.norm(fit.moving_to_fixed[:3, 3]))
    rows = (
        tr("Alikeness {0} before, {1} after (mutual information)").format(
            f"{figures.similarity_before:.2f}", f"{figures.similarity_after:.2f}"
        ),
        tr("{0} % of the smaller scan lie inside the other").format(round(100 * figures.overlap)),
        tr("Pushed away, it came back to within {0} mm").format(f"{figures.spread_mm:.1f}"),
        tr("Turned by {0} degrees, origin moved by {1} mm").format(
            f"{fit.rotation_deg:.1f}", f"{moved:.0f}"
        ),
    )
    return "\n".join(rows)


def _image(gray: NDArray[np.uint8]) -> QImage:
    rows, columns = gray.shape
    data = np.ascontiguousarray(gray)
    return QImage(data.data, columns, rows, columns, QImage.Format.Format_Grayscale8).copy()
