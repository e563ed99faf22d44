import numpy as np
import pytest

from core.corpus import Corpus
from core.explore.overview import chunks, growth, lengths, line, richness, type_counts, type_words, zipf_fit
from tests.core.explore.conftest import finish


def made(*texts, **more):
    return Corpus.from_texts(list(texts), **more)


def test_growth_counts_types_as_the_text_is_read():
    _, curve = finish(growth(made("a b a c", "b d d e")))
    assert dict(zip(curve.tokens.tolist(), curve.types.tolist())) == {1: 1, 2: 2, 3: 2, 4: 3, 5: 3, 6: 4, 7: 4, 8: 5}


def test_growth_in_chunks_is_growth_at_once(monkeypatch):
    corpus = made(" ".join(f"w{i * i % 977}" for i in range(3000)))
    _, whole = finish(growth(corpus))
    monkeypatch.setattr("core.explore.overview.chunks", lambda array: chunks(array, 7))
    shares, parts = finish(growth(corpus))
    assert (whole.types == parts.types).all() and shares[-1] == 1.0 and len(shares) == 429


def test_growth_of_each_point_is_the_set_of_words_so_far():
    corpus = made("the cat and the dog and a cat", "a dog on the mat")
    _, curve = finish(growth(corpus))
    tokens = np.asarray(corpus.tokens)
    assert curve.types.tolist() == [len(set(tokens[:n].tolist())) for n in curve.tokens]


def test_heaps_law_is_found_where_it_holds():
    types = np.floor(np.arange(1, 20_000) ** 0.7)
    new = np.diff(types, prepend=0) > 0  # a word of its own wherever the law has one more, else always the same one
    words = [f"w{i}" if fresh else "the" for i, fresh in enumerate(new)]
    _, curve = finish(growth(made(" ".join(words))))
    assert curve.beta == pytest.approx(0.7, abs=0.01) and curve.r2 > 0.999 and curve.first == 1000
    assert curve.law([10_000])[0] == pytest.approx(10_000**0.7, rel=0.01)


def test_growth_of_one_word_has_no_law():
    _, curve = finish(growth(made("word")))
    assert curve.types.tolist() == [1] and np.isnan(curve.beta)


def test_a_line_is_numpys():
    x, y = np.arange(9.0), np.array([1.0, 3, 2, 5, 4, 8, 6, 9, 9])
    slope, intercept, r2 = line(x, y)
    assert [slope, intercept] == pytest.approx(np.polyfit(x, y, 1).tolist())
    assert r2 == pytest.approx(np.corrcoef(x, y)[0, 1] ** 2)


@pytest.mark.parametrize("s", [0.7, 1.0, 1.3, 2.0])
def test_zipfs_exponent_is_found_in_what_it_made(s):
    shares = np.arange(1, 3001) ** -s
    counts = np.sort(np.random.default_rng(1).multinomial(2_000_000, shares / shares.sum()))[::-1]
    fit = zipf_fit(counts)
    assert fit.s == pytest.approx(s, abs=0.01) and fit.r2 > 0.98
    assert fit.law([1])[0] == pytest.approx(counts[0], rel=0.03)


def test_zipfs_exponent_is_scipys_likelihood_at_its_top():
    from scipy.optimize import minimize_scalar

    counts = np.array([900, 420, 300, 200, 170, 150, 120, 100, 90, 60])
    logs = np.log(np.arange(1, 11))
    best = minimize_scalar(lambda s: s * counts @ logs + counts.sum() * np.log(np.exp(-s * logs).sum()))
    assert zipf_fit(counts).s == pytest.approx(best.x, abs=1e-5)


@pytest.mark.parametrize("counts", [[], [9], [1, 1, 1], [3, 2]])
def test_zipf_of_too_little_is_nothing(counts):
    assert np.isnan(zipf_fit(np.array(counts, np.int64)).s)


def test_lengths_of_documents_and_sentences():
    found = lengths(made("One two. Three four five six.", "", "Seven."))
    documents, sentences = found["documents"], found["sentences"]
    assert (documents.n, documents.least, documents.median, documents.most) == (3, 0, 1, 6)
    assert documents.mean == pytest.approx(7 / 3) and documents.counts.sum() == 3
    assert (sentences.n, sentences.least, sentences.median, sentences.most) == (3, 1, 2, 4)
    assert not sentences.without_ends


def test_lengths_are_numpys():
    sizes = np.random.default_rng(0).integers(1, 90, 300)
    documents = lengths(made(*("word " * size for size in sizes)))["documents"]
    assert (documents.median, documents.mean) == (np.median(sizes), pytest.approx(sizes.mean()))
    assert documents.counts.tolist() == np.histogram(sizes, documents.edges)[0].tolist()


def test_a_few_very_long_documents_make_the_bins_logarithmic():
    documents = lengths(made(*["a b c"] * 50, "word " * 70_000))["documents"]
    assert documents.logarithmic and documents.counts.sum() == 51 and documents.most == 70_000
    assert documents.edges[0] <= 3 and documents.edges[-1] > 70_000


def test_a_text_without_sentence_ends_is_said_so():
    assert lengths(made("word " * 500))["sentences"].without_ends
    assert not lengths(made("a short line", "another line"))["sentences"].without_ends


def test_richness():
    _, rich = finish(richness(made("a b c d a a a a e e e e x"), window=4))
    assert (rich.types, rich.tokens, rich.hapaxes) == (6, 13, 4)
    assert rich.standardised == pytest.approx((4 + 1 + 1) / 12)  # a b c d | a a a a | e e e e; the rest is left out


def test_richness_of_less_than_a_stretch_is_unknown():
    shares, rich = finish(richness(made("a b c")))
    assert np.isnan(rich.standardised) and shares == []


def test_words_and_counts_of_all_types_whatever_the_min_count():
    corpus = made("红 红 红 楼 楼 梦", min_count=3)
    assert len(corpus.vocab) == 1 and type_counts(corpus).tolist() == [3, 2, 1]
    assert type_words(corpus, np.array([2, 0])) == ["梦", "红"] and type_words(corpus, []) == []
