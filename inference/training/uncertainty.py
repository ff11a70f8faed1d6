"""How far a denoiser's result may lie from the truth: calibrated on some patients, told of others.

    python -m inference.training.uncertainty --pack ct-denoise --data FOLDER

Writes the table ``[uncertainty]`` into the pack's manifest and tells its coverage on patients that
it was not calibrated on. Run it after the pack was exported: the table holds for these weights.

Split conformal prediction (Vovk 2005; Angelopoulos and Bates 2023, doi:10.1561/2200000101), within
classes of voxels (by how much the model changed them and how steep the result is), made wider until
it also covers each calibration patient when calibrated on the others: voxels of one patient are
alike, so that patients, not voxels, are what is drawn. Needs no torch; runs the packs as the
program does, noise estimate included.
"""

from __future__ import annotations

import argparse
import json
import logging
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from inference.engine.enhance import enhance
from inference.engine.sessions import SessionCache
from inference.packs.manifest import MANIFEST_NAME
from inference.packs.store import Pack, load_pack, verify_pack
from inference.packs.uncertainty import UncertaintyRow, UncertaintySpec, gradient
from inference.phantoms.brain_mr import make_brain, sample_brain_spec
from inference.phantoms.grids import axial_grid
from inference.tasks.denoise import DenoiseRequest
from inference.training import cases
from workstation.core.job import CancelToken

LOG = logging.getLogger(__name__)

COVERAGE = 0.9
"""Share of voxels whose truth is to lie inside."""

SLICES = 15
"""Slices of each patient, next to each other around the middle."""

LARGEST_PX = 224
"""Edge of what is looked at, in the middle of a slice."""

LEVELS = MappingProxyType({"CT": (25.0, 45.0), "MR": (0.03, 0.07)})
"""Noise added: well over what the references have left, and as in use."""

CUTOFFS_PER_PX = (0.3, 0.42, 0.5)
"""Ends of the Hann windows of CT kernels, smooth to sharp, in cycles per pixel."""

SLICE_CORRELATION = 0.25
"""Correlation of the noise of touching CT slices."""

STEEPNESS_SHARES = (0.5, 0.8, 0.95)
"""Shares of the voxels that are less steep than each class of gradient."""

CHANGE_SHARES = (0.5, 0.85)
"""Shares of the voxels that were changed less than each class of change."""

LEAST_VOXELS = 500
"""Voxels from which a class has quantiles of its own; with fewer it takes those of all as steep."""

LEAST_SEEN = {"CT": -950.0, "MR": 0.1}
"""Truth from which a voxel counts: air outside a body would only flatter the figures."""

TISSUES = MappingProxyType(
    {
        "CT": (
            ("lung", -950, -600),
            ("fat", -150, -50),
            ("soft tissue", 0, 100),
            ("bone", 250, 3000),
        ),
        "MR": (("dark", 0.1, 0.3), ("gray", 0.3, 0.7), ("bright", 0.7, 9.0)),
    }
)

EDGE_SHARE = 0.95
"""Share of the voxels of a patient whose truth is less steep than what is called an edge."""

MR_SCALE = 1000.0
"""MR is scaled so that its 99th percentile is this: whole numbers of it are fine enough."""

Volume = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """Voxels of one patient under one noise, all in deviations of the noise.

    Attributes:
        patient: name.
        change: result - noisy.
        error: truth - result.
        steepness: gradient of the result.
        truth: in HU, or as a share of the 99th percentile.
        edge: where the truth is steepest.
    """

    patient: str
    change: Volume
    error: Volume
    steepness: Volume
    truth: Volume
    edge: NDArray[np.bool_]


def calibrated(seen: list[Seen], coverage: float = COVERAGE) -> UncertaintySpec:
    """Return the table of some patients, wide enough for each of them when it is left out."""
    classes = _classes(seen)
    widest = 1.0
    patients = sorted({each.patient for each in seen})
    for patient in patients if len(patients) > 1 else []:
        others = [each for each in seen if each.patient != patient]
        left_out = [each for each in seen if each.patient == patient]
        widest = max(widest, _needed(_table(others, classes, coverage), left_out, coverage))
    table = _table(seen, classes, coverage)
    rows = tuple(replace(r, low=r.low * widest, high=r.high * widest) for r in table.rows)
    LOG.info("made wider by %.3f so that patients that are left out are covered", widest)
    return UncertaintySpec(coverage, tuple(_rounded(row) for row in rows))


