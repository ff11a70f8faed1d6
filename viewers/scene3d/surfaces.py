"""The surface of a region, made of its masks; runs in the scene process, the only home of VTK.

The surface is found between mask pixels in index coordinates, then each corner is placed by the
positions of the planes. So it is right on leaning and uneven planes as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkPoints, vtkUnsignedCharArray
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkPolyData
from vtkmodules.vtkFiltersCore import (
    vtkAppendPolyData,
    vtkFlyingEdges3D,
    vtkPolyDataNormals,
    vtkWindowedSincPolyDataFilter,
)

from viewers.scene3d.protocol import AddRegion

SAME_STACK_OF_STEP = 1.6
"""Planes farther apart than this many plane thicknesses are not joined: something lies between."""

SMOOTHING_STEPS, PASS_BAND = 15, 0.08
"""Takes the stairs off and moves a surface by less than half a mask pixel.

Source: Taubin, SIGGRAPH 1995, doi:10.1145/218380.218473; the values are those of Slicer's
surfaces of label maps, tried on a ball of 20 pixels."""

FINEST_OF_THICKNESS = 0.5
"""Mask pixels are joined until they measure half the thickness of a plane: contours are drawn on a
far finer grid than planes are apart, and the terraces between planes could not be smoothed."""

FEATURE_ANGLE_DEG = 120.0
"""Edges sharper than this stay edges in the shading; organs have none, rods of metal do."""


def region_surface(masks: NDArray[np.uint8], request: AddRegion) -> vtkPolyData:
    """Return the closed surface of a region, corners in millimeters LPS, with normals.

    Args:
        masks: ``[k, j, i]``, 0 or 1.
        request: where the planes are.
    """
    positions = np.array(request.positions).reshape(-1, 3)
    through = np.array(request.through)
    sides = _joined_pixels(request, through)
    joined = vtkAppendPolyData()
    for start, end in _runs(positions, through):
        part = _contour(_coarse(masks[start:end], *sides))
        if part.GetNumberOfPoints():
            _place(part, positions[start:end], _steps(request, sides), through)
            joined.AddInputData(part)
    joined.Update()
    smooth = vtkWindowedSincPolyDataFilter()
    smooth.SetInputConnection(joined.GetOutputPort())
    smooth.SetNumberOfIterations(SMOOTHING_STEPS)
    smooth.SetPassBand(PASS_BAND)
    smooth.NormalizeCoordinatesOn()
    smooth.BoundarySmoothingOff()
    normals = vtkPolyDataNormals()
    normals.SetInputConnection(smooth.GetOutputPort())
    normals.SetFeatureAngle(FEATURE_ANGLE_DEG)
    normals.ConsistencyOn()
    normals.AutoOrientNormalsOn()
    normals.Update()
    found: vtkPolyData = normals.GetOutput()
    return found


def _runs(positions: NDArray[np.float64], through: NDArray[np.float64]) -> list[tuple[int, int]]:
    """Return the ranges of planes that follow each other without a gap."""
    thickness = 2 * float(np.linalg.norm(through))
    gaps = np.linalg.norm(np.diff(positions, axis=0), axis=1)
    ends = [int(n) + 1 for n in np.flatnonzero(gaps > SAME_STACK_OF_STEP * thickness)]
    return list(zip([0, *ends], [*ends, len(positions)], strict=True))


def _joined_pixels(request: AddRegion, through: NDArray[np.float64]) -> tuple[int, int]:
    """Return how many rows and columns of mask pixels become one."""
    wanted_mm = 2 * float(np.linalg.norm(through)) * FINEST_OF_THICKNESS
    down, right = (
        max(int(wanted_mm / float(np.linalg.norm(step))), 1)
        for step in (request.column_step, request.row_step)
    )
    return down, right


def _coarse(masks: NDArray[np.uint8], down: int, right: int) -> NDArray[np.uint8]:
    """Return what share of each joined pixel lies inside, 0..255."""
    count, rows, columns = masks.shape
    padded = np.pad(masks, ((0, 0), (0, -rows % down), (0, -columns % right)))
    blocks = padded.reshape(count, -(-rows // down), down, -(-columns // right), right)
    share: NDArray[np.uint8] = np.rint(blocks.mean(axis=(2, 4)) * 255).astype(np.uint8)
    return share


def _contour(shares: NDArray[np.uint8]) -> vtkPolyData:
    """Return the surface in index coordinates; a rim of nothing closes it at the ends."""
    padded = np.pad(shares, 1)
    scalars = vtkUnsignedCharArray()
    scalars.SetVoidArray(padded, padded.size, 1)
    image = vtkImageData()
    image.SetDimensions(*padded.shape[::-1])
    image.SetOrigin(-1, -1, -1)
    image.GetPointData().SetScalars(scalars)
    edges = vtkFlyingEdges3D()
    edges.SetInputData(image)
    edges.SetValue(0, 127.5)
    edges.ComputeNormalsOff()
    edges.ComputeScalarsOff()
    edges.Update()
    found = vtkPolyData()
    found.DeepCopy(edges.GetOutput())
    return found


@dataclass(frozen=True, slots=True)
class _Steps:
    """Steps of joined pixels in mm, and from the first pixel to the middle of the first joined."""

    right: NDArray[np.float64]
    down: NDArray[np.float64]
    first: NDArray[np.float64]


def _steps(request: AddRegion, sides: tuple[int, int]) -> _Steps:
    down, right = np.array(request.column_step), np.array(request.row_step)
    first = (sides[0] - 1) / 2 * down + (sides[1] - 1) / 2 * right
    return _Steps(right * sides[1], down * sides[0], first)


def _place(
    surface: vtkPolyData,
    positions: NDArray[np.float64],
    steps: _Steps,
    through: NDArray[np.float64],
) -> None:
    """Move corners from (i, j, k) to the patient; half a thickness beyond the outer planes."""
    ijk: NDArray[Any] = vtk_to_numpy(surface.GetPoints().GetData()).astype(np.float64)
    count = len(positions)
    k = np.clip(ijk[:, 2], 0, count - 1)
    low = np.minimum(np.floor(k).astype(np.intp), max(count - 2, 0))
    high = np.minimum(low + 1, count - 1)
    share = (k - low)[:, None]
    placed = positions[low] * (1 - share) + positions[high] * share
    # The rim is one index away: its surface lies at half an index, so at half a thickness.
    placed += ((ijk[:, 2] - k) * 2)[:, None] * through
    placed += steps.first + ijk[:, :1] * steps.right + ijk[:, 1:2] * steps.down
    points = vtkPoints()
    points.SetDataTypeToDouble()
    points.SetData(numpy_to_vtk(np.ascontiguousarray(placed), deep=True))
    surface.SetPoints(points)
