"""Shapes in a working grid, in millimeters: components, growing, shrinking, filling.

Thin wrappers over SimpleITK. All masks are bool arrays [z, y, x]; ``step_zyx_mm`` is the
distance between their blocks. Distances are exact Euclidean distances to block centers.
"""

from __future__ import annotations

import numpy as np
import SimpleITK as sitk  # noqa: N813 the name its users know
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Steps = tuple[float, float, float]


def to_image(array: NDArray[np.generic], step_zyx_mm: Steps) -> sitk.Image:
    """Return a SimpleITK image of an array with the given spacing."""
    image = sitk.GetImageFromArray(array.view(np.uint8) if array.dtype == np.bool_ else array)
    image.SetSpacing(step_zyx_mm[::-1])
    return image


def components(mask: Mask, *, least: int = 1) -> tuple[NDArray[np.uint32], int]:
    """Return labels of the face-connected parts, largest first from 1, and their count.

    Args:
        mask: the mask.
        least: parts of fewer blocks are left out.
    """
    image = sitk.ConnectedComponent(sitk.GetImageFromArray(mask.view(np.uint8)))
    image = sitk.RelabelComponent(image, minimumObjectSize=least)
    labels = sitk.GetArrayFromImage(image).astype(np.uint32, copy=False)
    return labels, int(labels.max()) if labels.size else 0


def largest(mask: Mask) -> Mask:
    """Return the largest face-connected part; empty for an empty mask."""
    labels, count = components(mask)
    return labels == 1 if count else np.zeros_like(mask)


def distance_to(mask: Mask, step_zyx_mm: Steps) -> NDArray[np.float32]:
    """Return for each block the distance in mm to the nearest block of a mask; 0 inside it."""
    if not mask.any():
        return np.full(mask.shape, np.inf, dtype=np.float32)
    field = sitk.SignedMaurerDistanceMap(
        to_image(mask, step_zyx_mm),
        insideIsPositive=False,
        squaredDistance=False,
        useImageSpacing=True,
    )
    array: NDArray[np.float32] = sitk.GetArrayFromImage(field)
    return np.maximum(array, 0, out=array)


def grown(mask: Mask, radius_mm: float, step_zyx_mm: Steps) -> Mask:
    """Return a mask grown by a ball."""
    return distance_to(mask, step_zyx_mm) <= radius_mm


def shrunk(mask: Mask, radius_mm: float, step_zyx_mm: Steps) -> Mask:
    """Return a mask shrunk by a ball; the border of the scan does not shrink it."""
    return distance_to(~mask, step_zyx_mm) > radius_mm


def opened(mask: Mask, radius_mm: float, step_zyx_mm: Steps) -> Mask:
    """Return a mask without what is thinner than a ball."""
    return mask & grown(shrunk(mask, radius_mm, step_zyx_mm), radius_mm, step_zyx_mm)


def closed(mask: Mask, radius_mm: float, step_zyx_mm: Steps) -> Mask:
    """Return a mask with gaps and notches narrower than a ball filled."""
    return mask | shrunk(grown(mask, radius_mm, step_zyx_mm), radius_mm, step_zyx_mm)


def plane_components(mask: Mask, *, least: int = 1) -> tuple[NDArray[np.uint32], int]:
    """Return labels of the parts of each axial plane on its own, largest first, and their count.

    One call for all planes: an empty plane between each two keeps them apart.
    """
    apart = np.zeros((2 * mask.shape[0] - 1, *mask.shape[1:]), dtype=np.bool_)
    apart[::2] = mask
    labels, count = components(apart, least=least)
    return labels[::2], count


def filled_per_plane(mask: Mask) -> Mask:
    """Return a mask with the holes of each axial plane filled."""
    labels, count = plane_components(~mask)
    is_outside = np.zeros(count + 1, dtype=np.bool_)
    for side in (labels[:, 0], labels[:, -1], labels[..., 0], labels[..., -1]):
        is_outside[np.unique(side)] = True
    is_outside[0] = False
    whole: Mask = ~is_outside[labels]
    return whole


def filled(mask: Mask) -> Mask:
    """Return a mask with its closed cavities filled."""
    image = sitk.BinaryFillhole(sitk.GetImageFromArray(mask.view(np.uint8)))
    return np.asarray(sitk.GetArrayFromImage(image) > 0)


def smoothed(
    values: NDArray[np.float32], sigma_mm: float, step_zyx_mm: Steps
) -> NDArray[np.float32]:
    """Return values smoothed by a Gaussian; along an axis coarser than sigma nothing is done."""
    image = to_image(values, step_zyx_mm)
    for axis, step in enumerate(step_zyx_mm[::-1]):
        if step <= 1.5 * sigma_mm and image.GetSize()[axis] >= 4:
            image = sitk.RecursiveGaussian(image, sigma=sigma_mm, direction=axis)
    array: NDArray[np.float32] = sitk.GetArrayFromImage(image)
    return array


def touching(mask: Mask) -> Mask:
    """Return a mask grown by one block along each axis; quicker than :func:`grown`."""
    wide = mask.copy()
    for axis in range(mask.ndim):
        first = tuple(slice(1, None) if axis == other else slice(None) for other in range(3))
        second = tuple(slice(None, -1) if axis == other else slice(None) for other in range(3))
        wide[first] |= mask[second]
        wide[second] |= mask[first]
    return wide


def parted(depth_mm: NDArray[np.float32], first: Mask, second: Mask) -> Mask:
    """Return the side of a first core where a shape is cut at its neck (watershed of depth).

    Args:
        depth_mm: distance of each block to the outside of the shape; 0 outside.
        first: a core inside the shape.
        second: another one.
    """
    markers = first.astype(np.uint8) + 2 * second.astype(np.uint8)
    flooded = sitk.MorphologicalWatershedFromMarkers(
        sitk.GetImageFromArray(-depth_mm),
        sitk.GetImageFromArray(markers),
        markWatershedLine=False,
        fullyConnected=False,
    )
    return np.asarray(sitk.GetArrayFromImage(flooded) == 1)


def bounding_slices(mask: Mask) -> tuple[slice, slice, slice]:
    """Return the box that holds a mask; the whole array where it is empty."""
    bounds = []
    for axis in range(3):
        across = tuple(other for other in range(3) if other != axis)
        hit = np.nonzero(mask.any(axis=across))[0]
        bounds.append(slice(int(hit[0]), int(hit[-1]) + 1) if hit.size else slice(None))
    return bounds[0], bounds[1], bounds[2]
