"""Signing: the gates, the three files, and that no signed report is ever lost."""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest
from pydicom import dcmread

from tests.support.reports import (
    AT,
    StillClock,
    a_fact,
    draft_events,
    drafted,
    reviewed_events,
)
from tests.support.signed import PASSPHRASE, SIGNER, lend_identity, sign_here
from workstation.core.errors import InputRefusedError, SafetyGateError
from workstation.printing.report_pdf import ReportPdf
from workstation.report.canonical import canonical_bytes
from workstation.report.document import Meaning, Section
from workstation.report.events import (
    AddendumStarted,
    Event,
    ReportStarted,
    StatementAccepted,
    StatementAdded,
    fold,
)
from workstation.services.export_report import ExportKind, export, parse_kinds
from workstation.services.report_files import load_report, save_report
from workstation.services.sign_report import sign
from workstation.services.verify_signatures import verify

pytestmark = pytest.mark.usefixtures("qapp")


def addendum(events: tuple[Event, ...]) -> tuple[Event, ...]:
    begun = Event(AddendumStarted(), SIGNER, AT)
    words = StatementAdded("h9", Section.ADDENDUM, "Compared with the CT of 2020.")
    return (*events, begun, Event(words, SIGNER, AT))


def test_signing_leaves_three_files_that_all_hold(tmp_path: Path) -> None:
    signed = sign_here(reviewed_events(), tmp_path)

    verdicts = verify([tmp_path / "signed"], identity_folder=tmp_path / "keys")

    assert [v.kind for v in verdicts] == ["sr", "pdf", "json"]
    assert all(v.holds and v.signer == SIGNER and v.is_known for v in verdicts)
    assert {v.signed_at for v in verdicts} == {AT}
    assert sorted(p.name for p in (tmp_path / "signed").iterdir()) == [
        "report.dcm",
        "report.json",
        "report.pdf",
    ]
    assert load_report(signed.report_json) == signed.events


