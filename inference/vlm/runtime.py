"""The networks of a drafting pack, loaded: every byte is checked against the manifest first."""

from __future__ import annotations

import json
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from inference.engine.onnx_safety import require_self_contained
from inference.engine.providers import CPU
from inference.engine.sessions import Session, open_session
from inference.packs.manifest import Task
from inference.packs.store import Pack, read_verified
from inference.vlm.decoder import END, START, UNKNOWN, Vocabulary
from inference.vlm.grammar import PointKind, parse_grammar
from inference.vlm.heads import NetworkSpec, Outputs, read_networks
from workstation.core.errors import PackRefusedError

GRAMMAR_FILE = "grammar.toml"
VOCABULARY_FILE = "vocabulary.json"
DECODER_FILE = "decoder.onnx"

WIDEST_STATE = 8192
"""Largest state of a decoder; ours has 192 numbers."""


class Decoder:
    """The language model of a pack, one step at a time. One thread.

    Args:
        session: inputs ``token`` (1, 1) int64 and ``state`` (layers, 1, width).
    """

    def __init__(self, session: Session) -> None:
        self._runtime = session.runtime
        shapes = {item.name: item.shape for item in self._runtime.get_inputs()}
        if set(shapes) != {"token", "state"}:
            raise _unfit("its decoder takes other inputs than a decoder takes")
        layers, _, width = shapes["state"]
        if (
            not isinstance(layers, int)
            or not isinstance(width, int)
            or layers * width > WIDEST_STATE
        ):
            raise _unfit("its decoder keeps a state of no fixed size")
        self._state_shape = (layers, 1, width)

    def initial_state(self) -> NDArray[np.float32]:
        """Return the state before any token."""
        return np.zeros(self._state_shape, dtype=np.float32)

    def step(
        self, token: int, state: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return the scores of the next token and the next state."""
        feeds = {"token": np.array([[token]], dtype=np.int64), "state": state}
        scores, after = self._runtime.run(None, feeds)
        return scores.reshape(-1), after


class LoadedPack:
    """A drafting pack ready to run; networks are loaded when they are first asked for.

    Args:
        pack: whose task is drafting.

    Raises:
        PackRefusedError: a file is damaged or does not fit the others.
    """

    def __init__(self, pack: Pack) -> None:
        if pack.manifest.task is not Task.DRAFT_FINDINGS:
            raise _unfit("it is no drafting pack")
        self.pack = pack
        self.networks: tuple[NetworkSpec, ...] = read_networks(pack.manifest.settings)
        self.kinds: Mapping[str, PointKind] = parse_grammar(read_verified(pack, GRAMMAR_FILE))
        self.vocabulary = _vocabulary(read_verified(pack, VOCABULARY_FILE))

    def decoder(self) -> Decoder:
        """Return the language model."""
        return Decoder(self._session(DECODER_FILE))

    def network_for(self, region: str, modality: str) -> NetworkSpec | None:
        """Return the network that knows a region; None if the pack has none."""
        fitting = [n for n in self.networks if n.region == region and n.modality == modality]
        return fitting[0] if fitting else None

    def look(self, spec: NetworkSpec, cube: NDArray[np.float32]) -> Outputs:
        """Return what a network gives for one input (1, channels, z, y, x)."""
        session = self._session(spec.file)
        try:
            results = session.runtime.run(None, {session.inputs[0]: cube})
            known, presence, sides, maps = (np.asarray(r, dtype=np.float32) for r in results)
        except Exception as error:  # the runtime's errors have no common base
            if "alloc" in str(error).lower():
                raise
            raise _unfit(
                f"its network {spec.region} does not run ({type(error).__name__})"
            ) from error
        return Outputs(known[0], presence[0], sides[0], maps[0])

    def _session(self, file: str) -> Session:
        model = read_verified(self.pack, file)
        require_self_contained(model)
        return open_session(model, CPU)


def _vocabulary(content: bytes) -> Vocabulary:
    try:
        tokens = json.loads(content.decode("utf-8"))["tokens"]
        numbers = {str(token): number for number, token in enumerate(tokens)}
    except (ValueError, KeyError, TypeError) as error:
        raise _unfit("its vocabulary is damaged") from error
    if not {START, END, UNKNOWN} <= set(numbers):
        raise _unfit("its vocabulary lacks the tokens that every vocabulary has")
    return Vocabulary(numbers)


def _unfit(why: str) -> PackRefusedError:
    return PackRefusedError(
        "The drafting pack cannot be used", why=why, todo="Install the pack again"
    )
