"""What the application and a decoder process say to each other: two small records over pipes.

The coded bytes and the decoded samples do not travel here; they lie in the slot of memory that the
two share (:mod:`workstation.dicom.decode_slot`). The records have a fixed size, so that nothing a
broken decoder writes can make the application read or take more than that.

Imports nothing heavy: the process that reads this has to be up within milliseconds.
"""

from __future__ import annotations

from enum import IntEnum
from struct import Struct
from typing import NamedTuple


class Codec(IntEnum):
    """The decoder library that a frame needs."""

    RLE = 1
    JPEG = 2
    JPEG_LS = 3
    JPEG_2000 = 4


class Outcome(IntEnum):
    """How it went."""

    READY = 1
    DONE = 2
    DAMAGED = 3
    NO_MEMORY = 4
    NO_DECODER = 5
    TOO_LONG = 6


class Request(NamedTuple):
    """One frame to decode.

    Attributes:
        slot: name of the shared memory.
        slot_bytes: its size; the coded bytes lie at its end, the samples go to its start.
        coded_bytes: how many coded bytes there are.
        room_bytes: how many bytes of samples are expected; more are not taken.
        memory_bytes: how much more memory the decoder may take.
        seconds: how long it may take; the process ends itself after that.
        pixels: rows x columns.
        bits_allocated: of one sample, where the coding does not say (RLE).
        codec: which library.
    """

    slot: str
    slot_bytes: int
    coded_bytes: int
    room_bytes: int
    memory_bytes: int
    seconds: float
    pixels: int
    bits_allocated: int
    codec: Codec

    def packed(self) -> bytes:
        """Return the record as bytes."""
        return _REQUEST.pack(self.slot.encode(), *self[1:])


class Reply(NamedTuple):
    """What became of it.

    Attributes:
        outcome: how it went.
        size: bytes of samples at the start of the slot.
    """

    outcome: Outcome
    size: int = 0

    def packed(self) -> bytes:
        """Return the record as bytes."""
        return _REPLY.pack(*self)


_REQUEST = Struct("<64sQQQQdQHB")
_REPLY = Struct("<BQ")

REQUEST_BYTES = _REQUEST.size
REPLY_BYTES = _REPLY.size


def read_request(raw: bytes) -> Request:
    """Return the request in ``raw``."""
    slot, *numbers, codec = _REQUEST.unpack(raw)
    return Request._make((slot.rstrip(b"\0").decode(), *numbers, Codec(codec)))


def read_reply(raw: bytes) -> Reply | None:
    """Return the reply in ``raw``; None where it is none (the process ended, or went wild)."""
    if len(raw) != REPLY_BYTES:
        return None
    outcome, size = _REPLY.unpack(raw)
    return Reply(Outcome(outcome), size) if outcome in _OUTCOMES else None


_OUTCOMES = frozenset(map(int, Outcome))
