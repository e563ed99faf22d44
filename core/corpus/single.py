"""The text of one file that is no corpus: a table of labels, a list of analogies. Packed, and in whatever encoding."""

from contextlib import ExitStack
from pathlib import Path

from core.corpus.encodings import Encoding, decoded, find_encoding
from core.corpus.sources import find_sources
from core.problem import Problem


def single_text(path: Path, name: str, most: int) -> tuple[str, str]:
    """The whole text of one file, unpacked if it is packed, and what to call it.

    most: bytes that it may have. Raises Problem for a larger one, for several files, and for what is no text.
    """
    with ExitStack() as stack:
        sources, skipped = find_sources([(path, name)], stack)
        if len(sources) != 1:
            raise skipped[0].why if skipped else Problem("{name} holds several files: bring one table.", name=name)
        [source] = sources
        if source.size > most:
            raise Problem("{name} is larger than {most} MB, the limit: bring a part of it.", name=name, most=most >> 20)
        encoding = Encoding("utf-8")
        for event in find_encoding(source.chunks(), source.name, ""):
            encoding = event if isinstance(event, Encoding) else encoding
        return "".join(decoded(source.chunks(), encoding.name, source.name)), source.name
