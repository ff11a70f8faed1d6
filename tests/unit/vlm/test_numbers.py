from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.vlm.numbers import digits_outside, number_text, written_numbers
from tests.unit.vlm.facts import lung, measured
from workstation.core.finding import Side


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (2350.4, "ml", "2350"),
        (3.14, "ml", "3.1"),
        (0.04, "ml", "0.04"),
        (12.6, "%", "13"),
        (1.25, "%", "1.2"),
        (-812.4, "HU", "-812"),
        (-0.2, "HU", "0"),
        (0.314, "", "0.31"),
    ],
)
def test_a_value_is_written_with_the_digits_it_deserves(value: float, unit: str, text: str) -> None:
    assert number_text(measured("x", "y", value, unit)) == text


@given(value=st.floats(-99999, 99999, allow_nan=False), unit=st.sampled_from(["ml", "HU", "%", ""]))
def test_what_is_written_is_read_back_as_a_rounding_of_the_value(value: float, unit: str) -> None:
    fact = measured("x", "y", value, unit)

    text = f"It is {number_text(fact)} {unit}."
    numbers = written_numbers(text)

    assert len(numbers) == 1
    assert numbers[0].is_rounding_of(value)
    assert numbers[0].unit == unit
    assert not digits_outside(text, numbers)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_never_written(value: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        number_text(lung(value, Side.RIGHT))


@pytest.mark.parametrize("text", ["T12", "C3", "a 3x3 grid", "1e5 ml", "\u0663 ml", "007 ml"])
def test_digits_inside_words_are_no_numbers_and_are_noticed(text: str) -> None:
    assert digits_outside(text, written_numbers(text))
