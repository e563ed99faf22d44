"""Senses: a word's occurrences in one run and in several, sorted by hand, a sentence that is edited; odd links."""

import csv
import io
import json

import pytest

from core.corpus import Corpus
from core.explore.sense_edits import Sorted
from core.store import Store, tables
from pages.widgets.senses_request import Request, line
from pages.widgets.senses_sorting import _named
from tests.pages.conftest import (
    WORD2VEC,
    button,
    cells,
    click,
    drawn,
    end_processes,
    finish,
    new_home,
    points,
    shown,
    translated,
    until,
    using,
)

BERT = {"steps": 16, "layers": 2, "heads": 2, "width": 16, "context": 16, "batch": 8, "threads": 1,
        "next_sentence": False}  # fmt: skip
HOSTILE = "<b>x</b> $y$"
RIVER = ["We sat on the bank of the river {n}.", "The river left its bank and flooded field {n}."]
MONEY = ["The bank lent money to client {n}.", "My money is in the bank {n}, she said."]
CHINESE = ["苹果公司发布了第{n}部手机。", "他吃了第{n}个苹果。"]


@pytest.fixture(scope="session")
def senses(tmp_path_factory):
    """A store with labelled sentences around bank and 苹果, BERT of both, word2vec of the English ones."""
    home = new_home(tmp_path_factory.mktemp("senses") / "home")
    store = Store(home)
    texts = [text.format(n=i) for i in range(12) for text in (*RIVER, *MONEY)] + ["A lonely walrus."]
    chinese = Corpus.from_texts([text.format(n=i) for i in range(12) for text in CHINESE], tokenizer="chinese",
                                language="zh", labels=["公司", "水果"] * 12)  # fmt: skip
    fruit = store.add_corpus(chinese, "水果")
    banks = store.add_corpus(Corpus.from_texts(texts, labels=["river", "river", "money", "money"] * 12 + [
        ""], language="en"), "Banks")  # fmt: skip
    finish(store, store.queue_train("bert", BERT, fruit.id, min_count=1, name="Fruit"))
    finish(store, store.queue_train("word2vec", WORD2VEC, banks.id, min_count=1, name="Counted"))
    finish(store, store.queue_train("bert", BERT, banks.id, min_count=1, name=HOSTILE))
    store.close()
    yield home
    end_processes(home)


@pytest.fixture
def home(senses):
    with using(senses, keep=True) as used:
        yield used
    store = Store(senses)
    with store.database.writing() as connection:  # the next test begins with senses as they were found
        connection.execute(tables.drafts.delete())
    store.close()


def corpus_of(home, name: str = "Banks") -> str:
    store = Store(home)
    found = next(row.id for row in store.corpora() if row.name == name)
    store.close()
    return found


def opened(open_page, home, language="en", corpus="Banks", **link):
    """The page about bank by BERT, once its answers are there; and the end of its plots' keys."""
    link = {"corpus": corpus_of(home, corpus), "run": "bert-002", "q": "bank", **link}
    page = open_page("senses", language, **link)
    mode = "text" if corpus == "水果" else "words"
    return page, Request(link["corpus"], link["q"], mode).key


def cloud(page, run: str, key: str) -> str:
    until(page, lambda page: any(part.key == f"senses-{run}-{key}" for part in page.get("bidi_component")))
    return f"senses-{run}-{key}"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_without_a_run_there_is_a_way_to_train_one(open_page, empty_home, language):
    store = Store(empty_home)
    store.add_corpus(Corpus.from_texts(["A bank."]), "Little")
    store.close()
    page = open_page("senses", language)
    button(page, translated("Train BERT", language)).click().run()
    assert page.title[0].value == translated("Train", language)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_occurrence_is_a_point_that_flows_through_the_layers(open_page, home, language):
    page, key = opened(open_page, home, language)
    figure = drawn(page, cloud(page, "bert-002", key))
    assert figure["data"][0]["x"]["shape"] == [48] and figure["morph"]["x"]["shape"] == [2, 48]
    assert [name.partition(" · ")[0] for name in figure["morph"]["names"]] == [
        translated("Input", language), *(translated("Layer {n}", language).format(n=n) for n in (1, 2))]  # fmt: skip
    assert {text for text in figure["labels"]["text"] if text} == {"river", "money"}
    assert translated("{n} occurrences in {documents} documents", language).format(n=48, documents=48) in shown(page)


