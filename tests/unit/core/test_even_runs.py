"""Runs of even slices: as long as they can be, even in themselves, in order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.core.even_runs import even_runs


@pytest.mark.parametrize(
    ("distances_mm", "runs"),
    [
        ([0, 2, 4, 6], ((0, 4),)),
        ([0, 4, 8, 9.08, 16.08, 23.08], ((0, 3), (3, 6))),
        ([0, 4, 8, 15, 22, 29], ((0, 3), (3, 6))),
        ([0, 1.08, 8.08, 15.08], ((1, 4),)),
        ([0, 2, 4, 5.5, 8, 10, 12], ((0, 3), (4, 7))),
        ([0, 2.04, 3.98, 6.03, 7.97], ((0, 5),)),
        ([0, 1, 3, 7], ()),
        ([0, 1], ()),
        ([0], ()),
    ],
)
def test_runs_are_the_even_stretches(
    distances_mm: list[float], runs: tuple[tuple[int, int], ...]
) -> None:
    assert even_runs(np.array(distances_mm, float)) == runs


@given(
    st.lists(
        st.tuples(st.integers(3, 12), st.sampled_from([1.0, 2.5, 4.0, 7.0])),
        min_size=1,
        max_size=5,
    )
)
def test_stacks_far_from_each_other_are_found_again(stacks: list[tuple[int, float]]) -> None:
    places: list[float] = []
    expected, start = [], 0
    for count, step_mm in stacks:
        begin = places[-1] + 100 if places else 0.0
        places += [begin + step_mm * n for n in range(count)]
        expected.append((start, start + count))
        start += count

    assert even_runs(np.array(places)) == tuple(expected)
