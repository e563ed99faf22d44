"""What every encoder promises; a new one is held to it by its line in ENCODERS."""

import json
import math
import subprocess
import sys
import threading

import numpy as np
import pytest

from core.encoders import ENCODERS
from core.encoders.base import CAPABILITIES, Encoder, Estimate
from core.problem import Problem
from tests.core.encoders.conftest import small

HEAVY = {"torch", "numba", "sklearn", "scipy", "umap", "transformers"}
SENTENCE = "the cat sleeps in the house .".split()
every_encoder = pytest.mark.parametrize("paper", ENCODERS.values(), ids=ENCODERS)


# What each capability answers: a function of a trained encoder and some words, giving arrays.


def word_vectors(encoder, words):
    vectors = encoder.word_vectors()
    assert vectors.ndim == 2 and len(vectors) == len(encoder.vocab)
    return [vectors]


def subword_vectors(encoder, words):
    known, other = [word for word in words if word in encoder.vocab], "Wolpertinger"
    vectors = encoder.subword_vectors([*known, other])
    assert vectors.shape == (len(known) + 1, encoder.word_vectors().shape[1])
    ids = [encoder.vocab.index(word) for word in known]
    np.testing.assert_allclose(vectors[:-1], encoder.word_vectors()[ids], atol=1e-6)
    return [vectors]


def pair_scores(encoder, words):
    ids = np.array([encoder.vocab.index(word) for word in words if word.isalpha()], np.int32)
    scores = encoder.pair_scores(ids, ids[::-1])
    assert scores.shape == ids.shape and encoder.pair_scores(ids[:0], ids[:0]).shape == (0,)
    return [scores]


def paths(encoder, words):
    words = [word for word in words if word.isalpha()]
    lengths, told = encoder.code_lengths(), encoder.path(words[-1], words[:1])
    turns = lengths["lengths"][encoder.vocab.index(words[-1])]
    assert told["nodes"][0] == 0 and told["counts"][0] == encoder.vocab.counts.sum()
    assert len(told["codes"]) == turns and told["beside"].shape == (turns, 4)
    share = encoder.vocab.counts[encoder.vocab.index(words[-1])] / encoder.vocab.counts.sum()
    assert told["shares"].prod() == pytest.approx(share, rel=1e-4)
    assert lengths["entropy"] <= lengths["mean"] < lengths["entropy"] + 1 and "chances" not in encoder.path(words[0])
    chances = [encoder.path(word, words[:1])["chances"] for word in encoder.vocab.words]
    assert sum(each.prod() for each in chances) == pytest.approx(1, abs=1e-4)
    return [*chances, told["shares"]]


def doc_vectors(encoder, words):
    vectors = encoder.doc_vectors([" ".join(words), "the shark swims"])
    assert vectors.ndim == 2 and len(vectors) == 2
    return [vectors]


def term_weights(encoder, words):
    weights = encoder.term_weights(" ".join(words))
    assert weights.shape == (len(encoder.vocab),)
    return [weights]


def term_rankings(encoder, words):
    """Every weight that is shown is the same weight, and the numbers that explain it make it up."""
    words = [word for word in words if word in encoder.vocab]
    top, table = encoder.top_terms([0, 1], 3), encoder.weight_table([0, 1], words)
    assert top["ids"].shape == top["weights"].shape == (2, 3) and table.shape == (2, len(words))
    for i, word in enumerate(words):
        told = encoder.explain(1, word)
        assert told["weight"] == pytest.approx(told["tf"] * told["idf"] / told["norm"])
        assert table[1, i] == pytest.approx(told["weight"], rel=1e-5) and all(told["formulas"].values())
    whole, one, found = encoder.corpus_terms(3), encoder.document_weights(0), encoder.search(" ".join(words), 4)
    assert np.array_equal(one["weights"][:1], top["weights"][0, :1]) and len(whole["ids"]) == 3
    labels = ["even" if i % 2 else "odd" for i in range(whole["n"])]
    classes = encoder.class_terms(labels, 3)
    assert classes["labels"] == ["even", "odd"] and classes["ids"].shape == (2, 3)
    for name in ("cosine", "bm25"):
        scores, parts = found[f"{name}_scores"], found[f"{name}_terms"]
        assert len(scores) == 4 and (np.diff(scores) <= 0).all()
        np.testing.assert_allclose(parts.sum(1), scores, rtol=1e-4)
    return [top["weights"], table, whole["weights"], one["weights"], classes["weights"], scores, parts]


