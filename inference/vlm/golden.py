"""Running a drafting pack's golden case: does this machine give the numbers of the other one?"""

from __future__ import annotations

import io
import json
import time

import numpy as np
from numpy.typing import NDArray

from inference.engine.providers import CPU
from inference.packs.store import Pack, read_verified, verify_pack
from inference.tasks.golden import GoldenResult
from inference.vlm.heads import Outputs
from inference.vlm.runtime import LoadedPack
from workstation.core.errors import PackRefusedError
from workstation.core.job import CancelToken

LARGEST_GOLDEN_BYTES = 16_000_000
"""Largest golden input read; ours holds under 2 MB."""


def test_pack(pack: Pack, *, cancel: CancelToken) -> GoldenResult:
    """Verify every file of a drafting pack, run its golden cube and compare the logits.

    Raises:
        PackRefusedError: a file is damaged, or the golden case is not one of drafting.
    """
    started = time.monotonic()
    verify_pack(pack)
    cancel.raise_if_cancelled()
    golden = pack.manifest.golden
    loaded = LoadedPack(pack)
    cube = _cube(read_verified(pack, golden.input))
    try:
        expected = json.loads(read_verified(pack, golden.expected).decode("utf-8"))
        named = [spec for spec in loaded.networks if spec.file == expected["network"]]
        wanted = [
            np.array(expected[key], dtype=np.float64) for key in ("known", "presence", "sides")
        ]
    except (ValueError, KeyError, TypeError) as error:
        raise _unfit() from error
    if len(named) != 1:
        raise _unfit()
    difference = _difference(loaded.look(named[0], cube), wanted)
    return GoldenResult(
        pack=pack.ref,
        has_passed=difference <= golden.tolerance,
        largest_difference=difference,
        tolerance=golden.tolerance,
        seconds=time.monotonic() - started,
        provider=CPU,
    )


test_pack.__test__ = False  # type: ignore[attr-defined]  # not a test of pytest's


def _cube(content: bytes) -> NDArray[np.float32]:
    if len(content) > LARGEST_GOLDEN_BYTES:
        raise _unfit()
    try:
        array = np.load(io.BytesIO(content), allow_pickle=False)
    except (ValueError, EOFError, OSError) as error:
        raise _unfit() from error
    cube: NDArray[np.float32] = array.astype(np.float32)
    return cube


def _difference(outputs: Outputs, wanted: list[NDArray[np.float64]]) -> float:
    given = (outputs.known, outputs.presence, outputs.sides)
    if any(one.shape != other.shape for one, other in zip(given, wanted, strict=True)):
        raise _unfit()
    return max(float(np.abs(one - other).max()) for one, other in zip(given, wanted, strict=True))


def _unfit() -> PackRefusedError:
    return PackRefusedError(
        "The golden case of the drafting pack cannot be run",
        why="it is damaged or of another kind",
        todo="Install the pack again",
    )
