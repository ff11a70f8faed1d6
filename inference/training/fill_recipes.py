"""What the manifests of the packs that propose missing slices say, and their golden input."""

from __future__ import annotations

from inference.training.recipes import PackRecipe, slanted_tubes

_MANIFEST = """\
schema = 1
id = "fill-{low}"
version = "1.0.0"
title = "{modality} missing slices and rows"
licence = "Apache-2.0"
task = "fill"
modalities = ["{modality}"]
body_parts = []
limits = [
  "What it proposes was not scanned: a likely guess, never a measurement.",
  "A finding that lies in the missing slice alone cannot come back.",
  "At most two slices missing in a row; nothing at the ends of a series.",
  "Proposed slices are smoother than scanned ones.",
{limits}]

[input]
axes = "n, slice, row, column"
unit = "{unit}"
dtype = "float32"
value_range = [{low_value}, {high_value}]
spacing_ij_mm = [0.3, {ij_high}]
spacing_k_mm = [0.5, {k_high}]
neighbours = 5
size_multiple = 4

[output]
kind = "filled_slice"
bound_sigmas = 0.0
consistency = 0.0
default_strength = 1.0

[tiles]
largest_px = 1024
overlap_px = 48

[memory]
base_bytes = 60000000
per_pixel_bytes = 400

[golden]
input = "golden/input.npy"
expected = "golden/expected.npy"
tolerance = 1.0
spacing_ijk_mm = [1.0, 1.0, 4.0]

[[before]]
op = "fill_padding"
value = {fill}
{scale}
[[after]]
op = "undo_scale"
"""


def _filler(modality: str) -> PackRecipe:
    is_ct = modality == "CT"
    ct_scale = '\n[[before]]\nop = "clip"\nlow = -1024\nhigh = 3071\n'
    ct_scale += '\n[[before]]\nop = "scale"\nfactor = 0.01\n'
    mr_scale = '\n[[before]]\nop = "scale_by_percentile"\npercentile = 99\n'
    text = _MANIFEST.format(
        modality=modality,
        low=modality.lower(),
        unit="HU" if is_ct else "signal",
        limits=""
        if is_ct
        else '  "Trained on brain, heart and limb MR of few patients or volunteers.",\n',
        low_value=-1024 if is_ct else 0,
        high_value=3071 if is_ct else 65535,
        ij_high=1.6 if is_ct else 2.5,
        k_high=7.5 if is_ct else 10.0,
        fill=-1000 if is_ct else 0,
        scale=ct_scale if is_ct else mr_scale,
    )
    name = f"fill-{modality.lower()}"
    return PackRecipe(name, "fill", f"{name}.pt", text, slanted_tubes)


PACKS = (_filler("CT"), _filler("MR"))
"""The embedded packs that propose missing pixels."""
