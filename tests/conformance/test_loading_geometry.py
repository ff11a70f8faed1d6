"""Every real set loads or says why not, and lies where GEOMETRY.csv says.

The table was made with pydicom alone, by other people's code (see MANIFEST.md beside it).
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from tests.support.data import study, table
from tests.support.stacks import dicom_stack
from workstation.services.import_studies import ImportedSeries, ImportResult, import_paths
from workstation.services.open_series import open_series

pytestmark = pytest.mark.data

SETS = (
    "s01_ct_chest_abdomen_philips",
    "s02_ct_head_ge_tilt_varspacing",
    "s03_mr_brain_t1_mprage_siemens_skyra",
    "s05_mr_cardiac_siemens_verio",
    "s06_mr_brain_pd_ge_signa",
    "s07_mr_enhanced_multiframe_siemens_xa30",
    "s08_mr_mosaic_siemens",
    "s09_mr_brain_t1_positions",
    "s10_mr_dti_canon",
    "s11_mr_dti_philips",
    "s12_mr_dti_uih_saveby_slice",
    "s13_odd_files",
    "s14_ct_liver_seg_dcmqi",
    "s15_sts_petctmr_rtstruct",
)

POSITION_TOLERANCE_MM = 0.0011
"""The table rounds to three decimals; one more for the rounding of the cosines."""

UNREADABLE_PIXELS = {
    "JPEG-lossy.dcm",
    "JPEG2000-embedded-sequence-delimiter.dcm",
}
"""Files of s13 that no free decoder reads; the table names the first two among its errors."""


@cache
def imported(name: str) -> ImportResult:
    return import_paths([study(name)])


def all_series(result: ImportResult) -> list[ImportedSeries]:
    return [one for each in result.studies for one in (*each.series, *each.documents)]


@dataclass(frozen=True)
class Row:
    """One line of the table; several lines may tell of one series in several folders."""

    name: str
    values: dict[str, str]

    @property
    def files(self) -> int:
        return int(self.values["files"])


def rows_of(name: str) -> list[Row]:
    with table("GEOMETRY.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    return [Row(name, line) for line in lines if line["folder"].split("/")[0] == name]


def stacks(name: str) -> Iterator[tuple[dict[str, str], ImportedSeries]]:
    """Yield the lines that describe one plain stack, each with our series."""
    by_uid = {one.identity.series_uid: one for one in all_series(imported(name))}
    for row in rows_of(name):
        values = row.values
        ours = by_uid.get(values["series_uid"])
        is_stack = values["unique_positions"] not in ("", "1") and ours and ours.display_sets
        if is_stack and ours and len({one.geometry.shape_kji for one in ours.display_sets}) == 1:
            planes = {tuple(np.round(one.geometry.normal, 2)) for one in ours.display_sets}
            if len(planes) == 1 and ours.display_sets[0].geometry.is_placed:
                yield values, ours


@pytest.mark.parametrize("name", SETS)
def test_every_file_is_shown_or_set_aside_with_a_reason(name: str) -> None:
    result = imported(name)
    there = sum(1 for path in study(name).rglob("*") if path.is_file())

    verdicts = [one.verdict for one in all_series(result)]

    assert sum(one.received for one in verdicts) + len(result.set_aside) == there
    for one in verdicts:
        assert one.shown + len(one.set_aside) == one.received
        assert all(aside.reason for aside in one.set_aside)
    assert all(aside.reason for aside in result.set_aside)


@pytest.mark.parametrize("name", [name for name in SETS if not name.startswith("s13")])
def test_each_series_has_the_files_of_the_table(name: str) -> None:
    expected: dict[str, int] = {}
    for row in rows_of(name):
        uid = row.values["series_uid"]
        expected[uid] = expected.get(uid, 0) + row.files

    ours = {
        one.identity.series_uid: one.verdict.received
        for one in all_series(imported(name))
        if not one.identity.study.is_research  # the table is of DICOM files
    }

    assert ours == expected


@pytest.mark.parametrize("name", SETS)
def test_each_stack_lies_where_the_table_says(name: str) -> None:
    for values, ours in stacks(name):
        geometry = ours.display_sets[0].geometry
        distances, gaps = geometry.distances_mm, np.abs(geometry.gaps_mm)

        assert len(distances) == int(values["unique_positions"]), values["folder"]
        assert np.isclose(gaps.min(), float(values["min_gap"]), atol=POSITION_TOLERANCE_MM)
        assert np.isclose(gaps.max(), float(values["max_gap"]), atol=POSITION_TOLERANCE_MM)
        assert np.isclose(distances[0], float(values["first_pos"]), atol=POSITION_TOLERANCE_MM)
        assert np.isclose(distances[-1], float(values["last_pos"]), atol=POSITION_TOLERANCE_MM)


@pytest.mark.parametrize("name", SETS)
def test_each_stack_has_the_size_spacing_and_frames_of_the_table(name: str) -> None:
    for values, ours in stacks(name):
        main = dicom_stack(ours.display_sets[0])
        rows_mm, columns_mm = map(float, values["pixel_spacing"].split("\\"))
        tiles = main.frames[0].tile

        assert main.geometry.spacing_ij_mm == (columns_mm, rows_mm)
        assert (main.rows, main.columns) == (int(values["rows"]), int(values["cols"])) or tiles
        assert sum(one.slice_count for one in ours.display_sets) == int(values["frames"])
        assert "; ".join(ours.verdict.transfer_syntaxes) == values["transfer_syntaxes"]


def test_the_gantry_tilt_is_that_of_the_table() -> None:
    (values,) = [row.values for row in rows_of("s02_ct_head_ge_tilt_varspacing")]
    (ours,) = all_series(imported("s02_ct_head_ge_tilt_varspacing"))

    assert ours.verdict.tilt_deg == pytest.approx(float(values["gantry_tilt"]), abs=0.05)
    assert {doubt.code for doubt in ours.verdict.warnings} == {"gantry_tilt", "uneven_spacing"}
    assert not ours.display_sets[0].is_reformattable


@pytest.mark.parametrize(
    ("name", "sets", "slices"),
    [
        ("s10_mr_dti_canon", 13, 40),
        ("s11_mr_dti_philips", 17, 40),
        ("s12_mr_dti_uih_saveby_slice", 17, 20),
    ],
)
def test_a_diffusion_series_is_as_many_whole_volumes_as_it_should(
    name: str, sets: int, slices: int
) -> None:
    (ours,) = all_series(imported(name))

    assert [one.slice_count for one in ours.display_sets] == [slices] * sets
    assert all(one.is_reformattable for one in ours.display_sets)
    assert len({one.name for one in ours.display_sets}) == sets


def test_ge_positions_rounded_to_a_tenth_are_one_regular_volume() -> None:
    (ours,) = all_series(imported("s06_mr_brain_pd_ge_signa"))

    assert ours.display_sets[0].is_reformattable
    assert not {doubt.code for doubt in ours.verdict.warnings} & {
        "uneven_spacing",
        "gantry_tilt",
        "missing_slices",
        "split",
    }


def test_enhanced_objects_have_the_frames_of_the_manifest() -> None:
    result = imported("s07_mr_enhanced_multiframe_siemens_xa30")

    found = {
        one.verdict.description: [each.slice_count for each in one.display_sets]
        for one in all_series(result)
    }

    assert found == {
        "anat-T1w_acq-tfl": [96],
        "gre_field_mapping": [33, 33],
        "DWI_dir80_PA_ADC": [39],
        "DWI_dir80_PA_FA": [39],
        "DWI_dir80_PA_ColFA": [39],
        "relCBF": [12],
        "PhoenixZIPReport": [],
    }


@pytest.mark.parametrize("name", SETS)
def test_every_stack_loads_or_names_the_slice_that_does_not(
    name: str, request: pytest.FixtureRequest
) -> None:
    if name == "s13_odd_files":
        request.getfixturevalue("expect_log")("^pydicom")
    for ours in all_series(imported(name)):
        for display_set in ours.display_sets:
            opened = open_series(display_set)
            opened.wait()

            failed = {Path(aside.file).name for aside in opened.failed}
            assert failed <= UNREADABLE_PIXELS, failed
            assert opened.loaded.sum() + len(opened.failed) == display_set.slice_count


@pytest.mark.parametrize("name", ["s01_ct_chest_abdomen_philips", "s14_ct_liver_seg_dcmqi"])
def test_loading_changes_no_byte_of_the_files(name: str) -> None:
    files = sorted(path for path in study(name).rglob("*") if path.is_file())
    before = [hashlib.sha256(path.read_bytes()).digest() for path in files]

    for ours in all_series(import_paths([study(name)])):
        for display_set in ours.display_sets:
            open_series(display_set).wait()

    assert [hashlib.sha256(path.read_bytes()).digest() for path in files] == before
