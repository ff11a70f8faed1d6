"""prelim picture, movie and media: files, exit codes, one JSON value, no name unless asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pydicom import dcmread

from tests.support.canary import FAMILY
from tests.support.series import tiny_series
from workstation.__main__ import main

pytestmark = [
    pytest.mark.usefixtures("qapp"),
    pytest.mark.filterwarnings("ignore::UserWarning:pydicom"),
]

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def prelim(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str | Path) -> tuple[int, str, str]:
        code = main([str(one) for one in arguments])
        written = capsys.readouterr()
        return code, written.out, written.err

    return run


@pytest.fixture
def received(tmp_path: Path) -> Path:
    tiny_series(tmp_path / "received")
    return tmp_path / "received"


def value(out: str) -> dict[str, Any]:
    found = json.loads(out)
    assert isinstance(found, dict)
    return found


def test_pictures_of_chosen_slices_are_written(prelim: Run, received: Path, tmp_path: Path) -> None:
    code, out, _ = prelim(
        "picture", received, "--out", tmp_path / "out", "--slice", "2-4", "--window", "0,500",
        "--json",
    )  # fmt: skip

    files = [Path(name) for name in value(out)["files"]]
    assert code == 0
    assert [path.name[-7:] for path in files] == ["002.png", "003.png", "004.png"]
    with Image.open(files[0]) as image:
        assert image.size == (16, 12)


@pytest.mark.parametrize("form", ["png", "jpeg", "tiff"])
def test_no_name_is_in_any_file_unless_asked(
    prelim: Run, received: Path, tmp_path: Path, form: str
) -> None:
    arguments = ("picture", received, "--slice", "3", "--format", form, "--annotations", "--json")
    _, anonymous, _ = prelim(*arguments, "--out", tmp_path / "a")
    _, named, _ = prelim(*arguments, "--identity", "--out", tmp_path / "b")

    (without,), (asked,) = value(anonymous)["files"], value(named)["files"]
    assert value(anonymous)["identity"] is False
    assert FAMILY.lower() not in without.lower()
    assert FAMILY.lower().encode() not in Path(without).read_bytes().lower()
    with Image.open(without) as one, Image.open(asked) as other:
        assert one.size == other.size
        box = (0, 0, one.size[0] // 2, one.size[1] // 4)
        assert one.crop(box).tobytes() != other.crop(box).tobytes()
        low = (0, one.size[1] // 2, *one.size)
        if form != "jpeg":
            assert one.crop(low).tobytes() == other.crop(low).tobytes()


def test_stored_values_and_pages_are_written(prelim: Run, received: Path, tmp_path: Path) -> None:
    stored, out, _ = prelim(
        "picture", received, "--out", tmp_path / "s", "--stored", "--slice", "all", "--json"
    )
    pages, _, _ = prelim(
        "picture",
        received,
        "--out",
        tmp_path / "p",
        "--format",
        "tiff",
        "--pages",
        "--slice",
        "all",
    )

    assert (stored, pages) == (0, 0)
    assert len(value(out)["files"]) == 6
    (path,) = (tmp_path / "p").iterdir()
    with Image.open(path) as image:
        assert getattr(image, "n_frames", 1) == 5


def test_burned_in_text_is_refused_by_the_safety_gate(
    prelim: Run, received: Path, tmp_path: Path
) -> None:
    for path in received.iterdir():
        header = dcmread(path)
        header.BurnedInAnnotation = "YES"
        header.save_as(path)

    refused, out, _ = prelim("picture", received, "--out", tmp_path / "a", "--json")
    allowed, _, _ = prelim("picture", received, "--out", tmp_path / "b", "--burned-in-ok")

    assert (refused, allowed) == (4, 0)
    assert "burned into the pixels" in value(out)["error"]["why"]
    assert not (tmp_path / "a").exists()


def test_a_movie_is_written(prelim: Run, received: Path, tmp_path: Path) -> None:
    code, out, _ = prelim(
        "movie", received, "--out", tmp_path / "a.mp4", "--rate", "10", "--codec", "av1", "--json"
    )

    told = value(out)
    assert code == 0
    assert (told["pictures"], told["size_px"], told["codec"]) == (5, [16, 12], "AV1")
    assert Path(told["path"]).stat().st_size > 100


def test_media_accounts_for_every_file(prelim: Run, received: Path, tmp_path: Path) -> None:
    (received / "notes.txt").write_text("words")

    code, out, _ = prelim("media", received, "--out", tmp_path / "disk", "--json")

    told = value(out)
    assert code == 0
    assert told["received"] == told["written"] + len(told["left_out"]) == 6
    assert told["left_out"][0]["reason"] == "it is no DICOM file"
    assert (tmp_path / "disk" / "DICOMDIR").is_file()


def test_media_is_never_written_over_a_disk(prelim: Run, received: Path, tmp_path: Path) -> None:
    prelim("media", received, "--out", tmp_path / "a.iso")

    code, _, err = prelim("media", received, "--out", tmp_path / "a.iso")

    assert code == 3
    assert "not written over" in err


@pytest.mark.parametrize(
    "arguments",
    [
        ("picture", "--slice", "9"),
        ("picture", "--slice", "b"),
        ("picture", "--window", "40"),
        ("picture", "--window", "40,0"),
        ("picture", "--format", "gif"),
        ("picture", "--identity"),
        ("picture", "--pages"),
        ("picture", "--plane", "upside-down"),
        ("movie", "--codec", "divx"),
    ],
)
def test_what_cannot_be_asked_is_a_wrong_usage(
    prelim: Run, received: Path, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    command, *rest = arguments

    code, _, err = prelim(command, received, "--out", tmp_path / "out.mp4", *rest)

    assert code == 2
    assert err.strip()
    assert not (tmp_path / "out.mp4").exists()
