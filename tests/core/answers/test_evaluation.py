"""Answers about quality: scores with baselines and published figures, the shape of a space, the preview of a set."""

import json
import shutil
from pathlib import Path

import pytest

from core.answers import evaluation, importing
from core.problem import Problem
from core.store import Store
from core.store.benchmarks import keep_benchmark
from core.store.shipped import adopt

RUN = Path(__file__).parents[3] / "assets" / "runs" / "word2vec"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    store = Store(tmp_path_factory.mktemp("evaluation") / "home")
    adopt(store, RUN)
    yield store
    store.close()


def told(steps):
    """The arrays and facts of an answer, as JSON carries them."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            arrays, facts = end.value
            return arrays, json.loads(json.dumps(facts, allow_nan=False))


def test_scores_stand_beside_chance_frequency_and_what_was_published(store):
    sets = ["en-wordsim353", "en-analogies", "en-categories"]
    _, facts = told(evaluation.evaluated(store, "word2vec-001", sets))
    pairs, analogies, groups = (facts["scores"][name] for name in sets)
    assert pairs["measure"] == "spearman" and pairs["baselines"]["random"]["high"] < pairs["low"] < pairs["value"]
    assert analogies["value"] > 10 * analogies["baselines"]["random"]["value"] and analogies["known"] < analogies["of"]
    assert groups["value"] > groups["baselines"]["random"]["high"] and groups["baselines"]["frequency"]["value"] < 0.5
    assert [one["value"] for one in pairs["published"]] == [0.62, 0.628] and analogies["published"] == []
    assert len(pairs["tables"]["pairs"]["first"]) == pairs["known"]


def test_the_formula_and_the_words_looked_among_count(store):
    scores = [told(evaluation.evaluated(store, "word2vec-001", ["en-analogies"], **how))[1]["scores"]["en-analogies"]
              for how in ({}, {"formula": "mul"}, {"among": 2000})]  # fmt: skip
    assert scores[0]["value"] != scores[1]["value"] and scores[2]["known"] < scores[0]["known"]


def test_an_own_set_is_scored_and_one_of_other_words_has_no_score(store):
    own = keep_benchmark(
        store.home, "king queen 9\nman woman 8\nking water 1\nsea water 7\n", "Mine", "similarity", "en", 4
    )
    _, facts = told(evaluation.evaluated(store, "word2vec-001", [own.id, "zh-analogies", "zh-categories"]))
    assert facts["scores"][own.id]["known"] == 4
    for name in ("zh-analogies", "zh-categories"):
        assert facts["scores"][name]["value"] is None and facts["scores"][name]["known"] == 0


def test_the_shape_of_a_space(store):
    arrays, facts = told(evaluation.space_shape(store, "word2vec-001"))
    assert arrays["curve"][0].tolist() == [0, 1] and (arrays["curve"][1:, 1] < 1).all()
    assert facts["skewness"] > facts["random_skewness"] and facts["isotropy"]["centred"] > facts["isotropy"]["raw"]
    assert len(facts["hubs"]["word"]) == 15


def test_a_preview_says_what_a_file_holds(store, tmp_path):
    (tmp_path / "set").write_bytes("# 相似度\n李白\t诗\t9.2\n医生\t责任\t8.85\nx\n".encode("gb18030"))
    _, facts = told(evaluation.set_preview(store, path=str(tmp_path / "set"), name="wordsim.txt"))
    assert (facts["kind"], facts["questions"], facts["wrong"], facts["language"]) == ("similarity", 2, [4], "zh")
    assert facts["rows"][0] == ["李白", "诗", "9.2"]
    _, facts = told(evaluation.set_preview(store, text="a b c d\nb c d e\n"))
    assert facts["kind"] == "analogies" and facts["rows"] == [["a", "b", "c", "d", ""], ["b", "c", "d", "e", ""]]


@pytest.mark.parametrize(
    ("content", "says"), [(b"", "is empty"), (b"\x7fELF\0\0", "is a program"), (b"one\n", "1 questions|0 questions")]
)
def test_what_is_no_test_set_is_a_sentence(store, tmp_path, content, says):
    (tmp_path / "set").write_bytes(content)
    with pytest.raises(Problem, match=says):
        told(evaluation.set_preview(store, path=str(tmp_path / "set"), name="a.txt"))


def test_a_look_at_vectors_tells_what_is_wrong_with_them(store, tmp_path):
    (tmp_path / "good").write_text("king 1 2\nqueen 1 3\n")
    (tmp_path / "bad").write_text("prose without numbers\n")
    _, facts = told(importing.vectors_preview(store, [[str(tmp_path / "good"), "good.txt"]]))
    assert facts["format"] == "glove" and facts["lines"][0] == ["king", [1.0, 2.0]]
    _, facts = told(importing.vectors_preview(store, [[str(tmp_path / "bad"), "bad.txt"]]))
    assert "no word followed by numbers" in str(Problem.from_dict(facts["problem"]))
    shutil.rmtree(tmp_path)
