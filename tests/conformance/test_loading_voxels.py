"""Values and places voxel by voxel beside SimpleITK, pydicom and dcm2niix's NIfTI."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
import SimpleITK
from numpy.typing import NDArray
from pydicom.pixels import apply_modality_lut

from tests.support.data import study
from tests.support.stacks import dicom_stack
from workstation.core.volume import Volume
from workstation.dicom.display_sets import DisplaySet
from workstation.services.import_studies import import_paths
from workstation.services.open_series import load_series

pytestmark = pytest.mark.data

PLAIN = (
    "s01_ct_chest_abdomen_philips",
    "s02_ct_head_ge_tilt_varspacing",
    "s03_mr_brain_t1_mprage_siemens_skyra",
    "s05_mr_cardiac_siemens_verio",
    "s06_mr_brain_pd_ge_signa",
    "s14_ct_liver_seg_dcmqi/ct-3slice",
)

NIFTI_TOLERANCE_MM = 1e-3
"""NIfTI keeps single precision: 1e-7 of positions of up to 1 m, over 64 voxels."""


def main_set(name: str) -> DisplaySet:
    top, *below = name.split("/")
    return dicom_stack(import_paths([study(top).joinpath(*below)]).all_series[0].display_sets[0])


def read_by_simpleitk(files: tuple[Path, ...]) -> SimpleITK.Image:
    reader = SimpleITK.ImageSeriesReader()
    reader.SetFileNames([str(path) for path in files])
    return reader.Execute()


@pytest.mark.parametrize("name", PLAIN)
def test_every_voxel_equals_simpleitk(name: str) -> None:
    display_set = main_set(name)

    theirs = SimpleITK.GetArrayFromImage(quietly(display_set.files))
    ours = load_series(display_set)

    assert np.array_equal(ours.voxels, theirs)


@pytest.mark.parametrize("name", PLAIN)
def test_every_voxel_equals_pydicom(name: str) -> None:
    display_set = main_set(name)
    ours = load_series(display_set)

    for k, path in enumerate(display_set.files):
        data = pydicom.dcmread(path)
        assert np.array_equal(ours.voxels[k], apply_modality_lut(data.pixel_array, data))
        assert ours.instance_uids[k] == data.get("SOPInstanceUID", "")


@pytest.mark.parametrize("name", [name for name in PLAIN if not name.startswith("s02")])
def test_corners_of_regular_stacks_lie_where_simpleitk_puts_them(name: str) -> None:
    display_set = main_set(name)
    theirs = quietly(display_set.files)
    grid = display_set.geometry.grid()
    k, j, i = (count - 1 for count in display_set.geometry.shape_kji)

    for corner in [(0, 0, 0), (i, 0, 0), (0, j, 0), (0, 0, k), (i, j, k)]:
        expected = theirs.TransformContinuousIndexToPhysicalPoint(tuple(map(float, corner)))
        assert np.allclose(grid.to_patient_mm(np.array(corner, float)), expected, atol=2e-2)


@pytest.mark.parametrize("name", PLAIN)
def test_each_slice_lies_where_its_own_file_says(name: str) -> None:
    display_set = main_set(name)
    geometry = display_set.geometry

    for k, path in enumerate(display_set.files):
        data = pydicom.dcmread(path, stop_before_pixels=True)
        cosines = np.array(data.ImageOrientationPatient, float)
        rows_mm, columns_mm = map(float, data.PixelSpacing)
        # PS3.3 equation C.7.6.2.1-1 at column 7, row 11.
        expected = (
            np.array(data.ImagePositionPatient, float)
            + cosines[:3] * columns_mm * 7
            + cosines[3:] * rows_mm * 11
        )
        assert np.allclose(geometry.to_patient_mm(k, np.array([7.0, 11.0])), expected, atol=1e-4)


def test_the_mosaic_equals_the_reference_nifti_voxel_by_voxel() -> None:
    folder = study("s08_mr_mosaic_siemens") / "ax_axasc35"
    (path,) = folder.glob("*.nii")
    reference = SimpleITK.ReadImage(str(path))
    times = SimpleITK.GetArrayFromImage(reference)
    (series,) = (
        one for one in import_paths([folder]).all_series if not one.identity.study.is_research
    )

    for time, display_set in enumerate(series.display_sets):
        volume = load_series(display_set)
        assert np.array_equal(at_our_voxels(times[time], reference, volume), volume.voxels)
    assert len(series.display_sets) == len(times) == 2


def at_our_voxels(array: NDArray[Any], reference: SimpleITK.Image, volume: Volume) -> NDArray[Any]:
    """Return the reference's voxels at the places of ours, which must be voxel centers there."""
    size = reference.GetDimension()
    direction = np.array(reference.GetDirection()).reshape(size, size)[:3, :3]
    origin, spacing = np.array(reference.GetOrigin())[:3], np.array(reference.GetSpacing())[:3]
    kji = np.indices(volume.voxels.shape).reshape(3, -1).T
    places = volume.geometry.grid().to_patient_mm(kji[:, ::-1].astype(float))
    index = (places - origin) @ direction / spacing
    whole = np.rint(index).astype(int)
    assert np.abs((index - whole) * spacing).max() < NIFTI_TOLERANCE_MM
    return array[whole[:, 2], whole[:, 1], whole[:, 0]].reshape(volume.voxels.shape)


