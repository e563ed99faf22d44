"""Questions of a corpus, answered in this process: what is counted by hand is what is told, and all of it is JSON."""

import json

import numpy as np
import pytest

from core.answers import corpora, labels, reading
from core.corpus import Corpus
from core.problem import Problem
from core.store import Store
from tests.core.explore.conftest import finish

TALES = [
    ("1812", "tale", "The king saw the river bank. The king slept."),
    ("1812", "report", "A bank by the river! A money-bank, they said; the banker saw the money."),
    ("1815", "tale", "The queen saw the king by the river bank, and the banker saw the queen."),
]
ODD = ["<b> $x$ =cmd() a*b", "…… 。", "ﬁnal İstanbul e\u0301te\u0301 <img src=x onerror=alert(1)>", "the end"]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("asked")
    (folder / "home").mkdir()
    (folder / "home" / "samples.json").write_text("{}")
    opened = Store(folder / "home")
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def tales(store, tmp_path_factory):
    """Three documents with a date, a kind and a text."""
    path = tmp_path_factory.mktemp("tales") / "tales.csv"
    path.write_text("date,kind,text\n" + "\n".join(f'{date},{kind},"{text}"' for date, kind, text in TALES))
    corpus = Corpus.from_files([path], language="en", text_column="text", date_column="date", group_column="kind")
    return store.add_corpus(corpus, "Tales").id


@pytest.fixture(scope="module")
def odd(store):
    """Words that are markup elsewhere, a document without a word, letters that change their number when folded."""
    return store.add_corpus(Corpus.from_texts(ODD, language="en", tokenizer="characters"), "Odd").id


def asked(function, *given, **more):
    """(arrays, facts) of a question; the facts are what JSON keeps of them."""
    arrays, facts = finish(function(*given, **more))[1]
    return arrays, json.loads(json.dumps(facts, allow_nan=False))


def facts_of(function, *given, **more):
    return asked(function, *given, **more)[1]


def plain(runs):
    return "".join(run[0] for run in runs)


def test_an_overview_counts_what_is_there(store, tales):
    arrays, facts = asked(corpora.overview, store, tales)
    assert (arrays["tokens"][-1], arrays["types"][-1]) == (39, 14)
    assert facts["richness"]["hapaxes"] == 4 and facts["lengths"]["documents"]["n"] == 3
    assert facts["duplicates"]["repeated"] == 0 and set(facts["languages"]["counts"]) == {"en"}
    roles = {item["column"]: item["roles"] for item in facts["columns"]}
    assert roles == {"date": ["date"], "kind": ["group"], "file": []}


@pytest.mark.parametrize("texts", [["word"], ["a b"], ["", "x"], ["same same", "same same", "SAME same"]])
def test_the_smallest_corpora_have_an_overview(store, texts):
    corpus = store.add_corpus(Corpus.from_texts(texts, language="en"), "Small")
    facts = facts_of(corpora.overview, store, corpus.id)
    assert facts["lengths"]["documents"]["n"] == len(texts) and facts["richness"]["tokens"] == len(corpus_words(texts))


def corpus_words(texts):
    return " ".join(texts).split()


def test_lines_are_the_text_in_runs_of_its_words(store, tales):
    facts = facts_of(corpora.concordance, store, tales, "bank", window=3)
    assert (facts["hits"], facts["documents"]) == (4, 3)
    words, line = Store.corpus(store, tales).vocab, facts["lines"][0]
    assert (plain(line["left_runs"]), line["node"], plain(line["right_runs"])) == (
        "saw the river ",
        "bank",
        ". The king slept",
    )
    assert [words.words[kind] for text, kind in line["right_runs"] if kind >= 0] == ["the", "king", "slept"]
    assert all(words.words[kind] == text.lower() for text, kind in line["left_runs"] if kind >= 0)


@pytest.mark.parametrize("tokenizer", ["words", "characters"])
@pytest.mark.parametrize("lowercase", [True, False])
def test_runs_of_odd_words_are_the_whole_line(store, tokenizer, lowercase):
    corpus = Corpus.from_texts(ODD, language="en", tokenizer=tokenizer, lowercase=lowercase)
    row = store.add_corpus(corpus, "Odd words")
    for word in corpus.vocab.words:
        found = facts_of(corpora.concordance, store, row.id, "".join(f"\\{letter}" for letter in word))
        assert found["hits"] == corpus.vocab.counts[corpus.vocab.index(word)]
        for line in found["lines"]:
            assert plain(line["left_runs"]) == line["left"] and plain(line["right_runs"]) == line["right"]