def dimensions(encoder, words):
    explained, ends = encoder.explained(), encoder.dimension(1, 2)
    assert 0 <= explained.min() and explained.sum() <= 1 + 1e-5
    assert ends["positive"].dtype == ends["negative"].dtype == np.int32
    assert ends["positive_values"].min() >= 0 >= ends["negative_values"].max()
    return [explained, ends["positive_values"], ends["negative_values"]]


def distances(encoder, words):
    words = [word for word in words if word.isalpha()]
    found = encoder.distances(words)
    assert found.shape == (len(words), len(words)) and not found.diagonal().any()
    np.testing.assert_array_equal(found, found.T)
    return [found]


def cooccurrences(encoder, words):
    """Rows, cells and PMI are of one matrix, and what is fitted is fitted to its logarithms."""
    words = [word for word in words if word.isalpha()]
    facts, raw, positive = encoder.counted(), encoder.among(words), encoder.among(words, "ppmi")
    assert raw.shape == (len(words), len(words)) and facts["cells"] <= facts["words"] ** 2 and 0 <= facts["zeros"] < 1
    np.testing.assert_allclose(encoder.among(words, "log"), np.log1p(raw), rtol=1e-6)
    if facts["symmetric"]:
        np.testing.assert_array_equal(raw, raw.T)
    for i, word in enumerate(words):
        row = encoder.strongest(word, len(encoder.vocab))
        counts = dict(zip(row["ids"].tolist(), row["counts"].tolist()))
        assert (np.diff(row["counts"]) <= 0).all() and raw[i].tolist() == [
            counts.get(encoder.vocab.index(other), 0) for other in words
        ]
        pmi = dict(zip(row["ids"].tolist(), row["pmi"].tolist()))
        expected = [max(0, pmi.get(encoder.vocab.index(other), 0)) for other in words]
        assert positive[i] == pytest.approx(expected, abs=1e-5)
    some = encoder.fitted(5)
    assert len({len(column) for column in some.values()}) == 1 and bool(len(some["rows"])) == facts["fits"]
    return [raw, positive, row["counts"], row["weights"], row["pmi"], some["logs"], some["predicted"], some["weights"]]


def next_word(encoder, words):
    return [distribution(encoder, encoder.next_word(words))]


def previous_word(encoder, words):
    return [distribution(encoder, encoder.previous_word(words))]


def chain(encoder, words):
    steps, orders = encoder.chain(words), encoder.unseen()
    assert all(len(column) == len(words) for column in steps.values()) and steps["word"].tolist() == list(words)
    for i in np.flatnonzero(steps["known"]):
        expected = encoder.next_word(words[:i])[encoder.vocab.index(words[i])]
        assert steps["probability"][i] == pytest.approx(expected, rel=1e-5)
    assert np.isnan(steps["probability"][~steps["known"]]).all() and (steps["count"] <= steps["of"]).all()
    assert steps["order"].max() <= orders["order"].max() and (np.diff(orders["possible"]) >= 0).all()
    told = (steps["probability"], steps["order"], steps["count"], *orders.values())
    return [np.nan_to_num(column).astype(np.float32) for column in told]


def masked_word(encoder, words):
    return [distribution(encoder, encoder.masked_word(words, min(1, len(words) - 1)))]


def next_sentence(encoder, words):
    probability = encoder.next_sentence(" ".join(words), "the shark swims .")
    assert 0 <= probability <= 1
    return [np.array([probability], np.float32)]


