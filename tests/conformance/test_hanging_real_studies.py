"""Each real study hangs as its description in the list of the data folder says it should.

The table was written from that text (modality, part of the body, kind of acquisition), before a
protocol was tried on the files.
"""

from __future__ import annotations

import pytest

from tests.support.data import REPOSITORY, study
from viewers.state.hanging_match import Match, Matcher, hung
from workstation.services.hanging_store import HangingStore
from workstation.services.hanging_study import StudyToHang, study_to_hang
from workstation.services.import_studies import ImportResult, import_paths

pytestmark = pytest.mark.data

OURS = HangingStore(REPOSITORY / "resources" / "hanging_protocols", REPOSITORY / ".none").load()

TABLE = (
    # "CT neck-to-upper-abdomen (body part tag CHEST), one complete series"
    ("s01_ct_chest_abdomen_philips", "ct-chest", ["Lung", "Mediastinum"]),
    # "CT head, gantry tilt +18.5 and variable slice gaps": never the three planes
    ("s02_ct_head_ge_tilt_varspacing", "ct-head", ["Brain", "Stroke", "Bone"]),
    # "MR brain sagittal MPRAGE, 192 slices, 0.9 mm": one volume
    (
        "s03_mr_brain_t1_mprage_siemens_skyra",
        "mr-brain-volume",
        ["Axial", "Coronal", "Sagittal"],
    ),
    # "MR heart axial 3D", one series of a part that nothing in its headers names
    ("s05_mr_cardiac_siemens_verio", "one-series", ["Series"]),
    # "MR brain FSE PD axial oblique", one series of thick slices
    ("s06_mr_brain_pd_ge_signa", "one-series", ["Series"]),
    # "T1, ADC, FA, colour FA, field map, relCBF"
    (
        "s07_mr_enhanced_multiframe_siemens_xa30",
        "mr-dti",
        ["FA", "FA in color", "ADC", "T1"],
    ),
    # "EPI MOSAIC: axial, coronal, sagittal; two more series"
    ("s08_mr_mosaic_siemens", "mr-several", ["1", "2", "3", "4"]),
    # "MR brain sagittal T1 FLASH, 35 slices of 4.8 mm", a study for each position of the patient
    ("s09_mr_brain_t1_positions", "one-series", ["Series"]),
    # "DTI, one series, 4D"
    ("s10_mr_dti_canon", "mr-dti", ["b 0", "Weighted"]),
    ("s11_mr_dti_philips", "mr-dti", ["b 0", "Weighted"]),
    ("s12_mr_dti_uih_saveby_slice", "mr-dti", ["b 0", "Weighted"]),
    # "CT liver 3 slices": too few for a layout of their own
    ("s14_ct_liver_seg_dcmqi", "one-series", ["Series"]),
    # "CT, PET, T1 MR"
    ("s15_sts_petctmr_rtstruct", "pet-ct", ["CT", "PET", "Fusion", "PET, MIP"]),
    # "CT and T1 MR NIfTI crops + tumour masks"
    ("s16_sts_nifti_ct_mr_masks", "one-series", ["Series"]),
    # "1 MS patient T1, T1+Gd, T2, FLAIR in MNI 1 mm + lesion mask"
    (
        "s18_ms_multimodal_mni",
        "research-mr-brain",
        ["FLAIR", "T2", "T1", "T1 with contrast"],
    ),
    # "CT abdomen-pelvis 3 mm + organ label map ...": eleven volumes of one folder
    ("s23_ct_abdomen_pelvis_organs_nifti", "one-series", ["Series"]),
)


def matched(found: StudyToHang) -> Match:
    return Matcher(found.traits).matches(OURS.protocols)[0]


@pytest.mark.parametrize(("name", "protocol", "cells"), TABLE, ids=[row[0][:3] for row in TABLE])
def test_a_real_study_gets_the_protocol_its_description_asks_for(
    name: str, protocol: str, cells: list[str]
) -> None:
    made = matched(study_to_hang(import_paths([study(name)])))

    assert made.protocol.protocol_id == protocol
    assert [cell.name for cell in hung(made).cells] == cells


def test_every_patient_with_pet_and_ct_hangs_alike() -> None:
    result = import_paths([study("s15_sts_petctmr_rtstruct")])

    found = [
        matched(study_to_hang(ImportResult((one,), ()))).protocol.protocol_id
        for one in result.studies
    ]

    assert found == ["pet-ct"] * 5


def test_the_cells_of_a_diffusion_study_hold_what_they_are_named_for() -> None:
    found = study_to_hang(import_paths([study("s11_mr_dti_philips")]))

    shown = [
        found.series[key].display_set.name for key in hung(matched(found)).keys if key is not None
    ]

    assert shown[0] == "b=0"
    assert shown[1].startswith("b=2000")


def test_no_odd_file_stops_the_matching() -> None:
    result = import_paths([study("s13_odd_files")])

    for one in result.studies:
        if one.series:
            made = Matcher(study_to_hang(ImportResult((one,), ())).traits)
            assert made.matches(OURS.protocols)
