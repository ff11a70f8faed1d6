"""Segmentations and structure sets in hard places, against balls and tubes of closed form.

The writers are highdicom and pydicom. A region is right where each pixel of any plane that lies
clearly inside or outside of the true shape is shown so, and the volume is that of the shape.
"""

from __future__ import annotations

from pathlib import Path

import highdicom as hd
import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.uid import generate_uid

from tests.unit.dicom_in.factory import image
from tests.unit.objects.test_reading import described
from viewers.render.planes import PlaneStack
from viewers.render.region_marks import region_trace
from viewers.state.view_state import Plane
from workstation.core.regions import OutlinedRegion
from workstation.core.study_objects import RegionObject
from workstation.dicom.object_files import SEGMENTATION, STRUCTURE_SET, FoundObject
from workstation.dicom.object_reader import read_one
from workstation.dicom.sources import SourceFile

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

BALL_MM = np.array([4.0, -3.0, 12.0])
RADIUS_MM = 14.0
COS, SIN = float(np.cos(np.radians(25))), float(np.sin(np.radians(25)))

AXES = {
    "axial": ((1, 0, 0), (0, 1, 0)),
    "sagittal": ((0, 1, 0), (0, 0, -1)),
    "coronal from behind": ((-1, 0, 0), (0, 0, -1)),
    "tilted": ((1, 0, 0), (0, COS, -SIN)),
    "double oblique": ((COS, SIN * COS, SIN * SIN), (-SIN, COS * COS, COS * SIN)),
}