def translation(encoder, words):
    told = encoder.translate(" ".join(words))
    assert told["source"] == encoder.vocab.tokenize(" ".join(words)) and len(told["words"]) >= 1 and told["text"]
    assert told["unknown"] == [word for word in told["source"] if word not in encoder.vocab]
    assert told["attention"].shape == (len(told["words"]), len(told["source"])) and told["attention"].min() >= 0
    np.testing.assert_allclose(told["attention"].sum(-1), 1, atol=1e-5)
    assert told["logs"].shape == (len(told["words"]),) and told["logs"].max() <= 0
    return [told["attention"], told["logs"]]


def context_vectors(encoder, words):
    vectors = encoder.context_vectors(words)
    assert vectors.ndim == 3 and vectors.shape[1] == len(words) and len(vectors) >= 2
    shares, found = exhausted(encoder.occurrence_vectors([words, words[:2]], [len(words) - 1, 0]))
    assert shares == sorted(shares) and shares[-1] == 1
    np.testing.assert_allclose(found[0], vectors[:, -1], atol=1e-4)
    assert found.shape == (2, len(vectors), vectors.shape[2])
    return [vectors, found]


def attention(encoder, words):
    weights = encoder.attention(words)
    assert weights.ndim == 4 and weights.shape[2:] == (len(words), len(words)) and weights.min() >= 0
    np.testing.assert_allclose(weights.sum(-1), 1, atol=1e-5)
    return [weights]


def reading(encoder, words):
    """One text, piece by piece: rows of attention sum to 1, a silent head changes what comes after it."""
    text = " ".join(words)
    told = encoder.read(text, parts=True)
    layers, pieces, _ = told["vectors"].shape
    assert told["pieces"].shape == told["word"].shape == told["segment"].shape == (pieces,)
    assert np.array_equal(told["special"], told["word"] == -1) and told["word"].max() == len(told["words"]) - 1
    assert told["window"].tolist() == [0, len(told["words"]), len(told["words"])]
    assert told["attention"].shape == (layers - 1, told["query"].shape[1], pieces, pieces)
    np.testing.assert_allclose(told["attention"].sum(-1), 1, atol=1e-5)
    silent = encoder.read(text, heads_off=[(0, 0)])
    assert same([silent["vectors"][0]], [told["vectors"][0]]) and np.abs(silent["vectors"] - told["vectors"]).max() > 0
    return [told["vectors"], told["attention"], told["query"], told["key"], told["value"]]


def workings(encoder, words):
    """A guess piece by piece; silenced heads, positions and the order of the words make a difference."""
    text = " ".join(words)
    told, why = encoder.lens(text, k=3), encoder.influence(text)
    layers, pieces, _ = told["chances"].shape
    assert told["ids"].shape == (layers, pieces, 3) and (np.diff(told["chances"], axis=-1) <= 0).all()
    assert why["guess"] in encoder.vocab.words and why["blank"].shape == why["slope"].shape == why["compared"].shape
    plain, same_again, silent, lost, other = (
        exhausted(encoder.losses([text, text], **how))[1]
        for how in ({}, {}, {"heads_off": [(0, 0)]}, {"placed": False}, {"shuffled": True})
    )
    assert same([plain], [same_again]) and plain.shape == (2, 2)
    if len(words) > 2:
        assert why["blank"][why["compared"]].max() > 0 and why["slope"][why["compared"]].max() > 0
        for changed in (silent, lost, other):
            assert np.array_equal(changed[:, 1], plain[:, 1]) and np.abs(changed[:, 0] - plain[:, 0]).max() > 0
    return [told["chances"], told["attention"], why["blank"], why["slope"], plain.astype(np.float32)]


ANSWERS = {
    "WordVectors": word_vectors, "SubwordVectors": subword_vectors, "PairScores": pair_scores, "Paths": paths,
    "DocVectors": doc_vectors, "TermWeights": term_weights,
    "TermRankings": term_rankings, "Dimensions": dimensions, "Distances": distances, "Cooccurrences": cooccurrences,
    "NextWord": next_word, "PreviousWord": previous_word, "Chain": chain, "MaskedWord": masked_word,
    "NextSentence": next_sentence, "Translation": translation, "ContextVectors": context_vectors,
    "Attention": attention, "Reading": reading, "Workings": workings,
}  # fmt: skip


