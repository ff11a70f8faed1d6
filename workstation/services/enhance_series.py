"""Better pixels: check that a series may be enhanced, run the model, blend, write the result.

The original volume is never touched. What comes back is the model's result at full strength; the
strength a reader chooses is a blend with the original, made without running the model again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.packs.manifest import Task
from inference.packs.store import Pack, PackStore
from inference.tasks.denoise import DenoiseRequest, EnhanceResult
from inference.tasks.super_resolve import Direction, SuperResolveRequest
from workstation.core.errors import InputRefusedError, SafetyGateError, WorkerError
from workstation.core.geometry import StackGeometry
from workstation.core.job import CancelToken, Focus
from workstation.core.provenance import PixelKind, Provenance
from workstation.core.verdict import Doubt
from workstation.core.volume import Volume, read_only
from workstation.dicom.derived_images import (
    Derivation,
    DerivedSeries,
    DerivedSlice,
    SourceFrame,
    check_folder,
    check_source,
    write_derived_series,
)
from workstation.services.denoise_runs import denoise_request, slices_seen
from workstation.services.enhancement_gate import require_fit, require_scanned
from workstation.services.ports import ModelWorkerPort
from workstation.services.require_study import require_study
from workstation.services.super_resolve import (
    THINNER,
    SuperResolution,
    blended_part,
    request_of,
    require_room,
    resolution_of,
)
from workstation.services.super_resolve import TITLES as RESOLUTION_TITLES

__all__ = [
    "TASKS",
    "Enhanced",
    "blended_slice",
    "blended_voxels",
    "check_can_be_enhanced",
    "check_can_be_written",
    "enhance",
    "enhanced_volume",
    "mix",
    "require_fit",
    "result_geometry",
    "write_derived",
]

TASKS = {"denoise": Task.DENOISE, "superres": Task.SUPER_RESOLVE}
"""Tasks by the names of the command line."""

DENOISED = "less noise"
"""What a denoising does, for series descriptions."""


@dataclass(frozen=True, slots=True, eq=False)
class Enhanced:
    """What a model made of a volume.

    Attributes:
        task: ``denoise`` or ``superres``.
        source: the volume it was made of.
        voxels: the result at full strength, read-only; more slices, or more rows and columns, for
            ``superres``.
        result: pack and figures, as the worker gave them.
        default_strength: share of the result that is shown first, 0..1.
        doubts: what the reader is warned of; see :mod:`.enhancement_gate`.
        neighbours: slices the model looked at for each one of the result.
    """

    task: str
    source: Volume
    voxels: NDArray[Any]
    result: EnhanceResult
    default_strength: float
    doubts: tuple[Doubt, ...] = ()
    neighbours: int = 3

    @property
    def has_fallbacks(self) -> bool:
        """Whether slices were left as the original because a promise was broken."""
        return self.result.figures.slices_left_original > 0


def enhance(  # noqa: PLR0913 - what is asked, who does it, and the three callbacks of the worker
    volume: Volume,
    *,
    task: str,
    worker: ModelWorkerPort,
    packs: PackStore,
    pack_id: str | None = None,
    image_type: tuple[str, ...] = (),
    first_index: int = 0,
    on_progress: Callable[[float], None] | None = None,
    on_slice: Callable[[int, NDArray[Any]], None] | None = None,
    cancel: CancelToken | None = None,
    how: SuperResolution | None = None,
    focus: Focus | None = None,
) -> Enhanced:
    """Run a model over a volume and return its result at full strength.

    Args:
        volume: original pixels.
        task: ``denoise`` or ``superres``.
        worker: runs the model in its own process.
        packs: the packs of this machine.
        pack_id: which pack; None for the best one for the task and modality.
        image_type: Image Type of the source, where the volume does not know it.
        first_index: slice that is done first; its neighbours follow.
        on_progress: called with the part done, 0..1.
        on_slice: called with k and each finished slice of the result.
        cancel: stops within about one slice.
        how: direction, factor and profile of a super-resolution; None for twice the slices, or for
            what the named pack does.
        focus: where the reader looks while it runs; less noise comes there first.

    Raises:
        InputRefusedError: the series is not one this pack may enhance; the sentence says why.
        PackRefusedError: there is no such pack, or it is damaged.
        SafetyGateError: the model broke its promise in every slice, so that nothing was changed.
        WorkerOutOfMemoryError: the result would not fit.
        WorkerError: the worker failed.
        CancelledError: it was cancelled.
    """
    pack, doubts = _fitting(volume, task, packs, pack_id, image_type, how)
    result, voxels = worker.run(
        _request(volume, pack, first_index, how),
        volume.voxels,
        on_progress=on_progress,
        on_slice=on_slice,
        cancel=cancel,
        focus=focus,
    )
    if voxels is None or not isinstance(result, EnhanceResult):
        raise WorkerError("The model worker gave no pixels", todo="Run the task again")
    _require_any_kept(result, volume)
    return Enhanced(
        task,
        volume,
        read_only(voxels),
        result,
        pack.manifest.output.default_strength,
        doubts,
        _neighbours(pack, how),
    )


def _require_any_kept(result: EnhanceResult, volume: Volume) -> None:
    """Refuse a result that is the original in every slice: it is not what it would be called."""
    if result.figures.slices_left_original >= len(volume.voxels):
        raise SafetyGateError(
            "Nothing of what the model made is kept",
            why=f"{result.pack} broke its promise in every slice",
            todo="Read the original, or choose another model pack",
        )


def check_can_be_enhanced(
    volume: Volume,
    *,
    task: str,
    packs: PackStore,
    pack_id: str | None = None,
    how: SuperResolution | None = None,
) -> None:
    """Refuse a series that cannot be enhanced, before anything else is tried.

    Raises:
        InputRefusedError: the series is not one this pack may enhance; the sentence says why.
        PackRefusedError: there is no such pack, or it is damaged.
        WorkerOutOfMemoryError: the result would not fit.
    """
    _fitting(volume, task, packs, pack_id, (), how)


def _fitting(
    volume: Volume,
    task: str,
    packs: PackStore,
    pack_id: str | None,
    image_type: tuple[str, ...],
    how: SuperResolution | None,
) -> tuple[Pack, tuple[Doubt, ...]]:
    """Return the pack that enhances a volume, and what to warn of."""
    require_study(volume.series.study, "No enhanced series can be made from this file")
    require_scanned(volume, image_type=image_type)
    pack = _chosen(packs, task, volume, pack_id, how)
    doubts = require_fit(volume, pack.manifest, image_type=image_type)
    if pack.manifest.task is Task.SUPER_RESOLVE:
        require_room(volume, pack.manifest, _how(pack, how))
    return pack, doubts


def blended_voxels(enhanced: Enhanced, strength: float) -> NDArray[Any]:
    """Return original + strength x (result - original), in the dtype of the volume.

    Where there are more voxels the original is each voxel repeated, so that means are kept.
    """
    if not 0 <= strength <= 1:
        raise ValueError("a strength lies between 0 and 1")
    if strength == 1:
        return enhanced.voxels
    source = enhanced.source.voxels
    blended, per_slice = np.empty_like(enhanced.voxels), len(enhanced.voxels) // len(source)
    for k in range(len(source)):
        part = blended_part(source, enhanced.voxels, k, strength)
        blended[per_slice * k : per_slice * (k + 1)] = part
    return read_only(blended)


def blended_slice(enhanced: Enhanced, strength: float, k: int) -> NDArray[Any]:
    """Return slice k of the blend; what a viewer needs when the strength slider moves."""
    source = enhanced.source.voxels
    whole, place = divmod(k, len(enhanced.voxels) // len(source))
    plane: NDArray[Any] = blended_part(source, enhanced.voxels, whole, strength)[place]
    return plane


def mix(original: NDArray[Any], result: NDArray[Any], strength: float) -> NDArray[Any]:
    """Return original + strength x (result - original), rounded for whole numbers.

    Args:
        original: pixels as scanned.
        result: pixels of the model, as many.
        strength: 0..1.
    """
    change = np.float32(strength) * (result.astype(np.float32) - original)
    if np.issubdtype(original.dtype, np.integer):
        change = np.floor(change + 0.5)
    mixed: NDArray[Any] = (original + change).astype(original.dtype)
    return mixed


def enhanced_volume(enhanced: Enhanced, strength: float | None = None) -> Volume:
    """Return the blend as a volume with its provenance; default strength if none is given.

    The series keeps its identity: the provenance tells it apart, and every view shows that.
    """
    share = enhanced.default_strength if strength is None else strength
    source = enhanced.source
    per_slice, made = len(enhanced.voxels) // len(source.voxels), result_geometry(enhanced)
    provenance = Provenance(
        kind=PixelKind.ENHANCED,
        source_series_uid=source.series.series_uid,
        pack=enhanced.result.pack,
        strength=share,
        notes=source.provenance.notes,
    )
    return replace(
        source,
        voxels=read_only(blended_voxels(enhanced, share)),
        geometry=made,
        instance_uids=tuple(uid for uid in source.instance_uids for _ in range(per_slice)),
        frame_numbers=tuple(n for n in source.frame_numbers for _ in range(per_slice)),
        thickness_mm=_thickness_mm(source, made),
        provenance=provenance,
    )


def result_geometry(enhanced: Enhanced) -> StackGeometry:
    """Return where the result lies: the parts that a slice or pixel became share its place."""
    source, shape = enhanced.source.geometry, enhanced.voxels.shape
    per_slice, per_pixel = shape[0] // source.shape_kji[0], shape[1] // source.shape_kji[1]
    if per_slice == per_pixel == 1:
        return source
    gap_mm = float(np.median(source.gaps_mm))
    i_mm, j_mm = (spacing / per_pixel for spacing in source.spacing_ij_mm)
    # A pixel's parts begin before its center, by half of what they are smaller.
    corner = (source.row_cosines * i_mm + source.column_cosines * j_mm) * (per_pixel - 1) / 2
    steps = ((np.arange(per_slice) + 0.5) / per_slice - 0.5) * gap_mm
    parts = source.positions_mm[:, None] + steps[:, None] * source.normal - corner
    return replace(
        source,
        shape_kji=(shape[0], shape[1], shape[2]),
        positions_mm=parts.reshape(-1, 3),
        spacing_ij_mm=(i_mm, j_mm),
    )


def check_can_be_written(files: tuple[Path, ...], folder: Path | None = None) -> None:
    """Refuse a series of which no derived copy can be written, before the model runs.

    Args:
        files: file of each slice, as DisplaySet.files gives them.
        folder: where it will be written; made if it is not there. None: not known yet.

    Raises:
        InputRefusedError: as for :func:`write_derived`.
    """
    if files:  # research volumes have none, and are refused by name
        check_source(files[0])
    if folder is not None:
        check_folder(folder)


def write_derived(
    enhanced: Enhanced,
    *,
    files: tuple[Path, ...],
    folder: Path,
    program: str,
    now: datetime,
    strength: float | None = None,
) -> tuple[Path, ...]:
    """Write the blend as a derived DICOM series and return its files in the order of its slices.

    Args:
        enhanced: what to write.
        files: file of each slice of the source volume, as DisplaySet.files gives them.
        folder: where to; made if it is not there.
        program: name and version of this program, e.g. ``Prelim 0.1.0``.
        now: present time, aware.
        strength: 0..1; None for the pack's default.

    Raises:
        InputRefusedError: the source headers are gone or not of single CT or MR images.
    """
    share = enhanced.default_strength if strength is None else strength
    if len(files) != len(enhanced.source.voxels):
        raise ValueError("one source file per slice is needed")
    made, source = result_geometry(enhanced), enhanced.source.geometry
    has_new_slices = len(enhanced.voxels) != len(enhanced.source.voxels)
    series = DerivedSeries(
        derivation=_derivation(enhanced, share),
        thickness_mm=abs(float(np.median(made.gaps_mm))) if has_new_slices else None,
        padding=enhanced.source.intensity.outside,
        program=program,
        now=now,
        spacing_ij_mm=(None if made.spacing_ij_mm == source.spacing_ij_mm else made.spacing_ij_mm),
    )
    return write_derived_series(series, _derived_slices(enhanced, share, files), folder)


def _derivation(enhanced: Enhanced, strength: float) -> Derivation:
    figures = enhanced.result.figures
    return Derivation(
        is_resampling=enhanced.voxels.shape != enhanced.source.voxels.shape,
        pack=enhanced.result.pack,
        title=_title(enhanced),
        strength=strength,
        sigma=figures.sigma_before,
        unit=enhanced.source.intensity.unit.value,
        provider=figures.provider,
        slices_left_original=figures.slices_left_original,
    )


def _title(enhanced: Enhanced) -> str:
    if TASKS[enhanced.task] is Task.DENOISE:
        return DENOISED
    how = resolution_of(enhanced.source, enhanced.voxels)
    return RESOLUTION_TITLES[how.direction, how.factor]


def _derived_slices(
    enhanced: Enhanced, strength: float, files: tuple[Path, ...]
) -> list[DerivedSlice]:
    voxels = blended_voxels(enhanced, strength)
    positions = result_geometry(enhanced).positions_mm
    per_slice = len(voxels) // len(files)
    frames = enhanced.source.frame_numbers or (0,) * len(files)
    sources = [SourceFrame(path, frame) for path, frame in zip(files, frames, strict=True)]
    slices = []
    for k, plane in enumerate(voxels):
        middle = k // per_slice
        around = slices_seen(enhanced.source, middle, enhanced.neighbours)
        seen = dict.fromkeys(sources[k] for k in around)
        slices.append(DerivedSlice(plane, positions[k], sources[middle], tuple(seen)))
    return slices


def _chosen(
    packs: PackStore, task: str, volume: Volume, pack_id: str | None, how: SuperResolution | None
) -> Pack:
    if task not in TASKS:
        raise ValueError(f"no such task: {task}")
    series = volume.series
    if not pack_id:
        direction = (how or THINNER).direction
        return packs.choose(TASKS[task], series.modality, series.body_part, direction)
    pack = packs.get(pack_id)
    is_that = pack.manifest.task is TASKS[task]
    direction_of = pack.manifest.input.direction
    if is_that and (how is None or direction_of in (None, how.direction)):
        return pack
    does = direction_of.value.replace("_", "-") + " doubling" if direction_of and is_that else ""
    raise InputRefusedError(
        f'The model pack "{pack_id}" does not do this',
        why=f"it is for {does or pack.manifest.task.value}",
    )


def _how(pack: Pack, how: SuperResolution | None) -> SuperResolution:
    """Return what a super-resolution makes: what is asked for, or what the pack does."""
    return how or SuperResolution(pack.manifest.input.direction or Direction.THROUGH_PLANE)


def _neighbours(pack: Pack, how: SuperResolution | None) -> int:
    """Return how many slices each one of the result was made from; a second pass sees further."""
    once = max(pack.manifest.input.neighbours, 1)
    return once + 2 * (once // 4) if how is not None and how.factor > 2 else once


def _request(
    volume: Volume, pack: Pack, first_index: int, how: SuperResolution | None
) -> DenoiseRequest | SuperResolveRequest:
    if pack.manifest.task is not Task.DENOISE:
        return request_of(volume, pack.manifest, _how(pack, how), first_index=first_index)
    return denoise_request(volume, pack.manifest.pack_id, first_index)


def _thickness_mm(source: Volume, made: StackGeometry) -> float:
    """Return how thick slices of the result are: as the place they share, whatever the profile."""
    if len(made.positions_mm) == len(source.voxels) or not source.thickness_mm:
        return source.thickness_mm
    return abs(float(np.median(made.gaps_mm)))
