"""The figures of the cards of fill-ct and fill-mr, on patients that no recipe has seen.

    python -m inference.training.fill_figures --data FOLDER --packs FOLDER --out FILE

Slices of held-out volumes are hidden and proposed from the rest by each method; the slices that
were there are the truth. The packs run through the engine, with its bounds, as at the workstation.
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

from inference.engine.fill import fill
from inference.engine.providers import CPU
from inference.engine.sessions import SessionCache
from inference.packs.store import Pack, load_pack
from inference.tasks.fill import FillRequest
from inference.training import cases
from inference.training.fill_scans import spline_weights
from workstation.core.filled import FilledBox, whole_slice
from workstation.core.job import CancelToken

LOG = logging.getLogger(__name__)

Stack: TypeAlias = NDArray[np.float32]
Method: TypeAlias = Callable[[Stack, tuple[FilledBox, ...]], Stack]
"""Takes a volume and what is hidden of it, gives a volume of which only that is looked at."""

CT_WINDOW_HU = (-160.0, 240.0)
MR_WINDOW = (0.0, 1.0)
"""From nothing to the 99th percentile, to which the volumes are scaled."""

STEP = 7
"""Every so many slices one, or two in a row, are hidden: scanned ones always lie between."""

BAND_ROWS = 24
"""Rows of a hidden band, in the middle third of every slice in turn."""

SSIM_K1, SSIM_K2, SSIM_PX = 0.01, 0.03, 7
"""Of the structural similarity (Wang et al. 2004), with a square window."""


def hide_slices(stack: Stack, in_a_row: int) -> tuple[FilledBox, ...]:
    """Return boxes that hide slices, so many in a row, all over a volume."""
    shape = (stack.shape[0], stack.shape[1], stack.shape[2])
    starts = range(3, shape[0] - 3 - in_a_row, STEP)
    return tuple(whole_slice(k + n, shape) for k in starts for n in range(in_a_row))


def hide_bands(stack: Stack) -> tuple[FilledBox, ...]:
    """Return boxes that hide bands of rows all over a volume."""
    count, rows, columns = stack.shape
    first = rows // 3
    places = [first + 11 * n % max(rows // 3, 1) for n in range(count)]
    return tuple(
        FilledBox(k, (places[k], min(places[k] + BAND_ROWS, rows)), (0, columns))
        for k in range(3, count - 3, STEP)
    )


def along_k(interpolator: int) -> Method:
    """Return a method that interpolates between the whole slices that are left."""

    def run(stack: Stack, boxes: tuple[FilledBox, ...]) -> Stack:
        hidden = sorted({box.k for box in boxes})
        result = stack.copy()
        for group in _groups(hidden):
            # B-splines see three slices on each side, where there are no others hidden.
            near = [
                k
                for k in range(max(group[0] - 3, 0), min(group[-1] + 4, len(stack)))
                if k not in hidden
            ]
            result[group] = _between(stack, near, group, interpolator)
        return result

    return run


def _groups(hidden: list[int]) -> list[list[int]]:
    groups: list[list[int]] = []
    for k in hidden:
        if groups and groups[-1][-1] == k - 1:
            groups[-1].append(k)
        else:
            groups.append([k])
    return groups


def _between(stack: Stack, near: list[int], wanted: list[int], interpolator: int) -> Stack:
    """Return slices at wanted places; splines are fitted to the places where slices are."""
    lower = [k for k in near if k < wanted[0]]
    upper = [k for k in near if k > wanted[-1]]
    share = [(k - lower[-1]) / (upper[0] - lower[-1]) for k in wanted]
    if interpolator == SimpleITK.sitkNearestNeighbor:
        return np.stack([stack[lower[-1] if s < 0.5 else upper[0]] for s in share])
    if interpolator == SimpleITK.sitkLinear:
        return np.stack(
            [stack[lower[-1]] * np.float32(1 - s) + stack[upper[0]] * np.float32(s) for s in share]
        )
    return _cubic(stack, near, wanted)


def _cubic(stack: Stack, near: list[int], wanted: list[int]) -> Stack:
    """Return the natural cubic spline through slices at uneven places."""
    weights = spline_weights(near, wanted)
    found: Stack = np.tensordot(weights, stack[near], axes=1).astype(np.float32)
    return found


def model_method(pack: Pack, modality: str) -> Method:
    """Return a pack, run by the engine, as a method."""
    sessions = SessionCache((CPU,))

    def run(stack: Stack, boxes: tuple[FilledBox, ...]) -> Stack:
        given, result = stack.copy(), stack.copy()
        for box in boxes:
            given[box.k, slice(*box.rows), slice(*box.columns)] = -1024 if modality == "CT" else 0
        request = FillRequest(pack.manifest.pack_id, modality, (1.0, 1.0, 1.0), boxes)
        done = fill(
            pack,
            request,
            given,
            result,
            sessions=sessions,
            report=lambda _fraction, _slices: None,
            cancel=CancelToken(),
        )
        if done.figures.slices_interpolated:
            raise ValueError("the model gave no usable numbers")
        return result

    return run


def figures(
    method: Method, stack: Stack, boxes: tuple[FilledBox, ...], window: tuple[float, float]
) -> tuple[float, float]:
    """Return PSNR (dB) where there is tissue, and mean SSIM, of what was hidden."""
    made = method(stack, boxes)
    squared, count, likeness = 0.0, 0, []
    for box in boxes:
        part = (box.k, slice(*box.rows), slice(*box.columns))
        truth, found = np.clip(stack[part], *window), np.clip(made[part], *window)
        tissue = truth > window[0] + 0.05 * (window[1] - window[0])
        squared += float(((found - truth)[tissue].astype(np.float64) ** 2).sum())
        count += int(tissue.sum())
        likeness.append(ssim(truth, found, window[1] - window[0]))
    psnr = 10 * np.log10((window[1] - window[0]) ** 2 * count / max(squared, 1e-12))
    return float(psnr), float(np.mean(likeness))


def ssim(truth: Stack, found: Stack, span: float) -> float:
    """Return the mean structural similarity of two pictures."""
    one, other = truth.astype(np.float64), found.astype(np.float64)
    mean_1, mean_2 = _box_mean(one), _box_mean(other)
    var_1 = _box_mean(one * one) - mean_1**2
    var_2 = _box_mean(other * other) - mean_2**2
    both = _box_mean(one * other) - mean_1 * mean_2
    c1, c2 = (SSIM_K1 * span) ** 2, (SSIM_K2 * span) ** 2
    top = (2 * mean_1 * mean_2 + c1) * (2 * both + c2)
    return float((top / ((mean_1**2 + mean_2**2 + c1) * (var_1 + var_2 + c2))).mean())


def _box_mean(plane: NDArray[np.float64]) -> NDArray[np.float64]:
    size = min(SSIM_PX, *plane.shape)
    total = np.pad(plane, ((1, 0), (1, 0))).cumsum(axis=0).cumsum(axis=1)
    inner = total[size:, size:] - total[:-size, size:] - total[size:, :-size]
    found: NDArray[np.float64] = (inner + total[:-size, :-size]) / size**2
    return found


def groups_of(data: Path, modality: str) -> dict[str, list[Stack]]:
    """Return the held-out stacks by what they are."""
    if modality == "MR":
        brain, *limbs = cases.mr_held_out(data)
        thick = brain.voxels[: len(brain.voxels) // 3 * 3]
        return {
            "brain s03, 1 mm": [brain.voxels],
            "brain s03, averaged by 3": [thick.reshape(-1, 3, *thick.shape[1:]).mean(axis=1)],
            "limbs s16 T1, 3.3 mm": [case.voxels for case in limbs],
        }
    chest = cases.s01_upper_thin(data).voxels
    thick = chest[: len(chest) // 3 * 3].reshape(-1, 3, *chest.shape[1:]).mean(axis=1)
    return {
        "chest s01 upper, 1 mm": [chest],
        "chest s01 upper, 3 mm": [thick],
        "limbs s16, 3.3 mm": [case.voxels for case in cases.ct_held_out(data)[1:]],
    }


def table(groups: dict[str, list[Stack]], pack: Pack, modality: str) -> list[dict[str, object]]:
    """Return PSNR and SSIM of each method on each group, for each way of losing voxels."""
    window = CT_WINDOW_HU if modality == "CT" else MR_WINDOW
    methods: dict[str, Method] = {
        "nearest": along_k(SimpleITK.sitkNearestNeighbor),
        "linear": along_k(SimpleITK.sitkLinear),
        "B-spline 3": along_k(SimpleITK.sitkBSpline),
        "model": model_method(pack, modality),
    }
    rows: list[dict[str, object]] = []
    for name, stacks in groups.items():
        for loss, hide in (
            ("one slice", lambda stack: hide_slices(stack, 1)),
            ("two in a row", lambda stack: hide_slices(stack, 2)),
            (f"{BAND_ROWS} rows", hide_bands),
        ):
            row: dict[str, object] = {"group": name, "lost": loss}
            for label, method in methods.items():
                found = [figures(method, stack, hide(stack), window) for stack in stacks]
                psnr, likeness = np.mean(found, axis=0).tolist()
                row[label] = {"psnr": round(psnr, 2), "ssim": round(likeness, 3)}
            LOG.info("%s", row)
            rows.append(row)
    return rows


def main() -> None:
    """Measure the packs that are there and write the figures."""
    parser = argparse.ArgumentParser(description="Measure the proposers for their cards.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--packs", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--modality", choices=("CT", "MR"), action="append")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    report = {}
    for modality in asked.modality or ("CT", "MR"):
        pack = load_pack(asked.packs / f"fill-{modality.lower()}")
        report[pack.manifest.pack_id] = table(groups_of(asked.data, modality), pack, modality)
    asked.out.write_text(json.dumps(report, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
