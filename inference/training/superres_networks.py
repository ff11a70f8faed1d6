"""The network behind the super-resolution packs, as a torch module. Needs the extra ``vlm``.

It predicts only what a slice does not hold: the difference between the two halves of a slice's
thickness, or between the four children of a pixel. So the mean of its results is what was scanned.
It has no additive weights anywhere and its first kernel sums to zero. So three laws hold whatever
the weights: a uniform image stays as it is, x + c gives y + c, and a x gives a y for a > 0
(Mohan et al. 2020, arXiv:1906.05478, on networks without biases). MR needs no scale of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True, slots=True)
class SuperResolveShape:
    """Size of a super-resolver: what decides its speed.

    Attributes:
        neighbours: slices it sees, an odd number.
        children: 2 for the halves of a slice, 4 for the children of a pixel.
        width: channels at full resolution, a multiple of 16 (the runtime's blocks).
        deep_width: channels at half resolution, likewise.
        before, deep, after: 3x3 convolutions at full, half and again full resolution.
        has_profile: whether it is told the slice profile.
    """

    neighbours: int = 5
    children: int = 2
    width: int = 16
    deep_width: int = 48
    before: int = 1
    deep: int = 4
    after: int = 1
    has_profile: bool = True


_PAIR = SuperResolveShape()
_QUAD = SuperResolveShape(neighbours=3, children=4, has_profile=False)

SHAPES = {
    "superres-ct": _PAIR,
    "superres-mr": _PAIR,
    "superres-inplane": _QUAD,
}
"""The networks of the embedded packs, by checkpoint."""


class SuperResolveNet(nn.Module):
    """Neighbouring slices in, the children of the middle one out.

    Height and width must be multiples of two. The profile (thickness over spacing, and 0 box to 1
    Gaussian) scales the channels after the first kernel and at half resolution.
    """

    def __init__(self, shape: SuperResolveShape) -> None:
        super().__init__()
        self.shape = shape
        width, deep = shape.width, shape.deep_width
        self.stem = nn.Conv2d(shape.neighbours, width, 3, bias=False)
        self.before = nn.Sequential(*_body(width, shape.before))
        self.down = nn.Conv2d(width, deep, 2, stride=2, bias=False)
        self.deep = nn.Sequential(*_body(deep, shape.deep))
        self.up = nn.ConvTranspose2d(deep, width, 2, stride=2, bias=False)
        self.after = nn.Sequential(*_body(width, shape.after))
        self.head = nn.Conv2d(width, _outputs(shape), 3, padding=1, bias=False)
        self.told = _told(width + deep) if shape.has_profile else None
        # Slices that touch, with a box profile: what the layers of the profile begin at.
        self.register_buffer("touching", torch.tensor([[1.0, 0.0]]), persistent=False)
        self.is_frozen = False
        _initialize(self)

    def freeze(self) -> None:
        """Make the stem's weights sum to zero for good, so that an export needs no step for it."""
        with torch.no_grad():
            self.stem.weight.copy_(self._stem_weight())
        self.is_frozen = True

    def forward(self, slices: Tensor, profile: Tensor | None = None) -> Tensor:
        """Return the children of the middle slice, (n, children, h, w); their mean is the slice.

        Args:
            slices: (n, neighbours, h, w), along k, in any unit.
            profile: (n, 2) thickness over spacing, and shape from 0 box to 1 Gaussian.
        """
        middle = slices[:, self.shape.neighbours // 2 : self.shape.neighbours // 2 + 1]
        return middle + self.details(slices, profile)

    def details(self, slices: Tensor, profile: Tensor | None = None) -> Tensor:
        """Return what the children have beside the middle slice; the sum of it is zero."""
        coded = functional.pad(slices, (1, 1, 1, 1), mode="replicate")
        first = functional.conv2d(coded, self._stem_weight())
        scale = self._scale(profile)
        if scale is not None:
            first = first * scale[:, : self.shape.width]
        full = self.before(functional.relu(first))
        half = self.down(full)
        if scale is not None:
            half = half * scale[:, self.shape.width :]
        deep = self.up(self.deep(functional.relu(half)))
        found = self.head(self.after(functional.relu(full + deep))).float()
        if self.shape.children == 2:
            return torch.cat([found, -found], dim=1)
        return found - found.mean(dim=1, keepdim=True)

    def _scale(self, profile: Tensor | None) -> Tensor | None:
        if self.told is None or profile is None:
            return None
        scale: Tensor = 1 + self.told(profile - self.touching)[:, :, None, None]
        return scale

    def _stem_weight(self) -> Tensor:
        weight = self.stem.weight
        return weight if self.is_frozen else weight - weight.mean(dim=(1, 2, 3), keepdim=True)


def _outputs(shape: SuperResolveShape) -> int:
    return 1 if shape.children == 2 else shape.children


def _told(channels: int) -> nn.Sequential:
    """Return the layers from a profile to one factor per channel; they begin by changing none."""
    last = nn.Linear(16, channels)
    nn.init.zeros_(last.weight)
    nn.init.zeros_(last.bias)
    return nn.Sequential(nn.Linear(2, 16), nn.ReLU(), last)


def _body(width: int, depth: int) -> list[nn.Module]:
    layers: list[nn.Module] = []
    for _ in range(depth):
        layers += [nn.Conv2d(width, width, 3, padding=1, bias=False), nn.ReLU()]
    return layers


def _initialize(network: SuperResolveNet) -> None:
    """Kaiming weights and a zero head: with torch's default plain layers do not learn."""
    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
    nn.init.zeros_(network.head.weight)
