"""CT noise as a scanner makes it, and faint lesions to keep. Needs torch (the extra ``vlm``).

Noise is drawn in the projections of a real cross-section (more where more tissue is in the way),
ramp-filtered and backprojected, so that it has the color, the streaks and the fall towards the rim
of a scanner's noise. It is linear in dose: one field is scaled and blurred to any dose and kernel.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

WATER_PER_MM = 0.0193
"""Linear attenuation of water per mm at about 70 keV, the mean energy of a 120 kVp beam."""

VIEWS = 300
"""Projections per half turn; fewer show spokes at the rim of a 512 px field."""

RAMP_CUTOFF = 1.4
"""Hann cut-off in Nyquist units: sharper than a body kernel, softer kernels follow by blurring."""

KERNEL_BLUR_PX = (0.0, 0.35, 0.5, 0.7, 0.9, 1.2)
"""Gaussian blurs that turn the sharp field into smoother kernels, at usual and small pixels."""

KERNEL_RADIUS_PX = 4
"""Radius of those blurs: more than three of the widest one's standard deviations."""


@dataclass(frozen=True, slots=True, eq=False)
class NoisePool:
    """Unit-noise fields, one standard deviation in the middle of the body, for every blur.

    Attributes:
        fields: (count, size, size) float16, noise of the sharp kernel.
        scale: standard deviation of the fields after each blur of KERNEL_BLUR_PX.
    """

    fields: Tensor
    scale: tuple[float, ...]

    def draw(self, random: np.random.Generator, size: int, *, count: int = 3) -> Tensor:
        """Return (count, size, size) float32 noise of unit deviation along neighbouring slices.

        Kernel, place, orientation and correlation between the slices are drawn at random.
        """
        chosen = torch.from_numpy(random.choice(self.fields.shape[0], count, replace=False))
        row, column = random.integers(0, self.fields.shape[1] - size - 2 * KERNEL_RADIUS_PX + 1, 2)
        margin = size + 2 * KERNEL_RADIUS_PX
        noise = self.fields[chosen][:, row : row + margin, column : column + margin].float()
        kernel = int(random.integers(len(KERNEL_BLUR_PX)))
        noise = blur(noise, KERNEL_BLUR_PX[kernel]) / self.scale[kernel]
        if random.random() < 0.5:
            noise = correlate_slices(noise, float(random.uniform(0.2, 1.0)))
        noise = noise[:, KERNEL_RADIUS_PX:-KERNEL_RADIUS_PX, KERNEL_RADIUS_PX:-KERNEL_RADIUS_PX]
        return orient(noise, int(random.integers(8)))


def noise_pool(bodies: list[NDArray[np.float32]], *, pixel_mm: float, each: int) -> NoisePool:
    """Return noise drawn through the given cross-sections.

    Args:
        bodies: square HU images, all of one even size.
        pixel_mm: their pixel size.
        each: number of noise fields per body.
    """
    fields = torch.cat([_body_noise(body, pixel_mm=pixel_mm, count=each) for body in bodies])
    scale = tuple(float(_middle(blur(fields[:8], width)).std()) for width in KERNEL_BLUR_PX)
    return NoisePool(fields.half(), scale)


def water_disc_noise(size: int, *, pixel_mm: float, radius_mm: float, count: int) -> Tensor:
    """Return (count, size, size) unit-deviation noise of a uniform water disc in air."""
    return _body_noise(
        water_disc(size, pixel_mm=pixel_mm, radius_mm=radius_mm), pixel_mm=pixel_mm, count=count
    )


def water_disc(size: int, *, pixel_mm: float, radius_mm: float) -> NDArray[np.float32]:
    """Return a disc of 0 HU in air of -1000 HU, centred in a square image."""
    axis = (np.arange(size) - (size - 1) / 2) * pixel_mm
    radius = np.hypot(axis[:, None], axis[None, :])
    return np.where(radius < radius_mm, 0.0, -1000.0).astype(np.float32)


def blur(images: Tensor, sigma_px: float) -> Tensor:
    """Return (n, h, w) images convolved with a Gaussian; zero width returns them as they are."""
    if sigma_px == 0:
        return images
    offset = torch.arange(-KERNEL_RADIUS_PX, KERNEL_RADIUS_PX + 1, dtype=torch.float32)
    line = torch.exp(-(offset**2) / (2 * sigma_px**2))
    line = line / line.sum()
    padded = functional.pad(images[:, None], [KERNEL_RADIUS_PX] * 4, mode="reflect")
    return functional.conv2d(
        functional.conv2d(padded, line.view(1, 1, -1, 1)), line.view(1, 1, 1, -1)
    )[:, 0]


def correlate_slices(noise: Tensor, amount: float) -> Tensor:
    """Return noise (k, h, w) mixed with its neighbours along k, as overlapping slices have it."""
    mixed = noise.clone()
    mixed[1:] += amount * noise[:-1]
    mixed[:-1] += amount * noise[1:]
    weight = torch.full((noise.shape[0], 1, 1), 1 + 2 * amount**2)
    weight[0] = weight[-1] = 1 + amount**2
    return mixed / weight.sqrt()


def orient(images: Tensor, code: int) -> Tensor:
    """Return images (..., h, w) in one of the eight flips and quarter turns."""
    if code & 1:
        images = images.flip(-1)
    if code & 2:
        images = images.flip(-2)
    return images.transpose(-1, -2) if code & 4 else images


