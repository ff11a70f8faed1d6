"""Say what was received and what is doubted about it, in the JSON form of ``prelim inspect``.

Source: DESIGN section 4, the contract of the command line.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from workstation.core.job import CancelToken
from workstation.core.verdict import SeriesVerdict
from workstation.services.import_studies import ImportResult, import_paths

Json = dict[str, object]


def inspect(paths: Iterable[Path], *, cancel: CancelToken | None = None) -> Json:
    """Return the verdicts of everything below the paths, JSON-ready.

    Raises:
        InputRefusedError: a path does not exist, or nothing in it can be shown.
        CancelledError: it was cancelled.
    """
    return result_json(import_paths(paths, cancel=cancel))


def result_json(result: ImportResult) -> Json:
    """Return ``{"series": [...], "set_aside": [...]}``; the second holds files without a series."""
    return {
        "series": [
            verdict_json(series.verdict)
            for study in result.studies
            for series in (*study.series, *study.documents)
        ],
        "set_aside": [{"file": aside.file, "reason": aside.reason} for aside in result.set_aside],
    }


def verdict_json(verdict: SeriesVerdict) -> Json:
    """Return one verdict with the keys of the contract.

    ``missing_positions`` and ``duplicates`` are counts; the warnings name which. Spacing is null
    where it is unknown.
    """
    between = verdict.spacing
    in_plane = verdict.spacing_ij_mm
    return {
        "uid": verdict.series_uid,
        "modality": verdict.modality,
        "description": verdict.description,
        "received": verdict.received,
        "shown": verdict.shown,
        "set_aside": [{"file": aside.file, "reason": aside.reason} for aside in verdict.set_aside],
        "rows": verdict.rows,
        "columns": verdict.columns,
        "slices": verdict.slices,
        "display_sets": verdict.display_sets,
        "spacing_mm": [
            in_plane[0] if in_plane else None,
            in_plane[1] if in_plane else None,
            between.median_mm if between else None,
        ],
        "spacing_k_mm": {
            "min": between.min_mm if between else None,
            "median": between.median_mm if between else None,
            "max": between.max_mm if between else None,
        },
        "tilt_deg": verdict.tilt_deg,
        "missing_positions": verdict.missing_positions,
        "duplicates": verdict.duplicates,
        "sort_key": verdict.sort_key,
        "unit": verdict.unit,
        "orientation": verdict.orientation,
        "transfer_syntaxes": list(verdict.transfer_syntaxes),
        "warnings": [{"code": doubt.code, "text": doubt.text} for doubt in verdict.warnings],
    }
