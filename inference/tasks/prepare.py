"""Request and result of getting a pack ready before anybody waits for it."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.core.provenance import PackRef


@dataclass(frozen=True, slots=True)
class PrepareRequest:
    """Check and load a pack and run it once, so that its first slice comes at once.

    Attributes:
        pack_id: which pack.
        shape_ji: rows and columns of the slices it will be used on.
    """

    pack_id: str
    shape_ji: tuple[int, int]


@dataclass(frozen=True, slots=True)
class PrepareResult:
    """A pack is ready.

    Attributes:
        pack: which one.
        provider: ONNX Runtime execution provider it will run on.
        note: why a faster provider of this machine is not used; empty if none was passed over.
        seconds: time it took.
    """

    pack: PackRef
    provider: str
    note: str
    seconds: float
