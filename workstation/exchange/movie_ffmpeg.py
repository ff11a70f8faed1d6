"""Movies as H.264 in MP4, by the ffmpeg of this machine where there is one.

Prelim does not bring an H.264 encoder: those that come as Python wheels are under the GPL. A
program of the machine is only called; see the decision "Movies".
"""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import IO

from workstation.core.picture import Picture
from workstation.exchange.movie_av1 import MovieError

ENCODERS: dict[str, tuple[str, ...]] = {
    "libx264": ("-crf", "16", "-preset", "medium"),
    "libopenh264": ("-b:v", "12M"),
    "h264_videotoolbox": ("-b:v", "12M"),
    "h264_mf": ("-b:v", "12M"),
}
"""H.264 encoders that an ffmpeg may have, the best first, with their options for still detail."""

ASK_LIMIT_S = 20
"""An ffmpeg that has not listed its encoders by then is of no use."""

_QUIET = getattr(subprocess, "CREATE_NO_WINDOW", 0)


def find_encoder() -> tuple[str, str] | None:
    """Return (program, encoder) of this machine; None where there is none."""
    program = shutil.which("ffmpeg")
    if program is None:
        return None
    try:
        listed = subprocess.run(
            [program, "-hide_banner", "-encoders"],
            capture_output=True,
            timeout=ASK_LIMIT_S,
            check=True,
            creationflags=_QUIET,
        ).stdout.decode("utf-8", "replace")
    except (OSError, subprocess.SubprocessError):
        return None
    words = set(listed.split())
    return next(((program, name) for name in ENCODERS if name in words), None)


def h264_movie(pictures: Iterator[Picture], *, rate: float, encoder: tuple[str, str]) -> bytes:
    """Return an MP4 movie.

    Args:
        pictures: all of one even size.
        rate: pictures per second.
        encoder: as :func:`find_encoder` gives it.

    Raises:
        MovieError: ffmpeg failed.
    """
    program, name = encoder
    first = next(pictures)
    with tempfile.TemporaryDirectory(prefix="prelim-") as folder:
        out = Path(folder) / "movie.mp4"
        command = [program, *_input(first, rate), *_output(name), str(out)]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, creationflags=_QUIET
        ) as running:
            try:
                _feed(running.stdin, chain((first,), pictures))
            except BaseException:
                running.kill()
                raise
            code = running.wait()
        if code != 0 or not out.is_file():
            raise MovieError(
                "The movie could not be made",
                why="ffmpeg, a program of this machine, failed",
                todo="Choose AV1, which needs no other program",
            )
        return out.read_bytes()


def _input(first: Picture, rate: float) -> list[str]:
    width, height = first.size
    size = f"{width}x{height}"
    kind = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", size, "-r", f"{rate:g}", "-i", "-"]
    return ["-v", "error", "-nostdin", "-y", *kind]


def _output(name: str) -> list[str]:
    colors = "scale=out_color_matrix=bt709:out_range=tv"
    tags = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]
    plain = ["-map_metadata", "-1", "-fflags", "+bitexact", "-movflags", "+faststart"]
    return [
        "-an",
        "-c:v",
        name,
        *ENCODERS[name],
        "-vf",
        colors,
        "-pix_fmt",
        "yuv420p",
        *tags,
        *plain,
    ]


def _feed(into: IO[bytes] | None, pictures: Iterator[Picture]) -> None:
    if into is None:
        raise TypeError("the process was started without an input")
    # An ffmpeg that ended early says why by its exit code.
    with contextlib.suppress(BrokenPipeError):
        for picture in pictures:
            gray = picture.pixels.ndim == 2
            rgb = picture.pixels[..., None].repeat(3, axis=2) if gray else picture.pixels
            into.write(rgb.tobytes())
        into.close()
