"""The contract of every encoder: options in, progress out, and what it can answer.

An encoder is one paper in one file. `train` is a generator: the caller logs, draws, pauses (by not asking for the
next event), saves and stops (by closing it). `state()` is valid at every yield: position, random state and optimiser
live on `self`, never in the generator's locals, and random numbers are counter-based (seed + step).
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from core.corpus import Corpus, Vocab
from core.encoders.inside import Attention as Attention
from core.encoders.inside import Reading as Reading
from core.encoders.inside import Workings as Workings
from core.options import Options
from core.problem import Problem, marked


@dataclass(frozen=True)
class Progress:
    """One event of training. `step` of `total` in the encoder's own unit; `phase` and `note` are shown to people.

    metrics: `loss` and `held_out` in nats per predicted token, `baseline` the loss of guessing by frequency under the
    same objective, `tokens_per_s` corpus tokens a second. A metric that was not measured at this step is left out.
    """

    phase: str
    step: int
    total: int
    metrics: dict[str, float] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True)
class Estimate:
    """What a training will cost: wall-clock seconds on this machine, and bytes of memory beyond the corpus."""

    seconds: float
    bytes: int


class Encoder(ABC):
    """One paper: its options, how it learns, what it can answer."""

    name: ClassVar[str]
    title: ClassVar[str]
    year: ClassVar[int]
    paper: ClassVar[str]
    objective: ClassVar[str] = ""  # what one nat of this loss is; losses of two objectives do not compare
    unit: ClassVar[str] = marked("nats")  # of its loss
    Options: ClassVar[type[Options]]
    needs_translation: ClassVar[bool] = False  # whether it learns from a corpus with translations alone
    starts_from_vectors: ClassVar[bool] = False  # whether it can begin with the vectors of another run: `start`
    needs_start: ClassVar[bool] = False  # whether it has weights from elsewhere alone, and goes on from them: `begin`

    def __init__(self, options: Any, vocab: Vocab):
        self.options, self.vocab = options, vocab

    @abstractmethod
    def train(self, corpus: Corpus) -> Iterator[Progress]:
        """Learn from the corpus; yields at least four times a second. Learned attributes end in _."""

    @abstractmethod
    def state(self, training: bool = True) -> dict[str, np.ndarray]:
        """Arrays that restore this encoder; without `training`, only what answering needs. Valid at every yield."""

    @abstractmethod
    def restore(self, state: dict[str, np.ndarray]) -> None:
        """Take up a state; `train` then goes on from there (further, if the options now say more epochs or steps)."""

    def start(self, vectors: np.ndarray) -> None:  # noqa: ARG002
        """Before training: begin with these word vectors, float32 (V, d). Only where `starts_from_vectors` says so."""
        raise Problem("{title} does not begin with word vectors: start it anew.", title=self.title)

    def begin(self, state: dict[str, np.ndarray]) -> None:  # noqa: ARG002
        """Before training: take up the weights of a state alone. Only where `needs_start` says so."""
        raise Problem("{title} does not begin with the weights of another run: start it anew.", title=self.title)

    @classmethod
    def continued(cls, options: Any) -> dict[str, Any]:  # noqa: ARG003
        """What stands of a run with these options in the record of one that goes on from its weights."""
        return {}

    @classmethod
    def check(cls, options: Any, corpus: Corpus) -> None:
        """Raises Problem for a corpus that it cannot learn from, as far as that is known before the start."""

    @classmethod
    @abstractmethod
    def estimate(cls, options: Any, corpus: Corpus) -> Estimate:
        """Seconds and bytes, before the start."""

    @classmethod
    def exact(cls, options: Any) -> bool:
        """Whether the bits repeat: the same seed gives the same numbers on one machine."""
        return True

    @classmethod
    def objective_of(cls, options: Any) -> str:  # noqa: ARG003
        """What one nat of the loss is with these options."""
        return cls.objective

    @classmethod
    def warm(cls) -> None:
        """Compile what would otherwise be compiled at the first click."""

    @classmethod
    def capabilities(cls, options: Any = None) -> tuple[str, ...]:  # noqa: ARG003
        """The names of what this encoder can answer, with these options if given, as they stand in a run's record."""
        return tuple(name for name, ability in CAPABILITIES.items() if issubclass(cls, ability))


