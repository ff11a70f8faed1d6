"""Calibration covers what it says it covers, and its table can be put into a manifest and back."""

from __future__ import annotations

import numpy as np
import pytest

from inference.packs.manifest import parse_manifest
from inference.training.uncertainty import (
    Seen,
    calibrated,
    coverages,
    is_inside,
    manifest_text,
    table_of,
    without_table,
)
from tests.support.model_packs import MANIFEST


def patient(name: str, seed: int, *, scale: float = 1.0, count: int = 40_000) -> Seen:
    """Return voxels whose error is normal, twice as wide at edges, and leans with the change."""
    random = np.random.default_rng(seed)
    change, steepness = random.normal(0, 1, count), random.exponential(1.0, count)
    wide = np.where(steepness > 3, 2.0, 1.0) * scale
    error = 0.3 * change + random.normal(0, 1, count) * wide
    return Seen(
        name,
        change=change.astype(np.float32),
        error=error.astype(np.float32),
        steepness=steepness.astype(np.float32),
        truth=np.full(count, 50, np.float32),
        edge=steepness > 3,
    )


def test_new_patients_like_the_calibrated_are_covered_as_often_as_is_said() -> None:
    spec = calibrated([patient("a", 1), patient("b", 2)])

    found = coverages(spec, [patient("c", 3)], "CT")

    assert found["all"] == pytest.approx(0.9, abs=0.015)
    assert found["edges"] == pytest.approx(0.9, abs=0.03)
    assert found["soft tissue"] == found["all"]


def test_a_patient_unlike_the_others_makes_the_table_wider_until_it_is_covered() -> None:
    odd = patient("odd", 5, scale=1.5)

    spec = calibrated([patient("a", 1), patient("b", 2), odd])

    assert is_inside(spec, odd).mean() >= 0.9
    assert is_inside(spec, patient("c", 3)).mean() > 0.94


def test_the_interval_leans_with_the_sign_of_the_change() -> None:
    spec = calibrated([patient("a", 1), patient("b", 2)])
    last = [row for row in spec.rows if row.gradient_low == 0][-1]

    # Errors lean towards the change: more above the result where it was raised.
    assert last.high > -last.low


def test_a_table_goes_into_a_manifest_and_comes_back() -> None:
    text = MANIFEST.format(
        pack_id="some-pack",
        task="denoise",
        kind="slice",
        bound=3.0,
        consistency=0.0,
        largest_px=1024,
        base_bytes=1000,
    )
    files = "".join(
        f'\n[[files]]\npath = "{name}"\nrole = "{role}"\nbytes = 1\nsha256 = "{"0" * 64}"\n'
        for name, role in (
            ("CARD.md", "card"),
            ("model.onnx", "model"),
            ("golden/input.npy", "golden"),
            ("golden/expected.npy", "golden"),
        )
    )
    spec = calibrated([patient("a", 1), patient("b", 2)])

    once = manifest_text(text + files, spec)
    twice = manifest_text(once, spec)

    assert once == twice
    assert parse_manifest(once.encode()).uncertainty == spec
    assert table_of(text + files) == ""
    assert parse_manifest(without_table(once).encode()).uncertainty is None
    assert parse_manifest(without_table(once).encode()) == parse_manifest((text + files).encode())
