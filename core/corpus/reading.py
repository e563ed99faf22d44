"""From files to a corpus folder, in steps that a job can show, pause and stop."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from core.corpus.corpus import kept
from core.corpus.files import ArrayFile, building
from core.corpus.tokenise import tokenise
from core.corpus.tokenizers import Tokenizer
from core.options import Options, option
from core.problem import Problem


class ReadSettings(Options):
    """How to read text into a corpus."""

    language: str = option("", "Language", "The language of the text; empty: it is detected.")
    tokenizer: Tokenizer = option("words", "Tokeniser", "How the text is cut into tokens.")
    lowercase: bool = option(True, "Fold case", "Count Apple and apple as one word; the text itself is kept as it is.")
    min_count: int = option(1, "Min count", "Words that occur less often are left out.", low=1, high=1_000_000, step=1)
    text_column: str = option(
        "", "Text column", "The column that holds the text; empty: the one with the longest text."
    )
    label_column: str = option("", "Label column", "The column that holds the label; empty: there is none.")
    encoding: str = option("", "Encoding", "The encoding of the files; empty: it is found.", advanced=True)
    split: Literal["none", "chapters", "blank lines", "headings", "words", "lines"] = option(
        "none", "Documents", "How a text file is split into documents."
    )
    split_words: int = option(300, "Words a document", "For a split by words.", low=10, high=100_000, step=10)


@dataclass(frozen=True)
class Reading:
    """One event of reading: `done` of `total` in the phase's own unit."""

    phase: str
    done: int
    total: int


def build(paths: Sequence[Any], folder: Path, settings: ReadSettings) -> Iterator[Reading]:
    """Read files into a corpus folder; writes beside it and renames at the end."""
    named = [(Path(p[0]), p[1]) if isinstance(p, tuple) else (Path(p), Path(p).name) for p in paths]
    texts = (path.read_text(encoding=settings.encoding or "utf-8-sig") for path, _ in named)
    yield from _build(texts, None, folder, settings, ", ".join(name for _, name in named))


def build_texts(
    texts: Sequence[str], labels: Sequence[str] | None, folder: Path, settings: ReadSettings
) -> Iterator[Reading]:
    if labels is not None and len(labels) != len(texts):
        raise Problem(
            "There are {texts} texts and {labels} labels; give one each.", texts=len(texts), labels=len(labels)
        )
    yield from _build(iter(texts), labels, folder, settings, "texts")


def _build(
    texts: Iterator[str], labels: Sequence[str] | None, folder: Path, settings: ReadSettings, name: str
) -> Iterator[Reading]:
    with building(Path(folder)) as work:
        digest = hashlib.sha256(repr((settings.tokenizer, settings.lowercase, settings.language)).encode())
        bounds, place, characters = ArrayFile(work / "bounds.npy", np.int64), 0, 0
        bounds.append(np.zeros(1))
        with open(work / "text.utf8", "wb") as file:
            for text in texts:
                data = text.encode("utf-8", "replace")
                file.write(data)
                digest.update(data + b"\xff")
                place, characters = place + len(data), characters + len(text)
                bounds.append(np.array([place]))
        bounds.close()
        if labels is not None:
            import pandas as pd

            pd.DataFrame({"label": list(labels)}).to_parquet(work / "table.parquet")
        for done in tokenise(work, settings.tokenizer, settings.lowercase, 1):
            yield Reading("tokens", done, place)
        counts = np.load(work / "counts.npy")
        if not len(counts):
            raise Problem("{name} holds no words: choose a file with text in it.", name=name)
        kept(counts, settings.min_count)
        facts = {"documents": bounds.length - 1, "tokens": int(counts.sum()), "types": len(counts),
                 "language": settings.language or "unknown", "tokenizer": settings.tokenizer,
                 "lowercase": settings.lowercase, "characters": characters, "bytes": place, "name": name}  # fmt: skip
        record = {"id": digest.hexdigest()[:32], "facts": facts, "min_count": settings.min_count,
                  "label_column": None if labels is None else "label"}  # fmt: skip
        (work / "corpus.json").write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
