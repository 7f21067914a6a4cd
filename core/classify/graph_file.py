"""Checks an ONNX file before it is opened: a run's graph may be hostile.

The format allows weights in other files, anywhere, or at a memory address, and endless loops in a
graph. Our runs use neither, so both are refused. Only the fields concerned are read, by the numbers
of its fields (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto): ``onnx`` itself belongs to
the trainer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

DEEPEST: Final = 40  # nested messages; ours have 7
LOOPS: Final = frozenset((b"Loop", b"Scan"))
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_OP_TYPE, _EXTERNAL_DATA, _DATA_LOCATION = 4, 13, 14
# By kind of message, its fields that hold others, and of which kind those are.
_HELD: Final[dict[str, dict[int, str]]] = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "function": {7: "node", 11: "attribute"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "node": {5: "attribute"},
    "attribute": {
        **{5: "tensor", 10: "tensor", 6: "graph", 11: "graph"},
        **{22: "sparse", 23: "sparse"},
    },
    "sparse": {1: "tensor", 2: "tensor"},
    "tensor": {},
}


def check_graph(data: bytes) -> None:
    """Raises ``ValueError`` for weights outside the file, for loops, and for what is not ONNX."""
    _check(memoryview(data), "model", 0)


def _check(data: memoryview, kind: str, depth: int) -> None:
    if depth > DEEPEST:
        raise ValueError("a graph nested too deep")
    for field, value in _read_fields(data):
        if kind == "tensor" and (field == _EXTERNAL_DATA or (field == _DATA_LOCATION and value)):
            raise ValueError("weights outside the file")
        if not isinstance(value, memoryview):
            continue
        if kind == "node" and field == _OP_TYPE and bytes(value[:8]) in LOOPS:
            raise ValueError(f"a graph with a loop ({bytes(value[:8]).decode()})")
        if field in _HELD[kind]:
            _check(value, _HELD[kind][field], depth + 1)


def _read_fields(data: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Number and value of each field of a message; of fixed-width numbers none."""
    at = 0
    while at < len(data):
        tag, at = _read_varint(data, at)
        field, width = tag >> 3, tag & 7
        if width == _VARINT:
            number, at = _read_varint(data, at)
            yield field, number
            continue
        if width == _BYTES:
            length, at = _read_varint(data, at)
        elif width in {_FIXED64, _FIXED32}:
            length = 8 if width == _FIXED64 else 4
        else:
            raise ValueError("a field of no known width")
        if at + length > len(data):
            raise ValueError("a file that was cut short")
        if width == _BYTES:
            yield field, data[at : at + length]
        at += length


def _read_varint(data: memoryview, at: int) -> tuple[int, int]:
    number = shift = 0
    while at < len(data) and shift < 70:
        byte = data[at]
        at += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, at
        shift += 7
    raise ValueError("a number that does not end")
