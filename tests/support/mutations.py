"""Ten thousand spoiled studies: ``python -m tests.support.mutations run --count 10000 --seed 1``.

Each case follows from seed and number alone: ``--only 4711`` runs that one again, ``--keep DIR``
writes its files there. Cases run in a process of their own; one that dies, hangs or takes too
much memory is a failure with its number, and the next process goes on behind it. Every twentieth
case is also opened in a real main window, offscreen.

``--data DIR`` names a folder with unpacked sets; without it small synthetic sets are written.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import os
import queue
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING

from tests.support.data import REPOSITORY

if TYPE_CHECKING:  # the parent starts without them
    from tests.support.mutation_window import WindowRig
    from workstation.dicom.decode_pool import DecodePool

CASE_DEADLINE_S = 60.0
"""A case takes a tenth of a second; this is a hang, even on a busy machine."""

START_DEADLINE_S = 120.0
ORPHAN_S = 10.0
"""How long processes may outlive the one that started them."""

BATCH = 500
"""Cases of one process: a leak shows, a crash costs little."""

ADDRESS_LIMIT = 8 * 2**30
GROWTH_LIMIT = 700 * 2**20
"""Peak growth of the process over a case: 200 MB of voxels, their pictures, and as much again."""

WINDOW_STEP = 20
READY = b"ready\n"
DIES_AT = "PRELIM_MUTATIONS_DIE"
"""Number of a case at which the process dies, so that a test can see that this is noticed."""


@dataclass
class Outcome:
    """What a run found.

    Attributes:
        failures: case number and what went wrong.
        done: cases that were run.
        slices: slices that were opened.
        seconds: wall clock.
        windows: cases that were also opened in a window.
        by_mutation: how often each mutation was drawn.
        by_set: how often each set was drawn.
    """

    failures: list[tuple[int, str]] = field(default_factory=list)
    done: int = 0
    slices: int = 0
    windows: int = 0
    seconds: float = 0.0
    by_mutation: Counter[str] = field(default_factory=Counter)
    by_set: Counter[str] = field(default_factory=Counter)


def run(
    numbers: list[int],
    *,
    seed: int,
    data: Path | None,
    window_step: int = WINDOW_STEP,
    on_batch: Callable[[Outcome], None] | None = None,
) -> Outcome:
    """Run cases in processes of their own and return what was found.

    Args:
        numbers: case numbers, ascending.
        seed: of all of them.
        data: folder of unpacked sets; None for synthetic ones.
        window_step: every so many cases one is opened in a window; 0 for none.
        on_batch: told what was found so far after each process.
    """
    outcome, began = Outcome(), time.monotonic()
    waiting = list(numbers)
    while waiting:
        batch = waiting[:BATCH]
        done = _run_batch(batch, seed, data, window_step, outcome)
        waiting = waiting[done:]
        if on_batch is not None:
            on_batch(outcome)
    outcome.seconds = time.monotonic() - began
    return outcome


def _run_batch(
    batch: list[int], seed: int, data: Path | None, window_step: int, outcome: Outcome
) -> int:
    """Run cases in one process; return how many of them are over."""
    with tempfile.TemporaryDirectory(prefix="mutations-", dir=_memory_folder()) as home:
        order = {
            "numbers": batch,
            "seed": seed,
            "data": str(data) if data else "",
            "window_step": window_step,
            "home": home,
        }
        errors = Path(home) / "stderr"
        with errors.open("wb") as sink:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.mutations", "batch", json.dumps(order)],
                cwd=REPOSITORY,
                stdout=subprocess.PIPE,
                stderr=sink,
                env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "PRELIM_HOME": home},
                start_new_session=True,
            )
            over = _listen(process, batch, outcome)
            _end_session(process, batch[min(over, len(batch) - 1)], outcome)
        if over < len(batch):
            tail = errors.read_text("utf-8", "replace")[-3000:]
            code = process.returncode
            outcome.failures.append((batch[over], f"the process ended with {code}: {tail}"))
            over += 1
            outcome.done += 1
    return over


def _listen(process: subprocess.Popen[bytes], batch: list[int], outcome: Outcome) -> int:
    """Take the answers of a process; return how many cases it answered."""
    assert process.stdout is not None
    lines: queue.Queue[bytes] = queue.Queue()
    reader = threading.Thread(target=_read_lines, args=(process.stdout, lines), daemon=True)
    reader.start()
    try:
        return _answers(process, lines, batch, outcome)
    finally:
        reader.join(ORPHAN_S)


def _answers(
    process: subprocess.Popen[bytes],
    lines: queue.Queue[bytes],
    batch: list[int],
    outcome: Outcome,
) -> int:
    over = 0
    if lines.get(timeout=START_DEADLINE_S) != READY:
        process.wait()
        raise RuntimeError("the process for spoiled studies does not start: see its own command")
    while over < len(batch):
        try:
            line = lines.get(timeout=CASE_DEADLINE_S)
        except queue.Empty:
            if process.poll() is None:
                process.kill()
                process.wait()
            break
        if not line:
            break
        answer = json.loads(line)
        _note(answer, outcome)
        over += 1
    try:
        process.wait(START_DEADLINE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        outcome.failures.append((batch[-1], "the process did not end after its last case"))
    return over


def _end_session(process: subprocess.Popen[bytes], number: int, outcome: Outcome) -> None:
    """End what a process left behind: decoding processes must not outlive it."""
    end = time.monotonic() + ORPHAN_S
    while _lives(process.pid) and time.monotonic() < end:
        time.sleep(0.05)
    if _lives(process.pid):
        os.killpg(process.pid, signal.SIGKILL)
        text = f"processes outlived theirs, which ended with {process.returncode}"
        outcome.failures.append((number, text))
    if process.stdout is not None:
        process.stdout.close()


def _lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def _read_lines(source: IO[bytes], lines: queue.Queue[bytes]) -> None:
    while line := source.readline():
        lines.put(line)
    lines.put(b"")


def _note(answer: dict[str, object], outcome: Outcome) -> None:
    outcome.done += 1
    outcome.slices += int(str(answer["slices"]))
    outcome.windows += bool(answer["window"])
    outcome.by_set[str(answer["set"])] += 1
    done = answer["mutations"]
    assert isinstance(done, list)
    outcome.by_mutation.update(str(name) for name in done)
    problems = answer["problems"]
    assert isinstance(problems, list)
    for problem in problems:
        text = f"{answer['set']} {done}: {problem}"
        outcome.failures.append((int(str(answer["number"])), text))


def _memory_folder() -> str | None:
    return "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 a tempfile folder inside


# The process side


def batch(order: dict[str, object]) -> None:
    """Run cases here and tell of each on standard output."""
    from tests.support.mutation_case import donors, make_case
    from tests.support.mutation_sets import synthetic_sets
    from tests.support.mutation_window import WindowRig
    from workstation.dicom.decode_pool import DecodePool

    faulthandler.enable()
    warnings.simplefilter("ignore")
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_LIMIT, ADDRESS_LIMIT))
    home = Path(str(order["home"]))
    data = str(order["data"])
    real = [path for path in sorted(Path(data).iterdir()) if path.is_dir()] if data else []
    sets = donors([*real, *synthetic_sets(home / "synthetic")])
    answers, sys.stdout = sys.stdout, sys.stderr
    answers.write(READY.decode())
    answers.flush()
    numbers = order["numbers"]
    assert isinstance(numbers, list)
    step, seed = int(str(order["window_step"])), int(str(order["seed"]))
    rig: WindowRig | None = None
    with DecodePool() as pool:
        for number in numbers:
            if str(number) == os.environ.get(DIES_AT):
                os.abort()
            has_window = bool(step) and number % step == 0
            if has_window and rig is None:
                rig = WindowRig(home)
            make = partial(make_case, sets, seed, number, home / "case")
            answer = _one(make, home / "case", pool, rig if has_window else None)
            answers.write(json.dumps({"number": number, **answer}) + "\n")
            answers.flush()
    if rig is not None:
        rig.close()


def _one(
    make: Callable[[], tuple[str, tuple[str, ...]]],
    folder: Path,
    pool: DecodePool,
    rig: WindowRig | None,
) -> dict[str, object]:
    from tests.support.mutation_case import Case, clear
    from tests.support.mutation_window import watched

    clear(folder)
    name, done = make()
    before = _reset_peak()
    case = Case(folder, pool)
    case.run()
    problems = list(case.problems)
    if rig is not None:
        problems += watched(rig, folder)
    growth = _peak_bytes() - before
    if growth > GROWTH_LIMIT:
        problems.append(f"memory grew by {growth >> 20} MiB")
    return {
        "set": name,
        "mutations": done,
        "slices": case.slices,
        "window": rig.studies if rig is not None else 0,
        "problems": problems,
    }


def _reset_peak() -> int:
    """Begin to count the peak anew; return what is resident now."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return _peak_bytes()


