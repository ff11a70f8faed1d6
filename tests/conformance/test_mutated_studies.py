"""Spoiled copies of studies: nothing crashes, and each file is accounted for.

A sample of the ten thousand; the nightly run sets PRELIM_MUTATIONS to its count, and
``python -m tests.support.mutations run --only N`` makes a failed case again.
"""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest

from tests.support import mutation_case
from tests.support.canary import CANARY
from tests.support.data import find_study
from tests.support.mutation_case import Case, Donors, donors, make_case
from tests.support.mutation_sets import synthetic_sets
from tests.support.mutations import Outcome, run
from tests.support.mutators import (
    MUTATORS,
    Files,
    Mutator,
    Spoiled,
    find,
    pack_in_zip,
    plant_canary,
)
from workstation.core.errors import InputRefusedError
from workstation.core.verdict import SetAside
from workstation.services.import_studies import NothingToShowError

SEED = 1
COUNT = int(os.environ.get("PRELIM_MUTATIONS", "150"))
A_SET = "s06_mr_brain_pd_ge_signa"


def _sentences(outcome: Outcome) -> str:
    return "\n".join(f"case {number}: {text}" for number, text in outcome.failures)


def test_spoiled_synthetic_studies_crash_nothing_and_lose_nothing() -> None:
    outcome = run(list(range(COUNT)), seed=SEED, data=None)

    assert outcome.done == COUNT
    assert outcome.windows == len(range(0, COUNT, 20))
    assert outcome.slices > COUNT
    assert not outcome.failures, _sentences(outcome)


@pytest.mark.data
def test_spoiled_copies_of_the_real_sets_crash_nothing_and_lose_nothing() -> None:
    folder = find_study(A_SET)
    if folder is None:
        pytest.skip("the real studies are not here: set PRELIM_DATA")

    outcome = run(list(range(COUNT)), seed=SEED, data=folder.parent)

    assert outcome.done == COUNT
    assert not outcome.failures, _sentences(outcome)


# The harness itself: it must see what it looks for


@pytest.fixture
def sets(tmp_path: Path) -> Donors:
    return donors(synthetic_sets(tmp_path / "sets"))


def test_a_case_follows_from_its_number(tmp_path: Path, sets: Donors) -> None:
    for number in range(30):
        done = [make_case(sets, 7, number, tmp_path / f"{number}-{turn}") for turn in (0, 1)]
        one, other = (
            {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
            for folder in (tmp_path / f"{number}-0", tmp_path / f"{number}-1")
        )

        assert done[0] == done[1]
        if "pack_in_zip" not in done[0][1]:  # an archive holds the time it was made
            assert one == other


@pytest.mark.parametrize("mutate", dict.fromkeys(MUTATORS))
def test_each_mutation_changes_something(sets: Donors, mutate: Mutator) -> None:
    changed = 0
    for number in range(20):
        files = [Spoiled(path.name, bytearray(path.read_bytes())) for path in sets["synthetic_rle"]]
        before = [(file.name, bytes(file.data)) for file in files]
        mutate(Random(number), files)
        changed += [(file.name, bytes(file.data)) for file in files] != before

    assert changed >= 5


def test_the_canary_is_planted_whatever_the_name_was(sets: Donors) -> None:
    file = Spoiled("x", bytearray(sets["synthetic_plain_mr"][0].read_bytes()))
    name = find(file.data, 0x0010, 0x0010)
    assert name is not None
    file.data[name.value : name.value + 4] = b"Real"

    plant_canary(file)

    assert CANARY.encode() in file.data


def test_an_error_that_is_not_ours_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_paths: object) -> None:
        raise ValueError("not ours")

    monkeypatch.setattr(mutation_case, "import_paths", fails)
    case = Case(tmp_path)
    case.run()

    assert "ValueError: not ours" in case.problems[0]


def test_a_file_that_nobody_accounts_for_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_bytes(b"one")
    (tmp_path / "b").write_bytes(b"two")

    def forgets(_paths: object) -> None:
        raise NothingToShowError("no", why="no", todo="no", set_aside=(SetAside("a", "broken"),))

    monkeypatch.setattr(mutation_case, "import_paths", forgets)
    case = Case(tmp_path)
    case.run()

    assert any("not accounted for: ['b']" in problem for problem in case.problems)


def test_a_name_in_an_error_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refusal = InputRefusedError("The file cannot be read")
    refusal.why = f"it is of {CANARY}"

    def tells(_paths: object) -> None:
        raise refusal

    monkeypatch.setattr(mutation_case, "import_paths", tells)
    case = Case(tmp_path)
    case.run()

    assert any("refused as a whole" in problem for problem in case.problems)
    assert any("patient's name" in problem for problem in case.problems)


def test_a_process_that_dies_or_hangs_is_a_failure_with_its_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PRELIM_MUTATIONS_DIE", "3")

    outcome = run(list(range(6)), seed=SEED, data=None, window_step=0)

    assert [number for number, _ in outcome.failures] == [3]
    assert "the process ended with -6" in outcome.failures[0][1]
    assert outcome.done == 6


def test_members_of_a_zip_are_given_too(tmp_path: Path, sets: Donors) -> None:
    files: Files = [
        Spoiled(path.name, bytearray(path.read_bytes())) for path in sets["synthetic_plain_ct"]
    ]
    pack_in_zip(Random(1), files)
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / files[0].name).write_bytes(files[0].data)

    case = Case(tmp_path / "case")
    case.run()

    assert case.problems == []
    assert case.slices == 6
