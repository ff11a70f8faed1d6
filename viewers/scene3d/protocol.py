"""What the application and the scene process say to each other, and how it goes through a pipe.

The application sends :class:`Pictures` first, then :class:`Load`, :class:`AddRegion`,
:class:`DropRegion`, :class:`Draw` and :class:`Release`; the process sends :class:`Ready` once, then
:class:`Loaded`, :class:`RegionMade`, :class:`Progress`, :class:`Busy`, :class:`Picture` and
:class:`Trouble`.
Voxels, masks and pictures go through shared memory and are only named here. The newest
:class:`Draw` wins: one that was not begun is dropped. Nothing here names a patient, a series or a
file.

A message is four bytes of length, big-endian, then JSON of the fields and the name of the class.
"""

from __future__ import annotations

import json
import struct
from dataclasses import asdict, dataclass
from typing import IO, Any, TypeAlias

from workstation.core.errors import WorkerError

MAX_MESSAGE_BYTES = 4 << 20
"""Largest message taken; a request is a few kilobytes, so more than this is a broken pipe."""

MOST_PICTURE_PX = 3840 * 2160
"""Most pixels of a picture; a larger area is drawn smaller and scaled."""

PICTURE_SLOTS = 2
"""Pictures that may be on their way: one is copied while the next is drawn."""

Numbers: TypeAlias = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class SharedArray:
    """An array in shared memory: name of the block, shape and dtype."""

    name: str
    shape: tuple[int, ...]
    dtype: str


@dataclass(frozen=True, slots=True)
class Load:
    """Show this volume from now on.

    Attributes:
        voxels: ``[k, j, i]``.
        matrix: 16 numbers, row by row: (i, j, k, 1) to millimeters LPS; right-angled.
        scale, offset: value = stored * scale + offset.
        has_coarse: draw every second voxel until all are ready (software rendering).
    """

    voxels: SharedArray
    matrix: Numbers
    scale: float
    offset: float
    has_coarse: bool


@dataclass(frozen=True, slots=True)
class AddRegion:
    """Make the surface of a region.

    Attributes:
        region: number of ours.
        masks: ``[k, j, i]`` uint8, 0 or 1.
        positions: (k * 3) center of the pixel j=0, i=0 of each plane, mm LPS.
        row_step, column_step: steps of i and j in mm, (3,).
        through: half the thickness of a plane along its normal in mm, (3,).
    """

    region: int
    masks: SharedArray
    positions: Numbers
    row_step: Numbers
    column_step: Numbers
    through: Numbers


@dataclass(frozen=True, slots=True)
class DropRegion:
    """Forget the surface of a region."""

    region: int


@dataclass(frozen=True, slots=True)
class Draw:
    """Draw a picture.

    Attributes:
        number: of the request; replies bear it.
        width, height: of the picture.
        is_moving: speed counts; else quality does, and pictures get better until it is full.
        axes: 9 numbers: right, up, toward the reader.
        focal: place in the middle of the picture, mm LPS.
        px_per_mm: scale.
        blend: ``composite``, ``mip`` or ``minip``.
        opacity: (value, opacity) points.
        color: (value, red, green, blue) points.
        light: ambient, diffuse, specular, power; empty for no shading.
        planes: (point, normal) of six numbers each: what lies on the side of the normal is drawn.
        regions: (number, red, green, blue) of each region shown, colors 0..1.
        region_opacity: of all regions.
        has_volume: whether the volume is drawn.
        fill: what stands for table and outside air, in the unit of the volume; None shows them.
    """

    number: int
    width: int
    height: int
    is_moving: bool
    axes: Numbers
    focal: Numbers
    px_per_mm: float
    blend: str
    opacity: tuple[Numbers, ...]
    color: tuple[Numbers, ...]
    light: Numbers
    planes: tuple[Numbers, ...] = ()
    regions: tuple[Numbers, ...] = ()
    region_opacity: float = 1.0
    has_volume: bool = True
    fill: float | None = None


