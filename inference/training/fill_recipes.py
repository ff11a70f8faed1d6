"""What the manifests of the packs that propose missing slices say, and their golden input."""

from __future__ import annotations

from inference.training.manifest_text import CT_CLIP, ManifestText, Step
from inference.training.recipes import PackRecipe, slanted_tubes

_LIMITS = (
    "What it proposes was not scanned: a likely guess, never a measurement.",
    "A finding that lies in the missing slice alone cannot come back.",
    "At most two slices missing in a row; nothing at the ends of a series.",
    "Proposed slices are smoother than scanned ones.",
)

_MR_LIMIT = "Trained on brain, heart and limb MR of few patients or volunteers."

_CT_STEPS: tuple[Step, ...] = (
    CT_CLIP,
    ("before", "scale", {"factor": 0.01}),
    ("after", "undo_scale", {}),
)

_MR_STEPS: tuple[Step, ...] = (
    ("before", "scale_by_percentile", {"percentile": 99}),
    ("after", "undo_scale", {}),
)


def _filler(modality: str) -> PackRecipe:
    is_ct = modality == "CT"
    name = f"fill-{modality.lower()}"
    text = ManifestText(
        pack_id=name,
        version="1.0.0",
        title=f"{modality} missing slices and rows",
        task="fill",
        modality=modality,
        limits=_LIMITS if is_ct else (*_LIMITS, _MR_LIMIT),
        spacing_ij_mm=(0.3, 1.6) if is_ct else (0.3, 2.5),
        spacing_k_mm=(0.5, 7.5) if is_ct else (0.5, 10.0),
        neighbours=5,
        size_multiple=4,
        kind="filled_slice",
        overlap_px=48,
        steps=_CT_STEPS if is_ct else _MR_STEPS,
    )
    return PackRecipe(name, "fill", f"{name}.pt", str(text), slanted_tubes)


PACKS = (_filler("CT"), _filler("MR"))
"""The embedded packs that propose missing pixels."""
