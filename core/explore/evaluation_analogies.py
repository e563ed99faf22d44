"""A list of analogies, a : b :: c : d, scored section by section: how often d is the best answer.

Vectors have length one, and a, b and c are no answers. An answer that others equal is worth a share, so that vectors
that are all alike score exactly chance. Beside chance stand two baselines that know less: always the most frequent of
the section's answers, and the word nearest to c, which needs no analogy (Linzen 2016).
"""

from collections.abc import Generator

import numpy as np
import pandas as pd

from core.corpus import Vocab
from core.explore.evaluation import Baseline, Score, missing, wilson_interval
from core.explore.evaluation_sets import Benchmark, finder

METHODS = ("add", "mul")
AMONG = 300_000  # as gensim looks among
EPSILON = 0.001
_SCORES = 16_000_000  # held at a time
_BYTES = 2 << 30  # of vectors that are held; of very wide ones fewer words are looked among
_TIED = 2e-6  # scores that rounding alone tells apart
_SHOWN = 400


def analogies(
    vectors: np.ndarray, words: Vocab, benchmark: Benchmark, method: str = "add", among: int = AMONG
) -> Generator[float, None, Score]:
    """The share of questions whose answer is right, of those whose words are all among the first `among` words.

    method: "add" for 3CosAdd (Mikolov et al. 2013), "mul" for 3CosMul (Levy & Goldberg 2014). Yields the share done.
    Tables "sections", "answers" (of the first 400 questions, the wrong ones first) and "missing".
    """
    assert method in METHODS, method
    most, find = min(among, len(words), max(1, _BYTES // (4 * vectors.shape[1]))), finder(words)

    def find_common(word: str) -> int | None:
        place = find(word)
        return place if place is not None and place < most else None

    rows = [[find_common(word) for word in row] for row in benchmark.rows]
    kept = [place for place, row in enumerate(rows) if None not in row]
    questions = np.array([rows[place] for place in kept], np.int64).reshape(-1, 4)
    credit, nearest, best = yield from _answered(_unit(vectors[:most]), questions, method)
    sections = np.array([benchmark.groups[place] for place in kept], dtype=object)
    random = np.array([(row[3] not in row[:3]) / max(1, most - len({*row[:3]})) for row in questions.tolist()])
    by = {"value": credit, "random": random, "nearest": nearest,
          "frequency": _most_frequent(questions, sections, words.counts)}  # fmt: skip
    table = _sections(benchmark, sections, by)
    value, (low, high) = _mean(credit), wilson_interval(_mean(credit), len(kept))
    baselines = {name: Baseline(_mean(by[name])) for name in ("random", "frequency", "nearest")}
    tables = {"sections": table, "answers": _answers(words, questions, sections, credit, best),
              "missing": missing(benchmark, find_common)}  # fmt: skip
    return Score("accuracy", value, low, high, len(kept), len(rows), baselines, tables)


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _unit(vectors: np.ndarray) -> np.ndarray:
    unit = np.array(vectors, np.float32)
    unit /= np.maximum(np.linalg.norm(unit, axis=1, keepdims=True), np.float32(1e-12))
    return unit


def _answered(
    unit: np.ndarray, questions: np.ndarray, method: str
) -> Generator[float, None, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Of each question: credit float64, that of the word nearest to c, and the best answer int64. Yields the share."""
    n = len(questions)
    credit, nearest, best = np.zeros(n), np.zeros(n), np.zeros(n, np.int64)
    step = max(1, _SCORES // max(1, len(unit)))
    for begin in range(0, n, step):
        some = questions[begin : begin + step]
        scores = _scores(unit, some, method)
        credit[begin : begin + step] = _credits(scores, some)
        best[begin : begin + step] = scores.argmax(axis=1)
        nearest[begin : begin + step] = _credits(unit[some[:, 2]] @ unit.T, some)
        yield (begin + len(some)) / n
    return credit, nearest, best


def _scores(unit: np.ndarray, some: np.ndarray, method: str) -> np.ndarray:
    """float32 (m, V): larger is better."""
    a, b, c = (unit[some[:, i]] for i in range(3))
    if method == "add":
        return (b - a + c) @ unit.T
    near = [(part @ unit.T + 1) / 2 for part in (a, b, c)]
    return near[1] * near[2] / (near[0] + np.float32(EPSILON))


def _credits(scores: np.ndarray, some: np.ndarray) -> np.ndarray:
    """float64 (m,): 1 where the right answer is the best, 1 / t where t words are equally good, else 0. Sets the scores
    of a, b and c to -inf."""
    rows = np.arange(len(some))
    for i in range(3):
        scores[rows, some[:, i]] = -np.inf
    right = scores[rows, some[:, 3]][:, None]
    tied = (scores >= right - np.float32(_TIED)).sum(axis=1)
    better = (scores > right + np.float32(_TIED)).any(axis=1)
    return np.where(better | ~np.isfinite(right[:, 0]), 0.0, 1 / np.maximum(tied, 1))


def _most_frequent(questions: np.ndarray, sections: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """float64 (n,): whether the right answer is the most frequent of its section's that the question does not name."""
    right = np.zeros(len(questions))
    for name in dict.fromkeys(sections.tolist()):
        of = np.flatnonzero(sections == name)
        answers = sorted({*questions[of, 3].tolist()}, key=lambda place: (-counts[place], place))
        for place in of.tolist():
            named = {*questions[place, :3].tolist()}
            right[place] = next((each for each in answers if each not in named), -1) == questions[place, 3]
    return right


def _sections(benchmark: Benchmark, sections: np.ndarray, by: dict[str, np.ndarray]) -> pd.DataFrame:
    """A row a section: known of `of` questions, the share right with its interval, and the baselines."""
    rows = []
    for name in dict.fromkeys(benchmark.groups):
        of = sections == name
        value = _mean(by["value"][of])
        low, high = wilson_interval(value, int(of.sum()))
        rows.append({"section": name, "known": int(of.sum()), "of": benchmark.groups.count(name), "value": value,
                     "low": low, "high": high} | {key: _mean(by[key][of]) for key in ("random", "frequency", "nearest")}
                    )  # fmt: skip
    return pd.DataFrame(rows)


def _answers(
    words: Vocab, questions: np.ndarray, sections: np.ndarray, credit: np.ndarray, best: np.ndarray
) -> pd.DataFrame:
    """Some questions and what was answered, the wrong ones first."""
    order = np.argsort(credit, kind="stable")[:_SHOWN]
    names = [[words.words[place] for place in questions[order, i].tolist()] for i in range(4)]
    columns = dict(zip("abcd", names))
    return pd.DataFrame({**columns, "answer": [words.words[place] for place in best[order].tolist()],
                         "section": sections[order].tolist(), "right": credit[order]})  # fmt: skip
