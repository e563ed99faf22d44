"""Spaces: words on typed axes, two spaces laid upon each other, counting, a word split, the history; odd links."""

import pytest

from core.corpus import Corpus
from core.store import Store
from pages.widgets.text import markdown_safe
from tests.pages.conftest import (
    FRUIT,
    WORD2VEC,
    button,
    click,
    drawn,
    end_processes,
    finish,
    new_home,
    points,
    sent,
    shown,
    tales,
    translated,
    until,
    using,
)

HOSTILE = "<b>bold</b> $x$ %{y} [link](x)"


@pytest.fixture(scope="session")
def spaces(tmp_path_factory):
    """A store with two trainings of the same tales, one of Chinese fruit; its answering process lives to the end."""
    home = new_home(tmp_path_factory.mktemp("spaces") / "home")
    store = Store(home)
    corpus = store.add_corpus(Corpus.from_texts(tales(12), language="en"), HOSTILE)
    for seed, name in ((1, "First"), (2, HOSTILE)):
        finish(store, store.queue_train("word2vec", {**WORD2VEC, "seed": seed}, corpus.id, min_count=3, name=name))
    fruit = store.add_corpus(Corpus.from_texts(FRUIT * 9, language="zh", tokenizer="chinese"), "水果")
    finish(store, store.queue_train("lsa", {"dim": 4}, fruit.id, min_count=1, name="Fruit"))
    store.close()
    yield home
    end_processes(home)


@pytest.fixture
def home(spaces):
    with using(spaces, keep=True) as used:
        yield used


@pytest.mark.parametrize("view", ["axes", "compare", "split", "counting"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_without_vectors_there_is_a_way_to_them(open_page, empty_home, view, language):
    page = open_page("spaces", language, space=view)
    button(page, translated("Train word2vec", language)).click().run()
    assert page.title[0].value == translated("Train", language)


def test_words_stand_by_their_cosines_with_the_axes_in_the_link(open_page, home):
    link = {"axis-x": "queen - king", "axis-y": "old - young", "axis-typed": "king mother queen"}
    page = open_page("spaces", run="word2vec-001", **link)
    figure = drawn(page, "axis-plane-word2vec-001")
    assert [text for text in figure["labels"]["text"]] == ["queen", "king", "old", "young", "mother"]
    ends = [note["text"] for note in figure["layout"]["annotations"]]
    assert ends == ["← king", "queen →", "← young", "old →"]
    assert "one standard deviation" in shown(page)


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ({"axis-x": "queeen - king"}, "queeen, at place 1, is not in the vocabulary; did you mean queen"),
        ({"axis-x": "king - king"}, "Nothing is left of king - king"),
        ({"axis-y": HOSTILE}, "divided by a word"),
        ({"axis-y": "k" * 700}, "700 characters long; the limit is 500"),
        ({"axis-typed": "zyzzyva"}, "Not among the words of this run: zyzzyva"),
        ({"axis-words": "near", "axis-near": "zyzzyva"}, "zyzzyva"),
        ({"axes": "wheel", "axes-of-wheel": "king - queen"}, "3 to 12 axes; there are 1"),
        ({"axes": "wheel", "words-of-wheel": "zyzzyva"}, "Type some words"),
    ],
)
def test_what_cannot_be_placed_is_a_sentence(open_page, home, link, said):
    page = open_page("spaces", run="word2vec-001", **link)
    assert said in shown(page) and not page.exception


@pytest.mark.parametrize(
    "link",
    [{"axis-words": "frequent", "axis-n": "99999"}, {"axis-words": "near", "axis-near": "king"}, {"axis-words": "ends"},
     {"axis-words": "nonsense", "axis-n": "-3", "space": "nowhere", "axes": "cube"}],
)  # fmt: skip
def test_other_choices_of_words_and_odd_links(open_page, home, link):
    page = open_page("spaces", run="word2vec-001", **link)
    assert not page.exception and points(page, "axis-plane-word2vec-001") > 5


def test_a_word_that_is_clicked_is_told_and_leads_to_its_contexts(open_page, home):
    page = open_page("spaces", run="word2vec-001", **{"axis-x": "queen - king", "axis-typed": "mother"})
    page = click(page, "axis-plane-word2vec-001", 0, 1).run()
    assert page.query_params["axis-word"] == "queen" and "of all words" in shown(page)
    button(page, "In context").click().run()
    assert page.title[0].value == "Concordance" and page.query_params["q"] == "queen"


def test_the_wheel_has_a_line_a_word_and_a_spoke_an_axis(open_page, home):
    typed = {"axes-of-wheel": "queen - king; old - young; mother - father", "words-of-wheel": "king son"}
    figure = drawn(open_page("spaces", run="word2vec-001", axes="wheel", **typed), "axis-wheel-word2vec-001")
    assert [trace.get("name") for trace in figure["data"]] == ["king", "son", None]
    assert len(figure["layout"]["polar"]["angularaxis"]["ticktext"]) == 3


