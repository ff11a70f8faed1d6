"""What a voxel's number means, and how it becomes a gray level.

Source: DICOM PS3.3 C.11.1 (Modality LUT), C.11.2.1.2 (VOI LUT, window functions).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class IntensityUnit(Enum):
    """Unit of the numbers in a volume; the value is what a person reads."""

    HU = "HU"
    SIGNAL = "signal"
    SUV = "SUV"
    ACTIVITY = "Bq/ml"
    DIFFUSIVITY = "µm²/s"
    GRAY = "gray"
    COLOR = "color"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Intensity:
    """Unit of a volume and whether it can be trusted.

    Attributes:
        unit: the unit.
        is_trusted: False where a number must not be reported (e.g. CT without a rescale).
        reason: why it is not trusted, as a clause for people; empty when trusted.
        padding: value that marks voxels outside the scanned field, in the unit of the
            volume; None where the series has none. Kept out of statistics and models.
    """

    unit: IntensityUnit
    is_trusted: bool = True
    reason: str = ""
    padding: float | None = None


class WindowFunction(Enum):
    """VOI LUT Function (0028,1056)."""

    LINEAR = "LINEAR"
    LINEAR_EXACT = "LINEAR_EXACT"
    SIGMOID = "SIGMOID"


@dataclass(frozen=True, slots=True)
class Window:
    """A way to map intensities to gray; center and width in the unit of the volume."""

    center: float
    width: float
    name: str = ""
    function: WindowFunction = WindowFunction.LINEAR

    def __post_init__(self) -> None:
        if not self.width > 0:
            raise ValueError("the width of a window must be positive")


CT_WINDOWS: tuple[Window, ...] = (
    Window(40, 400, "Soft tissue"),
    Window(-600, 1500, "Lung"),
    Window(400, 1800, "Bone"),
    Window(40, 80, "Brain"),
    Window(60, 160, "Liver"),
    Window(80, 200, "Subdural"),
    Window(40, 40, "Stroke"),
    Window(300, 600, "Angiography"),
    Window(50, 350, "Mediastinum"),
)
"""Window presets for CT, keys 1 to 9 in this order. Center/width in HU.

Source: common reading-room values, e.g. ACR teaching files and Radiopaedia "Windowing (CT)".
"""
