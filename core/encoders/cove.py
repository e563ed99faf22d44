"""CoVe: what an encoder must say of each word in its sentence so that another network can translate the sentence.

McCann, Bradbury, Xiong and Socher (2017), Learned in translation: contextualized word vectors. A two-layer biLSTM reads
the sentence, an attentional LSTM decoder writes its translation (section 3), the decoder is thrown away and what the
biLSTM says is the word's vector (section 4); here the decoder is kept, so that it can be watched. Both directions
together are as wide as a word; in the paper each of them is.
"""

import json
import os
from collections.abc import Generator, Sequence
from itertools import groupby
from typing import Any, Literal

import numpy as np

from core.corpus import Corpus, Vocab
from core.encoders.base import ContextVectors, Estimate, Translation, WordVectors
from core.encoders.networks import pieces
from core.encoders.stepwise import Course, Stepwise
from core.options import Options, option
from core.problem import Problem, marked

SIZES = {"tiny": (2, 64), "small": (2, 128), "medium": (2, 256)}  # layers, width
LONGEST = 100  # words of a sentence that is translated
BEAMS = 4
_WORTH = 4  # times as many words as are drawn: for fewer the whole softmax is as fast
_POOL = 16  # batches' worth of pairs out of which one batch of like lengths is taken
_HELD = 256  # pairs of the held-out look
_TOGETHER = 64  # occurrences that go through the network at once
_END, _UNKNOWN, _BEGIN = range(3)  # behind the words of the translation: see networks/cove.py


class CoVeOptions(Options):
    """The defaults are the balanced preset."""

    # fmt: off
    presets = {"quick": {"steps": 1000}, "balanced": {},
               "thorough": {"size": "medium", "steps": 10_000, "lr": 0.002}}
    steps: int = option(3000, "Steps", "How many batches it learns from.", low=1, high=1_000_000, step=100)
    size: Literal["tiny", "small", "medium"] = option(
        "small", "Size", "Two layers, 64, 128 or 256 wide, of the encoder and of the decoder.")
    layers: int = option(0, "Layers", "LSTM layers of the encoder and of the decoder. 0: as the size says.",
                         low=0, high=4, step=1, advanced=True)
    width: int = option(0, "Width", "Numbers that stand for one word; an even number. 0: as the size says.",
                        low=0, high=768, step=8, advanced=True)
    context: int = option(40, "Longest sentence", "Pairs with more words on either side are left out.",
                          low=2, high=100, step=5, advanced=True)
    batch: int = option(64, "Batch", "Pairs of sentences in one step.", low=1, high=512, step=8)
    dropout: float = option(0.2, "Dropout", "The share of numbers left out by chance, so that it does not learn pairs "
                            "by heart.", low=0.0, high=0.8, step=0.1)
    samples: int = option(
        1024, "Sampled words", "Words that a true word is told from while it learns; 0: all words, slower.",
        low=0, high=8192, step=128, advanced=True)
    lr: float = option(0.003, "Learning rate", "The size of a step.", low=1e-5, high=0.1, step=0.0005, advanced=True)
    seed: int = option(0, "Seed", "The same seed gives the same numbers.", low=0, high=2**31 - 1, step=1, advanced=True)
    threads: int = option(
        1, "Threads", "Processor cores to use; its steps are small, so that a second one gains little.",
        low=1, high=64, step=1, advanced=True)
    # fmt: on

    def __init__(self, **values: Any):
        super().__init__(**values)
        if self.width % 2:
            raise Problem("Width {width} cannot be shared by two directions: choose an even one.", width=self.width)

    @property
    def shape(self) -> tuple[int, int]:
        """Layers and width: what was asked for, the rest by the size."""
        layers, width = SIZES[self.size]
        return self.layers or layers, self.width or width


