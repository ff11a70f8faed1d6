"""Nasty volumes and pictures without DICOM: written here byte by byte, so that the truth is known.

A voxel is looked for where the header's own transform puts it: whatever order the program keeps
slices in, the probe must find its value there.

Source: nifti1.h (methods 1 to 3, xyzt_units, scl_slope); teem's NRRD format, "Orientation";
ITK's MetaIO documentation; PNG (W3C) chunks IHDR, pHYs; TIFF 6.0 / Exif 2.3 Orientation.
"""

from __future__ import annotations

import gzip
import io
import struct
import time
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.support.hostile import picture, refusal_of, taken, told, write
from viewers.qt.content import Content
from viewers.qt.model import SharedMarks, ViewportModel
from viewers.state.view_state import Plane
from viewers.tools.measure import probe
from workstation.core.volume import Volume
from workstation.exchange.research.png_rows import has_all_rows
from workstation.services.open_series import load_series

SHAPE_IJK = (7, 6, 5)
LONGEST_S = 20.0
TYPES = {"u1": 2, "i2": 4, "i4": 8, "f4": 16, "f8": 64, "i1": 256, "u2": 512, "u4": 768}
OBLIQUE = np.array(
    [[0.9, 0.1, -0.3, -12.5], [-0.2, 1.1, 0.25, 8.0], [0.35, -0.2, 2.4, 40.0], [0, 0, 0, 1]]
)
"""Columns at right angles only nearly: see _square."""


