"""The tensors of a safetensors file, checked against its size before anything is made of them, then memory-mapped.

The format: 8 bytes that say how long the header is, the header (JSON: type, shape and place of each), the numbers.
"""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.problem import Problem

MOST_HEADER = 16 << 20  # bytes
_TYPES = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1",
          "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "u1", "BOOL": "?"}  # fmt: skip
NUMBERS = ("F64", "F32", "F16", "BF16")  # types that a weight can have


@dataclass(frozen=True)
class Tensor:
    """Where the numbers of one tensor are: bytes `begin` to `end` behind the header of a file."""

    kind: str
    shape: tuple[int, ...]
    begin: int
    end: int


def header(head: bytes, size: int, name: str) -> tuple[dict[str, Tensor], int]:
    """The tensors that a file of `size` bytes announces in its first bytes, and where its numbers begin.

    head: the first bytes, 8 + MOST_HEADER of them if there are so many. Raises Problem for what does not fit.
    """
    length = int.from_bytes(head[:8], "little")
    if len(head) < 8 or length > MOST_HEADER or 8 + length > size:
        raise Problem("{name} is no safetensors file, or cut off: its header would end at byte {end} of {size}.",
                      name=name, end=8 + length, size=size)  # fmt: skip
    try:
        told = json.loads(head[8 : 8 + length])
        told.pop("__metadata__", None)
        tensors = {tensor: _tensor(what) for tensor, what in told.items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Problem("The header of {name} is damaged: fetch the file again.", name=name) from error
    for tensor, each in tensors.items():
        _check(tensor, each, size - 8 - length, name)
    return tensors, 8 + length


def _tensor(what: dict[str, Any]) -> Tensor:
    shape, (begin, end) = tuple(what["shape"]), what["data_offsets"]
    if any(type(number) is not int or number < 0 for number in (*shape, begin, end)) or len(shape) > 8:
        raise ValueError
    _TYPES[what["dtype"]]
    return Tensor(what["dtype"], shape, begin, end)


def _check(tensor: str, each: Tensor, room: int, name: str) -> None:
    needed = math.prod(each.shape) * np.dtype(_TYPES[each.kind]).itemsize
    if each.end - each.begin != needed or each.end > room:
        raise Problem(
            "{name} announces {tensor} with {shape} numbers, which take {needed} bytes; its place has {place}, of "
            "{room} in the file. It is cut off or damaged: fetch it again.",
            name=name, tensor=tensor[:100], shape=" × ".join(map(str, each.shape))[:80], needed=needed,
            place=each.end - each.begin, room=room,
        )  # fmt: skip


def opened(path: Path, tensor: Tensor, begin: int) -> np.ndarray:
    """float32 of this shape: memory-mapped where the file has just that, else made of it."""
    count = math.prod(tensor.shape)
    if not count:
        return np.zeros(tensor.shape, np.float32)
    numbers = np.memmap(path, _TYPES[tensor.kind], "r", begin + tensor.begin, (count,))
    if tensor.kind == "BF16":
        numbers = (numbers.astype(np.uint32) << 16).view(np.float32)  # type: ignore[assignment]
    with np.errstate(over="ignore"):
        return np.asarray(numbers, np.float32).reshape(tensor.shape)
