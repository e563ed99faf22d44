"""Sentences by lot: as they stand in the text, held-out ones first, the same for the same seed."""

import numpy as np

from core.corpus import Corpus
from core.explore.attention_sample import sentences


def corpus() -> Corpus:
    texts = [f"The {i} cat sat there. A dog. The {i} dog ran off <b>!" for i in range(100)]
    return Corpus.from_texts(texts, language="en")


def test_whole_sentences_of_the_text_in_their_order():
    some = sentences(corpus(), 20)
    assert len(some.texts) == 20 and "A dog." not in some.texts
    assert {text.split()[0] for text in some.texts} == {"The"} and all(text.endswith((".", "!")) for text in some.texts)
    numbers = [int(text.split()[1]) for text in some.texts]
    assert numbers == sorted(numbers) and sentences(corpus(), 20).texts == some.texts
    assert sentences(corpus(), 20, seed=1).texts != some.texts and len(sentences(corpus(), 1000).texts) == 200


def test_held_out_sentences_come_first():
    text = corpus()
    some = sentences(text, 3)
    held = sum(text.split()[1][:, 1] - text.split()[1][:, 0])
    assert 0 < some.held_out <= 3 and held > 0
    assert sentences(text, 1).held_out == 1 and np.isin(sentences(text, 1).texts, sentences(text, 3).texts).all()
