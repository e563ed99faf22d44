"""What a run sees of the sentences: one side, telling words hidden and put back, each number beside the plain one."""

import json
import re

import pytest

from core.store import Store
from pages.widgets.senses_request import Request
from tests.pages.conftest import GPT, cells, drawn, finish, points, shown, translated, until
from tests.pages.test_senses import cloud, corpus_of, home, opened, senses  # noqa: F401

BOTH = "silhouette \\*\\*(-?[\\d.]+)\\*\\* with everything, \\*\\*(-?[\\d.]+)\\*\\* "


def key_of(home, side: str, hidden: list[str]) -> str:  # noqa: F811
    sight = json.dumps({"side": side, "hidden": hidden}, ensure_ascii=False)
    return Request(corpus_of(home), "bank", sight=sight).key


@pytest.mark.parametrize("language", ["en", "zh"])
def test_runs_side_by_side_see_one_side_too(open_page, home, language):  # noqa: F811
    page, _key = opened(open_page, home, language, senses="beside", cue="left")
    name = f"beside-bert-002-{key_of(home, 'left', [])}"
    until(page, lambda page: any(part.key == name for part in page.get("bidi_component")))
    assert translated("only what is before the word is in sight", language) in shown(page)
    said = translated("silhouette **{plain}** with everything, **{value}** {what}", language).partition("{")[0]
    assert shown(page).count(f":material/visibility_off: {said}") == 1  # not of word2vec, which sees no sentence


def test_a_sentence_is_edited_with_one_side_in_sight(open_page, home):  # noqa: F811
    page, _key = opened(open_page, home, senses="sentence", cue="right", sentence="My river bank of the field.")
    until(page, lambda page: "Without **" in shown(page))
    assert "only what is behind the word is in sight" in shown(page) and "**river**" not in shown(page)


def pills(page) -> list[str]:
    return [text.partition(" · ")[0] for text in page.pills(key="sight-words").options]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_one_side_gives_another_cloud_and_its_number_beside_the_plain_one(open_page, home, language):  # noqa: F811
    page, key = opened(open_page, home, language, cue="left")
    name = cloud(page, "bert-002", key_of(home, "left", []))
    assert points(page, name) == 48 and name != f"senses-bert-002-{key}"
    assert translated("only what is before the word is in sight", language) in shown(page)
    said = translated("silhouette **{plain}** with everything, **{value}** {what}", language)
    assert said.rpartition("{what}")[0].rpartition("**")[2].strip() in shown(page)
    assert len([each for each in drawn(page, "senses-curve-bert-002")["data"] if each.get("name")]) == 2


def test_telling_words_are_hidden_and_single_ones_put_back(open_page, home):  # noqa: F811
    page, _key = opened(open_page, home, hide="3", grammar="true")
    until(page, lambda page: any(each.key == "sight-words" for each in page.pills))
    words = pills(page)
    assert words == ["money", "river", "and"]
    cloud(page, "bert-002", key_of(home, "both", words))
    text = shown(page)
    assert f"3 words hidden as [MASK]: {', '.join(words)}" in text
    assert re.search(BOTH + "without the 3 giveaway words", text)
    page.pills(key="sight-words").set_value(words[1:]).run()
    cloud(page, "bert-002", key_of(home, "both", words[1:]))
    assert "2 words hidden as [MASK]" in shown(page) and pills(page) == words
    page.slider(key="sight-count").set_value(0).run()
    assert "hide" not in page.query_params and "hidden as" not in shown(page)


def test_measures_stand_beside_those_with_everything_in_sight(open_page, home, taken):  # noqa: F811
    page, _key = opened(open_page, home, senses="measure", hide="2", grammar="true", measured='["bert-002"]')
    until(page, lambda page: all(any(part.key == f"measured-dots-{name}" for part in page.get("bidi_component"))
                                 for name in ("whole", "real")))  # fmt: skip
    assert "with everything, **" in shown(page) and "2 words hidden as [MASK]: money, river" in shown(page)
    rows = cells(taken["senses-measured.csv"])
    assert rows[1][rows[0].index("hidden")] == "money river" and rows[1][rows[0].index("sees")] == "both"


def test_without_words_that_tell_and_without_context_nothing_is_hidden(open_page, home):  # noqa: F811
    page, key = opened(open_page, home, hide="5", by="form")
    cloud(page, "bert-002", key)
    assert "No word tells these senses apart" in shown(page)
    page, key = opened(open_page, home, run="word2vec-001", hide="5", cue="left")
    cloud(page, "word2vec-001", key)
    assert "in sight" not in shown(page)


@pytest.mark.parametrize("link", [{"cue": "up"}, {"hide": "-1"}, {"hide": "x"}, {"back": "{"}, {"back": "[[1]]"}])
def test_what_is_no_sight_in_a_link_is_left_out(open_page, home, link):  # noqa: F811
    page, key = opened(open_page, home, **link)
    assert points(page, cloud(page, "bert-002", key)) == 48 and not page.exception


def test_of_a_gpt_it_is_said_that_it_never_looks_ahead(open_page, home):  # noqa: F811
    store = Store(home)
    name = next((run.id for run in store.runs() if run.encoder == "gpt"), None)
    if name is None:
        name = store.queue_train("gpt", GPT, corpus_of(home), min_count=1, name="Ahead")
        finish(store, name)
    store.close()
    page, _key = opened(open_page, home, run=name, cue="left")
    cloud(page, name, key_of(home, "left", []))
    assert "GPT never sees what is behind a word" in shown(page)
    both, left = re.search(BOTH, shown(page)).groups()
    assert both == left
