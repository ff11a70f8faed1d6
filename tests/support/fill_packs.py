"""Packs that propose missing pixels, with tiny models, and a worker in this process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from inference.engine.fill import fill
from inference.engine.sessions import SessionCache
from inference.packs.store import PackStore
from inference.tasks.fill import FillRequest, FillResult
from tests.support.model_packs import MANIFEST, write_pack
from workstation.core.job import CancelToken

FILL_MANIFEST = (
    MANIFEST.replace("neighbours = 3", "neighbours = 5")
    .replace("noise = [4.0, 80.0]\n", "")
    .replace('[[after]]\nop = "restore_padding"\n', "")
)


def constant_model(value: float) -> bytes:
    """Return a model that proposes one value everywhere."""
    return _model(0.0, value)


def broken_model() -> bytes:
    """Return a model that gives no finite number where a voxel is missing."""
    return _model(0.0, 1.0, divides=True)


def between_model() -> bytes:
    """Return a model that proposes the mean of the two slices beside the missing one."""
    return _model(0.5, 0.0)


def _model(share: float, value: float, *, divides: bool = False) -> bytes:
    shape = ["n", "c", "h", "w"]
    kernel = np.zeros((1, 5, 1, 1), np.float32)
    kernel[0, [1, 3]] = share
    middle = np.array([2], np.int64)
    nodes = [
        helper.make_node("Conv", ["slices", "kernel"], ["mean"]),
        helper.make_node("Gather", ["missing", "middle"], ["lost"], axis=1),
        helper.make_node("Sub", ["one", "lost"], ["here"]),
        helper.make_node("Add", ["mean", "value"], ["total"]),
        helper.make_node("Div", ["total", "here" if divides else "one"], ["filled"]),
    ]
    graph = helper.make_graph(
        nodes,
        "test",
        [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
            for name in ("slices", "missing")
        ],
        [helper.make_tensor_value_info("filled", TensorProto.FLOAT, shape)],
        [
            numpy_helper.from_array(kernel, "kernel"),
            numpy_helper.from_array(middle, "middle"),
            numpy_helper.from_array(np.array(value, np.float32), "value"),
            numpy_helper.from_array(np.array(1, np.float32), "one"),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    content: bytes = model.SerializeToString()
    return content


def write_filler(folder: Path, model: bytes, **keys: Any) -> Path:  # noqa: ANN401 - as write_pack
    """Write a pack that proposes missing pixels of CT and return its own folder."""
    about: dict[str, Any] = {
        "pack_id": "fill-test",
        "task": "fill",
        "kind": "filled_slice",
        "bound": 0.0,
        "manifest": FILL_MANIFEST,
    }
    return write_pack(folder, model, **(about | keys))


class FillWorker:
    """Runs fillings in this process; a wish can be made of what comes back.

    Args:
        packs: where its packs are.
        spoil: changes the result before it is handed back.
    """

    def __init__(
        self, packs: PackStore, spoil: Callable[[NDArray[Any]], None] = lambda _voxels: None
    ) -> None:
        self._packs, self._spoil = packs, spoil
        self.requests: list[FillRequest] = []

    def run(
        self,
        request: FillRequest,
        voxels: NDArray[Any] | None,
        *,
        on_progress: Callable[[float], None] | None = None,
        on_slice: Callable[[int, NDArray[Any]], None] | None = None,
        cancel: CancelToken | None = None,
        focus: object = None,
    ) -> tuple[FillResult, NDArray[Any]]:
        """Run one filling; slices that were not asked for come back as rubbish."""
        if voxels is None:
            raise ValueError("a filling needs voxels")
        self.requests.append(request)
        result = np.full_like(voxels, -77)
        done = fill(
            self._packs.get(request.pack_id),
            request,
            voxels,
            result,
            sessions=SessionCache(),
            report=lambda part, _slices: on_progress(part) if on_progress else None,
            cancel=cancel or CancelToken(),
        )
        self._spoil(result)
        return done, result
