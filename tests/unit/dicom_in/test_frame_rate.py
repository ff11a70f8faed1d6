"""How fast the headers ask to be played: read by tag, from single and enhanced objects."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.dicom_in.factory import edit, enhanced, save, save_all, stack
from workstation.services.import_studies import import_paths
from workstation.services.open_series import load_series


@pytest.mark.parametrize(
    ("attributes", "rate"),
    [
        ({"RecommendedDisplayFrameRate": 12, "CineRate": 30, "FrameTime": "50"}, 12.0),
        ({"CineRate": 30, "FrameTime": "50"}, 30.0),
        ({"FrameTime": "66.6667"}, 15.0),
        ({"CineRate": 0, "FrameTime": "40"}, 25.0),
        ({"FrameTime": "0"}, 0.0),
        ({}, 0.0),
    ],
)
def test_the_recommended_rate_comes_first_then_the_recorded_one_then_the_time_between_frames(
    tmp_path: Path, attributes: dict[str, object], rate: float
) -> None:
    save(edit(enhanced(4), **attributes), tmp_path / "a.dcm")
    (series,) = import_paths([tmp_path]).all_series

    volume = load_series(series.display_sets[0])

    assert series.display_sets[0].frame_rate == pytest.approx(rate, rel=1e-4)
    assert volume.frame_rate == pytest.approx(rate, rel=1e-4)


def test_single_images_of_a_series_name_their_rate_too(tmp_path: Path) -> None:
    save_all(stack(3, CineRate=8), tmp_path)
    (series,) = import_paths([tmp_path]).all_series

    assert load_series(series.display_sets[0]).frame_rate == 8.0
