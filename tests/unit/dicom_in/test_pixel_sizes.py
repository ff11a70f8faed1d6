"""Which pixel size is that of the patient: PS3.3 10.7.1.3, C.8.11.4, C.8.5.5 and C.7.6.3.1.7.

The spacing of the geometry is (between columns, between rows), the attributes hold rows first.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from tests.unit.dicom_in.factory import edit, image, save
from viewers.tools.measure import measure_length
from workstation.core.image_stack import ImageStack
from workstation.services.import_studies import import_paths
from workstation.services.open_series import load_series


def opened(folder: Path, **attributes: object) -> ImageStack:
    save(edit(image(1), **attributes), folder / "a.dcm")
    (series,) = import_paths([folder]).all_series
    return series.display_sets[0]


def codes(display_set: ImageStack) -> set[str]:
    return {doubt.code for doubt in display_set.doubts}


@pytest.mark.parametrize(
    ("attributes", "spacing_ij_mm", "code"),
    [
        # A cross section states its spacing in the patient, whatever else the header holds.
        ({"PixelSpacing": [2, 1], "ImagerPixelSpacing": [2, 1]}, (1, 2), None),
        # Of a projection, equal values are those of the detector (10.7.1.3) ...
        (
            {"Modality": "DX", "PixelSpacing": [0.2, 0.1], "ImagerPixelSpacing": [0.2, 0.1]},
            None,
            "no_millimetres",
        ),
        # ... different ones were calibrated, by what they say.
        (
            {"Modality": "DX", "PixelSpacing": [0.16, 0.08], "ImagerPixelSpacing": [0.2, 0.1]},
            (0.08, 0.16),
            "calibrated",
        ),
        (
            {
                "Modality": "CR",
                "PixelSpacing": [0.2, 0.1],
                "ImagerPixelSpacing": [0.2, 0.1],
                "PixelSpacingCalibrationType": "FIDUCIAL",
            },
            (0.1, 0.2),
            "calibrated",
        ),
        ({"Modality": "CR", "PixelSpacing": [0.2, 0.1]}, (0.1, 0.2), "pixel_size_doubtful"),
        # Mammography: the size at the detector over the estimated magnification.
        (
            {
                "Modality": "MG",
                "PixelSpacing": None,
                "ImagerPixelSpacing": [0.09, 0.09],
                "EstimatedRadiographicMagnificationFactor": 1.8,
            },
            (0.05, 0.05),
            "magnification",
        ),
        (
            {
                "Modality": "MG",
                "PixelSpacing": None,
                "ImagerPixelSpacing": [0.09, 0.09],
                "EstimatedRadiographicMagnificationFactor": 0,
            },
            None,
            "no_millimetres",
        ),
        ({"PixelSpacing": None, "NominalScannedPixelSpacing": [1, 1]}, None, "no_millimetres"),
        ({"PixelSpacing": [0, 1]}, None, "no_millimetres"),
    ],
)
def test_the_pixel_size_is_that_of_the_patient_or_none(
    attributes: dict[str, object],
    spacing_ij_mm: tuple[float, float] | None,
    code: str | None,
    tmp_path: Path,
) -> None:
    display_set = opened(tmp_path, **attributes)

    geometry = display_set.geometry
    assert geometry.has_millimetres is (spacing_ij_mm is not None)
    if spacing_ij_mm is not None:
        assert geometry.spacing_ij_mm == pytest.approx(spacing_ij_mm)
    assert (code in codes(display_set)) if code else not codes(display_set)


@pytest.mark.parametrize(
    ("attributes", "ratio"),
    [
        ({"PixelSpacing": None, "PixelAspectRatio": [3, 2]}, 1.5),
        ({"PixelSpacing": None, "PixelAspectRatio": [1, 1]}, 1),
        ({"PixelSpacing": None, "PixelAspectRatio": [0, 1]}, 1),
        ({"PixelSpacing": None, "ImagerPixelSpacing": [0.4, 0.2]}, 2),
        ({"PixelSpacing": None}, 1),
    ],
)
def test_without_millimeters_pixels_keep_their_proportions(
    attributes: dict[str, object], ratio: float, tmp_path: Path
) -> None:
    assert opened(tmp_path, **attributes).geometry.spacing_ij_mm == pytest.approx((1, ratio))


def test_a_length_without_millimeters_is_in_pixels(tmp_path: Path) -> None:
    volume = load_series(opened(tmp_path, PixelSpacing=None))

    ends = volume.geometry.to_patient_mm(0, np.array([[0.0, 0.0], [3.0, 4.0]]))
    length = measure_length(volume, ends[0], ends[1], measurement_id="1")

    assert length.value == pytest.approx(5)
    assert length.unit == "px"


def region(**changes: object) -> Dataset:
    data = Dataset()
    data.RegionSpatialFormat = 1
    data.PhysicalUnitsXDirection = data.PhysicalUnitsYDirection = 3
    data.PhysicalDeltaX, data.PhysicalDeltaY = 0.02, 0.03
    for keyword, value in changes.items():
        if value is None:
            delattr(data, keyword)
        else:
            setattr(data, keyword, value)
    return data


@pytest.mark.parametrize(
    ("regions", "spacing_ij_mm"),
    [
        # Physical deltas are centimeters per pixel.
        ([region()], (0.2, 0.3)),
        ([region(), region()], (0.2, 0.3)),
        ([region(PhysicalDeltaY=-0.03)], (0.2, 0.3)),
        ([region(), region(PhysicalDeltaX=0.04)], None),
        ([region(), region(RegionSpatialFormat=3)], None),
        ([region(PhysicalUnitsXDirection=4)], None),
        ([region(PhysicalDeltaX=None)], None),
        ([region(PhysicalDeltaX=0.0)], None),
    ],
)
def test_ultrasound_is_measured_where_all_of_it_has_one_scale(
    regions: list[Dataset], spacing_ij_mm: tuple[float, float] | None, tmp_path: Path
) -> None:
    display_set = opened(
        tmp_path,
        Modality="US",
        PixelSpacing=None,
        SequenceOfUltrasoundRegions=Sequence(regions),
    )

    geometry = display_set.geometry
    assert geometry.has_millimetres is (spacing_ij_mm is not None)
    if spacing_ij_mm is None:
        assert "ultrasound_scales" in codes(display_set)
    else:
        assert geometry.spacing_ij_mm == pytest.approx(spacing_ij_mm)
        assert "ultrasound_region" in codes(display_set)
