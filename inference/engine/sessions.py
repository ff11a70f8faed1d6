"""ONNX Runtime sessions: verified bytes in, the fastest provider that gives right numbers.

A provider other than the CPU is used only after a trial: a small input has to give the CPU's
result, and at the real size it has to be faster. One that fails later is given up for the CPU, the
slice in hand included, and the reader is told. Sessions are kept for the next series.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from inference.engine.onnx_safety import require_self_contained
from inference.engine.providers import (
    CPU,
    DIRECTML,
    NAMES,
    OPTIONS,
    PREFERRED,
    STATIC_SHAPES,
    Trial,
    threads,
)
from inference.packs.manifest import FileRole, refused
from inference.packs.store import Pack, read_verified
from workstation.core.errors import PackRefusedError

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

Feeds = Mapping[str, NDArray[np.float32]]


@dataclass(slots=True, eq=False)
class Session:
    """A model ready to run. Owned by the worker's main thread.

    Attributes:
        runtime: ONNX Runtime's session.
        inputs: names of the inputs.
        provider: execution provider it runs on.
        model: the model's bytes, to go on with on the CPU should the provider fail.
        note: why a provider of this machine is not used, or no longer; empty if none was given up.
    """

    runtime: Any
    inputs: tuple[str, ...]
    provider: str
    model: bytes = b""
    note: str = ""

    def run(self, feeds: Feeds) -> NDArray[np.float32]:
        """Return the first output; of the given inputs those that the model has are fed.

        A provider that fails, or gives numbers that are none, is given up and the CPU does it.
        """
        if self.provider == CPU or not self.model:
            return self.run_once(feeds)
        try:
            output = self.run_once(feeds)
        except Exception as error:  # noqa: BLE001 - a driver may fail in any way; the CPU goes on
            self._give_up(type(error).__name__)
            return self.run_once(feeds)
        if np.isfinite(output).all():
            return output
        self._give_up("its numbers were not finite")
        return self.run_once(feeds)

    def run_once(self, feeds: Feeds) -> NDArray[np.float32]:
        """Return the first output, whatever the provider gives; its failure is raised."""
        given = {name: feeds[name] for name in self.inputs}
        output: NDArray[np.float32] = self.runtime.run(None, given)[0]
        return output

    def _give_up(self, why: str) -> None:
        name = NAMES.get(self.provider, self.provider)
        failed = f"{name} failed while it worked ({why}); the processor went on"
        self.note = f"{self.note}; {failed}" if self.note else failed
        self.runtime, self.provider = open_session(self.model, CPU).runtime, CPU


class SessionCache:
    """Sessions by pack digest and, beside a graphics card, by size. Owned by the main thread.

    Args:
        providers: providers to try, in order; those the runtime does not have are passed over.
    """

    def __init__(self, providers: Sequence[str] = PREFERRED) -> None:
        present = onnxruntime.get_available_providers()
        self._others = [name for name in providers if name in present and name != CPU]
        self._kept: OrderedDict[tuple[str, tuple[int, int] | None], Session] = OrderedDict()

    def get(self, pack: Pack, shape_ji: tuple[int, int] | None = None) -> Session:
        """Return the session of an enhancement pack's one model; its digest is checked first.

        Args:
            pack: which pack.
            shape_ji: rows and columns it will be run on; None where sizes vary.

        Raises:
            PackRefusedError: the file is damaged, unsafe, or not a model this program can feed.
        """
        key = (pack.digest, shape_ji if self._others else None)
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        session = self._build(pack, shape_ji)
        self._kept[key] = session
        while len(self._kept) > KEPT_SESSIONS:
            self._kept.popitem(last=False)
        return session

    def _build(self, pack: Pack, shape_ji: tuple[int, int] | None) -> Session:
        model = read_model(pack)
        reference = reference_session(pack, model)
        notes: list[str] = []
        for provider in self._others:
            trial, session = try_provider(pack, model, reference, provider, shape_ji)
            if session is not None:
                session.note = "; ".join(notes)
                return session
            notes.append(trial.sentence)
        reference.note = "; ".join(notes)
        return reference


def read_model(pack: Pack) -> bytes:
    """Return the bytes of an enhancement pack's one model.

    Raises:
        PackRefusedError: they are damaged or unsafe.
    """
    paths = pack.manifest.paths(FileRole.MODEL)
    if len(paths) != 1:
        raise refused("an enhancement pack has one model, this one has several")
    model = read_verified(pack, paths[0])
    require_self_contained(model)
    return model


def reference_session(pack: Pack, model: bytes) -> Session:
    """Return a pack's session on the CPU, shown to give what its manifest says.

    Raises:
        PackRefusedError: the model does not fit its manifest.
    """
    session = open_session(model, CPU)
    feeds = probe_feeds(pack)
    if missing := set(session.inputs) - set(feeds):
        raise refused(f"its model asks for an input this program does not have: {min(missing)}")
    _checked_run(pack, session, feeds)
    return session


def open_session(model: bytes, provider: str, feeds: Feeds | None = None) -> Session:
    """Return a session on one provider.

    Args:
        model: an ONNX file.
        provider: execution provider, ONNX Runtime's name.
        feeds: inputs as large as those it will get, for the providers that want to know sizes.

    Raises:
        PackRefusedError: the runtime does not take the model.
    """
    options = _session_options(provider)
    if feeds is not None and provider in STATIC_SHAPES:
        for name, size in _free_sizes(model, feeds):
            options.add_free_dimension_override_by_name(name, size)
    given = [(provider, dict(OPTIONS[provider]))] if provider in OPTIONS else [provider]
    try:
        runtime = onnxruntime.InferenceSession(model, options, providers=given)
    except Exception as error:  # the runtime's errors have no common base
        if "alloc" in str(error).lower():
            raise
        raise refused(
            f"the model runtime does not take its model ({type(error).__name__})"
        ) from error
    # It would change to the CPU by itself and say nothing.
    runtime.disable_fallback()
    inputs = tuple(item.name for item in runtime.get_inputs())
    used = runtime.get_providers()[0]
    return Session(runtime, inputs, used, b"" if used == CPU else model)


def try_provider(
    pack: Pack,
    model: bytes,
    reference: Session,
    provider: str,
    shape_ji: tuple[int, int] | None = None,
) -> tuple[Trial, Session | None]:
    """Return how a provider does, and a session on it if it is to be used.

    Args:
        pack: whose model it is.
        model: the model.
        reference: the same on the CPU.
        provider: which one.
        shape_ji: real size, where it also has to be faster than the CPU.
    """
    try:
        return _try_provider(pack, model, reference, provider, shape_ji)
    except PackRefusedError:
        return Trial(provider, is_used=False, reason="it does not take the model"), None
    except Exception as error:  # noqa: BLE001 - a driver may fail in any way; the CPU does the work
        return Trial(provider, is_used=False, reason=f"it failed ({type(error).__name__})"), None


def probe_feeds(pack: Pack, shape_ji: tuple[int, int] = (PROBE_PX, PROBE_PX)) -> Feeds:
    """Return every input a model may have, for noisy soft tissue of a size."""
    random = np.random.default_rng(0)
    shape = (1, pack.manifest.input.neighbours, *shape_ji)
    noise = random.standard_normal(shape, np.float32)
    is_hu = pack.manifest.input.unit == "HU"
    slices = PROBE_LEVEL + PROBE_SIGMA * noise if is_hu else np.abs(1 + noise / 10)
    return {
        "slices": slices.astype(np.float32),
        "sigma": np.full((1, 1, *shape_ji), PROBE_SIGMA, np.float32),
        "profile": np.array([[1.0, 0.0]], np.float32),
        "missing": np.zeros(shape, np.float32),
    }


def _session_options(provider: str) -> Any:  # noqa: ANN401 - the runtime's own class
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads()
    options.inter_op_num_threads = 1
    # Idle threads that spin would burn a core between slices and make the window stutter.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    if provider == DIRECTML:
        # It takes no patterns of memory and no parallel execution.
        options.enable_mem_pattern = False
        options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    return options


def _free_sizes(model: bytes, feeds: Feeds) -> list[tuple[str, int]]:
    """Return the names a model gives to sizes it leaves open, with those of its inputs."""
    runtime = onnxruntime.InferenceSession(model, _session_options(CPU), providers=[CPU])
    pairs = [
        pair
        for item in runtime.get_inputs()
        for pair in zip(item.shape, feeds[item.name].shape, strict=False)
    ]
    return [(name, size) for name, size in dict(pairs).items() if isinstance(name, str)]


def _checked_run(pack: Pack, session: Session, feeds: Feeds) -> NDArray[np.float32]:
    """Return the result of the probe; refuse a model whose result cannot be used."""
    try:
        result = session.run(feeds)
    except Exception as error:  # the runtime's errors have no common base
        raise refused(f"its model does not run ({type(error).__name__})") from error
    shape = (1, pack.manifest.output.channels, PROBE_PX, PROBE_PX)
    if result.shape != shape or not np.isfinite(result).all():
        raise refused("its model does not give what its manifest says")
    return result


def _try_provider(
    pack: Pack,
    model: bytes,
    reference: Session,
    provider: str,
    shape_ji: tuple[int, int] | None,
) -> tuple[Trial, Session | None]:
    feeds = probe_feeds(pack)
    session = open_session(model, provider, feeds)
    if session.provider != provider:
        return Trial(provider, is_used=False, reason="its driver is not there"), None
    result, expected = session.run_once(feeds), reference.run_once(feeds)
    if result.shape != expected.shape or not np.isfinite(result).all():
        return Trial(provider, is_used=False, reason="it does not give the numbers asked for"), None
    difference = float(np.abs(result - expected).max())
    if difference > PROBE_TOLERANCE:
        reason = f"its numbers differ from the processor's by {difference:.3g}"
        return Trial(provider, False, reason, difference), None
    if shape_ji is None:
        return Trial(provider, is_used=True, largest_difference=difference), session
    feeds = probe_feeds(pack, shape_ji)
    if provider in STATIC_SHAPES:
        session = open_session(model, provider, feeds)
    taken, cpu = _seconds(session, feeds), _seconds(reference, feeds)
    if taken >= cpu:
        reason = f"it takes {1000 * taken:.0f} ms for a slice, the processor {1000 * cpu:.0f} ms"
        return Trial(provider, False, reason, difference, taken, cpu), None
    return Trial(provider, True, "", difference, taken, cpu), session


def _seconds(session: Session, feeds: Feeds) -> float:
    """Return the time of a run; the first one, which also gets memory, is not counted."""
    session.run_once(feeds)
    begun = time.perf_counter()
    session.run_once(feeds)
    return time.perf_counter() - begun
