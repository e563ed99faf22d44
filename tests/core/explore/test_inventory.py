import numpy as np
import pytest

from core.corpus import Corpus
from core.explore.inventory import columns, duplicates, jaccard, languages
from tests.core.explore.conftest import finish

ENGLISH = "The cat sat on the mat and looked at the dog that was in the house of the man."
CHINESE = "猫坐在垫子上，看着房子里的狗。"


def test_the_language_mix_of_many_documents():
    found = languages(Corpus.from_texts([ENGLISH] * 20 + [CHINESE] * 30 + ["12 34"] * 10))
    assert found.counts == {"zh": 30, "en": 20, "unknown": 10} and (found.n, found.unit) == (60, "documents")


def test_a_single_document_is_asked_in_passages():
    found = languages(Corpus.from_texts([ENGLISH * 100 + CHINESE * 200]))
    assert found.unit == "passages" and set(found.counts) == {"en", "zh"}


def test_only_a_sample_of_many_documents_is_asked_and_an_empty_one_never():
    found = languages(Corpus.from_texts([CHINESE] * 500 + [""] * 500), sample=50)
    assert found.counts == {"zh": 50}


def test_exact_duplicates_and_empty_documents():
    _, found = finish(duplicates(Corpus.from_texts(["a b", "c", "", "a b", "", "A b", "a b"])))
    assert found.exact.tolist() == [0, 1, 2, 0, 4, 5, 0]
    assert (found.n, found.empty, found.repeated, found.nearly) == (7, 2, 2, 0)
    assert found.groups().to_dict("list") == {"document": [0], "documents": [3], "same": [3]}


def varied(seed, size=200):
    return [f"w{i}" for i in np.random.default_rng(seed).integers(0, 5000, size)]


def test_near_duplicates_are_found_and_others_are_not():
    one, edited, other = varied(1), varied(1), varied(2)
    edited[100] = "changed"
    half = one[:100] + varied(3)[100:]
    texts = [" ".join(words) for words in (one, other, edited, half, one)]
    _, found = finish(duplicates(Corpus.from_texts(texts)))
    assert found.near.tolist() == [0, 1, 0, 3, 0] and found.exact.tolist() == [0, 1, 2, 3, 0]
    assert (found.repeated, found.nearly) == (1, 1)


def test_resemblance_is_that_of_the_sets_of_shingles():
    one, other = varied(1, 60), varied(1, 40) + varied(4, 9)
    corpus = Corpus.from_texts([" ".join(one), " ".join(other), "too short"])
    sets = [{tuple(words[i : i + 8]) for i in range(len(words) - 7)} for words in (one, other)]
    assert jaccard(corpus, 0, 1) == pytest.approx(len(sets[0] & sets[1]) / len(sets[0] | sets[1]))
    assert jaccard(corpus, 0, 2) == 0.0


def test_most_near_duplicates_are_found():
    texts = []
    for seed in range(60):
        words = varied(seed, 120)
        texts += [" ".join(words), " ".join(["another", "start", *words])]
    _, found = finish(duplicates(Corpus.from_texts(texts)))
    assert found.nearly >= 59 and (found.near // 2 == np.arange(120) // 2).all()


def test_columns_say_what_they_hold(tmp_path):
    path = tmp_path / "a.csv"
    rows = [f"the text number {i},{1900 + i}-05-01,{i * 1.5},{'红楼' if i % 3 else ''}" for i in range(30)]
    path.write_text("\n".join(["text,date,score,book", *rows]), encoding="utf-8")
    found = columns(Corpus.from_files([path])).set_index("column")
    assert found.loc["date", ["kind", "first", "last"]].tolist() == ["date", 1900 + 120 / 365, 1929 + 120 / 365]
    assert found.loc["score", ["kind", "filled", "different"]].tolist() == ["number", 30, 30]
    assert found.loc["book", ["kind", "filled"]].tolist() == ["category", 20]
    assert found.loc["book", "frequent"] == [("红楼", 20)]


def test_a_column_with_a_role_says_so(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("text,label\n" + "\n".join(f"a longer text {i},{i % 2}" for i in range(9)), encoding="utf-8")
    found = columns(Corpus.from_files([path], label_column="label")).set_index("column")
    assert found.loc["label", ["roles", "kind"]].tolist() == [["label"], "category"]


def test_years_alone_are_dates_where_a_person_says_so(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("text,when\n" + "\n".join(f"a longer text {i},{1800 + i}" for i in range(9)), encoding="utf-8")
    for asked, kind, last in ({}, "number", np.nan), ({"date_column": "when"}, "date", 1808):
        found = columns(Corpus.from_files([path], **asked)).set_index("column").loc["when"]
        assert found["kind"] == kind and (found["last"] == last or np.isnan(last))


def test_a_corpus_without_columns():
    assert len(columns(Corpus.from_texts(["a"]))) == 0
