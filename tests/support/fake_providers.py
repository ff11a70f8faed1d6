"""A graphics card that is not there: ONNX Runtime's session on it, as a test wants it to behave."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray

CPU = "CPUExecutionProvider"
CUDA = "CUDAExecutionProvider"
COREML = "CoreMLExecutionProvider"


@dataclass
class Card:
    """How the card behaves, and what was asked of it.

    Attributes:
        provider: ONNX Runtime's name of it.
        offset: how far its numbers are from the CPU's.
        fails_from: number of the run, from 0, from which its driver fails.
        nan_from: number of the run from which its numbers are none.
        seconds: how long each run takes more than on the CPU.
        is_absent: the runtime has it, but its driver is not there.
        runs, options, dimensions: what happened.
    """

    provider: str = CUDA
    offset: float = 0.0
    fails_from: int | None = None
    nan_from: int | None = None
    seconds: float = 0.0
    is_absent: bool = False
    runs: int = 0
    options: list[dict[str, str]] = field(default_factory=list)
    shapes: list[tuple[int, ...]] = field(default_factory=list)


class _Runtime:
    """A session of ONNX Runtime on the card; the numbers are the CPU's."""

    def __init__(self, card: Card, real: Any) -> None:  # noqa: ANN401
        self._card, self._real = card, real

    def run(
        self, names: None, feeds: Mapping[str, NDArray[np.float32]]
    ) -> list[NDArray[np.float32]]:
        card, number = self._card, self._card.runs
        card.runs += 1
        card.shapes.append(feeds["slices"].shape)
        if card.fails_from is not None and number >= card.fails_from:
            raise RuntimeError("driver")
        time.sleep(card.seconds)
        result: NDArray[np.float32] = self._real.run(names, feeds)[0] + np.float32(card.offset)
        if card.nan_from is not None and number >= card.nan_from:
            result[..., 0] = np.nan
        return [result]

    def get_inputs(self) -> Any:  # noqa: ANN401
        return self._real.get_inputs()

    def get_providers(self) -> list[str]:
        return [CPU] if self._card.is_absent else [self._card.provider, CPU]

    def disable_fallback(self) -> None:
        """The card never falls back by itself."""


def install(patch: pytest.MonkeyPatch, *cards: Card) -> None:
    """Put cards into this machine's ONNX Runtime."""
    real = onnxruntime.InferenceSession
    by_name = {card.provider: card for card in cards}

    def opened(model: bytes, options: Any, *, providers: list[Any]) -> Any:  # noqa: ANN401
        wanted = providers[0]
        name, given = wanted if isinstance(wanted, tuple) else (wanted, {})
        if name not in by_name:
            return real(model, options, providers=providers)
        by_name[name].options.append(dict(given))
        return _Runtime(by_name[name], real(model, options, providers=[CPU]))

    patch.setattr(onnxruntime, "InferenceSession", opened)
    patch.setattr(onnxruntime, "get_available_providers", lambda: [*by_name, CPU])
