"""Missing slices and corrupted rows: propose what may be proposed, and say which voxels they are.

What was scanned stays as it is, voxel for voxel; that is checked. Proposed voxels are looked at,
hatched, and never measured. Nothing is proposed that has no scanned slices near it on both sides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.packs.manifest import Manifest, Task
from inference.packs.store import Pack, PackStore
from inference.tasks.fill import FillRequest, FillResult
from workstation.core.drawings import Drawing
from workstation.core.errors import InputRefusedError, WorkerError
from workstation.core.filled import Filled, FilledBox, whole_slice
from workstation.core.geometry import StackGeometry
from workstation.core.intensity import IntensityUnit
from workstation.core.job import CancelToken
from workstation.core.provenance import PixelKind
from workstation.core.volume import Volume, read_only
from workstation.services.ports import ModelWorkerPort

MOST_IN_A_ROW = 2
"""Most slices missing beside each other that are proposed; across three nothing is known of what
lies in the middle."""

MOST_SHARE = 0.2
"""Largest share of the slices of a series that may be proposed; beyond it the series is not one
with losses but one that was scanned otherwise."""

FEWEST_SLICES = 4
"""Slices that must have been scanned: with fewer no spacing can be told from a gap."""

AIR_HU = -1024
"""What stands for nothing in a CT before it is filled; other units take 0."""

UNITS = {IntensityUnit.HU: "HU", IntensityUnit.SIGNAL: "signal"}
"""Units that packs are made for."""

WHAT = "Nothing can be proposed for this series"


@dataclass(frozen=True, slots=True, eq=False)
class FillPlan:
    """What would be proposed for a volume.

    Attributes:
        source: the volume.
        holes: (index of the gap, slices missing in it) that are filled.
        rows: boxes of corrupted rows, in slices of the source, that are filled.
        left: why some of what is missing is not proposed, one sentence each.
    """

    source: Volume
    holes: tuple[tuple[int, int], ...]
    rows: tuple[FilledBox, ...]
    left: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing can be proposed."""
        return not self.holes and not self.rows

    @property
    def source_index(self) -> tuple[int | None, ...]:
        """Which slice of the source each slice of the result is; None for a proposed one."""
        return _ordered(self.source.geometry.shape_kji[0], self.holes)


@dataclass(frozen=True, slots=True, eq=False)
class FilledSeries:
    """A volume with proposed voxels.

    Attributes:
        volume: what is looked at; its ``filled`` says which voxels were proposed.
        source: the volume as scanned.
        source_index: which slice of the source each slice is; None for a proposed one.
        result: pack and figures, as the worker gave them.
        left: why some of what is missing was not proposed, one sentence each.
    """

    volume: Volume
    source: Volume
    source_index: tuple[int | None, ...]
    result: FillResult
    left: tuple[str, ...] = ()


def plan_filling(volume: Volume, rows: Sequence[FilledBox] = ()) -> FillPlan:
    """Return what may be proposed for a volume, and why the rest may not.

    Args:
        volume: as scanned.
        rows: corrupted parts of its slices.

    Raises:
        InputRefusedError: the series is of a kind that nothing is proposed for, or all that is
            missing is too much, or nothing is missing.
    """
    if reason := _kind_reason(volume) or _geometry_reason(volume, has_rows=bool(rows)):
        raise _refused(reason)
    holes, left = _fillable_holes(volume.geometry)
    kept, also_left = _fillable_rows(volume, tuple(rows))
    plan = FillPlan(volume, tuple(holes), kept, (*left, *also_left))
    if plan.is_empty:
        raise _refused(" ".join(plan.left) or "no slice is missing and no row was marked")
    _refuse_share(plan)
    return plan


