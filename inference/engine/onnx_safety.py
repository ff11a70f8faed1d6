"""A look into an ONNX file before the runtime gets it: nothing in it may point outside the file.

The wire format is walked by hand (tag, length, bytes), so that no further library is needed.
Source: onnx.proto3 (field numbers), protobuf encoding guide.
"""

from __future__ import annotations

from collections.abc import Iterator

from inference.packs.manifest import refused

# Field numbers of onnx.proto3.
MODEL_GRAPH = 7
MODEL_FUNCTIONS = 25
GRAPH_NODE = 1
GRAPH_INITIALIZER = 5
GRAPH_SPARSE_INITIALIZER = 15
FUNCTION_NODE = 7
NODE_ATTRIBUTE = 5
NODE_DOMAIN = 7
ATTRIBUTE_TENSOR = 5
ATTRIBUTE_GRAPH = 6
ATTRIBUTE_TENSORS = 10
ATTRIBUTE_GRAPHS = 11
SPARSE_VALUES = 1
SPARSE_INDICES = 2
TENSOR_EXTERNAL_DATA = 13
TENSOR_DATA_LOCATION = 14

ALLOWED_DOMAINS = frozenset({b"", b"ai.onnx", b"ai.onnx.ml"})
"""Operator sets of the standard; any other would need code that packs cannot bring."""

MAX_DEPTH = 16
"""Deepest nesting of graphs in graphs; real models have two."""


def require_self_contained(model: bytes) -> None:
    """Refuse a model that points to other files, uses operators of its own, or is damaged.

    Raises:
        PackRefusedError: it does; the sentence says which.
    """
    view = memoryview(model)
    try:
        for number, part in _fields(view):
            if number == MODEL_GRAPH:
                _check_graph(part, MAX_DEPTH)
            elif number == MODEL_FUNCTIONS:
                _check_nodes(part, FUNCTION_NODE, MAX_DEPTH)
    except (IndexError, ValueError) as error:
        raise refused("its model is not an ONNX file or is damaged") from error


def _check_graph(graph: memoryview, depth: int) -> None:
    if depth == 0:
        raise ValueError("nested too deep")
    _check_nodes(graph, GRAPH_NODE, depth)
    for number, part in _fields(graph):
        if number == GRAPH_INITIALIZER:
            _check_tensor(part)
        elif number == GRAPH_SPARSE_INITIALIZER:
            for inner, tensor in _fields(part):
                if inner in (SPARSE_VALUES, SPARSE_INDICES):
                    _check_tensor(tensor)


def _check_nodes(owner: memoryview, node_number: int, depth: int) -> None:
    for number, node in _fields(owner):
        if number != node_number:
            continue
        for inner, part in _fields(node):
            if inner == NODE_DOMAIN and bytes(part) not in ALLOWED_DOMAINS:
                raise refused("its model uses operators that are not of the ONNX standard")
            if inner == NODE_ATTRIBUTE:
                _check_attribute(part, depth)


def _check_attribute(attribute: memoryview, depth: int) -> None:
    for number, part in _fields(attribute):
        if number in (ATTRIBUTE_TENSOR, ATTRIBUTE_TENSORS):
            _check_tensor(part)
        elif number in (ATTRIBUTE_GRAPH, ATTRIBUTE_GRAPHS):
            _check_graph(part, depth - 1)


def _check_tensor(tensor: memoryview) -> None:
    for number, _ in _fields(tensor):
        if number in (TENSOR_EXTERNAL_DATA, TENSOR_DATA_LOCATION):
            raise refused("its model keeps data in another file")


def _fields(message: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Yield field number and content (empty for plain numbers) of a protobuf message."""
    place = 0
    while place < len(message):
        tag, place = _varint(message, place)
        number, kind = tag >> 3, tag & 7
        if kind == 0:
            _, place = _varint(message, place)
            yield number, message[:0]
            continue
        if kind == 2:
            length, place = _varint(message, place)
        elif kind in (1, 5):
            length = 8 if kind == 1 else 4
        else:
            raise ValueError("unknown wire type")
        if place + length > len(message):
            raise ValueError("cut short")
        yield number, message[place : place + length]
        place += length


def _varint(message: memoryview, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, place
        shift += 7
        if shift > 63:
            raise ValueError("number too long")
