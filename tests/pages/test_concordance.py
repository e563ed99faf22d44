"""The concordance: a word, a phrase or a pattern in its contexts; counts, orders, pages; the way into a document."""

import pytest

from pages.widgets.contexts import PAGE
from pages.widgets.tables import as_search
from tests.pages.conftest import button, cells, corpus_id, sent, shown, translated, until


def opened(open_page, home, name="Letters", language="en", **link):
    """The page with the lines of a search."""
    corpus = corpus_id(home, name)
    page = open_page("concordance", language, corpus=corpus, **link)
    return until(page, lambda page: not page.get("progress")), corpus


def found(page, corpus):
    """The lines, each (left, node, right)."""
    lines = sent(page, f"lines-{corpus}")["lines"]
    return [(plain(line["left"]), line["node"], plain(line["right"])) for line in lines]


def plain(runs):
    return "".join(run[0] for run in runs)


def search(page, text):
    page.text_input("search").set_value(text).run()
    return until(page, lambda page: not page.get("progress"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_empty_store_leads_to_a_corpus(open_page, empty_home, language):
    page = open_page("concordance", language)
    button(page, translated("Choose a corpus", language)).click().run()
    assert not page.exception and page.title[0].value == translated("Corpus", language)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", ["Letters", "水果", "Odd", "One word"])
def test_an_empty_search_offers_words(open_page, shelf_home, language, name):
    page, corpus = opened(open_page, shelf_home, name, language)
    offered = [each for each in page.button if str(each.key).startswith("suggested-")]
    assert offered and not page.exception
    word = offered[-1].key.removeprefix("suggested-")
    offered[-1].click().run()
    until(page, lambda page: page.get("bidi_component"))
    assert found(page, corpus)[0][1].lower() == word and page.query_params["q"] == as_search(word)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_word_stands_in_its_lines(open_page, shelf_home, language):
    page, corpus = opened(open_page, shelf_home, language=language, q="banker")
    said = translated("{hits} lines in {documents} documents", language).format(hits=10, documents=10)
    assert said in shown(page) and len(found(page, corpus)) == 10
    assert found(page, corpus)[0] == ("1801 the king wrote to the queen. The ", "banker",
                                      " counted the money of the town. A money")  # fmt: skip


@pytest.mark.parametrize(("query", "hits"), [
    ("BANKER", 10), ("the queen", 70), ("river bank|money", 30), ("the * of", 10), ("*stable", 2), ("/^un.*able$/", 4),
    ("un*|queen loved", 30), ("'king'", 40),
])  # fmt: skip
def test_phrases_and_patterns(open_page, shelf_home, query, hits):
    page, corpus = opened(open_page, shelf_home, q=query)
    assert not page.error and f"{hits} lines" in shown(page) and len(found(page, corpus)) == hits


def test_a_search_in_the_text_crosses_words(open_page, shelf_home):
    page, corpus = opened(open_page, shelf_home, q="ker counted", mode="text")
    assert {line[1] for line in found(page, corpus)} == {"ker counted"} and len(found(page, corpus)) == 10
    assert "**ker counted" not in shown(page) or "as a word" in shown(page)


def test_a_word_that_is_not_there_brings_those_spelled_like_it(open_page, shelf_home):
    page, _corpus = opened(open_page, shelf_home, q="bankar")
    assert "did you mean" in page.error[0].value and "banker" in page.error[0].value and not page.exception
    search(page, "banker")
    assert not page.error and "10 lines" in shown(page)


@pytest.mark.parametrize(("query", "mode"), [
    ("/(/", "words"), ("/a(?=b)/", "text"), ("*", "words"), ("* *", "words"), ("zz*", "words"), ("|", "words"),
    ("\\", "words"), (" ".join(["the"] * 21), "words"),
])  # fmt: skip
@pytest.mark.parametrize("view", ["lines", "collocations", "trends", "reader"])
def test_what_cannot_be_searched_gets_a_sentence(open_page, shelf_home, query, mode, view):
    page, _corpus = opened(open_page, shelf_home, q=query, mode=mode, show=view)
    assert len(page.error) + len(page.warning) >= 1 and not page.exception
    assert all(len(each.value) > 30 for each in [*page.error, *page.warning])


def test_nothing_found_is_said(open_page, shelf_home):
    page, _corpus = opened(open_page, shelf_home, q="nowhere at all", mode="text")
    assert not page.exception and "0 lines in 0 documents" in shown(page)


def test_a_word_is_counted_as_itself_inside_words_and_across(open_page, shelf_home):
    page, corpus = opened(open_page, shelf_home, "水果", q="苹果")
    counts = [part for part in shown(page).splitlines() if "badge" in part][0]
    assert "2 as a word" in counts and "2 inside 1 longer words" in counts
    page.button("longer-苹果公司").click().run()
    until(page, lambda page: not page.get("progress"))
    assert {line[1] for line in found(page, corpus)} == {"苹果公司"}


def test_hundreds_of_lines_come_in_pages(open_page, shelf_home):
    page, corpus = opened(open_page, shelf_home, q="the")
    first = found(page, corpus)
    button(page, f"Next {PAGE}").click().run()
    until(page, lambda page: not page.get("progress"))
    assert len(first) == PAGE and found(page, corpus)[0] != first[0] and "lines 101 to" in shown(page)
    button(page, "Before").click().run()
    until(page, lambda page: not page.get("progress"))
    assert found(page, corpus) == first
    button(page, f"Next {PAGE}").click().run()
    page.selectbox("sort_choice").set_value("right").run()
    until(page, lambda page: not page.get("progress"))
    assert "lines 1 to 100" in shown(page)


def test_lines_are_put_in_order(open_page, shelf_home):
    page, corpus = opened(open_page, shelf_home, q="the", sort="right")
    rights = [line[2].split()[0] for line in found(page, corpus)]
    assert rights == sorted(rights) and rights[0] == "banker"
    page.toggle("down").set_value(True).run()
    until(page, lambda page: not page.get("progress"))
    assert [line[2].split()[0] for line in found(page, corpus)][0] == "town."


@pytest.mark.parametrize("sort", ["left", "document", "random", "kind", "date"])
def test_every_order_has_lines(open_page, shelf_home, sort):
    page, corpus = opened(open_page, shelf_home, q="king", sort=sort)
    assert len(found(page, corpus)) == 40 and not page.error
    assert bool([each for each in page.number_input if each.key == "lines-seed"]) == (sort == "random")


def test_the_window_is_as_wide_as_said(open_page, shelf_home):
    page, corpus = opened(open_page, shelf_home, q="banker", window="1")
    assert found(page, corpus)[0] == ("The ", "banker", " counted") and not sent(page, f"lines-{corpus}")["wide"]
    page.number_input("window").set_value(50).run()
    until(page, lambda page: not page.get("progress"))
    assert found(page, corpus)[0][0].startswith("In 1801")
    assert sent(page, f"lines-{corpus}")["wide"]


def test_a_line_that_is_clicked_shows_its_paragraph_and_leads_into_its_document(open_page, shelf_home):
    page, corpus = opened(open_page, shelf_home, q="queen")
    line = sent(page, f"lines-{corpus}")["lines"][5]
    page.session_state[f"lines-{corpus}"] = {"click": {"line": line["id"]}}
    page.run()
    until(page, lambda page: not page.get("progress"))
    assert page.query_params["line"] == line["id"] and sent(page, f"lines-{corpus}")["here"] == line["id"]
    document = line["id"].partition(".")[0]
    assert f"Document {document} · " in shown(page) and ":orange[**queen**]" in shown(page)
    button(page, "Open the document here").click().run()
    until(page, lambda page: not page.get("progress"))
    runs = sent(page, f"reader-{corpus}")["page"]
    [[text, *_rest]] = [run for run in runs if run[3] == 2]
    assert page.query_params["document"] == document and text == "queen"


def test_a_word_that_is_clicked_becomes_the_search(open_page, shelf_home):
    page, corpus = opened(open_page, shelf_home, q="counted")
    left = sent(page, f"lines-{corpus}")["lines"][0]["left"]
    word, kind = next(run for run in left if run[0] == "banker")
    page.session_state[f"lines-{corpus}"] = {"click": {"word": kind}}
    page.run()
    until(page, lambda page: not page.get("progress"))
    assert page.query_params["q"] == "banker" and page.text_input("search").value == "banker"


def test_words_are_data_in_every_part(open_page, shelf_home):
    page, corpus = opened(open_page, shelf_home, q="bold")
    assert any("<b>" in left for left, _node, _right in found(page, corpus))
    text = "\n".join(str(each.value) for each in [*page.markdown, *page.caption])
    assert "<b>" not in text.replace("\\<b\\>", "") and "$x$" not in text


@pytest.mark.parametrize("name", ["*", "|", "/", "\\", "<", "$", "=", "@", "…"])
def test_signs_are_words_where_every_character_is_one(open_page, shelf_home, name):
    page, _corpus = opened(open_page, shelf_home, "Odd", q=as_search(name))
    assert not page.exception and (page.error or " lines in " in shown(page))
    assert bool(page.error) == (name == "\\")


def test_all_lines_can_be_taken_along(open_page, shelf_home, taken):
    page, _corpus = opened(open_page, shelf_home, q="king")
    page.toggle("take").set_value(True).run()
    until(page, lambda page: "concordance.csv" in taken)
    header, *rows = cells(taken["concordance.csv"])
    assert len(rows) == 40 and {"left", "node", "right", "title", "document"} <= set(header)
    assert rows[0][header.index("title")] == '\'=cmd("x")' and rows[1][header.index("group")] == "'-tale"


@pytest.mark.parametrize(
    "link",
    [
        {"window": "x"}, {"window": "99"}, {"sort": "<b>"}, {"mode": "x"}, {"show": "x"}, {"line": "a.b"},
        {"corpus": "nothing"}, {"show": "reader", "document": "-1", "at": "x"},
        {"show": "reader", "document": "99999999999999999999", "at": "99999999999999999999"},
        {"show": "trends", "over": "groups:nothing", "segments": "1"},
        {"show": "collocations", "score": "x", "span-left": "99"},
    ],
)  # fmt: skip
def test_a_link_with_nonsense_still_opens(open_page, shelf_home, link):
    page = open_page("concordance", **({"corpus": corpus_id(shelf_home, "Letters"), "q": "king"} | link))
    until(page, lambda page: page.get("bidi_component"))
    assert not page.exception and not page.error


@pytest.mark.parametrize("name", ["One word", "One document", "Odd", "水果"])
@pytest.mark.parametrize("view", ["lines", "collocations", "trends", "reader"])
def test_every_view_of_every_corpus_stands(open_page, shelf_home, name, view):
    words = {"One word": "word", "One document": "father", "Odd": "x", "水果": "苹果"}
    page, _corpus = opened(open_page, shelf_home, name, q=words[name], show=view)
    assert not page.exception and not page.error
    assert page.get("bidi_component") or (view == "collocations" and page.info)
