"""Counter-corpora and labels: every operation can be asked for; labels are found, kept, taken along and taken back."""

import pytest

from core.corpus.counter import OPERATIONS
from core.store import Store
from core.store.inbox import find
from tests.pages.conftest import bring, button, cells, corpus_id, finish, given, shown, translated, until

WORDS = {
    "merge words": {"first": "king", "second": "son"}, "swap words": {"first": "king", "second": "son"},
    "split word": {"word": "king"}, "cut context": {"word": "king"},
}  # fmt: skip


def changing(open_page, home, operation, language="en"):
    return open_page("corpus", language, corpus=corpus_id(home, "Tales"), view="derive", operation=operation)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("operation", list(OPERATIONS))
def test_every_operation_has_a_form(open_page, full_home, operation, language):
    page = changing(open_page, full_home, operation, language)
    titles = {each.label for kind in ("text_input", "number_input", "selectbox", "toggle") for each in page.get(kind)}
    assert not page.exception and page.selectbox("operation_choice").value == operation
    assert {translated(field.title, language) for field in OPERATIONS[operation].fields().values()} <= titles
    assert button(page, translated("Make this corpus", language))


@pytest.mark.parametrize("operation", [name for name, each in OPERATIONS.items() if not each.needs_other])
def test_an_operation_is_queued_done_and_comes_into_use(open_page, own_home, operation):
    page = changing(open_page, own_home, operation)
    for name, word in WORDS.get(operation, {}).items():
        page.text_input(f"{OPERATIONS[operation].__name__}-{name}").set_value(word)
    button(page, "Make this corpus").click().run()
    assert not page.exception and not page.error, shown(page)
    store = Store(own_home)
    [run] = store.runs(kind="derive")
    assert run.state == "queued" and run.options["derived"]["operation"] == operation and page.get("progress")
    finish(store, run.id)
    until(page.run(), lambda page: page.query_params["corpus"] != run.options["derived"]["from"])
    assert "Made of Tales: " in shown(page) and {row.name for row in store.corpora()} > {"Tales"}


def test_background_needs_a_second_corpus(open_page, own_home):
    from core.corpus import Corpus

    page = changing(open_page, own_home, "add background")
    assert "needs a second corpus" in page.info[0].value
    Store(own_home).add_corpus(Corpus.from_texts(["one more tale", "and one"], language="en"), "More")
    page = changing(open_page, own_home, "add background")
    button(page, "Make this corpus").click().run()
    assert "add at most 2" in page.error[0].value
    page.number_input("AddBackground-documents").set_value(2)
    button(page, "Make this corpus").click().run()
    assert not page.error, shown(page)
    [run] = Store(own_home).runs(kind="derive")
    assert run.options["derived"]["with"] == corpus_id(own_home, "More")


def test_a_word_that_is_not_there_gets_a_sentence(open_page, full_home):
    page = changing(open_page, full_home, "merge words")
    page.text_input("MergeWords-first").set_value("kingg")
    page.text_input("MergeWords-second").set_value("son")
    button(page, "Make this corpus").click().run()
    assert "kingg" in page.error[0].value and not page.exception and not Store(full_home).runs(kind="derive")


def test_what_was_made_of_a_corpus_is_named_as_it_is(open_page, own_home):
    page = changing(open_page, own_home, "shuffle words")
    button(page, "Make this corpus").click().run()
    store = Store(own_home)
    [run] = store.runs(kind="derive")
    finish(store, run.id)
    store.rename_corpus(store.run(run.id).corpus_id, "*<b>*")
    page = changing(open_page, own_home, "shuffle words")
    assert "Made of this corpus: \\*\\<b\\>\\*" in shown(page)


def labelling(open_page, home, language="en", **link):
    return open_page("corpus", language, corpus=corpus_id(home, "Tales"), view="labels", **link)


LINES = "A certain father had two **sons**, the elder\tchild\nnowhere in this **text** at all\tx"


def pasted(open_page, home, text=LINES):
    page = labelling(open_page, home, **{"labels-from": "lines"})
    page.text_area("label-lines").set_value(text).run()
    return until(page, lambda page: not page.get("progress"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_labels_are_asked_for(open_page, full_home, language):
    page = labelling(open_page, full_home, language)
    assert not page.exception and translated("**Bring in labels**", language) in shown(page)


def test_pasted_lines_are_found_kept_and_leave_the_form(open_page, own_home):
    page = pasted(open_page, own_home)
    assert "1 occurrences were found" in shown(page) and len(page.warning) == 1 and "nowhere" not in page.error
    next(field for field in page.text_input if field.label == "Name").set_value("*Senses*").run()
    button(page, "Keep these labels").click().run()
    store, corpus = Store(own_home), corpus_id(own_home, "Tales")
    [row] = store.labels(corpus)
    assert (row.name, row.occurrences, row.kinds) == ("*Senses*", 1, {"child": 1})
    assert page.text_area("label-lines").value == "" and "**\\*Senses\\***" in shown(page)
    place = store.label_set(row.id).iloc[0]
    assert store.corpus(corpus).documents[place["document"]][place["start"] : place["end"]] == "sons"


def test_labels_are_taken_along_so_that_they_come_back(open_page, own_home, taken):
    page = pasted(open_page, own_home, "A certain father had two **sons**, the elder\t=child()\n")
    button(page, "Keep these labels").click().run()
    content = taken["pasted lines.csv"]
    header, row = cells(content)
    assert row[header.index("label")] == "'=child()" and row[header.index("keyword")] == "sons"
    again = given(labelling(open_page, own_home), "label-files", bring(own_home, "again.csv", content))
    until(again, lambda page: not page.get("progress"))
    assert "1 occurrences were found" in shown(again)


def test_a_table_is_kept_deleted_and_brought_back(open_page, own_home):
    identity = bring(own_home, "in/senses.csv", b"document,start,end,label\n0,10,16,parent\n0,25,29,child\n")
    page = given(labelling(open_page, own_home), "label-files", identity)
    until(page, lambda page: not page.get("progress"))
    button(page, "Keep these labels").click().run()
    store, corpus = Store(own_home), corpus_id(own_home, "Tales")
    [row] = store.labels(corpus)
    assert row.name == "senses.csv" and row.kinds == {"parent": 1, "child": 1} and find(own_home, identity) is None
    page.button(f"drop-{row.id}").click().run()
    assert store.labels(corpus) == [] and not page.exception
    page.button("undo-labels").click().run()
    assert [each.id for each in store.labels(corpus)] == [row.id]


@pytest.mark.parametrize(("name", "data"), [
    ("empty.csv", b""), ("nothing.csv", b"a,b\n1,2\n"), ("far.csv", b"document,start,end,label\n99,0,4,x\n"),
    ("picture.csv", bytes(range(256)) * 9), ("x.jsonl", b"{"),
])  # fmt: skip
def test_a_table_that_says_nothing_gets_a_sentence(open_page, own_home, name, data):
    page = given(labelling(open_page, own_home), "label-files", bring(own_home, name, data))
    until(page, lambda page: page.error)
    assert len(page.error[0].value) > 30 and not page.exception
    assert "Keep these labels" not in [each.label for each in page.button]


def test_lines_that_are_nowhere_get_a_sentence(open_page, own_home):
    page = pasted(open_page, own_home, "no such **place** in it\tx")
    assert page.error and not page.exception