class WordVectors(ABC):
    @abstractmethod
    def word_vectors(self) -> np.ndarray:
        """float32 (V, d): row i belongs to vocab.words[i]."""


class SubwordVectors(ABC):
    """Words as sums of their parts, so that a word never met has a vector too."""

    @abstractmethod
    def subword_vectors(self, words: Sequence[str]) -> np.ndarray:
        """float32 (n, d): of known words as in word_vectors; of others from their parts, 0 where none was ever met."""


class PairScores(ABC):
    @abstractmethod
    def pair_scores(self, first: np.ndarray, second: np.ndarray) -> np.ndarray:
        """float32 (n,): how well word second[i] goes with word first[i], the dot product of the vector that guesses and
        the one that is guessed. first and second: int (n,), numbers of words."""


class Paths(ABC):
    """A word is guessed turn by turn down a binary tree, whose leaves are the words."""

    @abstractmethod
    def path(self, word: str, given: Sequence[str] = ()) -> dict[str, Any]:
        """One row a turn, from the root on: nodes int32 (turns,), 0 being the root; codes int8, the side, 0 or 1;
        counts, of all words below the node; shares float32, of those counts, what lies on the side taken; beside int32
        (turns, 4), the most frequent words on the other side, then -1; hanging, how many words there are.

        given: words that guess; chances float32 (turns,) is then the probability of each turn, and their product that
        of the word. Raises Problem for an unknown word."""

    @abstractmethod
    def code_lengths(self) -> dict[str, Any]:
        """lengths int32 (V,): the turns of each word; mean: of a word of the text; entropy, in bits, the least that
        this could be; log2: of V, the turns if all words were equally frequent."""


class DocVectors(ABC):
    @abstractmethod
    def doc_vectors(self, documents: Sequence[str]) -> np.ndarray:
        """float32 (n, d): one row a document."""


class TermWeights(ABC):
    @abstractmethod
    def term_weights(self, document: str) -> np.ndarray:
        """float32 (V,): the weight of every word in this document."""


class TermRankings(ABC):
    """What weighs most, and why. Documents are those learned from, by number; k: how many, the largest first."""

    @abstractmethod
    def top_terms(self, documents: Sequence[int], k: int = 10) -> dict[str, Any]:
        """ids int32 (n, k): the words of the largest weights above 0 of each document, then -1; weights float32."""

    @abstractmethod
    def class_terms(self, labels: Sequence[str], k: int = 10) -> dict[str, Any]:
        """labels (C different ones), documents (C,), ids int32 (C, k), weights float32 (C, k): the words that mark all
        documents of one label from the others. Raises Problem if there is one label."""

    @abstractmethod
    def corpus_terms(self, k: int = 10) -> dict[str, Any]:
        """ids (k,), weights (k,): the words of the largest mean weight over all documents; df, idf, counts, n."""

    @abstractmethod
    def document_weights(self, document: int | str) -> dict[str, Any]:
        """ids (t,), weights float32 (t,), counts, df, idf: every word of one document, or of a text."""

    @abstractmethod
    def weight_table(self, documents: Sequence[int], words: Sequence[str]) -> np.ndarray:
        """float32 (n, t): the weights of these words in these documents."""

    @abstractmethod
    def explain(self, document: int | str, word: str) -> dict[str, Any]:
        """count, tf, df, n, idf, product, norm, weight: the numbers that make one weight, tf * idf / norm, and as LaTeX
        `formulas` (in symbols) and `worked` (with these numbers)."""

    @abstractmethod
    def search(self, query: str, k: int = 10) -> dict[str, Any]:
        """words (t,) of the query; by cosine and by bm25 each: NAME_documents int64 (m,), NAME_scores float32 (m,) and
        NAME_terms float32 (m, t), what each word gives. Raises Problem, with near words, if all are unknown."""


class Dimensions(ABC):
    @abstractmethod
    def explained(self) -> np.ndarray:
        """float32 (d,): the share of the variance that each dimension explains."""

    @abstractmethod
    def dimension(self, i: int, k: int = 10) -> dict[str, Any]:
        """positive and negative ids int32 (k,), their values float32: the words at both ends of dimension i."""


class Distances(ABC):
    @abstractmethod
    def distances(self, words: Sequence[str]) -> np.ndarray:
        """float32 (n, n): how far each of these words is from each, Euclidean, nothing projected."""


