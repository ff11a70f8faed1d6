"""The figures of the super-resolution packs' cards, on patients that no recipe has seen.

    python -m inference.training.evaluate_superres --data FOLDER --packs FOLDER --out FILE

Slices or pixels of a held-out volume are averaged as a scanner would, and taken apart again by each
method; what was there before is the truth. Packs run through the same engine as at a workstation.
``projected`` means moved to the nearest result whose averages are the input.
"""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

import numpy as np

from inference.engine.providers import CPU
from inference.engine.sessions import SessionCache
from inference.engine.super_resolve import super_resolve
from inference.gates import superres_classic as classic
from inference.ops.slice_profile import cell_weights
from inference.packs.store import Pack, load_pack
from inference.tasks.super_resolve import Direction, SuperResolveRequest
from inference.training import superres_cases as held_out
from inference.training.superres_batches import TOUCHING, SliceProfile
from inference.training.superres_figures import Figures, Stack, compare
from workstation.core.job import CancelToken

LOG = logging.getLogger(__name__)

PROFILES = (
    TOUCHING,
    SliceProfile(0.7),
    SliceProfile(1.3),
    SliceProfile(1.0, 1.0),
    SliceProfile(1.3, 1.0),
)
"""Touching boxes, gaps, overlap, and Gaussians as wide as the spacing and wider."""

LANCZOS_LOBES = (2, 3)
SPLINE_ORDERS = (3, 5)

OUTER = 2
"""Slices at either end that are not judged: there is nothing beyond them to look at."""

