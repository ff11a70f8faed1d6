"""Calibrating a denoising pack to a scanner: what is asked of its process, and what it answers.

The process is asked with one line of JSON and the voxels behind it; it answers in lines of JSON.
Nothing of the patient is in any of them but the voxels.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from workstation.core.intensity import Padding

BASES = ("ct-denoise-fine", "ct-denoise", "mr-denoise")
"""Packs that can be calibrated: those whose recipe is part of the program."""

MODULE = "inference.training.calibrate"
"""What the process runs."""


@dataclass(frozen=True, slots=True)
class CalibrationOrder:
    """What the process is asked for.

    Attributes:
        base: folder of the pack to start from.
        base_id: its id.
        pack_id: id of the pack to make.
        folder: where to write it; made by the one who asks, removed by the process if stopped.
        modality: CT or MR.
        shape_kji, dtype: of the voxels that follow.
        spacing_ijk_mm: voxel spacing.
        padding: voxel value or range outside the scanned field.
        scanner: technical names of scanner and kernel, for the card.
        seconds: time for the training.
        steps: training steps at most; 0 for as many as the time allows.
    """

    base: str
    base_id: str
    pack_id: str
    folder: str
    modality: str
    shape_kji: tuple[int, int, int]
    dtype: str
    spacing_ijk_mm: tuple[float, float, float]
    padding: Padding
    scanner: tuple[str, ...]
    seconds: float
    steps: int = 0

    def to_line(self) -> bytes:
        """Return the order as one line."""
        return json.dumps(asdict(self)).encode() + b"\n"


def order_from_line(line: bytes) -> CalibrationOrder:
    """Return the order that a line holds."""
    raw: dict[str, Any] = json.loads(line)
    for name in ("shape_kji", "spacing_ijk_mm", "scanner", "padding"):
        raw[name] = tuple(raw[name]) if isinstance(raw[name], list) else raw[name]
    return CalibrationOrder(**raw)


@dataclass(frozen=True, slots=True)
class CalibrationFigures:
    """What was measured of the series, and of the new pack beside the old on slices held out.

    Errors are root mean squares against the unknown image without noise, in noise deviations of
    the series; the noise of the series itself is taken out by the statistics (see
    ``inference.training.held_out``), so that an error can come out as 0.

    Attributes:
        sigma: noise of the series, in its unit.
        frequency_per_mm: mean frequency of its noise power spectrum.
        correlation: of the noise of neighboring slices.
        patches: patches of even tissue behind spectrum and correlation.
        trained_slices, held_out_slices: slices trained on, and slices compared.
        steps, seconds: of training.
        strength, new_strength: share of the result that each shows first.
        base_error, new_error: at that strength.
        base_error_full, new_error_full: at full strength.
        base_kept, new_kept: contrast of inserted lesions that comes back at that strength.
        difference, difference_error: new less base of the mean squared error in squared noise
            deviations, and the standard error of that over the slices compared.
    """

    sigma: float
    frequency_per_mm: float
    correlation: float
    patches: int
    trained_slices: int
    held_out_slices: int
    steps: int
    seconds: float
    strength: float
    new_strength: float
    base_error: float
    new_error: float
    base_error_full: float
    new_error_full: float
    base_kept: float
    new_kept: float
    difference: float
    difference_error: float


KEPT_TOLERANCE = 0.02
"""Contrast that may be lost against the base: the gates know contrast to about as much."""


def shortfalls(figures: CalibrationFigures) -> tuple[str, ...]:
    """Return in what the new pack is worse than the one it was made from; empty if in nothing."""
    found = []
    if not figures.difference <= 0:
        found.append("error on slices held out")
    if not figures.new_kept >= figures.base_kept - KEPT_TOLERANCE:
        found.append("contrast of lesions on slices held out")
    return tuple(found)
