"""The networks behind the embedded denoising packs, as torch modules. Needs the extra ``vlm``.

They carry their safety rule inside the graph: a voxel cannot change by more than three standard
deviations of the noise.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

RESIDUAL_BOUND_SIGMAS = 3.0
"""Largest change of a voxel in noise standard deviations; 3 sigma holds 99.7 % of the noise."""

STEM_PX = 4
"""Edge of the first, strided kernel: every pixel is seen by two steps along each axis."""

LEVEL_SIGMAS = 4.0
"""Signal, in noise deviations, at which the level channel of MR is three quarters of its most.

Rician noise is lifted below about three deviations and plain above (Gudbjartsson and Patz 1995).
"""


@dataclass(frozen=True, slots=True)
class DenoiseShape:
    """Size of a denoiser: what decides its speed.

    Attributes:
        neighbours: slices it sees, an odd number.
        width: channels at half resolution, a multiple of 16 (the runtime's blocks).
        deep_width: channels at quarter resolution, likewise.
        before: 3x3 convolutions at half resolution before the quarter resolution.
        deep: 3x3 convolutions at quarter resolution.
        after: 3x3 convolutions at half resolution after it, the last one (to four phases) not
            counted.
        has_level: whether it also sees how high the signal stands above the noise (MR: the bias of
            magnitude images depends on that). Without it the result of x + c is that of x, plus c.
    """

    neighbours: int = 5
    width: int = 32
    deep_width: int = 48
    before: int = 2
    deep: int = 4
    after: int = 2
    has_level: bool = False


class DenoiseNet(nn.Module):
    """Denoiser: neighbouring slices and a noise map in, the middle slice out.

    Strided convolution to half size, dense 3x3 convolutions at half and quarter size, depth to
    space, then ``y = x - 3 sigma tanh(f / 3)``. ``f`` sees the slices in units of the noise and
    only through kernels whose weights sum to zero. So for CT two laws hold whatever the weights:
    x + c gives y + c (away from nothing: the slice is continued by its edge), and a x with a sigma
    gives a y. Height and width must be multiples of four.
    """

    def __init__(self, shape: DenoiseShape) -> None:
        super().__init__()
        self.shape = shape
        self.stem = nn.Conv2d(shape.neighbours, shape.width, STEM_PX, stride=2)
        self.level = nn.Conv2d(1, shape.width, STEM_PX, stride=2) if shape.has_level else None
        self.before = nn.Sequential(*_body(shape.width, shape.before))
        self.down = nn.Conv2d(shape.width, shape.deep_width, 2, stride=2)
        self.deep = nn.Sequential(*_body(shape.deep_width, shape.deep))
        self.up = nn.ConvTranspose2d(shape.deep_width, shape.width, 2, stride=2)
        self.after = nn.Sequential(*_body(shape.width, shape.after))
        self.head = nn.Conv2d(shape.width, 4, 3, padding=1)
        self.is_frozen = False
        _initialize(self)

    def freeze(self) -> None:
        """Make the stem's weights sum to zero for good, so that an export needs no step for it."""
        with torch.no_grad():
            self.stem.weight.copy_(self._stem_weight())
        self.is_frozen = True

    def forward(self, slices: Tensor, sigma: Tensor) -> Tensor:
        """Return the denoised middle slice, (n, 1, h, w).

        Args:
            slices: HU or signal, (n, neighbours, h, w), along k.
            sigma: noise standard deviation in the same unit, (n, 1, h, w).
        """
        middle = slices[:, self.shape.neighbours // 2 : self.shape.neighbours // 2 + 1]
        coded = functional.pad(slices / sigma, (1, 1, 1, 1), mode="replicate")
        first = functional.conv2d(coded, self._stem_weight(), self.stem.bias, stride=2)
        if self.level is not None:
            level = torch.tanh(middle / (LEVEL_SIGMAS * sigma))
            first = first + self.level(functional.pad(level, (1, 1, 1, 1), mode="replicate"))
        half = self.before(functional.relu(first))
        deep = self.up(self.deep(functional.relu(self.down(half))))
        noise = self.head(self.after(functional.relu(half + deep))).float()
        bound = RESIDUAL_BOUND_SIGMAS
        limited = torch.tanh(functional.pixel_shuffle(noise, 2) * (1.0 / bound))
        return middle - bound * sigma * limited

    def _stem_weight(self) -> Tensor:
        weight = self.stem.weight
        return weight if self.is_frozen else weight - weight.mean(dim=(1, 2, 3), keepdim=True)


def _body(width: int, depth: int) -> list[nn.Module]:
    layers: list[nn.Module] = []
    for _ in range(depth):
        layers += [nn.Conv2d(width, width, 3, padding=1), nn.ReLU()]
    return layers


def _initialize(network: nn.Module) -> None:
    """Kaiming weights and a zero head: with torch's default plain layers do not learn."""
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
            nn.init.zeros_(module.bias)
    nn.init.zeros_(network.head.weight)
