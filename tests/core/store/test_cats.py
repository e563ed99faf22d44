"""The bundled cat corpora show what idf does: a word in every document weighs nothing, in other company it does."""

import numpy as np
import pytest

from core.corpus import Corpus
from core.corpus.reading import build
from core.explore.classify import evaluate, sample
from core.explore.features import tf_idf
from core.explore.sparse import word_counts
from core.store.samples import samples
from tests.steps import ended

CATS = 16  # the first documents


@pytest.fixture(scope="module", params=[("en-cats.tsv.gz", "cat"), ("zh-cats.tsv.gz", "猫")], ids=["en", "zh"])
def cats(request, tmp_path_factory):
    file, word = request.param
    folder = tmp_path_factory.mktemp("cats") / "corpus"
    for _ in build([(samples()[file].path, file)], folder, samples()[file].settings):
        pass
    corpus = Corpus.open(folder)
    return corpus, word_counts(corpus.tokens, corpus.offsets, len(corpus.vocab)), corpus.vocab.index(word)


def idf(counts) -> np.ndarray:
    with np.errstate(divide="ignore"):
        return np.log(len(counts) / counts.document_frequency())


def test_the_cats_come_first_and_every_document_has_a_title(cats):
    corpus, _, _ = cats
    assert len(set(corpus.labels[:CATS])) == len(set(corpus.labels[CATS:])) == 1 and len(set(corpus.labels)) == 2
    assert len(corpus.documents) == 66 == corpus.table["title"].nunique() and corpus.roles["title"] == "title"


def test_the_cat_weighs_exactly_nothing_among_cats_and_more_with_every_background_document(cats):
    _, counts, cat = cats
    weights = [idf(counts.rows(np.arange(CATS + more)))[cat] for more in range(51)]
    assert weights[0] == 0 and (np.diff(weights) > 0).all() and weights[-1] == pytest.approx(np.log(66 / 16))


def test_with_background_the_cat_has_the_largest_weight_of_all(cats):
    _, counts, cat = cats
    alone, together = counts.rows(np.arange(CATS)), idf(counts)
    assert (alone.column_sums() * together).argmax() == cat
    among = np.where(alone.column_sums() > 0, alone.column_sums() * np.nan_to_num(idf(alone), posinf=0), 0)
    assert among[cat] == 0 < among.max()


def test_the_two_topics_can_be_told_apart(cats):
    corpus, counts, _ = cats
    (result,) = ended(evaluate(counts, sample(corpus.labels), [tf_idf()], ["centroid"]))
    assert result.accuracy.mean > 0.95 > result.sample.majority
