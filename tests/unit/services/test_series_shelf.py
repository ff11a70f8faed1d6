"""Which series give up their voxels: never one that is held, the least recently shown first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workstation.core.memory import MIB, SPARE_BYTES, Memory
from workstation.services.series_shelf import SeriesShelf

LARGE = 1 << 50


def shelf_of(budget_mib: int, free_mib: int | None = None) -> SeriesShelf[str]:
    """Return a shelf on a machine whose voxels may take so much, with so much free beside them."""
    limit = (budget_mib + 512) * MIB * 4 // 3
    free = LARGE if free_mib is None else free_mib * MIB + SPARE_BYTES
    return SeriesShelf(lambda: Memory(limit, limit, free))


def test_nothing_is_given_up_while_there_is_room() -> None:
    shelf = shelf_of(1500)
    shelf.put("a", 500 * MIB)

    assert shelf.to_give_up(900 * MIB) == ()


def test_the_least_recently_shown_goes_first_and_no_more_than_needed() -> None:
    shelf = shelf_of(1500)
    for name in "abc":
        shelf.put(name, 500 * MIB)
    shelf.touch("a")

    assert shelf.to_give_up(600 * MIB) == ("b", "c")
    assert shelf.to_give_up(400 * MIB) == ("b",)


def test_what_is_held_stays_however_long_ago_it_was_shown() -> None:
    shelf = shelf_of(1500)
    for name in "abc":
        shelf.put(name, 500 * MIB)
    shelf.hold("viewport", ["a"])

    assert shelf.to_give_up(600 * MIB) == ("b", "c")


def test_a_series_is_held_until_its_last_holder_lets_go() -> None:
    shelf = shelf_of(1500)
    shelf.put("a", 1000 * MIB)
    shelf.hold("viewport 1", ["a"])
    shelf.hold("viewport 2", ["a"])
    assert shelf.hold_count("a") == 2

    shelf.hold("viewport 1", ["b"])
    assert shelf.to_give_up(1000 * MIB) == ()

    shelf.hold("viewport 2", [])
    assert shelf.to_give_up(1000 * MIB) == ("a",)


def test_memory_taken_by_other_programs_counts_too() -> None:
    shelf = shelf_of(100_000, free_mib=100)
    shelf.put("a", 500 * MIB)

    assert shelf.to_give_up(300 * MIB) == ("a",)


def test_what_is_given_up_or_closed_no_longer_counts() -> None:
    shelf = shelf_of(1500)
    shelf.put("a", 500 * MIB)
    shelf.put("b", 500 * MIB)
    shelf.remove("a")
    assert shelf.held_bytes == 500 * MIB

    shelf.clear()
    assert shelf.held_bytes == 0
    assert shelf.hold_count("b") == 0


@given(
    sizes=st.lists(st.integers(1, 900), max_size=12),
    held=st.sets(st.integers(0, 11)),
    needed=st.integers(1, 1500),
)
def test_what_stays_fits_the_budget_or_is_all_held(
    sizes: list[int], held: set[int], needed: int
) -> None:
    memory = Memory(4096 * MIB, 4096 * MIB, LARGE)
    shelf: SeriesShelf[int] = SeriesShelf(lambda: memory)
    for key, size in enumerate(sizes):
        shelf.put(key, size * MIB)
    shelf.hold("screen", held)

    for key in shelf.to_give_up(needed * MIB):
        assert key not in held
        shelf.remove(key)

    fits = shelf.held_bytes + needed * MIB <= memory.budget_bytes
    assert fits or not shelf.to_give_up(needed * MIB)
