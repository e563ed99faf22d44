"""Test sets at hand: what ships is what its row says; own ones are kept under their hash."""

import pytest

from core.explore.evaluation_sets import read_set
from core.problem import Problem
from core.store.benchmarks import (
    FOLDER,
    SHIPPED,
    BenchmarkRow,
    benchmark_text,
    benchmarks,
    forget_benchmark,
    keep_benchmark,
)


@pytest.mark.parametrize("file", SHIPPED)
def test_what_ships_is_as_its_row_says(tmp_path, file):
    row, found = SHIPPED[file], read_set(benchmark_text(tmp_path, SHIPPED[file].id))
    assert (found.kind, len(found.rows), found.wrong) == (row.kind, row.questions, [])
    assert row.owed and row.about and not row.own and file in (FOLDER / "README.md").read_text(encoding="utf-8")


def test_an_own_set_is_kept_once_and_forgotten(tmp_path):
    first = keep_benchmark(tmp_path, "a b 1\nc d 2\n", "Mine", "similarity", "en", 2)
    again = keep_benchmark(tmp_path, "a b 1\nc d 2\n", "Mine too", "similarity", "", 2)
    assert first.id == again.id and first.own
    assert [row.name for row in benchmarks(tmp_path)][len(SHIPPED) :] == ["Mine too"]
    assert benchmark_text(tmp_path, first.id) == "a b 1\nc d 2\n"
    forget_benchmark(tmp_path, first.id)
    assert len(benchmarks(tmp_path)) == len(SHIPPED) and list((tmp_path / "benchmarks").iterdir()) == []


def test_the_same_text_as_another_kind_is_another_set(tmp_path):
    ids = {keep_benchmark(tmp_path, "a b c 1\n", "x", kind, "en", 1).id for kind in ("similarity", "analogies")}
    assert len(ids) == 2


@pytest.mark.parametrize("identity", ["own-0123456789abcdef", "../../etc/passwd", "", "en-wordsim353.tsv"])
def test_a_set_that_is_none_is_a_sentence(tmp_path, identity):
    with pytest.raises(Problem, match="There is no test set called"):
        benchmark_text(tmp_path, identity)
    forget_benchmark(tmp_path, identity)
    assert isinstance(benchmarks(tmp_path)[0], BenchmarkRow)