def fill_gaps(
    plan: FillPlan,
    *,
    worker: ModelWorkerPort,
    packs: PackStore,
    pack_id: str | None = None,
    on_progress: Callable[[float], None] | None = None,
    cancel: CancelToken | None = None,
) -> FilledSeries:
    """Return the volume with what was planned proposed by a model.

    Args:
        plan: what is proposed, of :func:`plan_filling`.
        worker: runs the model in its own process.
        packs: the packs of this machine.
        pack_id: which pack; None for the best one for the modality.
        on_progress: called with the part done, 0..1.
        cancel: stops within about one slice.

    Raises:
        InputRefusedError: the series is not one this pack may be used on; the sentence says why.
        PackRefusedError: there is no such pack, or it is damaged.
        WorkerError: the worker failed, or changed what was scanned.
        CancelledError: it was cancelled.
    """
    pack = _chosen(packs, plan.source, pack_id)
    _require_fit(plan, pack.manifest)
    filled = _filled_of(plan)
    holed = _with_holes(plan, filled)
    request = _request(plan, pack, filled)
    result, voxels = worker.run(request, holed, on_progress=on_progress, cancel=cancel)
    if voxels is None or not isinstance(result, FillResult):
        raise WorkerError("The model worker gave no pixels", todo="Run the task again")
    whole = _merged(plan, filled, holed, voxels)
    return FilledSeries(
        _volume(plan, filled, whole, result), plan.source, plan.source_index, result, plan.left
    )


def _refused(why: str) -> InputRefusedError:
    return InputRefusedError(WHAT, why=why.rstrip("."), todo="Read the slices that were scanned")


def _kind_reason(volume: Volume) -> str:
    """Return why nothing is proposed for such pixels, as a clause; empty where it is."""
    reason = ""
    if volume.is_colour:
        reason = "it is a color series"
    elif UNITS.get(volume.intensity.unit) is None:
        reason = "its values are neither HU nor MR signal"
    elif not volume.intensity.is_trusted:
        reason = volume.intensity.reason or "its values cannot be trusted"
    elif "LOCALIZER" in volume.provenance.image_type:
        reason = "it is a localizer, not a cross section"
    elif volume.provenance.kind is not PixelKind.ORIGINAL:
        reason = "its pixels were already computed from other pixels"
    return reason


def _geometry_reason(volume: Volume, *, has_rows: bool) -> str:
    """Return why nothing is proposed between such slices, as a clause; empty where it is."""
    geometry = volume.geometry
    reason = ""
    if not geometry.has_millimetres:
        reason = "its headers hold no trustworthy millimeters"
    elif not geometry.is_placed:
        reason = "its headers do not say where the slices are"
    elif geometry.shape_kji[0] < FEWEST_SLICES:
        reason = f"it has fewer than {FEWEST_SLICES} slices"
    elif geometry.is_at_one_place or float(geometry.gaps_mm.min()) <= 0:
        reason = "several of its slices lie at one place"
    elif not geometry.holes and not has_rows:
        reason = (
            "no slice is missing"
            if geometry.is_even
            else "its slices are unevenly spaced, so that none can be said to be missing"
        )
    return reason


def _fillable_holes(geometry: StackGeometry) -> tuple[list[tuple[int, int]], list[str]]:
    """Return the holes that are narrow enough, and a sentence for each of the others."""
    holes, left = [], []
    for index, count in geometry.holes:
        if count <= MOST_IN_A_ROW:
            holes.append((index, count))
        else:
            left.append(
                f"{count} slices are missing in a row after slice {index + 1}: "
                f"more than {MOST_IN_A_ROW} are not proposed."
            )
    return holes, left


def _fillable_rows(
    volume: Volume, rows: tuple[FilledBox, ...]
) -> tuple[tuple[FilledBox, ...], list[str]]:
    """Return the boxes that have scanned slices near them on both sides; sentences for others."""
    order = _ordered(volume.geometry.shape_kji[0], volume.geometry.holes)
    kept, left = [], []
    for box in rows:
        if box.k in (0, volume.geometry.shape_kji[0] - 1):
            left.append(
                f"Slice {box.k + 1} is at the end of the series: nothing is proposed in it."
            )
        elif not _is_near_enough(order, rows, box):
            left.append(f"Too much is missing around slice {box.k + 1}: nothing is proposed in it.")
        else:
            kept.append(box)
    return tuple(kept), left


