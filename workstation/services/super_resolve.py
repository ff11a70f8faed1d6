"""Smaller voxels: what can be asked for, whether there is room for it, and blends that keep means.

Through the planes slice k becomes ``factor`` thinner slices in its place; in the planes a pixel
becomes factor x factor pixels in its place. Averaged as the scanner averaged (under the slice
profile, or over each square), the result at full strength gives every scanned value back; the model
worker checks that on each slice. Headers say how thick slices are; the shape of their profile is
not in them and is a box unless something else is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.packs.manifest import Manifest
from inference.tasks.super_resolve import FACTORS, SHAPES, Direction, SuperResolveRequest
from workstation.core.errors import InputRefusedError, WorkerOutOfMemoryError
from workstation.core.memory import Memory, read_memory
from workstation.core.volume import Volume

ROUNDED_RATIO = 0.05
"""Part by which thickness may differ from spacing that is rounding in the headers: 0.999 is 1."""

TITLES = {
    (Direction.THROUGH_PLANE, 2): "thinner slices",
    (Direction.THROUGH_PLANE, 4): "slices four times thinner",
    (Direction.IN_PLANE, 2): "finer pixels",
    (Direction.IN_PLANE, 4): "pixels four times finer",
}
"""What is made, for series descriptions."""

DIRECTIONS = {"through-plane": Direction.THROUGH_PLANE, "in-plane": Direction.IN_PLANE}
"""Directions by the names of the command line."""


@dataclass(frozen=True, slots=True)
class SuperResolution:
    """What is asked for.

    Attributes:
        direction: through the planes or in them.
        factor: 2, or 4 in two passes.
        profile: ``box`` or ``gaussian``; empty for a box, or what the pack was trained on alone.
    """

    direction: Direction = Direction.THROUGH_PLANE
    factor: int = 2
    profile: str = ""

    def __post_init__(self) -> None:
        if self.factor not in FACTORS or self.profile not in ("", *SHAPES):
            raise ValueError("voxels are made two or four, under a box or a Gaussian")


THINNER = SuperResolution()
"""Twice the slices: what is made where nothing else is asked for."""


def resolution_of(source: Volume, voxels: NDArray[Any]) -> SuperResolution:
    """Return what was made of a volume, by the sizes of the result ``[k, j, i]``."""
    k, j, _ = source.geometry.shape_kji
    if voxels.shape[0] > k:
        return SuperResolution(Direction.THROUGH_PLANE, voxels.shape[0] // k)
    return SuperResolution(Direction.IN_PLANE, voxels.shape[1] // j)


def request_of(
    volume: Volume, manifest: Manifest, how: SuperResolution, *, first_index: int
) -> SuperResolveRequest:
    """Return what the model worker is asked.

    Raises:
        InputRefusedError: the pack was not trained on that profile.
    """
    i_mm, j_mm = volume.geometry.spacing_ij_mm
    gap_mm = abs(float(np.median(volume.geometry.gaps_mm)))
    return SuperResolveRequest(
        pack_id=manifest.pack_id,
        modality=volume.series.modality,
        spacing_ijk_mm=(i_mm, j_mm, gap_mm),
        padding=volume.intensity.outside,
        first_index=first_index,
        direction=how.direction,
        factor=how.factor,
        profile_ratio=profile_ratio(volume),
        profile_shape=SHAPES[profile_name(manifest, how)],
    )


def profile_ratio(volume: Volume) -> float:
    """Return slice thickness over slice spacing; 1 where the headers do not say how thick."""
    gap_mm = abs(float(np.median(volume.geometry.gaps_mm)))
    if volume.thickness_mm <= 0 or gap_mm <= 0:
        return 1.0
    ratio = volume.thickness_mm / gap_mm
    return 1.0 if abs(ratio - 1) <= ROUNDED_RATIO else ratio


def profile_name(manifest: Manifest, how: SuperResolution) -> str:
    """Return the slice profile that is taken: what is asked for, else a box, else the pack's.

    Raises:
        InputRefusedError: the pack was not trained on it.
    """
    known = manifest.input.profile_shapes
    name = how.profile or ("box" if "box" in known else known[0])
    if how.direction is Direction.THROUGH_PLANE and name not in known:
        raise InputRefusedError(
            "These slices cannot be taken apart",
            why=f"the model was not trained on a {name} profile",
            todo=f"Ask for {' or '.join(known)}",
        )
    return name


def require_room(
    volume: Volume, manifest: Manifest, how: SuperResolution, *, memory: Memory | None = None
) -> None:
    """Refuse what would not fit, before anything is made.

    Args:
        volume: what it is made of.
        manifest: of the pack.
        how: what is made.
        memory: as it is now; None to look.

    Raises:
        WorkerOutOfMemoryError: with how much it needs and what needs less.
    """
    k, j, i = volume.geometry.shape_kji
    growth = how.factor if how.direction is Direction.THROUGH_PLANE else how.factor**2
    source = k * j * i * volume.voxels.itemsize
    needed = source * (growth + 1) + manifest.memory.estimate_bytes(j * i)
    free = (memory or read_memory()).free_bytes
    if needed <= free:
        return
    raise WorkerOutOfMemoryError(
        "The result would need more memory than there is",
        why=f"it needs {needed / 1e9:.1f} GB, {free / 1e9:.1f} GB are free",
        todo="Close other studies, or double fewer voxels: "
        "a factor of two, or slices instead of pixels",
    )


def blended_children(
    original: NDArray[Any], children: NDArray[Any], strength: float
) -> NDArray[Any]:
    """Return original + strength x (child - original) of each child of a slice, in its dtype.

    Whole numbers are rounded so that each running sum stays within a half: where the children
    average evenly to the slice at full strength, they do at every strength.

    Args:
        original: ``[j, i]`` as scanned.
        children: ``[n, j, i]``.
        strength: 0..1.
    """
    if strength == 1:
        return children
    change = np.float64(strength) * (children.astype(np.float64) - original)
    if np.issubdtype(original.dtype, np.integer):
        sums = np.floor(np.cumsum(change, axis=0) + 0.5)
        change = np.diff(sums, axis=0, prepend=np.zeros((1, *original.shape)))
    blended: NDArray[Any] = (original + change).astype(original.dtype)
    return blended


def blended_part(
    source: NDArray[Any], result: NDArray[Any], k: int, strength: float
) -> NDArray[Any]:
    """Return the slices of the result that slice k of the source became, blended with it.

    Args:
        source: ``[k, j, i]`` as scanned.
        result: the model's result of the same volume, at full strength.
        k: slice of the source.
        strength: 0..1.
    """
    per_slice, per_pixel = result.shape[0] // len(source), result.shape[1] // source.shape[1]
    part = result[per_slice * k : per_slice * (k + 1)]
    if per_pixel == 1:
        return blended_children(source[k], part, strength)
    rows, columns = source.shape[1:]
    squares = part[0].reshape(rows, per_pixel, columns, per_pixel).transpose(1, 3, 0, 2)
    children = squares.reshape(per_pixel**2, rows, columns)
    blended = blended_children(source[k], children, strength)
    squares = blended.reshape(per_pixel, per_pixel, rows, columns).transpose(2, 0, 3, 1)
    return squares.reshape(1, *part.shape[1:])
