"""Read structured reports of any template as text, and key object selections.

Source: PS3.3 C.17.3 (SR Document Content), A.35.4 (Key Object Selection); PS3.16 TID 2010.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pydicom.dataset import Dataset

from workstation.core.study_objects import KeyImage, ReadableDocument
from workstation.dicom.object_files import KEY_OBJECTS, ObjectReadError
from workstation.dicom.presentation_values import day_and_time
from workstation.dicom.reported_measurements import read_measurements

MOST_ITEMS = 20_000
"""Most content items read; a long measurement report has 2,000."""

DEEPEST = 40
"""Deepest nesting read; real trees stay below 12."""


def read_document(dataset: Dataset) -> ReadableDocument:
    """Return a structured report as lines of text, and the key images it selects.

    Raises:
        ObjectReadError: it holds no content.
    """
    items = dataset.get("ContentSequence") or []
    if not items and not dataset.get("ConceptNameCodeSequence"):
        raise ObjectReadError("It holds no content.")
    lines = [line for _number, line in zip(range(MOST_ITEMS), _lines(dataset), strict=False)]
    if len(lines) == MOST_ITEMS:
        lines.append("(The rest is not shown: the document is longer than any report.)")
    is_selection = str(dataset.get("SOPClassUID", "")) == KEY_OBJECTS
    return ReadableDocument(
        title=_meaning(dataset.get("ConceptNameCodeSequence")) or "Structured report",
        kind="Key images" if is_selection else "Structured report",
        lines=tuple(lines),
        key_images=_key_images(dataset) if is_selection else (),
        status=_status(dataset),
        author=_author(dataset),
        made=day_and_time(dataset, "ContentDate", "ContentTime"),
        measurements=() if is_selection else read_measurements(dataset, _series_of(dataset)),
    )


def _status(dataset: Dataset) -> str:
    words = (str(dataset.get("CompletionFlag", "")), str(dataset.get("VerificationFlag", "")))
    return ", ".join(word.lower() for word in words if word)


def _lines(parent: Dataset, level: int = 0) -> Iterator[str]:
    if level > DEEPEST:
        return
    for item in parent.get("ContentSequence") or []:
        name = _meaning(item.get("ConceptNameCodeSequence"))
        value = _value(item)
        words = f"{name}: {value}" if name and value else name or value
        inside = level
        if words:
            yield "  " * level + words
            inside = level + 1
        yield from _lines(item, inside)


def _meaning(codes: object) -> str:
    """Return the words of a coded concept; its code where it has none."""
    try:
        code = codes[0]  # type: ignore[index]
    except (TypeError, IndexError, KeyError):
        return ""
    if not isinstance(code, Dataset):
        return ""
    words = str(code.get("CodeMeaning", "") or "").strip()
    return words or str(code.get("CodeValue", "") or code.get("LongCodeValue", "") or "")


def _value(item: Dataset) -> str:
    reader = _VALUES.get(str(item.get("ValueType", "")))
    if "ReferencedContentItemIdentifier" in item:
        at = item.ReferencedContentItemIdentifier
        path = ".".join(map(str, at)) if not isinstance(at, int) else str(at)
        return f"see item {path}"
    return reader(item) if reader else ""


def _text(item: Dataset) -> str:
    return " ".join(str(item.get("TextValue", "") or "").split())


def _number(item: Dataset) -> str:
    measured = item.get("MeasuredValueSequence")
    if not measured:
        why = _meaning(item.get("NumericValueQualifierCodeSequence"))
        return why or "no value"
    value = str(measured[0].get("NumericValue", ""))
    unit = _unit(measured[0])
    qualifier = _meaning(item.get("NumericValueQualifierCodeSequence"))
    return " ".join(part for part in (value, unit, f"({qualifier})" if qualifier else "") if part)


def _unit(measured: Dataset) -> str:
    """Return the unit: a code of UCUM reads as people write it; "1" is no unit."""
    codes = measured.get("MeasurementUnitsCodeSequence")
    if not codes:
        return ""
    code = str(codes[0].get("CodeValue", "") or "")
    if str(codes[0].get("CodingSchemeDesignator", "")) == "UCUM":
        return "" if code in ("1", "{1}") else code.strip("{}")
    return code or _meaning(codes)


def _person(item: Dataset) -> str:
    return _name(item.get("PersonName"))


def _name(stored: object) -> str:
    family, *given = str(stored or "").split("=")[0].split("^")
    return ", ".join(part for part in (family, " ".join(filter(None, given))) if part)


def _date_time(item: Dataset) -> str:
    written = str(item.get("DateTime", "") or "")
    date, time = written[:8], written[8:]
    return " ".join(part for part in (_dashed(date), _colons(time)) if part)


def _dashed(date: str) -> str:
    return f"{date[:4]}-{date[4:6]}-{date[6:]}" if len(date) == 8 else date


def _colons(time: str) -> str:
    digits = time.split(".", maxsplit=1)[0]
    return ":".join(digits[n : n + 2] for n in range(0, len(digits), 2))


def _image(item: Dataset) -> str:
    references = item.get("ReferencedSOPSequence")
    if not references:
        return "an image"
    frames = references[0].get("ReferencedFrameNumber")
    numbers = [frames] if isinstance(frames, int) else list(frames or ())
    words = "an image"
    if numbers:
        words += f", frame {', '.join(map(str, numbers))}"
    return words


def _graphic(item: Dataset) -> str:
    kind = str(item.get("GraphicType", "") or "").lower()
    count = len(item.get("GraphicData") or ())
    step = 3 if str(item.get("ValueType", "")) == "SCOORD3D" else 2
    return f"{kind} of {count // step} points" if count else kind


def _container(_item: Dataset) -> str:
    return ""


_VALUES: dict[str, Callable[[Dataset], str]] = {
    "TEXT": _text,
    "NUM": _number,
    "CODE": lambda item: _meaning(item.get("ConceptCodeSequence")),
    "PNAME": _person,
    "DATE": lambda item: _dashed(str(item.get("Date", "") or "")),
    "TIME": lambda item: _colons(str(item.get("Time", "") or "")),
    "DATETIME": _date_time,
    "UIDREF": lambda item: str(item.get("UID", "") or ""),
    "IMAGE": _image,
    "COMPOSITE": lambda _item: "another object",
    "WAVEFORM": lambda _item: "a waveform",
    "SCOORD": _graphic,
    "SCOORD3D": _graphic,
    "TCOORD": lambda item: str(item.get("TemporalRangeType", "") or "").lower(),
    "CONTAINER": _container,
}
"""How the value of each Value Type reads. Source: PS3.3 table C.17.3-7."""


def _series_of(dataset: Dataset) -> dict[str, str]:
    """Return the series of each instance that the evidence lists."""
    return {
        str(one.get("ReferencedSOPInstanceUID", "")): str(series.get("SeriesInstanceUID", ""))
        for study in dataset.get("CurrentRequestedProcedureEvidenceSequence") or []
        for series in study.get("ReferencedSeriesSequence") or []
        for one in series.get("ReferencedSOPSequence") or []
    }


def _author(dataset: Dataset) -> str:
    """Return who verified a report, else who observed; empty where nobody is named."""
    for item in dataset.get("VerifyingObserverSequence") or []:
        return _name(item.get("VerifyingObserverName"))
    for item in dataset.get("AuthorObserverSequence") or []:
        if name := _name(item.get("PersonName")):
            return name
    for item in dataset.get("ContentSequence") or []:
        if str(item.get("ValueType", "")) == "PNAME":
            return _person(item)
    return ""


def _key_images(dataset: Dataset) -> tuple[KeyImage, ...]:
    """Return what a key object selection names, in its order."""
    series_of = _series_of(dataset)
    found = []
    for item in dataset.get("ContentSequence") or []:
        if str(item.get("ValueType", "")) != "IMAGE":
            continue
        for reference in item.get("ReferencedSOPSequence") or []:
            uid = str(reference.get("ReferencedSOPInstanceUID", ""))
            frames = reference.get("ReferencedFrameNumber")
            numbers = (frames,) if isinstance(frames, int) else tuple(frames or ())
            key = KeyImage(series_of.get(uid, ""), uid, tuple(int(number) for number in numbers))
            found.append(key)
    return tuple(found)
