"""What a run answers about a word's occurrences when it may see only part of their sentences, by a reader of bags."""

import numpy as np
import pytest

from core.answers.senses import Source, held
from core.answers.senses_change import sense_change, sense_typical
from core.answers.senses_looking import (
    sense_facets,
    sense_map,
    sense_moved,
    sense_occurrences,
    sense_pairs,
    sense_telling,
    sense_told,
)
from core.answers.senses_measured import sense_measured
from core.corpus import Corpus
from core.corpus.tokenizers import HIDDEN
from core.encoders.base import ContextVectors
from core.store import Store
from tests.steps import ended

TEXTS = ["the river bank was steep", "the money bank was closed"] * 6
GROUPS = [0, 1] * 6
WORDS = ("river", "money", "steep", "closed", HIDDEN)


class Bag(ContextVectors):
    """Two layers: 1 for everything, and how often each of a few words is in the sentence."""

    title = "Bag"
    hides = True

    def __init__(self, vocab):
        self.vocab = vocab

    def context_vectors(self, tokens):
        raise AssertionError("not asked")

    def occurrence_vectors(self, sentences, positions):
        yield 1.0
        bags = np.array([[1.0, *(list(words).count(word) for word in WORDS)] for words in sentences], np.float32)
        return np.stack([np.ones_like(bags), bags], axis=1) + 0 * np.array(positions)[:, None, None]


@pytest.fixture
def source(tmp_path):
    with_labels = Corpus.from_texts(TEXTS, labels=["a", "b"] * 6, language="en")
    store = Store(tmp_path / "home")
    row = store.add_corpus(with_labels, "Banks")
    yield Source(store, "bag", None, Bag(with_labels.vocab)), {"corpus_id": row.id, "query": "bank"}
    store.close()


def bag(source, word, **sight) -> list[list[float]]:
    """The last layer of the first two occurrences, without the 1: counts of WORDS."""
    more = {"sight": {"side": "both", "hidden": [], **sight}} if sight else {}
    return ended(held(source, **word, **more)).arrays["vectors"][:2, 1, 1:].tolist()


def test_a_side_and_hidden_words_are_out_of_sight(source):
    assert bag(*source) == [[1, 0, 1, 0, 0], [0, 1, 0, 1, 0]]
    assert bag(*source, side="left") == [[1, 0, 0, 0, 0], [0, 1, 0, 0, 0]]
    assert bag(*source, side="right") == [[0, 0, 1, 0, 0], [0, 0, 0, 1, 0]]
    assert bag(*source, hidden=["river", "money"]) == [[0, 0, 1, 0, 1], [0, 0, 0, 1, 1]]
    assert bag(*source, side="left", hidden=["river"]) == [[0, 0, 0, 0, 1], [0, 1, 0, 0, 0]]


def test_the_separation_falls_to_nothing_when_all_that_tells_is_hidden(source):
    where, word = source
    words = [row[0] for row in ended(sense_telling(where.store, word, GROUPS))[1]["words"]]
    assert words == ["closed", "money", "river", "steep"]
    plain, _ = ended(sense_told(where, word, 1, GROUPS))
    blind, _ = ended(sense_told(where, {**word, "sight": {"side": "both", "hidden": words}}, 1, GROUPS))
    assert plain["separation"][1] == pytest.approx(1) and blind["separation"][1] == pytest.approx(0)
    assert ended(sense_map(where, word))[1]["hides"] == "mask"


def test_baselines_see_no_more_than_the_run(source):
    where, word = source
    for hidden, recall in ((["river", "money", "steep", "closed"], 0.5), (["river", "money"], 1.0)):
        sighted = {**word, "sight": {"side": "both", "hidden": hidden}}
        _, facts = ended(sense_measured(where, sighted, GROUPS, without="label"))
        found = dict(zip(facts["table"]["name"], facts["table"]["recall"]))
        assert found["sentence"] == recall and found["near"] == recall


def test_mean_static_vectors_are_those_of_words_as_their_run_has_them(source, monkeypatch):
    """A run of letters knows none of the corpus' words, and yet all of their letters."""
    where, word = source
    letters = Corpus.from_texts(TEXTS, tokenizer="characters", language="en").vocab
    monkeypatch.setattr(where.store, "vocab", lambda run: letters, raising=False)
    monkeypatch.setattr(where.store, "vectors", lambda run: np.eye(len(letters), dtype=np.float32), raising=False)
    _, facts = ended(sense_measured(where, word, GROUPS, static="letters", without="label"))
    found = dict(zip(facts["table"]["name"], facts["table"]["recall"]))
    assert found["static"] == found["static near"] == 1


def test_a_filter_is_part_of_every_question(source):
    where, word = source
    kept = {**word, "keep": {"column:label": ["a"]}}
    facts = ended(sense_occurrences(where.store, **kept))[1]
    assert (facts["total"], facts["whole"], {*facts["frame"]["left"]}) == (6, 12, {"river"})
    assert ended(held(where, **kept)).arrays["vectors"].shape[0] == 6
    told = ended(sense_facets(where.store, **kept))[1]
    assert told["facets"]["left"]["counts"] == [6] and told["facets"]["column:label"]["counts"] == [6, 6]
    assert told["documents"][0] == TEXTS[0]


def test_a_word_in_two_corpora_is_laid_out_and_compared(source):
    where, word = source
    row = where.store.add_corpus(Corpus.from_texts(["a money bank was closed"] * 4 + ["a bank was steep"]), "Others")
    other = {"corpus_id": row.id, "query": "bank"}
    arrays, facts = ended(sense_change(where, word, other, documents=True))
    assert arrays["xy"].shape == (17, 2, 2) and (facts["first"], facts["second"]) == (12, 5)
    last = facts["layers"][1]
    # cosines of 6 of river and steep, 6 of money and closed, with 4 of money and closed (1/3, 1), and one of steep
    assert last["apd"] == pytest.approx(1 - (24 / 3 + 24 + 6 * 2 / 6**0.5 + 6 / 6**0.5) / 60)
    assert 0 < last["apd_p"] <= 1 and last["apd_low"] <= last["apd_mean"] <= last["apd_high"]
    near = ended(sense_typical(where, word, other, 1))[0]["typical"]
    assert near[0] > near[1] and near[12] > near[16]


def test_pairs_have_their_cosine_in_each_layer(source):
    where, word = source
    found = ended(sense_pairs(where, word, [0, 0], [2, 1]))[0]["cosines"]
    assert found.tolist() == [[1, 1], [1, pytest.approx(1 / 3)]]  # of 1, river and steep; of 1, money and closed


def test_of_a_sentence_that_is_edited_the_run_sees_what_it_may(source):
    where, word = source
    asked = {"layer": 1, "groups": GROUPS, "sentence": "the river bank was closed", "first": 10, "last": 14}
    arrays, facts = ended(sense_moved(where, word, **asked))
    assert facts["words"] == ["the", "river", "bank", "was", "closed"] and arrays["shares"][0] == pytest.approx(0.5)
    left, _ = ended(sense_moved(where, {**word, "sight": {"side": "left", "hidden": []}}, **asked))
    assert left["shares"][0] > 0.7
    sight = {"side": "both", "hidden": ["closed", "steep"]}
    hidden, _ = ended(sense_moved(where, {**word, "sight": sight}, **asked))
    assert hidden["shares"][0] > 0.5 and np.isnan(hidden["effects"]).tolist() == [False, False, True, False, True]
