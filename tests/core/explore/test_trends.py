import numpy as np
import pytest

from core.corpus import Corpus
from core.explore.trends import barcode, dispersion, places_of, spread, trends, wilson
from core.problem import Problem


def places(corpus, *words):
    return {word: np.flatnonzero(np.asarray(corpus.tokens) == corpus.vocab.index(word)) for word in words}


def table(tmp_path, rows, **more):
    path = tmp_path / "table.csv"
    path.write_text("\n".join(["text,date,group", *rows]), encoding="utf-8")
    return Corpus.from_files([path], text_column="text", **more)


def test_segments_are_equal_and_hold_every_occurrence():
    corpus = Corpus.from_texts(["a b b b", "a a c c"])
    found = trends(corpus, places(corpus, "a", "b"), segments=2)
    assert found["count"].tolist() == [1, 2, 3, 0] and found["total"].tolist() == [4, 4, 4, 4]
    assert found["per_million"].tolist() == [250_000, 500_000, 750_000, 0]


@pytest.mark.parametrize("segments", [2, 7, 50])
def test_segments_sum_to_the_whole(segments):
    words = [f"w{i}" for i in np.random.default_rng(0).integers(0, 9, 1000)]
    corpus = Corpus.from_texts([" ".join(words)])
    found = trends(corpus, places(corpus, "w3", "w5"), segments=segments)
    assert found.groupby("word")["count"].sum().to_dict() == {word: words.count(word) for word in ("w3", "w5")}
    assert found.groupby("word")["total"].sum().eq(1000).all() and found["total"].max() - found["total"].min() <= 1


def test_documents_keep_their_order_and_empty_ones_are_left_out():
    corpus = Corpus.from_texts(["红 楼", "", "红 红 楼 梦"], tokenizer="chinese")
    found = trends(corpus, places(corpus, "红"), "documents")
    assert found["name"].tolist() == ["1", "3"] and found["count"].tolist() == [1, 2]


def test_years_have_their_bins_and_gaps_stay_gaps(tmp_path):
    rows = ["a b,1850,x", "a a,1852,y", "b b,1850-06-01,x", "a a,unknown,y"]
    corpus = table(tmp_path, rows, date_column="date", group_column="group")
    found = trends(corpus, places(corpus, "a"), "dates", segments=3)
    assert found["name"].tolist() == ["1850", "1852"] and found["count"].tolist() == [1, 2]
    assert found["total"].tolist() == [4, 2] and found["x"].tolist() == [1850.5, 1852.5]


def test_many_years_make_decades_and_few_make_months(tmp_path):
    rows = [f"a b,{year},x" for year in range(1801, 1900, 3)]
    corpus = table(tmp_path, rows, date_column="date")
    found = trends(corpus, places(corpus, "a"), "dates", segments=20)
    assert found["name"].tolist()[:2] == ["1800–1804", "1805–1809"] and found["count"].sum() == len(rows)
    assert trends(corpus, places(corpus, "a"), "dates", segments=10)["name"].tolist()[0] == "1800–1809"


@pytest.mark.parametrize("year", [2020, 2021])
def test_months_are_those_of_the_calendar(tmp_path, year):
    days = [f"{year}-{month:02d}-{day:02d}" for month in range(1, 13) for day in (1, 28)]
    corpus = table(tmp_path, [f"a b,{day},x" for day in days], date_column="date")
    found = trends(corpus, places(corpus, "a"), "dates", segments=12)
    assert found["name"].tolist() == [f"{year}-{month:02d}" for month in range(1, 13)]
    assert found["count"].tolist() == [2] * 12
    quarters = trends(corpus, places(corpus, "a"), "dates", segments=4)
    assert quarters["name"].tolist() == [f"{year} {name}" for name in ("I", "II", "III", "IV")]


def test_groups_are_the_largest_first_and_the_nameless_are_left_out(tmp_path):
    corpus = table(tmp_path, ["a,,x", "a b c,,y", "a a,,x", "a,,", "b b,,y"], group_column="group")
    found = trends(corpus, places(corpus, "a"), "groups")
    assert found[["name", "count", "total"]].to_numpy().tolist() == [["y", 1, 5], ["x", 3, 3]]


@pytest.mark.parametrize("by, more, said", [
    ("dates", {}, "no column of that kind"), ("groups", {"column": "colour"}, "no column colour"),
    ("segments", {"segments": 1}, "2 to 500"), ("dates", {"column": "group"}, "No document has a date"),
])  # fmt: skip
def test_what_cannot_be_is_said(tmp_path, by, more, said):
    corpus = table(tmp_path, ["a b,,x", "a c,,y"])
    with pytest.raises(Problem, match=said):
        trends(corpus, places(corpus, "a"), by, **more)


def test_too_many_words_or_documents_are_refused(monkeypatch):
    corpus = Corpus.from_texts(["a b", "c d", "a e"])
    with pytest.raises(Problem, match="1 to 10 words, not 0"):
        trends(corpus, {})
    monkeypatch.setattr("core.explore.trends.MOST_DOCUMENTS", 2)
    with pytest.raises(Problem, match="at most 2 documents"):
        places_of(corpus, "documents")


def test_the_interval_is_scipys_wilson():
    from scipy.stats import binomtest

    counts, totals = np.array([0, 3, 50, 100]), np.array([1000, 1000, 70, 100])
    for low, high, count, total in zip(*wilson(counts, totals), counts, totals):
        oracle = binomtest(int(count), int(total)).proportion_ci(method="wilson")
        assert (low, high) == pytest.approx((oracle.low, oracle.high), abs=1e-7)


def test_gries_example():
    """Gries 2008, section 3: the word a in five parts of 9, 10, 10, 10 and 11 words."""
    found = spread(np.array([1, 2, 3, 4, 5]), np.array([9, 10, 10, 10, 11]))
    assert found.dp == pytest.approx(0.18) and found.juilland == pytest.approx(0.785, abs=5e-4)
    assert found.within == 5 and found.dp_norm == pytest.approx(0.18 / (1 - 0.18))


def test_the_ends_of_dispersion():
    even, lumped = spread(np.array([2, 4]), np.array([50, 100])), spread(np.array([0, 7]), np.array([100, 100]))
    assert (even.dp, even.juilland) == (0, 1) and (lumped.dp_norm, lumped.juilland) == (1, 0)
    assert np.isnan(spread(np.array([0, 0]), np.array([1, 1])).dp)


def test_dispersion_is_over_documents_or_else_over_segments():
    several = Corpus.from_texts(["a b"] * 30 + ["c d"] * 10)
    assert dispersion(several, places(several, "a")["a"]).n == 40
    single = Corpus.from_texts(["a b " * 100])
    assert dispersion(single, places(single, "a")["a"]).n == 20


def test_a_barcode_stands_where_the_word_does():
    corpus = Corpus.from_texts(["a x x x a", "x x", "x a x x"])
    found = barcode(corpus, places(corpus, "a")["a"], strips=10)
    assert found["document"].tolist() == [0, 0, 2] and found["per_document"].tolist() == [2, 2, 1]
    assert found["share"].tolist() == pytest.approx([0.05, 0.85, 0.25])


def test_a_barcode_keeps_the_documents_with_most_and_all_their_occurrences():
    corpus = Corpus.from_texts(["a", "a a a", "a a", "x"])
    found = barcode(corpus, places(corpus, "a")["a"], strips=2, most=2)
    assert found.groupby("document")["count"].sum().to_dict() == {1: 3, 2: 2}
    assert len(barcode(corpus, np.zeros(0, np.int64))) == 0
