"""Presentation states of other makers, written by pydicom; what cannot be shown is said."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from tests.support.canary import CANARY
from workstation.core.grayscale import gray_levels
from workstation.core.presentation import PresentationState
from workstation.core.study_objects import UnreadObject
from workstation.core.verdict import Doubt
from workstation.dicom.frames import Rescale
from workstation.dicom.object_files import FoundObject
from workstation.dicom.object_reader import read_one
from workstation.dicom.presentation_state import read_presentation_state
from workstation.dicom.sources import SourceFile

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

CLASS = "1.2.840.10008.5.1.4.1.1.11."
IMAGE = "1.2.3"


def named(*uids: str) -> list[Dataset]:
    found = []
    for uid in uids:
        one = Dataset()
        one.ReferencedSOPClassUID, one.ReferencedSOPInstanceUID = "1.2.840.10008.5.1.4.1.1.2", uid
        found.append(one)
    return found


def state(end: str = "1") -> Dataset:
    made = Dataset()
    made.SOPClassUID, made.SOPInstanceUID = CLASS + end, "1.9"
    made.ContentLabel, made.ContentCreatorName = "LABEL", CANARY
    series = Dataset()
    series.SeriesInstanceUID = "1.2"
    series.ReferencedImageSequence = named(IMAGE, "1.2.4")
    made.ReferencedSeriesSequence = [series]
    made.PresentationLUTShape = "IDENTITY"
    return made


def voi(center: float, width: float, *uids: str, function: str = "") -> Dataset:
    item = Dataset()
    item.WindowCenter, item.WindowWidth = center, width
    if function:
        item.VOILUTFunction = function
    if uids:
        item.ReferencedImageSequence = named(*uids)
    return item


def read(dataset: Dataset, rescale: Rescale | None = None) -> PresentationState:
    return read_presentation_state(dataset, lambda _uid: rescale)


CT = Rescale(1.0, -1024.0, True, "HU")


def test_a_window_with_the_images_own_rescale_is_taken_as_it_is() -> None:
    made = state()
    made.RescaleSlope, made.RescaleIntercept = 1, -1024
    made.SoftcopyVOILUTSequence = [voi(40, 400)]

    (window,) = read(made, CT).windows

    assert (window.window.center, window.window.width) == (40, 400)


def test_without_a_rescale_a_window_is_laid_over_stored_values() -> None:
    made = state()
    made.SoftcopyVOILUTSequence = [voi(1064, 400)]

    (window,) = read(made, CT).windows

    # PS3.4 N.2.1.1: stored 1064 is 40 HU.
    assert (window.window.center, window.window.width) == (40, 400)


@pytest.mark.parametrize("function", ["", "LINEAR_EXACT", "SIGMOID"])
def test_a_window_of_another_slope_gives_every_stored_value_the_same_gray(function: str) -> None:
    made = state()
    made.RescaleSlope, made.RescaleIntercept = 2, 10
    made.SoftcopyVOILUTSequence = [voi(300, 200, function=function)]
    rescale = Rescale(0.5, -7.0, True)
    stored = np.arange(0, 300, 7.0)

    (moved,) = read(made, rescale).windows

    own = state()
    own.RescaleSlope, own.RescaleIntercept = 2, 10
    own.SoftcopyVOILUTSequence = [voi(300, 200, function=function)]
    (plain,) = read(own, Rescale(2.0, 10.0, True)).windows
    truth = gray_levels(stored * 2 + 10, plain.window)
    assert gray_levels(stored * 0.5 - 7, moved.window) == pytest.approx(truth, abs=0.01)


def test_each_image_has_its_own_window() -> None:
    made = state()
    made.SoftcopyVOILUTSequence = [voi(1, 10, IMAGE), voi(2, 20, "1.2.4")]

    look = read(made)

    first, second = look.window_of(IMAGE, 0), look.window_of("1.2.4", 0)
    assert first is not None
    assert second is not None
    assert (first.center, second.center) == (1, 2)
    assert look.window_of("1.2.5", 0) is None


def test_a_presentation_table_comes_after_the_window() -> None:
    made = state()
    made.SoftcopyVOILUTSequence = [voi(50, 100, function="LINEAR_EXACT")]
    table = Dataset()
    table.LUTDescriptor = [256, 0, 8]
    table["LUTDescriptor"].VR = "US"
    table.add_new("LUTData", "OW", (255 - np.arange(256)).astype("<u2").tobytes())
    made.PresentationLUTSequence = [table]

    (window,) = read(made).windows

    values = np.array([0.0, 25.0, 50.0, 75.0, 100.0])
    assert gray_levels(values, window.window) == pytest.approx(255 - values * 2.55, abs=1.0)


@pytest.mark.parametrize("end", ["3", "4", "5", "6", "8", "9", "11"])
def test_states_that_are_not_applied_are_listed_with_the_reason(end: str) -> None:
    look = read(state(end))

    assert look.label == "LABEL"
    assert look.refused.endswith(".")


def test_parts_that_are_not_shown_are_said() -> None:
    made = state()
    made.ShutterShape = "BITMAP"
    made.add_new(0x60000010, "US", 5)
    mask = Dataset()
    mask.MaskOperation = "AVG_SUB"
    made.MaskSubtractionSequence = [mask]
    broken = Dataset()
    broken.GraphicLayer = "ONE"
    wrong = Dataset()
    wrong.GraphicAnnotationUnits, wrong.GraphicType = "PIXEL", "CIRCLE"
    wrong.GraphicData, wrong.NumberOfGraphicPoints = [1.0, 2.0, 3.0], 1
    broken.GraphicObjectSequence = [wrong]
    made.GraphicAnnotationSequence = [broken]
    made.ImageRotation, made.ImageHorizontalFlip = 45, "N"

    said = " ".join(read(made).remarks)

    for word in ("bitmap", "overlay", "subtraction", "damaged", "rotation"):
        assert word in said.lower()


def test_overlays_of_the_images_are_asked_for_by_their_layer() -> None:
    shown = (Doubt("overlays_shown", "Drawn overlays of the maker are shown."),)
    plain, asking, own = state(), state(), state()
    asking.add_new(0x60021001, "CS", "ONE")
    own.add_new(0x60000010, "US", 5)

    assert read(plain).leaves_out_overlays(shown)
    assert not read(plain).leaves_out_overlays(())
    assert not read(asking).leaves_out_overlays(shown)
    assert "overlay" not in " ".join(read(asking).remarks).lower()
    assert "An overlay of its own is not drawn." in read(own).remarks


def test_a_shutter_hides_what_is_beyond_all_of_its_shapes() -> None:
    made = state()
    made.ShutterShape = ["RECTANGULAR", "CIRCULAR"]
    made.ShutterLeftVerticalEdge, made.ShutterRightVerticalEdge = 2, 9
    made.ShutterUpperHorizontalEdge, made.ShutterLowerHorizontalEdge = 1, 8
    made.CenterOfCircularShutter, made.RadiusOfCircularShutter = [5, 5], 3

    shutter = read(made).shutter

    assert shutter is not None
    assert shutter.rectangle == (2, 9, 1, 8)
    assert shutter.circle == (5, 5, 3)


def test_a_state_that_names_no_image_is_refused_in_words(tmp_path: Path) -> None:
    made = state()
    del made.ReferencedSeriesSequence
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    path = tmp_path / "state.dcm"
    made.save_as(path, enforce_file_format=True)

    found = read_one(FoundObject(CLASS + "1", SourceFile(path, path.name)))

    assert isinstance(found, UnreadObject)
    assert found.reason == "It names no image."


def test_damaged_states_are_read_or_refused_and_never_stop_the_rest(tmp_path: Path) -> None:
    made = state()
    made.SoftcopyVOILUTSequence = [voi(1, 10, IMAGE)]
    made.ShutterShape, made.VerticesOfThePolygonalShutter = "POLYGONAL", [1, 1, 5, 5, 1, 5]
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    path = tmp_path / "state.dcm"
    made.save_as(path, enforce_file_format=True)
    whole, chance = path.read_bytes(), random.Random(7)

    for _round in range(200):
        spoiled = bytearray(whole)
        for _hit in range(chance.randrange(1, 6)):
            spoiled[chance.randrange(132, len(spoiled))] = chance.randrange(256)
        path.write_bytes(bytes(spoiled[: chance.randrange(200, len(spoiled) + 1)]))
        found = read_one(FoundObject(CLASS + "1", SourceFile(path, path.name)))
        assert isinstance(found, PresentationState | UnreadObject)


def _drawn(kind: str, data: list[float]) -> Dataset:
    figure = Dataset()
    figure.GraphicAnnotationUnits, figure.GraphicType = "PIXEL", kind
    figure.GraphicDimensions, figure.NumberOfGraphicPoints = 2, len(data) // 2
    figure.GraphicData = data
    return figure


def _with(*figures: Dataset, words: str = "") -> Dataset:
    made, annotation = state(), Dataset()
    annotation.GraphicLayer = "ONE"
    annotation.GraphicObjectSequence = list(figures)
    if words:
        said = Dataset()
        said.AnchorPointAnnotationUnits, said.AnchorPoint = "PIXEL", [1.0, 1.0]
        said.UnformattedTextValue = words
        annotation.TextObjectSequence = [said]
    made.GraphicAnnotationSequence = [annotation]
    return made


@pytest.mark.parametrize(
    "figure",
    [
        _drawn("CIRCLE", [0.0, 0.0, 1e30, 1e30]),
        _drawn("POLYLINE", [1.0, 2.0] * 5001),
        _drawn("INTERPOLATED", [1.0, 2.0] * 501),
    ],
    ids=["beyond-any-image", "too-many-points", "too-many-knots"],
)
def test_figures_that_no_screen_can_draw_are_left_out_and_counted(figure: Dataset) -> None:
    look = read(_with(figure, _drawn("POINT", [2.0, 2.0])))

    assert [len(one.graphics) for one in look.annotations] == [1]
    assert any(remark.startswith("1 of its figures") for remark in look.remarks)


def test_a_line_of_text_without_end_is_cut() -> None:
    look = read(_with(words="x" * 1000))

    assert [len(line) for one in look.annotations for said in one.texts for line in said.text] == [
        400
    ]
