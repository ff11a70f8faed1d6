"""The names of the benchmarks are those of the files that are there."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from workstation.core.errors import InputRefusedError
from workstation.services import run_benchmarks as module
from workstation.services.run_benchmarks import benchmark_names, run_benchmarks


def test_each_name_is_a_module_that_can_be_run() -> None:
    names = benchmark_names()

    assert {"load", "first-image", "compressed", "memory", "slow-disk", "start"} <= set(names)
    for name in names:
        found = importlib.import_module(f"tests.benchmarks.{name.replace('-', '_')}")
        assert callable(found.run)


def test_an_unknown_name_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(InputRefusedError) as refused:
        run_benchmarks(("load", "tides"))

    assert refused.value.exit_code == 3
    assert all(name in refused.value.todo for name in benchmark_names())


def test_an_installation_without_the_benchmarks_says_where_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BENCHMARKS", tmp_path)

    with pytest.raises(InputRefusedError, match="checkout"):
        run_benchmarks(("load",))
