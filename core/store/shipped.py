"""A finished run as a small folder that ships with the app, and its way into a store.

The folder holds run.json (the record), vocab.json, model.safetensors (weights only, in half precision), metrics.json
and the last live picture; so the pages have a map, a model and a curve before anything was trained. The word vectors
are taken from among the weights.
"""

import io
import json
import shutil
import time
from pathlib import Path

import numpy as np

from core.store.artifacts import Kept
from core.store.files import pack, unpack, write_bytes, write_json
from core.store.record import record
from core.store.results import Results
from core.store.runs import insert_run
from core.store.tables import artifacts, metrics, runs

COPIED = ("vocab.json", "snapshot.safetensors")


def ship(store: Results, run_id: str, folder: Path) -> None:
    """Write the folder of a run that has ended."""
    folder.mkdir(parents=True, exist_ok=True)
    row = store.known_run(run_id)
    state = {name: _halved(array) for name, array in store.encoder(run_id).state(training=False).items()}
    told = record(row, store.corpus(row.corpus_id).facts)
    if "WordVectors" in row.capabilities:
        told["vectors"] = _where(state, _halved(store.vectors(run_id)))
    write_json(folder / "run.json", told)
    write_bytes(folder / "model.safetensors", pack(state))
    series = {name: [steps.tolist(), values.tolist()] for name, (steps, values) in store.metrics(run_id, 200).items()}
    write_json(folder / "metrics.json", series)
    for name in COPIED:
        if (store.folder(run_id) / name).exists():
            shutil.copyfile(store.folder(run_id) / name, folder / name)


def _halved(array: np.ndarray) -> np.ndarray:
    return array.astype(np.float16) if array.dtype == np.float32 else array


def _where(state: dict[str, np.ndarray], vectors: np.ndarray) -> str:
    """The name of the array whose first rows are the word vectors."""
    for name, array in state.items():
        if array.ndim == 2 and array.shape[1] == vectors.shape[1] and np.array_equal(array[: len(vectors)], vectors):
            return name
    raise ValueError(f"the word vectors are none of {', '.join(state)}: such a run cannot ship")


def adopt(store: Results, folder: Path) -> str:
    """Take a shipped run into the store; the id it got."""
    told, model = (
        json.loads((folder / "run.json").read_text(encoding="utf-8")),
        (folder / "model.safetensors").read_bytes(),
    )
    series = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    kept = (
        "kind",
        "name",
        "encoder",
        "options",
        "corpus_id",
        "min_count",
        "capabilities",
        "metrics",
        "probe",
        "seconds",
    )
    ended = ("phase", "step", "total", "note")
    with store.database.writing() as connection:
        values = {name: told[name] for name in kept}
        run_id = insert_run(store.database, connection, told["encoder"], told["name"], **values)
        done = {"state": "done", "attempt": 1, "started": time.time(), "finished": time.time()}
        mine = runs.c.id == run_id
        connection.execute(runs.update().where(mine).values(**done, **{name: told[name] for name in ended}))
        rows = [
            {"run_id": run_id, "name": name, "step": step, "value": value}
            for name, (steps, values_) in series.items()
            for step, value in zip(steps, values_)
        ]
        connection.execute(metrics.insert(), rows)
        target = store.folder(run_id)
        target.mkdir(parents=True, exist_ok=True)
        for name in COPIED:
            if (folder / name).exists():
                shutil.copyfile(folder / name, target / name)
        if told.get("vectors"):
            written, words = io.BytesIO(), len(store.vocab(run_id))
            np.save(written, unpack(model, run_id)[told["vectors"]][:words].astype(np.float32))
            write_bytes(target / "vectors.npy", written.getvalue())
        file = f"moments/{told['step']:012d}-1.safetensors"  # weights alone answer, and cannot be trained on
        (target / "moments").mkdir(exist_ok=True)
        write_bytes(target / file, model)
        one = Kept.of(run_id, "moment", told["step"], file, model)
        connection.execute(artifacts.insert(), one.values())
    return run_id
