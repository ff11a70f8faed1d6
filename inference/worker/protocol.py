"""What the application and the model worker say to each other; ``pipe`` frames it.

The application sends :class:`Call` and :class:`Cancel`; the worker sends :class:`Ready` once, then
for each call any number of :class:`Progress` and one :class:`Answer` or :class:`Failure`. Voxels go
through shared memory (see shared_volume) and are only named here. Nothing here names a patient.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from inference.tasks.denoise import DenoiseRequest, EnhanceResult
from inference.tasks.draft_findings import DraftRequest, DraftResult
from inference.tasks.gates import GatesRequest, GatesResult
from inference.tasks.golden import GoldenRequest, GoldenResult
from inference.tasks.measure import MeasureRequest, MeasureResult
from inference.tasks.super_resolve import SuperResolveRequest

Request: TypeAlias = (
    DenoiseRequest
    | SuperResolveRequest
    | MeasureRequest
    | DraftRequest
    | GoldenRequest
    | GatesRequest
)
Result: TypeAlias = EnhanceResult | MeasureResult | DraftResult | GoldenResult | GatesResult


class FailureKind(Enum):
    """Why a call failed; the client makes the error of the tree from it."""

    REFUSED = "refused"
    PACK = "pack"
    CANCELLED = "cancelled"
    MEMORY = "memory"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class SharedArray:
    """An array in shared memory: the name of the block, shape and dtype."""

    name: str
    shape: tuple[int, ...]
    dtype: str


@dataclass(frozen=True, slots=True)
class Ready:
    """The worker is up."""

    process_id: int


@dataclass(frozen=True, slots=True)
class Call:
    """Do this, with voxels from ``source`` and the result's voxels into ``target``."""

    request: Request
    source: SharedArray | None
    target: SharedArray | None


@dataclass(frozen=True, slots=True)
class Cancel:
    """Stop the call in progress."""


@dataclass(frozen=True, slots=True)
class Progress:
    """So much is done; these slices of the result are complete in shared memory."""

    fraction: float
    slices: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The call is done."""

    result: Result


@dataclass(frozen=True, slots=True)
class Failure:
    """The call failed: what, why and what to do, and the traceback for the log."""

    kind: FailureKind
    what: str
    why: str = ""
    todo: str = ""
    trace: str = ""


Message: TypeAlias = Ready | Call | Cancel | Progress | Answer | Failure
