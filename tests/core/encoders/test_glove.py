"""GloVe against its equations: steps by hand, torch's gradients, a plain descent in numpy, numpy's SVD."""

import numpy as np
import pytest
import torch

from core.corpus import Corpus
from core.encoders.glove import GloVe, GloVeOptions
from core.encoders.kernels import glove, glove_tiles
from core.problem import Problem
from tests.core.encoders.conftest import toy_sentences
from tests.core.encoders.test_cooccurrence import TEXTBOOK, counted, dense
from tests.core.encoders.test_lsa import topics
from tests.steps import ended


def trained(texts, **options) -> GloVe:
    corpus = texts if isinstance(texts, Corpus) else Corpus.from_texts(texts)
    encoder = GloVe(GloVeOptions(**{"dim": 8, "epochs": 20, "threads": 1, **options}), corpus.vocab)
    for _ in encoder.train(corpus):
        pass
    return encoder


def tiles_of(texts, x_max: float = 10.0, alpha: float = 0.75, memory: float = np.inf) -> glove_tiles.Tiles:
    rows = counted(Corpus.from_texts(texts), 4, nearer=True)
    return ended(glove_tiles.shuffled(rows, x_max, alpha, 3, 2, memory))


def listed(tiles: glove_tiles.Tiles, order=None) -> list[tuple[int, int, float, float]]:
    """(row, column, log, weight) of every cell, piece by piece."""
    pieces = tiles.pieces if order is None else tiles.pieces[order]
    return [
        (int(row + cell["row"]), int(column + cell["column"]), float(cell["log"]), float(cell["weight"]))
        for first, last, row, column in pieces
        for cell in tiles.cells[first:last]
    ]


def one_cell(log: float, weight: float) -> glove_tiles.Tiles:
    cells = np.array([(0, 1, log, weight)], glove_tiles.CELL)
    cells.flags.writeable = False
    return glove_tiles.Tiles(cells, np.array([[0, 1, 0, 0]]), np.zeros(0, glove_tiles.HELD))


# One step.


def test_one_step_of_adagrad_by_hand():
    main, context = np.array([[0.5, -1.0], [9, 9]]), np.array([[9, 9], [2.0, 1.0]])
    biases, ones = np.array([[0.25, 9], [9, -0.5]]), np.ones((2, 2))
    weights = glove.laid(*(array.astype(np.float32) for array in (main, context, biases, ones, 4 * ones, ones)))
    course = glove.Course(one_cell(log=1.0, weight=0.5), 0, 0.1)
    course.begin(0)
    # w·c + b + b - ln x = 0 + 0.25 - 0.5 - 1 = -1.25; f times that is -0.625, times the rate -0.0625
    assert course.learn(0, weights) == pytest.approx(0.5 * 1.25**2)
    np.testing.assert_allclose(weights.main[0, :2], [0.5 + 0.0625 * 2, -1 + 0.0625 * 1], rtol=1e-6)
    np.testing.assert_allclose(weights.context[1, :2], [2 + 0.0625 * 0.5 / 2, 1 - 0.0625 * 1 / 2], rtol=1e-6)
    np.testing.assert_allclose(weights.main_squares[0, :2], [1 + 0.125**2, 1 + 0.0625**2], rtol=1e-6)
    np.testing.assert_allclose(weights.context_squares[1, :2], [4 + 0.03125**2, 4 + 0.0625**2], rtol=1e-6)
    np.testing.assert_allclose(weights.biases, [[0.25 + 0.625, 9], [9, -0.5 + 0.625]], rtol=1e-6)
    np.testing.assert_allclose(weights.bias_squares, [[1 + 0.625**2, 1], [1, 1 + 0.625**2]], rtol=1e-6)
    assert not weights.main[:, 2:].any() and weights.main[1, 0] == 9


def test_gradients_are_those_of_autograd():
    start, cell = glove.begin(2, 5, 4), one_cell(log=2.0, weight=0.7)
    weights = glove.laid(*start)
    w, c, b = (torch.tensor(array, dtype=torch.float64, requires_grad=True) for array in start[:3])
    (0.5 * 0.7 * (w[0] @ c[1] + b[0, 0] + b[1, 1] - 2.0) ** 2).backward()
    course = glove.Course(cell, 0, 1.0)
    course.begin(0)
    course.learn(0, weights)  # divided by the root of 1: the step is the gradient
    for learned, before, tensor in zip(weights[:3], start[:3], (w, c, b)):
        np.testing.assert_allclose(before - learned[:, : before.shape[1]], tensor.grad, rtol=1e-4, atol=1e-6)


