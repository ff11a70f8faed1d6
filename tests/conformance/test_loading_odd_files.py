"""pydicom's own collection of odd files: each loads as pydicom reads it, or is refused in words."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from pydicom.pixels import apply_color_lut, apply_modality_lut

from tests.support.data import study
from tests.support.tools import run_tool
from workstation.services.import_studies import NothingToShowError, import_paths
from workstation.services.open_series import open_series

pytestmark = pytest.mark.data

NO_DECODER = {"JPEG2000-embedded-sequence-delimiter.dcm"}
"""A file whose pixels nobody can decode: its code stream ends after its header."""

BY_DCMTK = {"JPEG-lossy.dcm"}
"""A file that dcmtk decodes and pydicom cannot: its scan names the wrong last coefficient."""

DOCUMENTS = {
    "test-SR.dcm",
    "reportsi.dcm",
    "reportsi_with_empty_number_tags.dcm",
    "rtstruct.dcm",
    "liver_1frame.dcm",
    "liver_expb_1frame.dcm",
}
"""Objects without images that the program reads: a report, contours, a segmentation."""

FEWEST_SHOWN = 90
"""Images of the collection that can be shown; fewer would mean that something is lost."""


def truth(path: Path) -> NDArray[np.generic]:
    """Return what pydicom reads: values of gray images, 8-bit colors of the others."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = pydicom.dcmread(path)
        pixels = data.pixel_array
        if data.PhotometricInterpretation == "PALETTE COLOR":
            return apply_color_lut(pixels, data) >> 8
        if data.SamplesPerPixel == 1:
            return apply_modality_lut(pixels, data)
        if "YBR" in data.PhotometricInterpretation:
            return pydicom.pixels.pixel_array(data)
        return pixels if pixels.dtype == np.uint8 else pixels >> (data.BitsStored - 8)


def by_dcmtk(path: Path, folder: Path) -> NDArray[np.generic]:
    """Return values that dcmtk decodes; two decoders of lossy JPEG may differ by one step."""
    done = run_tool("dcmdjpeg", path, folder / path.name)
    assert done.code == 0, done.text
    return truth(folder / path.name)


def test_each_odd_file_loads_as_pydicom_reads_it_or_is_refused(
    expect_log: Callable[[str], None], tmp_path: Path
) -> None:
    expect_log("^pydicom")
    shown = 0
    for path in sorted(study("s13_odd_files").rglob("*")):
        if not path.is_file() or path.name == "DICOMDIR":  # which stands for its disk
            continue
        try:
            found = import_paths([path]).all_series
        except NothingToShowError:
            continue
        if path.name in DOCUMENTS:
            assert found == (), path.name
            continue
        (series,) = found
        opened = open_series(series.display_sets[0])
        opened.wait()
        if path.name in NO_DECODER:
            assert opened.failed, path.name
            continue
        expected = by_dcmtk(path, tmp_path) if path.name in BY_DCMTK else truth(path)
        voxels = opened.volume.voxels
        assert not opened.failed, path.name
        steps = 1 if path.name in BY_DCMTK else 0
        close = np.allclose(expected.reshape(voxels.shape), voxels, rtol=1e-6, atol=steps)
        assert close, path.name
        shown += 1
    assert shown >= FEWEST_SHOWN


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("MR_truncated.dcm", "cut"),
        ("rtplan_truncated.dcm", "cut"),
        ("no_meta.dcm", "not a DICOM file"),
        ("waveform_ecg.dcm", "waveform"),
        ("rtdose.dcm", "dose grid"),
        ("rtplan.dcm", "radiotherapy plan"),
        ("dicomdirtests/DICOMDIR-implicit", "index of a disk"),
        ("dicomdirtests/DICOMDIR-bigEnd", "index of a disk"),
        ("dicomdirtests/README.txt", "not a DICOM file"),
    ],
)
def test_what_cannot_be_shown_is_refused_for_what_it_is(name: str, words: str) -> None:
    path = study("s13_odd_files") / "pydicom" / name

    with pytest.raises(NothingToShowError, match=words) as error:
        import_paths([path])

    assert error.value.exit_code == 3


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_a_document_without_images_is_listed_as_what_it_is(name: str) -> None:
    path = study("s13_odd_files") / "pydicom" / name

    (one,) = import_paths([path]).studies

    (document,) = one.documents
    assert [found.sop_class_uid for found in document.objects] == [
        str(pydicom.dcmread(path, stop_before_pixels=True, force=True).SOPClassUID)
    ]


def test_names_in_every_character_set_are_those_of_pydicom() -> None:
    folder = study("s13_odd_files") / "charset"
    names = {
        str(pydicom.dcmread(path, stop_before_pixels=True).get("PatientName", ""))
        for path in folder.rglob("*.dcm")
    }

    result = import_paths([folder])

    ours = {one.identity.patient.name.reveal() for one in result.studies}
    assert ours <= names
    assert len(ours) >= len(names) - 2
