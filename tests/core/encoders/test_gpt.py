"""GPT against torch's own transformer, against itself by other ways, and at its limits."""

import io
import math
import tokenize
from pathlib import Path

import numpy as np
import pytest
import torch

from core.corpus import Corpus
from core.encoders import ENCODERS
from core.encoders.gpt import GPT
from core.encoders.networks import transformer
from core.encoders.networks.gpt import Network
from core.encoders.networks.rows import Rows
from core.problem import Problem
from tests.core.encoders.conftest import small
from tests.core.encoders.copied import to_gpt2
from tests.core.encoders.test_contract import exhausted, same

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def model(letters) -> GPT:
    """Trained on abcdabcd…"""
    encoder = GPT(small(GPT, steps=60), letters.vocab)
    for _ in encoder.train(letters):
        pass
    return encoder


def test_an_untrained_network_guesses_about_evenly():
    torch.manual_seed(5)
    network, ids = Network(50, 32, 16, 2, 2), np.arange(40, dtype=np.int32)
    assert network.loss(ids, np.array([0, 10]), 16).item() == pytest.approx(math.log(50), rel=0.2)


def test_the_loss_is_the_mean_of_what_next_word_answers(model, letters):
    text = letters.vocab.words[:4] * 3
    ids = letters.vocab.encode(text)
    nats = [-math.log(model.next_word(text[:i])[ids[i]]) for i in range(1, 12)]
    assert model.network_.loss(ids, np.array([0]), 11).item() == pytest.approx(np.mean(nats), rel=0.05)  # bfloat16


def test_it_learns_what_follows(model):
    for before, after in ("abc", "d"), ("abcda", "b"), ("cd", "a"):
        probabilities = model.next_word(list(before))
        assert probabilities[model.vocab.index(after)] > 0.9


def test_the_baseline_is_guessing_by_frequency(letters):
    event = next(GPT(small(GPT, steps=1), letters.vocab).train(letters))
    assert event.metrics["baseline"] == pytest.approx(math.log(4), rel=1e-3)


def test_a_word_never_sees_what_comes_after(model):
    first, second = model.context_vectors(list("abcdabca")), model.context_vectors(list("abcdabcc"))
    np.testing.assert_allclose(first[:, :-1], second[:, :-1], atol=1e-5)
    assert np.abs(first[:, -1] - second[:, -1]).max() > 0.1
    assert not np.triu(model.attention(list("abcd")), 1).any()


def test_the_whole_model_is_that_of_transformers():
    """With GPT-2's kind of GELU, as transformers has it."""
    torch.manual_seed(0)
    network, ids = Network(40, 16, 12, 2, 4, gelu="tanh"), np.arange(24).reshape(2, 12)
    theirs = to_gpt2(network).eval()
    with torch.no_grad():
        found = theirs(torch.from_numpy(ids), output_hidden_states=True, output_attentions=True)
        streams, looks = network.look(Rows.looked_at(ids, ids * 0, np.array([12, 12])))
        expected = found.logits[..., :-1].softmax(-1)
    torch.testing.assert_close(streams[1:], torch.stack(found.hidden_states[1:]), atol=1e-4, rtol=0)
    for look, other in zip(looks, found.attentions):
        torch.testing.assert_close(look.attention, other, atol=1e-5, rtol=0)
    torch.testing.assert_close(network.words_after(streams[-1]), expected, atol=1e-5, rtol=0)


def test_a_text_that_grows_is_guessed_as_if_it_were_new(model):
    """Word by word from a cache, also over the end of the context, and after another text."""
    guess, text = model.guesser(), list("abcdabcaabcdabcdabdc")
    for length in (3, 4, 5, *range(7, 20), 2, 3):
        np.testing.assert_allclose(guess(text[:length]), model.next_word(text[:length]), atol=1e-6)
    with pytest.raises(Problem, match="There are 0 tokens"):
        guess([])


def test_norms_behind_as_in_the_paper_learn_too(letters):
    encoder = GPT(small(GPT, steps=60, norm="behind"), letters.vocab)
    assert list(encoder.train(letters))[-1].metrics["held_out"] < 0.3
    np.testing.assert_allclose(encoder.guesser()(list("abc")), encoder.next_word(list("abc")), atol=1e-6)


def test_it_reads_one_text(model):
    with pytest.raises(Problem, match="GPT reads one text: leave the second one out"):
        model.read("abcd", "abcd")
    told = model.read("abcd" * 10, begin=30)
    assert told["window"].tolist() == [30, 40, 40] and not told["special"].any()
    assert not np.triu(told["attention"], 1).any()


