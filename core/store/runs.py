"""The runs of a store: queued, commanded, renamed, deleted and brought back, continued."""

import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from core.corpus import Vocab
from core.problem import Problem, marked
from core.store.artifacts import restorable
from core.store.database import Database
from core.store.drafts import Drafts
from core.store.originals import keep, let_go, references
from core.store.place import no_run
from core.store.rows import ACTIVE, RunRow
from core.store.tables import corpora, counters, runs

if TYPE_CHECKING:
    from core.corpus.reading import ReadSettings
    from core.encoders import Encoder
    from core.options import Options
    from core.store.importing import ImportSettings

COMMANDS = ("pause", "resume", "stop")
MODELS = ("train", "import")  # kinds of runs that have an encoder
_PROBED = 12  # words


class Runs(Drafts):
    """What a store knows of runs."""

    def runs(self, kind: str | None = "model", deleted: bool = False) -> list[RunRow]:
        """Those of a kind, newest first; the deleted ones instead if asked. kind: "train", "import", "read", "derive",
        "model" for those that have an encoder, trained or imported, None for all."""
        query = sa.select(runs).where(runs.c.deleted.is_not(None) if deleted else runs.c.deleted.is_(None))
        if kind is not None:
            query = query.where(runs.c.kind.in_(MODELS if kind == "model" else (kind,)))
        with self.database.reading() as connection:
            rows = connection.execute(query.order_by(runs.c.created.desc(), runs.c.id.desc())).all()
        return [RunRow.of(row) for row in rows]

    def run(self, run_id: str) -> RunRow | None:
        """The run of this id, a deleted one included until it is purged."""
        with self.database.reading() as connection:
            row = connection.execute(sa.select(runs).where(runs.c.id == run_id)).first()
        return RunRow.of(row) if row else None

    def known_run(self, run_id: str) -> RunRow:
        """The run of this id. Raises Problem if there is none."""
        row = self.run(run_id)
        if row is None:
            raise no_run(run_id)
        return row

    def queue_train(
        self,
        encoder: str,
        options: "Options | Mapping[str, Any]",
        corpus_id: str,
        *,
        min_count: int,
        name: str | None = None,
        start_from: str | None = None,
    ) -> str:
        """Queue a training; its run's id, readable: word2vec-003.

        start_from: a run that has ended, whose final state it takes up; of a run of another encoder, its word vectors,
        if both have the same words. A pre-trained encoder needs one: its weights go on learning, from this corpus.
        Raises Problem for an encoder, option or corpus that is not, and for a min_count that leaves no word.
        """
        before = None if start_from is None else self.known_run(start_from)
        described, corpus = self._described(encoder, before), self.corpus(corpus_id, min_count)
        given = dict(options if isinstance(options, Mapping) else options.model_dump())
        goes_on = before is not None and before.encoder == encoder
        if before is not None and not goes_on:
            self._check_start(described, before, corpus.vocab)
        if before is not None and described.needs_start:
            brought = described.continued(described.Options(**before.options))
            given |= {**brought, "pieces": len(Vocab.load(self.folder(before.id)))}
        anew = before is not None and begins_anew(described, before, corpus_id)
        checked = described.Options(**given)
        with self.database.writing() as connection:
            return insert_run(
                self.database, connection, encoder, described.title, kind="train", encoder=encoder, name=name,
                options=checked.model_dump(), corpus_id=corpus_id, min_count=min_count, start_from=start_from,
                capabilities=list(described.capabilities(checked)),
                seconds=before.seconds if before and goes_on and not anew else 0.0,
                probe=before.probe if before and not anew else None,
            )  # fmt: skip

    def _described(self, encoder: str, before: RunRow | None) -> "type[Encoder]":
        """The encoder of this name. Raises Problem if there is none that can be trained, or not from where it is to
        begin."""
        from core.encoders import BROUGHT, ENCODERS

        if encoder in ENCODERS:
            return ENCODERS[encoder]
        if encoder not in BROUGHT or not BROUGHT[encoder].needs_start:
            known = ", ".join(ENCODERS)
            raise Problem("There is no encoder called {name}; there are: {known}.", name=encoder, known=known)
        if before is None or before.encoder != encoder:
            raise Problem("{title} goes on from weights that were brought: choose a run that has them to begin with.",
                          title=BROUGHT[encoder].title)  # fmt: skip
        if before.state in ACTIVE:
            raise Problem("{name} is still at work; stop it first, or let it end.", name=before.name)
        with self.database.reading() as connection:
            if not restorable(connection, before.id):
                raise Problem("{name} has learned nothing that could be gone on with; start a new run.",
                              name=before.name)  # fmt: skip
        return BROUGHT[encoder]

    def _check_start(self, described: "type[Encoder]", before: RunRow, vocab: Vocab) -> None:
        """Raises Problem unless an encoder can begin with the word vectors of this run of another one."""
        if not described.starts_from_vectors:
            raise Problem("{title} does not begin with word vectors: start it anew.", title=described.title)
        if "WordVectors" not in before.capabilities or before.state not in ("done", "stopped"):
            sentence = marked("{name} has no word vectors to begin with: choose a run that has, and that has ended.")
            raise Problem(sentence, name=before.name)
        if Vocab.load(self.folder(before.id)).words != vocab.words:
            sentence = marked("{name} has other words than this corpus with this min count: choose one with the same.")
            raise Problem(sentence, name=before.name)

    def queue_read(
        self, paths: Sequence[Path | tuple[Path, str]], settings: "ReadSettings", name: str, origin: str = "upload"
    ) -> str:
        """Queue the reading of files into a corpus; the id of its run.

        Files of the inbox become originals (core.store.originals), so that they can be read again in another way. The
        run's corpus_id is its own id until the corpus is there.
        """
        given = [path if isinstance(path, tuple) else (Path(path), Path(path).name) for path in paths]
        named = [[str(keep(self.home, path)), called] for path, called in given]
        values = settings.model_dump()
        with self.database.writing() as connection:
            run_id = insert_run(
                self.database, connection, "read", "read", kind="read", name=name, options=values, paths=named,
                min_count=settings.min_count, corpus_id="",
            )  # fmt: skip
            row = {"id": run_id, "name": name, "state": "reading", "facts": {}, "origin": origin,
                   "created": time.time(), "settings": values | references(self.home, named)}  # fmt: skip
            connection.execute(corpora.insert(), row)
        for path, _ in given:
            let_go(self.home, path)
        return run_id

    def queue_derive(
        self, corpus_id: str, operation: str, options: Mapping[str, Any], name: str = "", other: str | None = None
    ) -> str:
        """Queue the making of a counter-corpus (core.corpus.counter) out of a corpus; the id of its run, kind "derive".

        other: the second corpus of an operation that takes one. As for a reading, the run's corpus_id is its own id
        until the corpus is there. Raises Problem for an operation, option, corpus or word that is not.
        """
        from core.corpus.counter import check, chosen

        asked, parent, row = chosen(operation, options), self.corpus(corpus_id), self.corpus_row(corpus_id)
        assert row is not None
        settings, second = row.read_settings(), self.corpus(other) if other and asked.needs_other else None
        check(parent, asked, second, settings)
        derived = {"from": corpus_id, "operation": operation, "options": asked.model_dump(),
                   "with": other if asked.needs_other else None}  # fmt: skip
        values = {**settings.model_dump(), "derived": derived}
        with self.database.writing() as connection:
            run_id = insert_run(
                self.database, connection, "derive", "derive", kind="derive", name=name or asked.called(row.name),
                options=values, min_count=parent.min_count, corpus_id="",
            )  # fmt: skip
            reading = {"id": run_id, "name": name or asked.called(row.name), "state": "reading", "facts": {},
                       "origin": "derived", "created": time.time(), "settings": values}  # fmt: skip
            connection.execute(corpora.insert(), reading)
        return run_id

    def queue_import(self, paths: Sequence[tuple[Path, str]], settings: "ImportSettings", name: str = "") -> str:
        """Queue the reading of word vectors, or of a pre-trained model (core.store.importing), out of (path, name)
        files; the id of its run, kind "import": a run like any other, of the encoder "imported" or a pre-trained one,
        without a corpus. Files of the inbox go when it has been read."""
        from core.encoders import encoder_named

        named, file = [[str(path), called] for path, called in paths], ", ".join(called for _, called in paths)[:200]
        if settings.format == "model":  # which one, and what it can do, is known when it has been read
            described = encoder_named("pretrained")
            options, able = described.Options(file=file), list[str]()
        else:
            described = encoder_named("imported")
            options, able = described.Options(format=settings.format, file=file), list(described.capabilities())
        with self.database.writing() as connection:
            return insert_run(
                self.database, connection, described.name, described.title, kind="import", encoder=described.name,
                name=name, options=options.model_dump(), paths=named, corpus_id="", min_count=1,
                capabilities=able,
            )  # fmt: skip

    def queue_read_again(self, corpus_id: str, settings: "ReadSettings", name: str) -> str:
        """Queue another reading of what a corpus was read from; the id of its run. Raises Problem if that is gone."""
        files, row = self.files_of(corpus_id), self.corpus_row(corpus_id)
        assert row is not None
        return self.queue_read(files, settings, name, row.origin)

    def inbox(self) -> Path:
        """A new folder for files on their way into a corpus; what is left in it is swept away after a day."""
        return Path(tempfile.mkdtemp(dir=self.home / "inbox"))

    def continue_run(self, run_id: str, changes: Mapping[str, Any]) -> str:
        """Queue a new run that goes on from the end of this one, with changed options (more epochs, say); its id.

        A failed run is gone on with from its last good checkpoint.
        """
        row = self.known_run(run_id)
        if row.state in ACTIVE:
            raise Problem("{name} is still at work; stop it first, or let it end.", name=row.name)
        if row.kind == "import":
            raise Problem("{name} was imported, so there is nothing to go on with: train an encoder on a corpus.",
                          name=row.name)  # fmt: skip
        with self.database.reading() as connection:
            choices = restorable(connection, run_id)
        if not choices:
            raise Problem("{name} has learned nothing that could be gone on with; start a new run.", name=row.name)
        options = {**row.options, **changes}
        return self.queue_train(row.encoder, options, row.corpus_id, min_count=row.min_count, start_from=run_id)

    def command(self, run_id: str, command: str) -> None:
        """Ask a run to "pause", "resume" or "stop"; one that has ended takes no notice, a stop is never taken back."""
        assert command in COMMANDS, command
        with self.database.writing() as connection:
            row = connection.execute(sa.select(runs).where(runs.c.id == run_id).with_for_update()).first()
            if row is None:
                raise no_run(run_id)
            change = _obeyed_at_once(row, command)
            if row.state in ACTIVE and row.command != "stop":
                connection.execute(runs.update().where(runs.c.id == run_id).values(change or {"command": command}))
            if change and command == "stop":
                connection.execute(corpora.delete().where(corpora.c.id == run_id))

    def probe(self, run_id: str, words: Sequence[str], sentence: str = "") -> None:
        """What the run shall answer while it trains: the neighbours of the first 12 words, what follows a sentence."""
        probe = {"words": [word[:80] for word in words[:_PROBED]], "sentence": sentence[-1000:]}
        self.change_run(run_id, probe=probe)

    def rename(self, run_id: str, name: str) -> None:
        self.change_run(run_id, name=name)

    def delete(self, run_id: str) -> None:
        """Put a run away, stopping it if it is at work; `restore` brings it back within a day."""
        self.command(run_id, "stop")
        self.change_run(run_id, deleted=time.time())

    def restore(self, run_id: str) -> None:
        self.change_run(run_id, deleted=None)

    def delete_corpus(self, corpus_id: str) -> None:
        """Put a corpus away; `restore_corpus` brings it back within a day. Runs that learned from it stay readable.

        One that is still being read is stopped, and cannot be brought back.
        """
        super().delete_corpus(corpus_id)
        if self.run(corpus_id) is not None:
            self.command(corpus_id, "stop")

    def change_run(self, run_id: str, **values: Any) -> None:
        """Write these columns, whatever attempt is at work. Raises Problem if there is no such run."""
        with self.database.writing() as connection:
            if not connection.execute(runs.update().where(runs.c.id == run_id).values(**values)).rowcount:
                raise no_run(run_id)


