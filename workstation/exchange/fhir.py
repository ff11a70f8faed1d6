"""A report as FHIR R4 (the R4B models): a collection with the DiagnosticReport first.

Beside it stand the patient, the study, the reader, the packs as devices, and the Provenance that
says who drafted, who took the words over, and the seal of the signature.

Source: FHIR R4B DiagnosticReport, Provenance, ImagingStudy, Device; ASTM E1762 signature types.
"""

from __future__ import annotations

import base64
import json
import uuid
from datetime import datetime
from html import escape
from typing import Any

from workstation.core.identity import PatientIdentity
from workstation.core.provenance import PackRef
from workstation.exchange.text import report_text
from workstation.report.document import (
    Meaning,
    ReadSeries,
    ReportDocument,
    ReportStatus,
    Section,
    Signature,
)
from workstation.report.headings import TITLE_CODE
from workstation.report.layout import ReportLayout, current_signature, layout, readable_date

_STATUS = {
    ReportStatus.DRAFT: "preliminary",
    ReportStatus.PRELIMINARY: "preliminary",
    ReportStatus.FINAL: "final",
    ReportStatus.ADDENDUM: "appended",
}
"""diagnostic-report-status; the models do not check it, so only these four are ever written."""

_SEX = {"M": "male", "F": "female", "O": "other"}
_PARTICIPANT = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
_DICOM_UID = "urn:dicom:uid"


def report_fhir(document: ReportDocument, *, made_at: datetime) -> str:
    """Return a report as the JSON of a FHIR Bundle, checked against the R4B models.

    Args:
        document: the report.
        made_at: aware; when this copy was made.
    """
    # the models take half a second to import and only an export needs them
    from fhir.resources.R4B.bundle import Bundle

    resources = _resources(document, made_at)
    entries = [
        {"fullUrl": f"urn:uuid:{each['id']}", "resource": each} for each in resources if each
    ]
    bundle = {
        "resourceType": "Bundle",
        "id": _id(document, "bundle"),
        "type": "collection",
        "timestamp": made_at.isoformat(timespec="seconds"),
        "entry": entries,
    }
    checked = Bundle.model_validate(bundle)
    return json.dumps(json.loads(checked.model_dump_json()), ensure_ascii=False, indent=1) + "\n"


def _resources(document: ReportDocument, made_at: datetime) -> list[dict[str, Any]]:
    signature = current_signature(document)
    resources = [
        _report(document, signature),
        _patient(document),
        _study(document),
        *(_device(document, pack) for pack in document.packs),
        _provenance(document, signature, made_at),
    ]
    if signature is not None:
        resources.append(_practitioner(document, signature))
    return resources


def _report(document: ReportDocument, signature: Signature | None) -> dict[str, Any]:
    blocks = layout(document)
    impression = [
        s.marked for b in blocks.sections if b.section is Section.IMPRESSION for s in b.sentences
    ]
    lines = [blocks.notice] if blocks.notice else []
    report: dict[str, Any] = {
        "resourceType": "DiagnosticReport",
        "id": _id(document, "report"),
        "identifier": [{"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{document.report_id}"}],
        "text": {"status": "generated", "div": _narrative(blocks)},
        "status": _STATUS[document.status] if signature else "preliminary",
        "category": [
            {
                "coding": [
                    {
                        "system": "http://terminology.hl7.org/CodeSystem/v2-0074",
                        "code": "RAD",
                        "display": "Radiology",
                    }
                ]
            }
        ],
        "code": {
            "coding": [
                {
                    "system": "http://loinc.org",
                    "code": TITLE_CODE.value,
                    "display": TITLE_CODE.meaning,
                }
            ]
        },
        "subject": _reference(document, "patient"),
        "imagingStudy": [_reference(document, "study")],
        "presentedForm": [_attachment(report_text(blocks), document.language)],
    }
    if impression:
        report["conclusion"] = "\n".join([*lines, *impression])
    studied = _date(document.study.study_date)
    if studied:
        report["effectiveDateTime"] = studied
    if signature is not None:
        report["issued"] = signature.signed_at
        report["resultsInterpreter"] = [_reference(document, "reader")]
    return report


def _attachment(text: str, language: str) -> dict[str, Any]:
    return {
        "contentType": "text/plain; charset=utf-8",
        "language": language,
        "data": base64.b64encode(text.encode("utf-8")).decode("ascii"),
        "title": "Report as plain text",
    }


def _narrative(blocks: ReportLayout) -> str:
    parts = [f"<p><b>{escape(blocks.notice)}</b></p>"] if blocks.notice else []
    for block in blocks.sections:
        parts.append(f"<h2>{escape(block.title)}</h2>")
        parts += [f"<p>{_lines(sentence.marked)}</p>" for sentence in block.sentences]
    parts += [f"<p>{_lines(line)}</p>" for line in blocks.ai_share]
    parts += [f"<p>{_lines(chr(10).join(each.lines))}</p>" for each in blocks.signatures]
    return f'<div xmlns="http://www.w3.org/1999/xhtml">{"".join(parts)}</div>'


def _lines(text: str) -> str:
    return "<br/>".join(escape(line, quote=False) for line in text.splitlines())


