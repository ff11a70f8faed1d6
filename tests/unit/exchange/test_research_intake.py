"""What is no DICOM among what a person opens: each file accounted for, nobody's name on it."""

from __future__ import annotations

import gzip
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from inference.packs.store import PackStore
from tests.support.series import tiny_series
from tests.support.volumes import (
    Nifti,
    meta_header,
    nrrd_bytes,
    nrrd_header,
    ramp,
)
from workstation.core.errors import CancelledError, InputRefusedError
from workstation.core.job import CancelToken
from workstation.services.choose_series import choose_series
from workstation.services.draft_findings import draft
from workstation.services.enhance_series import enhance
from workstation.services.import_studies import (
    ImportResult,
    NothingToShowError,
    import_paths,
)
from workstation.services.inspect_series import result_json
from workstation.services.open_series import load_series, open_series

PLAIN = ramp((5, 4, 3))


class _Nobody:
    """A worker that must not be asked."""

    def run(self, *_arguments: object, **_more: object) -> tuple[object, object]:
        raise AssertionError("the worker was asked")


def _png(side_px: int = 100) -> bytes:
    stream = BytesIO()
    pixels = (np.arange(side_px * side_px) % 256).astype("u1").reshape(side_px, side_px)
    Image.fromarray(pixels).save(stream, "PNG", dpi=(254, 254))
    return stream.getvalue()


def _folder(tmp_path: Path, files: dict[str, bytes]) -> Path:
    folder = tmp_path / "opened"
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def _only(tmp_path: Path, files: dict[str, bytes]) -> ImportResult:
    result = import_paths([_folder(tmp_path, files)])
    assert len(result.all_series) == 1
    return result


def _codes(result: ImportResult) -> list[str]:
    return [doubt.code for doubt in result.all_series[0].verdict.warnings]


def test_a_volume_opens_as_a_study_of_nobody(tmp_path: Path) -> None:
    result = _only(tmp_path, {"v.nii": Nifti().content()})

    study = result.studies[0].identity
    verdict = result.all_series[0].verdict
    assert study.is_research
    assert study.patient.name.reveal() == ""
    assert not set("0123456789.") >= set(study.study_uid)  # no UID could be taken for one
    assert (verdict.series_uid, verdict.modality, verdict.unit) == ("", "", "unknown")
    assert not verdict.is_unit_trusted
    assert (verdict.received, verdict.shown, result.set_aside) == (1, 1, ())
    assert (verdict.columns, verdict.rows, verdict.slices) == (5, 4, 3)
    assert verdict.spacing_ij_mm == (1, 2)
    assert verdict.spacing is not None
    assert verdict.spacing.median_mm == 3
    assert verdict.orientation == "axial"
    assert _codes(result) == ["no_patient", "no_unit"]


def test_the_answer_of_inspect_keeps_its_keys_and_an_empty_uid(tmp_path: Path) -> None:
    _folder(tmp_path, {"v.nii": Nifti().content()})
    tiny_series(tmp_path / "opened" / "dicom")

    answer: Any = result_json(import_paths([tmp_path / "opened"]))

    dicom, research = answer["series"]
    assert set(dicom) == set(research)
    assert research["uid"] == ""
    assert dicom["uid"]


def test_content_decides_not_the_name(tmp_path: Path) -> None:
    result = import_paths(
        [
            _folder(
                tmp_path,
                {
                    "IM0001.dcm": _png(),
                    "IM0002": gzip.compress(Nifti().content()),
                    "IM0003.txt": nrrd_bytes(),
                    "notes.nii": b"no volume at all",
                },
            )
        ]
    )

    assert [series.identity.description for series in result.all_series] == [
        "IM0001.dcm",
        "IM0002",
        "IM0003.txt",
    ]
    assert [(aside.file, aside.reason) for aside in result.set_aside] == [
        ("notes.nii", "this is not a DICOM file")
    ]


def test_dicom_comes_first_and_is_what_a_task_is_about(tmp_path: Path) -> None:
    folder = _folder(tmp_path, {"a.nii": Nifti(voxels=ramp((5, 4, 30))).content(), "b.png": _png()})
    tiny_series(folder / "z", modality="CT")

    result = import_paths([folder])

    assert [study.identity.is_research for study in result.studies] == [False, True]
    assert not choose_series(result).study.identity.is_research
    assert result.set_aside == ()


def test_a_folder_is_one_study_and_two_folders_are_two(tmp_path: Path) -> None:
    files = {"p/a.nii": b"", "p/b.nii": b"", "q/a.nii": b""}

    result = import_paths([_folder(tmp_path, dict.fromkeys(files, Nifti().content()))])

    assert [len(study.series) for study in result.studies] == [2, 1]
    assert [study.identity.description for study in result.studies] == ["p", "q"]
    assert len({series.identity.series_uid for series in result.all_series}) == 3


@pytest.mark.parametrize(
    "files",
    [
        {"v.mhd": meta_header({"ElementDataFile": "v.raw"}), "v.raw": PLAIN.tobytes()},
        {"z.nhdr": nrrd_header({"data file": "./a.raw"}), "a.raw": PLAIN.tobytes()},
        {"v.hdr": Nifti(is_pair=True).header(), "v.img": PLAIN.tobytes()},
        {"v.hdr": Nifti(is_pair=True).header(), "v.img.gz": gzip.compress(PLAIN.tobytes())},
    ],
)
@pytest.mark.parametrize("is_zipped", [False, True])
def test_a_header_and_its_voxels_are_one_series_of_two_files(
    tmp_path: Path, files: dict[str, bytes], is_zipped: bool
) -> None:
    path = _folder(tmp_path, files)
    if is_zipped:
        path = tmp_path / "both.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in files.items():
                archive.writestr(f"sub/{name}", data)

    result = import_paths([path])

    verdict = result.all_series[0].verdict
    assert (verdict.received, verdict.shown, result.set_aside) == (2, 2, ())
    if is_zipped:  # the longer way
        volume = load_series(result.all_series[0].display_sets[0])
        assert sorted(volume.voxels.ravel().tolist()) == list(range(60))


