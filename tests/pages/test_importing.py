"""Vectors from elsewhere on the Runs page: looked at, refused or brought in, then a run like any other."""

import numpy as np
import pytest

from core.store import Store
from tests.pages.conftest import bring, button, finish, given, sent, shown, translated, until

TEXT = "".join(f"{word} {i} {i * 0.5} {1 - i}\n" for i, word in enumerate(["the", "<b>king</b>", "queen", "北京"]))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_place_for_vectors_opens_and_closes(open_page, empty_home, language):
    page = open_page("runs", language)
    button(page, translated("Import vectors", language)).click().run()
    assert page.query_params["add"] in ("vectors", ["vectors"]) and not page.exception
    assert sent(page, "vectors")["most_files"] == 2 and translated("What such a file looks like", language)[:4]
    button(page, translated("Close", language)).click().run()
    assert "add" not in page.query_params


def test_a_file_is_looked_at_and_becomes_a_run(open_page, own_home):
    page = given(open_page("runs", add="vectors"), "vectors", bring(own_home, "glove.mine.txt", TEXT.encode()))
    page = until(page, lambda page: [each for each in page.button if each.key == "import"])
    lines = next(each.value for each in page.dataframe if "word" in each.value.columns)
    assert lines["word"].tolist() == ["the", "<b>king</b>", "queen", "北京"] and "× 3 numbers" in shown(page)
    page.button(key="import").click().run()
    store = Store(own_home)
    run = store.runs()[0]
    assert (run.kind, run.state, run.name, run.options["format"]) == ("import", "queued", "glove", "glove")
    finish(store, run.id)
    page.run()
    assert "glove is here: 4 words" in page.success[0].value and not page.exception
    assert store.vectors(run.id).tolist()[1] == [1, 0.5, 0]
    assert "Imported vectors" in page.dataframe[0].value["Encoder"].tolist()


def test_what_cannot_be_read_is_a_sentence_and_the_page_stands(open_page, own_home):
    page = given(open_page("runs", add="vectors"), "vectors", bring(own_home, "a.txt", b"999999999 300\nthe 1 2\n"))
    page = until(page, lambda page: page.error)
    assert "1 to 5000000 can be read" in page.error[0].value and not page.exception
    assert not [each for each in page.button if each.key == "import"] and len(page.dataframe) >= 1


def test_another_format_is_chosen(open_page, own_home):
    page = given(open_page("runs", **{"add": "vectors", "vector-format": "word2vec"}), "vectors",
                 bring(own_home, "a.txt", TEXT.encode()))  # fmt: skip
    page = until(page, lambda page: page.error)
    assert "Line 1 of a.txt should hold two numbers" in page.error[0].value


@pytest.fixture
def brought(own_home):
    """The home with imported vectors of 60 words."""
    store = Store(own_home)
    vectors = np.random.default_rng(0).standard_normal((60, 5))
    words = ["king", "queen", "man", "woman", *(f"word{i}" for i in range(56))]
    text = "".join(f"{word} {' '.join(map(str, row))}\n" for word, row in zip(words, vectors))
    upload = bring(own_home, "mine.vec", text.encode())
    from core.store import inbox
    from core.store.importing import ImportSettings

    path = inbox.find(own_home, upload).path
    finish(store, store.queue_import([(path, "mine.vec")], ImportSettings(format="glove"), "Mine"))
    store.close()
    return own_home


@pytest.mark.parametrize("page_name", ["map", "evaluate", "runs", "home", "train", "spaces", "neighbours"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_imported_run_is_shown_like_any_other(open_page, brought, page_name, language):
    page = open_page(page_name, language, run="imported-001", watch="imported-001")
    page = until(page, lambda page: page_name == "train" or not page.get("progress"))  # there, one is always drawn
    assert not page.exception and not page.error, shown(page)


def test_the_runs_page_says_what_it_is(open_page, brought):
    page = open_page("runs")
    assert "learn nothing more" in shown(page) and "V / rank" in shown(page)
    assert not [each for each in page.get("popover") if "Go on" in str(each)]
    assert [each.proto.url for each in page.get("link_button")][0] == "export?run=imported-001&kind=safetensors&lang=en"
