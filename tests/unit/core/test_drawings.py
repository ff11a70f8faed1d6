"""Display shutters, on pictures small enough to be counted by hand; PS3.3 C.7.6.11."""

from __future__ import annotations

import numpy as np

from workstation.core.drawings import Shutter


def seen(shutter: Shutter, rows: int = 5, columns: int = 6) -> list[str]:
    hidden = shutter.hidden(rows, columns)
    return ["".join(".#"[int(cell)] for cell in row) for row in hidden]


def test_a_rectangle_shows_what_lies_between_its_edges() -> None:
    assert seen(Shutter(rectangle=(2, 4, 2, 5))) == [
        "######",
        "#...##",
        "#...##",
        "#...##",
        "#...##",
    ]


def test_a_circle_shows_what_lies_within_its_radius() -> None:
    # Row 3, column 3, radius 2: along the row and the column 2 pixels to each side.
    assert seen(Shutter(circle=(3, 3, 2))) == ["##.###", "#...##", ".....#", "#...##", "##.###"]


def test_a_polygon_shows_its_inside_and_its_edge() -> None:
    triangle = Shutter(polygon=((1, 1), (5, 1), (5, 5)))

    assert seen(triangle) == [".#####", "..####", "...###", "....##", ".....#"]


def test_several_shapes_show_what_all_of_them_show() -> None:
    both = Shutter(rectangle=(1, 3, 1, 5), circle=(3, 3, 2))

    assert seen(both) == ["##.###", "#..###", "...###", "#..###", "##.###"]


def test_a_concave_polygon_hides_its_notch() -> None:
    notched = Shutter(polygon=((1, 1), (1, 5), (5, 5), (3, 3), (5, 1)))

    assert not notched.hidden(5, 5)[2, 2]
    assert notched.hidden(5, 5)[4, 2]
    assert np.count_nonzero(notched.hidden(5, 5)) == 4