def test_a_chinese_word_is_found_inside_longer_words(open_page, home):
    page, key = opened(open_page, home, "zh", "水果", run="bert-001", q="苹果")
    assert points(page, cloud(page, "bert-001", key)) == 24


def test_a_point_that_is_clicked_has_its_sentence_and_its_nearest_contexts(open_page, home):
    page, key = opened(open_page, home)
    name = cloud(page, "bert-002", key)
    click(page, name, 5, 1).run()
    until(page, lambda page: "Nearest contexts" in shown(page))
    assert "5" in page.query_params["at"] and "flooded field 1" in shown(page)


def test_senses_are_renamed_occurrences_moved_and_changes_undone(open_page, home, taken):
    page, key = opened(open_page, home)
    name = cloud(page, "bert-002", key)
    first = next(each for each in page.text_input if each.key and each.key.startswith("name-"))
    assert first.value == "river"
    first.set_value("shore").run()
    assert "shore" in drawn(page, name)["labels"]["text"]
    click(page, name, 2, 1).run()
    until(page, lambda page: any(each.key == "move-0" for each in page.button))
    next(each for each in page.button if each.key == "move-0").click().run()
    rows = cells(taken["senses.csv"])
    assert [row[rows[0].index("label")] for row in rows[1:]].count("shore") == 25
    button(page, "Undo").click().run()
    button(page, "Undo").click().run()
    assert "shore" not in [each.value for each in page.text_input]


def test_senses_sorted_by_hand_are_there_on_the_next_visit(open_page, home):
    page, key = opened(open_page, home)
    cloud(page, "bert-002", key)
    next(each for each in page.text_input if each.key and each.key.startswith("name-")).set_value("shore").run()
    again, key = opened(open_page, home)
    cloud(again, "bert-002", key)
    assert "shore" in [each.value for each in again.text_input]
    button(again, "Undo").click().run()
    for visit in (again, opened(open_page, home)[0]):
        cloud(visit, "bert-002", key)
        assert "shore" not in [each.value for each in visit.text_input]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_occurrence_of_both_senses_is_in_no_number(open_page, home, taken, language):
    page, key = opened(open_page, home, language, at="2")
    name = cloud(page, "bert-002", key)
    until(page, lambda page: any(each.key == "move-2" for each in page.button))
    before = drawn(page, name)["morph"]["names"]
    next(each for each in page.button if each.key == "move-2").click().run()
    until(
        page, lambda page: translated("A label, and no sense: it stays out of every number.", language) in shown(page)
    )
    after = drawn(page, name)["morph"]["names"]
    assert all(abs(float(a[-4:]) - float(b[-4:])) < 0.05 for a, b in zip(before, after))
    rows = cells(taken["senses.csv"])
    assert [row[rows[0].index("label")] for row in rows[1:]].count(translated("both", language)) == 1


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_else_could_stand_there_is_said_sense_by_sense(open_page, home, language):
    page, key = opened(open_page, home, language, substitutes="true")
    cloud(page, "bert-002", key)
    said = translated(":gray[in its place] {words}", language).partition("{")[0]
    until(page, lambda page: shown(page).count(said) == 2)
    name = page.button(key="name-so-0").help
    page.button(key="name-so-0").click().run()
    assert name in [each.value for each in page.text_input if each.key and each.key.startswith("name-")]


def test_another_word_is_another_sentence_and_two_may_have_a_stroke_between(open_page, home):
    page, _ = opened(open_page, home, sentence="The bank fell.")
    page.text_input(key="senses-word").set_value("river / money").run()
    assert "sentence" not in page.query_params and "river|money" in page.query_params["q"]


