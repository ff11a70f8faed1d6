"""``prelim objects`` and ``prelim present`` on a study with a presentation state."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread
from PySide6.QtGui import QImage

from tests.support.canary import CANARY
from tests.support.series import tiny_series
from workstation.__main__ import main
from workstation.core.intensity import Window
from workstation.core.presentation import (
    Annotation,
    Graphic,
    GraphicShape,
    GraphicText,
    ImageReference,
    PresentationState,
    Space,
    StoredWindow,
)
from workstation.services.import_studies import import_paths
from workstation.services.save_presentation_state import save_presentation_state

pytestmark = [
    pytest.mark.filterwarnings("ignore::UserWarning:pydicom"),
    pytest.mark.usefixtures("qapp"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return _study_with_state(tmp_path / "study")


def _study_with_state(made: Path, *texts: GraphicText) -> Path:
    tiny_series(made)
    (one,) = import_paths([made]).studies
    stack = one.series[0].display_sets[0]
    line = Graphic(GraphicShape.POLYLINE, Space.PIXEL, ((2.0, 2.0), (12.0, 2.0)))
    drawn = Annotation("MARKS", (ImageReference(stack.instance_uids[3]),), (line,), texts)
    state = PresentationState(
        "", "Look", windows=(StoredWindow(Window(0, 100000)),), annotations=(drawn,),
        rotation_deg=90,
    )  # fmt: skip
    now = datetime(2026, 11, 21, tzinfo=UTC)
    save_presentation_state(stack, state, made / "state.dcm", made_at=now, version="1")
    return made


def test_objects_are_listed_with_what_they_name(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["objects", str(folder), "--json"])

    (one,) = json.loads(capsys.readouterr().out)["objects"]
    assert code == 0
    assert one["kind"] == "Grayscale presentation state"
    assert one["label"] == "LOOK"
    assert one["references"] == {"found": 5, "missing": 0}
    assert one["figures"] == 1


def test_a_state_is_drawn_turned_and_with_its_figures(folder: Path, tmp_path: Path) -> None:
    plain, drawn = tmp_path / "plain.png", tmp_path / "drawn.png"

    assert main(["present", str(folder), "--state", "LOOK", "--out", str(plain)]) == 0
    arguments = ["present", str(folder), "--out", str(drawn), "--slice", "4"]
    assert main(arguments) == 0

    with_line, without = _gray(drawn), _gray(plain)
    # 16 x 12 pixels turned by a quarter stand upright; the row 2 line lies 2.5/12 from the right.
    height, width = with_line.shape
    assert height > width
    column = round(width * (12 - 2.5) / 12)
    middle = with_line[height // 4 : height // 2, column - 3 : column + 4]
    assert middle.max() > without[height // 4 : height // 2, column - 3 : column + 4].max() + 50


def test_a_state_that_is_not_there_is_refused(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "none.png"

    assert main(["present", str(folder), "--state", "NONE", "--out", str(out)]) == 3
    assert not out.exists()


def test_texts_of_a_state_leave_only_when_somebody_said_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = GraphicText((CANARY,), box=((1.0, 1.0), (15.0, 5.0)))
    folder, out = _study_with_state(tmp_path / "named", text), tmp_path / "named.png"

    refused = main(["present", str(folder), "--out", str(out)])
    said = capsys.readouterr().err
    assert (refused, out.exists()) == (4, False)
    assert "may name the patient" in said
    assert "may hold a name" in said
    assert main(["present", str(folder), "--out", str(out), "--burned-in-ok"]) == 0
    assert out.exists()


def test_text_in_the_pixels_leaves_with_a_state_only_when_somebody_said_so(
    folder: Path, tmp_path: Path
) -> None:
    for path in folder.iterdir():
        header = dcmread(path)
        if header.Modality == "CT":
            header.BurnedInAnnotation = "YES"
            header.save_as(path)
    out = tmp_path / "burned.png"

    assert main(["present", str(folder), "--out", str(out)]) == 4
    assert not out.exists()


def _gray(path: Path) -> np.ndarray:
    image = QImage(str(path)).convertToFormat(QImage.Format.Format_Grayscale8)
    raw = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(
        image.height(), image.bytesPerLine()
    )
    return raw[:, : image.width()].astype(int)
