"""Held-out pairs of a sentence and its translation."""

from core.corpus import Corpus
from core.explore.pairs import held_out_pairs


def test_pairs_are_held_out_aligned_and_whole():
    texts = [f"sentence number {i} of many words" for i in range(200)]
    other = ["" if i % 2 else f"phrase numéro {i}" for i in range(200)]
    corpus = Corpus.from_texts(texts, translations=other)
    learned, held = corpus.split_documents()
    assert not {*learned} & {*held} and {*learned} | {*held} == {*range(200)}
    found = held_out_pairs(corpus, 3)
    assert 0 < len(found) <= 3 and {*found["document"]} <= {*held}
    for row in found.itertuples():
        assert row.sentence == texts[row.document] and row.translation == other[row.document] != ""


def test_a_corpus_without_translations_has_none():
    assert len(held_out_pairs(Corpus.from_texts(["one text"] * 50))) == 0
