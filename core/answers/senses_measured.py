"""How well a run tells a word's senses apart, layer by layer, beside all that would tell them apart without it."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from core.answers.corpora import Steps, opened, plain, table
from core.answers.sense_common import common
from core.answers.senses import Source, held, occurrences, read
from core.encoders.base import ContextVectors
from core.explore.graph import within
from core.problem import Problem, marked

if TYPE_CHECKING:
    from core.corpus import Vocab
    from core.explore.senses import Occurrences
    from core.explore.senses_baselines import Around
    from core.explore.senses_table import Judge

MOST_VALUES = 40  # different values of a column that may be a confound


@dataclass(frozen=True)
class _Judged:
    """The occurrences that are judged: which they are, int64 (m,), the sense of each, and what stands around them."""

    rows: np.ndarray
    senses: np.ndarray
    around: "Around"


def sense_measured(
    source: Source, word: Mapping[str, Any], groups: Sequence[int], static: str = "", without: str = "", seed: int = 0,
    mixed: bool = False,
) -> Steps:  # fmt: skip
    """The table of `core.explore.senses_table`: this run's layers and the baselines, over the occurrences that have a
    sense and a vector. Facts: table, verdict, confounds, n, sizes (of the senses, by number), recalls (of each sense,
    in the best layer), untrained (whether there is such a network), common (the words whose mean cosine self-similarity
    is adjusted by; 0 where the corpus has too few), mix (weights of the layers, see `_mix`; None for one layer).

    groups: int (n,), the sense of each occurrence, -1 for none. static: a run whose word vectors are averaged over the
    context; without: a column that is no facet, the senses being read off it. seed: of samples, examples, groups and
    the untrained network. mixed: the senses dealt out anew, by this seed: everything should then be at chance.
    Where this run cannot be judged, there is one fact: problem.
    """
    try:
        return (yield from _measured(source, word, groups, static, without, seed, mixed))
    except Problem as problem:  # other runs are shown without this one
        return {}, {"problem": problem.to_dict()}


def _measured(
    source: Source, word: Mapping[str, Any], groups: Sequence[int], static: str, without: str, seed: int, mixed: bool
) -> Steps:
    from core.explore.senses_baselines import confounds
    from core.explore.senses_table import Judge, add_baselines

    found = yield from held(source, **word)
    yield marked("Looking around the occurrences")
    judged = _judged(source, word, found.arrays["known"], groups, without, seed if mixed else None)
    judge = Judge(judged.senses, judged.around.documents, seed)
    more = _averages(source, word, judged, static) if static else {}
    others = yield from common(source, word["corpus_id"], seed)
    yield marked("Comparing the senses")
    vectors = found.arrays["vectors"][judged.rows]
    yield from within(judge.add(source.run, vectors, common=others.arrays.get("trained")), 0.0, 0.4)
    yield from within(add_baselines(judge, judged.around, more), 0.4, 0.5)
    untrained = yield from _untrained(source, word, judged, judge, seed, others.arrays.get("untrained"))
    yield marked("Weighing the layers")
    mixed_layers = _mix(judge, source.run, vectors)
    yield marked("Dealing the labels out anew")
    verdict = judge.verdict(source.run)
    assert verdict is not None
    best = vectors[:, int(str(verdict["layer"]))]
    judge.add_shuffled(best)
    facts = {
        "table": table(judge.table()), "verdict": verdict, "n": len(judged.rows), "untrained": untrained,
        "mix": mixed_layers, "common": others.facts["words"],
        "confounds": table(confounds(judged.around, judged.senses, judge.times)),
        "sizes": np.bincount(judged.senses).tolist(), "recalls": judge.by_sense(best).tolist(),
    }  # fmt: skip
    return {}, plain(facts)


def _mix(judge: "Judge", name: str, vectors: np.ndarray) -> dict[str, Any] | None:
    """The row of the learned mix; weights, low, high (the folds' mean, least and most), centre (of gravity), gamma,
    folds, by_document. Where it cannot be learned: problem; where there is one layer: None."""
    if vectors.shape[1] < 2:
        return None
    try:
        found = judge.add_mix(name, vectors)
    except Problem as problem:
        return {"problem": problem.to_dict()}
    return {"weights": found.mean.tolist(), "low": found.weights.min(axis=0).tolist(),
            "high": found.weights.max(axis=0).tolist(),
            "centre": found.centre, "gamma": float(found.gamma.mean()), "folds": len(found.weights),
            "by_document": found.by_document}  # fmt: skip


def _judged(
    source: Source, word: Mapping[str, Any], known: np.ndarray, groups: Sequence[int], without: str, mix: int | None
) -> _Judged:
    if len(groups) != len(known):
        raise Problem("{n} groups were given for {m} occurrences: look the word up again.", n=len(groups), m=len(known))
    coded = np.where(known, np.asarray(groups, np.int64), -1)
    rows = np.flatnonzero(coded >= 0)
    if not len(rows):
        raise Problem("No occurrence has a sense: sort them first, by labels or into clusters.")
    senses = np.unique(coded[rows], return_inverse=True)[1]
    if mix is not None:
        senses = np.random.default_rng((mix, 1)).permutation(senses)
    vocab = opened(source.store, word["corpus_id"]).vocab
    return _Judged(rows, senses, _around(occurrences(source.store, **word), vocab, rows, without, word.get("sight")))


def _around(
    found: "Occurrences", vocab: "Vocab", rows: np.ndarray, without: str, sight: Mapping[str, Any] | None
) -> "Around":
    """What stands around as far as the run may see it: the baselines see no more."""
    from core.explore.sense_sight import Sight, Veiled
    from core.explore.senses_baselines import Around

    frame, columns = found.frame.iloc[rows], found.columns.iloc[rows]
    if sight:
        frame, vocab = Sight(**sight).of(frame, vocab), Veiled(vocab, cut=True)
    places = list(frame[["sentence", "first", "last"]].itertuples(index=False))
    told = {name: columns[name].fillna("").astype(str).tolist() for name in columns.columns
            if name != without and 1 < columns[name].nunique() <= MOST_VALUES}  # fmt: skip
    return Around(
        frame["form"].tolist(), [vocab.tokenize(text[:first]) for text, first, _last in places],
        [vocab.tokenize(text[last:]) for text, _first, last in places], frame["document"].to_numpy(np.int64), told,
    )  # fmt: skip


def _averages(source: Source, word: Mapping[str, Any], judged: _Judged, static: str) -> dict[str, np.ndarray]:
    """The mean static vector of the words near, and of the whole sentence, in words as that run has them."""
    from core.explore.senses_baselines import NEAR, averaged

    vectors, vocab, around = source.store.vectors(static), source.store.vocab(static), judged.around
    if vocab.tokenizer != opened(source.store, word["corpus_id"]).vocab.tokenizer:
        around = _around(occurrences(source.store, **word), vocab, judged.rows, "", word.get("sight"))
    return {"static near": averaged(around.bag(NEAR), vocab.get, vectors),
            "static": averaged(around.bag(), vocab.get, vectors)}  # fmt: skip


def _untrained(
    source: Source, word: Mapping[str, Any], judged: _Judged, judge: "Judge", seed: int, shared: np.ndarray | None
) -> Generator[Any, None, bool]:
    """The rows of the same network as it was before it learned anything; False where there is none."""
    encoder = source.encoder
    if not (isinstance(encoder, ContextVectors) and hasattr(encoder, "untrained")):
        return False
    yield marked("Reading the sentences with an untrained network")
    frame = occurrences(source.store, **word).frame.iloc[judged.rows]
    fresh = encoder.untrained(seed)
    vectors, _known, _unread = yield from within(read(source, fresh, frame, word), 0.5, 0.8)
    yield from within(judge.add("untrained", vectors, "baseline", shared), 0.8, 0.95)
    return True
