"""Segmentations, structure sets and reports, read as their writers meant them.

The writers are highdicom and pydicom; the truth is the arrays and numbers they were given.
"""

from __future__ import annotations

from pathlib import Path

import highdicom as hd
import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from tests.support.canary import CANARY
from tests.unit.dicom_in.factory import COLUMNS, ROWS, image
from workstation.core.presentation import PresentationState
from workstation.core.study_objects import ReadableDocument, RegionObject, UnreadObject
from workstation.dicom.object_files import SEGMENTATION, STRUCTURE_SET, FoundObject
from workstation.dicom.object_reader import read_one
from workstation.dicom.recommended_colors import rgb_of_cielab
from workstation.dicom.sources import SourceFile
from workstation.services.import_studies import import_paths
from workstation.services.read_objects import read_objects

RIGHT, DOWN = np.array([0.25, 0, 0]), np.array([0, 0.5, 0])


def slices() -> list[Dataset]:
    found = []
    for number in (1, 2, 3):
        one = image(number)
        one.StudyDate = one.StudyTime = one.AccessionNumber = one.StudyID = ""
        one.PatientBirthDate = one.PatientSex = one.ReferringPhysicianName = ""
        found.append(one)
    return found


def masks() -> NDArray[np.uint8]:
    """Two segments, [frame, row, column, segment], that overlap nowhere."""
    made = np.zeros((3, ROWS, COLUMNS, 2), dtype=np.uint8)
    made[0, 1:4, 0:2, 0] = 1
    made[2, 0, 4, 0] = 1
    made[1, 2:, 3:, 1] = 1
    return made


def described(number: int) -> hd.seg.SegmentDescription:
    return hd.seg.SegmentDescription(
        number, f"part {number}", codes.SCT.Organ, codes.SCT.Liver,
        hd.seg.SegmentAlgorithmTypeValues.MANUAL,
        display_color=hd.color.CIELabColor.from_rgb(200, 30, 60),
    )  # fmt: skip


def segmentation(kind: str, pixels: NDArray[np.uint8 | np.float32]) -> Dataset:
    return hd.seg.Segmentation(
        slices(), pixels, kind, [described(1), described(2)], hd.UID(), 7, hd.UID(), 1,
        "Maker", "Model", "1", "0",
    )  # fmt: skip


def read(
    dataset: Dataset, folder: Path
) -> RegionObject | ReadableDocument | PresentationState | UnreadObject:
    path = folder / "object.dcm"
    dataset.save_as(path, enforce_file_format=True)
    return read_one(FoundObject(str(dataset.SOPClassUID), SourceFile(path, path.name)))


def on_slices(found: RegionObject, n: int) -> NDArray[np.bool_]:
    """Return one region of an object on the three slices of the series."""
    origins = [np.array([0.0, 0, z]) for z in (1.0, 2.0, 3.0)]
    body = found.regions[n].masks
    return np.stack([body.sampled(at, RIGHT, DOWN, (ROWS, COLUMNS)) for at in origins])


@pytest.mark.parametrize("kind", ["BINARY", "FRACTIONAL", "LABELMAP"])
def test_segments_lie_on_the_pixels_they_were_drawn_on(kind: str, tmp_path: Path) -> None:
    pixels = masks().astype(np.float32) if kind == "FRACTIONAL" else masks()

    found = read(segmentation(kind, pixels), tmp_path)

    assert isinstance(found, RegionObject)
    for n in (0, 1):
        assert np.array_equal(on_slices(found, n), masks()[..., n] == 1)


def test_a_segment_says_name_meaning_color_place_and_volume(tmp_path: Path) -> None:
    found = read(segmentation("BINARY", masks()), tmp_path)

    assert isinstance(found, RegionObject)
    first = found.regions[0]
    assert (first.name, first.number, first.meaning) == ("part 1", 1, "Liver")
    # The two conversions differ by their rounded matrices.
    assert np.abs(np.array(first.color_rgb) - (200, 30, 60)).max() <= 3
    assert first.is_placed_in("2.25.1003")
    assert not first.is_placed_in("2.25.1004")
    # 7 pixels of 0.25 x 0.5 mm, 1 mm thick.
    assert first.volume_ml == pytest.approx(7 * 0.125 / 1000)


def test_a_fraction_of_one_half_is_inside_and_less_is_not(tmp_path: Path) -> None:
    pixels = masks().astype(np.float32)
    pixels[0, 1, 0, 0], pixels[0, 1, 1, 0] = 0.51, 0.49

    found = read(segmentation("FRACTIONAL", pixels), tmp_path)

    assert isinstance(found, RegionObject)
    assert on_slices(found, 0)[0, 1, 0]
    assert not on_slices(found, 0)[0, 1, 1]
    assert "one half" in " ".join(found.regions[0].remarks)


