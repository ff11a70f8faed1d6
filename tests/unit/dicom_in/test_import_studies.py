"""Taking in what people really have: every file shown or set aside in words, the rest goes on."""

from __future__ import annotations

import logging
import os
import zipfile
from pathlib import Path

import pytest

from tests.support.canary import CANARY
from tests.unit.dicom_in.factory import edit, image, item, ramp, save, save_all, stack
from workstation.core.errors import CancelledError, InputRefusedError
from workstation.core.job import CancelToken
from workstation.services.import_studies import ImportResult, NothingToShowError, import_paths


def received(result: ImportResult) -> int:
    series = [one for study in result.studies for one in (*study.series, *study.documents)]
    return sum(one.verdict.received for one in series) + len(result.set_aside)


def test_a_folder_becomes_a_study_with_one_series(tmp_path: Path) -> None:
    result = import_paths([save_all(stack(5), tmp_path)])

    (study,) = result.studies
    (series,) = study.series
    assert study.identity.patient.name.reveal() == CANARY
    assert (series.verdict.received, series.verdict.shown) == (5, 5)
    assert series.display_sets[0].slice_count == 5
    assert series.display_sets[0].is_reformattable
    assert series.verdict.unit == "HU"
    assert series.verdict.orientation == "axial"
    assert not series.verdict.warnings


def test_files_are_named_per_slice_in_order(tmp_path: Path) -> None:
    folder = save_all(stack(3), tmp_path)

    (series,) = import_paths([folder]).all_series

    names = [path.name for path in series.display_sets[0].files]
    assert names == ["file002.dcm", "file001.dcm", "file000.dcm"]


def test_other_files_in_the_folder_are_set_aside_and_the_rest_goes_on(tmp_path: Path) -> None:
    folder = save_all(stack(4), tmp_path)
    (folder / "report.txt").write_text("normal")
    (folder / "empty.dcm").touch()
    cut = folder / "file000.dcm"
    cut.write_bytes(cut.read_bytes()[:-10])

    result = import_paths([folder])

    reasons = {aside.file: aside.reason for aside in result.set_aside}
    (series,) = result.all_series
    assert "not a DICOM file" in reasons["report.txt"]
    assert "empty" in reasons["empty.dcm"]
    assert series.verdict.shown == 3
    assert "the file is cut: it holds 50 of the 60 bytes" in series.verdict.set_aside[0].reason
    assert "incomplete" in [doubt.code for doubt in series.verdict.warnings]
    assert received(result) == 6


def test_a_series_with_two_sizes_is_two_stacks_with_nothing_lost(tmp_path: Path) -> None:
    small = [image(n, n, ramp(0, rows=3, columns=3)) for n in (10, 11)]

    (series,) = import_paths([save_all([*stack(4), *small], tmp_path)]).all_series

    assert [(one.name, one.slice_count) for one in series.display_sets] == [
        ("5 x 6", 4),
        ("3 x 3", 2),
    ]
    assert series.verdict.shown == 6
    assert series.verdict.warnings[0].code == "split"


def test_a_missing_slice_is_named(tmp_path: Path) -> None:
    slices = [one for one in stack(9) if one.InstanceNumber != 4]

    (series,) = import_paths([save_all(slices, tmp_path)]).all_series

    assert series.verdict.missing_positions == 1
    assert "missing between 3 and 5" in series.verdict.warnings[0].text


def test_the_same_files_given_twice_are_duplicates(tmp_path: Path) -> None:
    save_all(stack(3), tmp_path / "a")
    for path in (tmp_path / "a").iterdir():
        (tmp_path / "b").mkdir(exist_ok=True)
        (tmp_path / "b" / path.name).write_bytes(path.read_bytes())

    result = import_paths([tmp_path])

    (series,) = result.all_series
    assert (series.verdict.received, series.verdict.shown, series.verdict.duplicates) == (6, 3, 3)
    assert "received already (as a/" in series.verdict.set_aside[0].reason
    assert received(result) == 6


def test_slices_that_all_carry_one_uid_are_all_shown(tmp_path: Path) -> None:
    slices = stack(4)
    for one in slices:
        one.SOPInstanceUID = "2.25.7"

    (series,) = import_paths([save_all(slices, tmp_path)]).all_series

    assert series.verdict.shown == 4


def test_two_different_images_at_one_place_are_both_kept(tmp_path: Path) -> None:
    (series,) = import_paths([save_all([*stack(3), image(9, 2)], tmp_path)]).all_series

    assert sum(one.slice_count for one in series.display_sets) == 4
    assert series.verdict.duplicates == 1
    assert "duplicate_positions" in [doubt.code for doubt in series.verdict.warnings]


