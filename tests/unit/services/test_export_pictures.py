"""Picture files: whole or not at all, never over another, without a name, in exact numbers."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.qt.viewers.test_picture_maker import volume
from tests.support.canary import FAMILY
from workstation.core.errors import CancelledError, InputRefusedError, SafetyGateError
from workstation.core.identity import SeriesIdentity, StudyIdentity
from workstation.core.job import CancelToken
from workstation.core.picture import Picture
from workstation.core.verdict import Doubt
from workstation.exchange.picture_files import PictureFormat, picture_bytes
from workstation.services.export_pictures import (
    PictureOrder,
    export_pictures,
    export_stored_values,
    free_path,
    series_stem,
)
from workstation.services.guard_burned_in import STORED_TEXTS, require_leave

BURNED_IN = (Doubt("burned_in", "Text is burned into the pixels; it may name the patient."),)


def picture(index: int) -> Picture:
    rows, columns = np.indices((20, 30))
    pixels = ((rows * 7 + columns * 3 + index * 40) % 256).astype(np.uint8)
    return Picture(pixels, 0.5, (f"NOTE  {index // 2}",))


def order(folder: Path, form: PictureFormat = PictureFormat.PNG) -> PictureOrder:
    return PictureOrder(folder, form, "ct-series-4", (0, 1, 2), 300)


@pytest.mark.parametrize("form", [PictureFormat.PNG, PictureFormat.TIFF])
def test_png_and_tiff_keep_every_pixel(tmp_path: Path, form: PictureFormat) -> None:
    written = export_pictures(picture, order(tmp_path, form))

    assert [path.name for path in written.files] == [
        f"ct-series-4-slice-{n:03d}{form.suffix}" for n in (1, 2, 3)
    ]
    for index, path in enumerate(written.files):
        with Image.open(path) as image:
            assert np.array_equal(np.asarray(image), picture(index).pixels)
    assert written.notices == ("NOTE  0", "NOTE  1")


def test_jpeg_stays_near_the_picture(tmp_path: Path) -> None:
    rows, columns = np.indices((64, 64))
    smooth = Picture((rows + columns).astype(np.uint8))

    data = picture_bytes(smooth, PictureFormat.JPEG, quality=92)

    path = tmp_path / "a.jpg"
    path.write_bytes(data)
    with Image.open(path) as image:
        assert np.abs(np.asarray(image).astype(int) - smooth.pixels).max() <= 3


@pytest.mark.parametrize(("form", "tolerance"), [("png", 0.001), ("jpeg", 0.02), ("tiff", 1e-4)])
def test_the_size_of_a_pixel_is_in_the_file(tmp_path: Path, form: str, tolerance: float) -> None:
    path = export_pictures(picture, order(tmp_path, PictureFormat(form))).files[0]

    with Image.open(path) as image:
        across, down = image.info["dpi"]
    assert float(across) == pytest.approx(25.4 / 0.5, rel=tolerance)
    assert float(down) == pytest.approx(25.4 / 0.5, rel=tolerance)


def test_a_picture_without_an_honest_size_states_none() -> None:
    for form in (PictureFormat.PNG, PictureFormat.TIFF):
        data = picture_bytes(Picture(picture(0).pixels), form)

        assert b"pHYs" not in data
        assert b"\x1a\x01" not in data[:8] or form is PictureFormat.PNG


def test_a_series_becomes_the_pages_of_one_tiff(tmp_path: Path) -> None:
    wish = PictureOrder(tmp_path, PictureFormat.TIFF, "ct", (2, 0), 3, is_one_file=True)

    (path,) = export_pictures(picture, wish).files

    with Image.open(path) as image:
        assert getattr(image, "n_frames", 1) == 2
        for page, index in enumerate((2, 0)):
            image.seek(page)
            assert np.array_equal(np.asarray(image), picture(index).pixels)


def test_nothing_is_written_over(tmp_path: Path) -> None:
    first = export_pictures(picture, order(tmp_path)).files[0]
    before = first.read_bytes()

    again = export_pictures(lambda _index: picture(2), order(tmp_path)).files[0]

    assert again.name == "ct-series-4-slice-001-2.png"
    assert first.read_bytes() == before
    assert free_path(first).name == "ct-series-4-slice-001-3.png"


def test_a_full_disk_is_said_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = os.fsync, []

    def full(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(InputRefusedError, match="No space left"):
        export_pictures(picture, order(tmp_path / "out"))

    assert list((tmp_path / "out").glob("*")) == []


def test_a_stop_leaves_nothing(tmp_path: Path) -> None:
    token = CancelToken()

    def draw(index: int) -> Picture:
        if index == 1:
            token.cancel()
        return picture(index)

    with pytest.raises(CancelledError):
        export_pictures(draw, order(tmp_path / "out"), cancel=token)

    assert list((tmp_path / "out").glob("*")) == []


def test_nothing_chosen_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefusedError, match="No picture was chosen"):
        export_pictures(picture, PictureOrder(tmp_path, PictureFormat.PNG, "a", (), 3))


def test_names_of_files_hold_no_word_of_the_headers_but_modality_and_number() -> None:
    study = StudyIdentity("1.2")
    told = SeriesIdentity("1.2.3", study, "C/T", f"{FAMILY} chest", number="4\\..")

    assert series_stem(told) == "c-t-series-4"
    assert series_stem(SeriesIdentity("1.2.3", study)) == "images"


def test_burned_in_text_leaves_only_when_somebody_said_so() -> None:
    with pytest.raises(SafetyGateError, match="burned into the pixels"):
        require_leave(BURNED_IN, has_identity=False, is_accepted=False)

    require_leave(BURNED_IN, has_identity=False, is_accepted=True)
    require_leave(BURNED_IN, has_identity=True, is_accepted=False)
    require_leave((), has_identity=False, is_accepted=False)


def test_drawings_of_the_maker_may_hold_a_name_too() -> None:
    drawn = (Doubt("overlays_shown", "Drawn overlays of the maker are shown."),)

    require_leave(drawn, has_identity=False, is_accepted=False)
    with pytest.raises(SafetyGateError, match="Drawings of the maker"):
        require_leave(drawn, has_identity=False, is_accepted=False, shows_marks=True)


def test_texts_of_a_presentation_state_may_hold_a_name_where_they_are_drawn() -> None:
    written = (Doubt(STORED_TEXTS, "Texts of a presentation state are shown."),)

    require_leave(written, has_identity=False, is_accepted=False)
    with pytest.raises(SafetyGateError, match="Texts of a presentation state"):
        require_leave(written, has_identity=False, is_accepted=False, shows_marks=True)


@pytest.mark.parametrize("form", [PictureFormat.PNG, PictureFormat.TIFF])
def test_stored_values_come_back_exactly_by_the_rule_beside_them(
    tmp_path: Path, form: PictureFormat
) -> None:
    shown = volume()
    wish = PictureOrder(tmp_path, form, "ct", (1, 3), 5)

    *pictures, words = export_stored_values(shown, wish).files

    text = words.read_text("utf-8")
    rule = next(line for line in text.splitlines() if line.startswith("value = pixel"))
    slope, intercept = (float(part) for part in rule.split("x ")[1].split(" + "))
    for path, k in zip(pictures, (1, 3), strict=True):
        with Image.open(path) as image:
            assert image.mode.startswith("I;16")
            stored = np.asarray(image).astype(float)
        assert np.array_equal(stored * slope + intercept, shown.voxels[k])
    assert "HU" in text
    assert FAMILY.lower() not in text.lower()


def test_stored_values_do_not_fit_into_jpeg(tmp_path: Path) -> None:
    with pytest.raises(InputRefusedError, match="JPEG holds 8 bits"):
        export_stored_values(volume(), order(tmp_path, PictureFormat.JPEG))


def test_a_place_that_cannot_be_looked_at_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(InputRefusedError, match="cannot be written"):
        export_pictures(picture, order(tmp_path / ("n" * 300)))
