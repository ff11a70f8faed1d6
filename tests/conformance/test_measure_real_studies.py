"""The engine on the real studies, held against what is known of them.

Truth: MANIFEST.md, the images themselves read slice by slice, and for s23 the organ masks that
come with it. What is not known is not asserted; what must not be said is.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk  # noqa: N813 the name its users know

from inference.measure.engine import measure
from inference.tasks.measure import MeasureRequest, MeasureResult
from tests.support.data import study
from workstation.core.finding import Fact, Side
from workstation.core.geometry import StackGeometry
from workstation.core.intensity import Intensity, IntensityUnit
from workstation.core.volume import Volume
from workstation.services.import_studies import import_paths
from workstation.services.measure_study import measure_request
from workstation.services.open_series import load_series

pytestmark = pytest.mark.data

CHEST = "s01_ct_chest_abdomen_philips"
HEAD = "s02_ct_head_ge_tilt_varspacing"
ABDOMEN = "s23_ct_abdomen_pelvis_organs_nifti"
UNKNOWN = (
    "s05_mr_cardiac_siemens_verio",
    "s08_mr_mosaic_siemens",
    "s10_mr_dti_canon",
    "s11_mr_dti_philips",
    "s12_mr_dti_uih_saveby_slice",
    "s14_ct_liver_seg_dcmqi",
    "s15_sts_petctmr_rtstruct",
)
MOST_SETS = 6
"""Display sets tried per study; the rest are alike."""


@cache
def volumes(name: str) -> tuple[Volume, ...]:
    series = import_paths([study(name)]).all_series
    sets = [display_set for each in series for display_set in each.display_sets]
    return tuple(load_series(each) for each in sets[:MOST_SETS])


@cache
def measured(name: str) -> MeasureResult:
    volume = volumes(name)[0]
    return measure(volume.voxels, measure_request(volume))


def value(result: MeasureResult, finding: str, side: Side | None = None) -> Fact:
    found = [f for f in result.facts if f.finding == finding and side in (None, f.side)]
    assert len(found) == 1
    return found[0]


def nifti(path: Path) -> tuple[np.ndarray, StackGeometry]:
    image = sitk.DICOMOrient(sitk.ReadImage(str(path)), "LPS")
    array = sitk.GetArrayFromImage(image)
    spacing, origin = image.GetSpacing(), np.array(image.GetOrigin())
    positions = origin + np.arange(array.shape[0])[:, None] * np.array([0.0, 0.0, spacing[2]])
    geometry = StackGeometry(
        array.shape,
        np.array([1.0, 0.0, 0.0]),
        np.array([0.0, 1.0, 0.0]),
        (spacing[0], spacing[1]),
        positions,
        "1.2",
    )
    return array.clip(-2000, 3071).astype(np.int16), geometry


def test_the_chest_has_a_small_right_and_a_whole_left_lung() -> None:
    result = measured(CHEST)

    right = value(result, "lung volume", Side.RIGHT)
    left = value(result, "lung volume", Side.LEFT)
    assert result.region == "chest CT"
    assert right.value is not None
    assert left.value is not None
    assert 700 < right.value < 1200
    assert 1700 < left.value < 2200


def test_lung_volumes_agree_with_a_count_of_voxels_by_simpleitk() -> None:
    volume = volumes(CHEST)[0]
    air = sitk.GetImageFromArray((volume.voxels < -400).astype(np.uint8))
    seeds = {Side.RIGHT: (-80.0, 190.0, -540.0), Side.LEFT: (70.0, 190.0, -540.0)}
    voxel_ml = float(volume.geometry.slab_mm()[0] * np.prod(volume.geometry.spacing_ij_mm)) / 1000
    labels = sitk.ConnectedComponent(sitk.BinaryErode(air, [2, 2, 2]))

    for side, seed in seeds.items():
        k = volume.geometry.nearest_slice_index(np.array(seed))
        i, j = (int(v) for v in volume.geometry.in_slice_ij(k, np.array(seed)))
        part = sitk.BinaryDilate(labels == labels[i, j, k], [2, 2, 2])
        counted = float(sitk.GetArrayFromImage(part).sum()) * voxel_ml
        ours = value(measured(CHEST), "lung volume", side).value
        assert ours == pytest.approx(counted, rel=0.08), side


def test_the_fluid_at_the_right_base_is_a_candidate_and_none_on_the_left() -> None:
    result = measured(CHEST)

    right = value(result, "pleural effusion", Side.RIGHT)
    left = value(result, "pleural effusion", Side.LEFT)
    assert right.is_present
    assert right.value == pytest.approx(560, rel=0.2)
    assert right.evidence[0].region.center_mm[0] < -40
    assert not left.is_assessed


def test_no_arterial_calcium_is_seen_where_there_is_none() -> None:
    calcium = value(measured(CHEST), "calcium volume above 130 HU")

    assert calcium.value is not None
    assert calcium.value < 0.15


def test_mirrored_pixels_change_the_side() -> None:
    volume = volumes(CHEST)[0]
    flipped = np.ascontiguousarray(volume.voxels[:, :, ::-1])

    result = measure(flipped, measure_request(volume))

    assert value(result, "lung volume", Side.LEFT).value == pytest.approx(
        value(measured(CHEST), "lung volume", Side.RIGHT).value, rel=0.01
    )


def test_every_third_slice_gives_the_same_volumes_but_no_density() -> None:
    volume = volumes(CHEST)[0]
    request = measure_request(volume)
    geometry = request.geometry
    thin = replace(
        request,
        geometry=replace(
            geometry,
            shape_kji=(92, *geometry.shape_kji[1:]),
            positions_mm=geometry.positions_mm[::3].copy(),
        ),
        instance_uids=request.instance_uids[::3],
    )

    result = measure(volume.voxels[::3], thin)

    for side in (Side.RIGHT, Side.LEFT):
        assert value(result, "lung volume", side).value == pytest.approx(
            value(measured(CHEST), "lung volume", side).value, rel=0.01
        )
        assert not value(result, "low-attenuation area below -950 HU", side).is_assessed


def test_a_piece_of_the_chest_is_never_taken_for_something_else() -> None:
    volume = volumes(CHEST)[0]
    request = measure_request(volume)
    for first, last in ((0, 100), (60, 230), (150, 275), (190, 275)):
        part = replace(
            request,
            geometry=replace(
                request.geometry,
                shape_kji=(last - first, *request.geometry.shape_kji[1:]),
                positions_mm=request.geometry.positions_mm[first:last].copy(),
            ),
            instance_uids=request.instance_uids[first:last],
        )

        result = measure(volume.voxels[first:last], part)

        assert result.region in ("chest CT", "abdomen CT", "unknown")
        assert not any(fact.is_assessed for fact in result.facts if fact.finding == "lung volume")
        if result.region == "abdomen CT":
            assert last <= 110


def test_the_tilted_uneven_head_has_the_volume_of_its_slabs() -> None:
    """An adult's cranium holds 1250 to 1750 ml; the tags' 4 mm slices would give a third less."""
    result = measured(HEAD)

    space = value(result, "intracranial volume")
    assert result.region == "head CT"
    assert space.value == pytest.approx(1570, rel=0.05)


def test_the_infarct_of_the_head_is_neither_ventricle_nor_blood() -> None:
    result = measured(HEAD)

    assert not value(result, "ventricle volume").is_assessed
    assert value(result, "hyperdense volume").is_present is not True


def test_the_childs_brain_is_recognized_and_measured_only_where_sure() -> None:
    result = measured("s03_mr_brain_t1_mprage_siemens_skyra")

    assert result.region == "brain MR"
    for fact in result.facts:
        assert not fact.is_assessed or 950 < (fact.value or 0) < 1450


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_is_no_head_chest_or_abdomen_is_unknown(name: str) -> None:
    for volume in volumes(name):
        result = measure(volume.voxels, measure_request(volume))

        assert result.region == "unknown", (name, result.region_reason)
        assert result.region_reason
        assert result.facts == ()


def test_odd_files_of_ct_and_mr_are_unknown() -> None:
    series = import_paths([study("s13_odd_files")]).all_series
    sets = [display_set for each in series for display_set in each.display_sets]
    tried = [one for one in sets if one.series.modality in ("CT", "MR") and one.slice_count > 1]

    regions = set()
    for display_set in tried:
        volume = load_series(display_set)
        regions.add(measure(volume.voxels, measure_request(volume)).region)

    assert len(tried) >= 2
    assert regions == {"unknown"}


def test_the_abdomens_spine_lies_in_the_vertebrae_of_its_masks() -> None:
    folder = study(ABDOMEN)
    voxels, geometry = nifti(folder / "example_ct.nii.gz")
    bodies, _ = nifti(folder / "totalseg_vertebrae_body.nii.gz")
    uids = tuple(str(k) for k in range(voxels.shape[0]))
    asked = MeasureRequest("CT", "", "", "1.2", uids, geometry, Intensity(IntensityUnit.HU))
    inner = sitk.GetArrayFromImage(
        sitk.BinaryErode(sitk.GetImageFromArray((bodies == 1).astype(np.uint8)), [2, 2, 1])
    )

    result = measure(voxels, asked)

    marrow = value(result, "trabecular attenuation")
    assert result.region == "abdomen CT"
    assert marrow.value == pytest.approx(float(np.median(voxels[inner > 0])), abs=30)
