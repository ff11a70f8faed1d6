"""The head phantoms (CT and MR) say the truth about themselves."""

from __future__ import annotations

import numpy as np
import pytest

from inference.phantoms.brain_mr import BrainSpec, make_brain, sample_brain_spec
from inference.phantoms.grids import axial_grid, sagittal_grid, tilted_stack
from inference.phantoms.head_ct import (
    BleedSpec,
    HeadSpec,
    SubduralSpec,
    make_head,
    sample_head_spec,
)
from inference.phantoms.phantom import Phantom
from inference.phantoms.scanner import ScannerSpec
from workstation.core.finding import Side

GRID = axial_grid((64, 80, 72), (2.8, 2.8, 2.8), (0.0, 0.0, 0.0))
QUIET = ScannerSpec(noise_hu=0.0)


def _hu_at(phantom: Phantom, x: float, y: float, z: float) -> float:
    place = np.array([x, y, z])
    k = phantom.geometry.nearest_slice_index(place)
    i, j = np.rint(phantom.geometry.in_slice_ij(k, place)).astype(int)
    return float(phantom.voxels[k, j, i])


@pytest.fixture(scope="module")
def healthy() -> Phantom:
    return make_head(HeadSpec(scanner=QUIET), GRID, seed=4)


@pytest.fixture(scope="module")
def brain() -> dict[str, Phantom]:
    return make_brain(BrainSpec(lesions=12, lesion_mm=9.0, noise=6.0, bias=0.05), GRID, seed=4)


def test_a_healthy_head_has_adult_volumes_and_denies_every_finding(healthy: Phantom) -> None:
    assert 1250 < healthy.truth.value("intracranial volume") < 1750
    assert 8 < healthy.truth.value("ventricle volume") < 35
    assert healthy.truth.value("hyperdense volume") == 0
    presences = [t.is_present for t in healthy.truth.quantities if t.is_present is not None]
    assert presences == [False, False, False]


def test_brain_fluid_and_bone_have_their_ct_numbers(healthy: Phantom) -> None:
    masks = healthy.truth.masks

    assert np.median(healthy.voxels[masks["brain"]]) == pytest.approx(34, abs=5)
    assert np.median(healthy.voxels[masks["ventricles"]]) < 22
    assert healthy.voxels.max() > 700
    assert healthy.voxels[0, 0, 0] == pytest.approx(-1000, abs=5)


def test_a_bleed_has_its_volume_side_and_ct_number() -> None:
    spec = HeadSpec(bleed=BleedSpec(Side.LEFT, 24.0, hu=68.0), scanner=QUIET)

    phantom = make_head(spec, GRID, seed=5)

    (bleed,) = phantom.truth.of("intraparenchymal bleed")
    assert bleed.side is Side.LEFT
    assert bleed.value == pytest.approx(24.0, rel=0.03)
    assert bleed.position_mm is not None
    assert bleed.position_mm[0] > 10
    assert _hu_at(phantom, *bleed.position_mm) == pytest.approx(68, abs=5)
    counted = phantom.truth.masks["bleed"].sum() * 2.8**3 / 1000
    assert counted == pytest.approx(24.0, rel=0.06)


def test_a_subdural_bleed_hugs_the_skull_of_its_side() -> None:
    spec = HeadSpec(subdural=SubduralSpec(Side.RIGHT, 12.0), scanner=QUIET)

    phantom = make_head(spec, GRID, seed=5)

    (bleed,) = phantom.truth.of("subdural bleed")
    assert bleed.side is Side.RIGHT
    assert bleed.value is not None
    assert 25 < bleed.value < 160
    assert bleed.position_mm is not None
    assert bleed.position_mm[0] < -35


def test_the_midline_shifts_by_what_the_truth_says() -> None:
    places = []
    for shift in (0.0, 8.0):
        spec = HeadSpec(midline_shift_mm=shift, scanner=QUIET)
        phantom = make_head(spec, GRID, seed=6)
        k = phantom.geometry.nearest_slice_index(np.array([0.0, 0.0, 10.0]))
        _, i = np.nonzero(phantom.truth.masks["ventricles"][k, 24:48])
        places.append(float(i.mean()) * 2.8)

    assert places[1] - places[0] == pytest.approx(8.0, abs=2.0)
    (truth,) = phantom.truth.of("midline shift")
    assert (truth.value, truth.side) == (8.0, Side.LEFT)


def test_enlarged_ventricles_are_larger(healthy: Phantom) -> None:
    wide = make_head(HeadSpec(ventricles=2.2, scanner=QUIET), GRID, seed=4)

    ratio = wide.truth.value("ventricle volume") / healthy.truth.value("ventricle volume")

    assert 2.5 < ratio < 7
    assert wide.truth.of("enlarged ventricles")[0].is_present


