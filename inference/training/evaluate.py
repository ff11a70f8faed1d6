"""The figures of the enhancement packs' cards, on patients that no recipe has seen.

    python -m inference.training.evaluate --data FOLDER --packs resources/model_packs --out FILE

Writes JSON. Every method gets the same noisy input and the same true noise level. Classical filters
are shown at the setting that does best on the very test images, so that they are not held down.
Needs torch (the extra ``vlm``) for the noise.
"""

from __future__ import annotations

import argparse
import json
import logging
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import SimpleITK
import torch
from numpy.typing import NDArray

from inference.engine.sessions import CPU, Session, open_session
from inference.training import cases, simulate

LOG = logging.getLogger(__name__)

Image: TypeAlias = NDArray[np.float32]
Denoiser: TypeAlias = Callable[[Image, float], Image]
"""Takes three noisy slices (3, h, w) and the noise in HU, gives the middle slice (h, w)."""

WINDOW_HU = (-160.0, 240.0)
"""Soft-tissue window in which PSNR is taken."""

SIGMAS_HU = (15.0, 30.0, 60.0)
"""Noise levels of the table."""

SLICES_PER_CASE = 3
"""Slices of each held-out patient that are looked at."""

LARGEST_PX = 256
"""Edge of what is looked at, in the middle of a slice; non-local means takes long on more."""

MITA_DISCS = ((3.0, 14.0), (5.0, 7.0), (7.0, 5.0), (10.0, 3.0))
"""Diameter in mm and contrast in HU of the low-contrast discs of the MITA phantom CCT189."""

DISC_PIXEL_MM = 0.75
DISC_SIZE_PX = 288
DISC_RADIUS_MM = 100.0
REALIZATIONS = 60
"""Noise draws of the water disc; the standard error of a 5 mm disc's contrast is then 3 %."""


@dataclass(frozen=True, slots=True)
class DiscFigures:
    """What a method does to a water disc with faint discs in it, noise 20 HU.

    Attributes:
        noise_left: noise standard deviation after / before.
        bias_hu: mean change of water.
        nps_shift: relative change of the mean frequency of the noise power spectrum.
        contrast_kept: per disc of MITA_DISCS, contrast after / before.
    """

    noise_left: float
    bias_hu: float
    nps_shift: float
    contrast_kept: tuple[float, ...]


def model_denoiser(session: Session) -> Denoiser:
    """Return a pack's model as a method; images are padded to even sizes."""

    def run(slices: Image, sigma: float) -> Image:
        _, height, width = slices.shape
        padded = np.pad(slices, ((0, 0), (0, height % 2), (0, width % 2)), mode="edge")
        told = np.full((1, 1, *padded.shape[1:]), sigma, np.float32)
        result = session.run({"slices": padded[None].astype(np.float32), "sigma": told})
        return result[0, 0, :height, :width]

    return run


def blended(method: Denoiser, strength: float) -> Denoiser:
    """Return a method mixed with its input, as the strength slider does."""
    return lambda slices, sigma: slices[1] + strength * (method(slices, sigma) - slices[1])


def classical(name: str, setting: float) -> Denoiser:
    """Return a classical filter at a setting; the setting scales with the noise where it can."""

    def run(slices: Image, sigma: float) -> Image:
        image = SimpleITK.GetImageFromArray(slices[1])
        if name == "median":
            out = SimpleITK.Median(image, [int(setting)] * 2)
        elif name == "gaussian":
            out = SimpleITK.DiscreteGaussian(image, setting**2)
        elif name == "curvature flow":
            out = SimpleITK.CurvatureFlow(image, timeStep=0.1, numberOfIterations=int(setting))
        elif name == "bilateral":
            out = SimpleITK.Bilateral(image, domainSigma=1.5, rangeSigma=setting * sigma)
        else:
            out = _patch_based(image, sigma, int(setting))
        return SimpleITK.GetArrayFromImage(out)

    return run


SETTINGS: dict[str, tuple[float, ...]] = {
    "median": (1, 2, 3),
    "gaussian": (0.5, 0.7, 0.9, 1.2, 1.6),
    "curvature flow": (3, 6, 12, 25, 50, 100),
    "bilateral": (1.0, 2.0, 4.0),
    "non-local means": (1,),
}
"""Settings tried per classical filter."""


def best_classical(
    name: str, examples: list[tuple[Image, Image, float]]
) -> tuple[list[tuple[Image, Image]], float]:
    """Return (result, clean) pairs of a filter at the setting that does best on these examples.

    The setting is chosen on the very images it is tested on; the model has no such help.
    """
    tried = []
    for setting in SETTINGS[name]:
        method = classical(name, setting)
        results = [(method(noisy, sigma), clean) for noisy, clean, sigma in examples]
        tried.append((float(np.mean([psnr(r, c) for r, c in results])), setting, results))
    _, setting, results = max(tried, key=lambda item: item[0])
    return results, setting


