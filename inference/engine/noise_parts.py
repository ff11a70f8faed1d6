"""What is told to a denoiser of each part of a volume: its noise, and the steps bound to its range.

A series may hold several stacks, e.g. thin slices and thick ones. Each is prepared as if it were
alone: its noise differs with its thickness, and what is made of it must not depend on the others.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from inference.engine.noise import sampled_slices, spread_indices
from inference.engine.noise_profile import (
    SAMPLED_SLICES,
    NoiseProfile,
    estimate_profile,
    within,
)
from inference.engine.slice_runs import noise_of
from inference.ops.steps import bind
from inference.packs.manifest import Manifest, Range, Step
from inference.tasks.denoise import MOST_LEFT, DenoiseRequest
from workstation.core.errors import InputRefusedError

NEAR_TRAINED = 1.15
"""Factor outside the trained range of noise up to which a model is used, and the reader warned: no
more than the noise of a slice is known by, and the same as for spacings."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stack of evenly spaced slices inside a volume.

    Attributes:
        first, stop: its first slice, and one past its last.
        before: steps before the model, bound to the range of its voxels.
        sigma: its noise as one number, unit of the volume.
        noise: its noise by slice, counted from ``first``.
        slices_outside: its slices with noise a little outside what the pack was trained on.
    """

    first: int
    stop: int
    before: tuple[Step, ...]
    sigma: float
    noise: NoiseProfile
    slices_outside: int = 0

    def sigma_at(self, k: int) -> float:
        """Return the noise of slice k of the volume."""
        return self.noise.at(k - self.first)


def prepare_parts(
    manifest: Manifest, request: DenoiseRequest, voxels: NDArray[Any]
) -> tuple[Part, ...]:
    """Return the parts of a volume that the model is run on.

    A part whose noise the pack was not trained on, or cannot be told, is left out as long as that
    leaves out no more than MOST_LEFT of the volume, and slices outside all runs are too.

    Raises:
        InputRefusedError: too many slices would be left out; it says why.
    """
    count = voxels.shape[0]
    parts, refusals = [], []
    for first, stop in runs_of(request, count):
        try:
            parts.append(_part(manifest, request, voxels[first:stop], first))
        except InputRefusedError as refusal:
            refusals.append(refusal)
    left = count - sum(part.stop - part.first for part in parts)
    if refusals and left > MOST_LEFT * count:
        raise refusals[0]
    return tuple(parts)


def runs_of(request: DenoiseRequest, count: int) -> tuple[tuple[int, int], ...]:
    """Return the runs of a volume of ``count`` slices; the whole of it where none are named."""
    runs = request.runs or ((0, count),)
    if runs[-1][1] > count:
        raise ValueError("runs lie inside the volume")
    return runs


def looked_at(manifest: Manifest, request: DenoiseRequest, count: int) -> set[int] | None:
    """Return the slices needed before the first one is made; None for all."""
    if any(step.name == "scale_by_percentile" for step in manifest.before):
        return None
    needed: set[int] = set()
    for first, stop in runs_of(request, count):
        inside = {*sampled_slices(stop - first), *spread_indices(stop - first, SAMPLED_SLICES)}
        needed |= {first + k for k in inside}
    return needed


def whole_sigma(parts: tuple[Part, ...]) -> float:
    """Return the noise of all parts as one number: the root of their mean variance, by slices."""
    if len(parts) == 1:
        return parts[0].sigma
    slices = sum(part.stop - part.first for part in parts)
    return math.sqrt(sum((part.stop - part.first) * part.sigma**2 for part in parts) / slices)


def whole_profile(parts: tuple[Part, ...]) -> NoiseProfile:
    """Return the noise of all parts by slice; it changes at once from one part to the next."""
    if len(parts) == 1 and parts[0].noise.is_flat:
        return parts[0].noise
    indices: list[int] = []
    sigmas: list[float] = []
    for part in parts:
        noise, last = part.noise, part.stop - part.first - 1
        places = (0, last) if noise.is_flat else noise.indices
        indices += [part.first + place for place in places]
        sigmas += [noise.at(place) for place in places]
    return NoiseProfile(tuple(indices), tuple(sigmas))


def sigma_of(request: DenoiseRequest, voxels: NDArray[Any]) -> float:
    """Return the noise of voxels of a request in its unit; 0 where it cannot be told."""
    return noise_of(
        voxels,
        modality=request.modality,
        padding=request.padding,
        pixel_mm=request.spacing_ijk_mm[0],
    )


def _part(manifest: Manifest, request: DenoiseRequest, voxels: NDArray[Any], first: int) -> Part:
    sigma, count = _trained_sigma(manifest, request, voxels), voxels.shape[0]
    profile = estimate_profile(
        voxels,
        modality=request.modality,
        padding=request.padding,
        sigma=sigma,
        pixel_mm=request.spacing_ijk_mm[0],
    )
    limits = _limits(manifest, request, voxels)
    is_known = [limits is None or profile.at(k) in limits for k in range(count)]
    return Part(
        first=first,
        stop=first + count,
        before=bind(manifest.before, voxels, request.padding),
        sigma=sigma,
        noise=profile if limits is None else within(profile, *_near(limits)),
        slices_outside=count - sum(is_known),
    )


def _trained_sigma(manifest: Manifest, request: DenoiseRequest, voxels: NDArray[Any]) -> float:
    """Return the noise of a stack; refuse what the pack was not trained on."""
    sigma = sigma_of(request, voxels)
    trained = manifest.input.noise
    if trained is None:
        return sigma
    if sigma == 0:
        raise InputRefusedError(
            "This series cannot be denoised",
            why="its noise cannot be told: there is too little even soft tissue in it",
        )
    level, unit = _noise_unit(manifest, request, voxels)
    low, high = _near(trained)
    if not low <= sigma / level <= high:
        raise InputRefusedError(
            "This series cannot be denoised",
            why=f"its noise is {sigma / level:.3g} {unit}; the model was trained on "
            f"{trained.low:g} to {trained.high:g} {unit}",
        )
    return sigma


def _noise_unit(
    manifest: Manifest, request: DenoiseRequest, voxels: NDArray[Any]
) -> tuple[float, str]:
    """Return what the pack's range of noise counts in, and its name.

    MR has no unit of its own: a pack that scales by a percentile counts noise in shares of it.
    """
    if all(step.name != "scale_by_percentile" for step in manifest.before):
        return 1.0, manifest.input.unit
    steps = [step for step in manifest.before if step.name == "scale_by_percentile"]
    (scale,) = bind(steps[:1], voxels, request.padding)
    return 1 / scale.parameters["factor"], "of its bright signal"


def _limits(manifest: Manifest, request: DenoiseRequest, voxels: NDArray[Any]) -> Range | None:
    """Return the noise a pack was trained on, in the unit of the volume."""
    trained = manifest.input.noise
    if trained is None:
        return None
    level, _ = _noise_unit(manifest, request, voxels)
    return Range(trained.low * level, trained.high * level)


def _near(trained: Range) -> tuple[float, float]:
    return trained.low / NEAR_TRAINED, trained.high * NEAR_TRAINED
