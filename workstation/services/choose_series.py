"""Say which series of an import a task is about: the one named, else the largest CT or MR."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.core.errors import InputRefusedError
from workstation.core.image_stack import ImageStack
from workstation.core.provenance import PixelKind
from workstation.services.import_studies import ImportedSeries, ImportedStudy, ImportResult

READ_MODALITIES = ("CT", "MR")
"""Modalities that Prelim enhances, measures and drafts; others are only shown."""


@dataclass(frozen=True, slots=True, eq=False)
class ChosenSeries:
    """A series, its study, and the stack of it that is worked on."""

    study: ImportedStudy
    series: ImportedSeries
    display_set: ImageStack


def choose_series(result: ImportResult, series_uid: str = "") -> ChosenSeries:
    """Return the series a task is about.

    Args:
        result: of the import.
        series_uid: Series Instance UID; empty for the largest CT or MR series, or, where there
            is none, the largest of any kind. What a model made of another series comes last.

    Raises:
        InputRefusedError: the series named is not there or holds no images.
    """
    found = [
        ChosenSeries(study, series, series.display_sets[0])
        for study in result.studies
        for series in study.series
        if series.display_sets and series_uid in ("", series.identity.series_uid)
    ]
    if not found:
        raise InputRefusedError(
            "That series is not among what was opened",
            why="no series with images has this UID",
            todo="List the series with: prelim inspect PATH",
        )
    return max(found, key=_rank)


def _rank(chosen: ChosenSeries) -> tuple[bool, bool, bool, int]:
    is_read = chosen.series.identity.modality in READ_MODALITIES
    is_patients = not chosen.study.identity.is_research
    is_scanned = chosen.display_set.provenance.kind is PixelKind.ORIGINAL
    return is_read and is_patients, is_patients, is_scanned, chosen.display_set.slice_count
