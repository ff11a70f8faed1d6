"""The networks behind the embedded enhancement packs, as torch modules. Needs the extra ``vlm``.

Both carry their safety rule inside the graph: the denoiser cannot change a voxel by more than three
standard deviations of the noise, the super-resolver's two slices always average to the input slice.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

RESIDUAL_BOUND_SIGMAS = 3.0
"""Largest change of a voxel in noise standard deviations; 3 sigma holds 99.7 % of the noise."""

HU_SCALE = 0.01
"""Input HU are multiplied by this, so that soft tissue is of order one."""

SIGMA_SCALE = 0.03
"""Noise in HU is multiplied by this; 30 HU, a usual thin-slice noise, becomes about one."""

LOWPASS_SIGMA_PX = 4.0
"""Width of the low-pass kept out of the residual, in half-resolution pixels.

8 full-size pixels are about 6 mm: what is coarser stays as it was scanned. So the means of regions
cannot drift, and large faint lesions keep their contrast (research note 3.4, remedy d).
"""

LOWPASS_RADIUS_PX = 10
"""Radius of the low-pass kernel in half-resolution pixels: 2.5 of its standard deviations."""


class DenoiseNet(nn.Module):
    """CT denoiser: three neighbouring slices and a noise map in, the middle slice out.

    Strided 6x6 convolution to half size, dense 3x3 convolutions, depth to space, then
    ``y = x - 3 sigma tanh(f / 3)`` with the coarse part of ``f`` removed. Height and width must be
    even.
    """

    def __init__(self, *, width: int = 32, depth: int = 8) -> None:
        super().__init__()
        self.stem = nn.Conv2d(4, width, 6, stride=2, padding=2)
        self.body = nn.Sequential(*_body(width, depth))
        self.head = nn.Conv2d(width, 4, 3, padding=1)
        self.register_buffer("lowpass", _gaussian(LOWPASS_SIGMA_PX, LOWPASS_RADIUS_PX))
        _initialize(self)

    def forward(self, slices: Tensor, sigma: Tensor) -> Tensor:
        """Return the denoised middle slice, HU, (n, 1, h, w).

        Args:
            slices: HU, (n, 3, h, w), along k.
            sigma: noise standard deviation in HU, (n, 1, h, w).
        """
        coded = torch.cat([slices * HU_SCALE, sigma * SIGMA_SCALE], dim=1)
        residual = self.head(self.body(functional.relu(self.stem(coded)))).float()
        coarse = residual.mean(dim=1, keepdim=True)
        coarse = functional.conv2d(coarse, self.lowpass, padding=(LOWPASS_RADIUS_PX, 0))
        across = self.lowpass.transpose(2, 3)
        coarse = functional.conv2d(coarse, across, padding=(0, LOWPASS_RADIUS_PX))
        fine = functional.pixel_shuffle(residual - coarse, 2)
        bound = RESIDUAL_BOUND_SIGMAS
        return slices[:, 1:2] - bound * sigma * torch.tanh(fine * (1.0 / bound))


class SuperResolveNet(nn.Module):
    """Through-plane x2: five neighbouring slices in, the two halves of the middle one out.

    Only the difference of the halves is predicted, so that their mean is the input slice.
    """

    def __init__(self, *, width: int = 32, depth: int = 6) -> None:
        super().__init__()
        self.stem = nn.Conv2d(5, width, 3, padding=1)
        self.body = nn.Sequential(*_body(width, depth - 2))
        self.head = nn.Conv2d(width, 1, 3, padding=1)
        _initialize(self)

    def forward(self, slices: Tensor) -> Tensor:
        """Return the lower and upper half of the middle slice, (n, 2, h, w).

        Args:
            slices: values of order one, (n, 5, h, w), along k.
        """
        middle = slices[:, 2:3]
        neighbours = slices - middle
        coded = torch.cat([neighbours[:, :2], middle, neighbours[:, 3:]], dim=1)
        half = self.head(self.body(functional.relu(self.stem(coded)))).float()
        return torch.cat([middle + half, middle - half], dim=1)


def _body(width: int, depth: int) -> list[nn.Module]:
    layers: list[nn.Module] = []
    for _ in range(depth):
        layers += [nn.Conv2d(width, width, 3, padding=1), nn.ReLU()]
    return layers


def _gaussian(sigma_px: float, radius_px: int) -> Tensor:
    offset = torch.arange(-radius_px, radius_px + 1, dtype=torch.float32)
    line = torch.exp(-(offset**2) / (2 * sigma_px**2))
    return (line / line.sum()).view(1, 1, -1, 1)


def _initialize(network: nn.Module) -> None:
    """Kaiming weights and a zero head: with torch's default eight plain layers do not learn."""
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, a=math.sqrt(0.0), nonlinearity="relu")
            nn.init.zeros_(module.bias)
    nn.init.zeros_(network.head.weight)
