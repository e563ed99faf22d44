"""Occurrences as rows: of each its sentence, its form, its neighbours, its label and its document's columns."""

import numpy as np
import pandas as pd

from core.corpus import Corpus
from core.corpus.characters import fold
from core.explore.concordance import lines_of
from core.explore.matches import Hits, tokens_before

LONGEST = 600  # characters of a sentence; of a longer one, the part around the word


def placed(corpus: Corpus, hits: Hits) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The frame and the columns of `core.explore.senses.Occurrences`, a row a hit."""
    lines = lines_of(hits, 1)
    frame = _frame(corpus, lines["document"].to_numpy(), lines[["begin", "end"]].to_numpy(np.int64))
    columns = corpus.table.iloc[frame["document"]].reset_index(drop=True)
    frame["label"] = _labels(corpus, frame, columns)
    return frame, columns


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
