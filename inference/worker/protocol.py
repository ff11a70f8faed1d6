"""What the application and the model worker say to each other; ``pipe`` frames it.

The application sends :class:`Call`, and while it runs :class:`Arrived`, :class:`LookAt` and
:class:`Cancel`; the worker sends :class:`Ready` once, then
for each call any number of :class:`Progress` and one :class:`Answer` or :class:`Failure`. Voxels go
through shared memory (see shared_volume) and are only named here. Nothing here names a patient.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from inference.tasks.denoise import DenoiseRequest, EnhanceResult
from inference.tasks.draft_findings import DraftRequest, DraftResult
from inference.tasks.fill import FillRequest, FillResult
from inference.tasks.gates import GatesRequest, GatesResult
from inference.tasks.golden import GoldenRequest, GoldenResult
from inference.tasks.measure import MeasureRequest, MeasureResult
from inference.tasks.prepare import PrepareRequest, PrepareResult
from inference.tasks.super_resolve import SuperResolveRequest

Request: TypeAlias = (
    DenoiseRequest
    | SuperResolveRequest
    | FillRequest
    | MeasureRequest
    | DraftRequest
    | GoldenRequest
    | GatesRequest
    | PrepareRequest
)
Result: TypeAlias = (
    EnhanceResult
    | FillResult
    | MeasureResult
    | DraftResult
    | GoldenResult
    | GatesResult
    | PrepareResult
)


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
    """Do this, with voxels from ``source`` and the result's voxels into ``target``.

    Where ``is_filling``, the slices of the source are still to come, and each is told.
    """

    request: Request
    source: SharedArray | None
    target: SharedArray | None
    is_filling: bool = False


@dataclass(frozen=True, slots=True)
class Arrived:
    """These slices of the source of the call in progress are complete."""

    slices: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LookAt:
    """The reader looks at this slice of the source now: do the nearest ones first."""

    index: int


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


Message: TypeAlias = Ready | Call | Arrived | LookAt | Cancel | Progress | Answer | Failure