def distribution(encoder, probabilities):
    assert probabilities.shape == (len(encoder.vocab),) and probabilities.min() >= 0
    assert probabilities.sum() == pytest.approx(1, abs=1e-4)
    return probabilities


def exhausted(generator):
    """What a generator yielded, and what it returned."""
    yielded = []
    while True:
        try:
            yielded.append(next(generator))
        except StopIteration as end:
            return yielded, end.value


def answers(encoder: Encoder, words=SENTENCE) -> list[np.ndarray]:
    """All that this encoder can answer, its shapes and sums held to the contract."""
    arrays = [array for name in encoder.capabilities(encoder.options) for array in ANSWERS[name](encoder, words)]
    assert arrays and all(array.dtype == np.float32 and np.isfinite(array).all() for array in arrays)
    return arrays


def same(first, second) -> bool:
    """Whether two lists or dicts of arrays agree to the last bit."""
    if isinstance(first, dict):
        return first.keys() == second.keys() and same(list(first.values()), [second[name] for name in first])
    return len(first) == len(second) and all(a.tobytes() == b.tobytes() for a, b in zip(first, second))


def trained(paper, corpus, state=None, **changes) -> Encoder:
    """An encoder trained to the end, from a state if one is given."""
    encoder = paper(small(paper, **changes), corpus.vocab)
    if state is not None:
        encoder.restore(state)
    for _ in encoder.train(corpus):
        pass
    return encoder


def test_every_capability_has_its_contract():
    assert ANSWERS.keys() == CAPABILITIES.keys()


# The declaration.


@every_encoder
def test_an_encoder_says_what_it_is(paper):
    assert ENCODERS[paper.name] is paper
    assert paper.title and paper.paper and 1948 <= paper.year < 2100
    assert paper.capabilities()


@every_encoder
def test_every_option_has_title_help_and_a_step_between_its_bounds(paper):
    for field in paper.Options.fields().values():
        assert field.title != field.name and field.help.endswith(".")
        if field.kind in (int, float):
            assert field.low <= field.default <= field.high and field.step > 0


@every_encoder
def test_presets_are_valid_and_differ(paper):
    chosen = [paper.Options.preset(name) for name in ("quick", "balanced", "thorough")]
    assert set(paper.Options.presets) == {"quick", "balanced", "thorough"}
    assert chosen[1] == paper.Options() or paper.Options.presets["balanced"]
    one = not any(paper.Options.presets.values())  # nothing that could be quicker or more thorough
    assert len({options.model_dump_json() for options in chosen}) == (1 if one else 3)


def bad_values():
    """Every option with each value that its declaration rules out."""
    for name, paper in ENCODERS.items():
        for option, field in paper.Options.fields().items():
            wrong = ["nonsense", None, [1]]
            if field.kind in (int, float):
                wrong += [field.low - 1, field.high + 1, math.nan, math.inf, -math.inf]
            for value in wrong:
                if not (field.kind is str and not field.choices and value == "nonsense"):
                    yield pytest.param(paper, option, value, id=f"{name}-{option}-{value}")


@pytest.mark.parametrize("paper, option, value", list(bad_values()))
def test_a_bad_value_is_refused_with_the_options_name(paper, option, value):
    with pytest.raises(Problem) as caught:
        paper.Options(**{option: value})
    assert paper.Options.fields()[option].title in str(caught.value)
    assert Problem.from_dict(json.loads(json.dumps(caught.value.to_dict()))).args == caught.value.args


@every_encoder
def test_an_unknown_option_is_refused_with_those_there_are(paper):
    with pytest.raises(Problem, match="no option called colour") as caught:
        paper.Options(colour="red")
    assert all(option in str(caught.value) for option in paper.Options.fields())


@every_encoder
def test_the_estimate_grows_with_the_work(paper, corpus):
    quick, thorough = (paper.estimate(paper.Options.preset(name), corpus) for name in ("quick", "thorough"))
    assert isinstance(quick, Estimate) and isinstance(quick.bytes, int)
    one = not any(paper.Options.presets.values())
    assert 0 < quick.seconds < thorough.seconds or (one and quick == thorough)
    assert 0 < quick.bytes <= thorough.bytes


