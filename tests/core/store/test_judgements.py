"""Judgements of pairs in a store: kept by person, changed, taken back, gone with their corpus."""

import pytest
import sqlalchemy as sa

from core.problem import Problem
from core.store import Store, tables
from core.store.judgements import purge_judgements

ONE, TWO = (0, 4, 8), (3, 4, 8)


def told(store, corpus) -> list[tuple[str, int, int, int]]:
    found = store.judgements(corpus.id)
    return list(zip(found["author"], found["document"], found["other_document"], found["value"]))


def test_each_person_says_one_thing_of_a_pair_in_either_order(store, corpus):
    store.judge(corpus.id, " Ada ", ONE, TWO, 4)
    store.judge(corpus.id, "Ben", TWO, ONE, 1)
    store.judge(corpus.id, "Ada", TWO, ONE, 3)
    assert told(store, corpus) == [("Ben", 0, 3, 1), ("Ada", 0, 3, 3)]
    store.judge(corpus.id, "Ben", ONE, TWO, None)
    assert told(store, corpus) == [("Ada", 0, 3, 3)] and not len(store.judgements("another"))
    with pytest.raises(Problem, match="need a name"):
        store.judge(corpus.id, " ", ONE, TWO, 4)


def test_those_of_a_corpus_that_is_gone_go_too(store, corpus):
    for corpus_id in (corpus.id, "another"):
        store.judge(corpus_id, "Ada", ONE, TWO, 2)
    purge_judgements(store)
    assert len(store.judgements(corpus.id)) == 1 and not len(store.judgements("another"))


def test_a_store_of_an_older_schema_gets_the_table(store, corpus):
    with store.database.writing() as connection:
        connection.execute(tables.schema.update().values(version=2))
        tables.judgements.drop(connection)
    store.close()
    again = Store(store.home)
    again.judge(corpus.id, "Ada", ONE, TWO, 2)
    with again.database.reading() as connection:
        assert connection.scalar(sa.select(tables.schema.c.version)) == tables.VERSION
    again.close()
