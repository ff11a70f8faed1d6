"""Write the reader's marks as a measurement report (TID 1500): values, units, places.

Marks on acquired slices name pixels of their image (SCOORD), those on reformatted planes and
spheres positions in the patient (SCOORD3D). What only points or says holds no value and is not
written here.

Source: PS3.16 TID 1500, 1501, 1410, 1411, 300, CID 7469, 7464; PS3.3 C.18.6, C.18.9.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

import highdicom
import numpy as np
from highdicom import sr
from numpy.typing import NDArray
from pydicom import Dataset, config
from pydicom.sr.codedict import codes

from workstation.core.errors import InputRefusedError
from workstation.core.mark_record import MarkRecord
from workstation.core.measurement import POINTING, Measurement, MeasurementKind
from workstation.dicom.character_sets import character_set
from workstation.dicom.presentation_graphics import HALF_PIXEL
from workstation.dicom.structured_report import MANUFACTURER, derived_uid, person_name

SERIES_NUMBER = 993
"""Measurements sort behind stored looks (992), and all of them behind the images."""

TRACKING_LETTERS = 60
"""Letters of a tracking identifier; longer words of the reader are cut."""

_CLOSED = frozenset(
    {
        MeasurementKind.ELLIPSE,
        MeasurementKind.RECTANGLE,
        MeasurementKind.FREEHAND,
        MeasurementKind.POLYGON,
    }
)

Coded: TypeAlias = sr.CodedConcept
Coordinates: TypeAlias = sr.CoordinatesForMeasurement | sr.CoordinatesForMeasurement3D


@dataclass(frozen=True, slots=True, eq=False)
class PlacedMark:
    """A mark with the image it belongs to.

    Attributes:
        record: the mark, by whom and when.
        image: header of its image.
        points_cr: its points as (column, row) of that image, (n, 2); pixel centers at whole
            numbers.
        frame_of_reference_uid: where its positions in the patient hold; empty where they do not.
    """

    record: MarkRecord
    image: Dataset
    points_cr: NDArray[np.float64]
    frame_of_reference_uid: str

    @property
    def mark(self) -> Measurement:
        """The mark."""
        return self.record.measurement

    @property
    def is_in_patient(self) -> bool:
        """Whether its place is told in the patient and not in pixels of one image."""
        return self.mark.is_reformatted or self.mark.kind is MeasurementKind.SPHERE


def holds_value(mark: Measurement) -> bool:
    """Whether a mark has a value that a report can hold."""
    return mark.kind not in POINTING


def build_measurement_report(
    marks: Sequence[PlacedMark], *, reader: str, made_at: datetime, version: str
) -> Dataset:
    """Return the report; unverified, as its author has not signed it.

    Args:
        marks: what was measured, of one study.
        reader: who measured, as printed.
        made_at: aware; the content time.
        version: of this program.

    Raises:
        InputRefusedError: none of the marks has a value.
    """
    valued = [one for one in marks if holds_value(one.mark)]
    if not valued:
        raise InputRefusedError(
            "There is no measurement to save",
            why="no mark of this study holds a value",
            todo="Measure something first; notes and arrows go into a presentation state",
        )
    with config.disable_value_validation():
        images = list({str(one.image.SOPInstanceUID): one.image for one in valued}.values())
        observer = sr.ObserverContext(
            codes.DCM.Person, sr.PersonObserverIdentifyingAttributes(person_name(reader))
        )
        report = sr.MeasurementReport(
            observation_context=sr.ObservationContext(observer_person_context=observer),
            procedure_reported=_procedure(images[0]),
            imaging_measurements=[_group(one, n) for n, one in enumerate(valued, start=1)],
        )
        kind = sr.Comprehensive3DSR if any(one.is_in_patient for one in valued) else None
        made: Dataset = (kind or sr.ComprehensiveSR)(
            evidence=images,
            content=report[0],
            series_instance_uid=highdicom.UID(),
            series_number=SERIES_NUMBER,
            sop_instance_uid=highdicom.UID(),
            instance_number=1,
            manufacturer=MANUFACTURER,
            is_complete=True,
            is_verified=False,
            series_description="Measurements",
            performed_procedure_codes=None,
        )
        made.ManufacturerModelName = MANUFACTURER
        made.SoftwareVersions = version
        made.ContentDate = made_at.strftime("%Y%m%d")
        made.ContentTime = made_at.strftime("%H%M%S")
        made.TimezoneOffsetFromUTC = made_at.strftime("%z")
        made.SpecificCharacterSet = character_set(made)
    return made


def _procedure(image: Dataset) -> Coded:
    found = {
        "CT": codes.LN.CTUnspecifiedBodyRegion,
        "MR": codes.LN.MRIUnspecifiedBodyRegion,
        "PT": codes.LN.PETUnspecifiedBodyRegion,
        "NM": codes.LN.NMUnspecifiedBodyRegion,
    }
    return found.get(str(image.get("Modality", "")), codes.SCT.ImagingProcedure)


def _group(
    placed: PlacedMark, number: int
) -> (
    sr.MeasurementsAndQualitativeEvaluations
    | sr.PlanarROIMeasurementsAndQualitativeEvaluations
    | sr.VolumetricROIMeasurementsAndQualitativeEvaluations
):
    mark = placed.mark
    words = mark.text or f"{mark.kind.value.capitalize()} {number}"
    uid = derived_uid("mark", str(placed.image.StudyInstanceUID), mark.measurement_id)
    tracking = sr.TrackingIdentifier(uid=uid, identifier=words[:TRACKING_LETTERS])
    if mark.region is None:
        return sr.MeasurementsAndQualitativeEvaluations(
            tracking, measurements=_measurements(placed)
        )
    if mark.kind is MeasurementKind.SPHERE:
        return sr.VolumetricROIMeasurementsAndQualitativeEvaluations(
            tracking, referenced_volume_surface=_sphere(placed), measurements=_statistics(placed)
        )
    return sr.PlanarROIMeasurementsAndQualitativeEvaluations(
        tracking, referenced_region=_region(placed), measurements=_statistics(placed)
    )


# Values


def _measurements(placed: PlacedMark) -> list[sr.Measurement]:
    mark = placed.mark
    match mark.kind:
        case MeasurementKind.BIDIRECTIONAL:
            long, short = _lines(placed)
            unit = _length_unit(mark.unit)
            found = [
                sr.Measurement(codes.SCT.LongAxis, mark.value, unit, referenced_coordinates=[long])
            ]
            if mark.short_value is not None:
                found.append(
                    sr.Measurement(
                        codes.SCT.ShortAxis, mark.short_value, unit, referenced_coordinates=[short]
                    )
                )
            return found
        case MeasurementKind.COBB:
            name, unit, places = codes.SCT.CobbAngle, codes.UCUM.Degree, _lines(placed)
        case MeasurementKind.ANGLE:
            name, unit = codes.SCT.Angle, codes.UCUM.Degree
            places = [_coordinates(placed, slice(None), "POLYLINE")]
        case MeasurementKind.PROBE:
            name, unit = _intensity(mark.unit, placed.image)
            places = [_coordinates(placed, slice(0, 1), "POINT")]
        case _:
            name, unit = codes.SCT.Length, _length_unit(mark.unit)
            places = [_coordinates(placed, slice(None), "POLYLINE")]
    return [sr.Measurement(name, mark.value, unit, referenced_coordinates=places)]


def _statistics(placed: PlacedMark) -> list[sr.Measurement]:
    region = placed.mark.region
    if region is None:
        return []
    name, unit = _intensity(placed.mark.unit, placed.image)
    derived = (
        (region.mean, codes.SCT.Mean),
        (region.sd, codes.SCT.StandardDeviation),
        (region.low, codes.SCT.Minimum),
        (region.high, codes.SCT.Maximum),
    )
    found = [sr.Measurement(name, value, unit, derivation=how) for value, how in derived]
    size = {
        "mm²": (codes.SCT.Area, codes.UCUM.SquareMillimeter),
        "mm³": (codes.SCT.Volume, codes.UCUM.CubicMillimeter),
    }.get(region.size_unit, (codes.SCT.Area, Coded("{pixels}", "UCUM", "pixels")))
    return [*found, sr.Measurement(size[0], region.size, size[1])]


def _length_unit(unit: str) -> Coded:
    return codes.UCUM.Millimeter if unit == "mm" else Coded("{pixels}", "UCUM", "pixels")


def _intensity(unit: str, image: Dataset) -> tuple[Coded, Coded]:
    """Return what a pixel value is called, and its unit."""
    known = {
        "HU": (codes.DCM.AttenuationCoefficient, codes.UCUM.HounsfieldUnit),
        "SUV": (codes.DCM.Suvbw, Coded("g/ml{SUVbw}", "UCUM", "Standardized Uptake Value")),
        "Bq/ml": (codes.DCM.NuclearMedicineTomographicActivity, Coded("Bq/ml", "UCUM", "Bq/ml")),
        "µm²/s": (codes.DCM.ApparentDiffusionCoefficient, Coded("um2/s", "UCUM", "um2/s")),
    }
    if unit in known:
        return known[unit]
    is_mr = str(image.get("Modality", "")) == "MR"
    name = codes.DCM.MRSignalIntensity if is_mr else Coded("PIXEL", "99PRELIM", "Pixel value")
    return name, Coded("1", "UCUM", "no units")


# Places


def _source(placed: PlacedMark) -> sr.SourceImageForRegion:
    frame = placed.mark.frame_number
    return sr.SourceImageForRegion(
        placed.image.SOPClassUID, placed.image.SOPInstanceUID, [frame] if frame else None
    )


def _coordinates(placed: PlacedMark, which: slice, shape: str) -> Coordinates:
    if placed.is_in_patient:
        points = np.array(placed.mark.points_mm)[which]
        return sr.CoordinatesForMeasurement3D(
            sr.GraphicTypeValues3D(shape), points, placed.frame_of_reference_uid
        )
    pixels = placed.points_cr[which] + HALF_PIXEL
    return sr.CoordinatesForMeasurement(sr.GraphicTypeValues(shape), pixels, _source(placed))


def _lines(placed: PlacedMark) -> list[Coordinates]:
    return [_coordinates(placed, slice(n, n + 2), "POLYLINE") for n in (0, 2)]


def _region(placed: PlacedMark) -> sr.ImageRegion | sr.ImageRegion3D:
    is_round = placed.mark.kind is MeasurementKind.ELLIPSE
    if placed.is_in_patient:
        points = np.array(placed.mark.points_mm)
        shape3d = sr.GraphicTypeValues3D.ELLIPSE if is_round else sr.GraphicTypeValues3D.POLYGON
        outline = _axes(points) if is_round else _closed(points)
        return sr.ImageRegion3D(shape3d, outline, placed.frame_of_reference_uid)
    pixels = placed.points_cr + HALF_PIXEL
    shape = sr.GraphicTypeValues.ELLIPSE if is_round else sr.GraphicTypeValues.POLYLINE
    outline = _axes(pixels) if is_round else _closed(pixels)
    return sr.ImageRegion(shape, outline, _source(placed))


def _closed(points: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.vstack([points, points[:1]])


def _axes(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the ends of the axes of the ellipse inside four corners, the longer axis first."""
    middles = (corners + np.roll(corners, -1, axis=0)) / 2
    across, down = middles[[1, 3]], middles[[0, 2]]
    is_wide = np.linalg.norm(across[1] - across[0]) >= np.linalg.norm(down[1] - down[0])
    return np.vstack([across, down] if is_wide else [down, across])


def _sphere(placed: PlacedMark) -> sr.VolumeSurface:
    center, rim = np.array(placed.mark.points_mm)
    radius = float(np.linalg.norm(rim - center))
    ends = [center + sign * radius * axis for axis in np.eye(3) for sign in (-1, 1)]
    frame = placed.mark.frame_number
    image = sr.SourceImageForSegmentation(
        placed.image.SOPClassUID, placed.image.SOPInstanceUID, [frame] if frame else None
    )
    return sr.VolumeSurface(
        sr.GraphicTypeValues3D.ELLIPSOID,
        np.array(ends),
        placed.frame_of_reference_uid,
        source_images=[image],
    )
