"""A report as a file: draft.json and report.json, one form for both.

At top level the keys of the contract (DESIGN section 4), rendered from the report as it stands
now; under ``report`` its whole history as events, which is what counts when it is read back. A
file is written beside its place and moved into it, so that no half file is ever seen.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
import tempfile
import uuid
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from inference.tasks.draft_findings import DraftResult, DraftStatement
from workstation.core.clock import Clock, SystemClock
from workstation.core.errors import InputRefusedError, SafetyGateError
from workstation.core.identity import SeriesIdentity, StudyIdentity
from workstation.core.volume import Volume
from workstation.exchange.contract_report import (
    facts_from_contract,
    pack_from_contract,
    report_to_contract,
    statements_from_contract,
)
from workstation.report.canonical import events_from_json, events_to_json
from workstation.report.document import ReadSeries, Section, Statement, StatementStatus
from workstation.report.events import (
    Act,
    DraftProposed,
    Event,
    ReportStarted,
    StatementAdded,
    StatementRejected,
    fold,
)
from workstation.report.layout import NOT_SIGNED, current_signature

REPORT_NAMES = ("report.json", "draft.json")
"""Names looked for in a folder, the newer state first."""

MAX_REPORT_BYTES = 64 * 1024 * 1024
"""A larger file is not a report: 500 statements with 300 slices of evidence each take 12 MB."""

PROGRAM = "prelim"
"""Who acts when no person does."""

_CT, _MR = "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.4"
_SOP_CLASSES = {
    ("CT", False): _CT,
    ("CT", True): _CT + ".1",
    ("MR", False): _MR,
    ("MR", True): _MR + ".1",
    ("PT", False): "1.2.840.10008.5.1.4.1.1.128",
    ("PT", True): "1.2.840.10008.5.1.4.1.1.130",
}
"""Image SOP Class by modality and whether it is multi-frame; PS3.4 B.5."""

_SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"


def start_report(
    result: DraftResult,
    read: Volume | ReadSeries,
    study: StudyIdentity,
    clock: Clock,
    *,
    language: str = "en",
) -> tuple[Event, ...]:
    """Return the first events of a report: it was started, and a draft arrived.

    Args:
        result: of the drafting.
        read: what was drafted from.
        study: patient and study.
        clock: says when.
        language: BCP 47 tag of the drafted words.
    """
    series = read_series(read) if isinstance(read, Volume) else read
    at = clock.now().isoformat(timespec="seconds")
    started = ReportStarted(str(uuid.uuid4()), study, (series,), language)
    packs = dict.fromkeys(
        pack
        for pack in (result.pack, *(s.origin.pack for s in (*result.statements, *result.questions)))
        if pack is not None
    )
    proposed = DraftProposed(
        packs=tuple(packs),
        facts=result.facts,
        statements=tuple(_proposed(s) for s in result.statements),
        questions=tuple(_proposed(s) for s in result.questions),
    )
    return (Event(started, PROGRAM, at), Event(proposed, PROGRAM, at))


def read_series(volume: Volume, sop_class_uid: str = "") -> ReadSeries:
    """Return what a report must cite of a volume.

    Args:
        volume: as opened.
        sop_class_uid: of its instances where known; else the one its modality has.
    """
    is_multiframe = any(volume.frame_numbers)
    known = _SOP_CLASSES.get((volume.series.modality, is_multiframe), _SECONDARY_CAPTURE)
    uids = tuple(dict.fromkeys(volume.instance_uids))
    return ReadSeries(volume.series, sop_class_uid or known, uids)


def save_report(path: Path, events: tuple[Event, ...]) -> None:
    """Write a report to a file, whole or not at all.

    Raises:
        InputRefusedError: the place cannot be written.
    """
    write_atomically(path, report_file_bytes(events))


def report_file_bytes(events: tuple[Event, ...]) -> bytes:
    """Return the bytes of a report file; its last key is the hash of all bytes before it."""
    text = json.dumps(report_json(events), ensure_ascii=False, indent=1, allow_nan=False)
    body = text.removesuffix("\n}").encode("utf-8")
    return body + _tail(body)


def is_as_written(path: Path) -> bool:
    """Whether no byte of a report file was changed since Prelim wrote it.

    A file of before there was a hash in it passes where its plain keys are those of its history.

    Raises:
        InputRefusedError: the file cannot be read, or is no report.
    """
    stored = read_report_json(path)
    if "sha256" not in stored:
        made = report_json(load_report(path))
        return all(made.get(key) == value for key, value in stored.items())
    data = report_path(path).read_bytes()
    body = data[: -len(_tail(b""))]
    return data == body + _tail(body)


def _tail(body: bytes) -> bytes:
    return f',\n "sha256": "{hashlib.sha256(body).hexdigest()}"\n}}'.encode("ascii")


def report_json(events: tuple[Event, ...]) -> dict[str, Any]:
    """Return the stored form of a report: contract keys and, under ``report``, the history."""
    document = fold(events)
    notice = {} if current_signature(document) else {"notice": NOT_SIGNED}
    return {**report_to_contract(document), **notice, "report": events_to_json(events)}


def load_report(path: Path) -> tuple[Event, ...]:
    """Return the events of a report file, or of the report in a folder.

    A file with the contract's keys but no history (made by other hands) is taken as a draft.

    Raises:
        InputRefusedError: there is none, it is not a report, or it is damaged.
    """
    stored = read_report_json(path)
    if "report" in stored:
        events = events_from_json(_object(stored["report"]))
        _require_foldable(events)
        _require_same_words(stored, events)
        return events
    return _from_contract(stored)


def read_report_json(path: Path) -> dict[str, Any]:
    """Return the JSON object of a report file, or of the report in a folder.

    Raises:
        InputRefusedError: there is none, or it is not JSON of ours.
    """
    file = report_path(path)
    try:
        if file.stat().st_size > MAX_REPORT_BYTES:
            raise _not_a_report("it is far too large")
        return _object(json.loads(file.read_bytes().decode("utf-8-sig")))
    except OSError as error:
        raise InputRefusedError(
            "The report cannot be read",
            why=_os_reason(error),
            todo="Check the place and its rights",
        ) from error
    except (ValueError, RecursionError) as error:
        raise _not_a_report("its content is damaged or of another kind") from error


def report_path(path: Path) -> Path:
    """Return the report file that a path means: the file itself, or the one in a folder.

    Raises:
        InputRefusedError: a folder holds none.
    """
    if not path.is_dir():
        return path
    for name in REPORT_NAMES:
        if (path / name).is_file():
            return path / name
    raise InputRefusedError(
        "There is no report in this folder",
        why=f"neither {REPORT_NAMES[0]} nor {REPORT_NAMES[1]} is in it",
        todo="Give the folder that prelim draft wrote",
    )


def write_atomically(path: Path, data: bytes, *, is_private: bool = False) -> None:
    """Write bytes to a file, whole or not at all, and durably.

    Args:
        path: where; its folder is made where absent.
        data: what.
        is_private: readable by its owner only, else as the person's umask says.

    Raises:
        InputRefusedError: the place cannot be written (no right, disk full).
    """
    write_all({path: data}, is_private=is_private)


def write_all(files: Mapping[Path, bytes], *, is_private: bool = False) -> None:
    """Write several files durably: all are on the disk before the first gets its name.

    Args:
        files: bytes by place, in the order in which they appear.
        is_private: readable by their owner only, else as the person's umask says.

    Raises:
        InputRefusedError: a place cannot be written (no right, disk full); then none appears.
    """
    parts: dict[Path, Path] = {}
    try:
        for path, data in files.items():
            parts[path] = _part(path, data)
            if not is_private:
                parts[path].chmod(_default_mode(path))
        for path, part in parts.items():
            part.replace(path)
        for folder in dict.fromkeys(path.parent for path in files):
            _sync_folder(folder)
    except OSError as error:
        raise InputRefusedError(
            "The file cannot be written",
            why=_os_reason(error),
            todo="Free space, or choose another place",
        ) from error
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)


def _part(path: Path, data: bytes) -> Path:
    """Return a file beside a place, with these bytes, on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".prelim-", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        part.unlink(missing_ok=True)
        raise
    return part


