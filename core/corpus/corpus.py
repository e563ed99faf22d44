"""A text and one tokenisation of it: a folder on disk, immutable, opened as memory-mapped arrays."""

import json
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.corpus import heldout
from core.corpus.documents import Documents
from core.corpus.index import Index, open_index
from core.corpus.tokenizers import Tokenization
from core.corpus.vocab import Vocab
from core.problem import Problem

if TYPE_CHECKING:
    import pandas as pd

    from core.corpus.sources import Paths

FORMAT = 1
TRANSLATION = "translation"  # the folder of the second corpus, and the column of translations of texts at hand


class Corpus:
    """Documents, tokens and a vocabulary.

    tokens: int32 (n,), ids of all types, most frequent first; an id >= len(vocab) occurs less than min_count times.
    starts: uint32 (n,), the character of its document where each token begins.
    offsets: int64 (documents + 1,), where each document begins in tokens.
    sentences: int64 (s,), the token where each sentence begins.
    """

    def __init__(self, folder: Path, min_count: int | None = None):
        """Open the corpus in a folder. Raises Problem if there is none, or if min_count leaves no word."""
        self.folder = Path(folder)
        try:
            self._record: dict[str, Any] = json.loads((self.folder / "corpus.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise Problem("{folder} holds no corpus; read the text again.", folder=str(folder)) from error
        if self._record["format"] != FORMAT:
            raise Problem("{folder} is of another version of this program; read it again.", folder=str(folder))
        self.id: str = self._record["id"]
        self.types: int = self._record["facts"]["types"]
        self.min_count: int = self._record["min_count"] if min_count is None else min_count
        self._kept = kept(self._array("counts"), self.min_count)

    @classmethod
    def from_files(
        cls,
        paths: "Paths | str | Path",
        *,
        language: str | None = None,
        tokenizer: str = "words",
        lowercase: bool = True,
        min_count: int = 1,
        text_column: str | None = None,
        label_column: str | None = None,
        encoding: str | None = None,
        split: str = "none",
        split_words: int = 300,
        folder: str | Path | None = None,
        **more: Any,
    ) -> "Corpus":
        """Read files (text, tables, JSON, PDF, DOCX, EPUB, HTML, XML; .gz, .xz and .zip of them) into one corpus.

        A (path, name) pair says what to call the file. more: other settings of `ReadSettings`, by name. Without
        `folder` the corpus is temporary and goes when it is no longer used. Raises Problem for what cannot be read.
        """
        from core.corpus.reading import ReadSettings, build

        values: dict[str, Any] = {
            "language": language, "tokenizer": tokenizer, "lowercase": lowercase, "min_count": min_count,
            "text_column": text_column, "label_column": label_column, "encoding": encoding, "split": split,
            "split_words": split_words, **more,
        }  # fmt: skip
        settings = ReadSettings(**{name: value for name, value in values.items() if value is not None})
        several = [paths] if isinstance(paths, str | Path) else list(paths)
        return cls._built(folder, lambda target: build(several, target, settings))

    @classmethod
    def from_texts(
        cls,
        texts: Sequence[str],
        *,
        labels: Sequence[str] | None = None,
        translations: Sequence[str] | None = None,
        language: str | None = None,
        tokenizer: str = "words",
        lowercase: bool = True,
        min_count: int = 1,
        folder: str | Path | None = None,
        **more: Any,
    ) -> "Corpus":
        """A corpus of these documents, with a label and a translation each if given. more: other settings of
        `ReadSettings`, by name."""
        from core.corpus.reading import ReadSettings, build_texts

        if isinstance(texts, str):
            raise Problem("from_texts takes a list of texts, one a document; this was one text: put it in a list.")
        columns = {"label": labels, TRANSLATION: translations}
        values: dict[str, Any] = {"tokenizer": tokenizer, "lowercase": lowercase, "min_count": min_count, **more}
        settings = ReadSettings(**values, language=language or "")
        given = {name: list(column) for name, column in columns.items() if column is not None}
        return cls._built(folder, lambda target: build_texts(list(texts), given, target, settings))

    @classmethod
    def _built(cls, folder: str | Path | None, build: Callable[[Path], Iterable[Any]]) -> "Corpus":
        if folder is not None:
            for _ in build(Path(folder)):
                pass
            return cls(Path(folder))
        parent = tempfile.mkdtemp(prefix="semascope-")
        try:
            for _ in build(Path(parent) / "corpus"):
                pass
            corpus = cls(Path(parent) / "corpus")
        except BaseException:
            shutil.rmtree(parent, ignore_errors=True)
            raise
        corpus._temporary = weakref.finalize(corpus.documents, shutil.rmtree, parent, True)
        return corpus

    _temporary: Any = None

    @classmethod
    def open(cls, folder: str | Path, min_count: int | None = None) -> "Corpus":
        """Open a corpus folder, with another min_count than it was read with if given."""
        return cls(Path(folder), min_count)

    def cut(self, min_count: int) -> "Corpus":
        """The same files with another vocabulary."""
        other = Corpus(self.folder, min_count)
        other.documents, other._temporary = self.documents, self._temporary
        if "index" in self.__dict__:
            other.index = self.index
        return other

    @cached_property
    def translation(self) -> "Corpus | None":
        """The documents in another language, one each, as a corpus of its own that is cut at the same min_count; None
        if the text was read without a column of translations. A document without one is empty there."""
        folder = self.folder / TRANSLATION
        if not folder.exists():
            return None
        other = Corpus(folder, self.min_count)
        other._temporary = self.documents  # with which a temporary folder goes
        return other

    def __repr__(self) -> str:
        facts = self.facts
        return f"Corpus({facts['name']}: {facts['documents']} documents, {facts['tokens']} tokens, {self.types} types)"

    @property
    def facts(self) -> dict[str, Any]:
        """documents, tokens, types, language, tokenizer, lowercase, characters, bytes, name; and what was skipped."""
        return dict(self._record["facts"])

    @cached_property
    def documents(self) -> Documents:
        return Documents(self.folder)

    @cached_property
    def tokens(self) -> np.ndarray:
        return self._array("tokens")

    @cached_property
    def starts(self) -> np.ndarray:
        return self._array("starts")

    @cached_property
    def offsets(self) -> np.ndarray:
        return self._array("offsets")

    @cached_property
    def sentences(self) -> np.ndarray:
        return self._array("sentences")

    @cached_property
    def index(self) -> Index:
        """Where every type stands, those below min_count too; made now if the corpus was read without it."""
        return open_index(self.folder)

    def document_of(self, positions: np.ndarray) -> np.ndarray:
        """int64 (n,): the document of each token position, (n,)."""
        return _range_of(self.offsets, positions)

    def sentence_of(self, positions: np.ndarray) -> np.ndarray:
        """int64 (n,): the sentence of each token position, (n,), counted through the whole corpus."""
        return _range_of(self.sentences, positions)

    @cached_property
    def vocab(self) -> Vocab:
        """The types that occur at least min_count times."""
        words = json.loads((self.folder / "types.json").read_text(encoding="utf-8"))
        facts = self._record["facts"]
        return Vocab(
            words[: self._kept],
            self._array("counts")[: self._kept],
            tokens=facts["tokens"],
            language=facts["language"],
            min_count=self.min_count,
            tokenization=Tokenization.load(self.folder, facts["tokenizer"], facts["lowercase"]),
        )

    @cached_property
    def table(self) -> "pd.DataFrame":
        """The other columns of the files, one row a document; strings, or missing."""
        import pandas as pd

        path = self.folder / "table.parquet"
        return pd.read_parquet(path) if path.exists() else pd.DataFrame(index=range(len(self.documents)))

    @cached_property
    def labels(self) -> list[str] | None:
        """One label a document, if the corpus has a label column."""
        column = self._record["label_column"]
        if column is None:
            return None
        return [value if isinstance(value, str) else "" for value in self.table[column].tolist()]

    @property
    def roles(self) -> dict[str, str]:
        """The columns of the table that have a role: "label", "title", "date", "group" -> the column.

        A person gave them, but a column called title is the title unless another is.
        """
        label = self._record["label_column"]
        title = {"title": "title"} if "title" in self.table.columns else {}
        return {**title, **({"label": label} if label else {}), **self._record.get("roles", {})}

    def split(self, held_out: float = 0.02) -> tuple[np.ndarray, np.ndarray]:
        """The one held-out split: (train, held) token ranges, int64 (k, 2) each, in order."""
        return heldout.split(self.offsets, self.sentences, held_out)

    def split_documents(self, held_out: float = 0.02) -> tuple[np.ndarray, np.ndarray]:
        """The same split for whole documents: int64 each, those of which nothing is held out, and the others."""
        held = np.unique(self.document_of(self.split(held_out)[1][:, 0]))
        return np.setdiff1d(np.flatnonzero(np.diff(self.offsets)), held), held

    def _array(self, name: str) -> np.ndarray:
        array: np.ndarray = np.load(self.folder / f"{name}.npy", mmap_mode="r")
        return array


def _range_of(edges: np.ndarray, positions: np.ndarray) -> np.ndarray:
    """int64 (n,): the last of the edges, in rising order, at or before each position.

    Many positions in order are found by looking for the edges among them, which is faster.
    """
    positions = np.asarray(positions)
    if len(positions) <= len(edges) or (np.diff(positions) < 0).any():
        return np.asarray(np.searchsorted(edges, positions, "right")) - 1
    before = np.searchsorted(positions, edges, "left")
    return np.repeat(np.arange(-1, len(edges)), np.diff(before, prepend=0, append=len(positions)))


def kept(counts: np.ndarray, min_count: int) -> int:
    """How many types occur at least min_count times. Raises Problem if none does."""
    size = int(np.searchsorted(-counts, -min_count, "right"))
    if size:
        return size
    most = int(counts[0])
    smaller = sorted({most, max(1, most // 2), 1}, reverse=True)
    left = ", ".join(f"{count}: {int(np.searchsorted(-counts, -count, 'right'))}" for count in smaller)
    raise Problem(
        "No word occurs {asked} times or more; the most frequent one occurs {most} times. Choose a min count of at "
        "most {most} (words kept by min count: {left}).",
        asked=min_count,
        most=most,
        left=left,
    )
