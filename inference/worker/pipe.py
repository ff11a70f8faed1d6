"""Messages on a pipe: four bytes of length, big-endian, then that many bytes of JSON."""

from __future__ import annotations

import struct
from typing import IO

from inference.worker import codec
from inference.worker.protocol import (
    Answer,
    Arrived,
    Call,
    Cancel,
    Failure,
    LookAt,
    Message,
    Progress,
    Ready,
)

MAX_MESSAGE_BYTES = 256 * 1024**2
"""Largest message taken; drafts are a few hundred kB, so more than this is a broken pipe."""


def send(stream: IO[bytes], message: Message) -> None:
    """Write one message and flush it.

    Raises:
        OSError: the other side is gone.
    """
    content = codec.encode(message)
    stream.write(struct.pack(">I", len(content)) + content)
    stream.flush()


def receive(stream: IO[bytes]) -> Message | None:
    """Read one message; None at the end of the stream.

    Raises:
        WorkerError: what came is not a message.
    """
    header = stream.read(4)
    if len(header) < 4:
        return None
    (length,) = struct.unpack(">I", header)
    if length > MAX_MESSAGE_BYTES:
        raise codec.unreadable("it is far too long")
    content = stream.read(length)
    if len(content) < length:
        return None
    message = codec.decode(content)
    kinds = Ready | Call | Arrived | LookAt | Cancel | Progress | Answer | Failure
    if not isinstance(message, kinds):
        raise codec.unreadable("it is no message")
    return message
