"""Series as an adversary, or a scanner, writes them; pydicom writes them and says what they hold.

Whatever the headers claim: the sum over the stacks is what came, and each doubt is said.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset

from tests.support.stacks import dicom_stack, dicom_stacks
from tests.unit.dicom_in.factory import edit, enhanced, image, item, ramp, save, save_all, stack
from workstation.core.geometry import Reformat
from workstation.core.verdict import Answer, SeriesVerdict
from workstation.services.import_studies import ImportedSeries, import_paths


def only_series(folder: Path) -> ImportedSeries:
    (one,) = import_paths([folder]).all_series
    return one


def verdict_of(datasets: list[Dataset], folder: Path) -> SeriesVerdict:
    verdict = only_series(save_all(datasets, folder)).verdict
    assert verdict.received == verdict.shown + len(verdict.set_aside)
    assert verdict.frames_shown == sum(one.slices for one in verdict.stacks)
    return verdict


def codes(verdict: SeriesVerdict) -> set[str]:
    return {doubt.code for doubt in verdict.warnings}


def private(data: Dataset, owner: str, tag: tuple[int, int], vr: str, value: object) -> Dataset:
    """Set a private element of the block of an owner (PS3.5 section 7.8.1)."""
    group, element = tag
    block = data.private_block(group, owner, create=True)
    block.add_new(element & 0xFF, vr, value)
    return data


# What tells images at one place apart


@pytest.mark.parametrize(
    ("keyword", "values"),
    [
        ("KVP", (80, 140)),
        ("ConvolutionKernel", ("B30f", "B70f")),
        ("EchoTime", (10, 80)),
        ("InversionTime", (100, 900)),
        ("FlipAngle", (5, 15)),
        ("RepetitionTime", (20, 500)),
        ("SequenceName", ("*ep_b0", "*ep_b1000t")),
        ("SliceThickness", (1, 5)),
        ("ComplexImageComponent", ("REAL", "IMAGINARY")),
        ("TemporalPositionIdentifier", (1, 2)),
        ("TriggerTime", (0, 40)),
        ("AcquisitionNumber", (1, 2)),
        ("ImageType", (["DERIVED", "PRIMARY", "M", "IN_PHASE"], ["DERIVED", "PRIMARY", "M", "W"])),
        ("ContrastBolusAgent", ("none", "contrast")),
        ("DiffusionBValue", (0.0, 1000.0)),
    ],
)
def test_what_differs_at_one_place_makes_two_whole_stacks(
    keyword: str, values: tuple[Any, Any], tmp_path: Path
) -> None:
    slices = [
        image(number, float(number % 4), Modality="MR", **{keyword: values[number // 4]})
        for number in range(8)
    ]

    series = only_series(save_all(slices, tmp_path))

    assert [one.slice_count for one in series.display_sets] == [4, 4]
    for one in series.display_sets:
        assert len({number // 4 for number in _numbers(one)}) == 1
    assert "duplicate_positions" not in codes(series.verdict)


def _numbers(one: object) -> list[int]:
    return [frame.instance_number for frame in one.frames]  # type: ignore[attr-defined]


PRIVATE = {
    "ge_b_value": ("GEMS_PARM_01", (0x0043, 0x1039), "IS", ([1000000000, 8], [1000001000, 8])),
    "ge_part": ("GEMS_PARM_01", (0x0043, 0x102F), "SS", (2, 3)),
    "siemens_b_value": ("SIEMENS MR HEADER", (0x0019, 0x100C), "IS", (0, 1000)),
    "siemens_coil": ("SIEMENS MR HEADER", (0x0051, 0x100F), "LO", ("A1", "A2")),
    "philips_b_value": ("Philips Imaging DD 001", (0x2001, 0x1003), "FL", (0.0, 800.0)),
    "philips_label": ("Philips MR Imaging DD 005", (0x2005, 0x1429), "CS", ("LABEL", "CONTROL")),
}
"""Owner, tag, representation and two values, from the makers' DICOM conformance statements."""


