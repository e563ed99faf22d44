"""Scores of word vectors: as scipy and gensim count them, by hand, and at exactly chance where vectors say nothing."""

import warnings
from pathlib import Path

import numpy as np
import pytest

from core.corpus import Vocab
from core.explore.evaluation import Score, evaluate, fisher_interval, ranked, similarity, spearman, wilson_interval
from core.explore.evaluation_analogies import analogies
from core.explore.evaluation_categories import categories, purity
from core.explore.evaluation_sets import Benchmark, read_set

SETS = Path(__file__).parents[3] / "assets" / "evaluation"


def done(steps) -> Score:
    """What a generator of shares returns."""
    while True:
        try:
            assert 0 <= next(steps) <= 1
        except StopIteration as end:
            return end.value


def shipped(name: str) -> Benchmark:
    return read_set((SETS / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def space():
    """Vectors of the words of the English sets: what belongs together lies together, with noise; and 500 others."""
    random = np.random.default_rng(5)
    sets = [shipped(f"en-{name}") for name in ("wordsim353.tsv", "analogies.txt", "categories.csv")]
    known = list(dict.fromkeys(word.lower() for each in sets for row in each.rows for word in row))
    words = random.permutation(known)[:-60].tolist() + [f"other{i}" for i in range(500)]
    vectors = random.standard_normal((len(words), 12)).astype(np.float32)
    place = {word: i for i, word in enumerate(words)}
    shift = random.standard_normal((20, 12)).astype(np.float32)
    names = list(dict.fromkeys(sets[1].groups))
    for (a, b, _c, _d), section in zip(sets[1].rows, sets[1].groups):
        if a in place and b in place:
            vectors[place[b]] = vectors[place[a]] + shift[names.index(section)] + 0.1 * vectors[place[b]]
    return vectors, Vocab(words, np.arange(len(words), 0, -1) ** 2)


@pytest.fixture(scope="module")
def keyed(space):
    """The same for gensim."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from gensim.models import KeyedVectors

        vectors, vocab = space
        found = KeyedVectors(vectors.shape[1])
        found.add_vectors(vocab.words, vectors)
        return found


def test_ranks_and_their_correlation_are_scipys():
    from scipy.stats import rankdata, spearmanr

    random = np.random.default_rng(0)
    for _ in range(20):
        one, other = random.integers(0, 9, 40).astype(float), random.standard_normal(40)
        assert (ranked(one) == rankdata(one)).all()
        assert spearman(one, other) == pytest.approx(spearmanr(one, other).statistic, abs=1e-12)


def test_similarity_is_gensims(space, keyed):
    score = similarity(*space, shipped("en-wordsim353.tsv"))
    _pearson, (rho, _p), lost = keyed.evaluate_word_pairs(str(SETS / "en-wordsim353.tsv"), delimiter="\t")
    assert score.value == pytest.approx(rho, abs=1e-6) and 0 < score.known < score.of == 353
    assert lost == pytest.approx(100 * (353 - score.known) / 353)


def test_analogies_are_gensims(space, keyed):
    score = done(analogies(*space, shipped("en-analogies.txt")))
    whole, sections = keyed.evaluate_word_analogies(str(SETS / "en-analogies.txt"))
    counts = [
        (part["section"], len(part["correct"]), len(part["correct"]) + len(part["incorrect"])) for part in sections[:-1]
    ]
    table = score.tables["sections"]
    assert [(row.section, round(row.value * row.known), row.known) for row in table.itertuples()] == counts
    assert score.value == pytest.approx(whole) and 0.2 < score.value < 1 and score.of == 396


def test_products_are_gensims(space, keyed):
    score = done(analogies(*space, shipped("en-analogies.txt"), method="mul"))
    first = score.tables["answers"].iloc[:40]
    for row in first.itertuples():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            best = keyed.most_similar_cosmul(positive=[row.b, row.c], negative=[row.a], topn=1)
        assert best[0][0] == row.answer


def test_hand_made_pairs():
    vocab = Vocab(["a", "b", "c", "d"], [8, 4, 2, 1])
    vectors = np.array([[1, 0], [1, 0.1], [0, 1], [-1, 0]], np.float32)
    score = similarity(vectors, vocab, read_set("a b 10\na c 5\na d 0\na z 7\n"))
    assert (score.value, score.known, score.of) == (1.0, 3, 4)
    assert score.baselines["frequency"].value == 1.0 and score.baselines["random"].value == 0
    assert score.tables["missing"].to_dict("records") == [{"question": "a z", "unknown": "z"}]
    assert score.tables["pairs"]["cosine"].round(3).tolist() == [0.995, 0.0, -1.0]


def test_hand_made_analogies():
    words = ["man", "woman", "king", "queen", "apple"]
    vectors = np.array([[1, 0, 0], [1, 1, 0], [1, 0, 1], [1, 1, 1], [1, 0.9, -0.2]], np.float32)
    score = done(
        analogies(
            vectors,
            Vocab(words, [5, 4, 3, 2, 1]),
            read_set(": family\nman woman king queen\nman king woman apple\nman woman king x\n"),
        )
    )
    assert (score.value, score.known, score.of) == (0.5, 2, 3)
    assert score.baselines["random"].value == 0.5  # two words are left to guess from
    assert score.tables["answers"][["answer", "right"]].to_dict("records") == [
        {"answer": "queen", "right": 0},
        {"answer": "queen", "right": 1},
    ]
    assert score.baselines["frequency"].value == 0.5 and score.tables["missing"]["unknown"].tolist() == ["x"]


def test_a_word_that_is_named_is_no_answer():
    vocab, vectors = Vocab(["a", "b", "c"], [3, 2, 1]), np.eye(3, dtype=np.float32)
    score = done(analogies(vectors, vocab, read_set("a b c b\na b c c\n", "analogies")))
    assert score.value == 0 and score.baselines["random"].value == 0


def test_hand_made_groups():
    vocab = Vocab(list("abcdef"), [6, 5, 4, 3, 2, 1])
    vectors = np.array([[1, 0], [1, 0.1], [0, 1], [0.1, 1], [0, 2], [9, 1]], np.float32)
    score = categories(vectors, vocab, read_set("word,kind\na,x\nb,x\nc,y\nd,y\ne,y\nf,y\ng,y\n"))
    assert score.value == pytest.approx(5 / 6) and (score.known, score.of) == (6, 7)
    assert score.tables["words"].to_dict("records") == [{"word": "f", "kind": "y", "among": "x"}]
    assert score.baselines["frequency"].value == pytest.approx(5 / 6)  # a b c against d e f
    assert purity(np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1])) == 0.75


@pytest.mark.parametrize("value", [0.3, 1.0, 0.0])
def test_vectors_that_are_all_alike_score_exactly_chance(space, value):
    vectors, vocab = np.full_like(space[0], value), space[1]
    vectors[::3] *= 2  # longer, in the same direction
    pairs = similarity(vectors, vocab, shipped("en-wordsim353.tsv"))
    assert pairs.value == 0 and pairs.low == -pairs.high
    for method in ("add", "mul"):
        score = done(analogies(vectors, vocab, shipped("en-analogies.txt"), method=method))
        assert score.value == pytest.approx(score.baselines["random"].value, rel=1e-12) and score.value > 0
        assert score.baselines["nearest"].value == pytest.approx(score.value, rel=1e-12)
    score = categories(vectors, vocab, shipped("en-categories.csv"))
    assert score.value == score.baselines["random"].value and 0.15 < score.value < 0.4


def test_random_vectors_score_within_chance(space):
    random, inside = np.random.default_rng(1), 0
    for _ in range(40):
        score = similarity(
            random.standard_normal((len(space[1]), 20)).astype(np.float32), space[1], shipped("en-wordsim353.tsv")
        )
        inside += score.baselines["random"].low <= score.value <= score.baselines["random"].high
    assert inside >= 35


def test_fewer_among_which_to_answer(space):
    whole, part = (done(analogies(*space, shipped("en-analogies.txt"), among=n)) for n in (10_000, 300))
    assert part.known < whole.known and part.of == whole.of


def test_intervals():
    assert fisher_interval(0.0, 103) == pytest.approx((-0.1935, 0.1935), abs=1e-3)
    low, high = fisher_interval(0.62, 340)
    assert low == pytest.approx(0.5444, abs=2e-3) and high == pytest.approx(0.686, abs=2e-3)
    assert np.isnan(fisher_interval(0.5, 3)).all() and np.isnan(wilson_interval(0.5, 0)).all()
    assert wilson_interval(0.5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-3)  # Wilson (1927); Newcombe's table


def test_the_interval_of_a_correlation_holds_what_a_bootstrap_says(space):
    random = np.random.default_rng(2)
    one = random.standard_normal(300)
    other = one + random.standard_normal(300)
    places = random.integers(0, 300, (1500, 300))
    drawn = np.percentile([spearman(one[p], other[p]) for p in places], [2.5, 97.5])
    assert fisher_interval(spearman(one, other), 300) == pytest.approx(drawn, abs=0.02)


def test_too_few_known_words_have_no_score(space):
    vocab = Vocab(["love", "sex"], [2, 1])
    for name in ("en-wordsim353.tsv", "en-analogies.txt", "en-categories.csv"):
        score = done(evaluate(space[0][:2], vocab, shipped(name)))
        assert np.isnan(score.low) and score.known < 2 and len(score.tables["missing"]) >= score.of - 1


def test_case_is_folded_as_gensim_does():
    vocab = Vocab(["The", "paris", "Paris", "FRANCE"], [4, 3, 2, 1], lowercase=False)
    score = similarity(np.eye(4, dtype=np.float32), vocab, read_set("Paris France 9\nparis THE 1\n"))
    assert score.known == 2 and score.tables["pairs"]["first"].tolist() == ["Paris", "paris"]
