"""Decode pixels that are compressed, colored or stored in a rare way, through pydicom's decoders.

Only the bytes of the one frame are handed to a decoder, after its own header was held against
that of the file, so that a small code stream cannot unfold into a huge picture.

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
from pydicom.encaps import encapsulate, get_frame
from pydicom.pixels import apply_color_lut, get_decoder, pixel_array
from pydicom.uid import AllTransferSyntaxes

from workstation.dicom.code_streams import size_of
from workstation.dicom.frames import Frame, PixelLayout
from workstation.dicom.limits import LimitError

NATIVE_SYNTAXES = frozenset(
    {
        "1.2.840.10008.1.2",
        "1.2.840.10008.1.2.1",
        "1.2.840.10008.1.2.2",
        "1.2.840.10008.1.2.1.99",
    }
)
"""Transfer syntaxes with pixels as they are: implicit, explicit, big endian, deflated."""

_ONE_AT_A_TIME = threading.Lock()
"""pydicom warns through process-wide filters, which two threads must not change at once.

Nothing is lost by it: the decoders hold the interpreter anyway.
"""


def can_decode(transfer_syntax: str) -> bool:
    """Whether pixels of a transfer syntax can be read here; a private or unknown one cannot."""
    if transfer_syntax in NATIVE_SYNTAXES:
        return True
    if transfer_syntax not in AllTransferSyntaxes:
        return False
    try:
        return bool(get_decoder(pydicom.uid.UID(transfer_syntax)).is_available)
    except NotImplementedError:
        return False


class DecodeError(Exception):
    """A slice cannot be decoded; the text is a sentence for people without names."""


def decode_stored(frame: Frame) -> NDArray[Any]:
    """Return the stored values of a frame: (rows, columns), or (rows, columns, 3) uint8 RGB.

    Raises:
        DecodeError: the pixels are damaged or their coding is not supported.
    """
    layout = frame.imaging.layout
    try:
        with _ONE_AT_A_TIME, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if layout.transfer_syntax in NATIVE_SYNTAXES or layout.photometric == "PALETTE COLOR":
                pixels = _whole_file(frame)
            else:
                pixels = _one_frame(frame, layout)
    except DecodeError:
        raise
    except PermissionError as error:
        raise DecodeError("you have no permission to read this file") from error
    except (OSError, LimitError) as error:
        raise DecodeError("the file cannot be read, or is damaged") from error
    except MemoryError as error:
        raise DecodeError("its pixels need more memory than there is") from error
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # decoders raise anything at damaged data; Rust even a panic
        raise DecodeError(
            "its pixels cannot be decoded; they are damaged or coded in an unsupported way"
        ) from error
    return _eight_bits(pixels, layout) if layout.is_color else pixels


def _one_frame(frame: Frame, layout: PixelLayout) -> NDArray[Any]:
    with frame.file.open() as opened:
        opened.seek(frame.pixel_offset)
        coded = get_frame(opened, frame.index, number_of_frames=frame.frame_count or 1)
    claimed = size_of(coded)
    if claimed is not None and claimed != (layout.rows, layout.columns):
        raise DecodeError("its compressed pixels have another size than the header says")
    is_ybr = layout.photometric.startswith("YBR")
    pixels, _ = get_decoder(pydicom.uid.UID(layout.transfer_syntax)).as_array(
        encapsulate([coded], has_bot=False),
        index=0,
        as_rgb=is_ybr,
        rows=layout.rows,
        columns=layout.columns,
        samples_per_pixel=layout.samples,
        photometric_interpretation=layout.photometric,
        planar_configuration=int(layout.is_planar),
        bits_allocated=layout.bits_allocated,
        bits_stored=layout.bits_stored,
        pixel_representation=int(layout.is_signed),
        number_of_frames=1,
        pixel_keyword="PixelData",
    )
    return pixels


def _whole_file(frame: Frame) -> NDArray[Any]:
    """Return a frame of a native color or rare layout; pydicom reads the file."""
    with frame.file.open() as opened:
        pixels = pixel_array(opened, ds_out=Dataset(), index=frame.index)
        if frame.imaging.layout.photometric == "PALETTE COLOR":
            opened.seek(0)
            palette = pydicom.dcmread(opened, stop_before_pixels=True, force=True)
            pixels = apply_color_lut(pixels, palette)
    return pixels


def _eight_bits(pixels: NDArray[Any], layout: PixelLayout) -> NDArray[np.uint8]:
    """Return colors as uint8; deeper ones lose their lowest bits."""
    if pixels.dtype == np.uint8:
        return pixels[..., :3]
    bits = 16 if layout.photometric == "PALETTE COLOR" else layout.bits_stored
    return (pixels >> max(bits - 8, 0)).astype(np.uint8)[..., :3]
