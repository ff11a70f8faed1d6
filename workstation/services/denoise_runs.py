"""What is asked of a denoiser for a series of several even parts: which slices belong together.

A denoiser looks at neighbors only, so that a series need not be even from end to end: each run of
even slices is denoised as a series of its own.
"""

from __future__ import annotations

import numpy as np

from inference.tasks.denoise import MOST_LEFT, DenoiseRequest
from workstation.core.even_runs import Runs, even_runs
from workstation.core.sentence import Sentence
from workstation.core.verdict import Doubt
from workstation.core.volume import Volume


def runs_of(volume: Volume) -> Runs:
    """Return the runs of even slices of a volume that is placed; slices may be in none."""
    geometry = volume.geometry
    count = geometry.shape_kji[0]
    return ((0, count),) if geometry.is_even else even_runs(geometry.distances_mm)


def runs_cover(volume: Volume) -> bool:
    """Return whether the runs hold enough of the slices for the series to be denoised."""
    count = volume.geometry.shape_kji[0]
    held = sum(stop - first for first, stop in runs_of(volume))
    return held > 0 and count - held <= MOST_LEFT * count


def run_gaps_mm(volume: Volume) -> tuple[float, ...]:
    """Return the distance between slices of each run, in mm."""
    distances = volume.geometry.distances_mm
    return tuple(
        abs(float(np.median(np.diff(distances[first:stop])))) for first, stop in runs_of(volume)
    )


def run_doubts(volume: Volume) -> tuple[Doubt, ...]:
    """Return that a series is denoised in parts, and what is missing between them."""
    runs, gaps = runs_of(volume), run_gaps_mm(volume)
    if volume.geometry.is_even:
        return ()
    spacings = ", ".join(dict.fromkeys(f"{gap:.2f}" for gap in gaps))
    apart = Sentence(
        "The slices come in {0} parts ({1} mm apart). Each part is made by itself, with its own "
        "noise: do not compare noise across the borders.",
        len(runs),
        spacings,
    )
    doubts = [Doubt("parts", apart)]
    missing = sum(count for _, count in volume.geometry.holes)
    if missing:
        text = Sentence("Slices are missing ({0}): nothing is known of what lay there.", missing)
        doubts.append(Doubt("slices_missing", text))
    return tuple(doubts)


def denoise_request(volume: Volume, pack_id: str, first_index: int = 0) -> DenoiseRequest:
    """Return what is asked of a pack for a volume that was found fit.

    Args:
        volume: original pixels.
        pack_id: which pack.
        first_index: slice that is done first.
    """
    geometry = volume.geometry
    i_mm, j_mm = geometry.spacing_ij_mm
    return DenoiseRequest(
        pack_id,
        volume.series.modality,
        (i_mm, j_mm, abs(float(np.median(geometry.gaps_mm)))),
        volume.intensity.outside,
        first_index,
        () if geometry.is_even else runs_of(volume),
    )


def slices_seen(volume: Volume, k: int, neighbours: int) -> range:
    """Return the slices that a model looked at for slice k; only itself outside all runs.

    Args:
        volume: original pixels.
        k: the slice.
        neighbours: slices that a model looks at, an odd number.
    """
    first, stop = next((run for run in runs_of(volume) if run[0] <= k < run[1]), (k, k + 1))
    half = neighbours // 2
    return range(max(k - half, first), min(k + half + 1, stop))