def test_layer_0_is_the_word_vector_alone(model):
    vectors = model.context_vectors(list("abca"))[0]
    assert same([vectors[0]], [vectors[3]])
    assert same([vectors[1]], [model.word_vectors()[model.vocab.index("b")]])


def test_the_next_word_looks_back_over_the_last_words_of_the_context(model):
    text = list("abcd" * 10)
    assert same([model.next_word(text)], [model.next_word(text[-16:])])


def test_vectors_of_a_long_text_are_those_of_its_windows(model):
    text = list("abcd" * 10)
    windows = [model.context_vectors(text[start : start + 16]) for start in (0, 16, 32)]
    assert same([model.context_vectors(text)], [np.concatenate(windows, axis=1)])


def test_occurrences_of_any_length_are_looked_at_together(model):
    sentences, positions = [list("abcd"), list("bc"), list("abcd" * 10)], [1, 1, 38]
    shares, vectors = exhausted(model.occurrence_vectors(sentences * 50, positions * 50))
    assert len(shares) == 2 and vectors.shape == (150, 3, 32)  # short ones, then long ones
    for words, place, row in zip(sentences, positions, vectors[-3:]):
        alone = model.context_vectors(words[max(0, place - 15) : place + 1])[:, -1]
        np.testing.assert_allclose(row, alone, atol=1e-5)


def test_no_occurrence_is_an_empty_answer(model):
    shares, vectors = exhausted(model.occurrence_vectors([], []))
    assert shares == [] and vectors.shape == (0, 3, 32)


def test_words_outside_the_vocabulary_are_one_symbol_that_is_never_guessed(corpus):
    cut = corpus.cut(min_count=200)
    encoder = GPT(small(GPT, steps=30), cut.vocab)
    events = list(encoder.train(cut))
    assert len(cut.vocab) < cut.types and events[-1].metrics["loss"] < events[-1].metrics["baseline"]
    first, second = encoder.next_word(["the", "owl"]), encoder.next_word(["the", "Wolpertinger"])
    assert same([first], [second]) and first.shape == (len(cut.vocab),) and first.sum() == pytest.approx(1, abs=1e-5)


def test_two_threads_repeat_the_bits(letters, model):
    states = []
    for _ in range(2):
        encoder = GPT(small(GPT, steps=10, threads=2), letters.vocab)
        assert len(list(encoder.train(letters))) == 10 and torch.get_num_threads() == 2
        states.append(encoder.state())
    assert same(*states)


def test_full_precision_learns_the_same(letters, monkeypatch):
    monkeypatch.setattr(transformer, "_BFLOAT16", False)
    encoder = GPT(small(GPT, steps=60), letters.vocab)
    assert list(encoder.train(letters))[-1].metrics["held_out"] < 0.1


def test_heads_must_divide_the_width():
    with pytest.raises(Problem, match="3 heads do not divide width 128: change one."):
        GPT.Options(heads=3)


@pytest.mark.parametrize("tokens", [0, 17])
def test_too_many_or_no_words_to_look_at(model, tokens):
    with pytest.raises(Problem, match=f"There are {tokens} tokens, and this model looks at 1 to 16"):
        model.attention(["a"] * tokens)
    for answer in (model.next_word, model.context_vectors):
        with pytest.raises(Problem, match="There are 0 tokens"):
            answer([])


def test_a_text_shorter_than_the_context():
    short = Corpus.from_texts(["a b c d e f g h i j k l"] * 3)
    with pytest.raises(Problem, match="A window takes 129 of 36 tokens"):
        next(GPT(GPT.Options(), short.vocab).train(short))
    for paper in (ENCODERS[name] for name in ("gpt", "elmo", "bert")):
        with pytest.raises(Problem, match="A window takes [0-9]+ of 36 tokens"):
            paper.check(paper.Options(context=100), short)


def test_a_loss_that_is_no_number_stops_before_it_harms(letters, model):
    encoder = GPT(small(GPT, steps=100, lr=0.05), letters.vocab)
    encoder.restore(model.state())
    encoder.network_.norm.bias.data[0] = math.nan
    before = encoder.state()
    with pytest.raises(Problem, match="At step 61 the loss was no longer a number: choose a learning rate below 0.05"):
        next(encoder.train(letters))
    assert same(before, encoder.state())


def test_the_two_files_keep_to_150_lines_of_code():
    blank = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}
    code = set()
    for path in ("core/encoders/gpt.py", "core/encoders/networks/gpt.py"):
        source, begins = (ROOT / path).read_text(), True
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.STRING and begins:
                continue  # a docstring
            if token.type not in blank:
                code |= {(path, line) for line in range(token.start[0], token.end[0] + 1)}
            begins = token.type in blank
    assert len(code) <= 150
