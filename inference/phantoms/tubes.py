"""Branching trees (vessels, airways): grown toward targets, drawn with their exact volume."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inference.phantoms.grids import F32
from workstation.core.geometry import StackGeometry

MURRAY_EXPONENT = 2.7
"""r_parent**m = sum r_child**m; 2.3-3 is found in human lungs.

Source: Murray 1926, doi:10.1073/pnas.12.3.207; Huang et al. 1996, doi:10.1152/jappl.1996.81.5.2123.
"""

PATH_WEIGHT = 0.35
"""How much the way back to the root counts against the gap when a branch is attached.

0 gives long winding trees, 1 a star; a third looks like a lung."""

THICK_SHARE = 0.6
"""Radius in pixels from which a tube is drawn as a capsule; thinner ones never fill a pixel."""

SPLAT_STEP = 0.5
"""Distance between the points a tube is drawn with, in pixels."""


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """Straight tube pieces.

    Attributes:
        starts_mm, ends_mm: (n, 3) LPS.
        radii_mm: (n,) radius of each piece.
    """

    starts_mm: NDArray[np.float64]
    ends_mm: NDArray[np.float64]
    radii_mm: NDArray[np.float64]


def grow(
    root_mm: NDArray[np.float64],
    targets_mm: NDArray[np.float64],
    *,
    root_radius_mm: float,
    rng: np.random.Generator,
    bend: float = 0.12,
) -> Tree:
    """Return a tree from a root to every target.

    Args:
        root_mm: (3,) where the tree enters.
        targets_mm: (n, 3) points that must be reached.
        root_radius_mm: radius at the root; those of the branches follow from Murray's law.
        rng: source of the bends.
        bend: sideways swing of a branch as a share of its length.
    """
    order = np.argsort(np.linalg.norm(targets_mm - root_mm, axis=1))
    count = order.size + 1
    nodes = np.empty((2 * count, 3))
    parents = np.full(2 * count, -1, dtype=np.intp)
    way = np.zeros(2 * count)
    nodes[0], used = root_mm, 1
    swings = rng.standard_normal((count, 3)) * bend
    for turn, target in enumerate(targets_mm[order]):
        gaps = np.linalg.norm(nodes[:used] - target, axis=1)
        near = int((gaps + PATH_WEIGHT * way[:used]).argmin())
        gap = gaps[near]
        middle = (nodes[near] + target) / 2 + swings[turn] * gap
        for point, parent in ((middle, near), (target, used)):
            nodes[used], parents[used] = point, parent
            way[used] = way[parent] + gap / 2
            used += 1
    nodes, parents = nodes[:used], parents[:used]
    weight = np.zeros(used)
    has_child = np.zeros(used, dtype=bool)
    has_child[parents[1:]] = True
    weight[~has_child] = 1.0
    for node in range(used - 1, 0, -1):
        weight[parents[node]] += weight[node]
    radii = root_radius_mm * (weight / weight[0]) ** (1 / MURRAY_EXPONENT)
    return Tree(nodes[parents[1:]], nodes[1:], radii[1:])


def joined(*trees: Tree) -> Tree:
    """Return several trees as one."""
    return Tree(
        np.concatenate([tree.starts_mm for tree in trees]),
        np.concatenate([tree.ends_mm for tree in trees]),
        np.concatenate([tree.radii_mm for tree in trees]),
    )


def thicker(tree: Tree, wall_mm: float, *, share: float = 0.0) -> Tree:
    """Return the tree with each radius grown by a wall and by a share of itself."""
    return Tree(tree.starts_mm, tree.ends_mm, tree.radii_mm * (1 + share) + wall_mm)


def draw(tree: Tree, stack: StackGeometry, *, slice_mm: float) -> F32:
    """Return the share of each voxel inside the tree, (k, j, i), 0..1.

    Thick tubes are drawn as capsules, thin ones as points that carry their exact volume, so
    that a vessel thinner than a voxel stays visible at its partial-volume value.

    Args:
        tree: the tubes.
        stack: the scan.
        slice_mm: thickness of its slices.
    """
    share = np.zeros(stack.shape_kji, dtype=np.float32)
    pixel = float(np.mean(stack.spacing_ij_mm))
    is_thick = tree.radii_mm > THICK_SHARE * max(pixel, 0.5 * slice_mm)
    _splat(tree, ~is_thick, stack, share)
    _capsules(tree, is_thick, stack, share, edge_mm=(pixel, max(pixel, 0.5 * slice_mm)))
    return np.minimum(share, 1, out=share)


def _index_of(points_mm: NDArray[np.float64], stack: StackGeometry) -> NDArray[np.float64]:
    """Return fractional (k, j, i) of points; slices may drift (tilt)."""
    depth = points_mm @ stack.normal
    own = stack.distances_mm
    step = (own[-1] - own[0]) / max(own.size - 1, 1) or 1.0
    k = np.interp(depth, own, np.arange(own.size))
    k = k + np.where(depth < own[0], (depth - own[0]) / step, 0)
    k = k + np.where(depth > own[-1], (depth - own[-1]) / step, 0)
    drift = (stack.positions_mm[-1] - stack.positions_mm[0]) / max(own.size - 1, 1)
    offset = points_mm - (stack.positions_mm[0] + k[:, None] * drift)
    i = offset @ stack.row_cosines / stack.spacing_ij_mm[0]
    j = offset @ stack.column_cosines / stack.spacing_ij_mm[1]
    return np.stack([k, j, i], axis=1)


def _splat(tree: Tree, chosen: NDArray[np.bool_], stack: StackGeometry, share: F32) -> None:
    starts, ends = tree.starts_mm[chosen], tree.ends_mm[chosen]
    if starts.size == 0:
        return
    pixel = float(np.mean(stack.spacing_ij_mm))
    lengths = np.linalg.norm(ends - starts, axis=1)
    counts = np.maximum(1, np.ceil(lengths / (SPLAT_STEP * pixel)).astype(np.intp))
    owner = np.repeat(np.arange(counts.size), counts)
    rank = np.arange(owner.size) - np.repeat(np.cumsum(counts) - counts, counts)
    t = ((rank + 0.5) / counts[owner])[:, None]
    place = _index_of(starts[owner] * (1 - t) + ends[owner] * t, stack)
    gap = float(np.median(np.abs(stack.gaps_mm))) if stack.shape_kji[0] > 1 else 1.0
    voxel = stack.spacing_ij_mm[0] * stack.spacing_ij_mm[1] * gap
    volume = np.pi * tree.radii_mm[chosen][owner] ** 2 * (lengths / counts)[owner] / voxel
    low = np.floor(place).astype(np.intp)
    part = place - low
    for corner in range(8):
        shift = np.array([corner >> 2 & 1, corner >> 1 & 1, corner & 1])
        weight = volume * np.prod(np.where(shift, part, 1 - part), axis=1)
        index = low + shift
        inside = np.all((index >= 0) & (index < stack.shape_kji), axis=1)
        np.add.at(share, tuple(index[inside].T), weight[inside].astype(np.float32))


def _capsules(
    tree: Tree,
    chosen: NDArray[np.bool_],
    stack: StackGeometry,
    share: F32,
    *,
    edge_mm: tuple[float, float],
) -> None:
    """Draw capsules; their edges are ``edge_mm`` wide across slices and within them."""
    index = np.flatnonzero(chosen)
    starts, ends, radii = tree.starts_mm[index], tree.ends_mm[index], tree.radii_mm[index]
    gap = float(np.median(np.abs(stack.gaps_mm))) if stack.shape_kji[0] > 1 else 1.0
    voxel = np.array([gap, stack.spacing_ij_mm[1], stack.spacing_ij_mm[0]])
    at_start, at_end = _index_of(starts, stack), _index_of(ends, stack)
    reach = (radii[:, None] + edge_mm[1]) / voxel
    low = np.maximum(np.floor(np.minimum(at_start, at_end) - reach).astype(int), 0)
    high = np.ceil(np.maximum(at_start, at_end) + reach).astype(int) + 1
    high = np.minimum(high, np.array(stack.shape_kji))
    lean = np.abs((ends - starts) @ stack.normal)
    lean /= np.maximum(np.linalg.norm(ends - starts, axis=1), 1e-9)
    edges = edge_mm[0] * lean + edge_mm[1] * (1 - lean)
    for n in np.flatnonzero((low < high).all(axis=1)):
        box = tuple(slice(int(a), int(b)) for a, b in zip(low[n], high[n], strict=True))
        distance = _capsule_distance(starts[n], ends[n], stack, (box[0], box[1], box[2]))
        # A linear edge widens a tube; its section is kept by a slightly smaller radius.
        radius = np.sqrt(max(radii[n] ** 2 - edges[n] ** 2 / 12, 0.0))
        covered = (np.float32(radius) - distance) * np.float32(1 / edges[n]) + np.float32(0.5)
        view = share[box]
        np.maximum(view, covered, out=view)


def _capsule_distance(
    start: NDArray[np.float64],
    end: NDArray[np.float64],
    stack: StackGeometry,
    box: tuple[slice, slice, slice],
) -> F32:
    """Return the distance of the voxels of a box to a line segment."""
    axis = (end - start).astype(np.float32)
    length2 = np.float32(max(float(axis @ axis), 1e-9))
    along_i = np.arange(box[2].start, box[2].stop) * stack.spacing_ij_mm[0]
    along_j = np.arange(box[1].start, box[1].stop) * stack.spacing_ij_mm[1]
    corner = stack.positions_mm[box[0]] - start
    offset = [
        corner[:, a].astype(np.float32)[:, None, None]
        + (along_j * stack.column_cosines[a]).astype(np.float32)[:, None]
        + (along_i * stack.row_cosines[a]).astype(np.float32)
        for a in range(3)
    ]
    t = (offset[0] * axis[0] + offset[1] * axis[1] + offset[2] * axis[2]) / length2
    np.minimum(np.maximum(t, 0, out=t), 1, out=t)
    squared = sum((offset[a] - t * axis[a]) ** 2 for a in range(3))
    result: F32 = np.sqrt(squared)
    return result
