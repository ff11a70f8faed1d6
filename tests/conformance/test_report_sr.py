"""Independent tools read our structured reports: dciodvfy, dsrdump, dsr2html."""

from __future__ import annotations

import html
import re
from datetime import datetime
from pathlib import Path

import pydicom
import pytest

from tests.support.reports import (
    AT,
    INSTANCE_UIDS,
    PACK,
    a_fact,
    a_study,
    draft_events,
    drafted,
    every_script,
    reviewed_events,
)
from tests.support.signed import SIGNER, sign_here
from tests.support.tools import run_tool
from workstation.dicom.structured_report import SoftwareIdentity, build_report_sr, to_bytes
from workstation.report.document import Meaning, ReportDocument, Section
from workstation.report.events import AddendumStarted, Event, ReportStarted, StatementAdded, fold
from workstation.report.layout import layout

XPATH_LIMITS = {
    "JAVA_TOOL_OPTIONS": "-Djdk.xml.xpathExprOpLimit=0 -Djdk.xml.xpathExprGrpLimit=0 "
    "-Djdk.xml.xpathTotalOpLimit=0"
}
"""Without these, Java 17 refuses the validator's own rules."""

MOMENT = datetime.fromisoformat(AT)


def written(document: ReportDocument, folder: Path) -> Path:
    made = build_report_sr(document, made_at=MOMENT, software=SoftwareIdentity("0.1.0"))
    path = folder / "copy.dcm"
    path.write_bytes(to_bytes(made))
    return path


def errors_of(path: Path) -> list[str]:
    said = run_tool("dciodvfy", "-new", path).text
    assert "EnhancedSR" in said
    return [line for line in said.splitlines() if line.startswith("Error")]


def sentences_of(document: ReportDocument) -> list[str]:
    return [sentence.text for sentence in layout(document).sentences()]


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("meaning", [Meaning.FINAL, Meaning.PRELIMINARY])
def test_a_signed_report_has_no_error_for_dciodvfy(tmp_path: Path, meaning: Meaning) -> None:
    signed = sign_here(every_script(), tmp_path, meaning=meaning)

    assert errors_of(signed.report_dcm) == []


def test_an_unsigned_copy_has_no_error_for_dciodvfy(tmp_path: Path) -> None:
    path = written(fold(draft_events()), tmp_path)

    assert errors_of(path) == []


def test_a_report_without_any_instance_has_no_error_for_dciodvfy(tmp_path: Path) -> None:
    events = draft_events((drafted(facts=(), text="Nothing to see."),), facts=())
    bare = Event(ReportStarted("none-read", a_study(), ()), "prelim", AT)

    path = written(fold((bare, *events[1:])), tmp_path)

    assert errors_of(path) == []


@pytest.mark.usefixtures("qapp")
def test_dsrdump_prints_each_sentence_in_every_script(tmp_path: Path) -> None:
    signed = sign_here(every_script(), tmp_path)

    said = run_tool("dsrdump", "+Pl", signed.report_dcm)

    assert said.code == 0
    for sentence in sentences_of(fold(signed.events)):
        assert sentence in said.text


@pytest.mark.usefixtures("qapp")
def test_dsr2html_shows_each_sentence_in_every_script(tmp_path: Path) -> None:
    signed = sign_here(every_script(), tmp_path)
    page = tmp_path / "page.html"

    said = run_tool("dsr2html", signed.report_dcm, page)

    assert said.code == 0
    text = html.unescape(page.read_text(encoding="utf-8"))
    for sentence in sentences_of(fold(signed.events)):
        assert sentence in text


@pytest.mark.usefixtures("qapp")
def test_the_readable_text_names_signer_time_zone_meaning_and_ai_share(tmp_path: Path) -> None:
    signed = sign_here(every_script(), tmp_path)

    said = run_tool("dsrdump", "+Pl", signed.report_dcm).text

    assert f"Electronically signed by: {SIGNER}" in said
    assert "2025-03-01 14:05:33 UTC+01:00" in said
    assert "Approved as final report" in said
    assert f"Reviewed and edited by {SIGNER}" in said
    assert f"{PACK.pack_id} {PACK.version} (sha256 {PACK.digest[:12]})" in said


def test_an_unsigned_copy_says_so_and_is_unverified_and_preliminary(tmp_path: Path) -> None:
    path = written(fold(draft_events()), tmp_path)

    said = run_tool("dsrdump", "+Pl", path).text
    found = pydicom.dcmread(path)

    assert "PRELIMINARY - NOT SIGNED" in said
    assert "[AI draft, not reviewed]" in said
    assert found.CompletionFlag == "COMPLETE"
    assert found.VerificationFlag == "UNVERIFIED"
    assert found.PreliminaryFlag == "PRELIMINARY"