def is_inside(spec: UncertaintySpec, seen: Seen, wider: float = 1.0) -> NDArray[np.bool_]:
    """Return which voxels have their truth in the interval."""
    low, high = np.empty_like(seen.error), np.empty_like(seen.error)
    size = np.abs(seen.change)
    for row in spec.rows:
        inside = (size >= row.change_low) & (seen.steepness >= row.gradient_low)
        low[inside], high[inside] = row.low, row.high
    folded = np.where(seen.change < 0, -seen.error, seen.error)
    found: NDArray[np.bool_] = (folded >= low * wider) & (folded <= high * wider)
    return found


def coverages(spec: UncertaintySpec, seen: list[Seen], modality: str) -> dict[str, float]:
    """Return the share of voxels inside: of all, of edges, and of each tissue."""
    inside = np.concatenate([is_inside(spec, each) for each in seen])
    truth = np.concatenate([each.truth for each in seen])
    found = {
        "all": float(inside.mean()),
        "edges": float(inside[np.concatenate([each.edge for each in seen])].mean()),
    }
    for name, low, high in TISSUES[modality]:
        chosen = (truth > low) & (truth < high)
        if chosen.any():
            found[name] = float(inside[chosen].mean())
    widths = np.concatenate([_half_widths(spec, each) for each in seen])
    return found | {"mean half width in noise deviations": float(widths.mean())}


def _classes(seen: list[Seen]) -> tuple[list[float], list[float]]:
    """Return the inner borders of the classes of steepness and of change."""
    steepness = np.concatenate([each.steepness for each in seen])
    change = np.abs(np.concatenate([each.change for each in seen]))
    return _borders(steepness, STEEPNESS_SHARES), _borders(change, CHANGE_SHARES)


def _borders(values: Volume, shares: tuple[float, ...]) -> list[float]:
    """Return quantiles that rise; a pack that leaves many voxels alone has several alike."""
    found = sorted({round(float(v), 3) for v in np.quantile(values, shares)})
    return [value for value in found if value > 0]


def _table(
    seen: list[Seen], classes: tuple[list[float], list[float]], coverage: float
) -> UncertaintySpec:
    steepness = np.concatenate([each.steepness for each in seen])
    change = np.concatenate([each.change for each in seen])
    error = np.concatenate([each.error for each in seen])
    folded, size = np.where(change < 0, -error, error), np.abs(change)
    steeps = [0.0, *classes[0], float(np.ceil(steepness.max() + 1))]
    changes = [0.0, *classes[1], float(np.ceil(size.max() + 1))]
    rows = []
    for g_low, g_high in pairwise(steeps):
        steep = (steepness >= g_low) & (steepness < g_high)
        for c_low, c_high in pairwise(changes):
            inside = steep & (size >= c_low) & (size < c_high)
            enough = next(m for m in (inside, steep, size >= 0) if m.sum() >= LEAST_VOXELS)
            low, high = _quantiles(folded[enough], coverage)
            rows.append(UncertaintyRow(c_low, c_high, low, high, g_low, g_high))
    return UncertaintySpec(coverage, tuple(rows))


def _quantiles(errors: Volume, coverage: float) -> tuple[float, float]:
    """Return the ends with the finite-sample correction of split conformal prediction."""
    tail = (1 - coverage) / 2
    outer = min((1 - tail) * (1 + 1 / max(errors.size, 1)), 1.0)
    low, high = np.quantile(errors, [1 - outer, outer])
    return min(float(low), 0.0), max(float(high), 0.0)


def _needed(spec: UncertaintySpec, seen: list[Seen], coverage: float) -> float:
    """Return by how much a table must be made wider to cover some voxels; at most threefold."""
    for wider in np.arange(1.0, 3.0, 0.01):
        if (
            np.concatenate([is_inside(spec, each, float(wider)) for each in seen]).mean()
            >= coverage
        ):
            return float(wider)
    return 3.0


