"""The live picture of an encoder while it trains: a map that keeps still but for meaning, and answers to the probe."""

import json
import unicodedata
from typing import Any

import numpy as np

from core.corpus import Corpus, Vocab
from core.encoders.base import Encoder, WordVectors
from core.explore.pairs import held_out_pairs
from core.jobs.sentence import told

_MAPPED, _SEARCHED = 5000, 20_000  # words on the map; words among which neighbours are looked for
_NEIGHBOURS = 8
_WIDEST = 200  # vectors wider than this are first projected at random: distances keep, and the covariance stays small
_SKIPPED, _PLENTY = 100, 600  # probe words come from these ranks
_PLAIN = 32  # characters of a sentence that is neither too short nor too long to be watched
_HUGE = 1_000_000  # characters of a document that is not read for one sentence


class Snapshots:
    """Pictures of one encoder, each aligned to the one before.

    probe: {"words": […], "sentence": "…"}, which may be changed at any time; basis: that of an earlier picture.
    """

    def __init__(self, encoder: Encoder, probe: dict[str, Any], basis: np.ndarray | None = None):
        self.encoder, self.probe, self.basis = encoder, probe, basis
        self._near: dict[str, list[str]] = {}

    def take(self, step: int) -> dict[str, np.ndarray]:
        """The picture as arrays for a file: ids int32 (n,), xy float32 (n, 2), basis, facts (JSON as uint8), and
        attention float16 (L, H, T, T) where there is any."""
        xy, probes, words = np.zeros((0, 2), np.float32), [], self.encoder.vocab.words[:_MAPPED]
        if isinstance(self.encoder, WordVectors):
            vectors = self.encoder.word_vectors()
            xy, self.basis = project(vectors[:_MAPPED], self.basis)
            searched = vectors[:_SEARCHED]
            lengths = np.sqrt(np.einsum("ij,ij->i", searched, searched))
            probes += [self._neighbours(vectors, lengths, word) for word in self.probe.get("words", [])]
        more, arrays = told(self.encoder, self.probe.get("sentence", ""), step, self.probe.get("reference", ""))
        probes += more
        facts = {"step": step, "words": words[: len(xy)], "probes": probes}
        text = json.dumps(facts, ensure_ascii=False).encode("utf-8", "replace")
        basis = np.zeros((0, 2), np.float32) if self.basis is None else self.basis
        return {"ids": np.arange(len(xy), dtype=np.int32), "xy": xy, "basis": basis,
                "facts": np.frombuffer(text, np.uint8), **arrays}  # fmt: skip

    def _neighbours(self, vectors: np.ndarray, lengths: np.ndarray, word: str) -> dict[str, Any]:
        """The words of the largest cosine to this one, in the space being learned; lengths: of the vectors searched."""
        index = self.encoder.vocab.get(word)
        if index is None:
            if word not in self._near:
                self._near[word] = self.encoder.vocab.near(word, 3)
            return {"kind": "unknown", "word": word, "near": self._near[word]}
        query = vectors[index]
        cosines = vectors[: len(lengths)] @ query / np.maximum(lengths * np.sqrt(query @ query), 1e-12)
        if index < len(cosines):
            cosines[index] = -np.inf
        best = largest(cosines, min(_NEIGHBOURS, len(cosines) - (index < len(cosines))))
        words = [self.encoder.vocab.words[i] for i in best]
        return {"kind": "neighbours", "word": self.encoder.vocab.words[index], "words": words,
                "cosines": [round(float(cosines[i]), 4) for i in best]}  # fmt: skip


def largest(values: np.ndarray, k: int) -> list[int]:
    """The indices of the k largest values, the largest first."""
    best = np.argpartition(-values, k - 1)[:k] if 0 < k < len(values) else np.arange(len(values))
    return [int(i) for i in best[np.argsort(-values[best], kind="stable")][: max(k, 0)]]


