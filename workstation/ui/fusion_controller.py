"""Lays one series over another: which, how, and in which viewports.

A prior may lie over the study being read where positions of the one mean a place in the other;
the picture says so with its date, and nothing of it enters a measurement.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from viewers.qt.content import Content
from viewers.qt.fusion_texts import overlay_name
from viewers.qt.viewport import ViewportWidget
from viewers.render.fusion import FusionError, Overlay, opening_fusion, overlay_on, why_not_fused
from viewers.state.fusion import Fusion
from viewers.state.linking import LinkState
from viewers.tools.measure import value_unit
from workstation.core.image_stack import ImageStack
from workstation.core.observable import Observable
from workstation.core.registration import RigidRegistration
from workstation.core.volume import Volume
from workstation.services.choose_overlay import Pair, overlay_pairs
from workstation.ui.fusion_bar import FusionBar
from workstation.ui.fusion_commands import HIDE
from workstation.ui.loaded_series import LoadedSeries
from workstation.ui.series_keeper import Wish
from workstation.ui.study_controller import StudyController
from workstation.ui.study_page import StudyPage
from workstation.ui.words import tr

if TYPE_CHECKING:
    from collections.abc import Iterator

REFRESH_MS = 100
"""While an overlay loads its picture is painted anew ten times a second, not at each slice."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What lay over a series: it comes back with that series.

    Attributes:
        overlay: row of the series over it.
        fusion: how it was drawn.
        is_readers: the reader chose how.
    """

    overlay: int
    fusion: Fusion
    is_readers: bool


class FusionController(QObject):
    """Does what keys and the line of controls ask about overlays. Owned by the UI thread.

    Signals:
        said(str): a sentence for the status line.
    """

    said = Signal(str)

    def __init__(
        self, page: StudyPage, study: StudyController, links: Observable[LinkState]
    ) -> None:
        """Make the controller; its line of controls goes under the images of the page.

        Args:
            page: the reading page.
            study: the open study.
            links: holds the fits that the reader accepted.
        """
        super().__init__(page)
        self._grid, self._study, self._links = page.desk, study, links
        self.bar = FusionBar(self.change, choose_partner=self.next_partner, stop=self.stop)
        page.fusion_place.addWidget(self.bar)
        self._wanted: Pair | None = None
        self._laid: LoadedSeries | None = None
        self._release: Callable[[], None] | None = None
        self._is_readers = False
        self._kept: dict[int, _Kept] = {}
        self._keys_text: Callable[[str], str] = lambda _command_id: ""
        self._repaint = QTimer(self)
        self._repaint.setSingleShot(True)
        self._repaint.setInterval(REFRESH_MS)
        self._repaint.timeout.connect(self._paint_overlays)
        study.keeper.ready.connect(self._on_ready)
        study.keeper.slice_came.connect(self._on_slice)
        study.keeper.loading_ended.connect(self._on_ended)
        study.shown_changed.connect(self._on_shown)
        study.study_changed.connect(lambda _study: self._forget())
        links.observe(lambda _old, new: self._check_fit(new))

    # What keys do

    def toggle(self) -> None:
        """Lay the best partner over the series on show, or take the overlay away."""
        if self._fusion is not None:
            self.stop()
            return
        pairs = self._pairs()
        if pairs:
            self._begin(pairs[0])
        else:
            self.said.emit(self._why_none())

    def next_partner(self) -> None:
        """Lay the next series that fits over the one on show."""
        pairs = self._pairs()
        if not pairs:
            self.said.emit(self._why_none())
            return
        now = self._row_of_overlay()
        rows = [pair.overlay for pair in pairs]
        at = rows.index(now) + 1 if now in rows else 0
        self._begin(pairs[at % len(pairs)])

    def stop(self) -> None:
        """Take the overlay away; it does not come back by itself."""
        content = self._grid.active.content
        row = self._row_shown()
        if row is not None:
            self._kept.pop(row, None)
        if content is not None:
            for viewport in self._showing(content.volume):
                viewport.lay_over(None, None)
        self._let_go()
        self._show_bar()

    def next_palette(self) -> None:
        """Draw the overlay in the next palette."""
        self._change_by(Fusion.with_next_palette)

    def step_opacity(self, steps: int) -> None:
        """Make the overlay some steps more opaque, or less."""
        self._change_by(lambda fusion: fusion.more_opaque(steps))

    def hold(self, is_down: bool) -> None:
        """Hide the overlay for as long as the key is held."""
        for viewport in self._grid.viewports:
            viewport.hide_fusion(is_down)

    def change(self, fusion: Fusion) -> None:
        """Draw the overlay as the reader wants it, wherever its base is shown."""
        self._is_readers = True
        self._draw(fusion)

    def take_keys(self, keys_text: Callable[[str], str]) -> None:
        """Take what gives the keys of a command, for the notice band."""
        self._keys_text = keys_text

    # Beginning

    def _begin(self, pair: Pair) -> None:
        """Read the overlay, and show the base where it is not on show yet."""
        self._kept.pop(pair.base, None)
        if self._row_shown() != pair.base:
            self._study.show_row(pair.base)
        self._want(pair)

    def _want(self, pair: Pair) -> None:
        """Read the overlay, and lay it on when it is there."""
        self._wanted = pair
        wish = Wish(self._grid.active, is_quiet=True)
        self._study.keeper.show(pair.overlay, self._study.rows[pair.overlay], wish)
        self._try_to_lay()

    def _bring_back(self) -> None:
        """Lay on again what lay over the series that is on show now."""
        row, content = self._row_shown(), self._grid.active.content
        kept = None if row is None else self._kept.get(row)
        if row is None or kept is None or content is None or content.overlay is not None:
            return
        rows = self._study.rows
        if kept.overlay >= len(rows) or self._why_not(
            rows[row].display_set, rows[kept.overlay].display_set
        ):
            del self._kept[row]  # its fit was discarded, or its prior left
        elif self._wanted != Pair(row, kept.overlay):
            self._want(Pair(row, kept.overlay))

    def _on_ready(self, _series: LoadedSeries, _wish: Wish) -> None:
        # After everybody: the base is laid under only when it is on screen.
        QTimer.singleShot(0, self, self._try_to_lay)

    def _try_to_lay(self) -> None:
        """Lay the wanted overlay on once both series have their volumes."""
        pair, loaded = self._wanted, self._study.keeper.loaded
        if pair is None or self._row_shown() != pair.base:
            return
        over, content = loaded.get(pair.overlay), self._grid.active.content
        if over is None or not over.is_open or content is None:
            return
        self._wanted = None
        volume = over.volume
        try:
            overlay = overlay_on(
                content.volume, volume, over.is_loaded, self._fit(content.volume, volume)
            )
        except FusionError as error:
            self.said.emit(tr(str(error)))
            return
        overlay = replace(overlay, doubts=over.doubts)
        self._let_go()
        self._laid, self._release = over, self._study.keeper.hold(over)
        kept = self._kept.get(pair.base)
        if kept is not None and kept.overlay == pair.overlay:
            fusion, self._is_readers = kept.fusion, kept.is_readers
        else:
            fusion = opening_fusion(volume, over.is_loaded)
            if content.fusion is not None:
                now = content.fusion
                fusion = replace(fusion, palette=now.palette, opacity=now.opacity)
        for viewport in self._showing(content.volume):
            viewport.lay_over(overlay, fusion)
        self._keep()
        self._show_bar()

    def _keep(self) -> None:
        """Remember what lies over the series on show now."""
        row, fusion, over = self._row_shown(), self._fusion, self._row_of_overlay()
        if row is not None and fusion is not None and over >= 0:
            self._kept[row] = _Kept(over, fusion, self._is_readers)

    def _pairs(self) -> tuple[Pair, ...]:
        row, imported = self._row_shown(), self._study.imported
        if row is None or imported is None:
            return ()
        stacks = [item.display_set for item in self._study.rows]
        return overlay_pairs(
            stacks,
            row,
            self._why_not,
            placing=self._placing,
            current_uid=imported.identity.study_uid,
        )

    def _placing(self, one: ImageStack, other: ImageStack) -> NDArray[np.float64]:
        uids = (one.geometry.frame_of_reference_uid, other.geometry.frame_of_reference_uid)
        fit = self._fit_between(*uids) if uids[0] != uids[1] else None
        return np.eye(4) if fit is None else fit.between(*uids)

    def _why_not(self, base: ImageStack, over: ImageStack) -> str:
        uids = (base.geometry.frame_of_reference_uid, over.geometry.frame_of_reference_uid)
        return why_not_fused(base.geometry, over.geometry, self._fit_between(*uids))

    def _why_none(self) -> str:
        """Return why nothing can be laid over the series on show."""
        row = self._row_shown()
        if row is None:
            return tr("Show a series first: another one is laid over it.")
        rows = self._study.rows
        here = rows[row].display_set
        if here.is_color:
            return tr("Color images cannot be laid over each other.")
        others = [item.display_set for n, item in enumerate(rows) if n != row]
        if not others:
            return tr("There is no other series in this study to lay over this one.")
        reasons = {self._why_not(here, other) for other in others if not other.is_color} - {""}
        if len(reasons) == 1:
            return tr(reasons.pop())
        return tr(
            "No other series shows the same part of the body in the same frame of reference. "
            "Series of other frames can be laid over after they were fitted."
        )

    def _fit(self, base: Volume, over: Volume) -> RigidRegistration | None:
        return self._fit_between(
            base.geometry.frame_of_reference_uid, over.geometry.frame_of_reference_uid
        )

    def _fit_between(self, one_uid: str, other_uid: str) -> RigidRegistration | None:
        """Return the fit between two frames of reference that the reader accepted."""
        fits = self._links.value.registrations
        return next((fit for fit in fits if fit.joins(one_uid, other_uid)), None)

    def _check_fit(self, links: LinkState) -> None:
        """Take an overlay away whose fit the reader has discarded."""
        gone = [one for one in self._grid.viewports if not _is_placed(one, links)]
        for viewport in gone:
            self._kept.pop(self._row_in(viewport), None)
            viewport.lay_over(None, None)
        if gone:
            self._on_shown()
            self.said.emit(tr("The fit was discarded: nothing is laid over any more."))

    # While it is laid over

    def _on_slice(self, series: LoadedSeries, _k: int) -> None:
        if series is self._laid and not self._repaint.isActive():
            self._repaint.start()

    def _on_ended(self, series: LoadedSeries) -> None:
        if series is not self._laid:
            return
        fusion, overlay = self._fusion, self._overlay
        if fusion is not None and overlay is not None:
            # The window was guessed while nothing was in.
            mine = opening_fusion(overlay.volume, overlay.is_loaded)
            if not self._is_readers:
                self._draw(replace(fusion, low=mine.low, high=mine.high, threshold=mine.threshold))
        self._paint_overlays()

    def _draw(self, fusion: Fusion) -> None:
        content = self._grid.active.content
        if content is None or content.overlay is None:
            return
        for viewport in self._showing(content.volume):
            shown = viewport.content
            if shown is not None and shown.overlay is not None:
                viewport.lay_over(shown.overlay, fusion)
        if self._row_shown() in self._kept:
            self._keep()
        self._show_bar()

    def _paint_overlays(self) -> None:
        for viewport in self._grid.viewports:
            content = viewport.content
            if content is not None and content.overlay is not None:
                viewport.canvas.update()

    def _on_shown(self) -> None:
        """Follow another series, or another viewport."""
        if not any(self._lies_over(viewport) for viewport in self._grid.viewports):
            self._let_go()
        self._bring_back()
        self._show_bar()

    def _lies_over(self, viewport: ViewportWidget) -> bool:
        content = viewport.content
        overlay = None if content is None else content.overlay
        return overlay is not None and self._study.loaded_of(overlay.volume) is self._laid

    def _show_bar(self) -> None:
        """Show the controls of what is laid over in the active viewport, or none."""
        content = self._grid.active.content
        if content is None or content.overlay is None or content.fusion is None:
            self.bar.hide()
            return
        unit = value_unit(content.overlay.volume.intensity)
        for viewport in self._grid.viewports:
            viewport.set_hide_key(self._keys_text(HIDE))
        under = content.volume.series
        name = tr("{0} over {1}").format(overlay_name(content.overlay), under.modality)
        whole = _names(content, content.overlay)
        self.bar.show_fusion(name, whole, content.fusion, tr(unit) if unit else "")

    def _change_by(self, act: Callable[[Fusion], Fusion]) -> None:
        fusion = self._fusion
        if fusion is None:
            self.said.emit(tr("Nothing is laid over these images. Fuse them first."))
        else:
            self.change(act(fusion))

    def _forget(self) -> None:
        self._wanted, self._kept = None, {}
        self._let_go()
        self.bar.hide()

    def _let_go(self) -> None:
        release, self._release, self._laid = self._release, None, None
        self._is_readers = False
        if release is not None:
            release()

    @property
    def _fusion(self) -> Fusion | None:
        content = self._grid.active.content
        return None if content is None else content.fusion

    @property
    def _overlay(self) -> Overlay | None:
        content = self._grid.active.content
        return None if content is None else content.overlay

    def _showing(self, volume: Volume) -> Iterator[ViewportWidget]:
        """Yield the viewports that show a volume."""
        for viewport in self._grid.viewports:
            content = viewport.content
            if content is not None and content.volume is volume:
                yield viewport

    def _row_shown(self) -> int | None:
        series = self._study.shown_series
        return None if series is None else self._study.rows.index(series.item)

    def _row_in(self, viewport: ViewportWidget) -> int:
        series = None
        if viewport.content is not None:
            series = self._study.loaded_of(viewport.content.volume)
        return -1 if series is None else self._study.rows.index(series.item)

    def _row_of_overlay(self) -> int:
        overlay = self._overlay
        series = None if overlay is None else self._study.loaded_of(overlay.volume)
        return -1 if series is None else self._study.rows.index(series.item)


def _is_placed(viewport: ViewportWidget, links: LinkState) -> bool:
    """Whether what lies over a viewport lies there by its headers, or by a fit in force."""
    overlay = None if viewport.content is None else viewport.content.overlay
    fit = None if overlay is None else overlay.registration
    return fit is None or any(one is fit for one in links.registrations)


def _names(content: Content, overlay: Overlay) -> str:
    over, under = overlay.volume.series, content.volume.series
    words = tr("{0} {1} over {2} {3}")
    named = overlay_name(overlay)
    return words.format(named, over.description, under.modality, under.description)
