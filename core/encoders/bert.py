"""BERT: a transformer that sees both sides guesses words that were hidden, and whether one sentence follows another.

Devlin, Chang, Lee and Toutanova (2018), BERT: Pre-training of deep bidirectional transformers for language
understanding: the masked language model with its 80/10/10 rule and next sentence prediction (section 3.1, appendix
A.2), over the corpus's own vocabulary. Cui, Che, Liu, Qin and Yang (2021), Pre-training with whole word masking for
Chinese BERT, is the option to hide words as wholes.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from core.corpus import Corpus, Vocab
from core.corpus.tokenizers import HIDDEN
from core.encoders.base import Estimate, MaskedWord, NextSentence
from core.encoders.contextual import Transformer, TransformerOptions
from core.encoders.masking import MaskingOptions
from core.encoders.networks import pieces
from core.encoders.networks.rows import MASK, Rows, Spans, Text, hidden, laid
from core.encoders.networks.whole_words import WholeWords
from core.encoders.stepwise import Course, enough
from core.encoders.workings import TransformerWorkings
from core.options import option
from core.problem import Problem, marked

_ASKED = 0.15  # of the words of a text, whose loss is asked for


class BERTOptions(MaskingOptions, TransformerOptions):
    """The defaults are the balanced preset."""

    # fmt: off
    presets = {"quick": {"steps": 2000, "context": 32, "batch": 64}, "balanced": {},
               "thorough": {"size": "medium", "steps": 30_000, "context": 128, "batch": 16, "lr": 0.0005}}
    steps: int = option(8000, "Steps", "How many batches it learns from.", low=1, high=1_000_000, step=100)
    lr: float = option(0.001, "Learning rate", "The size of a step.", low=1e-5, high=0.1, step=0.0005, advanced=True)
    next_sentence: bool = option(
        True, "Pairs", "Also learn whether the second sentence of a pair follows the first: next sentence prediction. "
        "Documents then need several sentences.")
    whole_words: bool = option(
        False, "Whole words", "Hide all pieces of a word together; in Chinese text by characters, all its characters.")
    # fmt: on


class BERT(Transformer, TransformerWorkings, MaskedWord, NextSentence):
    """A word outside the vocabulary is read as [UNK], which is never guessed, nor is any other special symbol."""

    name, title, year = "bert", "BERT", 2018
    paper = "Devlin et al. (2018), BERT: Pre-training of deep bidirectional transformers for language understanding"
    objective = marked("Nats to guess a hidden word from the words on both sides of it, among the whole vocabulary.")
    Options = BERTOptions
    specials, ahead = 2, True
    hides = True  # HIDDEN is shown as [MASK]

    def _network(self) -> Any:
        from core.encoders.networks.bert import Network

        layers, heads, width = self.options.shape
        network = Network(len(self.vocab), width, self.options.context, layers, heads, self.options.norm == "in front")
        network.expect(self.vocab.counts)
        return network

    def _course(self, corpus: Corpus) -> Course:
        return _Course(self.options, self.vocab, corpus)

    def _laid(self, texts: Sequence[np.ndarray]) -> tuple[Rows, np.ndarray]:
        """[CLS] text [SEP]."""
        text = np.concatenate(texts)
        ends = np.cumsum([len(each) for each in texts])
        first = np.stack([np.append(0, ends[:-1]), ends], 1)
        rows, _ = laid(text, Spans(first, first * 0, np.full(len(texts), -1)), len(self.vocab))
        return rows, np.ones(len(texts), np.int64)

    def _segments(self, texts: list[np.ndarray]) -> tuple[Rows, Sequence[int]]:
        """[CLS] first [SEP], or [CLS] first [SEP] second [SEP]."""
        if len(texts) == 1:
            return super()._segments(texts)
        return self._pair(*texts), [1, len(texts[0]) + 2]

    @classmethod
    def capabilities(cls, options: Any = None) -> tuple[str, ...]:
        """Without the task of the next sentence, it cannot answer for it."""
        every = super().capabilities()
        return tuple(name for name in every if name != "NextSentence" or options is None or options.next_sentence)

    @classmethod
    def check(cls, options: Any, corpus: Corpus) -> None:
        fitting(options, corpus, corpus.tokens)

    @classmethod
    def estimate(cls, options: Any, corpus: Corpus) -> Estimate:
        return cls._cost(options, corpus, options.chosen)

    def masked_word(self, tokens: Sequence[str], i: int) -> np.ndarray:
        """float32 (V,), sums to 1: one [MASK] stands for the word, however many pieces it has.

        Of a text longer than the context, the words around it.
        """
        parts = self._cut(tokens)
        if not 0 <= i < len(parts):
            raise Problem("There is no word {i} among {count}: the first is 0.", i=i, count=len(parts))
        parts[i] = np.array([len(self.vocab) + MASK])
        first, last = pieces.around(list(map(len, parts)), i, self.room, True)
        rows, begins = self._laid([np.concatenate(parts[first:last])])
        place = int(begins[0]) + sum(map(len, parts[first:i]))
        stream = self.network_.look(rows)[0][-1]
        return self.network_.words_at(stream[:, place])[0].cpu().numpy()

    def next_sentence(self, first: str, second: str, heads_off: Sequence[tuple[int, int]] = ()) -> float:
        """Of texts too long for the context together, the end of the first and the beginning of the second.

        heads_off: (layer, head) of heads that are to be silent. Raises Problem if a text is empty, or if the run did
        not learn this.
        """
        if not self.options.next_sentence:
            raise Problem("This run did not learn which sentence follows which: train one with pairs.")
        texts = [self.vocab.encode(self.vocab.tokenize(text)).astype(np.int64) for text in (first, second)]
        if not all(len(text) for text in texts):
            raise Problem("Both sentences must have words: write two.")
        room = self.options.context - 3
        ahead = min(len(texts[0]), max(room - len(texts[1]), room // 2))
        rows = self._pair(texts[0][-ahead:], texts[1][: room - ahead])
        return float(self.network_.follows(self.network_.look(rows, self._silent(heads_off))[0][-1][:, 0])[0])

    def _cut(self, tokens: Sequence[str]) -> list[np.ndarray]:
        """Also of HIDDEN: [MASK]."""
        blank = np.array([self._blank])
        return [blank if token == HIDDEN else part for token, part in zip(tokens, super()._cut(tokens))]

    # What is guessed, for those who ask why.

    @property
    def _blank(self) -> int:
        return len(self.vocab) + MASK

    def _hidden(self, words: list[np.ndarray], at: int | None) -> tuple[list[np.ndarray], int]:
        """The word `at`, else the one in the middle, as one [MASK]."""
        at = len(words) // 2 if at is None else self._numbered(words, at)
        return [*words[:at], np.array([self._blank]), *words[at + 1 :]], sum(map(len, words[:at]))

    def _asked(
        self, words: list[np.ndarray], order: np.ndarray, draw: np.random.Generator
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """A share of the words, at least one, all pieces of each as [MASK]."""
        known = [i for i, word in enumerate(words) if (word < len(self.vocab)).all()]
        count = min(len(known), max(1, round(_ASKED * len(words))))
        chosen = {*(draw.choice(known, count, replace=False).tolist() if count else [])}
        ids = np.concatenate([words[i] for i in order])
        hidden = np.concatenate([np.full(len(words[i]), i in chosen) for i in order])
        return np.where(hidden, self._blank, ids), np.flatnonzero(hidden), ids[hidden]

    def _pair(self, first: np.ndarray, second: np.ndarray) -> Rows:
        middle, end = len(first), len(first) + len(second)
        spans = Spans(np.array([[0, middle]]), np.array([[middle, end]]), np.array([1]))
        return laid(np.concatenate([first, second]), spans, len(self.vocab))[0]


def fitting(options: Any, corpus: Corpus, tokens: np.ndarray) -> tuple[Text, Text]:
    """These tokens of a corpus, to learn from and held out. Raises Problem for too few, or for no pairs that follow."""
    ranges = corpus.split()
    enough(tokens, ranges, options.context)
    learned, held = (Text(tokens, some, corpus.sentences, corpus.offsets) for some in ranges)
    if options.next_sentence and not len(learned.pairs):
        raise Problem(
            "No document has two sentences one after the other, so there are no pairs to learn from: switch pairs off, "
            "or take longer documents."
        )
    return learned, held


class _Course:
    """Rows out of the text of one corpus, and its held-out rows, which are the same at every look."""

    def __init__(self, options: Any, vocab: Vocab, corpus: Corpus):
        self.options, self.words = options, len(vocab)
        tokens = np.minimum(corpus.tokens, self.words)  # V for every word outside
        self._train, self._held = fitting(options, corpus, tokens)
        self._whole = WholeWords(corpus) if options.whole_words else None
        self._known = self._rows(self._held, 4 * options.batch, np.random.default_rng(0))
        targets = self._known.targets[self._known.targets >= 0]
        counts = np.bincount(tokens, minlength=self.words + 1)[:-1] + 1
        self._guessing = {
            "baseline": float(np.log(counts.sum() / counts[targets]).sum() / max(1, len(targets))),
            "masked_baseline": float((targets == counts.argmax()).sum() / max(1, len(targets))),
        }

    def learn(self, network: Any, draw: np.random.Generator) -> tuple[Any, dict[str, float], int]:
        rows = self._rows(self._train, self.options.batch, draw)
        masked, follows = network.losses(rows)
        return masked + follows, {"loss": masked.item()}, int(rows.lengths.sum())

    def look(self, network: Any) -> dict[str, float]:
        found: dict[str, float] = network.measure(self._known)
        return found | self._guessing

    def _rows(self, text: Text, count: int, draw: np.random.Generator) -> Rows:
        """`count` rows, words hidden; in pairs, if that is to be learned and the text has any."""
        pair = self.options.next_sentence and len(text.pairs) > 0
        spans = (text.pairs_of if pair else text.windows)(draw, count, self.options.context - (3 if pair else 2))
        rows, source = laid(text.tokens, spans, self.words)
        groups = None if self._whole is None else self._whole.groups(rows.ids, source, spans)
        return replace(hidden(rows, groups, draw, self.words, self.options), follows=spans.follows)
