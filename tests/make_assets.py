"""Make the shipped runs anew (`make assets`): a small word2vec and a small character GPT, by the app's own jobs."""

import shutil
import sys
import tempfile
import time
from pathlib import Path

from core.jobs import ensure_supervisor
from core.store import ENDED, Store
from core.store.samples import FOLDER, read_sample
from core.store.shipped import ship

RUNS = {
    "word2vec": ("en-wikipedia.jsonl.gz", {"dim": 64, "epochs": 20, "threads": 1}, 10, "word2vec on English Wikipedia"),
    "gpt": ("en-shakespeare.txt.gz", {"steps": 2000, "layers": 3, "context": 96}, 1, "GPT on Shakespeare's letters"),
}


def main(names: list[str]) -> None:
    """Train the named runs (all of them without a name) in a temporary store and ship them."""
    with tempfile.TemporaryDirectory() as home:
        store = Store(home)
        for name in names or list(RUNS):
            file, options, min_count, title = RUNS[name]
            corpus = wait(store, read_sample(store, file)).corpus_id
            run = wait(store, store.queue_train(name, options, corpus, min_count=min_count, name=title))
            shutil.rmtree(FOLDER / "runs" / name, ignore_errors=True)
            ship(store, run.id, FOLDER / "runs" / name)
            print(f"{title}: {run.metrics}, {size(FOLDER / 'runs' / name):.1f} MB")


def wait(store: Store, run_id: str):
    """The row of a run once it has ended well."""
    while True:
        ensure_supervisor(store)
        run = store.run(run_id)
        if run is not None and run.state in ENDED:
            assert run.state == "done", (run.state, run.message, store.log(run_id))
            return run
        print(f"\r{run_id} {run.step:,} / {run.total:,}   " if run else "", end="", file=sys.stderr)
        time.sleep(1)


def size(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.iterdir()) / 1e6


if __name__ == "__main__":
    main(sys.argv[1:])
