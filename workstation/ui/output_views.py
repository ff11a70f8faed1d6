"""Which pictures a wish means: the views on screen, captured, and the slices of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPoint

from viewers.qt.desk import ViewportDesk
from viewers.qt.grid import ViewportGrid
from viewers.qt.picture_maker import PictureMaker, SeenView, sheet_of
from viewers.qt.seen_view import seen_view
from viewers.state.view_state import Plane
from workstation.core.errors import InputRefusedError
from workstation.core.identity import SeriesIdentity
from workstation.core.picture import Picture, PictureLook
from workstation.core.verdict import Doubt
from workstation.services.guard_burned_in import written_doubts
from workstation.ui.beside_pictures import BesidePicture
from workstation.ui.output_wish import PictureWish, Scope
from workstation.ui.words import tr

Placed = tuple[SeenView, tuple[float, float]]


@dataclass(frozen=True, slots=True, eq=False)
class ChosenViews:
    """Pictures to be drawn; made on the UI thread, drawn on another.

    Attributes:
        views: one view, or all of a layout with their places.
        indices: slices of the one view, 0-based; ``(0,)`` for a layout.
        count: slices that the view has.
        series: of the first view.
        doubts: of all views.
        is_sheet: whether the views are drawn beside each other as one picture.
        ready: what is no slice and was drawn already; None for slices.
    """

    views: tuple[Placed, ...]
    indices: tuple[int, ...]
    count: int
    series: SeriesIdentity
    doubts: tuple[Doubt, ...]
    is_sheet: bool = False
    ready: Picture | None = None

    def drawer(self, look: PictureLook) -> Callable[[int], Picture]:
        """Return what draws a slice; on the thread that will call it."""
        ready = self.ready
        if ready is not None:
            return lambda _index: ready
        if self.is_sheet:
            return lambda _index: sheet_of(self.views, look)
        return PictureMaker(self.views[0][0], look).draw


def chosen_views(desk: ViewportDesk, wish: PictureWish, *, is_movie: bool = False) -> ChosenViews:
    """Return the pictures a wish means. UI thread.

    Raises:
        InputRefusedError: nothing is on screen, it is still loading, or there are no key images.
    """
    if wish.scope is Scope.VIEWS and not is_movie:
        return _sheet(desk)
    view = seen_view(desk.active)
    if view is None:
        raise InputRefusedError(tr("No images are on screen"), todo=tr("Choose a series first"))
    stack = desk.active.canvas.view()
    count = 0 if stack is None else stack.stack.count
    indices = _indices(view, wish, count, is_movie=is_movie)
    if wish.scope not in (Scope.VIEW, Scope.VIEWS):
        view = view.at_stored_size
    _require_loaded(view, indices)
    series = view.content.volume.series
    return ChosenViews(((view, (0.0, 0.0)),), indices, count, series, doubts_of(view))


def beside_view(beside: BesidePicture) -> ChosenViews:
    """Return a picture of something else than slices as what is to leave."""
    return ChosenViews((), (0,), 1, beside.series, beside.doubts, ready=beside.picture)


def doubts_of(view: SeenView) -> tuple[Doubt, ...]:
    """Return the doubts of all that is in a picture: series, what is laid over it, stored look."""
    content, look = view.content, view.stored_look
    laid = () if content.overlay is None else content.overlay.doubts
    return (*content.doubts, *laid, *written_doubts(None if look is None else look.state))


def _placed_in(grid: ViewportGrid, left: float) -> list[Placed]:
    """Return the views of one screen with their places; the screens stand beside each other."""
    placed: list[Placed] = []
    for viewport in grid.viewports:
        view = seen_view(viewport)
        if view is not None and viewport.isVisible():
            ratio = viewport.devicePixelRatioF()
            at = viewport.canvas.mapTo(grid, QPoint(0, 0))
            placed.append((view, (left + at.x() * ratio, at.y() * ratio)))
            _require_loaded(view, (view.state.slice_index,))
    return placed


def _sheet(desk: ViewportDesk) -> ChosenViews:
    placed: list[Placed] = []
    left = 0.0
    for grid in desk.grids:
        shown = _placed_in(grid, left)
        placed += shown
        if shown:
            left += grid.width() * grid.devicePixelRatioF()
    if not placed:
        raise InputRefusedError(tr("No images are on screen"), todo=tr("Choose a series first"))
    doubts = tuple(doubt for view, _at in placed for doubt in doubts_of(view))
    series = placed[0][0].content.volume.series
    return ChosenViews(tuple(placed), (0,), 1, series, doubts, is_sheet=True)


def _indices(view: SeenView, wish: PictureWish, count: int, *, is_movie: bool) -> tuple[int, ...]:
    match wish.scope:
        case Scope.RANGE:
            return tuple(range(wish.first - 1, min(wish.last, count)))
        case Scope.KEYS:
            keys = tuple(sorted(view.content.key_slices))
            if not keys or view.state.plane is not Plane.ACQUIRED:
                raise InputRefusedError(
                    tr("No key image of this series is marked"), todo=tr("Mark some with K")
                )
            return keys
        case Scope.VIEW | Scope.VIEWS | Scope.SLICE if not is_movie:
            return (view.state.slice_index,)
        case _:
            return tuple(range(count))


def _require_loaded(view: SeenView, indices: tuple[int, ...]) -> None:
    content = view.content
    if content.is_finished:
        return
    count = content.volume.geometry.shape_kji[0]
    is_single = view.state.plane is Plane.ACQUIRED and view.state.slab is None
    needed = indices if is_single else range(count)
    if not all(map(content.is_loaded, needed)):
        raise InputRefusedError(
            tr("The images are still loading"), todo=tr("Try again when the line above is full")
        )
