"""Movies, judged by ffprobe and decoded by ffmpeg: count, size, rate and the pictures."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.support.canary import FAMILY
from tests.support.tools import run_tool, tool
from workstation.core.errors import CancelledError, InputRefusedError
from workstation.core.job import CancelToken
from workstation.core.picture import Picture
from workstation.exchange.movie_av1 import has_av1
from workstation.exchange.movie_ffmpeg import find_encoder
from workstation.services import export_movie as module
from workstation.services.export_movie import MovieCodec, MovieOrder, export_movie

CODECS = (MovieCodec.AV1, MovieCodec.H264)

NEAR_GRAY, NEAR_COLOR = 3.0, 6.0
"""Mean difference of a decoded picture from its source, in gray levels: encoders lose detail of
noise, and share a color between four pixels."""


def gray(index: int, rows: int = 96, columns: int = 128) -> Picture:
    row, column = np.indices((rows, columns))
    pixels = (row + column // 2).astype(np.uint8)
    pixels[20:40, 10 + 5 * index : 30 + 5 * index] = 250
    return Picture(pixels, None, ("NOTE  a",))


def color(index: int) -> Picture:
    pixels = np.zeros((96, 128, 3), dtype=np.uint8)
    pixels[..., 0] = 40
    pixels[30:60, 5 * index : 40 + 5 * index] = (200, 80, 20)
    return Picture(pixels)


def made(
    path: Path, codec: MovieCodec, draw: Callable[[int], Picture] = gray, rate: float = 12.5
) -> Path:
    if codec is MovieCodec.H264 and find_encoder() is None:
        tool("ffmpeg")
    if codec is MovieCodec.AV1:
        assert has_av1()
    return export_movie(draw, MovieOrder(path, tuple(range(9)), rate, codec)).path


def probed(path: Path) -> dict[str, Any]:
    words = "stream=codec_name,codec_type,width,height,nb_read_frames,avg_frame_rate,duration"
    found = run_tool(
        "ffprobe", "-v", "error", "-count_frames", "-show_entries", words, "-of", "json", path
    )
    assert found.code == 0
    (stream,) = json.loads(found.text)["streams"]
    assert isinstance(stream, dict)
    return stream


def decoded(path: Path, width: int, height: int) -> np.ndarray:
    command = [tool("ffmpeg"), "-v", "error", "-i", str(path), "-f", "rawvideo",
               "-pix_fmt", "rgb24", "-"]  # fmt: skip
    raw = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout
    return np.frombuffer(raw, np.uint8).reshape(-1, height, width, 3)


@pytest.mark.parametrize("codec", CODECS)
def test_a_movie_has_the_pictures_the_size_and_the_rate_asked_for(
    tmp_path: Path, codec: MovieCodec
) -> None:
    stream = probed(made(tmp_path / "a.mp4", codec))

    assert stream["codec_name"] == codec.value
    assert (stream["width"], stream["height"]) == (128, 96)
    assert stream["nb_read_frames"] == "9"
    assert stream["avg_frame_rate"] == "25/2"
    assert float(stream["duration"]) == pytest.approx(9 / 12.5, abs=0.01)


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize(("draw", "near"), [(gray, NEAR_GRAY), (color, NEAR_COLOR)])
def test_decoded_pictures_are_near_their_sources_and_in_order(
    tmp_path: Path, codec: MovieCodec, draw: Callable[[int], Picture], near: float
) -> None:
    frames = decoded(made(tmp_path / "a.mp4", codec, draw), 128, 96).astype(float)

    assert len(frames) == 9
    for index, frame in enumerate(frames):
        pixels = draw(index).pixels
        source = pixels if pixels.ndim == 3 else pixels[..., None].repeat(3, axis=2)
        assert np.abs(frame - source).mean() < near


@pytest.mark.parametrize("codec", CODECS)
def test_an_odd_size_is_filled_up_and_not_scaled(tmp_path: Path, codec: MovieCodec) -> None:
    path = made(tmp_path / "a.mp4", codec, lambda index: gray(index, 95, 127))

    frames = decoded(path, 128, 96)

    assert np.abs(frames[4, :95, :127, 0].astype(float) - gray(4, 95, 127).pixels).mean() < 3
    assert frames[4, :80, 127].mean() < 60


@pytest.mark.parametrize("codec", CODECS)
def test_a_movie_carries_no_word_beside_its_pictures(tmp_path: Path, codec: MovieCodec) -> None:
    path = made(tmp_path / "a.mp4", codec)

    found = run_tool("ffprobe", "-v", "error", "-show_format", "-show_streams", path)

    assert FAMILY.lower() not in found.text.lower()
    assert "creation_time" not in found.text


def test_a_movie_is_not_written_over_another(tmp_path: Path) -> None:
    first = made(tmp_path / "a.mp4", MovieCodec.AV1)
    before = first.read_bytes()

    second = made(tmp_path / "a.mp4", MovieCodec.AV1)

    assert second.name == "a-2.mp4"
    assert first.read_bytes() == before


def test_a_stop_leaves_nothing(tmp_path: Path) -> None:
    token = CancelToken()

    def draw(index: int) -> Picture:
        if index == 3:
            token.cancel()
        return gray(index)

    order = MovieOrder(tmp_path / "out" / "a.mp4", tuple(range(9)))
    with pytest.raises(CancelledError):
        export_movie(draw, order, cancel=token)

    assert not (tmp_path / "out").exists()


def test_without_an_encoder_the_sentence_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "find_encoder", lambda: None)

    with pytest.raises(InputRefusedError, match="Choose AV1, or install ffmpeg"):
        export_movie(gray, MovieOrder(tmp_path / "a.mp4", (0, 1), codec=MovieCodec.H264))
    monkeypatch.setattr(module, "has_av1", lambda: False)
    with pytest.raises(InputRefusedError, match="Install ffmpeg, or export pictures"):
        export_movie(gray, MovieOrder(tmp_path / "a.mp4", (0, 1)))


@pytest.mark.parametrize(
    ("order", "sentence"),
    [
        (MovieOrder(Path("a.mp4"), (0,)), "two pictures or more"),
        (MovieOrder(Path("a.mp4"), (0, 1), rate=500.0), "rate cannot be shown"),
    ],
)
def test_what_is_no_movie_is_refused(order: MovieOrder, sentence: str) -> None:
    with pytest.raises(InputRefusedError, match=sentence):
        export_movie(gray, order)


def test_pictures_that_grow_are_refused_and_not_cut(tmp_path: Path) -> None:
    with pytest.raises(InputRefusedError, match="differ in size"):
        export_movie(
            lambda index: gray(index, 96 + 10 * index), MovieOrder(tmp_path / "a.mp4", (0, 1))
        )
