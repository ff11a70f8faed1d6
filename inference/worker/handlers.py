"""Which function of the models does which request. Worker process only.

The engines are imported when they are first asked for: a worker that only measures never loads a
model runtime, and one that only denoises never loads the drafter.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from inference.packs.manifest import Task
from inference.packs.store import Pack, PackStore
from inference.tasks.denoise import DenoiseRequest
from inference.tasks.draft_findings import DraftRequest
from inference.tasks.gates import GatesRequest
from inference.tasks.golden import GoldenRequest
from inference.tasks.measure import MeasureRequest
from inference.tasks.super_resolve import SuperResolveRequest
from inference.worker.protocol import Request, Result
from inference.worker.serving import Report
from workstation.core.job import CancelToken


class Handlers:
    """Does requests with the packs of the given folders. Owned by the worker's main thread."""

    def __init__(self, folders: Sequence[Path]) -> None:
        bundled = folders[0] if folders else Path()
        self._packs = PackStore(bundled, folders[1] if len(folders) > 1 else None)
        self._sessions: Any = None

    def handle(
        self,
        request: Request,
        source: NDArray[Any] | None,
        target: NDArray[Any] | None,
        report: Report,
        cancel: CancelToken,
    ) -> Result:
        """Do one request; voxels come from ``source`` and go into ``target``."""
        match request:
            case DenoiseRequest():
                from inference.engine.enhance import enhance

                return enhance(
                    self._packs.get(request.pack_id),
                    request,
                    _given(source),
                    _given(target),
                    sessions=self._cache(),
                    report=report,
                    cancel=cancel,
                )
            case SuperResolveRequest():
                from inference.engine.super_resolve import super_resolve

                return super_resolve(
                    self._packs.get(request.pack_id),
                    request,
                    _given(source),
                    _given(target),
                    sessions=self._cache(),
                    report=report,
                    cancel=cancel,
                )
            case MeasureRequest():
                from inference.measure.engine import measure

                return measure(_given(source), request, cancel=cancel)
            case DraftRequest():
                from inference.vlm.drafter import draft

                return draft(_given(source), request, self._packs, cancel)
            case GoldenRequest():
                return self._golden(self._packs.get(request.pack_id), cancel)
            case GatesRequest():
                from inference.gates.measure import measure as measure_gates

                return measure_gates(
                    self._packs.get(request.pack_id),
                    sessions=self._cache(),
                    report=lambda fraction: report(fraction, ()),
                    cancel=cancel,
                )

    def _golden(self, pack: Pack, cancel: CancelToken) -> Result:
        if pack.manifest.task is Task.DRAFT_FINDINGS:
            from inference.vlm.golden import test_pack as test_drafter

            return test_drafter(pack, cancel=cancel)
        from inference.engine.golden import test_pack

        return test_pack(pack, sessions=self._cache(), cancel=cancel)

    def _cache(self) -> Any:  # noqa: ANN401 - naming the class would load the model runtime
        if self._sessions is None:
            from inference.engine.sessions import SessionCache

            self._sessions = SessionCache()
        return self._sessions


def _given(voxels: NDArray[Any] | None) -> NDArray[Any]:
    if voxels is None:
        raise ValueError("the request needs voxels")
    return voxels