def _half_widths(spec: UncertaintySpec, seen: Seen) -> Volume:
    found, size = np.empty_like(seen.error), np.abs(seen.change)
    for row in spec.rows:
        inside = (size >= row.change_low) & (seen.steepness >= row.gradient_low)
        found[inside] = (row.high - row.low) / 2
    return found


def _rounded(row: UncertaintyRow) -> UncertaintyRow:
    """Return the row with ends of two decimals, outwards."""
    return replace(
        row, low=float(np.floor(row.low * 100) / 100), high=float(np.ceil(row.high * 100) / 100)
    )


def observed(pack: Pack, case: cases.Case, modality: str, sessions: SessionCache) -> list[Seen]:
    """Return what a pack makes of one patient under each noise."""
    clean = _middle(case.voxels)
    j_mm, i_mm = case.spacing_kji_mm[1:]
    found = []
    for index, level in enumerate(LEVELS[modality]):
        random = np.random.default_rng((index, clean.shape[0]))
        noisy = _noisy(random, clean, level, modality, kernel=index)
        result = np.zeros_like(noisy)
        done = enhance(
            pack,
            DenoiseRequest(pack.manifest.pack_id, modality, (i_mm, j_mm, case.spacing_kji_mm[0])),
            noisy,
            result,
            sessions=sessions,
            report=lambda fraction, slices: None,
            cancel=CancelToken(),
        )
        change = done.figures.change
        if change is None:
            raise ValueError("a denoiser told no figures")
        found += [
            _seen(case.name, clean[k], noisy[k], result[k], change.sigma_at(k), modality)
            for k in range(2, len(clean) - 2)
        ]
    return found


def _seen(
    name: str, clean: Volume, noisy: Volume, result: Volume, sigma: float, modality: str
) -> Seen:
    scale = 1.0 if modality == "CT" else MR_SCALE
    seen = clean > LEAST_SEEN[modality] * scale
    steep = gradient(clean)
    limit = float(np.quantile(steep[seen], EDGE_SHARE)) if seen.any() else np.inf
    return Seen(
        name,
        ((result - noisy) / sigma)[seen],
        ((clean - result) / sigma)[seen],
        (gradient(result) / sigma)[seen],
        (clean / scale)[seen],
        (steep > limit)[seen],
    )


def _noisy(
    random: np.random.Generator, clean: Volume, level: float, modality: str, *, kernel: int
) -> Volume:
    if modality == "MR":
        level = level * MR_SCALE
        real, imaginary = random.normal(0, level, (2, *clean.shape))
        return np.hypot(clean + real, imaginary).astype(np.float32)
    rows, columns = (
        np.fft.fftfreq(clean.shape[1])[:, None],
        np.fft.rfftfreq(clean.shape[2])[None, :],
    )
    radius, end = np.hypot(rows, columns), CUTOFFS_PER_PX[kernel % len(CUTOFFS_PER_PX)]
    window = np.where(radius < end, 0.5 * (1 + np.cos(np.pi * radius / end)), 0.0)
    white = np.fft.rfft2(random.standard_normal(clean.shape))
    noise = np.fft.irfft2(white * window * np.sqrt(radius), clean.shape[1:])
    noise /= noise.std()
    for k in range(1, len(noise)):
        rest = np.sqrt(1 - SLICE_CORRELATION**2)
        noise[k] = rest * noise[k] + SLICE_CORRELATION * noise[k - 1]
    return (clean + level * noise).astype(np.float32)


