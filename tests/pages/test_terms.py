"""Terms: rankings and their arithmetic, pictures, cats in company, search; what is odd or missing is a sentence."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.corpus import Corpus
from core.encoders.tfidf import FORMULAS
from core.store import Store
from core.store.queue import Queue
from core.store.samples import samples
from tests.pages.conftest import (
    FRUIT,
    ODD,
    button,
    cells,
    click,
    corpus_id,
    drawn,
    end_processes,
    finish,
    letter,
    new_home,
    quoted,
    sent,
    shown,
    tales,
    translated,
    until,
    using,
)

ONE_GROUP = [("same", "the cat sat"), ("same", "the dog ran"), ("same", "")]
PLAIN = {"idf": "plain", "norm": "none"}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory) -> Iterator[Path]:
    """A home with corpora, hostile ones among them, a run of TF-IDF over each, and the cats."""
    folder = tmp_path_factory.mktemp("terms")
    home, store = new_home(folder / "home"), Store(folder / "home")
    rows = [("title", "date", "kind", "text"), *(letter(i) for i in range(40))]
    (folder / "letters.csv").write_text("\n".join(",".join(map(quoted, row)) for row in rows), encoding="utf-8")
    roles = {"text_column": "text", "title_column": "title", "date_column": "date", "group_column": "kind"}
    labels, texts = zip(*ONE_GROUP)
    for name, corpus, options in (
        ("Letters", Corpus.from_files([folder / "letters.csv"], language="en", **roles), {}),
        ("Plain", Corpus.from_texts(["the cat", "the dog", "the cat and the mouse"], language="en"), PLAIN),
        ("One group", Corpus.from_texts(list(texts), labels=list(labels), language="en"), {}),
        ("One document", Corpus.from_texts(tales(1), language="en"), {}),
        ("Odd", Corpus.from_texts(ODD, language="en", tokenizer="characters"), {}),
        ("水果", Corpus.from_texts(FRUIT, language="zh", tokenizer="chinese"), {"tf": "bm25", "idf": "bm25"}),
    ):
        row = store.add_corpus(corpus, name)
        finish(store, store.queue_train("tfidf", options, row.id, min_count=1, name=f"{name} weighed"))
    for file in ("en-cats.tsv.gz", "zh-cats.tsv.gz"):
        add_sample(store, file)
    store.close()
    yield home
    end_processes(home)


def add_sample(store: Store, file: str) -> None:
    sample = samples()[file]
    named = {name: getattr(sample.settings, name) for name in ("language", "tokenizer", "text_column", "label_column")}
    corpus = Corpus.from_files([sample.path], min_count=1, **named)
    store.add_corpus(corpus, sample.name, "sample", {"files": [[f"sample:{file}", file]]})


@pytest.fixture
def home(shelf: Path) -> Iterator[Path]:
    with using(shelf, keep=True) as home:
        yield home


def opened(open_page, home, name="Letters", language="en", **link):
    """The page for the run over this corpus, once every question is answered."""
    store = Store(home)
    [run] = [each.id for each in store.runs() if each.name == f"{name} weighed"]
    store.close()
    return waited(open_page("terms", language, run=run, **link))


def waited(page):
    return until(page, lambda page: not page.get("progress"))


def in_link(page, name: str) -> str:
    value = page.query_params[name]
    return value if isinstance(value, str) else value[0]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_without_a_run_there_are_two_ways_on(open_page, empty_home, language):
    page = open_page("terms", language)
    button(page, translated("See it with cats", language)).click().run()
    assert button(page, translated("Read the cats", language)) and not page.exception
    page = open_page("terms", language)
    button(page, translated("Train TF-IDF", language)).click().run()
    assert page.title[0].value == translated("Train", language) and in_link(page, "encoder") == "tfidf"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_document_is_ranked_and_its_arithmetic_redone(open_page, home, taken, language):
    page = opened(open_page, home, language=language, document="9")
    assert not page.exception and not page.error
    header, *rows = cells(taken["terms.csv"])
    first = dict(zip(header, rows[0]))
    assert float(first["weight"]) == pytest.approx(
        float(first["tf"]) * float(first["idf"]) / float(first["norm"]), rel=1e-4
    )
    assert r"\mathrm{idf} &= \ln \frac{1 + N}{1 + n_t} + 1" in page.latex[0].value and "1 + 40" in page.latex[0].value
    assert len(drawn(page, "bars-document")["data"][0]["text"]) == len(rows) == 15


def test_a_click_on_a_bar_points_at_its_word_in_bars_formula_and_text(open_page, home):
    page = opened(open_page, home, document="9")
    table = page.dataframe[0].value
    store = Store(home)
    word = table["word"].iloc[3]
    index = store.vocab(in_link(page, "run")).index(word)
    store.close()
    click(page, "bars-document", index, 1).run()
    waited(page)
    assert in_link(page, "term") == word and page.subheader[0].value == word
    [marked, *_] = [run for run in sent(page, f"weighed-{corpus_id(home, 'Letters')}")["page"] if run[3] == 2]
    assert marked[0].casefold() == word and marked[1] == index


def test_a_word_clicked_in_the_text_is_taken_apart(open_page, home):
    page = opened(open_page, home, document="9")
    key = f"weighed-{corpus_id(home, 'Letters')}"
    kind = next(run[1] for run in sent(page, key)["page"] if run[0] == "banker")
    page.session_state[key] = {"click": {"word": kind}}
    waited(page.run())
    assert page.subheader[0].value == "banker" and in_link(page, "term") == "banker"
    page = open_page("terms", **{name: in_link(page, name) for name in page.query_params})
    assert waited(page).subheader[0].value == "banker"
    page.button("contexts").click().run()
    assert page.title[0].value == "Concordance" and in_link(page, "q") == "banker"


def test_text_typed_in_is_weighed_too(open_page, home):
    page = opened(open_page, home, of="text", own="the river banker and <b>zebra</b>")
    assert {"the", "river", "banker"} <= set(page.dataframe[0].value["word"])
    run = in_link(page, "run")
    assert "".join(each[0] for each in sent(page, f"weighed-own-{run}")["page"]) == "the river banker and <b>zebra</b>"
    page.text_input("own").set_value("zebra").run()
    assert "nothing has a weight" in waited(page).info[0].value
    page.text_input("own").set_value("").run()
    assert "Type a text" in waited(page).info[0].value


def test_groups_stand_side_by_side_and_one_alone(open_page, home, taken):
    page = opened(open_page, home, of="group", column="kind", within="50")
    assert len(drawn(page, "bars-report")["data"][0]["text"]) == len(drawn(page, "bars--tale")["data"][0]["text"]) == 8
    header, *rows = cells(taken["terms.csv"])
    assert len(rows) == 16 and {row[header.index("group")] for row in rows} == {"report", "'-tale"}
    page.button("group-report").click().run()
    waited(page)
    assert in_link(page, "group") == "report"
    assert {"banker", "counted"} <= set(page.dataframe[0].value["word"]) and r"\frac{f_{t,c}}{|c|}" in page.latex[
        0
    ].value
    button(page, "Compare with the others by log-likelihood").click().run()
    assert page.title[0].value == "Compare" and in_link(page, "column") == "kind"


def test_words_in_too_many_documents_are_not_listed(open_page, home):
    page = opened(open_page, home, of="group", column="kind", group="report", within="20")
    assert "banker" not in page.dataframe[0].value["word"].tolist() if page.dataframe else page.info
    page = opened(open_page, home, of="group", column="kind", group="report", within="100")
    assert "the" in page.dataframe[0].value["word"].tolist()


def test_the_whole_corpus_leads_to_its_documents(open_page, home):
    page = opened(open_page, home, of="corpus", within="100", term="banker")
    assert len(page.dataframe[0].value) == 15 and "10 of 40 documents" in shown(page)
    first = next(each for each in page.button if str(each.key).startswith("in-"))
    first.click().run()
    waited(page)
    assert in_link(page, "of") == "document" and page.subheader[0].value == "banker"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_blocks_are_drawn_and_a_cell_is_taken_apart(open_page, home, language):
    page = opened(open_page, home, language=language, terms="picture")
    figure = drawn(page, "blocks")
    rows, columns = figure["data"][0]["z"]["shape"]
    assert rows <= 30 and columns <= 30 and not page.exception
    page.session_state["blocks"] = {"event": {"cell": [1, 2], "click_count": 1}}
    waited(page.run())
    word = in_link(page, "term")
    assert page.subheader[0].value == word and page.latex and figure["layout"]["xaxis"]["ticktext"][2] == word


@pytest.mark.parametrize(
    ("of", "more"), [("document", {}), ("corpus", {"within": "100"}), ("group", {"column": "kind"})]
)
def test_a_cloud_of_any_scope(open_page, home, of, more):
    page = opened(open_page, home, terms="picture", picture="cloud", of=of, **more)
    trace = drawn(page, "cloud")["data"][0]
    assert len(trace["text"]) > 5 and not page.exception
    store = Store(home)
    word = trace["text"][2]
    index = store.vocab(in_link(page, "run")).index(word)
    store.close()
    click(page, "cloud", index, 1).run()
    assert not waited(page).exception and in_link(page, "term") == word


@pytest.mark.parametrize(("code", "word"), [("en", "cat"), ("zh", "猫")])
def test_the_cat_weighs_nothing_among_cats_and_most_in_company(open_page, home, code, word):
    page = opened(open_page, home, terms="background", cats=code)
    table = page.dataframe[0].value.set_index("word")
    assert table.loc[word, "weight"] == 0 and "16 / 16" in shown(page) and not page.exception
    page.slider("background").set_value(50).run()
    table = waited(page).dataframe[0].value
    assert table["word"].iloc[0] == word and table["n"].iloc[0] == 66 and table["df"].iloc[0] == 16


def test_a_bar_among_cats_leads_to_its_contexts(open_page, home, taken):
    page = opened(open_page, home, terms="background", cats="en")
    corpus = corpus_id(home, samples()["en-cats.tsv.gz"].name)
    header, *rows = cells(taken["pasted.csv"])
    assert header == ["word", "count", "none", "l1", "l2"] and len(rows) == 10
    word, index, *_ = cells(taken["background.csv"])[1]
    waited(click(page, f"company-{corpus}", int(index), 1).run())
    assert page.title[0].value == "Concordance" and in_link(page, "q") == word and in_link(page, "corpus") == corpus


@pytest.mark.parametrize("idf", ["smooth", "plus one", "none"])
def test_another_idf_is_said_to_differ(open_page, home, idf):
    page = opened(open_page, home, terms="background", cats="en", idf=idf)
    table = page.dataframe[0].value.set_index("word")
    assert FORMULAS["idf"][idf].replace("@N", "N").replace("@n", "n_t") in page.latex[0].value
    assert table.loc["cat", "weight"] > 0 and "stands in all 16 documents, and weighs" in shown(page)


def test_pasting_doubles_counts_and_not_divided_weights(open_page, home):
    key = f"pasted-%s-{corpus_id(home, samples()['en-cats.tsv.gz'].name)}"
    texts = {}
    for times in ("1", "2"):
        page = opened(open_page, home, terms="background", cats="en", times=times)
        texts[times] = {norm: drawn(page, key % norm)["data"][0]["text"] for norm in ("count", "none", "l1", "l2")}
    assert [float(each) for each in texts["2"]["count"]] == [2 * float(each) for each in texts["1"]["count"]]
    assert texts["2"]["none"] != texts["1"]["none"]
    assert texts["2"]["l1"] == texts["1"]["l1"] and texts["2"]["l2"] == texts["1"]["l2"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_query_ranks_documents_twice_and_says_why(open_page, home, taken, language):
    page = opened(open_page, home, language=language, terms="search", query="banker queen xyzzy")
    traces = drawn(page, "search-answers")["data"]
    assert {trace["name"] for trace in traces} == {"banker", "queen"} and "xyzzy" in shown(page)
    header, *rows = cells(taken["search.csv"])
    assert header == ["by", "rank", "document", "name", "score", "word", "part"]
    assert {row[0] for row in rows} == {"cosine", "BM25"}
    click(page, "search-answers", 4, 1).run()
    waited(page)
    assert in_link(page, "document") == "5" and page.subheader[0].value == "Letter 4"
    marked = {run[0] for run in sent(page, f"weighed-{corpus_id(home, 'Letters')}")["page"] if run[3]}
    assert marked == {"banker", "queen"}
    button(page, translated("Rank its terms", language)).click().run()
    assert waited(page).latex and in_link(page, "terms") == "rankings"


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("xyzzy", "xyzzy: no word of this vocabulary"),
        ("qeen", "did you mean queen"),
        ("…", "There is no word"),
        ("<b>$x$</b>", ""),
    ],  # fmt: skip
)
def test_a_query_of_unknown_words_is_a_sentence(open_page, home, query, said):
    page = opened(open_page, home, terms="search", query=query)
    assert not page.exception and said in "".join(each.value for each in page.error)


def test_one_document_is_said_to_tell_nothing_apart(open_page, home):
    for link in ({}, {"of": "corpus", "within": "100"}, {"terms": "picture"}):
        page = opened(open_page, home, "One document", **link)
        assert not page.exception and (page.error or "learned from one document" in page.info[0].value), link


def test_an_empty_document_and_a_column_with_one_value_are_said(open_page, home):
    page = opened(open_page, home, "One group", document="3")
    assert "nothing has a weight" in page.info[0].value and "This document is empty" in shown(page)
    page = opened(open_page, home, "One group", of="group", column="label")
    assert "no column with two or more values" in page.info[0].value and not page.exception


def test_a_word_in_every_document_weighs_nothing_by_plain_idf(open_page, home):
    page = opened(open_page, home, "Plain", document="3", term="the")
    assert page.dataframe[0].value.set_index("word").loc["the", "weight"] == 0
    assert r"\mathbf{0}" in page.latex[0].value
    page = opened(open_page, home, "Plain", terms="search", query="the")
    assert "By cosine nothing" in page.info[0].value and drawn(page, "search-answers")


@pytest.mark.parametrize("name", ["Odd", "水果", "One document"])
@pytest.mark.parametrize(
    "link",
    [{}, {"of": "corpus", "within": "100"}, {"terms": "picture"}, {"terms": "picture", "picture": "cloud"},
     {"of": "text", "own": "<b> $x$ 苹果"}],
    ids=str,
)  # fmt: skip
def test_every_view_of_odd_corpora_stands(open_page, home, name, link):
    page = opened(open_page, home, name, **link)
    assert not page.exception
    text = "\n".join(str(each.value) for each in [*page.markdown, *page.caption, *page.subheader])
    assert "<b>" not in text.replace("\\<b\\>", "") and "$x$" not in text


@pytest.mark.parametrize(
    "link",
    [
        {"terms": "x"}, {"of": "x"}, {"document": "-1"}, {"document": "99999999999999999999"}, {"term": "<b>"},
        {"of": "group", "column": "nothing", "group": "nothing"}, {"within": "x"}, {"top": "x"},
        {"terms": "picture", "picture": "x", "over": "nothing", "rows": "999"}, {"terms": "background", "cats": "x"},
        {"terms": "background", "background": "999", "cat": "x", "times": "x", "idf": "<b>"},
        {"terms": "search", "query": "king", "found": "x", "document": "x"},
    ],
    ids=str,
)  # fmt: skip
def test_a_link_with_nonsense_still_opens(open_page, home, link):
    page = opened(open_page, home, **link)
    assert not page.exception and not page.error and page.get("bidi_component")


def test_a_run_outlives_its_corpus(open_page, home, shelf):
    store = Store(shelf)
    row = store.add_corpus(Corpus.from_texts(["the cat sat", "the dog ran far"], language="en"), "Gone")
    finish(store, store.queue_train("tfidf", {}, row.id, min_count=1, name="Gone weighed"))
    store.delete_corpus(row.id)
    assert Queue(store).purge(time.time() + 1) == [row.id]
    store.close()
    for link in ({"document": "2"}, {"of": "corpus", "within": "100"}, {"terms": "picture"},
                 {"terms": "search", "query": "dog"}):  # fmt: skip
        page = opened(open_page, home, "Gone", **link)
        assert not page.exception and not page.error and page.get("bidi_component"), link
