"""A report as an HL7 v2.5.1 ORU^R01 message: one OBX per sentence, built and checked by hl7apy.

Source: HL7 v2.5.1 chapter 7 (ORU, OBR, OBX), chapter 2 (escape sequences, table 0211).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from workstation.report.document import Meaning, ReportDocument, Signature
from workstation.report.headings import HEADING_CODES, SUMMARY_CODE, TITLE_CODE, HeadingCode
from workstation.report.layout import ReportLayout, current_signature, layout

_ESCAPES = {"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "&": "\\T\\", "~": "\\R\\", "\n": "\\.br\\"}
"""Chapter 2.7.1: characters that mean structure, and the line break."""

_STATUS = {Meaning.PRELIMINARY: "P", Meaning.FINAL: "F", Meaning.ADDENDUM: "C"}
"""Tables 0085 and 0123: preliminary, final, correction (an addendum changes the record)."""


def report_hl7(document: ReportDocument, *, made_at: datetime) -> str:
    """Return a report as an ORU^R01 message; segments end with a carriage return.

    Args:
        document: the report.
        made_at: aware; when this copy was made.
    """
    # hl7apy loads the tables of a whole HL7 version and only an export needs them
    from hl7apy.consts import VALIDATION_LEVEL
    from hl7apy.core import Message

    blocks = layout(document)
    signature = current_signature(document)
    status = _STATUS[signature.meaning] if signature else "P"
    message = Message("ORU_R01", version="2.5.1", validation_level=VALIDATION_LEVEL.TOLERANT)
    _fill_header(message, document, made_at, status)
    result = message.add_group("ORU_R01_PATIENT_RESULT")
    _fill_patient(result.add_group("ORU_R01_PATIENT").add_segment("PID"), document)
    order = result.add_group("ORU_R01_ORDER_OBSERVATION")
    _fill_order(order.add_segment("OBR"), document, signature, status)
    for number, (code, text) in enumerate(_lines(blocks), start=1):
        observation = order.add_group("ORU_R01_OBSERVATION")
        _fill_line(observation.add_segment("OBX"), number, code, text, status)
    message.validate()
    return str(message.to_er7()) + "\r"


def escaped(text: str) -> str:
    """Return text with the characters that mean structure escaped."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(_ESCAPES.get(each, each) for each in plain)


def unescaped(text: str) -> str:
    """Return the text that :func:`escaped` made safe."""
    back = {mark: each for each, mark in _ESCAPES.items()}
    return re.sub(r"\\(?:E|F|S|T|R|\.br)\\", lambda found: back[found[0]], text)


def _lines(blocks: ReportLayout) -> Iterator[tuple[HeadingCode, str]]:
    if blocks.notice:
        yield SUMMARY_CODE, blocks.notice
    for block in blocks.sections:
        for sentence in block.sentences:
            yield HEADING_CODES[block.section], sentence.marked
    for line in blocks.ai_share:
        yield SUMMARY_CODE, line
    for signature in blocks.signatures:
        yield SUMMARY_CODE, "\n".join(signature.lines)


def _fill_header(message: Any, document: ReportDocument, made_at: datetime, status: str) -> None:  # noqa: ANN401 hl7apy
    seed = f"{document.report_id}{made_at.isoformat()}{status}"
    header = message.msh
    header.msh_3 = "PRELIM"
    header.msh_7 = _moment(made_at)
    header.msh_9 = "ORU^R01^ORU_R01"
    header.msh_10 = hashlib.sha256(seed.encode()).hexdigest()[:20]
    header.msh_11 = "P"
    header.msh_12 = "2.5.1"
    header.msh_18 = "UNICODE UTF-8"


def _fill_patient(segment: Any, document: ReportDocument) -> None:  # noqa: ANN401 hl7apy
    patient = document.study.patient
    segment.pid_1 = "1"
    segment.pid_3 = escaped(patient.patient_id.reveal()) or "unknown"
    segment.pid_5 = _name(patient.name.reveal()) or "unknown"
    segment.pid_7 = patient.birth_date.reveal()
    segment.pid_8 = patient.sex if patient.sex in ("M", "F", "O") else "U"


def _fill_order(
    segment: Any,  # noqa: ANN401 hl7apy
    document: ReportDocument,
    signature: Signature | None,
    status: str,
) -> None:
    study = document.study
    segment.obr_1 = "1"
    segment.obr_3 = escaped(study.accession_number.reveal()) or document.report_id
    segment.obr_4 = _coded(TITLE_CODE)
    segment.obr_7 = study.study_date + study.study_time.split(".", maxsplit=1)[0]
    segment.obr_18 = escaped(study.accession_number.reveal())
    if signature is not None:
        segment.obr_22 = _moment(datetime.fromisoformat(signature.signed_at))
        segment.obr_32 = f"&{escaped(signature.signer)}"
    segment.obr_24 = "RAD"
    segment.obr_25 = status


def _fill_line(segment: Any, number: int, code: HeadingCode, text: str, status: str) -> None:  # noqa: ANN401 hl7apy
    segment.obx_1 = str(number)
    segment.obx_2 = "TX"
    segment.obx_3 = _coded(code)
    segment.obx_5 = escaped(text)
    segment.obx_11 = status


def _coded(code: HeadingCode) -> str:
    return f"{code.value}^{code.meaning}^LN"


def _name(dicom: str) -> str:
    """Return a DICOM person name as XPN: family^given^middle^suffix^prefix."""
    group = dicom.split("=", maxsplit=1)[0]
    family, given, middle, prefix, suffix = [*group.split("^"), "", "", "", "", ""][:5]
    parts = (escaped(each.strip()) for each in (family, given, middle, suffix, prefix))
    return "^".join(parts).rstrip("^")


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y%m%d%H%M%S%z")