@pytest.mark.usefixtures("qapp")
def test_a_final_report_is_verified_by_the_signer_at_the_printed_moment(tmp_path: Path) -> None:
    signed = sign_here(reviewed_events(), tmp_path)

    found = pydicom.dcmread(signed.report_dcm)

    (observer,) = found.VerifyingObserverSequence
    assert (found.VerificationFlag, found.PreliminaryFlag) == ("VERIFIED", "FINAL")
    assert observer.VerifyingObserverName == "Reader^Rita^^Dr."
    assert observer.VerificationDateTime == "20250301140533+0100"
    assert found.TimezoneOffsetFromUTC == "+0100"


@pytest.mark.usefixtures("qapp")
def test_a_preliminary_release_stays_unverified(tmp_path: Path) -> None:
    signed = sign_here(reviewed_events(), tmp_path, meaning=Meaning.PRELIMINARY)

    found = pydicom.dcmread(signed.report_dcm)

    assert (found.VerificationFlag, found.PreliminaryFlag) == ("UNVERIFIED", "PRELIMINARY")
    assert found.CompletionFlag == "COMPLETE"


@pytest.mark.usefixtures("qapp")
def test_an_addendum_is_a_new_object_that_names_the_report_before(tmp_path: Path) -> None:
    first = sign_here(reviewed_events(), tmp_path)
    more = (
        Event(AddendumStarted(), SIGNER, AT),
        Event(StatementAdded("h9", Section.ADDENDUM, "Compared with the CT of 2020."), SIGNER, AT),
    )

    second = sign_here((*first.events, *more), tmp_path, meaning=Meaning.ADDENDUM, out="second")

    old, new = pydicom.dcmread(first.report_dcm), pydicom.dcmread(second.report_dcm)
    (study,) = new.PredecessorDocumentsSequence
    (series,) = study.ReferencedSeriesSequence
    (reference,) = series.ReferencedSOPSequence
    assert reference.ReferencedSOPInstanceUID == old.SOPInstanceUID
    assert series.SeriesInstanceUID == old.SeriesInstanceUID
    assert new.SOPInstanceUID != old.SOPInstanceUID
    assert errors_of(second.report_dcm) == []


def test_each_sentence_is_inferred_from_the_slices_behind_it(tmp_path: Path) -> None:
    path = written(fold(draft_events()), tmp_path)

    found = pydicom.dcmread(path)

    findings = next(
        item
        for item in found.ContentSequence
        if item.ConceptNameCodeSequence[0].CodeMeaning == "Findings"
    )
    (sentence,) = findings.ContentSequence
    images = list(sentence.ContentSequence)
    cited = [item.ReferencedSOPSequence[0].ReferencedSOPInstanceUID for item in images]
    assert {item.ValueType for item in images} == {"IMAGE"}
    assert {item.RelationshipType for item in images} == {"INFERRED FROM"}
    assert cited == list(INSTANCE_UIDS[5:10])


def test_the_sr_validator_of_pixelmed_finds_no_error_in_the_template(tmp_path: Path) -> None:
    path = written(fold(every_script()), tmp_path)

    said = run_tool("DicomSRValidator", path, env=XPATH_LIMITS).text

    assert "Found Root Template TID_2000" in said
    assert not re.findall(r"^(?:Error|Warning):.*", said, re.MULTILINE)


def test_the_packs_stand_as_authors_and_contributing_equipment(tmp_path: Path) -> None:
    path = written(fold(draft_events()), tmp_path)

    found = pydicom.dcmread(path)

    (author,) = found.AuthorObserverSequence
    (equipment,) = (
        item
        for item in found.ContributingEquipmentSequence
        if item.get("ManufacturerModelName") == PACK.pack_id
    )
    assert author.ObserverType == "DEV"
    assert author.ManufacturerModelName == str(PACK)
    assert equipment.SoftwareVersions == PACK.version
    assert PACK.digest in equipment.ContributionDescription
    assert equipment.PurposeOfReferenceCodeSequence[0].CodeValue == "109102"


def test_what_was_not_assessed_is_said_in_the_words_of_the_statement(tmp_path: Path) -> None:
    text = "Lung volume was not assessed: the scan does not cover the lung bases."
    fact = a_fact(value=None, unit="", is_assessed=False, reason="not covered", is_present=None)

    path = written(fold(draft_events((drafted(text=text),), facts=(fact,))), tmp_path)

    said = run_tool("dsrdump", "+Pl", path).text
    assert text in said
    assert re.search(r"<inferred from NUM", said) is None