def test_two_words_are_told_apart_by_their_forms(open_page, home):
    page, key = opened(open_page, home, q="river|money")
    names = drawn(page, cloud(page, "bert-002", key))["labels"]["text"]
    assert {"river", "money"} <= {*names}


def test_the_labelled_sentences_can_be_cited_and_kept(open_page, home, taken):
    page, key = opened(open_page, home)
    cloud(page, "bert-002", key)
    rows = list(csv.DictReader(io.StringIO(taken["senses.csv"].decode("utf-8-sig"))))
    assert len(rows) == 48 and {"document", "start", "end", "left", "keyword", "right", "label"} <= {*rows[0]}
    assert all(row["keyword"].lower() == "bank" for row in rows)
    button(page, "Keep these labels").click().run()
    store = Store(home)
    assert store.labels(corpus_of(home))[0].kinds == {"river": 24, "money": 24}
    store.delete_labels(store.labels(corpus_of(home))[0].id)
    store.close()


@pytest.mark.parametrize("by", ["kmeans", "agglomerative", "hdbscan", "form", "left", "right", "place"])
def test_occurrences_can_be_sorted_in_many_ways(open_page, home, by):
    page, key = opened(open_page, home, by=by)
    assert points(page, cloud(page, "bert-002", key)) == 48


def test_an_absent_word_one_occurrence_and_a_run_without_context_are_said(open_page, home):
    page, _ = opened(open_page, home, q="zebra")
    until(page, lambda page: "zebra" in "".join(each.value for each in page.error))
    assert button(page, "Search the text itself")
    page, key = opened(open_page, home, q="bnak")
    until(page, lambda page: any(each.key == "near-bank" for each in page.button))
    page.button(key="near-bank").click().run()
    cloud(page, "bert-002", Request(corpus_of(home), "bank").key)
    page, _ = opened(open_page, home, q="walrus")
    until(page, lambda page: "too few for a picture" in "".join(each.value for each in page.info))
    assert "1 lines" in shown(page) and not page.error
    page, key = opened(open_page, home, run="word2vec-001")
    name = cloud(page, "word2vec-001", key)
    assert "one vector a word" in shown(page) and "all 48 occurrences" in str(drawn(page, name)["layout"])
    next(each for each in page.button if each.label.startswith("Read it in context")).click().run()
    assert "bert-002" in page.query_params["run"]


def test_a_cluster_is_named_by_its_words_then_by_what_is_beside_it_then_by_a_letter():
    nothing = {"words": [], "left": [], "right": []}
    words = {**nothing, "words": [["river", 5, 0, 2.0, 2.5]]}
    beside = {**nothing, "left": [["in", 4, 1, 1.0, 1.0]], "right": [["of", 9, 0, 2.0, 3.0]]}
    evidence = [words, beside, nothing]
    assert _named(Sorted((0, 1, 2), ("A", "B", "C")), evidence) == ("river", "… of", "C")


def test_a_sample_of_many_is_said(open_page, home):
    page, _ = opened(open_page, home, q="/./", most="200", by="kmeans")
    until(page, lambda page: "a sample of 200, by pattern, seed 0" in shown(page))


def test_a_star_stands_beside_a_cloud_and_the_history_splits_the_word(open_page, home):
    page, key = opened(open_page, home, senses="beside")
    name = f"history-{key}-word2vec-001-bert-002"
    until(page, lambda page: any(part.key == name for part in page.get("bidi_component")))
    names = drawn(page, name)["morph"]["names"]
    assert names[0] == "Counted · 0.00" and len(names) == 4
    assert "one vector: all 48 occurrences" in str(drawn(page, f"beside-word2vec-001-{key}")["layout"])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_without_a_static_run_of_the_language_the_input_is_the_star(open_page, home, language):
    page, key = opened(open_page, home, language, "水果", run="bert-001", q="苹果", senses="beside", at="3")
    names = {f"beside-bert-001@input-{key}", f"beside-bert-001-{key}", f"history-{key}-bert-001"}
    until(page, lambda page: names <= {part.key for part in page.get("bidi_component")})
    assert "他吃了第1个苹果" in shown(page)


