"""One word in two corpora: both in one picture, numbers beside what chance gives, sentences of each; what cannot be."""

import json
import re

import pytest

from core.corpus import Corpus
from core.store import Store
from pages.widgets.senses_request import Request
from tests.pages.conftest import cells, click, drawn, points, shown, translated, until
from tests.pages.test_senses import MONEY, RIVER, corpus_of, home, opened, senses  # noqa: F401

LINK = {"senses": "beside", "sides": "corpora"}


@pytest.fixture
def other(home):  # noqa: F811
    """A second corpus, where all banks are of money, and one without any."""
    store = Store(home)
    if not any(row.name == "Money" for row in store.corpora()):
        texts = [text.format(n=i) for i in range(9) for text in MONEY]
        store.add_corpus(Corpus.from_texts(texts, language="en"), "Money")
        store.add_corpus(Corpus.from_texts(["nothing"] * 3, language="en"), "Empty")
    store.close()
    return corpus_of(home, "Money")


def picture(page, home, **more) -> str:  # noqa: F811
    """The key of the cloud of both, once it is there."""
    first, second = (Request(corpus_of(home, name), "bank", **more).key for name in ("Banks", "Money"))
    key = f"corpora-{first}-{second}-bert-002"
    until(page, lambda page: any(part.key == key for part in page.get("bidi_component")))
    return key


@pytest.mark.parametrize("language", ["en", "zh"])
def test_both_corpora_lie_in_one_picture_with_their_numbers(open_page, home, other, language, taken):  # noqa: F811
    page, _ = opened(open_page, home, language, other=other, **LINK)
    figure = drawn(page, picture(page, home))
    assert figure["data"][0]["x"]["shape"] == [48 + 18]
    assert {"Banks  48", "Money  18"} <= {trace.get("name") for trace in figure["data"]}
    assert figure["morph"]["names"][0].endswith("APD 0.00")
    until(page, lambda page: sum("corpora-lines" in (part.key or "") for part in page.get("bidi_component")) == 2)
    assert "Kutuzov" in shown(page) and not page.exception
    rows = cells(taken["senses-two-corpora.csv"])
    table = [dict(zip(rows[0], row)) for row in rows[1:]]
    assert [row["layer"] for row in table] == ["0", "1", "2"] and float(table[0]["prt"]) == pytest.approx(1)
    last = table[-1]
    assert float(last["cosine"]) == pytest.approx(1 / float(last["prt"])) and 0 < float(last["prt_p"]) <= 1
    within = (float(last["first_within"]) + float(last["second_within"])) / 2
    assert float(last["excess"]) == pytest.approx(float(last["apd"]) - within)


def test_whole_documents_are_dealt_out_another_measure_and_layer_taken(open_page, home, other):  # noqa: F811
    page, _ = opened(open_page, home, other=other, deal="documents", measure="apd", layer="1", **LINK)
    picture(page, home)
    assert "deals of whole documents" in shown(page) and "Layer 1: APD " in shown(page)


def test_a_point_of_the_second_corpus_is_its_line(open_page, home, other):  # noqa: F811
    page, _ = opened(open_page, home, other=other, **LINK)
    key = picture(page, home)
    click(page, key, 50, 1).run()
    until(page, lambda page: "two" in page.query_params)
    assert re.sub(r"\D", "", str(page.query_params["two"])) == "50" and not page.exception


def test_a_filter_narrows_both(open_page, home, other):  # noqa: F811
    keep = json.dumps({"right": ["lent"]})
    page, _ = opened(open_page, home, other=other, keep=keep, **LINK)
    assert points(page, picture(page, home, keep=keep)) == 12 + 9
    assert "12 of 48 occurrences" in shown(page) and "9 of 18 occurrences" in shown(page)
    page, _ = opened(open_page, home, other=other, keep='{"right": ["of"]}', **LINK)
    until(page, lambda page: "None of 18 occurrences" in shown(page))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_cannot_be_compared_is_said(open_page, home, other, language):  # noqa: F811
    page, _ = opened(open_page, home, language, other=other, run="word2vec-001", **LINK)
    said = "This run has one vector a word, the same in every corpus: choose a run that reads contexts."
    assert translated(said, language) in [each.value for each in page.info]
    page, _ = opened(open_page, home, language, other=corpus_of(home, "Empty"), **LINK)
    until(page, lambda page: "bank" in "".join(each.value for each in page.error))