def psnr(result: Image, clean: Image, window: tuple[float, float] = WINDOW_HU) -> float:
    """Return the peak signal to noise ratio in a window, dB."""
    error = np.mean((np.clip(result, *window) - np.clip(clean, *window)) ** 2)
    return float(10 * np.log10((window[1] - window[0]) ** 2 / error))


def body_rmse(result: Image, clean: Image) -> float:
    """Return the root mean square difference inside the body, HU."""
    body = clean > -300
    return float(np.sqrt(np.mean((result - clean)[body] ** 2)))


def noisy_examples(
    case: cases.Case, pool: simulate.NoisePool, sigma: float, seed: int
) -> list[tuple[Image, Image, float]]:
    """Return (noisy three slices, clean middle slice, sigma) of some slices of a case."""
    random = np.random.default_rng(seed)
    size = min(*case.voxels.shape[1:], LARGEST_PX)
    row, column = ((n - size) // 2 for n in case.voxels.shape[1:])
    found = []
    for k in np.linspace(2, case.voxels.shape[0] - 3, SLICES_PER_CASE).astype(int):
        clean = case.voxels[k - 1 : k + 2, row : row + size, column : column + size]
        noise = pool.draw(random, size).numpy()
        found.append(((clean + sigma * noise).astype(np.float32), clean[1], sigma))
    return found


def disc_figures(method: Denoiser, noise: Image, sigma: float = 20.0) -> DiscFigures:
    """Return what a method does to the water disc; ``noise`` is (3 n, h, w) of unit deviation."""
    base = simulate.water_disc(DISC_SIZE_PX, pixel_mm=DISC_PIXEL_MM, radius_mm=DISC_RADIUS_MM)
    faint = sum(_disc(place, diameter, 1.0) * hu for place, diameter, hu in _disc_places())
    plain, changed, before = [], [], []
    for k in range(0, noise.shape[0] - 2, 3):
        slices = base + sigma * noise[k : k + 3]
        before.append(slices[1])
        plain.append(method(slices.astype(np.float32), sigma))
        changed.append(method((slices + faint).astype(np.float32), sigma))
    original, result = np.stack(before), np.stack(plain)
    inner = _radius_mm() < 0.6 * DISC_RADIUS_MM
    difference = np.stack(changed).mean(axis=0) - result.mean(axis=0)
    kept = [
        float(difference[_radius_mm(place) < 0.35 * diameter].mean() / hu)
        for place, diameter, hu in _disc_places()
    ]
    shift = nps_mean_frequency(result) / nps_mean_frequency(original) - 1
    return DiscFigures(
        noise_left=float(
            result[:, inner].std(axis=0).mean() / original[:, inner].std(axis=0).mean()
        ),
        bias_hu=float((result - original)[:, inner].mean()),
        nps_shift=float(shift),
        contrast_kept=tuple(kept),
    )


def nps_mean_frequency(images: Image) -> float:
    """Return the mean frequency of the noise power spectrum in the middle of a disc, 1/mm."""
    size, middle = 64, DISC_SIZE_PX // 2
    power = np.zeros((size, size))
    for image in images:
        for row, column in ((-32, -32), (-80, -32), (16, -32), (-32, -80), (-32, 16)):
            part = image[middle + row :, middle + column :][:size, :size]
            power += np.abs(np.fft.fft2(part - part.mean())) ** 2
    frequency = np.fft.fftfreq(size, DISC_PIXEL_MM)
    radial = np.hypot(frequency[:, None], frequency[None, :])
    return float((power * radial).sum() / power.sum())


def _disc_places() -> list[tuple[tuple[float, float], float, float]]:
    angles = np.arange(len(MITA_DISCS)) * np.pi / 2 + 0.4
    middle, distance = (DISC_SIZE_PX - 1) / 2, 40 / DISC_PIXEL_MM
    places = [(middle + distance * np.sin(a), middle + distance * np.cos(a)) for a in angles]
    return [(place, mm, hu) for place, (mm, hu) in zip(places, MITA_DISCS, strict=True)]


def _radius_mm(place: tuple[float, float] | None = None) -> NDArray[np.float64]:
    middle = (DISC_SIZE_PX - 1) / 2
    row, column = place or (middle, middle)
    axis = np.arange(DISC_SIZE_PX)
    return np.hypot(axis[:, None] - row, axis[None, :] - column) * DISC_PIXEL_MM


def _disc(place: tuple[float, float], diameter_mm: float, hu: float) -> Image:
    """Return a disc with partial volume at its rim (5 x 5 subpixels)."""
    steps = (np.arange(5) - 2) / 5
    inside = [
        _radius_mm((place[0] - dy, place[1] - dx)) < diameter_mm / 2 for dy in steps for dx in steps
    ]
    return (np.mean(inside, axis=0) * hu).astype(np.float32)


def _patch_based(image: SimpleITK.Image, sigma: float, iterations: int) -> SimpleITK.Image:
    """Patch-based (non-local means) denoising of ITK with the true noise level."""
    noisy = SimpleITK.PatchBasedDenoisingImageFilter()
    noisy.SetNoiseModel(noisy.GAUSSIAN)
    noisy.SetNoiseSigma(sigma)
    noisy.SetKernelBandwidthEstimation(True)
    noisy.SetNumberOfIterations(iterations)
    noisy.SetNumberOfSamplePatches(80)
    noisy.SetPatchRadius(2)
    return noisy.Execute(image)


def denoise_report(data: Path, model: Session) -> dict[str, object]:
    """Return every figure of the denoiser's card."""
    torch.manual_seed(77)
    bodies = [cases.s01_upper_thin(data).voxels[k] for k in (20, 90)]
    pool = simulate.noise_pool(bodies, pixel_mm=0.78125, each=9)
    report: dict[str, object] = {"psnr": psnr_table(data, model, pool)}
    report["disc"] = disc_table(model)
    report["seconds_512"] = seconds_per_slice(model_denoiser(model))
    return report


def psnr_table(data: Path, model: Session, pool: simulate.NoisePool) -> list[dict[str, object]]:
    """Return PSNR and RMSE per noise level, patient group and method."""
    held_out = cases.ct_held_out(data)
    head = cases.s02_head(data)
    groups = {"chest s01 upper": held_out[:1], "limbs s16": held_out[1:], "head s02": [head]}
    rows: list[dict[str, object]] = []
    for sigma in SIGMAS_HU:
        for group, members in groups.items():
            examples = [e for case in members for e in noisy_examples(case, pool, sigma, seed=2)]
            for name, (results, setting) in _all_methods(model, examples).items():
                row = {
                    "sigma": sigma,
                    "group": group,
                    "method": name,
                    "setting": setting,
                    "psnr": round(float(np.mean([psnr(r, c) for r, c in results])), 2),
                    "rmse": round(float(np.mean([body_rmse(r, c) for r, c in results])), 2),
                }
                rows.append(row)
                LOG.info("%s", row)
    return rows


def _all_methods(
    model: Session, examples: list[tuple[Image, Image, float]]
) -> dict[str, tuple[list[tuple[Image, Image]], float]]:
    """Return the (result, clean) pairs and the setting of every method."""
    learned = model_denoiser(model)
    found = {name: best_classical(name, examples) for name in SETTINGS}
    for name, strength in (("noisy", 0.0), ("model 0.5", 0.5), ("model", 1.0)):
        method = blended(learned, strength)
        found[name] = (
            [(method(noisy, sigma), clean) for noisy, clean, sigma in examples],
            strength,
        )
    return found


def disc_table(model: Session) -> dict[str, object]:
    """Return the water-disc figures of the model at several strengths and of two filters."""
    torch.manual_seed(78)
    noise = simulate.water_disc_noise(
        DISC_SIZE_PX, pixel_mm=DISC_PIXEL_MM, radius_mm=DISC_RADIUS_MM, count=3 * REALIZATIONS
    ).numpy()
    learned = model_denoiser(model)
    methods = {
        "model 1.0": learned,
        "model 0.8": blended(learned, 0.8),
        "model 0.6": blended(learned, 0.6),
        "model 0.5": blended(learned, 0.5),
        "gaussian 0.9": classical("gaussian", 0.9),
        "median 3x3": classical("median", 1),
    }
    found = {name: asdict(disc_figures(method, noise)) for name, method in methods.items()}
    for name, figures in found.items():
        LOG.info("%s %s", name, figures)
    return dict(found)


def seconds_per_slice(method: Denoiser) -> float:
    """Return the best of ten times for one 512 x 512 slice; the best is the least disturbed."""
    slices = np.zeros((3, 512, 512), np.float32)
    times = []
    for _ in range(10):
        started = time.perf_counter()
        method(slices, 20.0)
        times.append(time.perf_counter() - started)
    return min(times)


def main() -> None:
    """Measure the denoiser and write the figures."""
    parser = argparse.ArgumentParser(description="Measure the denoiser for its card.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--packs", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only-disc", action="store_true")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.set_num_threads(1)
    model = open_session((asked.packs / "ct-denoise" / "model.onnx").read_bytes(), CPU)
    report = {"disc": disc_table(model)} if asked.only_disc else denoise_report(asked.data, model)
    asked.out.write_text(json.dumps(report, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
