"""Which series a model may enhance: what is refused, what is done with a warning, each in words.

Refused is what the model cannot be right about: other pixels than those of a scanner (color,
captures, maps, projections, what a model made), and stacks it knows nothing of (gaps, too few
slices, a spacing far from what it was trained on). A warning goes with what it may be right about,
but was not proven on: pixels the scanner already cleaned or computed. A noise the model never saw
is refused by the engine, which estimates it before the run.

Source: PS3.3 C.7.6.1.1.2 and C.8.16.1 (Image Type), C.8.13.3.1 (MR), C.8.15.2.1.1.5 (multi-energy
CT); the words that scanners write beside them, as found in their files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from inference.packs.manifest import Manifest, Range, Task
from inference.tasks.super_resolve import Direction
from workstation.core.errors import InputRefusedError
from workstation.core.intensity import IntensityUnit
from workstation.core.provenance import PixelKind, Provenance
from workstation.core.verdict import Doubt
from workstation.core.volume import Volume
from workstation.services.denoise_runs import run_doubts, run_gaps_mm, runs_cover

UNITS = {IntensityUnit.HU: "HU", IntensityUnit.SIGNAL: "signal"}
"""Units that packs are made for."""

FEWEST_SLICES = 3
"""Slices without which a model that looks at neighbours sees nothing but copies."""

NEAR_TRAINED = 1.15
"""Factor outside the trained spacing up to which a model is used with a warning.

