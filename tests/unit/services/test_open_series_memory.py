"""Opening within the memory there is: refused in words before it is taken, given back at once."""

from __future__ import annotations

import gc
import threading
import tracemalloc
import weakref
from pathlib import Path

import numpy as np
import pytest

from tests.support.series import tiny_series, tiny_stack
from workstation.core.errors import InputRefusedError
from workstation.core.image_stack import ImageStack
from workstation.core.job import CancelToken
from workstation.core.memory import MIB, Memory
from workstation.services import open_series as module
from workstation.services.import_studies import import_paths
from workstation.services.open_series import OpenedSeries, load_series, open_series, require_room

WAIT_S = 10.0


@pytest.fixture
def display_set(tmp_path: Path) -> ImageStack:
    tiny_series(tmp_path, stack=tiny_stack(shape_kji=(12, 64, 64)))
    (series,) = import_paths([tmp_path]).all_series
    return series.display_sets[0]


def test_a_series_larger_than_the_machine_is_refused_with_both_figures_and_what_to_do() -> None:
    memory = Memory(4096 * MIB, 4096 * MIB, 4000 * MIB)

    with pytest.raises(InputRefusedError) as refused:
        require_room(5000 * MIB, memory)

    assert "too large" in refused.value.what
    assert "5,000 MiB" in refused.value.why
    assert "2,560 MiB" in refused.value.why
    assert "thicker slices" in refused.value.todo


def test_a_series_for_which_nothing_is_free_now_is_refused_in_other_words() -> None:
    memory = Memory(16384 * MIB, 16384 * MIB, 1192 * MIB)

    with pytest.raises(InputRefusedError) as refused:
        require_room(1000 * MIB + 1, memory)

    assert "not enough free memory" in refused.value.what
    assert "1,001 MiB" in refused.value.why
    assert "1,000 MiB" in refused.value.why
    assert "close other programs" in refused.value.todo
    require_room(1000 * MIB, memory)


def test_no_memory_is_taken_for_a_series_that_is_refused(
    display_set: ImageStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "read_memory", lambda: Memory(MIB, MIB, 0))
    tracemalloc.start()
    try:
        with pytest.raises(InputRefusedError):
            open_series(display_set)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < display_set.voxel_bytes / 2


def test_a_system_that_gives_no_memory_after_all_is_told_in_words(
    display_set: ImageStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gives_none(*_args: object, **_kwargs: object) -> None:
        raise MemoryError

    monkeypatch.setattr(module, "SeriesLoader", gives_none)

    with pytest.raises(InputRefusedError, match="not enough free memory"):
        open_series(display_set)


def test_a_loaded_series_is_one_array_and_no_second_copy(display_set: ImageStack) -> None:
    load_series(display_set)
    tracemalloc.start()
    try:
        volume = load_series(display_set)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert volume.voxels.dtype == np.int16
    assert peak < 1.3 * display_set.voxel_bytes + 96 * 1024  # two scratches, flags, threads


def test_a_cancelled_load_frees_its_voxels_at_once(display_set: ImageStack) -> None:
    cancel, came, go_on = CancelToken(), threading.Event(), threading.Event()

    def on_slice(_k: int) -> None:
        came.set()
        go_on.wait(WAIT_S)

    opened: OpenedSeries | None = open_series(display_set, on_slice=on_slice, cancel=cancel)
    assert opened is not None
    assert came.wait(WAIT_S)
    array = opened.volume.voxels.base
    voxels = weakref.ref(array)
    threads = [one for one in threading.enumerate() if one.name.startswith("load-")]
    cancel.cancel()
    go_on.set()
    for thread in threads:
        thread.join(WAIT_S)
    assert not opened.loaded.all()
    del opened, array

    gc.collect()
    assert voxels() is None
