"""word2vec against its formulas: every number of a block, the tables, the walk over the corpus, what is learned."""

import math

import numpy as np
import pytest

from core.corpus import Corpus
from core.encoders import word2vec
from core.encoders.kernels import tiles
from core.encoders.kernels import word2vec as kernels
from core.encoders.word2vec import Word2Vec, Word2VecOptions, _Course
from core.problem import Problem

FOOD = "bread cheese apple soup rice butter".split()
SKY = "star moon comet planet orbit galaxy".split()
both = pytest.mark.parametrize("architecture", ["skip-gram", "cbow"])


def topics(documents: int = 400, seed: int = 5) -> list[str]:
    """Documents of twelve words, all of one of two topics."""
    draw = np.random.default_rng(seed)
    return [" ".join(draw.choice([FOOD, SKY][i % 2], 12)) for i in range(documents)]


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return Corpus.from_texts(topics(), language="en")


def options(**changes) -> Word2VecOptions:
    return Word2VecOptions(**({"dim": 12, "sample": 0, "threads": 1, "epochs": 3, "window": 3} | changes))


def trained(corpus: Corpus, **changes) -> Word2Vec:
    encoder = Word2Vec(options(**changes), corpus.vocab)
    for _ in encoder.train(corpus):
        pass
    return encoder


def matrix(rows: int, width: int, seed: int = 0) -> np.ndarray:
    """Random numbers, laid for the kernels."""
    made = tiles.aligned(rows, width)
    made[:] = np.random.default_rng(seed).normal(size=(rows, width))
    return made


# One block, beside the same thing in numpy and torch's own derivatives.


def read_only(ids: np.ndarray) -> np.ndarray:
    """Tokens as a corpus has them."""
    tokens = ids.astype(np.int32)
    tokens.flags.writeable = False
    return tokens


class Toy:
    """Two pieces of text, 13 and 16 words, which one block holds; and the negatives that a kernel will draw for it."""

    words, negative, shared, step, rate, seed = 20, 5, 8, kernels.T, 0.05, np.uint64(77)

    def __init__(self, dim: int, window: int = 3):
        self.dim, self.window, draw = dim, window, np.random.default_rng(3)
        self.tokens = read_only(draw.integers(0, self.words, 29))
        self.pieces = np.array([[0, 13], [13, 29]])
        self.inputs, self.outputs = (word2vec._padded(draw.normal(size=(self.words, dim)) / 3) for _ in range(2))
        self.before = [torch(self.inputs), torch(self.outputs)]
        self.keep, self.totals = np.full(self.words, 0xFFFFFFFF, np.uint32), np.zeros(2)
        self.table = kernels.alias_table(np.arange(1.0, self.words + 1))

    def run(self, kernel, rate=None):
        rate, block = np.float32(self.rate if rate is None else rate), kernels.prepare(29, self.dim, self.window, 8)
        kernel(self.tokens, self.pieces, (self.keep, *self.table), self.inputs, self.outputs, block, self.window,
               self.negative, self.step, (rate, rate), self.seed, 1, self.totals)  # fmt: skip

    @property
    def drawn(self) -> np.ndarray:
        """The kernel draws a number for each token that it may keep, then the negatives."""
        state, ids = self.seed, np.zeros(self.shared, np.int32)
        for _ in self.tokens:
            state = np.uint64(kernels.next_random(state))
        kernels.draw(*self.table, state, ids)
        return ids

    def neighbours(self, i: int) -> list[int]:
        first, last = next((a, b) for a, b in self.pieces if a <= i < b)
        return [c for c in range(max(first, i - self.window), min(last, i + self.window + 1)) if c != i]


def torch(array: np.ndarray):
    import torch

    return torch.tensor(array, dtype=torch.float64, requires_grad=True)


