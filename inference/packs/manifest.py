"""The schema of a model pack: what ``manifest.toml`` may say, and nothing else.

Parsing is strict: an unknown key, a missing key, a wrong type, a path that leaves the folder or a
step that is not in the closed list refuses the pack with a sentence. What parsed is valid.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import TypeAlias

from inference.packs.steps import STEP_PARAMETERS
from inference.packs.table import Table
from inference.packs.uncertainty import UncertaintySpec, parse_uncertainty
from inference.tasks.super_resolve import SHAPES, Direction
from workstation.core.errors import PackRefusedError

SCHEMA = 1
"""Version of this schema; a pack written for another one is refused."""

MANIFEST_NAME = "manifest.toml"

CARD_NAME = "CARD.md"
"""The pack's description for people; every pack has one."""

MAX_MANIFEST_BYTES = 1_000_000
"""Largest manifest read; ours are under 10 kB, and a parser should not be fed gigabytes."""

ALLOWED_SUFFIXES = frozenset({".onnx", ".safetensors", ".json", ".toml", ".txt", ".md", ".npy"})
"""Kinds of file a pack may hold. None is executed on reading; pickles are not among them."""

Setting: TypeAlias = "str | int | float | bool | tuple[Setting, ...] | Mapping[str, Setting]"
"""A value of the task-specific table, frozen: arrays are tuples, tables are read-only mappings."""

