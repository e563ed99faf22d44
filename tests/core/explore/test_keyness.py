import numpy as np
import pytest

from core.corpus import Corpus
from core.explore.keyness import false_discovery, keyness, log_likelihood, log_ratio, side
from core.problem import Problem
from tests.core.explore.conftest import finish


def compared(one, other, **more):
    return keyness(finish(side(one))[1], finish(side(other))[1], **{"min_count": 1, **more})


def test_a_worked_example():
    """52 of 50,000 against 57 of 75,000 words: 2.65 (McEnery & Hardie 2012, companion, by Rayson's calculator)."""
    found = log_likelihood(np.array([52.0]), np.array([57.0]), 50_000, 75_000)
    assert found[0] == pytest.approx(2.65, abs=0.005)


def test_log_likelihood_is_scipys_for_rare_words():
    from scipy.stats import chi2_contingency

    a, b = np.array([40.0, 7, 0]), np.array([10.0, 9, 12])
    for found, x, y in zip(log_likelihood(a, b, 1e6, 2e6), a, b):
        oracle = chi2_contingency([[x, 1e6 - x], [y, 2e6 - y]], correction=False, lambda_="log-likelihood").statistic
        assert found == pytest.approx(oracle, rel=1e-3)


def test_log_ratio_counts_doublings_and_a_zero_as_a_half():
    a, b = np.array([8.0, 0, 4]), np.array([1.0, 4, 0])
    assert log_ratio(a, b, 1000, 1000).tolist() == [3, -3, 3]


def test_false_discovery_is_scipys():
    from scipy.stats import false_discovery_control

    p = np.random.default_rng(0).random(200) ** 3
    assert false_discovery(p) == pytest.approx(false_discovery_control(p))
    assert len(false_discovery(np.zeros(0))) == 0


def test_p_is_that_of_chi_squared():
    from scipy.stats import chi2

    found = compared(Corpus.from_texts(["a " * 30 + "b " * 10]), Corpus.from_texts(["a " * 12 + "b " * 20]))
    assert found["p"].to_numpy() == pytest.approx(chi2.sf(found["log_likelihood"].abs(), 1))


def test_two_corpora_meet_word_by_word():
    one = Corpus.from_texts(["sea sea ship and", "sea and and"])
    other = Corpus.from_texts(["and land and and land"])
    found = compared(one, other).set_index("word")
    assert found[["count", "count_other", "documents", "documents_other"]].T.to_dict("list") == {
        "sea": [3, 0, 2, 0], "ship": [1, 0, 1, 0], "and": [3, 3, 2, 1], "land": [0, 2, 0, 1],
    }  # fmt: skip
    assert list(found.index) == ["sea", "ship", "and", "land"] and found.loc["land", "id"] == -1
    assert found.loc["sea", "per_million"] == pytest.approx(3e6 / 7)
    assert found.loc["land", "log_likelihood"] < 0 < found.loc["sea", "log_likelihood"]


def test_turned_round_only_the_signs_change():
    one, other = Corpus.from_texts(["红 红 楼 梦 的 的"]), Corpus.from_texts(["的 的 西 游 记", "西 的"])
    there, back = compared(one, other).set_index("word"), compared(other, one).set_index("word")
    assert list(there.index) and set(there.index) == set(back.index)
    for column in ("log_likelihood", "log_ratio"):
        assert there[column].to_dict() == pytest.approx((-back[column]).to_dict())


def test_groups_of_one_corpus_are_counted_document_by_document():
    texts = ["a b b", "", "a a c", "c c", "b"]
    corpus, chosen = Corpus.from_texts(texts), np.array([True, True, False, False, True])
    one, other = finish(side(corpus, chosen))[1], finish(side(corpus, ~chosen))[1]
    assert (one.n_tokens, one.n_documents, other.n_tokens) == (4, 3, 5)
    found = keyness(one, other, min_count=1).set_index("word")
    assert found[["count", "count_other", "documents", "documents_other"]].T.to_dict("list") == {
        "b": [3, 0, 2, 0], "a": [1, 2, 1, 1], "c": [0, 3, 0, 2],
    }  # fmt: skip


def test_a_count_in_parts_is_a_count_at_once(monkeypatch):
    from core.explore import keyness as module
    from core.explore.overview import chunks

    random = np.random.default_rng(0)
    corpus = Corpus.from_texts([" ".join(f"w{i}" for i in random.integers(0, 40, size)) for size in range(60)])
    _, whole = finish(side(corpus))
    monkeypatch.setattr(module, "chunks", lambda array, _: chunks(array, 13))
    shares, parts = finish(side(corpus))
    assert (whole.counts == parts.counts).all() and (whole.documents == parts.documents).all() and shares[-1] == 1
    assert whole.documents[corpus.vocab.index("w7")] == sum("w7" in text.split() for text in corpus.documents)


def test_alike_texts_have_no_key_words_and_unlike_ones_have():
    random = np.random.default_rng(3)
    draw = lambda shares: " ".join(f"w{i}" for i in random.choice(50, 5000, p=shares))  # noqa: E731
    even, skewed = np.full(50, 0.02), np.r_[np.full(49, 0.019), 0.069]
    assert compared(Corpus.from_texts([draw(even)]), Corpus.from_texts([draw(even)]))["key"].sum() <= 1
    assert compared(Corpus.from_texts([draw(skewed)]), Corpus.from_texts([draw(even)]))["word"][0] == "w49"


def test_thresholds():
    one, other = Corpus.from_texts(["a a a b", "a b c"]), Corpus.from_texts(["d a"])
    assert set(compared(one, other, min_count=2)["word"]) == {"a", "b"}
    assert set(compared(one, other, min_documents=3)["word"]) == {"a"}


@pytest.mark.parametrize(
    "more, said", [({"tokenizer": "characters"}, "another tokeniser"), ({"lowercase": False}, "Case")]
)
def test_unlike_readings_cannot_be_compared(more, said):
    with pytest.raises(Problem, match=said):
        compared(Corpus.from_texts(["a b"]), Corpus.from_texts(["a c"], **more))


def test_documents_without_words_cannot_be_compared():
    with pytest.raises(Problem, match="no words"):
        finish(side(Corpus.from_texts(["a", "b"]), np.zeros(2, bool)))
