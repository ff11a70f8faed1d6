"""Put what was measured into the cards of the denoising packs, between marks in their text.

    python -m inference.training.cards --measured FILE --packs resources/model_packs

``FILE`` is what ``inference.training.evaluate`` wrote. Sections of a CARD.md between
``<!-- gates -->`` and ``<!-- end -->`` (likewise ``detail``, ``goals``, ``fidelity``) are written
anew; all other words are a person's. Run the export afterwards: the manifest holds the digest.
"""

from __future__ import annotations

import argparse
import json
import re
from pathlib import Path
from typing import Any

PACKS = ("ct-denoise", "ct-denoise-fine", "mr-denoise")

RODS = ("3 mm 0.70 sigma", "5 mm 0.35 sigma", "7 mm 0.25 sigma", "10 mm 0.15 sigma")

FULL = 1.0
"""Strength at which the goals for PSNR are looked at."""

Row = dict[str, Any]


def with_section(card: str, name: str, text: str) -> str:
    """Return a card with one of its marked sections replaced.

    Raises:
        ValueError: the card has no such section.
    """
    found = re.search(rf"(<!-- {name} -->\n).*?(<!-- end -->)", card, re.DOTALL)
    if found is None:
        raise ValueError(f"the card has no section {name}")
    return card[: found.end(1)] + text + "\n" + card[found.start(2) :]


def gates_table(measured: Row) -> str:
    """Return the gates, judged, and a sentence on whether all are passed."""
    failed = [gate["name"] for gate in measured["gates"] if not _has_passed(gate)]
    verdict = f"**It fails: {', '.join(failed)}.**" if failed else "It passes every gate."
    lines = ["| gate | measured | limit | |", "|---|---|---|---|"]
    for gate in measured["gates"]:
        mark = "passed" if _has_passed(gate) else "**FAILED**"
        lines.append(f"| {gate['name']} | {_value(gate)} | {_limit(gate)} | {mark} |")
    return f"Strength {measured['strength']:g}. {verdict}\n\n" + "\n".join(lines)


def detail_table(measured: Row) -> str:
    """Return what is told but not judged, at the default and at full strength."""
    told = {figure["name"]: figure["value"] for figure in measured["figures"]}
    strengths = [f"{share:g}" for share in dict.fromkeys((measured["strength"], FULL))]
    lines = ["| | " + " | ".join(RODS) + " |", "|---" * (len(RODS) + 1) + "|"]
    for share in strengths:
        for name in (
            "contrast kept",
            "contrast kept of what is in one slice only",
            "d' over unprocessed of what is in one slice only",
            "d' over unprocessed",
        ):
            values = [told.get(f"{name}, {rod} at {share}") for rod in RODS]
            if None not in values:
                shown = " | ".join(f"{value:.2f}" for value in values)
                lines.append(f"| {name}, strength {share} | {shown} |")
    alone = [
        f"{name} {told[f'{name} at {share}']:.2f} at strength {share}"
        for name in ("noise left", "error in detail over the input's", "detail kept")
        for share in strengths
    ]
    return "\n".join(lines) + "\n\nBeside: " + ", ".join(alone) + "."


