"""Keeps the reader's marks of a study, and shows them again when it is opened.

Marks are on disk within a second of the act that made them (DESIGN promise 7), in the encrypted
library beside the reports. Saving that failed is tried again, and said.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from viewers.qt.model import SharedMarks
from workstation.core.identity import StudyIdentity
from workstation.core.mark_record import MarkRecord
from workstation.core.measurement import Measurement
from workstation.services.jobs import JobContext, Lane, Request
from workstation.services.mark_store import MarkStore, marks_key
from workstation.ui.bridge import JobBridge, Replies
from workstation.ui.study_controller import StudyController
from workstation.ui.use_cases import UseCases
from workstation.ui.words import count_of, tr

SAVE_AFTER_MS = 300
"""From an act to the start of its saving: with some 10 ms of writing well below a second, and a
mark that is dragged is not written at each step of the hand."""

RETRY_MS = 5000
"""When saving failed (disk full), it is tried again this often."""


class MarkKeeper(QObject):
    """Saves and brings back the marks. Owned by the UI thread.

    Signals:
        said(str): a sentence for the status line.
        kept_changed(): other marks are known now, with who made them.
    """

    said = Signal(str)
    kept_changed = Signal()

    def __init__(
        self,
        study: StudyController,
        marks: SharedMarks,
        use_cases: UseCases,
        bridge: JobBridge,
        *,
        reader: Callable[[], str],
    ) -> None:
        """Begin to follow a study.

        Args:
            study: the open study.
            marks: its marks.
            use_cases: the clock and the store.
            bridge: starts jobs.
            reader: name of the reader.
        """
        super().__init__(study)
        self._marks, self._use_cases, self._bridge = marks, use_cases, bridge
        self._reader = reader
        self._key = ""
        self._is_ready = False
        self._records: dict[str, MarkRecord] = {}
        self._unsaved: dict[str, tuple[MarkRecord, ...]] = {}
        self._in_flight: set[str] = set()
        marks.measurements.observe(lambda _old, new: self._take(new))
        study.study_changed.connect(self._open)

    @property
    def records(self) -> tuple[MarkRecord, ...]:
        """The marks on show with who made them, in their order; also while kept ones are read."""
        return tuple(self._record(one) for one in self._marks.measurements.value)

    def hand_over(self) -> None:
        """Begin to save at once what is not saved yet."""
        self._marks.settle()
        for key in tuple(self._unsaved):
            self._save(key)

    # Private

    def _open(self, study: StudyIdentity | None) -> None:
        self.hand_over()
        self._records = {}
        self._key = "" if study is None else marks_key(study)
        self._is_ready = False
        self.kept_changed.emit()
        if not self._key:
            return
        key, store = self._key, self._use_cases.marks
        # The saving lane: what was handed over just now is on disk before it is read.
        request = Request(
            Lane.SAVE,
            "Reading your marks",
            lambda _context: store().load(key),
            is_quiet=True,
        )
        replies = Replies(
            done=lambda found: self._restore(key, found),
            failed=lambda error: self._unread(key, tr(str(error))),
        )
        self._bridge.start(request, replies)

    def _unread(self, key: str, why: str) -> None:
        """Say that marks of this study are not kept: what is there is never written over unread."""
        if key == self._key:
            self.said.emit(f"{why} {tr('Marks made in this study now are not kept.')}")

    def _restore(self, key: str, found: tuple[MarkRecord, ...]) -> None:
        if key != self._key:
            return
        self._is_ready = True
        # What could not be saved is newer than what is on disk.
        found = self._unsaved.get(key, found)
        now = self._marks.measurements.value
        self._records = {one.measurement.measurement_id: one for one in found}
        if found:
            self._marks.restore(tuple(one.measurement for one in found))
            self.said.emit(_restored_words(found))
        if now:
            self._take(self._marks.measurements.value)
        self.kept_changed.emit()

    def _take(self, measurements: tuple[Measurement, ...]) -> None:
        history = self._marks.history
        is_forgotten = not measurements and not (history.can_undo or history.can_redo)
        if not self._key or not self._is_ready or is_forgotten:
            return
        before = self._records
        self._records = {one.measurement_id: self._record(one) for one in measurements}
        if self._records == before and list(self._records) == list(before):
            return
        is_due = self._key not in self._unsaved
        self._unsaved[self._key] = self.records
        self.kept_changed.emit()
        if is_due:
            QTimer.singleShot(SAVE_AFTER_MS, self, partial(self._save, self._key))

    def _record(self, measurement: Measurement) -> MarkRecord:
        known = self._records.get(measurement.measurement_id)
        if known is not None and known.measurement == measurement:
            return known
        now = self._use_cases.clock.now().isoformat(timespec="seconds")
        return MarkRecord(measurement, self._reader(), now)

    def _save(self, key: str) -> None:
        if key in self._in_flight or key not in self._unsaved:
            return
        records = self._unsaved.pop(key)
        self._in_flight.add(key)
        work = partial(_write, self._use_cases.marks, key, records)
        replies = Replies(
            done=lambda _none: self._saved(key),
            failed=lambda error: self._failed(key, records, tr(str(error))),
        )
        self._bridge.start(Request(Lane.SAVE, "Saving your marks", work, is_quiet=True), replies)

    def _saved(self, key: str) -> None:
        self._in_flight.discard(key)
        if key in self._unsaved:
            self._save(key)

    def _failed(self, key: str, records: tuple[MarkRecord, ...], why: str) -> None:
        self._in_flight.discard(key)
        self._unsaved.setdefault(key, records)
        self.said.emit(f"{tr('Your marks are not saved yet.')} {why}")
        QTimer.singleShot(RETRY_MS, self, partial(self._save, key))


def _write(
    store: Callable[[], MarkStore],
    key: str,
    records: tuple[MarkRecord, ...],
    _context: JobContext,
) -> None:
    store().save(key, records)


def _restored_words(found: tuple[MarkRecord, ...]) -> str:
    last = max(found, key=lambda one: one.made_at)
    makers = ", ".join(dict.fromkeys(one.made_by for one in found if one.made_by))
    when = last.made_at[:16].replace("T", " ")
    words = count_of(len(found), "mark", "marks")
    if makers:
        return tr("{0} of {1}, last changed {2}, are shown again.").format(words, makers, when)
    return tr("{0}, last changed {1}, are shown again.").format(words, when)
