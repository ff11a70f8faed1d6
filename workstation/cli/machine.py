"""Commands about this machine: doctor, models, bench, demo."""

from __future__ import annotations

import io
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from inference.packs.store import GateVerdict, Pack, RefusedPack, gate_verdict
from inference.tasks.gates import GateFigure, GatesResult
from inference.tasks.golden import GoldenResult
from workstation.cli.calibrating import models_calibrate
from workstation.cli.output import answer, note, refused_after_answer
from workstation.cli.parts import model_worker, pack_store, wiring
from workstation.core.errors import PackRefusedError
from workstation.services.add_pack import add_pack
from workstation.services.ask_runtime import ask_runtime
from workstation.services.examine_machine import MachineReport, examine_machine
from workstation.services.machine_speed import Speed, measure_speed
from workstation.services.measure_packs import measure_packs
from workstation.services.prepare_demo import demo_study
from workstation.services.run_benchmarks import (
    benchmark_names,
    require_known,
    run_benchmarks,
)
from workstation.services.run_demo import DemoParts, run_demo

Json = Annotated[bool, typer.Option("--json", help="Answer as JSON on standard output.")]

GIB = 2**30

_GATE_WORDS = {
    GateVerdict.PASSED: "",
    GateVerdict.FAILED: "; failed its gates on this machine",
    GateVerdict.NOT_MEASURED: "; its gates were not measured on this machine",
}
"""What is said of a pack in the list; nothing of one that passed."""

TABLE_WIDTH = 160
"""Widest table written; the names of figures are up to 60 letters long."""


def add_commands(app: typer.Typer) -> None:
    """Add the commands of this room."""
    models = typer.Typer(
        help="Model packs: list, test, add, remove, calibrate.", no_args_is_help=True
    )
    models.command("list")(models_list)
    models.command("test")(models_test)
    models.command("add")(models_add)
    models.command("remove")(models_remove)
    models.command("calibrate")(models_calibrate)
    app.add_typer(models, name="models")
    app.command("doctor")(doctor)
    app.command("bench")(bench)
    app.command("demo")(demo)


def doctor(context: typer.Context, *, as_json: Json = False) -> None:
    """Say what this machine can do, and what makes it slow. No network is asked."""
    note("Looking at this machine; it takes a few seconds.")
    home = wiring(context).home
    report = examine_machine(
        state_folder=home.root,
        keys_folder=home.keys,
        packs=tuple(str(pack.ref) for pack in pack_store(home).packs()),
        ask_runtime=partial(ask_runtime, pack_store(home).folders),
        measure=measure_speed,
    )
    value = asdict(report) | {"versions": dict(report.versions), "opens_connections": False}
    answer(value, _doctor_words(report), as_json=as_json)


def models_list(context: typer.Context, *, as_json: Json = False) -> None:
    """List the packs, and folders that were refused with the reason."""
    store = pack_store(wiring(context).home)
    packs, refused, failed = store.packs(), store.refused(), store.failed_gates()
    verdicts = tuple(gate_verdict(pack, failed.get(pack.digest)) for pack in packs)
    value = {
        "packs": [
            _pack_json(pack) | {"gates": verdict.value}
            for pack, verdict in zip(packs, verdicts, strict=True)
        ],
        "refused": [asdict(each) for each in refused],
    }
    answer(value, _packs_words(packs, verdicts, refused), as_json=as_json)


def models_test(
    context: typer.Context,
    pack_id: Annotated[str, typer.Argument(help="Pack to test; all by default.")] = "",
    *,
    gates: Annotated[
        bool, typer.Option(help="Also measure the gates of packs that enhance, a minute each.")
    ] = True,
    as_json: Json = False,
) -> None:
    """Run the golden case of each pack on this machine, and measure what denoisers do."""
    home = wiring(context).home.prepared()
    store = pack_store(home)
    packs = (store.get(pack_id),) if pack_id else store.packs()
    with model_worker(home) as worker:
        found = measure_packs(packs, worker=worker, store=store, has_gates=gates, say=note)
    value = {
        "results": [asdict(result) for result in found.golden],
        "gates": [_gates_json(result) for result in found.gates],
    }
    words = [_golden_words(result) for result in found.golden]
    words += [_gates_words(result) for result in found.gates]
    answer(value, "\n".join(words), as_json=as_json)
    with refused_after_answer():
        if found.failed:
            raise PackRefusedError(
                f"These packs do not do here what they promise: {', '.join(found.failed)}",
                todo="Do not use them on this machine",
            )


