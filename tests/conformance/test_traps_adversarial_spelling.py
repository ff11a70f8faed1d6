"""Nasty spelling: one header as careless writers write it, and paths as people give them.

Source: DESIGN section 5, traps 4, 14, 26, 31, 32; PS3.5 6.2 (padding and characters of each VR).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom.uid import MRImageStorage

from tests.support.canary import FAMILY
from tests.support.data import REPOSITORY
from tests.support.hostile import (
    SPACING_IJ,
    change,
    codes,
    element,
    field,
    group,
    picture,
    refusal_of,
    series_of,
    store,
    taken,
    told,
    verdict_of,
    volume_of,
    write,
    write_one,
)
from viewers.qt.content import Content
from viewers.qt.model import SharedMarks, ViewportModel
from viewers.state.view_state import Plane

NAMED = "miller_anna"
"""A file name that names a person; the answer holds it, standard error never."""


def _respell(path: Path, tag: int, vr: str, value: bytes) -> Path:
    """Replace an element of an explicit little endian file by raw bytes."""
    data = path.read_bytes()
    head = element(tag, vr, b"")[:6]
    start = data.find(head, 132)
    length = int.from_bytes(data[start + 6 : start + 8], "little")
    path.write_bytes(data[:start] + element(tag, vr, value) + data[start + 8 + length :])
    return path


def _respelled(folder: Path, tag: int, vr: str, values: list[bytes]) -> Path:
    """Write as many slices as there are spellings, 2 mm apart, each with its own."""
    for number, value in enumerate(values):
        _respell(write_one(folder / f"{number}", picture(number, 2.0 * number)), tag, vr, value)
    return folder


def test_a_tilt_that_only_the_nominal_tag_claims_is_none(tmp_path: Path) -> None:
    slices = [picture(n, 2.0 * n, GantryDetectorTilt=17.5) for n in range(5)]

    verdict = verdict_of(write(tmp_path, slices))

    assert verdict["tilt_deg"] == 0
    assert "gantry_tilt" not in codes(verdict)


@pytest.mark.parametrize("sign", [1, -1])
def test_a_tilt_has_the_sign_of_its_lean(tmp_path: Path, sign: int) -> None:
    """dcm2niix: positive where the stack drifts against the direction of the columns."""
    tilt = np.deg2rad(12) * sign
    slices = [
        picture(n, ImagePositionPatient=[0, f"{-np.tan(tilt) * 3 * n:.6f}", 3 * n])
        for n in range(6)
    ]

    assert verdict_of(write(tmp_path, slices))["tilt_deg"] == pytest.approx(12 * sign, abs=0.01)


@pytest.mark.parametrize(
    ("tag", "vr", "values"),
    [
        (0x0020000E, "UI", [b"2.25.4002\0", b"2.25.4002 ", b"2.25.4002"]),
        (0x0020000D, "UI", [b"2.25.4001\0", b"2.25.4001 ", b"2.25.4001\0\0"]),
        (0x00100020, "LO", [b"ZYXID-77031 ", b" ZYXID-77031", b"ZYXID-77031\0"]),
        (0x00200052, "UI", [b"2.25.4003\0", b"2.25.4003 ", b"2.25.4003"]),
        (0x00280004, "CS", [b"MONOCHROME2 ", b"MONOCHROME2\0", b" MONOCHROME2"]),
        (0x00280030, "DS", [b"0.8\\0.5 ", b"0.80\\0.50", b" 8e-1\\+0.5 "]),
        (0x00200037, "DS", [b"1\\0\\0\\0\\1\\0 ", b"1.0\\-0\\0\\0\\1\\0", b"+1\\0\\0\\0\\1e0\\0 "]),
        (0x00281053, "DS", [b"1 ", b"1.0 ", b"1E+00 "]),
        (0x00280008, "IS", [b"1 ", b" 1", b"+1"]),
    ],
)
def test_spellings_of_one_value_are_one_value(
    tmp_path: Path, tag: int, vr: str, values: list[bytes]
) -> None:
    if tag == 0x00280008:
        for number, value in enumerate(values):
            path = write_one(
                tmp_path / f"{number}", picture(number, 2.0 * number, NumberOfFrames=1)
            )
            _respell(path, tag, vr, value)
    else:
        _respelled(tmp_path, tag, vr, values)

    verdict = verdict_of(tmp_path)

    assert (verdict["shown"], verdict["display_sets"], verdict["slices"]) == (3, 1, 3)
    assert verdict["spacing_mm"] == [*SPACING_IJ, 2.0]
    assert verdict["unit"] == "HU"


@pytest.mark.parametrize(
    "value", [b"1,5\\2\\3 ", b"a\\b\\c ", b"nan\\0\\0 ", b"1e999\\0\\0 ", b"\\\\"]
)
def test_a_position_that_is_no_number_is_no_place(tmp_path: Path, value: bytes) -> None:
    series = series_of(_respelled(tmp_path, 0x00200032, "DS", [value] * 3))

    assert sum(one.slice_count for one in series.display_sets) == 3
    assert not any(one.geometry.is_placed for one in series.display_sets)


def test_a_slice_thickness_or_window_of_nonsense_is_left_out(tmp_path: Path) -> None:
    slices = [picture(n, 2.0 * n, WindowCenter=40, WindowWidth=400) for n in range(3)]
    for path, one in zip(("a", "b", "c"), slices, strict=True):
        _respell(write_one(tmp_path / path, one), 0x00180050, "DS", b"-5 ")
        _respell(tmp_path / path, 0x00281051, "DS", b"wide")

    volume = volume_of(tmp_path)

    assert volume.thickness_mm == 0
    assert volume.windows == ()


def test_mono1_with_a_negative_slope_is_turned_twice_by_its_header_and_once_by_us(
    tmp_path: Path,
) -> None:
    stored = np.tile(np.arange(16, dtype=np.uint16) * 100, (12, 1))
    one = picture(1, stored=stored, PhotometricInterpretation="MONOCHROME1", RescaleSlope=-1)
    change(one, RescaleIntercept=1500, WindowCenter=750, WindowWidth=1500)

    volume = volume_of(write(tmp_path, [one]))
    model = ViewportModel(SharedMarks())
    model.show(Content(volume), Plane.ACQUIRED)
    frame = model.frame()

    assert np.array_equal(volume.voxels[0, 0], 1500 - 100 * np.arange(16))
    assert frame is not None
    # The values fall along a row; MONOCHROME1 shows low values bright: gray must rise.
    assert np.all(np.diff(frame.pixels[0].astype(int)) >= 0)
    assert frame.pixels[0, -1] > frame.pixels[0, 0]


def test_sixteen_bit_pixels_under_a_byte_representation_are_read(tmp_path: Path) -> None:
    truth = field()
    one = picture(1, stored=truth, RescaleIntercept=0)
    one["PixelData"].VR = "OB"

    assert np.array_equal(volume_of(write(tmp_path, [one])).voxels[0], truth)


def test_interleaved_acquisitions_are_one_even_volume(tmp_path: Path) -> None:
    """Odd slices first, then even ones, each with its own acquisition: places never repeat."""
    order = [*range(0, 12, 2), *range(1, 12, 2)]
    slices = [
        picture(n + 1, 3.0 * z, AcquisitionNumber=1 + n // 6, SOPClassUID=MRImageStorage)
        for n, z in enumerate(order)
    ]
    for one in slices:
        one.Modality = "MR"

    verdict = verdict_of(write(tmp_path, slices))

    assert (verdict["display_sets"], verdict["slices"]) == (1, 12)
    assert verdict["spacing_k_mm"]["max"] == pytest.approx(3)


def test_two_overlapping_reconstructions_do_not_make_one_uneven_stack(tmp_path: Path) -> None:
    """Thick slices every 5 mm and thin ones every 1 mm, only the thickness tells them apart."""
    thick = [picture(n, 5.0 * n, SliceThickness=5) for n in range(5)]
    thin = [picture(100 + n, 1.0 * n, SliceThickness=1) for n in range(21)]

    series = series_of(write(tmp_path, [*thick, *thin]))

    assert sorted(one.slice_count for one in series.display_sets) == [5, 21]
    for one in series.display_sets:
        assert np.ptp(one.geometry.gaps_mm) < 1e-6


def test_one_series_under_two_study_uids_is_told_or_kept_whole(tmp_path: Path) -> None:
    slices = [picture(n, 2.0 * n, StudyInstanceUID=f"2.25.{n % 2 + 1}") for n in range(6)]

    answer = told(write(tmp_path, slices))

    assert sum(one["shown"] for one in answer["series"]) == 6


def test_a_multi_frame_with_one_frame_is_one_slice(tmp_path: Path) -> None:
    one = picture(1, SOPClassUID="1.2.840.10008.5.1.4.1.1.4.1", Modality="MR", NumberOfFrames=1)
    one.PerFrameFunctionalGroupsSequence = group(
        PlanePositionSequence=group(ImagePositionPatient=[1, 2, 3])
    )
    one.SharedFunctionalGroupsSequence = group(
        PixelMeasuresSequence=group(PixelSpacing=[0.4, 0.3]),
        PlaneOrientationSequence=group(ImageOrientationPatient=[0, 1, 0, 0, 0, -1]),
    )

    (stack,) = series_of(write(tmp_path, [one])).display_sets

    assert stack.geometry.positions_mm[0] == pytest.approx([1, 2, 3])
    assert stack.geometry.spacing_ij_mm == (0.3, 0.4)


# Paths as people give them


def test_the_same_study_as_folder_and_zip_is_shown_once(tmp_path: Path) -> None:
    write(tmp_path / "study", [picture(n, 2.0 * n) for n in range(4)])
    with zipfile.ZipFile(tmp_path / "study.zip", "w") as archive:
        for path in sorted((tmp_path / "study").iterdir()):
            archive.write(path, path.name)

    verdict = verdict_of(tmp_path)

    assert (verdict["received"], verdict["shown"], verdict["duplicates"]) == (8, 4, 4)


@pytest.mark.parametrize("content", [[], ["only/a/folder/"]])
def test_an_empty_zip_is_accounted_for(tmp_path: Path, content: list[str]) -> None:
    with zipfile.ZipFile(tmp_path / "empty.zip", "w") as archive:
        for name in content:
            archive.writestr(name, b"")

    refusal = refusal_of(tmp_path)

    assert refusal is not None
    assert [aside.file for aside in refusal.set_aside] == ["empty.zip"]


def test_a_path_that_is_given_twice_or_inside_another_shows_nothing_twice(tmp_path: Path) -> None:
    write(tmp_path / "study", [picture(n, 2.0 * n) for n in range(3)])

    from workstation.services.import_studies import import_paths

    result = import_paths([tmp_path, tmp_path / "study", tmp_path / "study" / "IM0001"])

    (series,) = result.all_series
    assert series.verdict.shown == 3


def _prelim(*arguments: str, home: Path) -> tuple[int, dict[str, Any], str]:
    done = subprocess.run(
        [sys.executable, "-m", "workstation", *arguments, "--json"],
        cwd=REPOSITORY,
        env=os.environ | {"PRELIM_HOME": str(home)},
        capture_output=True,
        check=False,
    )
    answer: dict[str, Any] = json.loads(done.stdout.decode("utf-8"))
    return done.returncode, answer, done.stderr.decode("utf-8", "replace")


def test_the_command_says_the_same_as_its_service_and_no_name(tmp_path: Path) -> None:
    slices = [picture(n, 2.0 * n) for n in range(5) if n != 2]
    folder = write(tmp_path / "study", slices)
    (folder / f"{NAMED}.txt").write_bytes(b"no image")
    rotten = picture(9)
    store(rotten, field(rows=20))
    cut = write_one(folder / "cut", rotten)
    cut.write_bytes(cut.read_bytes()[:-50])

    code, answer, errors = _prelim("inspect", str(folder), home=tmp_path / "home")

    assert code == 0
    assert answer == json.loads(json.dumps(told(folder)))
    assert answer["series"][0]["missing_positions"] == 1
    assert FAMILY.lower() not in errors.lower()
    assert NAMED not in errors


def test_a_refusal_of_the_command_is_json_with_what_why_and_what_to_do(tmp_path: Path) -> None:
    (tmp_path / f"{NAMED}_scan.dcm").write_bytes(b"\0" * 600)

    code, answer, errors = _prelim("inspect", str(tmp_path), home=tmp_path / "home")

    assert code == 3
    assert all(answer["error"][word] for word in ("what", "why", "todo"))
    assert [aside["file"] for aside in answer["set_aside"]][:1] == [f"{NAMED}_scan.dcm"]
    assert FAMILY.lower() not in errors.lower()
    assert NAMED not in errors


def test_slices_that_share_all_but_the_patient_are_never_mixed(tmp_path: Path) -> None:
    slices = [
        picture(n, 2.0 * n, PatientID=("", "A", "B")[n % 3], PatientName=f"Zyxcanary^{n % 3}")
        for n in range(9)
    ]

    result = taken(write(tmp_path, slices))

    assert len(result.studies) == 3
    assert [series.verdict.shown for series in result.all_series] == [3, 3, 3]
