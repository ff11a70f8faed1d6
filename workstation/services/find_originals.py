"""Say of each series that a model made whether the series it was made from is in the same study."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from workstation.core.provenance import PixelKind
from workstation.core.verdict import Doubt

if TYPE_CHECKING:  # it uses this module
    from workstation.services.import_studies import ImportedSeries

CODE = "original_series"
"""Code of the sentence."""


def with_originals(series: Iterable[ImportedSeries]) -> tuple[ImportedSeries, ...]:
    """Return the series of one study, each made one with a sentence about its original.

    It can be asked again when more of a study has come.
    """
    every = tuple(series)
    by_uid = {one.verdict.series_uid: one for one in every}
    return tuple(_told(one, by_uid) for one in every)


def original_uid(series: ImportedSeries) -> str | None:
    """Return the UID of the series that a model made this one from, empty where it is not said.

    None for a series as it was scanned.
    """
    for one in series.display_sets:
        if one.provenance.kind is PixelKind.ENHANCED:
            return one.provenance.source_series_uid
    return None


def _told(series: ImportedSeries, by_uid: Mapping[str, ImportedSeries]) -> ImportedSeries:
    uid = original_uid(series)
    if uid is None:
        return series
    original = by_uid.get(uid)
    text = "The original series is not among what was opened."
    if original is not None:
        identity = original.identity
        name = " ".join(part for part in (identity.number, identity.description) if part)
        text = f"The original is in this study: series {name or identity.modality}."
    known = tuple(doubt for doubt in series.verdict.warnings if doubt.code != CODE)
    return replace(series, verdict=replace(series.verdict, warnings=(*known, Doubt(CODE, text))))
