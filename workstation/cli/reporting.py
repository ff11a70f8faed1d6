"""Commands about a report: review, check, sign, verify, export."""

from __future__ import annotations

import getpass
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from workstation.cli.output import answer, refused_after_answer
from workstation.cli.parts import wiring
from workstation.core.errors import InputRefusedError
from workstation.report.check_finding import CheckFinding
from workstation.report.document import Meaning
from workstation.services.check_report import check_report, result_to_json
from workstation.services.export_report import ExportKind, export, parse_kinds
from workstation.services.passphrase import stored_passphrase
from workstation.services.report_files import load_report, report_path, save_report
from workstation.services.review_draft import ReviewOutcome, review
from workstation.services.sign_report import SignedReport, require_ready, sign
from workstation.services.verify_signatures import FileVerdict, require_all_hold, verify

Json = Annotated[bool, typer.Option("--json", help="Answer as JSON on standard output.")]
Report = Annotated[
    Path,
    typer.Argument(readable=False, help="draft.json or report.json, or the folder it is in."),
]
Out = Annotated[
    Path, typer.Option("--out", readable=False, help="Folder for the files; made if absent.")
]
User = Annotated[str, typer.Option("--user", help="Your name, as it is to be printed.")]

REVIEWED_NAME = "report.json"


def add_commands(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.command("review")(review_command)
    app.command("check")(check_command)
    app.command("sign")(sign_command)
    app.command("verify")(verify_command)
    app.command("export")(export_command)


def review_command(
    context: typer.Context,
    draft: Report,
    decisions: Annotated[
        Path, typer.Option("--decisions", readable=False, help="JSON file of decisions.")
    ],
    user: User,
    *,
    as_json: Json = False,
) -> None:
    """Accept, edit or reject statements; say what is still open.

    The draft file itself is updated and report.json beside it is written: both hold the report.
    """
    path = report_path(draft)
    outcome = review(
        load_report(path), _decisions(decisions), user=user, clock=wiring(context).clock
    )
    beside = path.with_name(REVIEWED_NAME)
    for file in dict.fromkeys((path, beside)):
        save_report(file, outcome.events)
    value = {
        "report": str(beside),
        "decided": list(outcome.decided),
        "added": list(outcome.added),
        "open": [s.statement_id for s in outcome.open_statements],
        "open_questions": list(outcome.open_questions),
    }
    answer(value, _review_words(outcome), as_json=as_json)


def check_command(report: Report, *, as_json: Json = False) -> None:
    """Say what the checker finds, each with its severity and place in the text."""
    result = check_report(load_report(report))
    answer(result_to_json(result), _check_words(result.findings), as_json=as_json)


def sign_command(
    context: typer.Context,
    report: Report,
    user: User,
    out: Out,
    organization: Annotated[str, typer.Option("--organization", help="Your hospital.")] = "",
    meaning: Annotated[
        str, typer.Option("--meaning", help="final, preliminary or addendum.")
    ] = "final",
    *,
    as_json: Json = False,
) -> None:
    """Sign a reviewed report: report.dcm, report.pdf and report.json. Refused while one is open."""
    parts = wiring(context)
    events, means = load_report(report), _meaning(meaning)
    require_ready(events, means)
    signed = sign(
        events,
        user=user,
        organization=organization,
        passphrase=_passphrase(user),
        identity_folder=parts.home.prepared().keys,
        out=out,
        meaning=means,
        clock=parts.clock,
        printer=parts.printer(),
    )
    answer(_signed_json(signed), _signed_words(signed), as_json=as_json)


def verify_command(
    context: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(readable=False, help="Signed files, or folders of them.")
    ],
    *,
    as_json: Json = False,
) -> None:
    """Say whether each signature holds and by whom; exit 4 when one does not."""
    verdicts = verify(files, identity_folder=wiring(context).home.keys)
    value = {"files": [asdict(each) | {"path": str(each.path)} for each in verdicts]}
    answer(value, "\n".join(_verdict_words(each) for each in verdicts), as_json=as_json)
    with refused_after_answer():
        require_all_hold(verdicts)