def negative_nats(toy: Toy, vector, outputs):
    """What the negatives cost one prediction, in expectation: `negative` times the mean over those drawn."""
    from torch.nn.functional import softplus

    return toy.negative * softplus(outputs[toy.drawn] @ vector).mean()


def skip_gram_nats(toy: Toy, inputs, outputs):
    """(sum of nats, sum of weights) over all pairs, a pair d apart with weight (window - d + 1) / window."""
    from torch.nn.functional import softplus

    nats = weights = 0
    for i, word in enumerate(toy.tokens):
        for c in toy.neighbours(i):
            weight = (toy.window - abs(c - i) + 1) / toy.window
            one = softplus(-outputs[toy.tokens[c]] @ inputs[word]) + negative_nats(toy, inputs[word], outputs)
            nats, weights = nats + weight * one, weights + weight
    return nats, weights


def cbow_nats(toy: Toy, means, outputs):
    """The same of predicting each word from the mean of its window; means is (tokens, dim)."""
    from torch.nn.functional import softplus

    nats = [
        softplus(-outputs[word] @ mean) + negative_nats(toy, mean, outputs) for word, mean in zip(toy.tokens, means)
    ]
    return sum(nats), len(nats)


@pytest.mark.parametrize("dim, window", [(5, 1), (16, 3), (50, 2), (100, 5), (130, 9)])
def test_a_skip_gram_block_goes_down_the_slope_of_the_loss(dim, window):
    toy = Toy(dim, window)
    inputs, outputs = toy.before
    skip_gram_nats(toy, inputs, outputs)[0].backward()
    toy.run(kernels.skip_gram)
    for array, before in zip((toy.inputs, toy.outputs), toy.before):
        np.testing.assert_allclose(array, (before - toy.rate * before.grad).detach(), atol=2e-5)


@pytest.mark.parametrize("dim", [5, 16, 100])
def test_a_cbow_block_goes_down_the_slope_and_gives_the_error_to_each_word_undivided(dim):
    toy = Toy(dim, window=1)  # so that every drawn reach is 1
    inputs, outputs = toy.before
    around = [toy.tokens[toy.neighbours(i)] for i in range(len(toy.tokens))]
    means = torch(np.stack([inputs.detach()[words].mean(0) for words in around]))
    cbow_nats(toy, means, outputs)[0].backward()
    moved = inputs.detach().numpy().copy()
    for words, slope in zip(around, means.grad.numpy()):
        np.subtract.at(moved, words, toy.rate * slope)
    toy.run(kernels.cbow)
    np.testing.assert_allclose(toy.inputs, moved, atol=2e-5)
    np.testing.assert_allclose(toy.outputs, (outputs - toy.rate * outputs.grad).detach(), atol=2e-5)


def test_the_measured_loss_is_that_of_the_formula_and_moves_nothing():
    toy = Toy(20)
    nats, weights = skip_gram_nats(toy, *toy.before)
    toy.run(kernels.skip_gram, rate=0)
    assert toy.totals == pytest.approx([nats.item(), weights], rel=1e-4)
    np.testing.assert_array_equal(toy.inputs, toy.before[0].detach().numpy().astype(np.float32))


def test_the_measured_cbow_loss_is_that_of_the_formula():
    toy = Toy(20, window=1)
    inputs = toy.before[0].detach()
    means = [inputs[toy.tokens[toy.neighbours(i)]].mean(0) for i in range(len(toy.tokens))]
    nats, predictions = cbow_nats(toy, means, toy.before[1])
    toy.run(kernels.cbow, rate=0)
    assert toy.totals == pytest.approx([nats.item(), predictions], rel=1e-4)


def test_the_loss_has_no_logarithm_of_zero_with_many_far_negatives():
    scores, mass = np.full((96, kernels.T), 9, np.float32), np.ones(kernels.T, np.float32)
    assert kernels.negative_loss(scores, mass) == pytest.approx(96 * kernels.T * 9, rel=0.03)


