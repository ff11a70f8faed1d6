"""Running a pack's golden case: does this machine give the numbers of the machine that made it?"""

from __future__ import annotations

import io
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.engine.enhance import enhance
from inference.engine.fill import fill
from inference.engine.seams import require_seamless
from inference.engine.sessions import SessionCache, read_model, reference_session
from inference.engine.super_resolve import super_resolve
from inference.packs.manifest import Task, refused
from inference.packs.store import Pack, read_verified, verify_pack
from inference.tasks.denoise import DenoiseRequest, EnhanceResult
from inference.tasks.fill import FillRequest, FillResult
from inference.tasks.golden import GoldenResult
from inference.tasks.super_resolve import Direction, SuperResolveRequest
from workstation.core.filled import whole_slice
from workstation.core.job import CancelToken

MAX_GOLDEN_BYTES = 64_000_000
"""Largest golden array read; a golden case is meant to be small."""


def test_pack(pack: Pack, *, sessions: SessionCache, cancel: CancelToken) -> GoldenResult:
    """Verify every file of an enhancement pack, run its golden case and compare.

    Raises:
        PackRefusedError: a file is damaged, its tiles would leave seams, or the golden case is not
            one of this task.
    """
    started = time.monotonic()
    verify_pack(pack)
    golden = pack.manifest.golden
    voxels, expected = read_array(pack, golden.input), read_array(pack, golden.expected)
    if voxels.ndim != 3 or expected.shape != pack.manifest.output.result_shape(voxels.shape):
        raise refused("its golden case has the wrong size")
    require_seamless(pack, reference_session(pack, read_model(pack)))
    result, enhanced = run_golden(pack, voxels, sessions=sessions, cancel=cancel)
    difference = float(np.abs(result.astype(np.float64) - expected).max())
    return GoldenResult(
        pack=pack.ref,
        has_passed=difference <= golden.tolerance,
        largest_difference=difference,
        tolerance=golden.tolerance,
        seconds=time.monotonic() - started,
        provider=enhanced.figures.provider,
    )


test_pack.__test__ = False  # type: ignore[attr-defined]  # the name is the contract's, not pytest's


def run_golden(
    pack: Pack, voxels: NDArray[Any], *, sessions: SessionCache, cancel: CancelToken
) -> tuple[NDArray[Any], EnhanceResult | FillResult]:
    """Return what an enhancement pack makes of a volume as its golden case asks, and the figures.

    Raises:
        PackRefusedError: it is damaged, or not a pack of an enhancement.
    """
    if pack.manifest.task is Task.FILL:
        return _run_fill(pack, voxels, sessions=sessions, cancel=cancel)
    request = golden_request(pack)
    result = np.zeros(pack.manifest.output.result_shape(voxels.shape), voxels.dtype)
    match request:
        case DenoiseRequest():
            done = enhance(
                pack, request, voxels, result, sessions=sessions, report=_nothing, cancel=cancel
            )
        case SuperResolveRequest():
            done = super_resolve(
                pack, request, voxels, result, sessions=sessions, report=_nothing, cancel=cancel
            )
    return result, done


def _run_fill(
    pack: Pack, voxels: NDArray[Any], *, sessions: SessionCache, cancel: CancelToken
) -> tuple[NDArray[Any], FillResult]:
    """Return a volume whose middle slice the pack proposed: the golden case of a filling."""
    manifest, result = pack.manifest, voxels.copy()
    count, rows, columns = voxels.shape
    request = FillRequest(
        manifest.pack_id,
        manifest.modalities[0],
        manifest.golden.spacing_ijk_mm,
        (whole_slice(count // 2, (count, rows, columns)),),
    )
    done = fill(pack, request, voxels, result, sessions=sessions, report=_nothing, cancel=cancel)
    return result, done


def golden_request(pack: Pack) -> DenoiseRequest | SuperResolveRequest:
    """Return the request that the golden case of an enhancement pack stands for."""
    manifest = pack.manifest
    spacing = manifest.golden.spacing_ijk_mm
    if manifest.task is Task.DENOISE:
        return DenoiseRequest(manifest.pack_id, manifest.modalities[0], spacing)
    if manifest.task is Task.SUPER_RESOLVE:
        direction = manifest.input.direction or Direction.THROUGH_PLANE
        return SuperResolveRequest(
            manifest.pack_id, manifest.modalities[0], spacing, direction=direction
        )
    raise refused("its golden case is not one of an enhancement")


def read_array(pack: Pack, path: str) -> NDArray[Any]:
    """Return a verified ``.npy`` file of a pack; pickled objects in it are refused.

    Raises:
        PackRefusedError: it is damaged or not a plain array.
    """
    content = read_verified(pack, path)
    if len(content) > MAX_GOLDEN_BYTES:
        raise refused(f"{path} is too large for a golden case")
    try:
        array: NDArray[Any] = np.load(io.BytesIO(content), allow_pickle=False)
    except (ValueError, EOFError, OSError) as error:
        raise refused(f"{path} is not a plain array") from error
    return array


def _nothing(fraction: float, slices: tuple[int, ...]) -> None:
    """Take progress that nobody watches."""
