"""One series laid over another: sampled at the same places of the patient, colored, mixed.

Positions are carried only inside one frame of reference, or by a fit that a person accepted
(DESIGN section 5, trap 24). Where the overlay has no voxel, or slices of it are missing, nothing
is laid over. Pixels and measurements of the base stay what they are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from viewers.render.oblique import HALF_A_VOXEL, Lattice, Raster, depths_k, lattice_of, sample
from viewers.render.palettes import palette_rgb
from viewers.state.fusion import Blend, Fusion, PaletteName
from viewers.state.windows import default_window
from workstation.core.errors import WorkstationError
from workstation.core.geometry import StackGeometry
from workstation.core.intensity import IntensityUnit, Padding, is_padding
from workstation.core.registration import RigidRegistration
from workstation.core.verdict import Doubt
from workstation.core.volume import Volume

SUV_WINDOW = (0.0, 7.0)
"""Window of an SUV overlay at first: body tissues lie under 3, lesions show from 2.5 on, and the
upper end keeps brain and bladder from taking all colors."""

THRESHOLD_SHARE = 0.1
"""Share of the window that is transparent at first: the noise of air must not tint the anatomy."""

LEVELS = 255
"""Colors of an overlay; 0 of a byte is left for what is transparent."""

STRAIGHT_VOXELS = 0.01
"""An overlay whose axes run along the picture to this part of a voxel over its whole width is
read line by line, ten times as fast; the error is under a hundredth of a voxel."""


class FusionError(WorkstationError):
    """Two series cannot be laid over each other."""

    exit_code = 3


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """A volume that is laid over another one. Immutable; any thread.

    Attributes:
        volume: the voxels; a loader may still fill them.
        is_loaded: tells which slices are in.
        base_to_overlay: (4, 4) carries positions of the base, ``(x, y, z, 1)`` in mm LPS, to
            those of the overlay; the unit matrix inside one frame of reference.
        lattice: where positions lie among the voxels.
        registration: the fit that carries positions; None inside one frame of reference.
        doubts: about its series; its pixels leave in every picture of the base.
        prior_date: date of its study, as the headers write it, where that is not the study being
            reported; None for the study being reported.
    """

    volume: Volume
    is_loaded: Callable[[int], bool]
    base_to_overlay: NDArray[np.float64]
    lattice: Lattice
    registration: RigidRegistration | None = None
    doubts: tuple[Doubt, ...] = ()
    prior_date: str | None = None

    def __post_init__(self) -> None:
        self.base_to_overlay.setflags(write=False)

    @property
    def is_complete(self) -> bool:
        """Whether every slice is in."""
        return all(map(self.is_loaded, range(self.volume.geometry.shape_kji[0])))

    @property
    def has_holes(self) -> bool:
        """Whether slices are missing between others, so that nothing is laid over there."""
        return not bool(self.lattice.is_bridged.all())

    def to_overlay_mm(self, xyz_mm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Carry positions of the base, (..., 3), to those of the overlay."""
        matrix = self.base_to_overlay
        carried: NDArray[np.float64] = xyz_mm @ matrix[:3, :3].T + matrix[:3, 3]
        return carried


@dataclass(frozen=True, slots=True, eq=False)
class Fused:
    """What is laid over a frame.

    Attributes:
        overlay: the series.
        fusion: how it is drawn.
        reaches: whether the overlay has voxels anywhere on this slice.
    """

    overlay: Overlay
    fusion: Fusion
    reaches: bool


def why_not_fused(
    base: StackGeometry, other: StackGeometry, registration: RigidRegistration | None = None
) -> str:
    """Return why slices of one stack cannot be laid over another, a sentence; empty if they can."""
    if not (base.is_placed and other.is_placed):
        return "The headers do not say where the slices are: nothing can be laid over them."
    if base.frame_of_reference_uid != other.frame_of_reference_uid or (
        base.frame_of_reference_uid == ""
    ):
        uids = (base.frame_of_reference_uid, other.frame_of_reference_uid)
        if registration is None or not registration.joins(*uids):
            return (
                "These series have no common frame of reference. Fit them to each other first, "
                "and accept the fit."
            )
    if other.why_not_reformattable:
        return f"The series cannot be laid over another because {other.why_not_reformattable}."
    return ""


