"""MR heads and CT abdomens: recognized by anatomy, measured hardly at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from inference.measure.engine import measure
from tests.unit.measure import shapes
from workstation.core.geometry import StackGeometry

Drawn = tuple[shapes.Voxels, StackGeometry]


def brain(step_mm: tuple[float, float, float] = (2.0, 2.0, 3.0)) -> Drawn:
    """Return a head in T1: scalp, dark skull and fluid, brain with dark ventricles."""
    page = shapes.canvas((200.0, 240.0, 200.0), step_mm)
    v = page.voxels
    v[:] = 0
    v[page.ellipsoid((0, 0, 0), (80, 98, 84))] = 600
    v[page.ellipsoid((0, 0, 0), (74, 92, 78))] = 30
    v[page.ellipsoid((0, 0, 0), (66, 84, 70))] = 320
    for x in (-12, 12):
        v[page.ellipsoid((x, 0, 0), (9, 26, 12))] = 60
    return v, page.geometry


def bare_brain() -> Drawn:
    voxels, geometry = brain()
    page = shapes.canvas((200.0, 240.0, 200.0), (2.0, 2.0, 3.0))
    voxels[~page.ellipsoid((0, 0, 0), (66, 84, 70))] = 0
    return voxels, geometry


def bright_ball() -> Drawn:
    page = shapes.canvas((240.0, 240.0, 200.0), (2.0, 2.0, 4.0))
    page.voxels[:] = 0
    page.voxels[page.ellipsoid((0, 0, 0), (80, 95, 80))] = 300
    return page.voxels, page.geometry


def trunk() -> Drawn:
    page = shapes.canvas((400.0, 300.0, 160.0), (4.0, 4.0, 5.0))
    page.voxels[:] = 0
    page.voxels[page.tube((0, 0), (180, 120))] = 300
    return page.voxels, page.geometry


def abdomen(*, liver_side: float = -1.0, vessel_hu: int = 40) -> Drawn:
    """Return a trunk with fat inside, a spine, a vessel before it and a liver."""
    page = shapes.canvas((380.0, 280.0, 180.0), (4.0, 4.0, 4.0))
    v = page.voxels
    v[page.tube((0, 0), (170, 120))] = 50
    v[page.tube((0, 0), (150, 100))] = -100
    v[page.ellipsoid((liver_side * 75, -10, 20), (65, 75, 70))] = 60
    v[page.tube((0, 15), (12, 12))] = vessel_hu
    v[page.tube((0, 72), (26, 30))] = 500
    v[page.tube((0, 60), (17, 16))] = shapes.MARROW_HU
    v[page.tube((0, 84), (9, 8))] = 20
    return v, page.geometry


@pytest.mark.parametrize("turn", [shapes.sagittal, shapes.coronal, shapes.feet_first])
def test_a_brain_in_scalp_and_skull_is_recognized_in_every_plane(
    turn: Callable[[shapes.Voxels, StackGeometry], Drawn],
) -> None:
    voxels, geometry = turn(*brain((2.0, 2.0, 2.0)))

    result = measure(voxels, shapes.request(geometry, modality="MR"))

    assert result.region == "brain MR"


@pytest.mark.parametrize("make", [bare_brain, bright_ball, trunk], ids=lambda f: f.__name__)
def test_other_bright_things_in_mr_are_unknown(make: Callable[[], Drawn]) -> None:
    voxels, geometry = make()

    result = measure(voxels, shapes.request(geometry, modality="MR"))

    assert result.region == "unknown"
    assert result.facts == ()


@pytest.mark.parametrize(
    "change", [{"body_part": "KNEE"}, {"description": "ep2d DTI 64 dir"}], ids=str
)
def test_a_tag_can_speak_against_a_brain(change: dict[str, str]) -> None:
    voxels, geometry = brain()
    asked = replace(shapes.request(geometry, modality="MR"), **change)  # type: ignore[arg-type]

    assert measure(voxels, asked).region == "unknown"


def test_coarse_pixels_are_no_anatomical_mr() -> None:
    voxels, geometry = brain((3.0, 3.0, 3.0))

    result = measure(voxels, shapes.request(geometry, modality="MR"))

    assert result.region == "unknown"
    assert "coarse" in result.region_reason


def test_brain_volume_is_right_in_a_thin_t1_and_not_assessed_elsewhere() -> None:
    voxels, geometry = brain((1.5, 1.5, 1.5))
    asked = shapes.request(geometry, modality="MR")
    true_ml = shapes.ellipsoid_ml((66, 84, 70)) - 2 * shapes.ellipsoid_ml((9, 26, 12))

    thin = measure(voxels, replace(asked, description="T1 MPRAGE"))
    unnamed = measure(voxels, asked)

    assert thin.facts[0].value == pytest.approx(true_ml, rel=0.04)
    assert not unnamed.facts[0].is_assessed
    assert "T1" in unnamed.facts[0].reason


def test_an_abdomen_is_recognized_by_spine_and_liver_and_its_spine_is_measured() -> None:
    voxels, geometry = abdomen()

    result = measure(voxels, shapes.request(geometry))

    assert result.region == "abdomen CT"
    assert [fact.finding for fact in result.facts] == ["trabecular attenuation"]
    assert result.facts[0].value == pytest.approx(shapes.MARROW_HU, abs=5)


def test_contrast_in_the_vessels_leaves_the_spine_unmeasured() -> None:
    voxels, geometry = abdomen(vessel_hu=250)

    result = measure(voxels, shapes.request(geometry))

    assert result.region == "abdomen CT"
    assert not result.facts[0].is_assessed
    assert "contrast" in result.facts[0].reason


def test_a_trunk_without_a_liver_on_the_right_is_unknown() -> None:
    voxels, geometry = abdomen(liver_side=1.0)

    assert measure(voxels, shapes.request(geometry)).region == "unknown"


def test_a_volume_with_noise_alone_in_mr_is_unknown() -> None:
    page = shapes.canvas((200.0, 240.0, 200.0), (2.0, 2.0, 4.0))
    noise = np.abs(np.random.default_rng(4).normal(0, 100, page.voxels.shape)).astype(np.int16)

    assert measure(noise, shapes.request(page.geometry, modality="MR")).region == "unknown"
