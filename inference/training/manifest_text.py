"""The text of the manifest of an enhancement pack, without its files."""

from __future__ import annotations

from dataclasses import dataclass

_TEXT = """\
schema = 1
id = "{pack_id}"
version = "{version}"
title = "{title}"
licence = "Apache-2.0"
task = "{task}"
modalities = ["{modality}"]
body_parts = []
limits = [
{limits}]

[input]
axes = "n, slice, row, column"
unit = "{unit}"
dtype = "float32"
value_range = {value_range}
spacing_ij_mm = {spacing_ij_mm}
spacing_k_mm = {spacing_k_mm}
neighbours = {neighbours}
size_multiple = {size_multiple}
{further_input}
[output]
kind = "{kind}"
bound_sigmas = {bound_sigmas}
consistency = {consistency}
default_strength = {strength}

[tiles]
largest_px = 1024
overlap_px = {overlap_px}

[memory]
base_bytes = 60000000
per_pixel_bytes = {pixel_bytes}

[golden]
input = "golden/input.npy"
expected = "golden/expected.npy"
tolerance = 1.0
spacing_ijk_mm = {golden_spacing_mm}
"""

Step = tuple[str, str, dict[str, float]]
"""``before`` or ``after``, the operation and its parameters."""

CT_CLIP: Step = ("before", "clip", {"low": -1024, "high": 3071})
"""What lies outside the scale of 12 bits is none of a CT model's business."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestText:
    """What is said of one pack; the names are those of the manifest.

    Attributes:
        pack_id: its id.
        version: of the pack.
        title: as readers see it.
        task: ``denoise``, ``super_resolve`` or ``fill``.
        modality: CT or MR; it decides unit, range and the value of padding.
        limits: what it cannot do, one sentence each.
        spacing_ij_mm: least and largest pixel, mm.
        spacing_k_mm: least and largest distance of slices, mm.
        neighbours: slices it is given.
        size_multiple: of which the edges of a tile have to be.
        further_input: lines of ``[input]`` that only some packs have.
        kind: of the output.
        bound_sigmas: largest change in noise deviations; 0 for no bound.
        consistency: largest deviation of the averaged result from the scan.
        strength: that is shown first.
        overlap_px: of tiles.
        pixel_bytes: memory per pixel of a tile.
        golden_spacing_mm: voxel size of the golden case.
        steps: what is done before and after the model, beside filling the padding before.
    """

    pack_id: str
    version: str
    title: str
    task: str
    modality: str
    limits: tuple[str, ...]
    spacing_ij_mm: tuple[float, float]
    spacing_k_mm: tuple[float, float]
    neighbours: int
    size_multiple: int
    further_input: str = ""
    kind: str
    bound_sigmas: float = 0.0
    consistency: float = 0.0
    strength: float = 1.0
    overlap_px: int
    pixel_bytes: int = 400
    golden_spacing_mm: tuple[float, float, float] = (1.0, 1.0, 4.0)
    steps: tuple[Step, ...]

    def __str__(self) -> str:
        """Return it as TOML."""
        is_ct = self.modality == "CT"
        padding: Step = ("before", "fill_padding", {"value": -1000 if is_ct else 0})
        text = _TEXT.format(
            pack_id=self.pack_id,
            version=self.version,
            title=self.title,
            task=self.task,
            modality=self.modality,
            limits="".join(f'  "{limit}",\n' for limit in self.limits),
            unit="HU" if is_ct else "signal",
            value_range=[-1024, 3071] if is_ct else [0, 65535],
            spacing_ij_mm=list(self.spacing_ij_mm),
            spacing_k_mm=list(self.spacing_k_mm),
            neighbours=self.neighbours,
            size_multiple=self.size_multiple,
            further_input=self.further_input,
            kind=self.kind,
            bound_sigmas=self.bound_sigmas,
            consistency=self.consistency,
            strength=self.strength,
            overlap_px=self.overlap_px,
            pixel_bytes=self.pixel_bytes,
            golden_spacing_mm=list(self.golden_spacing_mm),
        )
        return text + "".join(_step_text(step) for step in (padding, *self.steps))


def _step_text(step: Step) -> str:
    side, name, parameters = step
    values = "".join(f"{key} = {value}\n" for key, value in parameters.items())
    return f'\n[[{side}]]\nop = "{name}"\n{values}'
