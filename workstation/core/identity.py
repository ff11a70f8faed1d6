"""Who was scanned, and which study and series it is."""

from __future__ import annotations

from dataclasses import dataclass, field

from workstation.core.phi import Phi


def _hidden() -> Phi[str]:
    return Phi("")


@dataclass(frozen=True, slots=True)
class PatientIdentity:
    """The patient as the headers name them; PS3.3 C.7.1.1. Empty strings where absent.

    Attributes:
        name: Patient's Name in DICOM form (family^given^middle^prefix^suffix).
        patient_id: Patient ID.
        birth_date: YYYYMMDD.
        sex: M, F, O or empty.
        age: Patient's Age as written, e.g. ``054Y``.
    """

    name: Phi[str] = field(default_factory=_hidden)
    patient_id: Phi[str] = field(default_factory=_hidden)
    birth_date: Phi[str] = field(default_factory=_hidden)
    sex: str = ""
    age: str = ""


@dataclass(frozen=True, slots=True)
class StudyIdentity:
    """The study as the headers name it; PS3.3 C.7.2.1. Empty strings where absent.

    Attributes:
        is_research: whether this is no study at all: a volume or picture that came without DICOM
            (NIfTI, NRRD, MetaImage, PNG ...). It names no patient and has no UID; it is shown for
            research reading and nothing may be drafted, signed or sent about it.
    """

    study_uid: str
    patient: PatientIdentity = field(default_factory=PatientIdentity)
    accession_number: Phi[str] = field(default_factory=_hidden)
    study_id: Phi[str] = field(default_factory=_hidden)
    study_date: str = ""
    study_time: str = ""
    description: str = ""
    referring_physician: Phi[str] = field(default_factory=_hidden)
    is_research: bool = False


@dataclass(frozen=True, slots=True)
class SeriesIdentity:
    """The series as the headers name it; PS3.3 C.7.3.1. Empty strings where absent."""

    series_uid: str
    study: StudyIdentity
    modality: str = ""
    description: str = ""
    body_part: str = ""
    number: str = ""
    manufacturer: str = ""
    model_name: str = ""
    protocol_name: str = ""