def test_a_run_that_never_met_the_word_says_so_beside_those_that_did(open_page, home):
    sources = json.dumps(["word2vec-001", "bert-001"])
    page, key = opened(open_page, home, corpus="水果", run="bert-001", q="苹果", senses="beside", beside=sources)
    until(page, lambda page: any(part.key == f"beside-bert-001-{key}" for part in page.get("bidi_component")))
    assert "苹果 is not among the words of this run" in "".join(each.value for each in page.info)


def test_two_moments_of_one_run_stand_beside_each_other(open_page, home):
    store = Store(home)
    early, late = store.moments("bert-002")[0], store.moments("bert-002")[-2]
    store.close()
    sources = json.dumps([f"bert-002@{early}", f"bert-002@{late}"])
    page, key = opened(open_page, home, senses="beside", beside=sources)
    clouds = [f"beside-bert-002@{step}-{key}" for step in (early, late)]
    until(page, lambda page: {*clouds} <= {part.key for part in page.get("bidi_component")})
    before, after = (part.proto.bytes for part in page.get("bidi_component") if part.key in clouds)
    assert early < late and before != after and points(page, clouds[0]) == points(page, clouds[1]) == 48


def test_a_sentence_has_shares_and_the_word_that_decides(open_page, home):
    page, _ = opened(open_page, home, senses="sentence", sentence="The bank of the river flooded.")
    until(page, lambda page: "Without **" in shown(page))
    assert "money " in shown(page) and "river " in shown(page)
    page.text_input(key="senses-sentence").set_value("Nothing of it.").run()
    until(page, lambda page: "put back" in shown(page))


def test_many_sided_words_are_ranked_and_lead_to_their_picture(open_page, home):
    page, _ = opened(open_page, home, senses="find")
    until(page, lambda page: page.dataframe)
    assert {"bank", "river", "money"} <= {*page.dataframe[0].value["word"]}


@pytest.mark.parametrize("link", [{"layer": "99"}, {"at": "9999"}, {"at": "x"}, {"base": "-1"}, {"by": "nonsense"},
                                  {"most": "7"}, {"q": "bank|river"}, {"q": "/[/"}])  # fmt: skip
def test_odd_links_are_read_as_far_as_they_say_something(open_page, home, link):
    page, _ = opened(open_page, home, **link)
    until(page, lambda page: "silhouette" in shown(page) or page.error)
    assert not page.exception


def test_a_run_of_the_same_corpus_is_taken_where_none_was_chosen(open_page, home):
    page = open_page("senses", corpus=corpus_of(home, "水果"), q="苹果")
    assert "bert-001" in page.query_params["run"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_without_a_word_some_are_offered(open_page, home, language):
    page, _ = opened(open_page, home, language, q="")
    assert [each for each in page.button if each.key == "sense-bank"]


def test_a_word_is_found_in_all_its_forms_in_english_alone(open_page, home):
    page, _ = opened(open_page, home, q="xyzzy", mode="forms")
    until(page, lambda page: page.error)
    page, _ = opened(open_page, home, q="flood", mode="forms")
    until(page, lambda page: translated("{n} occurrences in {documents} documents", "en").format(
        n=12, documents=12) in shown(page))  # fmt: skip
    page, _ = opened(open_page, home, corpus="水果", run="bert-001", q="苹果")
    assert page.button_group(key="mode_choice").options == ["Words", "Text"]


def test_a_line_of_the_concordance_is_one_line():
    record = {"sentence": "Two\n banks\r\nfell.", "first": 5, "last": 10}
    drawn = line(record, "3", "money")
    assert drawn == {"id": "3", "left": [["Two  ", -1]], "node": "banks", "right": [[" fell.", -1]], "facts": "money"}
