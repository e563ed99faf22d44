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
        from core.store.importing import MODEL, ImportSettings, limited_import

        building = self.attempt.folder / "building"
        shutil.rmtree(building, ignore_errors=True)
        building.mkdir(parents=True)
        files = [(Path(path), name) for path, name in self.run.paths or []]
        events = limited_import(files, building, ImportSettings(format=self.run.options.get("format", MODEL)))
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
        words = Vocab.load(self.attempt.folder).words
        known = self._known(facts)
        if (building / "model.safetensors").exists():
            self.attempt.take(building / "model.safetensors", len(words), facts["size"], facts["sha256"])
        self._picture()
        ended: dict[str, Any] = {"state": "done", "finished": time.time(), "message": None, **known}
        note = RANKED if known["options"]["counts"] == "rank" else ""
        row = replace(self.store.known_run(self.run.id), **ended, note=note, step=len(words), total=len(words))
        write_json(self.attempt.folder / "run.json", record(row))
        progress = Progress(marked("Imported"), len(words), len(words), note=note)
        self.event(progress)
        self.reporter.report(None, **ended, command=None, worker=None)
        for path, _ in self.run.paths or []:
            let_go(self.store.home, Path(path))
        log.info("done: %d words", len(words))

    def _known(self, facts: dict[str, Any]) -> dict[str, Any]:
        """What the run's record says differently, now that the files have been read."""
        if facts["format"] == "model":
            return {name: facts[name] for name in ("encoder", "options", "capabilities")}
        return {"options": {**self.run.options, "counts": facts["counts"]}}

    def _picture(self) -> None:
        """The map and the nearest words of a few, as a training has them."""
        vocab = Vocab.load(self.attempt.folder)
        described = encoder_named("imported")  # of a model too the picture shows its words alone
        encoder = described(described.Options(), vocab)
        encoder.restore({"vectors": self.store.vectors(self.run.id)})
        probe = {"words": plenty(vocab), "sentence": ""}
        picture = pack(Snapshots(encoder, probe).take(len(vocab)))
        self.attempt.own_file("snapshot.safetensors", picture, durable=False)
        self.attempt.write(probe=probe)