def faint_lesions(random: np.random.Generator, size: int, *, count: int) -> Tensor:
    """Return (3, size, size) HU to add: soft-edged ellipsoids of 3 to 30 HU, 3 to 24 px wide."""
    axis = np.arange(size, dtype=np.float32)
    signal = np.zeros((3, size, size), np.float32)
    for _ in range(count):
        half_px = np.exp(random.uniform(np.log(1.5), np.log(12.0)))
        center = random.uniform(0, size, 2)
        angle, flatness = random.uniform(0, np.pi), random.uniform(0.6, 1.0)
        y, x = axis[:, None] - center[0], axis[None, :] - center[1]
        u, v = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
        edge = _soft_edge(half_px - np.hypot(u, v / flatness), float(random.uniform(0.2, 0.8)))
        contrast = np.exp(random.uniform(np.log(3.0), np.log(30.0))) * random.choice((-1.0, 1.0))
        signal += _through_slices(random)[:, None, None] * (contrast * edge)[None]
    return torch.from_numpy(signal.astype(np.float32))


def invented_anatomy(random: np.random.Generator, size: int) -> Tensor:
    """Return (3, size, size) HU without noise: overlapping ellipses of tissue, or plain water."""
    image = np.full((3, size, size), random.choice((-1000.0, -100.0, 0.0, 40.0)), np.float32)
    image += np.float32(random.uniform(-30, 30))
    axis = np.arange(size, dtype=np.float32)
    for _ in range(int(random.integers(0, 14))):
        half_px = np.exp(random.uniform(np.log(2.0), np.log(60.0)))
        center = random.uniform(-10, size + 10, 2)
        angle, flatness = random.uniform(0, np.pi), random.uniform(0.3, 1.0)
        value = random.choice((-1000.0, -850.0, -100.0, 0.0, 40.0, 60.0, 150.0, 300.0, 900.0))
        value += random.normal(0, 20)
        for index, drift in enumerate(np.cumsum(random.normal(0, 0.4, 3))):
            y, x = axis[:, None] - center[0] - drift, axis[None, :] - center[1] + drift
            u, v = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
            inside = _soft_edge(half_px - np.hypot(u, v / flatness), 0.45)
            image[index] += (value - image[index]) * inside
    return torch.from_numpy(image)


def _soft_edge(inside_px: NDArray[np.float32], width_px: float) -> NDArray[np.float32]:
    """Return 1 inside, 0 outside, with a logistic edge of the given width."""
    return 1 / (1 + np.exp(-np.clip(inside_px / width_px, -40, 40)))


def _through_slices(random: np.random.Generator) -> NDArray[np.float32]:
    """Return how much of a lesion lies in each of the three slices."""
    kinds = ((1.0, 1.0, 1.0), (1.0, 1.0, 0.3), (0.3, 1.0, 1.0), (0.4, 1.0, 0.4), (0.0, 1.0, 0.0))
    return np.array(kinds[random.integers(len(kinds))], np.float32)


def _body_noise(body: NDArray[np.float32], *, pixel_mm: float, count: int) -> Tensor:
    size = body.shape[0]
    bins = math.ceil(math.hypot(size, size)) + 2
    attenuation = torch.from_numpy(np.maximum(body / 1000 + 1, 0)) * (WATER_PER_MM * pixel_mm)
    sums = _project(attenuation, bins // 2)
    deviation = torch.exp(0.5 * functional.interpolate(sums[:, None], size=bins, mode="linear"))
    grids = _backprojection_grids(size, bins)
    noise = torch.zeros(count, size, size)
    for view in range(VIEWS):
        line = _ramp(torch.randn(count, bins) * deviation[view])
        noise += functional.grid_sample(line[None, :, None, :], grids(view), align_corners=True)[0]
    return noise / _middle(noise).std()


def _middle(fields: Tensor) -> Tensor:
    """Return the middle quarter along rows and columns."""
    size = fields.shape[-1]
    part = slice(size * 3 // 8, size * 5 // 8)
    return fields[..., part, part]


def _project(attenuation: Tensor, bins: int) -> Tensor:
    """Return line integrals (views, bins) of a square image, sampled at half resolution."""
    half = functional.avg_pool2d(attenuation[None, None], 2)[0, 0]
    size = half.shape[0]
    axis = torch.arange(bins) - (bins - 1) / 2
    along, across = torch.meshgrid(axis, axis, indexing="ij")
    rows = []
    for view in range(VIEWS):
        cosine, sine = math.cos(math.pi * view / VIEWS), math.sin(math.pi * view / VIEWS)
        x, y = across * cosine - along * sine, across * sine + along * cosine
        grid = torch.stack([x, y], dim=-1)[None] / ((size - 1) / 2)
        sampled = functional.grid_sample(half[None, None], grid, align_corners=True)
        rows.append(sampled[0, 0].sum(dim=0) * 2)
    return torch.stack(rows)


def _backprojection_grids(size: int, bins: int) -> Callable[[int], Tensor]:
    """Return what gives the sampling grid of each view, for ``grid_sample``."""
    axis = torch.arange(size) - (size - 1) / 2
    y, x = torch.meshgrid(axis, axis, indexing="ij")

    def grid(view: int) -> Tensor:
        angle = math.pi * view / VIEWS
        place = (x * math.cos(angle) + y * math.sin(angle)) / ((bins - 1) / 2)
        return torch.stack([place, torch.zeros_like(place)], dim=-1)[None]

    return grid


def _ramp(lines: Tensor) -> Tensor:
    """Return detector lines (n, bins) filtered with a ramp under a Hann window."""
    bins = lines.shape[-1]
    length = 2 ** math.ceil(math.log2(2 * bins))
    frequency = torch.fft.rfftfreq(length)
    cutoff = 0.5 * RAMP_CUTOFF
    window = torch.where(
        frequency <= cutoff, 0.5 * (1 + torch.cos(math.pi * frequency / cutoff)), 0.0
    )
    filtered = torch.fft.rfft(lines, length) * (2 * frequency * window)
    return torch.fft.irfft(filtered, length)[..., :bins]
