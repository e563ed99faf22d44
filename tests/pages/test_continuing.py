"""A pre-trained model continued: the ways to the form, what it says before the start, what a run of it shows."""

import pytest

from core.corpus import Corpus
from core.store import Store
from core.store.importing import ImportSettings
from core.store.importing.packaged import packaged
from tests.core.store.importing.making import listed, tiny
from tests.pages.conftest import button, drawn, finish, shown, translated

SMALL = {"steps": 3, "stretch": 16, "batch": 2, "threads": 1}
HEAD = (
    "Its weights held no head that guesses masked words, so one begins anew: it compares what the model says of a gap "
    "with each word, and has to learn that first."
)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """A folder of a model with all heads, one of the body alone, and a GPT-2."""
    found = {kind: tmp_path_factory.mktemp(kind) for kind in ("bert", "headless", "gpt2")}
    for kind, folder in found.items():
        tiny(kind, folder)
    return found


def brought(home, folder, name="Small one"):
    """The store, and the run that this folder has become."""
    store = Store(home)
    finish(store, run := store.queue_import(listed(folder), ImportSettings(format="model"), name))
    return store, run


@pytest.mark.parametrize("language", ["en", "zh"])
def test_home_leads_to_the_form_which_says_what_is_missing(open_page, own_home, language):
    page = open_page("home", language)
    page.button(key="home-pretrained").click().run()
    assert page.title[0].value == translated("Train", language) and page.query_params["encoder"] == "pretrained"
    assert translated("No pre-trained model is here yet.", language) in shown(page) and not page.exception
    assert bool(packaged()) == bool([each for each in page.button if each.key == "import-packaged"])
    assert not [each for each in page.button if each.key == "start"]
    page.button(key="bring-model").click().run()
    assert page.title[0].value == translated("Runs", language) and page.query_params["add"] == "model"


@pytest.mark.skipif(not packaged(), reason="the packaged model is not installed")
def test_the_packaged_model_is_taken_in_at_a_click_and_seen_coming(open_page, own_home):
    page = open_page("train", encoder="pretrained")
    page.button(key="import-packaged").click().run()
    [run] = [run for run in Store(own_home).runs() if run.kind == "import"]
    assert run.state == "queued" and "MiniLM" in page.get("progress")[0].text and not page.exception


@pytest.mark.parametrize("language", ["en", "zh"])
def test_from_a_model_on_the_runs_page_to_its_run(open_page, own_home, folders, language):
    store, before = brought(own_home, folders["headless"])
    page = open_page("runs", language)
    page.button(key=f"continue-{before}").click().run()
    assert page.title[0].value == translated("Train", language) and page.query_params["from"] == before
    page = open_page("train", language, **{"encoder": "pretrained", "from": before})
    assert translated("Preset", language) == page.segmented_control("continue-ContinuingNewHead-preset").label
    assert translated(HEAD, language) in shown(page) and not page.exception
    page.number_input("continue-ContinuingNewHead-balanced-steps").set_value(3).run()
    page.button("start").click().run()
    run = store.runs()[0]
    assert (run.encoder, run.start_from, run.options["steps"]) == ("pretrained", before, 3) and run.options["new_head"]
    assert "Small one" in run.name and "Tales" in run.name and page.query_params["watch"] == run.id
    finish(store, run.id)
    page.run()
    assert not page.exception and "Small one" in shown(page)


@pytest.mark.parametrize("kind, names", [
    ("bert", {"pairs", "chosen", "frozen"}), ("headless", {"chosen", "frozen"}), ("gpt2", {"frozen"}),
])  # fmt: skip
def test_the_form_offers_what_the_model_can_learn(open_page, own_home, folders, kind, names):
    brought(own_home, folders[kind])
    page = open_page("train", encoder="pretrained")
    keys = {str(each.key).rpartition("-")[2] for each in page.main if str(each.key).startswith("continue-")}
    assert {"steps", "lr", "stretch", "batch", "seed", "threads"} <= keys and not page.exception
    assert keys & {"pairs", "chosen", "frozen"} == names and not keys & {"width", "layers", "file"}
    assert "on this machine" in shown(page)


def test_a_run_shows_what_it_gained(open_page, own_home, folders):
    store, before = brought(own_home, folders["bert"])
    run = store.queue_train("pretrained", SMALL, store.corpora()[0].id, min_count=1, name="Went on", start_from=before)
    finish(store, run)
    page = open_page("train", watch=run)
    figure = drawn(page, f"loss-{run}")
    texts = [each["text"] for each in figure["layout"]["annotations"]]
    assert any("as it was brought" in text for text in texts) and any("guessing by frequency" in text for text in texts)
    assert "It goes on from the weights of Small one." in shown(page) and not page.exception
    assert next(metric for metric in page.metric if metric.label == "held-out").delta


def test_a_text_that_was_learned_from_is_not_learned_from_anew(open_page, own_home, folders):
    store, before = brought(own_home, folders["bert"])
    corpus = store.corpora()[0]
    finish(store, run := store.queue_train("pretrained", SMALL, corpus.id, min_count=1, start_from=before))
    page = open_page("train", **{"encoder": "pretrained", "from": run})
    assert "has learned from this corpus already" in page.info[0].value
    other = store.add_corpus(Corpus.from_texts(["the cat sat. a mat sat."] * 40, language="en"), "Cats")
    page = open_page("train", **{"encoder": "pretrained", "from": run, "corpus": other.id})
    assert button(page, "Start training") and not page.exception


@pytest.mark.parametrize("page_name", ["map", "neighbours", "predict", "senses", "attention", "runs", "spaces"])
def test_it_is_looked_at_like_any_other(open_page, own_home, folders, page_name):
    store, before = brought(own_home, folders["headless"])
    run = store.queue_train("pretrained", SMALL, store.corpora()[0].id, min_count=1, start_from=before)
    finish(store, run)
    page = open_page(page_name, run=run)
    assert not page.exception and not page.error, shown(page)
    assert page_name != "runs" or "It goes on from the weights of Small one." in shown(page)
