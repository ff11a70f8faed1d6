"""Table and the air around a body leave the picture, and come back; the body is all there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from tests.support.scene3d import SIZE, Studio, needs_vtk, studio
from tests.unit.viewers.test_outside import AIR, FAT, LUNG, SHELL, chest
from tests.unit.viewers.volumes import stack, volume
from viewers.scene3d.camera import StandardView
from viewers.scene3d.client import ScenePicture
from viewers.scene3d.presets import Transfer, without_outside
from viewers.scene3d.protocol import Draw

pytestmark = needs_vtk
DENSE, DARK = 8192.0, -1024.0


@pytest.fixture(scope="module")
def room() -> Iterator[Studio]:
    voxels = np.repeat(chest(table_j=200)[0], 4, axis=0)
    with studio() as made:
        made.show(volume(voxels, stack(voxels.shape, gap_mm=5.0)))
        yield made


def minip(room: Studio, *, fill: float | None) -> Draw:
    asked = room.request(StandardView.ANTERIOR, preset_id="ct-minip")
    if fill is None:
        return asked
    opacity = tuple((value, share) for value, share in asked.opacity)
    color = tuple((value, red, green, blue) for value, red, green, blue in asked.color)
    points = without_outside(Transfer(opacity, color))
    return replace(asked, fill=fill, color=points.color)


def test_the_darkest_values_are_those_of_the_body_once_the_outside_is_gone(room: Studio) -> None:
    before = room.picture(minip(room, fill=None))
    after = room.picture(minip(room, fill=DENSE))
    said = [one for one in room.seen if isinstance(one, ScenePicture)][-1]

    middle = SIZE[1] // 2
    asked = minip(room, fill=None)
    lung_x = round(SIZE[0] / 2 - 45 * asked.px_per_mm)
    gray = (LUNG - -1024) / (-400 - -1024) * 255
    assert before[middle, lung_x].max() < 40
    # Noise of 25 HU along the way makes the darkest value some sixty HU darker than the mean.
    assert gray - 50 < float(after[middle, lung_x].mean()) < gray + 5
    assert after[middle, 2].max() == 0
    assert said.hides_outside


def test_the_table_leaves_the_picture_of_dense_things_and_comes_back(room: Studio) -> None:
    asked = room.request(StandardView.ANTERIOR, preset_id="ct-mip")
    shown = ((AIR, 0.0, 0.0, 0.0), (FAT, 0.2, 0.2, 0.2), (SHELL, 1.0, 1.0, 1.0))
    asked = replace(asked, color=shown, opacity=((AIR, 1.0), (SHELL, 1.0)))

    with_table = room.picture(asked)
    without = room.picture(replace(asked, number=next(room.numbers), fill=DARK))
    again = room.picture(replace(asked, number=next(room.numbers)))

    rows = slice(SIZE[1] // 2 - 10, SIZE[1] // 2 + 10)
    assert with_table[rows].mean() > 3 * without[rows].mean()
    assert without[rows].max() > 20
    assert np.array_equal(with_table, again)
