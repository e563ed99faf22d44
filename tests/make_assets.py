"""Make the shipped runs anew (`make assets`), by the app's own jobs: a small word2vec, a small character GPT, and,
where a text is given (`make assets TEXT=FILE`), a small BERT, which needs more of it than the samples hold.

FILE is JSONL with a title and a text in each line, plain or .xz. The one that ships learned from 1,474 articles of
English Wikipedia (2018, 5.0 million words, CC BY-SA 3.0), in which pairs of words had been made one: each of them has
two senses that are known.
"""

import argparse
import lzma
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

from core.corpus.settings import ReadSettings
from core.jobs import ensure_supervisor
from core.store import ENDED, Store
from core.store.samples import FOLDER, read_sample
from core.store.shipped import ship

RUNS = {
    "word2vec": ("en-wikipedia.jsonl.gz", {"dim": 64, "epochs": 20, "threads": 1}, 10, "word2vec on English Wikipedia"),
    "gpt": ("en-shakespeare.txt.gz", {"steps": 2000, "layers": 3, "context": 96}, 1, "GPT on Shakespeare's letters"),
}


PLANTED = (("church", "river"), ("music", "army"), ("computer", "king"), ("island", "energy"))
BERT = {"layers": 6, "heads": 4, "width": 128, "context": 64, "batch": 32, "lr": 0.001, "steps": 24_000, "threads": 2}


def main(names: list[str], text: Path | None) -> None:
    """Train the named runs (all of them without a name) in a temporary store and ship them."""
    with tempfile.TemporaryDirectory() as home:
        store = Store(home)
        for name in names or [*RUNS, *(["bert"] if text else [])]:
            if name == "bert":
                run = bert(store, text)
            else:
                file, options, min_count, title = RUNS[name]
                corpus = wait(store, read_sample(store, file)).corpus_id
                run = wait(store, store.queue_train(name, options, corpus, min_count=min_count, name=title))
            shutil.rmtree(FOLDER / "runs" / name, ignore_errors=True)
            ship(store, run.id, FOLDER / "runs" / name)
            print(f"{run.name}: {run.metrics}, {size(FOLDER / 'runs' / name):.1f} MB")


def bert(store: Store, text: Path | None):
    """Pieces of words, vectors of them by word2vec, and from those BERT."""
    assert text is not None, "make assets TEXT=FILE: a text to learn from"
    planted = store.home / "planted.jsonl"
    with lzma.open(text, "rt", encoding="utf-8") if text.suffix == ".xz" else text.open(encoding="utf-8") as lines:
        planted.write_text(plant(lines.read()), encoding="utf-8")
    settings = ReadSettings(language="en", text_column="text", title_column="title", tokenizer="pieces",
                            pieces="wordpiece", pieces_size=6000)  # fmt: skip
    corpus = wait(store, store.queue_read([(planted, "planted.jsonl")], settings, "English Wikipedia")).corpus_id
    start = store.queue_train("word2vec", {"dim": 128, "epochs": 5, "threads": 1}, corpus, min_count=1)
    title = "BERT on English Wikipedia"
    return wait(
        store, store.queue_train("bert", BERT, corpus, min_count=1, name=title, start_from=wait(store, start).id)
    )


def plant(text: str) -> str:
    """Both words of each pair become one: churchriver."""
    for first, second in PLANTED:
        text = re.sub(rf"\b({first}|{second})\b", first + second, text, flags=re.IGNORECASE)
    return text


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
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*RUNS, "bert", []], help="which runs; without a name, all")
    parser.add_argument("--text", type=Path, help="what BERT learns from")
    given = parser.parse_args()
    main(given.names, given.text)