def test_sigmoid_is_within_a_ten_thousandth_everywhere():
    x = np.linspace(-30, 30, 2001).astype(np.float32)
    found = [kernels.sigmoid(value) for value in x]
    np.testing.assert_allclose(found, 1 / (1 + np.exp(-x.astype(float))), atol=1e-4)


# Tiles.


@pytest.mark.parametrize("width", [16, 32, 48, 64, 112, 128, 240])
def test_products_of_tiles_are_those_of_numpy(width):
    factors, m, target = matrix(8, 16), matrix(16, width, 1), matrix(10, width, 2)
    ids, before = np.array([3, 3, 0, 9, 9, 9, 1, 2], np.int32), target.copy()
    add(target, ids, factors, m)
    np.add.at(before, ids, factors @ m)
    np.testing.assert_allclose(target, before, atol=1e-4)


def _compiled(function):
    from numba import njit

    return njit(function)


@_compiled
def add(target, ids, factors, m):
    for r in range(0, len(ids), 4):
        tiles.add_products(target, ids, r, factors, r * 16, 16, 1, m, 0, 16)


@_compiled
def take(source, ids, rows, columns):
    tiles.take_rows(source, ids, 0, rows, columns, 0)


@_compiled
def four(x, y, out):
    tiles.four_products(x, 1, y, 2, out, 4)


def test_taking_rows_gives_them_and_their_transpose():
    source, ids = matrix(30, 48), np.arange(29, 13, -1).astype(np.int32)
    rows, columns = tiles.aligned(16, 48), tiles.aligned(48, 16)
    take(source, ids, rows, columns)
    np.testing.assert_array_equal(rows, source[ids])
    np.testing.assert_array_equal(columns, source[ids].T)


@pytest.mark.parametrize("width", [16, 48, 112])
def test_four_products_at_once_are_those_of_numpy(width):
    x, y, out = matrix(3, width), matrix(6, width, 1), tiles.aligned(1, 16)
    four(x, y, out)
    np.testing.assert_allclose(out[0, 4:8], y[2:6] @ x[1], atol=1e-4)
    assert not out[0, :4].any() and not out[0, 8:].any()


# Tables and windows.


def test_a_negative_is_drawn_in_proportion_to_its_count_to_the_power_of_three_quarters():
    counts = np.array([1000, 300, 40, 7, 5])
    chance, other = kernels.alias_table(counts**0.75)
    stays = chance / 0xFFFFFFFF
    share = stays + [(1 - stays)[other == word].sum() for word in range(5)]
    np.testing.assert_allclose(share / 5, counts**0.75 / (counts**0.75).sum(), atol=1e-8)


def test_draws_follow_their_table():
    ids = np.zeros(200_000, np.int32)
    kernels.draw(*kernels.alias_table(np.array([4.0, 3.0, 2.0, 1.0])), np.uint64(1), ids)
    np.testing.assert_allclose(np.bincount(ids) / len(ids), [0.4, 0.3, 0.2, 0.1], atol=0.005)


def test_frequent_words_are_kept_as_often_as_the_formula_says():
    kept = word2vec._keep(np.array([1000, 900_000, 99_000]), 0.001) / 0xFFFFFFFF
    share = np.array([0.001, 0.9, 0.099])
    np.testing.assert_allclose(kept, np.minimum(1, (np.sqrt(share / 0.001) + 1) * 0.001 / share), atol=1e-9)
    assert word2vec._keep(np.array([5, 1]), 0).tolist() == [0xFFFFFFFF] * 2


def test_subsampling_keeps_that_share_and_drops_words_outside_the_vocabulary():
    tokens = read_only(np.tile([0, 1, 2], 20_000))
    pieces, keep = np.array([[0, 60_000]]), np.array([0.25 * 2**32, 2**32 - 1], np.uint32)
    block = kernels.prepare(60_000, 16, 2, 4)
    count, _ = kernels.keep_words(tokens, pieces, keep, 2, np.uint64(9), block)
    kept = np.bincount(block.words[2 : 2 + count])
    assert kept.tolist()[1:] == [20_000] and abs(kept[0] - 5000) < 250


