"""Labels in a store: kept with their corpus, renamed, put away and brought back; older stores get their table."""

import time

import pandas as pd
import pytest
import sqlalchemy as sa

from core.problem import Problem
from core.store import Store, tables
from core.store.occurrences import purge_labels
from core.store.queue import DAY, Queue

TABLE = pd.DataFrame({"document": [0, 0, 3], "start": [4, 22, 4], "end": [8, 27, 8], "label": ["m", "f", "m"]})


@pytest.fixture
def labels(store, corpus):
    """A set of labels of the corpus."""
    return store.add_labels(corpus.id, "royals", TABLE, author="Ada")


def test_labels_are_kept_and_found_again(store, corpus, labels):
    assert store.labels(corpus.id) == [labels] == [store.label_row(labels.id)]
    assert (labels.name, labels.author, labels.occurrences, labels.kinds) == ("royals", "Ada", 3, {"m": 2, "f": 1})
    assert store.label_set(labels.id).equals(TABLE)


def test_the_newest_set_comes_first_and_only_the_corpus_own(store, corpus, labels):
    second = store.add_labels(corpus.id, " ", TABLE[:1])
    assert [row.name for row in store.labels(corpus.id)] == ["labels", "royals"] and second.occurrences == 1
    assert store.labels("another") == []


def test_rename_delete_and_undo(store, corpus, labels):
    store.rename_labels(labels.id, "kings and queens")
    store.delete_labels(labels.id)
    assert store.labels(corpus.id) == []
    store.restore_labels(labels.id)
    assert [row.name for row in store.labels(corpus.id)] == ["kings and queens"]


def test_what_is_not_there_is_a_problem(store, corpus, labels):
    for ask in (store.label_set, store.delete_labels, store.restore_labels, lambda one: store.rename_labels(one, "x")):
        with pytest.raises(Problem, match="no such labels"):
            ask("../../semascope")
    with pytest.raises(Problem, match="no such corpus"):
        store.add_labels("nobody", "x", TABLE)
    for table in (TABLE[:0], TABLE.drop(columns="label")):
        with pytest.raises(Problem, match="import it again"):
            store.add_labels(corpus.id, "x", table)


def test_a_day_later_what_was_deleted_is_gone(store, corpus, labels):
    other = store.add_labels(corpus.id, "kept", TABLE)
    store.delete_labels(labels.id)
    assert purge_labels(store, time.time() - DAY) == []
    (store.home / "labels" / "half.parquet.7.tmp").touch()
    Queue(store).purge(time.time() + 1)
    assert store.label_row(labels.id) is None and store.label_set(other.id).equals(TABLE)
    assert [path.stem for path in (store.home / "labels").iterdir()] == [other.id]


def test_labels_go_with_their_corpus(store, corpus, labels):
    store.delete_corpus(corpus.id)
    assert store.labels(corpus.id) == [labels]
    Queue(store).purge(time.time() + 1)
    assert store.label_row(labels.id) is None and not list((store.home / "labels").iterdir())


def test_a_store_of_the_first_schema_gets_the_new_table_and_keeps_the_rest(store, corpus):
    with store.database.writing() as connection:
        connection.execute(sa.text("DROP TABLE label_set"))
        connection.execute(tables.schema.update().values(version=1))
    store.close()
    again = Store(store.home)
    assert again.add_labels(corpus.id, "new", TABLE).name == "new" and [row.id for row in again.corpora()] == [
        corpus.id
    ]
    with again.database.reading() as connection:
        assert connection.execute(sa.select(tables.schema.c.version)).all() == [(tables.VERSION,)]
    again.close()


def test_deriving_is_queued_as_a_run(store, corpus):
    run = store.queue_derive(corpus.id, "merge words", {"first": "king", "second": "queen"})
    row, derived = store.run(run), store.corpus_row(run)
    assert (row.kind, row.name, row.corpus_id) == ("derive", "Kings, king and queen merged", run) and store.runs() == []
    assert (derived.state, derived.origin) == ("reading", "derived") and derived.settings == row.options
    options = {"first": "king", "second": "queen", "form": "", "one_form": True}
    assert row.options["derived"] == {
        "from": corpus.id, "operation": "merge words", "with": None, "options": options}  # fmt: skip
    store.command(run, "stop")
    assert [one.id for one in store.corpora()] == [corpus.id]


def test_what_cannot_be_derived_is_said_at_once(store, corpus):
    for operation, options, said in [
        ("x", {}, "no operation called x"), ("merge words", {"first": "king", "second": "kween"}, "did you mean queen"),
        ("add background", {}, "no second corpus"), ("shuffle words", {"within": "x"}, "Within must be one of"),
    ]:  # fmt: skip
        with pytest.raises(Problem, match=said):
            store.queue_derive(corpus.id, operation, options)
    with pytest.raises(Problem, match="no such corpus"):
        store.queue_derive("nobody", "shuffle words", {})
    assert len(store.corpora()) == 1 and store.runs(kind=None) == []
