"""The words of the window: the one door to translation, and how values are said to people.

Nothing here is logged. Names of patients are revealed here because a person reads them.
"""

from __future__ import annotations

from viewers.qt.words import said
from workstation.core.identity import PatientIdentity, StudyIdentity
from workstation.core.verdict import StackVerdict

CONFIDENCE_WORDS = ((0.9, "very likely"), (0.75, "likely"), (0.5, "possible"), (0.0, "uncertain"))
"""Lower bounds of a confidence and the word for it.

A word is read as fast as the sentence, a figure is not; the figure stays on hover. The bounds
follow the usual five-step certainty scales of radiology reports.
"""

NO_PATIENT = "NO PATIENT - research data"
"""Stands where the patient's name stands, for what came without DICOM: it must not read as one."""

NO_REPORT = "These images name no patient: nothing is drafted, signed or sent about them."
"""Why there is no report of research data."""

EVEN_ENOUGH_MM = 0.05
"""Steps that differ by less read as one figure: a twentieth of a millimeter is no step."""


def tr(text: str) -> str:
    """Return a text in the reader's language; a sentence of the rooms below with its values."""
    return said("Prelim", text)


def count_of(number: int, one: str, many: str) -> str:
    """Return "1 slice", "3 slices"."""
    return f"{number:,} {tr(one if number == 1 else many)}"


def confidence_word(confidence: float) -> str:
    """Return the word for a confidence, 0..1."""
    return tr(next(word for bound, word in CONFIDENCE_WORDS if confidence >= bound))


def date_text(dicom_date: str) -> str:
    """Return YYYY-MM-DD for a DICOM date; the date as it stands where it is not one."""
    if len(dicom_date) == 8 and dicom_date.isdigit():
        return f"{dicom_date[:4]}-{dicom_date[4:6]}-{dicom_date[6:]}"
    return dicom_date


def patient_name(patient: PatientIdentity) -> str:
    """Return the name a person reads: family, given; a word where there is none."""
    parts = [part.strip() for part in patient.name.reveal().split("=")[0].split("^")]
    family, *given = parts
    name = ", ".join(part for part in (family, " ".join(part for part in given if part)) if part)
    return name or tr("No name")


def study_name(study: StudyIdentity) -> str:
    """Return whose study it is, or in capitals that it is nobody's."""
    return tr(NO_PATIENT) if study.is_research else patient_name(study.patient)


def patient_facts(patient: PatientIdentity) -> str:
    """Return sex, age or birth date, and id, as far as they are known."""
    age = patient.age.lstrip("0").lower() if patient.age else ""
    born = date_text(patient.birth_date.reveal())
    parts = (patient.sex, age or born, _with("ID", patient.patient_id.reveal()))
    return "  ".join(part for part in parts if part)


def study_facts(study: StudyIdentity) -> str:
    """Return description, date and accession number, as far as they are known."""
    accession = _with(tr("acc."), study.accession_number.reveal())
    parts = (study.description, date_text(study.study_date), accession)
    return "  ".join(part for part in parts if part)


def spacing_steps(stack: StackVerdict) -> tuple[str, str]:
    """Return the size of a pixel, and the steps between slices, in mm.

    The steps are one figure where they are even, else minimum, median and maximum. The second
    text is empty where there is only one slice.
    """
    if stack.spacing_ij_mm is None:
        return tr("no millimeters"), ""
    i_mm, j_mm = stack.spacing_ij_mm
    pixels = f"{i_mm:.3g} x {j_mm:.3g} mm"
    steps = stack.spacing
    if steps is None:
        return pixels, ""
    if steps.max_mm - steps.min_mm < EVEN_ENOUGH_MM:
        return pixels, tr("every {0} mm").format(f"{steps.median_mm:.4g}")
    named = zip(
        (tr("min"), tr("median"), tr("max")),
        (steps.min_mm, steps.median_mm, steps.max_mm),
        strict=True,
    )
    return pixels, f"{', '.join(f'{name} {mm:.2f}' for name, mm in named)} mm"


def _with(label: str, value: str) -> str:
    return f"{label} {value}" if value else ""