@pytest.mark.parametrize(
    ("uid_end", "words"),
    [
        ("88.22", "structured report"),
        ("66.4", "segmentation"),
        ("481.3", "structure set"),
        ("481.2", "dose grid"),
        ("481.10", "radiotherapy object"),
        ("11.1", "presentation state"),
        ("9.1.1", "waveform"),
        ("104.1", "PDF"),
        ("88.59", "key images"),
        ("78.1", "measurements"),
        ("200.1", "protocol"),
    ],
)
def test_objects_that_are_no_images_are_set_aside_by_name(
    uid_end: str, words: str, tmp_path: Path
) -> None:
    other = image(1, SeriesInstanceUID="2.25.9")
    other.SOPClassUID = f"1.2.840.10008.5.1.4.1.1.{uid_end}"
    folder = save_all(stack(2), tmp_path)
    save(other, folder / "other.dcm")

    (study,) = import_paths([folder]).studies

    assert len(study.series) == 1
    (aside,) = study.documents[0].verdict.set_aside
    assert words in aside.reason


def test_a_zip_is_taken_in_like_its_folder(tmp_path: Path) -> None:
    folder = save_all(stack(3), tmp_path / "plain")
    with zipfile.ZipFile(tmp_path / "study.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in folder.iterdir():
            archive.write(path, f"in/{path.name}")
        archive.writestr("../evil.dcm", b"x")

    result = import_paths([tmp_path / "study.zip"])

    assert result.all_series[0].verdict.shown == 3
    assert "leads outside" in result.set_aside[0].reason


def test_an_empty_folder_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NothingToShowError, match="holds no file") as error:
        import_paths([tmp_path])

    assert error.value.exit_code == 3
    assert "choose the folder" in error.value.todo


def test_a_text_file_alone_is_refused_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("hello")

    with pytest.raises(NothingToShowError, match=r"not a DICOM file \(1 of 1\)") as error:
        import_paths([tmp_path / "note.txt"])

    assert error.value.set_aside[0].file == "note.txt"


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputRefusedError, match="not there"):
        import_paths([tmp_path / "gone"])


def test_no_permission_is_one_sentence_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = save_all(stack(3), tmp_path)
    real = os.open

    def open_(path: Path, flags: int, mode: int = 0o777) -> int:
        if Path(path).name == "file001.dcm":
            raise PermissionError(13, os.strerror(13))
        return real(path, flags, mode)

    monkeypatch.setattr(os, "open", open_)

    result = import_paths([folder])

    assert result.all_series[0].verdict.shown == 2
    assert "no permission" in result.set_aside[0].reason


def test_the_import_can_be_cancelled(tmp_path: Path) -> None:
    token = CancelToken()
    token.cancel()

    with pytest.raises(CancelledError):
        import_paths([save_all(stack(2), tmp_path)], cancel=token)


def test_progress_counts_files(tmp_path: Path) -> None:
    seen: list[int] = []

    import_paths([save_all(stack(20), tmp_path)], progress=seen.append)

    assert seen == [0, 16]


def test_the_log_holds_counts_only(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="workstation"):
        import_paths([save_all(stack(2), tmp_path)])

    assert [record.getMessage() for record in caplog.records] == [
        "imported 1 series, 0 files set aside"
    ]


CIRCLE = {"CenterOfCircularShutter": [3, 3], "RadiusOfCircularShutter": 2}


