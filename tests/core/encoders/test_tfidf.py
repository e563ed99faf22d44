"""TF-IDF against scikit-learn, against numbers worked by hand, and with what it cannot weigh."""

import math

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from core.corpus import Corpus
from core.encoders import tfidf
from core.encoders.kernels import documents as reading
from core.encoders.tfidf import FORMULAS, TfIdf, TfIdfOptions
from core.problem import Problem

CATS = ["the cat purrs", "the cat sees the dog", "the dog barks"]
MIXED = ["The café, Don't stop!", "", "don’t STOP the Café", "猫 sees the cat's café", "the the the 42"]


def trained(texts, min_count=1, **options) -> TfIdf:
    corpus = texts if isinstance(texts, Corpus) else Corpus.from_texts(texts, language="en", min_count=min_count)
    encoder = TfIdf(TfIdfOptions(**options), corpus.vocab)
    for _ in encoder.train(corpus):
        pass
    return encoder


def matrix(encoder: TfIdf, texts=None) -> csr_matrix:
    indptr, indices, values = encoder.sparse(texts)
    return csr_matrix((values, indices, indptr), (len(indptr) - 1, len(encoder.vocab)))


def many(count: int = 300, seed: int = 0) -> list[str]:
    draw = np.random.default_rng(seed)
    lengths = draw.integers(0, 80, count)
    return [" ".join(f"w{int(i)}" for i in draw.zipf(1.3, n) if i < 5000) or "w1" for n in lengths]


def oracle(encoder: TfIdf, texts, **options) -> np.ndarray:
    """scikit-learn's weights, with our tokens and the order of our words."""
    known = {word: i for i, word in enumerate(encoder.vocab.words)}
    theirs = TfidfVectorizer(analyzer=encoder.vocab.tokenize, vocabulary=known, **options)
    return theirs.fit_transform(texts).toarray()


# scikit-learn.


def test_the_defaults_are_those_of_tfidfvectorizer():
    encoder = trained(many())
    np.testing.assert_allclose(matrix(encoder).toarray(), oracle(encoder, many()), atol=1e-6)


@pytest.mark.parametrize(
    "ours, theirs",
    [
        ({"tf": "log"}, {"sublinear_tf": True}),
        ({"tf": "binary"}, {"binary": True}),
        ({"idf": "plus one"}, {"smooth_idf": False}),
        ({"idf": "none"}, {"use_idf": False}),
        ({"norm": "l1"}, {"norm": "l1"}),
        ({"norm": "none", "tf": "log", "idf": "plus one"}, {"norm": None, "sublinear_tf": True, "smooth_idf": False}),
    ],
)
def test_a_variant_is_scikit_learns(ours, theirs):
    encoder = trained(many(), threads=1, **ours)
    np.testing.assert_allclose(matrix(encoder).toarray(), oracle(encoder, many(), **theirs), rtol=2e-6, atol=1e-6)


def test_the_least_count_leaves_words_out_of_rows_and_norms():
    encoder = trained(many(), min_count=3)
    assert 100 < len(encoder.vocab) < len(trained(many()).vocab)
    np.testing.assert_allclose(matrix(encoder).toarray(), oracle(encoder, many()), atol=1e-6)


def test_new_documents_are_weighed_as_scikit_learn_transforms_them():
    encoder, known = trained(MIXED), {}
    known = {word: i for i, word in enumerate(encoder.vocab.words)}
    theirs = TfidfVectorizer(analyzer=encoder.vocab.tokenize, vocabulary=known).fit(MIXED)
    new = ["the café sees nothing new", "", "stop stop"]
    np.testing.assert_allclose(encoder.doc_vectors(new), theirs.transform(new).toarray(), atol=1e-6)


# By hand.


def test_plain_idf_is_zero_for_a_word_of_every_document():
    encoder = trained(CATS, idf="plain", norm="none")
    assert dict(zip(encoder.vocab.words, encoder.idf)) == pytest.approx(
        {"the": 0, "cat": math.log(1.5), "dog": math.log(1.5), "purrs": math.log(3), "sees": math.log(3),
         "barks": math.log(3)}
    )  # fmt: skip
    weights = dict(zip(encoder.vocab.words, encoder.term_weights("the cat the cat barks unheard")))
    assert weights["the"] == 0 and weights["cat"] == pytest.approx(2 * math.log(1.5))


