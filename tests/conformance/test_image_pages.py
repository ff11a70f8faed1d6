"""Images on paper, judged by poppler and qpdf: words, pages, grays, and millimeters."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.support.canary import FAMILY
from tests.support.series import CANARY_PATIENT
from tests.support.tools import run_tool, tool
from workstation.core.errors import InputRefusedError
from workstation.core.identity import StudyIdentity
from workstation.core.phi import Phi
from workstation.core.picture import Picture
from workstation.printing.image_pages import (
    ImagePages,
    PrintedImage,
    SheetLayout,
    SheetOrder,
    write_pdf,
)
from workstation.report.page import PageFormat

pytestmark = pytest.mark.usefixtures("qapp")

STUDY = StudyIdentity(
    "1.2", CANARY_PATIENT, accession_number=Phi("ACC-9"), study_date="20250131",
    description="CT chest",
)  # fmt: skip
ORDER = SheetOrder(study=STUDY, foot="Printed 2025-02-01 10:00 by Dr. Reader")


def flat(level: int, size: int = 100, mm_per_px: float | None = 0.5) -> PrintedImage:
    pixels = np.full((size, size), level, dtype=np.uint8)
    return PrintedImage(Picture(pixels, mm_per_px), (f"Slice {level} of 300",))


def pdf(path: Path, images: tuple[PrintedImage, ...], order: SheetOrder = ORDER) -> Path:
    write_pdf(ImagePages(images, order), order, path)
    return path


def words(path: Path) -> str:
    return run_tool("pdftotext", "-layout", path, "-").text


def page(path: Path, number: int = 1, dpi: int = 100) -> np.ndarray:
    out = path.with_suffix("")
    command = [tool("pdftoppm"), "-r", str(dpi), "-f", str(number), "-l", str(number), "-png",
               "-singlefile", str(path), str(out)]  # fmt: skip
    subprocess.run(command, check=True, timeout=60, capture_output=True)
    with Image.open(out.with_suffix(".png")) as image:
        return np.asarray(image.convert("RGB"))


def test_each_page_names_the_patient_the_study_the_slice_and_its_number(tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", tuple(flat(level) for level in range(1, 6)))

    text = words(path)

    assert run_tool("qpdf", "--check", path).code == 0
    assert text.count(FAMILY) == 2
    for part in ("ACC-9", "2025-01-31", "CT chest", "Slice 5 of 300", "Page 2 of 2"):
        assert part in text
    assert text.count("Not for diagnosis") == 2
    assert "Printed 2025-02-01 10:00 by Dr. Reader" in text


def test_without_identity_nothing_in_the_file_names_the_patient(tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", (flat(7),), replace(ORDER, study=None))

    plain = tmp_path / "plain.pdf"
    run_tool("qpdf", "--qdf", "--object-streams=disable", path, plain)

    assert FAMILY not in words(path)
    assert "Anonymous" in words(path)
    assert FAMILY.encode() not in plain.read_bytes()
    assert b"ACC-9" not in plain.read_bytes()


@pytest.mark.parametrize("level", [0, 1, 64, 128, 254, 255])
def test_grays_on_paper_are_those_of_the_picture(tmp_path: Path, level: int) -> None:
    drawn = page(pdf(tmp_path / "a.pdf", (flat(level),), replace(ORDER, layout=SheetLayout.ONE)))

    rows, columns = drawn.shape[:2]
    middle = drawn[rows // 3, columns // 2]
    assert middle.tolist() == [level] * 3


def test_a_white_ground_is_said_and_turns_every_gray(tmp_path: Path) -> None:
    order = replace(ORDER, layout=SheetLayout.ONE, is_inverted=True)
    path = pdf(tmp_path / "a.pdf", (flat(30),), order)

    drawn = page(path)

    assert drawn[drawn.shape[0] // 3, drawn.shape[1] // 2].tolist() == [225] * 3
    assert "Inverted" in words(path)


@pytest.mark.parametrize("layout", list(SheetLayout))
@pytest.mark.parametrize("is_landscape", [False, True])
def test_as_many_pictures_stand_on_a_page_as_the_layout_says(
    tmp_path: Path, layout: SheetLayout, *, is_landscape: bool
) -> None:
    count = int(layout.value[0]) * int(layout.value[2])
    order = replace(ORDER, layout=layout, is_landscape=is_landscape)
    images = tuple(flat(90, 40) for _ in range(count + 1))

    pages = ImagePages(images, order)

    assert pages.page_count == 2
    text = words(pdf(tmp_path / "a.pdf", images, order))
    assert text.split("\f")[0].count("Slice 90") == count


@pytest.mark.parametrize("paper", list(PageFormat))
def test_true_size_is_a_millimeter_for_a_millimeter_on_either_paper(
    tmp_path: Path, paper: PageFormat
) -> None:
    order = replace(ORDER, layout=SheetLayout.ONE, has_true_size=True, page_format=paper)
    dpi = 254
    drawn = page(pdf(tmp_path / "a.pdf", (flat(90, 240, 0.5),), order), dpi=dpi)

    inside = np.argwhere((drawn == 90).all(axis=2))
    height, width = inside.max(axis=0) - inside.min(axis=0) + 1
    assert width / dpi * 25.4 == pytest.approx(120.0, abs=0.3)
    assert height / dpi * 25.4 == pytest.approx(120.0, abs=0.3)


def test_the_ruler_is_five_centimeters_long(tmp_path: Path) -> None:
    order = replace(ORDER, layout=SheetLayout.ONE, has_true_size=True)
    dpi = 254
    drawn = page(pdf(tmp_path / "a.pdf", (flat(200, 200, 0.5),), order), dpi=dpi)

    below = np.argwhere((drawn == 200).all(axis=2)).max(axis=0)[0] + 5
    dark = drawn[below : below + 40].max(axis=2) < 100
    line = dark[dark.sum(axis=1).argmax()]
    edges = np.flatnonzero(np.diff(np.concatenate(([0], line.astype(int), [0]))))
    longest = (edges[1::2] - edges[::2]).max()
    assert longest / dpi * 25.4 == pytest.approx(50.0, abs=0.5)


@pytest.mark.parametrize(
    ("image", "sentence"),
    [(flat(90, 100, None), "no reliable size"), (flat(90, 900, 0.5), "too large for this page")],
)
def test_true_size_is_refused_where_it_would_be_none(image: PrintedImage, sentence: str) -> None:
    order = replace(ORDER, layout=SheetLayout.ONE, has_true_size=True)

    with pytest.raises(InputRefusedError, match=sentence):
        ImagePages((image,), order)


def test_the_preview_is_the_page(tmp_path: Path) -> None:
    images = (flat(128), flat(30))
    printed = page(pdf(tmp_path / "a.pdf", images), dpi=60)

    shown = ImagePages(images, ORDER).preview(0, printed.shape[1])

    for x in range(0, printed.shape[1], 7):
        for y in range(60, min(printed.shape[0], shown.height()) - 60, 7):
            if printed[y, x].tolist() in ([128] * 3, [30] * 3):
                nearby = printed[y - 2 : y + 3, x - 2 : x + 3]
                if (nearby == printed[y, x]).all():
                    assert abs(shown.pixelColor(x, y).red() - int(printed[y, x, 0])) <= 1


def test_no_picture_makes_no_page() -> None:
    with pytest.raises(InputRefusedError, match="No picture"):
        ImagePages((), ORDER)
