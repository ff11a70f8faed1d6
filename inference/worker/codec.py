"""Values to JSON and back, for the pipe between the application and the model worker.

Only the classes listed here pass, so that a worker that went wrong (or a file that took it over)
can hand the application nothing but these values: there is no pickle on this pipe.
"""

from __future__ import annotations

import base64
import dataclasses
import json
from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any

import numpy as np

from inference.tasks import (
    change_figures,
    denoise,
    draft_findings,
    fill,
    gates,
    golden,
    measure,
    prepare,
    super_resolve,
)
from inference.worker import protocol
from workstation.core import filled, finding, geometry, intensity, measurement, provenance
from workstation.core.errors import WorkerError

_MODULES = (
    change_figures,
    denoise,
    draft_findings,
    fill,
    gates,
    golden,
    measure,
    prepare,
    super_resolve,
    filled,
    finding,
    geometry,
    intensity,
    measurement,
    provenance,
    protocol,
)


def _classes() -> dict[str, type]:
    found: dict[str, type] = {}
    for module in _MODULES:
        for name, item in vars(module).items():
            is_ours = isinstance(item, type) and item.__module__ == module.__name__
            if is_ours and (dataclasses.is_dataclass(item) or issubclass(item, Enum)):
                found[name] = item
    return found


CLASSES: Mapping[str, type] = MappingProxyType(_classes())
"""Every class that may pass, by name."""

ARRAY_DTYPES = frozenset({"float64", "float32", "int64", "int32", "int16", "uint8", "bool"})
"""Element types of the (small) arrays that pass; voxels travel in shared memory instead."""


def encode(value: object) -> bytes:
    """Return a value of the listed classes as JSON bytes.

    Raises:
        TypeError: the value, or one inside it, is of a class that is not listed.
    """
    return json.dumps(_plain(value), separators=(",", ":")).encode("utf-8")


def decode(content: bytes) -> Any:  # noqa: ANN401 - the caller knows what it asked for and checks
    """Return the value in JSON bytes; arrays in it are read-only, sequences are tuples.

    Raises:
        WorkerError: the bytes are not a message of this protocol.
    """
    try:
        return _value(json.loads(content.decode("utf-8")))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise unreadable(type(error).__name__) from error


def unreadable(why: str) -> WorkerError:
    """Return the error for bytes that are not a message of this protocol."""
    return WorkerError(
        "The model worker sent an answer that cannot be read", why=why, todo="Run the task again"
    )


def _plain(value: object) -> object:
    match value:
        case Enum():
            plain: object = {"enum": _name(value), "value": value.value}
        case None | bool() | int() | float() | str():
            plain = value
        case np.generic():
            plain = value.item()
        case tuple() | list():
            plain = [_plain(item) for item in value]
        case Mapping():
            plain = {"map": {str(key): _plain(item) for key, item in value.items()}}
        case np.ndarray():
            plain = _plain_array(value)
        case _:
            names = [field.name for field in dataclasses.fields(CLASSES[_name(value)])]
            plain = {"class": _name(value), "fields": {n: _plain(getattr(value, n)) for n in names}}
    return plain


def _plain_array(array: np.ndarray[Any, Any]) -> object:
    if array.dtype.name not in ARRAY_DTYPES:
        raise TypeError(f"arrays of {array.dtype.name} cannot be sent to the model worker")
    content = base64.b64encode(np.ascontiguousarray(array).tobytes()).decode("ascii")
    return {"array": array.dtype.name, "shape": list(array.shape), "content": content}


def _name(value: object) -> str:
    name = type(value).__name__
    if CLASSES.get(name) is not type(value):
        raise TypeError(f"{name} cannot be sent to the model worker")
    return name


def _value(plain: object) -> object:
    if isinstance(plain, list):
        return tuple(_value(item) for item in plain)
    if not isinstance(plain, dict):
        return plain
    if "enum" in plain:
        return CLASSES[plain["enum"]](plain["value"])
    if "map" in plain:
        return {key: _value(item) for key, item in plain["map"].items()}
    if "array" in plain:
        return _array(plain)
    fields = {name: _value(item) for name, item in plain["fields"].items()}
    return CLASSES[plain["class"]](**fields)


def _array(plain: Mapping[str, Any]) -> np.ndarray[Any, Any]:
    if plain["array"] not in ARRAY_DTYPES:
        raise ValueError(plain["array"])
    content = base64.b64decode(plain["content"], validate=True)
    return np.frombuffer(content, dtype=plain["array"]).reshape(plain["shape"])
