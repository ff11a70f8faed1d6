"""Phantoms written as DICOM, read back by pydicom and SimpleITK."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pydicom
import pytest
import SimpleITK

from tests.support.series import moved_slices, ramp_voxels, tiny_series, tiny_stack
from workstation.dicom.phantom_series import GE_PADDING, Vendor, derived_uid


@pytest.mark.parametrize("vendor", list(Vendor))
def test_every_vendor_stores_the_same_ct_numbers(vendor: Vendor, tmp_path: Path) -> None:
    files = tiny_series(tmp_path, vendor=vendor)
    expected = ramp_voxels((5, 12, 16))

    for k, file in enumerate(files):
        dataset = pydicom.dcmread(file)
        stored = dataset.pixel_array.astype(int)
        hu = stored * int(dataset.RescaleSlope) + int(dataset.RescaleIntercept)
        is_image = (
            stored != GE_PADDING if vendor is Vendor.GE else np.full(hu.shape, fill_value=True)
        )
        assert np.array_equal(hu[is_image], expected[k][is_image])
        assert is_image[6, 8]


def test_simpleitk_sees_the_geometry_the_phantom_had(tmp_path: Path) -> None:
    stack = tiny_stack()
    files = tiny_series(tmp_path, stack=stack)

    image = SimpleITK.ReadImage([str(file) for file in files])

    assert image.GetSpacing() == pytest.approx((0.8, 0.8, 2.5))
    assert image.GetOrigin() == pytest.approx(tuple(stack.positions_mm[0]))
    assert np.array_equal(SimpleITK.GetArrayFromImage(image), ramp_voxels((5, 12, 16)))


def test_a_tilt_is_in_the_positions_and_in_its_tag(tmp_path: Path) -> None:
    files = tiny_series(tmp_path, stack=tiny_stack(tilt_deg=-14.0))

    first, second = (pydicom.dcmread(file) for file in files[:2])
    row, column = np.array(first.ImageOrientationPatient, float).reshape(2, 3)
    step = np.subtract(second.ImagePositionPatient, first.ImagePositionPatient).astype(float)
    normal = np.cross(row, column)

    lean = np.degrees(np.arccos(step @ normal / np.linalg.norm(step)))
    assert lean == pytest.approx(14.0, abs=0.01)
    assert float(first.GantryDetectorTilt) == pytest.approx(-14.0)


def test_vendors_keep_their_habits(tmp_path: Path) -> None:
    read = {
        vendor: pydicom.dcmread(tiny_series(tmp_path / vendor.name, vendor=vendor)[0])
        for vendor in Vendor
    }

    philips, ge = read[Vendor.PHILIPS], read[Vendor.GE]
    assert philips.file_meta.TransferSyntaxUID == pydicom.uid.ImplicitVRLittleEndian
    assert "SeriesDescription" not in philips
    assert (philips.BitsStored, philips.PixelRepresentation) == (12, 0)
    assert int(philips.RescaleIntercept) == -1024
    assert int(philips.InstanceNumber) == 5
    assert ge.PixelPaddingValue == GE_PADDING
    assert ge.PixelRepresentation == 1
    assert read[Vendor.SIEMENS].WindowCenter == [40, -600]
    assert int(read[Vendor.CANON].RescaleIntercept) == 0


def test_uids_follow_from_the_seed(tmp_path: Path) -> None:
    uids = []
    for n, seed in enumerate((1, 1, 2)):
        dataset = pydicom.dcmread(tiny_series(tmp_path / str(n), seed=seed)[0])
        uids.append((dataset.StudyInstanceUID, dataset.SeriesInstanceUID, dataset.SOPInstanceUID))

    assert uids[0] == uids[1]
    assert not set(uids[0]) & set(uids[2])
    assert pydicom.uid.UID(derived_uid("a", "b")).is_valid


def test_a_gap_can_be_left_in_a_series(tmp_path: Path) -> None:
    stack = moved_slices(tiny_stack(), [0, 1, 3, 4])

    files = tiny_series(tmp_path, stack=stack)

    heights = [float(pydicom.dcmread(file).ImagePositionPatient[2]) for file in files]
    assert np.diff(heights) == pytest.approx([2.5, 5.0, 2.5])


@pytest.mark.skipif(shutil.which("dciodvfy") is None, reason="dicom3tools is not installed")
@pytest.mark.parametrize("modality", ["CT", "MR"])
@pytest.mark.parametrize("vendor", list(Vendor))
def test_dciodvfy_finds_no_error(vendor: Vendor, modality: str, tmp_path: Path) -> None:
    files = tiny_series(tmp_path, vendor=vendor, modality=modality)

    answer = subprocess.run(
        ["dciodvfy", "-new", str(files[0])], capture_output=True, text=True, check=False
    )

    assert "Image" in answer.stderr + answer.stdout
    assert "Error" not in answer.stderr + answer.stdout
