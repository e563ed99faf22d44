"""A child process that does what children of a hostile file do: `python -m tests.core.corpus.misbehaving`."""

import os
import tempfile
from collections.abc import Iterator
from typing import Any

from core.corpus.confined import serve
from core.problem import Problem


def answer(request: dict[str, Any]) -> Iterator[dict[str, Any]]:
    match request["do"]:
        case "add":
            yield {"sum": 1 + 2}
        case "print":
            print("not an answer", flush=True)
            os.write(1, b"{}\n")
            yield {"printed": True}
        case "problem":
            raise Problem("{what} problem", what="a told")
        case "bug":
            yield {"ratio": 1 / 0}
        case "memory":
            yield {"bytes": len(b"x" * (3 << 30))}
        case "endless":
            while True:
                continue
        case "write":
            with tempfile.TemporaryFile(buffering=0) as file:
                try:
                    while True:
                        file.write(bytes(1 << 19))
                except OSError as error:
                    yield {"error": error.strerror}
        case "count":
            yield from ({"count": i} for i in range(100))


if __name__ == "__main__":
    serve(answer)
