"""The figures of the denoising packs' cards, on patients that no recipe has seen.

    python -m inference.training.evaluate --data FOLDER --packs resources/model_packs --out FILE

Writes JSON: peak signal to noise ratios beside classical filters, and the gates of each pack. Every
method gets the same noisy input and the same true noise level. Classical filters are shown at the
setting that does best on the very test images, so that they are not held down. Needs torch (the
extra ``vlm``) for the noise.
"""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from inference.engine.sessions import SessionCache
from inference.gates.measure import measure, model_of
from inference.packs.store import Pack, load_pack
from inference.training import baselines, cases, simulate
from inference.training.baselines import Image, Method

LOG = logging.getLogger(__name__)

WINDOW_HU = (-160.0, 240.0)
"""Soft-tissue window in which PSNR is taken."""

WINDOW_MR = (0.0, 1.0)
"""From nothing to the 99th percentile, to which the volumes are scaled."""

SIGMAS = {"CT": (15.0, 30.0, 60.0), "MR": (0.03, 0.07, 0.12)}
"""Noise levels of the tables: HU, and shares of the 99th percentile."""

SLICES_PER_CASE = 3
"""Slices of each held-out patient that are looked at."""

NEIGHBOURS = 5

LARGEST_PX = 256
"""Edge of what is looked at, in the middle of a slice; BM3D takes long on more."""

KERNELS = (1, 3, 4)
"""Kernels of the CT noise, one per slice of a patient in turn: sharp, usual, smooth."""

SPECTRUM_DRAWS = 60
"""Noise draws behind the spectrum that BM3D is told."""


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """One noisy slice with its neighbours and the truth.

    Attributes:
        noisy: (NEIGHBOURS, h, w).
        clean: (h, w).
        sigma: noise level.
        spectrum: E|FFT|^2 of the noise at unit deviation; None for MR, whose noise is white.
    """

    noisy: Image
    clean: Image
    sigma: float
    spectrum: NDArray[np.float64] | None