def test_a_window_ends_at_its_reach_and_at_its_piece():
    block = kernels.prepare(40, 16, 2, 4)
    block.low[:], block.high[:] = (
        np.repeat([0, 3], [3, len(block.low) - 3]),
        np.repeat([3, 40], [3, len(block.low) - 3]),
    )
    kernels.windows(0, 2, np.full(kernels.T, 2), np.array([1, 2, 0, 2, 1] + 11 * [0], np.float32), block)
    assert block.near[:5, :5].tolist() == [
        [0, 0, 0, 2, 1], [0, 2, 0, 2, 0], [1, 2, 0, 0, 0], [0, 0, 0, 2, 1], [0, 2, 0, 2, 1],
    ]  # fmt: skip
    assert block.mass[:5].tolist() == [3, 4, 3, 3, 5] and not block.near[:, 5:].any()


# The walk over the corpus.


def walked(pieces: np.ndarray) -> np.ndarray:
    return np.concatenate([np.arange(a, b) for a, b in pieces])


def test_every_token_of_the_split_is_read_once_an_epoch():
    ranges = np.array([[3, 5], [9, 30_011], [40_000, 40_001], [50_000, 75_000]])
    pieces = word2vec._cut(ranges, 10_000)
    np.testing.assert_array_equal(walked(pieces), walked(ranges))
    assert (pieces[:, 1] - pieces[:, 0]).max() <= 10_000


def test_chunks_hold_the_train_split_and_count_its_tokens(corpus, monkeypatch):
    monkeypatch.setattr(word2vec, "_CHUNK", 500)
    course, train = _Course(options(), corpus.vocab, corpus), corpus.split()[0]
    tokens = int((train[:, 1] - train[:, 0]).sum())
    assert course.total == course.tokens_before(course.chunks) == 3 * tokens
    assert course.chunks_of_epoch == pytest.approx(tokens / 500, abs=1)
    np.testing.assert_array_equal(walked(course._pieces), walked(train))


def test_no_pair_crosses_two_documents():
    corpus = Corpus.from_texts(["a b c"] * 50 + ["d e"] * 50)
    course = _Course(options(window=5, epochs=1), corpus.vocab, corpus)
    ranges, totals = corpus.split()[0], np.zeros(2)
    course._run(course._pieces, matrix(5, 16), matrix(5, 16), course.block(), [0, 0], 1, 1, totals)
    sizes = (ranges[:, 1] - ranges[:, 0]).tolist()
    assert totals[1] == pytest.approx(sum((4 + 2 * 0.8) if size == 3 else 2 for size in sizes), rel=1e-5)


def test_the_learning_rate_falls_in_a_line_to_almost_nothing(corpus):
    course = _Course(options(lr=0.1), corpus.vocab, corpus)
    shares = np.array([0, 0.25, 0.5, 1]) * course.total
    assert [course._rate(int(done)) for done in shares] == pytest.approx([0.1, 0.075, 0.05, 1e-5], abs=1e-4)


def test_the_baseline_is_the_least_loss_of_scores_by_frequency(corpus):
    course = _Course(options(negative=3), corpus.vocab, corpus)
    true, noise = corpus.vocab.counts / corpus.vocab.counts.sum(), corpus.vocab.counts**0.75
    score, least = np.linspace(-12, 12, 24_001), 0.0
    for q, p in zip(true, noise / noise.sum()):
        least += (q * np.log1p(np.exp(-score)) + 3 * p * np.log1p(np.exp(score))).min()
    assert course.baseline == pytest.approx(least, abs=1e-5)


# Training.


