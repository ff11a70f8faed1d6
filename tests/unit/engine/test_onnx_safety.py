"""A model that points outside its file never reaches the runtime."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from inference.engine.onnx_safety import require_self_contained
from tests.support.model_packs import mean_model, shift_model
from workstation.core.errors import PackRefusedError


def external(name: str) -> Any:  # noqa: ANN401 - onnx ships no types
    tensor = numpy_helper.from_array(np.zeros(4, np.float32), name)
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", "../../../etc/hostname"
    return tensor


def model(nodes: list[Any], tensors: list[Any]) -> bytes:
    graph = helper.make_graph(nodes, "g", [], [], tensors)
    content: bytes = helper.make_model(graph).SerializeToString()
    return content


def test_models_of_their_own_pass() -> None:
    require_self_contained(mean_model())
    require_self_contained(shift_model(1))


def test_weights_in_another_file_are_refused() -> None:
    with pytest.raises(PackRefusedError, match="another file"):
        require_self_contained(model([], [external("w")]))


def test_weights_in_another_file_are_found_in_constants_and_in_branches() -> None:
    constant = helper.make_node("Constant", [], ["c"], value=external("c"))
    inner = helper.make_graph([constant], "inner", [], [])
    branch = helper.make_node("If", ["x"], ["y"], then_branch=inner, else_branch=inner)

    for nodes in ([constant], [branch]):
        with pytest.raises(PackRefusedError, match="another file"):
            require_self_contained(model(nodes, []))


def test_operators_of_other_makers_are_refused() -> None:
    node = helper.make_node("Anything", ["x"], ["y"], domain="com.example")

    with pytest.raises(PackRefusedError, match="operators"):
        require_self_contained(model([node], []))


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"\xff" * 40, shift_model(1)[:-5]])
def test_what_is_no_model_is_refused(content: bytes) -> None:
    with pytest.raises(PackRefusedError, match="ONNX"):
        require_self_contained(content)


def test_the_field_numbers_are_those_of_the_standard() -> None:
    fields = onnx.TensorProto.DESCRIPTOR.fields_by_name

    assert fields["external_data"].number == 13
    assert fields["data_location"].number == 14
    assert onnx.ModelProto.DESCRIPTOR.fields_by_name["graph"].number == 7
    assert onnx.ModelProto.DESCRIPTOR.fields_by_name["functions"].number == 25
    assert onnx.AttributeProto.DESCRIPTOR.fields_by_name["graphs"].number == 11