def test_choosing_an_encoder_loads_nothing_heavy(corpus):
    script = (
        "import sys; from core.corpus import Corpus; from core.encoders import ENCODERS\n"
        "corpus = Corpus.open(sys.argv[1])\n"
        "for paper in ENCODERS.values(): paper(paper.Options(), corpus.vocab).estimate(paper.Options(), corpus)\n"
        f"print(*({HEAVY!r} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(corpus.folder)], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []


# Learning.


def test_steps_never_fall_and_end_at_the_total(run):
    steps = [event.step for event in run.events]
    assert steps == sorted(steps) and steps[-1] == run.events[-1].total
    assert {event.total for event in run.events} == {steps[-1]}


def test_events_carry_a_phase_and_finite_numbers(run):
    for event in run.events:
        assert event.phase
        assert all(isinstance(value, float) and math.isfinite(value) for value in event.metrics.values())


def test_the_loss_falls_and_ends_below_guessing_by_frequency(run):
    if not run.paper.objective_of(run.encoder.options):  # a count has nothing to descend
        assert not any("loss" in event.metrics for event in run.events)
        return
    losses, held, guessing = (
        [event.metrics[name] for event in run.events if name in event.metrics]
        for name in ("loss", "held_out", "baseline")
    )
    assert losses[-1] < losses[0]
    assert max([losses[-1], *held[-1:]]) < guessing[-1]  # a few cells leave none to hold out


def test_a_state_is_plain_numbers_of_which_answering_needs_a_part(run):
    whole, part = run.encoder.state(), run.encoder.state(training=False)
    assert part.keys() <= whole.keys() and part
    for name, array in whole.items():
        assert isinstance(name, str) and isinstance(array, np.ndarray) and array.dtype.kind in "biuf"


def test_answers_keep_their_shapes_and_sums(run):
    assert answers(run.encoder)
    assert answers(run.encoder, SENTENCE[:1])


def test_an_unknown_word_is_a_problem_or_an_answer(run):
    for name in run.encoder.capabilities(run.encoder.options):
        try:
            ANSWERS[name](run.encoder, ["the", "Wolpertinger", "sleeps"])
        except Problem as problem:
            assert "Wolpertinger" in str(problem)


@pytest.mark.parametrize("training", [True, False])
def test_a_restored_encoder_answers_with_the_same_bits(run, corpus, training):
    other = run.paper(run.encoder.options, corpus.vocab)
    other.restore(run.encoder.state(training))
    assert same(answers(run.encoder), answers(other))


def test_resuming_from_the_middle_ends_with_the_same_bits(run, corpus):
    assert run.paper.exact(run.encoder.options)
    assert same(trained(run.paper, corpus, run.half, **run.changes).state(), run.encoder.state())


def test_training_again_gives_the_same_bits(run, corpus):
    assert same(trained(run.paper, corpus, **run.changes).state(), run.encoder.state())


def test_another_seed_gives_other_numbers(run, corpus):
    differs = not same(trained(run.paper, corpus, seed=2, **run.changes).state(), run.encoder.state())
    assert differs == ("seed" in run.paper.Options.fields())


def test_a_closed_generator_leaves_a_valid_state_and_no_thread(run, corpus):
    threads, encoder = threading.active_count(), run.paper(run.encoder.options, corpus.vocab)
    training = encoder.train(corpus)
    next(training)
    training.close()
    assert threading.active_count() == threads
    assert same(trained(run.paper, corpus, encoder.state(), **run.changes).state(), run.encoder.state())


def test_a_finished_run_goes_on_where_more_is_asked(run, corpus):
    option = next((name for name in ("steps", "epochs") if name in run.paper.Options.fields()), None)
    more = {option: 2 * getattr(run.encoder.options, option)} if option else {}
    encoder = run.paper(small(run.paper, **run.changes | more), corpus.vocab)
    encoder.restore(run.encoder.state())
    events = list(encoder.train(corpus))
    if option:
        assert run.events[-1].step <= events[0].step < events[-1].step == events[-1].total
    assert answers(encoder)
