"""What is measured on the Attention page, of a small BERT and a small GPT, in both languages."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.corpus import Corpus
from core.store import Store
from tests.pages.conftest import (
    bring,
    cells,
    drawn,
    end_processes,
    finish,
    given,
    new_home,
    shown,
    translated,
    until,
    using,
)

SMALL = {"steps": 10, "layers": 2, "heads": 2, "width": 16, "context": 24, "batch": 4, "threads": 1}
TEXT = "the king saw <s> the $x$ queen"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A store with a BERT (bert-001) and a GPT (gpt-001) over forty short documents."""
    home = new_home(tmp_path_factory.mktemp("attention") / "home")
    store = Store(home)
    texts = [
        f"The king saw the queen of land {i % 7}. She gave him a <s> golden $x$ ring. He went home." for i in range(80)
    ]
    corpus = store.add_corpus(Corpus.from_texts(texts, language="en"), "Rings")
    for encoder in ("bert", "gpt"):
        finish(store, store.queue_train(encoder, SMALL, corpus.id, min_count=1, name=f"Small {encoder}"))
    store.close()
    yield home
    end_processes(home)


@pytest.fixture
def home(house: Path) -> Iterator[Path]:
    with using(house, keep=True) as home:
        yield home


def measure(open_page, run: str, view: str, language: str = "en", **query: str):
    return open_page("attention", language, run=run, attention="measure", measure=view, text=TEXT, **query)


def picture(page, start: str):
    """What is drawn under the key that begins so, once it is there."""
    found = lambda page: [part.key for part in page.get("bidi_component") if part.key.startswith(start)]  # noqa: E731
    until(page, found)
    return drawn(page, found(page)[0])


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("run", ["bert-001", "gpt-001"])
def test_heads_as_a_table_and_as_a_map(open_page, home, taken, run, language):
    page = measure(open_page, run, "heads", language)
    figure = picture(page, "head-map")
    assert sum(trace["x"]["shape"][0] for trace in figure["data"]) == 4
    [table] = [each.value for each in page.dataframe]
    assert table["head"].tolist() == ["1.1", "1.2", "2.1", "2.2"] and table["entropy"].between(0, 4).all()
    assert translated("How a head gets its nickname", language) in [each.label for each in page.expander]
    assert cells(taken["heads.csv"])[0][:3] == ["head", "nickname", "entropy"]


def test_a_click_on_the_map_chooses_a_head_in_the_link(open_page, home):
    page = measure(open_page, "gpt-001", "heads")
    picture(page, "head-map")
    page.session_state["head-map-gpt-001"] = {"event": {"clicked": 2, "click_count": 1}}
    page.run()
    assert page.query_params["head"] == "2.1" and "2.1" in shown(page)


@pytest.mark.parametrize("run", ["bert-001", "gpt-001"])
def test_attention_rollout_and_flow_beside_blank_out_and_gradient(open_page, home, run):
    page = measure(open_page, run, "explain", sample="20")
    rows = picture(page, "explained")
    picture(page, "agreement-slope")
    assert list(rows["layout"]["yaxis"]["ticktext"]) == ["blank-out", "gradient", "attention", "rollout", "flow"]
    assert "One guess in each of 20 sentences" in shown(page) and not page.exception


def test_the_same_in_chinese_with_hostile_words(open_page, home):
    page = measure(open_page, "bert-001", "explain", "zh", sample="20")
    rows = picture(page, "explained")
    names = list(rows["layout"]["xaxis"]["ticktext"])
    assert (
        "[MASK]" in names
        and "&lt;s&gt;" not in names[:3]
        and translated("flow", "zh") in rows["layout"]["yaxis"]["ticktext"]
    )


def test_heads_switched_off_change_the_loss_and_the_guess(open_page, home):
    page = measure(open_page, "bert-001", "lesion", sample="25", off='["1.2", "2.1"]', second="he went home")
    figure = picture(page, "lesion")
    assert len(figure["layout"]["annotations"]) == 4
    until(page, lambda page: "without these heads" in shown(page))
    table = page.dataframe[0].value
    assert table.shape == (5, 2) and "Without 1.2, 2.1" in shown(page).replace("\\", "")


@pytest.mark.parametrize("run, right", [("bert-001", 2), ("gpt-001", 0)])
def test_the_guess_of_every_layer(open_page, home, run, right):
    figure = picture(measure(open_page, run, "lens"), "lens")
    pieces = list(figure["layout"]["xaxis"]["ticktext"])
    assert len(figure["layout"]["annotations"]) == 3 * len(pieces) and ("[CLS]" in pieces) == (right > 0)


def test_what_the_positions_carry(open_page, home):
    page = measure(open_page, "gpt-001", "positions", "zh", sample="50")
    picture(page, "reach")
    assert [each.label for each in page.metric][0] == translated("as they are", "zh") and len(page.metric) == 4


def test_heads_as_parsers_of_the_sample_and_of_a_file(open_page, home):
    page = until(measure(open_page, "gpt-001", "parser"), lambda page: page.dataframe)
    assert {"det", "nsubj"} <= {*page.dataframe[0].value["relation"]}
    page = measure(open_page, "gpt-001", "parser", parsed="file")
    assert "CoNLL-U" in shown(page)
    file = bring(home, "mine.conllu", b"1\tthe\t_\n")
    page = until(given(page, "conllu-file", file), lambda page: page.error)
    assert "has 3 columns" in page.error[0].value


@pytest.mark.parametrize("view", ["explain", "lesion", "lens"])
@pytest.mark.parametrize("run", ["bert-001", "gpt-001"])
def test_one_word_and_more_words_than_fit(open_page, home, run, view):
    page = open_page("attention", run=run, attention="measure", measure=view, text="zebra", sample="25")
    until(page, lambda page: page.get("bidi_component"))
    assert not page.exception and not page.error
    page = open_page("attention", run=run, attention="measure", measure=view, text="the king " * 30, sample="25")
    until(page, lambda page: "of 60 words fit" in shown(page))