def test_a_tilted_gantry_sees_the_same_bleed_in_the_same_place() -> None:
    spec = HeadSpec(bleed=BleedSpec(Side.RIGHT, 20.0), scanner=QUIET)
    stack = tilted_stack((64, 96, 72), (2.8, 2.8, 2.8), tilt_deg=18)

    straight, leaning = make_head(spec, GRID, seed=5), make_head(spec, stack, seed=5)

    first = straight.truth.of("intraparenchymal bleed")[0].position_mm
    second = leaning.truth.of("intraparenchymal bleed")[0].position_mm
    assert first == pytest.approx(second, abs=0.6)
    assert leaning.truth.value("intracranial volume") == pytest.approx(
        straight.truth.value("intracranial volume"), rel=0.03
    )


def test_three_contrasts_show_one_anatomy(brain: dict[str, Phantom]) -> None:
    truth = brain["T1"].truth
    fluid = truth.masks["ventricles"]
    median = {name: float(np.median(phantom.voxels[fluid])) for name, phantom in brain.items()}

    assert brain["T2"].truth is truth
    assert brain["FLAIR"].truth is truth
    assert median["FLAIR"] < median["T1"] * 1.4
    assert median["T2"] > 3 * median["T1"]


def test_lesions_are_counted_and_bright_in_flair(brain: dict[str, Phantom]) -> None:
    truth = brain["FLAIR"].truth
    (count,) = truth.of("white-matter lesions")
    volumes = [t.value for t in truth.of("lesion volume") if t.value is not None]
    lesions = truth.masks["white-matter lesions"]
    white = truth.masks["brain"] & ~lesions

    assert count.value == len(volumes)
    assert truth.value("white-matter lesion volume") == pytest.approx(sum(volumes), rel=0.05)
    bright = np.median(brain["FLAIR"].voxels[lesions])
    assert bright > 1.4 * np.median(brain["FLAIR"].voxels[white])


def test_the_noise_of_air_is_that_of_a_magnitude_image(brain: dict[str, Phantom]) -> None:
    corner = brain["T1"].voxels[:, :6, :6].astype(np.float64)

    # Rayleigh: mean = sigma * sqrt(pi / 2), Gudbjartsson and Patz 1995.
    assert corner.mean() == pytest.approx(6.0 * np.sqrt(np.pi / 2), rel=0.08)


def test_a_sagittal_scan_holds_the_same_head() -> None:
    spec = BrainSpec(noise=0.0)
    axial = make_brain(spec, GRID, seed=3, contrasts=("T1",))["T1"]
    sagittal = make_brain(
        spec, sagittal_grid((64, 80, 84), (2.8, 2.8, 2.8)), seed=3, contrasts=("T1",)
    )["T1"]

    assert sagittal.truth.value("ventricle volume") == pytest.approx(
        axial.truth.value("ventricle volume"), rel=0.08
    )


def test_sampled_heads_and_brains_are_valid_and_varied() -> None:
    heads = [sample_head_spec(np.random.default_rng(seed)) for seed in range(200)]
    brains = [sample_brain_spec(np.random.default_rng(seed)) for seed in range(200)]

    assert 0.1 < np.mean([spec.bleed is not None for spec in heads]) < 0.4
    assert 0.1 < np.mean([spec.subdural is not None for spec in heads]) < 0.35
    assert 0.35 < np.mean([spec.lesions > 0 for spec in brains]) < 0.65
    assert len({spec.head.atrophy for spec in brains}) == 200


@pytest.mark.parametrize(
    ("side", "volume", "place"),
    [(Side.BOTH, 5.0, "cerebellum"), (Side.LEFT, 500.0, "cerebellum"), (Side.LEFT, 5.0, "heart")],
)
def test_impossible_bleeds_are_refused(side: Side, volume: float, place: str) -> None:
    with pytest.raises(ValueError, match=r"bleed|place"):
        BleedSpec(side, volume, place)


def test_other_impossible_heads_are_refused() -> None:
    with pytest.raises(ValueError, match="subdural"):
        SubduralSpec(Side.LEFT, 60.0)
    with pytest.raises(ValueError, match="subdural"):
        SubduralSpec(Side.NONE, 6.0)
    with pytest.raises(ValueError, match="midline"):
        HeadSpec(midline_shift_mm=30.0)
    with pytest.raises(ValueError, match="atrophy"):
        HeadSpec(atrophy=2.0)
    with pytest.raises(ValueError, match="lesions"):
        BrainSpec(lesions=500)
    with pytest.raises(ValueError, match="CT only"):
        BrainSpec(head=HeadSpec(subdural=SubduralSpec(Side.LEFT, 6.0)))
