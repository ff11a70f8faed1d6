"""What one frame of an instance is: where it lies, how its pixels are stored, what they mean."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.core.drawings import Shutter
from workstation.core.intensity import Window
from workstation.core.verdict import Doubt
from workstation.dicom.sources import SourceFile

Vector = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class PixelLayout:
    """How the pixels of an instance are stored; PS3.3 C.7.6.3.

    Attributes:
        rows, columns: size of a stored frame (of the whole mosaic, where it is one).
        samples: samples per pixel: 1, 3, or 4 with an opacity first (ARGB, retired).
        photometric: Photometric Interpretation.
        bits_allocated, bits_stored, high_bit: of one sample.
        is_signed: whether samples are two's complement.
        is_planar: whether colors are stored one plane after the other.
        transfer_syntax: UID.
        is_little: byte order of native pixels.
    """

    rows: int
    columns: int
    samples: int
    photometric: str
    bits_allocated: int
    bits_stored: int
    high_bit: int
    is_signed: bool
    is_planar: bool
    transfer_syntax: str
    is_little: bool

    @property
    def is_color(self) -> bool:
        """Whether the pixels become red, green and blue."""
        return self.samples >= 3 or self.photometric == "PALETTE COLOR"

    @property
    def frame_bytes(self) -> int:
        """Bytes of one decoded frame as stored."""
        pixels = self.rows * self.columns * self.samples
        if self.photometric == "YBR_FULL_422" and self.bits_allocated == 8:
            return pixels * 2 // 3
        return (pixels * self.bits_allocated + 7) // 8


@dataclass(frozen=True, slots=True)
class LookupTable:
    """A Modality LUT; PS3.3 C.11.1. Stored values below ``first`` map to the first entry."""

    first: int
    entries: tuple[int, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class Palette:
    """The colors of a palette image; PS3.3 C.7.6.3.1.5.

    Attributes:
        first: stored value of the first color; lower ones take it, those beyond the end the last.
        colors: red, green, blue, 8 bits each, one color after the other.
    """

    first: int
    colors: bytes


@dataclass(frozen=True, slots=True)
class Uptake:
    """What makes PET values SUV by body weight.

    Attributes:
        factor: SUV per unit of the rescaled values; None where it cannot be told.
        missing: why not, as a clause for people; empty where it can.
    """

    factor: float | None = None
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Rescale:
    """From stored values to what they mean; PS3.3 C.11.1.

    Attributes:
        slope, intercept: of the linear rescale.
        is_stated: whether the header holds them.
        kind: Rescale Type, e.g. ``HU``; empty where absent.
        table: Modality LUT; None where the rescale is linear.
    """

    slope: float = 1.0
    intercept: float = 0.0
    is_stated: bool = False
    kind: str = ""
    table: LookupTable | None = None

    @property
    def is_integral(self) -> bool:
        """Whether whole stored values stay whole."""
        return self.slope.is_integer() and self.intercept.is_integer()


@dataclass(frozen=True, slots=True)
class Contrast:
    """What makes frames at one place differ: echo, diffusion and the like. None where absent.

    ``others`` holds the values of :data:`workstation.dicom.distinctions.DISTINCTIONS`.
    """

    image_type: tuple[str, ...] = ()
    echo_time_ms: float | None = None
    echo_number: str = ""
    inversion_time_ms: float | None = None
    b_value: float | None = None
    gradient: tuple[float, ...] = ()
    kernel: str = ""
    others: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Imaging:
    """Everything that neighbouring frames share; one object serves a whole series.

    Attributes:
        layout: how pixels are stored.
        rescale: what they mean.
        orientation: six direction cosines; None where absent.
        spacing_mm: Pixel Spacing (between rows, between columns); None where absent.
        detector_spacing_mm: spacing at the detector or of the film, not of the patient.
        thickness_mm: Slice Thickness; 0 where absent.
        contrast: echo, diffusion and the like.
        padding: Pixel Padding Value as stored; None where absent.
        padding_limit: Pixel Padding Range Limit as stored; None where absent.
        windows: VOI windows.
        units: Units (0054,1001) of PET.
        sop_class_uid: SOP class.
        marks: doubts that the header itself raises ("lossy", "burned_in").
        pixel_ratio: distance between rows per distance between columns, where no spacing is
            stated at all (Pixel Aspect Ratio); 1 for square pixels.
        is_low_bright: whether low values are to be shown bright (MONOCHROME1, INVERSE).
        palette: colors of a palette image; None otherwise.
        uptake: what makes PET values SUV; None for anything but PET in other units.
        shutter: the part of the image that is meant to be seen; None for all of it.
        is_diffusivity: whether a Real World Value Mapping says that the rescaled values are
            diffusivities in 10^-6 mm2/s.
        has_overlays: whether the file carries drawn overlays.
        doubts: what else the header of this image puts in doubt or has to say.
        frame_rate: pictures per second to play it at; 0 where the header names no rate.
    """

    layout: PixelLayout
    rescale: Rescale
    orientation: tuple[float, ...] | None
    spacing_mm: tuple[float, float] | None
    detector_spacing_mm: tuple[float, float] | None
    thickness_mm: float
    contrast: Contrast
    padding: int | None
    padding_limit: int | None
    windows: tuple[Window, ...]
    units: str
    sop_class_uid: str
    marks: tuple[str, ...]
    pixel_ratio: float = 1.0
    is_low_bright: bool = False
    palette: Palette | None = None
    uptake: Uptake | None = None
    shutter: Shutter | None = None
    is_diffusivity: bool = False
    has_overlays: bool = False
    doubts: tuple[Doubt, ...] = ()
    frame_rate: float = 0.0

    @property
    def is_localizer(self) -> bool:
        """Whether Image Type says so; PS3.3 C.8.2.1.1.1."""
        return "LOCALIZER" in self.contrast.image_type[2:]


@dataclass(frozen=True, slots=True)
class Tile:
    """Which part of a stored frame a slice is, for mosaics; in pixels."""

    row: int
    column: int
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class Timing:
    """When a frame was taken, as the header says; empty where absent."""

    temporal_position: str = ""
    trigger_time: str = ""
    acquisition_number: str = ""
    acquisition_time: str = ""
    content_time: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """One slice as received.

    Attributes:
        file: where its bytes are.
        instance_uid: SOP Instance UID.
        instance_number: Instance Number; 0 where absent.
        index: which frame of the file, from 0.
        frame_count: frames in the file; 0 for a single-frame object.
        pixel_offset: first byte of the pixel element's value.
        pixel_bytes: its length; -1 where undefined (encapsulated).
        position: Image Position (Patient) in mm; None where absent.
        frame_of_reference_uid: empty where absent.
        imaging: what it shares with its neighbours.
        timing: when it was taken.
        tile: which part of the stored frame; None for all of it.
        stack_id: Stack ID of an enhanced object; empty where absent.
        dimensions: Dimension Index Values of an enhanced object; empty where absent.
    """

    file: SourceFile
    instance_uid: str
    instance_number: int
    index: int
    frame_count: int
    pixel_offset: int
    pixel_bytes: int
    position: Vector | None
    frame_of_reference_uid: str
    imaging: Imaging
    timing: Timing
    tile: Tile | None = None
    stack_id: str = ""
    dimensions: tuple[int, ...] = ()

    @property
    def rows(self) -> int:
        """Rows of the slice."""
        return self.tile.rows if self.tile else self.imaging.layout.rows

    @property
    def columns(self) -> int:
        """Columns of the slice."""
        return self.tile.columns if self.tile else self.imaging.layout.columns

    @property
    def frame_number(self) -> int:
        """Frame number as DICOM counts, from 1; 0 for a single-frame object."""
        return self.index + 1 if self.frame_count else 0