def _is_near_enough(
    order: tuple[int | None, ...], rows: tuple[FilledBox, ...], box: FilledBox
) -> bool:
    """Whether at most MOST_IN_A_ROW places are missing one behind the other at a box."""
    hurt = {one.k for one in rows if _overlap(one, box)}
    is_missing = [source is None or source in hurt for source in order]
    first = last = order.index(box.k)
    while first > 0 and is_missing[first - 1]:
        first -= 1
    while last < len(order) - 1 and is_missing[last + 1]:
        last += 1
    has_both_ends = first > 0 and last < len(order) - 1
    return has_both_ends and last - first + 1 <= MOST_IN_A_ROW


def _ordered(count: int, holes: tuple[tuple[int, int], ...]) -> tuple[int | None, ...]:
    """Return the scanned slices with None for each missing one."""
    missing = dict(holes)
    order: list[int | None] = []
    for k in range(count):
        order += [k, *([None] * missing.get(k, 0))]
    return tuple(order)


def _overlap(one: FilledBox, other: FilledBox) -> bool:
    return (
        one.rows[0] < other.rows[1]
        and other.rows[0] < one.rows[1]
        and one.columns[0] < other.columns[1]
        and other.columns[0] < one.columns[1]
    )


def _refuse_share(plan: FillPlan) -> None:
    count = len(plan.source_index)
    touched = {box.k for box in plan.rows}
    share = (sum(missing for _, missing in plan.holes) + len(touched)) / count
    if share > MOST_SHARE:
        raise _refused(f"voxels are missing in {share:.0%} of its slices")


def _chosen(packs: PackStore, volume: Volume, pack_id: str | None) -> Pack:
    series = volume.series
    if not pack_id:
        return packs.choose(Task.FILL, series.modality, series.body_part)
    pack = packs.get(pack_id)
    if pack.manifest.task is not Task.FILL:
        raise InputRefusedError(
            f'The model pack "{pack_id}" does not do this',
            why=f"it is for {pack.manifest.task.value}",
        )
    return pack


def _require_fit(plan: FillPlan, manifest: Manifest) -> None:
    """Refuse a series that a pack was not made for."""
    volume, spec = plan.source, manifest.input
    i_mm, j_mm = volume.geometry.spacing_ij_mm
    if volume.series.modality not in manifest.modalities:
        names = " and ".join(manifest.modalities)
        raise _refused(f"the model is for {names}, not {volume.series.modality or 'this'}")
    if UNITS[volume.intensity.unit] != spec.unit:
        raise _refused(f"its values are not {spec.unit}")
    for name, value, trained in (
        ("pixel spacing", i_mm, spec.spacing_ij_mm),
        ("pixel spacing", j_mm, spec.spacing_ij_mm),
        ("slice spacing", usual_gap_mm(volume.geometry), spec.spacing_k_mm),
    ):
        if value not in trained:
            raise _refused(
                f"its {name} is {value:.2f} mm; the model was trained on "
                f"{trained.low:g} to {trained.high:g} mm"
            )


