from __future__ import annotations

from dataclasses import replace

import numpy as np

from inference.tasks.measure import MeasureRequest
from inference.vlm.templates import not_assessed_text, technique_text
from tests.unit.vlm.facts import hyperdense, lung
from workstation.core.finding import Side
from workstation.core.geometry import StackGeometry
from workstation.core.intensity import Intensity, IntensityUnit


def request(
    positions_z: list[float], *, tilt_mm: float = 0.0, has_mm: bool = True
) -> MeasureRequest:
    count = len(positions_z)
    lean = np.linspace(0, tilt_mm, count)
    positions = np.stack([np.zeros(count), lean, np.array(positions_z)], axis=1)
    geometry = StackGeometry(
        (count, 16, 16), np.array([1.0, 0, 0]), np.array([0, 1.0, 0]), (0.5, 0.75), positions, "1",
        has_mm,
    )  # fmt: skip
    uids = tuple(f"1.{k}" for k in range(count))
    return MeasureRequest("CT", "", "", "1.2", uids, geometry, Intensity(IntensityUnit.HU))


def test_the_technique_says_what_was_acquired_and_names_no_anatomy() -> None:
    text = technique_text(request([0.0, 2.5, 5.0]))

    assert text == "CT: 3 axial slices, 2.5 mm apart, pixel size 0.50 x 0.75 mm."


def test_uneven_gaps_are_given_as_a_range() -> None:
    assert "1.0 to 7.0 mm apart" in technique_text(request([0.0, 1.0, 8.0]))


def test_a_leaning_gantry_is_told() -> None:
    # Leaning 10 mm over 10 mm of table is 45 degrees.
    assert "gantry tilt 45.0 degrees" in technique_text(request([0.0, 5.0, 10.0], tilt_mm=10.0))


def test_without_millimeters_none_are_given() -> None:
    text = technique_text(request([0.0, 2.5, 5.0], has_mm=False))

    assert "mm" not in text
    assert "not known" in text


def test_what_was_not_assessed_is_listed_with_its_reason_once() -> None:
    cut = replace(lung(0.0, Side.RIGHT), is_assessed=False, reason="the lungs are cut")
    other = replace(cut, side=Side.LEFT)
    limited = replace(hyperdense(0.0), reason="parts under 0.5 ml are not assessed")

    text = not_assessed_text((cut, other, limited))

    assert text == (
        "Not assessed: right lung volume and left lung volume (the lungs are cut); "
        "hyperdense volume (parts under 0.5 ml are not assessed); "
        "anything not mentioned above."
    )
