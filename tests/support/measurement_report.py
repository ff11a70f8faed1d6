"""A measurement report (TID 1500) and a key object selection, written by highdicom."""

from __future__ import annotations

import highdicom as hd
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from tests.support.canary import CANARY


def measurement_report(evidence: list[Dataset], *, value: float) -> Dataset:
    """Return a report with one length in mm."""
    observer = hd.sr.ObserverContext(
        codes.DCM.Person, hd.sr.PersonObserverIdentifyingAttributes(CANARY)
    )
    length = hd.sr.Measurement(codes.SCT.Length, value, codes.UCUM.Millimeter)
    group = hd.sr.MeasurementsAndQualitativeEvaluations(
        hd.sr.TrackingIdentifier(hd.UID(), "mass"),
        measurements=[length],
        source_images=[
            hd.sr.SourceImageForMeasurementGroup(
                evidence[0].SOPClassUID, evidence[0].SOPInstanceUID
            )
        ],
    )
    content = hd.sr.MeasurementReport(
        hd.sr.ObservationContext(observer_person_context=observer),
        codes.LN.CTUnspecifiedBodyRegion,
        imaging_measurements=[group],
    )
    return hd.sr.ComprehensiveSR(
        evidence, content[0], hd.UID(), 9, hd.UID(), 1, is_complete=True, manufacturer="Maker"
    )


def key_objects(evidence: list[Dataset]) -> Dataset:
    """Return a selection of all images given."""
    content = hd.ko.KeyObjectSelection(codes.DCM.OfInterest, referenced_objects=evidence)
    return hd.ko.KeyObjectSelectionDocument(
        evidence, content, hd.UID(), 8, hd.UID(), 1, manufacturer="Maker"
    )
