"""Values survive the pipe; nothing else passes it."""

from __future__ import annotations

import inspect
import io
import json
import pickle

import numpy as np
import pytest

from inference.tasks.denoise import EnhancementFigures
from inference.tasks.measure import MeasureRequest, MeasureResult
from inference.worker import codec, pipe
from inference.worker.protocol import Answer, Cancel, Failure, FailureKind, Message, Progress
from workstation.core.errors import WorkerError
from workstation.core.finding import Evidence, Fact, Region, RegionKind, Side
from workstation.core.geometry import StackGeometry
from workstation.core.intensity import Intensity, IntensityUnit
from workstation.core.phi import Phi

FACT = Fact(
    "f1",
    "lung volume",
    "lung",
    Side.LEFT,
    np.float64(2301.5),
    "ml",
    evidence=(Evidence("1.2", ("1.2.3",), Region(RegionKind.BOX, (1.0, 2.0, 3.0))),),
)


def test_a_nested_result_comes_back_equal() -> None:
    result = MeasureResult("chest CT", "two lungs", (FACT,), 1.5)

    assert codec.decode(codec.encode(result)) == result


def test_a_geometry_comes_back_with_read_only_arrays() -> None:
    geometry = StackGeometry(
        (2, 4, 5), np.eye(3)[0], np.eye(3)[1], (0.5, 0.6), np.array([[0, 0, 0], [0, 0, 2.5]]), "1.2"
    )
    request = MeasureRequest("CT", "", "", "1", ("2", "3"), geometry, Intensity(IntensityUnit.HU))

    found = codec.decode(codec.encode(request))

    np.testing.assert_array_equal(found.geometry.positions_mm, geometry.positions_mm)
    assert found.geometry.shape_kji == (2, 4, 5)
    assert not found.geometry.positions_mm.flags.writeable
    assert found.intensity == request.intensity


@pytest.mark.parametrize("value", [Phi("x"), object(), {1, 2}, np.zeros(2, complex), print])
def test_what_is_not_listed_cannot_be_sent(value: object) -> None:
    with pytest.raises(TypeError, match="cannot be sent"):
        codec.encode(value)


@pytest.mark.parametrize(
    "content",
    [
        b"\xff",
        b"{}",
        b'{"class": "Popen", "fields": {}}',
        b'{"class": "Fact", "fields": {"unknown": 1}}',
        b'{"enum": "Side", "value": "above"}',
        b'{"array": "object", "shape": [1], "content": ""}',
        b'{"array": "float64", "shape": [9], "content": ""}',
        pickle.dumps(1),
        b"[" * 100_000,
    ],
)
def test_what_is_no_message_is_refused(content: bytes) -> None:
    with pytest.raises(WorkerError, match="cannot be read"):
        codec.decode(content)


def test_no_two_classes_share_a_name() -> None:
    modules = {inspect.getmodule(item) for item in codec.CLASSES.values()}
    names = [
        name
        for module in modules
        for name, item in vars(module).items()
        if inspect.isclass(item) and codec.CLASSES.get(name) and item.__module__ == module.__name__  # type: ignore[union-attr]
    ]

    assert len(names) == len(set(names))


def test_messages_come_through_a_pipe_in_order() -> None:
    messages: list[Message] = [
        Progress(0.5, (3, 4)),
        Failure(FailureKind.MEMORY, "It failed", "why", "do"),
        Cancel(),
        Answer(MeasureResult("unknown", "", (), 0.0)),
    ]
    stream = io.BytesIO()

    for message in messages:
        pipe.send(stream, message)
    stream.seek(0)

    assert [pipe.receive(stream) for _ in messages] == messages
    assert pipe.receive(stream) is None


@pytest.mark.parametrize(
    "content", [b"\xff\xff\xff\xff", b"\x00\x00\x00\x02{}", codec.encode(EnhancementFigures())]
)
def test_bytes_that_are_no_frame_are_refused(content: bytes) -> None:
    framed = content if len(content) < 10 else len(content).to_bytes(4, "big") + content

    with pytest.raises(WorkerError, match="cannot be read"):
        pipe.receive(io.BytesIO(framed))


def test_a_message_that_is_cut_ends_the_stream() -> None:
    stream = io.BytesIO()
    pipe.send(stream, Progress(0.1))

    assert pipe.receive(io.BytesIO(stream.getvalue()[:-1])) is None


def test_messages_are_plain_text() -> None:
    assert json.loads(codec.encode(Progress(0.25)))["fields"] == {"fraction": 0.25, "slices": []}
