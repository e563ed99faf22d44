"""word2vec: the walk over the corpus, what is learned from it, and what a person can put right."""

import math

import numpy as np
import pytest

from core.corpus import Corpus
from core.encoders.kernels import (
    tiles,
    word2vec_course,
    word2vec_full,
    word2vec_plan,
    word2vec_subwords,
    word2vec_tree,
)  # fmt: skip
from core.encoders.kernels import word2vec as kernels
from core.encoders.kernels.word2vec_course import Course
from core.encoders.kernels.word2vec_objectives import objective
from core.encoders.word2vec import Word2Vec, Word2VecOptions
from core.problem import Problem

FOOD = "bread cheese apple soup rice butter".split()
SKY = "star moon comet planet orbit galaxy".split()
MODULES = kernels, word2vec_subwords, word2vec_tree, word2vec_full
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


def course_of(corpus: Corpus, **changes) -> Course:
    encoder = Word2Vec(options(**changes), corpus.vocab)
    return Course(encoder.options, corpus, objective(encoder.options, corpus.vocab.counts, encoder.tree, encoder.parts))


def matrix(rows: int, width: int, seed: int = 0) -> np.ndarray:
    """Random numbers, laid for the kernels."""
    made = tiles.aligned(rows, width)
    made[:] = np.random.default_rng(seed).normal(size=(rows, width))
    return made


# The walk over the corpus.


def walked(pieces: np.ndarray) -> np.ndarray:
    return np.concatenate([np.arange(a, b) for a, b in pieces])


def test_every_token_of_the_split_is_read_once_an_epoch():
    ranges = np.array([[3, 5], [9, 30_011], [40_000, 40_001], [50_000, 75_000]])
    pieces = word2vec_course.cut(ranges, 10_000)
    np.testing.assert_array_equal(walked(pieces), walked(ranges))
    assert (pieces[:, 1] - pieces[:, 0]).max() <= 10_000


def test_chunks_hold_the_train_split_and_count_its_tokens(corpus, monkeypatch):
    monkeypatch.setattr(word2vec_course, "CHUNK", 500)
    course, train = course_of(corpus), corpus.split()[0]
    tokens = int((train[:, 1] - train[:, 0]).sum())
    assert course.total == course.tokens_before(course.chunks) == 3 * tokens
    assert course.chunks_of_epoch == pytest.approx(tokens / 500, abs=1)
    np.testing.assert_array_equal(walked(course.pieces), walked(train))


def test_no_pair_crosses_two_documents():
    corpus = Corpus.from_texts(["a b c"] * 50 + ["d e"] * 50)
    course = course_of(corpus, window=5, epochs=1)
    ranges, totals = corpus.split()[0], np.zeros(2)
    course.run(course.pieces, matrix(5, 16), matrix(5, 16), course.block(), [0, 0], 1, 1, totals)
    sizes = (ranges[:, 1] - ranges[:, 0]).tolist()
    assert totals[1] == pytest.approx(sum((4 + 2 * 0.8) if size == 3 else 2 for size in sizes), rel=1e-5)


def test_the_learning_rate_falls_in_a_line_to_almost_nothing(corpus):
    course = course_of(corpus, lr=0.1)
    shares = np.array([0, 0.25, 0.5, 1]) * course.total
    assert [course.rate(int(done)) for done in shares] == pytest.approx([0.1, 0.075, 0.05, 1e-5], abs=1e-4)


def test_the_baseline_is_the_least_loss_of_scores_by_frequency(corpus):
    course = course_of(corpus, negative=3)
    true, noise = corpus.vocab.counts / corpus.vocab.counts.sum(), corpus.vocab.counts**0.75
    score, least = np.linspace(-12, 12, 24_001), 0.0
    for q, p in zip(true, noise / noise.sum()):
        least += (q * np.log1p(np.exp(-score)) + 3 * p * np.log1p(np.exp(score))).min()
    assert course.objective.baseline == pytest.approx(least, abs=1e-5)