def test_among_documents_on_cats_cat_weighs_nothing_and_with_background_it_does():
    cats, background = ["cat fur", "cat milk", "cat naps"], ["stock prices rose", "the sea is deep"]
    alone, amid = (trained(texts, idf="plain", norm="none") for texts in (cats, cats + background))
    assert alone.weight_table([0], ["cat"])[0, 0] == 0 and alone.top_terms([0], 2)["ids"][0, 1] == -1
    assert amid.weight_table([0], ["cat"])[0, 0] == pytest.approx(math.log(5 / 3))


def test_the_other_variants_by_hand():
    augmented = trained(CATS, tf="augmented", idf="probabilistic", norm="none")
    table = augmented.weight_table([1, 2], ["the", "cat", "barks"])  # "the cat sees the dog", "the dog barks"
    assert table[0].tolist() == [0, 0, 0]  # the: (3-3)/3; cat: ln((3-2)/2) < 0
    assert table[1].tolist() == pytest.approx([0, 0, math.log(2)])
    saturated = trained(CATS, tf="bm25", idf="bm25", norm="none", k1=2.0, b=0.5)
    weight = saturated.weight_table([1], ["the"])[0, 0]
    relative = 5 / (11 / 3)  # 5 words of 11 in 3 documents
    assert weight == pytest.approx(2 * 3 / (2 + 2 * (0.5 + 0.5 * relative)) * math.log(1 + 0.5 / 3.5), rel=1e-6)


def test_a_document_pasted_twice_doubles_raw_counts_and_nothing_normalised():
    for norm, factor in (("none", 2), ("l2", 1), ("l1", 1)):
        encoder = trained(CATS, norm=norm)
        once, twice = encoder.doc_vectors([CATS[1], f"{CATS[1]} {CATS[1]}"])
        np.testing.assert_allclose(twice, factor * once, rtol=1e-6)


@pytest.mark.parametrize("norm", FORMULAS["norm"])
@pytest.mark.parametrize("idf", FORMULAS["idf"])
@pytest.mark.parametrize("tf", FORMULAS["tf"])
def test_every_weight_is_explained(tf, idf, norm):
    encoder = trained(CATS, tf=tf, idf=idf, norm=norm)
    shown = encoder.options.formula()
    assert "@" not in shown and all(formula in shown for formula in encoder.formulas().values())
    for document in (0, 1, "the cat barks at the dog"):
        weights = dict(zip(encoder.vocab.words, encoder.term_weights(document if isinstance(document, str) else CATS[document])))  # fmt: skip  # noqa: E501
        for word, weight in weights.items():
            told = encoder.explain(document, word)
            assert told["weight"] == pytest.approx(weight, rel=1e-5, abs=1e-7)
            assert "@" not in "".join([*told["formulas"].values(), *told["worked"].values()])


def test_an_explanation_can_be_redone_by_hand():
    told = trained(CATS).explain(1, "cat")
    assert (told["count"], told["tf"], told["df"], told["n"], told["length"]) == (1, 1, 2, 3, 5)
    assert told["idf"] == pytest.approx(math.log(4 / 3) + 1) and told["worked"]["idf"] == r"\ln \frac{1 + 3}{1 + 2} + 1"
    parts = [2 * 1, math.log(4 / 3) + 1, math.log(4 / 2) + 1, math.log(4 / 3) + 1]  # the, cat, sees, dog
    assert told["norm"] == pytest.approx(math.sqrt(sum(part**2 for part in parts)))


# Rankings.


def test_the_top_terms_are_those_of_the_largest_weights():
    encoder = trained(many())
    weights, top = matrix(encoder).toarray(), encoder.top_terms(range(300), 5)
    for row, ids, values in zip(weights, top["ids"], top["weights"]):
        expected = sorted(range(len(row)), key=lambda i: (-row[i], i))[: np.count_nonzero(row)][:5]
        assert ids.tolist() == expected + [-1] * (5 - len(expected))
        np.testing.assert_array_equal(values[: len(expected)], row[expected])


