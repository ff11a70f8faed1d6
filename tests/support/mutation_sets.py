"""Small sets to spoil where the real ones are absent; the same bytes each time they are written.

Written by pydicom and SimpleITK, so that a spoiled case can be made again from its number alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pydicom
import SimpleITK
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import (
    CTImageStorage,
    DeflatedExplicitVRLittleEndian,
    EnhancedMRImageStorage,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGLSLossless,
    MRImageStorage,
    RLELossless,
    SecondaryCaptureImageStorage,
)

from tests.support.canary import CANARY, CANARY_ID

SHAPE = (40, 48)
"""The encoder of JPEG 2000 takes nothing smaller than 32."""


def synthetic_sets(folder: Path) -> list[Path]:
    """Write the sets below a folder; return one folder for each."""
    makers = {
        "plain_ct": lambda to: _stack(to, range(6)),
        "plain_mr": lambda to: _stack(to, range(5), syntax=ImplicitVRLittleEndian, modality="MR"),
        "big_endian": lambda to: _stack(to, range(3), syntax=ExplicitVRBigEndian),
        "deflated": lambda to: _stack(to, range(3), syntax=DeflatedExplicitVRLittleEndian),
        "rle": lambda to: _stack(to, range(4), codec=RLELossless),
        "jpeg_ls": lambda to: _stack(to, range(4), codec=JPEGLSLossless),
        "jpeg_2000": lambda to: _stack(to, range(4), codec=JPEG2000Lossless),
        "enhanced": _enhanced,
        "color": _color,
        "foreign": _foreign,
    }
    made = []
    for name, make in makers.items():
        to = folder / f"synthetic_{name}"
        to.mkdir(parents=True, exist_ok=True)
        make(to)
        made.append(to)
    return made


def _stack(
    folder: Path,
    numbers: Sequence[int],
    *,
    syntax: str = ExplicitVRLittleEndian,
    modality: str = "CT",
    codec: str = "",
) -> None:
    for number in numbers:
        data = slice_of(number, syntax=syntax, modality=modality, name=folder.name)
        if codec:
            data.compress(codec, generate_instance_uid=False)
        _save(data, folder / f"{number:03d}.dcm")


def slice_of(
    number: int, *, syntax: str = ExplicitVRLittleEndian, modality: str = "CT", name: str = "x"
) -> Dataset:
    """Return an axial slice of the canary patient, 2 mm above the one before."""
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = syntax
    data.SpecificCharacterSet = "ISO_IR 192"
    data.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    data.SOPClassUID = CTImageStorage if modality == "CT" else MRImageStorage
    series = sum(name.encode())
    data.SOPInstanceUID = f"2.25.{series}.{number + 1}"
    data.Modality, data.Manufacturer = modality, "SYNTHETIC"
    data.PatientName, data.PatientID = CANARY, CANARY_ID
    data.StudyInstanceUID, data.SeriesInstanceUID = "2.25.77", f"2.25.{series}"
    data.FrameOfReferenceUID = f"2.25.{series}.0"
    data.SeriesNumber, data.InstanceNumber = 1, number + 1
    data.ImagePositionPatient = [-16, -12, 2 * number]
    data.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    data.PixelSpacing, data.SliceThickness = [1, 0.75], 2
    data.WindowCenter, data.WindowWidth = [40, 400], [400, 1500]
    data.RescaleSlope, data.RescaleIntercept, data.RescaleType = 1, -1024, "HU"
    data.ReferencedImageSequence = [Dataset()]
    data.ReferencedImageSequence[0].ReferencedSOPInstanceUID = "2.25.5"
    set_pixels(data, _pixels(number))
    return data


def set_pixels(data: Dataset, pixels: NDArray[np.uint16]) -> None:
    """Store gray pixels as they are, with what describes them."""
    data.Rows, data.Columns = pixels.shape[-2:]
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
    data.BitsAllocated, data.BitsStored, data.HighBit = 16, 12, 11
    data.PixelRepresentation = 0
    order = ">u2" if data.file_meta.TransferSyntaxUID == ExplicitVRBigEndian else "<u2"
    data.PixelData = pixels.astype(order).tobytes()
    data["PixelData"].VR = "OW"


def _pixels(number: int) -> NDArray[np.uint16]:
    j, i = np.indices(SHAPE)
    noise = np.random.default_rng(number).integers(0, 30, SHAPE)
    return (900 + 20 * number + 5 * j + 3 * i + noise).astype(np.uint16)


def _enhanced(folder: Path) -> None:
    for number in range(2):
        data = slice_of(number, modality="MR", name=folder.name)
        data.SOPClassUID = EnhancedMRImageStorage
        for keyword in ("ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing"):
            delattr(data, keyword)
        count = 5
        set_pixels(data, np.stack([_pixels(frame) for frame in range(count)]))
        data.NumberOfFrames = count
        shared = Dataset()
        shared.PixelMeasuresSequence = [_item(PixelSpacing=[1, 0.75], SliceThickness=2)]
        shared.PlaneOrientationSequence = [_item(ImageOrientationPatient=[1, 0, 0, 0, 1, 0])]
        data.SharedFunctionalGroupsSequence = [shared]
        data.PerFrameFunctionalGroupsSequence = [_groups(frame) for frame in range(count)]
        _save(data, folder / f"{number:03d}.dcm")


def _groups(frame: int) -> Dataset:
    group = Dataset()
    group.PlanePositionSequence = [_item(ImagePositionPatient=[0, 0, -3 * frame])]
    group.FrameContentSequence = [_item(StackID="1", InStackPositionNumber=frame + 1)]
    value = _item(RescaleSlope=frame + 1, RescaleIntercept=0, RescaleType="US")
    group.PixelValueTransformationSequence = [value]
    return group


def _item(**attributes: object) -> Dataset:
    data = Dataset()
    for keyword, value in attributes.items():
        setattr(data, keyword, value)
    return data


def _color(folder: Path) -> None:
    for number, (kind, planar) in enumerate((("RGB", 0), ("RGB", 1), ("YBR_FULL", 0))):
        data = slice_of(number, name=folder.name)
        data.SOPClassUID = SecondaryCaptureImageStorage
        data.SamplesPerPixel, data.PhotometricInterpretation = 3, kind
        data.PlanarConfiguration = planar
        data.BitsAllocated, data.BitsStored, data.HighBit = 8, 8, 7
        data.PixelData = np.repeat((_pixels(number) // 8).astype(np.uint8), 3).tobytes()
        _save(data, folder / f"{number:03d}.dcm")
    data = slice_of(9, name=folder.name)
    data.PhotometricInterpretation = "PALETTE COLOR"
    for color in ("Red", "Green", "Blue"):
        setattr(data, f"{color}PaletteColorLookupTableDescriptor", [256, 0, 16])
        table = (np.arange(256) * 257).astype("<u2").tobytes()
        setattr(data, f"{color}PaletteColorLookupTableData", table)
    _save(data, folder / "009.dcm")


def _foreign(folder: Path) -> None:
    voxels = np.stack([_pixels(number) for number in range(4)]).astype(np.int16)
    image = SimpleITK.GetImageFromArray(voxels)
    image.SetSpacing((0.75, 1.0, 2.0))
    for ending in ("nii", "nii.gz", "nrrd", "mha", "mhd"):
        SimpleITK.WriteImage(image, str(folder / f"volume.{ending}"))
    # Pictures of less than a hundred pixels are taken for icons.
    picture = SimpleITK.GetImageFromArray(np.kron(voxels[0] // 8, np.ones((4, 4))).astype(np.uint8))
    for ending in ("png", "jpg"):
        SimpleITK.WriteImage(picture, str(folder / f"picture.{ending}"))


def _save(data: Dataset, path: Path) -> None:
    data.file_meta.MediaStorageSOPClassUID = data.SOPClassUID
    data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID
    pydicom.dcmwrite(path, data, enforce_file_format=True)
