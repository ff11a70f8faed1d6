"""ONNX Runtime sessions: verified bytes in, the fastest provider that gives right numbers.

A provider other than the CPU is used only after a probe: one small input has to give the CPU's
result. Sessions are kept for the next series.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from inference.engine.onnx_safety import require_self_contained
from inference.packs.manifest import FileRole, refused
from inference.packs.store import Pack, read_verified
from workstation.core.errors import PackRefusedError

CPU = "CPUExecutionProvider"

PREFERRED = ("CUDAExecutionProvider", "CoreMLExecutionProvider", "DmlExecutionProvider", CPU)
"""Providers in the order they are tried."""

PROBE_TOLERANCE = 0.5
"""Largest |provider - CPU| on the probe, in the unit of the pack; half an HU is under one step."""

PROBE_PX = 64
"""Edge of the probe: large enough for every layer, small enough to take milliseconds."""

PROBE_LEVEL = 40.0
"""Mean of the probe: soft tissue in HU, and an ordinary signal."""

PROBE_SIGMA = 20.0
"""Noise told with the probe, in HU."""

KEPT_SESSIONS = 2
"""Sessions kept; each holds weights and scratch memory."""


@dataclass(frozen=True, slots=True, eq=False)
class Session:
    """A model ready to run.

    Attributes:
        runtime: ONNX Runtime's session.
        inputs: names of the inputs.
        provider: execution provider it runs on.
    """

    runtime: Any
    inputs: tuple[str, ...]
    provider: str

    def run(self, feeds: Mapping[str, NDArray[np.float32]]) -> NDArray[np.float32]:
        """Return the first output; of the given inputs those that the model has are fed."""
        given = {name: feeds[name] for name in self.inputs}
        output: NDArray[np.float32] = self.runtime.run(None, given)[0]
        return output


class SessionCache:
    """Sessions by pack digest. Owned by the worker's main thread.

    Args:
        providers: providers to try, in order; those the runtime does not have are passed over.
    """

    def __init__(self, providers: Sequence[str] = PREFERRED) -> None:
        present = onnxruntime.get_available_providers()
        self._providers = [name for name in providers if name in present]
        self._kept: OrderedDict[str, Session] = OrderedDict()

    def get(self, pack: Pack) -> Session:
        """Return the session of an enhancement pack's one model; its digest is checked first.

        Raises:
            PackRefusedError: the file is damaged, unsafe, or not a model this program can feed.
        """
        if pack.digest in self._kept:
            self._kept.move_to_end(pack.digest)
            return self._kept[pack.digest]
        session = self._build(pack)
        self._kept[pack.digest] = session
        while len(self._kept) > KEPT_SESSIONS:
            self._kept.popitem(last=False)
        return session

    def _build(self, pack: Pack) -> Session:
        paths = pack.manifest.paths(FileRole.MODEL)
        if len(paths) != 1:
            raise refused("an enhancement pack has one model, this one has several")
        model = read_verified(pack, paths[0])
        require_self_contained(model)
        reference = open_session(model, CPU)
        feeds = _probe(pack)
        if missing := set(reference.inputs) - set(feeds):
            raise refused(f"its model asks for an input this program does not have: {min(missing)}")
        expected = _checked_run(pack, reference, feeds)
        for provider in self._providers:
            if provider == CPU:
                break
            session = _probed(model, provider, feeds, expected)
            if session is not None:
                return session
        return reference


def open_session(model: bytes, provider: str) -> Session:
    """Return a session on one provider.

    Raises:
        PackRefusedError: the runtime does not take the model.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = os.cpu_count() or 1
    options.inter_op_num_threads = 1
    # Idle threads that spin would burn a core between slices and make the window stutter.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    try:
        runtime = onnxruntime.InferenceSession(model, options, providers=[provider])
    except Exception as error:  # the runtime's errors have no common base
        if "alloc" in str(error).lower():
            raise
        raise refused(
            f"the model runtime does not take its model ({type(error).__name__})"
        ) from error
    return Session(runtime, tuple(item.name for item in runtime.get_inputs()), provider)


def _probe(pack: Pack) -> dict[str, NDArray[np.float32]]:
    random = np.random.default_rng(0)
    shape = (1, pack.manifest.input.neighbours, PROBE_PX, PROBE_PX)
    noise = random.normal(0, 1, shape).astype(np.float32)
    is_hu = pack.manifest.input.unit == "HU"
    slices = PROBE_LEVEL + PROBE_SIGMA * noise if is_hu else np.abs(1 + noise / 10)
    sigma = np.full((1, 1, PROBE_PX, PROBE_PX), PROBE_SIGMA, np.float32)
    return {
        "slices": slices.astype(np.float32),
        "sigma": sigma,
        "profile": np.array([[1.0, 0.0]], np.float32),
        "missing": np.zeros(shape, np.float32),
    }


def _checked_run(
    pack: Pack, session: Session, feeds: Mapping[str, NDArray[np.float32]]
) -> NDArray[np.float32]:
    """Return the result of the probe; refuse a model whose result cannot be used."""
    channels = pack.manifest.output.channels
    try:
        result = session.run(feeds)
    except Exception as error:  # the runtime's errors have no common base
        raise refused(f"its model does not run ({type(error).__name__})") from error
    if result.shape != (1, channels, PROBE_PX, PROBE_PX) or not np.isfinite(result).all():
        raise refused("its model does not give what its manifest says")
    return result


def _probed(
    model: bytes,
    provider: str,
    feeds: Mapping[str, NDArray[np.float32]],
    expected: NDArray[np.float32],
) -> Session | None:
    """Return a session on a provider that gives the CPU's numbers; None if it does not."""
    try:
        session = open_session(model, provider)
        result = session.run(feeds)
    except PackRefusedError:
        return None
    except Exception:  # noqa: BLE001 - a driver may fail in any way; the CPU does the work then
        return None
    is_alike = result.shape == expected.shape and np.abs(result - expected).max() <= PROBE_TOLERANCE
    return session if is_alike else None
