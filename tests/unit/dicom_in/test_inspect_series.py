"""The JSON of ``prelim inspect`` has the keys of the contract."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

from tests.unit.dicom_in.factory import image, save, save_all, stack
from workstation.services.inspect_series import inspect

CONTRACT = {
    "uid",
    "modality",
    "description",
    "received",
    "shown",
    "set_aside",
    "rows",
    "columns",
    "slices",
    "spacing_mm",
    "spacing_k_mm",
    "tilt_deg",
    "missing_positions",
    "duplicates",
    "unit",
    "orientation",
    "transfer_syntaxes",
    "warnings",
}


def inspected(folder: Path) -> list[dict[str, Any]]:
    text = json.dumps(inspect([folder]))
    return cast("list[dict[str, Any]]", json.loads(text)["series"])


def test_a_series_is_told_with_every_key_of_the_contract(tmp_path: Path) -> None:
    (series,) = inspected(save_all(stack(5, SeriesDescription="thin"), tmp_path))

    assert set(series) >= CONTRACT
    assert series["spacing_mm"] == [0.25, 0.5, 1.0]
    assert series["spacing_k_mm"] == {"min": 1.0, "median": 1.0, "max": 1.0}
    assert (series["received"], series["shown"], series["slices"]) == (5, 5, 5)
    assert (series["rows"], series["columns"]) == (6, 5)
    assert (series["missing_positions"], series["duplicates"], series["tilt_deg"]) == (0, 0, 0.0)
    assert (series["unit"], series["orientation"]) == ("HU", "axial")
    assert series["transfer_syntaxes"] == ["Explicit VR Little Endian"]
    assert series["description"] == "thin"


def test_unknown_spacing_is_null(tmp_path: Path) -> None:
    (series,) = inspected(save_all([image(1, PixelSpacing=None)], tmp_path))

    assert series["spacing_mm"] == [None, None, None]
    assert series["spacing_k_mm"] == {"min": None, "median": None, "max": None}
    assert "no_millimetres" in [warning["code"] for warning in series["warnings"]]


def test_series_without_images_and_stray_files_are_told_too(tmp_path: Path) -> None:
    folder = save_all(stack(2), tmp_path)
    report = image(1, SeriesInstanceUID="2.25.9", Modality="SR")
    report.SOPClassUID = "1.2.840.10008.5.1.4.1.1.88.11"
    save(report, folder / "report.dcm")
    (folder / "note.txt").write_text("x")

    result = json.loads(json.dumps(inspect([folder])))

    assert [(one["received"], one["shown"]) for one in result["series"]] == [(2, 2), (1, 0)]
    assert result["series"][1]["set_aside"][0]["file"] == "report.dcm"
    assert result["set_aside"] == [{"file": "note.txt", "reason": "this is not a DICOM file"}]
