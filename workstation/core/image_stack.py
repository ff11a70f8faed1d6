"""What can be opened as one stack of slices, wherever it came from, and what is known of it.

A DICOM display set is one; a research volume (NIfTI, NRRD, MetaImage) or a picture is another.
The window and the command line know only this.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np

from workstation.core.geometry import Reformat, StackGeometry, plane_name
from workstation.core.identity import SeriesIdentity
from workstation.core.intensity import Intensity, Window
from workstation.core.provenance import Provenance
from workstation.core.verdict import Doubt, Spacing, StackVerdict


class ImageStack(Protocol):
    """Slices that are read as one stack, described before a voxel is read. Immutable; any thread.

    Attributes:
        series: the series it belongs to.
        name: names the stack inside its series where the series was split; else empty.
        geometry: where the slices are.
        intensity: what the numbers mean.
        windows: windows that came with it; may be empty.
        slice_count, rows, columns: its size.
        shape: (k, j, i), or (k, j, i, 3) for color.
        voxel_type: uint8 (color), int16 or float32; the widest it can become.
        voxel_bytes: memory that the voxels will take at most.
        is_color: whether the voxels hold red, green and blue.
        is_monochrome1: whether low values are shown bright.
        is_reformattable: whether other planes can be made without resampling the slices.
        missing: how many slices seem to be missing.
        sort_key: how the order was found, in words.
        doubts: what is doubtful about it.
        files: file of each slice; empty where no DICOM file stands behind it.
        instance_uids: SOP Instance UID of each slice; empty texts where there are none.
        frame_numbers: frame of each slice, from 1; 0 where its file holds one image.
        thickness_mm: Slice Thickness for display only; 0 where absent.
        frame_rate: pictures per second to play it at; 0 where nothing is said.
        image_type: Image Type (0008,0008); empty where absent.
        sop_class_uid: SOP class; empty where there is none.
        provenance: how its pixels came to be, by the headers; without notes.
    """

    @property
    def series(self) -> SeriesIdentity: ...  # noqa: D102 the members are told above
    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def geometry(self) -> StackGeometry: ...  # noqa: D102
    @property
    def intensity(self) -> Intensity: ...  # noqa: D102
    @property
    def windows(self) -> tuple[Window, ...]: ...  # noqa: D102
    @property
    def slice_count(self) -> int: ...  # noqa: D102
    @property
    def rows(self) -> int: ...  # noqa: D102
    @property
    def columns(self) -> int: ...  # noqa: D102
    @property
    def shape(self) -> tuple[int, ...]: ...  # noqa: D102
    @property
    def voxel_type(self) -> type[np.generic]: ...  # noqa: D102
    @property
    def voxel_bytes(self) -> int: ...  # noqa: D102
    @property
    def is_color(self) -> bool: ...  # noqa: D102
    @property
    def is_monochrome1(self) -> bool: ...  # noqa: D102
    @property
    def is_reformattable(self) -> bool: ...  # noqa: D102
    @property
    def missing(self) -> int: ...  # noqa: D102
    @property
    def sort_key(self) -> str: ...  # noqa: D102
    @property
    def doubts(self) -> tuple[Doubt, ...]: ...  # noqa: D102
    @property
    def files(self) -> tuple[Path, ...]: ...  # noqa: D102
    @property
    def instance_uids(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def frame_numbers(self) -> tuple[int, ...]: ...  # noqa: D102
    @property
    def thickness_mm(self) -> float: ...  # noqa: D102
    @property
    def frame_rate(self) -> float: ...  # noqa: D102
    @property
    def image_type(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def sop_class_uid(self) -> str: ...  # noqa: D102
    @property
    def provenance(self) -> Provenance: ...  # noqa: D102

    def file_name(self, k: int, /) -> str:
        """Return the name of the file of slice k; may identify a patient, never logged."""
        ...


def stack_verdict(one: ImageStack) -> StackVerdict:
    """Return what is known of a stack."""
    geometry = one.geometry
    why = geometry.why_not_reformattable
    return StackVerdict(
        name=one.name,
        slices=one.slice_count,
        rows=one.rows,
        columns=one.columns,
        spacing_ij_mm=geometry.spacing_ij_mm if geometry.has_millimetres else None,
        spacing=spacing_between(geometry),
        tilt_deg=geometry.tilt_deg if geometry.is_placed else 0.0,
        orientation=plane_name(geometry.normal) if geometry.is_placed else "unknown",
        missing=one.missing,
        unit=one.intensity.unit.value,
        is_unit_trusted=one.intensity.is_trusted,
        reformat=geometry.reformat,
        reason_not_reformattable=f"Other planes cannot be made: {why}." if why else "",
    )


def spacing_between(geometry: StackGeometry) -> Spacing | None:
    """Return the distances between neighbouring slices; None where they are not known."""
    gaps = geometry.gaps_mm
    if gaps.size == 0 or not (geometry.has_millimetres and geometry.is_placed):
        return None
    return Spacing(float(gaps.min()), float(np.median(gaps)), float(gaps.max()))


def still_right(geometry: StackGeometry) -> str:
    """Return what can be relied on where planes are doubtful; empty where they are not."""
    if geometry.reformat is Reformat.DIRECT:
        return ""
    if geometry.reformat is Reformat.RESAMPLED:
        return "The acquired slices are shown as they are; only other planes are resampled."
    if not geometry.has_millimetres:
        return "Scroll the slices in 2D; nothing is measured in millimeters."
    return "Scroll the slices in 2D; lengths and areas inside a slice are right."
