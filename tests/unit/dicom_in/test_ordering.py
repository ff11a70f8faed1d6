"""Order and places of slices: analytic truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.unit.dicom_in.test_grouping import AXIAL, frame
from workstation.dicom.frames import Frame, Timing
from workstation.dicom.ordering import order, order_turning


def stack_at(places: list[float]) -> list[Frame]:
    return [frame(number, place) for number, place in enumerate(places, start=1)]


def codes(frames: list[Frame]) -> list[str]:
    return [doubt.code for doubt in order(frames).doubts]


def test_slices_are_sorted_along_the_normal_and_not_by_number() -> None:
    frames = stack_at([3.0, -1.0, 1.0, 5.0])

    stack = order(frames)

    assert [one.instance_number for one in stack.frames] == [2, 3, 1, 4]
    assert np.allclose(stack.geometry.gaps_mm, 2.0)
    assert stack.geometry.is_regular
    assert not stack.doubts


def test_pixel_spacing_names_rows_first_and_the_geometry_columns_first() -> None:
    one = frame(1, 0.0)
    oblong = replace(one, imaging=replace(one.imaging, spacing_mm=(0.5, 0.25)))

    assert order([oblong]).geometry.spacing_ij_mm == (0.25, 0.5)


def test_a_gap_of_four_slices_names_three_missing_and_between_which() -> None:
    frames = [frame(n, float(n)) for n in range(1, 61) if n not in (42, 43, 44)]

    stack = order(frames)

    (hole,) = stack.missing
    assert (hole.count, hole.lower, hole.upper, hole.from_mm, hole.to_mm) == (3, 41, 45, 41.0, 45.0)
    assert "3 slices are missing between 41 and 45 (at 41.0 to 45.0 mm)." in stack.doubts[0].text
    assert not stack.geometry.is_regular


def test_numbers_are_named_upwards_where_they_fall_with_the_position() -> None:
    frames = [frame(100 - n, float(n)) for n in range(1, 21) if n != 10]

    assert "1 slice is missing between 89 and 91" in order(frames).doubts[0].text


def test_places_are_counted_where_the_slices_have_no_numbers() -> None:
    frames = [frame(0, float(n)) for n in range(1, 21) if n != 10]

    assert "missing between 9 and 10" in order(frames).doubts[0].text


def test_two_holes_are_named_each_with_its_count() -> None:
    frames = [frame(n, 2.0 * n) for n in range(1, 41) if n not in (10, 20, 21)]

    stack = order(frames)

    assert [(hole.count, hole.lower, hole.upper) for hole in stack.missing] == [
        (1, 9, 11),
        (2, 19, 22),
    ]
    assert stack.doubts[0].text.startswith("3 slices are missing: 1 between 9 and 11")
    assert stack.missing[1].text == "2 slices are missing between 19 and 22 (at 38.0 to 44.0 mm)"


def test_a_stack_that_lost_every_other_slice_of_a_part_is_told_by_numbers_and_places() -> None:
    frames = [frame(n, float(n)) for n in range(1, 31) if n % 2 or n > 20]

    stack = order(frames)

    assert sum(hole.count for hole in stack.missing) == 10
    assert "and at 2 more" in stack.doubts[0].text


def test_numbers_that_run_on_across_a_hole_are_told() -> None:
    frames = [frame(k, z) for k, z in enumerate([0.0, 2, 4, 6, 14, 16, 18, 20], start=1)]

    assert "run on, so they may never have been made" in order(frames).doubts[0].text


def test_variable_spacing_is_uneven_and_nothing_is_missing() -> None:
    places = np.cumsum([0, 4.0, 4.0, 4.0, 5.5, 7.0, 7.0, 3.1]).tolist()

    stack = order(stack_at(places))

    assert stack.missing == ()
    assert [doubt.code for doubt in stack.doubts] == ["uneven_spacing"]
    assert "3.10 to 7.00 mm" in stack.doubts[0].text


def test_two_zones_of_a_head_scan_are_no_loss() -> None:
    places = [*np.arange(0, 40, 4.0), *np.arange(40, 120, 8.0)]

    assert order(stack_at(places)).missing == ()


def test_positions_rounded_to_a_tenth_are_even() -> None:
    places = [round(n * 6.9714, 1) for n in range(20)]

    assert codes(stack_at(places)) == []


def test_a_tilted_gantry_is_found_from_the_positions() -> None:
    angle = np.deg2rad(15.0)
    tilted = (1.0, 0.0, 0.0, 0.0, float(np.cos(angle)), float(-np.sin(angle)))
    frames = []
    for n in range(5):
        one = frame(n, 3.0 * n)
        frames.append(replace(one, imaging=replace(one.imaging, orientation=tilted)))

    stack = order(frames)

    assert abs(stack.geometry.tilt_deg) == pytest.approx(15.0)
    assert stack.doubts[0].code == "gantry_tilt"
    assert "15.0" in stack.doubts[0].text


def test_slices_without_a_place_keep_their_numbers_order_and_say_so() -> None:
    frames = [frame(n, None) for n in (3, 1, 2)]

    stack = order(frames)

    assert [one.instance_number for one in stack.frames] == [1, 2, 3]
    assert not stack.geometry.is_placed
    assert not stack.geometry.is_regular
    # Each has a depth of its own, so that a pointer on the third image reads the third.
    assert [stack.geometry.nearest_slice_index(np.array([0, 0, k])) for k in range(3)] == [0, 1, 2]
    assert [doubt.code for doubt in stack.doubts] == ["no_position"]


@pytest.mark.parametrize(
    "cosines",
    [
        (1.0, 0.0, 0.0, 1.0, 0.0, 0.0),
        (0.5, 0.0, 0.0, 0.0, 0.5, 0.0),
        (1.0, 0.0, 0.0, 0.2, 0.98, 0.0),
    ],
)
def test_impossible_directions_are_no_place(cosines: tuple[float, ...]) -> None:
    one = frame(1, 0.0)
    skewed = replace(one, imaging=replace(one.imaging, orientation=cosines))

    assert not order([skewed]).geometry.is_placed


def test_a_detector_spacing_measures_nothing_but_keeps_proportions() -> None:
    one = frame(1, None)
    imaging = replace(one.imaging, spacing_mm=None, detector_spacing_mm=(0.4, 0.2))

    geometry = order([replace(one, imaging=imaging)]).geometry

    assert not geometry.has_millimetres
    assert geometry.spacing_ij_mm == (1.0, 2.0)


def test_no_spacing_at_all_is_no_millimeters() -> None:
    one = frame(1, 0.0, orientation=AXIAL)
    bare = replace(one, imaging=replace(one.imaging, spacing_mm=None))

    stack = order([bare])

    assert not stack.geometry.has_millimetres
    assert [doubt.code for doubt in stack.doubts] == ["no_millimetres"]


def test_a_position_without_a_direction_is_no_place() -> None:
    frames = [frame(n, float(n)) for n in (2, 1)]
    bare = [replace(one, imaging=replace(one.imaging, orientation=None)) for one in frames]

    stack = order(bare)

    assert [one.instance_number for one in stack.frames] == [1, 2]
    assert not stack.geometry.is_placed
    assert [doubt.code for doubt in stack.doubts] == ["no_position"]


def test_phases_of_one_slice_are_ordered_by_time_and_not_by_number() -> None:
    times = {1: "120", 2: "40", 3: "0", 4: "80"}
    frames = [
        frame(number, 5.0, timing=Timing(trigger_time=time)) for number, time in times.items()
    ]

    stack = order(frames)

    assert [one.instance_number for one in stack.frames] == [3, 2, 4, 1]
    assert stack.sort_key == "time, as all lie at one place"
    assert stack.geometry.why_not_reformattable == "all its images lie at one place"
    assert not stack.doubts


def test_images_that_look_from_many_directions_keep_the_scanners_order_and_say_so() -> None:
    frames = [frame(number, 0.0) for number in (3, 1, 2)]

    stack = order_turning(frames)

    assert [one.instance_number for one in stack.frames] == [1, 2, 3]
    assert not stack.geometry.is_placed
    assert [doubt.code for doubt in stack.doubts] == ["turning"]