def test_a_chinese_run_has_axes_from_its_own_words(open_page, home):
    page = open_page("spaces", "zh", run="lsa-001")
    assert not page.exception, shown(page)
    assert points(page, "axis-plane-lsa-001") > 3, shown(page)


def compared(page):
    return until(page, lambda page: any(part.key == "space-1" for part in page.get("bidi_component")))


def test_two_trainings_stand_side_by_side_with_what_moved(open_page, home):
    page = compared(open_page("spaces", space="compare", first="word2vec-001", second="word2vec-002"))
    assert points(page, "space-0") == points(page, "space-1") > 300
    left, right = drawn(page, "space-0"), drawn(page, "space-1")
    assert left["link"] == right["link"] == "spaces" and left["layout"]["xaxis"] == right["layout"]["xaxis"]
    assert "words in common" in shown(page) and "of shuffled words" in shown(page)
    table = page.dataframe[0].value
    assert list(table["drift"]) == sorted(table["drift"], reverse=True)


def test_a_click_in_one_map_points_at_the_word_in_both(open_page, home):
    page = compared(open_page("spaces", space="compare", first="word2vec-001", second="word2vec-002"))
    word = drawn(page, "space-1")["labels"]["text"][7]
    page = until(click(page, "space-1", 7, 1).run(), lambda page: "in bold what they share" in shown(page))
    assert page.query_params["word"] == word
    assert [drawn(page, key)["labels"]["hot"] for key in ("space-0", "space-1")] == [[7], [7]]


def test_the_map_in_motion_knows_both_places(open_page, home):
    page = open_page("spaces", space="compare", first="word2vec-001", second="word2vec-002", maps="morph", morph="0.25")
    page = until(page, lambda page: any(part.key == "space-morph" for part in page.get("bidi_component")))
    morph = drawn(page, "space-morph")["morph"]
    assert morph["at"] == 0.25 and morph["first"] == "First" and morph["last"] == HOSTILE
    assert morph["x"]["shape"] == drawn(page, "space-morph")["data"][0]["x"]["shape"]
    page.session_state["space-morph"] = {"event": {"click_count": 0, "morph": 0.7}}
    assert page.run().query_params["morph"] == "0.7"


def test_one_training_at_its_beginning_and_its_end(open_page, home):
    store = Store(home)
    first = str(store.moments("word2vec-001")[0])
    store.close()
    page = open_page("spaces", space="compare", first="word2vec-001", second="word2vec-001", **{"first-at": first})
    page = compared(page)
    assert points(page, "space-0") > 300


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ({"first": "word2vec-001", "second": "word2vec-001", "first-at": "end"}, "one and the same space"),
        ({"first": "word2vec-001", "second": "lsa-001"}, "words in common; 10 are needed"),
    ],
)
def test_two_that_cannot_be_compared_are_told_so(open_page, home, link, said):
    page = until(open_page("spaces", space="compare", **link), lambda page: said in shown(page))
    assert not page.exception


def test_strange_links_to_a_comparison_open_all_the_same(open_page, home):
    link = {"first": "gone", "second": HOSTILE, "first-at": "-7", "morph": "nan", "laid": "{bad", "drift-least": "x",
            "word": HOSTILE, "drift-order": "?"}  # fmt: skip
    page = until(open_page("spaces", space="compare", **link), lambda page: not page.get("progress"))
    assert not page.exception


def test_a_pair_that_is_clicked_opens_its_lines_and_the_gap_is_told_as_it_is(open_page, home):
    link = {"space": "counting", "run": "word2vec-001", "pairs-least": "5"}
    key = "counting-word2vec-001"
    page = until(open_page("spaces", **link), lambda page: any(part.key == key for part in page.get("bidi_component")))
    facts = next(answer.facts for asked, answer in page.session_state["answers"].items() if '"counted"' in asked)
    assert [float(metric.value) for metric in page.metric] == pytest.approx(
        [facts["noise"]["pearson"], facts["noise"]["gap"]], abs=0.006
    )
    word = drawn(page, key)["labels"]["text"][0]
    page = until(click(page, key, 0, 1).run(), lambda page: "places within the window" in shown(page))
    assert f"{page.query_params['pair-w']} {page.query_params['pair-c']}" == word
    assert sent(page, "pair-lines-word2vec-001")["lines"]


def the_history(page):
    return until(page, lambda page: any(part.key == "history" for part in page.get("bidi_component")))


@pytest.fixture
def tales_id(home):
    store = Store(home)
    [found] = {run.corpus_id for run in store.runs() if run.name == "First"}
    store.close()
    return found


