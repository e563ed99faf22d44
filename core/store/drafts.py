"""What a person has begun and not kept yet: an answer to each question about a corpus, there again after a reload."""

import time
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from core.store.judgements import Judgements
from core.store.tables import corpora, drafts

if TYPE_CHECKING:
    from collections.abc import Mapping


class Drafts(Judgements):
    """What a store knows of drafts."""

    def keep_draft(self, corpus_id: str, key: str, draft: "Mapping[str, Any] | None") -> None:
        """Keep what JSON can say under a key, in the place of what was there; None throws it away."""
        this = (drafts.c.corpus_id == corpus_id) & (drafts.c.key == key)
        with self.database.writing() as connection:
            connection.execute(drafts.delete().where(this))
            if draft is not None:
                row = {"corpus_id": corpus_id, "key": key, "draft": dict(draft), "changed": time.time()}
                connection.execute(drafts.insert(), row)

    def draft(self, corpus_id: str, key: str) -> dict[str, Any] | None:
        """What is kept under this key."""
        query = sa.select(drafts.c.draft).where((drafts.c.corpus_id == corpus_id) & (drafts.c.key == key))
        with self.database.reading() as connection:
            found: dict[str, Any] | None = connection.scalar(query)
        return found


def purge_drafts(store: Drafts) -> None:
    """Throw away those of corpora that are gone."""
    with store.database.writing() as connection:
        connection.execute(drafts.delete().where(drafts.c.corpus_id.not_in(sa.select(corpora.c.id))))
