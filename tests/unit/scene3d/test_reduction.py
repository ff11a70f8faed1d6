"""A volume is thinned out when it must be, where its steps are finest, with the reason."""

from __future__ import annotations

import pytest

from viewers.scene3d.reduction import Limits, Reason, Reduction, reduction
from viewers.scene3d.texts import reduction_text

PLENTY = 1 << 40


def test_what_fits_is_drawn_whole_and_nothing_is_said() -> None:
    found = reduction((300, 512, 512), (1.0, 0.7, 0.7), Limits(PLENTY, is_software=True))

    assert found == Reduction()
    assert reduction_text(found) == ""


def test_little_memory_thins_out_the_axes_with_the_finest_steps() -> None:
    voxels = 60 * 512 * 512
    limits = Limits(voxels * 6 // 2, is_software=True)

    found = reduction((60, 512, 512), (5.0, 0.7, 0.7), limits)

    assert found.strides_kji == (1, 2, 2)
    assert found.reason is Reason.MEMORY
    assert "1 of 4 voxels" in reduction_text(found)
    assert f"{round(limits.room_bytes / 1e6)} MB" in reduction_text(found)


def test_two_thousand_slices_are_too_many_for_a_processor_and_it_says_so() -> None:
    found = reduction((2000, 512, 512), (0.5, 0.7, 0.7), Limits(PLENTY, is_software=True))

    assert found.reason is Reason.SOFTWARE
    assert 2000 * 512 * 512 / found.one_of <= 160_000_000
    assert "160 million" in reduction_text(found)


def test_a_side_longer_than_the_card_takes_is_the_one_thinned_out() -> None:
    limits = Limits(PLENTY, is_software=False, most_side=2048)

    found = reduction((3000, 256, 256), (1.0, 0.3, 0.3), limits)

    assert found.strides_kji == (2, 1, 1)
    assert found.reason is Reason.CARD


def test_no_memory_at_all_is_an_error_and_no_picture_of_nothing() -> None:
    with pytest.raises(MemoryError):
        reduction((300, 512, 512), (1.0, 0.7, 0.7), Limits(1000, is_software=True))
