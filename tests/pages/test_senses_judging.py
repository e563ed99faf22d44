"""Pairs of uses judged by two people, and two people's labels: kept apart, their agreement told, taken along."""

import csv
import io

import pytest

from core.explore.senses import find
from core.store import Store
from tests.pages.conftest import button, shown, translated, until
from tests.pages.test_senses import corpus_of, home, opened, senses  # noqa: F401

PEOPLE = ("Ada", "Ben<b>")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_pairs_are_judged_by_two_people_and_set_beside_the_run(open_page, home, language, taken):  # noqa: F811
    page, _ = opened(open_page, home, language, senses="judge", pairs="20")
    until(page, lambda page: any(each.key == "judge-1" for each in page.button))
    assert page.button(key="judge-1").disabled and page.button(key="judge-0").label == translated(
        "cannot decide", language)  # fmt: skip
    for number, author in enumerate(PEOPLE):
        page.text_input(key="judge-author").set_value(author).run()
        for value in (1, 4, 2, 3, 4 - number):
            page.button(key=f"judge-{value}").click().run()
    until(page, lambda page: "ρ = " in shown(page))
    assert "α = " in shown(page) and "Ben\\<b\\>" in shown(page)
    rows = list(csv.DictReader(io.StringIO(taken["judged-pairs.csv"].decode("utf-8-sig"))))
    assert len(rows) == 10 and [row["judgement"] for row in rows[:5]] == ["1", "4", "2", "3", "4"]
    assert all(row["keyword"].lower() == row["other_keyword"].lower() == "bank" for row in rows)
    button(page, translated("Take the last one back", language)).click().run()
    store = Store(home)
    assert len(store.judgements(corpus_of(home))) == 9
    for record in store.judgements(corpus_of(home)).itertuples(index=False):
        store.judge(corpus_of(home), record.author, tuple(record[1:4]), tuple(record[4:7]), None)
    store.close()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_two_peoples_labels_agree_as_far_as_they_do(open_page, home, language, taken):  # noqa: F811
    page, _ = opened(open_page, home, language, senses="judge", judge="labels")
    until(page, lambda page: page.info)
    store = Store(home)
    banks = corpus_of(home)
    frame = find(store.corpus(banks), "bank").frame
    other = ["money" if i % 4 == 0 else label for i, label in enumerate(frame["label"])]
    places = frame[["document", "begin", "end"]].set_axis(["document", "start", "end"], axis=1)
    kept = store.add_labels(banks, "bank", places.assign(label=other), "Ben")
    page, _ = opened(open_page, home, language, senses="judge", judge="labels")
    until(page, lambda page: "κ = 0.50" in shown(page))
    assert "**75%**" in shown(page) and "α = " in shown(page)
    rows = list(csv.DictReader(io.StringIO(taken["two-labels.csv"].decode("utf-8-sig"))))
    assert sum(row["label"] != row["other_label"] for row in rows) == 12 and len(rows) == 48
    store.delete_labels(kept.id)
    store.close()
