"""What lies outside the body in CT: analytic bodies on tables; nothing of a body ever goes."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from viewers.scene3d.outside import outside_of

STEPS_MM = (2.5, 1.0, 1.0)
SHAPE = (8, 240, 300)
AIR, LUNG, FAT, SHELL, FOAM = -1000, -860, -90, 150, -955


def ellipse(x: float, y: float, a: float, b: float) -> NDArray[np.bool_]:
    """Return (rows, columns) of an ellipse around (x, y) mm with half axes a, b."""
    j, i = np.indices(SHAPE[1:])
    found: NDArray[np.bool_] = ((i - x) / a) ** 2 + ((j - y) / b) ** 2 <= 1
    return found


def chest(*, shift: float = 0.0, table_j: int = 179) -> tuple[NDArray[np.int16], NDArray[np.bool_]]:
    """Return slices of a chest on a table and what of them is its body, lungs included."""
    plane = np.full(SHAPE[1:], AIR, dtype=np.float64)
    body = ellipse(150 + shift, 110, 100, 70)
    plane[body] = FAT
    for x in (105, 195):
        plane[ellipse(x + shift, 105, 36, 48)] = LUNG
    plane[ellipse(150 + shift, 80, 9, 9)] = AIR  # the trachea
    arm = ellipse(150 + shift, 15, 14, 10) if not shift else np.zeros_like(body)
    plane[arm] = FAT
    ear = np.zeros_like(body)
    ear[105:112, int(249 + shift) : int(275 + shift)] = not shift
    plane[ear] = FAT
    plane[60:62, 5:45] = -300  # a fold of cloth
    table = np.zeros_like(body)
    table[table_j : table_j + 4], table[215:219] = True, True
    plane[table_j + 4 : 215] = FOAM
    plane[table & ~body] = SHELL
    rng = np.random.default_rng(5)
    voxels = plane + rng.normal(0, 25, SHAPE)
    return voxels.round().astype(np.int16), np.broadcast_to(body | arm | ear, SHAPE)


def hidden_of(voxels: NDArray[np.int16]) -> NDArray[np.bool_]:
    filled = voxels.copy()
    outside_of(voxels, STEPS_MM).fill(filled, 8192)
    found: NDArray[np.bool_] = filled == 8192
    return found


def test_nothing_of_the_body_goes_and_table_cloth_and_air_do() -> None:
    voxels, body = chest()

    hidden = hidden_of(voxels)

    assert not (hidden & body).any()
    assert hidden[:, 215:, :].mean() > 0.99
    assert hidden[:, 60:62, 5:45].all()
    assert hidden[:, 179:183, 5:60].mean() > 0.99
    assert hidden[:, ~body[0]].mean() > 0.93


def test_an_airway_that_ends_at_the_first_slice_stays() -> None:
    voxels, _ = chest()

    assert not hidden_of(voxels)[:, 72:88, 142:158].any()


def test_lung_that_is_cut_by_the_edge_of_the_picture_stays() -> None:
    voxels, body = chest(shift=-110)

    assert not (hidden_of(voxels) & body).any()


def test_a_body_over_the_edge_with_closed_lungs_is_freed_of_its_table() -> None:
    voxels, body = chest()
    moved = np.roll(voxels, -55, axis=2)
    moved[:, :, -55:] = np.where(np.arange(240)[:, None] > 178, moved[:, :, -56:-55], AIR)

    hidden = hidden_of(moved)

    assert not (hidden[:, :, :245] & np.roll(body, -55, axis=2)[:, :, :245]).any()
    assert hidden[:, 215:, :].mean() > 0.99


def test_what_was_there_comes_back() -> None:
    voxels, _ = chest()
    filled = voxels.copy()
    outside = outside_of(voxels, STEPS_MM)

    outside.fill(filled, -1024)
    assert (filled != voxels).any()
    outside.restore(filled)

    assert np.array_equal(filled, voxels)
    assert outside.count == hidden_of(voxels).sum()


@pytest.mark.parametrize("value", [AIR, FAT])
def test_air_alone_is_all_outside_and_a_full_picture_is_all_body(value: int) -> None:
    voxels = np.full((4, 40, 50), value, dtype=np.int16)

    assert outside_of(voxels, STEPS_MM).count == (voxels.size if value == AIR else 0)
