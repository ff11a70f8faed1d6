"""Display shutters are read as PS3.3 C.7.6.11 has them: rows and columns from 1, row first."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.dicom_in.factory import edit, image, save, save_all, stack
from workstation.core.drawings import Shutter
from workstation.core.volume import Volume
from workstation.services.import_studies import import_paths
from workstation.services.open_series import load_series

RECTANGLE: dict[str, object] = {
    "ShutterLeftVerticalEdge": 2,
    "ShutterRightVerticalEdge": 4,
    "ShutterUpperHorizontalEdge": 1,
    "ShutterLowerHorizontalEdge": 5,
}
CIRCLE: dict[str, object] = {"CenterOfCircularShutter": [3, 2], "RadiusOfCircularShutter": 2}
POLYGON: dict[str, object] = {"VerticesOfThePolygonalShutter": [1, 1, 5, 1, 5, 4]}


def opened(folder: Path, **attributes: object) -> Volume:
    save(edit(image(1), **attributes), folder / "a.dcm")
    (series,) = import_paths([folder]).all_series
    return load_series(series.display_sets[0])


@pytest.mark.parametrize(
    ("attributes", "shutter"),
    [
        (
            {"ShutterShape": "RECTANGULAR", **RECTANGLE},
            Shutter(rectangle=(2, 4, 1, 5)),
        ),
        (
            {"ShutterShape": "CIRCULAR", **CIRCLE, "ShutterPresentationValue": 0x80FF},
            Shutter(circle=(3, 2, 2), level=0x80),
        ),
        (
            {"ShutterShape": ["POLYGONAL", "CIRCULAR"], **POLYGON, **CIRCLE},
            Shutter(circle=(3, 2, 2), polygon=((1, 1), (5, 1), (5, 4))),
        ),
        ({"ShutterShape": "RECTANGULAR"}, None),
        ({"ShutterShape": "RECTANGULAR", **RECTANGLE, "ShutterLeftVerticalEdge": 4}, None),
        ({"ShutterShape": "CIRCULAR", **CIRCLE, "RadiusOfCircularShutter": 0}, None),
        ({"ShutterShape": "POLYGONAL", "VerticesOfThePolygonalShutter": [1, 1, 2, 2]}, None),
        ({"ShutterShape": "POLYGONAL", "VerticesOfThePolygonalShutter": [1, 1, 2, 2, 3]}, None),
        (RECTANGLE, None),
    ],
)
def test_a_shutter_is_read_or_is_none(
    attributes: dict[str, object], shutter: Shutter | None, tmp_path: Path
) -> None:
    assert opened(tmp_path, **attributes).shutter == shutter


def test_shutters_that_differ_from_slice_to_slice_hide_nothing(tmp_path: Path) -> None:
    slices = stack(3, ShutterShape="CIRCULAR", **CIRCLE)
    slices[1].RadiusOfCircularShutter = 1

    (series,) = import_paths([save_all(slices, tmp_path)]).all_series

    assert load_series(series.display_sets[0]).shutter is None
    (text,) = [one.text for one in series.verdict.warnings if one.code == "shutter"]
    assert "differ" in text