@pytest.mark.parametrize(
    ("rgb", "words"),
    [
        # L*, a*, b* of sRGB red and white under D50 as published by B. Lindbloom: 54.29, 80.81,
        # 69.89 and 100, 0, 0; encoded by PS3.3 C.10.7.1.1.
        ((255, 0, 0), (35579, 53664, 50857)),
        ((255, 255, 255), (65535, 32896, 32896)),
        ((0, 0, 0), (0, 32896, 32896)),
    ],
)
def test_recommended_colors_are_shown_as_published(
    rgb: tuple[int, int, int], words: tuple[int, int, int]
) -> None:
    found = rgb_of_cielab(words)

    assert found is not None
    assert np.abs(np.array(found) - rgb).max() <= 2


def test_a_cut_segmentation_is_refused_in_words(tmp_path: Path) -> None:
    cut = segmentation("BINARY", masks())
    cut.PixelData = cut.PixelData[:2]

    found = read(cut, tmp_path)

    assert isinstance(found, UnreadObject)
    assert "fewer than it claims" in found.reason


def structure_set(*loops: list[float]) -> Dataset:
    made = Dataset()
    made.SOPClassUID, made.SOPInstanceUID = STRUCTURE_SET, hd.UID()
    made.file_meta = image().file_meta
    made.file_meta.MediaStorageSOPClassUID = STRUCTURE_SET
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    made.PatientName, made.Modality, made.StudyInstanceUID = CANARY, "RTSTRUCT", "2.25.1001"
    made.SeriesInstanceUID, made.StructureSetLabel = "2.25.5", "plan"
    item, drawn = Dataset(), Dataset()
    item.ROINumber, item.ROIName, item.ReferencedFrameOfReferenceUID = 3, "mass", "2.25.1003"
    drawn.ReferencedROINumber, drawn.ROIDisplayColor = 3, [10, 20, 30]
    drawn.ContourSequence = []
    for loop in loops:
        contour = Dataset()
        contour.ContourGeometricType, contour.ContourData = "CLOSED_PLANAR", loop
        contour.NumberOfContourPoints = len(loop) // 3
        drawn.ContourSequence.append(contour)
    made.StructureSetROISequence, made.ROIContourSequence = [item], [drawn]
    return made


def square(z_mm: float, side_mm: float) -> list[float]:
    return [0, 0, z_mm, side_mm, 0, z_mm, side_mm, side_mm, z_mm, 0, side_mm, z_mm]


def test_a_structure_has_the_volume_of_its_contours(tmp_path: Path) -> None:
    found = read(structure_set(square(0, 20), square(5, 10), square(10, 20)), tmp_path)

    assert isinstance(found, RegionObject)
    (mass,) = found.regions
    assert (mass.name, mass.number, mass.color_rgb) == ("mass", 3, (10, 20, 30))
    assert mass.volume_ml == pytest.approx((400 + 100 + 400) * 5 / 1000)
    assert mass.masks.volume_mm3 / 1000 == pytest.approx(mass.volume_ml, rel=0.02)
    assert mass.is_placed_in("2.25.1003")


def test_contours_that_leave_their_plane_are_refused_in_words(tmp_path: Path) -> None:
    twisted = [0.0, 0, 0, 20, 0, 9, 20, 20, 0, 0, 20, 9]

    found = read(structure_set(twisted), tmp_path)

    assert isinstance(found, RegionObject)
    assert found.regions == ()
    assert "parallel planes" in found.refused[0]


def test_an_object_is_set_aside_from_the_images_and_listed(tmp_path: Path) -> None:
    for one in slices():
        one.save_as(tmp_path / f"{one.InstanceNumber}.dcm", enforce_file_format=True)
    segmentation("BINARY", masks()).save_as(tmp_path / "seg.dcm")

    result = import_paths([tmp_path])

    (study,) = result.studies
    (aside,) = study.documents[0].verdict.set_aside
    assert "listed under Objects" in aside.reason
    assert [one.sop_class_uid for one in study.documents[0].objects] == [SEGMENTATION]
    assert len(read_objects(study).region_objects[0].regions) == 2


def test_a_damaged_object_is_listed_as_unread(tmp_path: Path) -> None:
    path = tmp_path / "seg.dcm"
    segmentation("BINARY", masks()).save_as(path)
    path.write_bytes(path.read_bytes()[:900])

    found = read_one(FoundObject(SEGMENTATION, SourceFile(path, path.name)))

    assert isinstance(found, UnreadObject)


def test_a_measurement_report_reads_as_its_items(tmp_path: Path) -> None:
    from tests.support.measurement_report import measurement_report

    found = read(measurement_report(slices(), value=12.5), tmp_path)

    assert isinstance(found, ReadableDocument)
    assert found.title == "Imaging Measurement Report"
    assert any(line.strip() == "Length: 12.5 mm" for line in found.lines)


def test_a_key_object_selection_names_its_images(tmp_path: Path) -> None:
    from tests.support.measurement_report import key_objects

    chosen = slices()[1]

    found = read(key_objects([chosen]), tmp_path)

    assert isinstance(found, ReadableDocument)
    assert [one.instance_uid for one in found.key_images] == [chosen.SOPInstanceUID]
    assert found.key_images[0].series_uid == chosen.SeriesInstanceUID
