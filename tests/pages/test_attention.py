"""The Attention page: a text, the heads over it, what stands beside them, and what is taken away."""

import base64
import json
import re
import struct

import numpy as np
import pytest

from core.answers import Answer
from pages.widgets import attention, attention_file
from pages.widgets.attention_look import _linked, _looked_at
from tests.pages.conftest import until


def answered(names: list[str], layers: int = 1, heads: int = 2) -> Answer:
    """What `looked` says of these pieces: even looks."""
    count = len(names)
    maps = np.full((layers * heads + layers + 1, count * count), 1 / count, np.float32)
    arrays = {"rows": np.arange(count, dtype=np.int32), "columns": np.arange(count, dtype=np.int32), "maps": maps}
    return Answer(arrays, {
        "names": names, "special": [False] * count, "segment": [0] * count, "layers": layers, "heads": heads,
        "causal": False, "window": [0, count, count], "kind": "exact", "shape": [count, count],
    })  # fmt: skip


STATE = {"view": "map", "picks": [[0, 1], [0, 1]], "heads": [[0, 1]], "top": 100, "piece": 1, "right": 0}


def message(names: list[str]) -> bytes:
    return attention.message([("", answered(names))], name="b", text="t", mode="one", state=STATE, theme="light")


def header(content: bytes) -> dict:
    return json.loads(content[8 : 8 + struct.unpack("<I", content[:4])[0]])


def linked(page, name: str) -> str:
    """What the page's link says."""
    value = page.query_params[name]
    return value if isinstance(value, str) else value[0]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_heads_of_a_run_stand_over_its_text(open_page, full_home, language):
    page = open_page("attention", language=language, text="the king and the queen", beside="heads")
    assert not page.exception and not page.error
    labels = [box.label for box in page.selectbox]
    assert ("Beside it" if language == "en" else "并排比较") in labels


def test_all_moments_of_a_training_are_asked_for_at_once(open_page, full_home):
    page = open_page("attention", text="the king", beside="time", look="lines", heads="1.1,1.2")
    until(page, lambda page: page.get("download_button"))
    assert not page.exception and not page.error and linked(page, "heads") == "1.1,1.2"


def test_what_is_chosen_on_the_board_stands_in_the_link(open_page, full_home):
    page = open_page("attention", text="the king")
    page.session_state["attention-board"] = {"state": {**STATE, "view": "neuron", "top": 60}}
    until(page, lambda page: "look" in page.query_params)
    assert not page.exception and linked(page, "look") == "neuron"
    assert linked(page, "head") == "1.2" and linked(page, "top") == "60"


def test_an_empty_text_asks_for_one(open_page, full_home):
    page = open_page("attention", text=" ")
    assert not page.exception and page.info


def test_without_a_transformer_the_page_says_what_to_train(open_page, empty_home):
    page = open_page("attention", language="zh")
    assert not page.exception and len(page.button) == 1


def test_a_link_full_of_nonsense_leads_to_the_first_head(monkeypatch):
    monkeypatch.setattr("pages.widgets.attention_look.chosen", lambda name: "<b>,9")
    found = _linked()
    assert found["picks"] == [(0, 0), (0, 0)] and found["view"] == "map" and found["top"] == 100


def test_only_what_is_drawn_large_is_asked_for_in_full():
    state = {**STATE, "heads": [[0, 0], [1, 1]]}
    assert _looked_at(2, "two", {**state, "view": "lines"}) == [(0, (0, 0)), (0, (1, 1)), (1, (0, 0)), (1, (1, 1))]
    assert _looked_at(3, "time", {**state, "moment": 1}) == [(1, (0, 1))]
    assert _looked_at(1, "one", {**state, "view": "grid"}) == []


def test_words_travel_as_they_are_and_numbers_as_bytes():
    told = header(message(["<script>", "$x$", "</s>"]))
    assert told["frames"][0]["names"] == ["<script>", "$x$", "</s>"]
    assert told["frames"][0]["maps"] == {"$array": "float32", "start": 0 + told["frames"][0]["maps"]["start"],
                                         "shape": [4, 9]}  # fmt: skip


def test_the_page_to_take_away_is_whole_and_holds_words_as_data_alone():
    found = attention_file.page([message(["<script>alert(1)</script>", "</script>"])]).decode()
    assert "alert(1)" not in found and not re.search(r"https?://(?!www\.w3\.org/2000/svg)", found)
    assert "import " not in re.sub(r"/\*.*?\*/", "", found, flags=re.DOTALL).replace("important", "")
    [data] = re.findall(r'\["([A-Za-z0-9+/=]+)"\]', found)
    assert header(base64.b64decode(data))["frames"][0]["names"][1] == "</script>"


def test_every_module_of_the_board_is_in_the_page_to_take_away():
    names = {path.name for path in attention_file.FOLDER.glob("attention*.js")}
    assert names <= {*attention_file.SCRIPTS} and "import {" not in attention_file.scripts()


def test_the_table_has_a_row_for_every_pair():
    table = attention_file.table(answered(["a", "b"]), np.array([0.25, 0.75, 0.5, 0.5]))
    assert table.values.tolist()[1] == [1, "a", 2, "b", 0.75] and len(table) == 4