def test_a_header_opened_alone_finds_its_voxels_beside_it(tmp_path: Path) -> None:
    header = meta_header({"ElementDataFile": "v.raw"})
    folder = _folder(tmp_path, {"v.mhd": header, "v.raw": PLAIN.tobytes()})

    verdict = import_paths([folder / "v.mhd"]).all_series[0].verdict

    assert verdict.received == 2


def test_a_header_never_leads_out_of_its_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.raw").write_bytes(PLAIN.tobytes())
    folder = _folder(
        tmp_path,
        {
            "a.nhdr": nrrd_header({"data file": "../secret.raw"}),
            "b.mhd": meta_header({"ElementDataFile": str(tmp_path / "secret.raw")}),
            "c.mhd": meta_header({"ElementDataFile": "link.raw"}),
        },
    )
    (folder / "link.raw").symlink_to(tmp_path / "secret.raw")

    with pytest.raises(NothingToShowError) as refused:
        import_paths([folder / name for name in ("a.nhdr", "b.mhd", "c.mhd")])

    reasons = {aside.file: aside.reason for aside in refused.value.set_aside}
    assert "another folder" in reasons["a.nhdr"]
    assert "another folder" in reasons["b.mhd"]
    assert "not beside it" in reasons["c.mhd"]


def test_each_volume_of_a_series_of_volumes_is_a_stack(tmp_path: Path) -> None:
    result = _only(
        tmp_path, {"v.nii.gz": gzip.compress(Nifti(voxels=ramp((5, 4, 3, 2))).content())}
    )

    first, second = result.all_series[0].display_sets
    assert (first.name, second.name) == ("volume 1 of 2", "volume 2 of 2")
    assert load_series(second).voxels.min() == 60
    assert result.all_series[0].verdict.frames_shown == 6


def test_a_picture_is_a_capture_without_millimeters_whatever_dpi_it_states(tmp_path: Path) -> None:
    result = _only(tmp_path, {"p.png": _png()})

    verdict = result.all_series[0].verdict
    stack = result.all_series[0].display_sets[0]
    assert (verdict.modality, verdict.unit, verdict.spacing_ij_mm) == ("OT", "gray", None)
    assert not stack.geometry.has_millimetres
    assert not stack.geometry.is_placed
    assert _codes(result) == ["no_patient", "picture", "no_millimeters"]
    assert load_series(stack).voxels[0, 0, :3].tolist() == [0, 1, 2]


def test_icons_and_cut_pictures_are_set_aside_in_words(tmp_path: Path) -> None:
    whole = _png()
    icon, cut = _png(48), whole[: len(whole) // 2]

    with pytest.raises(NothingToShowError) as refused:
        import_paths([_folder(tmp_path, {"cut.png": cut, "icon.png": icon})])

    assert [aside.reason for aside in refused.value.set_aside] == [
        "the picture is damaged or cut: it cannot be decoded",
        "it is a picture as small as an icon",
    ]


def test_labels_open_with_a_window_that_shows_them_all(tmp_path: Path) -> None:
    labels = np.zeros((3, 40, 50), "u1")
    labels[:, 10:20, 10:20], labels[:, 20:30, 30:40] = 1, 117
    result = _only(tmp_path, {"mask.nii": Nifti(voxels=labels).content()})

    opened = open_series(result.all_series[0].display_sets[0])
    opened.wait()

    window = opened.volume.windows[0]
    assert (window.center, window.width) == (58.5, 117)
    assert [doubt.code for doubt in opened.doubts] == ["labels"]


def test_hounsfield_units_are_believed_where_the_file_itself_names_them(tmp_path: Path) -> None:
    result = _only(tmp_path, {"ct.nrrd": nrrd_bytes({"sample units": '"HU"'})})

    verdict = result.all_series[0].verdict
    assert (verdict.modality, verdict.unit, verdict.is_unit_trusted) == ("CT", "HU", True)


def test_loading_can_be_cancelled(tmp_path: Path) -> None:
    stack = _only(tmp_path, {"v.nii": Nifti().content()}).all_series[0].display_sets[0]
    token = CancelToken()
    token.cancel()

    with pytest.raises(CancelledError):
        load_series(stack, cancel=token)


def test_a_file_that_went_away_is_refused_in_words(tmp_path: Path) -> None:
    stack = _only(tmp_path, {"v.nii": Nifti().content()}).all_series[0].display_sets[0]
    (tmp_path / "opened" / "v.nii").unlink()

    with pytest.raises(InputRefusedError, match="cannot be read"):
        load_series(stack)


def test_nothing_is_enhanced_or_drafted_without_a_patient(tmp_path: Path) -> None:
    stack = _only(tmp_path, {"v.nii": Nifti().content()}).all_series[0].display_sets[0]
    volume = load_series(stack)

    with pytest.raises(InputRefusedError, match="names no patient and no study") as enhanced:
        enhance(volume, task="denoise", worker=_Nobody(), packs=PackStore(tmp_path))
    with pytest.raises(InputRefusedError, match="names no patient and no study") as drafted:
        draft(volume, worker=_Nobody())

    assert enhanced.value.exit_code == drafted.value.exit_code == 3