def export_command(
    context: typer.Context,
    report: Report,
    to: Annotated[str, typer.Option("--to", help="sr,pdf,fhir,hl7,txt,json: one or more.")],
    out: Out,
    *,
    as_json: Json = False,
) -> None:
    """Write copies for others. An unsigned copy says so in each of them."""
    parts = wiring(context)
    exported = export(
        load_report(report),
        _kinds(to),
        out=out,
        clock=parts.clock,
        printer=parts.printer(),
        originals=report_path(report).parent,
    )
    files = {kind.value: str(path) for kind, path in exported.files}
    value = {"files": files, "signed": exported.is_signed}
    words = "\n".join(files.values())
    if not exported.is_signed:
        words += "\nThese copies are not signed and say so."
    answer(value, words, as_json=as_json)


def _kinds(text: str) -> tuple[ExportKind, ...]:
    try:
        return parse_kinds(text)
    except InputRefusedError as error:
        raise typer.BadParameter(f"{error.why}. {error.todo}", param_hint="--to") from error


def _decisions(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputRefusedError(
            "The decisions cannot be read",
            why=f"the file is missing or is not JSON ({type(error).__name__})",
            todo='Write {"decisions": [{"statement": ID, "action": "accept"}]}',
        ) from error
    if not isinstance(found, dict):
        raise InputRefusedError(
            "The decisions cannot be read", why="the file does not hold a JSON object"
        )
    return found


def _passphrase(user: str) -> str:
    named = os.environ.get("PRELIM_PASSPHRASE") or stored_passphrase(user)
    if named:
        return named
    if not sys.stdin.isatty():
        raise InputRefusedError(
            "Signing needs your passphrase",
            why="there is no terminal to ask at, and PRELIM_PASSPHRASE is not set",
            todo="Set PRELIM_PASSPHRASE for this one command",
        )
    return getpass.getpass("Passphrase: ")


def _meaning(word: str) -> Meaning:
    try:
        return Meaning[word.upper()]
    except KeyError as error:
        raise typer.BadParameter(
            "final, preliminary or addendum", param_hint="--meaning"
        ) from error


def _review_words(outcome: ReviewOutcome) -> str:
    lines = [f"{len(outcome.decided)} decided, {len(outcome.added)} added."]
    if outcome.open_statements:
        lines.append("Still open:")
        lines += [f"  {s.statement_id}  {s.text}" for s in outcome.open_statements]
    else:
        lines.append("Every statement is reviewed.")
    if outcome.open_questions:
        lines.append(f"Questions without an answer: {', '.join(outcome.open_questions)}")
    return "\n".join(lines)


def _check_words(found: tuple[CheckFinding, ...]) -> str:
    if not found:
        return "Nothing to mend."
    return "\n".join(f"{f.severity.value:<6} {f.statement_id:<6} {f.text}" for f in found)


def _signed_json(signed: SignedReport) -> dict[str, Any]:
    return {
        "sr": str(signed.report_dcm),
        "pdf": str(signed.report_pdf),
        "report": str(signed.report_json),
        "sha256": signed.sha256,
        "signer": signed.signature.signer,
        "signed_at": signed.signature.signed_at,
        "meaning": signed.signature.meaning.value,
        "certificate": str(signed.certificate),
        "recovery_key": signed.new_identity.recovery_key if signed.new_identity else None,
    }


def _signed_words(signed: SignedReport) -> str:
    return (
        f"Signed {signed.signature.signed_at} by {signed.signature.signer}.\n"
        f"{signed.report_dcm}\n{signed.report_pdf}\n{signed.report_json}\n"
        f"sha256 {signed.sha256}\nCertificate {signed.certificate}{_recovery_words(signed)}"
    )


def _recovery_words(signed: SignedReport) -> str:
    if signed.new_identity is None:
        return ""
    return (
        "\nA signing identity was made for you. Write this recovery key down and keep it in a safe "
        f"place; it is not shown again: {signed.new_identity.recovery_key}"
    )


def _verdict_words(verdict: FileVerdict) -> str:
    if verdict.holds:
        return f"{verdict.path.name}: holds, signed by {verdict.signer} at {verdict.signed_at}"
    return f"{verdict.path.name}: DOES NOT HOLD. {verdict.reason}"
