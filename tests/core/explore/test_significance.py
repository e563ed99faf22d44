import numpy as np
import pytest
from scipy.stats import binomtest

from core.explore.classify import Result, evaluate, sample
from core.explore.features import one_hot, term_counts, tf_idf
from core.explore.significance import compare, holm, mcnemar
from tests.core.explore.conftest import finish
from tests.core.explore.making import counted, topics

TEXTS, LABELS = topics(120, mixed=0.85)
COUNTS, _ = counted(TEXTS)
DOCUMENTS = sample(LABELS)


def answered(name: str, predicted: np.ndarray) -> Result:
    return Result(name, "logistic", DOCUMENTS, predicted.astype(np.int32), np.zeros((120, 3), np.float32))


@pytest.mark.parametrize("pair", [(0, 0), (1, 0), (7, 7), (2, 11), (40, 60)])
def test_mcnemar_is_the_binomial_test(pair):
    expected = binomtest(pair[0], sum(pair)).pvalue if sum(pair) else 1.0
    assert mcnemar(*pair) == pytest.approx(expected)


def test_holm_by_hand():
    assert holm(np.array([0.04, 0.01, 0.03])).tolist() == pytest.approx([0.06, 0.03, 0.06])
    assert holm(np.array([0.9, 0.8])).tolist() == [1, 1] and len(holm(np.zeros(0))) == 0


def test_a_comparison_counts_documents_and_brackets_the_difference():
    truth = DOCUMENTS.targets
    good, bad = truth.copy(), truth.copy()
    good[:10], bad[5:45] = (truth[:10] + 1) % 3, (truth[5:45] + 1) % 3
    _, table = finish(compare([answered("bad", bad), answered("good", good)]))
    row = table.iloc[0]
    assert [row[name] for name in ("both_right", "only_this", "only_reference", "neither")] == [75, 5, 35, 5]
    assert row["accuracy"] == pytest.approx(-0.25) and row["accuracy_low"] < -0.25 < row["accuracy_high"] < 0
    assert row["p"] == pytest.approx(binomtest(5, 40).pvalue) and row["macro_f1_high"] < 0


def test_the_bootstrap_is_that_over_documents():
    random = np.random.default_rng(5)
    one, other = (np.where(random.random(120) < 0.7, DOCUMENTS.targets, 0) for _ in range(2))
    _, table = finish(compare([answered("one", one), answered("other", other)], reference=1, draws=4000))
    gain = (one == DOCUMENTS.targets).astype(float) - (other == DOCUMENTS.targets)
    drawn = gain[random.integers(120, size=(4000, 120))].mean(axis=1)
    assert table["accuracy_low"][0] == pytest.approx(np.percentile(drawn, 2.5), abs=0.02)
    assert table["accuracy_high"][0] == pytest.approx(np.percentile(drawn, 97.5), abs=0.02)


def test_the_reference_is_the_most_accurate_and_one_seed_repeats():
    _, results = finish(evaluate(COUNTS, DOCUMENTS, [one_hot(), term_counts(), tf_idf()]))
    events, table = finish(compare(results))
    best = max(range(6), key=lambda i: np.trace(results[i].confusion))
    assert len(table) == 5 and (table["accuracy"] <= 0).all() and events[-1] == 1
    assert (results[best].features, results[best].method) not in set(zip(table["features"], table["method"]))
    assert table.equals(finish(compare(results))[1]) and (table["p_holm"] >= table["p"]).all()


def test_one_result_has_nothing_to_compare_with():
    assert len(finish(compare([answered("only", DOCUMENTS.targets)]))[1]) == 0