def overlay_on(
    base: Volume,
    other: Volume,
    is_loaded: Callable[[int], bool],
    registration: RigidRegistration | None = None,
) -> Overlay:
    """Return a volume as an overlay on another.

    Args:
        base: the volume under it.
        other: the volume that is laid over.
        is_loaded: tells which slices of ``other`` are in.
        registration: an accepted fit; used only where the frames of reference differ.

    Raises:
        FusionError: they cannot be laid over each other; the text says why.
    """
    if base.is_colour or other.is_colour:
        raise FusionError("Color images cannot be laid over each other.")
    why = why_not_fused(base.geometry, other.geometry, registration)
    if why:
        raise FusionError(why)
    uids = (base.geometry.frame_of_reference_uid, other.geometry.frame_of_reference_uid)
    used = registration if uids[0] != uids[1] else None
    matrix = np.eye(4) if used is None else used.between(*uids).copy()
    return Overlay(other, is_loaded, matrix, lattice_of(other.geometry), used)


def opening_fusion(
    volume: Volume, is_loaded: Callable[[int], bool], palette: PaletteName = PaletteName.HOT_IRON
) -> Fusion:
    """Return how an overlay is drawn at first: SUV by a fixed window, all else by its own."""
    if volume.intensity.unit is IntensityUnit.SUV and volume.intensity.is_trusted:
        low, high = SUV_WINDOW
    else:
        window = default_window(volume, is_loaded)
        low, high = window.center - window.width / 2, window.center + window.width / 2
        if volume.intensity.unit in (IntensityUnit.SUV, IntensityUnit.ACTIVITY):
            low = max(low, 0.0)
    if not high > low:  # nothing but values of background, or a window of the maker below zero
        high = low + 1.0
    return Fusion(low, high, low + THRESHOLD_SHARE * (high - low), palette)


# Sampling


def carried(overlay: Overlay, raster: Raster) -> Raster:
    """Return the pixels of a slice of the base as positions of the overlay."""
    turn = overlay.base_to_overlay[:3, :3]
    return Raster(
        raster.shape_rc,
        overlay.to_overlay_mm(raster.origin_mm),
        turn @ raster.step_right_mm,
        turn @ raster.step_down_mm,
    )


def sampled(overlay: Overlay, raster: Raster) -> NDArray[np.float32]:
    """Return the overlay at the pixels of a slice of the base, trilinear, (rows, columns).

    NaN stands outside of the overlay, where its slices are missing or not loaded, and where padding
    would get into a value.
    """
    there = carried(overlay, raster)
    loaded = np.array([overlay.is_loaded(k) for k in range(overlay.lattice.shape_kji[0])])
    padding = overlay.volume.intensity.outside
    places = _straight_places(overlay.lattice, there)
    if places is not None:
        return _read_straight(overlay.volume.voxels, places, loaded, padding, raster.shape_rc)
    values: NDArray[np.float32] = sample(
        overlay.volume.voxels, overlay.lattice, there, fill=np.nan, padding=padding, is_exact=True
    )
    if not loaded.all():
        k = depths_k(overlay.lattice, there)
        values[~(loaded[np.floor(k).astype(int)] & loaded[np.ceil(k).astype(int)])] = np.nan
    return values


@dataclass(frozen=True, slots=True, eq=False)
class _Places:
    """Where the lines of a picture lie along one axis of the voxels.

    Attributes:
        side: 0 for one place per row, 1 for one per column, None for the same everywhere.
        low: voxel below each.
        share: how far each is towards the next voxel, 0..1.
        is_outside: which lie beyond the voxels.
    """

    side: int | None
    low: NDArray[np.intp]
    share: NDArray[np.float32]
    is_outside: NDArray[np.bool_]


def _straight_places(lattice: Lattice, raster: Raster) -> list[_Places] | None:
    """Return the places along k, j, i where each depends on row or column alone, else None."""
    if not lattice.is_even:
        return None
    matrix = lattice.to_ijk[::-1]
    first = matrix[:, :3] @ raster.origin_mm + matrix[:, 3]
    steps = matrix[:, :3] @ np.stack([raster.step_down_mm, raster.step_right_mm], axis=1)
    runs = np.abs(steps) * np.array(raster.shape_rc) > STRAIGHT_VOXELS
    if runs.all(axis=1).any() or (runs.sum(axis=0) > 1).any():
        return None
    found = []
    for axis, size in enumerate(lattice.shape_kji):
        side = int(np.flatnonzero(runs[axis])[0]) if runs[axis].any() else None
        count = 1 if side is None else raster.shape_rc[side]
        step = 0.0 if side is None else float(steps[axis, side])
        at = first[axis] + step * np.arange(count)
        outside = (at < -HALF_A_VOXEL) | (at > size - 1 + HALF_A_VOXEL)
        inside = np.clip(at, 0, size - 1)
        low = np.minimum(inside.astype(np.intp), max(size - 2, 0))
        found.append(_Places(side, low, (inside - low).astype(np.float32), outside))
    return found


