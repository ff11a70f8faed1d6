"""The networks behind the embedded denoising packs, as torch modules. Needs the extra ``vlm``.

They carry their safety rule inside the graph: a voxel cannot change by more than three standard
deviations of the noise.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from inference.training import clean

RESIDUAL_BOUND_SIGMAS = 3.0
"""Largest change of a voxel in noise standard deviations; 3 sigma holds 99.7 % of the noise."""

STEM_PX = 4
"""Edge of the first, strided kernel: every pixel is seen by two steps along each axis."""

BLOCK_STEP_PX = 4
"""Step from block to block: at two a slice takes twice as long for 0.4 dB before training."""

FIRST_THRESHOLD = 1.8
"""Threshold of a coefficient before training, in noise deviations."""

TINY = 1e-6
"""Keeps the division by a squared coefficient finite."""

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
        has_transform: whether it starts from the shrunken blocks of :class:`BlockShrinkage`. From
            nothing, such a network needs ten times the training to leave as little noise.
    """

    neighbours: int = 5
    width: int = 32
    deep_width: int = 48
    before: int = 2
    deep: int = 4
    after: int = 2
    has_level: bool = False
    has_transform: bool = False


class BlockShrinkage(nn.Module):
    """Slices in units of the noise, block by block through a cosine transform and back.

    Blocks of 8 x 8 pixels through all slices; what of a coefficient is over its threshold is kept
    (``c - t^2 / c``, Gao 1998, doi:10.1080/10618600.1998.10474789), and overlapping blocks are
    averaged. The thresholds are learnt, one per frequency; that of the mean is nothing, so x + c
    gives y + c.
    """

    def __init__(self, slices: int) -> None:
        super().__init__()
        self.slices = slices
        plane, depth = clean.block_filters(), clean.cosines(slices)
        back = depth[:, slices // 2, None, None, None, None] * plane
        overlap = (clean.BLOCK_PX // BLOCK_STEP_PX) ** 2
        self.register_buffer("depth", depth[:, :, None, None].clone(), persistent=False)
        self.register_buffer("plane", plane, persistent=False)
        self.register_buffer("back", back.flatten(0, 1) / overlap, persistent=False)
        self.threshold = nn.Parameter(torch.full((1, len(plane) * slices, 1, 1), FIRST_THRESHOLD))
        meant = torch.ones(1, len(plane) * slices, 1, 1)
        meant[:, 0] = 0
        self.register_buffer("meant", meant, persistent=False)

    def forward(self, slices: Tensor) -> Tensor:
        """Return the middle slice, (n, 1, h, w), of slices (n, k, h, w); both in noise units."""
        with torch.autocast("cpu", enabled=False):
            margin = clean.BLOCK_PX - BLOCK_STEP_PX
            mixed = functional.conv2d(slices.float(), self.depth)
            padded = functional.pad(mixed, (margin,) * 4, mode="replicate")
            size = padded.shape
            each = padded.reshape(-1, 1, size[2], size[3])
            found = functional.conv2d(each, self.plane, stride=BLOCK_STEP_PX)
            found = found.reshape(-1, self.threshold.shape[1], found.shape[2], found.shape[3])
            dropped = (self.threshold * self.meant) ** 2
            kept = found * functional.relu(1 - dropped / (found * found + TINY))
            result = functional.conv_transpose2d(kept, self.back, stride=BLOCK_STEP_PX)
            return result[:, :, margin:-margin, margin:-margin]


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
        if shape.has_transform:
            self.blocks = BlockShrinkage(shape.neighbours)
            self.removed = nn.Conv2d(1, shape.width, STEM_PX, stride=2)
            nn.init.zeros_(self.removed.weight)
            nn.init.zeros_(self.removed.bias)

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
        removed = None
        if self.shape.has_transform:
            removed = middle / sigma - self.blocks(slices / sigma)
            first = first + self.removed(functional.pad(removed, (1, 1, 1, 1), mode="replicate"))
        half = self.before(functional.relu(first))
        deep = self.up(self.deep(functional.relu(self.down(half))))
        noise = self.head(self.after(functional.relu(half + deep))).float()
        bound = RESIDUAL_BOUND_SIGMAS
        estimate = functional.pixel_shuffle(noise, 2)
        if removed is not None:
            estimate = estimate + removed
        limited = torch.tanh(estimate * (1.0 / bound))
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
