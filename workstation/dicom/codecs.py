"""Decode pixels that are compressed, colored or stored in a rare way, through pydicom's decoders.

Source: PS3.5 annex A (transfer syntaxes), PS3.3 C.7.6.3.1.2 (photometric interpretation).
"""

from __future__ import annotations

import threading
import warnings
from typing import Any

import numpy as np
import pydicom
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.pixels import apply_color_lut, pixel_array

from workstation.dicom.frames import Frame, PixelLayout
from workstation.dicom.limits import LimitError

_ONE_AT_A_TIME = threading.Lock()
"""pydicom warns through process-wide filters, which two threads must not change at once."""


class DecodeError(Exception):
    """A slice cannot be decoded; the text is a sentence for people without names."""


def decode_stored(frame: Frame) -> NDArray[Any]:
    """Return the stored values of a frame: (rows, columns), or (rows, columns, 3) uint8 RGB.

    Raises:
        DecodeError: the pixels are damaged or their coding is not supported.
    """
    try:
        with frame.file.open() as opened, _ONE_AT_A_TIME, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            header = Dataset()
            pixels = pixel_array(opened, ds_out=header, index=frame.index)
            if frame.imaging.layout.photometric == "PALETTE COLOR":
                opened.seek(0)
                palette = pydicom.dcmread(opened, stop_before_pixels=True, force=True)
                pixels = apply_color_lut(pixels, palette)
    except PermissionError as error:
        raise DecodeError("you have no permission to read this file") from error
    except (OSError, LimitError) as error:
        raise DecodeError("the file cannot be read, or is damaged") from error
    except MemoryError as error:
        raise DecodeError("its pixels need more memory than there is") from error
    except Exception as error:
        raise DecodeError(
            "its pixels cannot be decoded; they are damaged or coded in a way that is not supported"
        ) from error
    return _eight_bits(pixels, frame.imaging.layout) if frame.imaging.layout.is_color else pixels


def _eight_bits(pixels: NDArray[Any], layout: PixelLayout) -> NDArray[np.uint8]:
    """Return colors as uint8; deeper ones lose their lowest bits."""
    if pixels.dtype == np.uint8:
        return pixels[..., :3]
    bits = 16 if layout.photometric == "PALETTE COLOR" else layout.bits_stored
    return (pixels >> max(bits - 8, 0)).astype(np.uint8)[..., :3]