def test_a_download_holds_the_lines_of_all_pages_in_their_order(store, tales):
    how = {"sort": "right", "descending": True, "window": 2}
    first = facts_of(corpora.concordance, store, tales, "the", page=0, size=5, **how)
    second = facts_of(corpora.concordance, store, tales, "the", page=1, size=5, **how)
    table = facts_of(corpora.all_lines, store, tales, "the", **how)["table"]
    shown = [line["begin"] for page in (first, second) for line in page["lines"]]
    assert table["begin"][:10] == shown and len(table["begin"]) == first["hits"] == 11
    assert table["group"].count("report") == 3 and "label" not in table


@pytest.mark.parametrize("how", [{"window": 0}, {"window": 51}, {"sort": "nothing"}])
def test_lines_that_cannot_be_are_a_problem(store, tales, how):
    with pytest.raises(Problem):
        facts_of(corpora.concordance, store, tales, "the", **how)


@pytest.mark.parametrize("query", ["", "   ", "*", "bonk", "/(/", "x" * 201, "zz*"])
def test_a_search_that_makes_no_sense_is_a_problem(store, tales, query):
    for question in (corpora.concordance, corpora.all_lines, corpora.collocations):
        with pytest.raises(Problem):
            facts_of(question, store, tales, query)


def test_a_corpus_that_is_gone_is_a_problem(store):
    with pytest.raises(Problem):
        facts_of(corpora.overview, store, "nothing")


def test_a_passage_marks_what_was_found(store, tales):
    [line] = facts_of(corpora.concordance, store, tales, "money-bank")["lines"]
    facts = facts_of(reading.passage, store, tales, line["position"], line["length"])
    assert facts["text"] == TALES[1][2] and facts["text"][facts["begin"] : facts["end"]] == "money-bank"


@pytest.mark.parametrize("query", ["nker s", "money.", "een.", "; the"])
def test_a_passage_of_a_search_in_the_text_marks_just_that(store, tales, query):
    for line in facts_of(corpora.concordance, store, tales, query, "text")["lines"]:
        where = {"document": line["document"], "begin": line["begin"], "end": line["end"]}
        facts = facts_of(reading.passage, store, tales, line["position"], line["length"], **where)
        assert facts["text"] == TALES[line["document"]][2]
        assert facts["text"][facts["begin"] : facts["end"]].lower() == query


def test_the_end_of_a_text_and_a_document_without_a_word_have_passages(store, tales):
    corpus = store.add_corpus(Corpus.from_texts(["the end!", "?!", "more"], language="en"), "Ends")
    lines = facts_of(corpora.concordance, store, corpus.id, "!", "text")["lines"]
    assert [line["document"] for line in lines] == [0, 1]
    for line, text in zip(lines, ("the end!", "?!")):
        where = {name: line[name] for name in ("document", "begin", "end")}
        facts = facts_of(reading.passage, store, corpus.id, line["position"], line["length"], **where)
        assert (facts["document"], facts["text"]) == (line["document"], text) and facts["text"][facts["begin"]] == "!"


def test_a_string_is_counted_as_a_word_inside_words_and_across_them(store, tales):
    facts = facts_of(corpora.occurrences, store, tales, "bank")
    assert (facts["as_word"], facts["in_longer"], facts["inside"]) == (4, 2, [["banker", 2]])
    assert facts_of(corpora.occurrences, store, tales, "r b")["across"] == 2


def test_a_page_is_the_document_with_its_hits(store, tales):
    facts = facts_of(reading.page, store, tales, 1, query="bank")
    assert plain(facts["runs"]) == TALES[1][2] and (facts["first"], facts["last"]) == (0, facts["length"])
    assert [run[0] for run in facts["runs"] if run[3]] == ["bank", "bank"] and facts["found"] == 2
    assert facts["places"] == [2, 29] and (facts["before"], facts["after"]) == (0, 2)
    assert facts_of(reading.page, store, tales, 0, query="money")["after"] == 1


@pytest.mark.parametrize("tint", ["rare", "key", "near"])
def test_a_page_is_tinted(store, tales, tint):
    facts = facts_of(reading.page, store, tales, 1, query="bank", tint=tint)
    tints = {text.lower(): tint for text, kind, tint, _hit in facts["runs"] if kind >= 0}
    assert max(tints.values()) == 1 and min(tints.values()) >= 0
    more, less = {"rare": ("they", "the"), "key": ("money", "saw"), "near": ("river", "said")}[tint]
    assert tints[more] > tints[less]


def test_a_lone_document_has_no_words_of_its_own(store):
    corpus = store.add_corpus(Corpus.from_texts(["one text alone, one text"], language="en"), "Alone")
    with pytest.raises(Problem, match="no other document"):
        facts_of(reading.page, store, corpus.id, 0, tint="key")


@pytest.mark.parametrize("document", [-1, 3, 10**9])
def test_a_document_that_is_not_there_is_a_problem(store, tales, document):
    with pytest.raises(Problem, match="no document"):
        facts_of(reading.page, store, tales, document)


