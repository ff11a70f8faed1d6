"""The words on a viewport: corner texts and the notice band. The only place that reveals a name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from viewers.qt.compare_texts import enhancement_words, uncertainty_text
from viewers.qt.content import Content
from viewers.qt.filled_texts import filled_words
from viewers.qt.link_texts import prior_words
from viewers.qt.words import tr
from viewers.render.frame import Frame, Shown
from viewers.render.fusion import Overlay
from viewers.state.slab import Projection, Slab
from viewers.state.view_state import Interpolation, Plane, ViewState
from viewers.tools.fused_values import overlay_reading
from viewers.tools.measure import PointerReading
from workstation.core.intensity import IntensityUnit, Window
from workstation.core.provenance import PixelKind
from workstation.core.volume import Volume

NO_DOUBT_CODES = frozenset(
    {
        "split",
        "overlays_shown",
        "suv_computed",
        "suv_kind",
        "real_world_values",
        "philips_scaling",
        "calibrated",
        "enhanced",
    }
)
"""Codes that tell what a series is and put nothing in doubt: the name of the stack stands in the
corner, the list of stacks in the panel. In the band they would teach not to read it."""


@dataclass(frozen=True, slots=True)
class CornerTexts:
    """Lines per corner, top to bottom. ``top_left`` identifies the patient."""

    top_left: tuple[str, ...]
    top_right: tuple[str, ...]
    bottom_left: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice of the band: a word in capitals and what it means here."""

    word: str
    text: str


def corner_texts(
    content: Content,
    state: ViewState,
    frame: Frame,
    *,
    zoom: float,
    reading: PointerReading | None = None,
) -> CornerTexts:
    """Return the corner texts of a frame.

    Args:
        content: what is shown.
        state: how.
        frame: the picture.
        zoom: canvas pixels per image pixel.
        reading: what lies under the pointer, where it is to be said.
    """
    volume = content.volume
    return CornerTexts(
        identity_lines(volume),
        (*prior_lines(content), *series_lines(volume)),
        (
            *(_reading_lines(reading, content, frame) if reading else ()),
            *_view_lines(volume, state, frame, zoom),
        ),
    )


def picture_words(content: Content, state: ViewState, frame: Frame) -> tuple[str, ...]:
    """Return what a picture shows, for those who hear it: slice, loss, series, window."""
    where = tr("Slice {0} of {1}").format(frame.index + 1, frame.stack.count)
    is_stored = state.plane is Plane.ACQUIRED and not frame.projected
    is_blank = is_stored and content.is_unread(frame.index)
    volume = content.volume
    return (
        where,
        unread_text(frame.index, content.why_unread(frame.index)) if is_blank else "",
        volume.series.description,
        "" if volume.is_colour else window_text(state.window, volume.intensity.unit),
    )


def window_text(window: Window, unit: IntensityUnit, *, is_inverted: bool = False) -> str:
    """Return a window as people say it: ``C 40  W 400  Soft tissue``; a table by its name.

    That it is inverted stands before the name, which may be cut where the room is short.
    """
    inverted = (tr("inverted"),) if is_inverted else ()
    if window.table is not None and window.name:
        return "  ".join((*inverted, tr(window.name)))
    digits = 0 if window.width >= 20 or unit is IntensityUnit.HU else 3
    figures = (f"C {_number(window.center, digits)}", f"W {_number(window.width, digits)}")
    parts = [*figures, *inverted]
    if window.name or window.table:
        parts.append(tr(window.name or "by the scanner's table"))
    return "  ".join(parts)


def slab_text(slab: Slab) -> str:
    """Return a slab as people say it: ``MIP 20 mm``."""
    words = {
        Projection.MIP: tr("MIP {0} mm"),
        Projection.MINIP: tr("MinIP {0} mm"),
        Projection.MEAN: tr("Mean {0} mm"),
    }
    return words[slab.projection].format(_number(slab.thickness_mm, 1))


def _slab_meaning(volume: Volume, frame: Frame) -> str:
    """Return what a slab is made of, and that it is not what is stored."""
    text = tr("{0} slices behind each other; not stored, nothing is measured on it")
    parts = [text.format(frame.projected)]
    if volume.geometry.holes:
        parts.append(tr("slices are missing in this series"))
    return "; ".join(parts)


