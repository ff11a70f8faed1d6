"""Pictures of what stands beside the slices: the view along a line, and the 3D view.

What has the keyboard, or had it last among the images, is what "this viewport" means.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QWidget

from viewers.qt.desk import ViewportDesk
from viewers.qt.picture_maker import NOBODY, pixels_of
from workstation.core.identity import SeriesIdentity
from workstation.core.picture import Picture, PictureLook
from workstation.core.verdict import Doubt
from workstation.ui.curved_controller import CurvedController
from workstation.ui.scene3d_controller import Scene3dController
from workstation.ui.words import tr


@dataclass(frozen=True, slots=True, eq=False)
class BesidePicture:
    """A picture that is no slice, drawn already.

    Attributes:
        picture: what is seen, with its notices.
        series: what it was made of.
        doubts: of that series.
    """

    picture: Picture
    series: SeriesIdentity
    doubts: tuple[Doubt, ...]


class BesidePictures(QObject):
    """Draws them. Owned by the UI thread."""

    def __init__(
        self, desk: ViewportDesk, curved: CurvedController, scene3d: Scene3dController
    ) -> None:
        """Begin to follow the keyboard.

        Args:
            desk: the viewports of slices.
            curved: has the view along a line.
            scene3d: has the 3D view.
        """
        super().__init__(desk)
        self._desk, self._curved, self._scene3d = desk, curved, scene3d
        self._last: QWidget | None = None
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow)

    def seen(self, look: PictureLook) -> BesidePicture | None:
        """Return the picture that is meant; None where a viewport of slices is, or it is not whole.

        Args:
            look: what is drawn over it, and whether it names the patient.
        """
        pane, stage = self._curved.pane, self._scene3d.stage
        if pane is not None and pane is self._last:
            return self._along_line(look)
        is_3d_alone = self._scene3d.is_shown and not self._desk.active.isVisible()
        if stage is not None and self._scene3d.is_shown and (is_3d_alone or stage is self._last):
            return self._in_3d(look)
        return None

    # Private

    def _follow(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is None:
            return
        for one in (self._curved.pane, self._scene3d.stage):
            if one is not None and (one is new or one.isAncestorOf(new)):
                self._last = one
                return
        if any(one.isAncestorOf(new) for one in self._desk.viewports):
            self._last = None

    def _along_line(self, look: PictureLook) -> BesidePicture | None:
        pane = self._curved.pane
        picture = None if pane is None else pane.seen(look)
        content = None if pane is None else pane.source.content
        if picture is None or content is None:
            return None
        return BesidePicture(picture, content.stored.series, content.doubts)

    def _in_3d(self, look: PictureLook) -> BesidePicture | None:
        stage, series = self._scene3d.stage, self._scene3d.series
        if stage is None or series is None or not series.is_open:
            return None
        identity = stage.viewport.identity
        if not look.has_identity:
            prior = (tr("PRIOR, date not known"),) if series.item.prior else ()
            whose = (tr(NOBODY),) if look.shows_texts else ()
            identity = ((*whose, *prior), ())
        seen = stage.viewport.seen(identity, shows_texts=look.shows_texts)
        if seen is None:
            return None
        image, said = seen
        notices = tuple(line for line in said.split("\n") if line)
        picture = Picture(pixels_of(image), None, notices)
        return BesidePicture(picture, series.volume.series, series.doubts)
