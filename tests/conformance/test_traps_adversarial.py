"""Nasty places: order, gaps, tilt, repeats, mixtures. What is true follows from what was written.

Source: DESIGN section 5, traps 1 to 8, 19, 23, 24, 32; PS3.3 C.7.6.2.1.1 and C.7.6.16.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.uid import EnhancedCTImageStorage, EnhancedMRImageStorage, MRImageStorage

from tests.support.hostile import (
    SPACING_IJ,
    change,
    codes,
    field,
    group,
    picture,
    series_of,
    store,
    taken,
    told,
    verdict_of,
    volume_of,
    write,
)

# Order


def test_equal_instance_numbers_and_backward_names_do_not_disturb_the_order(tmp_path: Path) -> None:
    slices = [picture(1, z) for z in (0, 2.5, 5, 7.5, 10, 12.5)]
    wanted = [one.SOPInstanceUID for one in slices]

    (one,) = series_of(write(tmp_path, slices)).display_sets

    assert list(one.instance_uids) == wanted
    assert one.geometry.gaps_mm == pytest.approx(2.5)


def test_positions_that_descend_with_the_numbers_are_put_in_order(tmp_path: Path) -> None:
    slices = [picture(number, -3.0 * number) for number in range(1, 8)]

    (one,) = series_of(write(tmp_path, slices, is_backwards=False)).display_sets

    assert list(one.instance_uids) == [s.SOPInstanceUID for s in reversed(slices)]
    assert one.geometry.positions_mm[:, 2] == pytest.approx([-21, -18, -15, -12, -9, -6, -3])


def test_slice_location_and_thickness_that_lie_are_not_believed(tmp_path: Path) -> None:
    slices = [
        picture(n, 1.5 * n, SliceLocation=-100 * n, SliceThickness=5, SpacingBetweenSlices=9)
        for n in range(6)
    ]

    verdict = verdict_of(write(tmp_path, slices))

    assert verdict["spacing_k_mm"] == {"min": 1.5, "median": 1.5, "max": 1.5}
    assert verdict["spacing_mm"] == [*SPACING_IJ, 1.5]


def test_a_sagittal_stack_is_ordered_along_its_own_normal(tmp_path: Path) -> None:
    cosines = [0, 1, 0, 0, 0, -1]  # rows to the back, columns to the feet: normal is -x
    slices = [
        picture(n, ImageOrientationPatient=cosines, ImagePositionPatient=[4.0 * n, -50, 70])
        for n in range(5)
    ]

    (one,) = series_of(write(tmp_path, slices)).display_sets

    assert one.geometry.positions_mm[:, 0] == pytest.approx([16, 12, 8, 4, 0])
    assert verdict_of(tmp_path)["orientation"] == "sagittal"


def test_tilt_and_uneven_gaps_at_once_are_both_told(tmp_path: Path) -> None:
    tilt = np.deg2rad(18)
    cosines = [1, 0, 0, 0, np.cos(tilt), -np.sin(tilt)]
    heights = [0, 5, 10, 15, 25, 35, 45.0]  # mm along z; the table moves along z
    slices = [
        picture(
            n,
            ImageOrientationPatient=[f"{c:.6f}" for c in cosines],
            ImagePositionPatient=[-3, -4, z],
        )
        for n, z in enumerate(heights, start=1)
    ]

    verdict = verdict_of(write(tmp_path, slices))

    # Along the normal (0, sin, cos) a step of z is z x cos(tilt); the lean is the tilt itself.
    assert abs(verdict["tilt_deg"]) == pytest.approx(18, abs=0.01)
    assert verdict["spacing_k_mm"]["min"] == pytest.approx(5 * np.cos(tilt), abs=1e-3)
    assert verdict["spacing_k_mm"]["max"] == pytest.approx(10 * np.cos(tilt), abs=1e-3)
    assert {"gantry_tilt", "uneven_spacing"} <= codes(verdict)
    assert verdict["missing_positions"] == 0


def test_a_missing_slice_is_named_by_the_numbers_beside_it(tmp_path: Path) -> None:
    slices = [picture(number, 2.0 * number) for number in range(1, 13) if number != 7]

    verdict = verdict_of(write(tmp_path, slices))

    (text,) = [w["text"] for w in verdict["warnings"] if w["code"] == "missing_slices"]
    assert verdict["missing_positions"] == 1
    assert "6 and 8" in text


def test_rounded_positions_are_no_gap_and_no_tilt(tmp_path: Path) -> None:
    slices = [
        picture(n, ImagePositionPatient=[-3, -4, f"{round(0.625 * n, 1)}"]) for n in range(40)
    ]

    verdict = verdict_of(write(tmp_path, slices))

    assert verdict["missing_positions"] == 0
    assert verdict["tilt_deg"] == 0
    assert "uneven_spacing" not in codes(verdict)


# Splits


def test_a_time_point_that_lacks_a_slice_loses_nothing_else(tmp_path: Path) -> None:
    slices = [
        picture(10 * time + n, 3.0 * n, TemporalPositionIdentifier=time, Modality="MR")
        for time in (1, 2, 3)
        for n in range(5)
        if (time, n) != (2, 2)
    ]

    times = {str(one.SOPInstanceUID): one.TemporalPositionIdentifier for one in slices}

    series = series_of(write(tmp_path, slices))

    assert sorted(one.slice_count for one in series.display_sets) == [4, 5, 5]
    assert series.verdict.received == series.verdict.shown == 14
    assert series.verdict.missing_positions == 1
    for one in series.display_sets:
        assert len({times[uid] for uid in one.instance_uids}) == 1


@pytest.mark.parametrize(
    ("keyword", "values"),
    [
        ("EchoTime", (4.6, 9.2)),
        ("InversionTime", (100, 2500)),
        ("FlipAngle", (3, 15)),
        ("RepetitionTime", (500, 2000)),
        ("TriggerTime", (0, 40)),
        ("AcquisitionNumber", (1, 2)),
        ("ConvolutionKernel", ("B30f", "B70f")),
        ("ContentTime", ("101500.0", "101501.5")),
        ("DiffusionBValue", (0.0, 1000.0)),
        ("ImageComments", ("water", "fat")),
        ("ContrastBolusAgent", ("", "Gd")),
    ],
)
def test_what_tells_images_at_one_place_apart_makes_stacks_of_one_kind(
    tmp_path: Path, keyword: str, values: tuple[object, object]
) -> None:
    slices = [
        picture(2 * n + turn, 2.0 * n, Modality="MR", SOPClassUID=MRImageStorage)
        for n in range(6)
        for turn in (0, 1)
    ]
    kinds = {}
    for index, one in enumerate(slices):
        change(one, **{keyword: values[index % 2]})
        kinds[str(one.SOPInstanceUID)] = index % 2

    series = series_of(write(tmp_path, slices))

    assert [one.slice_count for one in series.display_sets] == [6, 6]
    for one in series.display_sets:
        assert len({kinds[uid] for uid in one.instance_uids}) == 1


def test_magnitude_and_phase_are_not_shuffled(tmp_path: Path) -> None:
    slices = [
        picture(n + 20 * is_phase, 2.0 * n, Modality="MR", SOPClassUID=MRImageStorage)
        for n in range(5)
        for is_phase in (0, 1)
    ]
    for index, one in enumerate(slices):
        one.ImageType = ["ORIGINAL", "PRIMARY", "P" if index % 2 else "M", "ND"]
    kinds = {str(one.SOPInstanceUID): one.ImageType[2] for one in slices}

    series = series_of(write(tmp_path, slices))

    assert [one.slice_count for one in series.display_sets] == [5, 5]
    for one in series.display_sets:
        assert len({kinds[uid] for uid in one.instance_uids}) == 1


@pytest.mark.parametrize(
    "cosines", [[-1, 0, 0, 0, -1, 0], [1, 0, 0, 0, -1, 0], [0, 1, 0, 1, 0, 0], [0, 1, 0, 0, 0, -1]]
)
def test_slices_that_are_turned_or_mirrored_are_split_off(
    tmp_path: Path, cosines: list[float]
) -> None:
    straight = [picture(n, 2.0 * n) for n in range(6)]
    turned = [
        picture(n, ImagePositionPatient=[2.0 * n, -4, 2.0 * n], ImageOrientationPatient=cosines)
        for n in range(6, 9)
    ]

    series = series_of(write(tmp_path, [*straight, *turned]))

    assert [one.slice_count for one in series.display_sets] == [6, 3]
    assert series.verdict.shown == 9


def test_cosines_that_differ_by_rounding_stay_one_stack(tmp_path: Path) -> None:
    slices = [
        picture(n, 2.0 * n, ImageOrientationPatient=[1, 0, f"{n % 2 * 1e-5:.5f}", 0, 1, 0])
        for n in range(6)
    ]

    assert verdict_of(write(tmp_path, slices))["display_sets"] == 1


def test_a_localizer_among_the_slices_is_split_off(tmp_path: Path) -> None:
    scout = picture(
        0,
        ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"],
        ImageOrientationPatient=[1, 0, 0, 0, 0, -1],
        stored=field(rows=30, columns=20),
    )
    slices = [picture(n, 2.0 * n) for n in range(1, 6)]

    verdict = verdict_of(write(tmp_path, [scout, *slices]))

    assert (verdict["display_sets"], verdict["slices"], verdict["shown"]) == (2, 5, 6)
    assert verdict["missing_positions"] == 0
    assert "localizer" in codes(verdict)


def test_slices_of_two_frames_of_reference_are_not_one_stack(tmp_path: Path) -> None:
    slices = [
        picture(n, 2.0 * n, FrameOfReferenceUID=f"2.25.{1 if n < 5 else 2}") for n in range(10)
    ]

    verdict = verdict_of(write(tmp_path, slices))

    assert (verdict["display_sets"], verdict["shown"]) == (2, 10)


def test_pixels_of_another_size_are_split_off(tmp_path: Path) -> None:
    slices = [picture(n, 2.0 * n) for n in range(6)]
    slices += [picture(n, 2.0 * n, PixelSpacing=[0.4, 0.4]) for n in range(6, 9)]

    assert verdict_of(write(tmp_path, slices))["display_sets"] == 2


# Repeats and mixtures


def test_the_same_file_twice_is_told_and_shown_once(tmp_path: Path) -> None:
    slices = [picture(n, 2.0 * n) for n in range(5)]
    write(tmp_path / "first", slices)
    write(tmp_path / "second", slices)

    verdict = verdict_of(tmp_path)

    assert (verdict["received"], verdict["shown"], verdict["duplicates"]) == (10, 5, 5)
    assert len(verdict["set_aside"]) == 5
    assert "duplicates" in codes(verdict)


def test_two_images_at_one_place_that_nothing_explains_are_both_reachable(tmp_path: Path) -> None:
    slices = [picture(n, 2.0 * n) for n in range(5)]
    again = picture(2, 4.0, stored=field(seed=99))

    series = series_of(write(tmp_path, [*slices, again]))

    assert sum(one.slice_count for one in series.display_sets) == 6
    assert series.verdict.duplicates == 1
    assert "duplicate_positions" in {doubt.code for doubt in series.verdict.warnings}


def test_one_series_uid_for_two_patients_is_two_series(tmp_path: Path) -> None:
    one = [picture(n, 2.0 * n, PatientID="A-1") for n in range(4)]
    two = [picture(n, 2.0 * n, PatientID="B-2") for n in range(4)]

    result = taken(write(tmp_path, [*one, *two]))

    ids = {study.identity.patient.patient_id.reveal() for study in result.studies}
    assert ids == {"A-1", "B-2"}
    assert [series.verdict.shown for series in result.all_series] == [4, 4]


def test_one_instance_uid_for_all_slices_hides_no_slice(tmp_path: Path) -> None:
    slices = [picture(n, 2.0 * n, SOPInstanceUID="2.25.5") for n in range(5)]

    verdict = verdict_of(write(tmp_path, slices))

    assert (verdict["shown"], verdict["slices"]) == (5, 5)


def test_color_captures_in_a_ct_series_are_shown_apart(tmp_path: Path) -> None:
    slices = [picture(n, 2.0 * n) for n in range(5)]
    capture = picture(9, SOPClassUID="1.2.840.10008.5.1.4.1.1.7")
    rgb = np.zeros((20, 30, 3), np.uint8)
    change(capture, SamplesPerPixel=3, PhotometricInterpretation="RGB", PlanarConfiguration=0)
    store(capture, rgb[..., 0])
    capture.PixelData = rgb.tobytes()
    for keyword in ("ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing"):
        delattr(capture, keyword)

    series = series_of(write(tmp_path, [*slices, capture]))

    assert [one.slice_count for one in series.display_sets] == [5, 1]
    assert "maybe_burned_in" in {doubt.code for doubt in series.verdict.warnings}


# Places that are none


@pytest.mark.parametrize(
    "broken",
    [
        {"ImageOrientationPatient": None},
        {"ImageOrientationPatient": [0, 0, 0, 0, 0, 0]},
        {"ImageOrientationPatient": [1, 0, 0, 1, 0, 0]},
        {"ImageOrientationPatient": [1, 0, 0]},
        {"ImageOrientationPatient": [2, 0, 0, 0, 2, 0]},
        {"ImagePositionPatient": None},
        {"ImagePositionPatient": [1, 2]},
    ],
)
def test_slices_without_a_usable_place_are_shown_without_reformats(
    tmp_path: Path, broken: dict[str, object]
) -> None:
    slices = [change(picture(n, 2.0 * n), **broken) for n in range(1, 5)]

    series = series_of(write(tmp_path, slices))

    (one,) = series.display_sets
    assert one.slice_count == 4
    assert not one.is_reformattable
    assert series.verdict.spacing is None
    assert "no_position" in {doubt.code for doubt in series.verdict.warnings}


def test_one_slice_without_a_place_does_not_take_it_from_the_others(tmp_path: Path) -> None:
    slices = [picture(n, 2.0 * n) for n in range(6)]
    del slices[3].ImagePositionPatient

    series = series_of(write(tmp_path, slices))

    assert [one.slice_count for one in series.display_sets] == [5, 1]
    assert series.display_sets[0].geometry.is_placed
    assert series.verdict.missing_positions == 1


def test_all_slices_at_one_position_are_no_stack_with_depth(tmp_path: Path) -> None:
    slices = [picture(n, 0.0) for n in range(5)]

    series = series_of(write(tmp_path, slices))

    assert sum(one.slice_count for one in series.display_sets) == 5
    assert not any(one.is_reformattable for one in series.display_sets)


def test_a_patient_position_that_is_absent_or_wrong_changes_nothing(tmp_path: Path) -> None:
    plain = [picture(n, 2.0 * n) for n in range(4)]
    feet = [picture(n, 2.0 * n, PatientPosition="FFP") for n in range(4)]

    without = volume_of(write(tmp_path / "a", plain)).geometry
    with_it = volume_of(write(tmp_path / "b", feet)).geometry

    assert np.array_equal(without.positions_mm, with_it.positions_mm)
    assert np.array_equal(without.row_cosines, with_it.row_cosines)


# Millimetres


def test_the_first_value_of_pixel_spacing_is_between_rows(tmp_path: Path) -> None:
    slices = [
        picture(n, 2.0 * n, stored=field(rows=7, columns=21), PixelSpacing=[2, 0.5])
        for n in range(3)
    ]

    verdict = verdict_of(write(tmp_path, slices))

    assert (verdict["rows"], verdict["columns"]) == (7, 21)
    assert verdict["spacing_mm"][:2] == [0.5, 2.0]


@pytest.mark.parametrize(
    "spacing",
    [None, [0, 0], [-1, -1], [1], ["", ""], [0.5, 0]],
)
def test_without_a_usable_pixel_size_there_are_no_millimetres(
    tmp_path: Path, spacing: list[float] | None
) -> None:
    slices = [picture(n, 2.0 * n, PixelSpacing=spacing) for n in range(3)]

    verdict = verdict_of(write(tmp_path, slices))

    assert verdict["spacing_mm"][:2] == [None, None]
    assert "no_millimetres" in codes(verdict)


def test_the_spacing_of_a_detector_is_not_that_of_the_patient(tmp_path: Path) -> None:
    shot = picture(1, Modality="DX", PixelSpacing=None, ImagerPixelSpacing=[0.15, 0.15])

    verdict = verdict_of(write(tmp_path, [shot]))

    assert verdict["spacing_mm"][:2] == [None, None]
    assert "no_millimetres" in codes(verdict)


# Multi-frame


def test_frames_stored_in_disorder_lie_where_their_groups_say(tmp_path: Path) -> None:
    heights = [6.0, 0.0, 9.0, 3.0, 12.0]
    data = _enhanced(heights)

    volume = volume_of(write(tmp_path, [data]))

    assert volume.geometry.positions_mm[:, 2] == pytest.approx([0, 3, 6, 9, 12])
    assert volume.frame_numbers == (2, 4, 1, 3, 5)
    for k, frame in enumerate((1, 3, 0, 2, 4)):
        slope, intercept = frame + 1, 10 * frame
        wanted = field(seed=frame).astype(float) * slope + intercept
        assert np.allclose(volume.voxels[k], wanted)


def test_a_frame_without_a_description_is_refused_in_words(tmp_path: Path) -> None:
    data = _enhanced([0, 3, 6])
    data.PerFrameFunctionalGroupsSequence = data.PerFrameFunctionalGroupsSequence[:2]
    write(tmp_path, [picture(1, SeriesInstanceUID="2.25.8"), data])

    asides = [aside for one in told(tmp_path)["series"] for aside in one["set_aside"]]

    assert len(asides) == 1
    assert "describes 2" in asides[0]["reason"]


def test_shared_groups_are_used_where_a_frame_says_nothing(tmp_path: Path) -> None:
    data = _enhanced([0, 3, 6])
    for one in data.PerFrameFunctionalGroupsSequence:
        del one.PixelValueTransformationSequence
    data.SharedFunctionalGroupsSequence[0].PixelValueTransformationSequence = group(
        RescaleSlope=3, RescaleIntercept=-7, RescaleType="US"
    )

    volume = volume_of(write(tmp_path, [data]))

    assert np.allclose(volume.voxels[0], field(seed=0).astype(float) * 3 - 7)


def test_two_parts_of_a_concatenation_make_one_stack(tmp_path: Path) -> None:
    first, second = _enhanced([0, 3, 6]), _enhanced([9, 12, 15])
    for number, part in enumerate((first, second), start=1):
        change(
            part,
            ConcatenationUID="2.25.31",
            InConcatenationNumber=number,
            ConcatenationFrameOffsetNumber=3 * (number - 1),
        )

    series = series_of(write(tmp_path, [first, second]))

    (one,) = series.display_sets
    assert one.slice_count == 6
    assert one.geometry.gaps_mm == pytest.approx(3)


def test_frames_of_two_orientations_in_one_file_are_split(tmp_path: Path) -> None:
    data = _enhanced([0, 3, 6, 9, 12])
    for one in data.PerFrameFunctionalGroupsSequence[3:]:
        one.PlaneOrientationSequence = group(ImageOrientationPatient=[0, 1, 0, 0, 0, -1])
    for x, one in enumerate(data.PerFrameFunctionalGroupsSequence[3:]):
        one.PlanePositionSequence = group(ImagePositionPatient=[3.0 * x, -4, 0])
    del data.SharedFunctionalGroupsSequence[0].PlaneOrientationSequence
    for one in data.PerFrameFunctionalGroupsSequence[:3]:
        one.PlaneOrientationSequence = group(ImageOrientationPatient=[1, 0, 0, 0, 1, 0])

    series = series_of(write(tmp_path, [data]))

    assert Counter(one.slice_count for one in series.display_sets) == Counter([3, 2])
    assert series.verdict.received == 1


def test_an_enhanced_ct_without_a_rescale_is_not_called_hounsfield(tmp_path: Path) -> None:
    data = _enhanced([0, 3, 6], SOPClassUID=EnhancedCTImageStorage, Modality="CT")
    for one in data.PerFrameFunctionalGroupsSequence:
        del one.PixelValueTransformationSequence

    verdict = verdict_of(write(tmp_path, [data]))

    assert verdict["unit"] == "unknown"


def _enhanced(heights: list[float], **attributes: object) -> Dataset:
    count = len(heights)
    data = picture(1, Modality="MR", SOPClassUID=EnhancedMRImageStorage)
    store(data, np.stack([field(seed=frame) for frame in range(count)]))
    change(
        data,
        ImagePositionPatient=None,
        ImageOrientationPatient=None,
        PixelSpacing=None,
        SliceThickness=None,
        RescaleSlope=None,
        RescaleIntercept=None,
        NumberOfFrames=count,
    )
    data.SharedFunctionalGroupsSequence = group(
        PixelMeasuresSequence=group(PixelSpacing=[0.8, 0.5], SliceThickness=3),
        PlaneOrientationSequence=group(ImageOrientationPatient=[1, 0, 0, 0, 1, 0]),
    )
    data.PerFrameFunctionalGroupsSequence = [
        group(
            PlanePositionSequence=group(ImagePositionPatient=[-3, -4, z]),
            PixelValueTransformationSequence=group(
                RescaleSlope=frame + 1, RescaleIntercept=10 * frame, RescaleType="US"
            ),
        )[0]
        for frame, z in enumerate(heights)
    ]
    return change(data, **attributes)
