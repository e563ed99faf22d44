"""Every place where a word stands, as what can be compared: its sentence, its form, its neighbours, its document.

The places do not depend on any run's vocabulary: they are characters of documents. What is looked for is a word, a
pattern of words, or a string of the text itself, inside longer words too (see `core.explore.query`).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from core.corpus import Corpus
from core.corpus.characters import fold
from core.explore.concordance import lines_of
from core.explore.matches import Hits, tokens_before
from core.explore.matches import find as find_hits
from core.explore.query import parse
from core.problem import Problem

MOST = 5000  # occurrences that are looked at together
LONGEST = 600  # characters of a sentence; of a longer one, the part around the word
LIMIT = 2000


@dataclass(frozen=True)
class Occurrences:
    """n of `total` occurrences in the order of the text, which stand in `documents` documents.

    frame: a row each. document int64; begin, end int64, characters of the document; token int64, of the corpus, that
    the place lies in; sentence str; first, last int64, characters of the sentence; form str, as it is written; left and
    right str, the neighbours ("" at an edge; of a string in a longer word, what goes on there); capital bool; place
    float, where in the sentence, 0 to 1; label str, of the corpus's label column ("": none).
    columns: the document's columns, a row each.
    """

    total: int
    documents: int
    seed: int
    frame: pd.DataFrame
    columns: pd.DataFrame

    def __len__(self) -> int:
        return len(self.frame)


def find(
    corpus: Corpus,
    query: str,
    limit: int = LIMIT,
    seed: int = 0,
    *,
    mode: str = "words",
    within: np.ndarray | None = None,
) -> Occurrences:
    """The occurrences of a query, a sample of them if there are more than `limit` (see `sampled`).

    mode: "words" or "text". within: documents to look in. Raises Problem for what cannot be searched, and for a word
    that does not occur.
    """
    if not 1 <= limit <= MOST:
        raise Problem("1 to {most} occurrences are looked at together; not {n}.", most=MOST, n=limit)
    hits = find_hits(corpus, parse(corpus, query, mode), within)
    if not len(hits):
        raise Problem("{query} does not occur in this corpus: try another form, search in the text itself, or choose "
                      "another corpus.", query=query[:80])  # fmt: skip
    chosen = sampled(_strata(corpus, hits), limit, seed)
    lines = lines_of(hits.chosen(chosen), 1)
    frame = _frame(corpus, lines["document"].to_numpy(), lines[["begin", "end"]].to_numpy(np.int64))
    columns = corpus.table.iloc[frame["document"]].reset_index(drop=True)
    frame["label"] = _labels(corpus, frame, columns)
    return Occurrences(len(hits), hits.documents_total(), seed, frame, columns)


def sampled(strata: np.ndarray, limit: int, seed: int = 0) -> np.ndarray:
    """int64, rising: at most `limit` of n, from each stratum as many as the square root of its size has weight, so that
    one frequent pattern does not fill the sample. strata: int (n,)."""
    if len(strata) <= limit:
        return np.arange(len(strata))
    draw = np.random.default_rng(seed)
    shuffled = draw.permutation(len(strata))
    order = shuffled[np.argsort(strata[shuffled], kind="stable")]
    _, begins, sizes = np.unique(strata[order], return_index=True, return_counts=True)
    rank = np.arange(len(order)) - np.repeat(begins, sizes) + draw.random(len(order))
    first = np.argsort(rank / np.sqrt(np.repeat(sizes, sizes)), kind="stable")[:limit]
    return np.sort(order[first])


def _strata(corpus: Corpus, hits: Hits) -> np.ndarray:
    """int64 (n,): occurrences alike in the word that they begin in and in the word behind them."""
    tokens, last = np.asarray(corpus.tokens), len(corpus.tokens) - 1
    here = tokens.take(np.minimum(hits.first - (hits.lengths == 0), last))
    behind = tokens.take(np.minimum(hits.after, last))
    return here.astype(np.int64) * (corpus.types + 1) + behind


def _frame(corpus: Corpus, documents: np.ndarray, places: np.ndarray) -> pd.DataFrame:
    begin, end = places.T
    low = corpus.offsets[documents].astype(np.int64)
    token = np.maximum(tokens_before(corpus, documents, begin + 1) - 1, low)
    after = tokens_before(corpus, documents, end)
    edges = _sentences(corpus, documents, token)
    rows = [_row(corpus, *each) for each in zip(
        documents.tolist(), begin.tolist(), end.tolist(), token.tolist(), after.tolist(), edges.tolist())]  # fmt: skip
    names = ["sentence", "first", "last", "form", "left", "right"]
    frame = pd.DataFrame(rows, columns=names)
    frame = pd.DataFrame({"document": documents, "begin": begin, "end": end, "token": token}).join(frame)
    frame["capital"] = [form[:1].isupper() for form in frame["form"]]
    frame["place"] = frame["first"] / np.maximum(frame["sentence"].str.len(), 1)
    return frame


def _sentences(corpus: Corpus, documents: np.ndarray, token: np.ndarray) -> np.ndarray:
    """int64 (n, 4): the tokens that each one's sentence begins and ends with (not included), and the characters."""
    sentences = np.append(np.asarray(corpus.sentences, np.int64), len(corpus.tokens))
    here = corpus.sentence_of(token)
    low, high = (corpus.offsets[documents + i].astype(np.int64) for i in (0, 1))
    first, last = np.maximum(sentences[here], low), np.minimum(sentences[here + 1], high)
    starts = np.asarray(corpus.starts)
    begin = np.where(first == low, 0, starts.take(np.minimum(first, len(starts) - 1)))
    lengths = np.array([corpus.documents.length(i) for i in documents.tolist()], np.int64)
    end = np.where(last == high, lengths, starts.take(np.minimum(last, len(starts) - 1)))
    return np.stack([first, last, begin, end], axis=1)


def _row(
    corpus: Corpus, document: int, begin: int, end: int, token: int, after: int, edges: list[int]
) -> tuple[str, int, int, str, str, str]:
    first, last, start, stop = edges
    start, stop = max(start, begin - LONGEST // 2), max(end, min(stop, end + LONGEST // 2))
    text = corpus.documents.slice(document, start, stop)
    trimmed = text.lstrip()
    start += len(text) - len(trimmed)
    sentence = trimmed.rstrip()
    form = sentence[begin - start : end - start]
    word = corpus.index.word(int(corpus.tokens[token]))
    before = begin - int(corpus.starts[token])
    inside = word[before + len(form) :] if before >= 0 and after == token + 1 or before > 0 else ""
    left = word[:before] if before > 0 else _word(corpus, token - 1, first, last)
    right = inside or _word(corpus, after, first, last)
    return sentence, begin - start, end - start, form, left, right


def _word(corpus: Corpus, token: int, first: int, last: int) -> str:
    return corpus.index.word(int(corpus.tokens[token])) if first <= token < last else ""


def _labels(corpus: Corpus, frame: pd.DataFrame, columns: pd.DataFrame) -> list[str]:
    """The document's label; where the columns say which word of it is labelled (start, or word), of that one alone."""
    column = corpus.roles.get("label")
    if column is None:
        return [""] * len(frame)
    labels = columns[column].fillna("").astype(str)
    if "start" in columns:
        starts = pd.to_numeric(columns["start"], errors="coerce")
        if starts.notna().all():
            return labels.where(starts == frame["begin"], "").tolist()
    if "word" in columns:
        folds = bool(corpus.facts["lowercase"])
        same = [fold(str(word), folds) in fold(form, folds) for word, form in zip(columns["word"], frame["form"])]
        return labels.where(same, "").tolist()
    return labels.tolist()
