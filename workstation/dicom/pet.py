"""Standardized uptake values of PET: by body weight, and only where every condition holds.

SUVbw in g/ml is activity in Bq/ml times weight in g, over the injected dose in Bq as far as it
was left at the moment to which the image is corrected for decay.

Source: PS3.3 C.8.9.1 (PET Series: Units, Decay Correction), C.8.9.2 (PET Isotope), and the rules
of QIBA's vendor-neutral pseudo-code for SUV (QIBA Profile FDG-PET/CT, appendix).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from workstation.core.intensity import Window
from workstation.core.verdict import Doubt
from workstation.dicom.elements import Wanted, items, scan
from workstation.dicom.frames import Frame, Imaging, Uptake
from workstation.dicom.headers import Header
from workstation.dicom.tags import Tag

BECQUEREL, SUV, COUNTS = "BQML", "GML", "CNTS"
"""Units (0054,1001) that are understood."""

LEAST_DOSE_BQ = 1e5
"""A dose of less than 0.1 MBq makes no picture: such a number is in MBq, against the standard."""

LONG_LIVED_S = 6 * 3600.0
"""Half-life above which an image may be made days after the injection, so that a time of day alone
does not tell how long ago that was. Tracers in daily use have less than 2 h, Cu-64 has 12.7 h."""

LONGEST_WAIT_IN_HALF_LIVES = 10.0
"""After ten half-lives a thousandth of the dose is left: no image is made of it."""

TOLERANCE_S = 1.0
"""Times of the header are often cut to seconds."""

PET_TAGS = (
    Tag.UNITS,
    Tag.SUV_TYPE,
    Tag.CORRECTED_IMAGE,
    Tag.DECAY_CORRECTION,
    Tag.PATIENT_WEIGHT,
    Tag.RADIOPHARMACEUTICAL_INFORMATION_SEQUENCE,
    Tag.SERIES_DATE,
    Tag.SERIES_TIME,
    Tag.ACQUISITION_DATE,
    Tag.ACQUISITION_TIME,
    Tag.TIMEZONE_OFFSET_FROM_UTC,
    Tag.CREATOR_0009,
    Tag.GE_SCAN_DATE_TIME,
    Tag.CREATOR_7053,
    Tag.PHILIPS_SUV_FACTOR,
    Tag.PHILIPS_ACTIVITY_FACTOR,
)
"""What SUV follows from."""

_DOSE = Wanted(
    frozenset(
        {
            Tag.RADIOPHARMACEUTICAL_START_TIME,
            Tag.RADIOPHARMACEUTICAL_START_DATE_TIME,
            Tag.RADIONUCLIDE_TOTAL_DOSE,
            Tag.RADIONUCLIDE_HALF_LIFE,
        }
    )
)


class _MissingError(Exception):
    """A condition does not hold; the text is a clause for people."""


def uptake(header: Header) -> Uptake | None:
    """Return what makes the values of a PET image SUV; None where they are SUV, or no PET."""
    if header.text(Tag.MODALITY) != "PT":
        return None
    units = header.text(Tag.UNITS)
    try:
        if units == COUNTS:
            return Uptake(_philips_factor(header))
        if units == BECQUEREL:
            return Uptake(_factor(header, 1.0))
    except _MissingError as error:
        return Uptake(None, str(error))
    return None


def in_uptake(frames: Sequence[Frame]) -> tuple[tuple[Frame, ...], tuple[Doubt, ...]]:
    """Return the frames of a stack in SUV where all of them can be; else as they are, and why.

    One slice that lacks a condition keeps all of them in Bq/ml: a stack has one unit.
    """
    found = {id(frame.imaging): frame.imaging for frame in frames}
    uptakes = [imaging.uptake for imaging in found.values()]
    if not any(uptakes):
        return tuple(frames), ()
    reason = next((one.missing for one in uptakes if one and one.missing), "")
    if None in uptakes or any(imaging.rescale.table for imaging in found.values()):
        reason = reason or "the slices do not share one unit"
    if reason:
        return tuple(frames), (_not_computed(frames[0].imaging.units, reason),)
    scaled = {key: _scaled(imaging) for key, imaging in found.items()}
    text = "SUV by body weight, from the dose, the weight and the times that the header states."
    shown = tuple(replace(frame, imaging=scaled[id(frame.imaging)]) for frame in frames)
    return shown, (Doubt("suv_computed", text),)


def _not_computed(units: str, reason: str) -> Doubt:
    what = "The numbers are Bq/ml, not SUV" if units == BECQUEREL else "The numbers are counts"
    return Doubt("suv_not_computed", f"{what}: {reason}.")


def _scaled(imaging: Imaging) -> Imaging:
    """Return what a slice shares with its neighbors, in SUV."""
    factor = imaging.uptake.factor if imaging.uptake else None
    if factor is None:
        return imaging
    rescale = imaging.rescale
    return replace(
        imaging,
        rescale=replace(
            rescale,
            slope=rescale.slope * factor,
            intercept=rescale.intercept * factor,
        ),
        windows=tuple(_scaled_window(window, factor) for window in imaging.windows),
        units=SUV,
        uptake=None,
    )


def _scaled_window(window: Window, factor: float) -> Window:
    return replace(window, center=window.center * factor, width=window.width * factor)


def _factor(header: Header, to_becquerel: float) -> float:
    """Return SUV per rescaled value, which times ``to_becquerel`` is Bq/ml.

    Raises:
        _MissingError: a condition does not hold.
    """
    _require_corrections(header)
    weight_kg = header.number(Tag.PATIENT_WEIGHT)
    if not weight_kg or weight_kg <= 0:
        raise _MissingError("the header does not state the weight of the patient")
    injection = _injection(header)
    dose_bq = injection.number(Tag.RADIONUCLIDE_TOTAL_DOSE)
    if not dose_bq or dose_bq <= 0:
        raise _MissingError("the header does not state the injected dose")
    if dose_bq < LEAST_DOSE_BQ:
        raise _MissingError("the injected dose is not stated in Bq, as it has to be")
    left_bq = dose_bq * _share_left(header, injection)
    return to_becquerel * weight_kg * 1000 / left_bq


def _require_corrections(header: Header) -> None:
    corrected = header.texts(Tag.CORRECTED_IMAGE)
    if "ATTN" not in corrected:
        raise _MissingError("the images are not corrected for attenuation")
    if "DECY" not in corrected:
        raise _MissingError("the images are not corrected for decay")
    if header.text(Tag.DECAY_CORRECTION) not in {"START", "ADMIN"}:
        raise _MissingError("the header does not say to which moment decay was corrected")


def _injection(header: Header) -> Header:
    raw = header.values.get(Tag.RADIOPHARMACEUTICAL_INFORMATION_SEQUENCE, b"")
    found = [
        header.nested(scan(raw, start, header.encoding, _DOSE, end=end).values)
        for start, end in items(raw, header.encoding)
    ]
    if not found:
        raise _MissingError("the header says nothing about the injection")
    if len(found) > 1:
        raise _MissingError("the header states more than one injection")
    return found[0]


def _share_left(header: Header, injection: Header) -> float:
    """Return the share of the dose that is left at the moment to which decay was corrected."""
    if header.text(Tag.DECAY_CORRECTION) == "ADMIN":
        return 1.0
    half_life_s = injection.number(Tag.RADIONUCLIDE_HALF_LIFE)
    if not half_life_s or half_life_s <= 0:
        raise _MissingError("the header does not state the half-life of the nuclide")
    scan_start = _scan_start(header)
    waited_s = (scan_start - _injected(header, injection, scan_start, half_life_s)).total_seconds()
    if waited_s < -TOLERANCE_S:
        raise _MissingError("the injection is later than the scan")
    if waited_s > LONGEST_WAIT_IN_HALF_LIVES * half_life_s:
        raise _MissingError("the injection is too long before the scan to be the right one")
    return float(2 ** (-max(waited_s, 0.0) / half_life_s))


def _scan_start(header: Header) -> datetime:
    """Return when the scan began: the time of the series, unless that is when it was made over."""
    series = _moment(header, Tag.SERIES_DATE, Tag.SERIES_TIME)
    acquired = _moment(header, Tag.ACQUISITION_DATE, Tag.ACQUISITION_TIME)
    if series is None or acquired is None:
        raise _MissingError("the header does not state when the scan began")
    if series <= acquired + timedelta(seconds=TOLERANCE_S):
        return series
    stated = header.text(Tag.GE_SCAN_DATE_TIME)
    if stated and header.text(Tag.CREATOR_0009) == "GEMS_PETD_01":
        at_scan = _date_time(stated, _zone(header))
        if at_scan is not None and at_scan <= acquired + timedelta(seconds=TOLERANCE_S):
            return at_scan
    raise _MissingError(
        "the time of the series is later than the acquisition, so that it does not tell to which "
        "moment decay was corrected"
    )


def _injected(
    header: Header, injection: Header, scan_start: datetime, half_life_s: float
) -> datetime:
    """Return when the dose was given; the full date and time is preferred."""
    stated = injection.text(Tag.RADIOPHARMACEUTICAL_START_DATE_TIME)
    if stated:
        has_own_zone = any(sign in stated for sign in "+-")
        if has_own_zone and _offset(header.text(Tag.TIMEZONE_OFFSET_FROM_UTC)) is None:
            raise _MissingError("the header does not state the time zone of the scan")
        moment = _date_time(stated, _zone(header))
        if moment is None:
            raise _MissingError("the date and time of the injection cannot be read")
        return moment
    at = _time(injection.text(Tag.RADIOPHARMACEUTICAL_START_TIME))
    if at is None:
        raise _MissingError("the header does not state when the dose was given")
    if half_life_s > LONG_LIVED_S:
        raise _MissingError("the header does not state the day on which the dose was given")
    midnight = scan_start.replace(hour=0, minute=0, second=0, microsecond=0)
    on_that_day = midnight + at
    is_after = on_that_day > scan_start + timedelta(seconds=TOLERANCE_S)
    return on_that_day - timedelta(days=1) if is_after else on_that_day


def _philips_factor(header: Header) -> float:
    """Return the maker's own factor for counts, to SUV or by way of Bq/ml."""
    if header.text(Tag.CREATOR_7053) == "Philips PET Private Group":
        to_suv = header.number(Tag.PHILIPS_SUV_FACTOR)
        if to_suv and to_suv > 0:
            return to_suv
        to_becquerel = header.number(Tag.PHILIPS_ACTIVITY_FACTOR)
        if to_becquerel and to_becquerel > 0:
            return _factor(header, to_becquerel)
    raise _MissingError("the header holds no factor from counts to activity")


