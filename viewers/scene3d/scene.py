"""The scene: a volume, the surfaces of regions and a view, drawn by VTK into memory.

It lives in a process of its own, the only home of VTK. World coordinates are the patient's: LPS,
millimeters. The volume is placed by a matrix that is a rotation and a shift, so that nothing can
come out mirrored.

Two ways to draw: the graphics card, where there is one; else the processor, since its ray caster is
ten times as fast as OpenGL on the processor is (measured with 512 x 512 x 300 voxels).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import vtkmodules.vtkRenderingVolumeOpenGL2  # noqa: F401 registers how volumes are drawn
from numpy.typing import NDArray
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkShortArray, vtkUnsignedCharArray, vtkUnsignedShortArray
from vtkmodules.vtkCommonDataModel import vtkImageData, vtkPiecewiseFunction, vtkPlane
from vtkmodules.vtkCommonMath import vtkMatrix4x4
from vtkmodules.vtkRenderingCore import (
    vtkActor,
    vtkColorTransferFunction,
    vtkPolyDataMapper,
    vtkRenderer,
    vtkVolume,
    vtkVolumeProperty,
)
from vtkmodules.vtkRenderingOpenGL2 import vtkOpenGLRenderWindow
from vtkmodules.vtkRenderingVolume import vtkFixedPointVolumeRayCastMapper
from vtkmodules.vtkRenderingVolumeOpenGL2 import vtkOpenGLGPUVolumeRayCastMapper

from viewers.scene3d.blocks import Block
from viewers.scene3d.outside import Outside, outside_of
from viewers.scene3d.protocol import AddRegion, Draw, Load
from viewers.scene3d.surfaces import region_surface

COARSE_ABOVE_VOXELS = 12_000_000
"""A larger volume is first drawn with every second voxel: preparing takes 90 ns per voxel."""

LEAST_COARSE_SIDE = 64
"""An axis with fewer voxels keeps all of them in the coarse volume."""

MOVING_MS = 45.0
"""What a picture may take while the hand moves: about twenty pictures in a second."""

COARSEST_PX = 6.0
"""Rays are never farther apart than this while the hand moves."""

STEP_SHARE, MOVING_STEP_SHARE = 0.7, 1.6
"""Steps along a ray, in the shortest edge of a voxel: at rest, and while the hand moves."""

PREPARING = (
    "VolumeMapperComputeGradientsStartEvent",
    "VolumeMapperComputeGradientsProgressEvent",
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture, RGBA from the top; whether every second voxel was drawn, and the body only."""

    rgba: NDArray[np.uint8]
    is_coarse: bool
    ms: float
    hides_outside: bool = False


