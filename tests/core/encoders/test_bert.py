"""BERT against transformers with copied weights, its masking by counting, its pairs by their documents, its limits."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from core.corpus import Corpus
from core.encoders.bert import BERT
from core.encoders.networks.bert import Network
from core.encoders.networks.rows import MASK, PADDING, Rows, Spans, Text, hidden, laid
from core.encoders.networks.whole_words import WholeWords
from core.problem import Problem
from tests.core.encoders.conftest import small, toy_sentences
from tests.core.encoders.copied import to_bert
from tests.core.encoders.test_contract import answers, exhausted, next_sentence, same


@pytest.fixture(scope="module")
def stories() -> Corpus:
    """Documents of eight sentences about one place each."""
    sentences = sorted(toy_sentences(800), key=lambda text: text.split()[-2])
    return Corpus.from_texts([" ".join(sentences[i : i + 8]) for i in range(0, 800, 8)], language="en")


@pytest.fixture(scope="module")
def model(stories) -> BERT:
    """Trained on both tasks."""
    encoder = BERT(small(BERT, steps=300, next_sentence=True, context=24, batch=32, lr=0.005), stories.vocab)
    encoder.events = list(encoder.train(stories))
    return encoder


@pytest.fixture(scope="module")
def subwords() -> Corpus:
    """Pieces of words: a small alphabet of syllables."""
    draw = np.random.default_rng(3)
    parts = ["ka", "lo", "mi", "tu", "se", "ro"]
    words = ["".join(draw.choice(parts, draw.integers(1, 6))) for _ in range(3000)]
    texts = [" ".join(words[i : i + 10]) + "." for i in range(0, 3000, 10)]
    return Corpus.from_texts(texts, tokenizer="pieces", pieces="wordpiece", pieces_size=100)


@pytest.fixture(scope="module")
def piecewise(subwords) -> BERT:
    encoder = BERT(small(BERT, steps=20), subwords.vocab)
    return list(encoder.train(subwords)) and encoder


# Against transformers.


def some_rows(words: int = 40) -> Rows:
    """Two rows, of which the first is shorter."""
    spans = Spans(np.array([[0, 4], [9, 20]]), np.array([[20, 25], [40, 42]]), np.array([1, 0]))
    rows, _ = laid(np.arange(60) % words, spans, words)
    how = SimpleNamespace(chosen=0.3, masked=0.8, replaced=0.1)
    return replace(hidden(rows, None, np.random.default_rng(1), words, how), follows=spans.follows)


def test_the_whole_model_is_that_of_transformers():
    torch.manual_seed(0)
    network, rows = Network(40, 16, 16, 2, 4, pre_norm=False), some_rows()
    assert len(set(rows.lengths)) == 2  # one row is filled up
    ids, segments = torch.from_numpy(rows.ids), torch.from_numpy(rows.segments)
    mask = (ids != 40 + PADDING).long()
    with torch.no_grad():
        found = to_bert(network, 40).eval()(ids, mask, segments, output_hidden_states=True, output_attentions=True)
        streams, looks = network.look(rows)
        masked, follows = network.losses(rows)
    real = mask.bool()
    for mine, other in zip(streams[1:], found.hidden_states[1:]):
        torch.testing.assert_close(mine[real], other[real], atol=1e-4, rtol=0)
    for look, other in zip(looks, found.attentions):
        torch.testing.assert_close(look.attention[0], other[0], atol=1e-5, rtol=0)
    scores = found.prediction_logits[..., :40].gather(1, torch.from_numpy(rows.places[:, 1:, None]).expand(-1, -1, 40))
    expected = torch.nn.functional.cross_entropy(scores.flatten(0, 1), torch.from_numpy(rows.targets).flatten(),
                                                 ignore_index=-1)  # fmt: skip
    torch.testing.assert_close(masked, expected, atol=0.02, rtol=0)  # products in bfloat16
    chance = found.seq_relationship_logits.softmax(-1)[:, 0]
    torch.testing.assert_close(network.follows(streams[-1, :, 0]), chance, atol=1e-5, rtol=0)
    assert follows.item() == pytest.approx(-np.log([chance[0].item(), 1 - chance[1].item()]).mean(), abs=0.02)


# Masking.


@pytest.mark.parametrize("masked, replaced", [(0.8, 0.1), (1.0, 0.0), (0.2, 0.5)])
def test_of_the_chosen_words_so_many_are_masked_replaced_and_left(masked, replaced):
    draw, words = np.random.default_rng(0), 5000
    ids = draw.integers(0, words, (400, 100))
    rows = Rows.looked_at(ids, np.zeros_like(ids), np.full(400, 100))
    made = hidden(rows, None, draw, words, SimpleNamespace(chosen=0.15, masked=masked, replaced=replaced))
    shown = np.take_along_axis(made.ids, made.places[:, 1:], 1)
    assert made.targets.shape == (400, 15) and (made.targets == np.take_along_axis(ids, made.places[:, 1:], 1)).all()
    shares = (shown == words + MASK).mean(), (shown == made.targets).mean()
    assert shares == pytest.approx((masked, 1 - masked - replaced), abs=0.02)
    untouched = np.ones_like(ids, bool)
    np.put_along_axis(untouched, made.places[:, 1:], False, 1)
    assert (made.ids[untouched] == ids[untouched]).all()


def test_special_symbols_and_unknown_words_are_never_chosen():
    draw, words = np.random.default_rng(0), 10
    ids = draw.integers(0, 15, (300, 20))
    rows = Rows.looked_at(ids, np.zeros_like(ids), np.full(300, 20))
    made = hidden(rows, None, draw, words, SimpleNamespace(chosen=0.5, masked=0.8, replaced=0.1))
    assert made.targets.max() < words and set(made.ids[ids >= words]) == set(range(10, 15))
    assert ((made.targets >= 0).sum(1) == np.maximum(1, np.rint(0.5 * (ids < words).sum(1)))).all()


def test_pieces_of_a_word_are_hidden_together(subwords):
    """In each row no word is hidden in part, and about the share that was asked for is hidden."""
    whole, draw = WholeWords(subwords), np.random.default_rng(0)
    text = Text(subwords.tokens, subwords.split()[0], subwords.sentences, subwords.offsets)
    spans = text.windows(draw, 100, 24)
    rows, source = laid(text.tokens, spans, len(subwords.vocab))
    groups = whole.groups(rows.ids, source, spans)
    words = subwords.vocab.words
    for ids, group in zip(rows.ids, groups):
        for place, (i, first) in enumerate(zip(ids, group)):
            goes_on = i < len(words) and words[i].startswith("##") and place > 1
            assert (first < place) == goes_on
    made = hidden(rows, groups, draw, len(words), SimpleNamespace(chosen=0.3, masked=1.0, replaced=0.0))
    for before, ids, group in zip(rows.ids, made.ids, groups):
        hidden_ones = {int(first) for first in group[ids != before]}
        assert all((ids[group == first] != before[group == first]).all() for first in hidden_ones)
    assert (made.targets >= 0).sum() / (rows.ids < len(words)).sum() == pytest.approx(0.28, abs=0.05)


def test_characters_of_a_chinese_word_are_hidden_together():
    corpus = Corpus.from_texts(["我们在北京大学学习语言学。"] * 3, tokenizer="characters", language="zh")
    text = Text(corpus.tokens, np.array([[0, 13], [13, 39]]), corpus.sentences, corpus.offsets)
    spans = text.windows(np.random.default_rng(0), 1, 13)
    rows, source = laid(text.tokens, spans, len(corpus.vocab))
    groups = WholeWords(corpus).groups(rows.ids, source, spans)[0]
    text = "".join(corpus.vocab.words[i] for i in rows.ids[0, 1:-1])
    cut = ["".join(text[place - 1] for place in np.flatnonzero(groups == first)) for first in sorted({*groups[1:-1]})]
    assert cut == ["我们", "在", "北京大学", "学习", "语言学", "。"]


# Pairs.


def test_pairs_never_cross_documents_and_half_of_them_follow(stories):
    train, held = stories.split()
    text = Text(stories.tokens, train, stories.sentences, stories.offsets)
    spans = text.pairs_of(np.random.default_rng(0), 4000, 21)
    first, second = (stories.document_of(part[:, 0]) for part in (spans.first, spans.second))
    for part, home in ((spans.first, first), (spans.second, second)):
        assert (part[:, 0] < part[:, 1]).all() and (stories.document_of(part[:, 1] - 1) == home).all()
    follows = spans.follows == 1
    assert follows.mean() == pytest.approx(0.5, abs=0.03)
    assert (spans.second[follows, 0] == spans.first[follows, 1]).all() and (first != second)[~follows].all()
    assert np.isin(spans.first[:, 1], stories.sentences).all()  # cut where a sentence begins
    inside = np.concatenate([np.arange(*each) for each in held])
    assert not np.isin(spans.first, inside).any() and not np.isin(spans.second[:, 0], inside).any()
    assert ((np.diff(spans.first) + np.diff(spans.second)) <= 21).all()


def test_in_one_document_a_wrong_second_begins_with_another_sentence(stories):
    whole = np.array([[0, len(stories.tokens)]])
    text = Text(stories.tokens, whole, stories.sentences, whole[0])
    spans = text.pairs_of(np.random.default_rng(0), 500, 21)
    wrong = spans.follows == 0
    assert 0 < wrong.sum() < 500 and (spans.second[wrong, 0] != spans.first[wrong, 1]).all()


def test_longer_documents_are_read_more_often():
    ranges = np.array([[0, 10], [10, 100]])
    text = Text(np.arange(100), ranges, np.array([0, 10]), np.array([0, 10, 100]))
    spans = text.windows(np.random.default_rng(0), 3000, 20)
    assert (spans.first[:, 1] - spans.first[:, 0] <= 20).all() and (spans.follows == -1).all()
    assert (spans.first[:, 0] < 10).mean() == pytest.approx(0.1, abs=0.02)
    assert not ((spans.first[:, 0] < 10) & (spans.first[:, 1] > 10)).any()


# Learning.


def test_it_learns_both_tasks(model):
    last = model.events[-1].metrics
    assert last["held_out"] < 0.7 * last["baseline"] and last["masked_accuracy"] > last["masked_baseline"] + 0.2
    assert last["next_sentence_accuracy"] > 0.65 and last["next_sentence_loss"] < 0.65


def test_it_begins_near_guessing_by_frequency():
    draw = np.random.default_rng(0)
    words = [f"w{i}" for i in np.minimum(draw.zipf(1.5, 20_000), 2000)]
    corpus = Corpus.from_texts([" ".join(words[i : i + 100]) for i in range(0, 20_000, 100)])
    encoder = BERT(small(BERT, steps=1, lr=1e-5, batch=64), corpus.vocab)
    (event,) = encoder.train(corpus)
    assert event.metrics["held_out"] < event.metrics["baseline"] + 1 < np.log(len(corpus.vocab)) - 1


def test_it_fills_what_both_sides_tell(model):
    words = "the shark swims in the x".split()
    assert model.vocab.words[model.masked_word(words, 5).argmax()] == "sea"
    assert model.vocab.words[model.masked_word(["the", "cat", "sleeps", "in", "the", "x"], 5).argmax()] == "house"


def test_it_tells_which_sentence_follows(model):
    follows = model.next_sentence("the shark swims in the sea", "the shark glides in the sea")
    assert follows > 2 * model.next_sentence("the shark swims in the sea", "the cat eats in the house")


def test_it_answers_for_next_sentences_only_if_it_learned_them(model, corpus):
    assert "NextSentence" in model.capabilities(model.options) and next_sentence(model, ["the", "cat"])
    without = small(BERT)
    assert "NextSentence" not in BERT.capabilities(without) and "NextSentence" in BERT.capabilities()
    with pytest.raises(Problem, match="did not learn which sentence follows"):
        BERT(without, corpus.vocab).next_sentence("the cat", "the dog")
    with pytest.raises(Problem, match="must have words"):
        model.next_sentence("the cat", " … ")


def test_a_plateau_is_explained_while_it_lasts(model, stories):
    slow = BERT(small(BERT, steps=26, context=24, lr=1e-5), stories.vocab)
    notes = [event.note for event in slow.train(stories)]
    assert not any(notes[:24]) and "plateau" in notes[24] and notes[25]
    assert model.events[-1].note == ""


@pytest.mark.parametrize("changes", [{"next_sentence": True}, {"whole_words": True, "norm": "behind"}])
def test_resuming_ends_with_the_same_bits(stories, changes):
    options = small(BERT, steps=6, context=20, **changes)
    whole, half, other = (BERT(options, stories.vocab) for _ in range(3))
    states = [encoder.state() for encoder in [whole] for _ in whole.train(stories)]
    other.restore(states[2])
    assert len(list(other.train(stories))) == 3 and same(other.state(), whole.state())


def test_one_sentence_a_document_has_no_pairs(corpus):
    with pytest.raises(Problem, match="No document has two sentences one after the other"):
        next(BERT(small(BERT, next_sentence=True), corpus.vocab).train(corpus))
    one = Corpus.from_texts(["the cat sleeps in the house"])
    with pytest.raises(Problem, match="A window takes 9 of 6 tokens"):
        next(BERT(small(BERT, context=8), one.vocab).train(one))
    with pytest.raises(Problem, match="No document has two sentences"):  # before the start, too
        BERT.check(small(BERT, next_sentence=True), corpus)
    BERT.check(small(BERT, next_sentence=False), corpus)


@pytest.mark.parametrize("values, told", [
    ({"masked": 0.9, "replaced": 0.2}, "0.9 masked and 0.2 replaced are more than all"),
    ({"width": 100, "heads": 3}, "3 heads do not divide width 100"),
])  # fmt: skip
def test_options_that_do_not_go_together(values, told):
    with pytest.raises(Problem, match=told):
        BERT.Options(**values)


@pytest.mark.parametrize("values, shape", [
    ({}, (4, 4, 128)), ({"size": "tiny"}, (2, 2, 128)), ({"size": "medium", "layers": 3}, (3, 8, 256)),
    ({"width": 90}, (4, 3, 90)), ({"width": 64, "heads": 8}, (4, 8, 64)),
])  # fmt: skip
def test_what_was_not_asked_for_comes_from_the_size(values, shape):
    assert BERT.Options(**values).shape == shape


# Words and pieces.


def test_the_vector_of_a_word_is_the_mean_over_its_pieces(piecewise):
    text = "kalo mituka lo"
    told, vectors = piecewise.read(text), piecewise.context_vectors(text.split())
    assert told["words"].tolist() == text.split() and len(told["pieces"]) > 5
    for i in range(3):
        mean = told["vectors"][:, told["word"] == i].mean(1)
        np.testing.assert_allclose(vectors[:, i], mean, atol=1e-5)


def test_the_attention_of_words_is_summed_over_what_is_looked_at(piecewise):
    told, words = piecewise.read("kalo mituka lo"), piecewise.attention("kalo mituka lo".split())
    summed = np.stack([told["attention"][..., told["word"] == i].sum(-1) for i in range(3)], -1)
    mean = np.stack([summed[:, :, told["word"] == i].mean(2) for i in range(3)], 2)
    np.testing.assert_allclose(words, mean / mean.sum(-1, keepdims=True), atol=1e-5)


def test_a_piece_may_be_asked_for_itself(piecewise):
    pieces = piecewise.vocab.tokenize("mituka")
    assert len(pieces) > 1 and piecewise.context_vectors(pieces).shape[1] == len(pieces)


def test_a_pair_is_read_with_its_segments(model):
    told = model.read("the cat sleeps", "the dog eats")
    names = ["[CLS]", "the", "cat", "sleeps", "[SEP]", "the", "dog", "eats", "[SEP]"]
    assert told["pieces"].tolist() == names and told["segment"].tolist() == [0] * 5 + [1] * 4
    assert told["word"].tolist() == [-1, 0, 1, 2, -1, 3, 4, 5, -1]
    with pytest.raises(Problem, match="Two texts of 30 tokens together are too long: this model takes 21"):
        model.read("the cat sleeps " * 5, "the dog eats " * 5)


def test_a_long_text_is_read_in_windows(model):
    text = "the cat sleeps in the house the shark swims in the sea " * 4
    told = model.read(text, begin=10)
    assert told["window"].tolist() == [10, 32, 48] and told["words"][0] == "the" and told["words"][1] == "sea"
    vectors = model.context_vectors(text.split())
    assert vectors.shape == (3, 48, 32)
    np.testing.assert_allclose(vectors[:, :22], model.context_vectors(text.split()[:22]), atol=1e-6)
    assert model.masked_word(text.split(), 40).sum() == pytest.approx(1, abs=1e-5)


def test_an_occurrence_in_a_long_text_is_seen_from_both_sides(model):
    words = ("the cat sleeps in the house the shark swims in the sea " * 4).split()
    _, found = exhausted(model.occurrence_vectors([words, words], [0, 24]))
    np.testing.assert_allclose(found[0], model.context_vectors(words[:22])[:, 0], atol=1e-5)
    np.testing.assert_allclose(found[1], model.context_vectors(words[13:35])[:, 11], atol=1e-5)


def test_a_head_that_is_not_there(model):
    with pytest.raises(Problem, match="no head 5 in layer 0"):
        model.read("the cat", heads_off=[(0, 5)])


def test_every_answer_holds_with_pairs_and_pieces(model, piecewise):
    assert answers(model) and answers(piecewise, ["kalo", "mituka", "lo"])
