"""The process that converts documents: `python -m core.corpus.formats.worker`, asked by `formats.converter`."""

import errno
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError

from core.corpus.confined import serve
from core.corpus.formats.output import Enough, Output
from core.problem import Problem

_READERS = {
    "pdf": ("core.corpus.formats.pdf", "read_pdf"),
    "docx": ("core.corpus.formats.word", "read_docx"),
    "epub": ("core.corpus.formats.book", "read_epub"),
    "html": ("core.corpus.formats.hypertext", "read_html"),
    "xml": ("core.corpus.formats.markup", "read_xml"),
    "json": ("core.corpus.formats.notation", "read_json"),
}
# What libraries say of a file that is damaged, or made to break them.
_BROKEN = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, RuntimeError, SyntaxError, TypeError,
    ValueError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, ExpatError,
)  # fmt: skip


def convert(request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Convert one document; a message says what it became."""
    name, whole = request["name"], True
    with Output(Path(request["out"]), request["most"]) as out:
        try:
            _reader(request["format"])(Path(request["path"]), out, name, request["encoding"])
        except Enough:
            whole = False
        except (Problem, MemoryError):
            raise
        except OSError as error:
            raise _unwritten(error, name, request["megabytes"]) from error
        except RecursionError as error:
            raise Problem("{name} is nested too deeply to be read: save it as plain text (.txt).", name=name) from error
        except _BROKEN as error:
            raise Problem(
                "{name} is damaged or made in a way that is not read ({reason}): save it again, or as plain text "
                "(.txt).",
                name=name,
                reason=type(error).__name__,
            ) from error
    if not out.bytes and whole:
        raise Problem("{name} holds no text: choose a file with text in it.", name=name)
    yield {"kind": out.kind, "columns": out.columns, "whole": whole}


def _unwritten(error: OSError, name: str, megabytes: int) -> Problem:
    if error.errno == errno.EFBIG:
        return Problem(
            "{name} gives more than {megabytes} MB of text, the limit: bring a part of it.",
            name=name,
            megabytes=megabytes,
        )
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Problem("The disk is full: make room and try again.")
    return Problem("{name} is damaged or cannot be read: fetch it or save it again.", name=name)


def _reader(kind: str) -> Callable[[Path, Output, str, str], None]:
    """The function that reads a format: of a path, an output, a name to show, and an encoding or ""."""
    module, function = _READERS[kind]
    reader: Callable[[Path, Output, str, str], None] = getattr(import_module(module), function)
    return reader


if __name__ == "__main__":
    serve(convert)
