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

from inference.packs.manifest import Manifest, Task
from inference.packs.store import Pack, PackStore
from inference.tasks.denoise import DenoiseRequest, EnhanceResult
from inference.tasks.super_resolve import SuperResolveRequest
from workstation.core.errors import InputRefusedError, WorkerError
from workstation.core.geometry import StackGeometry
from workstation.core.intensity import IntensityUnit
from workstation.core.job import CancelToken
from workstation.core.provenance import PixelKind, Provenance
from workstation.core.volume import Volume, read_only
from workstation.dicom.derived_images import (
    Derivation,
    DerivedSeries,
    DerivedSlice,
    check_source,
    write_derived_series,
)
from workstation.services.ports import ModelWorkerPort
from workstation.services.require_study import require_study

TASKS = {"denoise": Task.DENOISE, "superres": Task.SUPER_RESOLVE}
"""Tasks by the names of the command line."""

TITLES = {"denoise": "less noise", "superres": "thinner slices"}
"""What a task does, for series descriptions."""

UNITS = {IntensityUnit.HU: "HU", IntensityUnit.SIGNAL: "signal"}
"""Units that packs are made for."""

FEWEST_SLICES = 3
"""Slices without which a model that looks at neighbours sees nothing but copies."""

TOUCHING_TOLERANCE = 0.15
"""Part of the spacing by which thickness may differ from it for slices that still touch.

Scanners round both; a gap or overlap that was meant is a fifth of the spacing or more.
"""

DERIVED_MARK = "DERIVED"
"""First value of Image Type of pixels that were computed from other pixels (PS3.3 C.7.6.1.1.2)."""


@dataclass(frozen=True, slots=True, eq=False)
class Enhanced:
    """What a model made of a volume.

    Attributes:
        task: ``denoise`` or ``superres``.
        source: the volume it was made of.
        voxels: the result at full strength, read-only; twice the slices for ``superres``.
        result: pack and figures, as the worker gave them.
        default_strength: share of the result that is shown first, 0..1.
    """

    task: str
    source: Volume
    voxels: NDArray[Any]
    result: EnhanceResult
    default_strength: float

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
) -> Enhanced:
    """Run a model over a volume and return its result at full strength.

    Args:
        volume: original pixels.
        task: ``denoise`` or ``superres``.
        worker: runs the model in its own process.
        packs: the packs of this machine.
        pack_id: which pack; None for the best one for the task and modality.
        image_type: Image Type of the source, where it is known; derived pixels are refused.
        first_index: slice that is done first; its neighbours follow.
        on_progress: called with the part done, 0..1.
        on_slice: called with k and each finished slice of the result.
        cancel: stops within about one slice.

    Raises:
        InputRefusedError: the series is not one this pack may enhance; the sentence says why.
        PackRefusedError: there is no such pack, or it is damaged.
        WorkerError: the worker failed.
        CancelledError: it was cancelled.
    """
    require_study(volume.series.study, "No enhanced series can be made from this file")
    pack = _chosen(packs, task, volume, pack_id)
    require_fit(volume, pack.manifest, image_type=image_type)
    result, voxels = worker.run(
        _request(volume, pack, first_index),
        volume.voxels,
        on_progress=on_progress,
        on_slice=on_slice,
        cancel=cancel,
    )
    if voxels is None or not isinstance(result, EnhanceResult):
        raise WorkerError("The model worker gave no pixels", todo="Run the task again")
    strength = pack.manifest.output.default_strength
    return Enhanced(task, volume, read_only(voxels), result, strength)


def require_fit(volume: Volume, manifest: Manifest, *, image_type: tuple[str, ...] = ()) -> None:
    """Refuse a volume that a pack was not made for, with the reason as a sentence.

    Raises:
        InputRefusedError: color, a localizer, derived or enhanced pixels, no millimetres, uneven
            slices, or a spacing outside what the pack was trained on.
    """
    for reason in (
        _kind_reason(volume, manifest, image_type),
        _geometry_reason(volume, manifest),
        _spacing_reason(volume, manifest),
    ):
        if reason:
            raise InputRefusedError(
                "This series cannot be enhanced", why=reason, todo="Read the original"
            )


