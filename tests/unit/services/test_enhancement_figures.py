"""The panel says what is shown: figures at the strength of the slider, limits, sentences."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inference.tasks.change_figures import (
    BlockShift,
    ChangeFigures,
    NoiseParts,
    NoiseSpectrum,
    StructureFigures,
)
from inference.tasks.denoise import EnhancementFigures
from workstation.services.enhancement_figures import (
    EnhancementPanel,
    FigureRow,
    enhancement_panel,
    enhancement_warnings,
    noise_at,
)

CHANGE = ChangeFigures(
    # Noise of 20 of which the change takes out six tenths.
    noise=NoiseParts(400.0, -240.0, 144.0),
    spectrum=NoiseSpectrum((0.1, 0.3), (10.0, 10.0), (-2.0, -8.0), (1.0, 7.0), 40),
    blocks=BlockShift(worst=6.0, noise=1.5, beyond_noise=2.0, blocks=900),
    structure=StructureFigures(correlation=-0.1, share=0.01),
)
FIGURES = EnhancementFigures(
    sigma_before=20.0,
    sigma_after=8.0,
    bias=0.4,
    bias_by_tissue=(("soft tissue", -0.5),),
    largest_change=42.0,
    bound=60.0,
    change=CHANGE,
)


def shown(figures: EnhancementFigures = FIGURES, strength: float = 0.5) -> EnhancementPanel:
    return enhancement_panel(figures, strength=strength, unit="HU")


def row(panel: EnhancementPanel, quantity: str) -> FigureRow:
    return next(one for one in panel.rows if one.quantity == quantity)


def codes(figures: EnhancementFigures, strength: float = 1.0, unit: str = "HU") -> list[str]:
    return [one.code for one in enhancement_warnings(figures, strength=strength, unit=unit)]


def test_noise_is_told_at_the_strength_that_is_shown() -> None:
    noise = row(shown(strength=0.5), "Noise in even tissue")

    # 1 - 0.6 x 0.5 of the noise is left.
    assert (noise.before, noise.after) == ("20 HU", "14 HU (−30 %)")
    assert noise_at(FIGURES, 1.0) == pytest.approx(8.0)
    assert noise_at(replace(FIGURES, change=None), 0.5) == pytest.approx(14.0)


def test_shifts_scale_with_the_strength_and_have_limits() -> None:
    panel = shown(replace(FIGURES, change=replace(CHANGE, spectrum=None)), strength=0.5)

    assert row(panel, "Mean shift of the body").after == "+0.20 HU"
    assert row(panel, "Mean shift of soft tissue").after == "−0.25 HU"
    assert row(panel, "Mean shift of soft tissue").limit == "±3 HU"
    assert row(panel, "Shift of blocks of 8 x 8 voxels beyond noise").after == "1 HU"
    assert row(panel, "Largest change of a voxel").after == "21 HU"
    assert all(one.is_met is not False for one in panel.rows)
    assert panel.warnings == ()


def test_spectra_are_those_of_the_blend() -> None:
    plot = shown(strength=0.5).plot

    assert plot is not None
    assert plot.unit == "HU² mm²"
    assert plot.after == pytest.approx((10 - 2 + 0.25, 10 - 8 + 1.75))
    assert plot.mean_before_per_mm == pytest.approx(0.2)
    assert plot.mean_after_per_mm == pytest.approx((0.1 * 8.25 + 0.3 * 3.75) / 12)


@pytest.mark.parametrize(
    ("figures", "code"),
    [
        (replace(FIGURES, bias=1.2), "shift_body"),
        (replace(FIGURES, bias_by_tissue=(("fat", -3.4),)), "shift_tissue"),
        (
            replace(FIGURES, change=replace(CHANGE, blocks=BlockShift(9.0, 1.0, 3.5, 900))),
            "shift_blocks",
        ),
        (
            replace(FIGURES, change=replace(CHANGE, structure=StructureFigures(0.0, 0.08))),
            "structure",
        ),
        (
            replace(FIGURES, change=replace(CHANGE, structure=StructureFigures(0.4, 0.01))),
            "structure",
        ),
        (replace(FIGURES, slices_left_original=2), "slices_left"),
    ],
)
def test_what_breaks_a_limit_is_told_in_a_sentence(figures: EnhancementFigures, code: str) -> None:
    calm = replace(figures, change=replace(figures.change or CHANGE, spectrum=None))

    (found,) = enhancement_warnings(calm, strength=1.0, unit="HU")

    assert found.code == code
    assert found.text.endswith(".")


def test_a_shift_over_the_limit_is_within_it_at_less_strength() -> None:
    figures = replace(FIGURES, bias=1.2)

    assert "shift_body" in codes(figures, strength=1.0)
    assert "shift_body" not in codes(figures, strength=0.5)
    assert codes(replace(figures, slices_left_original=1), strength=0.0) == []


def test_coarser_noise_is_told() -> None:
    panel = shown(strength=1.0)

    texture = row(panel, "Mean frequency of the noise")
    assert texture.is_met is False
    assert [one.code for one in panel.warnings] == ["texture"]
    assert "coarser" in panel.warnings[0].text


def test_signal_has_limits_in_noise_and_no_spectrum_is_no_plot() -> None:
    figures = replace(FIGURES, bias=2.5, change=replace(CHANGE, spectrum=None))

    panel = enhancement_panel(figures, strength=1.0, unit="signal")

    assert panel.plot is None
    assert row(panel, "Mean shift of the body").limit == "±2 signal"
    assert [one.code for one in panel.warnings] == ["shift_body"]


def test_a_result_without_noise_figures_shows_no_rows() -> None:
    assert enhancement_panel(EnhancementFigures(), strength=1.0, unit="HU").rows == ()
