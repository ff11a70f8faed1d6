"""Where pixels and words come from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True, slots=True)
class PackRef:
    """A model pack, named so that its bytes can be found again.

    Attributes:
        pack_id: e.g. ``ct-denoise``.
        version: e.g. ``1.0.0``.
        digest: sha256 over the pack's manifest (hex), which itself holds every file's digest.
    """

    pack_id: str
    version: str
    digest: str

    def __str__(self) -> str:
        return f"{self.pack_id} {self.version}"


class PixelKind(Enum):
    """How the voxels of a volume came to be."""

    ORIGINAL = "original"
    RESAMPLED = "resampled"
    ENHANCED = "enhanced"
    FILLED = "filled"


@dataclass(frozen=True, slots=True)
class Provenance:
    """History of a volume's voxels.

    Attributes:
        kind: original as received, resampled by us, made by a model, or with voxels that a model
            proposed where nothing was scanned (Volume.filled says which).
        source_series_uid: the series it was made from; empty for an original.
        pack: the pack that made it; None unless enhanced or filled.
        strength: blend of the model's result with the original, 0..1.
        notes: short clauses a reader must see, e.g. ``lossy JPEG 10:1``.
        image_type: Image Type (0008,0008) of the images, or Frame Type of frames; empty where
            absent.
        processing: what the scanner already did against noise, by the names its makers gave it
            (``iDose``, ``Deep Resolve``); empty where the headers name nothing.
        is_capture: whether the pictures were captured from a screen or from paper.
    """

    kind: PixelKind = PixelKind.ORIGINAL
    source_series_uid: str = ""
    pack: PackRef | None = None
    strength: float = 1.0
    notes: tuple[str, ...] = ()
    image_type: tuple[str, ...] = ()
    processing: tuple[str, ...] = ()
    is_capture: bool = False


class OriginKind(Enum):
    """Who or what wrote a statement; the values are those of the contract (DESIGN section 4)."""

    MEASURED = "measured"
    MODEL = "model"
    TEMPLATE = "template"
    PRIOR = "prior"
    HUMAN = "human"


@dataclass(frozen=True, slots=True)
class Origin:
    """Who or what wrote a statement, and with which pack."""

    kind: OriginKind
    pack: PackRef | None = None