_PATH_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")
_PACK_ID = re.compile(r"[a-z0-9][a-z0-9-]{1,62}")
_VERSION = re.compile(r"\d{1,5}\.\d{1,5}\.\d{1,5}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Task(Enum):
    """What a pack does."""

    DENOISE = "denoise"
    SUPER_RESOLVE = "super_resolve"
    FILL = "fill"
    DRAFT_FINDINGS = "draft_findings"


CHANNELS: Mapping[str, int] = MappingProxyType(
    {"slice": 1, "slice_pair": 2, "plane_quad": 4, "filled_slice": 1}
)
"""Planes that a model gives for one slice, by kind of output; findings are no planes."""

KINDS: Mapping[Task, tuple[str, ...]] = MappingProxyType(
    {
        Task.DENOISE: ("slice",),
        Task.SUPER_RESOLVE: ("slice_pair", "plane_quad"),
        Task.FILL: ("filled_slice",),
        Task.DRAFT_FINDINGS: ("findings",),
    }
)
"""Kinds of output that a task can have."""

TOUCHING = 0.15
"""Part of the spacing by which thickness may differ from it for slices that still touch.

Scanners round both; a gap or overlap that was meant is a fifth of the spacing or more.
"""


class FileRole(Enum):
    """What a file of a pack is for."""

    MODEL = "model"
    TABLE = "table"
    TOKENIZER = "tokenizer"
    CARD = "card"
    GOLDEN = "golden"


@dataclass(frozen=True, slots=True)
class Range:
    """A closed range of numbers."""

    low: float
    high: float

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high


TOUCHING_RATIO = Range(1 - TOUCHING, 1 + TOUCHING)
"""Thickness over spacing of slices that touch."""


@dataclass(frozen=True, slots=True)
class PackFile:
    """One file of a pack.

    Attributes:
        path: relative to the pack's folder, with forward slashes.
        role: what it is for.
        size_bytes: its exact size.
        sha256: its digest, lower-case hex.
    """

    path: str
    role: FileRole
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class InputSpec:
    """What the model takes.

    Attributes:
        axes: of the model's main input, in words, e.g. ``n, slice, row, column``.
        unit: ``HU`` or ``signal``.
        dtype: of the main input; ``float32``.
        value_range: values the model was trained on, in the unit.
        spacing_ij_mm: in-plane spacing it was trained on.
        spacing_k_mm: slice spacing it was trained on.
        neighbours: slices along k per run, the middle one is worked on; 0 for a whole volume.
        size_multiple: height and width must be a multiple of this; the engine pads.
        noise: noise standard deviations it was trained on, in the unit, or as shares of the
            percentile that the pack scales by; None if it takes none.
        direction: what a super-resolution doubles; None for other tasks.
        profile_ratio: slice thickness over slice spacing it was trained on; under 1 slices leave
            gaps, over 1 they overlap.
        profile_shapes: slice profiles it was trained on, ``box`` or ``gaussian``. A pack that says
            nothing of profiles was trained on boxes that touch.
    """

    axes: str
    unit: str
    dtype: str
    value_range: Range
    spacing_ij_mm: Range
    spacing_k_mm: Range
    neighbours: int
    size_multiple: int
    noise: Range | None
    direction: Direction | None = None
    profile_ratio: Range = TOUCHING_RATIO
    profile_shapes: tuple[str, ...] = ("box",)


@dataclass(frozen=True, slots=True)
class OutputSpec:
    """What the model gives and promises.

    Attributes:
        kind: ``slice``; ``slice_pair``: the two halves of a slice along k; ``plane_quad``: the four
            children of each pixel, row by row; ``filled_slice``; or ``findings``.
        bound_sigmas: largest change of a voxel in noise standard deviations; 0 promises none.
        consistency: largest |averaged result - input| of a super-resolution, in the unit; 0
            promises none, and the engine holds it under half a grey level all the same.
        default_strength: share of the model's result in what is shown first, 0..1.
    """

    kind: str
    bound_sigmas: float
    consistency: float
    default_strength: float

    @property
    def channels(self) -> int:
        """Planes the model gives for one slice."""
        return CHANNELS[self.kind]

    def result_shape(self, shape_kji: tuple[int, ...]) -> tuple[int, int, int]:
        """Return the shape that a volume of the given shape gets from one run of the pack."""
        k, j, i = shape_kji
        if self.kind == "slice_pair":
            return 2 * k, j, i
        return (k, 2 * j, 2 * i) if self.kind == "plane_quad" else (k, j, i)


@dataclass(frozen=True, slots=True)
class TileSpec:
    """Images larger than ``largest_px`` are run in tiles that share ``overlap_px``."""

    largest_px: int
    overlap_px: int


@dataclass(frozen=True, slots=True)
class MemorySpec:
    """Estimate of the runtime's memory: base + per_pixel x pixels of the largest tile, bytes."""

    base_bytes: int
    per_pixel_bytes: int

    def estimate_bytes(self, pixels: int) -> int:
        """Return the bytes a run on so many pixels at once needs."""
        return self.base_bytes + self.per_pixel_bytes * pixels


@dataclass(frozen=True, slots=True)
class Step:
    """One named step with its parameters."""

    name: str
    parameters: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class GoldenSpec:
    """The case that shows the pack works on this machine: ``.npy`` in, ``.npy`` or ``.json`` out.

    Attributes:
        input: path of the input.
        expected: path of the expected result.
        tolerance: largest allowed difference, in the unit of the input.
        spacing_ijk_mm: voxel spacing of the input.
    """

    input: str
    expected: str
    tolerance: float
    spacing_ijk_mm: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Manifest:
    """A model pack as its manifest describes it.

    Attributes:
        pack_id: e.g. ``ct-denoise``.
        version: three numbers.
        title: name for people.
        licence: SPDX expression.
        task: what it does.
        modalities: e.g. ``("CT",)``.
        body_parts: Body Part Examined values it is for; empty for any.
        limits: known limits, one sentence each, shown before use.
        input, output, tiles, memory: see there.
        before: steps on the input, in order.
        after: steps on the output, in order.
        files: every file but the manifest.
        golden: the case that is run once on each machine.
        settings: task-specific table, ``[settings]``; its readers validate it.
        uncertainty: how far the result may lie from the truth; None where it was not calibrated.
    """

    pack_id: str
    version: str
    title: str
    licence: str
    task: Task
    modalities: tuple[str, ...]
    body_parts: tuple[str, ...]
    limits: tuple[str, ...]
    input: InputSpec
    output: OutputSpec
    tiles: TileSpec
    memory: MemorySpec
    before: tuple[Step, ...]
    after: tuple[Step, ...]
    files: tuple[PackFile, ...]
    golden: GoldenSpec
    settings: Mapping[str, Setting]
    uncertainty: UncertaintySpec | None = None

    def paths(self, role: FileRole) -> tuple[str, ...]:
        """Return the paths of all files of a role, in the order of the manifest."""
        return tuple(file.path for file in self.files if file.role is role)


def parse_manifest(content: bytes) -> Manifest:
    """Return the manifest in the given bytes of ``manifest.toml``.

    Raises:
        PackRefusedError: the bytes are not a valid manifest; the sentence names the key.
    """
    if len(content) > MAX_MANIFEST_BYTES:
        raise refused("its manifest is larger than any real one")
    try:
        raw = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise refused(f"its manifest is not TOML ({error})") from error
    top = Table(raw, "")
    if top.integer("schema", least=1) != SCHEMA:
        raise refused(f"its manifest is not of schema {SCHEMA}")
    manifest = _manifest(top)
    top.close()
    _check(manifest)
    return manifest


def refused(why: str) -> PackRefusedError:
    """Return the error that refuses a pack for the given reason."""
    return PackRefusedError(
        "The model pack is refused", why=why, todo="Get the pack again from its maker"
    )


def safe_path(text: str, where: str) -> str:
    """Return the path if it stays inside the pack and is of an allowed kind.

    Raises:
        PackRefusedError: it is absolute, hidden, climbs, or is of a kind that is not allowed.
    """
    parts = text.split("/")
    if not all(_PATH_PART.fullmatch(part) for part in parts):
        raise refused(f"{where} names a path that is not plain and inside the pack")
    if PurePosixPath(text).suffix.lower() not in ALLOWED_SUFFIXES:
        raise refused(f"{where} names a kind of file that packs may not hold")
    return text


def _manifest(top: Table) -> Manifest:
    task = Task(top.choice("task", [task.value for task in Task]))
    return Manifest(
        pack_id=top.text("id", pattern=_PACK_ID),
        version=top.text("version", pattern=_VERSION),
        title=top.text("title"),
        licence=top.text("licence"),
        task=task,
        modalities=top.texts("modalities", least=1),
        body_parts=top.texts("body_parts"),
        limits=top.texts("limits", least=1),
        input=_input(top.table("input"), task),
        output=_output(top.table("output")),
        tiles=_tiles(top.table("tiles")),
        memory=_memory(top.table("memory")),
        before=tuple(_step(table) for table in top.tables("before")),
        after=tuple(_step(table) for table in top.tables("after")),
        files=tuple(_file(table) for table in top.tables("files")),
        golden=_golden(top.table("golden")),
        settings=_frozen_table(top.free("settings")),
        uncertainty=parse_uncertainty(top.table("uncertainty")) if top.has("uncertainty") else None,
    )


def _input(table: Table, task: Task) -> InputSpec:
    direction = _direction(table) if task is Task.SUPER_RESOLVE else None
    has_profile = direction is Direction.THROUGH_PLANE and table.has("profile_ratio")
    spec = InputSpec(
        axes=table.text("axes"),
        unit=table.choice("unit", ["HU", "signal"]),
        dtype=table.choice("dtype", ["float32"]),
        value_range=_range(table, "value_range"),
        spacing_ij_mm=_range(table, "spacing_ij_mm"),
        spacing_k_mm=_range(table, "spacing_k_mm"),
        neighbours=table.integer("neighbours", least=0),
        size_multiple=table.integer("size_multiple", least=1),
        noise=_range(table, "noise") if table.has("noise") else None,
        direction=direction,
        profile_ratio=_range(table, "profile_ratio") if has_profile else TOUCHING_RATIO,
        profile_shapes=table.texts("profile_shapes", least=1) if has_profile else ("box",),
    )
    table.close()
    if spec.neighbours and spec.neighbours % 2 == 0:
        raise refused("input.neighbours must be odd, so that there is a middle slice")
    if not set(spec.profile_shapes) <= SHAPES.keys() or spec.profile_ratio.low <= 0:
        raise refused("input names a slice profile that this program does not know")
    return spec


def _direction(table: Table) -> Direction:
    """Return what a super-resolution doubles; packs from before there was a choice do not say."""
    if not table.has("direction"):
        return Direction.THROUGH_PLANE
    return Direction(table.choice("direction", [each.value for each in Direction]))


def _output(table: Table) -> OutputSpec:
    spec = OutputSpec(
        kind=table.choice("kind", [*CHANNELS, "findings"]),
        bound_sigmas=table.number("bound_sigmas", least=0.0),
        consistency=table.number("consistency", least=0.0),
        default_strength=table.number("default_strength", least=0.0),
    )
    table.close()
    if spec.default_strength > 1:
        raise refused("output.default_strength is over 1")
    return spec


def _tiles(table: Table) -> TileSpec:
    spec = TileSpec(table.integer("largest_px", least=64), table.integer("overlap_px", least=0))
    table.close()
    if 2 * spec.overlap_px >= spec.largest_px:
        raise refused("tiles.overlap_px leaves nothing of a tile")
    return spec


def _memory(table: Table) -> MemorySpec:
    spec = MemorySpec(
        table.integer("base_bytes", least=0), table.integer("per_pixel_bytes", least=0)
    )
    table.close()
    return spec


def _step(table: Table) -> Step:
    name = table.choice("op", list(STEP_PARAMETERS))
    parameters = {key: table.number(key) for key in STEP_PARAMETERS[name]}
    table.close()
    return Step(name, MappingProxyType(parameters))


def _file(table: Table) -> PackFile:
    file = PackFile(
        path=safe_path(table.text("path"), "files"),
        role=FileRole(table.choice("role", [role.value for role in FileRole])),
        size_bytes=table.integer("bytes", least=0),
        sha256=table.text("sha256", pattern=_DIGEST),
    )
    table.close()
    return file


def _golden(table: Table) -> GoldenSpec:
    i_mm, j_mm, k_mm = table.numbers("spacing_ijk_mm", count=3)
    spec = GoldenSpec(
        input=safe_path(table.text("input"), "golden"),
        expected=safe_path(table.text("expected"), "golden"),
        tolerance=table.number("tolerance", least=0.0),
        spacing_ijk_mm=(i_mm, j_mm, k_mm),
    )
    table.close()
    return spec


def _range(table: Table, key: str) -> Range:
    low, high = table.numbers(key, count=2)
    if low > high:
        raise refused(f"{key} runs from the higher to the lower value")
    return Range(low, high)


def _check(manifest: Manifest) -> None:
    """Check what holds between the parts of a manifest."""
    paths = [file.path for file in manifest.files]
    if len({path.lower() for path in paths}) != len(paths):
        raise refused("two of its files have the same name")
    if CARD_NAME not in manifest.paths(FileRole.CARD):
        raise refused(f"it has no {CARD_NAME}")
    if not manifest.paths(FileRole.MODEL):
        raise refused("it names no model")
    golden = manifest.paths(FileRole.GOLDEN)
    if manifest.golden.input not in golden or manifest.golden.expected not in golden:
        raise refused("its golden case is not among its files")
    kind = manifest.output.kind
    if kind not in KINDS[manifest.task]:
        raise refused(f"a pack for {manifest.task.value} cannot give {kind}")
    if (kind == "plane_quad") != (manifest.input.direction is Direction.IN_PLANE):
        raise refused(f"a pack for that direction cannot give {kind}")
    if manifest.task is not Task.DRAFT_FINDINGS and manifest.input.neighbours == 0:
        raise refused("an enhancement pack must say how many neighbours it takes")


def _frozen_table(raw: Mapping[str, object]) -> Mapping[str, Setting]:
    return MappingProxyType({key: _frozen(value, key) for key, value in raw.items()})


def _frozen(value: object, key: str) -> Setting:
    if isinstance(value, float) and not math.isfinite(value):
        raise refused(f"settings.{key} is not a finite number")
    if isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, list):
        return tuple(_frozen(item, key) for item in value)
    if isinstance(value, dict):
        return _frozen_table(value)
    raise refused(f"settings.{key} is of a kind that packs may not hold")
