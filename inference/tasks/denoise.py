"""Request and result of denoising a volume."""

from __future__ import annotations

from dataclasses import dataclass

from inference.tasks.change_figures import ChangeFigures
from workstation.core.even_runs import Runs
from workstation.core.intensity import Padding
from workstation.core.provenance import PackRef

MOST_LEFT = 0.1
"""Largest share of the slices of a series that may stay as scanned because no model can be run on
them; beyond it the series is refused, or a reader would compare two kinds of slices all the time.
"""


@dataclass(frozen=True, slots=True)
class EnhancementFigures:
    """What an enhancement did, measured on this very series; shown to the reader.

    Attributes:
        sigma_before: noise standard deviation of the input, in the unit of the volume.
        sigma_after: the same after enhancement at full strength.
        bias: mean(result - input) over the body at full strength, unit of the volume.
        bias_by_tissue: (tissue name, mean difference) pairs; empty for MR.
        largest_change: max |result - input| over the series.
        bound: largest change the pack promises (3 sigma); 0 where it promises none.
        consistency: max |D(result) - input| for super-resolution; 0 for denoising.
        seconds: time of the run.
        slices_per_s: slices per second.
        provider: ONNX Runtime execution provider used.
        provider_note: why another provider of this machine was not used, or not to the end; empty
            where there was none.
        slices_left_original: input slices whose result broke a promise and was thrown away; the
            reader is told when it is not 0.
        change: what was changed, in figures that hold at any strength; None for tasks other than
            denoising.
        slices_not_tried: those of ``slices_left_original`` that no model was run on: they belong to
            no run of even slices, or the noise of theirs cannot be told.
        slices_noise_outside: slices with noise a little outside what the pack was trained on.
    """

    sigma_before: float = 0.0
    sigma_after: float = 0.0
    bias: float = 0.0
    bias_by_tissue: tuple[tuple[str, float], ...] = ()
    largest_change: float = 0.0
    bound: float = 0.0
    consistency: float = 0.0
    seconds: float = 0.0
    slices_per_s: float = 0.0
    provider: str = ""
    slices_left_original: int = 0
    provider_note: str = ""
    change: ChangeFigures | None = None
    slices_not_tried: int = 0
    slices_noise_outside: int = 0


@dataclass(frozen=True, slots=True)
class DenoiseRequest:
    """Denoise one volume, nearest to the visible slice first.

    The voxels travel beside the request (see worker.protocol), never inside it.

    Attributes:
        pack_id: which pack.
        modality: CT or MR.
        spacing_ijk_mm: voxel spacing.
        padding: voxel value, or range of values, outside the scanned field; None if there is none.
        first_index: slice to do first.
        runs: first slice, and one past the last, of each part of the volume that is a stack of its
            own; ascending. Nothing is seen across a border, and slices outside all runs stay as
            they are. Empty where the volume is one stack.
    """

    pack_id: str
    modality: str
    spacing_ijk_mm: tuple[float, float, float]
    padding: Padding = None
    first_index: int = 0
    runs: Runs = ()

    def __post_init__(self) -> None:
        ends = [end for run in self.runs for end in run]
        if ends != sorted(ends) or any(stop <= first for first, stop in self.runs):
            raise ValueError("runs are ascending and hold slices")


@dataclass(frozen=True, slots=True)
class EnhanceResult:
    """What the worker says when an enhancement is complete; voxels travel beside it."""

    pack: PackRef
    figures: EnhancementFigures
