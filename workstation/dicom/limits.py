"""How much untrusted input may claim before it is refused.

Every figure is checked before memory is taken, so that a small hostile file cannot make the
application ask for more than it could ever need.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from workstation.core.memory import MIB, read_memory

MAX_HEADER_BYTES = 256 * MIB
"""Largest header read; the per-frame groups of 20,000 frames need about 60 MiB."""

MAX_NESTING = 24
"""Deepest nesting of sequences; real objects stay below 10, hostile ones use thousands."""

MAX_INFLATED_BYTES = 1024 * MIB
"""Largest deflated data set taken; a 2,000 slice volume of 512 x 512 x 16 bit."""

MAX_INFLATE_RATIO = 200
"""Largest expansion taken; images deflate 2 to 30 times, bombs more than 900 times."""

SMALL_ENOUGH_BYTES = 1 * MIB
"""Size under which no ratio is asked for: a black 512 x 512 slice deflates 500 times."""

MAX_MEMBER_BYTES = 4096 * MIB
"""Largest file taken out of a zip."""

MAX_ARCHIVE_BYTES = 64 * 1024 * MIB
"""Largest sum of the files of one zip; a large PET-CT examination has 4 GiB."""

MAX_ARCHIVE_MEMBERS = 200_000
"""Most files taken from one zip."""

MAX_FRAME_BYTES = 512 * MIB
"""Largest single frame: 16,384 x 16,384 at 16 bit; digital mammograms need 30 MiB."""

MAX_CODED_BYTES = 1024 * MIB
"""Largest code stream of one frame; a coding never needs twice the bytes of the pixels."""

MAX_FRAMES = 100_000
"""Most frames taken in one object."""

MAX_COMPRESSION_RATIO = 20_000
"""Largest ratio of decoded to encoded bytes; JPEG 2000 codes a black CT slice in 150 bytes."""

MAX_VOLUME_BYTES = 16 * 1024 * MIB
"""Largest volume opened: 8,000 slices of 1024 x 1024 at 16 bit."""


class LimitError(Exception):
    """A claim of the input is beyond its limit; the text is a clause for people."""


def inflate(chunks: Iterable[bytes], compressed_bytes: int, claimed_bytes: int) -> bytes:
    """Return raw deflate data unpacked, never more than the limits allow.

    Args:
        chunks: the compressed bytes, in any pieces.
        compressed_bytes: how many there are.
        claimed_bytes: how large the result may be at most by the container's own word.

    Raises:
        LimitError: the result is larger than claimed or than the limits, or the data is damaged.
    """
    by_ratio = max(compressed_bytes * MAX_INFLATE_RATIO, SMALL_ENOUGH_BYTES)
    cap = min(by_ratio, claimed_bytes)
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    out = bytearray()
    try:
        for chunk in chunks:
            rest = chunk
            while rest:
                out += engine.decompress(rest, cap + 1 - len(out))
                rest = engine.unconsumed_tail
                if len(out) > cap:
                    raise LimitError("its compressed data unpacks to far more than it should")
    except zlib.error as error:
        raise LimitError("its compressed data is damaged") from error
    return bytes(out)


def largest_volume_bytes() -> int:
    """Return how large a volume may be on this machine, beside what is open already."""
    return min(MAX_VOLUME_BYTES, read_memory().room_bytes)


def check_frame(frame_bytes: int, frames: int) -> None:
    """Refuse an image whose claimed size is absurd.

    Raises:
        LimitError: one frame, or their number, is beyond the limits.
    """
    if frame_bytes > MAX_FRAME_BYTES:
        raise LimitError(f"it claims {frame_bytes // MIB} MiB for one image")
    if frames > MAX_FRAMES:
        raise LimitError(f"it claims {frames} frames")
