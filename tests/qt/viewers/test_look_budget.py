"""Stored looks with more figures than a frame can take never hold the hand back, and say so."""

from __future__ import annotations

import time

import numpy as np
import pytest

from tests.qt.viewers.test_picture_maker import volume
from viewers.qt.look_painting import MOST_POINTS, points_of, within_budget
from viewers.qt.picture_maker import PictureMaker, plain_view
from workstation.core.picture import PictureLook, PlainView
from workstation.core.presentation import (
    Annotation,
    Graphic,
    GraphicShape,
    GraphicText,
    ImageReference,
    PresentationState,
    ReferencedSeries,
    Space,
)

SLOW_S = 2.0
"""Ten times what it takes; unbounded, the same figures took 12 to 70 s."""

pytestmark = pytest.mark.usefixtures("qapp")


def _look(*graphics: Graphic) -> PresentationState:
    made = volume()
    images = tuple(ImageReference(uid) for uid in made.instance_uids)
    named = (ReferencedSeries(made.series.series_uid, images),)
    return PresentationState(
        "1.9", "MANY", series=named, annotations=(Annotation("A", (), graphics),)
    )


def _random(shape: GraphicShape, points: int, *, is_filled: bool = False, seed: int = 0) -> Graphic:
    at = np.random.default_rng(seed).uniform(0, 12, (points, 2)).tolist()
    return Graphic(shape, Space.PIXEL, tuple((x, y) for x, y in at), is_filled=is_filled)


@pytest.mark.parametrize(
    "graphics",
    [
        tuple(_random(GraphicShape.ELLIPSE, 4, seed=n) for n in range(5000)),
        (_random(GraphicShape.INTERPOLATED, 500),),
        (_random(GraphicShape.POLYLINE, 5000, is_filled=True),),
    ],
    ids=["many", "smooth", "filled"],
)
def test_a_slice_full_of_figures_is_drawn_in_bounded_time(graphics: tuple[Graphic, ...]) -> None:
    view = plain_view(volume(), (), PlainView(stored_look=_look(*graphics), index=1))
    maker = PictureMaker(view, PictureLook(shows_marks=True))

    begun = time.perf_counter()
    picture = maker.draw(1)
    taken_s = time.perf_counter() - begun

    assert taken_s < SLOW_S
    assert picture.pixels.ndim == 3


def test_figures_are_drawn_from_the_first_on_as_far_as_the_budget_goes() -> None:
    ellipse = _random(GraphicShape.ELLIPSE, 4)

    drawn = within_budget([ellipse] * 5000)

    assert drawn * points_of(ellipse) <= MOST_POINTS < (drawn + 1) * points_of(ellipse)
    assert within_budget([ellipse, GraphicText(("words",))]) == 2
