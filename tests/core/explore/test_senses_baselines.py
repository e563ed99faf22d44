"""Baselines of senses: each by hand, what they make of contexts, and a table in which everything is judged alike."""

import numpy as np
import pytest

from core.explore import senses_baselines as baselines
from core.explore.senses_measures import credits, resamples
from core.explore.senses_table import Judge, add_baselines
from core.problem import Problem

SENSES = np.array([0, 0, 0, 1, 1, 1])
AROUND = baselines.Around(
    forms=["Bank", "bank", "bank", "bank", "banks", "banks"],
    left=[["The"], ["a", "river"], ["the", "river"], ["money"], [], ["some", "money"]],
    right=[["of", "river"], ["flows"], ["flows"], ["in"], ["lend", "money"], ["in"]],
    documents=np.array([0, 0, 1, 2, 3, 3]),
    columns={
        "year": ["1", "1", "1", "2", "2", "2"],
        "all": ["x"] * 6,
        "as written": ["Bank", "bank", "bank", "bank", "banks", "banks"],
    },  # fmt: skip
)


def finish(steps) -> list[float]:
    return list(steps)


def test_what_only_one_has_tells_nothing():
    assert baselines.one_hot(["a", "b", "a", "c"]).tolist() == [[1], [0], [1], [0]]
    assert baselines.one_hot(["a", "b"]).shape == (2, 0)


def test_words_around_so_far_and_beside():
    assert AROUND.bag(1)[1] == ["river", "flows"] and AROUND.bag(0) == [[]] * 6
    assert AROUND.bag()[0] == ["the", "of", "river"] and AROUND.bag(99) == AROUND.bag()
    left, right = AROUND.beside()
    assert left == ["the", "river", "river", "money", "", "money"]
    assert right == ["of", "flows", "flows", "in", "lend", "in"]


def test_a_bag_weighs_words_by_how_few_they_are_around():
    found = baselines.bag([["x", "y", "y"], ["x"], ["y", "z"]])
    assert found == pytest.approx(np.log(1.5) * np.array([[1, 2], [1, 0], [0, 1]]))


def test_the_mean_of_static_vectors_leaves_unknown_words_out():
    vectors = np.array([[1.0, 0.0], [0.0, 3.0]], np.float32)
    find = {"river": 0, "money": 1}.get
    found = baselines.averaged([["river", "money"], ["money", "unknown"], ["nothing"]], find, vectors)
    assert found.tolist() == [[0.5, 1.5], [0, 3], [0, 0]]


def test_forms_and_neighbours_by_hand():
    """Bank, with a capital, is no other's form: a tie; so are words that no other has beside it."""
    found = baselines.representations(AROUND)
    assert credits(found["form"], SENSES).tolist() == [0.5, 1, 1, 0, 1, 1]
    assert credits(found["near"], SENSES).tolist() == credits(found["sentence"], SENSES).tolist() == [1] * 6
    assert credits(found["neighbours"], SENSES).tolist() == [0.5, 1, 1, 1, 0.5, 1]


@pytest.mark.parametrize("senses", [[0, 0, 1, 1], [0, 0, 0, 1, 1], [0, 0, 1, 1, 2, 2, 2]])
def test_chance_and_the_most_frequent_sense(senses):
    senses = np.array(senses)
    k = senses.max() + 1
    assert baselines.chance(senses) == pytest.approx(1 / k)
    given = baselines.most_frequent(senses)
    assert np.mean([given[senses == each].mean() for each in range(k)]) == pytest.approx(1 / k)


def test_labels_dealt_out_anew_are_at_chance():
    senses = np.repeat([0, 1], 60)
    vectors = np.eye(2)[senses] + 0.1 * np.random.default_rng(0).normal(size=(120, 2))
    found = baselines.shuffled(vectors, senses, 40)
    assert found.mean() == pytest.approx(0.5, abs=0.05) and found.std() > 0 and (credits(vectors, senses) == 1).all()


def test_a_facet_that_predicts_the_sense_is_told():
    found = baselines.confounds(AROUND, SENSES, resamples(SENSES, 100))
    assert found["facet"][0] == "column year" and found["recall"][0] == 1 and found["tells"][0]
    assert not {"column all", "column as written"} & {*found["facet"]} and {"capital", "left", "right", "document"} < {
        *found["facet"]
    }
    assert not found.set_index("facet")["tells"]["capital"]


