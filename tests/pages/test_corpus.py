"""Bringing a text: looked at before it is kept, refused with a sentence, queued as it was set; and knowing one."""

import gzip
import itertools
from pathlib import Path

import pytest

from core.corpus.advice import carries
from core.store import Store
from pages.widgets import asking, reader
from pages.widgets.units import count
from tests.pages.conftest import bring, button, finish, given, points, sent, shown, tales, translated, until

KEEP = "Keep this corpus"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_empty_store_asks_for_a_text(open_page, empty_home, language):
    page = open_page("corpus", language)
    assert not page.exception and page.title[0].value == translated("Corpus", language)
    assert sent(page, "files")["label"] == translated("Text files, one or many", language)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_corpus_is_shown_with_its_numbers_and_curves(open_page, full_home, language):
    page = open_page("corpus", language)
    numbers = {metric.label: metric.value for metric in page.metric}
    assert not page.exception and numbers[translated("documents", language)] == "12"
    corpus = page.query_params["corpus"]
    assert points(page, f"zipf-{corpus}") > 100 and points(page, f"frequent-{corpus}") == 15
    uses = [translated(use.text, language).format(needed=count(use.needed)) for use in carries(19_651, 12)]
    assert uses and all(use in shown(page) for use in uses)


def test_pasted_text_is_previewed_kept_and_queued(open_page, own_home):
    page = paste(open_page, "\n\n".join(tales(3)))
    assert page.metric[2].value.startswith("about ") and "A certain father had two sons" in shown(page)
    page.text_input("read-language").set_value("en").run()
    name(page).set_value("Three tales").run()
    button(page, KEEP).click().run()
    [run] = Store(own_home).runs(kind="read")
    assert (run.name, run.state, run.options["language"], run.options["tokenizer"]) == (
        "Three tales", "queued", "en", "words"
    )  # fmt: skip
    assert "Three tales" in page.get("progress")[0].text


def test_the_form_stands_while_a_changed_setting_is_looked_at(open_page, own_home, monkeypatch):
    page = paste(open_page, "The king saw the queen.")
    monkeypatch.setattr(asking, "_wait", lambda *_: None)  # a machine so busy that no answer comes
    page.selectbox("read-tokenizer").set_value("characters").run()
    assert page.get("progress") and page.selectbox("read-tokenizer").value == "characters"
    button(page, KEEP).click().run()
    [run] = Store(own_home).runs(kind="read")
    assert run.options["tokenizer"] == "characters"


def test_a_corpus_that_has_been_read_comes_into_use(open_page, own_home):
    page = paste(open_page, "The king saw the queen. The queen saw the king.")
    button(page, KEEP).click().run()
    store = Store(own_home)
    [run] = store.runs(kind="read")
    finish(store, run.id)
    until(page.run(), lambda page: page.subheader and page.subheader[0].value == "pasted")
    assert page.query_params["corpus"] == store.run(run.id).corpus_id and page.metric[1].value == "10"


def test_a_reading_that_comes_to_nothing_says_why(open_page, own_home):
    page = paste(open_page, "The king saw the queen.")
    button(page, KEEP).click().run()
    store = Store(own_home)
    [run] = store.runs(kind="read")
    Path(run.paths[0][0]).write_bytes(b"   ")  # as if the disk had lost it
    finish(store, run.id, "failed")
    until(page.run(), lambda page: page.error)
    assert "empty" in page.error[0].value


def test_a_text_in_which_no_word_comes_twice_is_refused_with_a_sentence(open_page, own_home):
    letters = "abcdefghijklmnopqrstuvwxyz"
    page = paste(open_page, " ".join(map("".join, itertools.product(letters, letters, letters, "mn"))))
    button(page, KEEP).click().run()
    store = Store(own_home)
    [run] = store.runs(kind="read")
    finish(store, run.id, "failed")
    until(page.run(), lambda page: page.error)
    assert run.min_count == 2 and "2 times" in page.error[0].value


