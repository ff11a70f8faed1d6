"""Which function of the models does which request. Worker process only.

The engines are imported when they are first asked for: a worker that only measures never loads a
model runtime, and one that only denoises never loads the drafter.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from inference.engine.told import Told
from inference.packs.manifest import Task
from inference.packs.store import Pack, PackStore
from inference.tasks.denoise import DenoiseRequest
from inference.tasks.draft_findings import DraftRequest
from inference.tasks.fill import FillRequest
from inference.tasks.gates import GatesRequest
from inference.tasks.golden import GoldenRequest
from inference.tasks.measure import MeasureRequest
from inference.tasks.prepare import PrepareRequest
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
        told: Told,
    ) -> Result:
        """Do one request; voxels come from ``source`` and go into ``target``."""
        match request:
            case DenoiseRequest() | SuperResolveRequest() | FillRequest():
                pixels = _given(source), _given(target)
                return self._enhanced(request, *pixels, report, cancel, told)
            case MeasureRequest():
                from inference.measure.engine import measure

                return measure(_given(source), request, cancel=cancel)
            case DraftRequest():
                from inference.vlm.drafter import draft

                return draft(_given(source), request, self._packs, cancel)
            case PrepareRequest() | GoldenRequest() | GatesRequest():
                return self._tested(request, report, cancel)

    def _enhanced(
        self,
        request: DenoiseRequest | SuperResolveRequest | FillRequest,
        source: NDArray[Any],
        target: NDArray[Any],
        report: Report,
        cancel: CancelToken,
        told: Told,
    ) -> Result:
        pack, cache = self._packs.get(request.pack_id), self._cache()
        watched: dict[str, Any] = {"sessions": cache, "report": report, "cancel": cancel}
        match request:
            case DenoiseRequest():
                from inference.engine.enhance import enhance

                return enhance(pack, request, source, target, told=told, **watched)
            case SuperResolveRequest():
                from inference.engine.super_resolve import super_resolve

                return super_resolve(pack, request, source, target, told=told, **watched)
            case FillRequest():
                from inference.engine.fill import fill

                return fill(pack, request, source, target, **watched)

    def _tested(
        self,
        request: PrepareRequest | GoldenRequest | GatesRequest,
        report: Report,
        cancel: CancelToken,
    ) -> Result:
        pack = self._packs.get(request.pack_id)
        match request:
            case PrepareRequest():
                from inference.engine.prepare import prepare

                return prepare(pack, request, sessions=self._cache())
            case GoldenRequest():
                return self._golden(pack, cancel)
            case GatesRequest():
                return self._gates(pack, report, cancel)

    def _gates(self, pack: Pack, report: Report, cancel: CancelToken) -> Result:
        from inference.gates.fill import measure_filler
        from inference.gates.measure import measure as measure_denoiser
        from inference.gates.superres import measure_super_resolver

        own = {Task.SUPER_RESOLVE: measure_super_resolver, Task.FILL: measure_filler}
        return own.get(pack.manifest.task, measure_denoiser)(
            pack,
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
