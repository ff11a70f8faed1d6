"""Getting a pack ready: verified, loaded, run once at the size it will be used on."""

from __future__ import annotations

import time

from inference.engine.sessions import SessionCache, probe_feeds
from inference.engine.slice_runs import require_memory
from inference.engine.tiles import tile_shape
from inference.packs.store import Pack
from inference.tasks.prepare import PrepareRequest, PrepareResult


def prepare(pack: Pack, request: PrepareRequest, *, sessions: SessionCache) -> PrepareResult:
    """Load a pack's model so that its next run starts at once.

    Raises:
        PackRefusedError: the pack is damaged or does not fit its manifest.
        WorkerOutOfMemoryError: it would not fit into memory.
    """
    started = time.monotonic()
    manifest = pack.manifest
    spec = require_memory(manifest, (1, *request.shape_ji))
    shape_ji = tile_shape(request.shape_ji, spec, manifest.input.size_multiple)
    session = sessions.get(pack, shape_ji)
    session.run(probe_feeds(pack, shape_ji))
    return PrepareResult(pack.ref, session.provider, session.note, time.monotonic() - started)
