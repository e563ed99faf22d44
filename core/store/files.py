"""Files that are whole or not there: written beside, synced, renamed; arrays as safetensors, never pickled."""

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from core.problem import Problem, marked

_TYPES = {"f8": "F64", "f4": "F32", "f2": "F16", "i8": "I64", "i4": "I32", "i2": "I16", "i1": "I8",
          "u8": "U64", "u4": "U32", "u2": "U16", "u1": "U8", "b1": "BOOL"}  # fmt: skip


class DiskFull(Problem):
    """There is no room for a file or a record."""

    @classmethod
    def at(cls, folder: Path, needed: int) -> "DiskFull":
        free = shutil.disk_usage(folder).free
        sentence = marked("The disk is full: {free} MB are free, {needed} MB are needed. Make room, then go on.")
        return cls(
            sentence,
            free=round(free / 1e6, 1),
            needed=round(needed / 1e6, 1),
        )


class Damaged(Problem):
    """A file is not what was written."""


def write_bytes(path: Path, data: bytes, durable: bool = True) -> None:
    """Write a file beside its place and rename it there. Raises DiskFull, and then leaves nothing behind.

    durable: also sync it, so that it survives a loss of power; a file that is replaced every second need not.
    """
    _write(path, [data], len(data), durable)


def write_arrays(path: Path, arrays: dict[str, np.ndarray]) -> tuple[int, str]:
    """Write a safetensors file as `write_bytes` does, array by array, without a copy; its size and its sha256.

    The format: 8 bytes of length, a JSON header of types, shapes and places, then the numbers. Raises DiskFull.
    """
    solid = {name: np.asarray(array, order="C") for name, array in arrays.items()}
    ends = np.cumsum([array.nbytes for array in solid.values()]).tolist()
    header = {
        name: {"dtype": _TYPES[array.dtype.str[1:]], "shape": array.shape, "data_offsets": [end - array.nbytes, end]}
        for (name, array), end in zip(solid.items(), ends)
    }
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    parts: list[Any] = [
        len(text).to_bytes(8, "little"),
        text,
        *(array.reshape(-1).view(np.uint8).data for array in solid.values()),
    ]
    digest, size = hashlib.sha256(), sum(len(part) for part in parts)
    for part in parts:
        digest.update(part)
    _write(path, parts, size, True)
    return size, digest.hexdigest()


def _write(path: Path, parts: Sequence[Any], size: int, durable: bool) -> None:
    beside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with room(path.parent, size):
            with open(beside, "wb") as file:
                for part in parts:
                    file.write(part)
                if durable:
                    file.flush()
                    os.fsync(file.fileno())
            os.replace(beside, path)
            if durable:
                sync_folder(path.parent)
    except (OSError, DiskFull):
        beside.unlink(missing_ok=True)
        raise


@contextmanager
def room(folder: Path, needed: int) -> Iterator[None]:
    """Raises DiskFull, with the bytes needed, where the system finds no room."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull.at(folder, needed) from error
        raise


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_json(path: Path, record: Any) -> None:
    write_bytes(path, json.dumps(record, ensure_ascii=False, indent=1).encode())


def pack(arrays: dict[str, np.ndarray], facts: dict[str, str] | None = None) -> bytes:
    """Arrays and facts (text) as the bytes of a safetensors file."""
    return save({name: np.asarray(array) for name, array in arrays.items()}, metadata=facts)


def unpack(data: bytes, name: str) -> dict[str, np.ndarray]:
    """The arrays in the bytes of a safetensors file. Raises Damaged."""
    try:
        return load(data)
    except SafetensorError as error:
        raise Damaged(marked("{name} is damaged ({reason})."), name=name, reason=str(error)) from error


def read_checked(path: Path, sha256: str) -> dict[str, np.ndarray]:
    """The arrays of a file that must have this hash. Raises Damaged if it is gone or is another."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Damaged(marked("{name} cannot be read ({reason})."), name=path.name, reason=error.strerror) from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Damaged(marked("{name} is damaged: its bytes are not those that were saved."), name=path.name)
    return unpack(data, path.name)
