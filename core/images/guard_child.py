"""The decoding process: reads pictures from standard input, writes pixels to standard output.

    python -m core.images.guard_child PIXELS_WHOLE PIXELS_IN_PARTS MEMORY_BYTES

Started by ``core.images.guard``, ended by closing its input. It holds Pillow, numpy and no secrets,
cannot write files, and cannot exceed its memory limit. A request is ``REQUEST`` (bytes of the file,
short side) and the file. An answer is ``LENGTH``, that many bytes of JSON, and unless it holds a
``reason``, the RGB pixels row by row.
"""

from __future__ import annotations

import json
import struct
import sys
from typing import Any, BinaryIO, Final

from core.images.decode import Decoded, decode_original
from core.images.loaded import ImageRefused, PixelLimits
from core.images.resources import limit_resources
from core.sizes import MEGABYTE

REQUEST: Final = struct.Struct("<QI")
LENGTH: Final = struct.Struct("<I")
READY: Final = b"ready"


def main() -> int:
    """Answers until its input ends."""
    whole, parts, memory_bytes = (int(argument) for argument in sys.argv[1:4])
    limits = PixelLimits(whole, parts)
    limit_resources(memory_bytes)
    scarce = (
        f"decoding it needs more than the limit of {memory_bytes / MEGABYTE:,.0f} MB of memory, "
        "which --max-megapixels raises"
    )
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sink.write(READY)
    sink.flush()
    while header := source.read(REQUEST.size):
        length, short_side = REQUEST.unpack(header)
        try:
            decoded = decode_original(source.read(length), short_side=short_side, limits=limits)
        except ImageRefused as refusal:
            lacked_memory = isinstance(refusal.__cause__, MemoryError)
            write_answer(sink, {"reason": scarce if lacked_memory else refusal.reason})
        else:
            write_answer(sink, describe(decoded), decoded.image.tobytes())
    return 0


def describe(decoded: Decoded) -> dict[str, Any]:
    """The header sent before a picture's pixels."""
    return {
        "size": decoded.image.size,
        "width": decoded.width,
        "height": decoded.height,
        "untouched": decoded.untouched,
        "note": decoded.note,
    }


def write_answer(sink: BinaryIO, answer: dict[str, Any], pixels: bytes = b"") -> None:
    """Writes the length of the JSON, the JSON, then the pixels."""
    text = json.dumps(answer).encode()
    sink.write(LENGTH.pack(len(text)) + text + pixels)
    sink.flush()


if __name__ == "__main__":
    sys.exit(main())
