"""Measure denoising packs on pairs of low and full dose, beside classical filters.

The pack sees what it sees at the workstation: the whole low-dose series in its own process, with
the noise estimated there. Filters are told the true noise and shown at the setting that does best
on these very slices, which flatters them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.packs.manifest import Task
from inference.packs.store import Pack, PackStore
from workstation.core.errors import InputRefusedError
from workstation.core.job import CancelToken
from workstation.core.volume import Volume, read_only
from workstation.services import evaluate_figures as figures
from workstation.services.denoise_runs import denoise_request
from workstation.services.enhance_series import mix
from workstation.services.enhancement_gate import require_fit
from workstation.services.evaluate_filters import FILTERS
from workstation.services.evaluate_noise import noisy_copy
from workstation.services.ports import ModelWorkerPort

TUNED_ON = 3
"""Slices on which the settings of filters are chosen; non-local means takes seconds on each."""

NO_METHOD = "low dose"
"""Name of the row of the input."""

Image = NDArray[np.float64]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class MethodRow:
    """Figures of one method on one pair, the mean over its slices.

    Attributes:
        method: ``low dose``, a filter with its setting, or a pack with its strength.
        is_model: whether a pack made it.
        psnr_db, ssim, rmse: as LDCT-Bench takes them; rmse in the unit of the series.
        bias: (tissue, mean of result less reference) pairs, unit of the series.
        noise_left: deviation of result less reference in the body, over that of the input.
        mean_frequency: of the spectrum of result less reference in the body, 1/mm; None where no
            patch of body is large enough.
    """

    method: str
    is_model: bool
    psnr_db: float
    ssim: float
    rmse: float
    bias: tuple[tuple[str, float], ...]
    noise_left: float
    mean_frequency: float | None


@dataclass(frozen=True, slots=True)
class PairFigures:
    """What was found on one pair.

    Attributes:
        modality: CT or MR.
        anatomy: whose window was used; empty for MR.
        window: its ends, unit of the series.
        unit: of the series.
        slices: how many were compared.
        sigma: deviation of low less full dose in the body, unit of the series.
        rows: the input first, then filters and packs.
        refused: (pack, why) pairs of what could not be run.
    """

    modality: str
    anatomy: str
    window: tuple[float, float]
    unit: str
    slices: int
    sigma: float
    rows: tuple[MethodRow, ...]
    refused: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, eq=False)
class PairToMeasure:
    """A pair in memory.

    Attributes:
        low, high: the volumes.
        anatomy: whose window; empty for MR.
        slices: how many slices to compare, evenly spread; 0 for all.
    """

    low: Volume
    high: Volume
    anatomy: str
    slices: int

    @property
    def chosen(self) -> NDArray[np.int64]:
        """Indices of the slices that are compared."""
        count = len(self.low.voxels)
        wanted = min(self.slices or count, count)
        return np.unique(np.linspace(0, count - 1, wanted).round().astype(np.int64))


def simulated(high: Volume, sigma: float) -> Volume:
    """Return a volume with noise added; ``sigma`` in HU, for MR in percent of its signal's top."""
    is_ct = high.series.modality == "CT"
    level = (
        sigma if is_ct else sigma / 100 * figures.scale_of(high.voxels, anatomy="", pixel_mm=1).high
    )
    voxels = noisy_copy(high.voxels, sigma=level, modality=high.series.modality)
    return replace(high, voxels=read_only(voxels))


def packs_for(store: PackStore, modality: str, pack_ids: tuple[str, ...]) -> tuple[Pack, ...]:
    """Return the packs named, or all that denoise this modality.

    Raises:
        PackRefusedError: there is no such pack.
        InputRefusedError: it does not denoise.
    """
    for name in pack_ids:
        if store.get(name).manifest.task is not Task.DENOISE:
            raise InputRefusedError(f'The model pack "{name}" does not denoise')
    found = [store.get(name) for name in pack_ids] or list(store.packs())
    return tuple(
        pack
        for pack in found
        if pack.manifest.task is Task.DENOISE and modality in pack.manifest.modalities
    )


def measure_pair(
    pair: PairToMeasure,
    packs: tuple[Pack, ...],
    *,
    worker: ModelWorkerPort,
    has_filters: bool = True,
    say: Say = lambda _text: None,
    cancel: CancelToken | None = None,
) -> PairFigures:
    """Return the figures of every method on one pair.

    Args:
        pair: what to measure on; low and full dose must be the same scan.
        packs: which packs.
        worker: runs them.
        has_filters: whether classical filters are shown too.
        say: called with a sentence before each method.
        cancel: looked at between slices.

    Raises:
        CancelledError: it was cancelled.
        PackRefusedError, WorkerError: a pack is damaged, or the worker failed.
    """
    bench = _Bench(pair, cancel or CancelToken())
    rows = [bench.row(NO_METHOD, bench.input_slice)]
    if has_filters:
        for name in FILTERS:
            say(f"Measuring {name}")
            rows.append(bench.filter_row(name))
    refused = []
    for pack in packs:
        say(f"Measuring {pack.ref}")
        try:
            result = _run(pack, pair.low, worker, cancel)
        except InputRefusedError as error:
            refused.append((str(pack.ref), error.why or error.what))
            continue
        shares = dict.fromkeys((pack.manifest.output.default_strength, 1.0))
        rows += [bench.model_row(pack.manifest.pack_id, result, share) for share in shares]
    scale = bench.scale
    return PairFigures(
        pair.low.series.modality,
        pair.anatomy,
        (scale.low, scale.high),
        pair.low.intensity.unit.value,
        len(pair.chosen),
        bench.sigma,
        tuple(rows),
        tuple(refused),
    )


