"""What the manifests of the super-resolution packs say, and their golden inputs."""

from __future__ import annotations

from inference.training.manifest_text import CT_CLIP, ManifestText, Step
from inference.training.recipes import PackRecipe, noisy_brain, noisy_discs, slanted_tubes

VERSION = "2.0.0"

_THROUGH = """\
direction = "through_plane"
profile_ratio = [0.5, 1.55]
profile_shapes = ["box", "gaussian"]
"""

_IN_PLANE = 'direction = "in_plane"\n'

_PAIR_LIMITS = (
    "Detail between two slices is a likely guess, never a measurement.",
    "Slice profiles of real scanners are known only roughly; a wrong one costs sharpness.",
    "Little to gain where slices are thinner than 1.5 mm.",
)

_QUAD_LIMITS = (
    "Detail finer than a pixel is a likely guess, never a measurement.",
    "Trained on pixels that average what is in them; a softer kernel gains less.",
)

_CT_LIMITS = (
    "Noise of the input stays in the result; it is not a denoiser.",
    "Trained on ten adults; not tested on children, metal or photon-counting scanners.",
)

_MR_LIMITS = (
    "Noise of the input stays in the result; it is not a denoiser.",
    "Trained on brain, heart and limb MR of a dozen people, mostly T1.",
)


def _recipe(modality: str, *, is_in_plane: bool) -> PackRecipe:
    is_ct = modality == "CT"
    pack_id = f"superres-{'inplane-' if is_in_plane else ''}{modality.lower()}"
    way = "in-plane" if is_in_plane else "through-plane"
    limits = (
        *(_QUAD_LIMITS if is_in_plane else _PAIR_LIMITS),
        *(_CT_LIMITS if is_ct else _MR_LIMITS),
    )
    averaged: tuple[Step, ...] = (
        ("after", "keep_pair_mean", {}),
        ("after", "restore_padding", {}),
    )
    text = ManifestText(
        pack_id=pack_id,
        version="1.0.0" if is_in_plane else VERSION,
        title=f"{modality} {way} super-resolution x2",
        task="super_resolve",
        modality=modality,
        limits=limits,
        spacing_ij_mm=(0.3, 2.2) if is_in_plane else (0.3, 3.2),
        spacing_k_mm=(0.4, 10.0) if is_in_plane else (0.8, 8.0),
        neighbours=3 if is_in_plane else 5,
        size_multiple=2,
        further_input=_IN_PLANE if is_in_plane else _THROUGH,
        kind="plane_quad" if is_in_plane else "slice_pair",
        consistency=0.01,
        overlap_px=24,
        steps=(CT_CLIP, *averaged) if is_ct else averaged,
    )
    flat = noisy_discs if is_ct else noisy_brain
    golden = flat if is_in_plane else slanted_tubes
    checkpoint = "superres-inplane.pt" if is_in_plane else f"{pack_id}.pt"
    return PackRecipe(pack_id, "super_resolve", checkpoint, str(text), golden)


PACKS = tuple(
    _recipe(modality, is_in_plane=is_in_plane)
    for is_in_plane in (False, True)
    for modality in ("MR", "CT")
)
"""The embedded super-resolution packs."""
