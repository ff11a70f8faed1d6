"""Commands about a study: inspect, enhance, measure, draft."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from inference.tasks.denoise import EnhancementFigures
from inference.tasks.measure import MeasureResult
from workstation.cli.filling import FillOrder, fill_series, require_plain, say
from workstation.cli.output import answer, note, removed_if_empty
from workstation.cli.parts import (
    chosen,
    left_out_json,
    model_worker,
    opened,
    pack_store,
    wiring,
)
from workstation.cli.super_resolving import (
    DirectionName,
    Factor,
    ProfileName,
    resolution,
    resolution_json,
    resolution_words,
)
from workstation.core.verdict import Doubt, SeriesVerdict
from workstation.services.choose_series import ChosenSeries
from workstation.services.draft_findings import draft, draft_words
from workstation.services.draft_study import draft_files
from workstation.services.enhance_series import (
    Enhanced,
    check_can_be_enhanced,
    check_can_be_written,
    enhance,
    write_derived,
)
from workstation.services.enhancement_figures import enhancement_warnings
from workstation.services.enhancement_gate import stack_doubt
from workstation.services.enhancement_json import figures_json
from workstation.services.import_studies import ImportResult, NothingToShowError, import_paths
from workstation.services.inspect_series import result_json
from workstation.services.measure_study import measure
from workstation.services.measure_study import result_json as measured_json
from workstation.services.sign_report import program_version
from workstation.settings.home import Home

Json = Annotated[bool, typer.Option("--json", help="Answer as JSON on standard output.")]
Study = Annotated[
    Path,  # whether it can be read is said by the import, which names no path
    typer.Argument(metavar="PATH", readable=False, help="A file, folder or zip of a study."),
]
Series = Annotated[
    str, typer.Option("--series", help="Series Instance UID; the largest CT or MR by default.")
]
Out = Annotated[
    Path, typer.Option("--out", readable=False, help="Folder for the files; made if absent.")
]
PackId = Annotated[str, typer.Option("--pack", help="Model pack; chosen by modality by default.")]


def add_commands(app: typer.Typer) -> None:
    """Add the commands of this room."""
    app.command("inspect")(inspect_command)
    app.command("enhance")(enhance_command)
    app.command("measure")(measure_command)
    app.command("draft")(draft_command)


def inspect_command(path: Study, *, as_json: Json = False) -> None:
    """Say for each series what was received, shown, set aside and doubted."""
    try:
        result = import_paths([path])
    except NothingToShowError as error:
        aside = [{"file": each.file, "reason": each.reason} for each in error.set_aside]
        why = {"what": error.what, "why": error.why, "todo": error.todo}
        words = "\n".join(f"  {each['file']}: {each['reason']}" for each in aside)
        answer({"series": [], "set_aside": aside, "error": why}, words, as_json=as_json)
        note(str(error))
        raise typer.Exit(error.exit_code) from error
    answer(result_json(result), _inspect_words(result), as_json=as_json)


def enhance_command(  # noqa: PLR0913, PLR0917 the options of the contract
    context: typer.Context,
    path: Study,
    task: Annotated[str, typer.Option("--task", help="denoise, superres or fill.")],
    out: Out,
    series: Series = "",
    strength: Annotated[
        float | None, typer.Option("--strength", min=0, max=1, help="Share of the result, 0..1.")
    ] = None,
    pack: PackId = "",
    direction: DirectionName = "",
    factor: Factor = 0,
    profile: ProfileName = "",
    *,
    as_json: Json = False,
) -> None:
    """Write a derived series made by a model; the original is never changed."""
    if task not in ("denoise", "superres", "fill"):
        raise typer.BadParameter("denoise, superres or fill", param_hint="--task")
    parts = wiring(context)
    packs, pack_id = pack_store(parts.home), pack or None
    context.with_resource(removed_if_empty(out))
    if task == "fill":
        require_plain(strength=strength, direction=direction, factor=factor, profile=profile)
        order = FillOrder(out, packs, pack_id, parts.clock, _progress("Proposing"))
        _propose(order, chosen(path, series), parts.home, as_json=as_json)
        return
    how = resolution(task, direction, factor, profile, packs=packs, pack_id=pack_id)
    found = chosen(path, series)
    loaded = opened(found)
    check_can_be_enhanced(loaded.volume, task=task, packs=packs, pack_id=pack_id, how=how)
    check_can_be_written(loaded.display_set.files, out)
    with model_worker(parts.home) as worker:
        enhanced = enhance(
            loaded.volume,
            task=task,
            worker=worker,
            packs=packs,
            pack_id=pack_id,
            on_progress=_progress("Enhancing"),
            how=how,
        )
    share = enhanced.default_strength if strength is None else strength
    files = write_derived(
        enhanced,
        files=loaded.display_set.files,
        folder=out,
        program=f"Prelim {program_version()}",
        now=parts.clock.now(),
        strength=share,
    )
    doubts = (*_stack_doubts(found), *enhanced.doubts, *_figure_doubts(enhanced, share))
    value = {
        **_enhanced_json(enhanced, share, files),
        **_figures_json(enhanced, share),
        **resolution_json(enhanced, how, packs),
        "warnings": [{"code": doubt.code, "text": doubt.text} for doubt in doubts],
        "set_aside": left_out_json(loaded),
    }
    answer(value, _enhanced_words(enhanced, share, doubts), as_json=as_json)


def measure_command(
    context: typer.Context, path: Study, series: Series = "", *, as_json: Json = False
) -> None:
    """Measure a series: facts with units, evidence and validity."""
    loaded = opened(chosen(path, series))
    with model_worker(wiring(context).home) as worker:
        result = measure(loaded.volume, worker)
    series_of = loaded.volume.series
    about = {
        "series_uid": "" if series_of.study.is_research else series_of.series_uid,
        "set_aside": left_out_json(loaded),
    }
    answer(about | measured_json(result), _measured_words(result), as_json=as_json)


def draft_command(  # noqa: PLR0913 the options of the contract
    context: typer.Context,
    path: Study,
    out: Out,
    series: Series = "",
    pack: PackId = "",
    indication: Annotated[str, typer.Option("--indication", help="Clinical question.")] = "",
    prior: Annotated[
        Path | None,
        typer.Option("--prior", readable=False, help="Earlier report: its words, for comparison."),
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """Draft a report: draft.json, report.txt and an unverified preliminary SR."""
    parts = wiring(context)
    loaded = opened(chosen(path, series))
    with model_worker(parts.home) as worker:
        result = draft(loaded.volume, worker=worker, pack_id=pack, indication=indication)
    written = draft_files(
        result,
        loaded.volume,
        sop_class_uid=loaded.display_set.sop_class_uid,
        out=out,
        indication=indication,
        prior=prior,
        clock=parts.clock,
        printer=parts.printer(),
    )
    answer(written.json, f"{draft_words(result)}\n{out}", as_json=as_json)


def _propose(order: FillOrder, found: ChosenSeries, home: Home, *, as_json: bool) -> None:
    with model_worker(home) as worker:
        filled = fill_series(opened(found), order, worker)
    say(filled, as_json=as_json)


def _stack_doubts(found: ChosenSeries) -> tuple[Doubt, ...]:
    doubt = stack_doubt(found.display_set.name, len(found.series.display_sets))
    return () if doubt is None else (doubt,)


def _progress(what: str) -> Callable[[float], None]:
    shown = [-1]

    def report(fraction: float) -> None:
        tenth = int(fraction * 10)
        if tenth > shown[0]:
            shown[0] = tenth
            note(f"{what}: {tenth * 10} %")

    return report


def _inspect_words(result: ImportResult) -> str:
    lines = []
    for series in result.all_series:
        lines += _verdict_words(series.verdict)
    for study in result.studies:
        came = Counter(one.kind for s in (*study.series, *study.documents) for one in s.objects)
        if came:
            named = ", ".join(f"{kind} ({count})" for kind, count in came.items())
            with_images = "with these images" if study.series else "without images"
            lines.append(f"Came {with_images}: {named} (prelim objects tells more)")
    lines += [f"Set aside: {each.file}: {each.reason}" for each in result.set_aside]
    return "\n".join(lines)


def _verdict_words(verdict: SeriesVerdict) -> list[str]:
    between = verdict.spacing
    gap = f", {between.median_mm:.3f} mm apart" if between else ""
    title = f"{verdict.modality} {verdict.description or 'no description'}".strip()
    lines = [
        f"{verdict.modality} {title}".strip()
        + f": {verdict.received} received, {verdict.shown} shown, "
        f"{verdict.slices} slices of {verdict.columns} x {verdict.rows}{gap}, {verdict.orientation}"
    ]
    lines += [f"  doubt: {doubt.text}" for doubt in verdict.warnings]
    lines += [f"  set aside: {each.file}: {each.reason}" for each in verdict.set_aside]
    return lines


def _measured_words(result: MeasureResult) -> str:
    lines = [f"{result.region}: {result.region_reason}"]
    for fact in result.facts:
        name = " ".join(part for part in (fact.side.value, fact.anatomy, fact.finding) if part)
        if not fact.is_assessed:
            lines.append(f"  {name}: not assessed ({fact.reason})")
        elif fact.value is None:
            lines.append(f"  {name}: {'present' if fact.is_present else 'not seen'}")
        else:
            lines.append(f"  {name}: {fact.value:.4g} {fact.unit}")
    return "\n".join(lines)


def _enhanced_json(enhanced: Enhanced, strength: float, files: tuple[Path, ...]) -> dict[str, Any]:
    figures, pack = enhanced.result.figures, enhanced.result.pack
    return {
        "task": enhanced.task,
        "pack": {"id": pack.pack_id, "version": pack.version, "digest": pack.digest},
        "strength": strength,
        "source_series_uid": enhanced.source.series.series_uid,
        "slices": len(enhanced.voxels),  # a multi-frame file holds all of them
        "seconds": figures.seconds,
        "slices_per_s": figures.slices_per_s,
        "noise": {
            # The figures keep 0 for a noise that cannot be told; no scan has none.
            "before": figures.sigma_before or None,
            "after": figures.sigma_after or None,
            "unit": enhanced.source.intensity.unit.value,
        },
        "bias": figures.bias,
        "bias_by_tissue": dict(figures.bias_by_tissue),
        "largest_change": figures.largest_change,
        "bound": figures.bound,
        "consistency": figures.consistency,
        "slices_left_original": figures.slices_left_original,
        "provider": figures.provider,
        "provider_note": figures.provider_note,
        "files": [str(file) for file in files],
    }


def _figures_json(enhanced: Enhanced, strength: float) -> dict[str, Any]:
    """Return what was measured of a denoising; nothing of other tasks."""
    if enhanced.task != "denoise":
        return {}
    unit = enhanced.source.intensity.unit.value
    return figures_json(enhanced.result.figures, strength=strength, unit=unit)


def _figure_doubts(enhanced: Enhanced, strength: float) -> tuple[Doubt, ...]:
    """Return what a reader has to know of a denoising, by its figures."""
    if enhanced.task != "denoise":
        return ()
    unit = enhanced.source.intensity.unit.value
    return enhancement_warnings(enhanced.result.figures, strength=strength, unit=unit)


def _noise_words(figures: EnhancementFigures, unit: str) -> str:
    if not (figures.sigma_before and figures.sigma_after):
        return "Noise cannot be told"
    before, after = figures.sigma_before, figures.sigma_after
    return f"Noise {before:.1f} -> {after:.1f} {unit} at full strength"


def _enhanced_words(enhanced: Enhanced, strength: float, doubts: tuple[Doubt, ...]) -> str:
    figures, unit = enhanced.result.figures, enhanced.source.intensity.unit.value
    left = figures.slices_left_original if enhanced.task != "denoise" else 0
    warned = "".join(f"\nWarning: {doubt.text}" for doubt in doubts)
    note = f"\n{figures.provider_note}" if figures.provider_note else ""
    kept = f"\n{left} slices stay as scanned: the model broke its promise there" if left else ""
    return (
        f"{enhanced.result.pack}, strength {strength:.0%}: {figures.seconds:.1f} s, "
        f"{figures.slices_per_s:.1f} slices per second on {figures.provider}{note}\n"
        f"{_noise_words(figures, unit)}, "
        f"mean change {figures.bias:+.2f} {unit}, "
        f"largest change {figures.largest_change:.1f} {unit}"
        f"{kept}{resolution_words(enhanced)}{warned}"
    )
