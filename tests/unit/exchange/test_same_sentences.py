"""SR, PDF, text, FHIR and HL7 carry the same sentences, whatever they are."""

from __future__ import annotations

import base64
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.reports import AT, draft_events, every_script, reviewed_events
from tests.support.signed import sign_here
from workstation.dicom.structured_report import SoftwareIdentity, build_report_sr
from workstation.exchange.fhir import report_fhir
from workstation.exchange.hl7v2 import escaped, report_hl7, unescaped
from workstation.exchange.text import report_text
from workstation.printing.report_pdf import ReportPages
from workstation.report.document import ReportDocument, Section
from workstation.report.events import StatementRejected, fold
from workstation.report.layout import NOT_SIGNED, layout
from workstation.report.page import PageFormat

MOMENT = datetime.fromisoformat(AT)

SENTENCES = st.text(
    st.one_of(
        st.characters(min_codepoint=32, max_codepoint=0x17F, exclude_categories=("Cc", "Zl", "Zp")),
        st.sampled_from("अआइकखग ابتثج\\|^~&<>\"'"),
    ),
    min_size=1,
    max_size=80,
).filter(lambda text: text.strip() == text and text)


def in_sr(document: ReportDocument) -> list[str]:
    found = build_report_sr(document, made_at=MOMENT, software=SoftwareIdentity("0"))
    return [
        item.TextValue
        for section in found.ContentSequence
        if section.ValueType == "CONTAINER"
        for item in section.ContentSequence
    ]


def in_fhir(document: ReportDocument) -> dict[str, Any]:
    bundle = json.loads(report_fhir(document, made_at=MOMENT))
    report = bundle["entry"][0]["resource"]
    assert report["resourceType"] == "DiagnosticReport"
    assert isinstance(report, dict)
    return report


def in_hl7(document: ReportDocument) -> list[str]:
    message = report_hl7(document, made_at=MOMENT)
    lines = [segment.split("|") for segment in message.split("\r") if segment[:3] == "OBX"]
    return [unescaped(line[5]) for line in lines]


def in_pdf(document: ReportDocument, folder: Path) -> str:
    pages = ReportPages(layout(document), PageFormat.A4, folder / "measure.pdf")
    return pages.plain_text()


def said(document: ReportDocument) -> list[str]:
    return [sentence.marked for sentence in layout(document).sentences()]


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.sampled_from(list(Section)), SENTENCES), min_size=1, max_size=4))
@pytest.mark.usefixtures("qapp")
def test_every_form_holds_every_sentence(tmp_path: Path, own: list[tuple[Section, str]]) -> None:
    document = fold(reviewed_events(*own))
    sr, hl7, text = in_sr(document), in_hl7(document), report_text(layout(document))
    pdf, fhir = in_pdf(document, tmp_path), in_fhir(document)
    form = base64.b64decode(fhir["presentedForm"][0]["data"]).decode("utf-8")

    for sentence in said(document):
        assert sentence in sr
        assert sentence in hl7
        assert sentence in text
        # QTextDocument.toPlainText gives a no-break space as a space; the page keeps it.
        assert sentence.replace("\xa0", " ") in pdf
        assert sentence in form


@given(st.text(max_size=50))
def test_hl7_escapes_come_back(text: str) -> None:
    plain = text.replace("\r\n", "\n").replace("\r", "\n")

    assert unescaped(escaped(text)) == plain
    assert not re.search(r"[|^~&\n]", escaped(text))


@pytest.mark.usefixtures("qapp")
def test_a_rejected_sentence_is_in_no_form(tmp_path: Path) -> None:
    document = fold(draft_events(acts=(StatementRejected("s1"),)))
    gone = document.statement("s1").text

    forms = [*in_sr(document), *in_hl7(document), report_text(layout(document))]
    forms += [in_pdf(document, tmp_path), json.dumps(in_fhir(document))]

    assert not any(gone in form for form in forms)


@pytest.mark.usefixtures("qapp")
def test_every_form_of_an_unsigned_report_says_so(tmp_path: Path) -> None:
    document = fold(draft_events())

    assert NOT_SIGNED in in_sr(document)
    assert NOT_SIGNED in in_hl7(document)
    assert report_text(layout(document)).startswith(NOT_SIGNED)
    assert NOT_SIGNED in in_fhir(document)["text"]["div"]
    assert in_fhir(document)["status"] == "preliminary"
    assert NOT_SIGNED in in_fhir(document)["conclusion"]


@pytest.mark.usefixtures("qapp")
def test_a_signed_report_is_final_in_fhir_and_hl7_and_names_the_reader(tmp_path: Path) -> None:
    signed = sign_here(every_script(), tmp_path)
    document = fold(signed.events)

    bundle = json.loads(report_fhir(document, made_at=MOMENT))
    message = report_hl7(document, made_at=MOMENT)

    resources = {e["resource"]["resourceType"]: e["resource"] for e in bundle["entry"]}
    obr = next(s for s in message.split("\r") if s.startswith("OBR")).split("|")
    assert resources["DiagnosticReport"]["status"] == "final"
    assert resources["DiagnosticReport"]["issued"] == AT
    assert resources["Practitioner"]["name"][0]["text"] == signed.signature.signer
    assert resources["Provenance"]["signature"][0]["data"] == signed.signature.seal
    roles = [a["type"]["coding"][0]["code"] for a in resources["Provenance"]["agent"]]
    assert roles == ["assembler", "author", "verifier"]
    assert obr[25] == "F"
    assert signed.signature.signer in obr[32]
    assert NOT_SIGNED not in message


def test_references_of_the_bundle_point_inside_it() -> None:
    bundle = json.loads(report_fhir(fold(draft_events()), made_at=MOMENT))

    inside = {entry["fullUrl"] for entry in bundle["entry"]}
    pointed = set(re.findall(r'"reference": "([^"]+)"', json.dumps(bundle)))
    assert pointed
    assert pointed <= inside


def test_hl7apy_reads_the_message_back() -> None:
    from hl7apy.parser import parse_message

    message = parse_message(
        report_hl7(fold(every_script()), made_at=MOMENT), find_groups=True, force_validation=True
    )

    assert message.msh.msh_18.value == "UNICODE UTF-8"
    assert message.msh.msh_9.to_er7() == "ORU^R01^ORU_R01"
