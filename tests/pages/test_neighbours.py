"""The Neighbours page: near words in one run and in several, analogies, sums, lists, a matrix, a sentence."""

import numpy as np
import pytest

from core.corpus import Corpus, Vocab
from core.encoders import ENCODERS
from core.explore import Space
from core.explore.analogies import analogy
from core.explore.likeness import odd_one_out
from core.store import Store
from tests.pages.conftest import (
    bring,
    button,
    cells,
    click,
    drawn,
    finish,
    given,
    new_home,
    shown,
    tiny,
    translated,
    until,
    using,
)

RUN, SEED, OTHER = "word2vec-001", "word2vec-002", "lsa-001"
VIEWS = ("words", "analogy", "sum", "list", "matrix", "sentence")
TEXTS = ["The king and the queen of the river.", "A man saw a woman. <b> $x$ *star*",
         "The king saw the queen, a man the woman and the river: x b star."] * 12 + ["zebra"]  # fmt: skip
FRUIT = ["国王和王后住在河边。男人看见女人。国王 有 钱。"] * 40


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """Runs of hostile words: word2vec with two seeds, LSA on them, and word2vec of Chinese words."""
    home = new_home(tmp_path_factory.mktemp("near") / "home")
    store = Store(home)
    corpus = store.add_corpus(Corpus.from_texts(TEXTS, language="en"), "Odd")
    zh = store.add_corpus(Corpus.from_texts(FRUIT, language="zh", tokenizer="chinese"), "中文")
    options = {"dim": 8, "epochs": 2, "threads": 1}
    for seed in (0, 1):
        finish(
            store, store.queue_train("word2vec", {**options, "seed": seed}, corpus.id, min_count=1, name=f"*{seed}*")
        )
    finish(store, store.queue_train("lsa", {"dim": 4}, corpus.id, min_count=1, name="<b>LSA</b>"))
    finish(store, store.queue_train("word2vec", options, zh.id, min_count=1, name="中文"))
    store.close()
    yield home


@pytest.fixture
def home(shop):
    with using(shop) as home:
        yield home


def table(page, column="score"):
    """The first table of the page that has this column."""
    return next(frame.value for frame in page.dataframe if column in frame.value)


def space(home, run=RUN):
    store = Store(home)
    return Space(store.vectors(run), store.vocab(run))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_without_a_run_there_is_a_way_to_one(open_page, empty_home, language):
    page = open_page("neighbours", language)
    assert not page.exception and translated("No finished run has word vectors yet.", language) in shown(page)
    button(page, translated("Train word2vec", language)).click().run()
    assert page.title[0].value == translated("Train", language)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens_in_both_languages(open_page, full_home, view, language):
    page = until(open_page("neighbours", language, run=RUN, near=view), lambda page: not page.get("progress"))
    assert not page.exception and not page.error
    assert page.title[0].value == translated("Neighbours", language)


@pytest.mark.parametrize("measure", ["cosine", "euclidean", "dot"])
def test_neighbours_are_exact_and_told_with_their_counts(open_page, full_home, measure):
    page = open_page("neighbours", run=RUN, word="king", metric=measure, k="7")
    expected = space(full_home).neighbours("king", 7, measure)
    found = table(page)
    assert found["word"].tolist() == expected["word"].tolist() and found["count"].tolist() == expected["count"].tolist()
    np.testing.assert_allclose(found["score"], expected["score"], atol=1e-6)
    assert page.subheader[0].value == "king" and "occurrences" in shown(page)


def test_csls_waits_for_the_hubs_and_says_how_often_each_is_near(open_page, full_home):
    page = open_page("neighbours", run=RUN, word="king", metric="csls")
    until(page, lambda page: any("times" in frame.value for frame in page.dataframe))
    found = table(page, "times")
    assert list(found) == ["word", "score", "count", "times"] and found["times"].min() >= 0
    assert found["score"].is_monotonic_decreasing


def test_rare_words_can_be_left_out(open_page, full_home):
    page = open_page("neighbours", run=RUN, word="king", least="30")
    assert table(page)["count"].min() >= 30
    page.number_input("least").set_value(1_000_000).run()
    assert "No other word occurs so often" in shown(page) and not page.exception


