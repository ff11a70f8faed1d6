"""Execution providers of ONNX Runtime: which are tried, with which options, and how it went.

Another provider than the CPU is used only after a trial: on a small input it has to give the CPU's
numbers, and at the real size it has to be faster. Numbers come before speed: whatever a provider
may do to be quick (half precision, TF32) is switched off where there is a switch.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

CPU = "CPUExecutionProvider"
CUDA = "CUDAExecutionProvider"
TENSORRT = "TensorrtExecutionProvider"
COREML = "CoreMLExecutionProvider"
DIRECTML = "DmlExecutionProvider"
OPENVINO = "OpenVINOExecutionProvider"

PREFERRED = (CUDA, TENSORRT, COREML, DIRECTML, OPENVINO, CPU)
"""Providers in the order they are tried; the first that is right and faster than the CPU is used.

TensorRT comes after CUDA: it builds an engine for minutes before its first slice, and for models as
small as ours it is no faster.
"""

NAMES: Mapping[str, str] = MappingProxyType(
    {
        CPU: "processor",
        CUDA: "CUDA",
        TENSORRT: "TensorRT",
        COREML: "Core ML",
        DIRECTML: "DirectML",
        OPENVINO: "OpenVINO",
    }
)
"""Providers as people say them."""

STATIC_SHAPES = frozenset({TENSORRT, COREML, DIRECTML, OPENVINO})
"""Providers that want to know the size when they load the model.

Core ML fails at run time with free sizes, and ONNX Runtime then does not fall back; the others
compile a model anew for each new size.
"""

GPU_MEMORY_BYTES = 2 * 1024**3
"""Most that a session takes of a graphics card: our largest model on 2048 x 2048 needs 1.7 GB."""

MOST_THREADS = 16
"""Threads of a session on the processor; a 512 x 512 slice is too small for more."""

OPTIONS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        CUDA: MappingProxyType(
            {
                # TF32 keeps ten bits of a number: several HU on bone.
                "use_tf32": "0",
                # The default tries every algorithm on the first slice, for seconds.
                "cudnn_conv_algo_search": "HEURISTIC",
                "arena_extend_strategy": "kSameAsRequested",
                "gpu_mem_limit": str(GPU_MEMORY_BYTES),
            }
        ),
        TENSORRT: MappingProxyType({"trt_fp16_enable": "0", "trt_int8_enable": "0"}),
        COREML: MappingProxyType(
            {
                "ModelFormat": "MLProgram",
                "RequireStaticInputShapes": "1",
                # The neural engine works in half precision.
                "MLComputeUnits": "CPUAndGPU",
            }
        ),
        DIRECTML: MappingProxyType({}),
        OPENVINO: MappingProxyType({"device_type": "GPU", "precision": "FP32"}),
    }
)
"""Options of each provider, as ONNX Runtime names them."""


@dataclass(frozen=True, slots=True)
class Trial:
    """How it went with one provider.

    Attributes:
        provider: ONNX Runtime's name of it.
        is_used: whether models run on it.
        reason: a clause saying why it is not used; empty if it is.
        largest_difference: from the CPU's numbers, in the unit of the pack; None if it gave none.
        seconds: for one slice at the real size; None where that was not reached.
        cpu_seconds: for the same on the processor.
    """

    provider: str
    is_used: bool
    reason: str = ""
    largest_difference: float | None = None
    seconds: float | None = None
    cpu_seconds: float | None = None

    @property
    def sentence(self) -> str:
        """The outcome for people."""
        name = NAMES.get(self.provider, self.provider)
        return f"{name} is used" if self.is_used else f"{name} is not used: {self.reason}"


def threads() -> int:
    """Return how many threads a session takes: the cores this process may use."""
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return min(cores, MOST_THREADS)
