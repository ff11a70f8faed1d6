"""What is done to a drawn line is taken back in one order with marks."""

from __future__ import annotations

from viewers.qt.acts import ActLog
from viewers.qt.curve_board import CurveBoard
from viewers.state.curve import Curve

FIRST = Curve("1.2", "1.2.3").placed((0.0, 0.0, 0.0))
SECOND = FIRST.placed((9.0, 0.0, 0.0))


def no_marks() -> bool:
    return False


def test_points_are_taken_back_and_done_again() -> None:
    acts = ActLog()
    board = CurveBoard(acts)
    board.change(FIRST)
    board.change(SECOND)

    assert acts.undo(no_marks)
    assert board.curve.value == FIRST
    assert acts.undo(no_marks)
    assert board.curve.value is None
    assert acts.redo(no_marks)
    assert board.curve.value == FIRST


def test_marks_and_points_are_taken_back_in_the_order_they_were_made() -> None:
    acts, undone = ActLog(), list[str]()
    board = CurveBoard(acts)
    board.change(FIRST)
    acts.add_marks()
    board.change(SECOND)

    def marks() -> bool:
        undone.append("mark")
        return True

    acts.undo(marks)
    assert (board.curve.value, undone) == (FIRST, [])
    acts.undo(marks)
    assert (board.curve.value, undone) == (FIRST, ["mark"])
    acts.undo(marks)
    assert board.curve.value is None


def test_a_drag_is_one_act() -> None:
    acts = ActLog()
    board = CurveBoard(acts)
    board.change(SECOND)
    for x in (1.0, 2.0, 3.0):
        board.drag(SECOND.moved(1, (x, 0.0, 0.0)))
    board.drop(SECOND)

    acts.undo(no_marks)

    assert board.curve.value == SECOND


def test_a_line_that_is_gone_is_not_brought_back_by_old_acts() -> None:
    acts = ActLog()
    board = CurveBoard(acts)
    board.change(FIRST)
    board.forget()

    assert not acts.undo(no_marks)
    assert board.curve.value is None
