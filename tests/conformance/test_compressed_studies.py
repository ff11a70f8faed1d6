"""Real studies, compressed by other programs, load as the originals do."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from tests.support.compressed import WAYS, copy_series
from tests.support.data import study
from tests.support.tools import run_tool
from workstation.services.import_studies import import_paths
from workstation.services.open_series import load_series

pytestmark = pytest.mark.data

SLICES = 2
"""Slices of each series that are compressed; each encoder is tried on all of them."""

CLASSIC = ["s01_ct_chest_abdomen_philips", "s06_mr_brain_pd_ge_signa", "s10_mr_dti_canon"]
LOSSLESS = [name for name, way in WAYS.items() if way.is_lossless]


def some_slices(name: str, folder: Path) -> Path:
    files = sorted(path for path in study(name).rglob("*") if path.is_file() and path.suffix)
    folder.mkdir()
    for path in [one for one in files if one.suffix == ".dcm"][:SLICES]:
        shutil.copy(path, folder)
    return folder


def stacks(folder: Path) -> list[np.ndarray]:
    return [
        load_series(one).voxels
        for series in import_paths([folder]).all_series
        for one in series.display_sets
    ]


@pytest.mark.parametrize("name", CLASSIC)
@pytest.mark.parametrize("way", LOSSLESS)
def test_a_compressed_study_loads_as_its_original(way: str, name: str, tmp_path: Path) -> None:
    source = some_slices(name, tmp_path / "plain")
    coded = copy_series(source, tmp_path / "coded", WAYS[way])

    found, wanted = stacks(coded), stacks(source)

    assert len(found) == len(wanted) > 0
    assert all(np.array_equal(one, other) for one, other in zip(found, wanted, strict=True))


@pytest.mark.parametrize(
    "command",
    [
        ("dcmcrle",),
        ("dcmcjpls", "+el", "+fs", "4"),
        ("dcmcjpls", "+el", "+fs", "4", "-ot"),
        ("dcmcjpeg", "+e1", "+fs", "4"),
        ("dcmcjpeg", "+e1", "+fs", "4", "-ot"),
        ("gdcmconv", "--j2k"),
    ],
)
def test_an_enhanced_object_in_pieces_loads_as_its_original(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    original = next(study("s07_mr_enhanced_multiframe_siemens_xa30").rglob("*.dcm"))
    target = tmp_path / "coded" / "a.dcm"
    target.parent.mkdir()
    done = run_tool(*command[:1], *command[1:], original, target)
    assert done.code == 0, done.text
    plain = tmp_path / "plain"
    plain.mkdir()
    shutil.copy(original, plain)

    found, wanted = stacks(target.parent), stacks(plain)

    assert len(found) == len(wanted) > 0
    assert all(np.array_equal(one, other) for one, other in zip(found, wanted, strict=True))
