"""What the numbers of a vector stand for: equal distances under one-hot, words at both ends of LSA's dimensions."""

import pytest

from core.store import Store
from tests.pages.conftest import button, cells, click, drawn, finish, shown, translated, until


@pytest.fixture
def trained(own_home):
    """A store with a run of one-hot and one of LSA."""
    store = Store(own_home)
    corpus = store.corpora()[0].id
    finish(store, store.queue_train("onehot", {}, corpus, min_count=3))
    finish(store, store.queue_train("lsa", {"dim": 8}, corpus, min_count=3))
    return store


@pytest.mark.parametrize("language", ["en", "zh"])
def test_without_such_a_run_there_is_a_way_to_one(open_page, empty_home, language):
    page = open_page("dimensions", language)
    button(page, translated("Train LSA", language)).click().run()
    assert page.title[0].value == translated("Train", language)


def test_words_stand_equally_far_from_each_other(open_page, trained):
    page = open_page("dimensions", run="onehot-001", words="king queen daughter")
    page = until(page, lambda page: page.get("bidi_component"))
    assert "1.414" in str(drawn(page, "distances-3")) and "at a right angle" in shown(page)


@pytest.mark.parametrize(
    ("words", "said"), [("king zyzzyva", "zyzzyva is not in the vocabulary"), ("king", "Type two")]
)
def test_too_few_or_unknown_words_are_a_sentence(open_page, trained, words, said):
    page = open_page("dimensions", run="onehot-001", words=words)
    assert said in shown(page) and not page.exception


def test_a_dimension_is_chosen_and_its_words_stand_at_both_ends(open_page, trained, taken):
    page = until(open_page("dimensions", run="lsa-001"), lambda page: len(page.get("bidi_component")) == 2)
    click(page, "explained-lsa-001", 2, 1).run()
    page = until(page, lambda page: len(page.get("bidi_component")) == 2)
    assert page.query_params["dimension"] == "3" and "Dimension 3" in shown(page)
    values = trained.encoder("lsa-001").dimension(2, 12)
    assert drawn(page, "ends-lsa-001")["data"][0]["x"]["shape"] == [len(values["positive"]) + len(values["negative"])]
    words = [trained.vocab("lsa-001").words[i] for i in [*values["positive"], *values["negative"][::-1]]]
    assert [row[0] for row in cells(taken["dimension-3.csv"])] == ["word", *words]
    assert len(cells(taken["explained.csv"])) == 9
