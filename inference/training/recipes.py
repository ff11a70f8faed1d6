"""What the manifests of the embedded enhancement packs say, and their golden inputs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.training.manifest_text import CT_CLIP, ManifestText, Step

GOLDEN_PX = 64
"""Edge of a golden case: large enough for every layer and the noise estimate, small for git."""


@dataclass(frozen=True, slots=True)
class PackRecipe:
    """One embedded pack.

    Attributes:
        pack_id: its id and folder name.
        task: ``denoise`` or ``super_resolve``.
        checkpoint: file name of the weights that the training recipe wrote.
        manifest: its manifest without the files.
        golden_input: makes the input of its golden case.
    """

    pack_id: str
    task: str
    checkpoint: str
    manifest: str
    golden_input: Callable[[], NDArray[np.int16]]


def noisy_discs() -> NDArray[np.int16]:
    """Return (5, 64, 64) HU: water with discs of tissue and coarse noise of about 25 HU."""
    random = np.random.default_rng(5)
    axis = np.arange(GOLDEN_PX)
    image = np.full((5, GOLDEN_PX, GOLDEN_PX), 20.0)
    for value, row, column, radius in ((60, 20, 20, 8), (-100, 44, 20, 9), (300, 22, 46, 5)):
        image[:, np.hypot(axis[:, None] - row, axis[None, :] - column) < radius] = value
    noise = random.normal(0, 1, image.shape)
    for direction in (1, 2):
        noise = noise + 0.6 * (np.roll(noise, 1, direction) + np.roll(noise, -1, direction))
    return np.rint(image + 25 * noise / noise.std()).astype(np.int16)


def noisy_brain() -> NDArray[np.int16]:
    """Return (5, 64, 64): a magnitude image of the same discs with noise of about 7 %."""
    random = np.random.default_rng(6)
    axis = np.arange(GOLDEN_PX)
    image = np.full((5, GOLDEN_PX, GOLDEN_PX), 200.0)
    for value, row, column, radius in ((260, 20, 20, 8), (0, 44, 20, 9), (400, 22, 46, 5)):
        image[:, np.hypot(axis[:, None] - row, axis[None, :] - column) < radius] = value
    noise = random.normal(0, 25, (2, *image.shape))
    return np.rint(np.hypot(image + noise[0], noise[1])).astype(np.int16)


def slanted_tubes() -> NDArray[np.int16]:
    """Return (6, 64, 64): tubes that move from slice to slice, as thick slices show them."""
    axis = np.arange(GOLDEN_PX)
    image = np.full((6, GOLDEN_PX, GOLDEN_PX), 100.0)
    for k in range(12):
        plane = np.full((GOLDEN_PX, GOLDEN_PX), 100.0)
        for value, row, column, drift in ((400, 16, 14, 1.5), (700, 30, 50, -1.5), (20, 48, 24, 1)):
            distance = np.hypot(
                axis[:, None] - row - drift * k / 2, axis[None, :] - column - drift * k
            )
            plane += (value - 100) / (1 + np.exp(np.clip((distance - 6) / 0.7, -30, 30)))
        image[k // 2] += (plane - 100) / 2
    return np.rint(image).astype(np.int16)


_CT_LIMITS = (
    "Trained on simulated noise over adult bodies; real low-dose pairs were not available.",
    "Contrast of faint lesions can be lowered, most where they lie in one slice only; see CARD.md.",
    "Not for series that were already denoised or reconstructed by deep learning.",
    "Not tested on children, on metal, or on photon-counting scanners.",
)

_MR_LIMITS = (
    "Trained on simulated Rician noise; noise of several coils and filters was not simulated.",
    "Trained on few patients: brains, hearts and limbs, mostly T1.",
    "Contrast of faint lesions can be lowered, most where they lie in one slice only; see CARD.md.",
    "Not for series that were already denoised or reconstructed by deep learning.",
)

_CT_STEPS: tuple[Step, ...] = (CT_CLIP, ("after", "restore_padding", {}))

_MR_STEPS: tuple[Step, ...] = (
    ("before", "scale_by_percentile", {"percentile": 99}),
    ("after", "undo_scale", {}),
    ("after", "restore_padding", {}),
)


def _denoiser(pack_id: str, title: str, *, version: str, strength: float) -> PackRecipe:
    is_ct = pack_id.startswith("ct")
    text = ManifestText(
        pack_id=pack_id,
        version=version,
        title=title,
        task="denoise",
        modality="CT" if is_ct else "MR",
        limits=_CT_LIMITS if is_ct else _MR_LIMITS,
        spacing_ij_mm=(0.35, 1.4) if is_ct else (0.4, 2.1),
        spacing_k_mm=(0.5, 7.5) if is_ct else (0.8, 8.0),
        neighbours=5,
        size_multiple=4,
        further_input=f"noise = {[4.0, 80.0] if is_ct else [0.01, 0.15]}\n",
        kind="slice",
        bound_sigmas=3.0,
        strength=strength,
        overlap_px=40,
        pixel_bytes=400 if is_ct else 600,
        golden_spacing_mm=(0.8, 0.8, 3.0),
        steps=_CT_STEPS if is_ct else _MR_STEPS,
    )
    golden = noisy_discs if is_ct else noisy_brain
    return PackRecipe(pack_id, "denoise", f"{pack_id}.pt", str(text), golden)


PACKS = (
    _denoiser("ct-denoise", "CT denoiser, fast", version="2.0.1", strength=0.4),
    _denoiser("ct-denoise-fine", "CT denoiser, fine", version="2.0.1", strength=0.45),
    _denoiser("mr-denoise", "MR denoiser", version="3.0.0", strength=0.6),
)
"""The embedded denoising packs; superres_recipes has the others."""
