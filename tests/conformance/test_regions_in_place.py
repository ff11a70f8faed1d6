"""Segmentations and structure sets of real studies lie on the images they were drawn on.

Truth: the NRRD from which dcmqi made the segmentation, read by SimpleITK; polygons filled by Qt.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import SimpleITK
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPolygonF

from tests.support.data import study
from viewers.render.planes import PlaneStack, acquired_stack
from viewers.render.region_marks import region_trace
from workstation.core.regions import OutlinedRegion
from workstation.services.import_studies import ImportedStudy, import_paths
from workstation.services.read_objects import read_objects

pytestmark = pytest.mark.data


def imported(folder: Path) -> tuple[ImportedStudy, ...]:
    return import_paths([folder]).studies


def with_objects(folder: Path) -> ImportedStudy:
    return next(one for one in imported(folder) if any(s.objects for s in one.documents))


def on_slices(region: OutlinedRegion, stack: PlaneStack) -> NDArray[np.bool_]:
    """Return a region on every slice, [k, j, i]."""
    found = np.zeros((stack.count, *stack.shape_rc), dtype=np.bool_)
    for k in range(stack.count):
        if trace := region_trace(region, stack, k):
            (left, top), (rows, columns) = trace.corner_cr, trace.mask.shape
            found[k, top : top + rows, left : left + columns] = trace.mask
    return found


def test_the_liver_of_dcmqi_is_where_its_nrrd_has_it() -> None:
    folder = study("s14_ct_liver_seg_dcmqi")
    one = with_objects(folder)
    stack = acquired_stack(one.series[0].display_sets[0].geometry)
    liver = next(
        region
        for each in read_objects(one).region_objects
        for region in each.regions
        if region.name == "Liver"
    )
    truth = SimpleITK.ReadImage(str(folder / "liver_seg.nrrd"))
    inside = SimpleITK.GetArrayFromImage(truth) > 0

    shown = on_slices(liver, stack)

    assert stack.origins_mm[0] == pytest.approx(truth.GetOrigin(), abs=1e-3)
    assert np.array_equal(shown, inside)
    voxel_ml = float(np.prod(truth.GetSpacing())) / 1000
    assert liver.volume_ml == pytest.approx(np.count_nonzero(inside) * voxel_ml)


def test_overlapping_segments_have_the_pixels_of_their_frames() -> None:
    from pydicom import dcmread

    folder = study("s14_ct_liver_seg_dcmqi")
    one = with_objects(folder)
    stack = acquired_stack(one.series[0].display_sets[0].geometry)
    file = dcmread(folder / "partial_overlaps.dcm")
    objects = read_objects(one).region_objects
    regions = next(each for each in objects if len(each.regions) == 5).regions
    places = stack.origins_mm @ stack.normal

    for region in regions:
        shown, expected = on_slices(region, stack), np.zeros((3, 512, 512), dtype=np.bool_)
        for group, frame in zip(
            file.PerFrameFunctionalGroupsSequence, file.pixel_array, strict=True
        ):
            identity = group.SegmentIdentificationSequence[0]
            if identity.ReferencedSegmentNumber == region.number:
                position = group.PlanePositionSequence[0].ImagePositionPatient
                z = float(np.array(position, dtype=float) @ stack.normal)
                expected[int(np.abs(places - z).argmin())] |= frame > 0
        assert np.array_equal(shown, expected)


@pytest.mark.parametrize("patient", ["STS_002", "STS_008", "STS_019", "STS_025", "STS_042"])
@pytest.mark.parametrize("modality", ["CT", "MR_T1", "PET"])
def test_a_tumor_fills_the_pixels_inside_its_contours(patient: str, modality: str) -> None:
    one = with_objects(study("s15_sts_petctmr_rtstruct") / patient / modality)
    geometry = one.series[0].display_sets[0].geometry
    stack = acquired_stack(geometry)
    (mass,) = read_objects(one).region_objects[0].regions
    assert mass.is_placed_in(geometry.frame_of_reference_uid)

    shown = on_slices(mass, stack)

    # The contours were drawn on slices of these images: each fills its own slice.
    assert mass.contours is not None
    cut = np.flatnonzero(shown.any(axis=(1, 2)))
    assert len(cut) == len(mass.contours.places_mm)
    by_qt = filled_by_qt(mass, stack)
    assert dice(shown, by_qt) > 0.999
    by_pixels_ml = np.count_nonzero(shown) * np.prod(stack.spacing_rc_mm) * mass.masks.slab_mm
    # Pixels of PET are 5 mm wide, and a mass is 10 of them across.
    tolerance = 0.06 if modality == "PET" else 0.02
    assert by_pixels_ml / 1000 == pytest.approx(mass.volume_ml, rel=tolerance)


def filled_by_qt(mass: OutlinedRegion, stack: PlaneStack) -> NDArray[np.bool_]:
    """Return the pixels whose center Qt finds inside the contours."""
    assert mass.contours is not None
    found = np.zeros((stack.count, *stack.shape_rc), dtype=np.bool_)
    for loops in mass.contours.loops_mm:
        k = stack.nearest_index(loops[0].mean(axis=0))
        for loop in loops:
            polygon = QPolygonF([QPointF(*cr) for cr in stack.to_pixel_cr(k, loop).tolist()])
            box = polygon.boundingRect()
            for row in range(int(box.top()), int(box.bottom()) + 2):
                for column in range(int(box.left()), int(box.right()) + 2):
                    point = QPointF(column, row)
                    found[k, row, column] ^= polygon.containsPoint(point, Qt.FillRule.OddEvenFill)
    return found


def dice(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    both = np.count_nonzero(one & other)
    return 2 * both / (np.count_nonzero(one) + np.count_nonzero(other))
