"""A run that reads files into a corpus: built beside, put in its place, registered."""

import logging
import shutil
import time
from pathlib import Path

import sqlalchemy as sa

from core.corpus import Corpus
from core.encoders.base import Progress
from core.jobs.job import Job
from core.problem import marked
from core.store.tables import corpora

log = logging.getLogger("worker")


class ReadingJob(Job):
    """Reading as a job; an attempt that goes on begins the reading again."""

    def work(self) -> None:
        from core.corpus.limited import limited_build
        from core.corpus.settings import ReadSettings

        building = self.store.home / "corpora" / ".building" / self.run.id
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir(parents=True)
        paths = [(Path(path), name) for path, name in self.run.paths or []]
        events = limited_build(paths, building / "corpus", ReadSettings(**self.run.options))
        try:
            for reading in events:
                if not self.event(Progress(reading.phase, reading.done, reading.total)):
                    break
            events.close()  # type: ignore[attr-defined]  # a generator: its child ends, what is half-built goes
            if self.terminated:
                self.leave()
            else:
                self.surely(lambda: self._finish(building / "corpus"))
        finally:
            shutil.rmtree(building, ignore_errors=True)

    def _finish(self, built: Path) -> None:
        if self.stopped or self._unwanted():
            self._forget()
            self.reporter.report(state="stopped", finished=time.time(), command=None, worker=None)
        else:
            self._register(built)

    def _unwanted(self) -> bool:
        """Whether the corpus was deleted while it was read."""
        query = sa.select(corpora.c.id).where(corpora.c.id == self.run.id, corpora.c.deleted.is_(None))
        with self.store.database.reading() as connection:
            return connection.execute(query).first() is None

    def _register(self, built: Path) -> None:
        """Put the corpus in its place, under its own hash; the same text read before stays as it is."""
        corpus = Corpus.open(built)
        place = self.store.corpus_folder(corpus.id)
        known = self.store.corpus_row(corpus.id)
        if place.exists():
            self.reporter.note = marked("This text was here already, read in the same way.") if known else ""
        else:
            built.rename(place)
        origin = next((row.origin for row in self.store.corpora() if row.id == self.run.id), "upload")
        self.store.add_corpus(Corpus.open(place), self.run.name, origin, self.store.settings_read(self.run))
        self._forget()
        ended = {"finished": time.time(), "command": None, "worker": None, "message": None}
        self.reporter.report(None, state="done", corpus_id=corpus.id, note=self.reporter.note, **ended)
        log.info("done: %s", corpus.id)

    def _forget(self) -> None:
        """The row of what was being read has served, and so have files in the inbox; originals stay."""
        with self.store.database.writing() as connection:
            connection.execute(corpora.delete().where(corpora.c.id == self.run.id))
        inbox = self.store.home / "inbox"
        for path, _ in self.run.paths or []:
            if inbox in Path(path).parents:
                Path(path).unlink(missing_ok=True)
