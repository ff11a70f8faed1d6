"""Say in words and as JSON what came with the images of studies, and what of it is here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from workstation.core.presentation import PresentationState
from workstation.core.study_objects import ReadableDocument, RegionObject, StudyObjects

if TYPE_CHECKING:
    from workstation.services.import_studies import ImportedStudy

__all__ = ["objects_json", "objects_words"]


def objects_json(found: Sequence[tuple[ImportedStudy, StudyObjects]]) -> dict[str, Any]:
    """Return the objects of studies with their labels, references and problems."""
    every = [one for study, objects in found for one in _of_study(study, objects)]
    return {"objects": every}


def objects_words(found: Sequence[tuple[ImportedStudy, StudyObjects]]) -> str:
    """Return the same for people, a line per object and problem."""
    lines = []
    for one in objects_json(found)["objects"]:
        named = f"{one['kind']}: {one['label']}"
        if one["references"] is not None:
            here = one["references"]["found"]
            named += f", {here} of {here + one['references']['missing']} images here"
        lines += [named, *(f"  {problem}" for problem in one["problems"])]
    return "\n".join(lines) or "Nothing came with the images."


def _of_study(study: ImportedStudy, objects: StudyObjects) -> list[dict[str, Any]]:
    here = {
        uid for series in study.series for one in series.display_sets for uid in one.instance_uids
    }
    frames = {
        one.geometry.frame_of_reference_uid
        for series in study.series
        for one in series.display_sets
        if one.geometry.is_placed
    }
    return [
        *(_regions(one, frames) for one in objects.region_objects),
        *(_look(one, here) for one in objects.presentations),
        *(_document(one, here) for one in objects.documents),
        *(
            {"kind": one.kind, "label": "", "references": None, "problems": [one.reason]}
            for one in objects.unread
        ),
    ]


def _regions(one: RegionObject, frames: set[str]) -> dict[str, Any]:
    regions = [
        {
            "number": region.number,
            "name": region.name,
            "meaning": region.meaning,
            "volume_ml": region.volume_ml,
            "is_placed_here": any(region.is_placed_in(uid) for uid in frames),
            "remarks": list(region.remarks),
        }
        for region in one.regions
    ]
    lost = sum(not region["is_placed_here"] for region in regions)
    problems = [*one.refused]
    if lost:
        problems.append(f"{lost} regions are in no frame of reference of these images.")
    return {
        "kind": one.kind,
        "label": one.title,
        "references": None,
        "regions": regions,
        "problems": problems,
    }


def _look(one: PresentationState, here: set[str]) -> dict[str, Any]:
    images = [image for series in one.series for image in series.images]
    return {
        "kind": one.kind,
        "label": one.label,
        "uid": one.uid,
        "description": one.description,
        "creator": one.creator,
        "made": one.made,
        "references": _counted([image.instance_uid for image in images], here),
        "figures": sum(len(each.graphics) for each in one.annotations),
        "texts": sum(len(each.texts) for each in one.annotations),
        "problems": [*((one.refused,) if one.refused else ()), *one.remarks],
    }


def _document(one: ReadableDocument, here: set[str]) -> dict[str, Any]:
    named = [key.instance_uid for key in one.key_images]
    named += [each.image.instance_uid for each in one.measurements if each.image is not None]
    return {
        "kind": one.kind,
        "label": one.title,
        "author": one.author,
        "made": one.made,
        "status": one.status,
        "references": _counted(named, here),
        "measurements": [
            {
                "name": each.name,
                "value": each.value,
                "unit": each.unit,
                "finding": each.finding,
                "site": each.site,
                "tracking": each.tracking,
            }
            for each in one.measurements
        ],
        "lines": list(one.lines),
        "problems": [],
    }


def _counted(uids: Sequence[str], here: set[str]) -> dict[str, int]:
    found = sum(uid in here for uid in uids)
    return {"found": found, "missing": len(uids) - found}
