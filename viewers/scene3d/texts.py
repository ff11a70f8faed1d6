"""The words on a 3D view: preset, quality, the band that says what it is good for, letters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewers.scene3d.camera import Camera
from viewers.scene3d.model import Phase, SceneStatus
from viewers.scene3d.presets import VolumePreset
from viewers.scene3d.reduction import Reason, Reduction
from viewers.scene3d.state import SceneState
from viewers.scene3d.words import tr
from workstation.core.geometry import orientation_letters


@dataclass(frozen=True, slots=True)
class EdgeWords:
    """Which side of the patient lies at the edges of the picture, and which faces the reader."""

    left: str
    right: str
    top: str
    bottom: str
    toward: str


def edge_words(camera: Camera) -> EdgeWords:
    """Return the letters of a view."""
    right, up, toward = camera.axes

    def letters(direction: NDArray[np.float64]) -> str:
        return orientation_letters(np.round(direction, 9))

    return EdgeWords(letters(-right), letters(right), letters(up), letters(-up), letters(toward))


def band_text(status: SceneStatus) -> str:
    """Return what the band says: what the picture is not for, and what is doubtful in it."""
    parts = [tr("3D: for orientation, not for measuring")]
    shown, subject = status.shown, status.subject
    if shown is not None and shown.is_resampled:
        parts.append(tr("RESAMPLED from tilted or unevenly spaced slices"))
    if shown is not None and shown.unread:
        parts.append(tr("INCOMPLETE: {0} slices could not be read").format(shown.unread))
    if subject is not None and subject.has_holes:
        parts.append(tr("INCOMPLETE: slices are missing"))
    return "  \N{MIDDLE DOT}  ".join(parts)


def view_lines(
    state: SceneState, preset: VolumePreset | None, status: SceneStatus
) -> tuple[str, ...]:
    """Return the lines at the lower left: preset, clipping, quality."""
    if preset is None or status.shown is None:
        return ()
    name = tr(preset.name)
    is_changed = bool(state.shift) or state.stretch != 1 or state.opacity < 1
    lines = [tr("{0}, changed").format(name) if is_changed else name]
    if state.box is not None:
        lines.append(tr("Clipped by a box"))
    if status.hides_outside:
        lines.append(tr("Table and outside air hidden"))
    if state.cut is not None:
        lines.append(tr("Opened by a plane"))
    lines.append(tr("Zoom {0} %").format(round(state.camera.zoom * 100)))
    return (*lines, *quality_lines(status))


def quality_lines(status: SceneStatus) -> tuple[str, ...]:
    """Return what is drawn by, and what quality is reduced by and why; never in silence."""
    shown = status.shown
    if shown is None:
        return ()
    by = tr("Drawn by the processor") if shown.is_software else tr("Drawn by the graphics card")
    lines = [by]
    if not shown.reduction.is_whole:
        lines.append(reduction_text(shown.reduction))
    if status.is_coarse:
        lines.append(tr("Coarse until all voxels are prepared"))
    elif not status.is_full:
        lines.append(tr("Coarse while the view changes"))
    return tuple(lines)


def reduction_text(reduction: Reduction) -> str:
    """Return that voxels are left out, and why."""
    words = {
        Reason.MEMORY: tr("Quality reduced: 1 of {0} voxels, because {1} MB of memory are free"),
        Reason.SOFTWARE: tr(
            "Quality reduced: 1 of {0} voxels, because the processor draws {1} million at most"
        ),
        Reason.CARD: tr(
            "Quality reduced: 1 of {0} voxels, because of the limits of graphics cards ({1})"
        ),
    }  # fmt: skip
    if reduction.reason is None:
        return ""
    figure = reduction.figure
    if reduction.reason is not Reason.CARD:
        figure = round(figure / 1e6)
    return words[reduction.reason].format(reduction.one_of, f"{figure:,}")


def middle_text(status: SceneStatus) -> str:
    """Return what stands where there is no picture."""
    match status.phase:
        case Phase.EMPTY:
            return tr("Open a series to see it in 3D.")
        case Phase.LOADING:
            return tr("The slices are loading. The 3D view follows.")
        case Phase.STARTING:
            return tr("The 3D view is being prepared.")
        case Phase.FAILED:
            return status.sentence
        case Phase.SHOWN:
            return ""
