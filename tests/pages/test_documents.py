"""Documents: a map of them, one pointed at, a selection; classes told apart, errors read, a text typed; bad columns."""

import pytest

from tests.pages.conftest import button, cells, click, corpus_id, drawn, points, sent, shown, translated, until

CLASSIFY = {"look": "classify", "label": "kind", "sets": "one-hot,tf-idf"}
PCA = '{"method": "pca"}'


def opened(open_page, home, name="Letters", language="en", **link):
    return waited(open_page("documents", language, corpus=corpus_id(home, name), **link))


def waited(page):
    return until(page, lambda page: not page.get("progress"))


def key_of(home, name="Letters"):
    return f"documents-of-{corpus_id(home, name)}"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_empty_store_leads_to_a_corpus(open_page, empty_home, language):
    page = open_page("documents", language)
    button(page, translated("Choose a corpus", language)).click().run()
    assert page.title[0].value == translated("Corpus", language)


@pytest.mark.parametrize("paint", ["column:kind", "date", "length", "column:gone"])
def test_every_document_is_a_point_in_each_colour(open_page, shelf_home, paint):
    page = opened(open_page, shelf_home, layout=PCA, paint=paint)
    assert not page.exception and not page.error
    assert points(page, key_of(shelf_home)) == 40 and "40 of 40 documents" in shown(page)


def test_umap_comes_after_a_first_picture(open_page, shelf_home):
    page = opened(open_page, shelf_home)
    assert not page.exception and "UMAP, seed 0" in shown(page) and "a random map" in shown(page)


def test_a_clicked_document_shows_its_text_and_its_nearest(open_page, shelf_home):
    page = opened(open_page, shelf_home, layout=PCA)
    waited(click(page, key_of(shelf_home), 4, 1).run())
    assert page.query_params["document"] in ("5", ["5"]) and not page.exception
    text = "".join(run[0] for run in sent(page, f"document-{corpus_id(shelf_home, 'Letters')}")["page"])
    assert "In 1805 the king wrote" in text and "<b>bold</b> $x$" in text
    assert len(page.dataframe[0].value) == 8 and page.dataframe[0].value["cosine"].is_monotonic_decreasing


def test_a_selection_has_its_words_and_its_file(open_page, shelf_home, taken):
    page = opened(open_page, shelf_home, layout=PCA)
    page.session_state[key_of(shelf_home)] = {"event": {"selected": list(range(0, 40, 4))}}
    waited(page.run())
    assert not page.exception and set(page.dataframe[0].value["word"][:3]) <= {
        "banker",
        "counted",
        "money",
        "town",
        "of",
    }
    header, *rows = cells(taken["documents.csv"])
    assert len(rows) == 10 and {row[header.index("column kind")] for row in rows} == {"report"}
    assert cells(taken["over-represented.csv"])[1][0] in ("banker", "counted", "money", "town", "of")


@pytest.mark.parametrize("name", ["One document", "One word", "Odd"])
def test_too_few_documents_are_a_sentence(open_page, shelf_home, name):
    page = opened(open_page, shelf_home, name)
    assert not page.exception and "at least 10 documents" in page.error[0].value


@pytest.mark.parametrize("link", [{"document": "999"}, {"document": "x"}, {"layout": "{"}, {"vectors": "mean:gone"},
                                  {"look": "gone"}, {"layout": '{"words": 0}'}])  # fmt: skip
def test_a_strange_link_opens_the_map(open_page, shelf_home, link):
    page = opened(open_page, shelf_home, **{"layout": PCA, **link})
    assert not page.exception and not page.error and points(page, key_of(shelf_home)) == 40


@pytest.mark.parametrize("language", ["en", "zh"])
def test_kinds_are_told_apart_and_the_baseline_is_said(open_page, shelf_home, language):
    page = opened(open_page, shelf_home, language=language, **CLASSIFY)
    assert not page.exception and not page.error and "75.0%" in shown(page)
    assert [len(trace["x"]["shape"]) for trace in drawn(page, "class-dots")["data"][:1]] == [1]
    assert any(name.startswith("confusion-") for name in keys(page))