Method: TypeAlias = Callable[[int], classic.Matrix]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the report.

    Attributes:
        case: volume, spacing of the truth and profile.
        method: in words.
        psnr_db, ssim: means over the stacks of the case.
        deviation: largest |averaged result - input|, in HU or thousandths of the MR window.
    """

    case: str
    method: str
    psnr_db: float
    ssim: float
    deviation: float


@dataclass(frozen=True, slots=True, eq=False)
class Scan:
    """What a scanner would give of a volume, and what it gives it of.

    Attributes:
        coarse: ``[k, j, i]`` the input.
        truth: the volume that the result is compared with.
        factor: 2 or 4.
        profile: of the slices; a box in the planes.
        direction: what was averaged.
    """

    coarse: Stack
    truth: Stack
    factor: int
    profile: SliceProfile
    direction: Direction


def slices_of(volume: Stack, planes: int, profile: SliceProfile, factor: int = 2) -> Scan:
    """Return slices of ``planes`` sub-planes per cell of the truth, under a profile."""
    each = planes * factor
    count = volume.shape[0] // each
    volume = volume[: count * each]
    truth = volume.reshape(count * factor, planes, *volume.shape[1:]).mean(axis=1)
    weights = cell_weights(profile.ratio, profile.shape, each)
    matrix = np.zeros((count, count * each), np.float32)
    for k in range(count):
        first = each * k + each // 2 - len(weights) // 2
        for n, weight in enumerate(weights):
            matrix[k, min(max(first + n, 0), count * each - 1)] += weight
    coarse = (matrix @ volume.reshape(count * each, -1)).reshape(count, *volume.shape[1:])
    return Scan(coarse, truth, factor, profile, Direction.THROUGH_PLANE)


def pixels_of(volume: Stack, factor: int = 2) -> Scan:
    """Return the means of squares of factor x factor pixels."""
    k, rows, columns = volume.shape[0], volume.shape[1] // factor, volume.shape[2] // factor
    truth = volume[:, : rows * factor, : columns * factor]
    coarse = truth.reshape(k, rows, factor, columns, factor).mean(axis=(2, 4))
    return Scan(coarse, truth, factor, TOUCHING, Direction.IN_PLANE)


def classical(scan: Scan) -> Iterator[tuple[str, Stack]]:
    """Yield the name and the result of every classical method, in all its settings."""
    for name, method in _methods(scan.factor):
        yield name, _doubled(scan, method)
        if name.startswith("B-spline"):
            yield f"{name} projected", _doubled(scan, method, is_projected=True)


def _methods(factor: int) -> Iterator[tuple[str, Method]]:
    yield "repeat", partial(classic.repeated, factor=factor)
    yield "linear", partial(classic.linear, factor=factor)
    for lobes in LANCZOS_LOBES:
        yield f"Lanczos {lobes}", partial(classic.lanczos, factor=factor, lobes=lobes)
    for order in SPLINE_ORDERS:
        yield f"B-spline {order}", partial(classic.spline, factor=factor, order=order)


def _doubled(scan: Scan, method: Method, *, is_projected: bool = False) -> Stack:
    if scan.direction is Direction.THROUGH_PLANE:
        matrix = method(scan.coarse.shape[0])
        if is_projected:
            average = _averages(scan)
            matrix = classic.projected(matrix, average)
        return classic.apply(matrix, scan.coarse)
    rows = classic.apply(method(scan.coarse.shape[1]), scan.coarse, axis=1)
    made = classic.apply(method(scan.coarse.shape[2]), rows, axis=2)
    if not is_projected:
        return made
    off = scan.coarse - pixels_of(made, scan.factor).coarse
    return made + off.repeat(scan.factor, axis=1).repeat(scan.factor, axis=2)


def by_pack(pack: Pack, scan: Scan) -> Stack:
    """Return what a pack makes of the input, through the engine that the worker runs."""
    request = SuperResolveRequest(
        pack.manifest.pack_id,
        pack.manifest.modalities[0],
        (1.0, 1.0, 1.0),
        direction=scan.direction,
        factor=scan.factor,
        profile_ratio=scan.profile.ratio,
        profile_shape=scan.profile.shape,
    )
    result = np.zeros(request.result_shape(scan.coarse.shape), np.float32)
    done = super_resolve(
        pack,
        request,
        scan.coarse,
        result,
        sessions=SessionCache((CPU,)),
        report=lambda _fraction, _slices: None,
        cancel=CancelToken(),
    )
    if done.figures.slices_left_original:
        LOG.warning("%d slices left as they were", done.figures.slices_left_original)
    return result


def rows_of(
    case: str, scans: list[Scan], packs: Mapping[str, Pack], window: tuple[float, float]
) -> list[Row]:
    """Return the figures of every method on one case; packs by the name they are shown under."""
    found: dict[str, list[tuple[Figures, float]]] = {}
    for scan in scans:
        results = [*classical(scan), *((name, by_pack(p, scan)) for name, p in packs.items())]
        for name, result in results:
            figures = compare(_inner(result, scan), _inner(scan.truth, scan), window)
            found.setdefault(name, []).append((figures, _deviation(result, scan)))
    rows = []
    for name, each in found.items():
        row = Row(
            case,
            name,
            round(float(np.mean([f.psnr_db for f, _ in each])), 2),
            round(float(np.mean([f.ssim for f, _ in each])), 4),
            round(max(deviation for _, deviation in each), 4),
        )
        LOG.info("%s", row)
        rows.append(row)
    return rows


def _inner(part: Stack, scan: Scan) -> Stack:
    if scan.direction is Direction.IN_PLANE:
        return part
    return part[OUTER * scan.factor : -OUTER * scan.factor]


def _averages(scan: Scan) -> classic.Matrix:
    count = scan.coarse.shape[0]
    return classic.averages(count, scan.profile.ratio, scan.profile.shape, scan.factor)


def _deviation(result: Stack, scan: Scan) -> float:
    if scan.direction is Direction.IN_PLANE:
        averaged = pixels_of(result, scan.factor).coarse
    else:
        averaged = classic.apply(_averages(scan), result)
    return float(np.abs(averaged - scan.coarse).max())


def through_plane(volumes: list[held_out.Volume], packs: Mapping[str, Pack]) -> list[Row]:
    """Return the rows of the through-plane packs on all volumes, profiles and spacings."""
    rows = []
    for volume in volumes:
        for planes in volume.planes:
            # A single plane per half slice shows no gap and no overlap: boxes that touch only.
            for profile in PROFILES if planes > 1 else PROFILES[:1]:
                scans = [slices_of(stack, planes, profile) for stack in volume.stacks]
                case = f"{volume.name}, {2 * planes * volume.plane_mm:.1f} mm, {_said(profile)}"
                rows += rows_of(case, scans, packs, volume.window)
        if volume.stacks[0].shape[0] >= 4 * held_out.LEAST_SLICES:
            scans = [slices_of(stack, 1, TOUCHING, factor=4) for stack in volume.stacks]
            case = f"{volume.name}, {4 * volume.plane_mm:.1f} mm, x4"
            rows += rows_of(case, scans, packs, volume.window)
    return rows


def in_plane(volumes: list[held_out.Volume], packs: Mapping[str, Pack]) -> list[Row]:
    """Return the rows of the in-plane packs on all volumes, x2 and x4."""
    rows = []
    for volume in volumes:
        for factor in (2, 4):
            scans = [pixels_of(stack, factor) for stack in volume.stacks]
            rows += rows_of(f"{volume.name}, x{factor}", scans, packs, volume.window)
    return rows


def _said(profile: SliceProfile) -> str:
    kind = {0.0: "box", 1.0: "Gaussian"}.get(profile.shape, f"shape {profile.shape:g}")
    return f"{kind} {profile.ratio:g}"


def main() -> None:
    """Measure the packs that are there and write the figures."""
    parser = argparse.ArgumentParser(description="Measure the super-resolvers for their cards.")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--packs", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", action="append", default=[])
    asked = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    report = {}
    for pack_id, (volumes, measure) in {
        "superres-mr": (held_out.mr_through_plane, through_plane),
        "superres-ct": (held_out.ct_through_plane, through_plane),
        "superres-inplane-ct": (held_out.ct_in_plane, in_plane),
        "superres-inplane-mr": (held_out.mr_in_plane, in_plane),
    }.items():
        if not asked.only or pack_id in asked.only:
            names = {"model": pack_id, "model of the other modality": _other(pack_id)}
            packs = {
                name: load_pack(asked.packs / each)
                for name, each in names.items()
                if (asked.packs / each / "manifest.toml").is_file()
            }
            report[pack_id] = [asdict(row) for row in measure(volumes(asked.data), packs)]
            asked.out.write_text(json.dumps(report, indent=1), encoding="utf-8")


def _other(pack_id: str) -> str:
    return pack_id[:-2] + ("mr" if pack_id.endswith("ct") else "ct")


if __name__ == "__main__":
    main()