def fidelity_table(rows: list[Row], pack: str, unit: str) -> str:
    """Return PSNR and SSIM of every method, the best of each line in bold."""
    mine = [
        row
        for row in rows
        if not _is_pack(row["method"]) or row["method"].rsplit(" ", 1)[0] == pack
    ]
    methods = list(dict.fromkeys(row["method"] for row in mine))
    lines = [
        "| noise | patients | " + " | ".join(methods) + " |",
        "|---" * (len(methods) + 2) + "|",
    ]
    for sigma, group in dict.fromkeys((row["sigma"], row["group"]) for row in mine):
        here = {r["method"]: r for r in mine if (r["sigma"], r["group"]) == (sigma, group)}
        best = max(row["psnr"] for row in here.values())
        cells = [_fidelity(here.get(method), best) for method in methods]
        noise = f"{sigma:g} HU" if unit == "HU" else f"{100 * sigma:g} %"
        lines.append(f"| {noise} | {group} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def goals_table(rows: list[Row], pack: str, modality: str) -> str:
    """Return the goals of the project for PSNR, met or missed by how much, at full strength."""
    lines = ["| goal | patients | measured | |", "|---|---|---|---|"]
    for sigma, group in dict.fromkeys((row["sigma"], row["group"]) for row in rows):
        here = {r["method"]: r["psnr"] for r in rows if (r["sigma"], r["group"]) == (sigma, group)}
        own = here.get(f"{pack} {FULL}")
        if own is None:
            continue
        for words, other, least in _goals(modality, sigma, group):
            gain = own - here[other]
            mark = "met" if gain >= least else f"missed by {least - gain:.1f} dB"
            lines.append(f"| {words} | {group} | {gain:+.1f} dB | {mark} |")
    return "\n".join(lines)


def _goals(modality: str, sigma: float, group: str) -> list[tuple[str, str, float]]:
    """Return (words, method to compare with, least gain in dB)."""
    if modality == "MR":
        return [(f"{100 * sigma:g} %: BM3D with Rician correction", "BM3D Rician", 0.0)]
    if sigma != 30:
        return []
    found = [
        ("30 HU: 5.0 dB over noisy", "noisy", 5.0),
        ("30 HU: BM3D with the true spectrum", "BM3D spectrum", 0.0),
        ("30 HU: 1.0 dB over non-local means", "non-local means", 1.0),
    ]
    if group.startswith("head"):
        found.append(("30 HU: 3.3 dB over noisy on a scanner not seen", "noisy", 3.3))
    return found


def _is_pack(method: str) -> bool:
    return method.rsplit(" ", 1)[0] in PACKS


def _fidelity(row: Row | None, best: float) -> str:
    if row is None:
        return "-"
    text = f"{row['psnr']:.2f}"
    likeness = f" / {row['ssim']:.3f}" if "ssim" in row else ""
    return (f"**{text}**" if row["psnr"] == best else text) + likeness


def _has_passed(gate: Row) -> bool:
    low, high, value = gate["low"], gate["high"], gate["value"]
    return (low is None or value >= low) and (high is None or value <= high)


def _is_change(gate: Row) -> bool:
    return bool(gate["low"] is not None and gate["high"] is not None and not gate["unit"])


def _value(gate: Row) -> str:
    if _is_change(gate):
        return f"{100 * gate['value']:+.1f} %"
    text = f"{gate['value']:+.2f} {gate['unit']}" if gate["unit"] else f"{gate['value']:.2f}"
    return text + (f" ± {gate['error']:.2f}" if gate["error"] else "")


def _limit(gate: Row) -> str:
    if _is_change(gate):
        return f"within {100 * gate['high']:.0f} %"
    if gate["unit"]:
        return f"within {gate['high']:g} {gate['unit']}"
    low = gate["low"]
    return f"at most {gate['high']:.2f}" if low is None else f"at least {low:.2f}"


def main() -> None:
    """Rewrite the marked sections of the cards."""
    parser = argparse.ArgumentParser(description="Put figures into the cards of denoisers.")
    parser.add_argument("--measured", type=Path, required=True)
    parser.add_argument("--packs", type=Path, required=True)
    asked = parser.parse_args()
    measured = json.loads(asked.measured.read_text(encoding="utf-8"))
    for pack in PACKS:
        if f"gates {pack}" not in measured:
            continue
        modality = pack[:2].upper()
        rows = measured[f"psnr {modality}"]
        path = asked.packs / pack / "CARD.md"
        card = path.read_text(encoding="utf-8")
        for name, text in (
            ("gates", gates_table(measured[f"gates {pack}"])),
            ("detail", detail_table(measured[f"gates {pack}"])),
            ("goals", goals_table(rows, pack, modality)),
            ("fidelity", fidelity_table(rows, pack, "HU" if modality == "CT" else "")),
        ):
            card = with_section(card, name, text)
        path.write_text(card, encoding="utf-8")


if __name__ == "__main__":
    main()