@pytest.mark.parametrize("plane", ["cor_corasc35", "sag_sagasc35", "axmb_AxInt36mb"])
def test_other_mosaics_hold_their_tiles_in_order(plane: str) -> None:
    (series,) = import_paths([study("s08_mr_mosaic_siemens") / plane]).all_series
    display_set = series.display_sets[0]
    volume = load_series(display_set)
    stored = pydicom.dcmread(display_set.files[0]).pixel_array
    height, width = volume.voxels.shape[1:]

    tiles = [
        stored[top : top + height, left : left + width]
        for top in range(0, stored.shape[0], height)
        for left in range(0, stored.shape[1], width)
    ][: volume.voxels.shape[0]]

    is_forward = np.array_equal(volume.voxels[0], tiles[0])
    assert np.array_equal(volume.voxels, tiles if is_forward else tiles[::-1])


def test_each_time_point_of_the_canon_series_equals_simpleitk() -> None:
    (series,) = import_paths([study("s10_mr_dti_canon")]).all_series

    for display_set in series.display_sets:
        theirs = SimpleITK.GetArrayFromImage(quietly(display_set.files))
        assert np.array_equal(load_series(display_set).voxels, theirs)


def test_each_volume_of_the_canon_series_is_one_acquisition_in_time() -> None:
    (series,) = import_paths([study("s10_mr_dti_canon")]).all_series

    for display_set in series.display_sets:
        numbers = sorted(
            int(pydicom.dcmread(path, stop_before_pixels=True).InstanceNumber)
            for path in display_set.files
        )
        assert numbers == list(range(numbers[0], numbers[0] + 40))


def test_philips_mr_shows_the_rescaled_value_of_each_file() -> None:
    (series,) = import_paths([study("s11_mr_dti_philips")]).all_series
    display_set = series.display_sets[3]

    volume = load_series(display_set)

    assert volume.intensity.unit.value == "signal"
    for k, path in enumerate(display_set.files):
        data = pydicom.dcmread(path)
        truth = data.pixel_array * float(data.RescaleSlope) + float(data.RescaleIntercept)
        assert np.allclose(volume.voxels[k], truth, rtol=1e-6)


def test_tiles_of_united_imaging_lie_where_their_private_headers_say() -> None:
    (series,) = import_paths([study("s12_mr_dti_uih_saveby_slice")]).all_series
    display_set = series.display_sets[0]
    data = pydicom.dcmread(display_set.files[0])

    volume = load_series(display_set)

    stated = [tuple(map(float, one[0x0020, 0x0032].value)) for one in data[0x0065, 0x1051].value]
    for k, place in enumerate(display_set.geometry.positions_mm):
        number = stated.index(tuple(place))
        top, left = number // 5 * 64, number % 5 * 64
        truth = data.pixel_array[top : top + 64, left : left + 64]
        assert np.array_equal(volume.voxels[k], truth)


@pytest.mark.parametrize("kind", ["5_anat-T1w_acq-tfl", "28_asl_2d_tra", "11_DWI_dir80_PA"])
def test_enhanced_frames_equal_pydicom_frame_by_frame(kind: str) -> None:
    folder = study("s07_mr_enhanced_multiframe_siemens_xa30") / kind
    display_set = import_paths([folder]).all_series[0].display_sets[0]
    data = pydicom.dcmread(display_set.files[0])
    stored = data.pixel_array
    shared = data.SharedFunctionalGroupsSequence[0]

    volume = load_series(display_set)

    for k, number in enumerate(volume.frame_numbers):
        own = data.PerFrameFunctionalGroupsSequence[number - 1]
        source = own if "PixelValueTransformationSequence" in own else shared
        rescale = source.PixelValueTransformationSequence[0]
        truth = stored[number - 1] * float(rescale.RescaleSlope) + float(rescale.RescaleIntercept)
        assert np.allclose(volume.voxels[k], truth, rtol=1e-6)
        place = own.PlanePositionSequence[0].ImagePositionPatient
        assert np.allclose(volume.geometry.positions_mm[k], np.array(place, float))


def quietly(files: tuple[Path, ...]) -> SimpleITK.Image:
    """Read a series with SimpleITK, which warns of uneven spacing on standard error."""
    SimpleITK.ProcessObject.GlobalWarningDisplayOff()
    return read_by_simpleitk(files)
