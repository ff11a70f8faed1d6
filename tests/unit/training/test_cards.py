"""What is measured gets into the cards of the packs, judged as the gates judge it."""

from __future__ import annotations

import pytest

from inference.training.cards import fidelity_table, gates_table, goals_table, with_section


def gate(
    name: str, value: float, low: float | None, high: float | None, unit: str = ""
) -> dict[str, object]:
    return {"name": name, "value": value, "low": low, "high": high, "unit": unit, "error": 0.0}


def row(method: str, psnr: float, group: str = "chest", sigma: float = 30.0) -> dict[str, object]:
    return {"method": method, "psnr": psnr, "ssim": 0.5, "group": group, "sigma": sigma}


def test_only_the_marked_part_of_a_card_is_replaced() -> None:
    card = "before\n<!-- gates -->\nold\n<!-- end -->\nafter\n<!-- goals -->\nx\n<!-- end -->\n"

    assert with_section(card, "gates", "new") == card.replace("old", "new")
    with pytest.raises(ValueError, match="no section detail"):
        with_section(card, "detail", "new")


def test_a_failed_gate_is_named_first_and_marked() -> None:
    measured = {
        "strength": 0.5,
        "gates": [gate("bias of fat", 1.5, -1, 1, "HU"), gate("edge", -0.05, -0.1, 0.1)],
    }

    text = gates_table(measured)

    assert "**It fails: bias of fat.**" in text
    assert "| bias of fat | +1.50 HU | within 1 HU | **FAILED** |" in text
    assert "| edge | -5.0 % | within 10 % | passed |" in text


def test_a_goal_that_is_missed_says_by_how_much() -> None:
    rows = [
        row("noisy", 27.0), row("BM3D spectrum", 28.8), row("non-local means", 28.3),
        row("ct-denoise 1.0", 29.1),
    ]  # fmt: skip

    text = goals_table(rows, "ct-denoise", "CT")

    assert "| 30 HU: 5.0 dB over noisy | chest | +2.1 dB | missed by 2.9 dB |" in text
    assert "| 30 HU: BM3D with the true spectrum | chest | +0.3 dB | met |" in text


def test_the_best_of_a_line_is_bold_and_other_packs_are_left_out() -> None:
    rows = [row("noisy", 27.0), row("ct-denoise 1.0", 29.1), row("ct-denoise-fine 1.0", 29.3)]

    text = fidelity_table(rows, "ct-denoise", "HU")

    assert "| 30 HU | chest | 27.00 / 0.500 | **29.10** / 0.500 |" in text
    assert "fine" not in text