def test_a_walk_goes_on_from_a_click_and_back(open_page, full_home):
    page = open_page("neighbours", run=RUN, word="king")
    second = table(page)["word"].iloc[1]
    [frame] = [frame for frame in page.dataframe if "score" in frame.value]
    page.session_state[frame.key] = {"selection": {"rows": [], "columns": [], "cells": [[1, "word"]]}}
    page.run()
    assert page.query_params["word"] == second and page.subheader[0].value == second
    page.button("walk-0").click().run()
    assert page.query_params["word"] == "king" and page.subheader[0].value == "king"


def test_a_word_is_typed_and_leads_to_its_contexts(open_page, full_home):
    page = open_page("neighbours", run=RUN)
    page.text_input("near-word").set_value(" Queen ").run()
    assert page.query_params["word"] == "Queen" and page.subheader[0].value == "queen"
    page.button("near-contexts").click().run()
    assert page.title[0].value == "Concordance" and page.query_params["q"] == "queen"


def test_an_unknown_word_is_said_with_those_spelled_nearly_so(open_page, full_home):
    page = open_page("neighbours", run=RUN, word="prinzess")
    assert "prinzess does not occur" in shown(page) and "less than 3 times" in shown(page)
    [near, *_more] = [each for each in page.button if str(each.key).startswith("spelled-")]
    near.click().run()
    assert page.query_params["word"] == near.label and len(table(page))


@pytest.mark.parametrize(("word", "said"), [("saw", "saw occurs 24 times"), ("zebra", "zebra occurs once")])
def test_a_rare_word_is_called_chance(open_page, home, word, said):
    page = open_page("neighbours", run=RUN, word=word)
    assert said in page.warning[0].value and "mostly chance" in page.warning[0].value
    page = open_page("neighbours", run=RUN, near="matrix", words="saw zebra king the")
    told = page.warning[0].value.replace("\\", "")
    assert all(each in told for each in ("saw (24)", "zebra (1)", "king (24)")) and "the (" not in told
    assert not open_page("neighbours", run=RUN, word="the").warning


def test_vectors_of_zeros_are_a_sentence(open_page, own_home):
    folder = Store(own_home).folder(RUN)
    np.save(folder / "vectors.npy", np.zeros_like(np.load(folder / "vectors.npy")))
    for view in ("words", "analogy", "sum", "matrix", "sentence"):
        page = until(open_page("neighbours", run=RUN, near=view, word="king"), lambda page: not page.get("progress"))
        assert not page.exception and page.error, view
        assert "all zeros" in page.error[0].value or "no direction" in page.error[0].value


@pytest.mark.parametrize("view", VIEWS)
def test_three_words_and_one_are_enough_for_every_view(open_page, own_home, view):
    run = tiny(own_home)
    page = until(open_page("neighbours", run=run, near=view), lambda page: not page.get("progress"))
    assert not page.exception
    folder = Store(own_home).folder(run)
    np.save(folder / "vectors.npy", np.ones((1, 2), np.float32))
    Vocab(["word"], [9]).save(folder)
    page = until(open_page("neighbours", run=run, near=view, word="word"), lambda page: not page.get("progress"))
    assert not page.exception, shown(page)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_runs_stand_side_by_side_and_shared_words_are_tied(open_page, home, language):
    page = open_page("neighbours", language, run=RUN, beside=f"{SEED},{OTHER}", word="king", k="6")
    figure = drawn(page, "columns-3")
    lists = [space(home, run).neighbours("king", 6)["word"].tolist() for run in (RUN, SEED, OTHER)]
    ties = sum(len({*one} & {*other}) for one, other in zip(lists, lists[1:]))
    assert len(figure["layout"].get("shapes", ())) == ties
    assert any("&lt;b&gt;LSA" in note["text"] for note in figure["layout"]["annotations"])
    until(page, lambda page: any("jaccard" in frame.value for frame in page.dataframe))
    assert not page.exception and table(page, "jaccard")["jaccard"].is_monotonic_increasing