def test_terms_of_classes_are_those_of_the_papers_formula():
    encoder = trained(CATS)
    found = encoder.class_terms(["cat", "cat", "dog"], 3)
    assert found["labels"] == ["cat", "dog"] and found["documents"].tolist() == [2, 1]
    words = [encoder.vocab.words[i] for i in found["ids"][1]]
    average = 11 / 2  # words a class
    expected = {"barks": math.log1p(average / 1) / 3, "dog": math.log1p(average / 2) / 3,
                "the": math.log1p(average / 4) / 3}  # fmt: skip
    assert dict(zip(words, found["weights"][1])) == pytest.approx(expected) and words == list(expected)


def test_the_terms_of_the_corpus_are_means_over_documents():
    encoder = trained(many())
    mean, found = matrix(encoder).toarray().mean(0), encoder.corpus_terms(7)
    np.testing.assert_allclose(found["weights"], np.sort(mean)[::-1][:7], rtol=1e-5)
    np.testing.assert_array_equal(found["df"], np.count_nonzero(matrix(encoder).toarray(), 0)[found["ids"]])


def test_a_search_ranks_by_cosine_and_by_bm25():
    encoder, query = trained(many(), k1=1.5, b=0.6), "w3 w7 w7 w19 nothing"
    found, weights = encoder.search(query, 300), matrix(encoder).toarray()
    cosines = weights @ encoder.term_weights(query)
    order = found["cosine_documents"]
    assert (np.diff(found["cosine_scores"]) <= 0).all() and len(order) == np.count_nonzero(cosines)
    np.testing.assert_allclose(found["cosine_scores"], cosines[order], rtol=1e-5)
    raw = matrix(trained(many(), idf="none", norm="none")).toarray()
    scores, lengths = np.zeros(300), raw.sum(1) / raw.sum(1).mean()
    for word in query.split()[:4]:
        tf = raw[:, encoder.vocab.index(word)]
        idf = math.log1p((300 - np.count_nonzero(tf) + 0.5) / (np.count_nonzero(tf) + 0.5))
        scores += idf * tf * 2.5 / (tf + 1.5 * (0.4 + 0.6 * lengths))
    np.testing.assert_allclose(found["bm25_scores"], scores[found["bm25_documents"]], rtol=1e-5)


def test_what_each_term_gives_sums_to_the_score():
    found = trained(CATS).search("cat purrs twice", 5)
    assert found["words"] == ["cat", "purrs"] and list(found["unknown"]) == ["twice"]
    assert found["cosine_documents"].tolist() == found["bm25_documents"].tolist() == [0, 1]
    np.testing.assert_allclose(found["cosine_terms"].sum(1), found["cosine_scores"], rtol=1e-6)
    np.testing.assert_allclose(found["bm25_terms"].sum(1), found["bm25_scores"], rtol=1e-6)


def test_a_words_profile_is_its_weights_over_documents():
    encoder = trained(many())
    np.testing.assert_array_equal(encoder.word_vectors(), matrix(encoder).toarray().T)


def test_too_many_documents_share_columns_and_nearness_stays(monkeypatch):
    encoder = trained(many(2000))
    exact = encoder.word_vectors()
    monkeypatch.setattr(tfidf, "PROFILES", 500 * len(encoder.vocab))
    folded, note = encoder.word_vectors(), encoder._note()
    assert folded.shape == (len(encoder.vocab), 500) and "share columns" in note
    often = slice(0, 20)
    products = [(v[often] @ v[often].T) / np.outer(*[np.linalg.norm(v[often], axis=1)] * 2) for v in (exact, folded)]
    assert np.abs(products[0] - products[1]).mean() < 0.06


# Counting: from a corpus in any pieces, and from texts.


def test_a_count_in_small_pieces_is_the_same(monkeypatch):
    whole = trained(many()).state()
    for size, threads in ((50, 1), (700, 2), (700, 3)):
        monkeypatch.setattr(reading, "_CHUNK", size)
        for name, array in trained(many(), threads=threads).state().items():
            np.testing.assert_array_equal(array, whole[name])


@pytest.mark.parametrize("texts", [many(), MIXED, MIXED * 3000, ["long " * 600_000 + "word"] + MIXED], ids=len)
@pytest.mark.parametrize("min_count", [1, 2])
def test_texts_count_as_a_corpus_of_them_would(texts, min_count):
    ours, corpus = TfIdf.from_texts(texts, min_count=min_count), trained(texts, min_count=min_count)
    assert ours.vocab.words == corpus.vocab.words and ours.vocab.counts.tolist() == corpus.vocab.counts.tolist()
    for name, array in corpus.state().items():
        np.testing.assert_array_equal(array, ours.state()[name])


