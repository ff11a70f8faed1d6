"""The figures of the super-resolution packs' cards, on patients that no recipe has seen.

    python -m inference.training.evaluate_superres --data FOLDER --packs FOLDER --out FILE

Slices of a held-out volume are averaged in pairs and taken apart again by each method; the slices
that were there before are the truth. ``projected`` means moved to the mean of the input slice.
"""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import numpy as np
import SimpleITK
from numpy.typing import NDArray

from inference.engine.providers import CPU
from inference.engine.sessions import Session, open_session
from inference.training import cases
from inference.training.superres import CT_UNIT_HU, NEIGHBOURS

LOG = logging.getLogger(__name__)

Stack: TypeAlias = NDArray[np.float32]
Method: TypeAlias = Callable[[Stack], Stack]
"""Takes (k, j, i) averaged slices, gives (2 k, j, i)."""

CT_WINDOW_HU = (-160.0, 240.0)

MR_WINDOW = (0.0, 1.0)
"""From nothing to the 99th percentile, to which the volumes are scaled."""

AXES = (0, 1)
"""Axes of an even volume that stand for the through-plane one; thick series have only their own."""


def interpolated(interpolator: int) -> Method:
    """Return a method that interpolates along k with a SimpleITK interpolator."""

    def run(coarse: Stack) -> Stack:
        image = SimpleITK.GetImageFromArray(coarse)
        image.SetSpacing((1.0, 1.0, 2.0))
        size = (coarse.shape[2], coarse.shape[1], 2 * coarse.shape[0])
        fine = SimpleITK.Resample(
            image, size, SimpleITK.Transform(), interpolator, (0.0, 0.0, -0.5), (1.0, 1.0, 1.0)
        )
        result = SimpleITK.GetArrayFromImage(fine)
        # The outermost half slices lie outside the grid: they repeat their input slice.
        result[0], result[-1] = coarse[0], coarse[-1]
        return result

    return run


def repeated(coarse: Stack) -> Stack:
    """Return each slice twice."""
    return np.repeat(coarse, 2, axis=0)


def projected(method: Method) -> Method:
    """Return a method whose pairs are moved to the mean of their input slice."""

    def run(coarse: Stack) -> Stack:
        fine = method(coarse)
        return fine + np.repeat(coarse - _averaged(fine), 2, axis=0)

    return run


def model_method(session: Session) -> Method:
    """Return a pack's model as a method."""

    def run(coarse: Stack) -> Stack:
        half = NEIGHBOURS // 2
        fine = np.empty((2 * coarse.shape[0], *coarse.shape[1:]), np.float32)
        for k in range(coarse.shape[0]):
            near = np.clip(np.arange(k - half, k + half + 1), 0, coarse.shape[0] - 1)
            fine[2 * k : 2 * k + 2] = session.run({"slices": coarse[near][None]})[0]
        return fine

    return run


def table(
    groups: dict[str, list[Stack]], session: Session, window: tuple[float, float]
) -> list[dict[str, object]]:
    """Return PSNR and the largest inconsistency of each method on each group of stacks."""
    methods = {
        "repeat": repeated,
        "linear": interpolated(SimpleITK.sitkLinear),
        "B-spline 3": interpolated(SimpleITK.sitkBSpline),
        "B-spline 3 projected": projected(interpolated(SimpleITK.sitkBSpline)),
        "model": model_method(session),
    }
    rows: list[dict[str, object]] = []
    for group, stacks in groups.items():
        for name, method in methods.items():
            figures = [_figures(method, stack, window) for stack in stacks]
            mean = np.mean(figures, axis=0)
            row = {
                "group": group,
                "method": name,
                "psnr": round(float(mean[0]), 2),
                "inconsistency": round(float(np.max(figures, axis=0)[1]), 4),
            }
            rows.append(row)
            LOG.info("%s", row)
    return rows


def _figures(method: Method, stack: Stack, window: tuple[float, float]) -> tuple[float, float]:
    """Return PSNR in the window where there is tissue, and max |mean of pair - input|."""
    fine = stack[: stack.shape[0] // 2 * 2]
    coarse = _averaged(fine)
    result = method(coarse)
    inner = slice(2, -2)
    tissue = fine[inner] > window[0] + 0.05 * (window[1] - window[0])
    error = np.clip(result[inner], *window) - np.clip(fine[inner], *window)
    psnr = 10 * np.log10((window[1] - window[0]) ** 2 / np.mean(error[tissue] ** 2))
    return float(psnr), float(np.abs(_averaged(result) - coarse).max())


def _averaged(fine: Stack) -> Stack:
    k, j, i = fine.shape
    return fine.reshape(k // 2, 2, j, i).mean(axis=1)


def mr_groups(data: Path) -> dict[str, list[Stack]]:
    """Return the held-out MR stacks: a whole brain along two axes, and thick series of limbs."""
    brain, *limbs = cases.mr_held_out(data)
    return {
        "brain s03": [np.ascontiguousarray(np.moveaxis(brain.voxels, axis, 0)) for axis in AXES],
        "limbs s16 (3.3 mm)": [case.voxels for case in limbs],
    }


def ct_groups(data: Path) -> dict[str, list[Stack]]:
    """Return the held-out CT stacks in network units: chest at 1 and 3 mm, limbs at 3.3 mm."""
    chest = cases.s01_upper_thin(data)
    count = chest.voxels.shape[0] // 3 * 3
    thick = chest.voxels[:count].reshape(-1, 3, *chest.voxels.shape[1:]).mean(axis=1)
    limbs = cases.ct_held_out(data)[1:]
    return {
        "chest s01 upper (1 mm)": [chest.voxels[:60] / np.float32(CT_UNIT_HU)],
        "chest s01 upper (3 mm)": [thick / np.float32(CT_UNIT_HU)],
        "limbs s16 (3.3 mm)": [case.voxels / np.float32(CT_UNIT_HU) for case in limbs],
    }


def main() -> None:
    """Measure both packs and write the figures."""
    parser = argparse.ArgumentParser(description="Measure the super-resolvers for their cards.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--packs", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    window = (CT_WINDOW_HU[0] / CT_UNIT_HU, CT_WINDOW_HU[1] / CT_UNIT_HU)
    report = {
        "superres-mr": table(
            mr_groups(asked.data), _session(asked.packs, "superres-mr"), MR_WINDOW
        ),
        "superres-ct": table(ct_groups(asked.data), _session(asked.packs, "superres-ct"), window),
    }
    asked.out.write_text(json.dumps(report, indent=1), encoding="utf-8")


def _session(packs: Path, pack_id: str) -> Session:
    return open_session((packs / pack_id / "model.onnx").read_bytes(), CPU)


if __name__ == "__main__":
    main()