def test_a_click_in_a_column_walks_to_the_word(open_page, home):
    page = open_page("neighbours", run=RUN, beside=SEED, word="king", k="6")
    lists = [space(home, run).neighbours("king", 6)["word"].tolist() for run in (RUN, SEED)]
    words = list(dict.fromkeys([*lists[0], *lists[1]]))
    click(page, "columns-2", len(words) - 1, 1).run()
    assert page.query_params["word"] == words[-1] and not page.exception


def test_the_list_of_changes_is_where_one_begins(open_page, home):
    page = open_page("neighbours", run=RUN, beside=SEED, word="king", k="6")
    until(page, lambda page: any("jaccard" in frame.value for frame in page.dataframe))
    [frame] = [frame for frame in page.dataframe if "jaccard" in frame.value]
    assert {"near_0", "near_1"} < {*frame.value} and "by chance" in shown(page)
    word = frame.value["word"].iloc[2]
    page.session_state[frame.key] = {"selection": {"rows": [], "columns": [], "cells": [[2, "word"]]}}
    page.run()
    assert page.query_params["word"] == word


def test_a_run_that_lacks_the_word_says_so_beside_the_others(open_page, home):
    page = open_page("neighbours", run=RUN, beside="word2vec-003,nope,word2vec-001", word="king")
    assert "king does not occur in what 中文 has read" in shown(page).replace("\\", "")
    assert drawn(page, "columns-2")["layout"]["annotations"][-1]["text"] == "–"
    until(page, lambda page: page.error or not page.get("progress"))
    assert not page.exception


def test_other_seeds_are_queued_and_told_of(open_page, own_home):
    page = open_page("neighbours", run=RUN, word="king")
    button(page, "Train 4 more seeds").click().run()
    assert not page.exception and "Being trained: 4 more" in shown(page)
    rows = [row for row in Store(own_home).runs() if row.state == "queued"]
    first = Store(own_home).run(RUN)
    assert sorted(row.options["seed"] for row in rows) == [1, 2, 3, 4]
    for row in rows:
        assert {**row.options, "seed": 0} == first.options and row.min_count == first.min_count
        assert row.corpus_id == first.corpus_id and row.name == f"{first.name} · seed {row.options['seed']}"


def test_a_run_from_before_an_option_knows_its_seeds(open_page, own_home):
    page = open_page("neighbours", run=RUN, word="king")
    button(page, "Train 4 more seeds").click().run()
    store = Store(own_home)
    older = {name: value for name, value in store.run(RUN).options.items() if name != "lr"}
    store.change_run(RUN, options=older)
    assert "Being trained: 4 more" in shown(open_page("neighbours", run=RUN, word="king"))


@pytest.mark.skipif("subwords" not in ENCODERS["word2vec"].Options.fields(), reason="no encoder learns parts of words")
def test_an_unseen_word_is_composed_of_its_parts_where_a_run_can(open_page, own_home):
    store = Store(own_home)
    options = {"dim": 16, "epochs": 1, "threads": 1, "subwords": True}
    run = store.queue_train("word2vec", options, store.run(RUN).corpus_id, min_count=3, name="Parts")
    finish(store, run)
    page = until(open_page("neighbours", run=run, word="Kingliness"), lambda page: not page.get("progress"))
    vector = store.encoder(run).subword_vectors(["kingliness"])[0]
    assert table(page)["word"].tolist() == space(own_home, run).neighbours(vector, 10)["word"].tolist()
    assert "composed of the vectors of its parts" in shown(page) and not page.exception


def test_seeds_say_how_much_they_share(open_page, home):
    page = open_page("neighbours", run=RUN, word="king", k="5")
    near = [{*space(home, run).neighbours("king", 5)["word"]} for run in (RUN, SEED)]
    assert f"two of 2 seeds share **{len(near[0] & near[1]):.1f}** on average" in shown(page)
    assert button(page, "Train 3 more seeds")
    button(page, "Side by side").click().run()
    assert page.query_params["beside"] == SEED and drawn(page, "columns-2")