def test_a_reading_can_be_cancelled(open_page, own_home):
    page = paste(open_page, "The king saw the queen.")
    button(page, KEEP).click().run()
    page.button("cancel-reading").click().run()
    [run] = Store(own_home).runs(kind="read")
    assert run.state == "stopped" and not page.get("progress")


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("empty.txt", b"", "empty"),
        ("spaces.txt", b" \n\t \n", "empty"),
        ("picture.txt", bytes(range(256)) * 40, "text"),
        ("cut.txt.gz", gzip.compress(b"The king saw the queen. " * 500, mtime=0)[:40], "damaged"),
        ("not.zip", b"PK\x03\x04 but not an archive", "archive"),
        ("header.csv", b"title,text\n", "empty"),
        ("nothing.jsonl", b"this is not JSON\n", "JSON"),
    ],
)
def test_a_bad_file_gets_a_sentence(open_page, full_home, file, content, words):
    page = upload(open_page, full_home, (file, content))
    until(page, lambda page: page.error)
    assert file in page.error[0].value and words in page.error[0].value
    assert not page.exception and all(each.disabled for each in page.button if each.label == KEEP)


def test_a_good_file_beside_a_bad_one_is_kept(open_page, full_home):
    page = upload(open_page, full_home, ("good.txt", b"The king saw the queen."), ("bad.txt", bytes(range(256)) * 40))
    until(page, lambda page: page.metric)
    assert page.error and not button(page, KEEP).disabled


def test_columns_encodings_and_splits_are_offered(open_page, full_home):
    text = "\n".join(f'{i},"Er grüßte {i}-mal den König, und der König grüßte zurück.",a' for i in range(9))
    page = upload(open_page, full_home, ("letters.csv", f"number,letter,kind\n{text}".encode("cp1252")))
    until(page, lambda page: page.metric)
    assert page.selectbox("read-text_column").options[1:] == ["number", "letter", "kind"]
    assert "guess" in page.warning[0].value and "König" in shown(page)
    page.selectbox("read-text_column").set_value("kind").run()
    until(page, lambda page: page.metric and "König" not in page.main.text[-1].value)


def test_options_out_of_bounds_get_a_sentence(open_page, full_home):
    page = paste(open_page, "The king saw the queen.")
    page.session_state["read-split"] = "pages"
    page.run()
    assert "Documents" in page.error[0].value and not page.exception


def test_samples_are_offered_with_whom_they_are_owed_to(open_page, own_home):
    page = open_page("corpus", view="add", source="sample")
    assert "Brothers Grimm" in shown(page) and "CC BY-SA" in shown(page)
    page.button("sample-en-polysemy-sentences.tsv.gz").click().run()
    [run] = Store(own_home).runs(kind="read")
    assert run.name == "Twelve ambiguous English words" and run.options["label_column"] == "sense"


def test_a_corpus_is_renamed_deleted_and_brought_back(open_page, own_home):
    page, store = open_page("corpus"), Store(own_home)
    [corpus] = store.corpora()
    page.text_input(f"corpus-name-{corpus.id}").set_value("*Tales* <b>").run()
    assert page.subheader[0].value == r"\*Tales\* \<b\>" and not page.exception
    button(page, "Delete").click().run()
    assert store.corpora() == [] and not page.exception
    page.button("undo-corpus").click().run()
    assert [row.name for row in store.corpora()] == ["*Tales* <b>"]


def test_a_small_text_is_read_together_with_a_sample(open_page, own_home):
    page = open_page("corpus")
    page.selectbox("sample_choice").set_value("en-polysemy-sentences.tsv.gz").run()
    button(page, "Read them together").click().run()
    [run] = Store(own_home).runs(kind="read")
    assert run.name == "Tales + Twelve ambiguous English words" and len(run.paths) == 2


def test_the_documents_can_be_read_from_here(open_page, full_home):
    page = open_page("corpus")
    page.button("read-documents").click().run()
    assert page.title[0].value == "Concordance"
    until(page, lambda page: any(part.key.startswith("reader-") for part in page.get("bidi_component")))
    runs = sent(page, f"reader-{page.query_params['corpus']}")["page"]
    assert "".join(run[0] for run in runs) == tales(1)[0][: reader.PAGE]


def paste(open_page, text):
    """The page, once the preview of this text stands."""
    page = open_page("corpus", view="add", source="paste")
    page.text_area("pasted").set_value(text).run()
    return until(page, lambda page: page.metric)


def upload(open_page, home, *files):
    """The page to which these files, (name, bytes) each, were brought."""
    return given(open_page("corpus", view="add"), "files", *(bring(home, name, data) for name, data in files))


def name(page):
    return next(field for field in page.text_input if field.label == "Name")
