"""How sure a model is: the interval of its table around the result, at any strength."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from inference.packs.store import PackStore
from inference.packs.uncertainty import UncertaintyRow, UncertaintySpec, gradient
from inference.tasks.change_figures import ChangeFigures
from tests.support.model_packs import shift_model, write_pack
from workstation.core.errors import InputRefusedError
from workstation.core.provenance import PackRef
from workstation.services.enhancement_uncertainty import slice_uncertainty, table_of

SIGMA = 10.0
TABLE = UncertaintySpec(
    0.9,
    (
        UncertaintyRow(0.0, 0.5, -1.0, 2.0, 0.0, 1.0),
        UncertaintyRow(0.5, 4.0, -0.5, 0.6, 0.0, 1.0),
        UncertaintyRow(0.0, 4.0, -3.0, 3.0, 1.0, 9.0),
    ),
    held_out=0.92,
    held_out_edges=0.9,
)
KNOWN = ChangeFigures(slice_indices=(0, 2), slice_sigmas=(SIGMA, 2 * SIGMA))
ROWS = """
[uncertainty]
coverage = 0.9
held_out = 0.93

[[uncertainty.rows]]
change_low = 0
change_high = 4
low = -1
high = 1.5
"""


def flat(value: float) -> np.ndarray:
    return np.full((3, 6, 6), value, np.float32)


def test_the_interval_follows_change_and_noise_of_the_slice() -> None:
    original, result = flat(40), flat(42)
    result[:, 0, 0] = 48  # changed by 0.8 deviations; its neighbors are steep
    original[:, 0, 0] = 40

    found = slice_uncertainty(original, result, 0, table=TABLE, change=KNOWN)

    assert (found.low[3, 3], found.high[3, 3]) == (32.0, 62.0)
    assert found.half_widths.dtype == np.float32
    assert found.half_widths[3, 3] == 15.0
    assert found.shown[3, 3] == 42
    assert (found.level, found.held_out, found.held_out_edges) == (0.9, 0.92, 0.9)


def test_a_voxel_that_was_lowered_has_the_mirrored_interval() -> None:
    found = slice_uncertainty(flat(40), flat(38), 0, table=TABLE, change=KNOWN)

    assert (found.low[3, 3], found.high[3, 3]) == (38 - 20, 38 + 10)


def test_noise_of_another_slice_widens_the_interval() -> None:
    found = slice_uncertainty(flat(40), flat(42), 1, table=TABLE, change=KNOWN)

    assert found.high[3, 3] == pytest.approx(42 + 2 * 15)


def test_edges_have_their_own_row() -> None:
    result = flat(40)
    result[:, :, 3:] = 80

    found = slice_uncertainty(result, result, 0, table=TABLE, change=KNOWN)

    assert gradient(result[0])[3, 3] == 20
    assert found.half_widths[3, 3] == 30
    assert found.half_widths[3, 0] == 15


def test_the_interval_stays_where_it_is_when_less_is_shown() -> None:
    whole = slice_uncertainty(flat(40), flat(48), 0, table=TABLE, change=KNOWN, strength=1.0)
    half = slice_uncertainty(flat(40), flat(48), 0, table=TABLE, change=KNOWN, strength=0.5)

    np.testing.assert_array_equal(half.low, whole.low)
    np.testing.assert_array_equal(half.high, whole.high)
    assert half.shown[0, 0] == 44


@pytest.mark.parametrize("change", [None, ChangeFigures()])
def test_nothing_is_told_while_the_noise_is_not_known(change: ChangeFigures | None) -> None:
    with pytest.raises(InputRefusedError, match="not known yet"):
        slice_uncertainty(flat(40), flat(42), 0, table=TABLE, change=change)


def test_only_a_calibrated_pack_that_was_not_changed_tells(tmp_path: Path) -> None:
    write_pack(tmp_path, shift_model(0.0), pack_id="calibrated", extra=ROWS)
    write_pack(tmp_path, shift_model(0.0), pack_id="bare")
    packs = PackStore(tmp_path, None)
    calibrated, bare = packs.get("calibrated").ref, packs.get("bare").ref

    assert table_of(packs, calibrated).rows[0].high == 1.5
    with pytest.raises(InputRefusedError, match="not calibrated"):
        table_of(packs, bare)
    with pytest.raises(InputRefusedError, match="changed since"):
        table_of(packs, PackRef(calibrated.pack_id, calibrated.version, "0" * 64))
