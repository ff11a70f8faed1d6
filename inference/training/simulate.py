"""CT and MR noise as scanners make it, faint lesions to keep, invented anatomy. Needs torch.

CT noise is drawn in the projections of a real cross-section (more where more tissue is in the way),
ramp-filtered and backprojected, so that it has the color, the streaks and the fall towards the rim
of a scanner's noise. It is linear in dose: a field is scaled and blurred to any dose and kernel,
and fields of one body are mixed into as many new ones as wanted, correlated between slices or not.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

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

OVERLAPPING_SHARE = 0.4
"""Share of stacks whose slices overlap, so that their noise is strongly correlated."""


INTERPOLATED_SHARE = 0.5
"""Share of MR stacks whose k-space was filled with zeros outside its middle."""


class NoiseSource(Protocol):
    """Draws noise of unit deviation: simulated for many scanners, or measured of one."""

    def draw(self, random: np.random.Generator, size: int) -> Tensor:
        """Return (slices, size, size) float32 noise along neighbouring slices."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class NoisePool:
    """Unit-noise fields, one standard deviation in the middle of the body, for every blur.

    Attributes:
        fields: (bodies, count, size, size) float16, noise of the sharp kernel.
        scale: standard deviation of the fields after each blur of KERNEL_BLUR_PX.
    """

    fields: Tensor
    scale: tuple[float, ...]

    def draw(
        self, random: np.random.Generator, size: int, *, count: int = 5, kernel: int | None = None
    ) -> Tensor:
        """Return (count, size, size) float32 noise of unit deviation along neighbouring slices.

        Body, place, mixture, orientation and correlation between slices are random, and so is the
        kernel (an index of KERNEL_BLUR_PX) where none is given.
        """
        margin = size + 2 * KERNEL_RADIUS_PX
        body = self.fields[random.integers(self.fields.shape[0])]
        row, column = random.integers(0, body.shape[1] - margin + 1, 2)
        part = body[:, row : row + margin, column : column + margin].float()
        mixture = orthonormal(random, count, body.shape[0])
        mixture = slice_correlation(random, count) @ mixture
        noise = torch.tensordot(torch.from_numpy(mixture.astype(np.float32)), part, dims=1)
        drawn = int(random.integers(len(KERNEL_BLUR_PX)))
        kernel = drawn if kernel is None else kernel
        noise = blur(noise, KERNEL_BLUR_PX[kernel]) / self.scale[kernel]
        noise = noise[:, KERNEL_RADIUS_PX:-KERNEL_RADIUS_PX, KERNEL_RADIUS_PX:-KERNEL_RADIUS_PX]
        return orient(noise, int(random.integers(8)))


def noise_pool(bodies: list[NDArray[np.float32]], *, pixel_mm: float, each: int) -> NoisePool:
    """Return noise drawn through the given cross-sections.

    Args:
        bodies: square HU images, all of one even size.
        pixel_mm: their pixel size.
        each: number of noise fields per body, at least as many as slices are ever drawn.
    """
    fields = torch.stack([_body_noise(body, pixel_mm=pixel_mm, count=each) for body in bodies])
    scale = tuple(float(_middle(blur(fields[0], width)).std()) for width in KERNEL_BLUR_PX)
    return NoisePool(fields.half(), scale)


def water_disc(size: int, *, pixel_mm: float, radius_mm: float) -> NDArray[np.float32]:
    """Return a disc of 0 HU in air of -1000 HU, centred in a square image."""
    axis = (np.arange(size) - (size - 1) / 2) * pixel_mm
    radius = np.hypot(axis[:, None], axis[None, :])
    return np.where(radius < radius_mm, 0.0, -1000.0).astype(np.float32)


def orthonormal(random: np.random.Generator, rows: int, columns: int) -> NDArray[np.float64]:
    """Return a random matrix with orthonormal rows: it mixes fields into as independent ones."""
    mixed: NDArray[np.float64] = np.linalg.qr(random.normal(size=(columns, rows)))[0].T
    return mixed


def slice_correlation(random: np.random.Generator, count: int) -> NDArray[np.float64]:
    """Return a square root of the correlation of the noise of neighbouring slices.

    Slices of thickness t at spacing s share max(0, 1 - s / t) of their data; a little more is
    shared by helical interpolation.
    """
    if random.random() < OVERLAPPING_SHARE:
        step = float(random.uniform(0.35, 1.0))
    else:
        step = float(random.uniform(0.75, 1.4))
    lag = np.abs(np.subtract.outer(np.arange(count), np.arange(count)))
    shared = np.maximum(0.0, 1 - lag * step)
    return np.linalg.cholesky(shared + 1e-9 * np.eye(count)).astype(np.float64)


