"""What a run says of the watched sentence while it trains, by what it can answer."""

import numpy as np
import pytest

from core.corpus import Corpus
from core.encoders.bert import BERT
from core.encoders.cove import CoVe
from core.encoders.gpt import GPT
from core.encoders.onehot import OneHot
from core.jobs.sentence import blanked, told
from core.jobs.snapshot import Snapshots, default_probe
from core.store.files import pack

SMALL = {"steps": 2, "layers": 1, "heads": 2, "width": 8, "context": 16, "threads": 1}


@pytest.fixture(scope="module")
def corpus():
    return Corpus.from_texts(["the cat sleeps in the house. the shark swims in the sea."] * 40)


def trained(paper, corpus):
    encoder = paper(paper.Options(**SMALL), corpus.vocab)
    return list(encoder.train(corpus)) and encoder


def test_gpt_goes_on_and_writes_other_words_at_each_step(corpus):
    encoder = trained(GPT, corpus)
    probes, arrays = told(encoder, "the cat sleeps", 5)
    assert [probe["kind"] for probe in probes] == ["next", "written", "attention"]
    assert (
        len(probes[1]["text"].split()) == 24 and probes[1]["text"] != told(encoder, "the cat sleeps", 6)[0][1]["text"]
    )
    assert arrays["attention"].shape == (1, 2, 3, 3) and arrays["attention"].dtype == np.float16


def test_bert_fills_a_blank(corpus):
    encoder = trained(BERT, corpus)
    probe = told(encoder, "the [MASK] swims in the sea", 5)[0][0]
    assert (probe["kind"], probe["before"], probe["after"]) == ("masked", "the", "swims in the sea")
    expected = encoder.masked_word("the x swims in the sea".split(), 1)
    assert probe["words"][0] == corpus.vocab.words[expected.argmax()] and len(probe["words"]) == 8


def test_without_a_blank_the_longest_known_word_is_hidden(corpus):
    assert blanked(corpus.vocab, "the cat sleeps in Wolpertingers") == (
        ["the", "cat", "sleeps", "in", "wolpertingers"], 2)  # fmt: skip
    assert blanked(corpus.vocab, "the cat ___ in")[1] == 2
    assert blanked(corpus.vocab, "the cat sleeps")[1] == 1
    assert blanked(corpus.vocab, " ,;")[0] == []
    letters = Corpus.from_texts(["国王有女儿。他说，好。"], tokenizer="characters")
    assert blanked(letters.vocab, "国王，，。")[1] == 1  # no sign


def test_a_sentence_of_no_words_and_one_too_long(corpus):
    encoder = trained(BERT, corpus)
    assert told(encoder, "…", 1) == ([{"kind": "unknown", "word": "…", "near": []}], {})
    assert told(encoder, "  ", 1) == ([], {})
    probes, arrays = told(encoder, "the cat sleeps " * 20, 1)
    assert [probe["kind"] for probe in probes] == ["masked"] and arrays == {}


def test_an_encoder_of_words_alone_has_nothing_to_say(corpus):
    assert told(OneHot(OneHot.Options(), corpus.vocab), "the cat", 1) == ([], {})


def test_the_picture_holds_it(corpus, tmp_path, store):
    picture = Snapshots(trained(GPT, corpus), {"words": [], "sentence": "the cat sleeps"}).take(3)
    folder = store.folder("gpt-001")
    folder.mkdir(parents=True)
    (folder / "snapshot.safetensors").write_bytes(pack(picture))
    shown = store.snapshot("gpt-001")
    assert shown.attention.shape == (1, 2, 3, 3) and [probe["kind"] for probe in shown.probes][-1] == "attention"


def test_cove_translates_with_the_reference_beside():
    corpus = Corpus.from_texts(
        ["the cat sleeps", "a dog eats"] * 40, translations=["le chat dort", "un chien mange"] * 40
    )
    encoder = CoVe(CoVe.Options(steps=2, layers=1, width=8, batch=8), corpus.vocab)
    assert list(encoder.train(corpus))
    probes, arrays = told(encoder, "the cat sleeps", 5, "le chat dort")
    assert probes[0]["kind"] == "translated" and probes[0]["reference"] == "le chat dort"
    assert arrays["attention"].shape == (1, 1, len(probes[0]["words"]), 3)
    assert told(encoder, "cat " * 200, 5) == ([], {})
    probe = default_probe(corpus, pairs=True)
    assert (probe["sentence"], probe["reference"]) in {
        ("the cat sleeps", "le chat dort"),
        ("a dog eats", "un chien mange"),
    }