@pytest.mark.parametrize("name", sorted(PRIVATE))
def test_private_elements_of_the_maker_tell_images_apart(name: str, tmp_path: Path) -> None:
    owner, tag, vr, values = PRIVATE[name]
    slices = [
        private(
            image(number, float(number % 4), Modality="MR"), owner, tag, vr, values[number // 4]
        )
        for number in range(8)
    ]

    series = only_series(save_all(slices, tmp_path))

    assert [one.slice_count for one in series.display_sets] == [4, 4]
    assert not any(
        frame.imaging.contrast.b_value == 1e9
        for frame in dicom_stack(series.display_sets[0]).frames
    )


def test_an_element_of_another_owner_at_the_same_tag_is_not_believed(tmp_path: Path) -> None:
    slices = [
        private(image(n, float(n), Modality="MR"), "ACME 1.0", (0x0019, 0x100C), "IS", 1000)
        for n in range(4)
    ]

    (one,) = only_series(save_all(slices, tmp_path)).display_sets

    assert all(frame.imaging.contrast.b_value is None for frame in dicom_stack(one).frames)


def test_toshiba_writes_the_b_value_as_a_comment(tmp_path: Path) -> None:
    slices = [
        image(
            number,
            float(number % 4),
            Modality="MR",
            Manufacturer="TOSHIBA",
            ImageComments=("b=0(0,0,0)", "b=1500(0.7,0,0.7)")[number // 4],
        )
        for number in range(8)
    ]

    names = {one.name for one in only_series(save_all(slices, tmp_path)).display_sets}

    assert names == {"b=0", "b=1500"}


def test_magnitude_and_phase_at_different_places_are_apart_too(tmp_path: Path) -> None:
    slices = [
        image(n, float(n), Modality="MR", ImageType=["ORIGINAL", "PRIMARY", "MP"[n % 2]])
        for n in range(8)
    ]

    verdict = verdict_of(slices, tmp_path)

    assert [one.slices for one in verdict.stacks] == [4, 4]


def test_a_dynamic_series_with_a_time_on_each_image_gives_whole_phases(tmp_path: Path) -> None:
    # Phase by phase, slice by slice; only the clock says so. Numbers are shuffled.
    slices = [
        image(
            (7 * n) % 15 + 1,
            float(n % 5),
            Modality="MR",
            AcquisitionTime=f"1010{n:02d}.500",
        )
        for n in range(15)
    ]

    series = only_series(save_all(slices, tmp_path))

    assert [one.name for one in series.display_sets] == ["time 1", "time 2", "time 3"]
    for phase, one in enumerate(dicom_stacks(series.display_sets)):
        times = {frame.timing.acquisition_time for frame in one.frames}
        assert times == {f"1010{n:02d}.500" for n in range(5 * phase, 5 * phase + 5)}


def test_repetitions_that_drift_by_micrometers_are_at_one_place(tmp_path: Path) -> None:
    slices = [
        image(
            n,
            3.0 * (n % 5) + 0.02 * (n // 5),
            Modality="MR",
            TemporalPositionIdentifier=n // 5 + 1,
        )
        for n in range(15)
    ]

    verdict = verdict_of(slices, tmp_path)

    assert [one.slices for one in verdict.stacks] == [5, 5, 5]
    assert all(one.reformat is Reformat.DIRECT for one in verdict.stacks)


def test_slices_of_twenty_micrometers_are_not_taken_for_repetitions(tmp_path: Path) -> None:
    slices = [image(n, 0.02 * n, SliceThickness=0.02) for n in range(1, 12)]

    verdict = verdict_of(slices, tmp_path)

    assert [one.slices for one in verdict.stacks] == [11]


def test_loops_of_one_series_are_never_mixed(tmp_path: Path) -> None:
    for number in (1, 2):
        loop = image(
            0,
            Modality="US",
            NumberOfFrames=3,
            ImagePositionPatient=None,
            ImageOrientationPatient=None,
        )
        loop.PixelData = b"".join(ramp(100 * number + frame).tobytes() for frame in range(3))
        save(loop, tmp_path / f"{number}.dcm")

    series = only_series(tmp_path)

    assert [one.slice_count for one in series.display_sets] == [3, 3]
    for one in dicom_stacks(series.display_sets):
        assert len({frame.file for frame in one.frames}) == 1
        assert [frame.index for frame in one.frames] == [0, 1, 2]


# Rounding


def test_cosines_of_three_decimals_are_a_right_angle(tmp_path: Path) -> None:
    # A rotation about two axes: rounding takes the right angle by up to a thousandth.
    a, b = 0.3, 0.5
    row = [np.cos(a), np.sin(a) * np.cos(b), np.sin(a) * np.sin(b)]
    column = [-np.sin(a), np.cos(a) * np.cos(b), np.cos(a) * np.sin(b)]
    normal = np.cross(row, column)
    cosines = [round(float(one), 3) for one in (*row, *column)]
    slices = [
        image(
            n,
            ImageOrientationPatient=cosines,
            ImagePositionPatient=[round(float(one), 4) for one in 2.0 * n * normal],
        )
        for n in range(1, 9)
    ]

    verdict = verdict_of(slices, tmp_path)

    assert verdict.reformat is Reformat.DIRECT
    assert not verdict.warnings


def test_pixel_sizes_that_differ_by_rounding_stay_one_stack(tmp_path: Path) -> None:
    sizes = [[0.488281, 0.488281], [0.48828125, 0.48828125], [0.4883, 0.4883]]
    slices = [image(n, PixelSpacing=sizes[n % 3]) for n in range(1, 7)]

    assert [one.slices for one in verdict_of(slices, tmp_path).stacks] == [6]


# What is missing


def test_a_slice_lost_at_the_end_of_one_phase_is_told_by_the_others(tmp_path: Path) -> None:
    slices = [
        image(n, 2.0 * (n % 6), Modality="MR", DiffusionBValue=500.0 * (n // 6))
        for n in range(18)
        if n != 11
    ]

    verdict = verdict_of(slices, tmp_path)

    assert verdict.missing_positions == 1
    (hole,) = verdict.missing
    assert (hole.stack, hole.count, hole.from_mm) == ("b=500", 1, 10.0)
    assert hole.text == "1 slice is missing beyond 10 (from 10.0 mm on)"
    assert "missing_slices" in codes(verdict)


def test_two_stacks_compare_with_the_longer_one(tmp_path: Path) -> None:
    slices = [image(n, 2.0 * (n % 6), EchoTime=10 * (1 + n // 6)) for n in range(12) if n != 6]

    (hole,) = verdict_of(slices, tmp_path).missing

    assert (hole.count, hole.from_mm) == (1, 0.0)


def test_a_stack_that_covers_less_on_purpose_is_no_loss(tmp_path: Path) -> None:
    whole = [image(n, float(n), ConvolutionKernel="B30f") for n in range(12)]
    part = [image(20 + n, float(n), ConvolutionKernel="B70f") for n in range(3)]
    thick = [image(40 + n, 5.0 * n, ConvolutionKernel="B10f") for n in range(3)]

    verdict = verdict_of([*whole, *part, *thick], tmp_path)

    assert verdict.missing == ()


def test_numbers_that_begin_late_raise_a_doubt_and_nothing_more(tmp_path: Path) -> None:
    verdict = verdict_of([image(n) for n in range(4, 12)], tmp_path)

    assert codes(verdict) == {"first_slices_unsure"}
    assert "the 3 images before are missing, or in another series" in verdict.warnings[0].text
    assert verdict.missing_positions == 0


@pytest.mark.parametrize("numbers", [range(1, 9), range(8), [2, 4, 6, 8], [7]])
def test_numbers_of_other_kinds_raise_none(numbers: list[int], tmp_path: Path) -> None:
    slices = [image(number, float(k)) for k, number in enumerate(numbers)]

    assert "first_slices_unsure" not in codes(verdict_of(slices, tmp_path))


@pytest.mark.parametrize(
    ("attributes", "source"),
    [
        ({"ImagesInAcquisition": 7, "AcquisitionNumber": 3}, "the scanner counted"),
        ({"NumberOfSeriesRelatedInstances": 7}, "the archive counted"),
    ],
)
def test_counts_of_others_are_compared(
    attributes: dict[str, object], source: str, tmp_path: Path
) -> None:
    verdict = verdict_of(stack(5, **attributes), tmp_path)

    (one,) = verdict.expected
    assert (one.expected, one.received) == (7, 5)
    assert one.source.startswith(source)
    assert codes(verdict) == {"fewer_than_expected"}
    assert verdict.warnings[0].text.endswith("7, 5 came.")


@pytest.mark.parametrize("count", [5, 3, 0, 10_000_000])
def test_counts_that_are_met_or_absurd_raise_no_doubt(count: int, tmp_path: Path) -> None:
    verdict = verdict_of(stack(5, ImagesInAcquisition=count), tmp_path)

    assert not verdict.warnings


def test_a_missing_part_of_a_concatenation_is_told(tmp_path: Path) -> None:
    part = enhanced(3)
    edit(part, ConcatenationUID="2.25.5", InConcatenationNumber=1, InConcatenationTotalNumber=2)
    part.SOPClassUID = "1.2.840.10008.5.1.4.1.1.4.1"
    save(part, tmp_path / "a.dcm")

    verdict = only_series(tmp_path).verdict

    assert [(one.expected, one.received) for one in verdict.expected] == [(2, 1)]
    assert "fewer_than_expected" in codes(verdict)


# Sides


@pytest.mark.parametrize(
    ("letters", "is_doubted"),
    [(["L", "P"], False), (["R", "P"], True), (["L", "A"], True), (["LH", "PF"], False)],
)
def test_sides_that_contradict_each_other_are_a_doubt(
    letters: list[str],
    is_doubted: bool,
    tmp_path: Path,
) -> None:
    verdict = verdict_of(stack(3, PatientOrientation=letters), tmp_path)

    assert ("side_contradiction" in codes(verdict)) == is_doubted


def test_patient_position_and_laterality_are_given_and_their_mixture_doubted(
    tmp_path: Path,
) -> None:
    plain = verdict_of(stack(3, PatientPosition="FFP", Laterality="R"), tmp_path / "a")
    mixed = stack(4)
    for number, one in enumerate(mixed):
        one.PatientPosition = ("HFS", "FFS")[number % 2]
        one.ImageLaterality = ("R", "L")[number % 2]
    doubted = verdict_of(mixed, tmp_path / "b")

    assert (plain.patient_position, plain.laterality) == ("FFP", "R")
    assert not plain.warnings
    assert (doubted.patient_position, doubted.laterality) == ("", "")
    assert codes(doubted) == {"mixed_patient_position", "mixed_laterality"}


# Copies and cuts


def test_a_file_of_the_same_identity_with_other_pixels_is_shown_too(tmp_path: Path) -> None:
    slices = stack(4)
    other = image(2, pixels=ramp(7000), SOPInstanceUID=slices[1].SOPInstanceUID)

    verdict = verdict_of([*slices, other], tmp_path)

    assert verdict.shown == 5
    assert {"same_identity_other_pixels", "duplicate_positions"} <= codes(verdict)


def test_a_copy_is_set_aside_and_its_frames_are_counted(tmp_path: Path) -> None:
    slices = stack(4)

    verdict = verdict_of([*slices, slices[2]], tmp_path)

    assert (verdict.shown, verdict.duplicates) == (4, 1)
    assert (verdict.frames_received, verdict.frames_shown) == (5, 4)


def test_a_cut_film_shows_its_whole_images_and_tells_the_rest(tmp_path: Path) -> None:
    path = save(enhanced(6), tmp_path / "a.dcm")
    path.write_bytes(path.read_bytes()[: -2 * ramp().nbytes - 7])

    verdict = only_series(tmp_path).verdict

    assert (verdict.frames_received, verdict.frames_shown) == (6, 3)
    assert "3 of its 6 images are there" in verdict.warnings[-1].text


def test_pixels_that_no_header_describes_are_told(tmp_path: Path) -> None:
    one = image(1)
    one.PixelData = one.PixelData * 4
    save(one, tmp_path / "a.dcm")

    verdict = only_series(tmp_path).verdict

    assert "pixels for 4 images, but describes 1" in verdict.warnings[-1].text


# Enhanced objects


def test_parallel_stacks_of_one_object_are_apart_by_their_id(tmp_path: Path) -> None:
    data = enhanced(6)
    for frame, group in enumerate(data.PerFrameFunctionalGroupsSequence):
        group.FrameContentSequence = item(StackID=str(frame // 3 + 1), InStackPositionNumber=1)
    save(data, tmp_path / "a.dcm")

    series = only_series(tmp_path)

    assert [one.name for one in series.display_sets] == ["stack 1", "stack 2"]
    assert [one.slice_count for one in series.display_sets] == [3, 3]


def test_a_dimension_that_is_all_that_differs_splits_the_frames(tmp_path: Path) -> None:
    data = enhanced(6)
    for frame, group in enumerate(data.PerFrameFunctionalGroupsSequence):
        group.PlanePositionSequence = item(ImagePositionPatient=[0, 0, 2.0 * (frame // 2)])
        group.FrameContentSequence = item(DimensionIndexValues=[frame // 2 + 1, frame % 2 + 1])
    save(data, tmp_path / "a.dcm")

    series = only_series(tmp_path)

    found = [[frame.index for frame in one.frames] for one in dicom_stacks(series.display_sets)]
    assert found == [[0, 2, 4], [1, 3, 5]]
    assert "duplicate_positions" not in codes(series.verdict)


@pytest.mark.parametrize(
    ("sequence", "attributes"),
    [
        ("TemporalPositionSequence", {"TemporalPositionTimeOffset": (0.0, 2.5)}),
        ("MRTimingAndRelatedParametersSequence", {"FlipAngle": (5, 20)}),
        ("MRModifierSequence", {"InversionTimes": (100.0, 700.0)}),
        ("CTReconstructionSequence", {"ConvolutionKernel": ("SOFT", "LUNG")}),
        ("CTXRayDetailsSequence", {"KVP": (80, 140)}),
        ("MRImageFrameTypeSequence", {"ComplexImageComponent": ("MAGNITUDE", "PHASE")}),
        ("CardiacSynchronizationSequence", {"NominalPercentageOfCardiacPhase": (30.0, 70.0)}),
    ],
)
def test_functional_groups_tell_frames_at_one_place_apart(
    sequence: str, attributes: dict[str, tuple[object, object]], tmp_path: Path
) -> None:
    data = enhanced(6)
    ((keyword, values),) = attributes.items()
    for frame, group in enumerate(data.PerFrameFunctionalGroupsSequence):
        group.PlanePositionSequence = item(ImagePositionPatient=[0, 0, 2.0 * (frame % 3)])
        setattr(group, sequence, item(**{keyword: values[frame // 3]}))
    save(data, tmp_path / "a.dcm")

    series = only_series(tmp_path)

    found = [[frame.index for frame in one.frames] for one in dicom_stacks(series.display_sets)]
    assert found == [[0, 1, 2], [3, 4, 5]]


# The words of the verdict


def test_a_plain_series_answers_every_question(tmp_path: Path) -> None:
    verdict = verdict_of(stack(5, BurnedInAnnotation="NO"), tmp_path)

    assert verdict.reformat is Reformat.DIRECT
    assert (verdict.reason_not_reformattable, verdict.still_right) == ("", "")
    assert (verdict.is_lossy, verdict.lossy_ratio) == (False, None)
    assert verdict.burned_in is Answer.NO
    assert (verdict.is_unit_trusted, verdict.unit_reason) == (True, "")
    assert verdict.frame_of_reference_uid == "2.25.1003"


@pytest.mark.parametrize(
    ("attributes", "why", "right"),
    [
        ({"ImagePositionPatient": None}, "do not say where", "lengths and areas"),
        ({"PixelSpacing": None}, "no trustworthy spacing", "nothing is measured"),
    ],
)
def test_what_cannot_be_reformatted_says_why_and_what_is_still_right(
    attributes: dict[str, object], why: str, right: str, tmp_path: Path
) -> None:
    verdict = verdict_of(stack(5, **attributes), tmp_path)

    assert verdict.reformat is Reformat.NONE
    assert why in verdict.reason_not_reformattable
    assert verdict.still_right.startswith("Scroll the slices in 2D")
    assert right in verdict.still_right


def test_missing_slices_leave_planes_that_are_resampled(tmp_path: Path) -> None:
    verdict = verdict_of([image(n) for n in range(1, 12) if n not in (5, 6)], tmp_path)

    assert verdict.reformat is Reformat.RESAMPLED
    assert verdict.still_right.startswith("The acquired slices are shown as they are")
    assert verdict.missing[0].text == "2 slices are missing between 4 and 7 (at 4.0 to 7.0 mm)"
    assert "Other planes are empty there." in verdict.warnings[0].text


def test_loss_is_told_with_its_largest_ratio(tmp_path: Path) -> None:
    slices = stack(3, LossyImageCompression="01", LossyImageCompressionRatio=[4, 12])

    verdict = verdict_of(slices, tmp_path)

    assert (verdict.is_lossy, verdict.lossy_ratio) == (True, 12.0)


def test_a_screen_capture_that_says_no_text_is_burned_in_is_not_believed(tmp_path: Path) -> None:
    slices = stack(2, BurnedInAnnotation="NO")
    for one in slices:
        one.SOPClassUID = "1.2.840.10008.5.1.4.1.1.7"

    assert verdict_of(slices, tmp_path).burned_in is Answer.UNKNOWN
    slices[0].BurnedInAnnotation = "YES"
    assert verdict_of(slices, tmp_path).burned_in is Answer.YES


def test_slices_of_many_frames_of_reference_are_linked_to_nothing(tmp_path: Path) -> None:
    slices = [image(n, FrameOfReferenceUID=f"2.25.{n}") for n in range(1, 6)]

    series = only_series(save_all(slices, tmp_path))

    assert series.verdict.frame_of_reference_uid == ""
    assert series.display_sets[0].geometry.frame_of_reference_uid == ""


def test_a_count_in_big_endian_order_is_read(tmp_path: Path) -> None:
    data = image(1, ConcatenationUID="2.25.5", InConcatenationNumber=1)
    data.InConcatenationTotalNumber = 3
    data.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.2"
    data.PixelData = struct.pack(">30h", *ramp().ravel().tolist())
    save(data, tmp_path / "a.dcm")

    assert [one.expected for one in only_series(tmp_path).verdict.expected] == [3]