def test_an_analogy_is_answered_twice_with_counts(open_page, full_home):
    link = {"analogy-a": "man", "analogy-b": "king", "analogy-c": "woman"}
    page = open_page("neighbours", run=RUN, near="analogy", **link)
    near = space(full_home)
    words = tuple(near.vocab.index(word) for word in ("man", "king", "woman"))
    for frame, method in zip(page.dataframe, ("add", "mul")):
        assert frame.value["word"].tolist() == analogy(near, words, 10, method)["word"].tolist()
    assert "is to" in shown(page) and f"{near.vocab.counts[words[0]]:,}" in shown(page)
    assert "10 million" in shown(page)
    points = drawn(page, "parallelogram")
    assert len(points["labels"]["text"]) == 8 and points["labels"]["hot"] == [3]


def test_with_the_inputs_kept_the_answer_is_one_of_them(open_page, full_home):
    page = open_page("neighbours", run=RUN, near="analogy", keep="true", **{"analogy-a": "the", "analogy-b": "king",
                                                                           "analogy-c": "king"})  # fmt: skip
    assert "With the three words kept" in shown(page)
    assert page.dataframe[0].value["word"].iloc[0] in ("the", "king")


def test_unknown_words_of_an_analogy_are_said(open_page, full_home):
    page = open_page("neighbours", run=RUN, near="analogy", **{"analogy-a": "<b>zzz", "analogy-c": "prinzess"})
    assert len(page.error) == 2 and not page.exception and "did you mean" in shown(page)


def test_a_point_of_the_parallelogram_leads_to_its_neighbours(open_page, full_home):
    page = open_page("neighbours", run=RUN, near="analogy")
    index = space(full_home).vocab.index("queen")
    click(page, "parallelogram", index, 1).run()
    assert page.query_params["near"] == "words" and page.subheader[0].value == "queen"


@pytest.mark.parametrize("text", ["king - man + woman", "2*(king−man)＋woman", "“king” - man + woman"])
def test_a_sum_is_read_and_its_nearest_words_are_shown(open_page, full_home, text):
    page = open_page("neighbours", run=RUN, near="sum", sum=text)
    weight = 2 if "2" in text else 1
    near = space(full_home)
    vector = weight * (near.unit("king") - near.unit("man")) + near.unit("woman")
    expected = near.neighbours(
        vector.astype(np.float32), 10, without=[near.vocab.index(w) for w in ("king", "man", "woman")]
    )
    assert table(page)["word"].tolist() == expected["word"].tolist()
    assert table(page, "weight")["weight"].tolist() == [weight, -weight, 1]
    assert "As it was read" in shown(page)


@pytest.mark.parametrize(
    ("text", "said"),
    [("king -", "ends at place 7"), ("(king", "not closed"), ("king * queen", "multiplied"),
     ("king qqqq", "sign is missing"), ("qqqq - king", "qqqq, at place 1, is not in the vocabulary"),
     ("__import__('os')", "sign is missing")],
)  # fmt: skip
def test_a_sum_that_cannot_be_read_is_a_sentence(open_page, full_home, text, said):
    page = open_page("neighbours", run=RUN, near="sum", sum=text)
    assert said in page.error[0].value.replace("\\", "") and not page.exception


def test_a_list_is_scored_section_by_section(open_page, full_home, taken):
    page = open_page("neighbours", run=RUN, near="list")
    page.text_area("list-text").set_value(": kings <b>\nman king woman queen\nking queen man zzzz\nbad line").run()
    assert not page.dataframe
    page.button("score-list").click().run()
    until(page, lambda page: page.dataframe)
    sections = table(page, "coverage")
    assert sections["name"].tolist() == ["kings <b>"] and sections["coverage"].tolist() == [50]
    assert sections["questions"].tolist() == [2] and {"add", "mul", "add_kept", "mul_kept", "near"} < {*sections}
    assert "left out: 4" in shown(page) and "at random" in shown(page)
    assert table(page, "d")["d"].tolist() == ["queen"] and cells(taken["answers.csv"])[1][2:6] == [
        "man",
        "king",
        "woman",
        "queen",
    ]


def test_a_list_comes_from_a_file_too(open_page, own_home):
    text = ": one\nman king woman queen\n: two\nking man queen woman\n"
    upload = bring(own_home, "questions.txt", text.encode())
    page = given(open_page("neighbours", run=RUN, near="list", **{"list-from": "file"}), "list-file", upload)
    until(page, lambda page: page.dataframe)
    assert table(page, "coverage")["name"].tolist() == ["one", "two", "all sections"]


