"""What the numbers of a display set mean, and in which type they are kept.

Source: PS3.3 C.11.1.1.2 (Rescale Type), C.8.9.1 (units of PET), C.7.5.1.1.2 (pixel padding).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from workstation.core.intensity import Intensity, IntensityUnit, Window
from workstation.dicom.frames import Frame, Imaging, PixelLayout
from workstation.dicom.sop_classes import is_capture

INT16 = np.iinfo(np.int16)

_PET_UNITS = {"BQML": IntensityUnit.ACTIVITY, "GML": IntensityUnit.SUV}
_RESCALE_TYPES = {
    "OD": "optical densities (in thousandths)",
    "US": "without a stated unit",
    "MGML": "concentrations in mg/ml",
    "Z_EFF": "effective atomic numbers",
    "ED": "electron densities",
    "EDW": "electron densities relative to water",
    "HU_MOD": "modified Hounsfield units",
    "PCT": "percentages",
}
"""What a CT's numbers are where they are not HU. Source: PS3.3 C.11.1.1.2."""

_DIFFUSIVITIES = frozenset({"10^-6mm2/s", "10^-6mm^2/s", "1e-6mm2/s", "um2/s", "10-6.mm2/s"})
"""Spellings of 10^-6 mm2/s (UCUM and makers' own), without blanks, in lower case."""

_GREY_MODALITIES = frozenset(
    {"CR", "DX", "MG", "XA", "RF", "US", "NM", "OT", "IO", "PX", "RG", "SC"}
)


def distinct_imaging(frames: Sequence[Frame]) -> tuple[Imaging, ...]:
    """Return each Imaging of the frames once, in order of appearance."""
    return tuple({id(frame.imaging): frame.imaging for frame in frames}.values())


def voxel_type(imagings: Sequence[Imaging], modality: str) -> type[np.generic]:
    """Return the type of the voxels: uint8 for color, int16 where every value fits, else float32.

    CT stays int16 whenever its rescale is integral: a value outside -32768..32767 HU is no
    tissue and no metal, and a slice that holds one is reported when it is decoded.
    """
    if imagings[0].layout.is_color:
        return np.uint8
    if all(_fits_int16(imaging, is_ct=modality == "CT") for imaging in imagings):
        return np.int16
    return np.float32


def stored_range(layout: PixelLayout) -> tuple[int, int]:
    """Return the smallest and largest stored value that the bits allow."""
    bits = layout.bits_stored
    if layout.is_signed:
        return -(1 << (bits - 1)), (1 << (bits - 1)) - 1
    return 0, (1 << bits) - 1


def intensity_of(imagings: Sequence[Imaging], modality: str) -> Intensity:
    """Return the unit of a display set, whether to trust it, and its padding value."""
    first = imagings[0]
    if first.layout.is_color:
        return Intensity(IntensityUnit.COLOR)
    unit, reason = _unit(first, modality)
    if len({imaging.rescale.kind for imaging in imagings}) > 1:
        unit, reason = IntensityUnit.UNKNOWN, "the slices do not share one unit"
    padding = _padding(imagings, is_int16=voxel_type(imagings, modality) is np.int16)
    if padding is None:
        return Intensity(unit, is_trusted=not reason, reason=reason)
    value, low, high = padding
    return Intensity(
        unit,
        is_trusted=not reason,
        reason=reason,
        padding=value,
        padding_range=(low, high) if low < high else None,
    )


