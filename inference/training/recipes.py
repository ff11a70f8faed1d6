"""What the manifests of the embedded enhancement packs say, and their golden inputs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

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


_DENOISE = """\
schema = 1
id = "ct-denoise"
version = "1.0.0"
title = "CT denoiser"
licence = "Apache-2.0"
task = "denoise"
modalities = ["CT"]
body_parts = []
limits = [
  "Trained on simulated noise over adult bodies; real low-dose pairs were not available.",
  "Contrast of faint lesions is lowered, the more the smaller they are; see CARD.md.",
  "Not for series that were already denoised or reconstructed by deep learning.",
  "Not tested on children, on metal, or on photon-counting scanners.",
]

[input]
axes = "n, slice, row, column"
unit = "HU"
dtype = "float32"
value_range = [-1024, 3071]
spacing_ij_mm = [0.4, 1.2]
spacing_k_mm = [0.5, 7.5]
neighbours = 3
size_multiple = 2
noise = [4.0, 80.0]

[output]
kind = "slice"
bound_sigmas = 3.0
consistency = 0.0
default_strength = 0.5

[tiles]
largest_px = 1024
overlap_px = 40

[memory]
base_bytes = 60000000
per_pixel_bytes = 400

[golden]
input = "golden/input.npy"
expected = "golden/expected.npy"
tolerance = 1.0
spacing_ijk_mm = [0.8, 0.8, 3.0]

[[before]]
op = "fill_padding"
value = -1000

[[before]]
op = "clip"
low = -1024
high = 3071

[[after]]
op = "restore_padding"
"""

_SUPERRES = """\
schema = 1
id = "superres-{low}"
version = "1.0.0"
title = "{modality} through-plane super-resolution x2"
licence = "Apache-2.0"
task = "super_resolve"
modalities = ["{modality}"]
body_parts = []
limits = [
  "Assumes that slices touch and average what is in them (box profile); gaps are not known to it.",
  "Detail between two slices is a likely guess, never a measurement.",
  "Not measured on slices thinner than 1.5 mm, where there is little to gain.",
{limits}]

[input]
axes = "n, slice, row, column"
unit = "{unit}"
dtype = "float32"
value_range = [{low_value}, {high_value}]
spacing_ij_mm = [0.4, 1.6]
spacing_k_mm = [{k_low}, {k_high}]
neighbours = 5
size_multiple = 1

[output]
kind = "slice_pair"
bound_sigmas = 0.0
consistency = 0.01
default_strength = 1.0

[tiles]
largest_px = 1024
overlap_px = 8

[memory]
base_bytes = 60000000
per_pixel_bytes = 500

[golden]
input = "golden/input.npy"
expected = "golden/expected.npy"
tolerance = 1.0
spacing_ijk_mm = [1.0, 1.0, 4.0]

[[before]]
op = "fill_padding"
value = {fill}
{scale}
[[after]]
op = "undo_scale"

[[after]]
op = "keep_pair_mean"

[[after]]
op = "restore_padding"
"""


def _super_resolver(modality: str) -> PackRecipe:
    is_ct = modality == "CT"
    ct_scale = '\n[[before]]\nop = "clip"\nlow = -1024\nhigh = 3071\n'
    ct_scale += '\n[[before]]\nop = "scale"\nfactor = 0.01\n'
    mr_scale = '\n[[before]]\nop = "scale_by_percentile"\npercentile = 99\n'
    ct_limits = '  "Noise of the input stays in the result; it is not a denoiser.",\n'
    mr_limits = '  "Trained on brain, heart and limb MR of six patients or volunteers.",\n'
    text = _SUPERRES.format(
        modality=modality,
        low=modality.lower(),
        unit="HU" if is_ct else "signal",
        limits=ct_limits if is_ct else mr_limits,
        low_value=-1024 if is_ct else 0,
        high_value=3071 if is_ct else 65535,
        k_low=0.8,
        k_high=8.0,
        fill=-1000 if is_ct else 0,
        scale=ct_scale if is_ct else mr_scale,
    )
    name = f"superres-{modality.lower()}"
    return PackRecipe(name, "super_resolve", f"{name}.pt", text, slanted_tubes)


PACKS = (
    PackRecipe("ct-denoise", "denoise", "denoise.pt", _DENOISE, noisy_discs),
    _super_resolver("MR"),
    _super_resolver("CT"),
)
"""The embedded enhancement packs."""
