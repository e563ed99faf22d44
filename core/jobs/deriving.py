"""A run that derives a counter-corpus from a corpus: made beside, put in its place, registered with its gold labels."""

import shutil
from pathlib import Path

from core.corpus import Corpus
from core.encoders.base import Progress
from core.jobs.reading import ReadingJob
from core.problem import marked

GOLD = marked("gold")  # what the labels are called that an operation knows because it made them


class Deriving(ReadingJob):
    """Deriving as a job; an attempt that goes on begins again."""

    def work(self) -> None:
        from core.corpus.counter import chosen, derive
        from core.corpus.reading import ReadSettings

        building = self.store.home / "corpora" / ".building" / self.run.id
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir(parents=True)
        derived, known = self.run.options["derived"], ReadSettings.fields()
        settings = ReadSettings(**{name: value for name, value in self.run.options.items() if name in known})
        parent = self.store.corpus(derived["from"])
        other = self.store.corpus(derived["with"]) if derived["with"] else None
        events = derive(parent, chosen(derived["operation"], derived["options"]), building / "corpus", other, settings)
        try:
            for reading in events:
                if not self.event(Progress(reading.phase, reading.done, reading.total)):
                    break
            events.close()  # type: ignore[attr-defined]  # derive is a generator: what is half-made goes
            if self.terminated:
                self.leave()
            else:
                self.surely(lambda: self._finish(building / "corpus"))
        finally:
            shutil.rmtree(building, ignore_errors=True)

    def _register(self, built: Path) -> None:
        """Put the corpus in its place with its gold labels, if it has any and they are not there yet; then its row."""
        from core.corpus.counter import gold

        corpus = Corpus.open(built)
        labels, place = gold(corpus), self.store.corpus_folder(corpus.id)
        if not place.exists():
            built.rename(place)
        if labels is not None and GOLD not in {row.name for row in self.store.labels(corpus.id)}:
            self.store.add_labels(corpus.id, GOLD, labels)
        super()._register(place)