def _default_mode(path: Path) -> int:
    if path.exists():
        return stat.S_IMODE(path.stat().st_mode)
    umask = os.umask(0o077)
    os.umask(umask)
    return 0o666 & ~umask


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # Windows cannot open a folder, and moves durably by itself
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _proposed(drafted: DraftStatement) -> Statement:
    return Statement(
        statement_id=drafted.statement_id,
        section=Section(drafted.section),
        text=drafted.text,
        origin=drafted.origin,
        fact_ids=drafted.fact_ids,
        evidence=drafted.evidence,
        confidence=drafted.confidence,
    )


def _from_contract(stored: dict[str, Any]) -> tuple[Event, ...]:
    """Return events for a draft that came without a history.

    Nobody can say who decided in it, so what seems accepted is open again; a rejection stands.
    """
    at = SystemClock().now().isoformat(timespec="seconds")
    statements = statements_from_contract(stored, "statements")
    questions = statements_from_contract(stored, "questions")
    pack = pack_from_contract(stored)
    study = StudyIdentity(_known_text(stored, "study_uid"))
    acts: list[Act] = [
        ReportStarted(str(uuid.uuid4()), study, _cited(stored, study)),
        DraftProposed(
            packs=(pack,) if pack else (),
            facts=facts_from_contract(stored),
            statements=tuple(
                replace(s, status=StatementStatus.PROPOSED) for s in statements if s.is_drafted
            ),
            questions=questions,
        ),
    ]
    acts += [decision for s in statements for decision in _decision(s)]
    events = tuple(Event(act, PROGRAM, at) for act in acts)
    _require_foldable(events)
    return events