def blended_voxels(enhanced: Enhanced, strength: float) -> NDArray[Any]:
    """Return original + strength x (result - original), in the dtype of the volume.

    For thinner slices the original is each slice shown twice, so that pairs keep their mean.
    """
    if not 0 <= strength <= 1:
        raise ValueError("a strength lies between 0 and 1")
    if strength == 1:
        return enhanced.voxels
    blended = np.empty_like(enhanced.voxels)
    for k in range(len(blended)):
        blended[k] = blended_slice(enhanced, strength, k)
    return read_only(blended)


def blended_slice(enhanced: Enhanced, strength: float, k: int) -> NDArray[Any]:
    """Return slice k of the blend; what a viewer needs when the strength slider moves."""
    pair = len(enhanced.voxels) // len(enhanced.source.voxels)
    return mix(
        enhanced.source.voxels[k // pair], enhanced.voxels[k], strength, is_upper=k % pair == 1
    )


def mix(
    original: NDArray[Any], result: NDArray[Any], strength: float, *, is_upper: bool = False
) -> NDArray[Any]:
    """Return original + strength x (result - original), rounded for whole numbers.

    Args:
        original: pixels as scanned.
        result: pixels of the model.
        strength: 0..1.
        is_upper: halves are rounded down instead of up, so that the two slices of a pair, which lie
            on opposite sides of the original, keep their mean exactly.
    """
    change = np.float32(strength) * (result.astype(np.float32) - original)
    if np.issubdtype(original.dtype, np.integer):
        change = np.ceil(change - 0.5) if is_upper else np.floor(change + 0.5)
    mixed: NDArray[Any] = (original + change).astype(original.dtype)
    return mixed


def enhanced_volume(enhanced: Enhanced, strength: float | None = None) -> Volume:
    """Return the blend as a volume with its provenance; default strength if none is given.

    The series keeps its identity: the provenance tells it apart, and every view shows that.
    """
    share = enhanced.default_strength if strength is None else strength
    source = enhanced.source
    pair = len(enhanced.voxels) // len(source.voxels)
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
        geometry=_result_geometry(enhanced),
        instance_uids=tuple(uid for uid in source.instance_uids for _ in range(pair)),
        frame_numbers=tuple(n for n in source.frame_numbers for _ in range(pair)),
        thickness_mm=source.thickness_mm / pair,
        provenance=provenance,
    )


def check_can_be_written(files: tuple[Path, ...]) -> None:
    """Refuse a series of which no derived copy can be written, before the model runs.

    Args:
        files: file of each slice, as DisplaySet.files gives them.

    Raises:
        InputRefusedError: as for :func:`write_derived`.
    """
    check_source(files[0])


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
    is_resampling = enhanced.task == "superres"
    gaps = enhanced.source.geometry.gaps_mm
    series = DerivedSeries(
        derivation=_derivation(enhanced, share),
        thickness_mm=abs(float(np.median(gaps))) / 2 if is_resampling else None,
        padding=enhanced.source.intensity.outside,
        program=program,
        now=now,
    )
    return write_derived_series(series, _derived_slices(enhanced, share, files), folder)


def _derivation(enhanced: Enhanced, strength: float) -> Derivation:
    figures = enhanced.result.figures
    return Derivation(
        is_resampling=enhanced.task == "superres",
        pack=enhanced.result.pack,
        title=TITLES[enhanced.task],
        strength=strength,
        sigma=figures.sigma_before,
        unit=enhanced.source.intensity.unit.value,
        provider=figures.provider,
        slices_left_original=figures.slices_left_original,
    )


def _derived_slices(
    enhanced: Enhanced, strength: float, files: tuple[Path, ...]
) -> list[DerivedSlice]:
    voxels = blended_voxels(enhanced, strength)
    positions = _result_geometry(enhanced).positions_mm
    pair = len(voxels) // len(files)
    reach = 2 if enhanced.task == "superres" else 1
    slices = []
    for k, plane in enumerate(voxels):
        middle = k // pair
        sources = files[max(middle - reach, 0) : middle + reach + 1]
        slices.append(
            DerivedSlice(plane, positions[k], files[middle], tuple(dict.fromkeys(sources)))
        )
    return slices


def _chosen(packs: PackStore, task: str, volume: Volume, pack_id: str | None) -> Pack:
    if task not in TASKS:
        raise ValueError(f"no such task: {task}")
    series = volume.series
    if not pack_id:
        return packs.choose(TASKS[task], series.modality, series.body_part)
    pack = packs.get(pack_id)
    if pack.manifest.task is not TASKS[task]:
        raise InputRefusedError(
            f'The model pack "{pack_id}" does not do this',
            why=f"it is for {pack.manifest.task.value}",
        )
    return pack


