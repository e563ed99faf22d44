"""A run as one file for elsewhere: safetensors and JSON in a .zip, or word2vec's text format."""

import json
import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core.problem import Problem
from core.store.artifacts import kept, load_newest, restorable
from core.store.files import room, sync_folder
from core.store.record import record
from core.store.rows import ENDED, RunRow

if TYPE_CHECKING:
    from core.store.results import Results

KINDS = {"safetensors": ".zip", "word2vec": ".txt"}
_ROWS = 5000  # written at a time


def export_run(store: "Results", run: RunRow, kind: str) -> Path:
    """Make the file, or find the one made before. Raises Problem where the run has nothing to put into it."""
    if run.state not in ENDED:
        raise Problem("{name} is still at work; download it when it has ended.", name=run.name)
    folder = store.folder(run.id) / "exports"
    path = folder / f"{run.id}{KINDS[kind]}"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
        try:
            with room(folder, _size(store, run, kind)):
                _zip(store, run, beside) if kind == "safetensors" else _text(store, run, beside)
            os.replace(beside, path)
            sync_folder(folder)
        finally:
            beside.unlink(missing_ok=True)
    return path


def _size(store: "Results", run: RunRow, kind: str) -> int:
    """About how many bytes the file will have; a number takes some 11 bytes as text."""
    vectors = store.folder(run.id) / "vectors.npy"
    if kind == "word2vec" and vectors.exists():
        return 11 * vectors.stat().st_size // 4
    return sum(path.stat().st_size for path in store.folder(run.id).glob("final-*"))


def _zip(store: "Results", run: RunRow, path: Path) -> None:
    """model.safetensors (the final state), run.json (the record) and vocab.json."""
    with store.database.reading() as connection:
        choices = restorable(connection, run.id) or kept(connection, run.id, "moment")
    _, one, _ = load_newest(store.folder(run.id), choices)
    if one is None:
        raise Problem("{name} has learned nothing that could be downloaded.", name=run.name)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.write(store.folder(run.id) / one.file, "model.safetensors")
        archive.writestr("run.json", json.dumps(record(run), ensure_ascii=False, indent=1))
        archive.write(store.folder(run.id) / "vocab.json", "vocab.json", zipfile.ZIP_DEFLATED)


def _text(store: "Results", run: RunRow, path: Path) -> None:
    """A line `V d`, then a line a word: the word and its d numbers, separated by one space (Mikolov's format).

    The format has no room for space inside a word: a space is written ␣ (U+2423), a control character as its picture
    (a new line as ␊, U+240A), any other white space as its code (\\u3000); `_` follows where that meets another word.
    """
    vectors, words = store.vectors(run.id), text_words(store.vocab(run.id).words)
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.write(f"{vectors.shape[0]} {vectors.shape[1]}\n")
        for start in range(0, len(words), _ROWS):
            lines = _numbers(vectors[start : start + _ROWS])
            file.writelines(f"{word} {line}\n" for word, line in zip(words[start : start + _ROWS], lines))


def _numbers(vectors: np.ndarray) -> list[str]:
    """Each row as text that gives the same float32 back; Arrow writes it without holding other threads up."""
    import pyarrow as pa
    from pyarrow import csv

    columns = pa.table({str(column): vectors[:, column] for column in range(vectors.shape[1])})
    sink = pa.BufferOutputStream()
    csv.write_csv(columns, sink, csv.WriteOptions(include_header=False, delimiter=" ", quoting_style="none"))
    return sink.getvalue().to_pybytes().decode("ascii").splitlines()


def text_words(words: list[str]) -> list[str]:
    """Words for a format that separates by white space: none is empty, none has white space, no two are the same.

    >>> text_words(["new york", "a\\nb", "plain"])
    ['new␣york', 'a␊b', 'plain']
    """
    known, safe = set(words), []
    for word in words:
        plain = "".join(_visible(letter) for letter in word) or "_"
        if plain != word:
            while plain in known:
                plain += "_"
            known.add(plain)
        safe.append(plain)
    return safe


def _visible(letter: str) -> str:
    if letter == " ":
        return "␣"
    if ord(letter) < 0x20:
        return chr(0x2400 + ord(letter))
    return f"\\u{ord(letter):04x}" if letter.isspace() else letter
