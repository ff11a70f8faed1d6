"""The numbers of a structured report, each with what it was measured of and where.

Numbers of measurement groups (TID 1501, 1410, 1411) carry the group's tracking identifier, finding
and place; a number outside any group stands for itself.

Source: PS3.16 TID 1500, 1501, 300; PS3.3 C.17.3, C.18.6, C.18.9.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from pydicom.dataset import Dataset

from workstation.core.study_objects import KeyImage, ReportedMeasurement

MOST_MEASUREMENTS = 5_000
"""Numbers of one report that are listed; a long one has 2,000."""

DEEPEST = 40
"""Deepest nesting read; real trees stay below 12."""

_TRACKING, _FINDING, _SITE, _DERIVATION = "112039", "121071", "363698007", "121401"
_OLD_SITE = "G-C0E3"
"""Code Values of Tracking Identifier, Finding, Finding Site (SNOMED CT and RT), Derivation."""


@dataclass(frozen=True, slots=True)
class _About:
    tracking: str = ""
    finding: str = ""
    site: str = ""
    image: KeyImage | None = None
    center_mm: tuple[float, float, float] | None = None
    frame_uid: str = ""


def read_measurements(
    dataset: Dataset, series_of: Mapping[str, str]
) -> tuple[ReportedMeasurement, ...]:
    """Return the numbers of a report, in its order.

    Args:
        dataset: the report.
        series_of: series of each instance that its evidence lists.
    """
    found = _measured(dataset, _About(), series_of, 0)
    return tuple(one for _n, one in zip(range(MOST_MEASUREMENTS), found, strict=False))


def _measured(
    parent: Dataset, about: _About, series_of: Mapping[str, str], level: int
) -> Iterator[ReportedMeasurement]:
    items = [one for one in parent.get("ContentSequence") or [] if isinstance(one, Dataset)]
    if level > DEEPEST:
        return
    here = _with(about, items, series_of)
    for item in items:
        if str(item.get("ValueType", "")) == "NUM":
            yield _one(item, here, series_of)
        else:
            # What stands beside a container is about its siblings; inside, it begins anew.
            is_group = str(item.get("ValueType", "")) == "CONTAINER"
            yield from _measured(item, _About() if is_group else here, series_of, level + 1)


def _one(item: Dataset, about: _About, series_of: Mapping[str, str]) -> ReportedMeasurement:
    inside = [one for one in item.get("ContentSequence") or [] if isinstance(one, Dataset)]
    own = _with(about, inside, series_of)
    how = next((_chosen(one) for one in inside if _code(one) == _DERIVATION), "")
    name = ", ".join(part for part in (_meaning(item.get("ConceptNameCodeSequence")), how) if part)
    measured = (item.get("MeasuredValueSequence") or [Dataset()])[0]
    return ReportedMeasurement(
        name=name,
        value=str(measured.get("NumericValue", "") or ""),
        unit=unit_words(measured.get("MeasurementUnitsCodeSequence")),
        finding=own.finding,
        site=own.site,
        tracking=own.tracking,
        image=own.image,
        center_mm=own.center_mm,
        frame_of_reference_uid=own.frame_uid,
    )


def _with(about: _About, items: list[Dataset], series_of: Mapping[str, str]) -> _About:
    """Return what numbers among some items are about."""
    for item in items:
        code, kind = _code(item), str(item.get("ValueType", ""))
        if code == _TRACKING and kind == "TEXT":
            about = replace(about, tracking=str(item.get("TextValue", "") or "").strip())
        elif code == _FINDING and kind == "CODE":
            about = replace(about, finding=_chosen(item))
        elif code in (_SITE, _OLD_SITE) and kind == "CODE":
            about = replace(about, site=_chosen(item))
        elif kind == "IMAGE" and about.image is None:
            about = replace(about, image=_image(item, series_of))
        elif kind == "SCOORD":
            nested = [
                one for one in item.get("ContentSequence") or [] if "ReferencedSOPSequence" in one
            ]
            if nested:
                about = replace(about, image=_image(nested[0], series_of))
        elif kind == "SCOORD3D":
            about = _placed(about, item)
    return about


def _placed(about: _About, item: Dataset) -> _About:
    values = item.get("GraphicData") or ()
    if len(values) < 3 or len(values) % 3:
        return about
    x, y, z = np.array([float(one) for one in values]).reshape(-1, 3).mean(axis=0).tolist()
    if not np.isfinite([x, y, z]).all():
        return about
    uid = str(item.get("ReferencedFrameOfReferenceUID", "") or "")
    return replace(about, center_mm=(x, y, z), frame_uid=uid)


def _image(item: Dataset, series_of: Mapping[str, str]) -> KeyImage | None:
    reference = (item.get("ReferencedSOPSequence") or [None])[0]
    if not isinstance(reference, Dataset):
        return None
    uid = str(reference.get("ReferencedSOPInstanceUID", ""))
    frames = reference.get("ReferencedFrameNumber")
    numbers = (frames,) if isinstance(frames, int) else tuple(frames or ())
    return KeyImage(series_of.get(uid, ""), uid, tuple(int(number) for number in numbers))


def _code(item: Dataset) -> str:
    codes = item.get("ConceptNameCodeSequence") or [Dataset()]
    return str(codes[0].get("CodeValue", "") or "")


def _chosen(item: Dataset) -> str:
    return _meaning(item.get("ConceptCodeSequence"))


def _meaning(codes: object) -> str:
    try:
        code = codes[0]  # type: ignore[index]
    except (TypeError, IndexError, KeyError):
        return ""
    return str(code.get("CodeMeaning", "") or code.get("CodeValue", "") or "").strip()


_PEOPLE_WRITE = {
    "mm2": "mm²",
    "mm3": "mm³",
    "cm2": "cm²",
    "cm3": "cm³",
    "um2/s": "µm²/s",
    "deg": "°",
}
"""Units as people write them, by their UCUM code."""


def unit_words(codes: object) -> str:
    """Return a unit as people write it; empty where a number has none."""
    try:
        code = codes[0]  # type: ignore[index]
    except (TypeError, IndexError, KeyError):
        return ""
    value = str(code.get("CodeValue", "") or "")
    if str(code.get("CodingSchemeDesignator", "")) != "UCUM":
        return value or str(code.get("CodeMeaning", "") or "")
    if value in ("1", "{1}"):
        return ""
    if value == "[hnsf'U]":
        return "HU"
    return _PEOPLE_WRITE.get(value, value.strip("{}"))
