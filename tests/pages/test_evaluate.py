"""How good vectors are: scores beside chance, what stands behind one, the shape of a space, test sets of one's own."""

import pytest

from core.store import Store
from core.store.benchmarks import benchmarks
from tests.pages.conftest import bring, button, click, drawn, finish, given, shown, translated, until

ANALOGIES = ": family\nking queen prince princess\nking queen man woman\nman woman king queen\n"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("view", ["scores", "space"])
def test_without_vectors_there_is_a_way_to_some(open_page, empty_home, language, view):
    page = open_page("evaluate", language, judge=view)
    button(page, translated("Train word2vec", language)).click().run()
    assert page.title[0].value == translated("Train", language)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_scores_stand_beside_chance_and_frequency(open_page, full_home, language):
    page = until(open_page("evaluate", language, run="word2vec-001"), lambda page: len(page.dataframe) >= 2)
    table = page.dataframe[0].value
    assert table["set"].tolist()[0] == "WordSim-353" and len(table) == 5 and not page.exception
    assert (table["random"] < 1).all() and table["frequency"].notna().any()
    assert translated("Behind a score", language) in shown(page)
    names = [trace["name"] for trace in drawn(page, "scores-1")["data"]]
    assert names[:2] == [translated("guessing at random", language), "Tales in words"]


def test_a_click_shows_what_stands_behind_a_score(open_page, full_home):
    page = until(open_page("evaluate", run="word2vec-001"), lambda page: len(page.dataframe) >= 2)
    click(page, "scores-1", 3, 1).run()
    page = until(page, lambda page: page.query_params.get("score-set") == ["en-analogies"] or
                 page.query_params.get("score-set") == "en-analogies")  # fmt: skip
    assert "Sections" in shown(page) and "Not in the vocabulary" in shown(page)
    sections = next(each.value for each in page.dataframe if "section" in each.value.columns)
    assert sections["section"].tolist()[:2] == ["capitals", "nationalities"] and not page.exception


@pytest.mark.parametrize("name", ["en-wordsim353", "en-categories", "en-analogies"])
def test_every_kind_of_set_has_its_details(open_page, full_home, name):
    page = until(
        open_page("evaluate", **{"run": "word2vec-001", "score-set": name}), lambda page: len(page.dataframe) >= 2
    )
    assert "Not in the vocabulary" in shown(page) and not page.exception and not page.error


def test_sets_without_a_known_word_have_no_score(open_page, full_home):
    page = until(open_page("evaluate", run="word2vec-001", tests="zh"), lambda page: len(page.dataframe) >= 2)
    assert page.dataframe[0].value["value"].isna().all()
    assert "there is no score" in shown(page) and not page.exception


def test_runs_stand_side_by_side(open_page, own_home):
    store = Store(own_home)
    finish(store, store.queue_train("lsa", {"dim": 8}, store.corpora()[0].id, min_count=3, name="LSA of tales"))
    store.close()
    page = open_page("evaluate", run="word2vec-001", beside="lsa-001")
    page = until(page, lambda page: page.dataframe and len(page.dataframe[0].value) == 10)
    assert set(page.dataframe[0].value["run"]) == {"Tales in words", "LSA of tales"}
    names = [trace["name"] for trace in drawn(page, "scores-2")["data"]]
    assert {"Tales in words", "LSA of tales"} <= {*names}
    page = open_page("evaluate", run="word2vec-001", beside="lsa-001", judge="space")
    page = until(page, lambda page: [part for part in page.get("bidi_component") if part.key == "hubs-2"])
    assert set(page.dataframe[0].value.columns) == {"Tales in words", "LSA of tales"} and not page.exception


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_shape_of_a_space_is_explained(open_page, full_home, language):
    page = until(open_page("evaluate", language, run="word2vec-001", judge="space"), lambda page: page.dataframe)
    for title in ("Hubness", "Mean cosine", "Isotropy without the top"):
        assert translated(title, language) in shown(page)
    assert len(page.dataframe[0].value) == 15 and not page.exception


def test_an_own_set_is_looked_at_kept_scored_and_removed(open_page, own_home):
    page = given(open_page("evaluate", judge="sets"), "set-files", bring(own_home, "mine.txt", ANALOGIES.encode()))
    page = until(page, lambda page: [each for each in page.button if each.key == "keep-set"])
    assert "analogies: 3 questions · 1 sections" in shown(page)
    page.button(key="keep-set").click().run()
    [own] = [row for row in benchmarks(own_home) if row.own]
    assert (own.name, own.kind, own.language, own.questions) == ("mine", "analogies", "en", 3) and not page.exception
    scored = until(open_page("evaluate", run="word2vec-001"), lambda page: len(page.dataframe) >= 2)
    table = scored.dataframe[0].value
    assert table["set"].tolist()[-1] == "mine" and len(table) == 6
    page.button(key=f"forget-{own.id}").click().run()
    assert not [row for row in benchmarks(own_home) if row.own] and not page.exception


def test_a_pasted_set_that_is_none_is_a_sentence(open_page, own_home):
    page = open_page("evaluate", **{"judge": "sets", "set-from": "paste"})
    page.text_area(key="pasted-set").set_value("only one line\n").run()
    page = until(page, lambda page: page.error)
    assert "questions that can be read" in page.error[0].value and not page.exception
