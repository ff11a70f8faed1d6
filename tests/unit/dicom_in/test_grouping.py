"""Display sets: nothing lost, nothing mixed, the same whatever the order of the files."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset

from tests.unit.dicom_in.factory import image, ramp
from workstation.dicom.frames import Contrast, Frame, Imaging, PixelLayout, Rescale, Timing
from workstation.dicom.grouping import FrameGroup, most_at_one_place, split
from workstation.dicom.sources import SourceFile

AXIAL = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
SAGITTAL = (0.0, 1.0, 0.0, 0.0, 0.0, -1.0)


def frame(
    number: int,
    z_mm: float | None,
    *,
    contrast: Contrast | None = None,
    timing: Timing | None = None,
    orientation: tuple[float, ...] = AXIAL,
    rows: int = 4,
    reference: str = "f",
) -> Frame:
    layout = PixelLayout(
        rows=rows,
        columns=4,
        samples=1,
        photometric="MONOCHROME2",
        bits_allocated=16,
        bits_stored=16,
        high_bit=15,
        is_signed=True,
        is_planar=False,
        transfer_syntax="1.2.840.10008.1.2.1",
        is_little=True,
    )
    imaging = Imaging(
        layout=layout,
        rescale=Rescale(),
        orientation=orientation,
        spacing_mm=(1.0, 1.0),
        detector_spacing_mm=None,
        thickness_mm=1.0,
        contrast=contrast or Contrast(("ORIGINAL", "PRIMARY", "M")),
        padding=None,
        padding_limit=None,
        windows=(),
        units="",
        sop_class_uid="",
        marks=(),
    )
    return Frame(
        file=SourceFile(Path(str(number)), str(number)),
        instance_uid=f"1.{number}",
        instance_number=number,
        index=0,
        frame_count=0,
        pixel_offset=0,
        pixel_bytes=32,
        position=None if z_mm is None else (0.0, 0.0, z_mm),
        frame_of_reference_uid=reference,
        imaging=imaging,
        timing=timing or Timing(),
    )


def sizes(groups: tuple[FrameGroup, ...]) -> dict[str, int]:
    return {group.name: len(group.frames) for group in groups}


@settings(max_examples=150, deadline=None)
@given(
    places=st.lists(
        st.tuples(
            st.sampled_from([None, 0.0, 1.0, 2.0, 2.004, 3.0]),
            st.sampled_from([None, 0.0, 500.0, 1000.0]),
            st.sampled_from([AXIAL, SAGITTAL]),
            st.sampled_from([4, 8]),
            st.sampled_from(["", "1", "2"]),
        ),
        min_size=1,
        max_size=40,
    ),
    seed=st.integers(0, 1000),
)
def test_every_slice_is_in_exactly_one_set_and_no_place_repeats_but_in_films(
    places: list[tuple[float | None, float | None, tuple[float, ...], int, str]], seed: int
) -> None:
    frames = [
        frame(
            number,
            z_mm,
            contrast=Contrast(b_value=b_value),
            orientation=orientation,
            rows=rows,
            timing=Timing(temporal_position=time),
        )
        for number, (z_mm, b_value, orientation, rows, time) in enumerate(places, start=1)
    ]
    shuffled = frames.copy()
    random.Random(seed).shuffle(shuffled)

    groups = split(frames)
    again = split(shuffled)

    numbers = sorted(one.instance_number for group in groups for one in group.frames)
    assert numbers == list(range(1, len(frames) + 1))
    for group in groups:
        is_film = most_at_one_place(group.frames) == len(group.frames)
        assert is_film or most_at_one_place(group.frames) <= 1
    assert len({group.name for group in groups}) == len(groups)
    assert [(g.name, g.frames) for g in groups] == [(g.name, g.frames) for g in again]


def test_diffusion_is_split_by_b_value_and_direction() -> None:
    directions = [(1.0, 0.0, 0.0), (0.0, 1.0, 0.0)]
    shells = [Contrast(b_value=0.0)] + [Contrast(b_value=1000.0, gradient=d) for d in directions]
    frames = [
        frame(10 * number + shell, float(number), contrast=contrast)
        for number in range(1, 6)
        for shell, contrast in enumerate(shells)
    ]

    groups = split(frames)

    assert sizes(groups) == {"b=0": 5, "b=1000, direction #1": 5, "b=1000, direction #2": 5}


def test_two_echoes_are_two_sets() -> None:
    frames = [
        frame(number + 10 * echo, float(number), contrast=Contrast(echo_time_ms=30.0 * echo))
        for echo in (1, 2)
        for number in range(1, 5)
    ]

    assert sizes(split(frames)) == {"TE 30 ms": 4, "TE 60 ms": 4}


def test_times_that_differ_on_each_slice_give_phases_by_their_order_at_each_place() -> None:
    frames = [
        frame(number, float(number % 4), timing=Timing(acquisition_time=f"1200{number:02d}"))
        for number in range(8)
    ]

    groups = split(frames)

    assert sizes(groups) == {"time 1": 4, "time 2": 4}
    assert [one.instance_number for one in groups[0].frames] == [0, 1, 2, 3]


def test_a_rotating_projection_is_one_film_and_three_planes_are_three_stacks() -> None:
    angles = np.deg2rad(np.arange(12) * 15.0)
    turned = [
        frame(n, 0.0, orientation=(float(np.cos(a)), float(np.sin(a)), 0.0, 0.0, 0.0, -1.0))
        for n, a in enumerate(angles, start=1)
    ]

    (film,) = split(turned)

    assert film.is_turning
    assert [one.instance_number for one in film.frames] == list(range(1, 13))
    assert len(split([turned[0], turned[6], frame(3, 0.0)])) == 3


def test_phases_of_one_slice_are_one_film_and_not_a_stack_each() -> None:
    frames = [frame(n, 5.0, timing=Timing(trigger_time=str(40 * n))) for n in range(20)]

    assert sizes(split(frames)) == {"": 20}


def test_images_of_one_place_that_nothing_tells_apart_are_repeats() -> None:
    groups = split([frame(1, 5.0), frame(2, 5.0)])

    assert [(group.name, group.is_repeat) for group in groups] == [("", False), ("repeat 2", True)]


def test_one_repeated_slice_does_not_cut_the_volume_where_the_acquisition_changes() -> None:
    frames = [
        frame(number, float(min(number, 7)), timing=Timing(acquisition_number=str(number // 4)))
        for number in range(9)
    ]

    assert sizes(split(frames)) == {"": 8, "repeat 2": 1}


def test_a_mixed_image_type_at_different_places_stays_one_stack() -> None:
    kinds = [("ORIGINAL", "PRIMARY", "AXIAL"), ("ORIGINAL", "PRIMARY", "AXIAL", "ADD")]
    frames = [frame(n, float(n), contrast=Contrast(kinds[n % 2])) for n in range(1, 7)]

    assert sizes(split(frames)) == {"": 6}


def test_a_localizer_in_the_series_is_split_off() -> None:
    scout = frame(1, 0.0, contrast=Contrast(("ORIGINAL", "PRIMARY", "LOCALIZER")))
    slices = [
        frame(n, float(n), contrast=Contrast(("ORIGINAL", "PRIMARY", "AXIAL"))) for n in (2, 3)
    ]

    groups = split([scout, *slices])

    assert sizes(groups) == {"axial": 2, "localizer": 1}


def test_three_planes_in_one_series_are_named_by_plane() -> None:
    frames = [frame(1, 0.0), frame(2, 1.0), frame(3, 0.0, orientation=SAGITTAL)]

    assert sizes(split(frames)) == {"axial": 2, "sagittal": 1}


def test_cosines_that_differ_by_rounding_stay_together() -> None:
    almost = (1.0, 0.00001, 0.0, -0.00001, 1.0, 0.0)

    assert sizes(split([frame(1, 0.0), frame(2, 1.0, orientation=almost)])) == {"": 2}


def test_frames_of_reference_that_change_with_every_slice_mean_nothing() -> None:
    frames = [frame(n, float(n), reference=f"f{n}") for n in range(6)]

    assert sizes(split(frames)) == {"": 6}


def test_two_real_frames_of_reference_are_kept_apart() -> None:
    frames = [frame(n, float(n), reference="a" if n < 3 else "b") for n in range(6)]

    assert sorted(sizes(split(frames)).values()) == [3, 3]


def test_the_factory_and_pydicom_agree_on_the_truth_used_here() -> None:
    data: Dataset = image(2)

    assert np.array_equal(data.pixel_array, ramp(200))
