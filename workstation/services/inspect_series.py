"""Say what was received and what is doubted about it, in the JSON form of ``prelim inspect``.

Source: DESIGN section 4, the contract of the command line.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from workstation.core.geometry import Reformat
from workstation.core.job import CancelToken
from workstation.core.verdict import SeriesVerdict, Spacing, StackVerdict
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
    """Return the verdicts of all series, and what belongs to none of them.

    ``set_aside`` holds files without a series; ``listed_absent`` names files that the index of a
    disk lists for a series of which nothing is there.
    """
    return {
        "series": [
            verdict_json(series.verdict)
            for study in result.studies
            for series in (*study.series, *study.documents)
        ],
        "set_aside": [{"file": aside.file, "reason": aside.reason} for aside in result.set_aside],
        "listed_absent": list(result.listed_absent),
    }


def verdict_json(verdict: SeriesVerdict) -> Json:
    """Return one verdict with the keys of the contract.

    ``missing_positions`` and ``duplicates`` are counts; the warnings name which. Spacing is null
    where it is unknown.
    """
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
        "spacing_mm": _spacing_mm(verdict),
        "spacing_k_mm": _spacing_k_mm(verdict.spacing),
        "tilt_deg": verdict.tilt_deg,
        "missing_positions": verdict.missing_positions,
        "duplicates": verdict.duplicates,
        "sort_key": verdict.sort_key,
        "unit": verdict.unit,
        "orientation": verdict.orientation,
        "transfer_syntaxes": list(verdict.transfer_syntaxes),
        "warnings": [{"code": doubt.code, "text": doubt.text} for doubt in verdict.warnings],
        **_known_json(verdict),
    }


def _known_json(verdict: SeriesVerdict) -> Json:
    """Return what was added to the contract: which, why and what is still right."""
    return {
        "frames_received": verdict.frames_received,
        "frames_shown": verdict.frames_shown,
        "stacks": [_stack_json(stack) for stack in verdict.stacks],
        "unit_trusted": verdict.is_unit_trusted,
        "unit_reason": verdict.unit_reason,
        "reformattable": verdict.reformat is not Reformat.NONE,
        "reformat": verdict.reformat.value,
        "reason_not_reformattable": verdict.reason_not_reformattable,
        "still_right": verdict.still_right,
        "missing": [
            {
                "stack": hole.stack,
                "count": hole.count,
                "between": [hole.lower, hole.upper],
                "from_mm": hole.from_mm,
                "to_mm": hole.to_mm,
                "text": hole.text,
            }
            for hole in verdict.missing
        ],
        "lossy": verdict.is_lossy,
        "lossy_ratio": verdict.lossy_ratio,
        "burned_in": verdict.burned_in.value,
        "patient_position": verdict.patient_position,
        "laterality": verdict.laterality,
        "expected": [
            {"source": one.source, "expected": one.expected, "received": one.received}
            for one in verdict.expected
        ],
        "listed_absent": list(verdict.listed_absent),
        "frame_of_reference_uid": verdict.frame_of_reference_uid,
    }


def _stack_json(stack: StackVerdict) -> Json:
    return {
        "name": stack.name,
        "slices": stack.slices,
        "rows": stack.rows,
        "columns": stack.columns,
        "spacing_mm": _spacing_mm(stack),
        "spacing_k_mm": _spacing_k_mm(stack.spacing),
        "tilt_deg": stack.tilt_deg,
        "orientation": stack.orientation,
        "missing_positions": stack.missing,
        "unit": stack.unit,
        "unit_trusted": stack.is_unit_trusted,
        "reformattable": stack.reformat is not Reformat.NONE,
        "reformat": stack.reformat.value,
        "reason_not_reformattable": stack.reason_not_reformattable,
    }


def _spacing_mm(of: SeriesVerdict | StackVerdict) -> list[float | None]:
    between_columns, between_rows = of.spacing_ij_mm or (None, None)
    return [between_columns, between_rows, of.spacing.median_mm if of.spacing else None]


def _spacing_k_mm(spacing: Spacing | None) -> Json:
    return {
        "min": spacing.min_mm if spacing else None,
        "median": spacing.median_mm if spacing else None,
        "max": spacing.max_mm if spacing else None,
    }
