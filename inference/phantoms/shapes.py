"""Signed distances of simple bodies and the ways to join them.

Distances are in mm and positive inside. All functions broadcast over their coordinates and keep
float32. They are first-order right near the surface, which is where they are used.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inference.phantoms.grids import F32, Number

PROFILE_STEP_MM = 1.0
"""Resolution of tabulated profiles; anatomy along the body changes over centimetres."""

FAR_MM = 80.0
"""Distances are cut here: beyond it nothing depends on them."""

MARGIN_MM = 26.0
"""Small bodies are evaluated only this far around them; farther out they are at -MARGIN_MM.

More than any rounding or offset that is applied to them."""


def profile(along: F32, knots_mm: tuple[float, ...], values: tuple[float, ...]) -> F32:
    """Return a smooth curve through knots, held beyond the ends, at each coordinate."""
    low, high = knots_mm[0], knots_mm[-1]
    table_at = np.arange(low, high + PROFILE_STEP_MM, PROFILE_STEP_MM)
    table = np.interp(table_at, knots_mm, values)
    width = 15
    padded = np.pad(table, width, mode="edge")
    kernel = np.hanning(2 * width + 3)[1:-1]
    table = np.convolve(padded, kernel / kernel.sum(), mode="valid").astype(np.float32)
    index = ((along - np.float32(low)) / np.float32(PROFILE_STEP_MM)).astype(np.int32)
    return np.take(table, np.clip(index, 0, table.size - 1))


def oval(u_mm: F32, v_mm: F32, a: F32 | Number, b: F32 | Number, *, square: float = 0.0) -> F32:
    """Return the distance to an infinite cylinder with an oval section.

    Args:
        u_mm: first coordinate from its axis.
        v_mm: second coordinate from its axis.
        a: half width along u, may vary from point to point.
        b: half width along v.
        square: 0 for an ellipse, toward 1 for a rounded rectangle (a norm between the second
            and the fourth).
    """
    u, v = u_mm / a, v_mm / b
    u2, v2 = u * u, v * v
    radius = np.sqrt(u2 + v2) + np.float32(1e-4)
    level = radius
    if square:
        fourth = np.sqrt(np.sqrt(u2 * u2 + v2 * v2))
        level = np.float32(1 - square) * radius + np.float32(square) * fourth
    slope = np.sqrt((u / a) ** 2 + (v / b) ** 2) / radius + np.float32(1e-4)
    return clipped((1 - level) / slope)


def ellipsoid(
    x: F32,
    y: F32,
    z: F32,
    center: tuple[float, float, float],
    radii: tuple[float, float, float],
    *,
    turn_deg: float = 0.0,
) -> F32:
    """Return the distance to an ellipsoid, turned about z (from x toward y)."""
    flat = max(radii[0], radii[1]) if turn_deg else 0.0
    reach = (max(radii[0], flat), max(radii[1], flat), radii[2])
    near = _near((x, y, z), np.subtract(center, reach), np.add(center, reach))
    at = (x.ravel()[near], y.ravel()[near], z.ravel()[near])
    inside = _ellipsoid(*at, center, radii, turn_deg)
    return _placed(inside, near, x.shape)


def _ellipsoid(
    x: F32,
    y: F32,
    z: F32,
    center: tuple[float, float, float],
    radii: tuple[float, float, float],
    turn_deg: float,
) -> F32:
    dx, dy, dz = x - np.float32(center[0]), y - np.float32(center[1]), z - np.float32(center[2])
    if turn_deg:
        cosine, sine = (
            np.float32(np.cos(np.deg2rad(turn_deg))),
            np.float32(np.sin(np.deg2rad(turn_deg))),
        )
        dx, dy = cosine * dx + sine * dy, cosine * dy - sine * dx
    rx, ry, rz = (np.float32(radius) for radius in radii)
    scaled = np.sqrt((dx / rx) ** 2 + (dy / ry) ** 2 + (dz / rz) ** 2)
    slope = np.sqrt((dx / rx**2) ** 2 + (dy / ry**2) ** 2 + (dz / rz**2) ** 2)
    return clipped(scaled * (1 - scaled) / (slope + np.float32(1e-4)))


def capsule(
    x: F32,
    y: F32,
    z: F32,
    start: tuple[float, float, float],
    end: tuple[float, float, float],
    radius: tuple[float, float],
) -> F32:
    """Return the distance to a rounded tube whose radius runs from one value to another."""
    return tube(x, y, z, (start, end), radius)


def _capsule(
    x: F32,
    y: F32,
    z: F32,
    start: tuple[float, float, float],
    end: tuple[float, float, float],
    radius: tuple[float, float],
) -> F32:
    p, q = np.asarray(start, np.float32), np.asarray(end, np.float32)
    axis = q - p
    length2 = np.float32(max(float(axis @ axis), 1e-6))
    dx, dy, dz = x - p[0], y - p[1], z - p[2]
    along = np.clip((dx * axis[0] + dy * axis[1] + dz * axis[2]) / length2, 0, 1)
    distance = np.sqrt(
        (dx - along * axis[0]) ** 2 + (dy - along * axis[1]) ** 2 + (dz - along * axis[2]) ** 2
    )
    inside: F32 = np.float32(radius[0]) + along * np.float32(radius[1] - radius[0]) - distance
    return inside


def tube(
    x: F32,
    y: F32,
    z: F32,
    path: tuple[tuple[float, float, float], ...],
    radii: tuple[float, ...],
) -> F32:
    """Return the distance to a chain of capsules."""
    points = np.asarray(path)
    widest = max(radii)
    near = _near((x, y, z), points.min(0) - widest, points.max(0) + widest)
    at = (x.ravel()[near], y.ravel()[near], z.ravel()[near])
    inside = np.full(near.size, -MARGIN_MM, dtype=np.float32)
    for n in range(len(path) - 1):
        piece = _capsule(*at, path[n], path[n + 1], (radii[n], radii[n + 1]))
        np.maximum(inside, piece, out=inside)
    return _placed(inside, near, x.shape)


def _near(
    at: tuple[F32, F32, F32], low: NDArray[np.floating], high: NDArray[np.floating]
) -> NDArray[np.intp]:
    """Return flat indices of points within MARGIN_MM of a box."""
    chosen = np.ones(at[0].shape, dtype=np.bool_)
    for axis, coordinate in enumerate(at):
        chosen &= coordinate > np.float32(low[axis] - MARGIN_MM)
        chosen &= coordinate < np.float32(high[axis] + MARGIN_MM)
    return np.flatnonzero(chosen)


def _placed(values: F32, near: NDArray[np.intp], shape: tuple[int, ...]) -> F32:
    field = np.full(shape, -MARGIN_MM, dtype=np.float32)
    field.ravel()[near] = np.maximum(values, -MARGIN_MM)
    return field


def union(*fields: F32) -> F32:
    """Return the union of bodies."""
    result = np.array(fields[0], dtype=np.float32)
    for field in fields[1:]:
        np.maximum(result, field, out=result)
    return result


def common(*fields: F32 | float) -> F32:
    """Return the intersection of bodies."""
    result = np.array(fields[0], dtype=np.float32)
    for field in fields[1:]:
        result = np.minimum(result, field, dtype=np.float32)
    return result


def rounded_common(first: F32, second: F32, radius_mm: float) -> F32:
    """Return the intersection with its edge rounded over ``radius_mm``."""
    blend = np.maximum(np.float32(radius_mm) - np.abs(first - second), 0)
    result: F32 = np.minimum(first, second) - blend * blend / np.float32(4 * radius_mm)
    return result


def rounded_union(first: F32, second: F32, radius_mm: float) -> F32:
    """Return the union with its crease filled over ``radius_mm``."""
    return -rounded_common(-first, -second, radius_mm)


def periodic(along: F32, pitch_mm: float) -> F32:
    """Return the signed distance to the nearest multiple of the pitch."""
    phase = along / np.float32(pitch_mm)
    result: F32 = (phase - np.rint(phase)) * np.float32(pitch_mm)
    return result


def clipped(field: NDArray[np.floating]) -> F32:
    """Return a distance as float32, cut at FAR_MM."""
    cut: F32 = np.clip(field, -FAR_MM, FAR_MM).astype(np.float32, copy=False)
    return cut


def rescaled(fields: dict[str, F32], scale: float) -> dict[str, F32]:
    """Return distances of the standard body in millimetres of a person of another size."""
    if scale == 1.0:
        return fields
    factor = np.float32(scale)
    return {name: np.multiply(field, factor, out=field) for name, field in fields.items()}
