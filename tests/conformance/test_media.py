"""DICOM folders and disc images, judged by dcmtk, dicom3tools, isoinfo and bsdtar."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest

from tests.support.data import study
from tests.support.series import tiny_series
from tests.support.tools import run_tool, tool
from workstation.services.export_media import MediaOrder, export_media
from workstation.services.import_studies import import_paths

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:pydicom")

REAL = (
    "s02_ct_head_ge_tilt_varspacing",
    "s07_mr_enhanced_multiframe_siemens_xa30",
    "s14_ct_liver_seg_dcmqi",
)


def digests(folder: Path) -> list[str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(hashlib.sha256(path.read_bytes()).hexdigest() for path in files)


@pytest.fixture
def received(tmp_path: Path) -> Path:
    tiny_series(tmp_path / "received" / "a", seed=1)
    tiny_series(tmp_path / "received" / "b", modality="MR", seed=2)
    return tmp_path / "received"


@pytest.fixture
def disk(tmp_path: Path, received: Path) -> Path:
    export_media(MediaOrder((received,), tmp_path / "disk"))
    return tmp_path / "disk"


def test_dcmtk_reads_the_index_and_finds_every_file(disk: Path) -> None:
    found = run_tool("dcmdump", "+P", "0004,1500", disk / "DICOMDIR")

    assert found.code == 0
    assert found.text.count("DICOM\\ST") == 10
    assert "Warning" not in found.text
    assert "E:" not in found.text


def test_dicom3tools_finds_no_fault_in_the_index(disk: Path) -> None:
    found = run_tool("dciodvfy", disk / "DICOMDIR")

    assert "Error" not in found.text


def test_the_instances_of_a_study_agree_with_each_other(disk: Path) -> None:
    folders = [path for path in (disk / "DICOM").iterdir() if path.is_dir()]

    for folder in folders:
        files = sorted(path for path in folder.rglob("IM*") if path.is_file())
        assert "Error" not in run_tool("dcentvfy", *files).text


def test_dcmgpdir_makes_the_same_list_of_instances(tmp_path: Path, disk: Path) -> None:
    ours = run_tool("dcmdump", "+P", "0004,1511", disk / "DICOMDIR").text
    work = tmp_path / "again.dir"

    made = run_tool("dcmgpdir", "+I", "+D", work, "+id", disk, "+r", "DICOM", "-Nxc")

    assert made.code == 0, made.text
    theirs = run_tool("dcmdump", "+P", "0004,1511", work).text
    uids = [sorted(line.split()[2] for line in text.splitlines()) for text in (ours, theirs)]
    assert uids[0] == uids[1]


def test_a_disc_image_holds_the_same_bytes_under_names_of_both_kinds(
    tmp_path: Path, received: Path
) -> None:
    image = tmp_path / "study.iso"

    made = export_media(MediaOrder((received,), image))

    assert made.written == 10
    plain = run_tool("isoinfo", "-f", "-i", image).text.split()
    joliet = run_tool("isoinfo", "-J", "-f", "-i", image).text.split()
    assert "/DICOMDIR.;1" in plain
    assert "/DICOM/ST000000/SE000000/IM000000" in joliet
    assert len([name for name in joliet if "/IM" in name]) == 10
    out = tmp_path / "unpacked"
    out.mkdir()
    subprocess.run([tool("bsdtar"), "-xf", str(image), "-C", str(out)], check=True, timeout=60)
    assert digests(out / "DICOM") == digests(received)
    assert import_paths([out]).listed_absent == ()


@pytest.mark.data
@pytest.mark.parametrize("name", REAL)
def test_real_studies_come_back_byte_for_byte(tmp_path: Path, name: str) -> None:
    source = study(name)

    made = export_media(MediaOrder((source,), tmp_path / "disk"))

    assert made.received == made.written + len(made.left_out)
    assert all(one.reason for one in made.left_out)
    assert set(digests(tmp_path / "disk" / "DICOM")) <= set(digests(source))
    found = run_tool("dcmdump", "+P", "0004,1500", tmp_path / "disk" / "DICOMDIR")
    assert found.text.count("DICOM\\ST") == made.written
