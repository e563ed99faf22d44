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


@pytest.fixture
def tree(own_home):
    """A store with a run of word2vec whose output is a tree."""
    store = Store(own_home)
    options = {"output": "hierarchical", "dim": 8, "epochs": 1, "threads": 1}
    finish(store, store.queue_train("word2vec", options, store.corpora()[0].id, min_count=3))
    return store.encoder("word2vec-002")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_word_of_the_tree_has_its_path_and_every_word_its_length(open_page, tree, language):
    page = until(
        open_page("dimensions", language, run="word2vec-002", **{"tree-word": "king"}),
        lambda page: len(page.get("bidi_component")) == 2,
    )
    code = "".join(map(str, tree.path("king")["codes"]))
    assert code in shown(page) and f"{tree.code_lengths()['mean']:.1f}" in page.metric[0].value
    assert "king" in str(drawn(page, f"path-word2vec-002-{len(code)}")["layout"]["annotations"][-1])


def test_words_around_make_probabilities_of_the_turns(open_page, tree):
    page = open_page("dimensions", run="word2vec-002", **{"tree-word": "king", "tree-given": "queen zyzzyva"})
    page = until(page, lambda page: len(page.get("bidi_component")) == 2)
    assert "Multiplied, the turns give king" in shown(page) and "zyzzyva" in shown(page)


def test_a_point_leads_to_its_words_path(open_page, tree):
    page = until(open_page("dimensions", run="word2vec-002"), lambda page: len(page.get("bidi_component")) == 2)
    click(page, "lengths-word2vec-002", 0, 1).run()
    assert (
        page.query_params["tree-word"] == [tree.vocab.words[0]] or page.query_params["tree-word"] == tree.vocab.words[0]
    )
