"""Volumes without DICOM: the same voxels at the same places as SimpleITK and the scanner say.

Truth: SimpleITK's own reading of the real files; the DICOM series that s08's NIfTI was made from by
dcm2niix; NIFTI.csv. Spoiled files: each of 2,000 is shown or accounted for, and nothing else.
"""

from __future__ import annotations

import csv
import gzip
import itertools
import random
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import SimpleITK as sitk  # noqa: N813 its own short name
from PIL import Image

from tests.support.data import study, table
from tests.support.volumes import Nifti, meta_bytes, nrrd_bytes, ramp
from workstation.core.errors import InputRefusedError
from workstation.core.geometry import orientation_letters
from workstation.core.image_stack import ImageStack
from workstation.exchange.research.volume import ResearchVolume
from workstation.services.import_studies import NothingToShowError, import_paths
from workstation.services.open_series import load_series, open_series

SETS = ("s16_sts_nifti_ct_mr_masks", "s18_ms_multimodal_mni", "s23_ct_abdomen_pelvis_organs_nifti")
S08 = "s08_mr_mosaic_siemens"
MUTATIONS = 2000
READ_EVERY = 10
"""One in ten of the spoiled files is also read to its last voxel; that takes a process."""


def _stack(path: Path) -> ResearchVolume:
    stack = import_paths([path]).all_series[0].display_sets[0]
    assert isinstance(stack, ResearchVolume)
    return stack