def test_the_same_words_stand_in_a_panel_an_encoder_and_a_missing_one_is_an_empty_frame(open_page, home, tales_id):
    link = {"history-words": "king queen; father mother; zyzzyva"}
    page = the_history(open_page("spaces", space="history", corpus=tales_id, **link))
    figure = drawn(page, "history")
    assert figure["labels"]["text"] == ["king", "queen", "father", "mother"]
    assert len(set(figure["labels"]["colours"])) == 2
    said = [note["text"] for note in figure["layout"]["annotations"]]
    assert "<b>word2vec (2013)</b>" in said and "<b>LSA (1990)</b>" in said
    assert "4 of 5 words · chance 0.33" in said and "not trained on this corpus yet" in said
    assert figure["layout"]["meta"]["tools"] is True


def test_a_word_that_is_clicked_is_ringed_in_every_panel(open_page, home, tales_id):
    link = {"history-words": "king queen; father mother"}
    page = the_history(open_page("spaces", space="history", corpus=tales_id, **link))
    page = click(page, "history", 2, 1).run()
    assert page.query_params["history-word"] == "father"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("king", "Type 2 to 40 words"),
        ("king queen; king", "king stands in two groups"),
        (" ".join(map(str, range(700))), "700 words in 1"),
        (HOSTILE, "0 of"),
    ],
)
def test_words_that_make_no_history(open_page, home, tales_id, text, said):
    page = open_page("spaces", space="history", corpus=tales_id, **{"history-words": text})
    assert not page.exception and (said in shown(page) or text == HOSTILE)


def test_a_missing_encoder_is_trained_from_the_picture_with_its_quick_preset(open_page, own_home):
    store = Store(own_home)
    corpus = store.corpora()[0].id
    page = the_history(open_page("spaces", space="history", corpus=corpus))
    button(page, markdown_safe("Train One-hot")).click().run()
    run = store.runs()[0]
    assert (run.encoder, run.corpus_id, run.state) == ("onehot", corpus, "queued")
    assert "waiting" in str(drawn(the_history(page), "history")["layout"]["annotations"])
    finish(store, run.id)
    page = the_history(page.run())
    said = str(drawn(page, "history")["layout"]["annotations"])
    assert "√2 apart" in said and markdown_safe("Train One-hot") not in [each.label for each in page.button]


def test_a_word_is_split_trained_on_and_its_made_up_half_looked_for(open_page, own_home):
    store = Store(own_home)
    page = open_page("spaces", space="split", run="word2vec-001", **{"split-word": "king"})
    button(page, "Split it, then train").click().run()
    made = store.runs("derive")[0]
    assert made.options["derived"]["options"]["second"] == "zork" and page.query_params["split"] == made.id
    finish(store, made.id)
    page = until(page.run(), lambda page: store.runs()[0].corpus_id == store.run(made.id).corpus_id)
    trained = store.runs()[0]
    assert trained.options == store.run("word2vec-001").options and trained.state == "queued"
    finish(store, trained.id)
    page = until(page.run(), lambda page: "See where it landed" in shown(page))
    first, second = page.metric[0], page.metric[2]
    assert first.label == "zork near king" and first.value.startswith("number ") and -1 <= float(second.value) <= 1
    vocab = store.vocab(trained.id)
    both = vocab.counts[vocab.index("king")] + vocab.counts[vocab.index("zork")]
    assert both == store.vocab("word2vec-001").counts[store.vocab("word2vec-001").index("king")]


def test_a_split_that_was_made_before_is_found_again_without_its_link(open_page, own_home):
    store = Store(own_home)
    corpus = store.run("word2vec-001").corpus_id
    made = store.queue_derive(corpus, "split word", {"word": "king", "first": "king", "second": "zork"})
    finish(store, made)
    page = open_page("spaces", space="split", run="word2vec-001")
    button(page, "Train as Tales in words was").click().run()
    assert store.runs()[0].corpus_id == store.run(made).corpus_id


@pytest.mark.parametrize(
    ("link", "said"),
    [({"split-word": "zyzzyva"}, "zyzzyva is not in"), ({"split-word": HOSTILE}, "is not in the vocabulary"),
     ({"split-word": "hans", "split": "gone"}, "too little company")],
)  # fmt: skip
def test_words_that_cannot_be_split_well_are_told_so(open_page, full_home, link, said):
    page = open_page("spaces", space="split", run="word2vec-001", **link)
    assert said in shown(page) and not page.exception


def test_a_name_that_is_a_word_already_is_refused(open_page, own_home):
    link = {"split-word": "king", "split-name": "queen"}
    page = open_page("spaces", space="split", run="word2vec-001", **link)
    button(page, "Split it, then train").click().run()
    assert "queen is a word of the corpus already" in shown(page)
