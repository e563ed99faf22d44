"""A run as one file for elsewhere: safetensors and JSON in a .zip, or its vectors in one of several formats."""

import json
import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from core.problem import Problem
from core.store.artifacts import kept, load_newest, restorable
from core.store.files import room, sync_folder, write_arrays
from core.store.record import record
from core.store.rows import ENDED, RunRow
from core.store.vector_files import WRITERS, about_bytes

if TYPE_CHECKING:
    from core.store.results import Results

KINDS = {"safetensors": ".zip", "word2vec": ".txt", "binary": ".bin", "glove": "-glove.txt",
         "projector": "-projector.zip", "npy": "-npy.zip", "parquet": ".parquet"}  # fmt: skip


def export_run(store: "Results", run: RunRow, kind: str) -> Path:
    """Make the file, or find the one made before. Raises Problem where the run has nothing to put into it."""
    if run.state not in ENDED:
        raise Problem("{name} is still at work; download it when it has ended.", name=run.name)
    folder = store.folder(run.id) / "exports"
    path = folder / f"{run.id}{KINDS[kind]}"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
        try:
            with room(folder, _size(store, run, kind)):
                _write(store, run, kind, beside)
            os.replace(beside, path)
            sync_folder(folder)
        finally:
            beside.unlink(missing_ok=True)
    return path


def _size(store: "Results", run: RunRow, kind: str) -> int:
    """About how many bytes the file will have."""
    vectors = store.folder(run.id) / "vectors.npy"
    if vectors.exists() and (kind != "safetensors" or run.encoder == "imported"):
        return about_bytes(kind, vectors.stat().st_size)
    return sum(path.stat().st_size for path in store.folder(run.id).glob("final-*"))


def _write(store: "Results", run: RunRow, kind: str, path: Path) -> None:
    if kind != "safetensors":
        WRITERS[kind](path, store.vectors(run.id), store.vocab(run.id))
    elif run.encoder == "imported":
        _imported(store, run, path)
    else:
        _zip(store, run, path)


def _imported(store: "Results", run: RunRow, path: Path) -> None:
    """The same for vectors that were imported, whose only state they are."""
    beside = path.with_suffix(".model")
    try:
        write_arrays(beside, {"vectors": store.vectors(run.id)})
        _archive(store, run, beside, path)
    finally:
        beside.unlink(missing_ok=True)


def _zip(store: "Results", run: RunRow, path: Path) -> None:
    """model.safetensors (the final state), run.json (the record) and vocab.json."""
    with store.database.reading() as connection:
        choices = restorable(connection, run.id) or kept(connection, run.id, "moment")
    _, one, _ = load_newest(store.folder(run.id), choices)
    if one is None:
        raise Problem("{name} has learned nothing that could be downloaded.", name=run.name)
    _archive(store, run, store.folder(run.id) / one.file, path)


def _archive(store: "Results", run: RunRow, model: Path, path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        archive.write(model, "model.safetensors")
        archive.writestr("run.json", json.dumps(record(run), ensure_ascii=False, indent=1))
        archive.write(store.folder(run.id) / "vocab.json", "vocab.json", zipfile.ZIP_DEFLATED)
