"""Keeps the key images of a reader with their study, and brings them back when it is opened.

As marks are (mark_keeper): in the encrypted library, at once, and tried again where that failed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from workstation.core.identity import StudyIdentity
from workstation.core.study_objects import KeyImage
from workstation.services.jobs import JobContext, Lane, Request
from workstation.services.mark_store import MarkStore, marks_key
from workstation.ui.bridge import JobBridge, Replies
from workstation.ui.mark_keeper import RETRY_MS
from workstation.ui.study_controller import StudyController
from workstation.ui.use_cases import UseCases
from workstation.ui.words import tr


class KeyImageKeeper(QObject):
    """Saves and brings back key images. Owned by the UI thread.

    Signals:
        said(str): a sentence for the status line.
        restored(tuple): key images kept before for the study that was opened.
    """

    said = Signal(str)
    restored = Signal(object)

    def __init__(self, study: StudyController, use_cases: UseCases, bridge: JobBridge) -> None:
        """Begin to follow a study.

        Args:
            study: the open study.
            use_cases: the store.
            bridge: starts jobs.
        """
        super().__init__(study)
        self._store, self._bridge = use_cases.marks, bridge
        self._key = ""
        self._is_ready = False
        self._unsaved: dict[str, tuple[KeyImage, ...]] = {}
        study.study_changed.connect(self._open)

    def keep(self, keys: tuple[KeyImage, ...]) -> None:
        """Save the key images of the open study; what is kept is never written over unread."""
        if self._key and self._is_ready:
            self._unsaved[self._key] = keys
            self._save(self._key)

    def hand_over(self) -> None:
        """Begin to save at once what is not saved yet."""
        for key in tuple(self._unsaved):
            self._save(key)

    # Private

    def _open(self, study: StudyIdentity | None) -> None:
        self.hand_over()
        self._key, self._is_ready = "" if study is None else marks_key(study), False
        if not self._key:
            return
        key, store = self._key, self._store
        request = Request(
            Lane.SAVE,
            "Reading your key images",
            lambda _context: store().load_keys(key),
            is_quiet=True,
        )
        replies = Replies(
            done=lambda found: self._restore(key, found),
            failed=lambda error: self.said.emit(tr(str(error))),
        )
        self._bridge.start(request, replies)

    def _restore(self, key: str, found: tuple[KeyImage, ...]) -> None:
        if key == self._key:
            self._is_ready = True
            self.restored.emit(self._unsaved.get(key, found))

    def _save(self, key: str) -> None:
        keys = self._unsaved.get(key)
        if keys is None:
            return
        work = partial(_write, self._store, key, keys)
        replies = Replies(
            done=lambda _none: self._saved(key, keys),
            failed=lambda error: self._failed(key, str(error)),
        )
        request = Request(Lane.SAVE, "Saving your key images", work, is_quiet=True)
        self._bridge.start(request, replies)

    def _saved(self, key: str, keys: tuple[KeyImage, ...]) -> None:
        if self._unsaved.get(key) is keys:
            del self._unsaved[key]

    def _failed(self, key: str, why: str) -> None:
        self.said.emit(f"{tr('Your key images are not saved yet.')} {tr(why)}")
        QTimer.singleShot(RETRY_MS, self, partial(self._save, key))


def _write(
    store: Callable[[], MarkStore], key: str, keys: tuple[KeyImage, ...], _context: JobContext
) -> None:
    store().save_keys(key, keys)
