"""A decoder process that misbehaves on purpose: ``python odd_decoder.py MODE``.

It speaks the protocol up to the point at which it goes wrong, so that the application's side is
tried against every way in which a decoder can die, hang or lie. The mode ``as-coded`` lets the
last byte of the code stream choose, so that one frame of a series can be the bad one. Where it goes
right, every byte of the samples is the first of the code stream.
"""

from __future__ import annotations

import os
import signal
import sys
import time

from workstation.dicom.decode_protocol import REQUEST_BYTES, Outcome, Reply, Request, read_request
from workstation.dicom.decode_slot import attach

FOREVER_S = 3600


def answer(mode: str, request: Request, coded: bytes) -> bytes:
    """Return what the process replies, if it still does."""
    if mode == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if mode == "abort":
        os.kill(os.getpid(), signal.SIGABRT)
    if mode == "victim":
        os.kill(os.getpid(), signal.SIGKILL)
    if mode == "leave":
        os._exit(0)
    if mode == "hang":
        time.sleep(FOREVER_S)
    if mode == "mute":
        os.close(1)
        time.sleep(FOREVER_S)
    if mode == "wild":
        return b"\xff" * (1 << 20)
    if mode == "short":
        return Reply(Outcome.DONE, request.room_bytes - 1).packed()
    if mode == "huge":
        return Reply(Outcome.DONE, 1 << 60).packed()
    if mode == "no memory":
        return Reply(Outcome.NO_MEMORY).packed()
    if mode == "no decoder":
        return Reply(Outcome.NO_DECODER).packed()
    slot = attach(request.slot, request.slot_bytes)
    slot[: request.room_bytes] = coded[:1] * request.room_bytes
    slot.close()
    return Reply(Outcome.DONE, request.room_bytes).packed()


MODES = dict(
    enumerate(
        ("", "crash", "hang", "victim", "leave", "mute", "wild", "short", "huge", "no memory")
    )
)


def main(mode: str) -> None:
    """Serve until told to go wrong."""
    if mode == "deaf":
        time.sleep(FOREVER_S)
    if mode == "stillborn":
        sys.exit(3)
    os.write(1, Reply(Outcome.READY).packed())
    while len(raw := sys.stdin.buffer.read(REQUEST_BYTES)) == REQUEST_BYTES:
        request = read_request(raw)
        slot = attach(request.slot, request.slot_bytes)
        coded = bytes(slot[request.slot_bytes - request.coded_bytes :])
        slot.close()
        chosen = MODES.get(coded[-1], "") if mode == "as-coded" else mode
        os.write(1, answer(chosen, request, coded))


if __name__ == "__main__":
    main(sys.argv[1])
