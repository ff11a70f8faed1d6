"""The finding network: a small convolutional encoder with one map per finding.

Slices and the direction across them are convolved in turn (2.5D), which costs a third of full
3D kernels. The presence of a finding is the soft maximum of its map, its presence on a side the
same over that half, so that what is said, on which side, and where it is shown are one thing.
About 0.2 M parameters and 0.1 to 0.2 GMAC per volume.
"""

from __future__ import annotations

import torch
from torch import nn

WIDTHS = (16, 32, 64)
"""Channels at half, quarter and eighth resolution."""


class Block(nn.Module):
    """In-plane, then across planes, around a shortcut."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.plane = nn.Conv3d(width, width, (1, 3, 3), padding=(0, 1, 1))
        self.across = nn.Conv3d(width, width, (3, 1, 1), padding=(1, 0, 0), bias=False)
        self.norm = nn.BatchNorm3d(width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return features of the same shape."""
        return x + torch.relu(self.norm(self.across(torch.relu(self.plane(x)))))


class FindingNetwork(nn.Module):
    """From a cube to the logits of ``inference.vlm.heads.Outputs``.

    Args:
        channels: of the input.
        findings: number of finding maps.
    """

    def __init__(self, channels: int, findings: int) -> None:
        super().__init__()
        half, quarter, eighth = WIDTHS
        self.fine = nn.Sequential(
            _down(channels, half), _down(half, quarter), Block(quarter), Block(quarter)
        )
        self.coarse = nn.Sequential(
            _down(quarter, eighth), Block(eighth), Block(eighth), Block(eighth)
        )
        self.lift = nn.Conv3d(eighth, quarter, 1)
        self.maps = nn.Sequential(
            nn.Conv3d(quarter, quarter, 3, padding=1), nn.ReLU(), nn.Conv3d(quarter, findings, 1)
        )
        self.known = nn.Sequential(
            nn.Linear(2 * eighth, 32), nn.ReLU(), nn.Dropout(0.2), nn.Linear(32, 1)
        )
        last = self.maps[-1]
        nn.init.constant_(last.bias, -4.0)

    def forward(
        self, cube: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
        """Return known (n, 1), presence (n, f), sides (n, f, 2) right and left, maps."""
        fine = self.fine(cube)
        coarse = self.coarse(fine)
        lifted = nn.functional.interpolate(self.lift(coarse), scale_factor=2.0, mode="nearest")
        maps = self.maps(torch.relu(fine + lifted))
        pooled = torch.cat([coarse.mean(dim=(2, 3, 4)), coarse.amax(dim=(2, 3, 4))], dim=1)
        middle = maps.shape[-1] // 2
        sides = torch.stack([_soft_max(maps[..., :middle]), _soft_max(maps[..., middle:])], dim=2)
        return self.known(pooled), _soft_max(maps), sides, maps


def _down(before: int, after: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv3d(before, after, 3, stride=2, padding=1, bias=False),
        nn.BatchNorm3d(after),
        nn.ReLU(),
    )


def _soft_max(maps: torch.Tensor) -> torch.Tensor:
    """Return the log of the summed odds over all cells: at least the largest cell."""
    return torch.logsumexp(maps.flatten(2), dim=2)
