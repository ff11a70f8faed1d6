"""The verdict of a research series, in the words and fields of every other series."""

from __future__ import annotations

from dataclasses import replace

from workstation.core.image_stack import stack_verdict, still_right
from workstation.core.verdict import Answer, SeriesVerdict, Spacing, StackVerdict
from workstation.exchange.research.recognize import Kind
from workstation.exchange.research.volume import ResearchVolume


def research_verdict(
    volumes: tuple[ResearchVolume, ...], *, files: int, stored_as: str, is_lossy: bool = False
) -> SeriesVerdict:
    """Return the verdict of one file.

    Args:
        volumes: what it holds, at least one.
        files: how many files it is made of.
        stored_as: format and compression for people; stands where DICOM has a transfer syntax.
        is_lossy: whether pixels were compressed with loss.
    """
    main, series = volumes[0], volumes[0].series
    stacks = tuple(map(_stack, volumes))
    slices = sum(one.slice_count for one in volumes)
    is_picture = main.kind is Kind.PICTURE
    return SeriesVerdict(
        series_uid="",
        modality=series.modality,
        description=series.description,
        received=files,
        shown=files,
        set_aside=(),
        rows=main.rows,
        columns=main.columns,
        slices=main.slice_count,
        display_sets=len(volumes),
        spacing_ij_mm=stacks[0].spacing_ij_mm,
        spacing=stacks[0].spacing,
        tilt_deg=stacks[0].tilt_deg,
        missing_positions=0,
        duplicates=0,
        sort_key=main.sort_key,
        unit=stacks[0].unit,
        orientation=stacks[0].orientation,
        transfer_syntaxes=(stored_as,),
        warnings=tuple(dict.fromkeys(doubt for one in volumes for doubt in one.doubts)),
        frames_received=slices,
        frames_shown=slices,
        stacks=stacks,
        is_unit_trusted=main.intensity.is_trusted,
        unit_reason=main.intensity.reason,
        reformat=stacks[0].reformat,
        reason_not_reformattable=stacks[0].reason_not_reformattable,
        still_right=still_right(main.geometry),
        is_lossy=is_lossy,
        burned_in=Answer.UNKNOWN if is_picture else Answer.NO,
    )


def _stack(one: ResearchVolume) -> StackVerdict:
    """Return what is known of a volume; its slices have distances even where it has no place."""
    found = stack_verdict(one)
    geometry = one.geometry
    if found.spacing is not None or not geometry.has_millimetres or one.slice_count < 2:
        return found
    gap = float(geometry.gaps_mm[0])
    return replace(found, spacing=Spacing(gap, gap, gap))