def _decision(statement: Statement) -> tuple[Act, ...]:
    if not statement.is_drafted:
        return (StatementAdded(statement.statement_id, statement.section, statement.text),)
    if statement.status is StatementStatus.REJECTED:
        return (StatementRejected(statement.statement_id),)
    return ()


def _cited(stored: dict[str, Any], study: StudyIdentity) -> tuple[ReadSeries, ...]:
    uid = _known_text(stored, "series_uid")
    uids: dict[str, None] = {}
    for fact in facts_from_contract(stored):
        for evidence in fact.evidence:
            if evidence.series_uid == uid:
                uids.update(dict.fromkeys(evidence.instance_uids))
    return (ReadSeries(SeriesIdentity(uid, study), _SECONDARY_CAPTURE, tuple(uids)),)


def _known_text(stored: dict[str, Any], key: str) -> str:
    value = stored.get(key)
    if not isinstance(value, str) or not value:
        raise _not_a_report(f"it has no {key}")
    return value


def _require_foldable(events: tuple[Event, ...]) -> None:
    try:
        fold(events)
    except (ValueError, SafetyGateError) as error:
        raise _not_a_report("its history is not one that the rules allow") from error


def _require_same_words(stored: dict[str, Any], events: tuple[Event, ...]) -> None:
    """Refuse a file whose plain keys were edited by hand: only the history would count."""
    made = report_to_contract(fold(events))
    for key, compared in _COMPARED.items():
        there = [{k: _mapping(each).get(k) for k in compared} for each in stored.get(key) or []]
        if there != [{k: each[k] for k in compared} for each in made[key]]:
            raise InputRefusedError(
                "This report file was changed outside of Prelim",
                why=f"its {key} are not those of its history",
                todo="Change a report with prelim review or in the window",
            )


_COMPARED = {
    "facts": ("id", "finding", "side", "value", "unit"),
    "statements": ("id", "section", "text", "status"),
    "questions": ("id", "text"),
}
"""Keys of the contract form that must agree with the history."""


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _not_a_report("it is not a JSON object")
    return value


def _not_a_report(why: str) -> InputRefusedError:
    return InputRefusedError(
        "This is not a report that Prelim can read",
        why=why,
        todo="Open the report.json or draft.json that Prelim wrote",
    )


def _os_reason(error: OSError) -> str:
    """Return the system's reason without the path, which may name a patient."""
    return error.strerror or type(error).__name__