class Scene:
    """Owned by the main thread of the scene process.

    Args:
        window: draws into memory.
        is_software: whether the processor draws.
    """

    def __init__(self, window: vtkOpenGLRenderWindow, *, is_software: bool) -> None:
        self._window = window
        self._is_software = is_software
        self._renderer = vtkRenderer()
        self._renderer.SetBackground(0.0, 0.0, 0.0)
        self._renderer.GetActiveCamera().ParallelProjectionOn()
        window.AddRenderer(self._renderer)
        self._colors, self._opacities = vtkColorTransferFunction(), vtkPiecewiseFunction()
        self._property = vtkVolumeProperty()
        self._property.SetColor(self._colors)
        self._property.SetScalarOpacity(self._opacities)
        self._property.SetInterpolationTypeToLinear()
        self._outside: Outside | None = None
        self._fill: float | None = None
        self._full: _Body | None = None
        self._coarse: _Body | None = None
        self._regions: dict[int, vtkActor] = {}
        self._rays_px = 3.0
        self._must_stop: Callable[[], bool] = lambda: False
        window.AddObserver("AbortCheckEvent", self._check_abort)

    @property
    def has_volume(self) -> bool:
        """Whether a volume was loaded."""
        return self._full is not None

    def load(self, request: Load, block: Block) -> None:
        """Take another volume; the block must live until the next one comes."""
        for body in (self._full, self._coarse):
            if body is not None:
                self._renderer.RemoveVolume(body.volume)
        self._outside, self._fill = None, None
        self._full = self._coarse = None
        voxels = block.array
        matrix = np.array(request.matrix).reshape(4, 4)
        place = _Scale(request.scale, request.offset)
        self._full = self._body(voxels, matrix, place)
        if request.has_coarse and voxels.size > COARSE_ABOVE_VOXELS:
            strides = [2 if size >= LEAST_COARSE_SIDE else 1 for size in voxels.shape]
            thin = np.ascontiguousarray(voxels[:: strides[0], :: strides[1], :: strides[2]])
            wider = matrix.copy()
            wider[:3, :3] *= np.array(strides[::-1])
            self._coarse = self._body(thin, wider, place)

    def add_region(self, request: AddRegion, masks: NDArray[np.uint8]) -> None:
        """Make the surface of a region."""
        self.drop_region(request.region)
        mapper = vtkPolyDataMapper()
        mapper.SetInputData(region_surface(masks, request))
        mapper.ScalarVisibilityOff()
        actor = vtkActor()
        actor.SetMapper(mapper)
        look = actor.GetProperty()
        look.SetAmbient(0.2)
        look.SetDiffuse(0.8)
        look.SetSpecular(0.2)
        look.SetSpecularPower(12)
        actor.VisibilityOff()
        self._regions[request.region] = actor
        self._renderer.AddActor(actor)

    def drop_region(self, region: int) -> None:
        """Forget the surface of a region."""
        actor = self._regions.pop(region, None)
        if actor is not None:
            self._renderer.RemoveActor(actor)

    def is_prepared(self, request: Draw) -> bool:
        """Whether all voxels can be drawn at once, without the work of seconds before."""
        self._hide_outside(request)
        body = self._full
        return self._coarse is None or body is None or body.is_ready_for(request)

    def prepare(self, request: Draw, meanwhile: Callable[[], None]) -> None:
        """Do the work of seconds; ``meanwhile`` is called several times a second and may draw."""
        body = self._full
        if body is None:
            return
        self._look(request, body)

        def tell(_caller: object, _event: str) -> None:
            meanwhile()

        tags = [body.mapper.AddObserver(name, tell) for name in PREPARING]
        body.mapper.PerVolumeInitialization(self._renderer, body.volume)
        for tag in tags:
            body.mapper.RemoveObserver(tag)
        body.has_normals = body.has_normals or bool(request.light)
        body.was_drawn = True

    def draw(
        self, request: Draw, *, must_stop: Callable[[], bool], is_coarse: bool = False
    ) -> Drawn | None:
        """Return the picture of a request; None where it was stopped.

        Args:
            request: what to draw.
            must_stop: asked now and then; True stops the picture.
            is_coarse: draw the coarse volume.
        """
        begun = time.perf_counter()
        body = self._coarse if is_coarse and self._coarse is not None else self._full
        self._hide_outside(request)
        self._show_only(body if request.has_volume else None)
        if body is not None:
            self._look(request, body)
            self._sampling(request, body)
        self._aim(request)
        self._must_stop = must_stop
        rgba = self._blended(request)
        if rgba is None:
            return None
        ms = (time.perf_counter() - begun) * 1000
        if request.is_moving:
            self._learn(ms)
        if body is not None:
            body.was_drawn = True
            body.has_normals = body.has_normals or bool(request.light)
        hides_outside = self._fill is not None and bool(self._outside and self._outside.count)
        return Drawn(rgba, body is self._coarse and body is not None, ms, hides_outside)

    # Private

    def _hide_outside(self, request: Draw) -> None:
        """Fill what lies outside the body as a request says, or bring it back."""
        body = self._full
        if body is None or request.fill == self._fill:
            return
        if self._outside is None:
            self._outside = body.outside()
        if self._fill is not None:
            self._outside.restore(body.voxels)
        if request.fill is not None:
            self._outside.fill(body.voxels, body.scale.held(request.fill, body.voxels.dtype))
        self._fill = request.fill
        body.changed()
        if self._coarse is not None:
            strides = [2 if size >= LEAST_COARSE_SIDE else 1 for size in body.voxels.shape]
            thin = body.voxels[:: strides[0], :: strides[1], :: strides[2]]
            self._coarse.voxels[...] = thin
            self._coarse.changed()

    def _body(self, voxels: NDArray[Any], matrix: NDArray[np.float64], scale: _Scale) -> _Body:
        body = _Body(voxels, matrix, scale, is_software=self._is_software)
        body.volume.SetProperty(self._property)
        body.volume.VisibilityOff()
        self._renderer.AddVolume(body.volume)
        return body

    def _show_only(self, shown: _Body | None) -> None:
        for body in (self._full, self._coarse):
            if body is not None:
                body.volume.SetVisibility(body is shown)

    def _look(self, request: Draw, body: _Body) -> None:
        self._colors.RemoveAllPoints()
        for value, red, green, blue in request.color:
            self._colors.AddRGBPoint(body.scale.stored(value), red, green, blue)
        self._opacities.RemoveAllPoints()
        for value, opacity in request.opacity:
            self._opacities.AddPoint(body.scale.stored(value), opacity)
        self._property.SetShade(bool(request.light))
        if request.light:
            ambient, diffuse, specular, power = request.light
            self._property.SetAmbient(ambient)
            self._property.SetDiffuse(diffuse)
            self._property.SetSpecular(specular)
            self._property.SetSpecularPower(power)
        body.blend(request.blend)
        body.clip(request.planes)

    def _sampling(self, request: Draw, body: _Body) -> None:
        share = MOVING_STEP_SHARE if request.is_moving else STEP_SHARE
        rays_px = self._rays_px if request.is_moving else 1.0
        body.mapper.SetSampleDistance(share * body.shortest_mm)
        body.mapper.SetImageSampleDistance(rays_px)

    def _learn(self, ms: float) -> None:
        """Set rays farther apart where pictures come slowly, nearer where there is time."""
        if ms > MOVING_MS:
            self._rays_px = min(self._rays_px * 1.25, COARSEST_PX)
        elif ms < MOVING_MS / 2:
            self._rays_px = max(self._rays_px / 1.15, 1.0)

    def _aim(self, request: Draw) -> None:
        self._window.SetSize(request.width, request.height)
        axes, focal = np.array(request.axes).reshape(3, 3), np.array(request.focal)
        camera = self._renderer.GetActiveCamera()
        camera.SetFocalPoint(*focal)
        camera.SetPosition(*(focal + axes[2] * _AWAY_MM))
        camera.SetViewUp(*axes[1])
        camera.SetParallelScale(request.height / 2 / request.px_per_mm)
        shown = {int(one[0]): one[1:] for one in request.regions}
        for region, actor in self._regions.items():
            actor.SetVisibility(region in shown)
            if region in shown:
                actor.GetProperty().SetColor(*shown[region])
                _clip(actor.GetMapper(), request.planes)
        self._renderer.ResetCameraClippingRange()

    def _blended(self, request: Draw) -> NDArray[np.uint8] | None:
        """Return the picture; regions that are half seen through are mixed of two pictures.

        A surface that is drawn half transparent lies wholly before or behind a volume in VTK's
        ray caster; drawn opaque it lies where it is.
        """
        has_two = bool(request.regions) and request.region_opacity < 1
        with_regions = self._rendered(request)
        if with_regions is None or not has_two:
            return with_regions
        for actor in self._regions.values():
            actor.VisibilityOff()
        without = self._rendered(request)
        if without is None:
            return None
        share = np.float32(request.region_opacity)
        mixed: NDArray[np.uint8] = (with_regions * share + without * (1 - share)).astype(np.uint8)
        return mixed

    def _rendered(self, request: Draw) -> NDArray[np.uint8] | None:
        self._window.SetAbortRender(0)
        self._window.Render()
        if self._window.GetAbortRender():
            return None
        pixels = vtkUnsignedCharArray()
        right, top = request.width - 1, request.height - 1
        self._window.GetRGBACharPixelData(0, 0, right, top, 0, pixels)
        rows = vtk_to_numpy(pixels).reshape(request.height, request.width, 4)
        flipped: NDArray[np.uint8] = rows[::-1]
        return flipped

    def _check_abort(self, _caller: object, _event: str) -> None:
        if self._must_stop():
            self._window.SetAbortRender(1)


