"""What a finding network takes and gives: its description in the pack, its input, its reading.

A network looks at one upright cube of one region. It says how surely the cube is that region at
all, and for each finding a map (where), a presence and the presence on each side. The numbers
become probabilities by the calibration that the pack states for each finding.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inference.vlm.image import Sampled
from workstation.core.errors import PackRefusedError
from workstation.core.finding import Side

LARGEST_CUBE = 2_000_000
"""Voxels of the largest cube a pack may ask for; ours hold a fifth of it."""

SIGNAL_PERCENTILE = 99.0
"""The signal of an MR cube is divided by this percentile of its tissue: coils differ."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel of the input: block means or maxima, scaled from low..high to 0..1."""

    source: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class FindingHead:
    """One finding of a network.

    Attributes:
        finding: as facts write it.
        anatomy: where.
        has_side: whether a side belongs to it.
        ask: probability from which it is asked about.
        say: probability from which it may be stated, if a measurement agrees.
        scale, shift: probability = sigmoid(scale * presence + shift).
    """

    finding: str
    anatomy: str
    has_side: bool
    ask: float
    say: float
    scale: float
    shift: float


@dataclass(frozen=True, slots=True)
class NetworkSpec:
    """One finding network of a pack.

    Attributes:
        file: path inside the pack.
        region: the region it knows, as the measurement engine names it.
        modality: CT or MR.
        contrasts: MR weightings it may speak about; empty for any.
        is_head: the cube hangs from the top of the head.
        shape_zyx: voxels of the cube.
        spacing_mm: edge of a voxel.
        known_from: probability from which the cube counts as the region.
        channels: of the input.
        findings: in the order of the network's outputs.
    """

    file: str
    region: str
    modality: str
    contrasts: tuple[str, ...]
    is_head: bool
    shape_zyx: tuple[int, int, int]
    spacing_mm: float
    known_from: float
    channels: tuple[Channel, ...]
    findings: tuple[FindingHead, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Outputs:
    """What a network gave for one cube.

    Attributes:
        known: (1,) logit that the cube is the region.
        presence: (findings,) logits.
        sides: (findings, 2) logits on the patient's right and left.
        maps: (findings, z, y, x) logits on a grid coarser than the cube.
    """

    known: NDArray[np.float32]
    presence: NDArray[np.float32]
    sides: NDArray[np.float32]
    maps: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Detection:
    """One finding as a network sees it.

    Attributes:
        head: which finding.
        probability: calibrated, 0..1.
        side: where it has one.
        center_mm: LPS middle of the place that speaks for it.
        size_mm: extent of that place along x, y, z.
    """

    head: FindingHead
    probability: float
    side: Side
    center_mm: tuple[float, float, float]
    size_mm: tuple[float, float, float]


def read_networks(settings: Mapping[str, Any]) -> tuple[NetworkSpec, ...]:
    """Return the networks that the settings of a drafting pack describe.

    Raises:
        PackRefusedError: something is missing, of the wrong kind or out of range.
    """
    try:
        networks = tuple(_network(entry) for entry in settings["networks"])
    except (KeyError, TypeError, ValueError) as error:
        raise PackRefusedError(
            "The drafting pack cannot be used",
            why=f"its settings are not complete ({type(error).__name__})",
            todo="Install the pack again",
        ) from error
    return networks


def network_input(
    seen: Sampled, channels: tuple[Channel, ...], *, is_ct: bool
) -> NDArray[np.float32]:
    """Return the input of a network, (1, channels, z, y, x), values 0..1."""
    scale = 1.0 if is_ct else _signal_scale(seen)
    planes = []
    for channel in channels:
        source = seen.peak if channel.source == "peak" else seen.mean
        scaled = (source / np.float32(scale) - channel.low) / (channel.high - channel.low)
        planes.append(np.clip(scaled, 0, 1))
    return np.stack(planes)[None].astype(np.float32)


def probability_known(outputs: Outputs) -> float:
    """Return how surely the cube is the region of the network, 0..1; 0 for a broken output."""
    return _sigmoid(float(outputs.known.reshape(-1)[0])) if outputs.known.size else 0.0


def detections(outputs: Outputs, seen: Sampled, spec: NetworkSpec) -> tuple[Detection, ...]:
    """Return every finding of a network with its probability, side and place.

    Raises:
        PackRefusedError: the network gives other shapes than its pack says.
    """
    count = len(spec.findings)
    shapes_fit = outputs.presence.shape == (count,) and outputs.sides.shape == (count, 2)
    if not shapes_fit or outputs.maps.ndim != 4 or outputs.maps.shape[0] != count:
        raise PackRefusedError(
            "The drafting pack cannot be used", why="its network gives other findings than it says"
        )
    return tuple(_detection(head, outputs, place, seen) for place, head in enumerate(spec.findings))


def _detection(head: FindingHead, outputs: Outputs, place: int, seen: Sampled) -> Detection:
    probability = _sigmoid(head.scale * float(outputs.presence[place]) + head.shift)
    side = _side(outputs.sides[place], head) if head.has_side else Side.NONE
    center, size = _place(_half(outputs.maps[place], side), seen)
    return Detection(head, probability, side, center, size)


def _side(logits: NDArray[np.float32], head: FindingHead) -> Side:
    """Return the side: both only where the lesser one could be stated by itself."""
    right, left = (_sigmoid(head.scale * float(value) + head.shift) for value in logits)
    if min(right, left) >= head.say:
        return Side.BOTH
    return Side.RIGHT if right >= left else Side.LEFT


def _half(map_zyx: NDArray[np.float32], side: Side) -> NDArray[np.float32]:
    """Return a map with the other side emptied; x grows to the patient's left."""
    kept = np.array(map_zyx, dtype=np.float32)
    middle = kept.shape[2] // 2
    if side is Side.RIGHT:
        kept[:, :, middle:] = -np.inf
    elif side is Side.LEFT:
        kept[:, :, :middle] = -np.inf
    return kept


def _place(
    map_zyx: NDArray[np.float32], seen: Sampled
) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """Return centre and extent of the cells around the peak that are at least half as likely."""
    likely = 1 / (1 + np.exp(-np.clip(np.nan_to_num(map_zyx, nan=-30.0), -30, 30)))
    peak = np.unravel_index(int(likely.argmax()), likely.shape)
    region = _around(likely >= likely[peak] / 2, (int(peak[0]), int(peak[1]), int(peak[2])))
    cells = np.argwhere(region)
    low, high = cells.min(axis=0), cells.max(axis=0) + 1
    cell_mm = [
        n * seen.cube.spacing_mm / m for n, m in zip(seen.cube.shape_zyx, likely.shape, strict=True)
    ]
    corner = [float(seen.cube.axis_mm(axis)[0]) - seen.cube.spacing_mm / 2 for axis in range(3)]
    center = [corner[a] + float(low[a] + high[a]) / 2 * cell_mm[a] for a in (2, 1, 0)]
    size = [float(high[a] - low[a]) * cell_mm[a] for a in (2, 1, 0)]
    return (center[0], center[1], center[2]), (size[0], size[1], size[2])


def _around(mask: NDArray[np.bool_], start: tuple[int, int, int]) -> NDArray[np.bool_]:
    """Return the face-connected part of a small mask that holds a cell."""
    part = np.zeros_like(mask)
    part[start] = True
    while True:
        grown = part.copy()
        for axis in range(3):
            ahead: list[slice] = [slice(None)] * 3
            behind: list[slice] = [slice(None)] * 3
            ahead[axis], behind[axis] = slice(1, None), slice(None, -1)
            grown[tuple(ahead)] |= part[tuple(behind)]
            grown[tuple(behind)] |= part[tuple(ahead)]
        grown &= mask
        if bool((grown == part).all()):
            return part
        part = grown


def _signal_scale(seen: Sampled) -> float:
    values = seen.mean[seen.inside & (seen.mean > 0)]
    top = float(np.percentile(values, SIGNAL_PERCENTILE)) if values.size else 0.0
    return top if top > 0 else 1.0


def _sigmoid(logit: float) -> float:
    """Return a probability below 1; 0 for a logit that is no number: then nothing is claimed."""
    if not np.isfinite(logit):
        return 0.0
    return float(1 / (1 + np.exp(-np.clip(logit, -30, 30))))


def _network(entry: Mapping[str, Any]) -> NetworkSpec:
    z, y, x = (int(count) for count in entry["shape_zyx"])
    if min(z, y, x) < 8 or z * y * x > LARGEST_CUBE or float(entry["spacing_mm"]) <= 0:
        raise ValueError("shape")
    channels = tuple(
        Channel(str(row["source"]), float(row["low"]), float(row["high"]))
        for row in entry["channels"]
    )
    if any(channel.high <= channel.low for channel in channels):
        raise ValueError("channel")
    return NetworkSpec(
        file=str(entry["file"]),
        region=str(entry["region"]),
        modality=str(entry["modality"]),
        contrasts=tuple(str(name) for name in entry["contrasts"]),
        is_head=bool(entry["is_head"]),
        shape_zyx=(z, y, x),
        spacing_mm=float(entry["spacing_mm"]),
        known_from=float(entry["known_from"]),
        channels=channels,
        findings=tuple(_head(row) for row in entry["findings"]),
    )


def _head(row: Mapping[str, Any]) -> FindingHead:
    head = FindingHead(
        finding=str(row["finding"]),
        anatomy=str(row["anatomy"]),
        has_side=bool(row["has_side"]),
        ask=float(row["ask"]),
        say=float(row["say"]),
        scale=float(row["scale"]),
        shift=float(row["shift"]),
    )
    if not 0 < head.ask <= head.say <= 1 or head.scale <= 0:
        raise ValueError("thresholds")
    return head
