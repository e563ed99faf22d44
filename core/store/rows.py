"""What the store tells about a corpus, a run and its live picture."""

import math
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from core.corpus.reading import ReadSettings

ACTIVE = ("queued", "running", "paused")
ENDED = ("done", "stopped", "failed")


@dataclass(frozen=True)
class CorpusRow:
    """A corpus. state: "reading" "ready" "failed"; while it is read, its id is that of the run that reads it.

    facts: as `Corpus.facts` (empty until ready); created: seconds since 1970. settings: how it was read, and "files",
    what it was read from (see core.store.originals).
    """

    id: str
    name: str
    state: str
    facts: dict[str, Any]
    origin: str
    created: float
    settings: dict[str, Any]

    @classmethod
    def of(cls, row: Any) -> "CorpusRow":
        return cls(**{field.name: getattr(row, field.name) for field in fields(cls)})

    def read_settings(self) -> "ReadSettings":
        """How it was read, as far as today's settings know it."""
        from core.corpus.reading import ReadSettings

        known = ReadSettings.fields()
        return ReadSettings(**{name: value for name, value in self.settings.items() if name in known})


@dataclass(frozen=True)
class RunRow:
    """A run. kind: "train", "import", "read" or "derive"; state: queued running paused done stopped failed.

    seconds: active time, that of the run it was continued from included; time left is seconds * (total - step) / step.
    created, started, finished, beat (the worker's last sign of life): seconds since 1970.
    message: a Problem as a dict, or None; metrics: the last value of each.
    probe: {"words": […], "sentence": "…"}, or None until the run has begun.
    capabilities: empty where nothing was learned. worker: the identity of the process at work, or None.
    """

    id: str
    kind: str
    name: str
    encoder: str
    options: dict[str, Any]
    corpus_id: str
    min_count: int
    start_from: str | None
    state: str
    phase: str
    step: int
    total: int
    note: str
    message: dict[str, Any] | None
    created: float
    started: float | None
    finished: float | None
    seconds: float
    attempt: int
    command: str | None
    capabilities: list[str]
    metrics: dict[str, float]
    probe: dict[str, Any] | None
    beat: float | None
    deleted: float | None
    worker: str | None
    paths: list[list[str]] | None

    @classmethod
    def of(cls, row: Any) -> "RunRow":
        values = {field.name: getattr(row, field.name) for field in fields(cls)}
        last = {name: math.nan if value is None else value for name, value in row.metrics.items()}
        return cls(**{**values, "metrics": last})


@dataclass(frozen=True)
class Snapshot:
    """The live picture of a run at a step.

    ids int32 (n,) and words: the most frequent words; xy float32 (n, 2): their map, of root mean square radius 1
    (n is 0 for an encoder without word vectors). basis float32 (d, 2): what the map looks along.
    probes, a dict each: {"kind": "neighbours", "word", "words", "cosines"}, {"kind": "next", "context", "words",
    "probabilities"}, {"kind": "written", "context", "text"}, {"kind": "masked", "before", "after", "words",
    "probabilities"}, {"kind": "attention", "words"}, {"kind": "unknown", "word", "near"}, {"kind": "translated",
    "source", "words", "text", "unknown", "reference"}.
    attention float16 (L, H, T, T): how the words of the probe of that kind look at each other; of a translation (1, 1,
    U, T), how the words that were written look at the source.
    """

    step: int
    ids: np.ndarray
    xy: np.ndarray
    words: list[str]
    probes: list[dict[str, Any]]
    basis: np.ndarray
    attention: np.ndarray | None = None
