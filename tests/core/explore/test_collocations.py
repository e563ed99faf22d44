from collections import Counter

import numpy as np
import pytest

from core.corpus import Corpus
from core.explore.collocations import collocations, log_dice, pairs, scores, stretches_of
from core.problem import Problem
from tests.core.explore.conftest import finish


def places(corpus, word):
    return np.flatnonzero(np.asarray(corpus.tokens) == corpus.vocab.index(word))


def around(corpus, word, **more):
    more = {"min_count": 1, **more}
    return finish(collocations(corpus, places(corpus, word), **more))[1].set_index("word")


@pytest.mark.parametrize("both, only_first, only_second, neither, expected", [
    (110, 2442, 111, 29114, 270.72),  # the swiss
    (29, 13, 123, 31612, 263.90),  # can be
    (31, 23, 139, 31584, 256.84),  # previous year
    (10, 0, 3, 31764, 167.23),  # mineral water
])  # fmt: skip
def test_log_likelihood_is_that_of_dunnings_table(both, only_first, only_second, neither, expected):
    total = both + only_first + only_second + neither
    found = scores([both], [both + only_first], [both + only_second], total)
    assert found["log_likelihood"][0] == pytest.approx(expected, abs=0.02)


def test_t_and_pmi_of_a_textbook_pair():
    """new companies, Ayatollah Ruhollah: Manning & Schütze 1999, sections 5.3.1 and 5.4."""
    found = scores([8, 20], [15828, 42], [4675, 20], 14307668)
    assert found["t"] == pytest.approx([0.999932, 4.4721], abs=1e-4)
    assert found["pmi"][1] == pytest.approx(18.38, abs=0.005)


def test_log_dice_is_14_for_words_that_only_stand_together_and_one_less_for_half():
    assert log_dice([10, 5], [10, 10], [10, 10]).tolist() == [14, 13]


def test_log_likelihood_is_scipys():
    from scipy.stats import chi2_contingency

    for a, b, c, total in (5, 40, 60, 1000), (30, 40, 60, 1000), (3, 3, 9, 100):
        cells = [[a, b - a], [c - a, total - b - c + a]]
        oracle = chi2_contingency(cells, correction=False, lambda_="log-likelihood").statistic
        assert abs(scores([a], [b], [c], total)["log_likelihood"][0]) == pytest.approx(oracle)


def test_fewer_than_chance_is_negative():
    found = scores([1], [100], [100], 1000)
    assert found["expected"][0] == 10 and found["log_likelihood"][0] < 0 and found["t"][0] == -9


def test_a_worked_example():
    corpus = Corpus.from_texts(["a cat sat", "the cat ran a cat"])
    found = around(corpus, "cat", left=1, right=1)
    assert found[["count", "left", "right"]].T.to_dict("list") == {
        "a": [2, 2, 0], "the": [1, 1, 0], "sat": [1, 0, 1], "ran": [1, 0, 1],
    }  # fmt: skip
    # 12 pairs (2 + 2 gaps in the first, 4 + 4 in the second); 5 have cat; a stands in one and in two of them
    assert found.loc["a", "expected"] == pytest.approx(5 * 3 / 12)
    assert found.loc["a", "pmi"] == pytest.approx(np.log2(2 / 1.25))
    assert found.loc["a", "log_dice"] == pytest.approx(14 + np.log2(2 * 2 / (3 + 2)))


def brute(corpus, word, left, right, stretches):
    """Every pair of tokens of one stretch within the window, counted one by one."""
    tokens, node = np.asarray(corpus.tokens).tolist(), corpus.vocab.index(word)
    both, sides, total, rows = Counter(), Counter(), 0, 0
    for begin, end in zip(stretches[:-1], stretches[1:]):
        for i in range(begin, end):
            for j in range(max(begin, i - left), min(end, i + right + 1)):
                if i != j:
                    total, rows = total + 1, rows + (tokens[i] == node)
                    sides[tokens[j]] += 1
                    both[tokens[j]] += tokens[i] == node
    return {w: (both[w], rows * sides[w] / total) for w in both if both[w]}


@pytest.mark.parametrize("left, right", [(1, 0), (0, 1), (2, 5), (10, 10), (3, 3)])
@pytest.mark.parametrize("within", ["document", "sentence"])
def test_counts_and_expectations_are_those_of_counting_every_pair(left, right, within):
    random = np.random.default_rng(left)
    sentences = [" ".join(f"w{i}" for i in random.zipf(1.6, size) % 20) + "." for size in random.integers(1, 12, 60)]
    corpus = Corpus.from_texts([" ".join(sentences[i : i + 3]) for i in range(0, 60, 3)] + [""])
    found = around(corpus, "w1", left=left, right=right, within=within).set_index("id")
    oracle = brute(corpus, "w1", left, right, stretches_of(corpus, within))
    assert found["count"].to_dict() == {word: count for word, (count, _) in oracle.items()}
    assert found["expected"].to_dict() == pytest.approx({word: expected for word, (_, expected) in oracle.items()})


