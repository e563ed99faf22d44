"""The process that reads vectors: `python -m core.store.importing.worker`, asked by `core.store.importing.limited`."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.corpus.confined import serve
from core.store.importing.settings import MODEL, ImportSettings


def answer(request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Events of reading, or the one answer of a look."""
    files = [(Path(path), name) for path, name in request["files"]]
    settings = ImportSettings(format=request["format"]) if request["format"] else None
    if request["format"] == MODEL:
        yield from _model(request, files)
        return
    if request["what"] == "look":
        from core.store.importing.looking import look

        yield {"look": look(files, settings)}
        return
    from core.store.importing.reading import read

    tempfile.tempdir = request["folder"]
    for phase, done, total in read(files, Path(request["folder"]), settings or ImportSettings()):
        yield {"step": [phase, done, total]}


def _model(request: dict[str, Any], files: list[tuple[Path, str]]) -> Iterator[dict[str, Any]]:
    """The same for a pre-trained model."""
    from core.store.importing.model import look_model, read_model

    if request["what"] == "look":
        yield {"look": look_model(files)}
        return
    for phase, done, total in read_model(files, Path(request["folder"])):
        yield {"step": [phase, done, total]}


if __name__ == "__main__":
    serve(answer)
