"""What can be asked of word vectors that takes more than a moment: hubs, what changed between runs, lists of analogies,
what is near to a sentence. Each function takes the store and JSON; a run is one that has ended.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from core.answers.corpora import Steps, opened, plain, table
from core.answers.documents import Kept, names, word_vectors
from core.corpus import Corpus, Vocab
from core.corpus.single import single_text
from core.explore.surface import Surface
from core.problem import Problem, marked

if TYPE_CHECKING:
    from core.explore.agreement import Agreement
    from core.explore.sif import Sentences
    from core.store import Store

MOST_WORDS = 20_000  # that two runs are compared over
LISTED = 500  # words of a list of changes
OWN = 5  # neighbours that are told of each run
MOST_ANSWERS = 5_000  # questions of a list whose answers are told
SHOWN = 300  # characters of a stretch of text
MOST_BYTES = 16 << 20  # of a list
MOST_TYPES = 300_000  # of a corpus, whose vectors make its sentences
_SENTENCES = Kept(2)


def hubs(store: "Store", run_id: str, k: int = 10) -> Steps:
    """Every word's mean cosine to its k nearest, and of how many words it is one of them; see `core.explore.hubs`.

    Arrays means float32 (V,), times int32 (V,). Facts: among, skewness, k.
    """
    from core.explore.hubs import hubs as counted

    yield marked("Comparing every word with every other")
    found = yield from counted(store.vectors(run_id), k)
    return {"means": found.means, "times": found.times}, plain(
        {"among": found.among, "skewness": found.skewness, "k": k}
    )


def changed(store: "Store", run_id: str, others: Sequence[str], k: int = 10, words: int = 5000) -> Steps:
    """The words whose nearest differ most between runs, over the most frequent that all of them know.

    Arrays ids int32 (n,) in the first run and shared float32 (n,), how many of the k nearest two runs share, the mean
    over pairs. Facts: table of the first 500 with word, id, count, shared, jaccard and, in the order of the runs,
    near_0, near_1, …, the nearest of that run alone; n; k; mean and chance (of shared).
    """
    from core.explore.agreement import agreement, common

    runs = [run_id, *others]
    yield marked("Looking for words in common")
    vocabularies = [store.vocab(run) for run in runs]
    ids = common(vocabularies, min(max(3, words), MOST_WORDS))
    yield marked("Comparing neighbours")
    found = yield from agreement([store.vectors(run) for run in runs], ids, k)
    facts = {"table": table(_changes(found, vocabularies[0])), "n": ids.shape[1], "k": found.near.shape[2],
             "mean": float(found.shared.mean()), "chance": found.chance}  # fmt: skip
    return {"ids": ids[0].astype(np.int32), "shared": found.shared}, plain(facts)


def _changes(found: "Agreement", vocab: Vocab) -> pd.DataFrame:
    """The words that changed most, the more frequent of equal ones first, each with the nearest of one run alone."""
    order = np.argsort(found.jaccard, kind="stable")[:LISTED]
    rows = found.ids[0, order]
    told: dict[str, Any] = {
        "word": [vocab.words[i] for i in rows], "id": rows, "count": vocab.counts[rows], "shared": found.shared[order],
        "jaccard": found.jaccard[order],
    }  # fmt: skip
    for run in range(len(found.near)):
        told[f"near_{run}"] = [_own(found, run, place, vocab) for place in order]
    return pd.DataFrame(told)


def _own(found: "Agreement", run: int, place: int, vocab: Vocab) -> list[str]:
    """The nearest words of a word in one run that are near it in no other, the nearest first."""
    elsewhere = np.concatenate([near[place] for i, near in enumerate(found.near) if i != run])
    own = [each for each in found.near[run, place] if each not in elsewhere][:OWN]
    return [vocab.words[found.ids[0, each]] for each in own]


def analogy_list(store: "Store", run_id: str, text: str = "", path: str = "", name: str = "", among: int = 0) -> Steps:
    """Score a list of analogies in Google's format, a text or a file; see `core.explore.analogies`. among: 0 for all.

    Facts: sections, a table with name, questions, known and, of those known, how many are right: add, mul, add_kept,
    mul_kept, near (the word nearest to c); answers, a table with section, line, a, b, c, d, add, mul, add_kept,
    mul_kept; wrong, lines that cannot be read; among.
    """
    from core.explore.analogies import answer_list, known, read_list

    yield marked("Reading the list")
    vocab, vectors = store.vocab(run_id), store.vectors(run_id)
    sections, wrong = read_list(single_text(Path(path), name or Path(path).name, MOST_BYTES)[0] if path else text)
    most = min(among, len(vocab)) if among > 0 else len(vocab)
    found = known(sections, vocab, most)
    questions = np.concatenate(found)
    yield marked("Answering the questions")
    answers = yield from answer_list(vectors, questions[:, :3], most)
    section = np.repeat(np.arange(len(sections)), [len(each) for each in found])
    right = {name: each == questions[:, 3] for name, each in answers.best.items()}
    counted: dict[str, Any] = {
        "name": [each.name for each in sections], "questions": [len(each.questions) for each in sections],
        "known": np.bincount(section, minlength=len(sections)),
    }  # fmt: skip
    counted |= {name: np.bincount(section[each], minlength=len(sections)) for name, each in right.items()}
    told = slice(0, MOST_ANSWERS)
    rows: dict[str, Any] = {
        "section": [sections[i].name for i in section[told]],
        "line": [sections[i].lines[place] for i, place in zip(section[told], questions[told, 4])],
    }
    rows |= {name: [vocab.words[i] for i in questions[told, column]] for column, name in enumerate("abcd")}
    rows |= {name: [vocab.words[i] for i in each[told]] for name, each in answers.best.items() if name != "near"}
    facts = {"sections": table(pd.DataFrame(counted)), "answers": table(pd.DataFrame(rows)), "wrong": wrong[:100],
             "among": most}  # fmt: skip
    return {}, plain(facts)


def sentence(store: "Store", run_id: str, text: str, weighting: str = "sif", k: int = 12) -> Steps:
    """A text as one vector, its nearest words and the nearest stretches of the corpus that the run learned from.

    weighting: "sif" or "mean"; see `core.explore.sif`. Facts: words, a table with word, id, count, share (of all
    tokens) and weight; unknown, words left out; near, a table of words; texts, a table of stretches with cosine,
    document (from 0), name and text, None if the corpus is gone; compared, total: stretches; common: the share of the
    squares that lay along the direction taken from all.
    """
    from core.explore import sif
    from core.explore.neighbours import Space

    if weighting not in ("sif", "mean"):
        raise Problem("{name} is no way to weigh words; choose sif or mean.", name=weighting[:80])
    a = sif.A if weighting == "sif" else None
    yield marked("Reading the text")
    vocab, vectors = store.vocab(run_id), store.vectors(run_id)
    words = vocab.tokenize(text)
    ids = np.array([i for i in map(vocab.get, words) if i is not None], np.int64)
    if not len(ids):
        raise Problem("No word of this text is in the vocabulary of the run; try more frequent words.")
    weights = sif.weights(vocab.counts[ids], vocab.tokens, a)
    vector = (weights[:, None] * vectors[ids]).mean(axis=0)
    corpus = _corpus(store, run_id)
    kept = None if corpus is None else (yield from _sentences(store, corpus, run_id, a))
    cleaned = vector if kept is None else sif.without(vector, kept.common)
    near = Space(vectors, vocab).neighbours(cleaned.astype(np.float32), k, without=np.unique(ids).tolist())
    first = np.sort(np.unique(ids, return_index=True)[1])
    told = {"word": [vocab.words[i] for i in ids[first]], "id": ids[first], "count": vocab.counts[ids[first]],
            "share": vocab.counts[ids[first]] / max(1, vocab.tokens), "weight": weights[first]}  # fmt: skip
    facts = {
        "words": table(pd.DataFrame(told)), "unknown": list(dict.fromkeys(w for w in words if vocab.get(w) is None)),
        "near": table(near), "texts": None if corpus is None or kept is None else _texts(corpus, kept, vector, k),
        "compared": 0 if kept is None else len(kept.bounds), "total": 0 if kept is None else kept.total,
        "common": 0.0 if kept is None else kept.share,
    }  # fmt: skip
    return {}, plain(facts)


def _corpus(store: "Store", run_id: str) -> Corpus | None:
    """The corpus that a run learned from, unless it is gone."""
    row = store.run(run_id)
    found = None if row is None else store.corpus_row(row.corpus_id)
    return opened(store, found.id) if found is not None and found.state == "ready" else None


def _sentences(store: "Store", corpus: Corpus, run_id: str, a: float | None) -> Any:
    """The stretches of a corpus as vectors, kept from question to question."""
    from core.explore.sif import sentences

    key = str(store.home), str(corpus.folder), run_id, a
    kept = _SENTENCES.get(key)
    if kept is not None:
        return kept
    yield marked("Reading the sentences of the corpus")
    aligned = word_vectors(store, corpus, run_id, min(len(corpus.index), MOST_TYPES))
    found = yield from sentences(corpus, aligned, a)
    return _SENTENCES.put(key, found)


def _texts(corpus: Corpus, kept: "Sentences", vector: np.ndarray, k: int) -> dict[str, list[Any]]:
    places, cosines = kept.nearest(vector, k)
    bounds = kept.bounds[places]
    documents = corpus.document_of(bounds[:, 0]).tolist()
    return {"cosine": cosines.tolist(), "document": documents, "name": names(corpus, documents),
            "text": [_text(corpus, document, *each) for document, each in zip(documents, bounds.tolist())]}  # fmt: skip


def _text(corpus: Corpus, document: int, first: int, last: int) -> str:
    """The characters from the first token to the last, and the signs that follow it without a blank."""
    begin, end = int(corpus.starts[first]), Surface(corpus).place(document, last - 1)
    following = int(corpus.starts[last]) if last < corpus.offsets[document + 1] else end + SHOWN
    signs = corpus.documents.slice(document, end, min(following, end + 10))
    if signs and not signs[0].isspace():
        end += len(signs.split()[0])
    text = corpus.documents.slice(document, begin, min(end, begin + SHOWN))
    return text + "…" if end > begin + SHOWN else text
