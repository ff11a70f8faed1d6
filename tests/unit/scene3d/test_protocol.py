"""Messages come back as they were sent; what is no message is an error and not a guess."""

from __future__ import annotations

import io

import pytest

from viewers.scene3d import protocol
from viewers.scene3d.protocol import (
    AddRegion,
    Busy,
    Draw,
    Load,
    Message,
    Picture,
    Ready,
    SharedArray,
)
from workstation.core.errors import WorkerError

ARRAY = SharedArray("psm_1", (2, 3, 4), "int16")
MESSAGES: list[Message] = [
    Load(ARRAY, tuple(float(n) for n in range(16)), 1.0, -1024.0, has_coarse=True),
    AddRegion(3, ARRAY, (1.0, 2.0, 3.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 0.5)),
    Draw(
        7, 800, 600, False, (1.0,) * 9, (0.0, 1.0, 2.0), 1.5, "mip", ((0.0, 0.1), (1.0, 0.2)),
        ((0.0, 1.0, 1.0, 1.0),), (0.1, 0.8, 0.2, 10.0), ((0.0,) * 6,), ((1.0, 0.5, 0.5, 0.5),),
    ),
    Busy(),
    Ready(1, "llvmpipe", is_software=True, most_side=0),
    Picture(7, 1, 800, 600, is_full=True, is_coarse=False, ms=12.5),
]  # fmt: skip


@pytest.mark.parametrize("message", MESSAGES, ids=lambda one: type(one).__name__)
def test_a_message_comes_back_as_it_was_sent(message: Message) -> None:
    stream = io.BytesIO()
    protocol.send(stream, message)
    stream.seek(0)

    assert protocol.receive(stream) == message
    assert protocol.receive(stream) is None


@pytest.mark.parametrize(
    "content", [b"{}", b'["Quit", {}]', b'["Ready", {"a": 1}]', b'["Ready"]', b"\xff", b"[1, 2]"]
)
def test_what_is_no_message_is_refused(content: bytes) -> None:
    with pytest.raises(WorkerError):
        protocol.decode(content)


def test_a_length_beyond_reason_is_refused_before_anything_is_read() -> None:
    with pytest.raises(WorkerError):
        protocol.receive(io.BytesIO(b"\xff\xff\xff\xff" + b"x" * 10))


def test_a_message_cut_off_is_the_end() -> None:
    stream = io.BytesIO()
    protocol.send(stream, MESSAGES[0])

    assert protocol.receive(io.BytesIO(stream.getvalue()[:-1])) is None