def keys(page):
    return [part.key for part in page.get("bidi_component")]


def test_a_cell_lists_its_documents_to_read(open_page, shelf_home):
    page = opened(open_page, shelf_home, cell="0-0", **CLASSIFY)
    listed = page.dataframe[-1].value
    assert len(listed) == 30 and set(listed["true"]) == set(listed["predicted"]) == {"-tale"}
    assert "was recognised" in shown(page) and any(name.endswith("-bars") for name in keys(page))


@pytest.mark.parametrize(
    ("cell", "said"), [({"cell": "1-0"}, "There is no such document"), ({}, "There are no errors")]
)
def test_no_errors_are_said_to_be_none(open_page, shelf_home, cell, said):
    page = opened(open_page, shelf_home, **cell, **CLASSIFY)
    assert not page.exception and said in page.info[0].value


def test_each_class_has_its_words(open_page, shelf_home, taken):
    opened(open_page, shelf_home, part="words", **CLASSIFY)
    header, *rows = cells(taken["class-words.csv"])
    words = {row[header.index("word")] for row in rows if row[header.index("class")] == "report"}
    assert {"banker", "town", "counted"} <= words


def test_a_typed_text_is_classified_at_once(open_page, shelf_home):
    page = opened(open_page, shelf_home, part="text", **CLASSIFY)
    waited(page.text_area[0].set_value("<b>The banker</b> counted $money$").run())
    assert "**report**" in shown(page) and not page.exception
    text = "".join(run[0] for run in sent(page, "typed-why-text")["page"])
    assert text == "<b>The banker</b> counted $money$"
    waited(page.text_area[0].set_value("xyzzy").run())
    assert "No word of this document" in page.error[0].value


def test_an_example_fills_the_box(open_page, shelf_home):
    page = opened(open_page, shelf_home, part="text", **CLASSIFY)
    waited(button(page, "Try a document of the corpus").click().run())
    assert "the king wrote" in page.text_area[0].value and not page.exception


def test_of_many_classes_those_with_the_most_errors_are_shown(open_page, own_home):
    from core.corpus import Corpus
    from core.store import Store

    texts = [f"word{i} and word{i} {more}" for i in range(60) for more in ("again", "word0", "so")]
    corpus = Corpus.from_texts(texts, language="en", labels=[f"class {i:02}" for i in range(60) for _ in range(3)])
    Store(own_home).add_corpus(corpus, "Many")
    page = opened(open_page, own_home, "Many", look="classify", label="label", sets="one-hot")
    key = next(name for name in keys(page) if name.startswith("confusion-"))
    names = drawn(page, key)["layout"]["yaxis"]["ticktext"]
    assert "Of 60 classes, the 40 with the most errors are shown." in shown(page) and len(names) == 40
    page.session_state[key] = {"event": {"cell": [39, 39], "click_count": 1}}
    assert waited(page.run()).query_params["cell"] == "-".join([str(int(names[39][-2:]))] * 2)


def test_without_a_column_there_is_nothing_to_classify(open_page, shelf_home):
    page = opened(open_page, shelf_home, "Others", look="classify")
    assert "no column whose values repeat" in page.info[0].value
    button(page, "Add a corpus").click().run()
    assert page.title[0].value == "Corpus"


def test_without_features_there_is_a_sentence(open_page, shelf_home):
    page = opened(open_page, shelf_home, **CLASSIFY)
    page.multiselect[0].set_value([]).run()
    assert not page.exception and "at least one set of features" in page.info[0].value
    page.multiselect[0].set_value(["counts"]).run()
    assert "held-out documents" in shown(waited(page)) and page.query_params["sets"] in ("counts", ["counts"])