def _run(
    pack: Pack, volume: Volume, worker: ModelWorkerPort, cancel: CancelToken | None
) -> NDArray[Any]:
    require_fit(volume, pack.manifest)
    request = denoise_request(volume, pack.manifest.pack_id)
    result: NDArray[Any] = worker.run(request, volume.voxels, cancel=cancel)[1]
    return result


class _Bench:
    """Takes the figures of methods on one pair. Owned by one run."""

    def __init__(self, pair: PairToMeasure, cancel: CancelToken) -> None:
        self._pair = pair
        self._cancel = cancel
        pixel_mm = float(np.mean(pair.high.geometry.spacing_ij_mm))
        self.scale = figures.scale_of(pair.high.voxels, anatomy=pair.anatomy, pixel_mm=pixel_mm)
        squares = [self._body_residual(self.input_slice(k), k) ** 2 for k in pair.chosen]
        seen = np.concatenate(squares) if squares else np.zeros(0)
        self.sigma = float(np.sqrt(seen.mean())) if seen.size else 0.0
        if not self.sigma > 0:
            raise InputRefusedError(
                "There is nothing to measure on this pair",
                why="both series are the same, or show no body",
                todo="Check that one is the low-dose series of the other",
            )

    def input_slice(self, k: int) -> Image:
        """Return a slice of low dose."""
        found: Image = self._pair.low.voxels[k].astype(np.float64)
        return found

    def row(
        self, method: str, make: Callable[[int], Image], *, is_model: bool = False
    ) -> MethodRow:
        """Return the figures of what ``make`` gives for each slice."""
        found: list[tuple[float, float, float]] = []
        residuals: dict[str, list[Image]] = {name: [] for name in ("body", *figures.TISSUES_HU)}
        power, patches = np.zeros((figures.PATCH_PX,) * 2), 0
        for k in self._pair.chosen:
            self._cancel.raise_if_cancelled()
            image, reference = make(int(k)), self._reference(int(k))
            found.append(
                (
                    figures.psnr_db(image, reference, self.scale),
                    figures.ssim(image, reference, self.scale),
                    figures.rmse(image, reference, self.scale),
                )
            )
            masks = figures.tissue_masks(reference, self.scale)
            for name, mask in masks.items():
                residuals[name].append((image - reference)[mask])
            added, count = figures.residual_spectrum(image - reference, masks["body"])
            power, patches = power + added, patches + count
        psnr, ssim, rmse = (float(v) for v in np.mean(found, axis=0))
        inside = {name: np.concatenate(parts) for name, parts in residuals.items()}
        return MethodRow(
            method,
            is_model,
            psnr,
            ssim,
            rmse,
            tuple(
                (name, float(values.mean()))
                for name, values in inside.items()
                if values.size >= figures.LEAST_VOXELS
            ),
            float(np.sqrt(np.mean(inside["body"] ** 2))) / self.sigma,
            figures.mean_frequency(power, self.scale.pixel_mm) if patches else None,
        )

    def filter_row(self, name: str) -> MethodRow:
        """Return the figures of a filter at its best setting."""
        apply, settings = FILTERS[name]
        chosen = self._pair.chosen
        tuned = chosen[np.linspace(0, len(chosen) - 1, min(TUNED_ON + 2, len(chosen))).astype(int)]
        tuned = tuned[1:-1] if len(tuned) > TUNED_ON else tuned

        def score(setting: float) -> float:
            self._cancel.raise_if_cancelled()
            made = [apply(self.input_slice(int(k)), self.sigma, setting) for k in tuned]
            return float(
                np.mean(
                    [
                        figures.psnr_db(image, self._reference(int(k)), self.scale)
                        for image, k in zip(made, tuned, strict=True)
                    ]
                )
            )

        best = max(settings, key=score)
        return self.row(f"{name} {best:g}", lambda k: apply(self.input_slice(k), self.sigma, best))

    def model_row(self, pack_id: str, result: NDArray[Any], strength: float) -> MethodRow:
        """Return the figures of a pack at a strength."""
        low = self._pair.low.voxels
        return self.row(
            f"{pack_id} at {strength:g}",
            lambda k: mix(low[k], result[k], strength).astype(np.float64),
            is_model=True,
        )

    def _reference(self, k: int) -> Image:
        found: Image = self._pair.high.voxels[k].astype(np.float64)
        return found

    def _body_residual(self, image: Image, k: int) -> Image:
        reference = self._reference(k)
        body = figures.tissue_masks(reference, self.scale)["body"]
        residual: Image = (image - reference)[body]
        return residual