@dataclass(frozen=True, slots=True)
class Pictures:
    """Where pictures go: (slot, byte) uint8; sent once, first."""

    slots: SharedArray


@dataclass(frozen=True, slots=True)
class Release:
    """A picture was copied; its slot may be used again."""

    slot: int


@dataclass(frozen=True, slots=True)
class Ready:
    """The process is up.

    Attributes:
        process_id: its id.
        renderer: what draws, as OpenGL names it.
        is_software: whether the processor draws.
        most_side: voxels along a side of a volume that can be drawn; 0 for no limit.
    """

    process_id: int
    renderer: str
    is_software: bool
    most_side: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """The volume is taken; pictures can follow."""


@dataclass(frozen=True, slots=True)
class RegionMade:
    """The surface of a region is there; its masks are no longer read."""

    region: int


@dataclass(frozen=True, slots=True)
class Progress:
    """So much of the preparation for full quality is done, 0..1."""

    fraction: float


@dataclass(frozen=True, slots=True)
class Busy:
    """A picture that takes seconds is still being drawn; silence would mean that it hangs."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture is in a slot, RGBA row by row from the top.

    Attributes:
        number: of the request.
        slot: where it is.
        width, height: of the picture.
        is_full: nothing better follows for this request.
        is_coarse: only every second voxel was drawn.
        ms: what drawing took.
        hides_outside: table and outside air were found, and are not drawn.
    """

    number: int
    slot: int
    width: int
    height: int
    is_full: bool
    is_coarse: bool
    ms: float
    hides_outside: bool = False


@dataclass(frozen=True, slots=True)
class Trouble:
    """It cannot go on; the process ends. ``why`` is a clause for people."""

    why: str


Message: TypeAlias = (
    Load
    | AddRegion
    | DropRegion
    | Draw
    | Pictures
    | Release
    | Ready
    | Loaded
    | RegionMade
    | Progress
    | Busy
    | Picture
    | Trouble
)

_CLASSES: dict[str, type[Any]] = {
    one.__name__: one
    for one in (
        Load, AddRegion, DropRegion, Draw, Pictures, Release, Ready, Loaded, RegionMade,
        Progress, Busy, Picture, Trouble,
    )
}  # fmt: skip

_ARRAYS = ("voxels", "masks", "slots")
"""Fields that hold a shared array."""


def send(stream: IO[bytes], message: Message) -> None:
    """Write one message and flush it.

    Raises:
        OSError: the other side is gone.
    """
    content = encode(message)
    stream.write(struct.pack(">I", len(content)) + content)
    stream.flush()


def receive(stream: IO[bytes]) -> Message | None:
    """Read one message; None at the end of the stream.

    Raises:
        WorkerError: what came is not a message.
    """
    header = stream.read(4)
    if len(header) < 4:
        return None
    (length,) = struct.unpack(">I", header)
    if length > MAX_MESSAGE_BYTES:
        raise _unreadable()
    content = stream.read(length)
    return decode(content) if len(content) == length else None


def encode(message: Message) -> bytes:
    """Return a message as bytes, without its length."""
    return json.dumps([type(message).__name__, asdict(message)]).encode()


def decode(content: bytes) -> Message:
    """Return the message that bytes hold.

    Raises:
        WorkerError: they hold none.
    """
    try:
        name, fields = json.loads(content)
        values = {key: _value(key, value) for key, value in fields.items()}
        message: Message = _CLASSES[name](**values)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _unreadable() from error
    return message


def _value(key: str, value: Any) -> Any:  # noqa: ANN401 whatever JSON holds
    if key in _ARRAYS:
        return SharedArray(**{name: _tupled(one) for name, one in value.items()})
    return _tupled(value)


def _tupled(value: Any) -> Any:  # noqa: ANN401 see above
    return tuple(map(_tupled, value)) if isinstance(value, list) else value


def _unreadable() -> WorkerError:
    return WorkerError("The 3D view got an answer that it cannot read")
