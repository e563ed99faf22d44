"""Judgements of pairs of uses in a store: what each person said of two occurrences of a word, a row each."""

import time
from typing import TYPE_CHECKING

import sqlalchemy as sa

from core.problem import Problem
from core.store.occurrences import Occurrences
from core.store.tables import corpora, judgements

if TYPE_CHECKING:
    import pandas as pd

Place = tuple[int, int, int]  # document, start, end
_AUTHOR = 60  # characters of a name


class Judgements(Occurrences):
    """What a store knows of pairs that people judged."""

    def judge(self, corpus_id: str, author: str, first: Place, second: Place, value: int | None) -> None:
        """Keep what a person says of a pair, in either order, in the place of what that person said before; None takes
        it back. Raises Problem without a name."""
        author = " ".join(author.split())[:_AUTHOR]
        if not author:
            raise Problem("Judgements need a name, so that two people's stay apart: type one.")
        columns = ("document", "start", "end", "other_document", "other_start", "other_end")
        row = dict(zip(columns, (*min(first, second), *max(first, second))))
        mine = (judgements.c.corpus_id == corpus_id) & (judgements.c.author == author)
        this = sa.and_(mine, *(judgements.c[name] == value for name, value in row.items()))
        with self.database.writing() as connection:
            connection.execute(judgements.delete().where(this))
            if value is not None:
                told = {"corpus_id": corpus_id, "author": author, "value": value, "created": time.time()}
                connection.execute(judgements.insert(), {**row, **told})

    def judgements(self, corpus_id: str) -> "pd.DataFrame":
        """All of a corpus, the oldest first: author, document, start, end, other_document, other_start, other_end,
        value, created."""
        import pandas as pd

        query = sa.select(judgements).where(judgements.c.corpus_id == corpus_id).order_by(judgements.c.created)
        with self.database.reading() as connection:
            found = connection.execute(query)
            return pd.DataFrame(found.all(), columns=list(found.keys())).drop(columns="corpus_id")


def purge_judgements(store: Judgements) -> None:
    """Throw away those of corpora that are gone."""
    with store.database.writing() as connection:
        known = sa.select(corpora.c.id)
        connection.execute(judgements.delete().where(judgements.c.corpus_id.not_in(known)))
