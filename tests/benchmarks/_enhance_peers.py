"""What BM3D and torch need for a slice, as JSON: run by a Python that has them.

BM3D's wheel is for non-commercial use: it is measured where it is installed, and is no part of this
program. usage: python -m tests.benchmarks._enhance_peers PACK...
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

SIDE = 512
PART = 256
"""BM3D's time grows with the pixels: a quarter of a slice is measured, and counted four times."""

SIGMA_HU = 25.0
ROUNDS = 5


def main(packs: list[str]) -> None:
    """Write the seconds of each peer that is installed here."""
    found: dict[str, Any] = {}
    if importlib.util.find_spec("bm3d") is not None:
        found["bm3d"] = _bm3d()
    if importlib.util.find_spec("torch") is not None:
        found["torch"] = _torch(packs)
    sys.stdout.write(json.dumps(found) + "\n")


def _bm3d() -> list[float]:
    """Return the wall and processor seconds of one slice."""
    peer: Any = importlib.import_module("bm3d")
    plane = 40 + np.random.default_rng(0).normal(0, SIGMA_HU, (PART, PART))
    scale = (SIDE / PART) ** 2
    wall, cpu = _timed(lambda: peer.bm3d(plane, sigma_psd=SIGMA_HU))
    return [wall * scale, cpu * scale]


def _torch(packs: list[str]) -> dict[str, list[float]]:
    """Return the wall and processor seconds of one slice for the network of each pack, eager."""
    torch: Any = importlib.import_module("torch")
    recipes: Any = importlib.import_module("inference.training.denoise")
    networks: Any = importlib.import_module("inference.training.networks")
    found = {}
    for name in packs:
        shape = recipes.RECIPES[name].shape
        network = networks.DenoiseNet(shape).eval()
        network.freeze()
        slices = 40 + SIGMA_HU * torch.randn(1, shape.neighbours, SIDE, SIDE)
        sigma = torch.full((1, 1, SIDE, SIDE), SIGMA_HU)
        with torch.inference_mode():
            network(slices, sigma)
            runs = [_timed(lambda: network(slices, sigma)) for _ in range(ROUNDS)]  # noqa: B023
        found[name] = [min(wall for wall, _ in runs), min(cpu for _, cpu in runs)]
    return found


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


if __name__ == "__main__":
    main(sys.argv[1:])
