"""The network behind the packs that propose missing pixels, as a torch module. Needs ``vlm``.

Five neighboring slices and where they are missing go in, the middle slice comes out. The graph
starts from linear interpolation between the nearest slices that are there and cannot leave the
range of what lies around a voxel in them by more than a tenth of that range.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

NEIGHBOURS = 5
"""Slices it sees: two on each side, so that of two missing in a row both ends are there."""

REACH_PX = 3
"""In-plane reach of the range a proposed voxel must stay in: structures move between slices."""

MARGIN = 0.1
"""Part of that range by which it may be left: a thin structure is brighter between two slices."""

LEAST_RANGE = 1e-3
"""Keeps the range from vanishing where the surroundings are one value, in network units."""

STEM_PX = 4
"""Edge of the first, strided kernel."""


def compressed(values: Tensor) -> Tensor:
    """Return values between -1 and 1: bone and air must not drown what differs between organs."""
    return values / (1 + values.abs())


class FillNet(nn.Module):
    """Proposes the middle of five slices where it is missing.

    Strided convolution to half size, dense 3x3 convolutions at half and quarter size, depth to
    space, as the denoisers. Height and width must be multiples of four.

    Args:
        width, deep_width: channels at half and at quarter size.
        has_curve: whether it also weighs, for each voxel, how far to go from linear interpolation
            to the polynomial through all slices that are there. Quiet images (MR) gain by it; to
            noisy ones it adds noise.
    """

    def __init__(self, *, width: int = 32, deep_width: int = 48, has_curve: bool = False) -> None:
        super().__init__()
        self.has_curve = has_curve
        self.stem = nn.Conv2d(2 * NEIGHBOURS + 1, width, STEM_PX, stride=2, padding=1)
        self.before = nn.Sequential(*_body(width, 2))
        self.down = nn.Conv2d(width, deep_width, 2, stride=2)
        self.deep = nn.Sequential(*_body(deep_width, 4))
        self.up = nn.ConvTranspose2d(deep_width, width, 2, stride=2)
        self.after = nn.Sequential(*_body(width, 2))
        self.head = nn.Conv2d(width, 8 if has_curve else 4, 3, padding=1)
        for module in self.modules():
            if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
                nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
                nn.init.zeros_(module.bias)
        nn.init.zeros_(self.head.weight)

    def forward(self, slices: Tensor, missing: Tensor) -> Tensor:
        """Return the proposed middle slice, (n, 1, h, w).

        Args:
            slices: values of order one, (n, 5, h, w), along k; 0 where missing.
            missing: 1 where a voxel is missing, else 0, (n, 5, h, w).
        """
        here = 1 - missing
        base, low, high = _between(slices, here)
        parted = compressed(slices - base) * here
        coded = torch.cat([parted, compressed(base), missing], dim=1)
        half = self.before(functional.relu(self.stem(coded)))
        deep = self.up(self.deep(functional.relu(self.down(half))))
        change = self.head(self.after(functional.relu(half + deep))).float()
        parts = functional.pixel_shuffle(change, 2)
        # In units of the range around each voxel: at an edge more may change than inside an organ.
        proposed = base + (high - low + LEAST_RANGE) * parts[:, :1]
        if self.has_curve:
            proposed = proposed + parts[:, 1:] * _curve(slices, here)
        margin = MARGIN * (high - low) + LEAST_RANGE
        return torch.maximum(torch.minimum(proposed, high + margin), low - margin)


def _between(slices: Tensor, here: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return linear interpolation between the nearest slices that are there, and their range."""
    lower, lower_away, has_lower = _nearest(slices, here, (1, 0))
    upper, upper_away, has_upper = _nearest(slices, here, (3, 4))
    weight_lower = has_lower * (upper_away * has_upper + (1 - has_upper))
    weight_upper = has_upper * (lower_away * has_lower + (1 - has_lower))
    total = (weight_lower + weight_upper).clamp(min=1e-6)
    base = (lower * weight_lower + upper * weight_upper) / total
    # A side that is not there takes no part in the range: the base stands in for it.
    sides = torch.cat(
        [lower * has_lower + base * (1 - has_lower), upper * has_upper + base * (1 - has_upper)], 1
    )
    size, pad = 2 * REACH_PX + 1, REACH_PX
    high = functional.max_pool2d(sides, size, stride=1, padding=pad).amax(dim=1, keepdim=True)
    low = -functional.max_pool2d(-sides, size, stride=1, padding=pad).amax(dim=1, keepdim=True)
    return base, low, high


def _curve(slices: Tensor, here: Tensor) -> Tensor:
    """Return the polynomial through four or three slices minus linear interpolation.

    The nodes lie at -2, -1, 1 and 2 places, or at -2, -1 and 2 where two are missing in a row;
    with other slices missing there is no curve.
    """
    s0, s1, _, s3, s4 = slices.split(1, dim=1)
    h0, h1, _, h3, h4 = here.split(1, dim=1)
    cubic = (s1 + s3 - s0 - s4) / 6
    after_two = (4 * s1 - 3 * s0 - s4) / 6
    before_two = (4 * s3 - 3 * s4 - s0) / 6
    ends = h0 * h4
    return ends * (h1 * h3 * cubic + h1 * (1 - h3) * after_two + (1 - h1) * h3 * before_two)


def _nearest(slices: Tensor, here: Tensor, order: tuple[int, int]) -> tuple[Tensor, Tensor, Tensor]:
    """Return of two slices the first that is there: value, steps away, whether there is one."""
    near, far = order
    has_near, has_far = here[:, near : near + 1], here[:, far : far + 1]
    value = slices[:, near : near + 1] * has_near
    value = value + slices[:, far : far + 1] * has_far * (1 - has_near)
    has_one = has_near + has_far * (1 - has_near)
    return value, 2 - has_near, has_one


def _body(width: int, depth: int) -> list[nn.Module]:
    layers: list[nn.Module] = []
    for _ in range(depth):
        layers += [nn.Conv2d(width, width, 3, padding=1), nn.ReLU()]
    return layers