def test_windows_stay_inside_documents_and_sentences():
    corpus = Corpus.from_texts(["one two. Three node four.", "five six"])
    assert set(around(corpus, "node", left=9, right=9).index) == {"one", "two", "three", "four"}
    assert set(around(corpus, "node", left=9, right=9, within="sentence").index) == {"three", "four"}


def test_a_phrase_is_a_node_of_several_tokens():
    corpus = Corpus.from_texts(["x new york y", "new york z"])
    _, found = finish(collocations(corpus, places(corpus, "new"), length=2, left=1, right=1, min_count=1))
    assert found.set_index("word")[["left", "right"]].T.to_dict("list") == {"x": [1, 0], "y": [0, 1], "z": [0, 1]}


def test_chinese_words_below_the_vocabularys_min_count_are_found_too():
    corpus = Corpus.from_texts(["研究 生命 起源"] * 3 + ["研究 猫"], tokenizer="chinese", min_count=2)
    assert {"生命", "起源", "猫"} <= set(around(corpus, "研究").index)


def test_thresholds_and_the_order():
    corpus = Corpus.from_texts(["node rare"] + ["node often"] * 5 + ["often other"] * 9)
    assert list(around(corpus, "node", min_count=2).index) == ["often"]
    assert list(around(corpus, "node", min_frequency=2, min_count=1).index) == ["often"]
    assert around(corpus, "node", sort="pmi", most=1).index[0] == "rare"
    assert around(corpus, "node", sort="count", most=1).index[0] == "often"


def test_a_node_that_does_not_occur_has_no_company():
    corpus = Corpus.from_texts(["a b c"])
    _, found = finish(collocations(corpus, np.zeros(0, np.int64)))
    assert len(found) == 0 and list(found)[:5] == ["word", "id", "count", "left", "right"]


@pytest.mark.parametrize("left, right", [(0, 0), (11, 1), (1, -1)])
def test_an_impossible_window_is_refused(left, right):
    with pytest.raises(Problem, match="at least 1"):
        finish(collocations(Corpus.from_texts(["a b"]), np.array([0]), left=left, right=right))


def bigrams(corpus, within):
    tokens, stretches = np.asarray(corpus.tokens).tolist(), stretches_of(corpus, within)
    return Counter(
        pair for a, b in zip(stretches[:-1], stretches[1:]) for pair in zip(tokens[a : b - 1], tokens[a + 1 : b])
    )


@pytest.mark.parametrize("within", ["document", "sentence"])
@pytest.mark.parametrize("keys", [1 << 20, 40])
def test_pairs_are_all_bigrams_however_often_the_tokens_are_read(within, keys, monkeypatch):
    monkeypatch.setattr("core.explore.collocations.KEYS", keys)
    random = np.random.default_rng(5)
    texts = [" ".join(f"w{i}" for i in random.zipf(1.5, 40) % 30) + ". And so on." for _ in range(20)]
    corpus = Corpus.from_texts(texts)
    shares, found = finish(pairs(corpus, within=within, min_count=2, most=10_000))
    oracle = {pair: count for pair, count in bigrams(corpus, within).items() if count >= 2}
    assert dict(zip(zip(found["first_id"], found["second_id"]), found["count"])) == oracle
    assert shares == sorted(shares) and found["log_likelihood"].is_monotonic_decreasing


def test_scores_of_pairs_are_those_of_the_whole_table():
    corpus = Corpus.from_texts(["a b a b c a b", "b a b"])
    _, found = finish(pairs(corpus, within="document", min_count=1))
    row = found.set_index(["first", "second"]).loc[("a", "b")]
    assert row["count"] == 4 and row["expected"] == pytest.approx(4 * 4 / 8)  # 8 pairs; a begins 4, b ends 4
    assert row["log_dice"] == pytest.approx(14 + np.log2(2 * 4 / (4 + 5)))


@pytest.mark.parametrize("texts", [["a"], ["a", "b"], ["a b c"]])
def test_no_pair_is_an_empty_table(texts):
    _, found = finish(pairs(Corpus.from_texts(texts), min_count=2))
    assert len(found) == 0 and list(found)[:2] == ["first", "second"]
