"""Verdicts of made-up series, for tests of what is said about them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from workstation.core.geometry import Reformat
from workstation.core.verdict import Answer, SeriesVerdict, SetAside, Spacing, StackVerdict


def a_stack(**changes: Any) -> StackVerdict:  # noqa: ANN401 fields of the value
    """Return what is known of a plain axial CT stack, with some fields changed."""
    plain = StackVerdict(
        name="",
        slices=275,
        rows=512,
        columns=512,
        spacing_ij_mm=(0.7, 0.7),
        spacing=Spacing(1.0, 1.0, 1.0),
        tilt_deg=0.0,
        orientation="axial",
        missing=0,
        unit="HU",
        is_unit_trusted=True,
        reformat=Reformat.DIRECT,
        reason_not_reformattable="",
    )
    return replace(plain, **changes)


def a_verdict(
    *stacks: StackVerdict,
    aside: tuple[SetAside, ...] = (),
    **changes: Any,  # noqa: ANN401
) -> SeriesVerdict:
    """Return the verdict of a CT without a flaw: one file per slice; some fields changed."""
    stacks = stacks or (a_stack(),)
    main = stacks[0]
    shown = sum(stack.slices for stack in stacks)
    plain = SeriesVerdict(
        series_uid="1.2.9",
        modality="CT",
        description="Thin",
        received=shown + len(aside),
        shown=shown,
        set_aside=aside,
        rows=main.rows,
        columns=main.columns,
        slices=main.slices,
        display_sets=len(stacks),
        spacing_ij_mm=main.spacing_ij_mm,
        spacing=main.spacing,
        tilt_deg=main.tilt_deg,
        missing_positions=sum(stack.missing for stack in stacks),
        duplicates=0,
        sort_key="position along the slice normal",
        unit=main.unit,
        orientation=main.orientation,
        transfer_syntaxes=("Explicit VR Little Endian",),
        frames_received=shown + len(aside),
        frames_shown=shown,
        stacks=stacks,
        is_unit_trusted=main.is_unit_trusted,
        reformat=main.reformat,
        reason_not_reformattable=main.reason_not_reformattable,
        burned_in=Answer.NO,
        patient_position="HFS",
        frame_of_reference_uid="1.2.3",
    )
    return replace(plain, **changes)
