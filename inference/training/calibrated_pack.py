"""The folder of a calibrated pack: model, card, golden case and manifest.

Nothing in it tells whose series it was: the card holds technical names of scanner and kernel and
figures alone. Needs the extra ``vlm``.
"""

from __future__ import annotations

import copy
import re
from pathlib import Path

import numpy as np

from inference.packs.manifest import MANIFEST_NAME
from inference.packs.store import Pack, load_pack
from inference.tasks.calibrate import CalibrationFigures, CalibrationOrder
from inference.training.export import export_denoiser
from inference.training.networks import DenoiseNet
from inference.training.packing import write_pack
from inference.training.recipes import PackRecipe
from inference.training.uncertainty import without_table

VERSION = "1.0.0"

LIMIT = (
    "Calibrated on one series of one scanner, kernel and protocol; choose another pack for others."
)

CARD = """\
# {title} ({pack_id} {version})

Made on this computer from {base} by `prelim models calibrate`: the same network and license, its
weights trained further on one series. Not a cleared medical device. The original stays the picture
of record; measure on the original.

- Scanner: {scanner}
- Noise of the series: {sigma:.3g} {unit}; mean frequency of its power spectrum
  {frequency:.3f} per mm; correlation of neighboring slices {correlation:.2f}; from {patches}
  patches of even tissue.
- Trained on {trained} slices with added noise of that spectrum, {steps} steps in {seconds:.0f} s;
  invented anatomy and faint lesions as in the recipe of {base_id} in the other half of each step.

## Beside {base_id}, on {held} slices of the series that were not trained on

As much noise added as the series has. Errors are against the unknown image without noise, in noise
deviations of the series; the noise of the series itself is taken out by the statistics.

| | {base_id} | {pack_id} |
|---|---|---|
| strength | {strength:g} | {new_strength:g} |
| error at that strength | {base_error:.3f} | {new_error:.3f} |
| error at full strength | {base_error_full:.3f} | {new_error_full:.3f} |
| contrast of inserted lesions kept at that strength | {base_kept:.3f} | {new_kept:.3f} |

Mean squared error at these strengths, new less old: {difference:+.4f} (standard error {error:.4f})
squared noise deviations. One patient: what it is worth on others is not known.

The strength is the highest, up to that of {base_id}, at which every gate passed with 3 % to spare
on other draws than those it was then measured on; where there is none, the middle of those that
passed there, or that of {base_id}.

It was kept because it passed the gates of {base_id} and was not worse than it here. How sure it is
was not calibrated: the table of {base_id} does not hold for it.
"""


def write_calibrated(
    network: DenoiseNet,
    base: Pack,
    order: CalibrationOrder,
    strength: float,
    figures: CalibrationFigures | None = None,
) -> Pack:
    """Write the pack and return it.

    Args:
        network: its weights; not changed.
        base: the pack it was made from.
        order: what was asked for.
        strength: share of the result that is shown first.
        figures: what was measured; None before it is.
    """
    folder = Path(order.folder)
    folder.mkdir(parents=True, exist_ok=True)
    model = folder / "model.onnx"
    if not model.is_file():
        export_denoiser(copy.deepcopy(network), model)
    card = "Not measured yet." if figures is None else _card(base, order, figures)
    (folder / "CARD.md").write_text(card, encoding="utf-8")
    golden = base.path("golden/input.npy")
    recipe = PackRecipe(
        order.pack_id,
        "denoise",
        "",
        _manifest(base, order, strength),
        lambda: np.load(golden, allow_pickle=False),
    )
    write_pack(folder, recipe)
    return load_pack(folder)


def title_of(base: Pack) -> str:
    """Return the title of a pack calibrated from another."""
    return f"{base.manifest.title}, calibrated"


def _manifest(base: Pack, order: CalibrationOrder, strength: float) -> str:
    """Return the manifest of the base under another name, without files and uncertainty."""
    text = without_table((base.folder / MANIFEST_NAME).read_text(encoding="utf-8"))
    text = text.split("\n[[files]]")[0].rstrip() + "\n"
    for name, value in (("id", order.pack_id), ("version", VERSION), ("title", title_of(base))):
        text = re.sub(rf'^{name} = ".*"$', f'{name} = "{value}"', text, count=1, flags=re.M)
    text = re.sub(r"^default_strength = .*$", f"default_strength = {strength}", text, flags=re.M)
    return text.replace("limits = [\n", f'limits = [\n  "{LIMIT}",\n', 1)


def _card(base: Pack, order: CalibrationOrder, figures: CalibrationFigures) -> str:
    manifest = base.manifest
    return CARD.format(
        title=title_of(base),
        pack_id=order.pack_id,
        version=VERSION,
        base=f"{manifest.pack_id} {manifest.version} ({base.digest[:12]})",
        base_id=manifest.pack_id,
        scanner=", ".join(order.scanner) or "not told by the headers",
        sigma=figures.sigma,
        unit=manifest.input.unit,
        frequency=figures.frequency_per_mm,
        correlation=figures.correlation,
        patches=figures.patches,
        trained=figures.trained_slices,
        steps=figures.steps,
        seconds=figures.seconds,
        held=figures.held_out_slices,
        strength=figures.strength,
        new_strength=figures.new_strength,
        base_error=figures.base_error,
        new_error=figures.new_error,
        base_error_full=figures.base_error_full,
        new_error_full=figures.new_error_full,
        base_kept=figures.base_kept,
        new_kept=figures.new_kept,
        difference=figures.difference,
        error=figures.difference_error,
    )