class CoVe(Stepwise, WordVectors, ContextVectors, Translation):
    """Learned beside the network: target_, the words of the translation. Unknown words are read as one symbol."""

    name, title, year = "cove", "CoVe", 2017
    paper = "McCann et al. (2017), Learned in translation: contextualized word vectors"
    objective = marked(
        "Nats to guess the next word of a translation, or its end, from the sentence and the true words before it, "
        "among the whole vocabulary. While it learns a large vocabulary, the loss is estimated from a sample of the "
        "words."
    )
    Options = CoVeOptions
    needs_translation = True
    target_: Vocab

    def _network(self) -> Any:
        from core.encoders.networks.cove import Network

        layers, width = self.options.shape
        return Network(len(self.vocab), len(self.target_), width, layers)

    def _course(self, corpus: Corpus) -> Course:
        self.target_ = translated(corpus).vocab
        return _Course(self.options, len(self.vocab), len(self.target_), corpus)

    def untrained(self, seed: int = 0) -> "CoVe":
        """As every network's, with the words of the translation that this one knows."""
        import torch

        from core.encoders.networks import transformer

        fresh = CoVe(self.options, self.vocab)
        fresh.target_ = self.target_
        torch.manual_seed(seed)
        fresh.network_ = fresh._network().to(transformer.device())
        return fresh

    def state(self, training: bool = True) -> dict[str, np.ndarray]:
        text = json.dumps(self.target_.to_dict(), ensure_ascii=False).encode()
        return {**super().state(training), "target": np.frombuffer(text, np.uint8)}

    def restore(self, state: dict[str, np.ndarray]) -> None:
        self.target_ = Vocab.from_dict(json.loads(state["target"].tobytes()))
        super().restore(state)

    @classmethod
    def estimate(cls, options: Any, corpus: Corpus) -> Estimate:
        """Seconds fitted on one thread. Raises Problem for a corpus without pairs, or with too few."""
        fitting(options, corpus)
        other = translated(corpus)
        (layers, width), words, others = options.shape, len(corpus.vocab), len(other.vocab)
        pairs, batch = max(1, len(corpus.documents)), options.batch
        long, wide = (min(options.context, len(each.tokens) / pairs + 2) for each in (corpus, other))
        compared = others if options.samples == 0 or others < _WORTH * options.samples else options.samples
        step = (layers + 1) * (long + wide) * (4.2e-4 + batch * (5e-8 * width + 5.3e-10 * width**2))
        step += batch * wide * compared * (2.5e-9 + 1.2e-11 * width) + 4e-9 * (words + others) * width
        weights = width * (words + others + 20 * layers * width)
        kept = 4 * batch * (long + wide) * (2 * layers * 8 * width + 3 * min(compared, 4096))
        seconds = 3 + options.steps * step / min(options.threads, os.cpu_count() or 1) ** 0.2
        return Estimate(seconds, int(570_000_000 + kept + 20 * weights + 8 * len(corpus.tokens)))

    # What it answers.

    def word_vectors(self) -> np.ndarray:
        """float32 (V, width): the embedding of the sentence's words."""
        vectors: np.ndarray = self.network_.embedding[:-1].detach().cpu().numpy().copy()
        return vectors

    def translate(self, sentence: str) -> dict[str, Any]:
        """By a beam search of BEAMS translations, the best by the mean logarithm of a word's probability.

        Raises Problem for no words, or more than LONGEST."""
        from core.encoders.networks import cove

        source = self.vocab.tokenize(sentence)
        if not 0 < len(source) <= LONGEST:
            told = marked("A sentence of 1 to {most} words is translated; this one has {count}.")
            raise Problem(told, most=LONGEST, count=len(source))
        ids = self.vocab.encode(source).astype(np.int64)
        found = cove.translate(self.network_, ids, BEAMS, 2 * len(ids) + 10)
        words = [self.target_.words[i] for i in found["ids"]]
        unknown = [word for word, i in zip(source, ids) if i == len(self.vocab)]
        gap = " " if self.target_.tokenizer in ("words", "pieces") else ""
        return {
            "source": source, "words": words, "text": gap.join(words).replace(" ##", ""), "unknown": unknown,
            "attention": found["attention"], "logs": np.array(found["logs"], np.float32),
        }  # fmt: skip

    def context_vectors(self, tokens: Sequence[str]) -> np.ndarray:
        """float32 (L + 1, T, width): forward beside backward, the mean over a word's pieces; layer 0 is the embedding.
        A text of any length is read as one."""
        ids, word = self._pieces(tokens)
        return pieces.of_words(self._look(ids[None])[:, 0], word, len(tokens))

    def occurrence_vectors(
        self, sentences: Sequence[Sequence[str]], positions: Sequence[int]
    ) -> Generator[float, None, np.ndarray]:
        """Each token amid its whole sentence; sentences of one length are read together."""
        texts = [self._pieces(words) for words in sentences]
        layers, width = self.options.shape
        vectors = np.empty((len(texts), layers + 1, width), np.float32)
        order, done = sorted(range(len(texts)), key=lambda i: len(texts[i][0])), 0
        for _, same in groupby(order, key=lambda i: len(texts[i][0])):
            rows = list(same)
            for first in range(0, len(rows), _TOGETHER):
                some = rows[first : first + _TOGETHER]
                streams = self._look(np.stack([texts[i][0] for i in some]))
                for place, i in enumerate(some):
                    vectors[i] = streams[:, place, texts[i][1] == positions[i]].mean(1)
                done += len(some)
                yield done / len(texts)
        return vectors

    def _pieces(self, tokens: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Ids int64 (P,), and the word int64 (P,) that each is of. Raises Problem for no words."""
        if not len(tokens):
            raise Problem("There are no words: write some.")
        parts = pieces.cut(self.vocab, tokens, len(tokens) + 64)
        return np.concatenate(parts), np.repeat(np.arange(len(parts)), list(map(len, parts)))

    def _look(self, ids: np.ndarray) -> np.ndarray:
        """float32 (L + 1, B, T, width) of sentences (B, T)."""
        import torch

        streams: np.ndarray = self.network_.look(torch.from_numpy(ids).to(self.network_.bias.device)).cpu().numpy()
        return streams


def translated(corpus: Corpus) -> Corpus:
    """The translations of a corpus. Raises Problem if it has none."""
    if corpus.translation is None:
        raise Problem(
            "CoVe learns by translating, and this corpus has no translations: choose one of sentence pairs, or read it "
            "again and name its translation column."
        )
    return corpus.translation


def fitting(options: Any, corpus: Corpus) -> tuple[np.ndarray, np.ndarray]:
    """The pairs that are neither empty nor too long, int64: to learn from, and held out. Raises Problem for too few."""
    lengths = [np.diff(each.offsets) for each in (corpus, translated(corpus))]
    fits = np.logical_and.reduce([(1 <= each) & (each <= options.context) for each in lengths])
    learned, held = (part[fits[part]] for part in corpus.split_documents())
    if not len(held) or not len(learned):
        told = marked(
            "Of {all} pairs of sentences, {pairs} have 1 to {words} words on both sides, and some must be left to be "
            "held out: bring more, fill empty translations, or allow longer sentences."
        )
        raise Problem(told, all=len(fits), pairs=int(fits.sum()), words=options.context)
    if len(learned) < options.batch:
        told = marked("There are {pairs} pairs of sentences of at most {words} words to learn from, and a batch "
                      "takes {batch}: bring more, or choose a smaller batch.")  # fmt: skip
        raise Problem(told, pairs=len(learned), words=options.context, batch=options.batch)
    return learned, held


class _Course:
    """Pairs of sentences in batches of like lengths, and held-out ones that are always the same.

    learned and held: int64, documents; baseline: nats to guess the held-out words by their frequency.
    """

    def __init__(self, options: Any, words: int, others: int, corpus: Corpus):
        self.options, self.words, self.others = options, words, others
        self.corpus, self.other = corpus, translated(corpus)
        self._lengths = np.diff(corpus.offsets), np.diff(self.other.offsets)
        self.learned, self.held = fitting(options, corpus)
        spread = np.linspace(0, len(self.held) - 1, min(_HELD, len(self.held))).astype(int)
        self._looked = self._pairs(self._sorted(self.held)[spread])
        self._count(others)

    def _count(self, others: int) -> None:
        """Frequencies of the words of the translations, the end of one among them."""
        counts = np.bincount(np.minimum(self.other.tokens, others), minlength=others + 1)
        counts[others] = len(self.learned)
        self._chances = ((counts + 1) ** 0.75 / ((counts + 1) ** 0.75).sum()).astype(np.float32)
        self._sums = np.cumsum(self._chances, dtype=np.float64)
        few = self.options.samples and others >= _WORTH * self.options.samples
        self._drawn = self.options.samples if few else 0
        wanted = self._looked[3]
        self.baseline = float(np.log((counts + 1).sum() / (counts + 1)[wanted[wanted >= 0]]).mean())

    def learn(self, network: Any, draw: np.random.Generator) -> tuple[Any, dict[str, float], int]:
        import torch

        size = self.options.batch
        pool = self._sorted(self.learned[draw.integers(0, len(self.learned), _POOL * size)])
        rows = pool[(first := size * int(draw.integers(_POOL))) : first + size]
        drawn = np.searchsorted(self._sums, draw.random(self._drawn) * self._sums[-1], "right")
        torch.manual_seed(int(draw.integers(2**62)))  # of what dropout leaves out
        loss, nats = network.loss(self._pairs(rows), drawn, self._chances, self.options.dropout)
        return loss, {"loss": nats.item()}, int(sum(each[rows].sum() for each in self._lengths))

    def look(self, network: Any) -> dict[str, float]:
        return {"held_out": network.measure(self._looked).item(), "baseline": self.baseline}

    def _sorted(self, rows: np.ndarray) -> np.ndarray:
        """The same documents, by the lengths of both sentences."""
        own, other = (each[rows] for each in self._lengths)
        found: np.ndarray = rows[np.lexsort((own, other))]
        return found

    def _pairs(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Source, lengths, given and wanted: see `networks.cove.Pairs`."""
        source = _padded(self.corpus, rows, self.words, self.words)
        words = _padded(self.other, rows, self.others, -1)
        lengths = self._lengths[1][rows]
        given = np.full((len(rows), words.shape[1] + 1), self.others + _BEGIN)
        given[:, 1:] = np.where(words == self.others, self.others + _UNKNOWN, np.maximum(words, 0))
        wanted = np.pad(np.where(words == self.others, -1, words), ((0, 0), (0, 1)), constant_values=-1)
        wanted[np.arange(len(rows)), lengths] = self.others + _END
        return source, self._lengths[0][rows].astype(np.int64), given, wanted


def _padded(corpus: Corpus, rows: np.ndarray, words: int, fill: int) -> np.ndarray:
    """int64 (B, T): the ids of these documents, `words` for every one outside the vocabulary, `fill` behind them."""
    texts = [corpus.tokens[corpus.offsets[row] : corpus.offsets[row + 1]] for row in rows]
    padded = np.full((len(rows), max(map(len, texts))), fill, np.int64)
    for row, text in zip(padded, texts):
        row[: len(text)] = np.minimum(text, words)
    return padded
