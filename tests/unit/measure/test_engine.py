"""The engine on shapes of known volume: right figures, right sides, and silence where due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from inference.measure.engine import measure
from inference.tasks.measure import MeasureResult
from tests.unit.measure import shapes
from workstation.core.errors import CancelledError
from workstation.core.finding import Fact, Side
from workstation.core.geometry import StackGeometry
from workstation.core.intensity import Intensity, IntensityUnit
from workstation.core.job import CancelToken

Turn = Callable[[shapes.Voxels, StackGeometry], tuple[shapes.Voxels, StackGeometry]]


def as_drawn(voxels: shapes.Voxels, geometry: StackGeometry) -> tuple[shapes.Voxels, StackGeometry]:
    return voxels, geometry


def measured(voxels: shapes.Voxels, geometry: StackGeometry) -> MeasureResult:
    return measure(voxels, shapes.request(geometry))


def fact(result: MeasureResult, finding: str, side: Side | None = None) -> Fact:
    found = [one for one in result.facts if one.finding == finding and side in (None, one.side)]
    assert len(found) == 1, [(one.finding, one.side) for one in result.facts]
    return found[0]


@pytest.fixture(scope="module")
def plain_head() -> MeasureResult:
    return measured(*shapes.head())


@pytest.mark.parametrize("turn", [as_drawn, shapes.sagittal, shapes.coronal, shapes.feet_first])
def test_lungs_have_their_volume_and_side_in_every_acquisition(turn: Turn) -> None:
    result = measured(*turn(*shapes.chest()))

    assert result.region == "chest CT"
    right = fact(result, "lung volume", Side.RIGHT)
    left = fact(result, "lung volume", Side.LEFT)
    assert right.value == pytest.approx(shapes.ellipsoid_ml(shapes.RIGHT_LUNG_MM), rel=0.015)
    assert left.value == pytest.approx(shapes.ellipsoid_ml(shapes.LEFT_LUNG_MM), rel=0.015)


def test_a_mirrored_patient_changes_sides() -> None:
    voxels, geometry = shapes.chest()

    result = measured(np.ascontiguousarray(voxels[:, :, ::-1]), geometry)

    right = fact(result, "lung volume", Side.RIGHT)
    assert right.value == pytest.approx(shapes.ellipsoid_ml(shapes.LEFT_LUNG_MM), rel=0.015)


def test_evidence_is_the_box_of_the_lung_and_its_fullest_slice_comes_first() -> None:
    voxels, geometry = shapes.chest()
    result = measured(voxels, geometry)

    evidence = fact(result, "lung volume", Side.RIGHT).evidence[0]

    assert evidence.region.center_mm == pytest.approx((-65, -5, 0), abs=3.0)
    assert evidence.region.size_mm == pytest.approx((100, 140, 200), abs=6.0)
    first = int(evidence.instance_uids[0].rsplit(".", maxsplit=1)[1])
    assert abs(geometry.positions_mm[first, 2]) < 5.0
    assert len(set(evidence.instance_uids)) == len(evidence.instance_uids)


def test_lungs_cut_by_the_scan_are_not_measured() -> None:
    result = measured(*shapes.chest(height_mm=170.0))

    volume = fact(result, "lung volume", Side.RIGHT)
    assert result.region == "chest CT"
    assert not volume.is_assessed
    assert volume.value is None
    assert "not wholly inside" in volume.reason


def test_low_attenuation_is_the_share_that_was_drawn() -> None:
    voxels, geometry = shapes.chest((4.0, 4.0, 2.5))
    lung = voxels == -860
    lung[:, :, : voxels.shape[2] // 2] = False
    half = lung.copy()
    half[voxels.shape[0] // 2 :] = False
    voxels[half] = -970

    result = measured(voxels, geometry)

    area = fact(result, "low-attenuation area below -950 HU", Side.LEFT)
    assert area.value == pytest.approx(50.0, abs=1.0)
    other = fact(result, "low-attenuation area below -950 HU", Side.RIGHT)
    assert other.value == pytest.approx(0.0, abs=0.1)
    density = fact(result, "mean lung density", Side.RIGHT)
    assert density.value == pytest.approx(-860, abs=3)


@pytest.mark.parametrize(
    ("change", "reason"),
    [("noise", "noise"), ("thick", "too thick"), ("contrast", "contrast")],
)
def test_lung_density_is_not_assessed_where_it_is_not_valid(change: str, reason: str) -> None:
    voxels, geometry = shapes.chest((4.0, 4.0, 4.0 if change == "thick" else 2.5))
    if change == "noise":
        noise = np.random.default_rng(1).normal(0, 60, voxels.shape)
        voxels = (voxels + noise).astype(np.int16)
    if change == "contrast":
        voxels = np.where(voxels == 40, 180, voxels).astype(np.int16)

    result = measured(voxels, geometry)

    area = fact(result, "low-attenuation area below -950 HU", Side.RIGHT)
    assert not area.is_assessed
    assert reason in area.reason


def test_the_spine_has_the_attenuation_of_its_marrow() -> None:
    result = measured(*shapes.chest((3.0, 3.0, 4.0)))

    marrow = fact(result, "trabecular attenuation")
    assert marrow.value == pytest.approx(shapes.MARROW_HU, abs=3)
    assert marrow.evidence[0].region.center_mm[1] == pytest.approx(60, abs=8)


def test_calcium_between_the_lungs_is_counted_and_the_spine_is_not() -> None:
    voxels, geometry = shapes.chest((4.0, 4.0, 2.5))
    size = voxels.shape
    plaque = slice(size[0] // 2 - 3, size[0] // 2 + 3)
    voxels[plaque, 20:23, size[2] // 2 - 1 : size[2] // 2 + 2] = 500

    result = measured(voxels, geometry)

    calcium = fact(result, "calcium volume above 130 HU")
    assert calcium.value == pytest.approx(6 * 3 * 3 * 40 / 1000, rel=0.05)


def test_the_head_has_the_volumes_that_were_drawn(plain_head: MeasureResult) -> None:
    space = fact(plain_head, "intracranial volume")
    ventricles = fact(plain_head, "ventricle volume")

    assert plain_head.region == "head CT"
    assert space.value == pytest.approx(shapes.ellipsoid_ml(shapes.INNER_TABLE_MM), rel=0.02)
    assert ventricles.value == pytest.approx(2 * shapes.ellipsoid_ml(shapes.VENTRICLE_MM), rel=0.08)


def test_a_head_without_blood_is_said_to_have_none(plain_head: MeasureResult) -> None:
    dense = fact(plain_head, "hyperdense volume")

    assert dense.is_assessed
    assert dense.is_present is False
    assert dense.value == 0


@pytest.mark.parametrize("turn", [as_drawn, shapes.sagittal, shapes.coronal, shapes.feet_first])
def test_a_bleed_has_its_volume_side_and_place(turn: Turn) -> None:
    result = measured(*turn(*shapes.head(bleed_hu=70)))

    dense = fact(result, "hyperdense volume")
    assert dense.is_present
    assert dense.side is Side.LEFT
    assert dense.value == pytest.approx(shapes.ellipsoid_ml(shapes.BLEED_MM), rel=0.06)
    assert dense.evidence[0].region.center_mm == pytest.approx((38, 10, 5), abs=3.0)


def test_a_calcified_part_is_no_blood() -> None:
    result = measured(*shapes.head(bleed_hu=180))

    dense = fact(result, "hyperdense volume")
    assert dense.is_present is not True


def test_a_layer_of_blood_along_one_side_of_the_skull_is_found() -> None:
    voxels, geometry = shapes.head()
    page = shapes.canvas((190.0, 230.0, 180.0), (3.0, 3.0, 4.0))
    a, b, c = shapes.INNER_TABLE_MM
    layer = page.ellipsoid((0, 0, 0), (a, b, c)) & ~page.ellipsoid((-11, 0, 0), (a, b, c))
    voxels[layer] = 68
    true_ml = float(layer.sum()) * 36 / 1000

    dense = fact(measured(voxels, geometry), "hyperdense volume")

    assert dense.is_present
    assert dense.side is Side.LEFT
    assert dense.value == pytest.approx(true_ml, rel=0.3)
    assert "along the skull" in dense.reason


def test_a_rim_that_is_dense_on_both_sides_is_neither_blood_nor_free_of_it() -> None:
    voxels, geometry = shapes.head()
    page = shapes.canvas((190.0, 230.0, 180.0), (3.0, 3.0, 4.0))
    a, b, c = shapes.INNER_TABLE_MM
    inner = page.ellipsoid((0, 0, 0), (a - 7, b - 7, c - 7))
    voxels[page.ellipsoid((0, 0, 0), (a, b, c)) & ~inner] = 62

    dense = fact(measured(voxels, geometry), "hyperdense volume")

    assert not dense.is_assessed
    assert "both sides" in dense.reason


def test_a_head_cut_by_the_scan_is_not_measured() -> None:
    voxels, geometry = shapes.head()
    kept = slice(0, 30)
    cut = replace(
        geometry, shape_kji=(30, *geometry.shape_kji[1:]), positions_mm=geometry.positions_mm[kept]
    )

    result = measured(voxels[kept], cut)

    assert result.region == "head CT"
    assert not fact(result, "intracranial volume").is_assessed
    assert not fact(result, "hyperdense volume").is_assessed


def test_noise_makes_blood_and_ventricles_not_assessed() -> None:
    voxels, geometry = shapes.head()
    noise = np.random.default_rng(2).normal(0, 25, voxels.shape)

    result = measured((voxels + noise).astype(np.int16), geometry)

    assert not fact(result, "hyperdense volume").is_assessed
    assert not fact(result, "ventricle volume").is_assessed


def random_box() -> tuple[shapes.Voxels, StackGeometry]:
    page = shapes.canvas((200.0, 200.0, 160.0), (4.0, 4.0, 4.0))
    values = np.random.default_rng(3).integers(-1000, 1500, page.voxels.shape)
    return values.astype(np.int16), page.geometry


def empty_box() -> tuple[shapes.Voxels, StackGeometry]:
    page = shapes.canvas((200.0, 200.0, 160.0), (4.0, 4.0, 4.0))
    return page.voxels, page.geometry


def two_air_balls() -> tuple[shapes.Voxels, StackGeometry]:
    page = shapes.canvas((330.0, 250.0, 260.0), (4.0, 4.0, 4.0))
    page.voxels[page.tube((0, 0), (155, 110))] = 0
    for x in (-65, 65):
        page.voxels[page.ellipsoid((x, 0, 0), (45, 60, 90))] = -850
    return page.voxels, page.geometry


def one_lung() -> tuple[shapes.Voxels, StackGeometry]:
    voxels, geometry = shapes.chest((4.0, 4.0, 4.0))
    half = voxels.shape[2] // 2
    voxels[:, :, half:][voxels[:, :, half:] == -860] = 40
    return voxels, geometry


def filled_water() -> tuple[shapes.Voxels, StackGeometry]:
    page = shapes.canvas((240.0, 240.0, 160.0), (4.0, 4.0, 4.0))
    page.voxels[page.tube((0, 0), (100, 100))] = 0
    return page.voxels, page.geometry


@pytest.mark.parametrize(
    "make", [random_box, empty_box, two_air_balls, one_lung, filled_water], ids=lambda f: f.__name__
)
def test_what_is_no_known_region_is_unknown_and_nothing_is_measured(
    make: Callable[[], tuple[shapes.Voxels, StackGeometry]],
) -> None:
    result = measured(*make())

    assert result.region == "unknown"
    assert result.region_reason
    assert result.facts == ()


def test_each_doubt_about_numbers_or_place_ends_in_unknown() -> None:
    voxels, geometry = shapes.chest((4.0, 4.0, 4.0))
    asked = shapes.request(geometry)
    hu = asked.intensity
    doubtful = [
        replace(asked, geometry=replace(geometry, has_millimetres=False)),
        replace(asked, geometry=replace(geometry, is_placed=False)),
        replace(asked, modality="PT"),
        replace(asked, modality=""),
        replace(asked, intensity=replace(hu, is_trusted=False, reason="it has no rescale")),
        replace(asked, intensity=Intensity(IntensityUnit.UNKNOWN)),
        replace(asked, geometry=replace(geometry, positions_mm=geometry.positions_mm[::-1].copy())),
    ]

    results = [measure(voxels, one) for one in doubtful]

    assert [result.region for result in results] == ["unknown"] * len(doubtful)
    assert "no rescale" in results[4].region_reason
    assert all(result.facts == () for result in results)


def test_few_slices_and_color_are_unknown() -> None:
    voxels, geometry = shapes.chest((4.0, 4.0, 4.0))
    few = replace(
        geometry, shape_kji=(3, *geometry.shape_kji[1:]), positions_mm=geometry.positions_mm[:3]
    )
    color = np.repeat(voxels[..., None], 3, axis=3).astype(np.uint8)

    assert "too few" in measured(voxels[:3], few).region_reason
    assert "color" in measure(color, shapes.request(geometry)).region_reason


def test_a_body_part_tag_alone_names_no_region() -> None:
    voxels, geometry = filled_water()

    for part in ("CHEST", "HEAD", "BRAIN"):
        asked = replace(shapes.request(geometry), body_part=part)
        assert measure(voxels, asked).region == "unknown"


def test_it_stops_when_asked_and_tells_how_far_it_got() -> None:
    voxels, geometry = shapes.head((4.0, 4.0, 4.0))
    token, steps = CancelToken(), []

    def stop_after_first(fraction: float) -> None:
        steps.append(fraction)
        if fraction > 0:
            token.cancel()

    with pytest.raises(CancelledError):
        measure(voxels, shapes.request(geometry), cancel=token, on_progress=stop_after_first)

    assert steps[0] == 0.0
    assert steps == sorted(steps)
    assert len(steps) == 2


def test_facts_have_running_ids_and_units_and_the_original_is_untouched() -> None:
    voxels, geometry = shapes.chest()
    before = voxels.copy()

    result = measured(voxels, geometry)

    assert [one.fact_id for one in result.facts] == [
        f"f{number}" for number in range(1, len(result.facts) + 1)
    ]
    assert all(one.unit for one in result.facts if one.value is not None)
    assert all(one.reason for one in result.facts if not one.is_assessed)
    assert np.array_equal(voxels, before)


def test_a_round_solid_part_in_the_lung_is_a_candidate_with_size_and_place() -> None:
    voxels, geometry = shapes.chest((3.0, 3.0, 3.0))
    page = shapes.canvas((330.0, 250.0, 260.0), (3.0, 3.0, 3.0))
    voxels[page.ellipsoid((-80, -30, 30), (10, 10, 10))] = 40

    nodule = fact(measured(voxels, geometry), "lung nodule")

    assert nodule.side is Side.RIGHT
    assert nodule.value == pytest.approx(20, abs=3)
    assert nodule.confidence < 0.5
    assert nodule.evidence[0].region.center_mm == pytest.approx((-80, -30, 30), abs=2.0)


def test_fluid_behind_a_lung_is_a_candidate_and_its_absence_is_never_claimed() -> None:
    voxels, geometry = shapes.chest()
    page = shapes.canvas((330.0, 250.0, 260.0), (4.0, 4.0, 4.0))
    layer = page.ellipsoid((65, -5, 0), shapes.LEFT_LUNG_MM) & (page.y > 20) & (page.z < 0)
    voxels[layer] = 8
    true_ml = float(layer.sum()) * 64 / 1000

    result = measured(voxels, geometry)

    left = fact(result, "pleural effusion", Side.LEFT)
    right = fact(result, "pleural effusion", Side.RIGHT)
    assert left.is_present
    assert left.value == pytest.approx(true_ml, rel=0.25)
    assert not right.is_assessed
    assert right.is_present is None
