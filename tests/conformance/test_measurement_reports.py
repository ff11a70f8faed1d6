"""Marks saved as a measurement report: validators, dcmtk and ourselves read the same values."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from highdicom.sr import srread
from pydicom import dcmread

from tests.support.tools import run_tool
from tests.unit.dicom_in.factory import edit, image
from workstation.core.errors import InputRefusedError
from workstation.core.mark_record import MarkRecord
from workstation.core.measurement import Measurement, MeasurementKind, RegionStatistics
from workstation.core.study_objects import ReadableDocument
from workstation.services.import_studies import ImportedStudy, import_paths
from workstation.services.read_objects import read_objects
from workstation.services.save_measurements import save_measurements

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:pydicom")

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
REGION = RegionStatistics(41.25, 12.5, -7, 93, 57, 0, 215.75, "mm²")
KIND = MeasurementKind


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "study"
    made.mkdir()
    for number in (1, 2, 3):
        one = image(number)
        edit(one, StudyDate="20261121", StudyTime="120000", StudyID="1", AccessionNumber="7")
        edit(one, PatientBirthDate="", PatientSex="O", ReferringPhysicianName="")
        one.save_as(made / f"{number}.dcm", enforce_file_format=True)
    return made


def the_study(folder: Path) -> ImportedStudy:
    (one,) = import_paths([folder]).studies
    return one


def mark(
    one: ImportedStudy, kind: MeasurementKind, points: int, value: float, unit: str = "mm"
) -> Measurement:
    """Return a mark on slice 1; its corners are a rectangle of 3 x 2 pixels from (1, 1)."""
    stack = one.series[0].display_sets[0]
    corners = [(1.0, 1.0), (4.0, 1.0), (4.0, 3.0), (1.0, 3.0)][:points]
    right, down = stack.geometry.spacing_ij_mm
    origin = stack.geometry.positions_mm[1]
    places = [origin + np.array([c * right, r * down, 0.0]) for c, r in corners]
    return Measurement(
        f"id-{kind.value}", kind, stack.series.series_uid, stack.instance_uids[1],
        tuple((float(x), float(y), float(z)) for x, y, z in places), value, unit,
    )  # fmt: skip


def every_kind(one: ImportedStudy) -> list[Measurement]:
    return [
        replace(mark(one, KIND.LENGTH, 2, 12.375), text="Läsion 1"),
        mark(one, KIND.PROBE, 1, -53.0, "HU"),
        replace(mark(one, KIND.BIDIRECTIONAL, 4, 21.5), short_value=9.25),
        mark(one, KIND.ANGLE, 3, 45.5, "°"),
        mark(one, KIND.COBB, 4, 17.25, "°"),
        replace(mark(one, KIND.ELLIPSE, 4, 41.25, "HU"), region=REGION),
        replace(mark(one, KIND.RECTANGLE, 4, 41.25, "HU"), region=REGION),
        replace(mark(one, KIND.POLYGON, 4, 41.25, "HU"), region=REGION),
        replace(mark(one, KIND.FREEHAND, 4, 41.25, "HU"), region=REGION),
    ]


def in_patient(one: ImportedStudy) -> list[Measurement]:
    volume = replace(REGION, size=904.5, size_unit="mm³")
    length = replace(mark(one, KIND.LENGTH, 2, 8.125), is_reformatted=True, measurement_id="r1")
    oval = replace(mark(one, KIND.ELLIPSE, 4, 41.25, "HU"), region=REGION, is_reformatted=True)
    return [length, oval, replace(mark(one, KIND.SPHERE, 2, 41.25, "HU"), region=volume)]


def saved(folder: Path, marks: list[Measurement], path: Path) -> tuple[MarkRecord, ...]:
    records = tuple(MarkRecord(one, "Dr. Rita Reader", NOW.isoformat()) for one in marks)
    one = the_study(folder)
    return save_measurements(one, records, path, reader="Dr. Rita Reader", made_at=NOW, version="1")


def document(folder: Path, path: Path) -> ReadableDocument:
    (one,) = import_paths([folder, path]).studies
    (found,) = read_objects(one).documents
    return found


@pytest.mark.parametrize("place", ["images", "patient", "both"])
def test_validators_find_no_error(folder: Path, tmp_path: Path, place: str) -> None:
    one = the_study(folder)
    marks = (every_kind(one) if place != "patient" else []) + (
        in_patient(one) if place != "images" else []
    )
    path = tmp_path / "sr.dcm"
    saved(folder, marks, path)

    judged = run_tool("dciodvfy", "-new", path).text

    assert "Error" not in judged, judged
    assert run_tool("dsrdump", path).code == 0


def test_every_value_and_unit_reads_back_as_it_was_measured(folder: Path, tmp_path: Path) -> None:
    one, path = the_study(folder), tmp_path / "sr.dcm"
    saved(folder, every_kind(one), path)

    found = document(folder, path)

    numbers = {(each.tracking.split()[0], each.name): each for each in found.measurements}
    values = {key: (float(each.value), each.unit) for key, each in numbers.items()}
    assert values["Läsion", "Length"] == (12.375, "mm")
    assert values["Probe", "Attenuation Coefficient"] == (-53.0, "HU")
    assert values["Bidirectional", "Long axis"] == (21.5, "mm")
    assert values["Bidirectional", "Short axis"] == (9.25, "mm")
    assert values["Angle", "Angle"] == (45.5, "°")
    assert values["Cobb", "Cobb angle"] == (17.25, "°")
    for kind in ("Ellipse", "Rectangle", "Polygon", "Freehand"):
        assert values[kind, "Attenuation Coefficient, Mean"] == (41.25, "HU")
        assert values[kind, "Attenuation Coefficient, Standard Deviation"] == (12.5, "HU")
        assert values[kind, "Attenuation Coefficient, Minimum"] == (-7, "HU")
        assert values[kind, "Attenuation Coefficient, Maximum"] == (93, "HU")
        assert values[kind, "Area"] == (215.75, "mm²")
    images = {each.image.instance_uid for each in found.measurements if each.image}
    assert images == {one.series[0].display_sets[0].instance_uids[1]}
    assert all(each.image is not None for each in found.measurements)
    assert found.author == "Reader, Rita Dr."
    assert found.made == "2026-11-21 15:00"
    assert "unverified" in found.status


def test_highdicom_finds_outlines_where_they_were_drawn(folder: Path, tmp_path: Path) -> None:
    one, path = the_study(folder), tmp_path / "sr.dcm"
    saved(folder, every_kind(one), path)

    groups = srread(path).content.get_planar_roi_measurement_groups()

    shapes = {str(group.tracking_identifier).split()[0]: group.roi for group in groups}
    # Pixel centers are at halves in the standard: from (1.5, 1.5), 3 wide and 2 high.
    assert shapes["Rectangle"].value.tolist() == [
        [1.5, 1.5], [4.5, 1.5], [4.5, 3.5], [1.5, 3.5], [1.5, 1.5],
    ]  # fmt: skip
    ends = shapes["Ellipse"].value
    assert sorted(map(tuple, ends[:2].tolist())) == [(1.5, 2.5), (4.5, 2.5)]
    assert sorted(map(tuple, ends[2:].tolist())) == [(3.0, 1.5), (3.0, 3.5)]


def test_marks_of_other_planes_are_placed_in_the_patient(folder: Path, tmp_path: Path) -> None:
    one, path = the_study(folder), tmp_path / "sr.dcm"
    saved(folder, in_patient(one), path)

    found = document(folder, path)

    geometry = one.series[0].display_sets[0].geometry
    by_name = {each.tracking.split()[0]: each for each in found.measurements}
    assert by_name["Length"].frame_of_reference_uid == geometry.frame_of_reference_uid
    truth = np.mean(np.array(in_patient(one)[0].points_mm), axis=0)
    assert by_name["Length"].center_mm == pytest.approx(truth, abs=1e-4)
    sphere = np.array(in_patient(one)[2].points_mm)[0]
    assert by_name["Sphere"].center_mm == pytest.approx(sphere, abs=1e-4)
    assert dcmread(path).SOPClassUID == "1.2.840.10008.5.1.4.1.1.88.34"


def test_notes_and_arrows_are_left_out_by_name_and_alone_refused(
    folder: Path, tmp_path: Path
) -> None:
    one = the_study(folder)
    note = replace(mark(one, KIND.TEXT, 1, 0.0, ""), text="here")

    left_out = saved(folder, [note, mark(one, KIND.LENGTH, 2, 3.5)], tmp_path / "sr.dcm")

    assert [each.measurement.kind for each in left_out] == [KIND.TEXT]
    with pytest.raises(InputRefusedError, match="no measurement"):
        saved(folder, [note], tmp_path / "none.dcm")
    assert not (tmp_path / "none.dcm").exists()
