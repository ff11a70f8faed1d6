"""One spoiled study: made from a seed, then taken through everything the program does with it.

A case passes when each file given is shown or set aside once, each slice is loaded or failed with
a sentence, each picture can be made, nothing but a WorkstationError was raised, nothing was logged
as a fault, and the patient's name is in no log and no error.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import Random

from tests.support.canary import CANARY_ID, FAMILY
from tests.support.mutators import Files, Spoiled, plant_canary, spoil
from viewers.qt.content import Content
from viewers.qt.model import SharedMarks, ViewportModel
from viewers.state.view_state import Plane
from viewers.tools.measure import measure_length, probe
from workstation.core.errors import WorkstationError
from workstation.core.image_stack import ImageStack
from workstation.core.job import CancelToken
from workstation.core.verdict import SetAside
from workstation.dicom.decode_pool import DecodePool
from workstation.dicom.display_sets import DisplaySet
from workstation.services.import_studies import ImportResult, NothingToShowError, import_paths
from workstation.services.inspect_series import result_json
from workstation.services.open_series import OpenedSeries, open_series, thumbnail

MOST_FILES = 5
"""Files of a case: enough for a stack with a gap, few enough for a tenth of a second."""

MOST_FOREIGN, FOREIGN = 2, frozenset({".nii", ".gz", ".nrrd", ".mha", ".png", ".jpg", ".jpeg"})
"""Files that are no DICOM are read in processes of their own, which takes ten times as long."""

LARGEST_FILE = 3 * 2**20
"""Larger files are left out: they would cost time and hold nothing that smaller ones do not."""

LARGEST_OPENED = 200 * 2**20
"""A claim beyond this is only begun and stopped, so that ten thousand cases fit this machine."""

OURS = ("workstation", "viewers", "inference")
"""Loggers whose errors are faults of ours; pydicom calls each damaged picture an error."""

WAIT_S = 15.0
THUMB_PX = 64

Donors = dict[str, list[Path]]


def donors(folders: Sequence[Path]) -> Donors:
    """Return the files of each set that cases are made of."""
    found = {
        folder.name: sorted(
            path
            for path in folder.rglob("*")
            if path.is_file() and 0 < path.stat().st_size <= LARGEST_FILE
        )
        for folder in folders
    }
    return {name: files for name, files in sorted(found.items()) if files}


def make_case(sets: Donors, seed: int, number: int, folder: Path) -> tuple[str, tuple[str, ...]]:
    """Write case ``number`` of a seed below a folder; return the set and what was done."""
    rng = Random(f"{seed}:{number}")
    name = rng.choices(list(sets), [_weight(files) for files in sets.values()])[0]
    files: Files = []
    for path in _chosen(rng, sets[name]):
        file = Spoiled(path.name, bytearray(path.read_bytes()))
        if all(file.name != other.name for other in files):
            plant_canary(file)
            files.append(file)
    done = spoil(rng, files)
    for file in files:
        _write(folder, file)
    return name, done


def _chosen(rng: Random, files: list[Path]) -> list[Path]:
    most = MOST_FOREIGN if _is_foreign(files) else MOST_FILES
    count = min(rng.randint(1, most), len(files))
    if rng.random() < 0.3:
        return rng.sample(files, count)
    first = rng.randrange(len(files) - count + 1)
    return files[first : first + count]


def _is_foreign(files: list[Path]) -> bool:
    return 2 * sum(path.suffix in FOREIGN for path in files) > len(files)


def _weight(files: list[Path]) -> int:
    """DICOM is drawn three times as often: it is what a clinic opens, and takes a tenth."""
    return 1 if _is_foreign(files) else 3


def _write(folder: Path, file: Spoiled) -> None:
    path = Path(os.fsdecode(os.fsencode(folder) + b"/" + os.fsencode(file.name)))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.data)
    except OSError:  # a name longer than this file system takes: the case goes on without it
        return


class Case:
    """Takes one folder through the program and keeps what went wrong. One thread.

    Args:
        folder: the spoiled study.
        pool: decoder processes, which all cases share as all series of the window do.
    """

    def __init__(self, folder: Path, pool: DecodePool | None = None) -> None:
        self._folder = folder
        self._pool = pool
        self.problems: list[str] = []
        self.slices = 0

    def run(self) -> None:
        """Import, account, open, render."""
        with self._watched_logs():
            result = self._imported()
            if result is not None:
                self._account(result)
                self._guard("inspect", lambda: json.dumps(result_json(result), allow_nan=False))
                for one in _stacks(result):
                    self._guard("thumbnail", partial(thumbnail, one, THUMB_PX, pool=self._pool))
                    self._guard("open", partial(self._open, one))

    def _imported(self) -> ImportResult | None:
        given = _given(self._folder)
        try:
            return import_paths([self._folder])
        except NothingToShowError as error:
            self._check_text("the refusal", str(error))
            if given:
                self._check_names(given, [aside.file for aside in error.set_aside])
                self._check_reasons(error.set_aside)
        except WorkstationError as error:
            self._check_text("the refusal", str(error))
            self.problems.append(f"the import was refused as a whole: {error}")
        except Exception:  # noqa: BLE001 whatever it is, it is what is looked for
            self.problems.append("import raised " + traceback.format_exc())
        return None

    def _account(self, result: ImportResult) -> None:
        every = [one for study in result.studies for one in (*study.series, *study.documents)]
        names: list[str] = [aside.file for aside in result.set_aside]
        beside = 0
        self._check_reasons(result.set_aside)
        for series in every:
            verdict = series.verdict
            shown = {
                one.file_name(k) for one in series.display_sets for k in range(one.slice_count)
            }
            names += [aside.file for aside in verdict.set_aside] + sorted(shown)
            self._check_reasons(verdict.set_aside)
            if verdict.received != verdict.shown + len(verdict.set_aside):
                self.problems.append("received is not shown + set aside")
            # A MetaImage header and its voxels are two files; nothing else is shown unnamed.
            beside += verdict.shown - len(shown)
            is_dicom = any(isinstance(one, DisplaySet) for one in series.display_sets)
            if verdict.shown < len(shown) or (is_dicom and verdict.shown > len(shown)):
                self.problems.append(f"{verdict.shown} shown, {len(shown)} files in display sets")
            is_cut = any(doubt.code == "frames_cut" for doubt in verdict.warnings)
            stacks = [one for one in series.display_sets if isinstance(one, DisplaySet)]
            self._check_frames(stacks, is_cut=is_cut)
        self._check_names(_given(self._folder), names, beside)

    def _check_frames(self, sets: Sequence[DisplaySet], *, is_cut: bool) -> None:
        """Each frame of each shown file is in one display set; of a cut one the first are."""
        counts = Counter(
            (frame.file.name, frame.index, frame.tile) for one in sets for frame in one.frames
        )
        if any(count > 1 for count in counts.values()):
            self.problems.append("a frame is in two display sets")
        for name, promised in {
            (frame.file.name, max(frame.frame_count, 1)) for one in sets for frame in one.frames
        }:
            present = {index for file, index, _ in counts if file == name}
            least = 1 if is_cut else promised
            if present != set(range(len(present))) or not least <= len(present) <= promised:
                self.problems.append(f"{len(present)} of {promised} frames of a file are shown")

    def _check_names(self, given: set[str], told: list[str], beside: int = 0) -> None:
        """Hold the names that were told against those given.

        Args:
            given: names of the files of the case.
            told: names that were shown or set aside.
            beside: how many more files were shown as a part of another.
        """
        counts = Counter(told)
        repeated = [name for name, count in counts.items() if count > 1 and name in given]
        if repeated:
            self.problems.append(f"files are accounted for more than once: {repeated}")
        missing = [
            name
            for name in given
            if not counts[name] and not any(other.startswith(name + "/") for other in counts)
        ]
        if len(missing) > beside:
            self.problems.append(f"files are not accounted for: {missing}")
        is_zipped = any(name.lower().endswith(".zip") for name in given)
        total = sum(counts.values()) + beside
        if not is_zipped and total != len(given):
            self.problems.append(f"{len(given)} files given, {total} accounted for")

    def _check_reasons(self, asides: Sequence[SetAside]) -> None:
        for aside in asides:
            if not aside.reason.strip() or "fault in this program" in aside.reason:
                self.problems.append(f"no good reason: {aside.reason!r}")
            # A repeat names its twin; a file name is shown to the person and never logged.
            text = aside.reason
            for name in _given(self._folder):
                text = text.replace(name, "")
            self._check_text("a reason", text)

    def _open(self, one: ImageStack) -> None:
        if one.voxel_bytes > LARGEST_OPENED:
            stopped = CancelToken()
            stopped.cancel()
            open_series(one, cancel=stopped, pool=self._pool).wait(WAIT_S)
            return
        opened = open_series(one, pool=self._pool)
        opened.wait(WAIT_S)
        if opened.is_running:
            self.problems.append(f"loading did not end in {WAIT_S} s")
            return
        self.slices += one.slice_count
        failed, loaded = opened.failed, int(opened.loaded.sum())
        if loaded + len(failed) != one.slice_count:
            text = f"{one.slice_count} slices: {loaded} loaded, {len(failed)} failed"
            self.problems.append(text)
        self._check_reasons(failed)
        self._render(opened)

    def _render(self, opened: OpenedSeries) -> None:
        volume, flags = opened.volume, opened.loaded
        model = ViewportModel(SharedMarks())
        content = Content(volume, opened.doubts, lambda k: bool(flags[k]), is_finished=True)
        model.show(content, Plane.ACQUIRED)
        for plane in Plane:
            try:
                model.set_plane(plane)
            except WorkstationError as error:
                self._check_text("a plane's refusal", str(error))
                continue
            frame, stack = model.frame(), model.stack()
            if frame is None or stack is None or frame.pixels.shape[:2] != stack.shape_rc:
                self.problems.append(f"no picture in {plane}")
        model.presets()
        model.notices("C")
        geometry = volume.geometry
        here = geometry.positions_mm[geometry.shape_kji[0] // 2]
        probe(volume, here)
        measure_length(volume, here, geometry.positions_mm[0], measurement_id="m")

    def _guard(self, step: str, work: Callable[[], object]) -> None:
        try:
            work()
        except WorkstationError as error:
            self._check_text(step, str(error))
        except Exception:  # noqa: BLE001 whatever it is, it is what is looked for
            self.problems.append(f"{step} raised {traceback.format_exc()}")

    def _check_text(self, where: str, text: str) -> None:
        if FAMILY.lower() in text.lower() or CANARY_ID in text:
            self.problems.append(f"the patient's name is in {where}: {text}")

    @contextmanager
    def _watched_logs(self) -> Iterator[None]:
        listener, root = Listener(), logging.getLogger()
        root.addHandler(listener)
        try:
            yield
        finally:
            root.removeHandler(listener)
            self.problems += listener.problems


class Listener(logging.Handler):
    """Keeps log records that tell of a fault or name the patient."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.problems: list[str] = []
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Take one record."""
        text = self.format(record)
        if record.levelno >= logging.ERROR and record.name.split(".")[0] in OURS:
            self.problems.append(f"logged as a fault: {text}")
        if FAMILY.lower() in text.lower() or CANARY_ID in text:
            self.problems.append(f"the patient's name is in a log: {text}")


def clear(folder: Path) -> None:
    """Empty a folder of a case."""
    shutil.rmtree(os.fsencode(folder), ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)


def _given(folder: Path) -> set[str]:
    """Return the names of the files of a case as a person reads them."""
    root = os.fsencode(folder)
    return {
        os.fsencode(path)[len(root) + 1 :].decode("utf-8", "replace")
        for path in folder.rglob("*")
        if path.is_file()
    }


def _stacks(result: ImportResult) -> tuple[ImageStack, ...]:
    return tuple(one for series in result.all_series for one in series.display_sets)