def test_weights_are_those_of_the_paper():
    cells = listed(tiles_of(topics(60), x_max=2.0, alpha=0.5))
    logs, weights = np.array(cells)[:, 2:].T
    assert weights.min() < 1 == weights.max()
    np.testing.assert_allclose(weights, np.minimum(1, (np.exp(logs) / 2) ** 0.5), rtol=1e-5)


# The cells.


@pytest.mark.parametrize("memory", [0, np.inf])
@pytest.mark.parametrize("group, piece, tiles", [(2_000_000, 4096, 1), (1000, 50, 1), (1, 7, 400)])
def test_every_cell_is_in_one_piece_or_held_out_with_its_mirror(group, piece, tiles, memory, monkeypatch):
    for name, value in {"_GROUP": group, "PIECE": piece, "_TILES": tiles, "_ENOUGH": 1, "_HELD": 0.1}.items():
        monkeypatch.setattr(glove_tiles, name, value)
    texts = topics(300)
    found = tiles_of(texts, memory=memory)
    held = {(int(cell["row"]), int(cell["column"])): float(cell["log"]) for cell in found.held}
    learned = {(row, column): log for row, column, log, _ in listed(found)}
    assert len(learned) == len(found.cells) and not held.keys() & learned.keys()
    assert {(j, i) for i, j in held} == held.keys() and 0.05 < len(held) / len(learned) < 0.2
    whole = dense(counted(Corpus.from_texts(texts), 4, nearer=True))
    assert {**held, **learned} == pytest.approx({(i, j): np.log(whole[i, j]) for i, j in np.argwhere(whole)}, rel=1e-5)
    assert (np.diff(found.pieces[:, :2]) <= piece).all()


def test_cells_are_shuffled_alike_by_any_number_of_threads(monkeypatch):
    monkeypatch.setattr(glove_tiles, "_GROUP", 500)
    rows = counted(Corpus.from_texts(topics(60)), 4)
    one, two = (ended(glove_tiles.shuffled(rows, 10, 0.75, 0, threads)) for threads in (1, 3))
    other = ended(glove_tiles.shuffled(rows, 10, 0.75, 1, 1))
    assert one.cells.tobytes() == two.cells.tobytes() and one.held.tobytes() == two.held.tobytes()
    assert one.cells.tobytes() != other.cells.tobytes()
    places = one.cells["column"].astype(int)
    assert np.mean(np.diff(places) > 0) == pytest.approx(0.5, abs=0.05)  # in no order


# The descent.


def test_the_losses_are_those_of_a_plain_descent_in_the_same_order(monkeypatch):
    monkeypatch.setattr(glove_tiles, "PIECE", 100)
    tiles, rate = tiles_of(topics(60)), 0.05
    words = int(tiles.pieces[:, 2:].max()) + 512
    course, start = glove.Course(tiles, 5, rate), glove.begin(words, 6, 1)
    weights, plain = glove.laid(*start), [array.astype(np.float64) for array in start]
    for epoch in range(3):
        course.begin(epoch)
        found = sum(course.learn(chunk, weights) for chunk in range(course.chunks))
        expected = descend(plain, listed(tiles, course._order), rate)
        assert found == pytest.approx(expected, rel=1e-4)
    np.testing.assert_allclose(weights.main[:, :6], plain[0], atol=1e-3)


def descend(weights, cells, rate: float) -> float:
    """Eq. 8 cell by cell, AdaGrad as in the authors' program; the sum of the weighted squared errors."""
    w, c, b, w_squares, c_squares, b_squares = weights
    loss = 0.0
    for i, j, log, weight in cells:
        error = w[i] @ c[j] + b[i, 0] + b[j, 1] - log
        loss += weight * error**2
        w_step, c_step, b_step = rate * weight * error * c[j], rate * weight * error * w[i], weight * error
        for vector, squares, step in ((w[i], w_squares[i], w_step), (c[j], c_squares[j], c_step)):
            vector -= step / np.sqrt(squares)
            squares += step**2
        for word, side in ((i, 0), (j, 1)):
            b[word, side] -= b_step / np.sqrt(b_squares[word, side])
            b_squares[word, side] += b_step**2
    return loss


