"""Presentation states beside dcmtk: it accepts ours and draws the same picture from them.

dcmp2pgm renders gray pixels after modality, VOI and presentation transformation, turned and
flipped; the same values are computed here from our own view of the state that was read back.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom import dcmread

from tests.support.data import study
from tests.support.tools import run_tool
from tests.unit.dicom_in.factory import edit, image
from viewers.render.frame import FrameRenderer
from viewers.render.planes import acquired_stack
from viewers.render.source import SliceSource
from viewers.render.stored_look import applied, first_slice
from viewers.state.view_state import ViewState
from workstation.core.image_stack import ImageStack
from workstation.core.intensity import GrayTable, Window, WindowFunction, table_window
from workstation.core.presentation import (
    Annotation,
    DisplayedArea,
    Graphic,
    GraphicLayer,
    GraphicShape,
    GraphicText,
    ImageReference,
    PresentationState,
    Space,
    StoredWindow,
)
from workstation.core.volume import Volume
from workstation.services.import_studies import ImportedStudy, import_paths
from workstation.services.open_series import load_readable
from workstation.services.read_objects import read_objects
from workstation.services.save_presentation_state import save_presentation_state

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:pydicom")

NOW = datetime(2026, 11, 21, 15, 0, tzinfo=UTC)
ROWS, COLUMNS = 24, 40
PLAIN = PresentationState(
    "", "Soft tissue", "As read", "Dr. Rita Reader",
    windows=(StoredWindow(Window(40, 400, "Soft tissue")),),
)  # fmt: skip


def a_folder(folder: Path, **attributes: Any) -> Path:  # noqa: ANN401 any element
    """Write one CT image whose gray falls to the right and down, so that each turn differs."""
    row, column = np.indices((ROWS, COLUMNS))
    pixels = (600 + 20 * column + 7 * row).astype(np.int16)
    one = image(1, pixels=pixels, **attributes)
    edit(one, StudyDate="20261121", StudyTime="120000", StudyID="1", AccessionNumber="7")
    edit(one, PatientBirthDate="", PatientSex="O", ReferringPhysicianName="")
    folder.mkdir()
    one.save_as(folder / "image.dcm", enforce_file_format=True)
    return folder


def the_stack(one: ImportedStudy) -> ImageStack:
    return one.series[0].display_sets[0]


def written(folder: Path, state: PresentationState) -> Path:
    path = folder.parent / "state.dcm"
    (one,) = import_paths([folder]).studies
    save_presentation_state(the_stack(one), state, path, made_at=NOW, version="1")
    return path


def our_picture(folder: Path, state: Path) -> NDArray[np.uint8]:
    """Return gray as we show the first image of a state, turned onto the screen."""
    (one,) = import_paths([folder, state]).studies
    (look,) = read_objects(one).presentations
    return drawn(load_readable(the_stack(one)).volume, look)


def drawn(volume: Volume, look: PresentationState) -> NDArray[np.uint8]:
    stack = acquired_stack(volume.geometry)
    k = first_slice(look, volume)
    assert k is not None
    plain = ViewState(Window(0, 1), slice_index=k, shows_overlays=False)
    view = applied(look, volume, stack, plain, (100, 100), screen_px_per_mm=4)
    gray = FrameRenderer(SliceSource(volume, lambda _k: True)).render(view).pixels
    (a, b), (c, d) = view.turn.matrix
    turned = np.rot90(gray, -view.turn.rotation_deg // 90)
    flipped = view.turn.is_mirrored
    assert abs(a * d - b * c) == 1
    return np.ascontiguousarray(turned[:, ::-1] if flipped else turned)


def their_picture(folder: Path, state: Path) -> NDArray[np.int_]:
    out = state.with_suffix(".pgm")
    run_tool("dcmp2pgm", "-p", state, folder / "image.dcm", out)
    header, pixels = out.read_bytes().split(b" 255\n", 1)
    columns, rows = map(int, header.split()[-2:])
    return np.frombuffer(pixels, dtype=np.uint8).reshape(rows, columns).astype(int)


def window(center: float, width: float, function: WindowFunction = WindowFunction.LINEAR) -> Window:
    return Window(center, width, "", function)


@pytest.mark.parametrize(
    "state",
    [
        PLAIN,
        replace(PLAIN, is_inverted=True),
        replace(PLAIN, rotation_deg=90),
        replace(PLAIN, rotation_deg=180),
        replace(PLAIN, rotation_deg=270, is_flipped=True),
        replace(PLAIN, rotation_deg=90, is_flipped=True, is_inverted=True),
        replace(PLAIN, is_flipped=True),
        replace(PLAIN, windows=(StoredWindow(window(-100.5, 612.25)),)),
    ],
    ids=["plain", "inverse", "90", "180", "270 flipped", "90 flipped inverse", "flipped", "odd"],
)
def test_dcmtk_draws_what_we_draw(tmp_path: Path, state: PresentationState) -> None:
    folder = a_folder(tmp_path / "study")
    path = written(folder, state)

    ours, theirs = our_picture(folder, path), their_picture(folder, path)

    assert ours.shape == theirs.shape
    assert np.abs(ours.astype(int) - theirs).max() <= 1  # their output is rounded down


def test_low_values_of_monochrome1_are_as_bright_as_the_state_says(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "study", PhotometricInterpretation="MONOCHROME1")
    bright = written(folder, replace(PLAIN, is_inverted=True))

    ours, theirs = our_picture(folder, bright), their_picture(folder, bright)

    assert ours[0, 0] > ours[-1, -1]
    assert np.abs(ours.astype(int) - theirs).max() <= 1


def test_a_table_is_stored_as_it_lies_over_the_values(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "study")
    entries = (np.linspace(0, 1, 801) ** 2 * 4095).astype(np.uint16)
    table = table_window(GrayTable(-200.0, entries.tobytes(), 12), "Curve")
    path = written(folder, replace(PLAIN, windows=(StoredWindow(table),)))

    ours, theirs = our_picture(folder, path), their_picture(folder, path)

    assert np.abs(ours.astype(int) - theirs).max() <= 1


def everything() -> PresentationState:
    graphics = tuple(
        Graphic(shape, space, points)
        for space in Space
        for shape, points in (
            (GraphicShape.POINT, ((0.5, 0.25),)),
            (GraphicShape.POLYLINE, ((0.25, 0.25), (0.5, 0.75), (0.125, 0.5))),
            (GraphicShape.INTERPOLATED, ((0.25, 0.25), (0.5, 0.75), (0.125, 0.5))),
            (GraphicShape.CIRCLE, ((0.5, 0.5), (0.75, 0.5))),
            (GraphicShape.ELLIPSE, ((0.25, 0.5), (0.75, 0.5), (0.5, 0.375), (0.5, 0.625))),
        )
    )
    text = GraphicText(
        ("12.3 mm", "mean -4 HU ± 2 × 3 mm², Läsion"),
        ((1.0, 2.0), (9.0, 4.0)),
        Space.PIXEL,
        (3.0, 3.0),
    )
    return replace(
        PLAIN,
        annotations=(Annotation("MEASUREMENTS", (), graphics, (text,)),),
        layers=(GraphicLayer("MEASUREMENTS", 3, (255, 255, 255)),),
        areas=(DisplayedArea((3, 12), (20, 2), spacing_rc_mm=(0.5, 0.25)),),
        rotation_deg=90,
    )


def test_validators_find_no_error_in_a_state_with_everything(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "study")

    path = written(folder, everything())

    judged = run_tool("dciodvfy", "-new", path)
    assert "Error" not in judged.text
    assert "Test passed" in run_tool("dcmpschk", path).text


def test_everything_reads_back_as_it_was_written(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "study")
    state = everything()
    path = written(folder, state)

    (one,) = import_paths([folder, path]).studies
    (look,) = read_objects(one).presentations

    (annotation,) = look.annotations
    assert annotation.graphics == state.annotations[0].graphics
    assert annotation.texts == state.annotations[0].texts
    assert look.areas == state.areas
    assert look.windows == state.windows
    assert (look.label, look.creator) == ("SOFT_TISSUE", "Reader^Rita^^Dr.")
    assert look.layers == state.layers
    assert look.remarks == ()


def test_pydicom_reads_the_same_and_the_image_is_untouched(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "study")
    before = (folder / "image.dcm").read_bytes()

    stored = dcmread(written(folder, everything()))

    source = dcmread(folder / "image.dcm")
    (series,) = stored.ReferencedSeriesSequence
    assert series.ReferencedImageSequence[0].ReferencedSOPInstanceUID == source.SOPInstanceUID
    assert stored.StudyInstanceUID == source.StudyInstanceUID
    assert stored.SeriesInstanceUID != source.SeriesInstanceUID
    assert stored.RescaleIntercept == source.RescaleIntercept
    assert (folder / "image.dcm").read_bytes() == before


@pytest.mark.data
@pytest.mark.parametrize(
    "name",
    ["s01_ct_chest_abdomen_philips", "s07_mr_enhanced_multiframe_siemens_xa30"],
)
def test_a_state_of_a_real_series_names_each_of_its_slices(tmp_path: Path, name: str) -> None:
    (one, *_rest) = import_paths([study(name)]).studies
    sets = [each for series in one.series for each in series.display_sets]
    stack = max(sets, key=lambda each: each.slice_count)
    path = tmp_path / "state.dcm"

    save_presentation_state(stack, PLAIN, path, made_at=NOW, version="1")

    stored = dcmread(path)
    frames = [
        (str(item.ReferencedSOPInstanceUID), int(frame))
        for item in stored.ReferencedSeriesSequence[0].ReferencedImageSequence
        for frame in np.atleast_1d(item.get("ReferencedFrameNumber", 0))
    ]
    assert sorted(frames) == sorted(zip(stack.instance_uids, stack.frame_numbers, strict=True))
    assert "Error" not in run_tool("dciodvfy", "-new", path).text


def test_a_name_beyond_latin_is_written_as_unicode(tmp_path: Path) -> None:
    folder = a_folder(tmp_path / "study")
    path = written(folder, replace(PLAIN, creator="Иванова^Анна"))

    stored = dcmread(path)

    assert stored.SpecificCharacterSet == "ISO_IR 192"
    assert str(stored.ContentCreatorName) == "Иванова^Анна"
    assert dcmread(written(folder, PLAIN)).SpecificCharacterSet == "ISO_IR 100"


def test_references_of_frames_are_kept_apart() -> None:
    reference = ImageReference("1.2", (3, 4))

    assert reference.names("1.2", 3)
    assert not reference.names("1.2", 5)
    assert not reference.names("1.3", 3)
