"""Averages and their inverses are those that plain linear algebra gives for the whole stack."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from inference.ops.consistency import (
    MOST_REACH,
    TAIL,
    Averaging,
    averaging,
    averaging_in_plane,
    limited,
    rounded,
)

PROFILES = [
    (0.5, 0.0),
    (0.7, 0.0),
    (1.0, 0.0),
    (1.1, 0.0),
    (1.5, 0.0),
    (0.6, 1.0),
    (1.0, 1.0),
    (1.3, 1.0),
    (1.2, 0.5),
]


def averaged_finely(ratio: float, count: int, children: int) -> NDArray[np.float64]:
    """Return D of a box profile, (count, count x children), by summing 420 thin layers a slice."""
    layers = 420
    matrix = np.zeros((count, count * children))
    for k in range(count):
        for layer in range(-2 * layers, 2 * layers):
            at = (layer + 0.5) / layers
            if abs(at) < ratio / 2:
                child = int(np.floor((k + 0.5 + at) * children))
                matrix[k, np.clip(child, 0, count * children - 1)] += 1
    return matrix / matrix.sum(axis=1, keepdims=True)


def matrix_of(profile: Averaging) -> NDArray[np.float64]:
    rows = np.zeros((profile.count, profile.count, profile.children))
    for k in range(profile.count):
        for m, weights in profile.parts(k).items():
            rows[k, m] = weights
    return rows.reshape(profile.count, -1)


@pytest.mark.parametrize("children", [2, 4])
@pytest.mark.parametrize("ratio", [0.5, 0.7, 1.0, 1.2, 1.5])
def test_a_box_counts_each_child_by_the_layers_in_it(ratio: float, children: int) -> None:
    profile = averaging(ratio, 0.0, children=children, count=5)

    np.testing.assert_allclose(
        matrix_of(profile), averaged_finely(ratio, 5, children), atol=2 / 420
    )


@pytest.mark.parametrize("children", [2, 4])
@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("count", [1, 3, 101])
def test_the_local_kernels_are_the_pseudo_inverse_of_the_whole_stack(
    profile: tuple[float, float], count: int, children: int
) -> None:
    made = averaging(*profile, children=children, count=count)

    expected = np.linalg.pinv(matrix_of(made))
    for k in (0, count // 2, count - 1):
        rows = expected[children * k : children * (k + 1)]
        found = np.zeros_like(rows)
        for m, weights in made.kernel(k).items():
            found[:, m] = weights
        assert np.abs(found - rows).sum(axis=1).max() < 2 * TAIL


def test_slices_that_touch_or_leave_gaps_stand_alone_and_wide_ones_do_not() -> None:
    assert averaging(1.0, 0.0, children=2, count=9).reach == 0
    assert averaging(0.5, 0.0, children=4, count=9).reach == 0
    assert 0 < averaging(1.2, 0.0, children=2, count=9).reach < MOST_REACH
    with pytest.raises(ValueError, match="overlap too much"):
        averaging(2.0, 0.0, children=2, count=9)


def test_squares_of_pixels_average_evenly() -> None:
    profile = averaging_in_plane(4, count=3)

    assert profile.parts(1).keys() == {1}
    np.testing.assert_allclose(profile.parts(1)[1], 1 / 16)
    np.testing.assert_allclose(profile.kernel(1)[1], 1)


def worst_rounding(profile: Averaging) -> float:
    """Return the most that rounding can change an average, over every order of its errors.

    Of children in the order of their weights each running sum is off by up to a half, freely, so
    the change is the sum of |difference of following weights| / 2.
    """
    own = profile.parts(profile.count // 2)
    order = np.argsort(-own[profile.count // 2], kind="stable")
    total = 0.0
    for weights in own.values():
        inner = weights[order]
        total += (np.abs(np.diff(inner)).sum() + abs(inner[-1])) / 2
    return total


@settings(max_examples=30, deadline=None)
@given(
    ratio=st.floats(0.3, 1.55),
    shape=st.sampled_from([0.0, 0.5, 1.0]),
    children=st.sampled_from([2, 4]),
)
def test_rounding_never_takes_an_average_half_a_grey_level_away(
    ratio: float, shape: float, children: int
) -> None:
    try:
        profile = averaging(ratio, shape, children=children, count=13)
    except ValueError:
        return

    assert worst_rounding(profile) < 0.5 - 2000 * TAIL


@given(seed=st.integers(0, 10**6), children=st.sampled_from([2, 4, 16]))
def test_whole_children_keep_a_whole_sum_and_move_by_less_than_a_grey_level(
    seed: int, children: int
) -> None:
    random = np.random.default_rng(seed)
    mean = random.integers(-1000, 3000, (3, 5)).astype(np.float32)
    planes = random.normal(0, 30, (children, 3, 5)).astype(np.float32)
    planes += mean - planes.mean(axis=0)

    whole = rounded(planes, np.full(children, 1 / children))

    np.testing.assert_array_equal(whole, np.rint(whole))
    np.testing.assert_array_equal(whole.sum(axis=0), children * mean)
    assert np.abs(whole - planes).max() <= 1.01


def test_a_float_volume_has_no_upper_end_to_overflow_at() -> None:
    original = np.full((2, 2), 100, np.float32)
    children = np.stack([original + 1e-3, original - 1e-3])
    children[:, 0, 0] = -1, 201

    inside = limited(children, original, low=0.0, high=float(np.finfo(np.float32).max))

    assert inside.min() == 0
    np.testing.assert_allclose(inside.mean(axis=0), original, rtol=1e-6)


def test_children_that_leave_the_scale_are_drawn_in_and_keep_their_mean() -> None:
    original = np.array([[-1000.0, 0.0, 3000.0]], np.float32)
    spread = np.array([-100.0, 20.0, 30.0, 50.0], np.float32)[:, None, None]
    children = original + spread

    inside = limited(children, original, low=-1024, high=3010)

    np.testing.assert_allclose(inside.mean(axis=0), original, rtol=1e-6)
    assert inside.min() >= -1024.001
    assert inside.max() <= 3010.001
    np.testing.assert_array_equal(inside[:, 0, 1], children[:, 0, 1])
