"""The model worker is started, and the pack loaded, while the reader looks at the first images.

Without it the first enhanced slice after a start would wait a second for a process and a model.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from workstation.core.errors import WorkstationError
from workstation.services.jobs import JobContext, Lane, Request
from workstation.ui.bridge import JobBridge
from workstation.ui.study_controller import StudyController

if TYPE_CHECKING:
    from workstation.core.job import CancelToken
    from workstation.core.volume import Volume
    from workstation.services.open_series import OpenedSeries

REST_MS = 1500
"""How long a series must be on screen: who flips through series wants their pixels, no model."""

Prepare = Callable[["Volume", "CancelToken"], object]

logger = logging.getLogger(__name__)


class ReadyDesk(QObject):
    """Gets the model for what is on screen ready, once per kind and size. Owned by the UI thread.

    Args:
        study: the open study.
        bridge: starts jobs.
        prepare: the door to the model worker.
    """

    def __init__(self, study: StudyController, bridge: JobBridge, prepare: Prepare) -> None:
        super().__init__(study)
        self._study, self._bridge, self._prepare = study, bridge, prepare
        self._done: set[tuple[object, ...]] = set()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._start)
        study.shown_changed.connect(self._rest.start)

    def _start(self) -> None:
        series = self._study.active_series
        if series is None or not series.is_open:
            return
        volume = series.volume
        kind = (volume.series.modality, volume.series.body_part, volume.voxels.shape[1:])
        if kind in self._done:
            return
        self._done.add(kind)
        work = _work(self._prepare, series.opened)
        self._bridge.start(Request(Lane.MODEL, "Getting the model ready", work, is_quiet=True))


def _work(prepare: Prepare, opened: OpenedSeries) -> Callable[[JobContext], None]:
    def work(context: JobContext) -> None:
        opened.wait()
        context.cancel.raise_if_cancelled()
        try:
            prepare(opened.volume, context.cancel)
        except WorkstationError as error:
            # Nobody asked for it: whoever asks for an enhancement is told then.
            logger.debug("no model was got ready: %s", type(error).__name__)

    return work