def project(vectors: np.ndarray, before: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """PCA of the directions of vectors (n, d): xy float32 (n, 2) of root mean square radius 1, and its basis (d, 2).

    The basis is turned onto the one before (orthogonal Procrustes; Schönemann 1966), so that a picture does not flip
    or spin between two steps.
    """
    lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))[:, None]
    points = vectors / np.maximum(lengths, 1e-12)
    width = points.shape[1]
    if width > _WIDEST:
        points = points @ np.random.default_rng(0).standard_normal((width, _WIDEST), np.float32)
    points -= points.mean(0)
    _, directions = np.linalg.eigh(points.T @ points)  # eigenvalues ascend
    basis = np.zeros((points.shape[1], 2), np.float32)
    basis[:, : min(2, points.shape[1])] = directions[:, ::-1][:, :2]
    if before is not None and before.shape == basis.shape:
        left, _, right = np.linalg.svd(basis.T @ before)
        basis = basis @ (left @ right)
    xy = points @ basis
    spread = np.sqrt((xy**2).sum(1).mean())
    return np.ascontiguousarray(xy / max(float(spread), 1e-12), np.float32), basis.astype(np.float32)


def default_probe(corpus: Corpus, pairs: bool = False, known: Vocab | None = None) -> dict[str, Any]:
    """Three words that this corpus has in plenty and that carry meaning, and the beginning of a sentence of its own.

    pairs: a whole sentence instead that is held out, and its translation for a reference. known: the words of an
    encoder that has others than the corpus.
    """
    words, held = plenty(corpus.vocab, known), held_out_pairs(corpus, 50) if pairs else None
    if held is not None and len(held):
        _document, sentence, reference = min(held.itertuples(index=False), key=lambda pair: abs(len(pair[1]) - _PLAIN))
        return {"words": words, "sentence": sentence, "reference": reference}
    return {"words": words, "sentence": _opening(corpus)}


def plenty(vocab: Vocab, known: Vocab | None = None) -> list[str]:
    """Three words spread over the ranks after the function words; the most frequent ones of a small vocabulary.

    known: of these alone, if there are any.
    """
    first = min(_SKIPPED, len(vocab) // 3)
    good = [word for word in vocab.words[first:_PLENTY] if _has_content(word)]
    good = [word for word in good if known is None or word in known] or good
    some = good or [word for word in vocab.words[:_PLENTY] if word.isalpha()] or vocab.words[:3]
    return [some[place] for place in sorted({0, len(some) // 3, 2 * len(some) // 3})]


def _has_content(word: str) -> bool:
    """Four letters or more, or two Han characters or more."""
    han = sum(unicodedata.name(letter, "").startswith("CJK") for letter in word)
    return word.isalpha() and (han >= 2 or len(word) >= 4)


def _opening(corpus: Corpus) -> str:
    """How a sentence from the middle of the text begins: one of plain words, if there is one nearby."""
    length = 6 if corpus.vocab.tokenizer != "characters" else 24
    middle = len(corpus.sentences) // 2
    texts: dict[int, str] = {}
    openings = [_beginning(corpus, int(token), length, texts) for token in corpus.sentences[middle : middle + 100]]
    plain = [text for text in openings if len(text) > length and text.replace(" ", "").isalpha()]
    return next(iter(plain or openings), "")


def _beginning(corpus: Corpus, first: int, length: int, texts: dict[int, str]) -> str:
    """The text from one token to the `length`-th after it, within its document; of a huge one, the words known of it.

    texts: the documents read so far, which this adds to.
    """
    document = int(np.searchsorted(corpus.offsets, first, "right")) - 1
    end = int(corpus.offsets[document + 1])
    if int(corpus.starts[end - 1]) > _HUGE:
        words, gap = corpus.vocab.words, " " if corpus.vocab.tokenizer == "words" else ""
        ids = corpus.tokens[first : min(first + length, end)].tolist()
        return " ".join(gap.join(words[i] for i in ids if i < len(words)).split())
    text = texts[document] = texts.get(document) or corpus.documents[document]
    last = int(corpus.starts[first + length]) if first + length < end else len(text)
    return " ".join(text[int(corpus.starts[first]) : last].split())[:200]
