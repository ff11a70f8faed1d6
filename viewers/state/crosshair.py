"""The point that linked viewports share, and who may follow it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Crosshair:
    """One point in one patient coordinate system.

    Attributes:
        frame_of_reference_uid: the coordinate system; an empty one links nothing.
        series_uid: the series it was set on.
        point_mm: LPS.
    """

    frame_of_reference_uid: str
    series_uid: str
    point_mm: tuple[float, float, float]

    def reaches(self, *, frame_of_reference_uid: str, series_uid: str) -> bool:
        """Whether positions of a series mean the same place as this point.

        Only inside one frame of reference; a series without one is linked to itself alone.
        Source: DICOM PS3.3 C.7.4.1.1.1, Frame of Reference UID.
        """
        if series_uid == self.series_uid:
            return True
        is_named = self.frame_of_reference_uid != ""
        return is_named and frame_of_reference_uid == self.frame_of_reference_uid
