"""How a display set was acquired, as far as its headers say: what tells one MR series from another.

Source: PS3.3 C.8.3.1 (MR Image), C.8.2.1 (CT Image), C.8.13.5.9 (MR Diffusion).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Acquisition:
    """Of the first slice; None and empty where the header does not say it.

    Attributes:
        b_value: diffusion weighting in s/mm2.
        echo_time_ms, repetition_time_ms, inversion_time_ms: of MR.
        sequence: Sequence Name and Scanning Sequence.
        kernel: Convolution Kernel of CT.
        contrast_agent: Contrast/Bolus Agent; free text, never logged.
    """

    b_value: float | None = None
    echo_time_ms: float | None = None
    repetition_time_ms: float | None = None
    inversion_time_ms: float | None = None
    sequence: str = ""
    kernel: str = ""
    contrast_agent: str = ""
