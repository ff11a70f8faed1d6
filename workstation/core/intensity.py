"""What a voxel's number means, and how it becomes a gray level.

Source: DICOM PS3.3 C.11.1 (Modality LUT), C.11.2.1.2 (VOI LUT, window functions).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Padding: TypeAlias = float | tuple[float, float] | None
"""What marks voxels outside the scanned field: one value, all values of a range (ends included),
or nothing."""


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
        padding_range: smallest and largest value that marks such voxels, where the header gives
            a range (Pixel Padding Range Limit); it holds ``padding``. None for a single value.
    """

    unit: IntensityUnit
    is_trusted: bool = True
    reason: str = ""
    padding: float | None = None
    padding_range: tuple[float, float] | None = None

    @property
    def outside(self) -> Padding:
        """What marks voxels outside the scanned field, for :func:`is_padding`."""
        return self.padding if self.padding_range is None else self.padding_range


def is_padding(values: NDArray[Any], padding: Padding) -> NDArray[np.bool_]:
    """Return which values lie outside the scanned field; same shape.

    Floats are compared as the type of the values holds them, so that a padding that was rescaled
    in double precision is found in float32 voxels.
    """
    if padding is None:
        return np.zeros(values.shape, dtype=np.bool_)
    low, high = padding if isinstance(padding, tuple) else (padding, padding)
    if values.dtype.kind == "f":
        low, high = values.dtype.type(low), values.dtype.type(high)
    inside: NDArray[np.bool_] = values == low if low == high else (values >= low) & (values <= high)
    return inside


class WindowFunction(Enum):
    """VOI LUT Function (0028,1056)."""

    LINEAR = "LINEAR"
    LINEAR_EXACT = "LINEAR_EXACT"
    SIGMOID = "SIGMOID"


@dataclass(frozen=True, slots=True)
class GrayTable:
    """A VOI LUT: the gray level of each intensity, as a table; PS3.3 C.11.2.1.1.

    Attributes:
        first: the intensity that the first entry belongs to, in the unit of the volume; lower
            intensities take the first entry, those beyond the end the last.
        entries: the gray levels as native 16-bit words; bytes, so that it compares and hashes
            fast.
        bits: the largest gray level is 2**bits - 1; 8 to 16.
    """

    first: float
    entries: bytes
    bits: int

    def __post_init__(self) -> None:
        if not self.entries or len(self.entries) % 2 or not 1 <= self.bits <= 16:
            raise ValueError("a table needs 16-bit entries of 1 to 16 significant bits")

    @property
    def levels(self) -> NDArray[np.uint16]:
        """The entries, (n,); read-only."""
        return np.frombuffer(self.entries, dtype=np.uint16)

    @property
    def span(self) -> tuple[float, float]:
        """The first and the last intensity that have an entry of their own."""
        return self.first, self.first + len(self.entries) // 2 - 1


@dataclass(frozen=True, slots=True)
class Window:
    """A way to map intensities to gray; center and width in the unit of the volume.

    Attributes:
        center, width: of the window; of a table the middle and the length of the intensities that
            it is laid over. Moving them moves and stretches the table, its curve stays.
        name: what people call it.
        function: how gray grows inside the window; says nothing where there is a table.
        table: the curve, where the header brings one; see :func:`table_window`.
    """

    center: float
    width: float
    name: str = ""
    function: WindowFunction = WindowFunction.LINEAR
    table: GrayTable | None = None

    def __post_init__(self) -> None:
        if not self.width > 0:
            raise ValueError("the width of a window must be positive")


def table_window(table: GrayTable, name: str = "") -> Window:
    """Return the window that shows intensities by a table as the header means it."""
    low, high = table.span
    return Window((low + high) / 2, max(high - low, 1.0), name, table=table)


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