@pytest.mark.parametrize("name", ["report.dcm", "report.pdf", "report.json"])
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_no_changed_byte_passes_wherever_it_is(
    tmp_path: Path, name: str, expect_log: Callable[[str], None]
) -> None:
    expect_log("^(pydicom|pyhanko)")
    sign_here(reviewed_events(), tmp_path)
    whole = (tmp_path / "signed" / name).read_bytes()
    changed = tmp_path / name
    places = [*range(3, len(whole), len(whole) // 60), len(whole) - 2]

    held = []
    for place in places:
        changed.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        held += [place for verdict in verify([changed]) if verdict.holds]

    assert held == []


@pytest.mark.parametrize("name", ["report.dcm", "report.pdf", "report.json"])
def test_bytes_added_at_the_end_do_not_pass(tmp_path: Path, name: str) -> None:
    path = sign_here(reviewed_events(), tmp_path).report_json.with_name(name)
    path.write_bytes(path.read_bytes() + b"more")

    (verdict,) = verify([path])

    assert not verdict.holds


def test_plain_keys_changed_beside_the_history_do_not_pass(tmp_path: Path) -> None:
    path = sign_here(reviewed_events(), tmp_path).report_json
    stored = json.loads(path.read_text("utf-8"))
    stored["facts"][0]["evidence"][0]["series_uid"] = "1.2.3"
    del stored["sha256"]
    path.write_text(json.dumps(stored), encoding="utf-8")

    (verdict,) = verify([path])

    assert (verdict.holds, verdict.reason) == (False, "the file was changed after signing")


def test_the_digest_is_that_of_the_canonical_bytes(tmp_path: Path) -> None:
    events = reviewed_events()

    signed = sign_here(events, tmp_path)

    assert signed.sha256 == hashlib.sha256(canonical_bytes(fold(events))).hexdigest()


def test_signing_is_refused_while_a_statement_is_unreviewed(tmp_path: Path) -> None:
    events = draft_events(acts=(StatementAccepted("s1"),))

    with pytest.raises(SafetyGateError) as refused:
        sign_here(events, tmp_path)

    assert refused.value.exit_code == 4
    assert not (tmp_path / "signed").exists()


def test_signing_is_refused_while_the_checker_blocks(tmp_path: Path) -> None:
    wrong = drafted(text="Left pleural effusion of 120 ml.")
    events = draft_events((wrong,), facts=(a_fact(),), acts=(StatementAccepted("s1"),))

    with pytest.raises(SafetyGateError):
        sign_here(events, tmp_path)

    assert not (tmp_path / "signed").exists()


def test_a_wrong_passphrase_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(SafetyGateError, match="passphrase"):
        sign_here(reviewed_events(), tmp_path, passphrase=PASSPHRASE[::-1])

    assert not (tmp_path / "signed").exists()


def test_a_reader_without_an_identity_gets_one_and_its_recovery_key(tmp_path: Path) -> None:
    signed = sign(
        reviewed_events(),
        user="New Reader",
        passphrase=PASSPHRASE,
        identity_folder=tmp_path / "keys",
        out=tmp_path / "signed",
        meaning=Meaning.FINAL,
        clock=StillClock(),
        printer=ReportPdf(),
    )

    assert signed.new_identity is not None
    assert signed.new_identity.recovery_key
    assert signed.certificate.is_file()
    assert sign_here(reviewed_events(), tmp_path, out="other").new_identity is None


def test_an_addendum_keeps_the_files_of_the_first_signature(tmp_path: Path) -> None:
    first = sign_here(reviewed_events(), tmp_path)
    before = first.report_dcm.read_bytes()

    sign_here(addendum(first.events), tmp_path, meaning=Meaning.ADDENDUM)

    kept = tmp_path / "signed" / "report-1.dcm"
    assert kept.read_bytes() == before
    assert all(v.holds for v in verify([kept, tmp_path / "signed"]))


def test_what_is_left_of_the_first_signature_is_kept_where_a_file_of_it_is_gone(
    tmp_path: Path,
) -> None:
    first = sign_here(reviewed_events(), tmp_path)
    before = first.report_json.read_bytes()
    first.report_pdf.unlink()

    sign_here(addendum(first.events), tmp_path, meaning=Meaning.ADDENDUM)

    folder = tmp_path / "signed"
    assert {p.name for p in folder.glob("*-1.*")} == {"report-1.dcm", "report-1.json"}
    assert (folder / "report-1.json").read_bytes() == before


def test_a_draft_in_the_folder_gives_way_to_its_signed_report(tmp_path: Path) -> None:
    save_report(tmp_path / "signed" / "report.json", reviewed_events())

    signed = sign_here(reviewed_events(), tmp_path)

    assert load_report(signed.report_json) == signed.events
    assert list((tmp_path / "signed").glob("*-*")) == []


def test_a_program_run_from_its_sources_signs_and_says_that_its_version_is_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_installed(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", not_installed)

    signed = sign_here(reviewed_events(), tmp_path)

    assert dcmread(signed.report_dcm).SoftwareVersions == "unknown"


def test_another_report_is_not_signed_into_the_folder(tmp_path: Path) -> None:
    sign_here(reviewed_events(), tmp_path)
    start, *rest = reviewed_events()
    assert isinstance(start.act, ReportStarted)
    act = ReportStarted("another", start.act.study, start.act.series)

    with pytest.raises(InputRefusedError, match="another report"):
        sign_here((Event(act, start.by, start.at), *rest), tmp_path)


def test_a_printer_that_fails_leaves_no_signed_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def jam(*_: object) -> None:
        raise InputRefusedError("The report cannot be printed")

    monkeypatch.setattr(ReportPdf, "print_pdf", jam)

    with pytest.raises(InputRefusedError):
        sign_here(reviewed_events(), tmp_path)

    assert not (tmp_path / "signed").exists()


def test_a_disk_that_fills_up_leaves_no_part_of_a_signed_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync
    written = []

    def fills_up(handle: int) -> None:
        written.append(handle)
        if len(written) == len(("SR", "PDF", "JSON")):
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle)

    lend_identity(tmp_path / "keys")
    monkeypatch.setattr(os, "fsync", fills_up)
    with pytest.raises(InputRefusedError, match="No space"):
        sign_here(reviewed_events(), tmp_path)

    assert list((tmp_path / "signed").iterdir()) == []


def exported(
    events: tuple[Event, ...], kinds: str, out: Path, originals: Path | None = None
) -> dict[ExportKind, bytes]:
    done = export(
        events,
        parse_kinds(kinds),
        out=out,
        clock=StillClock(),
        printer=ReportPdf(),
        originals=originals,
    )
    return {kind: path.read_bytes() for kind, path in done.files}


def test_every_format_is_written_and_an_unsigned_one_says_so(tmp_path: Path) -> None:
    files = exported(draft_events(), "sr,pdf,fhir,hl7,txt,json,pdf-dicom", tmp_path / "out")

    notice = b"PRELIMINARY - NOT SIGNED"
    assert set(files) == set(ExportKind)
    for kind in (ExportKind.SR, ExportKind.FHIR, ExportKind.HL7, ExportKind.TEXT):
        assert notice in files[kind]
    assert not any(v.is_signed for v in verify(sorted((tmp_path / "out").glob("report.*[fn]"))))


def test_signed_originals_are_handed_on_byte_for_byte(tmp_path: Path) -> None:
    signed = sign_here(reviewed_events(), tmp_path)

    files = exported(signed.events, "sr,pdf,txt", tmp_path / "out", tmp_path / "signed")

    assert files[ExportKind.SR] == signed.report_dcm.read_bytes()
    assert files[ExportKind.PDF] == signed.report_pdf.read_bytes()
    assert b"NOT SIGNED" not in files[ExportKind.TEXT]


def test_a_signed_sr_is_never_made_a_second_time(tmp_path: Path) -> None:
    signed = sign_here(reviewed_events(), tmp_path)

    with pytest.raises(InputRefusedError, match="not here"):
        exported(signed.events, "sr", tmp_path / "out")


def test_originals_that_were_changed_are_not_handed_on(tmp_path: Path) -> None:
    signed = sign_here(reviewed_events(), tmp_path)
    data = signed.report_dcm.read_bytes()
    signed.report_dcm.write_bytes(data.replace(b"Right pleural", b"Light pleural", 1))

    with pytest.raises(SafetyGateError):
        exported(signed.events, "sr", tmp_path / "out", tmp_path / "signed")


def test_originals_of_another_signature_are_not_handed_on(tmp_path: Path) -> None:
    first = sign_here(reviewed_events(), tmp_path)
    second = sign_here(addendum(first.events), tmp_path, meaning=Meaning.ADDENDUM, out="second")

    with pytest.raises(SafetyGateError, match="not of this report"):
        exported(second.events, "sr", tmp_path / "out", tmp_path / "signed")


def test_an_unsigned_copy_never_overwrites_a_signed_report(tmp_path: Path) -> None:
    sign_here(reviewed_events(), tmp_path)

    with pytest.raises(SafetyGateError, match="never overwritten"):
        exported(draft_events(), "sr,json", tmp_path / "signed")


def test_an_export_may_go_where_only_an_unsigned_report_is(tmp_path: Path) -> None:
    save_report(tmp_path / "out" / "report.json", draft_events())

    files = exported(reviewed_events(), "json", tmp_path / "out")

    assert ExportKind.JSON in files


@pytest.mark.parametrize("kinds", ["", "sr,docx", ","])
def test_unknown_formats_are_refused_by_name(kinds: str) -> None:
    with pytest.raises(InputRefusedError):
        parse_kinds(kinds)


def test_formats_are_read_in_order_and_once() -> None:
    kinds = parse_kinds(" pdf, SR ,pdf")

    assert kinds == (ExportKind.PDF, ExportKind.SR)