def _request(volume: Volume, pack: Pack, first_index: int) -> DenoiseRequest | SuperResolveRequest:
    i_mm, j_mm = volume.geometry.spacing_ij_mm
    spacing = (i_mm, j_mm, abs(float(np.median(volume.geometry.gaps_mm))))
    pack_id, modality = pack.manifest.pack_id, volume.series.modality
    padding = volume.intensity.outside
    if pack.manifest.task is Task.DENOISE:
        return DenoiseRequest(pack_id, modality, spacing, padding, first_index)
    return SuperResolveRequest(pack_id, modality, spacing, padding)


def _kind_reason(volume: Volume, manifest: Manifest, image_type: tuple[str, ...]) -> str:
    """Return why these pixels are of the wrong kind; empty if they are not."""
    modality, unit = volume.series.modality, volume.intensity.unit
    reason = ""
    if volume.is_colour:
        reason = "it is a color series"
    elif modality not in manifest.modalities:
        reason = f"the model is for {' and '.join(manifest.modalities)}, not {modality or 'this'}"
    elif "LOCALIZER" in image_type:
        reason = "it is a localizer, not a cross section"
    elif image_type[:1] == (DERIVED_MARK,) or volume.provenance.kind is not PixelKind.ORIGINAL:
        reason = "its pixels were already computed from other pixels"
    elif UNITS.get(unit) != manifest.input.unit:
        reason = f"its values are not {manifest.input.unit}"
    elif not volume.intensity.is_trusted:
        reason = volume.intensity.reason or "its values cannot be trusted"
    return reason


def _geometry_reason(volume: Volume, manifest: Manifest) -> str:
    """Return why these slices are not a stack the model knows; empty if they are."""
    geometry = volume.geometry
    reason = ""
    if not geometry.has_millimetres:
        reason = "its headers hold no trustworthy millimeters"
    elif not geometry.is_placed:
        reason = "its headers do not say where the slices are"
    elif geometry.shape_kji[0] < FEWEST_SLICES:
        reason = f"it has fewer than {FEWEST_SLICES} slices"
    elif not geometry.is_even or float(np.min(geometry.gaps_mm)) <= 0:
        reason = "its slices are not evenly spaced"
    elif manifest.task is Task.SUPER_RESOLVE and not geometry.is_regular:
        reason = "its slices are tilted against the stack"
    elif manifest.task is Task.SUPER_RESOLVE:
        reason = _profile_reason(volume)
    return reason


def _profile_reason(volume: Volume) -> str:
    """Return why slices do not touch, so that they cannot be taken apart; empty if they do."""
    gap, thickness = abs(float(np.median(volume.geometry.gaps_mm))), volume.thickness_mm
    if not thickness or abs(gap - thickness) <= TOUCHING_TOLERANCE * gap:
        return ""
    what = "leave gaps between them" if gap > thickness else "overlap"
    return f"its slices are {thickness:.2f} mm thick every {gap:.2f} mm: they {what}"


def _spacing_reason(volume: Volume, manifest: Manifest) -> str:
    """Return why the spacing is outside what the model was trained on; empty if it is inside."""
    spec, geometry = manifest.input, volume.geometry
    gap = abs(float(np.median(geometry.gaps_mm)))
    for name, value, trained in (
        ("pixel spacing", geometry.spacing_ij_mm[0], spec.spacing_ij_mm),
        ("pixel spacing", geometry.spacing_ij_mm[1], spec.spacing_ij_mm),
        ("slice spacing", gap, spec.spacing_k_mm),
    ):
        if value not in trained:
            return (
                f"its {name} is {value:.2f} mm; the model was trained on "
                f"{trained.low:g} to {trained.high:g} mm"
            )
    return ""


def _result_geometry(enhanced: Enhanced) -> StackGeometry:
    """Return where the slices of the result are: for pairs, a quarter gap to each side."""
    source = enhanced.source.geometry
    if enhanced.task != "superres":
        return source
    quarter = source.normal * float(np.median(source.gaps_mm)) / 4
    positions = np.stack([source.positions_mm - quarter, source.positions_mm + quarter], axis=1)
    shape = (2 * source.shape_kji[0], *source.shape_kji[1:])
    return replace(source, shape_kji=shape, positions_mm=positions.reshape(-1, 3))