def person_name(dicom_name: str) -> str:
    """Return a DICOM person name for people: ``Family, Given Middle``.

    The first group that is filled is taken. Source: DICOM PS3.5 6.2.1.2.
    """
    group = next((g for g in dicom_name.split("=") if g.strip("^ ")), "")
    parts = [part.strip() for part in group.split("^")] + ["", ""]
    given = " ".join(part for part in parts[1:3] if part)
    return ", ".join(part for part in (parts[0], given) if part)


def notices(
    content: Content, state: ViewState, frame: Frame, *, loaded: int, key: str
) -> tuple[Notice, ...]:
    """Return what must be said about the picture, most important first.

    Args:
        content: what is shown.
        state: how.
        frame: the picture itself.
        loaded: how many slices are in.
        key: name of the key that shows the original while it is held; empty where none does.
    """
    found = [*prior_notices(content)]
    words = enhancement_words(content, state, frame, key)
    if words is not None:
        found.append(Notice(*words))
    found += [Notice(*one) for one in filled_words(content.volume, state, frame.index, key)]
    provenance = content.volume.provenance
    if frame.stack.is_resampled or provenance.kind is PixelKind.RESAMPLED:
        text = tr("interpolated from tilted or unevenly spaced slices")
        found.append(Notice(tr("RESAMPLED"), text))
    if state.slab is not None:
        found.append(Notice(slab_text(state.slab), _slab_meaning(content.volume, frame)))
    count = content.volume.geometry.shape_kji[0]
    is_single = state.plane is Plane.ACQUIRED and not frame.projected
    if not frame.is_loaded and not is_single:
        text = tr("{0} of {1} slices are loaded; black parts are still to come")
        if content.is_finished:
            text = tr("only {0} of {1} slices could be read; the others are black")
        found.append(Notice(tr("INCOMPLETE"), text.format(loaded, count)))
    if provenance.notes:
        found.append(Notice(tr("NOTE"), _joined(provenance.notes)))
    doubted = [
        doubt.text
        for doubt in content.doubts
        if doubt.code not in NO_DOUBT_CODES and doubt.text not in provenance.notes
    ]
    if doubted:
        found.append(Notice(tr("DOUBT"), _joined(doubted)))
    return tuple(found)


def prior_lines(content: Content) -> tuple[str, ...]:
    """Return what marks a study that is not the one being reported, with its date."""
    return tuple(notice.word for notice in prior_notices(content))


def prior_mark(prior_date: str | None) -> str:
    """Return the word that marks a study that is not the one being reported; empty for that one.

    Args:
        prior_date: of the study, as its headers write it; None for the one being reported.
    """
    return "" if prior_date is None else prior_words(_date(prior_date))[0]


def prior_notices(content: Content) -> tuple[Notice, ...]:
    """Return the notice of a study that is not the one being reported; none for that one."""
    if content.prior_date is None:
        return ()
    return (Notice(*prior_words(_date(content.prior_date))),)


def _joined(sentences: Iterable[str]) -> str:
    return "  \N{MIDDLE DOT}  ".join(map(tr, sentences))


def identity_lines(volume: Volume) -> tuple[str, ...]:
    """Return whose images these are: name, id, birth date with sex and age."""
    patient = volume.series.study.patient
    if volume.series.study.is_research:
        return (tr("NO PATIENT - research data"),)
    name = person_name(patient.name.reveal()) or tr("No name in the headers")
    identifier = patient.patient_id.reveal()
    birth = _date(patient.birth_date.reveal())
    sex_age = " ".join(part for part in (patient.sex, _age(patient.age)) if part)
    lines = (
        name,
        tr("ID {0}").format(identifier) if identifier else "",
        "  ".join(part for part in (birth, sex_age) if part),
    )
    return tuple(line for line in lines if line)


def series_lines(volume: Volume) -> tuple[str, ...]:
    """Return study, series and date."""
    series = volume.series
    study = series.study
    when = " ".join(part for part in (_date(study.study_date), _time(study.study_time)) if part)
    number = tr("Series {0}").format(series.number) if series.number else ""
    lines = (
        study.description or series.modality,
        "  ".join(part for part in (number, series.description) if part),
        volume.display_set,
        when,
    )
    return tuple(line for line in lines if line)