def _zone(header: Header) -> timezone:
    return _offset(header.text(Tag.TIMEZONE_OFFSET_FROM_UTC)) or UTC


def _moment(header: Header, date_tag: Tag, time_tag: Tag) -> datetime | None:
    day, at = _date(header.text(date_tag)), _time(header.text(time_tag))
    return None if day is None or at is None else day.replace(tzinfo=_zone(header)) + at


def _date_time(text: str, zone: timezone) -> datetime | None:
    """Return a DT value; its own offset from UTC wins over that of the header; PS3.5 6.2."""
    body, sign, offset = text, "", ""
    for mark in "+-":
        if mark in text:
            body, sign, offset = text.partition(mark)
    own = _offset(sign + offset) if sign else zone
    day, at = _date(body[:8]), _time(body[8:])
    if day is None or at is None or own is None:
        return None
    return day.replace(tzinfo=own) + at


def _date(text: str) -> datetime | None:
    plain = text.replace(".", "")
    try:
        return datetime.strptime(plain, "%Y%m%d").replace(tzinfo=UTC)
    except ValueError:
        return None


def _time(text: str) -> timedelta | None:
    """Return a TM value since midnight; seconds and fractions may be absent; PS3.5 6.2."""
    whole, _point, fraction = text.replace(":", "").partition(".")
    if not whole.isdigit() or len(whole) not in (2, 4, 6) or not (fraction or "0").isdigit():
        return None
    hours, minutes, seconds = (int(whole[at : at + 2] or 0) for at in (0, 2, 4))
    if hours > 23 or minutes > 59 or seconds > 60:
        return None
    return timedelta(hours=hours, minutes=minutes, seconds=seconds + float(f"0.{fraction or '0'}"))


def _offset(text: str) -> timezone | None:
    """Return an offset from UTC as ``+0100``; None where it is none."""
    if len(text) != 5 or text[0] not in "+-" or not text[1:].isdigit():
        return None
    size = timedelta(hours=int(text[1:3]), minutes=int(text[3:]))
    return timezone(size if text[0] == "+" else -size) if size < timedelta(hours=24) else None
