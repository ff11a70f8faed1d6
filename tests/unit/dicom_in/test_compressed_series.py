"""Compressed series: right, nearest slice first, and a bad slice costs itself alone."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate, get_frame
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLSLossless,
    RLELossless,
)

from tests.support.compressed import encapsulated
from tests.support.data import REPOSITORY
from tests.support.odd_decoder import MODES
from tests.support.processes import all_end, children
from tests.unit.dicom_in.factory import enhanced, image, ramp, save, save_all, set_pixels, stack
from workstation.core.image_stack import ImageStack
from workstation.core.job import CancelToken
from workstation.dicom.decode_pool import DecodePool
from workstation.dicom.decoder import Allowance
from workstation.services.import_studies import import_paths
from workstation.services.open_series import (
    OpenedSeries,
    is_compressed,
    load_series,
    open_series,
    thumbnail,
)

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

AS_CODED = (sys.executable, "-m", "tests.support.odd_decoder", "as-coded")
MODE_OF = {mode: number for number, mode in MODES.items()}


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    before = children(os.getpid())
    yield
    assert all_end(children(os.getpid()) - before), "a process was left behind"


def only_set(folder: Path) -> ImageStack:
    (series,) = import_paths([folder]).all_series
    return series.display_sets[0]


def packed(data: Dataset, syntax: str = RLELossless) -> Dataset:
    data.compress(syntax, generate_instance_uid=False)
    return data


def chosen(mode: str) -> bytes:
    """Return a stream with the header of RLE whose end tells the odd decoder what to do."""
    return struct.pack("<16I", 2, 64, 66, *[0] * 13) + bytes(3) + bytes([MODE_OF[mode]])


def odd_series(folder: Path, *modes: str) -> ImageStack:
    for number, mode in enumerate(modes, start=1):
        save(encapsulated(image(number), RLELossless, chosen(mode)), folder / f"{number}.dcm")
    return only_set(folder)


def opened(display_set: ImageStack, **options: object) -> OpenedSeries:
    found = open_series(display_set, **options)  # type: ignore[arg-type]
    found.wait()
    return found


@pytest.mark.parametrize("syntax", [RLELossless, JPEGLSLossless, JPEG2000Lossless])
def test_a_compressed_series_equals_its_originals(syntax: str, tmp_path: Path) -> None:
    plain = [image(n, pixels=ramp(100 * n, rows=80, columns=70)) for n in range(1, 6)]
    wanted = [data.pixel_array - 1000 for data in plain]
    folder = save_all([packed(data, syntax) for data in plain], tmp_path)

    volume = load_series(only_set(folder))

    assert np.array_equal(volume.voxels, wanted)


def test_slices_nearest_to_the_eye_come_first_and_all_are_told_once(tmp_path: Path) -> None:
    display_set = only_set(save_all([packed(data) for data in stack(9)], tmp_path))
    seen: list[int] = []

    with DecodePool(size=1) as pool:
        opened(display_set, first_index=4, on_slice=seen.append, pool=pool)

    assert seen[:3] == [4, 3, 5]
    assert sorted(seen) == list(range(9))


@pytest.mark.parametrize(
    ("mode", "words"),
    [
        ("crash", "stopped while reading it"),
        ("hang", "took too long"),
        ("victim", "perhaps memory ran out"),
        ("wild", "stopped while reading it"),
        ("huge", "another size"),
        ("no memory", "too much memory"),
    ],
)
def test_a_decoder_that_goes_wrong_costs_one_slice_and_one_sentence(
    mode: str, words: str, tmp_path: Path
) -> None:
    display_set = odd_series(tmp_path, "", mode, "", "")

    with DecodePool(size=2, command=AS_CODED, allowance=Allowance(seconds=0.4)) as pool:
        found = opened(display_set, pool=pool)

    assert found.loaded.tolist() == [True, False, True, True]
    assert [(one.file, words in one.reason) for one in found.failed] == [("2.dcm", True)]
    assert [doubt.code for doubt in found.doubts] == ["slices_failed"]
    assert (found.volume.voxels[1] == -1024).all()
    assert (found.volume.voxels[2] == 0x0202 - 1000).all()


def test_decoders_that_cannot_be_started_are_told_for_each_slice(tmp_path: Path) -> None:
    display_set = odd_series(tmp_path, "", "")

    with DecodePool(command=("/nowhere/to/be/found",)) as pool:
        found = opened(display_set, pool=pool)

    assert {one.reason for one in found.failed} == {
        "the decoder for compressed images cannot be started on this machine"
    }


def test_cancelling_gives_up_the_slices_being_decoded_and_names_none_as_failed(
    tmp_path: Path,
) -> None:
    display_set = odd_series(tmp_path, "hang", "hang", "hang", "hang")
    token = CancelToken()

    with DecodePool(size=2, command=AS_CODED) as pool:
        threading.Timer(0.3, token.cancel).start()
        begin = time.monotonic()
        found = opened(display_set, cancel=token, pool=pool)

        assert time.monotonic() - begin < 2.0
    assert not found.failed
    assert not found.loaded.any()


def test_decoders_of_a_load_end_with_it(tmp_path: Path) -> None:
    display_set = only_set(save_all([packed(data) for data in stack(3)], tmp_path))
    before = children(os.getpid())

    found = opened(display_set)

    assert found.is_complete
    assert all_end(children(os.getpid()) - before)


def test_a_thumbnail_of_a_compressed_series_is_that_of_the_plain_one(tmp_path: Path) -> None:
    plain = only_set(save_all(stack(3), tmp_path / "plain"))
    coded = only_set(save_all([packed(data) for data in stack(3)], tmp_path / "coded"))

    with DecodePool(size=1) as pool:
        assert np.array_equal(thumbnail(coded, 16, pool=pool), thumbnail(plain, 16))
    assert np.array_equal(thumbnail(coded, 16), thumbnail(plain, 16))


def test_series_say_whether_they_need_decoders(tmp_path: Path) -> None:
    assert is_compressed(only_set(save(packed(image(1)), tmp_path / "a" / "a.dcm").parent))
    assert not is_compressed(only_set(save(image(1), tmp_path / "b" / "b.dcm").parent))


def test_frames_of_a_compressed_object_go_to_their_own_places(tmp_path: Path) -> None:
    plain = only_set(save(enhanced(4), tmp_path / "plain" / "a.dcm").parent)
    coded = only_set(save(packed(enhanced(4)), tmp_path / "coded" / "a.dcm").parent)

    assert np.array_equal(load_series(coded).voxels, load_series(plain).voxels)


def test_frames_in_pieces_are_put_together_without_an_offset_table(tmp_path: Path) -> None:
    coded = packed(
        enhanced(
            3,
        ),
        JPEGLSLossless,
    )
    frames = [get_frame(coded.PixelData, k, number_of_frames=3) for k in range(3)]
    coded.PixelData = encapsulate(frames, fragments_per_frame=3, has_bot=False)
    plain = only_set(save(enhanced(3), tmp_path / "plain" / "a.dcm").parent)

    found = load_series(only_set(save(coded, tmp_path / "coded" / "a.dcm").parent))

    assert np.array_equal(found.voxels, load_series(plain).voxels)


def test_frames_of_an_object_in_an_archive_are_read(tmp_path: Path) -> None:
    coded = save(packed(enhanced(3)), tmp_path / "a.dcm")
    archive = tmp_path / "in" / "study.zip"
    archive.parent.mkdir()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened_archive:
        opened_archive.write(coded, "a.dcm")
    plain = only_set(save(enhanced(3), tmp_path / "plain" / "a.dcm").parent)

    found = load_series(only_set(archive))

    assert np.array_equal(found.voxels, load_series(plain).voxels)


def test_a_wild_number_of_frames_costs_the_frames_that_are_not_there(tmp_path: Path) -> None:
    data = packed(image(1))
    data.NumberOfFrames = 3

    found = opened(only_set(save(data, tmp_path / "a.dcm").parent))

    assert not found.loaded.any()
    assert "cannot be told apart" in found.failed[0].reason


def test_nothing_of_an_unpacked_file_is_kept_when_its_load_ends(tmp_path: Path) -> None:
    data = enhanced(3)
    data.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    save(data, tmp_path / "a" / "a.dcm")
    archive = tmp_path / "b" / "study.zip"
    archive.parent.mkdir()
    with zipfile.ZipFile(archive, "w") as opened_archive:
        opened_archive.write(save(enhanced(3), tmp_path / "plain" / "a.dcm"), "a.dcm")
    for folder in ("a", "b"):
        found = opened(only_set(tmp_path / folder))

        assert found.is_complete
        assert found._loader._source._unpacked is None  # type: ignore[attr-defined]


def test_odd_streams_padded_with_a_zero_are_read(tmp_path: Path) -> None:
    data = image(1, pixels=ramp(0, rows=33, columns=31))
    wanted = data.pixel_array - 1000
    packed(data, JPEGLSLossless)
    coded = get_frame(data.PixelData, 0, number_of_frames=1).rstrip(b"\0")
    encapsulated(data, JPEGLSLossless, coded + bytes(1 + len(coded) % 2))

    assert np.array_equal(
        load_series(only_set(save(data, tmp_path / "a.dcm").parent)).voxels[0], wanted
    )


def test_the_application_never_loads_a_decoder_library(tmp_path: Path) -> None:
    for number, syntax in enumerate((RLELossless, JPEGLSLossless, JPEG2000Lossless), start=1):
        pixels = ramp(0, rows=80, columns=70)
        data = packed(image(number, pixels=pixels), syntax)
        save(data, tmp_path / f"{number}.dcm")
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from workstation.services.import_studies import import_paths\n"
        "from workstation.services.open_series import load_series, thumbnail\n"
        "(series,) = import_paths([Path(sys.argv[1])]).all_series\n"
        "volume = load_series(series.display_sets[0])\n"
        "thumbnail(series.display_sets[0], 8)\n"
        "assert len(volume.voxels) == 3\n"
        "names = ('openjpeg', 'libjpeg', 'rle', 'jpeg_ls', 'pylibjpeg', 'PIL', 'gdcm')\n"
        "loaded = {name.split('.')[0].strip('_').lower() for name in sys.modules}\n"
        "print(sorted(loaded & {*names, 'charls'}))\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", script, tmp_path],
        capture_output=True,
        cwd=REPOSITORY,
        text=True,
        check=False,
    )

    assert done.stderr == ""
    assert done.stdout.strip() == "[]"


def test_pixels_of_color_are_set_right_in_a_series(tmp_path: Path) -> None:
    data = image(1)
    colors = np.arange(6 * 5 * 3, dtype=np.uint8).reshape(6, 5, 3)
    set_pixels(data, colors)
    path = save(packed(data), tmp_path / "a.dcm")

    assert np.array_equal(load_series(only_set(path.parent)).voxels[0], colors)
    assert pydicom.dcmread(path).file_meta.TransferSyntaxUID == RLELossless