def windows_of(frames: Sequence[Frame]) -> tuple[Window, ...]:
    """Return the windows of the middle slice, which is the one seen first."""
    return frames[len(frames) // 2].imaging.windows


def _fits_int16(imaging: Imaging, *, is_ct: bool) -> bool:
    table = imaging.rescale.table
    if table is not None:
        return max(table.entries) <= INT16.max
    if not imaging.rescale.is_integral or imaging.layout.bits_allocated > 16:
        return False
    if is_ct and abs(imaging.rescale.intercept) <= INT16.max:
        return True
    low, high = stored_range(imaging.layout)
    ends = [end * imaging.rescale.slope + imaging.rescale.intercept for end in (low, high)]
    return INT16.min <= min(ends) and max(ends) <= INT16.max


def has_unclear_padding(imagings: Sequence[Imaging]) -> bool:
    """Whether headers state a padding that cannot be told from values inside the scanned field."""
    is_stated = any(imaging.padding is not None for imaging in imagings)
    return is_stated and _padding(imagings, is_int16=True) is None


def _unit(imaging: Imaging, modality: str) -> tuple[IntensityUnit, str]:
    if is_capture(imaging.sop_class_uid) and modality in {"CT", "MR", "PT"}:
        return IntensityUnit.UNKNOWN, "a screen capture holds shades of gray, not measured values"
    match modality:
        case "CT":
            return _ct_unit(imaging)
        case "PT":
            return _pet_unit(imaging)
        case "MR":
            return _mr_unit(imaging)
    if modality in _GREY_MODALITIES:
        return IntensityUnit.GRAY, ""
    return IntensityUnit.UNKNOWN, "the header does not say what the numbers are"


def _ct_unit(imaging: Imaging) -> tuple[IntensityUnit, str]:
    if imaging.is_localizer:
        return IntensityUnit.UNKNOWN, "a localizer picture has no Hounsfield units"
    if not imaging.rescale.is_stated and imaging.rescale.table is None:
        return IntensityUnit.UNKNOWN, "the header holds no rescale to Hounsfield units"
    kind = imaging.rescale.kind
    if kind in ("", "HU"):
        return IntensityUnit.HU, ""
    said = _RESCALE_TYPES.get(kind)
    if said is None:
        return IntensityUnit.UNKNOWN, "the header says that the numbers are not Hounsfield units"
    return IntensityUnit.UNKNOWN, f"the numbers are not Hounsfield units but {said}"


def _pet_unit(imaging: Imaging) -> tuple[IntensityUnit, str]:
    known = _PET_UNITS.get(imaging.units)
    if known is not None:
        return known, ""
    if imaging.units == "CNTS":
        return IntensityUnit.UNKNOWN, "the header names no unit that can be reported: counts"
    return IntensityUnit.UNKNOWN, "the header names no unit that can be reported"


def _mr_unit(imaging: Imaging) -> tuple[IntensityUnit, str]:
    """Return diffusivity for maps whose header states 10^-6 mm2/s, else signal."""
    kind = imaging.rescale.kind.replace(" ", "").lower()
    if kind in _DIFFUSIVITIES or imaging.is_diffusivity:
        return IntensityUnit.DIFFUSIVITY, ""
    return IntensityUnit.SIGNAL, ""


def _padding(imagings: Sequence[Imaging], *, is_int16: bool) -> tuple[float, float, float] | None:
    """Return padding value, smallest and largest, in the unit of the volume.

    None where there is none, where slices disagree, or where it cannot be told from values inside.
    """
    found = {_rescaled_padding(imaging, is_int16=is_int16) for imaging in imagings}
    return found.pop() if len(found) == 1 else None


def _rescaled_padding(imaging: Imaging, *, is_int16: bool) -> tuple[float, float, float] | None:
    """Return padding value, smallest and largest after the rescale; PS3.3 C.7.5.1.1.2.

    The limit may lie below the value; then the range runs down.
    """
    if imaging.padding is None:
        return None
    limit = imaging.padding if imaging.padding_limit is None else imaging.padding_limit
    low, high = sorted((imaging.padding, limit))
    if imaging.rescale.table is not None:
        return _padding_by_table(imaging, low, high)
    rescale = imaging.rescale
    ends = [stored * rescale.slope + rescale.intercept for stored in (imaging.padding, low, high)]
    # As the voxels that stand for them: limited, or rounded to single precision.
    voxels = np.clip(ends, INT16.min, INT16.max) if is_int16 else np.array(ends, dtype=np.float32)
    return float(voxels[0]), float(voxels.min()), float(voxels.max())


def _padding_by_table(imaging: Imaging, low: int, high: int) -> tuple[float, float, float] | None:
    """Return the padding behind a Modality LUT; None where other values have the same output."""
    table = imaging.rescale.table
    if table is None or imaging.padding is None or imaging.layout.bits_allocated > 16:
        return None
    first, last = stored_range(imaging.layout)
    stored = np.arange(first, last + 1)
    entries = np.array(table.entries, dtype=np.int64)
    voxels = entries[np.clip(stored - table.first, 0, entries.size - 1)]
    is_outside = (stored >= low) & (stored <= high)
    if not is_outside.any():
        return None
    smallest, largest = int(voxels[is_outside].min()), int(voxels[is_outside].max())
    inside = voxels[~is_outside]
    if ((inside >= smallest) & (inside <= largest)).any():
        return None
    value = float(voxels[is_outside][0 if imaging.padding == low else -1])
    return value, float(smallest), float(largest)