@pytest.mark.parametrize(
    ("attributes", "code", "words"),
    [
        ({"RescaleSlope": None, "RescaleIntercept": None}, "unit_untrusted", "no rescale"),
        ({"RescaleType": "US"}, "unit_untrusted", "not Hounsfield units"),
        ({"LossyImageCompression": "01", "LossyImageCompressionRatio": 12}, "lossy", "12:1"),
        ({"LossyImageCompression": "01"}, "lossy", "with loss."),
        ({"BurnedInAnnotation": "YES"}, "burned_in", "burned into"),
        ({"PixelSpacing": None}, "no_millimetres", "no pixel size"),
        ({"ImagePositionPatient": None}, "no_position", "where these images lie"),
        ({"ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]}, "localizer", "localizer"),
        ({"OverlayRows": 5}, "overlays_shown", "overlays"),
        ({"Modality": "PT", "Units": "CNTS"}, "unit_untrusted", "no unit"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.7"}, "maybe_burned_in", "screen capture"),
        ({"SeriesInstanceUID": None}, "no_series_uid", "name no series"),
        (
            {"VOILUTSequence": item(LUTDescriptor=[1, 0, 16])},
            "voi_table_broken",
            "fewer entries than it claims",
        ),
        ({"WindowCenter": 40, "WindowWidth": 0.5}, "window_refused", "width that cannot be"),
        ({"HighBit": 2}, "bits_contradict", "High Bit"),
        ({"PhotometricInterpretation": None}, "header_incomplete", "may be exchanged"),
        ({"BitsStored": None, "HighBit": None}, "header_incomplete", "Bits Stored, High Bit"),
        ({"ShutterShape": "CIRCULAR", **CIRCLE}, "shutter", "opens when"),
    ],
)
def test_each_doubt_is_said(
    attributes: dict[str, object], code: str, words: str, tmp_path: Path
) -> None:
    overlay = attributes.pop("OverlayRows", None)
    slices = stack(3, **attributes)
    for one in slices:
        if overlay:
            one.add_new(0x60000010, "US", overlay)

    (series,) = import_paths([save_all(slices, tmp_path)]).all_series

    found = {doubt.code: doubt.text for doubt in series.verdict.warnings}
    assert words in found[code]
    assert series.verdict.shown == 3


@pytest.mark.parametrize(
    ("attributes", "words"),
    [
        ({"Rows": 60000, "Columns": 60000}, "MiB for one image"),
        ({"NumberOfFrames": 200_000}, "200000 frames"),
        ({"Rows": 500}, "the file is cut"),
        ({"Rows": None}, "how many rows"),
        ({"BitsStored": 20}, "contradict"),
        ({"HighBit": 16}, "contradict"),
        ({"PhotometricInterpretation": "HSV"}, "stored as HSV"),
        ({"PhotometricInterpretation": "PALETTE COLOR"}, "table of colors"),
        ({"BitsAllocated": 7}, "standard does not allow"),
        ({"PixelData": None}, "no pixel data"),
    ],
)
def test_impossible_images_are_refused_before_memory_is_taken(
    attributes: dict[str, object], words: str, tmp_path: Path
) -> None:
    save(edit(image(1), **attributes), tmp_path / "bad.dcm")
    save(image(2), tmp_path / "good.dcm")

    (series,) = import_paths([tmp_path]).all_series

    assert words in series.verdict.set_aside[0].reason
    assert series.verdict.shown == 1


def test_repeated_windows_are_given_once_with_their_names(tmp_path: Path) -> None:
    data = image(
        1,
        WindowCenter=[40, 40, -600],
        WindowWidth=[400, 400, 1500],
        WindowCenterWidthExplanation=["SOFT", "SOFT", "LUNG"],
        VOILUTFunction="SIGMOID",
    )

    (series,) = import_paths([save(data, tmp_path / "a.dcm")]).all_series

    windows = series.display_sets[0].windows
    assert [(one.center, one.width, one.name) for one in windows] == [
        (40, 400, "SOFT"),
        (-600, 1500, "LUNG"),
    ]
    assert windows[0].function.value == "SIGMOID"


def test_radiotherapy_pictures_are_images(tmp_path: Path) -> None:
    data = image(1, SOPClassUID="1.2.840.10008.5.1.4.1.1.481.1", Modality="RTIMAGE")

    assert import_paths([save(data, tmp_path / "a.dcm")]).all_series[0].verdict.shown == 1


def test_slices_with_different_frames_of_reference_are_one_stack_that_says_so(
    tmp_path: Path,
) -> None:
    slices = [edit(one, FrameOfReferenceUID=f"2.25.{one.InstanceNumber}") for one in stack(4)]

    (series,) = import_paths([save_all(slices, tmp_path)]).all_series

    assert [doubt.code for doubt in series.verdict.warnings] == ["mixed_reference_frames"]


def test_a_folder_without_permission_is_refused_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.stat

    def stat(self: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        if self.name == "locked":
            raise PermissionError(13, os.strerror(13))
        return real(self, follow_symlinks=follow_symlinks)

    monkeypatch.setattr(Path, "stat", stat)

    with pytest.raises(InputRefusedError, match="no permission") as error:
        import_paths([tmp_path / "locked"])

    assert error.value.todo


@pytest.mark.skipif(os.name != "posix", reason="named pipes are POSIX")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    folder = save_all(stack(2), tmp_path)
    os.mkfifo(folder / "pipe")

    result = import_paths([folder])

    assert result.set_aside[0].reason == "it is not a plain file"


def test_a_disk_index_is_set_aside_and_its_files_are_read(tmp_path: Path) -> None:
    folder = save_all(stack(2), tmp_path)
    index = image(1, PixelData=None)
    index.DirectoryRecordSequence = item(DirectoryRecordType="PATIENT")
    save(index, folder / "DICOMDIR")

    result = import_paths([folder])

    assert "index of a disk" in result.set_aside[0].reason
    assert result.all_series[0].verdict.shown == 2


def test_an_object_without_image_and_class_is_set_aside(tmp_path: Path) -> None:
    folder = save_all(stack(2), tmp_path)
    path = save(image(1, PixelData=None), folder / "odd.dcm")
    raw = path.read_bytes()
    path.write_bytes(raw.replace(b"\x08\x00\x16\x00UI", b"\x08\x00\x17\x00UI"))

    assert "no SOP class" in import_paths([folder]).set_aside[0].reason