def _view_lines(volume: Volume, state: ViewState, frame: Frame, zoom: float) -> tuple[str, ...]:
    lines = []
    if not volume.is_colour:
        unit = volume.intensity.unit
        lines.append(window_text(state.window, unit, is_inverted=state.is_inverted))
        if unit is IntensityUnit.HU and not volume.intensity.is_trusted:
            lines.append(tr("Values are not HU"))
    zoom_text = tr("Zoom {0} %").format(round(zoom * 100))
    if state.interpolation is Interpolation.NEAREST:
        zoom_text = f"{zoom_text}  {tr('pixels')}"
    lines.append(f"{zoom_text}  {tr('mirrored')}" if state.turn.is_mirrored else zoom_text)
    place = _place_text(state.plane) if state.cut is None else tr("Oblique {0} of {1}")
    lines.append(place.format(frame.index + 1, frame.stack.count))
    if state.slab is not None:
        lines.append(slab_text(state.slab))
    lines.append(_thickness_text(volume, state, frame))
    return tuple(line for line in lines if line)


def _thickness_text(volume: Volume, state: ViewState, frame: Frame) -> str:
    if not volume.geometry.has_millimetres:
        return tr("No millimeters")
    if state.plane is not Plane.ACQUIRED:
        gap = 2 * frame.stack.reach_mm(frame.index)
        return tr("Step {0} mm").format(_number(gap, 2))
    if volume.thickness_mm > 0:
        return tr("Thickness {0} mm").format(_number(volume.thickness_mm, 2))
    return ""


def _place_text(plane: Plane) -> str:
    match plane:
        case Plane.ACQUIRED:
            return tr("Slice {0} of {1}")
        case Plane.AXIAL:
            return tr("Axial {0} of {1}")
        case Plane.CORONAL:
            return tr("Coronal {0} of {1}")
        case Plane.SAGITTAL:
            return tr("Sagittal {0} of {1}")


def _number(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return ("0" if text in {"-0", ""} else text).replace("-", "\N{MINUS SIGN}")


def _date(dicom_date: str) -> str:
    text = dicom_date.strip()
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}" if len(text) == 8 and text.isdigit() else text


def _time(dicom_time: str) -> str:
    text = dicom_time.strip()
    return f"{text[:2]}:{text[2:4]}" if len(text) >= 4 and text[:4].isdigit() else ""


def _age(dicom_age: str) -> str:
    """Return ``054Y`` as ``54y``; PS3.5 6.2, AS."""
    text = dicom_age.strip()
    return f"{int(text[:-1])}{text[-1].lower()}" if text[:-1].isdigit() else text


def unread_text(index: int, why: str) -> str:
    """Return the sentence that stands on a slice, 0-based, that could not be read."""
    words = tr("Slice {0} could not be read").format(index + 1)
    return f"{words}: {tr(why.rstrip('.'))}." if why else f"{words}."


def notice_lines(said: tuple[Notice, ...]) -> str:
    """Return notices one per line, unshortened."""
    return "\n".join(f"{notice.word}  {notice.text}" for notice in said)


def _reading_lines(reading: PointerReading, content: Content, frame: Frame) -> tuple[str, ...]:
    """Return what lies under the pointer, what an overlay holds there, how sure a model is."""
    over = "" if frame.fused is None else overlay_text(frame.fused.overlay, reading)
    known, sure = content.uncertainty, ""
    if known is not None and known.k == frame.index and frame.shown is Shown.ENHANCED:
        sure = uncertainty_text(known, frame, reading, content.volume.intensity.unit)
    return tuple(one for one in (reading_text(reading), over, sure) if one)


def overlay_text(overlay: Overlay, reading: PointerReading) -> str:
    """Return the stored value of an overlay under the pointer; empty where it has none."""
    found = overlay_reading(overlay, np.array(reading.point_mm))
    if found is None or len(found.value) != 1:
        return ""
    named = f"{prior_mark(overlay.prior_date)} {overlay.volume.series.modality}".strip()
    return f"{named} {reading_text(found)}".strip()


def reading_text(reading: PointerReading) -> str:
    """Return a pointer reading for people: value and unit, or that there is none to rely on."""
    if len(reading.value) == 3:
        return tr("RGB {0}").format(" ".join(str(round(part)) for part in reading.value))
    digits = 0 if reading.value[0] == round(reading.value[0]) else 3
    unit = tr(reading.unit) if reading.unit else ""
    return f"{_number(reading.value[0], digits)} {unit}".strip()
