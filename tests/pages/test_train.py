"""Training: the form is what the encoder declares, a start queues just that, and the live view says how it goes."""

import json

import numpy as np
import pytest

from core.corpus import Corpus
from core.corpus.settings import ReadSettings
from core.encoders import ENCODERS
from core.store import Store
from core.store.attempt import Attempt
from core.store.files import pack
from core.store.queue import Queue
from core.store.samples import samples
from tests.pages.conftest import button, drawn, finish, points, shown, translated


@pytest.mark.parametrize("language", ["en", "zh"])
def test_without_a_corpus_there_is_a_way_to_one(open_page, empty_home, language):
    page = open_page("train", language)
    assert not page.exception and translated(
        "No corpus is ready yet: take a sample, or add a text of your own.", language
    ) in shown(page)
    button(page, translated("Choose a corpus", language)).click().run()
    assert page.title[0].value == translated("Corpus", language)


def test_what_is_read_first_is_told_until_it_is_there(open_page, empty_home):
    text = empty_home / "text.txt"
    text.write_text("A bank lends. A river has two banks.")
    store = Store(empty_home)
    run = store.queue_read([(text, "text.txt")], ReadSettings(), "A text")
    page = open_page("train")
    assert [bar.text for bar in page.get("progress")] == ["A text · waiting for its turn"]
    finish(store, run)
    store.close()
    page.run()
    assert not page.exception and "No corpus is ready yet" not in shown(page) and not page.get("progress")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_with_a_corpus_the_form_and_the_cost_are_there(open_page, full_home, language):
    page = open_page("train", language)
    assert not page.exception and page.button("start").label == translated("Start training", language)
    about = translated("About {time} and {memory} on this machine.", language)
    assert any(caption.value.startswith(about[:2]) for caption in page.caption)


def test_the_variant_chosen_is_shown_as_its_formula(open_page, full_home):
    page = open_page("train", encoder="tfidf")
    assert r"\ln \frac{1 + N}{1 + n_t} + 1" in page.latex[0].value and r"\sqrt" in page.latex[0].value
    page.selectbox("tfidf-balanced-idf").set_value("plain").run()
    assert r"\ln \frac{N}{n_t} " in page.latex[0].value
    assert not open_page("train", encoder="word2vec").latex


@pytest.mark.parametrize("encoder", list(ENCODERS))
def test_the_form_is_what_the_encoder_declares(open_page, full_home, encoder):
    page, declared = open_page("train", encoder=encoder), ENCODERS[encoder].Options
    prefix, balanced = f"{encoder}-balanced-", declared.preset("balanced")
    widgets = {each.key.removeprefix(prefix): each for each in page.main if str(each.key).startswith(prefix)}
    assert set(widgets) == {name for name, field in declared.fields().items() if len(field.choices) != 1}
    assert {name: widget.value for name, widget in widgets.items()} == balanced.model_dump(include=set(widgets))
    folds = [each for expander in page.expander[:1] for each in expander]
    folded = {each.key.removeprefix(prefix) for each in folds if str(each.key).startswith(prefix)}
    assert folded == {name for name, field in declared.fields().items() if field.advanced} & set(widgets)


@pytest.mark.parametrize("encoder", [name for name, each in ENCODERS.items() if any(each.Options.presets.values())])
def test_a_preset_sets_the_form(open_page, full_home, encoder):
    page, declared = open_page("train", encoder=encoder), ENCODERS[encoder].Options
    page.segmented_control(f"{encoder}-preset").set_value("quick").run()
    quick = declared.preset("quick")
    shown_values = {name: page.get_by_key(f"{encoder}-quick-{name}").value for name in declared.presets["quick"]}
    assert shown_values == {name: getattr(quick, name) for name in shown_values} and shown_values


def test_start_queues_a_run_with_the_options_of_the_form(open_page, own_home):
    page = open_page("train", encoder="word2vec")
    page.selectbox("word2vec-balanced-architecture").set_value("cbow")
    page.number_input("word2vec-balanced-dim").set_value(20)
    page.number_input("word2vec-balanced-epochs").set_value(3).run()
    page.button("start").click().run()
    run = Store(own_home).runs()[0]
    chosen = {"architecture": "cbow", "dim": 20, "epochs": 3}
    assert (run.id, run.state, run.min_count) == ("word2vec-002", "queued", 1)
    assert run.options == ENCODERS["word2vec"].Options(**chosen).model_dump()
    assert page.query_params["watch"] == run.id and "waiting for its turn" in page.get("progress")[0].text


