"""What can be asked about the quality of a run's word vectors: its scores on test sets, and the shape of its space.

Each function takes the store and JSON; tables travel as facts, a list a column, and what is not a number as None.
"""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from core.answers.corpora import Steps, plain
from core.answers.corpora import table as as_columns
from core.problem import Problem, marked

if TYPE_CHECKING:
    from core.explore.evaluation import Score
    from core.explore.evaluation_sets import Benchmark
    from core.store import Store

LONGEST = 8 << 20  # bytes of a test set
SHOWN = 12  # questions of a preview
ROWS = 2000  # of a table


def evaluated(store: "Store", run_id: str, sets: Sequence[str], formula: str = "add", among: int = 300_000) -> Steps:
    """The scores of a run on test sets. Facts: scores, a dict by set id: measure, value, low, high, known, of,
    baselines, tables, published (see `core.explore.evaluation` and `evaluation_published`). formula: "add" or "mul"."""
    from core.explore.evaluation import evaluate
    from core.explore.evaluation_published import method_of, published
    from core.explore.evaluation_sets import read_set
    from core.explore.graph import within
    from core.store.benchmarks import benchmark_text

    yield marked("Opening the vectors")
    row = store.known_run(run_id)
    vectors, vocab = store.vectors(run_id), store.vocab(run_id)
    yield marked("Scoring")
    scores: dict[str, Any] = {}
    for place, identity in enumerate(sets):
        benchmark = read_set(benchmark_text(store.home, identity), _kind(store, identity))
        how: dict[str, Any] = {"method": formula, "among": among} if benchmark.kind == "analogies" else {}
        steps = evaluate(vectors, vocab, benchmark, **how)
        score = yield from within(steps, place / len(sets), (place + 1) / len(sets))
        figures = published(identity, {*benchmark.groups}, method_of(row.encoder, row.options))
        scores[identity] = _told(score) | {"published": [vars(one) for one in figures]}
    return {}, plain({"scores": scores})


def _kind(store: "Store", identity: str) -> str:
    from core.store.benchmarks import benchmarks

    return next((row.kind for row in benchmarks(store.home) if row.id == identity), "")


def _told(score: "Score") -> dict[str, Any]:
    """A score as JSON has it."""
    numbers = {name: _number(getattr(score, name)) for name in ("value", "low", "high")}
    baselines = {name: {key: _number(value) for key, value in vars(each).items()}
                 for name, each in score.baselines.items()}  # fmt: skip
    tables = {name: as_columns(each.head(ROWS)) for name, each in score.tables.items()}
    return {"measure": score.measure, "known": score.known, "of": score.of, **numbers, "baselines": baselines,
            "tables": tables}  # fmt: skip


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def space_shape(store: "Store", run_id: str) -> Steps:
    """How hubs and directions are in a run's space; see `core.explore.evaluation_space.geometry`. Arrays curve and
    random, float64 (m, 2) each: the share of words (second column) that are near at least so many others (first)."""
    from core.explore.evaluation_space import geometry

    yield marked("Comparing all words")
    arrays, facts = yield from geometry(store.vectors(run_id), store.vocab(run_id))
    return {name: _curve(arrays[key]) for name, key in (("curve", "times"), ("random", "random"))}, plain(facts)


def _curve(times: np.ndarray) -> np.ndarray:
    """At least how often, and which share of the words: one row each of the different numbers."""
    values, counts = np.unique(times, return_counts=True)
    return np.stack([values, counts[::-1].cumsum()[::-1] / max(1, len(times))], axis=1).astype(np.float64)


def set_preview(_store: "Store", path: str = "", name: str = "", text: str = "", kind: str = "") -> Steps:
    """What a test set in a file, or in a text, holds. Facts: kind, questions, groups, wrong (lines that could not be
    read), rows (the first, with score or section), text; language, as its words look."""
    from core.corpus.language import detect
    from core.explore.evaluation_sets import read_set

    yield marked("Reading the test set")
    content = _decoded(Path(path), name) if path else text
    found = read_set(content, kind)
    language = detect(" ".join(word for row in found.rows[:500] for word in row))
    facts = {"kind": found.kind, "questions": len(found.rows), "groups": len({*found.groups}),
             "wrong": found.wrong[:50], "rows": _first(found), "text": content,
             "language": "zh" if language == "zh" else "en"}  # fmt: skip
    return {}, plain(facts)


def _first(found: "Benchmark") -> list[list[str]]:
    """The first rows: words, then the score or the section."""
    more = [str(score) for score in found.scores] if found.scores else found.groups
    return [[*row, said] for row, said in zip(found.rows[:SHOWN], more)]


def _decoded(path: Path, name: str) -> str:
    """A small file of text in whatever encoding it is. Raises Problem."""
    from core.corpus.encodings import Encoding, decoded, find_encoding

    size = path.stat().st_size if path.exists() else 0
    if not size:
        raise Problem("{name} is empty: choose a file with text in it.", name=name)
    if size > LONGEST:
        raise Problem("{name} has {size} MB; a test set may have {most} MB.", name=name, size=size >> 20,
                      most=LONGEST >> 20)  # fmt: skip
    data = path.read_bytes()
    found = [each for each in find_encoding(iter([data]), name) if isinstance(each, Encoding)]
    return "".join(decoded(iter([data]), found[-1].name, name))
