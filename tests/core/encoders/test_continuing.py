"""A pre-trained model that goes on learning: transformers' loss at first, the same bits again, frozen layers still."""

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from core.corpus import Corpus
from core.corpus.brought import brought
from core.corpus.recut import Recut, recut
from core.encoders.networks import transformer
from core.encoders.networks.rows import SPECIALS
from core.problem import Problem
from tests.core.encoders.test_contract import answers, same
from tests.core.encoders.test_pretrained import opened
from tests.core.store.importing.making import KINDS, listed, tiny

SMALL = {"steps": 6, "stretch": 16, "batch": 8, "lr": 0.003, "threads": 1, "seed": 1}
WORDS = "the cat sat on a mat".split()


@pytest.fixture(scope="module")
def stories():
    """Documents of three sentences each, so that there are pairs."""
    draw = np.random.default_rng(0)
    some = ["the cat sat on the mat", "a cat sat on a mat, don't", "the cats sat", "on the mat the cat sat on a cat"]
    return Corpus.from_texts([". ".join(draw.choice(some, 3)) + "." for _ in range(60)], language="en")


@pytest.fixture(scope="module", params=[*KINDS, "headless"])
def model(request, tmp_path_factory):
    """A tiny random model: its kind, transformers' own, and ours as it was brought."""
    folder, target = tmp_path_factory.mktemp("theirs"), tmp_path_factory.mktemp("ours")
    theirs, tokenizer = tiny(request.param, folder)
    return request.param, theirs, tokenizer, opened(listed(folder), target)[0]


def begun(ours, **changes):
    """One that goes on from these weights."""
    kind = type(ours)
    encoder = kind(kind.Options(**{**kind.continued(ours.options), **SMALL, **changes}), ours.vocab)
    encoder.begin(ours.state())
    return encoder


def learned(encoder, corpus, steps=None):
    """Its events, to the end or through this step."""
    events = []
    for event in encoder.train(corpus):
        events.append(event)
        if steps is not None and event.step == steps:
            break
    return events


@pytest.fixture
def exact(monkeypatch):
    monkeypatch.setattr(transformer, "_BFLOAT16", False)


# What it learns from.


def numbers(ours, tokenizer):
    """Transformers' id of each of ours, special symbols behind the words."""
    names = {name: i for i, name in brought(ours.vocab.tokenization.whole).names.items()}
    theirs = tokenizer.get_vocab()
    signs = SPECIALS if "[UNK]" in theirs else ("<unk>", "<pad>", "<s>", "</s>", "<mask>")
    words = [names[word] for word in ours.vocab.words]
    return np.array(words + [theirs.get(sign, theirs.get("<|endoftext|>")) for sign in signs]), len(words)


def loss_of(logits, targets, order, words):
    """Nats of the targets among the words alone."""
    return F.cross_entropy(logits[..., order[:words]].flatten(0, -2), torch.from_numpy(targets).flatten()).item()


def test_the_first_loss_is_transformers(model, stories, exact):
    kind, theirs, tokenizer, ours = model
    if kind == "headless":
        pytest.skip("transformers has no head for it either")
    encoder = begun(ours, pairs=False)
    [first] = [event for event in learned(encoder, stories, 1) if event.step == 1]
    order, words = numbers(ours, tokenizer)
    course, draw = encoder._course(Recut(stories, ours.vocab)), np.random.default_rng((1, 0))
    if kind == "gpt2":
        windows = course.text[course.starts(draw)[:, None] + np.arange(17)]
        with torch.no_grad():
            logits = theirs(torch.from_numpy(order[windows[:, :-1]])).logits
        targets = windows[:, 1:].astype(np.int64)
    else:
        rows = course._rows(course._train, 8, draw)
        attended = torch.arange(rows.ids.shape[1]) < torch.from_numpy(rows.lengths)[:, None]
        with torch.no_grad():
            logits = theirs(torch.from_numpy(order[rows.ids]), attention_mask=attended.long()).logits
        targets = np.full(rows.ids.shape, -100)
        np.put_along_axis(targets, rows.places[:, 1:], np.where(rows.targets < 0, -100, rows.targets), 1)
    assert first.metrics["loss"] == pytest.approx(loss_of(logits, targets, order, words), abs=1e-4)


def test_the_loss_of_pairs_is_transformers(tmp_path, stories, exact):
    theirs, tokenizer = tiny("bert", tmp_path)
    (tmp_path / "ours").mkdir()
    ours, _ = opened(listed(tmp_path), tmp_path / "ours")
    encoder, order = begun(ours), numbers(ours, tokenizer)[0]
    list(recut(stories, ours.vocab))
    course = encoder._course(Recut(stories, ours.vocab))
    rows = course._rows(course._train, 8, np.random.default_rng(0))
    attended = torch.arange(rows.ids.shape[1]) < torch.from_numpy(rows.lengths)[:, None]
    with torch.no_grad():
        found = theirs(torch.from_numpy(order[rows.ids]), attention_mask=attended.long(),
                       token_type_ids=torch.from_numpy(rows.segments)).seq_relationship_logits  # fmt: skip
        _, mine = encoder.network_.losses(rows)
    assert mine.item() == pytest.approx(F.cross_entropy(found, torch.from_numpy(1 - rows.follows)).item(), abs=1e-4)
    assert {*rows.follows} == {0, 1}


