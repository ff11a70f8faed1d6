"""A printed report inside a DICOM object: Encapsulated PDF Storage, for archives that show no SR.

Source: PS3.3 A.45.1, C.24.
"""

from __future__ import annotations

from datetime import datetime

from pydicom import Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.uid import EncapsulatedPDFStorage, ExplicitVRLittleEndian

from workstation.core.errors import InputRefusedError
from workstation.dicom.report_codes import TITLE, concept
from workstation.dicom.structured_report import (
    MANUFACTURER,
    SERIES_NUMBER,
    SoftwareIdentity,
    derived_uid,
)
from workstation.report.canonical import document_sha256
from workstation.report.document import Meaning, ReportDocument
from workstation.report.layout import NOT_SIGNED, current_signature


def build_encapsulated_pdf(
    document: ReportDocument, pdf: bytes, *, made_at: datetime, software: SoftwareIdentity
) -> Dataset:
    """Return a PDF of a report as a DICOM object of its study.

    Args:
        document: the report the PDF shows.
        pdf: the file, signed or not; it is carried as it is.
        made_at: aware; when this object is made.
        software: of ours.

    Raises:
        InputRefusedError: the bytes are no PDF.
    """
    if not pdf.startswith(b"%PDF-"):
        raise InputRefusedError("This is not a PDF", todo="Print the report first")
    signature = current_signature(document)
    is_verified = signature is not None and signature.meaning is not Meaning.PRELIMINARY
    made = Dataset()
    _set_identity(made, document)
    made.Modality = "DOC"
    made.ConversionType = "WSD"
    made.SeriesInstanceUID = derived_uid("pdf series", document.report_id)
    made.SeriesNumber = SERIES_NUMBER + 1
    made.SOPClassUID = EncapsulatedPDFStorage
    seed = (document.report_id, document_sha256(document), made_at.isoformat())
    made.SOPInstanceUID = derived_uid("pdf", *seed)
    made.InstanceNumber = max(1, len(document.signatures))
    made.Manufacturer = MANUFACTURER
    made.ManufacturerModelName = MANUFACTURER
    made.SoftwareVersions = software.version
    made.DeviceSerialNumber = "0"
    made.ContentDate, made.ContentTime = f"{made_at:%Y%m%d}", f"{made_at:%H%M%S}"
    made.AcquisitionDateTime = ""
    made.TimezoneOffsetFromUTC = made_at.strftime("%z")
    made.BurnedInAnnotation = "YES"
    made.RecognizableVisualFeatures = "NO"
    made.DocumentTitle = TITLE.meaning if is_verified else f"{NOT_SIGNED}: {TITLE.meaning}"
    made.ConceptNameCodeSequence = [concept(TITLE)]
    made.VerificationFlag = "VERIFIED" if is_verified else "UNVERIFIED"
    made.MIMETypeOfEncapsulatedDocument = "application/pdf"
    made.EncapsulatedDocument = pdf + b"\0" * (len(pdf) % 2)
    made.EncapsulatedDocumentLength = len(pdf)
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return made


def _set_identity(made: Dataset, document: ReportDocument) -> None:
    study, patient = document.study, document.study.patient
    made.SpecificCharacterSet = "ISO_IR 192"
    made.PatientName = patient.name.reveal()
    made.PatientID = patient.patient_id.reveal()
    made.PatientBirthDate = patient.birth_date.reveal()
    made.PatientSex = patient.sex
    made.StudyInstanceUID = study.study_uid
    made.StudyDate = study.study_date
    made.StudyTime = study.study_time
    made.StudyID = study.study_id.reveal()
    made.AccessionNumber = study.accession_number.reveal()
    made.ReferringPhysicianName = study.referring_physician.reveal()
    if study.description:
        made.StudyDescription = study.description[:64]