The grain of the noise changes with the square root of it, under 8 %: less than between kernels.
"""

TILT_WORTH_SAYING_DEG = 1.0

DERIVED, SECONDARY = "DERIVED", "SECONDARY"

MODALITIES = ("CT", "MR")
"""Modalities of which anything is enhanced; derived series are written of no other."""

LOCALIZER_WORDS = re.compile(r"locali[sz]er|scout|topogram|surview|scanogram|\bsurvey\b|\bpilot\b")
"""Words in the description of a localizer whose Image Type does not say so; small letters."""

LOCALIZERS = frozenset({"LOCALIZER", "SCOUT", "TOPOGRAM", "SURVIEW"})

SUBTRACTIONS = frozenset(
    {
        "SUB",
        "SUBTRACT",
        "SUBTRACTION",
        "SUBTRACTED",
        "MODULUS_SUBTRACT",
        "COMPLEX_SUBTRACT",
        "PHASE_SUBTRACT",
        "DSA",
    }
)

PROJECTIONS = frozenset(
    {
        "MIP",
        "MINIP",
        "MIN_IP",
        "MAX_IP",
        "MAXIMUM",
        "MINIMUM",
        "PROJECTION IMAGE",
        "PROJECTION_IMAGE",
        "PROJECTION",
        "VRT",
        "VOLREN",
        "VOLUME_RENDER",
        "VOLUME_RENDERING",
        "3D_RENDERING",
        "3D RENDERING",
        "SSD",
        "CPR",
        "CURVED",
    }
)

COMPLEX_PARTS = frozenset(
    {
        "PHASE",
        "PHASE MAP",
        "PHASE_MAP",
        "REAL",
        "IMAGINARY",
        "VELOCITY",
        "VELOCITY MAP",
        "VELOCITY_MAP",
        "FIELD_MAP",
        "FIELDMAPHZ",
    }
)

COMPLEX_LETTERS = frozenset({"P", "R", "I"})
"""Third value of Siemens' and Philips' Image Type: phase, real and imaginary part; M: magnitude."""

MAPS = frozenset(
    {
        "ADC",
        "ADC_UNSPECIFIED",
        "EADC",
        "EXP",
        "FA",
        "RA",
        "MD",
        "DTI_FA",
        "TENSOR",
        "COLFA",
        "CBF",
        "CBV",
        "RCBF",
        "RCBV",
        "RELCBF",
        "RELCBV",
        "RCBVCORR",
        "RMTT",
        "MTT",
        "TTP",
        "TMAX",
        "TTD",
        "PBP",
        "GBP",
        "PBV",
        "PERFUSION_MAP",
        "PERMEABILITY",
        "KTRANS",
        "IAUC",
        "MTRA",
        "MTT_MAP",
        "TIME_TO_PEAK",
        "T0",
        "T1 MAP",
        "T1_MAP",
        "T2 MAP",
        "T2_MAP",
        "T2_STAR_MAP",
        "T2_STAR MAP",
        "R2_MAP",
        "R2_STAR_MAP",
        "R2_STAR MAP",
        "TEMPERATURE",
        "STD_DEVIATION",
        "QUANTITY",
        "SWI_MAP",
        "FATFRACTION",
        "FAT_FRACTION",
        "B0",
        "B0 MAP",
        "B1",
        "B1 MAP",
        "STIFFNESS",
        "WAVE",
        "MAT_SPECIFIC",
        "MAT_REMOVED",
        "MAT_FRACTIONAL",
        "MAT_VALUE_BASED",
        "EFF_ATOMIC_NUM",
        "ELECTRON_DENSITY",
        "IODINE",
        "MATERIAL",
    }
)
"""Values of Image Type of maps of a quantity: each pixel is a result, not a signal."""

MAP_WORDS = ("apparent diffusion", "adc", "perfusion map", "t1 map", "t2 map", "fractional aniso")
"""Words in the description of computed images that say the same where Image Type does not."""

REFORMATTED = frozenset(
    {
        "MPR",
        "CSA MPR",
        "MPR THICK",
        "REFORMATTED",
        "RESAMPLED",
        "AVERAGE",
        "MEAN",
        "ADDITION",
        "COMBINED",
    }
)
"""Values of Image Type of cross sections that were computed from others of the same kind."""

TILED = "MOSAIC"

ORIGINAL_TODO = "Read the original"


@dataclass(frozen=True, slots=True)
class _Reason:
    """Why a series is refused, and what can be done instead."""

    why: str
    todo: str = ORIGINAL_TODO


def require_fit(
    volume: Volume, manifest: Manifest, *, image_type: tuple[str, ...] = ()
) -> tuple[Doubt, ...]:
    """Refuse a volume that a pack was not made for, in a sentence; else return what to warn of.

    Args:
        volume: what is to be enhanced.
        manifest: of the pack.
        image_type: Image Type, where the volume does not know its own.

    Raises:
        InputRefusedError: with what, why and what to do.
    """
    require_scanned(volume, image_type=image_type)
    _require(
        _modality_reason(volume, manifest)
        or _unit_reason(volume, manifest)
        or _geometry_reason(volume, manifest)
        or _spacing_reason(volume, manifest)
    )
    kind = volume.provenance.image_type or image_type
    return (*_history_doubts(volume.provenance, kind), *_geometry_doubts(volume, manifest))


def require_scanned(volume: Volume, *, image_type: tuple[str, ...] = ()) -> None:
    """Refuse pixels that no scanner measured, whatever the pack.

    Args:
        volume: what is to be enhanced.
        image_type: Image Type, where the volume does not know its own.

    Raises:
        InputRefusedError: with what, why and what to do.
    """
    history = volume.provenance
    kind = history.image_type or image_type
    _require(
        _pixels_reason(volume)
        or _history_reason(history)
        or _kind_reason(kind, history, volume.series.description)
    )


def _require(reason: _Reason | None) -> None:
    if reason is not None:
        raise InputRefusedError("This series cannot be enhanced", why=reason.why, todo=reason.todo)


def stack_doubt(name: str, count: int) -> Doubt | None:
    """Return that only one of several stacks of a series is enhanced; None if there is one.

    Args:
        name: of the stack that is; may be empty.
        count: stacks of the series.
    """
    if count < 2:
        return None
    of = f" ({name})" if name else ""
    text = (
        f"The series holds {count} stacks, such as times or contrasts: only one of them{of} is "
        "enhanced. Do not compare its values with those of the others."
    )
    return Doubt("one_of_stacks", text)


def _pixels_reason(volume: Volume) -> _Reason | None:
    if volume.is_colour:
        return _Reason("it is a color series")
    if volume.provenance.is_capture:
        return _Reason(
            "it is a secondary capture: pictures of a screen or of paper, not of a scanner"
        )
    modality = volume.series.modality
    if modality not in MODALITIES:
        return _Reason(f"the models are for {' and '.join(MODALITIES)}, not {modality or 'this'}")
    return None


def _modality_reason(volume: Volume, manifest: Manifest) -> _Reason | None:
    modality = volume.series.modality
    if modality not in manifest.modalities:
        made_for = " and ".join(manifest.modalities)
        return _Reason(
            f"the model is for {made_for}, not {modality or 'this'}",
            "Choose a series or a model pack of the other kind; prelim models list shows the packs",
        )
    return None


def _history_reason(history: Provenance) -> _Reason | None:
    if history.kind is PixelKind.ENHANCED:
        by = f"{history.pack}, strength {history.strength:.0%}" if history.pack else "a model"
        return _Reason(
            f"its pixels were already computed by a model ({by})",
            _SOURCE_TODO,
        )
    if history.kind is PixelKind.FILLED:
        return _Reason("it holds slices that were proposed and not scanned", _SOURCE_TODO)
    if history.kind is PixelKind.RESAMPLED:
        return _Reason(
            "its pixels were already computed from other pixels",
            _SOURCE_TODO,
        )
    return None


def _kind_reason(
    image_type: tuple[str, ...], history: Provenance, description: str
) -> _Reason | None:
    """Return why images of a type are none that a scanner measured; None if they are."""
    values = {value.upper() for value in image_type}
    is_computed = image_type[:1] == (DERIVED,)
    is_secondary = is_computed and image_type[1:2] == (SECONDARY,)
    is_explained = bool(values & REFORMATTED or history.processing or history.notes)
    parts = values & COMPLEX_PARTS or values.intersection(image_type[2:3]) & COMPLEX_LETTERS
    says_map = is_computed and any(word in description.lower() for word in MAP_WORDS)
    rules = (
        (values & LOCALIZERS or LOCALIZER_WORDS.search(description.lower()), _LOCALIZER),
        (values & SUBTRACTIONS, _SUBTRACTION),
        (values & PROJECTIONS, _PROJECTION),
        (parts, _PARTS),
        (values & MAPS or says_map, _MAP),
        (is_secondary and not is_explained, _UNEXPLAINED),
    )
    return next((reason for applies, reason in rules if applies), None)


_SOURCE_TODO = "Enhance the original series it was made from"
_LOCALIZER = _Reason("it is a localizer, not a cross section")
_SUBTRACTION = _Reason("it is a subtraction of images, with noise of another kind", _SOURCE_TODO)
_PROJECTION = _Reason(
    "it is a projection such as a MIP, not a stack of slices",
    "Enhance the slices it was made from",
)
_PARTS = _Reason("it holds phases, velocities or parts of a complex signal, not a magnitude")
_MAP = _Reason("it is a computed map (such as ADC or perfusion), not a signal", _SOURCE_TODO)
_UNEXPLAINED = _Reason(
    "its pixels were already computed from other pixels, and the header does not say how",
    _SOURCE_TODO,
)


def _unit_reason(volume: Volume, manifest: Manifest) -> _Reason | None:
    intensity = volume.intensity
    if UNITS.get(intensity.unit) != manifest.input.unit:
        return _Reason(f"its values are not {manifest.input.unit}")
    if not intensity.is_trusted:
        return _Reason(intensity.reason or "its values cannot be trusted")
    return None


def _geometry_reason(volume: Volume, manifest: Manifest) -> _Reason | None:
    """Return why these slices are not a stack the model knows; None if they are."""
    geometry = volume.geometry
    few = geometry.shape_kji[0] < FEWEST_SLICES
    rules = (
        (not geometry.has_millimetres, "its headers hold no trustworthy millimeters"),
        (not geometry.is_placed, "its headers do not say where the slices are"),
        (few, f"it has fewer than {FEWEST_SLICES} slices"),
        (geometry.is_at_one_place, "its pictures lie at one place: a film or a time series"),
    )
    why = next((why for applies, why in rules if applies), "")
    if why:
        return _Reason(why)
    is_unclear = not runs_cover(volume) if manifest.task is Task.DENOISE else not geometry.is_even
    if is_unclear or float(np.min(geometry.gaps_mm)) <= 0:
        return _uneven(volume)
    return _split_reason(volume, manifest) if manifest.task is Task.SUPER_RESOLVE else None


def _split_reason(volume: Volume, manifest: Manifest) -> _Reason | None:
    """Return why slices cannot be taken apart; None if they can."""
    if not volume.geometry.is_regular:
        return _Reason("its slices are tilted against the stack")
    if manifest.input.direction is Direction.IN_PLANE:
        return None
    return _profile_reason(volume, manifest.input.profile_ratio)


def _uneven(volume: Volume) -> _Reason:
    gaps = volume.geometry.gaps_mm
    apart = f"its slices are not evenly spaced: {gaps.min():.2f} to {gaps.max():.2f} mm apart"
    if volume.geometry.holes:
        return _Reason(f"{apart}; slices are missing", "Get the missing slices from their source")
    return _Reason(apart)


def _profile_reason(volume: Volume, trained: Range) -> _Reason | None:
    """Return why slices cannot be taken apart: gaps or overlaps the model was not trained on."""
    gap, thickness = abs(float(np.median(volume.geometry.gaps_mm))), volume.thickness_mm
    if not thickness or thickness / gap in trained:
        return None
    what = "leave gaps between them" if gap > thickness else "overlap"
    return _Reason(f"its slices are {thickness:.2f} mm thick every {gap:.2f} mm: they {what}")


def _spacings(volume: Volume, manifest: Manifest) -> tuple[tuple[str, float, Range], ...]:
    """Return each spacing by its name, with what the model was trained on."""
    spec, geometry = manifest.input, volume.geometry
    i_mm, j_mm = geometry.spacing_ij_mm
    gaps = run_gaps_mm(volume) if manifest.task is Task.DENOISE else (_usual_gap_mm(volume),)
    return (
        ("pixel spacing", i_mm, spec.spacing_ij_mm),
        ("pixel spacing", j_mm, spec.spacing_ij_mm),
        *(("slice spacing", gap, spec.spacing_k_mm) for gap in gaps),
    )


def _usual_gap_mm(volume: Volume) -> float:
    return abs(float(np.median(volume.geometry.gaps_mm)))


def _spacing_reason(volume: Volume, manifest: Manifest) -> _Reason | None:
    """Return why the spacing is far from what the model was trained on; None if it is not."""
    for name, value, trained in _spacings(volume, manifest):
        if not trained.low / NEAR_TRAINED <= value <= trained.high * NEAR_TRAINED:
            return _Reason(f"its {_trained_on(name, value, trained)}")
    return None


def _trained_on(name: str, value: float, trained: Range) -> str:
    return (
        f"{name} is {value:.2f} mm; the model was trained on {trained.low:g} to {trained.high:g} mm"
    )


def _history_doubts(history: Provenance, image_type: tuple[str, ...]) -> tuple[Doubt, ...]:
    doubts = []
    if history.processing:
        named = ", ".join(history.processing)
        text = (
            f"The scanner already worked against noise here ({named}); the model was not trained "
            "on such images. Compare with the original."
        )
        doubts.append(Doubt("already_denoised", text))
    if image_type[:1] == (DERIVED,):
        text = (
            "The scanner computed these images from others: their noise may be smoother than the "
            "model expects."
        )
        doubts.append(Doubt("computed_images", text))
    if TILED in image_type:
        text = "This is one time of a time series: its values change with the model from here on."
        doubts.append(Doubt("time_series", text))
    doubts += [Doubt("lossy", note) for note in history.notes]
    return tuple(doubts)


def _geometry_doubts(volume: Volume, manifest: Manifest) -> tuple[Doubt, ...]:
    doubts = list(run_doubts(volume)) if manifest.task is Task.DENOISE else []
    if manifest.input.direction is Direction.THROUGH_PLANE and volume.thickness_mm <= 0:
        text = (
            "The headers do not say how thick the slices are: they are taken to touch each other. "
            "Where they overlap or leave gaps, the result is not right."
        )
        doubts.append(Doubt("thickness_unknown", text))
    for name, value, trained in _spacings(volume, manifest):
        if value not in trained:
            text = f"The {_trained_on(name, value, trained)}: the result is not proven here."
            doubts.append(Doubt("spacing_outside_training", text))
    tilt_deg = abs(volume.geometry.tilt_deg)
    if tilt_deg >= TILT_WORTH_SAYING_DEG:
        text = f"The slices are tilted by {tilt_deg:.0f} degrees against the stack."
        doubts.append(Doubt("tilted", text))
    return tuple(dict.fromkeys(doubts))
