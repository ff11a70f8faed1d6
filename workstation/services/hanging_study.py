"""Say what hanging protocols can ask about the series of a study, and which of them fit it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from viewers.state.hanging import NO, YES, Attribute, SeriesTraits, plain, words_pattern
from workstation.core.acquisition import Acquisition
from workstation.core.geometry import Reformat
from workstation.core.image_stack import ImageStack
from workstation.core.provenance import PixelKind
from workstation.core.verdict import SeriesVerdict, StackVerdict
from workstation.dicom.acquisition import acquisition_of
from workstation.services.import_studies import ImportedStudy, ImportResult

SCOUT_WORDS = (
    *("localizer", "localiser", "lokalizer", "locator", "scout", "topogram", "scanogram"),
    *(
        "surview",
        "survey",
        "repere",
        "planscan",
        "3 plane",
        "monitoring",
        "bolus track",
        "smartprep",
    ),
    *("dose report", "patient protocol", "screen save", "dosisprotokoll"),
)
"""What makers call pictures that are taken to plan or to time a scan, or to record its dose: no
cell takes them unless it asks for them."""

_SCOUT = words_pattern(SCOUT_WORDS)


@dataclass(frozen=True, slots=True, eq=False)
class HangableSeries:
    """A display set and what is known of it.

    Attributes:
        display_set: what is opened.
        verdict: of its series.
    """

    display_set: ImageStack
    verdict: SeriesVerdict


def hangable(study: ImportedStudy) -> tuple[HangableSeries, ...]:
    """Return every display set of a study, in the order of the rail."""
    return tuple(
        HangableSeries(display_set, series.verdict)
        for series in study.series
        for display_set in series.display_sets
    )


def traits(series: HangableSeries, key: int, *, age_days: float | None = None) -> SeriesTraits:
    """Return what rules can ask about a display set.

    Args:
        series: the display set.
        key: names it in the answer.
        age_days: how much older its study is than the one that is read, for a prior; None for a
            series of the study that is read.
    """
    identity = series.display_set.series
    acquired, stack = acquisition_of(series.display_set), _stack(series)
    texts = _texts(series, acquired, stack) | {Attribute.PRIOR: NO if age_days is None else YES}
    numbers = _numbers(series, acquired, stack) | {Attribute.AGE_DAYS: age_days}
    known = {name: number for name, number in numbers.items() if number is not None}
    name = identity.description or f"{identity.modality} {identity.number}".strip()
    return SeriesTraits(
        key,
        f"{name}, {series.display_set.name}" if series.display_set.name else name,
        identity.series_uid,
        MappingProxyType(texts),
        MappingProxyType(known),
        series.display_set.provenance.kind is PixelKind.ENHANCED,
    )


def _texts(
    series: HangableSeries, acquired: Acquisition, stack: StackVerdict | None
) -> dict[Attribute, str]:
    one, identity = series.display_set, series.display_set.series
    study = identity.study.description
    named = (identity.description, identity.protocol_name)
    anatomy = " | ".join((identity.body_part, study, *named))
    words = " | ".join((*named, acquired.sequence, *one.image_type, one.name))
    return {
        Attribute.MODALITY: plain(identity.modality),
        Attribute.BODY_PART: plain(identity.body_part),
        Attribute.LATERALITY: plain(series.verdict.laterality),
        Attribute.STUDY_DESCRIPTION: plain(study),
        Attribute.SERIES_DESCRIPTION: plain(identity.description),
        Attribute.PROTOCOL_NAME: plain(identity.protocol_name),
        Attribute.ANATOMY: plain(anatomy),
        Attribute.WORDS: plain(words),
        Attribute.CONTRAST: plain(acquired.contrast_agent),
        Attribute.SEQUENCE: plain(acquired.sequence),
        Attribute.IMAGE_TYPE: plain(" ".join(one.image_type)),
        Attribute.KERNEL: plain(acquired.kernel),
        Attribute.PLANE: stack.orientation if stack else "unknown",
        Attribute.STACK: plain(one.name),
        Attribute.LOCALIZER: _yes(_is_scout(series)),
        Attribute.VOLUME: _yes(stack is not None and stack.reformat is not Reformat.NONE),
        Attribute.COLOR: _yes(one.is_color),
        Attribute.RESEARCH: _yes(identity.study.is_research),
    }


def _numbers(
    series: HangableSeries, acquired: Acquisition, stack: StackVerdict | None
) -> dict[Attribute, float | None]:
    return {
        Attribute.SLICES: float(series.display_set.slice_count),
        Attribute.THICKNESS_MM: series.display_set.thickness_mm or _step_mm(stack),
        Attribute.B_VALUE: acquired.b_value,
        Attribute.ECHO_TIME_MS: acquired.echo_time_ms,
        Attribute.REPETITION_TIME_MS: acquired.repetition_time_ms,
        Attribute.INVERSION_TIME_MS: acquired.inversion_time_ms,
        Attribute.TILT_DEG: abs(stack.tilt_deg) if stack else None,
    }


def study_traits(
    current: Sequence[HangableSeries], priors: Iterable[tuple[HangableSeries, float]] = ()
) -> tuple[SeriesTraits, ...]:
    """Return the traits of all series; keys count on from the current ones to the priors.

    Args:
        current: display sets of the study that is read.
        priors: display sets of earlier studies of the patient, with their age in days.
    """
    made = [traits(one, key) for key, one in enumerate(current)]
    for one, age_days in priors:
        made.append(traits(one, len(made), age_days=age_days))
    return tuple(made)


def traits_with_priors(
    current: ImportedStudy, priors: Iterable[ImportedStudy]
) -> tuple[SeriesTraits, ...]:
    """Return the traits of a study and of priors that a reader chose; keys count on as listed.

    A prior without a date counts as taken on the same day: the reader said that it is one.
    """
    older = [(one, _age_days(current, study) or 0.0) for study in priors for one in hangable(study)]
    return study_traits(hangable(current), older)


@dataclass(frozen=True, slots=True, eq=False)
class StudyToHang:
    """The study that is read and what of its patient came with it.

    Attributes:
        study: the one that is read.
        series: its display sets, then those of its priors; a key is a place in here.
        traits: what rules can ask about each.
    """

    study: ImportedStudy
    series: tuple[HangableSeries, ...]
    traits: tuple[SeriesTraits, ...]


def study_to_hang(result: ImportResult, study_uid: str = "") -> StudyToHang:
    """Return the study of an import that is read: the newest of its patient; others are priors.

    Args:
        result: of the import.
        study_uid: the study that is read; empty for the newest, the largest among equals.
    """
    with_images = [study for study in result.studies if study.series]
    named = [one for one in with_images if one.identity.study_uid == study_uid]
    current = max(named or with_images, key=_newest)
    older = [
        (one, age)
        for study in with_images
        if study is not current and (age := _age_days(current, study)) is not None
        for one in hangable(study)
    ]
    own = hangable(current)
    every = (*own, *(one for one, _ in older))
    return StudyToHang(current, every, study_traits(own, older))


def _newest(study: ImportedStudy) -> tuple[bool, str, int]:
    slices = sum(one.display_set.slice_count for one in hangable(study))
    return not study.identity.is_research, study.identity.study_date, slices


def _age_days(current: ImportedStudy, other: ImportedStudy) -> float | None:
    """Return how much older another study of the same patient is; None where it is no prior."""
    ids = [one.identity.patient.patient_id.reveal().strip() for one in (current, other)]
    dates = [_date(one.identity.study_date) for one in (current, other)]
    if not ids[0] or ids[0] != ids[1] or dates[0] is None or dates[1] is None:
        return None
    age = (dates[0] - dates[1]).days
    return float(age) if age >= 0 else None


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _stack(series: HangableSeries) -> StackVerdict | None:
    name = series.display_set.name
    return next((stack for stack in series.verdict.stacks if stack.name == name), None)


def _step_mm(stack: StackVerdict | None) -> float | None:
    return stack.spacing.median_mm if stack is not None and stack.spacing is not None else None


def _is_scout(series: HangableSeries) -> bool:
    if "LOCALIZER" in series.display_set.image_type[2:]:
        return True
    identity = series.display_set.series
    text = plain(f"{identity.description} | {identity.protocol_name}")
    return _SCOUT.search(text) is not None


def _yes(truth: bool) -> str:
    return YES if truth else NO
