"""A place in the patient lies in a 3D picture where geometry says, in every view; never mirrored.

Truth: the table below, written from the meaning of the views (the side that faces the reader, and
what is up), not from the code; a marker at a place that has no symmetry.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.support.scene3d import SIZE, Studio, centroid, needs_vtk, studio
from tests.unit.viewers.volumes import AXIAL, CORONAL, SAGITTAL, Cosines, stack, volume
from viewers.scene3d.camera import StandardView
from viewers.scene3d.protocol import Draw
from workstation.core.geometry import StackGeometry
from workstation.core.regions import MaskStack
from workstation.core.volume import Volume

pytestmark = needs_vtk

TOLERANCE_PX = 1.5

LONG_AXES = {
    # View: which patient axis goes right, which goes up, with signs (x left, y back, z head).
    StandardView.ANTERIOR: ((1, 0, 0), (0, 0, 1)),
    StandardView.POSTERIOR: ((-1, 0, 0), (0, 0, 1)),
    StandardView.LEFT: ((0, 1, 0), (0, 0, 1)),
    StandardView.RIGHT: ((0, -1, 0), (0, 0, 1)),
    StandardView.HEAD: ((-1, 0, 0), (0, -1, 0)),
    StandardView.FEET: ((1, 0, 0), (0, -1, 0)),
}
"""Facing the patient, the patient's left is at the reader's right; from the feet as axial slices
lie; from the head with the front up, the patient's right is at the reader's right."""

_TURN = np.deg2rad(20)
OBLIQUE: Cosines = (
    (float(np.cos(_TURN)), float(np.sin(_TURN)), 0.0),
    (float(-np.sin(_TURN)), float(np.cos(_TURN)), 0.0),
)
STACKS = {"axial": AXIAL, "coronal": CORONAL, "sagittal": SAGITTAL, "oblique": OBLIQUE}
SHAPE, SPACING_IJ, GAP = (24, 50, 60), (0.8, 0.9), 2.5


def indices(geometry: StackGeometry) -> NDArray[np.float64]:
    """Return the patient position of every voxel, (k, j, i, 3)."""
    _, rows, columns = geometry.shape_kji
    i, j = np.meshgrid(np.arange(columns), np.arange(rows))
    ij = np.stack([i, j], axis=-1).astype(np.float64)
    return np.stack([geometry.to_patient_mm(k, ij) for k in range(geometry.shape_kji[0])])


def with_ball(geometry: StackGeometry, center_mm: NDArray[np.float64], radius_mm: float) -> Volume:
    """Return air with a ball of bone."""
    away = np.linalg.norm(indices(geometry) - center_mm, axis=-1)
    return volume(np.where(away <= radius_mm, 1200, -1000).astype(np.int16), geometry)


def off_center(geometry: StackGeometry) -> NDArray[np.float64]:
    """Return a place that is another one after every mirroring."""
    ij = np.array([0.70 * geometry.shape_kji[2], 0.36 * geometry.shape_kji[1]])
    return geometry.to_patient_mm(round(0.62 * geometry.shape_kji[0]), ij)


def corners_center(geometry: StackGeometry) -> tuple[NDArray[np.float64], float]:
    """Return the middle of the box around all voxels, and its longest edge."""
    inside = indices(geometry).reshape(-1, 3)
    row = geometry.row_cosines * geometry.spacing_ij_mm[0] / 2
    column = geometry.column_cosines * geometry.spacing_ij_mm[1] / 2
    normal = geometry.normal * float(np.median(geometry.gaps_mm)) / 2
    half = np.abs(row) + np.abs(column) + np.abs(normal)
    low, high = inside.min(axis=0) - half, inside.max(axis=0) + half
    return (low + high) / 2, float((high - low).max())


def expected_px(
    point_mm: NDArray[np.float64], geometry: StackGeometry, view: StandardView
) -> tuple[float, float]:
    """Return where a place lies by the table: fitted with a margin of a tenth."""
    center, longest = corners_center(geometry)
    right, up = (np.array(axis, dtype=np.float64) for axis in LONG_AXES[view])
    px_per_mm = min(SIZE) / (1.1 * longest)
    x = SIZE[0] / 2 + float((point_mm - center) @ right) * px_per_mm
    y = SIZE[1] / 2 - float((point_mm - center) @ up) * px_per_mm
    return x, y


@pytest.fixture(scope="module")
def room() -> Iterator[Studio]:
    with studio() as made:
        yield made


@pytest.mark.parametrize("name", STACKS)
def test_a_marker_lies_where_it_is_in_every_view(name: str, room: Studio) -> None:
    geometry = stack(SHAPE, cosines=STACKS[name], spacing_ij_mm=SPACING_IJ, gap_mm=GAP)
    point = off_center(geometry)
    room.show(with_ball(geometry, point, 4.0))

    found = {view: centroid(room.picture(room.request(view))) for view in StandardView}

    for view, at in found.items():
        assert at == pytest.approx(expected_px(point, geometry, view), abs=TOLERANCE_PX), view


def test_a_mirror_image_would_be_found(room: Studio) -> None:
    geometry = stack(SHAPE, spacing_ij_mm=SPACING_IJ, gap_mm=GAP)
    point = off_center(geometry)
    room.show(with_ball(geometry, point, 4.0))
    for view in StandardView:
        x, y = expected_px(point, geometry, view)

        at = centroid(room.picture(room.request(view)))

        mirrored = [(SIZE[0] - x, y), (x, SIZE[1] - y), (SIZE[0] - x, SIZE[1] - y)]
        assert all(np.hypot(at[0] - a, at[1] - b) > 4 * TOLERANCE_PX for a, b in mirrored), view


def test_a_marker_in_a_tilted_series_is_not_sheared_away(room: Studio) -> None:
    lean = np.tan(np.deg2rad(15)) * GAP
    steps = np.arange(SHAPE[0])[:, None]
    positions = np.array([-7.0, 11.0, 3.0]) + steps * np.array([0.0, -lean, GAP])
    geometry = stack(SHAPE, spacing_ij_mm=SPACING_IJ, positions_mm=positions)
    point = off_center(geometry)
    shown = room.show(with_ball(geometry, point, 4.0))
    middle = (np.array(shown.box.low_mm) + np.array(shown.box.high_mm)) / 2
    longest = float((np.array(shown.box.high_mm) - np.array(shown.box.low_mm)).max())
    scale = min(SIZE) / (1.1 * longest)

    at = centroid(room.picture(room.request(StandardView.LEFT)))

    offset = point - middle
    expected = (SIZE[0] / 2 + offset[1] * scale, SIZE[1] / 2 - offset[2] * scale)
    assert shown.is_resampled
    assert at == pytest.approx(expected, abs=TOLERANCE_PX)


def test_what_lies_in_front_hides_what_lies_behind(room: Studio) -> None:
    """Seen from the front a large ball hides a small one behind it; from the back it does not."""
    geometry = stack((30, 60, 60), gap_mm=1.0)
    places = indices(geometry)
    front, back = np.array([22.0, 25.0, 18.0]), np.array([22.0, 55.0, 18.0])
    voxels = np.full(geometry.shape_kji, -1000, dtype=np.int16)
    voxels[np.linalg.norm(places - front, axis=-1) <= 10] = 350
    voxels[np.linalg.norm(places - back, axis=-1) <= 5] = 2500
    room.show(volume(voxels, geometry))

    seen = {}
    for view in (StandardView.ANTERIOR, StandardView.POSTERIOR):
        blue, red = (0.0, 0.0, 1.0), (1.0, 0.0, 0.0)
        request = replace(
            room.request(view),
            color=((-1000, *blue), (600, *blue), (1500, *red)),
            opacity=((-1000, 0.0), (100, 0.0), (300, 1.0), (3000, 1.0)),
            light=(),
        )
        picture = room.picture(request).astype(int)
        seen[view] = int(np.count_nonzero(picture[..., 0] > picture[..., 2]))

    assert seen[StandardView.ANTERIOR] == 0
    assert seen[StandardView.POSTERIOR] > 20


def _plane(axis: int, at_mm: float, sign: float) -> tuple[float, ...]:
    point, normal = [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]
    point[axis], normal[axis] = at_mm, sign
    return (*point, *normal)


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_plane_takes_away_the_marker_on_its_far_side_and_leaves_the_other(
    axis: int, room: Studio
) -> None:
    geometry = stack(SHAPE, cosines=CORONAL, spacing_ij_mm=SPACING_IJ, gap_mm=GAP)
    point = off_center(geometry)
    room.show(with_ball(geometry, point, 4.0))
    request = room.request(StandardView.ANTERIOR)

    def lit(plane: tuple[float, ...]) -> int:
        room_request = replace(request, number=next(room.numbers), planes=(plane,))
        return int(np.count_nonzero(room.picture(room_request).max(axis=2) > 40))

    at = float(point[axis])
    assert lit(_plane(axis, at - 8, 1.0)) > 0
    assert lit(_plane(axis, at + 8, -1.0)) > 0
    assert lit(_plane(axis, at + 8, 1.0)) == 0
    assert lit(_plane(axis, at - 8, -1.0)) == 0


# Regions


def ball_masks(center_mm: NDArray[np.float64], radius: int, cosines: Cosines) -> MaskStack:
    """Return a ball of pixels of 1.5 x 1.0 mm on planes 2 mm apart, around a place."""
    side = 2 * radius + 1
    k, j, i = np.mgrid[:side, :side, :side] - radius
    masks = k * k + j * j + i * i <= radius * radius
    row, column = (np.array(one) for one in cosines)
    normal = np.cross(row, column)
    corner = center_mm - radius * (1.5 * row + 1.0 * column + 2.0 * normal)
    positions = corner + np.arange(side)[:, None] * 2.0 * normal
    return MaskStack(masks, row, column, (1.5, 1.0), positions, 2.0)


RED = (1.0, 0.1, 0.1)


def with_region(request: Draw, **changes: object) -> Draw:
    return replace(request, regions=((1.0, *RED),), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["axial", "coronal", "oblique"])
def test_a_region_is_a_surface_in_its_place_and_color_whatever_planes_it_was_drawn_on(
    name: str, room: Studio
) -> None:
    geometry = stack((60, 80, 80), gap_mm=1.0)
    air = volume(np.full(geometry.shape_kji, -1000, dtype=np.int16), geometry)
    middle = np.array([19.0, 63.0, 27.0])
    masks = ball_masks(middle, 5, STACKS[name])
    room.show(air)
    room.client.set_regions({1: masks})

    for view in (StandardView.ANTERIOR, StandardView.LEFT, StandardView.FEET):
        picture = room.picture(with_region(room.request(view)))

        at = centroid(picture)
        assert at == pytest.approx(expected_px(middle, geometry, view), abs=TOLERANCE_PX), view
        bright = picture[picture.max(axis=2) > 40].astype(float).mean(axis=0)
        assert bright[0] > 3 * bright[1]
        assert bright[0] > 3 * bright[2]


def test_a_surface_is_as_large_as_its_masks(room: Studio) -> None:
    """A cube of 12 x 12 x 12 mm covers 144 square millimeters of the picture."""
    geometry = stack((60, 60, 60), gap_mm=1.0)
    room.show(volume(np.full(geometry.shape_kji, -1000, dtype=np.int16), geometry))
    row, column = np.array(AXIAL[0]), np.array(AXIAL[1])
    positions = np.array([10.0, 30.0, 20.0]) + np.arange(6)[:, None] * np.array([0.0, 0.0, 2.0])
    masks = np.ones((6, 12, 8), dtype=np.bool_)
    room.client.set_regions({1: MaskStack(masks, row, column, (1.5, 1.0), positions, 2.0)})
    request = with_region(room.request(StandardView.ANTERIOR))

    picture = room.picture(request)

    area_mm2 = np.count_nonzero(picture.max(axis=2) > 20) / request.px_per_mm**2
    assert area_mm2 == pytest.approx(144, rel=0.08)


def test_a_contour_on_a_fine_grid_and_thick_planes_keeps_its_place_and_size(room: Studio) -> None:
    """Pixels of 0.25 mm on planes 3 mm apart, as plans have them: a bar of 20 x 12 x 12 mm."""
    geometry = stack((60, 60, 60), gap_mm=1.0)
    room.show(volume(np.full(geometry.shape_kji, -1000, dtype=np.int16), geometry))
    row, column = np.array(AXIAL[0]), np.array(AXIAL[1])
    masks = np.ones((4, 48, 80), dtype=np.bool_)
    first = np.array([10.125, 30.125, 21.5])
    positions = first + np.arange(4)[:, None] * np.array([0.0, 0.0, 3.0])
    room.client.set_regions({1: MaskStack(masks, row, column, (0.25, 0.25), positions, 3.0)})
    request = with_region(room.request(StandardView.ANTERIOR))

    picture = room.picture(request)

    middle = np.array([20.0, 36.0, 26.0])
    at = centroid(picture, brighter_than=20)
    assert at == pytest.approx(
        expected_px(middle, geometry, StandardView.ANTERIOR), abs=TOLERANCE_PX
    )
    area_mm2 = np.count_nonzero(picture.max(axis=2) > 20) / request.px_per_mm**2
    assert area_mm2 == pytest.approx(20 * 12, rel=0.08)


def test_a_region_lies_inside_the_volume_and_not_on_it(room: Studio) -> None:
    geometry = stack((30, 60, 60), gap_mm=1.0)
    places = indices(geometry)
    voxels = np.full(geometry.shape_kji, -1000, dtype=np.int16)
    voxels[np.linalg.norm(places - np.array([22.0, 25.0, 18.0]), axis=-1) <= 10] = 800
    room.show(volume(voxels, geometry))
    row, column = np.array(AXIAL[0]), np.array(AXIAL[1])
    positions = np.array([20.0, 52.0, 16.0]) + np.arange(4)[:, None] * np.array([0.0, 0.0, 1.0])
    masks = np.ones((4, 4, 4), dtype=np.bool_)
    room.client.set_regions({1: MaskStack(masks, row, column, (1.0, 1.0), positions, 1.0)})

    def red(view: StandardView) -> int:
        picture = room.picture(with_region(room.request(view))).astype(int)
        return int(np.count_nonzero(picture[..., 0] > 2 * picture[..., 1] + 20))

    assert red(StandardView.ANTERIOR) == 0
    assert red(StandardView.POSTERIOR) > 5


def test_opacity_mixes_a_region_with_what_is_behind_it(room: Studio) -> None:
    geometry = stack((60, 60, 60), gap_mm=1.0)
    room.show(volume(np.full(geometry.shape_kji, -1000, dtype=np.int16), geometry))
    row, column = np.array(AXIAL[0]), np.array(AXIAL[1])
    positions = np.array([10.0, 30.0, 20.0]) + np.arange(12)[:, None] * np.array([0.0, 0.0, 1.0])
    masks = np.ones((12, 12, 12), dtype=np.bool_)
    room.client.set_regions({1: MaskStack(masks, row, column, (1.0, 1.0), positions, 1.0)})
    request = room.request(StandardView.ANTERIOR)
    whole = room.picture(with_region(request)).max()

    half = room.picture(
        with_region(replace(request, number=next(room.numbers)), region_opacity=0.5)
    )

    assert half.max() == pytest.approx(whole / 2, abs=2)
