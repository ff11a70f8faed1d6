"""Derived series in Orthanc and on dcmtk's screen: stored, found, fetched and drawn unchanged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.uid import MRImageStorage

from tests.conformance import test_derived_images as single
from tests.conformance import test_derived_multiframe as multiframe
from tests.support.canary import CANARY
from tests.support.data import study
from tests.support.orthanc import Orthanc, running_orthanc
from tests.support.tools import run_tool
from workstation.services.choose_series import choose_series
from workstation.services.import_studies import import_paths
from workstation.services.open_series import load_series

ROUNDINGS = 1.5
"""Grey levels that dcmtk is off: it rounds down after the modality LUT and after the window."""

Maker = Callable[[Path], list[Path]]


@pytest.fixture(scope="module")
def orthanc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Orthanc]:
    with running_orthanc(tmp_path_factory.mktemp("orthanc")) as found:
        yield found


def classic_ct(tmp_path: Path) -> list[Path]:
    return single.written(tmp_path)[2]


def classic_mr(tmp_path: Path) -> list[Path]:
    return single.written(tmp_path, sop_class=MRImageStorage, dtype=np.float32)[2]


def thinner_ct(tmp_path: Path) -> list[Path]:
    return single.written(tmp_path, is_resampling=True)[2]


def multiframe_ct(tmp_path: Path) -> list[Path]:
    path = multiframe.legacy(tmp_path / "in")
    return [multiframe.written(tmp_path, path, multiframe.noise(multiframe.COUNT, (16, 12)))]


def multiframe_mr(tmp_path: Path) -> list[Path]:
    folder = study("s07_mr_enhanced_multiframe_siemens_xa30") / "5_anat-T1w_acq-tfl"
    (path,) = [file for file in folder.iterdir() if file.is_file()]
    volume = load_series(choose_series(import_paths([path])).display_set)
    return [multiframe.written(tmp_path, path, volume.voxels)]


MAKERS = [
    classic_ct,
    classic_mr,
    thinner_ct,
    multiframe_ct,
    pytest.param(multiframe_mr, marks=pytest.mark.data),
]


@pytest.mark.parametrize("make", MAKERS)
def test_a_derived_series_comes_back_from_an_archive_as_it_was_sent(
    tmp_path: Path, orthanc: Orthanc, make: Maker
) -> None:
    files = make(tmp_path)
    sent = [pydicom.dcmread(path) for path in files]
    first = sent[0]

    stored = orthanc.store(files)

    assert stored.code == 0, stored.text
    received = orthanc.get(
        tmp_path / "back",
        QueryRetrieveLevel="SERIES",
        StudyInstanceUID=first.StudyInstanceUID,
        SeriesInstanceUID=first.SeriesInstanceUID,
    )
    back = {image.SOPInstanceUID: image for image in received}
    assert set(back) == {image.SOPInstanceUID for image in sent}
    for image in sent:
        other = back[image.SOPInstanceUID]
        assert differing(image, other) == []
        np.testing.assert_array_equal(other.pixel_array, image.pixel_array)
        assert other.file_meta.TransferSyntaxUID == image.file_meta.TransferSyntaxUID


def differing(one: Dataset, other: Dataset) -> list[str]:
    """Return the tags in which two datasets differ."""
    tags = {element.tag for element in one} | {element.tag for element in other}
    return sorted(str(tag) for tag in tags if one.get(tag) != other.get(tag))


@pytest.mark.parametrize("make", [classic_ct, classic_mr, multiframe_ct])
def test_a_derived_series_is_found_beside_others_by_what_it_is_called(
    tmp_path: Path, orthanc: Orthanc, make: Maker
) -> None:
    files = make(tmp_path)
    sent = [pydicom.dcmread(path) for path in files]
    first = sent[0]
    assert orthanc.store(files).code == 0

    (found,) = orthanc.find(
        tmp_path / "series",
        QueryRetrieveLevel="SERIES",
        StudyInstanceUID=first.StudyInstanceUID,
        SeriesInstanceUID=first.SeriesInstanceUID,
        Modality="",
        SeriesDescription="",
        SeriesNumber="",
    )
    (study_found,) = orthanc.find(
        tmp_path / "study",
        QueryRetrieveLevel="STUDY",
        StudyInstanceUID=first.StudyInstanceUID,
        PatientName="",
    )
    images = orthanc.find(
        tmp_path / "images",
        QueryRetrieveLevel="IMAGE",
        StudyInstanceUID=first.StudyInstanceUID,
        SeriesInstanceUID=first.SeriesInstanceUID,
        SOPInstanceUID="",
    )

    assert found.Modality == first.Modality
    assert "less noise" in found.SeriesDescription
    assert found.SeriesDescription == first.SeriesDescription
    assert int(found.SeriesNumber) == int(first.SeriesNumber)
    assert str(study_found.PatientName) == CANARY
    assert {image.SOPInstanceUID for image in images} == {image.SOPInstanceUID for image in sent}


@pytest.mark.parametrize("make", MAKERS)
def test_dcmtk_draws_every_slice_as_its_values_say(tmp_path: Path, make: Maker) -> None:
    for number, path in enumerate(make(tmp_path)):
        image = pydicom.dcmread(path)
        frames = int(image.get("NumberOfFrames", 1))
        for frame in sorted({0, frames // 2, frames - 1}):
            target = tmp_path / f"{number}_{frame}.pgm"

            ended = run_tool("dcm2pnm", "+F", str(frame + 1), "+Wm", "+op", path, target)

            assert ended.code == 0, ended.text
            pixels = image.pixel_array if frames == 1 else image.pixel_array[frame]
            np.testing.assert_allclose(read_pgm(target), stretched(pixels), atol=ROUNDINGS)


def stretched(pixels: NDArray[Any]) -> NDArray[np.float64]:
    """Return values from black for the least to white for the largest, 0..255."""
    values = pixels.astype(np.float64)
    return (values - values.min()) / (values.max() - values.min()) * 255


def read_pgm(path: Path) -> NDArray[np.float64]:
    """Return the values of a binary or a plain PGM of 8 bits."""
    content = path.read_bytes()
    lines = b"\n".join(
        line for line in content.split(b"\n")[:4] if not line.startswith(b"#")
    ).split()
    assert lines[0] in (b"P5", b"P2")
    columns, rows = int(lines[1]), int(lines[2])
    if lines[0] == b"P5":
        return (
            np.frombuffer(content[-rows * columns :], np.uint8).reshape(rows, columns).astype(float)
        )
    words = [w for line in content.split(b"\n") if not line.startswith(b"#") for w in line.split()]
    return np.array(words[4:], float).reshape(rows, columns)