class Cooccurrences(ABC):
    """How often words stand near each other, as was counted: row i of the matrix is what stands near word i."""

    @abstractmethod
    def counted(self) -> dict[str, Any]:
        """words V, cells (those that are not 0), zeros (the share of the others), total of all counts, symmetric,
        window; kept: counts among so many of the most frequent words can be asked for; fits: whether any are fitted."""

    @abstractmethod
    def among(self, words: Sequence[str], transform: str = "raw") -> np.ndarray:
        """float32 (n, n): the counts of these words (rows) with each other (columns): "raw", "log" (ln(1 + x)) or
        "ppmi". Raises Problem for a word that is unknown or none of those kept."""

    @abstractmethod
    def strongest(self, word: str, k: int = 10, order: str = "count") -> dict[str, np.ndarray]:
        """Of one row, among those kept: ids int32 (k,) by order, "count" or "pmi"; counts, weights and pmi, float32."""

    @abstractmethod
    def fitted(self, k: int = 2000) -> dict[str, np.ndarray]:
        """Some cells that are kept: rows and columns int32 (m,), and float32: logs of the counts, predicted (what was
        learned instead) and weights. None where nothing is fitted."""


class NextWord(ABC):
    @abstractmethod
    def next_word(self, context: Sequence[str]) -> np.ndarray:
        """float32 (V,), sums to 1: the probability of each word after these."""

    def guesser(self) -> Callable[[Sequence[str]], np.ndarray]:
        """A `next_word` for one text that grows word by word: it may remember the words before."""
        return self.next_word


class PreviousWord(ABC):
    @abstractmethod
    def previous_word(self, following: Sequence[str]) -> np.ndarray:
        """float32 (V,), sums to 1: the probability of each word before these."""


class Chain(ABC):
    """How a text is guessed word by word from counts of what was seen, and how much was never seen."""

    @abstractmethod
    def chain(self, words: Sequence[str]) -> dict[str, np.ndarray]:
        """One row a word: word, known, probability after the words before it, order (the longest with which it was
        counted after them, 0: never), count (of that n-gram), of (of all with its context)."""

    @abstractmethod
    def unseen(self) -> dict[str, np.ndarray]:
        """One row an order: order, unseen (the share of held-out n-grams never seen), distinct, possible."""


class MaskedWord(ABC):
    @abstractmethod
    def masked_word(self, tokens: Sequence[str], i: int) -> np.ndarray:
        """float32 (V,), sums to 1: the probability of each word in place i, seeing all the others."""

    def window(self, tokens: Sequence[str], i: int) -> tuple[int, int]:  # noqa: ARG002
        """Which tokens are looked at for place i: the first, and the one behind the last."""
        return 0, len(tokens)


class NextSentence(ABC):
    @abstractmethod
    def next_sentence(self, first: str, second: str) -> float:
        """The probability that second follows first."""


class Translation(ABC):
    @abstractmethod
    def translate(self, sentence: str) -> dict[str, Any]:
        """Of a sentence of T words into one of U: source (T,) and words (U,) str; attention float32 (U, T), rows sum to
        1: where the words are looked for; logs float32 (U,), the logarithm of each word's probability after those
        before it; text, the words as they are written; unknown, the words of the sentence that were never learned."""


class ContextVectors(ABC):
    @abstractmethod
    def context_vectors(self, tokens: Sequence[str]) -> np.ndarray:
        """float32 (L+1, T, d): each token's vector in each layer; layer 0 is the input embedding."""

    @abstractmethod
    def occurrence_vectors(
        self, sentences: Sequence[Sequence[str]], positions: Sequence[int]
    ) -> Generator[float, None, np.ndarray]:
        """Yields the share done (0..1), returns float32 (n, L+1, d): row i is token positions[i] of sentences[i]."""


CAPABILITIES: dict[str, type] = {
    ability.__name__: ability
    for ability in (
        WordVectors, SubwordVectors, PairScores, Paths, DocVectors, TermWeights, TermRankings, Dimensions, Distances,
        Cooccurrences, NextWord, PreviousWord, Chain, MaskedWord, NextSentence, Translation, ContextVectors,
        Attention, Reading, Workings,
    )
}  # fmt: skip
