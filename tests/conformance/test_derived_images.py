"""Derived series that independent tools accept and that say what they are."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace as replace_value
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from pydicom.uid import (
    CTImageStorage,
    ExplicitVRLittleEndian,
    JPEGBaseline8Bit,
    MRImageStorage,
    generate_uid,
)

from tests.support.canary import CANARY, CANARY_ID
from tests.support.data import study
from workstation.core.errors import InputRefusedError
from workstation.core.provenance import PackRef
from workstation.dicom.derived_images import (
    Derivation,
    DerivedSeries,
    DerivedSlice,
    SourceFrame,
    write_derived_series,
)

REF = PackRef("ct-denoise", "1.0.0", "ab" * 32)
NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
SHAPE = (16, 12)

COMMON: dict[str, Any] = {
    "StudyDate": "20260101",
    "StudyTime": "101010",
    "AccessionNumber": "A1",
    "Manufacturer": "Maker",
    "ReferringPhysicianName": "",
    "SeriesDescription": "Thorax",
    "PatientName": CANARY,
    "PatientID": CANARY_ID,
    "PatientBirthDate": "",
    "PatientSex": "O",
    "StudyInstanceUID": "2.25.11",
    "SeriesInstanceUID": "2.25.12",
    "StudyID": "1",
    "SeriesNumber": 3,
    "PatientPosition": "HFS",
    "PositionReferenceIndicator": "",
    "ImageOrientationPatient": [1, 0, 0, 0, 1, 0],
    "FrameOfReferenceUID": "2.25.13",
    "SliceThickness": 2.5,
    "SamplesPerPixel": 1,
    "PhotometricInterpretation": "MONOCHROME2",
    "Rows": SHAPE[0],
    "Columns": SHAPE[1],
    "PixelSpacing": [0.8, 0.8],
    "BitsAllocated": 16,
    "BitsStored": 12,
    "HighBit": 11,
    "PixelRepresentation": 0,
    "SmallestImagePixelValue": 0,
    "PixelPaddingValue": 4000,
    "AcquisitionNumber": 1,
    "AcquisitionDate": "20260101",
    "PixelData": bytes(SHAPE[0] * SHAPE[1] * 2),
}
"""What every source image holds; PixelPaddingValue is unsigned there and signed in the result."""

CT: dict[str, Any] = {
    "ImageType": ["ORIGINAL", "PRIMARY", "AXIAL"],
    "Modality": "CT",
    "BodyPartExamined": "CHEST",
    "KVP": 120,
    "RescaleIntercept": -1024,
    "RescaleSlope": 1,
    "RescaleType": "HU",
}

MR: dict[str, Any] = {
    "ImageType": ["ORIGINAL", "PRIMARY", "M"],
    "Modality": "MR",
    "BodyPartExamined": "HEAD",
    "ScanningSequence": "SE",
    "SequenceVariant": "NONE",
    "ScanOptions": "",
    "MRAcquisitionType": "2D",
    "EchoTime": 10,
    "EchoTrainLength": 1,
    "RepetitionTime": 500,
}

dciodvfy = pytest.mark.skipif(
    shutil.which("dciodvfy") is None, reason="dciodvfy is not here: install dicom3tools"
)


def source(folder: Path, index: int, sop_class: str = CTImageStorage, **changes: Any) -> Path:  # noqa: ANN401
    """Write one plain CT or MR image of the canary patient."""
    dataset = pydicom.Dataset()
    dataset.file_meta = pydicom.dataset.FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.SOPClassUID = sop_class
    dataset.SOPInstanceUID = generate_uid()
    dataset.file_meta.MediaStorageSOPClassUID = sop_class
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    own = {
        "InstanceNumber": index + 1,
        "ImagePositionPatient": [0, 0, 2.5 * index],
        "SliceLocation": 2.5 * index,
    }
    values = COMMON | (CT if sop_class == CTImageStorage else MR) | own
    for keyword, value in (values | changes).items():
        setattr(dataset, keyword, value)
    dataset.add_new(0x00091001, "LO", CANARY)
    dataset.add_new(0x60003000, "OW", b"\0\0")
    path = folder / f"{index}.dcm"
    dataset.save_as(path, enforce_file_format=True)
    return path


def written(
    tmp_path: Path,
    *,
    sop_class: str = CTImageStorage,
    dtype: type[np.generic] = np.int16,
    is_resampling: bool = False,
    **changes: Any,  # noqa: ANN401
) -> tuple[list[pydicom.Dataset], np.ndarray[Any, Any], list[Path]]:
    """Return the derived images, the voxels they should hold, and the files."""
    (tmp_path / "in").mkdir()
    files = [source(tmp_path / "in", k, sop_class, **changes) for k in range(3)]
    voxels = np.random.default_rng(4).normal(40, 300, (3, *SHAPE)).astype(dtype)
    voxels[0, 0, 0] = -2000
    derivation = Derivation(
        is_resampling=is_resampling,
        pack=REF,
        title="less noise",
        strength=0.6,
        sigma=21.04,
        unit="HU",
        provider="CPUExecutionProvider",
        slices_left_original=1,
    )
    series = DerivedSeries(derivation, 1.25 if is_resampling else None, -2000, "Prelim 0.1.0", NOW)
    slices = [
        DerivedSlice(
            voxels[k],
            np.array([0, 0, 2.5 * k + 0.625]),
            SourceFrame(files[k]),
            tuple(map(SourceFrame, files[: k + 2])),
        )
        for k in range(3)
    ]
    made = write_derived_series(series, slices, tmp_path / "out")
    return [pydicom.dcmread(path) for path in made], voxels, list(made)


def errors(path: Path) -> list[str]:
    """Return what dciodvfy calls an error."""
    ended = subprocess.run(
        ["dciodvfy", "-new", str(path)], capture_output=True, text=True, check=False
    )
    return [line for line in (ended.stdout + ended.stderr).splitlines() if line.startswith("Error")]


@dciodvfy
@pytest.mark.parametrize("sop_class", [CTImageStorage, MRImageStorage])
@pytest.mark.parametrize("is_resampling", [False, True])
def test_dciodvfy_finds_no_error(tmp_path: Path, sop_class: str, is_resampling: bool) -> None:
    _, _, files = written(tmp_path, sop_class=sop_class, is_resampling=is_resampling)

    assert [line for path in files for line in errors(path)] == []


@pytest.mark.parametrize("dtype", [np.int16, np.float32])
def test_the_voxels_come_back_through_the_modality_lut(
    tmp_path: Path, dtype: type[np.generic]
) -> None:
    images, voxels, _ = written(tmp_path, dtype=dtype)

    for image, plane in zip(images, voxels, strict=True):
        found = image.pixel_array * float(image.RescaleSlope) + float(image.RescaleIntercept)
        np.testing.assert_allclose(found, plane, atol=0 if dtype is np.int16 else 0.05)
        padding = image.PixelPaddingValue * float(image.RescaleSlope) + float(
            image.RescaleIntercept
        )
        assert padding == pytest.approx(-2000, abs=0.05)


def test_the_series_says_that_it_is_derived_and_from_what(tmp_path: Path) -> None:
    images, _, _ = written(tmp_path)
    sources = [pydicom.dcmread(tmp_path / "in" / f"{k}.dcm") for k in range(3)]
    image = images[1]

    assert list(image.ImageType) == ["DERIVED", "SECONDARY", "AXIAL"]
    assert len({each.SeriesInstanceUID for each in images}) == 1
    assert image.SeriesInstanceUID != sources[1].SeriesInstanceUID
    assert len({each.SOPInstanceUID for each in (*images, *sources)}) == 6
    assert image.StudyInstanceUID == sources[1].StudyInstanceUID
    assert image.SeriesDescription == "AI-derived: less noise 60% of Thorax"
    assert image.SeriesNumber == 9003
    for words in (
        "ct-denoise 1.0.0",
        REF.digest,
        "0.60",
        "21.0 HU",
        "CPUExecution",
        "1 slices left",
    ):
        assert words in image.DerivationDescription
    assert image.DerivationCodeSequence[0].CodeValue == "113087"
    assert [item.ReferencedSOPInstanceUID for item in image.SourceImageSequence] == [
        each.SOPInstanceUID for each in sources
    ]
    purposes = {
        item.PurposeOfReferenceCodeSequence[0].CodeValue for item in image.SourceImageSequence
    }
    assert purposes == {"121322"}
    assert [i.SpatialLocationsPreserved for i in image.SourceImageSequence] == ["NO", "YES", "NO"]
    equipment = image.ContributingEquipmentSequence[-1]
    assert equipment.PurposeOfReferenceCodeSequence[0].CodeValue == "109102"
    assert list(equipment.SoftwareVersions) == ["Prelim 0.1.0", "ct-denoise 1.0.0", REF.digest]
    assert REF.digest in equipment.ContributionDescription
    (referenced,) = image.ReferencedSeriesSequence
    assert referenced.SeriesInstanceUID == sources[1].SeriesInstanceUID


def test_geometry_and_acquisition_stay_and_what_is_no_longer_true_goes(tmp_path: Path) -> None:
    images, _, _ = written(tmp_path)
    image = images[2]

    assert image.FrameOfReferenceUID == "2.25.13"
    assert list(image.ImageOrientationPatient) == [1, 0, 0, 0, 1, 0]
    assert list(image.PixelSpacing) == [0.8, 0.8]
    assert image.ImagePositionPatient[2] == 5.625
    assert image.SliceThickness == 2.5
    assert image.AcquisitionDate == "20260101"
    assert image.ContentDate == "20260304"
    assert image.KVP == 120
    assert "SmallestImagePixelValue" not in image
    assert not [element for element in image if element.tag.is_private]
    assert not [element for element in image if element.tag.group == 0x6000]


def test_new_slices_have_their_own_thickness_and_no_old_location(tmp_path: Path) -> None:
    images, _, _ = written(tmp_path, is_resampling=True)

    assert images[0].SliceThickness == 1.25
    assert images[0].SpacingBetweenSlices == 1.25
    assert "SliceLocation" not in images[0]
    assert images[0].DerivationCodeSequence[0].CodeValue == "113085"
    assert {i.SpatialLocationsPreserved for i in images[0].SourceImageSequence} == {"NO"}


def test_a_lossy_history_is_kept(tmp_path: Path) -> None:
    images, _, _ = written(
        tmp_path,
        LossyImageCompression="01",
        LossyImageCompressionRatio=10,
        LossyImageCompressionMethod="ISO_10918_1",
    )

    assert images[0].LossyImageCompression == "01"
    assert images[0].LossyImageCompressionRatio == 10


def test_a_lossy_file_that_does_not_say_so_is_marked(tmp_path: Path) -> None:
    path = source(tmp_path, 0)
    dataset = pydicom.dcmread(path)
    dataset.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    dataset.PixelData = pydicom.encaps.encapsulate([b"\xff\xd8\xff\xd9"])
    dataset.save_as(path)
    plain = Derivation(False, REF, "less noise", 1.0, 20.0, "HU", "CPU")

    made = write_derived_series(
        DerivedSeries(plain, None, None, "Prelim", NOW),
        [
            DerivedSlice(
                np.zeros(SHAPE, np.int16), np.zeros(3), SourceFrame(path), (SourceFrame(path),)
            )
        ],
        tmp_path / "out",
    )

    assert pydicom.dcmread(made[0]).LossyImageCompression == "01"
    assert pydicom.dcmread(made[0]).file_meta.TransferSyntaxUID == ExplicitVRLittleEndian


@pytest.mark.parametrize("is_gone", [True, False])
def test_a_source_that_is_gone_or_of_another_class_is_refused(
    tmp_path: Path, is_gone: bool
) -> None:
    path = source(tmp_path, 0, sop_class="1.2.840.10008.5.1.4.1.1.7")
    if is_gone:
        path.unlink()
    plain = Derivation(False, REF, "less noise", 1.0, 20.0, "HU", "CPU")

    with pytest.raises(InputRefusedError, match="cannot be written"):
        write_derived_series(
            DerivedSeries(plain, None, None, "Prelim", NOW),
            [
                DerivedSlice(
                    np.zeros(SHAPE, np.int16), np.zeros(3), SourceFrame(path), (SourceFrame(path),)
                )
            ],
            tmp_path / "out",
        )


@dciodvfy
@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "pattern"),
    [("s01_ct_chest_abdomen_philips", "*.dcm"), ("s03_mr_brain_t1_mprage_siemens_skyra", "*.dcm")],
)
def test_a_derived_image_of_a_real_one_has_no_error_the_source_does_not_have(
    tmp_path: Path, name: str, pattern: str
) -> None:
    path = sorted(study(name).glob(pattern))[0]
    image = pydicom.dcmread(path)
    plain = Derivation(False, REF, "less noise", 1.0, 20.0, "HU", "CPU")

    made = write_derived_series(
        DerivedSeries(plain, None, None, "Prelim", NOW),
        [
            DerivedSlice(
                np.zeros((image.Rows, image.Columns), np.int16),
                np.array(image.ImagePositionPatient, float),
                SourceFrame(path),
                (SourceFrame(path),),
            )
        ],
        tmp_path / "out",
    )

    assert set(errors(made[0])) <= set(errors(path))


def series_of(folder: Path, count: int, **changes: Any) -> tuple[DerivedSeries, list[DerivedSlice]]:  # noqa: ANN401
    """Return what a derived series of plain images is made of."""
    folder.mkdir()
    files = [source(folder, k, **changes) for k in range(count)]
    plain = Derivation(False, REF, "less noise", 1.0, 20.0, "HU", "CPU")
    pieces = [
        DerivedSlice(
            np.zeros(SHAPE, np.int16),
            np.array([0, 0, 2.5 * k]),
            SourceFrame(file),
            (SourceFrame(file),),
        )
        for k, file in enumerate(files)
    ]
    return DerivedSeries(plain, None, None, "Prelim", NOW), pieces


def test_a_second_series_stands_beside_the_first(tmp_path: Path) -> None:
    made, pieces = series_of(tmp_path / "in", 2)

    first = write_derived_series(made, pieces, tmp_path / "out")
    second = write_derived_series(made, pieces, tmp_path / "out")

    assert len({*first, *second}) == 4
    assert {pydicom.dcmread(path).SeriesInstanceUID for path in (*first, *second)} == {
        pydicom.dcmread(first[0]).SeriesInstanceUID,
        pydicom.dcmread(second[0]).SeriesInstanceUID,
    }


def test_a_stop_while_writing_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, pieces = series_of(tmp_path / "in", 3)
    moved: list[Path] = []
    replace = Path.replace

    def stopped(self: Path, target: Path) -> Path:
        if moved:
            raise KeyboardInterrupt
        moved.append(target)
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        write_derived_series(made, pieces, tmp_path / "out")

    assert list((tmp_path / "out").iterdir()) == []


def test_a_place_that_is_a_file_is_refused_in_words(tmp_path: Path) -> None:
    made, pieces = series_of(tmp_path / "in", 1)
    (tmp_path / "out").write_bytes(b"")

    with pytest.raises(InputRefusedError, match="cannot be written"):
        write_derived_series(made, pieces, tmp_path / "out")


def test_sources_that_name_many_frames_of_reference_give_one_series_in_one(tmp_path: Path) -> None:
    made, pieces = series_of(tmp_path / "in", 3)
    for k, piece in enumerate(pieces):
        data = pydicom.dcmread(piece.header.path)
        data.FrameOfReferenceUID = f"2.25.99{k}"
        data.save_as(piece.header.path)

    files = write_derived_series(made, pieces, tmp_path / "out")

    assert {pydicom.dcmread(path).FrameOfReferenceUID for path in files} == {"2.25.990"}


def test_smaller_pixels_have_their_own_spacing_rows_and_columns(tmp_path: Path) -> None:
    made, pieces = series_of(tmp_path / "in", 1)
    fine = replace_value(made, spacing_ij_mm=(0.4, 0.2))
    plane = np.zeros((2 * SHAPE[0], 2 * SHAPE[1]), np.int16)
    moved = replace_value(pieces[0], voxels=plane, position_mm=np.array([-0.1, -0.2, 0.0]))

    (file,) = write_derived_series(fine, [moved], tmp_path / "out")

    data = pydicom.dcmread(file)
    assert list(data.PixelSpacing) == [0.2, 0.4]  # between rows first, as the standard has it
    assert (data.Rows, data.Columns) == plane.shape
    assert list(data.ImagePositionPatient) == [-0.1, -0.2, 0.0]
    assert "SliceLocation" not in data


def test_a_mapping_of_stored_values_is_not_true_of_others(tmp_path: Path) -> None:
    mapping = pydicom.Dataset()
    mapping.RealWorldValueSlope = 2.0
    made, pieces = series_of(tmp_path / "in", 1, RealWorldValueMappingSequence=[mapping])

    (file,) = write_derived_series(made, pieces, tmp_path / "out")

    assert "RealWorldValueMappingSequence" not in pydicom.dcmread(file)


def test_values_that_are_no_numbers_are_stored_as_zero(tmp_path: Path) -> None:
    made, pieces = series_of(tmp_path / "in", 1)
    plane = np.full(SHAPE, 10.0, np.float32)
    plane[0, 0], plane[0, 1] = np.nan, -10.0

    (file,) = write_derived_series(made, [replace_value(pieces[0], voxels=plane)], tmp_path / "out")

    data = pydicom.dcmread(file)
    found = data.pixel_array * float(data.RescaleSlope) + float(data.RescaleIntercept)
    np.testing.assert_allclose(found, np.nan_to_num(plane), atol=0.001)
