"""A pre-trained model on the Runs page: looked at, refused or brought in, then a run like any other."""

import json

import pytest

from core.store import Store, inbox
from core.store.importing import ImportSettings
from core.store.importing.packaged import packaged
from tests.core.store.importing.making import listed, tiny
from tests.pages.conftest import bring, button, finish, given, shown, translated, until


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("bert")
    tiny("bert", place)
    return place


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_place_for_a_model_opens_and_closes(open_page, empty_home, language):
    page = open_page("runs", language)
    button(page, translated("Import a model", language)).click().run()
    assert page.query_params["add"] in ("model", ["model"]) and not page.exception
    assert bool(packaged()) == bool([each for each in page.button if each.key == "import-packaged"])
    button(page, translated("Close", language)).click().run()
    assert "add" not in page.query_params


def test_a_folder_is_looked_at_and_becomes_a_run(open_page, own_home, folder):
    ids = [bring(own_home, f"tiny/{name}", path.read_bytes()) for path, name in listed(folder)]
    page = given(open_page("runs", add="model"), "model", *ids)
    page = until(page, lambda page: [each for each in page.button if each.key == "import"])
    assert "2 layers × 2 heads" in shown(page) and "masked words" in shown(page)
    page.button(key="import").click().run()
    store = Store(own_home)
    run = store.runs()[0]
    finish(store, run.id)
    page.run()
    row = store.run(run.id)
    assert (row.encoder, row.name) == ("pretrained", "tiny") and "NextSentence" in row.capabilities
    assert "tiny is here: 12 words" in page.success[0].value and not page.exception
    assert "as it was brought" in shown(page)
    assert store.export(run.id, "safetensors").stat().st_size > 1000


def test_a_pickle_is_a_sentence(open_page, own_home, folder):
    config = json.dumps({"model_type": "bert"}).encode()
    ids = bring(own_home, "config.json", config), bring(own_home, "pytorch_model.bin", b"\x80\x04")
    page = until(given(open_page("runs", add="model"), "model", *ids), lambda page: page.error)
    assert "model.bin is a pickle" in page.error[0].value


@pytest.mark.parametrize("page_name", ["map", "home", "train", "predict"])
def test_it_is_shown_like_any_other(open_page, own_home, folder, page_name):
    store = Store(own_home)
    files = [
        (inbox.find(own_home, bring(own_home, name, path.read_bytes())).path, name) for path, name in listed(folder)
    ]
    finish(store, run := store.queue_import(files, ImportSettings(format="model"), "Tiny"))
    page = open_page(page_name, "en", run=run, watch=run)
    assert not page.exception and not page.error, shown(page)
