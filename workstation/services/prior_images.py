"""Which earlier study may stand beside the one being read, and which series belong together.

Two patients are never shown as one: another Patient ID, or another name, is refused with its
reason. A name that is spelled otherwise, or another birth date, is shown as a doubt.

Source: DICOM PS3.3 C.7.1.1 (Patient), PS3.5 6.2.1.2 (parts of a person name).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from workstation.core.geometry import plane_name
from workstation.core.identity import PatientIdentity, StudyIdentity
from workstation.core.image_stack import ImageStack
from workstation.dicom.display_sets import DisplaySet

SAME_NAME, LIKE_NAME = 1.0, 0.7
"""Share of letters that two spellings have in common: at 0.7 "Meier" still is "Meyer" and "Anna
Maria" still is "Anna"; two family names of other people are below it."""

LATER = "This study is later than the one being read."
"""Said of a study that is no prior by its date, and may be compared all the same."""

THICKNESS_FACTOR = 2.0
"""Series whose slices differ by more than this factor are read for other things."""


@dataclass(frozen=True, slots=True)
class SamePatient:
    """Whether two studies are of one patient, for people.

    Attributes:
        why_not: why they may not be compared, with what to do; empty where they may.
        doubts: what differs all the same, a sentence each.
    """

    why_not: str = ""
    doubts: tuple[str, ...] = ()


def same_patient(current: PatientIdentity, other: PatientIdentity) -> SamePatient:
    """Return whether the images of two patients' studies may stand side by side."""
    here, there = current.patient_id.reveal().strip(), other.patient_id.reveal().strip()
    if not here or not there:
        return SamePatient(
            "Not compared: a study without a patient ID cannot be told to be of the same patient. "
            "Have the ID corrected where the study comes from."
        )
    if here != there:
        return SamePatient(
            "Not compared: the patient IDs differ. If it is the same patient, have the IDs merged "
            "where the studies come from, then open them again."
        )
    likeness = name_likeness(current.name.reveal(), other.name.reveal())
    if likeness < LIKE_NAME:
        return SamePatient(
            "Not compared: the patient ID is the same but the names differ. Find out whose study "
            "it is before you compare."
        )
    return SamePatient(doubts=tuple(_doubts(current, other, likeness)))


def name_likeness(one: str, other: str) -> float:
    """Return how alike two DICOM person names are, 0..1, whatever the case and the accents."""
    first, second = _letters(one), _letters(other)
    if first == second:
        return 1.0
    if not first or not second:
        return 0.0
    # Part by part: two people of one family share the longest part and nothing else.
    pairs = list(zip(first, second, strict=False))
    return min(_alike(a, b) for a, b in pairs)


def prior_studies(
    current: StudyIdentity, known: Iterable[StudyIdentity]
) -> tuple[tuple[StudyIdentity, SamePatient], ...]:
    """Return the other studies that may be meant, newest first, each with what is to be said.

    Those of the same Patient ID, and those of the same name and birth date under another ID: a
    reader who misses one of these learns why it cannot be compared.
    """
    found = {}
    for other in known:
        if other.study_uid == current.study_uid or other.is_research:
            continue
        if _may_be_meant(current.patient, other.patient):
            same = same_patient(current.patient, other.patient)
            if current.study_date and other.study_date > current.study_date:
                same = replace(same, doubts=(*same.doubts, LATER))
            found[other.study_uid] = (other, same)
    return tuple(sorted(found.values(), key=lambda pair: pair[0].study_date, reverse=True))


