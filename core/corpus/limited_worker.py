"""The process that reads or looks at files: `python -m core.corpus.limited_worker`, asked by `core.corpus.limited`."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.corpus.confined import serve
from core.corpus.settings import ReadSettings


def answer(request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Events of reading, or the one answer of a look."""
    settings = ReadSettings(**request["settings"])
    tempfile.tempdir = request["folder"]  # so that whoever ends this process knows what to take away
    paths = [(path, name) for path, name in request["paths"]]
    if request["what"] == "preview":
        from core.corpus.preview import preview

        yield {"preview": preview(paths, settings)}
        return
    from core.corpus.reading import build

    for reading in build(paths, Path(request["folder"]) / "corpus", settings):
        yield {"reading": [reading.phase, reading.done, reading.total]}


if __name__ == "__main__":
    serve(answer)
