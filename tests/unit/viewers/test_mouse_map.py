"""The mouse map and the count of a wheel's steps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewers.state.mouse_map import MOUSE_MAPS, DragAct, MouseMap, WheelAct, WheelCount

PAD = st.lists(st.floats(0.01, 0.5), min_size=1, max_size=60)


def test_every_map_scrolls_windows_and_has_a_place_for_the_tool() -> None:
    for name, one in MOUSE_MAPS.items():
        drags = {one.left, one.middle, one.right, one.both}
        assert {DragAct.TOOL, DragAct.WINDOW} <= drags, name
        assert one.wheel is WheelAct.SCROLL, name


@pytest.mark.parametrize("wrong", [0.0, 0.2, 4.5, float("nan")])
def test_a_sensitivity_that_no_hand_can_use_is_no_map(wrong: float) -> None:
    with pytest.raises(ValueError, match="sensitivity"):
        MouseMap(sensitivity=wrong)


@given(PAD)
def test_a_fine_wheel_goes_as_many_slices_as_its_fractions_add_up_to(turns: list[float]) -> None:
    wheel = WheelCount()

    steps = [wheel.steps(turn, at_s=float(n)) for n, turn in enumerate(turns)]

    assert abs(sum(steps) - sum(turns)) < 1
    assert max(steps) <= 1


def test_the_rest_of_one_direction_does_not_delay_the_other() -> None:
    wheel = WheelCount()
    wheel.steps(0.9, at_s=0.0)

    assert wheel.steps(-1.0, at_s=1.0) == -1


def test_without_acceleration_a_fast_notch_is_one_slice() -> None:
    wheel = WheelCount()

    assert [wheel.steps(1.0, at_s=n / 1000) for n in range(20)] == [1] * 20


def test_with_acceleration_fast_notches_go_further_and_slow_ones_do_not() -> None:
    wheel = WheelCount()
    slow = [wheel.steps(1.0, at_s=n * 0.2, is_accelerated=True) for n in range(10)]
    fast = [wheel.steps(1.0, at_s=10 + n * 0.01, is_accelerated=True) for n in range(10)]

    assert slow == [1] * 10
    assert sum(fast) > 30
    assert max(fast) <= 5
