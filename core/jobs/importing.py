"""A run that reads word vectors out of files: read beside, put in its place, pictured; then a run like any other."""

import json
import logging
import os
import shutil
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from core.corpus import Vocab
from core.encoders import encoder_named
from core.encoders.base import Progress
from core.jobs.job import Job
from core.jobs.snapshot import Snapshots, plenty
from core.problem import marked
from core.store.files import pack, write_json
from core.store.originals import let_go
from core.store.record import record

log = logging.getLogger("worker")

RANKED = marked(
    "The file does not say how often its words occur: they count as most frequent first, and a count is V / rank."
)


class Importing(Job):
    """Importing as a job; an attempt that goes on begins again."""

    def work(self) -> None:
        from core.store.importing import ImportSettings, limited_import

        building = self.attempt.folder / "building"
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir(parents=True)
        files = [(Path(path), name) for path, name in self.run.paths or []]
        events = limited_import(files, building, ImportSettings(format=self.run.options["format"]))
        try:
            for phase, done, total in events:
                if not self.event(Progress(phase, done, total)):
                    break
            events.close()
            if self.terminated:
                self.leave()
            else:
                self.surely(lambda: self._finish(building))
        finally:
            shutil.rmtree(building, ignore_errors=True)

    def _finish(self, building: Path) -> None:
        if self.stopped:
            nothing: dict[str, Any] = {"capabilities": [], "command": None, "worker": None}
            self.reporter.report(None, state="stopped", finished=time.time(), **nothing)
            return
        self.attempt.orders()  # nothing is put in its place for an attempt that was replaced
        for name in ("vectors.npy", "vocab.json"):
            if (building / name).exists():  # or it is in its place already
                os.replace(building / name, self.attempt.folder / name)
        facts = json.loads((building / "facts.json").read_text(encoding="utf-8"))
        options = {**self.run.options, "counts": facts["counts"]}
        words = Vocab.load(self.attempt.folder).words
        self._picture(options)
        ended: dict[str, Any] = {"state": "done", "finished": time.time(), "message": None, "options": options}
        note = RANKED if facts["counts"] == "rank" else ""
        row = replace(self.store.known_run(self.run.id), **ended, note=note, step=len(words), total=len(words))
        write_json(self.attempt.folder / "run.json", record(row))
        progress = Progress(marked("Imported"), len(words), len(words), note=note)
        self.event(progress)
        self.reporter.report(None, **ended, command=None, worker=None)
        for path, _ in self.run.paths or []:
            let_go(self.store.home, Path(path))
        log.info("done: %d words of %d numbers", facts["words"], facts["width"])

    def _picture(self, options: dict[str, object]) -> None:
        """The map and the nearest words of a few, as a training has them."""
        vocab, described = Vocab.load(self.attempt.folder), encoder_named(self.run.encoder)
        encoder = described(described.Options(**options), vocab)
        encoder.restore({"vectors": self.store.vectors(self.run.id)})
        probe = {"words": plenty(vocab), "sentence": ""}
        picture = pack(Snapshots(encoder, probe).take(len(vocab)))
        self.attempt.own_file("snapshot.safetensors", picture, durable=False)
        self.attempt.write(probe=probe)