def complex_noise(random: np.random.Generator, shape_kji: tuple[int, int, int]) -> Tensor:
    """Return (2, k, j, i) unit noise, real and imaginary, of MR slices.

    White or, as in images that the scanner interpolated, limited to the middle of k-space along
    rows and columns.
    """
    noise = torch.from_numpy(random.normal(size=(2, *shape_kji)).astype(np.float32))
    if random.random() < INTERPOLATED_SHARE:
        spectrum = torch.fft.fft2(noise)
        for axis in (-2, -1):
            frequency = torch.fft.fftfreq(noise.shape[axis]).abs()
            kept = (frequency <= 0.5 * float(random.uniform(0.5, 1.0))).float()
            spectrum = spectrum * (kept.view(-1, 1) if axis == -2 else kept) / kept.mean().sqrt()
        noise = torch.fft.ifft2(spectrum).real
    return noise


def magnitude(clean: Tensor, noise: Tensor, sigma: Tensor) -> Tensor:
    """Return the magnitude image of a clean one (k, j, i): Rician with deviation sigma."""
    return torch.hypot(clean + sigma * noise[0], sigma * noise[1])


def smooth_map(random: np.random.Generator, size: int, spread: float) -> Tensor:
    """Return (1, size, size), a smooth positive map around one: noise of parallel imaging."""
    coarse = torch.from_numpy(random.normal(0, spread, (1, 1, 4, 4)).astype(np.float32))
    fine = functional.interpolate(coarse, size=(size, size), mode="bicubic", align_corners=True)
    return torch.exp(fine[0])


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


def orient(images: Tensor, code: int) -> Tensor:
    """Return images (..., h, w) in one of the eight flips and quarter turns."""
    if code & 1:
        images = images.flip(-1)
    if code & 2:
        images = images.flip(-2)
    return images.transpose(-1, -2) if code & 4 else images


def faint_lesions(random: np.random.Generator, size: int, *, slices: int = 5) -> Tensor:
    """Return (slices, size, size) to add, in noise deviations: ellipsoids alike in size and depth.

    One size and one contrast per patch, so that how much of it comes back is one number: 3 to 18
    px wide, 0.12 to 1 deviation, lighter or darker than what is around them.
    """
    axis = np.arange(size, dtype=np.float32)
    signal = np.zeros((slices, size, size), np.float32)
    typical_px = np.exp(random.uniform(np.log(1.5), np.log(9.0)))
    contrast = np.exp(random.uniform(np.log(0.12), np.log(1.0)))
    count = int(np.clip(0.10 * size**2 / (np.pi * typical_px**2), 1, 24))
    for _ in range(count):
        half_px = typical_px * random.uniform(0.85, 1.15)
        center = random.uniform(0, size, 2)
        angle, flatness = random.uniform(0, np.pi), random.uniform(0.7, 1.0)
        y, x = axis[:, None] - center[0], axis[None, :] - center[1]
        u, v = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
        edge = _soft_edge(half_px - np.hypot(u, v / flatness), float(random.uniform(0.2, 0.8)))
        change = contrast * random.uniform(0.8, 1.2) * random.choice((-1.0, 1.0))
        signal += _through_slices(random, slices)[:, None, None] * (change * edge)[None]
    return torch.from_numpy(signal.astype(np.float32))


def invented_anatomy(random: np.random.Generator, size: int, *, slices: int = 5) -> Tensor:
    """Return (slices, size, size) HU without noise: overlapping ellipses of any tissue."""
    image = np.full((slices, size, size), random.uniform(-1000, 300), np.float32)
    axis = np.arange(size, dtype=np.float32)
    for _ in range(int(random.integers(1, 16))):
        half_px = np.exp(random.uniform(np.log(1.5), np.log(60.0)))
        center = random.uniform(-10, size + 10, 2)
        angle, flatness = random.uniform(0, np.pi), random.uniform(0.3, 1.0)
        around = float(image[slices // 2, size // 2, size // 2])
        step = np.exp(random.uniform(np.log(5.0), np.log(1200.0))) * random.choice((-1.0, 1.0))
        value = np.clip(around + step, -1010, 2000)
        drifts = np.cumsum(random.normal(0, random.choice((0.0, 0.5, 1.5)), slices))
        width_px = float(random.uniform(0.25, 0.8))
        for index, drift in enumerate(drifts - drifts[slices // 2]):
            y, x = axis[:, None] - center[0] - drift, axis[None, :] - center[1] + drift
            u, v = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
            inside = _soft_edge(half_px - np.hypot(u, v / flatness), width_px)
            image[index] += (value - image[index]) * inside
    return torch.from_numpy(image)


def _soft_edge(inside_px: NDArray[np.float32], width_px: float) -> NDArray[np.float32]:
    """Return 1 inside, 0 outside, with a logistic edge of the given width."""
    return 1 / (1 + np.exp(-np.clip(inside_px / width_px, -40, 40)))


def _through_slices(random: np.random.Generator, slices: int) -> NDArray[np.float32]:
    """Return how much of a lesion lies in each slice: everywhere, or a run around the middle."""
    if random.random() < 0.4:
        return np.ones(slices, np.float32)
    middle = slices // 2
    below, above = random.uniform(0.5, middle + 0.5, 2)
    place = np.arange(slices) - middle
    reach = np.where(place < 0, below + place + 0.5, above - place + 0.5)
    return np.clip(reach, 0, 1).astype(np.float32)


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
