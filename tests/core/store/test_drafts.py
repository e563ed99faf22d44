"""Drafts in a store: the last one of each key, after a restart too, gone with their corpus."""

from core.store import Store
from core.store.drafts import purge_drafts


def test_the_last_draft_of_a_key_is_there_after_a_restart(store, corpus):
    store.keep_draft(corpus.id, "senses", {"values": [0, 1], "names": ["河", "<b>"]})
    store.keep_draft(corpus.id, "senses", {"values": [1, -1], "names": ["河", "<b>"]})
    store.keep_draft(corpus.id, "others", {"values": []})
    store.close()
    again = Store(store.home)
    assert again.draft(corpus.id, "senses") == {"values": [1, -1], "names": ["河", "<b>"]}
    again.keep_draft(corpus.id, "senses", None)
    assert again.draft(corpus.id, "senses") is None and again.draft(corpus.id, "others") == {"values": []}
    assert again.draft("another", "others") is None
    again.close()


def test_those_of_a_corpus_that_is_gone_go_too(store, corpus):
    for corpus_id in (corpus.id, "another"):
        store.keep_draft(corpus_id, "senses", {"values": []})
    purge_drafts(store)
    assert store.draft(corpus.id, "senses") and store.draft("another", "senses") is None