def _read_straight(
    voxels: NDArray[np.generic],
    places: list[_Places],
    loaded: NDArray[np.bool_],
    padding: Padding,
    shape_rc: tuple[int, int],
) -> NDArray[np.float32]:
    """Return values read axis by axis; the axes that stand still first, so that little is read."""
    if any(one.is_outside.all() for one in places):
        return np.full(shape_rc, np.nan, dtype=np.float32)
    block = voxels
    parts = list(places)
    for axis, one in enumerate(places):
        start = int(one.low.min())
        stop = min(int(one.low.max()) + 2, voxels.shape[axis])
        block = block[(slice(None),) * axis + (slice(start, stop),)]
        parts[axis] = replace(one, low=one.low - start)
        if axis == 0:
            loaded = loaded[start:stop]
    values = block.astype(np.float32)
    if padding is not None:
        values[is_padding(block, padding)] = np.nan
    values[~loaded] = np.nan
    for axis in sorted(range(3), key=lambda n: len(places[n].low)):
        values = _lerp(values, parts[axis], axis)
    rows_axis = next((n for n in range(3) if places[n].side == 0), None)
    columns_axis = next((n for n in range(3) if places[n].side == 1), None)
    order = [n for n in (rows_axis, columns_axis) if n is not None]
    rest = [n for n in range(3) if n not in order]
    flat = values.transpose(*rest, *order)
    form = (1 if rows_axis is None else shape_rc[0], 1 if columns_axis is None else shape_rc[1])
    return np.ascontiguousarray(np.broadcast_to(flat.reshape(form), shape_rc))


def _lerp(values: NDArray[np.float32], one: _Places, axis: int) -> NDArray[np.float32]:
    high = np.minimum(one.low + 1, values.shape[axis] - 1)
    form = [1, 1, 1]
    form[axis] = len(one.low)
    share = one.share.reshape(form)
    first = values.take(one.low, axis=axis)
    last = values.take(high, axis=axis)
    # A value on a voxel needs no neighbor: one that is missing must not take it away.
    last = np.where(share == 0, first, last) if np.isnan(values).any() else last
    last -= first
    last *= share
    first += last
    if one.is_outside.any():
        first[(slice(None),) * axis + (one.is_outside,)] = np.nan
    return first


# Colors


def levels(values: NDArray[np.float32], fusion: Fusion) -> NDArray[np.uint8]:
    """Return the place of each value in the palette, 1..255; 0 where nothing is laid over."""
    scale = (LEVELS - 1) / (fusion.high - fusion.low)
    placed = (values - np.float32(fusion.low)) * np.float32(scale)
    placed += 1.5
    np.clip(placed, 1.0, float(LEVELS), out=placed)
    # NaN compares as false: it is transparent as well.
    placed *= values >= fusion.threshold
    np.fmax(placed, 0.0, out=placed)
    return placed.astype(np.uint8)


def mixing_table(fusion: Fusion) -> NDArray[np.uint32]:
    """Return the color 0x00RRGGBB of every level over every gray, (256 * 256,) by level, gray."""
    rgb = palette_rgb(fusion.palette).astype(np.float64)
    along = np.linspace(0.0, 1.0, LEVELS)
    color = np.zeros((256, 3))
    color[1:] = rgb[np.rint(along * 255).astype(int)]
    opacity = np.zeros(256)
    opacity[1:] = fusion.opacity * (along if fusion.blend is Blend.BY_VALUE else 1.0)
    gray = np.arange(256.0)
    mixed = gray[None, :, None] * (1 - opacity)[:, None, None] + (color * opacity[:, None])[:, None]
    parts = np.rint(mixed).astype(np.uint32)
    packed = (parts[..., 0] << 16) | (parts[..., 1] << 8) | parts[..., 2]
    return packed.astype(np.uint32).reshape(-1)


def mixed_picture(
    gray: NDArray[np.uint8], placed: NDArray[np.uint8], table: NDArray[np.uint32]
) -> NDArray[np.uint8]:
    """Return a gray picture with an overlay on it, (rows, columns, 3), C-contiguous.

    Args:
        gray: (rows, columns).
        placed: of :func:`levels`, same rows and columns.
        table: of :func:`mixing_table`.
    """
    packed = table.take((placed.astype(np.uint16) << 8) | gray, mode="clip")
    little = packed.astype("<u4", copy=False).view(np.uint8).reshape(*gray.shape, 4)
    return np.ascontiguousarray(little[..., 2::-1])