def test_a_table_of_runs_and_baselines():
    judge = Judge(np.repeat([0, 1], [5, 4]), np.arange(9))
    good = np.eye(2)[judge.senses]
    around = baselines.Around(["x"] * 9, [[]] * 9, [[]] * 9, np.arange(9), {})
    finish(add_baselines(judge, around, {"static": np.ones((9, 3))}))
    finish(judge.add("A run", np.stack([np.ones((9, 2)), good], axis=1)))
    table = judge.table()
    assert table["recall"].tolist() == [0.5] * 7 + [0.5, 1] and table["layer"].tolist()[-2:] == [0, 1]
    assert table.iloc[-1][["documents", "three_shot", "silhouette", "rand"]].tolist() == [1, 1, 1, 1]
    assert table.iloc[0][["silhouette", "rand"]].isna().all() and set(table["n"]) == {9}
    verdict = judge.verdict("A run")
    assert verdict["layer"] == 1 and verdict["over"] == 0.5 and verdict["low"] == verdict["high"] == 0.5
    assert judge.verdict("No such run") is None


def test_self_similarity_is_adjusted_where_its_baseline_is_known():
    judge = Judge(np.repeat([0, 1], 3), np.arange(6))
    vectors = np.repeat(np.eye(2), 3, axis=0)[:, None] * np.ones((1, 2, 1))
    finish(judge.add("A run", vectors, common=np.array([0.1, 0.3])))
    judge.add_baseline("bag", vectors[:, 0])
    table = judge.table()
    alike = 6 / 15  # pairs of one direction
    assert table["alike"].to_numpy() == pytest.approx(alike) and table["common"].tolist()[:2] == [0.1, 0.3]
    assert table["adjusted"].tolist()[:2] == pytest.approx([alike - 0.1, alike - 0.3])
    assert np.isnan(table[["common", "adjusted"]].iloc[2]).all()


def test_the_learned_mix_is_a_row_that_no_verdict_takes_for_a_layer():
    draw = np.random.default_rng(0)
    judge = Judge(np.repeat([0, 1], 20), np.arange(40) // 2)
    vectors = draw.normal(size=(40, 3, 24))
    vectors[:, 1] += 3 * np.eye(24)[judge.senses]
    finish(judge.add("A run", vectors))
    found = judge.add_mix("A run", vectors)
    row, layer = judge.table().iloc[3], judge.table().iloc[1]
    assert row["kind"] == "mix" and row["layer"] == -1 and found.mean.argmax() == 1
    assert layer["recall"] == pytest.approx(row["recall"], abs=0.05) and row["documents"] > 0.9
    assert np.isnan(row[["three_shot", "rand", "alike"]].astype(float)).all() and row["silhouette"] > 0
    judge.add_baseline("sentence", np.ones((40, 1)))
    assert judge.verdict("A run")["layer"] == 1


def test_a_verdict_says_how_far_bags_means_and_an_untrained_network_are_beaten():
    judge = Judge(np.repeat([0, 1], 10), np.arange(20))
    good, half = np.eye(2)[judge.senses], np.eye(2)[np.minimum(judge.senses, np.arange(20) % 2)]
    finish(judge.add("A run", good[:, None]))
    judge.add_baseline("form", good)
    assert judge.verdict("A run")["bar"] is None
    judge.add_baseline("sentence", half)
    finish(judge.add("untrained", np.ones((20, 1, 2)), "baseline"))
    verdict = judge.verdict("A run")
    assert verdict["baseline"] == "form" and verdict["over"] == 0
    assert verdict["bar"]["baseline"] == "sentence" and verdict["bar"]["over"] == pytest.approx(0.25)
    assert verdict["bar"]["low"] <= 0.25 <= verdict["bar"]["high"]


def test_labels_dealt_out_anew_in_the_table_and_each_sense_by_itself():
    judge = Judge(np.repeat([0, 1], [20, 10]), np.arange(30))
    judge.add_shuffled(np.random.default_rng(0).normal(size=(30, 9)))
    row = judge.table().iloc[0]
    assert row["kind"] == "control" and row["low"] < 0.5 < row["high"] < 1
    assert judge.by_sense(np.eye(2)[judge.senses]).tolist() == [1, 1]


def test_one_sense_cannot_be_judged():
    with pytest.raises(Problem, match="two senses"):
        Judge(np.array([0, 0, 0, 1]), np.arange(4))
