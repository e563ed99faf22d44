"""Pre-trained models read by our own networks: hidden states, attention and guesses are transformers' own."""

import json

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from core.corpus import Vocab
from core.encoders import BROUGHT, ENCODERS, encoder_named
from core.store.importing.model import read_model
from tests.core.store.importing.making import KINDS, listed, tiny

TEXT = "the cats sat on mats, don't"


def opened(files, folder):
    """The encoder that a folder becomes."""
    assert list(read_model(files, folder))[-1][0] == "Writing weights"
    facts = json.loads((folder / "facts.json").read_text())
    described = encoder_named(facts["encoder"])
    encoder = described(described.Options(**facts["options"]), Vocab.load(folder))
    encoder.restore(load_file(folder / "model.safetensors"))
    return encoder, facts


@pytest.fixture(scope="module", params=list(KINDS))
def both(request, tmp_path_factory):
    """A tiny random model of transformers, and ours of its folder; the ids that theirs gives TEXT."""
    folder, target = tmp_path_factory.mktemp("theirs"), tmp_path_factory.mktemp("ours")
    theirs, tokenizer = tiny(request.param, folder)
    ours, facts = opened(listed(folder), target)
    return request.param, theirs, tokenizer.encode(TEXT).ids, ours, facts


def told(theirs, ids):
    with torch.no_grad():
        return theirs(torch.tensor([ids]), output_hidden_states=True, output_attentions=True)


def test_hidden_states_and_attention_are_transformers(both):
    _, theirs, ids, ours, _ = both
    read, found = ours.read(TEXT), told(theirs, ids)
    assert len(read["pieces"]) == len(ids)
    for layer, state in enumerate(found.hidden_states[1:], 1):
        np.testing.assert_allclose(read["vectors"][layer], state[0], atol=1e-4)
    for mine, other in zip(read["attention"], found.attentions):
        np.testing.assert_allclose(mine, other[0], atol=1e-4)


def test_guesses_are_transformers_over_the_words_alone(both):
    kind, theirs, ids, ours, facts = both
    known = json.loads(ours.vocab.tokenization.whole)["model"]["vocab"]
    from core.corpus.brought import brought

    names = brought(ours.vocab.tokenization.whole).names
    order = [next(i for i in known.values() if names[i] == word) for word in ours.vocab.words]
    if kind == "gpt2":
        expected, mine = told(theirs, ids).logits[0, -1], ours.next_word(ours.vocab.tokenize(TEXT))
    else:
        mask = theirs.config.mask_id
        place = 1  # the first word
        expected = told(theirs, [*ids[:place], mask, *ids[place + 1 :]]).logits[0, place]
        mine = ours.masked_word(ours.vocab.tokenize(TEXT), 0)
    chances = expected[order].softmax(-1).numpy()
    np.testing.assert_allclose(mine, chances, atol=1e-5)
    assert mine.shape == (len(ours.vocab),) and abs(mine.sum() - 1) < 1e-4


def test_what_it_can_answer_is_read_from_its_weights(both):
    kind, _, _, ours, facts = both
    always = {"WordVectors", "ContextVectors", "Attention", "Reading"}
    assert always <= set(facts["capabilities"])
    assert ("NextWord" in facts["capabilities"]) == (kind == "gpt2")
    assert ("MaskedWord" in facts["capabilities"]) == (kind in ("bert", "roberta", "distilbert"))
    assert ("NextSentence" in facts["capabilities"]) == (kind == "bert")
    assert tuple(facts["capabilities"]) == ours.capabilities(ours.options)


def test_words_are_the_mean_over_their_pieces_and_occurrences_the_same(both):
    _, _, _, ours, _ = both
    words = ["the", "cats", "sat"]
    context = ours.context_vectors(words)
    *_, vectors = [*_ended(ours.occurrence_vectors([words, words[:2]], [1, 0]))]
    np.testing.assert_allclose(vectors[0], context[:, 1], atol=1e-4)
    assert ours.word_vectors().shape == (len(ours.vocab), 16) and context.shape == (3, 3, 16)


def _ended(steps):
    while True:
        try:
            next(steps)
        except StopIteration as end:
            yield end.value
            return


def test_next_sentence_is_transformers(tmp_path):
    theirs, tokenizer = tiny("bert", tmp_path)
    (tmp_path / "ours").mkdir()
    ours, _ = opened(listed(tmp_path), tmp_path / "ours")
    first, second = tokenizer.encode("the cats").ids, tokenizer.encode("sat on mats").ids[1:]
    segments = torch.tensor([[0] * len(first) + [1] * len(second)])
    with torch.no_grad():
        found = theirs(torch.tensor([first + second]), token_type_ids=segments).seq_relationship_logits
    assert ours.next_sentence("the cats", "sat on mats") == pytest.approx(float(found.softmax(-1)[0, 0]), abs=1e-5)


def test_a_folder_without_heads_cannot_guess(tmp_path):
    tiny("headless", tmp_path)
    (tmp_path / "ours").mkdir()
    ours, facts = opened(listed(tmp_path), tmp_path / "ours")
    assert facts["capabilities"] == ["WordVectors", "ContextVectors", "Attention", "Reading"]
    assert not hasattr(ours.network_, "transform") and "bias" not in ours.state()


def test_it_is_brought(both):
    *_, ours, _ = both
    assert ours.name in BROUGHT and ours.name not in ENCODERS and ours.needs_start
    state = ours.state(training=False)
    ours.restore(state)
    assert all((ours.state()[name] == array).all() for name, array in state.items())