@both
def test_words_of_one_topic_end_as_neighbours(corpus, architecture):
    vectors = trained(corpus, architecture=architecture, epochs=40, lr=0.05, threads=2).word_vectors()
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    for group in (FOOD, SKY):
        for word in group:
            nearest = np.argsort(-(unit @ unit[corpus.vocab.index(word)]))[1:6]
            assert {corpus.vocab.words[i] for i in nearest} == set(group) - {word}


@both
def test_the_loss_starts_at_a_coin_toss_for_each_and_falls_below_the_baseline(corpus, architecture):
    events = list(Word2Vec(options(architecture=architecture, epochs=40, lr=0.05), corpus.vocab).train(corpus))
    first, last = events[0].metrics, events[-1].metrics
    assert first["loss"] < 6 * math.log(2) + 0.01
    assert last["loss"] < last["baseline"] and last["held_out"] < last["baseline"]


@both
def test_a_run_broken_off_at_every_event_ends_with_the_same_bits(corpus, architecture, monkeypatch):
    monkeypatch.setattr(word2vec, "_CHUNK", 200)
    whole, state, event, parts = trained(corpus, architecture=architecture), None, None, 0
    while event is None or event.step < event.total:
        encoder = Word2Vec(options(architecture=architecture), corpus.vocab)
        if state is not None:
            encoder.restore(state)
        training = encoder.train(corpus)
        event, parts = next(training), parts + 1
        training.close()
        state = encoder.state()
    assert parts > 10 and all(state[name].tobytes() == array.tobytes() for name, array in whole.state().items())


def test_nothing_moves_between_two_events(corpus):
    encoder = Word2Vec(options(threads=2, epochs=50), corpus.vocab)
    for _ in zip(range(3), encoder.train(corpus)):
        before = encoder.state()
        assert all((array == before[name]).all() for name, array in encoder.state().items())
        assert before["input"] is not encoder.state()["input"]


def test_a_run_goes_on_when_more_epochs_are_asked(corpus):
    state = trained(corpus, epochs=2).state()
    encoder = Word2Vec(options(epochs=4), corpus.vocab)
    encoder.restore(state)
    steps = [event.step / event.total for event in encoder.train(corpus)]
    assert 0.5 < steps[0] < steps[-1] == 1


def test_a_run_goes_on_at_its_place_when_options_change_the_size_of_chunks(corpus):
    training = (encoder := Word2Vec(options(epochs=50), corpus.vocab)).train(corpus)
    share = next(event.step / event.total for event in training if event.step > 0.3 * event.total)
    other = Word2Vec(options(epochs=50, window=50, negative=50), corpus.vocab)
    other.restore(encoder.state())
    event = next(other.train(corpus))
    assert share - 0.02 < event.step / event.total < share + 0.1


def test_warming_compiles_just_what_training_calls(corpus):
    Word2Vec.warm()
    compiled = [len(kernel.signatures) for kernel in (kernels.skip_gram, kernels.cbow)]
    trained(corpus, architecture="skip-gram"), trained(corpus, architecture="cbow")
    assert [len(kernel.signatures) for kernel in (kernels.skip_gram, kernels.cbow)] == compiled == [1, 1]


def test_one_thread_is_exact_and_two_are_not():
    assert Word2Vec.exact(options(threads=1)) and not Word2Vec.exact(options(threads=2))


def test_word_vectors_are_a_view_that_cannot_be_written(corpus):
    encoder = trained(corpus, dim=10)
    vectors = encoder.word_vectors()
    assert vectors.shape == (12, 10) and vectors.dtype == np.float32 and vectors.base is not None
    with pytest.raises(ValueError, match="read-only"):
        vectors[0, 0] = 1
    assert not encoder.inputs_[:, 10:].any() and encoder.inputs_.flags.writeable


def test_the_estimate_counts_both_matrices_and_a_copy(corpus):
    small, large = (Word2Vec.estimate(options(dim=dim), corpus).bytes for dim in (100, 500))
    assert large - small == 12 * 4 * 2 * (512 + 500 - 112 - 100)


