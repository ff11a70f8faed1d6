"""What the training loops of the enhancement packs share: rate, running average, checkpoints.

Needs torch (the extra ``vlm``).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a training is: steps done and the seconds they took."""

    step: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Training:
    """What a training has learnt, and the checkpoint that it is kept in.

    Attributes:
        network: the weights of the last step.
        average: their running average, which becomes the pack.
        optimizer: with its moments.
        checkpoint: file; None to keep nothing.
    """

    network: torch.nn.Module
    average: torch.nn.Module
    optimizer: torch.optim.Optimizer
    checkpoint: Path | None

    def keep(self, progress: Progress) -> None:
        """Write the checkpoint; one that is cut short does not take the place of the last."""
        if self.checkpoint is None:
            return
        state = {
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": progress.step,
            "seconds": progress.seconds,
        }
        partial = self.checkpoint.with_suffix(".partial")
        torch.save(state, partial)
        partial.replace(self.checkpoint)

    def resume(self) -> Progress:
        """Go back to what the checkpoint holds; the beginning where there is none."""
        if self.checkpoint is None or not self.checkpoint.is_file():
            return Progress()
        state = torch.load(self.checkpoint, weights_only=True)
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        return Progress(state["step"], state["seconds"])


@dataclass(frozen=True, slots=True)
class Rate:
    """A learning rate that rises in a straight line and falls as half a cosine.

    Attributes:
        largest: where it would be at its highest.
        warm_steps: steps in which it rises.
        least: where it ends, as part of the largest.
    """

    largest: float
    warm_steps: int
    least: float = 0.0

    def set(self, optimizer: torch.optim.Optimizer, step: int, done: float) -> None:
        """Set it for a step; ``done`` is the part of the training done, 0..1."""
        fall = 0.5 * (1 + np.cos(np.pi * done)) + self.least
        rate = float(self.largest * min(1.0, (step + 1) / self.warm_steps) * fall)
        for group in optimizer.param_groups:
            group["lr"] = rate


def average_into(average: torch.nn.Module, network: torch.nn.Module, step: int) -> None:
    """Move the running average of the weights a little towards the network's."""
    share = 1 - min(0.998, (step + 1) / (step + 10))
    with torch.no_grad():
        for kept, new in zip(average.parameters(), network.parameters(), strict=True):
            kept.lerp_(new, share)