def models_add(
    context: typer.Context,
    source: Annotated[Path, typer.Argument(readable=False, help="Folder or zip of a pack.")],
    *,
    as_json: Json = False,
) -> None:
    """Add a pack from a folder or a zip file; its digests and golden case are checked first."""
    home = wiring(context).home.prepared()
    with model_worker(home) as worker:
        pack = add_pack(source, store=pack_store(home), worker=worker)
    answer({"added": _pack_json(pack)}, f"Added {pack.ref}.", as_json=as_json)


def models_remove(
    context: typer.Context,
    pack_id: Annotated[str, typer.Argument(help="Pack to remove.")],
    *,
    as_json: Json = False,
) -> None:
    """Remove a pack that was added here; bundled ones stay."""
    pack_store(wiring(context).home).remove(pack_id)
    answer({"removed": pack_id}, f"Removed {pack_id}.", as_json=as_json)


def bench(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="NAME...", help=f"{', '.join(benchmark_names())}; all by default."),
    ] = None,
    *,
    as_json: Json = False,
) -> None:
    """Measure loading, memory, viewing and starting beside their peers, in one run."""
    require_known(tuple(names or ()))
    note("Measuring. All of it takes some minutes; keep the machine quiet.")
    found = run_benchmarks(tuple(names or ()))
    answer(found, _bench_words(found), as_json=as_json)


def demo(
    context: typer.Context,
    path: Annotated[
        Path | None,
        typer.Argument(readable=False, help="Another study; the bundled one by default."),
    ] = None,
    out: Annotated[
        Path, typer.Option("--out", readable=False, help="Folder for the files.")
    ] = Path("prelim-demo"),
    *,
    headless: Annotated[  # without it the window opens, before this is reached
        bool, typer.Option("--headless", show_default=False, help="Without a window.")
    ] = True,
    as_json: Json = False,
) -> None:
    """Run the main job by itself; without --headless the window opens on the demo study."""
    parts = wiring(context)
    study = path or demo_study(parts.home.prepared().demo)
    with model_worker(parts.home) as worker:
        done = run_demo(
            study,
            out,
            DemoParts(worker, pack_store(parts.home), parts.clock, parts.printer(), note),
        )
    answer(done, _demo_words(done, out), as_json=as_json)


def _demo_words(done: dict[str, Any], out: Path) -> str:
    enhanced = done["enhanced"]
    return (
        f"{done['region']}: {done['facts']} facts, {done['statements']} statements to review, "
        f"{done['questions']} questions.\n"
        f"{enhanced['pack'] + ' made a derived series' if enhanced['done'] else enhanced['why']}\n"
        f"{done['total_seconds']:.0f} s. The report is unsigned; its files are in {out}"
    )


def _pack_json(pack: Pack) -> dict[str, Any]:
    manifest = pack.manifest
    return {
        "id": manifest.pack_id,
        "version": manifest.version,
        "digest": pack.digest,
        "title": manifest.title,
        "task": manifest.task.value,
        "modalities": list(manifest.modalities),
        "license": manifest.licence,
        "bundled": pack.is_bundled,
        "limits": list(manifest.limits),
    }


def _packs_words(
    packs: tuple[Pack, ...], verdicts: tuple[GateVerdict, ...], refused: tuple[RefusedPack, ...]
) -> str:
    lines = [
        f"{p.ref}: {p.manifest.title} ({', '.join(p.manifest.modalities)}){_GATE_WORDS[verdict]}"
        for p, verdict in zip(packs, verdicts, strict=True)
    ]
    lines += [f"{each.folder_name} was refused. {each.reason}" for each in refused]
    return "\n".join(lines) or "There are no packs."


def _golden_words(result: GoldenResult) -> str:
    verdict = "as promised" if result.has_passed else "NOT as promised"
    return (
        f"{result.pack}: {verdict}; largest difference {result.largest_difference:.3g} of "
        f"{result.tolerance:.3g} allowed, {result.seconds:.2f} s on {result.provider}"
    )


def _gates_json(result: GatesResult) -> dict[str, Any]:
    figures = [
        asdict(gate) | {"has_passed": gate.has_passed} for gate in (*result.gates, *result.figures)
    ]
    count = len(result.gates)
    return asdict(result) | {
        "has_passed": result.has_passed,
        "gates": figures[:count],
        "figures": figures[count:],
    }


