"""From a pack's ONNX file back to a network of torch: the weights, and proof that it is the same.

Needs the extra ``vlm``.
"""

from __future__ import annotations

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper

from inference.engine.sessions import Session
from inference.packs.manifest import refused
from inference.training.networks import DenoiseNet

SAME_SIGMAS = 1e-3
"""Largest difference between both, in noise deviations: float32 sums in another order."""

PROOF_SHAPE_JI = (64, 84)

Arrays = dict[str, NDArray[np.float32]]


def load_weights(network: DenoiseNet, model: bytes) -> None:
    """Give a network the weights of an exported model.

    The export keeps the names of weights. One equal to another is written once and named again
    as its copy; what was folded has a name of the exporter and is found by its shape.

    Raises:
        PackRefusedError: the model was made from another network.
    """
    graph = onnx.load_from_string(model).graph
    arrays = {item.name: numpy_helper.to_array(item) for item in graph.initializer}
    for node in graph.node:
        if node.op_type == "Identity" and node.input[0] in arrays:
            arrays[node.output[0]] = arrays[node.input[0]]
    state = {
        name: torch.from_numpy(_weight(name, tuple(wanted.shape), arrays))
        for name, wanted in network.state_dict().items()
    }
    network.load_state_dict(state)


def _weight(name: str, shape: tuple[int, ...], arrays: Arrays) -> NDArray[np.float32]:
    found = arrays.get(name)
    if found is None:
        folded = [a for key, a in arrays.items() if "::" in key and a.shape == shape]
        found = folded[0] if len(folded) == 1 else None
    if found is None or found.shape != shape:
        raise refused("its weights are not those of a network that this program can train")
    return found.astype(np.float32)


def require_same(network: DenoiseNet, session: Session) -> None:
    """Check that a network gives what a pack's model gives.

    Raises:
        PackRefusedError: it does not.
    """
    random = np.random.default_rng(3)
    count = network.shape.neighbours
    slices = (15 + 3 * random.standard_normal((1, count, *PROOF_SHAPE_JI))).astype(np.float32)
    sigma = np.ones((1, 1, *PROOF_SHAPE_JI), np.float32)
    expected = session.run({"slices": slices, "sigma": sigma})
    network.eval()
    with torch.no_grad():
        given = network(torch.from_numpy(slices), torch.from_numpy(sigma)).numpy()
    if not np.abs(given - expected).max() <= SAME_SIGMAS:
        raise refused("its weights do not give in training what they give when it runs")