def test_a_page_after_the_end_is_the_end(store, tales):
    facts = facts_of(reading.page, store, tales, 0, first=10**6)
    assert facts["first"] == facts["last"] == facts["length"] and facts["runs"] == []


def test_collocates_are_counted_by_side(store, tales):
    facts = facts_of(corpora.collocations, store, tales, "bank", left=1, right=1, min_count=2)
    table = facts["table"]
    assert facts["hits"] == 4 and dict(zip(table["word"], zip(table["left"], table["right"]))) == {"river": (2, 0)}
    assert facts_of(corpora.collocations, store, tales, "slept", min_count=9)["table"]["word"] == []


def test_pairs_stand_side_by_side(store, tales):
    table = facts_of(corpora.pairs, store, tales, min_count=3, sort="count")["table"]
    found = {(first, second): n for first, second, n in zip(table["first"], table["second"], table["count"])}
    assert found == {("the", "king"): 3, ("the", "river"): 3, ("saw", "the"): 4}


@pytest.mark.parametrize(("by", "names", "counts"), [
    ("documents", ["1", "2", "3"], [1, 2, 1]), ("dates", ["1812", "1813", "1814", "1815"], None),
    ("groups", ["tale", "report"], [2, 2]),
])  # fmt: skip
def test_trends_count_at_each_place(store, tales, by, names, counts):
    facts = facts_of(corpora.trends, store, tales, ["bank", "bonk"], by=by)
    table = facts["table"]
    assert set(table["name"]) <= set(names) and sum(table["count"]) == 4 and set(table["word"]) == {"bank"}
    assert counts is None or table["count"] == counts
    assert [problem["values"]["word"] for problem in facts["missing"]] == ["bonk"] and facts["first"] == "bank"
    assert sum(facts["barcode"]["count"]) == 4 and facts["spread"]["bank"]["within"] > 0


def test_trends_of_words_that_are_all_missing_say_which(store, tales):
    facts = facts_of(corpora.trends, store, tales, ["bonk", "/(/"])
    assert len(facts["missing"]) == 2 and "table" not in facts


def test_trends_of_a_search_in_the_text_count_the_text(store, tales):
    facts = facts_of(corpora.trends, store, tales, ["oney"], by="documents", mode="text")
    assert facts["table"]["count"] == [0, 2, 0] and not facts["missing"]


def test_keywords_of_a_group_are_those_it_uses_more(store, tales):
    facts = facts_of(corpora.keyness, store, tales, column="kind", values=["report"], min_count=2)
    table = facts["table"]
    assert facts["tokens"] == [15, 24] and facts["documents"] == [1, 2] and table["word"][0] == "a"
    assert np.sign(table["log_likelihood"][table["word"].index("king")]) == -1
    other = facts_of(corpora.keyness, store, tales, column="date", values=["1812"], other_values=["1815"])
    assert other["documents"] == [2, 1]


@pytest.mark.parametrize("groups", [
    {"column": "nothing", "values": ["x"]}, {"column": "kind", "values": []},
    {"column": "kind", "values": ["tale", "report"]}, {"column": "kind", "values": ["tale"], "other_values": ["poem"]},
])  # fmt: skip
def test_sides_without_documents_are_a_problem(store, tales, groups):
    with pytest.raises(Problem):
        facts_of(corpora.keyness, store, tales, **groups)


def test_corpora_cut_otherwise_are_not_compared(store, tales, odd):
    with pytest.raises(Problem, match="another tokeniser"):
        facts_of(corpora.keyness, store, tales, other_id=odd)
    facts = facts_of(corpora.keyness, store, tales, other_id=tales, min_count=1)
    assert facts["key"] == 0 and len(facts["table"]["word"]) == 14


def test_labels_are_found_and_what_is_not_is_said(store, tales):
    text = "the river **bank**. The king\triver\nA money-**bank**\tmoney\nno such **place**\tx"
    facts = facts_of(labels.labels_found, store, tales, "mine", text=text)
    assert facts["table"]["label"] == ["river", "money"] and len(facts["notes"]) == 1
    assert facts["table"]["document"] == [0, 1]


def test_labels_come_from_a_table(store, tales, tmp_path):
    (tmp_path / "upload").write_text("document,start,end,label\n1,2,6,river\n1,29,33,money\n")
    facts = facts_of(labels.labels_found, store, tales, "labels.csv", path=str(tmp_path / "upload"))
    assert list(zip(*facts["table"].values()))[0] == (1, 2, 6, "river") and facts["notes"] == []


@pytest.mark.parametrize("text", ["nothing marked here", "no such **place**\tx"])
def test_labels_of_nothing_are_a_problem(store, tales, text):
    with pytest.raises(Problem):
        facts_of(labels.labels_found, store, tales, "mine", text=text)
