"""Layouts: a tiling of the unit square, whatever is split, taken out, dragged or read."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from viewers.state.layout import MIN_SHARE, Cell, Divider, Layout, LayoutError
from viewers.state.view_state import Plane


def area_of(cell: Cell) -> tuple[float, float, float, float]:
    return (cell.left, cell.top, cell.left + cell.width, cell.top + cell.height)


def holder_of(layout: Layout, x: float, y: float) -> list[int]:
    """Return which cells hold a point: a second way to say that cells tile."""
    edges = enumerate(map(area_of, layout.cells))
    return [n for n, (l, t, r, b) in edges if l < x < r and t < y < b]  # noqa: E741 left


@pytest.mark.parametrize("rows", [1, 2, 3, 4])
@pytest.mark.parametrize("columns", [1, 2, 3, 4])
def test_a_grid_has_equal_cells_in_reading_order(rows: int, columns: int) -> None:
    layout = Layout.grid(rows, columns)

    assert layout.name == f"{rows}x{columns}"
    assert len(layout.cells) == rows * columns
    assert layout.planes == (Plane.ACQUIRED,) * (rows * columns)
    for n, cell in enumerate(layout.cells):
        row, column = divmod(n, columns)
        wanted = (column / columns, row / rows, (column + 1) / columns, (row + 1) / rows)
        assert area_of(cell) == pytest.approx(wanted, abs=1e-9)


def test_a_layout_is_equal_to_another_of_the_same_cells() -> None:
    assert Layout.named("2x2") == Layout.FOUR
    assert Layout.named("mpr") is Layout.MPR


@pytest.mark.parametrize("name", ["5x1", "0x1", "free", "", "1x1 ", "11"])
def test_a_name_that_is_no_layout_is_refused(name: str) -> None:
    with pytest.raises(LayoutError):
        Layout.named(name)


@pytest.mark.parametrize(
    "cells",
    [
        (),
        (Cell(0, 0, 0.5, 1),),
        (Cell(0, 0, 0.6, 1), Cell(0.5, 0, 0.5, 1)),
        (Cell(0, 0, 1, 1), Cell(0, 0, 1, 1)),
        # Two overlap by what a third leaves open: the areas alone would not tell.
        (Cell(0, 0, 0.5, 1), Cell(0.25, 0, 0.5, 1)),
    ],
)
def test_cells_that_do_not_tile_are_refused(cells: tuple[Cell, ...]) -> None:
    with pytest.raises(LayoutError):
        Layout("free", cells)


def test_a_split_gives_the_new_cell_the_place_beside_the_old_one() -> None:
    layout = Layout.FOUR.split(1, side_by_side=True, share=0.25)

    assert len(layout.cells) == 5
    assert layout.cells[1] == Cell(0.5, 0.0, 0.125, 0.5)
    assert layout.cells[2] == Cell(0.625, 0.0, 0.375, 0.5)
    assert layout.cells[3:] == Layout.FOUR.cells[2:]
    assert layout.name == "free"


def test_a_split_one_above_the_other_keeps_the_width() -> None:
    layout = Layout.ONE.split(0, side_by_side=False)

    assert layout.cells == (Cell(0, 0, 1, 0.5), Cell(0, 0.5, 1, 0.5))


def test_the_sixteenth_cell_is_the_last() -> None:
    with pytest.raises(LayoutError):
        Layout.grid(4, 4).split(0, side_by_side=True)


def test_a_cell_taken_out_leaves_its_place_to_the_one_beside_it() -> None:
    assert Layout.FOUR.without(0).cells == (
        Cell(0, 0, 1, 0.5),
        Cell(0, 0.5, 0.5, 0.5),
        Cell(0.5, 0.5, 0.5, 0.5),
    )
    assert Layout.TWO.without(1).cells == Layout.ONE.cells


def test_two_neighbors_share_a_place_that_no_single_one_can_take() -> None:
    left_of_two = Layout.MPR.without(0)

    assert left_of_two.cells == (Cell(0, 0, 1, 0.5), Cell(0, 0.5, 1, 0.5))
    assert left_of_two.planes == (Plane.CORONAL, Plane.SAGITTAL)


def test_sails_of_a_mill_around_a_cell_are_laid_out_anew() -> None:
    third = 1 / 3
    mill = Layout(
        "free",
        (
            Cell(0, 0, 2 * third, third),
            Cell(2 * third, 0, third, 2 * third),
            Cell(third, 2 * third, 2 * third, third),
            Cell(0, third, third, 2 * third),
            Cell(third, third, third, third),
        ),
    )

    assert mill.without(4).cells == Layout.FOUR.cells


def test_the_last_cell_stays() -> None:
    with pytest.raises(LayoutError):
        Layout.ONE.without(0)


def test_one_divider_runs_through_all_rows_of_a_grid() -> None:
    assert Layout.FOUR.dividers == (Divider(True, 0.5, 0.0, 1.0), Divider(False, 0.5, 0.0, 1.0))


def test_dragging_a_divider_gives_one_side_what_the_other_loses() -> None:
    upright = Layout.MPR.dividers[0]

    layout = Layout.MPR.resized(upright, 0.75)

    assert layout.is_mpr
    assert [cell.width for cell in layout.cells] == [0.75, 0.25, 0.25]
    assert layout.planes == Layout.MPR.planes


def test_a_divider_stops_where_the_smallest_cell_begins() -> None:
    layout = Layout.TWO.resized(Layout.TWO.dividers[0], 0.99)

    assert layout.cells[1].width == pytest.approx(MIN_SHARE)


def test_layouts_survive_a_file() -> None:
    layout = Layout.MPR.resized(Layout.MPR.dividers[1], 0.3)

    assert Layout.from_data(json.loads(json.dumps(layout.to_data()))) == layout


def test_a_name_alone_is_data_enough() -> None:
    assert Layout.from_data({"name": "3x2"}) == Layout.grid(3, 2)
    assert Layout.from_data({"name": "1x2", "planes": ["axial", "coronal"]}).planes == (
        Plane.AXIAL,
        Plane.CORONAL,
    )


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {"name": 3},
        {"name": "9x9"},
        {"name": "1x2", "cells": [[0, 0, 1, 1]]},
        {"name": "free", "cells": "0011"},
        {"name": "free", "cells": [[0, 0, 1]]},
        {"name": "free", "cells": [[0, 0, True, 1]]},
        {"name": "free", "cells": [[0, 0, float("nan"), 1]]},
        {"name": "free", "cells": [[0, 0, 1e300, 1]]},
        {"name": "free", "cells": [[0, 0, 1, 1]] * 40},
        {"name": "1x1", "planes": ["oblique"]},
        {"name": "1x1", "planes": ["axial", "axial"]},
        {"name": "1x1", "planes": "axial"},
        {"name": "1x1", "planes": [["axial"]]},
    ],
)
def test_data_that_make_no_layout_are_refused(data: object) -> None:
    with pytest.raises(LayoutError):
        Layout.from_data(data)


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["beside", "above", "without", "resize"]),
        st.integers(0, 63),
        st.floats(0, 1),
    ),
    max_size=30,
)


@given(
    st.sampled_from([Layout.ONE, Layout.TWO, Layout.MPR, Layout.grid(3, 3), Layout.grid(4, 4)]),
    ACTS,
    st.floats(0.001, 0.999),
    st.floats(0.001, 0.999),
)
def test_whatever_is_done_each_point_lies_in_one_cell(
    layout: Layout, acts: list[tuple[str, int, float]], x: float, y: float
) -> None:
    for act, number, share in acts:
        index = number % len(layout.cells)
        try:
            if act == "without":
                layout = layout.without(index)
            elif act != "resize":
                layout = layout.split(index, side_by_side=act == "beside", share=share)
            elif layout.dividers:
                layout = layout.resized(layout.dividers[number % len(layout.dividers)], share)
        except LayoutError:
            continue

    assert len(holder_of(layout, x, y)) <= 1
    assert sum(cell.width * cell.height for cell in layout.cells) == pytest.approx(1.0)
    assert all(cell.left >= 0 and cell.top >= 0 for cell in layout.cells)
    assert all(max(area_of(cell)) <= 1 + 1e-9 for cell in layout.cells)
    assert Layout.from_data(layout.to_data()) == layout