def ball_in(points_mm: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.linalg.norm(points_mm - BALL_MM, axis=-1) <= RADIUS_MM


def grid(
    name: str, *, spacing: tuple[float, float] = (1.0, 0.8), step: float = 1.5, side: int = 48
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return right, down, origins of slices and the positions of all pixels around the ball."""
    right, down = (np.array(one, dtype=float) for one in AXES[name])
    normal = np.cross(right, down)
    across, along = (
        (np.arange(side) - side / 2) * spacing[1],
        (np.arange(side) - side / 2) * spacing[0],
    )
    through = (np.arange(24) - 12) * step
    corner = BALL_MM + across[0] * right + along[0] * down
    origins = corner + through[:, None] * normal
    pixels = (
        BALL_MM
        + through[:, None, None, None] * normal
        + along[None, :, None, None] * down
        + across[None, None, :, None] * right
    )
    return right, down, origins, pixels


def sources() -> list[Dataset]:
    found = []
    for number in (1, 2, 3):
        one = image(number)
        one.StudyDate = one.StudyTime = one.AccessionNumber = one.StudyID = ""
        one.PatientBirthDate = one.PatientSex = one.ReferringPhysicianName = ""
        found.append(one)
    return found


def segmented(
    name: str, kind: str = "BINARY", *, thickness: float = 1.5, every: int = 1, step: float = 1.5
) -> Dataset:
    right, down, origins, pixels = grid(name, step=step)
    masks = ball_in(pixels)[::every].astype(np.uint8)
    if kind == "FRACTIONAL":
        masks = masks.astype(np.float32)
    return hd.seg.Segmentation(
        sources(), masks, kind, [described(1)], hd.UID(), 7, hd.UID(), 1, "Maker", "Model", "1",
        "0",
        pixel_measures=hd.PixelMeasuresSequence((1.0, 0.8), thickness),
        plane_orientation=hd.PlaneOrientationSequence("PATIENT", (*right, *down)),
        plane_positions=[hd.PlanePositionSequence("PATIENT", p) for p in origins[::every]],
        omit_empty_frames=True,
    )  # fmt: skip


def the_region(dataset: Dataset, path: Path, sop_class: str = SEGMENTATION) -> OutlinedRegion:
    dataset.save_as(path, enforce_file_format=True)
    found = read_one(FoundObject(sop_class, SourceFile(path, path.name)))
    assert isinstance(found, RegionObject), found
    assert found.refused == ()
    return found.regions[0]


def plane(name: str) -> PlaneStack:
    right, down, origins, _pixels = grid(name, spacing=(0.7, 0.7), step=2.0, side=64)
    return PlaneStack(Plane.ACQUIRED, (64, 64), (0.7, 0.7), right, down, origins)


def shown(region: OutlinedRegion, stack: PlaneStack, k: int) -> NDArray[np.bool_]:
    whole = np.zeros(stack.shape_rc, dtype=np.bool_)
    trace = region_trace(region, stack, k)
    if trace is not None:
        (left, top), (rows, columns) = trace.corner_cr, trace.mask.shape
        whole[top : top + rows, left : left + columns] = trace.mask
    return whole


def assert_is_the_ball(region: OutlinedRegion, name: str, *, rim_mm: float = 1.5) -> None:
    """Check every pixel of every slice of a plane that is not on the rim of the ball."""
    stack = plane(name)
    _right, _down, _origins, pixels = grid(name, spacing=(0.7, 0.7), step=2.0, side=64)
    away = np.linalg.norm(pixels - BALL_MM, axis=-1)
    for k in range(stack.count):
        mask = shown(region, stack, k)
        assert mask[away[k] < RADIUS_MM - rim_mm].all()
        assert not mask[away[k] > RADIUS_MM + rim_mm].any()


@pytest.mark.parametrize("drawn", AXES)
@pytest.mark.parametrize("looked", ["axial", "sagittal", "double oblique"])
def test_a_ball_segmented_on_any_plane_is_a_ball_on_any_other(
    drawn: str, looked: str, tmp_path: Path
) -> None:
    region = the_region(segmented(drawn), tmp_path / "seg.dcm")

    assert_is_the_ball(region, looked)
    assert region.volume_ml == pytest.approx(4 / 3 * np.pi * RADIUS_MM**3 / 1000, rel=0.02)
    assert region.masks.center_mm == pytest.approx(BALL_MM, abs=0.2)


@pytest.mark.parametrize("kind", ["FRACTIONAL", "LABELMAP"])
def test_fractions_and_label_maps_lie_where_binary_masks_do(kind: str, tmp_path: Path) -> None:
    dataset = segmented("tilted", kind)

    region = the_region(dataset, tmp_path / "seg.dcm", str(dataset.SOPClassUID))

    assert_is_the_ball(region, "sagittal")


@pytest.mark.parametrize("thickness", [3.0, 1.5, 1.2])
def test_slices_thicker_or_thinner_than_their_distance_count_once(
    thickness: float, tmp_path: Path
) -> None:
    region = the_region(segmented("axial", thickness=thickness), tmp_path / "seg.dcm")

    assert region.volume_ml == pytest.approx(4 / 3 * np.pi * RADIUS_MM**3 / 1000, rel=0.02)
    assert_is_the_ball(region, "sagittal")


def test_what_was_drawn_on_every_fourth_slice_is_not_spread_over_the_others(
    tmp_path: Path,
) -> None:
    sparse = segmented("axial", every=4)
    # A writer that knows only how thick its slices are.
    measures = sparse.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0]
    if "SpacingBetweenSlices" in measures:
        del measures.SpacingBetweenSlices
    region = the_region(sparse, tmp_path / "seg.dcm")
    stack = plane("sagittal")
    middle = shown(region, stack, 12)

    rows = np.flatnonzero(middle.any(axis=1))
    gaps = np.flatnonzero(np.diff(rows) > 1)

    assert len(gaps) >= 3
    assert region.masks.slab_mm == 1.5


# Structure sets


def ring(radius: float, z_mm: float, *, turn: int = 1) -> NDArray[np.float64]:
    angles = np.linspace(0, 2 * np.pi, 180, endpoint=False)[::turn]
    flat = np.stack([np.cos(angles), np.sin(angles)], axis=-1) * radius
    return np.column_stack([flat + BALL_MM[:2], np.full(len(flat), z_mm)])


def keyhole(z_mm: float) -> NDArray[np.float64]:
    """The wall of a tube as one contour: around, in by a cut, around the hole, and out again."""
    outer, inner = ring(12, z_mm), ring(5, z_mm, turn=-1)
    return np.vstack([outer, outer[:1], inner[-1:], inner, outer[:1]])


def structures(contours: list[tuple[str, NDArray[np.float64]]]) -> Dataset:
    made = image(1)
    for keyword in ("PixelData", "Rows", "Columns"):
        delattr(made, keyword)
    made.SOPClassUID, made.Modality = STRUCTURE_SET, "RTSTRUCT"
    made.SOPInstanceUID = generate_uid()
    made.StructureSetLabel = "plan"
    item = Dataset()
    item.ROINumber, item.ROIName = 1, "part"
    item.ReferencedFrameOfReferenceUID = "2.25.1003"
    made.StructureSetROISequence = [item]
    drawn = Dataset()
    drawn.ReferencedROINumber, drawn.ROIDisplayColor = 1, [200, 30, 60]
    drawn.ContourSequence = []
    for kind, points in contours:
        one = Dataset()
        one.ContourGeometricType, one.NumberOfContourPoints = kind, len(points)
        one.ContourData = [f"{value:.3f}" for value in points.ravel()]
        drawn.ContourSequence.append(one)
    made.ROIContourSequence = [drawn]
    return made


HEIGHTS = np.arange(0, 24, 2.0)


@pytest.mark.parametrize("how", ["keyhole", "XOR", "inner contour"])
def test_the_hole_of_a_tube_is_empty_however_it_is_told(how: str, tmp_path: Path) -> None:
    contours: list[tuple[str, NDArray[np.float64]]] = []
    for z in HEIGHTS:
        if how == "keyhole":
            contours.append(("CLOSED_PLANAR", keyhole(z)))
        else:
            kind = "CLOSEDPLANAR_XOR" if how == "XOR" else "CLOSED_PLANAR"
            contours += [(kind, ring(12, z)), (kind, ring(5, z))]
    region = the_region(structures(contours), tmp_path / "rt.dcm", STRUCTURE_SET)

    for name in ("axial", "sagittal"):
        stack = plane(name)
        _right, _down, _origins, pixels = grid(name, spacing=(0.7, 0.7), step=2.0, side=64)
        away = np.linalg.norm(pixels[..., :2] - BALL_MM[:2], axis=-1)
        depth = np.abs(pixels[..., 2] - 11)
        for k in range(stack.count):
            mask = shown(region, stack, k)
            assert mask[(away[k] > 6) & (away[k] < 11) & (depth[k] < 11)].all()
            assert not mask[(away[k] < 4) | (away[k] > 13) | (depth[k] > 13)].any()
    assert region.volume_ml == pytest.approx(np.pi * (144 - 25) * 24 / 1000, rel=0.002)


def test_sagittal_contours_make_the_same_ball_on_axial_slices(tmp_path: Path) -> None:
    contours = []
    for x in np.arange(-13.5, 14, 1.5):
        radius = float(np.sqrt(RADIUS_MM**2 - x**2))
        angles = np.linspace(0, 2 * np.pi, 180, endpoint=False)
        points = np.column_stack(
            [np.full(180, x), np.cos(angles) * radius, np.sin(angles) * radius]
        )
        contours.append(("CLOSED_PLANAR", BALL_MM + points))

    region = the_region(structures(contours), tmp_path / "rt.dcm", STRUCTURE_SET)

    assert_is_the_ball(region, "axial")
    assert region.volume_ml == pytest.approx(4 / 3 * np.pi * RADIUS_MM**3 / 1000, rel=0.02)


def test_a_slice_between_two_contours_shows_the_nearer_one(tmp_path: Path) -> None:
    contours = [("CLOSED_PLANAR", ring(12 if z < 11 else 5, z)) for z in np.arange(0, 24, 3.0)]
    region = the_region(structures(contours), tmp_path / "rt.dcm", STRUCTURE_SET)
    right, down = np.eye(3)[0], np.eye(3)[1]
    corner = BALL_MM - 16 * right - 16 * down
    origins = np.array([[corner[0], corner[1], z] for z in (10.4, 10.6)])
    stack = PlaneStack(Plane.ACQUIRED, (64, 64), (0.5, 0.5), right, down, origins)

    areas = [np.count_nonzero(shown(region, stack, k)) * 0.25 for k in (0, 1)]

    assert areas == pytest.approx([np.pi * 144, np.pi * 25], rel=0.04)


def test_points_and_open_lines_are_shown_and_enclose_nothing(tmp_path: Path) -> None:
    point = BALL_MM[None, :]
    line = BALL_MM + np.array([[-5.0, 0, 0], [5.0, 0, 0], [5.0, 5.0, 0]])
    contours = [("POINT", point), ("OPEN_PLANAR", line)]
    region = the_region(structures(contours), tmp_path / "rt.dcm", STRUCTURE_SET)
    stack = plane("axial")

    here, away = region_trace(region, stack, 12), region_trace(region, stack, 2)

    assert region.volume_ml == 0
    assert "enclose nothing" in " ".join(region.remarks)
    assert away is None
    assert here is not None
    assert not here.mask.any()
    center = stack.to_pixel_cr(12, BALL_MM)
    cross = here.lines_cr[:2].mean(axis=1)
    assert cross == pytest.approx(np.array([center, center]), abs=1e-2)
    ends = stack.to_pixel_cr(12, line)
    assert here.lines_cr[2:] == pytest.approx(
        np.array([[ends[0], ends[1]], [ends[1], ends[2]]]), abs=1e-2
    )