def _peak_bytes() -> int:
    for line in Path("/proc/self/status").read_text("ascii", "replace").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


# The command


def main(arguments: list[str]) -> int:
    """Run what the command line says; 1 where a case failed."""
    if arguments[:1] == ["batch"]:
        batch(json.loads(arguments[1]))
        return 0
    parser = argparse.ArgumentParser(prog="python -m tests.support.mutations")
    parser.add_argument("act", choices=["run"])
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--only", type=int)
    parser.add_argument("--keep", type=Path, help="write the files of --only here and stop")
    parser.add_argument("--data", type=Path)
    parser.add_argument("--window-step", type=int, default=WINDOW_STEP)
    chosen = parser.parse_args(arguments)
    if chosen.keep:
        _keep(chosen.data, chosen.seed, chosen.only or 0, chosen.keep)
        return 0
    numbers = list(range(chosen.first, chosen.first + chosen.count))
    step = chosen.window_step
    if chosen.only is not None:
        numbers, step = [chosen.only], 1
    outcome = run(
        numbers, seed=chosen.seed, data=chosen.data, window_step=step, on_batch=_tell_progress
    )
    _tell(outcome)
    return 1 if outcome.failures else 0


def _keep(data: Path | None, seed: int, number: int, folder: Path) -> None:
    from tests.support.mutation_case import donors, make_case
    from tests.support.mutation_sets import synthetic_sets

    with tempfile.TemporaryDirectory() as home:
        real = [path for path in sorted(data.iterdir()) if path.is_dir()] if data else []
        sets = donors([*real, *synthetic_sets(Path(home))])
        sys.stdout.write(f"{make_case(sets, seed, number, folder)}\n")


def _tell_progress(outcome: Outcome) -> None:
    failed = len({number for number, _ in outcome.failures})
    sys.stderr.write(f"{outcome.done} cases, {failed} failed\n")


def _tell(outcome: Outcome) -> None:
    say = sys.stdout.write
    for number, text in outcome.failures:
        say(f"case {number}: {text}\n")
    per_case = outcome.seconds / max(outcome.done, 1)
    failed = len({number for number, _ in outcome.failures})
    say(
        f"{outcome.done} cases, {outcome.windows} in a window, {outcome.slices} slices, "
        f"{outcome.seconds:.0f} s ({per_case * 1000:.0f} ms each): {failed} failed\n"
    )
    for counts in (outcome.by_mutation, outcome.by_set):
        say(", ".join(f"{name} {count}" for name, count in counts.most_common()) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
