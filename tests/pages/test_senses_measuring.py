"""Measuring senses: a run beside baselines, what is said of it, the control with other labels, and what cannot be."""

import pytest

from pages.widgets.senses_measuring import _bar
from tests.pages.conftest import cells, drawn, shown, translated, until
from tests.pages.test_senses import home, opened, senses  # noqa: F401


def measured(page, key: str = "measured-dots-real", run: str | None = "Counted"):
    """The page once this picture is there, with this run (or any) in it: runs come one after the other."""
    parts = lambda page: [part for part in page.get("bidi_component") if part.key == key]  # noqa: E731
    names = lambda page: {trace.get("name") for trace in drawn(page, key)["data"]}  # noqa: E731
    return until(page, lambda page: parts(page) and (run is None or run in names(page)))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_run_stands_beside_baselines_and_a_verdict(open_page, home, language, taken):  # noqa: F811
    page, _key = opened(open_page, home, language, senses="measure")
    measured(page)
    until(page, lambda page: len(cells(taken["senses-measured.csv"])) == 1 + 3 + 1 + 1 + 6 + 2 + 3 + 1)  # both by now
    figure = drawn(page, "measured-dots-real")
    assert translated("guessing", language) in {trace["name"] for trace in figure["data"]}
    assert not page.exception
    rows = cells(taken["senses-measured.csv"])
    table = [dict(zip(rows[0], row)) for row in rows[1:]]
    static = next(row for row in table if row["title"] == "Counted")
    assert float(static["recall"]) == 0.5
    near = next(row for row in table if row["title"] == translated("bag of the whole sentence", language))
    assert float(near["recall"]) == 1 and near["n"] == "48.0"
    mix = next(row for row in table if row["kind"] == translated("learned mix", language))
    assert float(mix["recall"]) >= 0.5 and mix["layer"] == "-1.0" and mix["adjusted"] == ""
    deep = [row for row in table if row["kind"] == translated("run", language)]
    assert all(float(row["adjusted"]) == pytest.approx(float(row["alike"]) - float(row["common"])) for row in deep)
    bars = drawn(page, "measured-weights-real")["data"]
    assert len(bars) == 1 and bars[0]["type"] == "bar" and bars[0]["y"]["shape"] == [3]


def test_a_run_is_held_against_the_bar(open_page, home):  # noqa: F811
    """The sentences are told apart by any word of them: nothing can lie above the bag of words."""
    page, _key = opened(open_page, home, senses="measure", measured='["bert-002"]')
    told = shown(measured(page, "measured-weights-real", None))
    assert "Nothing can lie 0.05 above bags of words" in told and "leaves 0.000" in told
    assert "Which layers the senses need: " in told and "have seen labels" in told


@pytest.mark.parametrize("recall, over, said", [
    (0.9, 0.05, "beats the best (bag of the whole sentence) by +0.05"), (0.9, 0.3, "by +0.30"),
    (0.9, 0.03, "is missed by 0.020"), (0.7, -0.1, "is missed by 0.150: against the best of them "),
    (1.0, 0.04, "leaves 0.040, and against it the run stands at +0.04"),
])  # fmt: skip
def test_by_how_much_the_bar_is_missed_is_said(recall, over, said):
    told = _bar({"recall": recall, "bar": {"baseline": "sentence", "over": over}})
    assert said in told and "0.05" in told


def test_with_labels_dealt_out_anew_the_picture_stands_beside_the_real_one(open_page, home):  # noqa: F811
    page, _key = opened(open_page, home, senses="measure", fooled="shuffled")
    measured(page)
    measured(page, "measured-layers-shuffled", "guessing")
    real, other = (drawn(page, f"measured-layers-{key}")["data"] for key in ("real", "shuffled"))
    assert len(real) == len(other) == 5 and not page.exception  # a curve with its interval, three baselines
    assert "best baseline" in shown(page)


def test_clusters_are_circular_and_one_sense_cannot_be_measured(open_page, home):  # noqa: F811
    page, _key = opened(open_page, home, senses="measure", by="kmeans")
    assert "circular" in shown(measured(page))
    page, _key = opened(open_page, home, senses="measure", by="form")
    until(page, lambda page: "have one sense" in "".join(each.value for each in page.info))


def test_a_run_that_does_not_know_the_word_says_so_beside_the_others(open_page, home):  # noqa: F811
    page, _key = opened(open_page, home, senses="measure", measured='["word2vec-001", "bert-001"]')
    measured(page)
    assert not page.exception and not page.error
