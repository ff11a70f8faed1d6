"""The command line tells the figures of a series as numbers at the strength that was written."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from inference.tasks.denoise import EnhancementFigures
from tests.unit.services.test_enhancement_figures import CHANGE, FIGURES
from workstation.services.enhancement_json import figures_json


def test_figures_are_those_at_the_strength_and_plain_json() -> None:
    change = replace(CHANGE, slice_indices=(0, 9), slice_sigmas=(18.0, 22.0))

    found = figures_json(replace(FIGURES, change=change), strength=0.5, unit="HU")

    assert json.loads(json.dumps(found)) == found
    assert found["noise_at_strength"] == pytest.approx(14)
    assert found["bias_at_strength"] == pytest.approx(0.2)
    assert found["block_shift"]["worst"] == pytest.approx(3.0)
    assert found["spectrum"]["unit"] == "HU^2 mm^2"
    assert found["spectrum"]["after"] == pytest.approx([8.25, 3.75])
    assert found["spectrum"]["shift"] == pytest.approx(0.1625 / 0.2 - 1)
    assert found["structure"] == {"correlation": -0.1, "share": 0.01}
    assert found["noise_by_slice"] == {"slices": [0, 9], "noise": [18.0, 22.0]}
    assert {"quantity", "before", "after", "limit", "met"} == set(found["figures"][0])


def test_what_was_not_measured_is_null() -> None:
    found = figures_json(EnhancementFigures(sigma_before=20, sigma_after=8), strength=1, unit="HU")

    parts = ("spectrum", "block_shift", "structure", "noise_by_slice")
    assert [found[name] for name in parts] == [None] * 4