def test_it_says_what_it_was_worth_when_it_was_brought(model, stories):
    """The held-out loss before the first step comes first, and stays."""
    *_, ours = model
    encoder = begun(ours)
    events = learned(encoder, stories)
    cut = [event for event in events if event.phase.startswith("cutting")]
    first = events[len(cut)]
    assert first.step == 0 and first.metrics["brought"] == first.metrics["held_out"] == encoder.brought_
    assert events[-1].step == events[-1].total == 6 and events[-1].metrics["held_out"] != encoder.brought_
    assert [event.step for event in events] == sorted(event.step for event in events)


def test_it_learns(model, stories):
    *_, ours = model
    encoder = begun(ours, steps=60, lr=0.01, pairs=False)
    assert learned(encoder, stories)[-1].metrics["held_out"] < encoder.brought_


# What stays.


def test_the_same_seed_gives_the_same_bits_and_another_others(model, stories):
    *_, ours = model
    one, two, other = begun(ours), begun(ours), begun(ours, seed=2)
    for encoder in (one, two, other):
        learned(encoder, stories)
    assert same(one.state(), two.state()) and not same(one.state(), other.state())


@pytest.mark.parametrize("step", [0, 3])
def test_resuming_ends_with_the_same_bits(model, stories, step):
    *_, ours = model
    whole, half = begun(ours), begun(ours)
    learned(whole, stories)
    learned(half, stories, step)
    other = type(ours)(half.options, ours.vocab)
    other.restore(half.state())
    learned(other, stories)
    assert same(other.state(), whole.state()) and other.brought_ == whole.brought_


@pytest.mark.parametrize("training", [True, False])
def test_one_that_was_trained_answers_with_the_same_bits_when_it_is_restored(model, stories, training):
    *_, ours = model
    encoder = begun(ours)
    learned(encoder, stories)
    other = type(ours)(encoder.options, ours.vocab)
    other.restore(encoder.state(training))
    assert same(answers(encoder, WORDS), answers(other, WORDS))


def test_frozen_layers_stay_as_they_were_brought(model, stories):
    *_, ours = model
    encoder = begun(ours, frozen=1)
    learned(encoder, stories)
    before, after = ours.state(), encoder.state(training=False)
    moved = {name for name, array in before.items() if not np.array_equal(array, after[name])}
    below = {name for name in before if name.startswith(("embedding", "position", "norm_embedding", "blocks.0"))}
    assert not moved & below and {name for name in before if name.startswith("blocks.1")} <= moved
    assert not [name for name in encoder.state() if name.startswith(("embedding:", "blocks.0")) and ":" in name]
    free = begun(ours)
    learned(free, stories)
    assert not np.array_equal(free.state()["embedding"], before["embedding"])


# What it can do.


def test_a_head_that_the_weights_lack_begins_anew(model, stories):
    kind, *_, ours = model
    options = type(ours).Options(**type(ours).continued(ours.options))
    able = type(ours).capabilities(options)
    assert options.new_head == (kind == "headless") and ("MaskedWord" in able) == (kind != "gpt2")
    assert ("NextSentence" in able) == (kind == "bert") and "Workings" in able
    form = type(ours).continuing(ours.options)
    assert ("pairs" in form.fields(), "chosen" in form.fields()) == (kind == "bert", kind != "gpt2")
    assert (form.preset("balanced").lr > form().lr) == (kind == "headless")
    if kind == "headless":
        encoder, _ = begun(ours), list(recut(stories, ours.vocab))
        learned(encoder, stories, 0)
        bias = encoder.network_.bias.detach().softmax(0).numpy()
        counts = np.bincount(Recut(stories, ours.vocab).tokens, minlength=len(bias))[: len(bias)]
        np.testing.assert_allclose(bias, (counts + 1) / (counts + 1).sum(), rtol=1e-4)


def test_from_one_that_went_on_another_begins_anew(model, stories):
    *_, ours = model
    encoder = begun(ours)
    learned(encoder, stories)
    other = begun(encoder)
    assert other._done == 0 and other.brought_ is None
    assert all(np.array_equal(array, encoder.state()[name]) for name, array in other.state().items())


def test_a_stretch_is_no_longer_than_the_context(model, stories):
    *_, ours = model
    encoder = begun(ours, stretch=1024, steps=1, batch=2)
    assert learned(encoder, stories)[-1].metrics["tokens_per_s"] > 0


def test_a_text_that_does_not_do_is_a_sentence(model):
    *_, ours = model
    with pytest.raises(Problem, match="choose a longer text"):
        learned(begun(ours), Corpus.from_texts(["the cat"]))
    with pytest.raises(Problem, match="no weights to go on from"):
        learned(type(ours)(ours.options, ours.vocab), Corpus.from_texts(["the cat"]))


def test_the_estimate_grows_with_the_work(model, stories):
    *_, ours = model
    kind = type(ours)
    ways = {"steps": 10}, {"steps": 1000, "frozen": 1}, {"steps": 1000}
    costs = [kind.estimate(kind.Options(**{**kind.continued(ours.options), **way}), stories) for way in ways]
    assert 0 < costs[0].seconds < costs[1].seconds < costs[2].seconds
    assert costs[0].bytes == costs[2].bytes > 1e8
