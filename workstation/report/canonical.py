"""A report as bytes: the same report always gives the same bytes, and bytes give the report back.

Values become JSON with sorted keys, no white space, UTF-8 in Unicode normalization form C (the
spirit of RFC 8785). The sha256 of these bytes is what a signature is about. Identity is revealed
here: the bytes are the record itself and are treated like it.
"""

from __future__ import annotations

import hashlib
import json
import types
import typing
import unicodedata
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from functools import cache
from typing import Any, TypeVar

from workstation.core.errors import InputRefusedError
from workstation.core.phi import Phi
from workstation.report.document import ReportDocument
from workstation.report.events import Event

T = TypeVar("T")

SCHEMA = "prelim-report/1"
"""Name and version of the stored form; a reader refuses what it does not know."""


def canonical_bytes(document: ReportDocument) -> bytes:
    """Return the bytes a signature is about: the document without its signatures and status.

    What has been on screen (evidence_seen) is the reader's business, not the report's: left out.
    """
    bare = replace(document, signatures=(), evidence_seen=frozenset(), signed_ids=frozenset())
    plain = to_plain(bare)
    del plain["status"]
    return _dump({"schema": SCHEMA, "document": plain})


def document_sha256(document: ReportDocument) -> str:
    """Return the hex sha256 of the canonical bytes."""
    return hashlib.sha256(canonical_bytes(document)).hexdigest()


def events_to_json(events: tuple[Event, ...]) -> dict[str, Any]:
    """Return events as a JSON object that :func:`events_from_json` reads back."""
    return {"schema": SCHEMA, "events": [to_plain(event) for event in events]}


def events_from_json(stored: Mapping[str, Any]) -> tuple[Event, ...]:
    """Return the events of a stored report.

    Raises:
        InputRefusedError: it is not a report of ours, or a newer one, or damaged.
    """
    if stored.get("schema") != SCHEMA:
        raise InputRefusedError(
            "This is not a report that Prelim can read",
            why=f"its schema is not {SCHEMA}",
            todo="Open the report.json or draft.json that Prelim wrote, with a current version",
        )
    try:
        return tuple(from_plain(Event, event) for event in stored["events"])
    except (KeyError, TypeError, ValueError) as error:
        raise InputRefusedError(
            "This report file is damaged",
            why=f"a stored event cannot be read ({type(error).__name__})",
            todo="Use the copy in the library or draft again",
        ) from error


def to_plain(value: Any) -> Any:  # noqa: ANN401, PLR0911 the border to JSON, a branch per type
    """Return a value as JSON types; a dataclass inside a union carries its name as ``is``."""
    if isinstance(value, Phi):
        return to_plain(value.reveal())
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, frozenset):
        return sorted(to_plain(item) for item in value)
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    if is_dataclass(value):
        plain = {f.name: to_plain(getattr(value, f.name)) for f in fields(value)}
        return {"is": type(value).__name__, **plain} if type(value).__name__ in _acts() else plain
    return value


def from_plain(kind: type[T], plain: Any) -> T:  # noqa: ANN401 the border to JSON
    """Return the value of a kind that :func:`to_plain` wrote.

    Raises:
        KeyError, TypeError, ValueError: the plain form is not of that kind.
    """
    if not isinstance(plain, dict):
        raise TypeError("expected an object")
    hints: dict[str, Any] = _hints(kind)  # type: ignore[arg-type]  # a class is hashable
    known = {name: _value(hints[name], item) for name, item in plain.items() if name in hints}
    return kind(**known)


def _dump(plain: object) -> bytes:
    text = json.dumps(
        plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    return text.encode("utf-8")


@cache
def _hints(kind: type[Any]) -> dict[str, Any]:
    return typing.get_type_hints(kind)


@cache
def _acts() -> dict[str, type[Any]]:
    return {act.__name__: act for act in typing.get_args(_hints(Event)["act"])}


def _value(hint: Any, plain: Any) -> Any:  # noqa: ANN401, PLR0911 one branch per kind of type
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return _union(arguments, plain)
    if origin is Phi:
        return Phi(_value(arguments[0], plain))
    if origin is tuple:
        return _tuple(arguments, plain)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(plain)
    if is_dataclass(hint) and isinstance(hint, type):
        return from_plain(hint, plain)
    if hint is float and isinstance(plain, int) and not isinstance(plain, bool):
        return float(plain)
    if not isinstance(plain, hint):
        raise TypeError(f"expected {hint.__name__}")
    return plain


def _tuple(arguments: tuple[Any, ...], plain: Any) -> tuple[Any, ...]:  # noqa: ANN401
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        return tuple(_value(arguments[0], item) for item in plain)
    return tuple(_value(hint, item) for hint, item in zip(arguments, plain, strict=True))


def _union(arguments: tuple[Any, ...], plain: Any) -> Any:  # noqa: ANN401
    if plain is None and types.NoneType in arguments:
        return None
    if isinstance(plain, dict) and "is" in plain:
        return from_plain(_acts()[plain["is"]], plain)
    (hint,) = (argument for argument in arguments if argument is not types.NoneType)
    return _value(hint, plain)