def begins_anew(encoder: "Encoder | type[Encoder]", before: RunRow, corpus_id: str) -> bool:
    """Whether a run of this encoder takes the weights alone of the one before it, and begins with another text; else
    it goes on learning where that one ended."""
    return encoder.needs_start and (before.kind, before.corpus_id) != ("train", corpus_id)


def insert_run(database: Database, connection: sa.Connection, prefix: str, title: str, **values: Any) -> str:
    """Insert a queued run under the next number of this prefix; its id."""
    number = database.upsert(counters, ["name"], {"last": counters.c.last + 1})
    connection.execute(number, {"name": prefix, "last": 1})
    last = connection.scalar(sa.select(counters.c.last).where(counters.c.name == prefix))
    run_id = f"{prefix}-{last:03d}"
    row = {"encoder": "", "capabilities": [], "metrics": {}, **values, "id": run_id, "state": "queued"}
    row["name"] = row["name"] or f"{title} {last}"
    row["corpus_id"] = row["corpus_id"] or run_id
    connection.execute(runs.insert(), {**row, "created": time.time()})
    return run_id


def _obeyed_at_once(row: Any, command: str) -> dict[str, Any] | None:
    """What a command changes where no process has begun: nothing was learned, so nothing is to be kept."""
    never_begun = row.attempt == 0
    if row.state not in ("queued", "paused") or not never_begun:
        return None
    if command == "stop":
        return {"state": "stopped", "finished": time.time(), "capabilities": [], "command": None}
    return {"state": "paused" if command == "pause" else "queued", "command": None}