def _gates_words(result: GatesResult) -> str:
    verdict = "passes its gates" if result.has_passed else "FAILS its gates"
    lines = [f"{result.pack} {verdict} at strength {result.strength:g} ({result.seconds:.0f} s)"]
    lines += [f"  {_gate_words(gate)}" for gate in result.gates]
    return "\n".join(lines)


def _gate_words(gate: GateFigure) -> str:
    ends = [f"at least {gate.low:.3g}"] if gate.low is not None else []
    ends += [f"at most {gate.high:.3g}"] if gate.high is not None else []
    mark = "ok  " if gate.has_passed else "FAIL"
    return f"{mark} {gate.name}: {gate.value:.3g} {gate.unit}".rstrip() + f" ({', '.join(ends)})"


def _doctor_words(report: MachineReport) -> str:
    runtime = report.runtime
    lines = [
        f"System        {report.system}, Python {report.python}",
        f"Processors    {report.processors}",
        f"Memory        {report.memory_bytes / GIB:.1f} GiB",
        f"Disk free     {report.disk_free_bytes / GIB:.1f} GiB",
        f"Images up to  {report.images_budget_bytes / GIB:.1f} GiB in all; one series up to "
        f"{report.volume_budget_bytes / GIB:.1f} GiB now",
        f"Graphics      {', '.join(report.gpus) or 'none found; models run on the processor'}",
        f"Models run on {', '.join(runtime.providers) if runtime else 'nothing: no runtime'}",
        *(f"              {sentence}" for sentence in (runtime.trials if runtime else ())),
        f"Packs         {', '.join(report.packs) or 'none'}",
        f"Library       {'yes, encrypted' if report.has_library else 'made at first use'}",
        f"Signing key   {'yes' if report.has_signing_identity else 'made at first run or signing'}",
        "Network       no peer is set up; Prelim opens no connection",
        *_speed_words(report.speed),
        *report.advice,
        *(each.text for each in report.slow),
    ]
    if report.speed is not None and not report.slow:
        lines.append("Nothing was found that makes this machine slow.")
    return "\n".join(lines)


def _speed_words(speed: Speed | None) -> list[str]:
    if speed is None:
        return ["Speed         not measured: too little disk is free"]
    rate = "not measured" if speed.disk_read_mb_s is None else f"{speed.disk_read_mb_s:.0f} MB/s"
    lines = [
        f"Disk reads    {rate}; a small file in {speed.file_open_ms:.2f} ms",
        f"Pictures      {speed.picture_ms:.1f} ms for 1024 x 1024, made by the processor",
    ]
    if speed.first_start is not None and speed.next_start is not None:
        start = speed.next_start
        lines.append(
            f"Start         {start.total_s:.1f} s, the one before "
            f"{speed.first_start.total_s:.1f} s; {start.modules} modules, {start.fonts} fonts in "
            f"{start.fonts_s:.2f} s"
        )
    if speed.slowest_imports:
        packages = ", ".join(f"{name} {ms:.0f} ms" for name, ms in speed.slowest_imports)
        lines.append(f"Imports       {packages}")
    return lines


def _bench_words(found: dict[str, Any]) -> str:
    figures = Table(box=None, pad_edge=False)
    for heading in ("Measured", "Value", "Unit", "Budget", ""):
        figures.add_column(heading, justify="right" if heading in {"Value", "Budget"} else "left")
    for each in found["rows"]:
        budget = "" if each["budget"] is None else f"{each['budget']:,.4g}"
        mark = {True: "met", False: "MISSED", None: ""}[each["met"]]
        figures.add_row(each["name"], f"{each['value']:,.4g}", each["unit"], budget, mark)
    ratios = Table(box=None, pad_edge=False)
    ratios.add_column("Beside a peer")
    ratios.add_column("Ratio", justify="right")
    for name, value in found["ratios"].items():
        ratios.add_row(name, f"{value:,.3g}")
    parts = [_as_text(each) for each in ((figures, ratios) if found["ratios"] else (figures,))]
    machine = found["machine"]
    if machine["is_busy"]:
        parts.append(
            f"The machine was busy: {machine['load']} programs wanted its {machine['processors']} "
            "processors. Times are longer than they are when it is quiet."
        )
    return "\n\n".join(parts)


def _as_text(table: Table) -> str:
    """Return a table as plain text, as wide as it needs to be: a pipe cuts nothing off."""
    console = Console(file=io.StringIO(), width=TABLE_WIDTH, color_system=None)
    with console.capture() as captured:
        console.print(table)
    return "\n".join(line.rstrip() for line in captured.get().splitlines())
