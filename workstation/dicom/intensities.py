"""What the numbers of a display set mean, and in which type they are kept.

Source: PS3.3 C.11.1.1.2 (Rescale Type), C.8.9.1 (units of PET), C.7.5.1.1.2 (pixel padding).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from workstation.core.intensity import Intensity, IntensityUnit, Window
from workstation.dicom.frames import Frame, Imaging, LookupTable, PixelLayout

INT16 = np.iinfo(np.int16)

_PET_UNITS = {
    "BQML": (IntensityUnit.ACTIVITY, ""),
    "GML": (IntensityUnit.SUV, ""),
}
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
    return Intensity(unit, is_trusted=not reason, reason=reason, padding=_padding(imagings))


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


def _unit(imaging: Imaging, modality: str) -> tuple[IntensityUnit, str]:
    if modality == "CT":
        return _ct_unit(imaging)
    if modality == "PT":
        known = _PET_UNITS.get(imaging.units)
        return known or (IntensityUnit.UNKNOWN, "the header names no unit that can be reported")
    if modality == "MR":
        return IntensityUnit.SIGNAL, ""
    if modality in _GREY_MODALITIES:
        return IntensityUnit.GRAY, ""
    return IntensityUnit.UNKNOWN, "the header does not say what the numbers are"


def _ct_unit(imaging: Imaging) -> tuple[IntensityUnit, str]:
    if imaging.is_localizer:
        return IntensityUnit.UNKNOWN, "a localizer picture has no Hounsfield units"
    if not imaging.rescale.is_stated and imaging.rescale.table is None:
        return IntensityUnit.UNKNOWN, "the header holds no rescale to Hounsfield units"
    if imaging.rescale.kind not in ("", "HU"):
        return IntensityUnit.UNKNOWN, "the header says that the numbers are not Hounsfield units"
    return IntensityUnit.HU, ""


def _padding(imagings: Sequence[Imaging]) -> float | None:
    """Return the padding value in the unit of the volume; None where slices disagree."""
    values = {_rescaled_padding(imaging) for imaging in imagings}
    return values.pop() if len(values) == 1 else None


def _rescaled_padding(imaging: Imaging) -> float | None:
    if imaging.padding is None:
        return None
    if imaging.rescale.table is not None:
        return float(_looked_up(imaging.rescale.table, imaging.padding))
    value = imaging.padding * imaging.rescale.slope + imaging.rescale.intercept
    return max(value, float(INT16.min)) if imaging.rescale.is_integral else float(np.float32(value))


def _looked_up(table: LookupTable, stored: int) -> int:
    return table.entries[min(max(stored - table.first, 0), len(table.entries) - 1)]