def usual_gap_mm(geometry: StackGeometry) -> float:
    """Return the distance between neighboring places of a stack; a hole is several of them."""
    gaps_mm = geometry.gaps_mm
    return float(np.sort(gaps_mm)[(gaps_mm.size - 1) // 2])


def _filled_of(plan: FillPlan) -> Filled:
    order = plan.source_index
    _, rows, columns = plan.source.geometry.shape_kji
    shape = (len(order), rows, columns)
    place = {source: k for k, source in enumerate(order) if source is not None}
    boxes = [whole_slice(k, shape) for k, source in enumerate(order) if source is None]
    boxes += [replace(box, k=place[box.k]) for box in plan.rows]
    return Filled(shape, tuple(sorted(boxes, key=lambda box: (box.k, box.rows))))


def _with_holes(plan: FillPlan, filled: Filled) -> NDArray[Any]:
    """Return the scanned slices at their places, and nothing where voxels are missing."""
    source = plan.source
    nothing = AIR_HU if source.intensity.unit is IntensityUnit.HU else 0
    voxels = np.full(filled.shape_kji, nothing, dtype=source.voxels.dtype)
    for k, origin in enumerate(plan.source_index):
        if origin is not None:
            voxels[k] = source.voxels[origin]
    for box in filled.boxes:
        voxels[box.k, slice(*box.rows), slice(*box.columns)] = nothing
    return voxels


def _request(plan: FillPlan, pack: Pack, filled: Filled) -> FillRequest:
    i_mm, j_mm = plan.source.geometry.spacing_ij_mm
    return FillRequest(
        pack.manifest.pack_id,
        plan.source.series.modality,
        (i_mm, j_mm, usual_gap_mm(plan.source.geometry)),
        filled.boxes,
        plan.source.intensity.outside,
        filled.touched_slices[0],
    )


def _merged(
    plan: FillPlan, filled: Filled, voxels: NDArray[Any], made: NDArray[Any]
) -> NDArray[Any]:
    """Return the voxels with what was proposed; all else is as scanned, which is checked.

    Raises:
        WorkerError: a scanned voxel came back changed.
    """
    for k in filled.touched_slices:
        origin = plan.source_index[k]
        if origin is not None:
            is_missing = filled.plane(k)
            scanned = plan.source.voxels[origin]
            if not np.array_equal(made[k][~is_missing], scanned[~is_missing]):
                raise WorkerError(
                    "What was proposed is thrown away",
                    why="the model worker changed voxels that were scanned",
                    todo="Run the task again; if it happens again, remove the model pack",
                )
        voxels[k] = made[k]
    return voxels


def _volume(plan: FillPlan, filled: Filled, voxels: NDArray[Any], result: FillResult) -> Volume:
    source, order = plan.source, plan.source_index
    numbers = source.frame_numbers
    return replace(
        source,
        voxels=read_only(voxels),
        geometry=_geometry(plan),
        instance_uids=tuple("" if k is None else source.instance_uids[k] for k in order),
        frame_numbers=tuple(0 if k is None else numbers[k] for k in order) if numbers else (),
        drawings=_Drawings(source, order) if source.drawings is not None else None,
        provenance=replace(
            source.provenance,
            kind=PixelKind.FILLED,
            source_series_uid=source.series.series_uid,
            pack=result.pack,
        ),
        filled=filled,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Drawings:
    """Gives what the headers draw over the scanned slices; nothing over proposed ones."""

    source: Volume
    order: tuple[int | None, ...]

    def __call__(self, k: int) -> tuple[Drawing, ...]:
        origin = self.order[k]
        if origin is None or self.source.drawings is None:
            return ()
        return self.source.drawings(origin)


def _geometry(plan: FillPlan) -> StackGeometry:
    """Return the stack with the missing places, in even steps between the scanned ones."""
    geometry = plan.source.geometry
    missing = dict(plan.holes)
    positions = []
    for k, here in enumerate(geometry.positions_mm):
        positions.append(here)
        steps = missing.get(k, 0) + 1
        positions += [
            here + (geometry.positions_mm[k + 1] - here) * (step / steps)
            for step in range(1, steps)
        ]
    shape = (len(positions), *geometry.shape_kji[1:])
    return replace(geometry, shape_kji=shape, positions_mm=np.array(positions))


def filling_notes(filled: FilledSeries) -> tuple[str, ...]:
    """Return what was left missing and what the model could not do, one sentence each."""
    figures = filled.result.figures
    notes = list(filled.left)
    if figures.slices_interpolated:
        notes.append(
            f"{figures.slices_interpolated} slices are plain interpolation: the model gave no "
            "usable numbers for them."
        )
    return tuple(notes)
