"""Word vectors as files for elsewhere: word2vec text and binary, GloVe, the projector's TSV pair, .npy, Parquet.

Text formats part by white space, so words are made safe for them (`text_words`); numbers are written with as many
digits as give the same float32 back. gensim reads the first three, TensorBoard's projector the pair.
"""

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import numpy as np

from core.corpus import Vocab

ROWS = 5000  # written at a time


def write_word2vec(path: Path, vectors: np.ndarray, vocab: Vocab, first_line: bool = True) -> None:
    """A line `V d`, then a line a word: the word and its d numbers, separated by one space (Mikolov's format).

    The format has no room for space inside a word: a space is written ␣ (U+2423), a control character as its picture
    (a new line as ␊, U+240A), any other white space as its code (\\u3000); `_` follows where that meets another word.
    """
    words = text_words(vocab.words)
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        if first_line:
            file.write(f"{vectors.shape[0]} {vectors.shape[1]}\n")
        for part in _parts(len(words)):
            file.writelines(f"{word} {line}\n" for word, line in zip(words[part], as_text(vectors[part])))


def write_glove(path: Path, vectors: np.ndarray, vocab: Vocab) -> None:
    """The same without the first line (Pennington's format)."""
    write_word2vec(path, vectors, vocab, first_line=False)


def write_binary(path: Path, vectors: np.ndarray, vocab: Vocab) -> None:
    """A line `V d`, then of each word its letters, a space, d float32 (little-endian) and a line end."""
    words = text_words(vocab.words)
    with open(path, "wb") as file:
        file.write(f"{vectors.shape[0]} {vectors.shape[1]}\n".encode())
        for part in _parts(len(words)):
            rows = np.ascontiguousarray(vectors[part], "<f4")
            file.writelines(b"%b %b\n" % (word.encode(), row.tobytes()) for word, row in zip(words[part], rows))


def write_projector(path: Path, vectors: np.ndarray, vocab: Vocab) -> None:
    """A .zip of vectors.tsv (numbers alone) and metadata.tsv (word and count, named in its first line)."""

    def rows(file: IO[bytes]) -> None:
        for part in _parts(len(vectors)):
            file.write("".join(f"{line}\n" for line in as_text(vectors[part], "\t")).encode())

    _zip(path, {"vectors.tsv": rows, "metadata.tsv": lambda file: _words(file, vocab)})


def write_npy(path: Path, vectors: np.ndarray, vocab: Vocab) -> None:
    """A .zip of vectors.npy (float32, V × d) and words.tsv (word and count, named in its first line)."""

    def array(file: IO[bytes]) -> None:
        np.lib.format.write_array_header_1_0(
            file, {"descr": "<f4", "fortran_order": False, "shape": vectors.shape}
        )  # fmt: skip
        for part in _parts(len(vectors)):
            file.write(np.ascontiguousarray(vectors[part], "<f4").tobytes())

    _zip(path, {"vectors.npy": array, "words.tsv": lambda file: _words(file, vocab)})


def write_parquet(path: Path, vectors: np.ndarray, vocab: Vocab) -> None:
    """Columns word (text), count (int64) and vector (d float32 each), a row a word."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    width = vectors.shape[1]
    fields = [("word", pa.string()), ("count", pa.int64()), ("vector", pa.list_(pa.float32(), width))]
    with pq.ParquetWriter(path, pa.schema(fields), use_dictionary=False) as writer:
        for part in _parts(len(vectors)):
            numbers = pa.array(np.ascontiguousarray(vectors[part], np.float32).reshape(-1))
            columns = [pa.array(vocab.words[part]), pa.array(vocab.counts[part]),
                       pa.FixedSizeListArray.from_arrays(numbers, width)]  # fmt: skip
            writer.write_table(pa.table(dict(zip(("word", "count", "vector"), columns)), writer.schema))


WRITERS: dict[str, Callable[[Path, np.ndarray, Vocab], None]] = {
    "word2vec": write_word2vec, "binary": write_binary, "glove": write_glove, "projector": write_projector,
    "npy": write_npy, "parquet": write_parquet,
}  # fmt: skip


def about_bytes(kind: str, vectors: int) -> int:
    """About how many bytes a file of this kind has, of vectors of so many bytes; a number takes some 11 as text."""
    return 11 * vectors // 4 if kind in ("word2vec", "glove", "projector") else vectors


def as_text(vectors: np.ndarray, part: str = " ") -> list[str]:
    """Each row as text that gives the same float32 back; Arrow writes it without holding other threads up."""
    import pyarrow as pa
    from pyarrow import csv

    columns = pa.table({str(column): vectors[:, column] for column in range(vectors.shape[1])})
    sink = pa.BufferOutputStream()
    csv.write_csv(columns, sink, csv.WriteOptions(include_header=False, delimiter=part, quoting_style="none"))
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
    unwritable = letter.isspace() or 0xD800 <= ord(letter) <= 0xDFFF  # half a character cannot be written
    return f"\\u{ord(letter):04x}" if unwritable else letter


def _parts(rows: int) -> Iterator[slice]:
    return (slice(begin, begin + ROWS) for begin in range(0, rows, ROWS))


def _words(file: IO[bytes], vocab: Vocab) -> None:
    """A table of words and counts; a word is safe in it as in text formats."""
    file.write(b"word\tcount\n")
    words = text_words(vocab.words)
    for part in _parts(len(words)):
        rows = zip(words[part], vocab.counts[part].tolist())
        file.write("".join(f"{word}\t{count}\n" for word, count in rows).encode())


def _zip(path: Path, members: dict[str, Callable[[IO[bytes]], None]]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, write in members.items():
            with archive.open(name, "w", force_zip64=True) as file:
                write(file)