def _as_stored(stack: ResearchVolume, voxels: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return voxels[tuple(slice(None, None, -1 if flip else 1) for flip in stack.grid.reversed_kji)]


def _assert_same_places(stack: ResearchVolume, image: sitk.Image) -> None:
    counts = stack.geometry.shape_kji
    for kji in itertools.product(*[(0, count - 1) for count in counts]):
        shown = [
            count - 1 - at if flip else at
            for at, count, flip in zip(kji, counts, stack.grid.reversed_kji, strict=True)
        ]
        ours = stack.geometry.to_patient_mm(shown[0], np.array([shown[2], shown[1]], float))
        theirs = image.TransformIndexToPhysicalPoint([kji[2], kji[1], kji[0]])
        assert ours == pytest.approx(theirs, abs=1e-3)


@pytest.mark.data
@pytest.mark.parametrize("name", SETS)
def test_every_real_file_has_the_voxels_and_places_of_simpleitk_and_of_the_table(
    name: str,
) -> None:
    with table("NIFTI.csv").open(encoding="utf-8") as rows:
        known = {row["file"]: row for row in csv.DictReader(rows)}
    root = study(name)
    files = sorted(root.rglob("*.nii.gz"))
    assert files

    for path in files:
        row = known[path.relative_to(root.parent).as_posix()]
        image = sitk.ReadImage(str(path))
        stack = _stack(path)
        volume = load_series(stack)

        assert np.array_equal(_as_stored(stack, volume.voxels), sitk.GetArrayViewFromImage(image))
        _assert_same_places(stack, image)
        assert orientation_letters(stack.geometry.row_cosines) == "L"
        assert orientation_letters(stack.geometry.column_cosines) == "P"
        columns, lines, slices = map(int, row["shape"].split("x"))
        assert stack.geometry.shape_kji == (slices, lines, columns)
        assert float(volume.voxels.min()) == pytest.approx(float(row["min"]), rel=1e-6)
        assert float(volume.voxels.max()) == pytest.approx(float(row["max"]), rel=1e-6)


@pytest.mark.data
def test_a_nifti_and_the_dicom_it_was_made_from_are_the_same_volume() -> None:
    studies = import_paths([study(S08) / "ax_axasc35"]).studies
    dicom, research = (one.series[0].display_sets for one in studies)
    assert [one.slice_count for one in dicom] == [one.slice_count for one in research] == [35, 35]

    pairs = [(_loaded(one), _loaded(other)) for one, other in zip(dicom, research, strict=True)]

    for (stack, voxels), (other, others) in pairs:
        places = zip(stack.geometry.positions_mm, other.geometry.positions_mm, strict=True)
        assert all(ours == pytest.approx(theirs, abs=0.01) for ours, theirs in places)
        assert stack.geometry.row_cosines == pytest.approx(other.geometry.row_cosines, abs=1e-4)
        column = other.geometry.column_cosines
        assert stack.geometry.column_cosines == pytest.approx(column, abs=1e-4)
        assert np.array_equal(voxels, others)


def _loaded(stack: ImageStack) -> tuple[ImageStack, np.ndarray[Any, Any]]:
    return stack, load_series(stack).voxels


def _picture(form: str) -> bytes:
    stream = BytesIO()
    pixels = np.random.default_rng(7).integers(0, 255, (80, 90)).astype("u1")
    Image.fromarray(pixels).save(stream, form)
    return stream.getvalue()


def _seeds() -> list[tuple[str, bytes]]:
    return [
        ("a.nii", Nifti().content()),
        ("b.nii.gz", gzip.compress(Nifti(voxels=ramp((5, 4, 3, 2))).content())),
        ("c.nii", Nifti(version=2, sform=2, slope=2).content()),
        ("d.nrrd", nrrd_bytes()),
        ("e.nrrd", nrrd_bytes({"encoding": "gzip"})),
        ("f.mha", meta_bytes()),
        ("g.mha", meta_bytes({"CompressedData": "True"})),
        ("h.png", _picture("PNG")),
        ("i.jpg", _picture("JPEG")),
        ("j.tif", _picture("TIFF")),
    ]


def _spoiled(data: bytes, chance: random.Random) -> bytes:
    """Return a file after one to four accidents: bits, bytes, cuts, repeats, zeros."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        # Headers are short; half of the accidents happen there.
        place = chance.randrange(min(len(out), 600) if chance.random() < 0.5 else len(out))
        match chance.choice(("bit", "byte", "cut", "drop", "repeat", "zero")):
            case "bit":
                out[place] ^= 1 << chance.randrange(8)
            case "byte":
                out[place] = chance.choice((0, 255, 45, 57, chance.randrange(256)))
            case "cut":
                del out[max(place, 1) :]
            case "drop":
                del out[place : place + chance.randint(1, 9)]
            case "repeat":
                out[place:place] = out[place : place + chance.randint(1, 40)]
            case _:
                out[place : place + 8] = bytes(8)
        if not out:
            return b"\0"
    return bytes(out)


@pytest.mark.parametrize(("name", "data"), _seeds(), ids=[name for name, _ in _seeds()])
def test_spoiled_files_are_shown_or_accounted_for_and_nothing_else(
    tmp_path: Path, name: str, data: bytes
) -> None:
    chance = random.Random(name)
    count = MUTATIONS // len(_seeds())
    folder = tmp_path / "spoiled"
    folder.mkdir()
    for number in range(count):
        (folder / f"{number:04d}-{name}").write_bytes(_spoiled(data, chance))
    (folder / "good.nii").write_bytes(Nifti().content())

    result = import_paths([folder])

    shown = [series.identity.description for series in result.all_series]
    aside = [one.file for one in result.set_aside]
    assert sorted(shown + aside) == sorted(path.name for path in folder.iterdir())
    assert all(one.reason for one in result.set_aside)
    assert "good.nii" in shown
    for series in result.all_series[::READ_EVERY]:
        _read_to_the_end(series.display_sets[-1])


def _read_to_the_end(stack: ImageStack) -> None:
    """Read a spoiled file: all of its slices come, or it is refused in words."""
    try:
        opened = open_series(stack)
    except InputRefusedError:
        return
    opened.wait()
    assert opened.is_complete
    assert opened.volume.voxels.shape == stack.shape


def test_a_folder_of_nothing_but_spoiled_files_says_why(tmp_path: Path) -> None:
    (tmp_path / "a.nii").write_bytes(Nifti().content()[:-1])
    (tmp_path / "b.nrrd").write_bytes(nrrd_bytes({"data file": "/etc/passwd"}))

    with pytest.raises(NothingToShowError) as refused:
        import_paths([tmp_path / name for name in ("a.nii", "b.nrrd")])

    assert {aside.file for aside in refused.value.set_aside} == {"a.nii", "b.nrrd"}
