"""What the numbers of real series mean, beside what pydicom reads of their headers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.pixels import apply_modality_lut

from tests.support.data import study
from viewers.state.windows import auto_window
from workstation.core.image_stack import ImageStack
from workstation.core.intensity import IntensityUnit
from workstation.services.import_studies import import_paths
from workstation.services.open_series import load_series

pytestmark = pytest.mark.data


def sets(folder: Path, modality: str) -> list[ImageStack]:
    series = import_paths([folder]).all_series
    return [one for each in series for one in each.display_sets if one.series.modality == modality]


def test_the_padding_of_ge_stays_out_of_the_automatic_window() -> None:
    folder = study("s02_ct_head_ge_tilt_varspacing")
    (display_set,) = sets(folder, "CT")
    header = pydicom.dcmread(display_set.files[0])
    stated = header.PixelPaddingValue * header.RescaleSlope + header.RescaleIntercept

    volume = load_series(display_set)
    window = auto_window(volume, lambda _k: True)

    assert stated == -1500
    assert volume.intensity.outside == stated
    assert (volume.voxels == stated).mean() > 0.1
    assert window.center - window.width / 2 >= -1100


def test_pet_of_the_maker_in_suv_keeps_its_numbers_slice_by_slice() -> None:
    found = sets(study("s15_sts_petctmr_rtstruct"), "PT")

    assert len(found) == 5
    for display_set in found:
        assert display_set.intensity.unit is IntensityUnit.SUV
        assert display_set.intensity.is_trusted
    display_set = found[0]
    voxels = load_series(display_set).voxels
    headers = [pydicom.dcmread(path) for path in display_set.files]
    assert len({float(header.RescaleSlope) for header in headers}) > 1
    for k, header in enumerate(headers):
        expected = apply_modality_lut(header.pixel_array, header)
        assert np.allclose(voxels[k], expected, rtol=1e-6, atol=1e-6)


def test_philips_tells_the_way_to_its_floating_point_values() -> None:
    found = sets(study("s11_mr_dti_philips"), "MR")
    header = pydicom.dcmread(found[0].files[0])
    divisor = float(header.RescaleSlope) * header[0x2005, 0x100E].value

    (text,) = {
        doubt.text for one in found for doubt in one.doubts if doubt.code == "philips_scaling"
    }

    assert f"divided by {divisor:.6g} " in text


def test_colors_of_the_maker_beside_a_gray_map_are_told() -> None:
    found = sets(study("s07_mr_enhanced_multiframe_siemens_xa30"), "MR")

    told = [one for one in found if "supplemental_palette" in {each.code for each in one.doubts}]

    assert [one.series.description for one in told] == ["relCBF"]
    assert not told[0].is_color
