"""The chest phantom says the truth about itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inference.phantoms.chest_ct import ChestSpec, NoduleSpec, make_chest, sample_chest_spec
from inference.phantoms.grids import axial_grid, tilted_stack
from inference.phantoms.phantom import Phantom
from inference.phantoms.scanner import ScannerSpec
from workstation.core.finding import Side

GRID = axial_grid((66, 96, 96), (4.0, 4.0, 5.0), (0.0, 0.0, -40.0))
QUIET = ScannerSpec(noise_hu=0.0)


@pytest.fixture(scope="module")
def sick() -> Phantom:
    spec = ChestSpec(
        nodules=(NoduleSpec("right lower lobe", 26.0, 40.0),),
        emphysema_percent=12.0,
        effusion_ml=((Side.LEFT, 300.0),),
        aortic_calcium=0.8,
        coronary_calcium=0.8,
        scanner=QUIET,
    )
    return make_chest(spec, GRID, seed=7)


@pytest.fixture(scope="module")
def healthy() -> Phantom:
    return make_chest(ChestSpec(scanner=QUIET), GRID, seed=8)


def test_the_same_seed_gives_the_same_voxels_and_another_seed_does_not(healthy: Phantom) -> None:
    again = make_chest(ChestSpec(scanner=QUIET), GRID, seed=8)
    other = make_chest(ChestSpec(scanner=QUIET), GRID, seed=9)

    assert np.array_equal(again.voxels, healthy.voxels)
    assert not np.array_equal(other.voxels, healthy.voxels)


def test_masks_hold_the_volumes_the_truth_says(sick: Phantom) -> None:
    voxel_ml = 4.0 * 4.0 * 5.0 / 1000

    for name, finding, side in (
        ("lung right", "lung volume", Side.RIGHT),
        ("lung left", "lung volume", Side.LEFT),
        ("effusion left", "pleural effusion", Side.LEFT),
    ):
        counted = sick.truth.masks[name].sum() * voxel_ml
        assert counted == pytest.approx(sick.truth.value(finding, side), rel=0.06)


def test_lungs_have_the_size_and_density_of_lungs(healthy: Phantom) -> None:
    right = healthy.truth.value("lung volume", Side.RIGHT)
    left = healthy.truth.value("lung volume", Side.LEFT)
    inside = healthy.voxels[healthy.truth.masks["lung"]]

    assert 2000 < left < right < 4500
    assert -900 < np.median(inside) < -820
    assert healthy.truth.value("low attenuation area") < 0.5


def test_a_healthy_chest_denies_every_finding(healthy: Phantom) -> None:
    presences = {
        t.finding: t.is_present for t in healthy.truth.quantities if t.is_present is not None
    }

    assert presences == {
        "emphysema": False,
        "nodule": False,
        "pleural effusion": False,
        "aortic calcium": False,
        "coronary calcium": False,
    }


def test_the_nodule_lies_where_the_truth_says_with_its_ct_number(sick: Phantom) -> None:
    (nodule,) = sick.truth.of("nodule diameter")
    assert nodule.position_mm is not None

    place = np.array(nodule.position_mm)
    k = sick.geometry.nearest_slice_index(place)
    i, j = np.rint(sick.geometry.in_slice_ij(k, place)).astype(int)

    assert nodule.side is Side.RIGHT
    assert nodule.position_mm[0] < 0
    assert sick.voxels[k, j, i] == pytest.approx(40, abs=25)
    assert sick.truth.masks["nodule 1"][k, j, i]
    assert sick.truth.value("nodule volume") == pytest.approx(np.pi / 6 * 26**3 / 1000)


def test_fluid_stands_at_the_back_of_its_side_in_the_amount_asked(sick: Phantom) -> None:
    (fluid,) = sick.truth.of("pleural effusion", Side.LEFT)
    assert fluid.value is not None
    assert fluid.position_mm is not None

    assert fluid.value == pytest.approx(300, rel=0.2)
    assert fluid.position_mm[0] > 20
    assert fluid.position_mm[1] > 30
    assert sick.truth.value("pleural effusion", Side.RIGHT) == 0
    assert np.median(sick.voxels[sick.truth.masks["effusion left"]]) == pytest.approx(9, abs=6)


def test_emphysema_is_the_share_of_lung_below_the_threshold(sick: Phantom) -> None:
    lung = sick.truth.masks["lung without airways"]
    low = sick.truth.masks["low attenuation area"]

    share = 100 * low.sum() / lung.sum()

    assert sick.truth.value("low attenuation area") == pytest.approx(share, rel=1e-6)
    assert 3 < share < 14


def test_calcium_is_bright_and_small(sick: Phantom) -> None:
    for name in ("aortic calcium", "coronary calcium"):
        voxels = sick.voxels[sick.truth.masks[name]]
        assert 0.02 < sick.truth.value(name) < 25
        assert np.mean(voxels > 100) > 0.8


def test_tissues_have_their_ct_numbers(healthy: Phantom) -> None:
    stack = healthy.geometry

    def at(x: float, y: float, z: float) -> int:
        place = np.array([x, y, z])
        k = stack.nearest_slice_index(place)
        i, j = np.rint(stack.in_slice_ij(k, place)).astype(int)
        return int(np.median(healthy.voxels[k, j - 1 : j + 2, i - 1 : i + 2]))

    assert at(-70, -10, -135) == pytest.approx(58, abs=10)
    assert at(20, -30, -65) == pytest.approx(43, abs=10)
    assert at(0, 0, 50) < -700
    assert at(0, -180, 0) < -990


def test_a_tilted_scan_shows_the_same_anatomy_in_the_same_place(sick: Phantom) -> None:
    spec = ChestSpec(nodules=(NoduleSpec("right lower lobe", 26.0, 40.0),), scanner=QUIET)
    straight = make_chest(spec, GRID, seed=7)
    stack = tilted_stack((66, 96, 96), (4.0, 4.0, 5.0), (0.0, 0.0, -40.0), tilt_deg=8)

    leaning = make_chest(spec, stack, seed=7)

    assert leaning.geometry.tilt_deg == pytest.approx(8)
    for side in (Side.RIGHT, Side.LEFT):
        there = leaning.truth.value("lung volume", side)
        assert there == pytest.approx(straight.truth.value("lung volume", side), rel=0.04)
    assert leaning.truth.of("nodule diameter") == straight.truth.of("nodule diameter")


def test_a_nodule_outside_the_scan_is_not_claimed() -> None:
    spec = ChestSpec(nodules=(NoduleSpec("right upper lobe", 10.0),), scanner=QUIET)
    low = axial_grid((20, 96, 96), (4.0, 4.0, 5.0), (0.0, 0.0, -200.0))

    phantom = make_chest(spec, low, seed=7)

    assert [truth.is_present for truth in phantom.truth.of("nodule")] == [False]


def test_sampled_chests_differ_and_are_valid() -> None:
    specs = [sample_chest_spec(np.random.default_rng(seed)) for seed in range(200)]

    assert len({spec.fat_mm for spec in specs}) == 200
    for part in ("nodules", "emphysema_percent", "effusion_ml", "aortic_calcium"):
        share = np.mean([bool(getattr(spec, part)) for spec in specs])
        assert 0.15 < share < 0.7


@pytest.mark.parametrize(
    "wrong",
    [
        {"emphysema_percent": 90.0},
        {"effusion_ml": ((Side.BOTH, 100.0),)},
        {"effusion_ml": ((Side.LEFT, 0.0),)},
    ],
)
def test_impossible_chests_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"emphysema|effusion"):
        replace(ChestSpec(), **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize(("lobe", "size"), [("left middle lobe", 10.0), ("left lower lobe", 0.5)])
def test_impossible_nodules_are_refused(lobe: str, size: float) -> None:
    with pytest.raises(ValueError, match=r"lobe|wide"):
        NoduleSpec(lobe, size)