def test_the_baseline_is_the_best_of_biases_alone():
    tiles = tiles_of(topics(15))
    cells = np.array(listed(tiles))
    rows, columns, words = *cells[:, :2].T.astype(int), int(cells[:, :2].max()) + 1
    table = np.zeros((len(cells), 2 * words))
    table[np.arange(len(cells)), rows] = table[np.arange(len(cells)), words + columns] = 1
    roots = np.sqrt(cells[:, 3])
    best = np.linalg.lstsq(table * roots[:, None], cells[:, 2] * roots)[0]
    expected = np.mean(cells[:, 3] * (table @ best - cells[:, 2]) ** 2)
    assert ended(glove.biases_only(tiles, 512, 2)) == pytest.approx(expected, rel=1e-2)
    assert ended(glove.biases_only(tiles, 512, 1)) >= expected * (1 - 1e-9)


def subjects(count: int = 300) -> list[str]:
    """Documents of one of 6 subjects each; a fifth of their words is from others, so that hardly two never meet."""
    draw, texts = np.random.default_rng(0), []
    for _ in range(count):
        of = np.where(draw.random(30) < 0.8, draw.integers(0, 6), draw.integers(0, 6, 30))
        texts.append(" ".join(f"s{subject}w{int(i) % 12}" for subject, i in zip(of, draw.zipf(1.5, 30))))
    return texts


def test_held_out_cells_are_told_better_than_by_biases_alone():
    corpus = Corpus.from_texts(subjects())
    *_, last = GloVe(GloVeOptions(dim=8, threads=1, window=5), corpus.vocab).train(corpus)
    assert max(last.metrics["loss"], last.metrics["held_out"]) < last.metrics["baseline"] / 3


@pytest.mark.parametrize("options", [{}, {"threads": 2}, {"method": "svd"}, {"side": "left only"}], ids=str)
def test_words_of_one_subject_stand_together(options):
    encoder = trained(subjects(), window=5, **options)
    vectors, words = encoder.word_vectors(), encoder.vocab.words
    directions = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    near = np.argsort(-directions @ directions.T, axis=1)[:, 1:6]
    assert np.mean([words[j][:2] == words[i][:2] for i in range(len(words)) for j in near[i]]) > 0.95


def test_a_vector_is_the_sum_of_both_of_a_word():
    encoder = trained(toy_sentences())
    state = encoder.state()
    np.testing.assert_array_equal(encoder.word_vectors(), state["main"] + state["context"])
    some = encoder.fitted(40)
    i, j = some["rows"], some["columns"]
    made = (state["main"][i] * state["context"][j]).sum(1) + state["biases"][i, 0] + state["biases"][j, 1]
    np.testing.assert_allclose(some["predicted"], made, rtol=1e-4)
    baseline = ended(glove.biases_only(tiles_of(toy_sentences()), 512, 1))
    assert np.mean(some["weights"] * (some["predicted"] - some["logs"]) ** 2) < baseline


# The singular value decomposition.


@pytest.mark.parametrize("side", ["symmetric", "left only"])
@pytest.mark.parametrize("transform", ["raw", "log", "ppmi"])
def test_vectors_by_svd_are_numpys(transform, side):
    corpus = Corpus.from_texts(topics())
    encoder = trained(corpus, method="svd", transform=transform, side=side, dim=4, iterations=60, window=4)
    whole = dense(counted(corpus, 4, both=side == "symmetric", nearer=True))
    if transform == "ppmi":
        chance = np.outer(whole.sum(1), whole.sum(0)) / whole.sum()
        whole = np.log(np.maximum(1, whole / chance))
    left, singular, _ = np.linalg.svd(np.log1p(whole) if transform == "log" else whole)
    np.testing.assert_allclose(encoder.singular_[:4], singular[:4], rtol=1e-3)
    vectors = left[:, :2] * np.sqrt(singular[:2])
    np.testing.assert_allclose(np.abs(encoder.word_vectors()[:, :2]), np.abs(vectors), atol=0.02 * vectors.max())


# Going on.