def _middle(voxels: Volume) -> Volume:
    """Return slices around the middle of a volume, and the middle of those."""
    chosen = []
    for size, most in zip(voxels.shape, (SLICES, LARGEST_PX, LARGEST_PX), strict=True):
        first = max((size - most) // 2, 0)
        chosen.append(slice(first, first + most))
    return voxels[tuple(chosen)].astype(np.float32)


def patients(data: Path, modality: str) -> tuple[list[cases.Case], list[cases.Case]]:
    """Return references to calibrate on and others to tell the coverage of; none was trained on.

    Noise of a reference counts as error of the result. It is lowered by means over slices, not over
    pixels: those would make anatomy steeper than any model sees it.
    """
    if modality == "CT":
        chest, limb, other = cases.ct_held_out(data)
        return (
            [cases.slab_mean(chest, 2), cases.slab_mean(limb, 2)],
            [cases.slab_mean(other, 2), cases.s02_head(data)],
        )
    brain, limb, other = (_scaled(case) for case in cases.mr_held_out(data))
    spec = replace(sample_brain_spec(np.random.default_rng(901)), noise=0.0)
    grid = axial_grid((SLICES, 224, 224), (0.9, 0.9, 4.0), (0.0, 0.0, 0.0))
    phantom = make_brain(spec, grid, seed=901)["T1"].voxels.astype(np.float32)
    drawn = _scaled(cases.to_unit(cases.Case("phantom brain", phantom, (4.0, 0.9, 0.9))))
    return [limb, drawn], [other, brain]


def _scaled(case: cases.Case) -> cases.Case:
    return cases.Case(case.name, case.voxels * np.float32(MR_SCALE), case.spacing_kji_mm)


def manifest_text(old: str, spec: UncertaintySpec) -> str:
    """Return a manifest with another table ``[uncertainty]``, before its list of files."""
    bare = without_table(old)
    first = bare.index("\n[[files]]")
    return f"{bare[:first].rstrip()}\n\n{_toml(spec)}{bare[first:]}"


def table_of(text: str) -> str:
    """Return the table ``[uncertainty]`` of a manifest as it stands; empty if there is none."""
    found = re.search(r"\[uncertainty\].*?(?=\n\[(?!\[?uncertainty)|\Z)", text, re.DOTALL)
    return found.group(0).rstrip() + "\n" if found else ""


def without_table(text: str) -> str:
    """Return a manifest without its table ``[uncertainty]``."""
    return text.replace(table_of(text), "") if table_of(text) else text


def _toml(spec: UncertaintySpec) -> str:
    lines = [
        "[uncertainty]",
        f"coverage = {spec.coverage}",
        f"held_out = {spec.held_out:.3f}",
        f"held_out_edges = {spec.held_out_edges:.3f}",
    ]
    for row in spec.rows:
        lines += [
            "",
            "[[uncertainty.rows]]",
            f"gradient_low = {row.gradient_low}",
            f"gradient_high = {row.gradient_high}",
            f"change_low = {row.change_low}",
            f"change_high = {row.change_high}",
            f"low = {row.low}",
            f"high = {row.high}",
        ]
    return "\n".join(lines) + "\n"


def calibrate(pack: Pack, data: Path) -> tuple[UncertaintySpec, Mapping[str, dict[str, float]]]:
    """Return the table of a pack and its coverage on each patient it was not calibrated on."""
    modality = "CT" if "CT" in pack.manifest.modalities else "MR"
    sessions = SessionCache()
    to_calibrate, to_tell = patients(data, modality)

    def see(case: cases.Case) -> list[Seen]:
        return observed(pack, case, modality, sessions)

    spec = calibrated([each for case in to_calibrate for each in see(case)])
    told = {case.name: see(case) for case in to_tell}
    found = {name: coverages(spec, seen, modality) for name, seen in told.items()}
    whole = coverages(spec, [each for seen in told.values() for each in seen], modality)
    spec = replace(spec, held_out=whole["all"], held_out_edges=whole["edges"])
    return spec, found | {"all held out": whole}


def main() -> None:
    """Calibrate one pack and write its table."""
    parser = argparse.ArgumentParser(description="Calibrate how far a denoiser may be wrong.")
    parser.add_argument("--pack", required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--packs", type=Path, default=Path("resources/model_packs"))
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    folder = asked.packs / asked.pack
    spec, told = calibrate(load_pack(folder), asked.data)
    path = folder / MANIFEST_NAME
    path.write_text(manifest_text(path.read_text(encoding="utf-8"), spec), encoding="utf-8")
    verify_pack(load_pack(folder))
    sys.stdout.write(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()