def test_the_quick_preset_begins_with_the_word_vectors_at_hand(open_page, own_home):
    page = open_page("train", encoder="bert")
    assert any("Train word2vec on this corpus" in caption.value for caption in page.caption)
    next(each for each in page.number_input if each.label == "Min count").set_value(3).run()
    assert begins(page).value == "" and "Tales in words" in begins(page).options
    page.segmented_control("bert-preset").set_value("quick").run()
    assert begins(page).value == "word2vec-001"
    page.button("start").click().run()
    run = Store(own_home).runs()[0]
    assert (run.encoder, run.start_from, run.seconds) == ("bert", "word2vec-001", 0)
    assert "Its words began as the vectors of Tales in words" in shown(page)


def test_a_contextual_run_is_offered_to_begin_with_but_not_taken(open_page, own_home):
    store = Store(own_home)
    run = store.queue_train("elmo", {}, store.corpora()[0].id, min_count=3, name="Both ways")
    store.change_run(run, state="done")
    store.change_run("word2vec-001", deleted=1.0)
    page = open_page("train", encoder="bert")
    next(each for each in page.number_input if each.label == "Min count").set_value(3).run()
    page.segmented_control("bert-preset").set_value("quick").run()
    assert begins(page).value == "" and "Both ways" in begins(page).options and page.button("word2vec-first")


def test_word_vectors_to_begin_with_are_a_click_away(open_page, own_home):
    page = open_page("train", encoder="bert")
    page.button("word2vec-first").click().run()
    run = Store(own_home).runs()[0]
    assert (run.encoder, run.state, run.min_count) == ("word2vec", "queued", 1)
    assert page.query_params["watch"] == run.id and "word2vec is learning from this corpus" in shown(page)


@pytest.mark.parametrize("encoder", ["bert", "gpt", "elmo"])
def test_a_text_that_is_too_short_is_a_sentence_before_the_start(open_page, own_home, encoder):
    corpus = Store(own_home).add_corpus(Corpus.from_texts(["The cat sat on the mat."]), "One sentence")
    page = open_page("train", encoder=encoder, corpus=corpus.id)
    assert "of 6 tokens: choose a longer text" in page.error[0].value and page.button("start").disabled


def test_a_busy_machine_is_said_to_take_longer(open_page, full_home, monkeypatch):
    monkeypatch.setattr("os.getloadavg", lambda: (9.0, 9.0, 9.0))
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    assert any("it may take 5 times as long" in caption.value for caption in open_page("train").caption)


def begins(page):
    return next(each for each in page.selectbox if each.label == "Begin with the word vectors of")


def test_what_would_not_fit_into_memory_cannot_be_started(open_page, full_home, monkeypatch):
    monkeypatch.setattr("core.jobs.memory.available", lambda: 1000)
    page = open_page("train", encoder="bert")
    assert "GB of memory" in page.error[0].value and page.button("start").disabled


def test_a_bert_at_work_shows_its_guesses_and_its_attention_as_they_form(open_page, own_home):
    store, run = at_work(own_home, "bert", next_sentence=False)
    told = {"held_out": 5.0, "baseline": 6.0, "masked_accuracy": 0.25, "masked_baseline": 0.05,
            "next_sentence_loss": 0.6, "next_sentence_accuracy": 0.7}  # fmt: skip
    points = [(name, 100, value) for name, value in told.items()]
    Attempt(store, run, 1).write(points, metrics=told)
    probes = [{"kind": "masked", "before": "the *old*", "after": "slept", "words": ["king", "wolf"],
               "probabilities": [0.5, 0.25]}, {"kind": "attention", "words": ["the", "*old*"]}]  # fmt: skip
    text, none = json.dumps({"step": 100, "words": [], "probes": probes}), np.zeros((0, 2), np.float32)
    picture = {"ids": np.zeros(0, np.int32), "xy": none, "basis": none, "facts": np.frombuffer(text.encode(), np.uint8),
               "attention": np.full((2, 3, 2, 2), 0.5, np.float16)}  # fmt: skip
    store.folder(run).mkdir(parents=True, exist_ok=True)
    (store.folder(run) / "snapshot.safetensors").write_bytes(pack(picture))
    page = open_page("train", watch=run)
    assert "Held-out perplexity 148.4: as uncertain" in shown(page)
    assert "Hidden words guessed right: 25.0 of 100." in shown(page) and "70.0 of 100 (a coin: 50)" in shown(page)
    assert any("the \\*old\\*" in line.value and "king 50% · wolf 25%" in line.value for line in page.markdown)
    grid = drawn(page, f"attention-{run}")["data"][0]
    assert grid["type"] == "heatmap" and not page.exception