def test_frequent_words_are_kept_as_often_as_the_formula_says():
    kept = word2vec_plan.keep(np.array([1000, 900_000, 99_000]), 0.001) / 0xFFFFFFFF
    share = np.array([0.001, 0.9, 0.099])
    np.testing.assert_allclose(kept, np.minimum(1, (np.sqrt(share / 0.001) + 1) * 0.001 / share), atol=1e-9)
    assert word2vec_plan.keep(np.array([5, 1]), 0).tolist() == [0xFFFFFFFF] * 2


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
    monkeypatch.setattr(word2vec_course, "CHUNK", 200)
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
    every = [kernel for module in MODULES for kernel in (module.skip_gram, module.cbow)]
    for changes in ({}, {"subwords": True}, {"output": "hierarchical", "threads": 2}, {"output": "full"}):
        trained(corpus, **changes), trained(corpus, architecture="cbow", **changes)
    assert [len(kernel.signatures) for kernel in every] == [1] * 8


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
    slow = course_of(corpus, dim=1000, window=50, negative=50)
    assert slow.chunks_of_epoch > 20 * course_of(corpus).chunks_of_epoch


def test_a_text_too_small_to_hold_any_back_has_no_held_out_loss():
    corpus = Corpus.from_texts(["to be or not to be"])
    event = list(Word2Vec(options(), corpus.vocab).train(corpus))[-1]
    assert event.step == event.total and "held_out" not in event.metrics and event.metrics["baseline"] > 0


def test_streams_of_random_numbers_differ_by_seed_and_by_place():
    seeds = {word2vec_course.mixed(seed, stream) for seed in (0, 1, 2**24, 2**31 - 1) for stream in range(500)}
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
    assert word2vec_plan.step(Word2VecOptions(), zipf) == 32
    assert word2vec_plan.step(Word2VecOptions(lr=0.5), zipf) < 8
    assert word2vec_plan.step(Word2VecOptions(sample=0), np.array([10, 10])) < 4


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


def test_a_full_softmax_is_for_small_vocabularies():
    corpus = Corpus.from_texts([" ".join(f"w{n}" for n in range(20_001))])
    for ask in (lambda: next(Word2Vec(options(output="full"), corpus.vocab).train(corpus)),
                lambda: Word2Vec.estimate(options(output="full"), corpus)):  # fmt: skip
        with pytest.raises(Problem, match="up to 20,?000 words; this one has 20,?001: choose negative sampling"):
            ask()


def test_parts_of_words_go_with_negative_sampling_and_have_a_length():
    with pytest.raises(Problem, match="learned with negative sampling"):
        options(subwords=True, output="hierarchical")
    with pytest.raises(Problem, match="The shortest part, 4 letters, is longer than the longest, 3"):
        options(subwords=True, min_n=4, max_n=3)


def test_what_the_options_did_not_make_is_not_answered(corpus):
    plain, tree = trained(corpus), trained(corpus, output="hierarchical")
    with pytest.raises(Problem, match="no tree of words"):
        plain.path("star")
    with pytest.raises(Problem, match="whole words only"):
        plain.subword_vectors(["starry"])
    with pytest.raises(Problem, match="kept no scores of pairs"):
        tree.pair_scores(np.array([0]), np.array([1]))


# The tree and the parts, as they are asked.


def test_a_path_down_the_tree_is_the_words_probability(corpus):
    encoder = trained(corpus, output="hierarchical", epochs=40)
    chances = [encoder.path(word, given=["star"])["chances"].prod() for word in corpus.vocab.words]
    assert sum(chances) == pytest.approx(1, abs=0.01)
    assert min(chances[corpus.vocab.index(word)] for word in SKY) > max(
        chances[corpus.vocab.index(word)] for word in FOOD
    )


def test_code_lengths_come_with_the_entropy_they_cannot_beat(corpus):
    told = trained(corpus, output="hierarchical").code_lengths()
    assert told["lengths"].tolist() == sorted(told["lengths"].tolist()) and told["log2"] == pytest.approx(math.log2(12))
    assert told["entropy"] <= told["mean"] < told["entropy"] + 1


def test_a_word_never_met_is_near_those_it_shares_parts_with():
    corpus = Corpus.from_texts(topics(), language="en")
    encoder = trained(corpus, subwords=True, epochs=60, buckets=2000, lr=0.05)
    vectors, [made] = encoder.word_vectors(), encoder.subword_vectors(["planets"])
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    assert corpus.vocab.words[int(np.argmax(unit @ made))] == "planet"
    assert not encoder.subword_vectors(["xyz"]).any()
