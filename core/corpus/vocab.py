"""A vocabulary: the words an encoder knows, most frequent first, and the tokeniser that made them."""

import difflib
import json
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from core.corpus.characters import fold
from core.corpus.tokenizers import CONTINUES, Tokenization
from core.problem import Problem

_SEARCHED = 200_000  # near words are looked for among this many most frequent ones


class Vocab:
    """V words, most frequent first: `words[i]` occurs `counts[i]` times; an id >= V is a word that is not kept.

    tokens: how many tokens the corpus has of all types, those below min_count included.
    tokenization: everything that decides which tokens a text has (pieces, phrases, dictionary, stop words); without
    it, that of the tokeniser's name and the folding of case.
    """

    def __init__(
        self,
        words: Sequence[str],
        counts: Sequence[int] | np.ndarray,
        *,
        tokens: int | None = None,
        tokenizer: str = "words",
        lowercase: bool = True,
        language: str | None = None,
        min_count: int = 1,
        tokenization: Tokenization | None = None,
    ):
        self.tokenization = tokenization or Tokenization(tokenizer, lowercase)
        assert len(words) == len(counts)
        self.words, self.counts = list(words), np.asarray(counts, np.int64)
        self.tokens = int(self.counts.sum()) if tokens is None else tokens
        self.tokenizer, self.lowercase = self.tokenization.tokenizer, self.tokenization.lowercase
        self.language, self.min_count = language, min_count

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and self.get(word) is not None

    def __repr__(self) -> str:
        return f"Vocab({len(self)} words of {self.tokens} tokens, {self.words[:3]}…)"

    @cached_property
    def _ids(self) -> dict[str, int]:
        return {word: i for i, word in enumerate(self.words)}

    def get(self, word: str) -> int | None:
        """The word's id, its case folded as the corpus did; None if it is not kept."""
        found = self._ids.get(word)
        return self._ids.get(fold(word, self.lowercase)) if found is None else found

    def index(self, word: str) -> int:
        """The word's id. Raises Problem with the nearest words if it is not kept."""
        found = self.get(word)
        if found is not None:
            return found
        near = ", ".join(self.near(word, 3))
        if near:
            raise Problem("{word} is not in the vocabulary; did you mean {near}?", word=word[:80], near=near)
        raise Problem(
            "{word} is not in the vocabulary ({size} words); try a more frequent word.", word=word[:80], size=len(self)
        )

    def near(self, word: str, k: int = 5) -> list[str]:
        """Up to k words spelt like this one, the nearest first."""
        asked = fold(word.strip(), self.lowercase)[:80]
        if not asked:
            return []
        ends = {asked[0], asked[-1]}
        alike = [
            known
            for known in self.words[:_SEARCHED]
            if abs(len(known) - len(asked)) <= 2 and known != asked and (known[0] in ends or known[-1] in ends)
        ]
        return difflib.get_close_matches(asked, alike, k, 0.5)

    def tokenize(self, text: str) -> list[str]:
        """The words of a text, exactly as the corpus was tokenised; words that are not kept included."""
        return self.tokenization.tokenize(text)

    def spans(self, text: str) -> list[tuple[str, int]]:
        """The same, each with the character of the text where it begins."""
        return self.tokenization.spans(text)

    def word_starts(self, tokens: Sequence[str]) -> list[bool]:
        """Of each token, whether it begins a word; only a piece may go on with one ("##ing")."""
        if self.tokenizer != "pieces":
            return [True] * len(tokens)
        return [not token.startswith(CONTINUES) for token in tokens]

    def encode(self, words: Iterable[str]) -> np.ndarray:
        """int32 ids; V for a word that is not kept."""
        ids = (self.get(word) for word in words)
        return np.fromiter((len(self) if i is None else i for i in ids), np.int32)

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        record: dict[str, Any] = {
            "words": self.words,
            "counts": self.counts.tolist(),
            "tokens": self.tokens,
            "tokenizer": self.tokenizer,
            "lowercase": self.lowercase,
            "language": self.language,
            "min_count": self.min_count,
        }
        if not self.tokenization.plain:
            record["tokenization"] = self.tokenization.to_dict()
        return record

    @classmethod
    def from_dict(cls, record: dict[str, Any]) -> "Vocab":
        """Also of a record from before there was more to tokenisation than a name."""
        more = record.get("tokenization")
        return cls(**{**record, "tokenization": None if more is None else Tokenization.from_dict(more)})

    def save(self, folder: str | Path) -> None:
        """Write vocab.json."""
        (Path(folder) / "vocab.json").write_text(json.dumps(self.to_dict(), ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: str | Path) -> "Vocab":
        """Read vocab.json."""
        return cls.from_dict(json.loads((Path(folder) / "vocab.json").read_text(encoding="utf-8")))