def test_options_that_do_not_fit_together_get_a_sentence(open_page, full_home):
    page = open_page("train", encoder="gpt")
    page.number_input("gpt-balanced-heads").set_value(5).run()
    assert "5 heads do not divide width 128" in page.error[0].value and not page.exception
    assert not [each for each in page.button if each.key == "start"]


@pytest.mark.parametrize("encoder", list(ENCODERS))
def test_every_number_keeps_to_its_declared_bounds(open_page, full_home, encoder):
    page = open_page("train", encoder=encoder)
    for name, field in ENCODERS[encoder].Options.fields().items():
        if field.kind in (int, float) and not field.choices:
            widget = page.number_input(f"{encoder}-balanced-{name}")
            assert (widget.min, widget.max) == (field.low, field.high)


def test_a_vocabulary_emptied_by_min_count_gets_a_sentence(open_page, full_home):
    page = open_page("train")
    field = next(each for each in page.number_input if each.label == "Min count")
    field.set_value(1_000_000).run()
    assert "1000000" in page.error[0].value.replace(",", "") and not page.exception


def test_a_run_that_has_ended_shows_its_loss_its_map_and_its_words(open_page, full_home):
    page = open_page("train", watch="word2vec-001")
    assert points(page, "map-word2vec-001") > 100 and len(drawn(page, "loss-word2vec-001")["data"]) >= 2
    assert {"loss, nats", "held-out"} < {metric.label for metric in page.metric}
    assert "done" in shown(page) and "Losses of different objectives do not compare." in shown(page)
    assert [line.value for line in page.markdown if line.value.count(" · ") == 5]  # a probe and its six neighbours


def test_a_run_at_work_is_paused_and_asked_about_words(open_page, own_home):
    store, run = at_work(own_home)
    page = open_page("train", watch=run)
    assert "25%" in page.get("progress")[0].text and "left" in page.get("progress")[0].text
    page.button(f"pause-{run}").click().run()
    assert store.run(run).command == "pause" and page.button(f"resume-{run}")
    page.text_input(f"probe-{run}").set_value("king wolf").run()
    page.text_input(f"probe-{run}").set_value("a wolf [MASK] a king ...").run()
    assert store.run(run).probe == {"words": ["a", "wolf", "king"], "sentence": "a wolf [MASK] a king ..."}
    page.text_input(f"probe-{run}").set_value("king wolf").run()
    page.text_input(f"probe-{run}").set_value(" ").run()  # as a field is that the page lost and found again
    assert store.run(run).probe == {"words": ["king", "wolf"], "sentence": "king wolf"}


def test_a_run_that_waits_is_stopped_and_the_others_are_a_click_away(open_page, own_home):
    store, run = at_work(own_home)
    waiting = store.queue_train("word2vec", {}, store.run(run).corpus_id, min_count=1)
    page = open_page("train", watch=run)
    page.button(f"watch-{waiting}").click().run()
    assert page.query_params["watch"] == waiting
    page.button(f"stop-{waiting}").click().run()
    assert store.run(waiting).state == "stopped" and not page.exception


def test_a_run_that_has_failed_says_why(open_page, own_home):
    store, run = at_work(own_home)
    Attempt(store, run, 1).write(state="failed", message={"template": "The memory is full: {n}.", "values": {"n": 7}})
    page = open_page("train", watch=run)
    assert page.error[0].value == "The memory is full: 7." and "failed" in shown(page)


def at_work(home, encoder="word2vec", **options):
    """A run whose worker has reported a quarter of the way."""
    store = Store(home)
    run = store.queue_train(encoder, options, store.corpora()[0].id, min_count=1)
    attempt = Attempt(store, run, Queue(store).claim(store.run(run)))
    attempt.write([("loss", 100, 2.5)], phase="learning", step=100, total=400, seconds=3.0, metrics={"loss": 2.5})
    return store, run


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_encoder_that_translates_leads_to_sentence_pairs(open_page, own_home, language):
    page = open_page("train", language, encoder="cove")
    assert page.button("start").disabled
    assert page.button("take-pairs").label == translated("Take English sentences with their Chinese", language)
    page.button("take-pairs").click().run()
    reading = Store(own_home).run(page.session_state["reading"])
    assert reading.name == samples()["en-zh-pairs.tsv.gz"].name and page.button("cancel-reading")
    again = open_page("train", language, encoder="cove")
    again.button("take-pairs").click().run()
    assert again.session_state["reading"] == reading.id  # it is being read: another click waits for the same
    assert "take-pairs" not in [each.key for each in open_page("train").button]
