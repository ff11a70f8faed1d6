"""A small picture of a research volume."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from workstation.core.job import CancelToken
from workstation.core.small_picture import small_picture
from workstation.exchange.research.header import VolumeRefusedError
from workstation.exchange.research.volume import ResearchVolume


def research_thumbnail(volume: ResearchVolume, size_px: int) -> NDArray[np.uint8]:
    """Return the middle slice as gray levels, (size_px, size_px) uint8.

    Black all over where the file cannot be read. Slow enough (2 ms to seconds) for a job.
    """
    try:
        with volume.reader.ask(volume.request(volume.slice_count // 2), CancelToken()) as answer:
            pixels = np.zeros(answer.shape, dtype=answer.voxel_type)
            answer.fill(pixels)
    except (VolumeRefusedError, OSError):
        return np.zeros((size_px, size_px), dtype=np.uint8)
    return small_picture(pixels[0], volume, size_px)
