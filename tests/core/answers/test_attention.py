"""What is asked of attention over many texts, of a small BERT and a small GPT."""

import gzip

import numpy as np
import pytest

from core.answers.attention import OVER, head_statistics
from core.corpus import Corpus
from core.encoders.bert import BERT
from core.encoders.gpt import GPT
from core.problem import Problem
from tests.core.encoders.conftest import small, toy_sentences

TEXTS = toy_sentences(12)


def finish(steps):
    """The shares done, and what a generator returns."""
    shares = []
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            return shares, end.value
        shares += [step] if not isinstance(step, str) else []


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return Corpus.from_texts(toy_sentences(), language="en")


def trained(paper, corpus):
    encoder = paper(small(paper, steps=40), corpus.vocab)
    assert list(encoder.train(corpus))
    return encoder


@pytest.fixture(scope="module", params=[BERT, GPT], ids=["bert", "gpt"])
def encoder(request, corpus):
    return trained(request.param, corpus)


def test_statistics_of_all_heads(encoder):
    shares, (arrays, facts) = finish(head_statistics(encoder, TEXTS))
    assert shares == sorted(shares) and shares[-1] == 1 and facts["texts"] == 12
    assert arrays["entropy"].shape == (2, 2) and arrays["xy"].shape == (4, 2) and np.isfinite(arrays["xy"]).all()
    told = encoder.read(TEXTS[0])
    _, (one, _facts) = finish(head_statistics(encoder, TEXTS[:1]))
    np.testing.assert_allclose(one["self"], told["attention"].diagonal(axis1=2, axis2=3).mean(-1), atol=1e-6)
    np.testing.assert_allclose(arrays["divergence"].diagonal(), 0, atol=1e-6)


def test_no_sentence_or_too_many_are_a_problem(encoder):
    for texts in ([], ["a"] * 1001):
        with pytest.raises(Problem, match="1 to 1000"):
            next(OVER["head_statistics"][1](encoder, texts))


def test_one_guess_explained(encoder):
    _, (arrays, facts) = finish(OVER["guess_explained"][1](encoder, TEXTS[0]))
    pieces = len(facts["pieces"])
    assert {*facts["spearman"]} == {"raw", "rollout", "flow"} and arrays["rollout"].shape == (2, pieces)
    np.testing.assert_allclose(arrays["flow"][0], arrays["rollout"][0], atol=1e-5)
    assert not arrays["blank"][~arrays["compared"]].any() and facts["n"] == arrays["compared"].sum()


def test_many_guesses_explained(encoder):
    shares, (arrays, facts) = finish(OVER["explained_over"][1](encoder, TEXTS))
    assert facts["flowed"] == 12 and {*arrays} == {
        f"{a}_{b}" for a in ("raw", "rollout", "flow") for b in ("blank", "slope")
    }
    for found in arrays.values():
        assert found.shape == (2, 4) and np.abs(found[:, 0]).max() <= 1
    np.testing.assert_allclose(arrays["flow_blank"][0], arrays["rollout_blank"][0], atol=0.05)
    assert shares[-1] == 1


def test_heads_switched_off_one_by_one_and_together(encoder):
    _, (arrays, facts) = finish(OVER["lesions"][1](encoder, TEXTS))
    assert arrays["change"].shape == (2, 2) and (arrays["low"] <= arrays["high"]).all() and facts["guesses"] >= 12
    _, (_none, one) = finish(OVER["lesioned"][1](encoder, TEXTS, [(0, 1)]))
    assert one["change"] == pytest.approx(arrays["change"][0, 1]) and one["loss"] == pytest.approx(facts["loss"])
    assert one["without"] - one["loss"] == pytest.approx(one["change"], abs=1e-9)


def test_positions_on_and_off(encoder):
    _, (arrays, facts) = finish(OVER["positions"][1](encoder, TEXTS))
    assert {*facts["cases"]} == {"normal", "unplaced", "shuffled", "both"} and facts["cases"]["normal"]["change"] == 0
    assert arrays["placed"].shape == arrays["unplaced"].shape == (2, 25)


def test_heads_as_parsers_of_a_sample_and_of_a_file(encoder, tmp_path):
    _, (_none, facts) = finish(OVER["parser"][1](encoder, sample="en"))
    assert facts["sentences"] + facts["left_out"] == 30 and {row["relation"] for row in facts["rows"]} >= {"*", "det"}
    with gzip.open(tmp_path / "some.gz", "wt") as file:
        file.write("1\tthe\t_\t_\t_\t_\t2\tdet\t_\t_\n2\tcat\t_\t_\t_\t_\t0\troot\t_\t_\n")
    _, (_none, facts) = finish(OVER["parser"][1](encoder, path=str(tmp_path / "some.gz"), name="some.gz"))
    assert facts["sentences"] == 1 and facts["unknown"] == 0 and facts["rows"] == []
    with pytest.raises(Problem, match="damaged"):
        finish(OVER["parser"][1](encoder, path=str(tmp_path / "some.gz"), name="some.xz"))
