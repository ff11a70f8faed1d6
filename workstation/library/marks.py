"""The marks of readers, kept in the encrypted library: one row per study.

Thread: any.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from sqlalchemy import Engine, delete, select
from sqlalchemy.dialects.sqlite import insert

from workstation.core.errors import InputRefusedError
from workstation.core.mark_record import MarkRecord
from workstation.core.measurement import Measurement, MeasurementKind, RegionStatistics
from workstation.core.study_objects import KeyImage
from workstation.library.schema.tables import STUDY_MARKS

FORM = 1
"""Number of the form in which marks are written; a later one is not guessed at."""

_KEYS = ":key-images"
"""End of the key of the row that holds the key images of a study, beside that of its marks."""


class LibraryMarks:
    """The MarkStore of services.mark_store, over the library."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def save(self, key: str, records: tuple[MarkRecord, ...]) -> None:
        """Keep the marks of a study in place of those kept before; returns when on disk."""
        self._put(key, marks_to_json(records) if records else "")

    def save_keys(self, key: str, keys: tuple[KeyImage, ...]) -> None:
        """Keep the key images of a study in place of those before; returns when on disk."""
        self._put(f"{key}{_KEYS}", keys_to_json(keys) if keys else "")

    def _put(self, key: str, stored: str) -> None:
        with self._engine.begin() as connection:
            if not stored:
                connection.execute(delete(STUDY_MARKS).where(STUDY_MARKS.c.study_key == key))
                return
            values = {"study_key": key, "marks": stored}
            statement = insert(STUDY_MARKS).values(**values)
            connection.execute(
                statement.on_conflict_do_update(index_elements=["study_key"], set_=values)
            )

    def load(self, key: str) -> tuple[MarkRecord, ...]:
        """Return the marks of a study; empty if there is none.

        Raises:
            InputRefusedError: they were written by a newer program.
        """
        stored = self._stored(key)
        return () if stored is None else marks_from_json(stored)

    def load_keys(self, key: str) -> tuple[KeyImage, ...]:
        """Return the key images of a study; empty if there is none.

        Raises:
            InputRefusedError: they were written by a newer program, or are damaged.
        """
        stored = self._stored(f"{key}{_KEYS}")
        return () if stored is None else keys_from_json(stored)

    def _stored(self, key: str) -> str | None:
        query = select(STUDY_MARKS.c.marks).where(STUDY_MARKS.c.study_key == key)
        with self._engine.connect() as connection:
            found: str | None = connection.execute(query).scalar_one_or_none()
            return found


def keys_to_json(keys: tuple[KeyImage, ...]) -> str:
    """Return key images as text; the same ones give the same text."""
    return json.dumps({"form": FORM, "keys": [asdict(one) for one in keys]}, sort_keys=True)


def keys_from_json(stored: str) -> tuple[KeyImage, ...]:
    """Return key images from their text.

    Raises:
        InputRefusedError: it was written by a newer program, or is damaged.
    """
    try:
        whole = json.loads(stored)
        if whole["form"] != FORM:
            raise InputRefusedError(
                "The kept key images of this study cannot be shown",
                why="a newer version of Prelim wrote them",
                todo="Use that version",
            )
        return tuple(
            KeyImage(str(one["series_uid"]), str(one["instance_uid"]), tuple(one["frames"]))
            for one in whole["keys"]
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InputRefusedError(
            "The kept key images of this study cannot be shown", why="their record is damaged"
        ) from error


def marks_to_json(records: tuple[MarkRecord, ...]) -> str:
    """Return marks as text; the same marks give the same text."""
    marks = [_to_json(record) for record in records]
    return json.dumps({"form": FORM, "marks": marks}, ensure_ascii=False, sort_keys=True)


def marks_from_json(stored: str) -> tuple[MarkRecord, ...]:
    """Return marks from their text.

    Raises:
        InputRefusedError: it was written by a newer program, or is damaged.
    """
    try:
        whole = json.loads(stored)
        if whole["form"] != FORM:
            raise InputRefusedError(
                "The kept marks of this study cannot be shown",
                why="a newer version of Prelim wrote them",
                todo="Use that version",
            )
        return tuple(_from_json(each) for each in whole["marks"])
    except (KeyError, TypeError, ValueError) as error:
        raise InputRefusedError(
            "The kept marks of this study cannot be shown", why="their record is damaged"
        ) from error


def _to_json(record: MarkRecord) -> dict[str, Any]:
    mark = asdict(record.measurement) | {"kind": record.measurement.kind.value}
    return {"mark": mark, "made_by": record.made_by, "made_at": record.made_at}


def _from_json(stored: dict[str, Any]) -> MarkRecord:
    mark = dict(stored["mark"])
    region = mark["region"]
    if region is not None:
        histogram = tuple(region["histogram"])
        mark["region"] = RegionStatistics(**(region | {"histogram": histogram}))
    mark["kind"] = MeasurementKind(mark["kind"])
    mark["points_mm"] = tuple((p[0], p[1], p[2]) for p in mark["points_mm"])
    return MarkRecord(Measurement(**mark), stored["made_by"], stored["made_at"])