def blended(method: Method, strength: float) -> Method:
    """Return a method mixed with its input, as the strength slider does."""

    def run(slices: Image, sigma: float) -> Image:
        middle = slices[len(slices) // 2]
        mixed: Image = middle + np.float32(strength) * (method(slices, sigma) - middle)
        return mixed

    return run


def psnr(result: Image, clean: Image, window: tuple[float, float]) -> float:
    """Return the peak signal to noise ratio in a window, dB; of MR where there is signal."""
    error = (np.clip(result, *window) - np.clip(clean, *window)) ** 2
    seen = clean > 0.05 if window == WINDOW_MR else np.ones(clean.shape, bool)
    return float(10 * np.log10((window[1] - window[0]) ** 2 / error[seen].mean()))


def ssim(result: Image, clean: Image, window: tuple[float, float]) -> float:
    """Return the structural similarity in a window; not a number where scikit-image is absent."""
    if not find_spec("skimage"):
        return float("nan")
    metrics = import_module("skimage.metrics")
    shown = (np.clip(one, *window) for one in (result, clean))
    return float(metrics.structural_similarity(*shown, data_range=window[1] - window[0]))


def ct_examples(case: cases.Case, pool: simulate.NoisePool, sigma: float) -> list[Example]:
    """Return noisy slices of a CT."""
    found = []
    for index, (random, clean) in enumerate(_places(case)):
        size, kernel = clean.shape[1], KERNELS[index % len(KERNELS)]
        noise = pool.draw(random, size, kernel=kernel).numpy()
        spectrum = _spectrum(pool, size, kernel)
        noisy = (clean + sigma * noise).astype(np.float32)
        found.append(Example(noisy, clean[NEIGHBOURS // 2], sigma, spectrum))
    return found


def mr_examples(case: cases.Case, sigma: float) -> list[Example]:
    """Return slices of an MR with white Rician noise."""
    found = []
    for random, clean in _places(case):
        noise = random.normal(0, sigma, (2, *clean.shape))
        noisy = np.hypot(clean + noise[0], noise[1]).astype(np.float32)
        found.append(Example(noisy, clean[NEIGHBOURS // 2], sigma, None))
    return found


def _places(case: cases.Case) -> list[tuple[np.random.Generator, Image]]:
    random = np.random.default_rng(2)
    half = NEIGHBOURS // 2
    size = min(*case.voxels.shape[1:], LARGEST_PX) // 2 * 2
    row, column = ((n - size) // 2 for n in case.voxels.shape[1:])
    slices = np.linspace(half, case.voxels.shape[0] - half - 1, SLICES_PER_CASE + 2)[1:-1]
    return [
        (random, case.voxels[k - half : k + half + 1, row : row + size, column : column + size])
        for k in slices.astype(int)
    ]


def _spectrum(pool: simulate.NoisePool, size: int, kernel: int) -> NDArray[np.float64]:
    random = np.random.default_rng(kernel)
    power = np.zeros((size, size))
    for _ in range(SPECTRUM_DRAWS):
        noise = pool.draw(random, size, count=1, kernel=kernel)[0].numpy()
        power += np.abs(np.fft.fft2(noise)) ** 2 / SPECTRUM_DRAWS
    return power


def groups(data: Path, modality: str) -> dict[str, list[cases.Case]]:
    """Return the held-out patients by what they show."""
    if modality == "CT":
        chest, *limbs = cases.ct_held_out(data)
        return {"chest s01 upper": [chest], "limbs s16": limbs, "head s02": [cases.s02_head(data)]}
    brain, *limbs = cases.mr_held_out(data)
    return {"brain s03": [brain], "limbs s16": limbs}


def rows(
    modality: str,
    members: dict[str, list[cases.Case]],
    packs: dict[str, Method],
    pool: simulate.NoisePool,
    strengths: dict[str, float],
) -> list[dict[str, object]]:
    """Return PSNR and SSIM per noise level, patient group and method."""
    found: list[dict[str, object]] = []
    for sigma in SIGMAS[modality]:
        for group, patients in members.items():
            examples = [
                example
                for case in patients
                for example in (
                    ct_examples(case, pool, sigma) if modality == "CT" else mr_examples(case, sigma)
                )
            ]
            for name, (value, setting, likeness) in _scores(
                modality, packs, examples, strengths
            ).items():
                found.append(
                    {
                        "sigma": sigma,
                        "group": group,
                        "method": name,
                        "setting": setting,
                        "psnr": round(value, 2),
                        "ssim": round(likeness, 4),
                    }
                )
                LOG.info("%s", found[-1])
    return found


def _scores(
    modality: str,
    packs: dict[str, Method],
    examples: list[Example],
    strengths: dict[str, float],
) -> dict[str, tuple[float, float, float]]:
    """Return PSNR, the setting and SSIM of every method."""
    window = WINDOW_HU if modality == "CT" else WINDOW_MR

    def score(choose: Callable[[Example], Method], setting: float) -> tuple[float, float, float]:
        made = [(choose(e)(e.noisy, e.sigma), e.clean) for e in examples]
        ratio, likeness = (
            float(np.mean([figure(result, clean, window) for result, clean in made]))
            for figure in (psnr, ssim)
        )
        return ratio, setting, likeness

    def same(method: Method, setting: float = 0.0) -> tuple[float, float, float]:
        return score(lambda _example: method, setting)

    found = {"noisy": same(lambda slices, _sigma: slices[NEIGHBOURS // 2])}
    for name, settings in baselines.SETTINGS.items():
        found[name] = max(same(baselines.method(name, s), s) for s in settings)
    if baselines.has_bm3d():
        found["BM3D white"] = same(baselines.bm3d_white)
        if modality == "CT":
            found["BM3D spectrum"] = score(_told_spectrum, 0.0)
        else:
            found["BM3D Rician"] = same(baselines.bm3d_rician)
    for name, method in packs.items():
        for strength in dict.fromkeys((strengths[name], 1.0)):
            found[f"{name} {strength}"] = same(blended(method, strength), strength)
    return found


def _told_spectrum(example: Example) -> Method:
    if example.spectrum is None:
        raise ValueError("white noise has no spectrum to tell")
    return baselines.bm3d_spectrum(example.spectrum)


def report(data: Path, folder: Path, pack_ids: list[str], *, only_gates: bool) -> dict[str, object]:
    """Return every figure of the cards of some packs."""
    sessions = SessionCache()
    packs = {name: load_pack(folder / name) for name in pack_ids}
    found: dict[str, object] = {
        f"gates {name}": asdict(measure(pack, sessions=sessions)) for name, pack in packs.items()
    }
    if only_gates:
        return found
    torch.manual_seed(77)
    chest = cases.s01_upper_thin(data)
    bodies = [chest.voxels[k] for k in (20, 90)]
    pool = simulate.noise_pool(bodies, pixel_mm=chest.spacing_kji_mm[1], each=10)
    for modality in ("CT", "MR"):
        methods = {
            name: _model(pack, sessions)
            for name, pack in packs.items()
            if modality in pack.manifest.modalities
        }
        if methods:
            strengths = {n: p.manifest.output.default_strength for n, p in packs.items()}
            members = groups(data, modality)
            found[f"psnr {modality}"] = rows(modality, members, methods, pool, strengths)
    return found


def _model(pack: Pack, sessions: SessionCache) -> Method:
    return model_of(pack, sessions.get(pack))


def main() -> None:
    """Measure the denoisers and write the figures."""
    parser = argparse.ArgumentParser(description="Measure the denoisers for their cards.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--packs", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument(
        "--pack", nargs="+", default=["ct-denoise", "ct-denoise-fine", "mr-denoise"]
    )
    parser.add_argument("--only-gates", action="store_true")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.set_num_threads(1)
    found = report(asked.data, asked.packs, asked.pack, only_gates=asked.only_gates)
    asked.out.write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
