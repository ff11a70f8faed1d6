"""Which codings of pixels can be read here, by which decoder, and what to say of the others.

Source: PS3.5 annex A (transfer syntaxes), PS3.6 table A-1 (their UIDs).
"""

from __future__ import annotations

from workstation.dicom.decode_protocol import Codec

NATIVE_SYNTAXES = frozenset(
    {
        "1.2.840.10008.1.2",
        "1.2.840.10008.1.2.1",
        "1.2.840.10008.1.2.2",
        "1.2.840.10008.1.2.1.99",
    }
)
"""Transfer syntaxes with pixels as they are: implicit, explicit, big endian, deflated."""

DEFLATED_FRAMES = "1.2.840.10008.1.2.8.1"
"""Deflated Image Frame Compression: each frame by itself. Source: PS3.5 A.4.13."""

UNCOMPRESSED_FRAMES = "1.2.840.10008.1.2.1.98"
"""Encapsulated Uncompressed Explicit VR Little Endian. Source: PS3.5 A.4.11."""

ENCAPSULATED_NATIVE = frozenset({DEFLATED_FRAMES, UNCOMPRESSED_FRAMES})
"""Native pixels in fragments; no decoder library is needed."""

CODECS: dict[str, Codec] = {
    "1.2.840.10008.1.2.5": Codec.RLE,
    "1.2.840.10008.1.2.4.50": Codec.JPEG,  # baseline
    "1.2.840.10008.1.2.4.51": Codec.JPEG,  # extended
    "1.2.840.10008.1.2.4.55": Codec.JPEG,  # full progression, retired
    "1.2.840.10008.1.2.4.57": Codec.JPEG,  # lossless
    "1.2.840.10008.1.2.4.70": Codec.JPEG,  # lossless, first-order prediction
    "1.2.840.10008.1.2.4.80": Codec.JPEG_LS,  # lossless
    "1.2.840.10008.1.2.4.81": Codec.JPEG_LS,  # near-lossless
    "1.2.840.10008.1.2.4.90": Codec.JPEG_2000,  # lossless
    "1.2.840.10008.1.2.4.91": Codec.JPEG_2000,
    "1.2.840.10008.1.2.4.201": Codec.JPEG_2000,  # high throughput, lossless
    "1.2.840.10008.1.2.4.202": Codec.JPEG_2000,  # high throughput, lossless, RPCL
    "1.2.840.10008.1.2.4.203": Codec.JPEG_2000,  # high throughput
}
"""The decoder of each compressed transfer syntax."""

CODEC_NAMES = {
    Codec.RLE: "RLE",
    Codec.JPEG: "JPEG",
    Codec.JPEG_LS: "JPEG-LS",
    Codec.JPEG_2000: "JPEG 2000",
}

_OTHERS = {
    "1.2.840.10008.1.2.4.92": "JPEG 2000 with several components (part 2)",
    "1.2.840.10008.1.2.4.93": "JPEG 2000 with several components (part 2)",
    "1.2.840.10008.1.2.4.110": "JPEG XL",
    "1.2.840.10008.1.2.4.111": "JPEG XL",
    "1.2.840.10008.1.2.4.112": "JPEG XL",
}
"""Codings with a name but without a decoder here."""

_ELSEWHERE = frozenset(
    {
        "1.2.840.10008.1.2.4.94",
        "1.2.840.10008.1.2.4.95",
        "1.2.840.10008.1.2.4.204",
        "1.2.840.10008.1.2.4.205",
    }
)
"""JPIP: the file holds an address in place of pixels. Source: PS3.5 A.6."""


class DecodeError(Exception):
    """A slice cannot be decoded; the text is a sentence for people without names."""


def reason_not_decodable(transfer_syntax: str) -> str:
    """Return why pixels of a transfer syntax cannot be read here; empty where they can."""
    if transfer_syntax in NATIVE_SYNTAXES | ENCAPSULATED_NATIVE or transfer_syntax in CODECS:
        return ""
    if transfer_syntax in _ELSEWHERE:
        return "its pixels are not in the file but on the server that it names (JPIP)"
    if name := _OTHERS.get(transfer_syntax):
        return f"its pixels are coded as {name}, which this program cannot read"
    return "its pixels are coded in a way that this program cannot read"