def _square(affine: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return an affine with the same first axis and right angles between all."""
    lengths = np.linalg.norm(affine[:3, :3], axis=0)
    turn, _ = np.linalg.qr(affine[:3, :3])
    turn *= np.sign(np.sum(turn * affine[:3, :3], axis=0))
    made = affine.copy()
    made[:3, :3] = turn * lengths
    return made


def _values(kind: str = "i2") -> NDArray[Any]:
    """Return voxels [i, j, k] that all differ."""
    return np.arange(np.prod(SHAPE_IJK)).reshape(SHAPE_IJK).astype(kind)


def _nifti(
    values: NDArray[Any],
    affine: NDArray[np.float64] | None,
    *,
    units: int = 2,
    scale: tuple[float, float] = (1.0, 0.0),
    order: str = "<",
    lies: dict[str, Any] | None = None,
) -> bytes:
    lies = lies or {}
    head = bytearray(352)
    dims = [values.ndim, *values.shape, *[1] * (7 - values.ndim)]
    struct.pack_into(f"{order}i", head, 0, 348)
    shown_dims: list[int] = lies.get("dims", dims)
    struct.pack_into(f"{order}8h", head, 40, *shown_dims)
    kind = lies.get("datatype", TYPES[values.dtype.str[1:]])
    struct.pack_into(f"{order}2h", head, 70, kind, values.dtype.itemsize * 8)
    sizes = [1.0] * 8
    if affine is not None:
        sizes[1:4] = np.linalg.norm(affine[:3, :3], axis=0).tolist()
    struct.pack_into(f"{order}8f", head, 76, *(lies.get("pixdim") or sizes))
    struct.pack_into(f"{order}3f", head, 108, lies.get("offset", 352), *scale)
    head[123] = units
    if affine is not None:
        struct.pack_into(f"{order}2h", head, 252, 0, 2)
        struct.pack_into(f"{order}12f", head, 280, *affine[:3].ravel())
    head[344:348] = b"n+1\0"
    return bytes(head) + values.astype(order + values.dtype.str[1:]).tobytes(order="F")


def _volume(folder: Path) -> Volume:
    (series,) = taken(folder).all_series
    return load_series(series.display_sets[0])


def _check(volume: Volume, values: NDArray[Any], to_lps: NDArray[np.float64]) -> None:
    """Probe every voxel where its header puts it."""
    for i, j, k in np.ndindex(values.shape):
        point = (to_lps @ np.array([i, j, k, 1.0]))[:3]
        reading = probe(volume, point)
        assert reading is not None, (i, j, k)
        assert reading.value[0] == pytest.approx(float(values[i, j, k]), rel=1e-5), (i, j, k)


RAS_TO_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])


# NIfTI


@pytest.mark.parametrize(
    ("kind", "order"),
    [("u1", "<"), ("i1", "<"), ("i2", ">"), ("u2", "<"), ("i4", "<"), ("f4", ">"), ("f8", "<")],
)
def test_every_type_and_byte_order_of_nifti_keeps_its_values_and_places(
    tmp_path: Path, kind: str, order: str
) -> None:
    affine = _square(OBLIQUE)
    (tmp_path / "v.nii").write_bytes(_nifti(_values(kind), affine, order=order))

    _check(_volume(tmp_path), _values(kind), RAS_TO_LPS @ affine)


@pytest.mark.parametrize("flips", [(-1, 1, 1), (1, -1, 1), (-1, -1, -1)])
def test_mirrored_nifti_axes_keep_left_and_right(
    tmp_path: Path, flips: tuple[int, int, int]
) -> None:
    affine = np.diag([0.7 * flips[0], 0.9 * flips[1], 3.0 * flips[2], 1])
    affine[:3, 3] = (-20, 30, -40)
    (tmp_path / "v.nii.gz").write_bytes(gzip.compress(_nifti(_values(), affine)))

    _check(_volume(tmp_path), _values(), RAS_TO_LPS @ affine)


def test_a_nifti_by_quaternion_with_a_mirrored_axis(tmp_path: Path) -> None:
    """nifti1.h method 2, qfac -1: a quarter turn about z, third axis reversed."""
    data = bytearray(_nifti(_values(), None, lies={"pixdim": [-1, 0.5, 0.8, 2, 1, 1, 1, 1]}))
    struct.pack_into("<2h", data, 252, 1, 0)
    half = float(np.sqrt(0.5))
    struct.pack_into("<6f", data, 256, 0, 0, half, 5, 6, 7)
    (tmp_path / "v.nii").write_bytes(data)
    turn = np.array([[0, -1, 0], [1, 0, 0], [0, 0, 1.0]])
    affine = np.eye(4)
    affine[:3, :3] = turn @ np.diag([0.5, 0.8, -2])
    affine[:3, 3] = (5, 6, 7)

    _check(_volume(tmp_path), _values(), RAS_TO_LPS @ affine)


@pytest.mark.parametrize(("units", "factor"), [(1, 1000.0), (2, 1.0), (3, 0.001)])
def test_meters_and_micrometers_become_millimeters(
    tmp_path: Path, units: int, factor: float
) -> None:
    affine = np.diag([0.7, 0.9, 3.0, 1]) / factor
    affine[3, 3] = 1
    (tmp_path / "v.nii").write_bytes(_nifti(_values(), affine, units=units))

    (one,) = told(tmp_path)["series"]

    assert one["spacing_mm"] == pytest.approx([0.7, 0.9, 3.0], rel=1e-5)


def test_a_nifti_without_a_unit_of_length_says_what_is_assumed(tmp_path: Path) -> None:
    (tmp_path / "v.nii").write_bytes(_nifti(_values(), np.diag([0.7, 0.9, 3.0, 1]), units=0))

    (one,) = told(tmp_path)["series"]

    assert one["spacing_mm"][0] is None or "assumed_millimeters" in {
        warning["code"] for warning in one["warnings"]
    }


def test_a_nifti_without_orientation_is_not_placed(tmp_path: Path) -> None:
    (tmp_path / "v.nii").write_bytes(_nifti(_values(), None))

    volume = _volume(tmp_path)

    assert not volume.geometry.is_placed


@pytest.mark.parametrize(
    ("scale", "slope", "offset"),
    [((2.0, -7.0), 2, -7), ((0.0, 5.0), 1, 0), ((-0.001, 0.0), -0.001, 0)],
)
def test_the_scale_of_nifti_is_applied_and_zero_is_none(
    tmp_path: Path, scale: tuple[float, float], slope: float, offset: float
) -> None:
    affine = np.diag([1.0, 1, 1, 1])
    (tmp_path / "v.nii").write_bytes(_nifti(_values(), affine, scale=scale))

    _check(_volume(tmp_path), _values() * slope + offset, RAS_TO_LPS @ affine)


def test_each_time_of_a_four_dimensional_nifti_is_reachable(tmp_path: Path) -> None:
    values = np.stack([_values() + 1000 * t for t in range(3)], -1)
    (tmp_path / "v.nii").write_bytes(_nifti(values, np.eye(4)))

    (series,) = taken(tmp_path).all_series

    firsts = sorted(int(load_series(one).voxels.min()) for one in series.display_sets)
    assert firsts == [0, 1000, 2000]


def test_values_that_are_no_numbers_disturb_no_picture(tmp_path: Path) -> None:
    values = _values("f4")
    values[2, 3, :] = (np.nan, np.inf, -np.inf, 1e38, -1e38)
    (tmp_path / "v.nii").write_bytes(_nifti(values, np.eye(4)))

    model = ViewportModel(SharedMarks())
    model.show(Content(_volume(tmp_path)), Plane.ACQUIRED)
    frame = model.frame()

    assert frame is not None
    assert frame.pixels.dtype == np.uint8


@pytest.mark.parametrize(
    "lies",
    [
        {"dims": [3, 32767, 32767, 32767, 1, 1, 1, 1]},
        {"dims": [3, -7, 6, 5, 1, 1, 1, 1]},
        {"dims": [0, 7, 6, 5, 1, 1, 1, 1]},
        {"dims": [7, 7, 6, 5, 30000, 30000, 30000, 30000]},
        {"datatype": 32},
        {"datatype": 9999},
        {"offset": 1e9},
        {"offset": -5.0},
        {"offset": float("nan")},
        {"pixdim": [1, 0, 0, 0, 1, 1, 1, 1]},
        {"pixdim": [float("nan")] * 8},
    ],
)
def test_a_nifti_that_lies_is_answered_at_once_in_words(
    tmp_path: Path, lies: dict[str, Any]
) -> None:
    (tmp_path / "v.nii").write_bytes(_nifti(_values(), None, lies=lies))
    began = time.monotonic()

    refusal = refusal_of(tmp_path)
    if refusal is None:
        assert not _volume(tmp_path).geometry.has_millimetres or "pixdim" not in lies

    assert time.monotonic() - began < LONGEST_S
    assert refusal is None or refusal.why


@pytest.mark.parametrize("spoil", ["cut", "bomb", "flip", "not nifti", "empty"])
def test_a_packed_nifti_that_is_spoiled_is_refused_or_named_and_stops_nothing(
    tmp_path: Path, spoil: str
) -> None:
    good = _nifti(_values(), np.eye(4))
    packed = gzip.compress(good)
    data = {
        "cut": packed[:-30],
        "bomb": gzip.compress(good[:352]) + 40 * gzip.compress(b"\0" * 5_000_000),
        "flip": packed[:60] + b"\xff\xff\xff" + packed[63:],
        "not nifti": gzip.compress(b"a text" * 100),
        "empty": b"\x1f\x8b",
    }[spoil]
    write(tmp_path, [picture(n, 2.0 * n) for n in range(3)])
    (tmp_path / "v.nii.gz").write_bytes(data)
    began = time.monotonic()

    answer = told(tmp_path)

    assert time.monotonic() - began < LONGEST_S
    shown = {one["modality"]: one["shown"] for one in answer["series"]}
    assert shown["CT"] == 3
    aside = len(answer["set_aside"]) + sum(len(one["set_aside"]) for one in answer["series"])
    assert aside == 1 or spoil == "bomb"


# NRRD and MetaImage


def _nrrd(space: str, matrix: NDArray[np.float64], encoding: str = "raw", file: str = "") -> bytes:
    vectors = " ".join(f"({','.join(f'{x:.9f}' for x in matrix[:3, axis])})" for axis in range(3))
    origin = ",".join(f"{x:.9f}" for x in matrix[:3, 3])
    raw = _values().astype("<i2").tobytes(order="F")
    data = {"raw": raw, "gzip": gzip.compress(raw)}[encoding]
    head = (
        f"NRRD0004\ntype: short\ndimension: 3\nspace: {space}\nsizes: 7 6 5\n"
        f"space directions: {vectors}\nkinds: domain domain domain\nendian: little\n"
        f"encoding: {encoding}\nspace origin: ({origin})\n"
    )
    head += f"data file: {file}\n" if file else "\n"
    return head.encode() + (b"" if file else data)


@pytest.mark.parametrize(
    ("space", "to_lps", "encoding"),
    [
        ("left-posterior-superior", (1, 1, 1), "raw"),
        ("right-anterior-superior", (-1, -1, 1), "gzip"),
        ("LAS", (1, -1, 1), "raw"),
    ],
)
def test_each_space_of_nrrd_keeps_left_and_right(
    tmp_path: Path, space: str, to_lps: tuple[int, int, int], encoding: str
) -> None:
    matrix = _square(OBLIQUE)
    (tmp_path / "v.nrrd").write_bytes(_nrrd(space, matrix, encoding))

    _check(_volume(tmp_path), _values(), np.diag([*to_lps, 1]) @ matrix)


@pytest.mark.parametrize(
    "name", ["../secret.raw", "/etc/hostname", "LIST", "v%03d.raw 1 5 1", "nowhere.raw", "v.nhdr"]
)
def test_a_header_never_leads_out_of_its_folder(tmp_path: Path, name: str) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret.raw").write_bytes(_values().tobytes())
    (inside / "v.nhdr").write_bytes(_nrrd("LPS", np.eye(4), file=name))
    meta = "ObjectType = Image\nNDims = 3\nDimSize = 7 6 5\nElementType = MET_SHORT\n"
    (inside / "v.mhd").write_text(f"{meta}ElementDataFile = {name}\n", encoding="ascii")

    refusal = refusal_of(inside)

    assert refusal is not None
    assert len(refusal.set_aside) == 2


def _meta(matrix: NDArray[np.float64], **fields: str) -> bytes:
    """MetaImage: TransformMatrix holds the direction of each axis, one after the other."""
    spacing = np.linalg.norm(matrix[:3, :3], axis=0)
    directions = (matrix[:3, :3] / spacing).T.ravel()
    lines = {
        "ObjectType": "Image",
        "NDims": "3",
        "BinaryData": "True",
        "BinaryDataByteOrderMSB": "False",
        "TransformMatrix": " ".join(f"{x:.9f}" for x in directions),
        "Offset": " ".join(f"{x:.9f}" for x in matrix[:3, 3]),
        "ElementSpacing": " ".join(f"{x:.9f}" for x in spacing),
        "DimSize": "7 6 5",
        "ElementType": "MET_SHORT",
        **fields,
        "ElementDataFile": "LOCAL",
    }
    return "".join(f"{key} = {value}\n" for key, value in lines.items()).encode()


@pytest.mark.parametrize(("order", "is_packed"), [("<", True), (">", False)])
def test_a_metaimage_keeps_its_values_and_places(
    tmp_path: Path, order: str, is_packed: bool
) -> None:
    matrix = _square(OBLIQUE)
    raw = _values().astype(f"{order}i2").tobytes(order="F")
    raw = zlib.compress(raw) if is_packed else raw
    fields = {"BinaryDataByteOrderMSB": str(order == ">"), "CompressedData": str(is_packed)}
    if is_packed:
        fields["CompressedDataSize"] = str(len(raw))
    (tmp_path / "v.mha").write_bytes(_meta(matrix, **fields) + raw)

    _check(_volume(tmp_path), _values(), matrix)


@pytest.mark.parametrize(
    "lie",
    [
        {"DimSize": "70000 70000 70000"},
        {"DimSize": "-7 6 5"},
        {"DimSize": "7 6"},
        {"NDims": "99"},
        {"NDims": "3.5"},
        {"ElementType": "MET_NONSENSE"},
        {"ElementSpacing": "0 0 0"},
        {"ElementSpacing": "nan nan nan"},
        {"TransformMatrix": "0 0 0 0 0 0 0 0 0"},
        {"CompressedData": "True", "CompressedDataSize": "99999999999"},
    ],
)
def test_a_metaimage_that_lies_is_answered_at_once_in_words(
    tmp_path: Path, lie: dict[str, str]
) -> None:
    raw = _values().astype("<i2").tobytes(order="F")
    (tmp_path / "v.mha").write_bytes(_meta(np.eye(4), **lie) + raw)
    began = time.monotonic()

    refusal = refusal_of(tmp_path)
    if refusal is None:
        volume = _volume(tmp_path)
        assert not (volume.geometry.has_millimetres and volume.geometry.is_placed)

    assert time.monotonic() - began < LONGEST_S
    assert refusal is None or refusal.why


# Pictures


def _png(columns: int, rows: int, *, kind: int = 0, bits: int = 8, data: bytes = b"") -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    head = struct.pack(">IIBBBBB", columns, rows, bits, kind, 0, 0, 0)
    size = struct.pack(">IIB", 3780, 3780, 1)
    body = chunk(b"IHDR", head) + chunk(b"pHYs", size) + chunk(b"IDAT", zlib.compress(data))
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


def test_a_picture_keeps_its_gray_and_has_no_millimeters_even_where_it_tells_a_resolution(
    tmp_path: Path,
) -> None:
    gray = np.random.default_rng(2).integers(0, 256, (120, 150)).astype(np.uint8)
    rows = b"".join(b"\0" + row.tobytes() for row in gray)
    (tmp_path / "p.png").write_bytes(_png(150, 120, data=rows))

    volume = _volume(tmp_path)
    (one,) = told(tmp_path)["series"]

    shown = volume.voxels[0] if volume.voxels.ndim == 3 else volume.voxels[0, ..., 0]
    assert np.array_equal(shown, gray)
    assert one["spacing_mm"][:2] == [None, None]
    assert not volume.geometry.is_placed


def test_the_colors_of_a_picture_stay_in_their_order(tmp_path: Path) -> None:
    rgb = np.random.default_rng(2).integers(0, 256, (120, 150, 3)).astype(np.uint8)
    rows = b"".join(b"\0" + row.tobytes() for row in rgb)
    (tmp_path / "p.png").write_bytes(_png(150, 120, kind=2, data=rows))

    assert np.array_equal(_volume(tmp_path).voxels[0], rgb)


def test_sixteen_bits_of_gray_are_not_cut_to_eight_without_a_word(tmp_path: Path) -> None:
    gray = np.random.default_rng(2).integers(0, 65536, (120, 150)).astype(">u2")
    rows = b"".join(b"\0" + row.tobytes() for row in gray)
    (tmp_path / "p.png").write_bytes(_png(150, 120, bits=16, data=rows))

    volume = _volume(tmp_path)
    (one,) = told(tmp_path)["series"]

    is_kept = volume.voxels.ndim == 3 and np.array_equal(volume.voxels[0], gray.astype(int))
    assert is_kept or any("bit" in warning["text"] for warning in one["warnings"])


@pytest.mark.parametrize(("columns", "rows"), [(2**31 - 1, 2**31 - 1), (60000, 60000), (0, 0)])
def test_a_picture_that_claims_absurd_sizes_is_refused_at_once(
    tmp_path: Path, columns: int, rows: int
) -> None:
    (tmp_path / "p.png").write_bytes(_png(columns, rows, data=b"\0" * 10_000))
    began = time.monotonic()

    refusal = refusal_of(tmp_path)

    assert time.monotonic() - began < LONGEST_S
    assert refusal is not None
    assert refusal.why


def test_a_picture_that_ends_early_is_refused_in_words(tmp_path: Path) -> None:
    gray = np.full((120, 150), 200, np.uint8)
    cut = _png(150, 120, data=b"".join(b"\0" + row.tobytes() for row in gray[:40]))
    (tmp_path / "p.png").write_bytes(cut)

    refusal = refusal_of(tmp_path)

    assert refusal is not None
    assert "ends before its last row" in refusal.why


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
@pytest.mark.parametrize("size", [(1, 1), (7, 5), (150, 120)])
def test_the_rows_of_whole_pictures_are_all_found(mode: str, size: tuple[int, int]) -> None:
    stream = io.BytesIO()
    Image.new(mode, size).save(stream, "PNG")

    assert has_all_rows(stream)
