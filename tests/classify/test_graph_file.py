"""Graphs that are refused before they are opened."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from core.artifacts import ArtifactBroken, open_run
from core.classify import Classifier
from core.classify.graph_file import check_graph
from tests.synthetic_run import build_run


def make_outside(location: str = "../../secret.bin") -> onnx.TensorProto:
    tensor = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[4])
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in (("location", location), ("length", "16")):
        tensor.external_data.add(key=key, value=value)
    return tensor


def make_model(*nodes: onnx.NodeProto, weights: tuple[onnx.TensorProto, ...] = ()) -> bytes:
    output = helper.make_tensor_value_info("y", TensorProto.FLOAT, [4])
    graph = helper.make_graph(list(nodes), "graph", [], [output], list(weights))
    return helper.make_model(graph).SerializeToString()


def make_if(branch: onnx.GraphProto) -> onnx.NodeProto:
    return helper.make_node("If", ["c"], ["y"], then_branch=branch)


def hide_in_a_branch() -> bytes:
    output = helper.make_tensor_value_info("w", TensorProto.FLOAT, [4])
    branch = helper.make_graph([], "branch", [], [output], [make_outside()])
    return make_model(make_if(branch))


def hide_in_a_function() -> bytes:
    model = onnx.ModelProto.FromString(make_model())
    node = helper.make_node("Constant", [], ["y"], value=make_outside())
    opsets = [helper.make_opsetid("", 20)]
    model.functions.append(helper.make_function("own", "f", [], ["y"], [node], opsets))
    return model.SerializeToString()


def hide_in_a_sparse_tensor() -> bytes:
    model = onnx.ModelProto.FromString(make_model())
    model.graph.sparse_initializer.add().values.CopyFrom(make_outside())
    return model.SerializeToString()


@pytest.mark.parametrize(
    "data",
    [
        make_model(weights=(make_outside(),)),
        make_model(weights=(make_outside("/etc/passwd"),)),
        make_model(weights=(make_outside("*/_ORT_MEM_ADDR_/*"),)),
        make_model(helper.make_node("Constant", [], ["y"], value=make_outside())),
        hide_in_a_branch(),
        hide_in_a_function(),
        hide_in_a_sparse_tensor(),
    ],
)
def test_weights_outside_the_file_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="weights outside"):
        check_graph(data)


def test_a_loop_is_refused() -> None:
    body = helper.make_graph([], "body", [], [])
    with pytest.raises(ValueError, match="loop"):
        check_graph(make_model(helper.make_node("Loop", ["n"], ["y"], body=body)))


def test_nesting_without_an_end_is_refused() -> None:
    branch = helper.make_graph([], "innermost", [], [])
    for _ in range(20):
        branch = helper.make_graph([make_if(branch)], "around", [], [])
    with pytest.raises(ValueError, match="too deep"):
        check_graph(make_model(make_if(branch)))


def test_whatever_the_bytes_are_there_is_an_answer() -> None:
    weights = numpy_helper.from_array(np.zeros(4, np.float32), "w")
    whole = make_model(helper.make_node("Identity", ["w"], ["y"]), weights=(weights,))
    check_graph(whole)
    rng = random.Random(0)
    for _ in range(2_000):
        data = bytearray(whole)
        for _ in range(rng.randint(1, 4)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        with suppress(ValueError):
            check_graph(bytes(data[: rng.randint(1, len(data))]))


def test_a_run_with_such_a_graph_is_named(tmp_path: Path) -> None:
    run = open_run(build_run(tmp_path))
    (run.folder / "head.onnx").write_bytes(make_model(weights=(make_outside(),)))
    with pytest.raises(ArtifactBroken, match=r"head\.onnx.*weights outside"):
        Classifier(run)
