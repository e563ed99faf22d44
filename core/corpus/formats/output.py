"""The file that a document is converted into: UTF-8 with a byte order mark, text or JSON lines."""

import codecs
import json
from pathlib import Path
from typing import Any

_BLOCK = 1 << 20  # characters written at once
_LONGEST_CELL = 2000  # characters of what a document says of itself


class Enough(Exception):
    """As much has been written as was wanted."""


class Output:
    """Takes text, or records. columns: title, author and date of the document, where it says them."""

    def __init__(self, path: Path, most: int | None = None):
        self.kind, self.columns, self.bytes = "text", dict[str, str](), 0
        self._most, self._parts, self._held = most, list[str](), 0
        self._file = open(path, "wb", buffering=0)  # noqa: SIM115
        self._file.write(codecs.BOM_UTF8)

    @property
    def begun(self) -> bool:
        return bool(self.bytes or self._held)

    def text(self, text: str) -> None:
        """Write text as it is. Raises Enough."""
        self._parts.append(text)
        self._held += len(text)
        if self._held >= (_BLOCK if self._most is None else min(_BLOCK, self._most)):
            self._flush()
            if self._most is not None and self.bytes >= self._most:
                raise Enough

    def record(self, record: dict[str, Any]) -> None:
        """Write a line of JSON; a file of records holds nothing else. Raises Enough."""
        self.kind = "lines"
        self.text(json.dumps(record, ensure_ascii=False) + "\n")

    def column(self, name: str, value: str | None) -> None:
        """What the document says of itself, once, if it is anything."""
        value = " ".join(sound(value or "").split())[:_LONGEST_CELL]
        if value:
            self.columns.setdefault(name, value)

    def _flush(self) -> None:
        data = memoryview(sound("".join(self._parts)).encode())
        self._parts, self._held = [], 0
        while data:
            written = self._file.write(data)
            self.bytes += written
            data = data[written:]

    def __enter__(self) -> "Output":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        try:
            if kind is None:
                self._flush()
        finally:
            self._file.close()


def sound(text: str) -> str:
    """The text with \ufffd for halves of characters, which no file can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text
