"""Screens with several pixels for one of the layout: pictures are painted in their pixels."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.support.data import REPOSITORY

SCRIPT = """
import json, sys
from dataclasses import replace
import numpy as np
from PySide6.QtWidgets import QApplication
from tests.unit.viewers.volumes import volume
from viewers.qt.viewport import ViewportWidget
from viewers.state.view_state import Interpolation
from workstation.core.intensity import Window

app = QApplication([])
stripes = np.zeros((1, 900, 900), dtype=np.int16)
stripes[:, :, ::2] = 1000
shown = ViewportWidget()
shown.resize(300, 300)
shown.show_volume(volume(stripes))
shown.show_texts(False)
ratio = shown.devicePixelRatioF()
# One pixel of the image for each pixel of the screen.
shown.state.set(replace(shown.state.value, zoom=1 / ratio, window=Window(500, 1000),
                        interpolation=Interpolation.NEAREST))
shown.show()
picture = shown.canvas.grab().toImage()
middle = picture.height() // 2
row = [picture.pixelColor(x, middle).lightness() for x in range(5, picture.width() - 5)]
changes = sum(abs(a - b) > 200 for a, b in zip(row, row[1:]))
print(json.dumps({"ratio": ratio, "share": changes / (len(row) - 1),
                  "width": picture.width(), "layout": shown.canvas.width()}))
"""


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0, 3.0])
def test_stripes_of_one_screen_pixel_are_seen_at_every_ratio(ratio: float) -> None:
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "QT_SCALE_FACTOR": str(ratio),
        "QT_SCALE_FACTOR_ROUNDING_POLICY": "PassThrough",
    }

    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        capture_output=True,
        cwd=REPOSITORY,
        env=environment,
        check=True,
        text=True,
    )

    found = json.loads(done.stdout)
    assert found["ratio"] == ratio
    assert found["width"] == pytest.approx(found["layout"] * ratio, abs=1)
    # A picture made in pixels of the layout and stretched would have a change in every second.
    assert found["share"] > 0.95
