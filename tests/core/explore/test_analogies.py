"""Analogies beside gensim, by hand, and lists of them."""

import numpy as np
import pytest
from gensim.models import KeyedVectors

from core.corpus import Vocab
from core.explore import Space
from core.explore.analogies import analogy, answer_list, known, read_list
from core.problem import Problem
from tests.core.explore.conftest import finish

NAMES = [f"w{i}" for i in range(400)]
VOCAB = Vocab(NAMES, np.arange(400, 0, -1))
QUESTIONS = [(3, 17, 40), (0, 1, 2), (399, 5, 250)]


@pytest.fixture(scope="module")
def spaces(grouped):
    keyed = KeyedVectors(20)
    keyed.add_vectors(NAMES, grouped[0])
    return Space(grouped[0], VOCAB), keyed


@pytest.mark.parametrize("question", QUESTIONS)
def test_as_gensim_by_3cosadd(spaces, question):
    space, keyed = spaces
    a, b, c = (NAMES[i] for i in question)
    theirs = keyed.most_similar(positive=[b, c], negative=[a], topn=10)
    ours = analogy(space, question, 10)
    assert ours["word"].tolist() == [word for word, _ in theirs]
    np.testing.assert_allclose(ours["score"], [score for _, score in theirs], atol=1e-5)
    assert ours["count"].tolist() == [400 - i for i in ours["index"]]


@pytest.mark.filterwarnings("ignore:Call to deprecated `init_sims`")
@pytest.mark.parametrize("question", QUESTIONS)
def test_as_gensim_by_3cosmul(spaces, question):
    space, keyed = spaces
    a, b, c = (NAMES[i] for i in question)
    theirs = keyed.most_similar_cosmul(positive=[b, c], negative=[a], topn=10)
    ours = analogy(space, question, 10, "mul", epsilon=1e-6)
    assert ours["word"].tolist() == [word for word, _ in theirs]
    np.testing.assert_allclose(ours["score"], [score for _, score in theirs], rtol=1e-4)


def test_the_words_asked_with_are_kept_on_demand(spaces):
    space, _ = spaces
    for method in ("add", "mul"):
        kept = analogy(space, (3, 17, 40), 400, method, keep=True)
        left_out = analogy(space, (3, 17, 40), 400, method)
        assert {3, 17, 40} <= {*kept["index"]} and len(kept) == 400
        assert left_out["index"].tolist() == [i for i in kept["index"] if i not in (3, 17, 40)]


def test_a_is_to_a_as_c_is_to_c(spaces):
    kept = analogy(spaces[0], (7, 7, 9), 1, keep=True)
    assert kept["index"].tolist() == [9] and kept["score"][0] == pytest.approx(1)


def test_the_frequent_words_alone(spaces):
    space, _ = spaces
    found = analogy(space, (3, 17, 399), 5, "mul", among=30)
    assert len(found) == 5 and max(found["index"]) < 30


def test_a_parallelogram_is_closed_by_both():
    man, royal, female = np.eye(3, 4)
    points = np.array([man, man + royal, man + female, man + royal + female, royal, female], np.float32)
    space = Space(points, ["man", "king", "woman", "queen", "crown", "dress"])
    for method in ("add", "mul"):
        assert analogy(space, (0, 1, 2), 1, method)["word"].tolist() == ["queen"]


def test_words_without_a_direction_and_sums_that_vanish_are_said(spaces):
    points = spaces[0].vectors.copy()
    points[4] = 0
    with pytest.raises(Problem, match="w4 is all zeros"):
        analogy(Space(points, VOCAB), (1, 4, 2))
    triangle = np.float32([[1, 0], [0.5, 0.75**0.5], [0.5, -(0.75**0.5)], [3, 1]])  # a is b + c
    with pytest.raises(Problem, match="cancel"):
        analogy(Space(triangle, list("abcd")), (0, 1, 2))


LIST = """: family
man king woman queen
boy girl brother sister

// a remark
: 首都 <b>
法国 巴黎 德国 柏林
man : king :: woman : queen
too short
# another
"""


def test_a_list_in_googles_format_is_read():
    sections, wrong = read_list("\ufeffa b c d\n" + LIST)
    assert [section.name for section in sections] == ["", "family", "首都 <b>"] and wrong == [10]
    assert sections[2].questions == [("法国", "巴黎", "德国", "柏林"), ("man", "king", "woman", "queen")]
    assert sections[2].lines == [8, 9]


@pytest.mark.parametrize("text", ["", ": only\n: sections", "one two three", "\x00"])
def test_a_list_without_questions_is_said(text):
    with pytest.raises(Problem, match="no question in this list"):
        read_list(text)


def test_questions_with_unknown_or_rare_words_are_left_out():
    sections, _ = read_list(": s\nw1 w2 w3 w4\nw1 w2 w3 zebra\nW5 w6 w7 w399")
    assert known(sections, VOCAB)[0].tolist() == [[1, 2, 3, 4, 0], [5, 6, 7, 399, 2]]
    assert known(sections, VOCAB, 100)[0].tolist() == [[1, 2, 3, 4, 0]]


@pytest.mark.parametrize("among", [None, 50])
def test_a_list_is_answered_as_its_questions_are(spaces, among):
    space, _ = spaces
    random = np.random.default_rng(3)
    questions = random.integers(0, among or 400, (300, 3))
    shares, answers = finish(answer_list(space.vectors, questions, among))
    for i in range(0, 300, 23):
        question = tuple(questions[i].tolist())
        for method in ("add", "mul"):
            for keep, name in ((False, method), (True, f"{method}_kept")):
                single = analogy(space, question, 1, method, keep=keep, among=among)
                assert answers.best[name][i] == single["index"][0]
        left_out = space.neighbours(question[2], 1, without=question[:2], among=among)
        assert answers.best["near"][i] == left_out["index"][0]
    assert shares == sorted(shares) and shares[-1] == 1


def test_a_list_is_scored_as_gensim_scores_it(spaces, tmp_path):
    space, keyed = spaces
    random = np.random.default_rng(4)
    questions = random.integers(0, 400, (200, 3))
    best = finish(answer_list(space.vectors, questions))[1].best["add"]
    right = np.where(np.arange(200) % 2, best, random.integers(0, 400, 200))
    lines = [" ".join(NAMES[i] for i in (*row, d)) for row, d in zip(questions.tolist(), right.tolist())]
    (tmp_path / "list.txt").write_text(": all\n" + "\n".join(lines))
    score, _ = keyed.evaluate_word_analogies(str(tmp_path / "list.txt"), case_insensitive=False)
    assert np.mean(best == right) == pytest.approx(score, abs=0.011) and score > 0.4
