"""What can be asked of spaces: two laid upon each other, skip-gram's scores against counting, lines with two words.

Each function takes the store and JSON. A space is a pair, the run and the moment of its training (None: its end).
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from core.answers.corpora import Steps, opened, plain
from core.encoders.base import WordVectors
from core.explore.compare_spaces import Side
from core.problem import Problem, marked

if TYPE_CHECKING:
    from core.explore.neighbours import Space
    from core.store import RunRow, Store

Named = Sequence[Any]  # run, moment
MOST_LINES = 30
DRAWN = 20_000  # pairs that a scatter shows; what is told of them is over all


@lru_cache(maxsize=4)
def vectors_at(store: "Store", run_id: str, moment: int | None) -> np.ndarray:
    """float32 (V, d): the word vectors of a run that has ended, or of a moment of its training."""
    if moment is None:
        return store.vectors(run_id)
    encoder = store.encoder(run_id, moment)
    if not isinstance(encoder, WordVectors):
        raise Problem("{name} has no word vectors; choose another run.", name=known(store, run_id).name)
    return np.array(encoder.word_vectors(), np.float32)


def known(store: "Store", run_id: str) -> "RunRow":
    """The run of this id. Raises Problem if there is none."""
    row = store.run(run_id)
    if row is None:
        raise Problem("There is no run called {run}; choose another on the Runs page.", run=run_id[:60])
    return row


def _space(store: "Store", named: Named) -> "Space":
    from core.explore.neighbours import Space

    run_id, moment = str(named[0]), named[1] if len(named) > 1 else None
    row = known(store, run_id)
    if moment is not None and moment not in store.moments(run_id):
        raise Problem("{name} kept no moment at step {step}; choose another.", name=row.name, step=moment)
    return Space(vectors_at(store, run_id, moment), store.vocab(run_id))


def compared(store: "Store", first: Named, second: Named, options: Mapping[str, Any]) -> Steps:
    """The first space laid upon the second; see `core.explore.compare_spaces.compare`."""
    from core.explore.compare_spaces import CompareOptions, compare

    yield marked("Opening the spaces")
    spaces = [_space(store, named) for named in (first, second)]
    sides = [Side(space.vectors, space.vocab.words, space.vocab.counts) for space in spaces]
    arrays, facts = yield from compare(sides[0], sides[1], CompareOptions(**options))
    return arrays, plain(facts)


def near_in_both(store: "Store", first: Named, second: Named, word: str, k: int = 10) -> Steps:
    """The k nearest words by cosine in each space by itself. Facts: first, second: words and scores; shared, words."""
    yield marked("Opening the spaces")
    found = []
    for named in (first, second):
        near = _space(store, named).neighbours(word, k)
        found.append({"words": near["word"].tolist(), "scores": near["score"].tolist(), "ids": near["index"].tolist()})
    shared = [each for each in found[0]["words"] if each in found[1]["words"]]
    return {}, plain({"first": found[0], "second": found[1], "shared": shared})


def counted(store: "Store", run_id: str, least: int = 10, seed: int = 0) -> Steps:
    """Skip-gram's dot products against what counting expects, PMI - log k; see `core.explore.counting`.

    Arrays of the pairs that are drawn, up to 20,000: first, second int32; times int64; scores, expected, plain float32
    (m,), expected with P(c) as the noise draws words, plain as they occur in pairs. Facts: of all pairs looked at,
    pearson, gap, n, and the same for `plain`; negative, window, shift (-log k), rows.
    """
    from core.explore.counting import Text, agreement, pairs

    row = known(store, run_id)
    _check_objective(row)
    yield marked("Opening the corpus")
    corpus = store.corpus(row.corpus_id, row.min_count)
    encoder: Any = store.encoder(run_id)
    yield marked("Counting pairs")
    text = Text(corpus.tokens, corpus.split()[0], corpus.vocab.counts)
    found = yield from pairs(text, row.options["window"], row.options["sample"], least, seed=seed)
    yield marked("Multiplying vectors")
    shift = -float(np.log(row.options["negative"]))
    scores = np.asarray(encoder.pair_scores(found.first, found.second), np.float64)
    told = {"noise": agreement(scores, found.pmi_noise), "plain": agreement(scores, found.pmi)}
    drawn = np.sort(np.random.default_rng(seed).permutation(len(scores))[:DRAWN])
    arrays = {
        "first": found.first[drawn], "second": found.second[drawn], "times": found.times[drawn],
        "scores": scores[drawn].astype(np.float32), "expected": (found.pmi_noise[drawn] + shift).astype(np.float32),
        "plain": (found.pmi[drawn] + shift).astype(np.float32),
    }  # fmt: skip
    facts = {**told, "shift": shift, "negative": row.options["negative"], "window": row.options["window"],
             "rows": found.rows, "drawn": len(drawn)}  # fmt: skip
    return arrays, plain(facts)


def _check_objective(row: "RunRow") -> None:
    """Raises Problem unless this is skip-gram with negative sampling, of which the claim is made."""
    wrong = row.options.get("architecture") != "skip-gram" or row.options.get("output") != "negative"
    if row.encoder != "word2vec" or wrong:
        raise Problem(
            "{name} was not trained by skip-gram with negative sampling; the claim is about that.", name=row.name
        )


def pair_lines(store: "Store", run_id: str, first: str, second: str, around: int = 8) -> Steps:
    """The lines of a run's corpus where two words stand within its window. Facts: hits; lines, the first 30."""
    from core.explore.concordance import lines_at
    from core.explore.counting import near_each_other

    row = known(store, run_id)
    yield marked("Looking up")
    corpus = opened(store, row.corpus_id).cut(row.min_count)
    ids = [corpus.vocab.index(word) for word in (first, second)]
    begin, size = near_each_other(corpus, ids[0], ids[1], int(row.options.get("window", 5)))
    lines = lines_at(corpus, begin[:MOST_LINES], size[:MOST_LINES], around).to_dict("records")
    return {}, plain({"hits": len(begin), "lines": lines})
