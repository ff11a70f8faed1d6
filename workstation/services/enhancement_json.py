"""The figures of an enhancement as the command line tells them: numbers, at one strength."""

from __future__ import annotations

from typing import Any

from inference.tasks.denoise import EnhancementFigures
from workstation.services.enhancement_figures import FigureRow, enhancement_panel, noise_at


def figures_json(figures: EnhancementFigures, *, strength: float, unit: str) -> dict[str, Any]:
    """Return what was measured on the series, as plain values.

    Args:
        figures: of a denoising, as the worker gave them.
        strength: share of the result that was written, 0..1.
        unit: of the voxels.
    """
    panel = enhancement_panel(figures, strength=strength, unit=unit)
    return {
        "noise_at_strength": noise_at(figures, strength),
        "bias_at_strength": figures.bias * strength,
        "spectrum": _spectrum(figures, strength, unit),
        "block_shift": _blocks(figures, strength),
        "structure": _structure(figures),
        "noise_by_slice": _profile(figures),
        "figures": [_row(row) for row in panel.rows],
    }


def _spectrum(figures: EnhancementFigures, strength: float, unit: str) -> dict[str, Any] | None:
    found = figures.change.spectrum if figures.change else None
    if found is None:
        return None
    return {
        "unit": f"{unit}^2 mm^2",
        "frequencies_per_mm": list(found.frequencies_per_mm),
        "before": list(found.before),
        "after": list(found.at(strength)),
        "mean_frequency_before_per_mm": found.mean_frequency_per_mm(0.0),
        "mean_frequency_after_per_mm": found.mean_frequency_per_mm(strength),
        "shift": found.shift(strength),
        "patches": found.patches,
    }


def _blocks(figures: EnhancementFigures, strength: float) -> dict[str, Any] | None:
    found = figures.change.blocks if figures.change else None
    if found is None:
        return None
    return {
        "worst": found.worst * strength,
        "noise": found.noise * strength,
        "beyond_noise": found.beyond_noise * strength,
        "blocks": found.blocks,
    }


def _structure(figures: EnhancementFigures) -> dict[str, Any] | None:
    found = figures.change.structure if figures.change else None
    return None if found is None else {"correlation": found.correlation, "share": found.share}


def _profile(figures: EnhancementFigures) -> dict[str, Any] | None:
    found = figures.change
    if found is None or not found.slice_sigmas:
        return None
    return {"slices": list(found.slice_indices), "noise": list(found.slice_sigmas)}


def _row(row: FigureRow) -> dict[str, Any]:
    return {
        "quantity": str(row.quantity),
        "before": row.before,
        "after": row.after,
        "limit": row.limit,
        "met": row.is_met,
    }
