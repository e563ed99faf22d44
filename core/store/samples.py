"""The sample corpora and runs that ship with the app, and their way into a new store."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from core.corpus.reading import ReadSettings
from core.store.files import write_json
from core.store.results import Results
from core.store.shipped import adopt

FOLDER = Path(__file__).parents[2] / "assets"
FIRST = (
    "zh-wikipedia.jsonl.gz",
    "en-shakespeare.txt.gz",
    "en-wikipedia.jsonl.gz",
)  # read at once; the last is the newest


@dataclass(frozen=True)
class Sample:
    """A sample corpus: its file, its name, what it is good for, how it is read, and whom it is owed to."""

    file: str
    name: str
    about: str
    licence: str
    attribution: str
    settings: ReadSettings

    @property
    def path(self) -> Path:
        return FOLDER / "corpora" / self.file


@cache
def samples() -> dict[str, Sample]:
    """All sample corpora by file name."""
    records: list[dict[str, Any]] = json.loads((FOLDER / "corpora" / "samples.json").read_text(encoding="utf-8"))
    told = ("file", "name", "about", "licence", "attribution")
    return {
        record["file"]: Sample(
            **{key: record[key] for key in told},
            settings=ReadSettings(**{key: value for key, value in record.items() if key not in told}),
        )
        for record in records
    }


def read_sample(store: Results, file: str) -> str:
    """Queue the reading of a sample corpus; the id of the run that reads it."""
    sample = samples()[file]
    return store.queue_read([(sample.path, sample.file)], sample.settings, sample.name, origin="sample")


def combine(store: Results, corpus_id: str, file: str) -> str:
    """Queue the reading of a corpus together with a sample; the id of the run that reads them.

    The corpus's documents go into one file of JSON lines; the column "file" then tells them from the sample's.
    """
    row, sample = store.corpus_row(corpus_id), samples()[file]
    corpus = store.corpus(corpus_id)
    assert row is not None
    path = store.inbox() / "documents.jsonl"
    with open(path, "w", encoding="utf-8") as lines:
        for text in corpus.documents:
            lines.write(json.dumps({"text": text}, ensure_ascii=False) + "\n")
    changes = {
        "tokenizer": row.facts["tokenizer"],
        "lowercase": row.facts["lowercase"],
        "text_column": "",
        "label_column": "",
        "translation_column": "",
    }
    settings = sample.settings.model_copy(update=changes)
    return store.queue_read(
        [(path, f"{row.name}.jsonl"), (sample.path, sample.file)], settings, f"{row.name} + {sample.name}"
    )


def install_samples(store: Results) -> None:
    """Give a new store the shipped runs, and have the first sample corpora read; once, whatever is deleted later."""
    marker = store.home / "samples.json"
    try:
        with open(marker, "x", encoding="utf-8") as file:
            file.write("{}")
    except FileExistsError:
        return
    adopted = [adopt(store, folder) for folder in sorted((FOLDER / "runs").glob("*")) if (folder / "run.json").exists()]
    reading = [read_sample(store, file) for file in FIRST]
    write_json(marker, {"runs": adopted, "reads": reading})