def test_the_estimate_grows_with_window_negatives_and_a_smaller_step(corpus):
    usual = Word2Vec.estimate(options(), corpus).seconds
    for changes in ({"window": 8}, {"negative": 9}, {"lr": 0.3}, {"epochs": 9}, {"dim": 90}):
        assert Word2Vec.estimate(options(**changes), corpus).seconds > usual


def test_slow_options_make_smaller_chunks(corpus):
    slow = _Course(options(dim=1000, window=50, negative=50), corpus.vocab, corpus)
    assert slow.chunks_of_epoch > 20 * _Course(options(), corpus.vocab, corpus).chunks_of_epoch


def test_a_text_too_small_to_hold_any_back_has_no_held_out_loss():
    corpus = Corpus.from_texts(["to be or not to be"])
    event = list(Word2Vec(options(), corpus.vocab).train(corpus))[-1]
    assert event.step == event.total and "held_out" not in event.metrics and event.metrics["baseline"] > 0


def test_streams_of_random_numbers_differ_by_seed_and_by_place():
    seeds = {word2vec._mixed(seed, stream) for seed in (0, 1, 2**24, 2**31 - 1) for stream in range(500)}
    assert len(seeds) == 2000 and 0 not in seeds and max(seeds) < 2**64


# What a person can put right.


def test_vectors_that_are_no_longer_numbers_end_the_run_at_that_step(corpus):
    encoder = Word2Vec(options(lr=0.3), corpus.vocab)
    encoder.restore({"input": np.full((12, 12), np.inf, np.float32), "output": np.ones((12, 12), np.float32)})
    with pytest.raises(Problem, match=r"At word \d+ the vectors grew out of bounds: choose a learning rate below 0.3"):
        list(encoder.train(corpus))


def test_far_too_high_a_learning_rate_is_a_problem(corpus):
    with pytest.raises(Problem, match="choose a learning rate below 1.0"):
        trained(corpus, lr=1.0, epochs=40)


@both
@pytest.mark.parametrize("changes", [{"window": 20}, {"lr": 0.1}, {"negative": 20, "window": 10}], ids=str)
def test_a_vocabulary_of_twelve_words_stays_in_bounds(corpus, architecture, changes):
    encoder = trained(corpus, architecture=architecture, epochs=20, **changes)
    assert np.abs(encoder.word_vectors()).max() < 5


def test_a_block_takes_all_its_inputs_unless_one_vector_would_swing():
    zipf = (1e6 / np.arange(1, 20_000)).astype(int)
    assert word2vec._step(Word2VecOptions(), zipf) == 32
    assert word2vec._step(Word2VecOptions(lr=0.5), zipf) < 8
    assert word2vec._step(Word2VecOptions(sample=0), np.array([10, 10])) < 4


def test_one_word_is_not_enough():
    corpus = Corpus.from_texts(["la la la la"])
    with pytest.raises(Problem, match="The vocabulary holds one word"):
        list(Word2Vec(options(), corpus.vocab).train(corpus))


def test_words_that_never_meet_are_not_enough():
    corpus = Corpus.from_texts(["one"] * 30 + ["two"] * 30)
    with pytest.raises(Problem, match="No document holds two words"):
        list(Word2Vec(options(), corpus.vocab).train(corpus))


def test_a_state_of_other_dimensions_is_refused(corpus):
    with pytest.raises(Problem, match="12 words in 12 dimensions and cannot go on with 12 in 20"):
        Word2Vec(options(dim=20), corpus.vocab).restore(trained(corpus).state())


def test_vectors_alone_cannot_be_trained_on(corpus):
    encoder = Word2Vec(options(), corpus.vocab)
    encoder.restore(trained(corpus).state(training=False))
    with pytest.raises(Problem, match="cannot go on"):
        next(encoder.train(corpus))