def test_an_example_fills_the_list(open_page, full_home):
    page = open_page("neighbours", run=RUN, near="list")
    button(page, "An example").click().run()
    assert ": family" in page.text_area("list-text").value


def test_a_matrix_is_put_in_order_and_names_the_odd_one(open_page, full_home):
    words = ["king", "queen", "forest", "wood", "the"]
    page = open_page("neighbours", run=RUN, near="matrix", words=" ".join(words))
    names = drawn(page, "matrix-5")["layout"]["xaxis"]["ticktext"]
    assert sorted(names) == sorted(words)
    page.toggle("seriate").set_value(False).run()
    assert drawn(page, "matrix-5")["layout"]["xaxis"]["ticktext"] == words
    near = space(full_home)
    odd = odd_one_out(near, [near.vocab.index(word) for word in words])["word"][0]
    assert f"**Odd one out** :orange[{odd}]" in shown(page)


def test_a_cell_shows_both_words_in_their_contexts(open_page, full_home):
    page = open_page("neighbours", run=RUN, near="matrix", words="king, queen，forest", seriate="false")
    page.session_state["matrix-3"] = {"event": {"cell": [0, 2], "click_count": 1}}
    page.run()
    assert (page.query_params["one"], page.query_params["other"]) == ("king", "forest")
    until(page, lambda page: shown(page).count("places, at random") == 2)
    assert "**king** and **forest**" in shown(page)
    page.button("contexts-1").click().run()
    assert page.title[0].value == "Concordance" and page.query_params["q"] == "forest"


def test_a_sentence_has_weights_near_words_and_near_sentences(open_page, full_home):
    page = until(
        open_page("neighbours", run=RUN, near="sentence", text="The king of the zzzz"), lambda page: page.dataframe
    )
    weights = table(page, "weight").set_index("word")["weight"]
    assert weights["king"] > weights["of"] > weights["the"] and "know them: zzzz" in shown(page)
    assert len(table(page, "text")) == 10 and "sentences compared" in shown(page)
    page.selectbox("weighing_choice").set_value("mean").run()
    until(page, lambda page: page.dataframe and not page.get("progress"))
    assert table(page, "weight")["weight"].tolist() == [1] * 3 and "plain mean" in shown(page)


def test_a_sentence_of_unknown_words_is_said(open_page, full_home):
    page = until(open_page("neighbours", run=RUN, near="sentence", text="zzzz qqqq"), lambda page: page.error)
    assert "No word of this text" in page.error[0].value and not page.exception


@pytest.mark.parametrize("view", VIEWS)
def test_chinese_words_and_hostile_ones(open_page, home, view):
    for run in ("word2vec-003", RUN):
        link = {"word": "<b>", "sum": '"x" - "b"', "words": "x b star king", "text": "国王 x", "analogy-a": "x",
                "analogy-b": "国王"}  # fmt: skip
        page = until(open_page("neighbours", run=run, near=view, **link), lambda page: not page.get("progress"))
        assert not page.exception, shown(page)


@pytest.mark.parametrize(
    "link",
    [
        {"run": "nope", "near": "nope", "metric": "nope", "k": "x", "least": "-5", "beside": ",,x"},
        {"near": "words", "word": "\x00", "k": "9999"}, {"near": "words", "word": "x" * 3000},
        {"near": "analogy", "keep": "maybe", "analogy-a": "(" * 200}, {"near": "sum", "sum": "(" * 4000},
        {"near": "matrix", "words": " ".join(map(str, range(400))), "one": "king"},
        {"near": "matrix", "words": "king king"}, {"near": "list", "list-from": "nope"},
        {"near": "sentence", "text": "a " * 3000, "weighing": "nope"},
    ],
)  # fmt: skip
def test_a_link_with_nonsense_still_opens(open_page, full_home, link):
    page = until(open_page("neighbours", **({"run": RUN} | link)), lambda page: not page.get("progress"))
    assert not page.exception and page.title[0].value == "Neighbours"


def test_what_is_seen_can_be_taken_along(open_page, home, taken):
    open_page("neighbours", run=RUN, word="king")
    rows = cells(taken["neighbours.csv"])
    assert rows[0] == ["rank", "word", "score", "count"] and len(rows) == 11
