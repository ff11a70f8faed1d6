"""Poppler and qpdf read our PDFs: text, pages, signature."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.reports import (
    AT,
    StillClock,
    draft_events,
    drafted,
    every_script,
    reviewed_events,
)
from tests.support.signed import ORGANIZATION, SIGNER, sign_here
from tests.support.tools import fonts_for, run_tool
from workstation.core.errors import InputRefusedError
from workstation.printing.report_pdf import ReportPdf
from workstation.report.document import ReportDocument, Section
from workstation.report.events import AddendumStarted, Event, StatementAdded, fold
from workstation.report.layout import NOT_SIGNED
from workstation.report.page import PageFormat
from workstation.services.export_report import ExportKind, export
from workstation.services.verify_signatures import verify

LONG = "The lungs show a pattern that needs several lines of text to be described at all. " * 4


def text_of(path: Path, page: int | None = None) -> str:
    pages = [] if page is None else ["-f", str(page), "-l", str(page)]
    raw = run_tool("pdftotext", "-layout", *pages, path, "-").text
    return " ".join(raw.split())


def long_report(sentences: int) -> tuple[tuple[str, ...], ReportDocument]:
    statements = tuple(
        drafted(f"s{n}", f"Sentence {n}: {LONG}", facts=()) for n in range(1, sentences + 1)
    )
    return tuple(s.text for s in statements), fold(draft_events(statements, facts=()))


@pytest.mark.usefixtures("qapp")
def test_pdfsig_says_the_signature_is_valid(tmp_path: Path) -> None:
    signed = sign_here(reviewed_events(), tmp_path)

    said = run_tool("pdfsig", "-nocert", signed.report_pdf).text

    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert f"Common Name: {SIGNER}" in said
    assert "ETSI.CAdES.detached" in said


@pytest.mark.usefixtures("qapp")
def test_one_flipped_byte_is_a_digest_mismatch(tmp_path: Path) -> None:
    signed = sign_here(reviewed_events(), tmp_path)
    data = bytearray(signed.report_pdf.read_bytes())
    place = data.index(b"stream\n") + 40
    data[place] ^= 0x01
    path = tmp_path / "flipped.pdf"
    path.write_bytes(bytes(data))

    said = run_tool("pdfsig", "-nocert", path).text

    (verdict,) = verify([path])
    assert "Digest Mismatch." in said
    assert not verdict.holds


@pytest.mark.usefixtures("qapp")
def test_something_appended_to_a_signed_pdf_does_not_pass(tmp_path: Path) -> None:
    signed = sign_here(reviewed_events(), tmp_path)
    path = tmp_path / "longer.pdf"
    path.write_bytes(signed.report_pdf.read_bytes() + b"\n% more\n")

    (verdict,) = verify([path])

    assert not verdict.holds


@pytest.mark.usefixtures("qapp")
def test_qpdf_finds_no_fault_in_the_signed_file(tmp_path: Path) -> None:
    signed = sign_here(every_script(), tmp_path)

    said = run_tool("qpdf", "--check", signed.report_pdf)

    assert said.code == 0, said.text


@pytest.mark.usefixtures("qapp")
def test_the_signed_page_shows_name_time_zone_and_meaning(tmp_path: Path) -> None:
    signed = sign_here(reviewed_events(), tmp_path)

    text = text_of(signed.report_pdf)

    assert f"Electronically signed by: {SIGNER}, {ORGANIZATION}" in text
    assert "2025-03-01 14:05:33 UTC+01:00" in text
    assert "Meaning of signature: Approved as final report" in text
    assert "Reviewed and edited by" in text
    assert NOT_SIGNED not in text


@pytest.mark.usefixtures("qapp")
def test_each_page_carries_the_patient_the_page_number_and_the_notice(tmp_path: Path) -> None:
    sentences, document = long_report(30)
    path = tmp_path / "long.pdf"

    printed = ReportPdf().print_pdf(document, path)

    assert printed.pages > 2
    for page in range(1, printed.pages + 1):
        text = text_of(path, page)
        assert "Zyxcanary, Quorra" in text
        assert "ZYXID-77031" in text
        assert f"Page {page} of {printed.pages}" in text
        assert NOT_SIGNED in text
    whole = text_of(path)
    assert all(sentence.split(":")[0] in whole for sentence in sentences)


@pytest.mark.usefixtures("qapp")
def test_the_watermark_does_not_mix_into_the_words(tmp_path: Path) -> None:
    sentences, document = long_report(6)
    path = tmp_path / "draft.pdf"

    ReportPdf().print_pdf(document, path)

    text = text_of(path)
    assert all(" ".join(sentence.split()) in text for sentence in sentences)
    assert text.count(NOT_SIGNED) == 1


@pytest.mark.usefixtures("qapp")
def test_a_signature_that_no_longer_covers_the_words_is_small_print(tmp_path: Path) -> None:
    signed = sign_here(reviewed_events(), tmp_path)
    more = (
        Event(AddendumStarted(), SIGNER, AT),
        Event(StatementAdded("h9", Section.ADDENDUM, "More words."), SIGNER, AT),
    )
    path = tmp_path / "under-way.pdf"

    printed = ReportPdf().print_pdf(fold((*signed.events, *more)), path)

    assert printed.signature_box is None
    assert "Later words are not covered by it" in text_of(path)
    assert NOT_SIGNED in text_of(path)


@pytest.mark.usefixtures("qapp")
def test_the_text_of_the_last_page_ends_above_the_signature(tmp_path: Path) -> None:
    for sentences in (7, 8, 9, 10):
        own = tuple((Section.FINDINGS, f"{n}. {LONG}") for n in range(sentences))
        signed = sign_here(reviewed_events(*own), tmp_path, out=f"signed-{sentences}")
        boxes = run_tool("pdftotext", "-bbox", signed.report_pdf, "-").text
        last = boxes[boxes.rindex("<page ") :]
        words = _words(last)
        top = min(y for y, word in words if word == "Electronically")

        body = [y for y, word in words if y < top]

        assert max(body) < top - 8


@pytest.mark.usefixtures("qapp")
def test_german_hindi_and_arabic_are_drawn_with_glyphs_of_their_own(tmp_path: Path) -> None:
    fonts_for("hi", "ar")
    signed = sign_here(every_script(), tmp_path)

    text = text_of(signed.report_pdf)
    fonts = run_tool("pdfinfo", signed.report_pdf).text

    assert "Pleuraerguß rechts, größer als im Vorbefund" in text
    assert any("\u0900" <= letter <= "\u097f" for letter in text)
    assert any("\u0600" <= letter <= "\u06ff" or "\ufb50" <= letter <= "\ufeff" for letter in text)
    assert "Pages:" in fonts


@pytest.mark.usefixtures("qapp")
def test_a_letter_without_a_font_is_refused_not_drawn_as_a_box(tmp_path: Path) -> None:
    document = fold(reviewed_events((Section.FINDINGS, "A private letter \ue777 here.")))

    with pytest.raises(InputRefusedError, match="no font"):
        ReportPdf().print_pdf(document, tmp_path / "never.pdf")

    assert not (tmp_path / "never.pdf").exists()


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(("paper", "size"), [(PageFormat.A4, "A4"), (PageFormat.LETTER, "letter")])
def test_the_paper_is_as_chosen(tmp_path: Path, paper: PageFormat, size: str) -> None:
    path = tmp_path / "paper.pdf"

    ReportPdf(paper).print_pdf(fold(draft_events()), path)

    assert size in run_tool("pdfinfo", path).text


def test_printing_needs_no_screen_and_no_application(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from tests.support.reports import AT, StillClock, draft_events\n"
        "from workstation.printing.report_pdf import ReportPdf\n"
        "from workstation.report.events import fold\n"
        "ReportPdf().print_pdf(fold(draft_events()), Path(sys.argv[1]))\n"
    )
    path = tmp_path / "headless.pdf"
    root = Path(__file__).resolve().parents[2]

    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, str(path)],
        cwd=root,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 0, done.stderr.decode()
    assert NOT_SIGNED in text_of(path)


@pytest.mark.usefixtures("qapp")
def test_a_pdf_inside_dicom_has_no_error_for_dciodvfy(tmp_path: Path) -> None:
    signed = sign_here(reviewed_events(), tmp_path)
    done = export(
        signed.events,
        (ExportKind.PDF_IN_DICOM,),
        out=tmp_path / "out",
        clock=StillClock(),
        printer=ReportPdf(),
        originals=tmp_path / "signed",
    )
    ((_, path),) = done.files

    said = run_tool("dciodvfy", "-new", path).text

    assert "EncapsulatedPDF" in said
    assert [line for line in said.splitlines() if line.startswith("Error")] == []


def _words(page: str) -> list[tuple[float, str]]:
    found = re.findall(r'yMin="([\d.]+)"[^>]*>([^<]*)</word>', page)
    return [(float(y), word) for y, word in found]
