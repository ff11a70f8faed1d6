"""Put together what came of one study in several steps: images first, later what was made of them.

A disk often keeps a segmentation, a structure set or a report in another folder than the images.
Opened one after the other they are one study, and neither hides the other.
"""

from __future__ import annotations

from collections.abc import Iterable

from workstation.services.find_originals import with_originals
from workstation.services.import_studies import ImportedSeries, ImportedStudy

__all__ = ["joined"]


def joined(earlier: ImportedStudy, later: ImportedStudy) -> ImportedStudy:
    """Return one study with the series of both; of a series in both, the one of more images.

    Who points at one file of a series that is known whole from another place loses nothing. Of two
    with equally many it is the later one.

    Args:
        earlier: what was received first.
        later: what was received of the same study now: the files the reader pointed at.
    """
    return ImportedStudy(
        later.identity,
        with_originals(_series((*earlier.series, *later.series))),
        _series((*earlier.documents, *later.documents)),
    )


def _series(listed: Iterable[ImportedSeries]) -> tuple[ImportedSeries, ...]:
    kept: dict[str, ImportedSeries] = {}
    for one in listed:
        known = kept.get(one.verdict.series_uid)
        if known is None or one.verdict.received >= known.verdict.received:
            kept[one.verdict.series_uid] = one
    return tuple(sorted(kept.values(), key=_number))


def _number(one: ImportedSeries) -> int:
    number = one.identity.number.strip()
    return int(number) if number.lstrip("+-").isdecimal() else 0