@pytest.mark.parametrize("tokenizer", ["words", "chinese", "characters", "pieces"])
def test_documents_in_number_are_read_as_each_alone(tokenizer, monkeypatch):
    texts = [f"{text} 大家好，我们去吃饭。" for text in MIXED]
    encoder = trained(Corpus.from_texts(texts * 50, tokenizer=tokenizer))
    alone = encoder.doc_vectors(texts)
    monkeypatch.setattr(reading, "_FEW", 0)
    monkeypatch.setattr(reading, "_CHUNK", 64)
    np.testing.assert_array_equal(encoder.doc_vectors(texts), alone)
    np.testing.assert_array_equal(encoder.doc_vectors(texts * 50)[5:10], alone)


# What cannot be weighed.


def test_one_document_is_said_to_tell_no_words_apart():
    corpus = Corpus.from_texts(["only one document here"])
    last = list(TfIdf(TfIdfOptions(), corpus.vocab).train(corpus))[-1]
    assert "There is one document" in last.note
    assert not trained(corpus, idf="plain").term_weights("one document").any()


def test_empty_documents_weigh_nothing():
    encoder = trained(["", "a b", "", "b c", ""])
    assert len(encoder.counts_) == 5 and not matrix(encoder)[[0, 2, 4]].nnz
    assert not encoder.doc_vectors([""]).any() and encoder.doc_vectors([]).shape == (0, 3)
    assert encoder.top_terms([0], 2)["ids"].tolist() == [[-1, -1]] and encoder.explain(0, "a")["weight"] == 0
    assert encoder.document_weights(0)["ids"].tolist() == []


def test_a_query_of_unknown_words_is_a_problem_with_near_words():
    encoder = trained(CATS)
    with pytest.raises(Problem, match="purs: no word of this vocabulary; did you mean purrs"):
        encoder.search("purs")
    with pytest.raises(Problem, match="猫: no word of this vocabulary; try more"):
        encoder.search("猫")
    with pytest.raises(Problem, match="There is no word in !?"):
        encoder.search("!?")


def test_labels_that_make_no_classes_are_problems():
    encoder = trained(CATS)
    with pytest.raises(Problem, match="All documents have one label, pet: choose a column"):
        encoder.class_terms(["pet"] * 3)
    with pytest.raises(Problem, match="2 labels for 3 documents"):
        encoder.class_terms(["pet", "wild"])
    with pytest.raises(Problem, match="1001 labels; the limit is 1000"):
        trained(["a"] * 1001).class_terms([str(i) for i in range(1001)])


def test_a_document_or_word_that_there_is_not_is_a_problem():
    encoder = trained(CATS)
    for number in (-1, 3):
        with pytest.raises(Problem, match=f"There is no document {number}; they are counted from 0 to 2"):
            encoder.top_terms([0, number])
    with pytest.raises(Problem, match="dig is not in the vocabulary; did you mean dog"):
        encoder.explain(0, "dig")


def test_a_table_that_fits_no_memory_is_a_problem_with_its_size(monkeypatch):
    monkeypatch.setattr(tfidf, "DENSE", 1_000_000)
    encoder = trained(many())
    with pytest.raises(Problem, match=rf"2000 documents x {len(encoder.vocab)} words take \d+ MB, and 4 MB is the"):
        encoder.doc_vectors(["w1"] * 2000)
    assert len(encoder.sparse(["w1"] * 2000)[2]) == 2000


def test_a_state_of_other_words_is_refused():
    with pytest.raises(Problem, match="counts 6 words and cannot go on with 2"):
        TfIdf(TfIdfOptions(), Corpus.from_texts(["a b"]).vocab).restore(trained(CATS).state())


def test_texts_without_words_are_a_problem():
    for texts in ([], ["", "!!"]):
        with pytest.raises(Problem, match="These texts hold no words"):
            TfIdf.from_texts(texts)
    with pytest.raises(Problem, match="this was one text: put it in a list"):
        TfIdf.from_texts("one text")
    with pytest.raises(Problem, match="No word occurs 9 times or more"):
        TfIdf.from_texts(CATS, min_count=9)
