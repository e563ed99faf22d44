"""What an operation on a corpus is: options, and the text that it makes, document by document."""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, NamedTuple

import numpy as np

from core.corpus.corpus import Corpus
from core.corpus.settings import ReadSettings
from core.corpus.tokenizers import Tokenization
from core.options import Options, option
from core.problem import Problem

FROM = "from document"  # the column of the truth: the number of the document in the parent corpus


class Label(NamedTuple):
    """Gold: what the occurrence at these characters of the document that is being written is in truth."""

    start: int
    end: int
    label: str


class Ending(NamedTuple):
    """A document ends. Its row is that of this document of the parent (or of the background corpus), with `truth`."""

    document: int
    truth: dict[str, str]
    background: bool = False


Made = str | Label | Ending


class Parents(NamedTuple):
    """What a corpus is derived from: the corpus itself, and a second one where the operation takes one."""

    own: Corpus
    background: Corpus | None = None


class Operation(Options):
    """One honest change of a corpus; the same options make the same text, however it is read."""

    name: ClassVar[str]
    title: ClassVar[str]
    help: ClassVar[str]
    result: ClassVar[str] = ""  # what the corpus that it makes is called, after its parent
    needs_other: ClassVar[bool] = False  # whether it takes a second corpus
    shrinks: ClassVar[bool] = False  # whether words may become rare, so that min_count begins anew at 1

    def check(self, corpus: Corpus, other: Corpus | None = None) -> None:
        """Raises Problem, soon, for a word, a column or a second corpus that is not there."""
        raise NotImplementedError

    def called(self, name: str) -> str:
        """What to call the corpus that it makes of one of this name."""
        return f"{name}, {self.result}"

    def made(self, parents: Parents) -> Iterator[Made]:
        """The text of the new corpus, for options that `check` has passed."""
        raise NotImplementedError

    def forms(self, _corpus: Corpus) -> list[str]:
        """The new words that it plants: each must be one token."""
        return []

    def settings(self, corpus: Corpus, settings: ReadSettings) -> ReadSettings:
        """How to tokenise the new text: as the parent, and with the planted words kept whole."""
        return keeping(settings, self.forms(corpus))


def seed_option() -> int:
    """The option that every operation by chance has."""
    seed: int = option(0, "Seed", "The same seed gives the same corpus.", low=0, high=2**31 - 1, step=1, advanced=True)
    return seed


def keeping(settings: ReadSettings, words: Sequence[str]) -> ReadSettings:
    """Settings whose tokeniser reads each of these words, standing alone, as one word, where a dictionary can help."""
    while settings.tokenizer == "chinese":
        read = Tokenization.of(settings)
        broken = [word for word in words if len(read.tokenize(word)) != 1 and len(word.split()) == 1]
        if not broken or not set(broken) - set(read.dictionary):
            break
        settings = settings.model_copy(update={"dictionary": "\n".join([*read.dictionary, *broken])})
    return settings


def hashes(seed: int, numbers: np.ndarray) -> np.ndarray:
    """uint64, one for each number: chance that depends on the seed and the number alone (splitmix64, twice)."""
    with np.errstate(over="ignore"):
        mixed = _mix(np.asarray(numbers, np.uint64) + np.uint64(1))
        return _mix(mixed ^ _mix(np.uint64(seed) + np.uint64(0x5851F42D4C957F2D)))


def _mix(values: Any) -> np.ndarray:
    z: Any = values * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: np.ndarray = z ^ (z >> np.uint64(31))
    return mixed


def ids_of(corpus: Corpus, given: str, title: str) -> dict[int, str]:
    """id -> word for the words, parted by white space, of an option. Raises Problem for none and for unknown ones."""
    words = given.split() if corpus.facts["tokenizer"] != "characters" else list("".join(given.split()))
    if not words:
        raise Problem("{title} is empty: give a word of the corpus.", title=title)
    vocab = corpus.cut(1).vocab
    return {vocab.index(word): vocab.words[vocab.index(word)] for word in words}