_AWAY_MM = 5000.0
"""The eye of a parallel projection may be anywhere outside the volume."""


@dataclass(frozen=True, slots=True)
class _Scale:
    scale: float
    offset: float

    def stored(self, value: float) -> float:
        return (value - self.offset) / self.scale

    def held(self, value: float, dtype: np.dtype[Any]) -> float:
        """Return a value as voxels hold it, the nearest they can hold."""
        bounds = np.iinfo(dtype)
        return min(max(round(self.stored(value)), bounds.min), bounds.max)


class _Body:
    """One volume in the scene with its mapper."""

    def __init__(
        self, voxels: NDArray[Any], matrix: NDArray[np.float64], scale: _Scale, *, is_software: bool
    ) -> None:
        self.scale = scale
        self.has_normals = self.was_drawn = False
        self._is_software = is_software
        self.voxels = voxels  # VTK only borrows the memory
        steps = np.linalg.norm(matrix[:3, :3], axis=0)
        self.shortest_mm = float(steps.min())
        self._steps_kji = (float(steps[2]), float(steps[1]), float(steps[0]))
        self._scalars = vtkShortArray() if voxels.dtype == np.int16 else vtkUnsignedShortArray()
        self._scalars.SetVoidArray(voxels, voxels.size, 1)
        self._image = vtkImageData()
        self._image.SetDimensions(*voxels.shape[::-1])
        self._image.SetSpacing(*steps)
        self._image.GetPointData().SetScalars(self._scalars)
        self.mapper = (
            vtkFixedPointVolumeRayCastMapper() if is_software else vtkOpenGLGPUVolumeRayCastMapper()
        )
        self.mapper.SetInputData(self._image)
        self.mapper.SetAutoAdjustSampleDistances(0)
        if is_software:
            self.mapper.SetLockSampleDistanceToInputSpacing(0)
        else:
            self.mapper.SetUseJittering(1)
        self.volume = vtkVolume()
        self.volume.SetMapper(self.mapper)
        self.volume.SetUserMatrix(_rigid(matrix, steps))

    def is_ready_for(self, request: Draw) -> bool:
        """Whether it was drawn, and has the normals that light needs."""
        if not self._is_software:
            return True
        return self.was_drawn and (self.has_normals or not request.light)

    def outside(self) -> Outside:
        """Return what of it lies outside the body."""
        return outside_of(self.voxels, self._steps_kji, self.scale.stored)

    def changed(self) -> None:
        """Take note of other voxels: what was prepared of them is void."""
        self.has_normals = self.was_drawn = False
        self._scalars.Modified()
        self._image.Modified()

    def blend(self, name: str) -> None:
        """Say how values along a ray are joined."""
        modes = {
            "composite": self.mapper.SetBlendModeToComposite,
            "mip": self.mapper.SetBlendModeToMaximumIntensity,
            "minip": self.mapper.SetBlendModeToMinimumIntensity,
        }
        modes[name]()

    def clip(self, planes: tuple[tuple[float, ...], ...]) -> None:
        """Draw what lies on the side of the normal of every plane."""
        _clip(self.mapper, planes)


def _clip(mapper: Any, planes: tuple[tuple[float, ...], ...]) -> None:  # noqa: ANN401 VTK has no types
    mapper.RemoveAllClippingPlanes()
    for numbers in planes:
        plane = vtkPlane()
        plane.SetOrigin(*numbers[:3])
        plane.SetNormal(*numbers[3:])
        mapper.AddClippingPlane(plane)


def _rigid(matrix: NDArray[np.float64], steps: NDArray[np.float64]) -> vtkMatrix4x4:
    """Return the rotation and shift that place millimeters along the axes in the patient."""
    placed = matrix.copy()
    placed[:3, :3] /= steps
    if np.linalg.det(placed[:3, :3]) < 0:
        raise ValueError("the axes of a volume are right-handed")
    found = vtkMatrix4x4()
    for row in range(4):
        for column in range(4):
            found.SetElement(row, column, float(placed[row, column]))
    return found