def _patient(document: ReportDocument) -> dict[str, Any]:
    patient = document.study.patient
    made: dict[str, Any] = {"resourceType": "Patient", "id": _id(document, "patient")}
    if patient.patient_id.reveal():
        made["identifier"] = [{"value": patient.patient_id.reveal()}]
    if patient.name.reveal().strip("^= "):
        made["name"] = [_human_name(patient)]
    if patient.sex in _SEX:
        made["gender"] = _SEX[patient.sex]
    born = _date(patient.birth_date.reveal())
    if born:
        made["birthDate"] = born
    return made


def _human_name(patient: PatientIdentity) -> dict[str, Any]:
    group = patient.name.reveal().split("=", maxsplit=1)[0]
    family, given, middle, prefix, suffix = [*group.split("^"), "", "", "", "", ""][:5]
    name: dict[str, Any] = {"use": "official"}
    if family.strip():
        name["family"] = family.strip()
    parts = {"given": (given, middle), "prefix": (prefix,), "suffix": (suffix,)}
    for key, values in parts.items():
        filled = [value.strip() for value in values if value.strip()]
        if filled:
            name[key] = filled
    return name


def _study(document: ReportDocument) -> dict[str, Any]:
    study = document.study
    made: dict[str, Any] = {
        "resourceType": "ImagingStudy",
        "id": _id(document, "study"),
        "identifier": [{"system": _DICOM_UID, "value": f"urn:oid:{study.study_uid}"}],
        "status": "available",
        "subject": _reference(document, "patient"),
    }
    if study.accession_number.reveal():
        made["identifier"].append(
            {
                "type": {
                    "coding": [
                        {
                            "system": "http://terminology.hl7.org/CodeSystem/v2-0203",
                            "code": "ACSN",
                        }
                    ]
                },
                "value": study.accession_number.reveal(),
            }
        )
    if study.description:
        made["description"] = study.description
    if document.series:
        made["series"] = [_series(read) for read in document.series]
    return made


def _series(read: ReadSeries) -> dict[str, Any]:
    return {
        "uid": read.identity.series_uid,
        "modality": {
            "system": "http://dicom.nema.org/resources/ontology/DCM",
            "code": read.identity.modality or "OT",
        },
        "numberOfInstances": len(read.instance_uids),
        **({"description": read.identity.description} if read.identity.description else {}),
    }


def _device(document: ReportDocument, pack: PackRef) -> dict[str, Any]:
    return {
        "resourceType": "Device",
        "id": _id(document, f"pack {pack} {pack.digest}"),
        "deviceName": [{"name": pack.pack_id, "type": "model-name"}],
        "version": [{"value": pack.version}],
        "identifier": [{"system": "urn:prelim:pack-sha256", "value": pack.digest or "unknown"}],
        "note": [{"text": "Model pack that drafted parts of the report"}],
    }


def _practitioner(document: ReportDocument, signature: Signature) -> dict[str, Any]:
    return {
        "resourceType": "Practitioner",
        "id": _id(document, "reader"),
        "name": [{"text": signature.signer}],
    }


def _provenance(
    document: ReportDocument, signature: Signature | None, made_at: datetime
) -> dict[str, Any]:
    agents = [
        _agent("assembler", _reference(document, f"pack {pack} {pack.digest}"))
        for pack in document.packs
    ]
    if signature is not None:
        reader = _reference(document, "reader")
        agents += [_agent("author", reader), _agent("verifier", reader)]
    if not agents:
        agents = [_agent("assembler", {"display": "Prelim"})]
    recorded = signature.signed_at if signature else made_at.isoformat(timespec="seconds")
    made: dict[str, Any] = {
        "resourceType": "Provenance",
        "id": _id(document, "provenance"),
        "target": [_reference(document, "report")],
        "recorded": recorded,
        "agent": agents,
    }
    if signature is not None and signature.seal:
        made["signature"] = [_signature(document, signature)]
    return made


def _signature(document: ReportDocument, signature: Signature) -> dict[str, Any]:
    is_author = signature.meaning is Meaning.PRELIMINARY
    number, display = ("1", "Author's Signature") if is_author else ("5", "Verification Signature")
    return {
        "type": [
            {
                "system": "urn:iso-astm:E1762-95:2013",
                "code": f"1.2.840.10065.1.12.1.{number}",
                "display": display,
            }
        ],
        "when": signature.signed_at,
        "who": _reference(document, "reader"),
        "targetFormat": "application/json",
        "sigFormat": "application/octet-stream",
        "data": signature.seal,
    }


def _agent(role: str, who: dict[str, Any]) -> dict[str, Any]:
    return {"type": {"coding": [{"system": _PARTICIPANT, "code": role}]}, "who": who}


def _id(document: ReportDocument, name: str) -> str:
    """Return the id of a resource: the same for the same report."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"prelim:{document.report_id}:{name}"))


def _reference(document: ReportDocument, name: str) -> dict[str, Any]:
    return {"reference": f"urn:uuid:{_id(document, name)}"}


def _date(dicom: str) -> str:
    """Return a DICOM date as a FHIR date; empty where it is not one."""
    try:
        datetime.strptime(dicom, "%Y%m%d").astimezone()
    except ValueError:
        return ""
    return readable_date(dicom)
