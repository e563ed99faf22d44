"""Toy corpora that every encoder can learn in a second, and the options that make it do so."""

from types import SimpleNamespace

import numpy as np
import pytest

from core.corpus import Corpus
from core.encoders import ENCODERS

SMALL = {"steps": 80, "epochs": 30, "dim": 16, "width": 32, "layers": 2, "heads": 2, "context": 16, "batch": 8}
SMALL |= {"window": 2, "sample": 0.0, "lr": 0.01, "threads": 1, "seed": 1}
SMALL |= {"next_sentence": False}  # a document of these is one sentence
OWN = {"glove": {"lr": 0.1}}  # a hundred cells, whose AdaGrad slows down

VARIANTS = {  # of an encoder whose options make it another one
    f"word2vec, {', '.join(changes.values())}": ("word2vec", changes)
    for changes in (
        {"output": "hierarchical"}, {"output": "full"}, {"output": "hierarchical", "architecture": "cbow"},
        {"output": "full", "architecture": "cbow"},
    )
} | {"word2vec, subwords": ("word2vec", {"subwords": True, "buckets": 500})}  # fmt: skip


def toy_sentences(count: int = 500) -> list[str]:
    """Sentences of a grammar in which the animal decides where it lives and what it does there."""
    draw = np.random.default_rng(7)
    worlds = [("cat dog mouse", "house", "sleeps eats"), ("shark whale crab", "sea", "swims dives"),
              ("eagle crow owl", "sky", "flies glides")]  # fmt: skip
    chosen = [worlds[i] for i in draw.integers(0, len(worlds), count)]
    pick = lambda words: str(draw.choice(words.split()))  # noqa: E731
    return [f"the {pick(animals)} {pick(verbs)} in the {place} ." for animals, place, verbs in chosen]


def small(encoder: type, **changes):
    """Options for the toy corpora: those of SMALL that the encoder declares."""
    known, asked = encoder.Options.fields(), SMALL | OWN.get(encoder.name, {}) | changes
    return encoder.Options(**{name: value for name, value in asked.items() if name in known})


FRENCH = dict(zip(
    "the cat dog mouse house sleeps eats shark whale crab sea swims dives eagle crow owl sky flies glides in".split(),
    "le chat chien rat gîte dort mange requin raie crabe mer nage plonge aigle pie hibou ciel vole plane dans".split(),
))  # fmt: skip


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    """With a translation for those who learn from one."""
    texts = toy_sentences()
    other = [" ".join(FRENCH.get(word, word) for word in text.split()) for text in texts]
    return Corpus.from_texts(texts, translations=other, language="en")


@pytest.fixture(scope="session")
def letters() -> Corpus:
    return Corpus.from_texts(["abcdabcdabcd"] * 60, tokenizer="characters")


@pytest.fixture(scope="session", params=[*ENCODERS, *VARIANTS])
def run(request, corpus) -> SimpleNamespace:
    """One whole training of each encoder: its events, a copy of its state in the middle, and the trained encoder."""
    name, changes = VARIANTS.get(request.param, (request.param, {}))
    paper = ENCODERS[name]
    encoder, events, states = paper(small(paper, **changes), corpus.vocab), [], []
    for event in encoder.train(corpus):
        events.append(event)
        states.append({name: array.copy() for name, array in encoder.state().items()})
    half = states[(len(states) - 1) // 2]
    return SimpleNamespace(paper=paper, changes=changes, encoder=encoder, events=events, half=half)
