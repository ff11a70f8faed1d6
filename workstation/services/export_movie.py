"""Export a movie of a series: what was seen, slice after slice, at an even rate."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

import numpy as np

from workstation.core.errors import InputRefusedError
from workstation.core.job import CancelToken
from workstation.core.picture import Picture
from workstation.exchange.movie_av1 import av1_movie, has_av1
from workstation.exchange.movie_ffmpeg import find_encoder, h264_movie
from workstation.services.export_pictures import Draw, free_path
from workstation.services.report_files import write_atomically

__all__ = ["MovieCodec", "MovieOrder", "MovieWritten", "export_movie"]

SLOWEST_RATE, FASTEST_RATE = 0.5, 60.0
"""Pictures per second: a slide show, and what screens show at most."""

FEWEST_PICTURES = 2
"""One picture does not move."""


class MovieCodec(Enum):
    """How a movie is encoded; the value is the word of the command line."""

    AUTO = "auto"
    H264 = "h264"
    AV1 = "av1"


@dataclass(frozen=True, slots=True)
class MovieOrder:
    """Which movie is to be written.

    Attributes:
        path: the file, ``.mp4``; a number is added where it is there already.
        indices: slices, 0-based, in the order in which they are shown.
        rate: pictures per second.
        codec: AUTO takes H.264 where this machine has an encoder, else AV1.
    """

    path: Path
    indices: tuple[int, ...]
    rate: float = 15.0
    codec: MovieCodec = MovieCodec.AUTO


@dataclass(frozen=True, slots=True)
class MovieWritten:
    """What an export left.

    Attributes:
        path: the file.
        codec: ``H.264`` or ``AV1``.
        size_px: width and height.
        pictures: how many.
        rate: pictures per second.
        notices: what the bands of the pictures say, each once.
    """

    path: Path
    codec: str
    size_px: tuple[int, int]
    pictures: int
    rate: float
    notices: tuple[str, ...] = ()


def export_movie(
    draw: Draw,
    order: MovieOrder,
    *,
    cancel: CancelToken | None = None,
    progress: Callable[[float], None] | None = None,
) -> MovieWritten:
    """Write a movie, whole or not at all.

    Args:
        draw: gives the picture of a slice.
        order: which, and where to.
        cancel: stops it.
        progress: told the done part, 0..1.

    Raises:
        InputRefusedError: too few pictures, a rate no player shows, a codec that is not there, or
            a place that cannot be written.
        CancelledError: it was cancelled.
    """
    if len(order.indices) < FEWEST_PICTURES:
        raise InputRefusedError(
            "A movie needs two pictures or more", todo="Export a picture instead"
        )
    if not SLOWEST_RATE <= order.rate <= FASTEST_RATE:
        limits = f"{SLOWEST_RATE:g} to {FASTEST_RATE:g} pictures per second can be had"
        raise InputRefusedError("This rate cannot be shown", why=limits)
    token, size, notices = cancel or CancelToken(), [(0, 0)], dict[str, None]()

    def pictures() -> Iterator[Picture]:
        for done, index in enumerate(order.indices):
            token.raise_if_cancelled()
            picture = draw(index)
            if not done:
                size[0] = _even(picture.size)
            notices.update(dict.fromkeys(picture.notices))
            yield _fitted(picture, size[0])
            if progress:
                progress((done + 1) / len(order.indices))

    codec, data = _encoded(pictures(), order)
    path = free_path(order.path.with_suffix(".mp4"))
    write_atomically(path, data)
    return MovieWritten(path, codec, size[0], len(order.indices), order.rate, tuple(notices))


def _encoded(pictures: Iterator[Picture], order: MovieOrder) -> tuple[str, bytes]:
    encoder = None if order.codec is MovieCodec.AV1 else find_encoder()
    if encoder is not None:
        return "H.264", h264_movie(pictures, rate=order.rate, encoder=encoder)
    if order.codec is MovieCodec.H264:
        raise InputRefusedError(
            "There is no H.264 encoder on this machine",
            why="Prelim brings none, and no ffmpeg with one was found",
            todo="Choose AV1, or install ffmpeg",
        )
    if not has_av1():
        raise InputRefusedError(
            "There is no encoder for movies on this machine",
            why="neither ffmpeg nor the AV1 encoder of Pillow was found",
            todo="Install ffmpeg, or export pictures",
        )
    return "AV1", av1_movie(pictures, rate=order.rate)


def _even(size: tuple[int, int]) -> tuple[int, int]:
    """Return the next even size: encoders share a color between 2 x 2 pixels."""
    return size[0] + size[0] % 2, size[1] + size[1] % 2


def _fitted(picture: Picture, size: tuple[int, int]) -> Picture:
    """Return a picture with black at its right and lower edge, up to a size."""
    width, height = picture.size
    if (width, height) == size:
        return picture
    if width > size[0] or height > size[1]:
        raise InputRefusedError(
            "The pictures of this movie differ in size",
            why="some carry a longer notice than the first",
            todo="Choose slices that carry the same notices, or export pictures",
        )
    pad = [(0, size[1] - height), (0, size[0] - width)] + [(0, 0)] * (picture.pixels.ndim - 2)
    return replace(picture, pixels=np.pad(picture.pixels, pad))
