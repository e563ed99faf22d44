import numpy as np
import pytest
from scipy.stats import fisher_exact, hypergeom

from core.explore.selection import at_least, log_odds, over_represented
from core.problem import Problem
from tests.core.explore.making import counted, topics

TEXTS, LABELS = topics(90, mixed=0.6)
COUNTS, WORDS = counted(TEXTS)
CHOSEN = np.array([label == "topic b" for label in LABELS])


@pytest.mark.parametrize("size, drawn", [(20, 5), (20, 19), (1000, 40), (100_000, 300), (3, 1)])
def test_the_tail_is_scipys(size, drawn):
    random = np.random.default_rng(size)
    marked = random.integers(1, size + 1, 200)
    found = np.array([random.integers(max(0, drawn + k - size), min(drawn, k) + 1) for k in marked])
    found[:50] = random.hypergeometric(marked[:50], size - marked[:50], drawn)
    expected = hypergeom.sf(found - 1, size, marked, drawn)
    assert at_least(found, drawn, marked, size) == pytest.approx(expected, rel=1e-6, abs=1e-12)


def test_tiny_p_keep_their_size():
    ours = at_least(np.array([50]), 60, np.array([55]), 5000)
    assert ours[0] == pytest.approx(hypergeom.sf(49, 5000, 55, 60), rel=1e-6) and 0 < ours[0] < 1e-80


def test_a_worked_example():
    counts, words = counted(["cat fur", "cat fur fur", "cat", "dog", "dog fur", "dog"])
    table = over_represented(counts, np.array([True] * 3 + [False] * 3), words).set_index("word")
    assert table["p"]["cat"] == pytest.approx(fisher_exact([[3, 0], [0, 3]], "greater").pvalue) == pytest.approx(0.05)
    assert table["p"]["fur"] == pytest.approx(fisher_exact([[2, 1], [1, 2]], "greater").pvalue)
    assert table["p"]["dog"] == 1 and table["expected"]["cat"] == 1.5 and table["count"]["fur"] == 3
    assert table["odds"]["cat"] == pytest.approx(2 * np.log2(7)) and table["odds"]["dog"] == -table["odds"]["cat"]


def test_the_words_of_a_topic_are_found_and_the_common_ones_are_not():
    table = over_represented(COUNTS, CHOSEN, WORDS)
    key = table[table["key"]]
    assert len(key) > 5 and (key["word"].str[0] == "b").all() and (key["odds"] > 1).all()
    assert table["p"].is_monotonic_increasing and (table["q"] >= table["p"]).all()
    assert (table["documents"] + table["documents_other"] >= 2).all()


def test_documents_and_tokens_are_two_views():
    counts, words = counted(["x " * 50 + "y", "y", "y", "z", "z", "z"])
    table = over_represented(counts, np.arange(6) < 3, words, min_documents=1).set_index("word")
    assert table["p"]["x"] == pytest.approx(0.5) and table["log_likelihood"]["x"] > 3 * table["log_likelihood"]["y"] > 0
    assert table["p"]["y"] == pytest.approx(0.05) and table["log_likelihood"]["z"] < 0


def test_a_random_selection_has_nothing_to_say():
    random = np.random.default_rng(4).permutation(CHOSEN)
    assert not over_represented(COUNTS, random, WORDS, rate=0.01)["key"].any()


def test_log_odds_of_nothing_against_nothing_are_even():
    assert log_odds(np.array([0]), 5, np.array([0]), 5)[0] == 0


@pytest.mark.parametrize("chosen", [np.zeros(90, bool), np.ones(90, bool)])
def test_all_or_none_is_a_sentence(chosen):
    with pytest.raises(Problem, match="Choose some of the 90"):
        over_represented(COUNTS, chosen, WORDS)