def set_apart(stack: ImageStack, current: StudyIdentity) -> ImageStack:
    """Return a series of another study with a frame of reference that is not the current one's.

    A patient lies differently each time. Some archives and scanners name one frame of reference in
    studies of different days all the same; taken at its word, places a hand's breadth apart would
    be shown as one. Studies of one day keep their word: a PET and its CT may come as two.

    Args:
        stack: of the other study.
        current: the study being read.
    """
    other, geometry = stack.series.study, stack.geometry
    is_same_day = other.study_date != "" and other.study_date == current.study_date
    if not isinstance(stack, DisplaySet) or is_same_day or not geometry.frame_of_reference_uid:
        return stack
    # Never written anywhere: it only has to differ from every frame of the current study.
    own = f"{geometry.frame_of_reference_uid} in {other.study_uid}"
    return replace(stack, geometry=replace(geometry, frame_of_reference_uid=own))


def matching_series(current: ImageStack, priors: Sequence[ImageStack]) -> int | None:
    """Return which series of a prior is read beside a series; None where none is like it.

    The modality must be the same. Then count: the plane, the words of the description, the
    thickness, the body part, and how many slices there are.
    """
    scored = [
        (_likeness(current, prior), index)
        for index, prior in enumerate(priors)
        if prior.series.modality == current.series.modality
    ]
    return max(scored, key=lambda pair: (pair[0], -pair[1]))[1] if scored else None


def _likeness(current: ImageStack, prior: ImageStack) -> float:
    score = 3.0 * (_plane(current) == _plane(prior))
    score += 3.0 * _same_words(current, prior)
    score += 1.0 * (current.series.body_part.casefold() == prior.series.body_part.casefold())
    thin, thick = sorted((_step_mm(current), _step_mm(prior)))
    score += 1.0 if thin > 0 and thick <= THICKNESS_FACTOR * thin else 0.0
    fewer, more = sorted((current.slice_count, prior.slice_count))
    return score + fewer / max(more, 1)


def _plane(stack: ImageStack) -> str:
    return plane_name(stack.geometry.normal) if stack.geometry.is_placed else ""


def _same_words(current: ImageStack, prior: ImageStack) -> float:
    one = f"{current.series.description} {current.name}".casefold().split()
    other = f"{prior.series.description} {prior.name}".casefold().split()
    if not one or not other:
        return 0.0
    return len(set(one) & set(other)) / len(set(one) | set(other))


def _step_mm(stack: ImageStack) -> float:
    gaps = stack.geometry.gaps_mm
    return float(gaps.mean()) if gaps.size and stack.geometry.has_millimetres else 0.0


def _may_be_meant(current: PatientIdentity, other: PatientIdentity) -> bool:
    here, there = current.patient_id.reveal().strip(), other.patient_id.reveal().strip()
    if here and here == there:
        return True
    is_named = bool(_letters(current.name.reveal()))
    same_name = is_named and name_likeness(current.name.reveal(), other.name.reveal()) == SAME_NAME
    born, other_born = current.birth_date.reveal().strip(), other.birth_date.reveal().strip()
    return same_name and bool(born) and born == other_born


def _doubts(current: PatientIdentity, other: PatientIdentity, likeness: float) -> Iterable[str]:
    if likeness < SAME_NAME:
        yield "The name is spelled otherwise in the prior."
    born, other_born = current.birth_date.reveal().strip(), other.birth_date.reveal().strip()
    if born and other_born and born != other_born:
        yield "The birth date is another one in the prior."
    if current.sex and other.sex and current.sex != other.sex:
        yield "The sex is another one in the prior."


def _letters(name: str) -> list[str]:
    """Return family and given name as plain letters; the alphabetic group is taken."""
    group = next((g for g in name.split("=") if g.strip("^ ")), "")
    parts = [_plain(part) for part in group.split("^")[:2]]
    return [part for part in parts if part]


def _plain(part: str) -> str:
    spread = unicodedata.normalize("NFKD", part).casefold()
    return "".join(letter for letter in spread if letter.isalnum())


def _alike(one: str, other: str) -> float:
    if one != other and (one.startswith(other) or other.startswith(one)):
        # A second given name or half of a double name was left out: LIKE, not SAME.
        return max(LIKE_NAME, SequenceMatcher(None, one, other, autojunk=False).ratio())
    return SequenceMatcher(None, one, other, autojunk=False).ratio()