@pytest.mark.parametrize("options", [{"epochs": 3}, {"method": "svd", "iterations": 3}], ids=str)
def test_every_state_on_the_way_ends_with_the_same_bits(options, monkeypatch):
    monkeypatch.setattr(glove_tiles, "PIECE", 30)
    corpus = Corpus.from_texts(topics(60))
    options = GloVeOptions(dim=5, threads=1, **options)
    whole, states = GloVe(options, corpus.vocab), []
    steps = [(event.step, states.append(whole.state()))[0] for event in whole.train(corpus)]
    for step, state in list(zip(steps, states))[:: max(1, len(steps) // 6)]:
        other = GloVe(options, corpus.vocab)
        other.restore(state)
        events = list(other.train(corpus))
        assert events[-1].step == steps[-1] and events[0].step >= min(step, len(corpus.tokens) // 2)
        assert all(np.array_equal(array, other.state()[name]) for name, array in whole.state().items())


def test_memory_changes_nothing_but_where_counts_lie():
    corpus = Corpus.from_texts(topics(800))
    small, large = (trained(corpus, memory=memory, window=20, epochs=2).state() for memory in (1, 2000))
    assert all(np.array_equal(array, large[name]) for name, array in small.items())


def test_phases_follow_each_other_and_every_event_says_how_far_it_is():
    corpus = Corpus.from_texts(topics(60))
    phases = [event.phase for event in GloVe(GloVeOptions(threads=1), corpus.vocab).train(corpus)]
    assert list(dict.fromkeys(phases)) == ["counting", "shuffling", "learning"]


def test_a_finished_run_has_nothing_left_to_do():
    corpus = Corpus.from_texts(topics(60))
    for options in ({}, {"method": "svd"}):
        encoder = trained(corpus, **options)
        [event] = encoder.train(corpus)
        assert event.step == event.total


def test_what_cannot_go_on_says_why():
    squares, decomposed = trained(TEXTBOOK), trained(TEXTBOOK, method="svd")
    corpus = Corpus.from_texts(TEXTBOOK)
    for state, options in ((squares.state(), {"method": "svd"}), (decomposed.state(), {})):
        other = GloVe(GloVeOptions(dim=8, **options), corpus.vocab)
        other.restore(state)
        with pytest.raises(Problem, match="begun by the other method"):
            next(other.train(corpus))
    half = GloVe(GloVeOptions(dim=8), corpus.vocab)
    half.restore(squares.state(training=False))
    with pytest.raises(Problem, match="Only the word vectors of this run were kept"):
        next(half.train(corpus))
    with pytest.raises(Problem, match="holds 7 words in 8 dimensions and cannot go on with 7 in 4"):
        GloVe(GloVeOptions(dim=4), corpus.vocab).restore(squares.state())
    with pytest.raises(Problem, match="holds 7 words"):
        GloVe(GloVeOptions(dim=8, method="svd"), Corpus.from_texts(["a b"]).vocab).restore(decomposed.state())


# What cannot be.


def test_texts_without_a_pair_are_a_problem():
    with pytest.raises(Problem, match="holds one word; GloVe needs two"):
        trained(["same same same"])
    for options in ({}, {"method": "svd"}):
        with pytest.raises(Problem, match="No document holds two words of the vocabulary side by side"):
            trained(["one", "two", "three"], **options)


def test_a_window_wider_than_the_text_is_said_to_be_so():
    corpus = Corpus.from_texts(TEXTBOOK)
    notes = [
        {event.note for event in GloVe(GloVeOptions(window=window), corpus.vocab).train(corpus)} for window in (2, 3)
    ]
    assert notes[0] == {""} and "The window is wider than every document" in notes[1].pop()


def test_a_rate_that_is_too_high_is_told():
    with pytest.raises(Problem, match="grew out of bounds: choose a learning rate below 1"):
        encoder = GloVe(GloVeOptions(lr=1.0, epochs=1), Corpus.from_texts(TEXTBOOK).vocab)
        encoder._begin()
        encoder.weights_.main[0] = np.inf
        encoder._check(0.1, 100)


def test_words_beyond_those_kept_are_a_problem(monkeypatch):
    encoder = trained(topics(60), epochs=1)
    assert encoder.counted()["kept"] == len(encoder.vocab)
    encoder.cells_ = ended(glove_cells(encoder, 100))
    rare = encoder.vocab.words[-1]
    with pytest.raises(Problem, match=f"{rare} is word {len(encoder.vocab)} by frequency; only counts among"):
        encoder.among(["c1", rare])
    fresh = GloVe(GloVeOptions(), encoder.vocab)
    with pytest.raises(Problem, match="Nothing is counted yet"):
        fresh.strongest("c1")


def glove_cells(encoder: GloVe, most: int):
    from core.encoders.kernels.cells import kept

    return kept(encoder.cells_.rows, True, most)
