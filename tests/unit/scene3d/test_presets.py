"""Presets are data, strictly checked; their points follow the hand and the statistics."""

from __future__ import annotations

from pathlib import Path

import pytest

from viewers.scene3d.presets import (
    Blend,
    PresetError,
    Scale,
    Statistics,
    VolumePreset,
    load_presets,
    transfer,
)
from workstation.settings.resources import resource

GOOD = """
id = "a"
name = "A"
order = 1
modalities = ["CT"]
scale = "HU"
blend = "composite"
opacity = [[-1000, 0.0], [200, 0.5]]
color = [[-1000, 0, 0, 0], [200, 1, 1, 1]]
light = {ambient = 0.1, diffuse = 0.8, specular = 0.2, power = 10}
"""

SPOILT = {
    "an unknown field": GOOD + "glow = 1\n",
    "a field too few": GOOD.replace('blend = "composite"\n', ""),
    "an unknown blend": GOOD.replace("composite", "xray"),
    "values that fall": GOOD.replace("[200, 0.5]", "[-1500, 0.5]"),
    "an opacity above 1": GOOD.replace("[200, 0.5]", "[200, 1.5]"),
    "one point": GOOD.replace("[-1000, 0.0], ", ""),
    "a color of two parts": GOOD.replace("[200, 1, 1, 1]", "[200, 1, 1]"),
    "a percentile of 200": GOOD.replace('"HU"', '"percentile"').replace("-1000", "0"),
    "a light without power": GOOD.replace(", power = 10", ""),
    "a light that dazzles": GOOD.replace("diffuse = 0.8", "diffuse = 3"),
    "an empty name": GOOD.replace('name = "A"', 'name = " "'),
    "no TOML": "id = ",
}

FLAT = Statistics((0.0, 100.0), (0.0, 1000.0))


def made(**changes: object) -> VolumePreset:
    values: dict[str, object] = {
        "preset_id": "a", "name": "A", "order": 1, "modalities": ("CT",), "scale": Scale.HU,
        "blend": Blend.COMPOSITE, "light": None, "opacity": ((100.0, 0.0), (300.0, 0.8)),
        "color": ((100.0, 0.0, 0.0, 0.0), (300.0, 1.0, 1.0, 1.0)),
    }  # fmt: skip
    return VolumePreset(**{**values, **changes})  # type: ignore[arg-type]


def test_the_presets_of_the_program_can_be_read_and_cover_what_readers_ask_for() -> None:
    presets = load_presets(resource("volume_presets"))

    ct = {one.preset_id for one in presets if one.fits("CT", is_hu=True)}
    assert {"ct-bone", "ct-lung", "ct-airways", "ct-vessels", "ct-skin", "ct-soft-tissue"} <= ct
    mr = [one for one in presets if one.fits("MR", is_hu=False)]
    assert {"mr-default", "mr-angio", "mip"} <= {one.preset_id for one in mr}
    assert all(one.scale is Scale.PERCENTILE for one in mr)


def test_numbers_that_are_no_hounsfield_units_get_no_preset_in_them() -> None:
    presets = load_presets(resource("volume_presets"))

    offered = [one for one in presets if one.fits("CT", is_hu=False)]

    assert offered
    assert all(one.scale is Scale.PERCENTILE for one in offered)


@pytest.mark.parametrize("fault", SPOILT)
def test_a_preset_with_a_fault_is_refused(fault: str, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(SPOILT[fault], encoding="utf-8")

    with pytest.raises(PresetError):
        load_presets(tmp_path)


def test_a_good_preset_is_read_and_two_of_one_id_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(GOOD, encoding="utf-8")
    (found,) = load_presets(tmp_path)
    assert found.opacity == ((-1000.0, 0.0), (200.0, 0.5))

    (tmp_path / "b.toml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(PresetError):
        load_presets(tmp_path)


def test_points_move_by_lengths_of_the_preset_and_are_drawn_out_around_its_middle() -> None:
    moved = transfer(made(), FLAT, shift=0.5, stretch=1.0, opacity=1.0)
    wide = transfer(made(), FLAT, shift=0.0, stretch=2.0, opacity=0.5)

    assert moved.opacity == ((200.0, 0.0), (400.0, 0.8))
    assert wide.opacity == ((0.0, 0.0), (400.0, 0.4))
    assert [point[0] for point in wide.color] == [0.0, 400.0]


def test_percentiles_become_values_of_the_volume() -> None:
    points = ((0.0, 0.0), (50.0, 0.5), (100.0, 1.0))
    preset = made(scale=Scale.PERCENTILE, opacity=points)

    found = transfer(preset, FLAT, shift=0.0, stretch=1.0, opacity=1.0)

    assert [value for value, _ in found.opacity] == [0.0, 500.0, 1000.0]


def test_points_of_a_flat_volume_still_ascend() -> None:
    flat = Statistics((0.0, 100.0), (7.0, 7.0))
    preset = made(scale=Scale.PERCENTILE, opacity=((0.0, 0.0), (50.0, 0.5), (100.0, 1.0)))

    values = [v for v, _ in transfer(preset, flat, shift=0, stretch=1, opacity=1).opacity]

    assert values[0] < values[1] < values[2]
