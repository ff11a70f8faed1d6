"""The engine on phantoms whose volumes are drawn, not measured: bias and limits of agreement.

Truth comes from the drawn shapes before noise (inference.phantoms), never from a picture. The
phantoms prove the figures, not a clinical accuracy.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from inference.measure.engine import measure
from inference.phantoms.brain_mr import BrainSpec, make_brain
from inference.phantoms.chest_ct import ChestSpec, make_chest
from inference.phantoms.grids import ScanGrid, axial_grid, sagittal_grid, tilted_stack
from inference.phantoms.head_ct import make_head
from inference.phantoms.head_spec import BleedSpec, HeadSpec, SubduralSpec
from inference.phantoms.phantom import Phantom
from inference.phantoms.scanner import Kernel, ScannerSpec
from inference.tasks.measure import MeasureRequest, MeasureResult
from workstation.core.finding import Fact, Side
from workstation.core.intensity import Intensity, IntensityUnit

CHEST_CENTER_MM = (0.0, 10.0, -75.0)


def chest_grid(pixel_mm: float, gap_mm: float) -> ScanGrid:
    """Return a grid that holds a whole chest; the drawn recesses run far down."""
    count = (round(520 / gap_mm), round(330 / pixel_mm), round(390 / pixel_mm))
    return axial_grid(count, (pixel_mm, pixel_mm, gap_mm), CHEST_CENTER_MM)


def head_grid(gap_mm: float, *, tilt_deg: float = 0.0) -> ScanGrid:
    """Return a grid that holds a whole head."""
    shape, spacing = (round(200 / gap_mm), 208, 167), (1.2, 1.2, gap_mm)
    if tilt_deg:
        return tilted_stack(shape, spacing, (0.0, 0.0, -5.0), tilt_deg=tilt_deg)
    return axial_grid(shape, spacing, (0.0, 0.0, -5.0))


CHESTS: dict[str, tuple[ChestSpec, ScanGrid]] = {
    "5 mm, effusion right": (
        ChestSpec(effusion_ml=((Side.RIGHT, 300.0),)),
        chest_grid(3.0, 5.0),
    ),
    "2.5 mm, smooth, emphysema": (
        ChestSpec(
            emphysema_percent=20.0,
            bone=0.6,
            scanner=ScannerSpec(Kernel.SMOOTH, 8.0),
        ),
        chest_grid(2.4, 2.5),
    ),
    "4 mm, sharp and noisy": (
        ChestSpec(scale=0.92, scanner=ScannerSpec(Kernel.SHARP, 26.0)),
        chest_grid(2.4, 4.0),
    ),
}
HEADS: dict[str, tuple[HeadSpec, ScanGrid]] = {
    "2.5 mm, plain": (HeadSpec(), head_grid(2.5)),
    "5 mm, wide ventricles": (HeadSpec(ventricles=2.2, atrophy=0.6), head_grid(5.0)),
    "2.5 mm, bleed left": (HeadSpec(bleed=BleedSpec(Side.LEFT, 20.0)), head_grid(2.5)),
    "4 mm, tilted, bleed right": (
        HeadSpec(bleed=BleedSpec(Side.RIGHT, 8.0, "frontal lobe")),
        head_grid(4.0, tilt_deg=18.0),
    ),
    "2.5 mm, subdural right": (HeadSpec(subdural=SubduralSpec(Side.RIGHT, 10.0)), head_grid(2.5)),
    "5 mm, noisy, small": (
        HeadSpec(scale=0.93, scanner=ScannerSpec(Kernel.STANDARD, 6.0)),
        head_grid(5.0),
    ),
}


@dataclass(frozen=True)
class Case:
    """A phantom and what was measured in it."""

    phantom: Phantom
    result: MeasureResult

    def fact(self, finding: str, side: Side | None = None) -> Fact:
        found = [f for f in self.result.facts if f.finding == finding and side in (None, f.side)]
        assert len(found) == 1, finding
        return found[0]

    def error(self, finding: str, side: Side | None = None) -> float:
        """Return the relative error of a measured quantity."""
        measured = self.fact(finding, side).value
        assert measured is not None, self.fact(finding, side).reason
        return measured / self.phantom.truth.value(finding, side) - 1


def case_of(phantom: Phantom) -> Case:
    unit = IntensityUnit.HU if phantom.modality == "CT" else IntensityUnit.SIGNAL
    uids = tuple(f"2.25.{k}" for k in range(phantom.voxels.shape[0]))
    asked = MeasureRequest(
        phantom.modality, "", phantom.contrast, "2.25", uids, phantom.geometry, Intensity(unit)
    )
    return Case(phantom, measure(phantom.voxels, asked))


@cache
def chest(name: str) -> Case:
    spec, grid = CHESTS[name]
    return case_of(make_chest(spec, grid, seed=4))


@cache
def head(name: str) -> Case:
    spec, grid = HEADS[name]
    return case_of(make_head(spec, grid, seed=5))


def agreement(errors: list[float]) -> tuple[float, float]:
    """Return bias and half width of the 95 % limits of agreement (Bland and Altman 1986)."""
    return float(np.mean(errors)), 1.96 * float(np.std(errors, ddof=1))


def test_lung_volumes_agree_with_what_was_drawn_over_thickness_kernel_and_noise() -> None:
    errors = [
        chest(name).error("lung volume", side)
        for name in CHESTS
        for side in (Side.RIGHT, Side.LEFT)
    ]

    bias, limits = agreement(errors)

    assert abs(bias) < 0.02
    assert limits < 0.03


def test_emphysema_has_its_share_of_the_lung() -> None:
    case = chest("2.5 mm, smooth, emphysema")
    name = "low-attenuation area below -950 HU"

    sides = [case.fact(name, side).value for side in (Side.RIGHT, Side.LEFT)]

    drawn = case.phantom.truth.value("low attenuation area")
    assert np.mean([side for side in sides if side is not None]) == pytest.approx(drawn, abs=5)


def test_trabecular_bone_has_the_attenuation_of_the_drawn_marrow() -> None:
    for name in CHESTS:
        case = chest(name)
        drawn = case.phantom.truth.value("bone marrow attenuation")
        assert case.fact("trabecular attenuation").value == pytest.approx(drawn, abs=12), name


def test_an_effusion_is_found_on_its_side_only() -> None:
    case = chest("5 mm, effusion right")

    found = case.fact("pleural effusion", Side.RIGHT)
    drawn = case.phantom.truth.value("pleural effusion", Side.RIGHT)
    assert found.is_present
    assert found.value == pytest.approx(drawn, rel=0.3)
    for name in CHESTS:
        for side in (Side.RIGHT, Side.LEFT):
            truth = chest(name).phantom.truth.value("pleural effusion", side)
            assert truth > 0 or chest(name).fact("pleural effusion", side).is_present is None


def test_no_calcium_is_measured_where_none_was_drawn() -> None:
    for name in CHESTS:
        calcium = chest(name).fact("calcium volume above 130 HU")
        assert not calcium.is_assessed or calcium.value == 0.0, name


def test_the_intracranial_volume_agrees_over_thickness_tilt_and_noise() -> None:
    errors = [head(name).error("intracranial volume") for name in HEADS]

    bias, limits = agreement(errors)

    assert -0.05 < bias < 0.02
    assert limits < 0.03


def test_ventricles_agree_but_for_the_fourth_which_is_not_counted() -> None:
    assessed = [n for n in HEADS if head(n).fact("ventricle volume").is_assessed]
    errors = [head(name).error("ventricle volume") for name in assessed]

    assert len(assessed) >= 4
    bias, limits = agreement(errors)

    assert -0.30 < bias < 0.05
    assert limits < 0.20


@pytest.mark.parametrize("name", HEADS)
def test_blood_is_found_on_its_side_where_it_was_drawn_and_nowhere_else(name: str) -> None:
    case = head(name)
    drawn = case.phantom.truth.value("hyperdense volume")
    dense = case.fact("hyperdense volume")

    assert dense.is_assessed
    assert dense.is_present is (drawn > 0)
    if drawn > 0:
        spec = HEADS[name][0]
        blood = spec.bleed or spec.subdural
        assert blood is not None
        assert dense.side is blood.side
        assert dense.value == pytest.approx(drawn, rel=0.35)


@pytest.mark.parametrize("contrast", ["T1", "T2", "FLAIR"])
def test_a_brain_mr_is_recognized_and_no_volume_is_made_up(contrast: str) -> None:
    grid = sagittal_grid((85, 125, 125), (2.0, 2.0, 2.0))
    phantom = make_brain(BrainSpec(lesions=4), grid, seed=3, contrasts=(contrast,))[contrast]

    case = case_of(phantom)

    assert case.result.region == "brain MR"
    volume = case.fact("brain volume")
    drawn = phantom.truth.value("brain volume")
    assert not volume.is_assessed or volume.value == pytest.approx(drawn, rel=0.1)
