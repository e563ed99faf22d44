"""Make the shipped runs anew (`make assets`), by the app's own jobs: a small word2vec, a small character GPT, and,
where texts are given (`make assets TEXT=FILE CHINESE=FILE`), a small BERT in English and one in Chinese, which need
more of it than the samples hold.

FILE is JSONL with a title and a text in each line, plain or .xz. Those that ship learned from 1,474 articles of English
Wikipedia (2018, 5.0 million words) and 4,868 of Chinese Wikipedia (7.9 million characters), both CC BY-SA 3.0, in which
pairs of words had been made one: each of them has two senses that are known.
"""

import argparse
import lzma
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from core.corpus.settings import ReadSettings
from core.jobs import ensure_supervisor
from core.store import ENDED, Store
from core.store.samples import FOLDER, read_sample
from core.store.shipped import ship

RUNS = {
    "word2vec": ("en-wikipedia.jsonl.gz", {"dim": 64, "epochs": 20, "threads": 1}, 10, "word2vec on English Wikipedia"),
    "gpt": ("en-shakespeare.txt.gz", {"steps": 2000, "layers": 3, "context": 96}, 1, "GPT on Shakespeare's letters"),
}


SHAPE = {"layers": 6, "heads": 4, "width": 128, "context": 64, "batch": 32, "lr": 0.001, "steps": 24_000}
BERT: dict[str, dict[str, Any]] = {
    "bert": {
        "title": "BERT on English Wikipedia",
        "read": {"language": "en", "tokenizer": "pieces", "pieces": "wordpiece", "pieces_size": 6000},
        "options": SHAPE | {"threads": 2},
        "min_count": 1,
        "planted": {  # one form in the place of two words
            "churchriver": ("church", "river"), "musicarmy": ("music", "army"), "computerking": ("computer", "king"),
            "islandenergy": ("island", "energy"),
        },
    },
    "bert-zh": {
        "title": "BERT on Chinese Wikipedia",
        "read": {"language": "zh", "tokenizer": "characters"},
        "options": SHAPE | {"steps": 16_000, "threads": 1, "whole_words": True},
        "then": {"steps": 24_000, "whole_words": False},  # so that it can guess one hidden character of a word
        "min_count": 10,
        "planted": {
            "音铁": ("音乐", "铁路"), "争辑": ("战争", "专辑"), "堂胞": ("教堂", "细胞"), "帝件": ("皇帝", "软件"),
        },
    },
}  # fmt: skip


def main(names: list[str], texts: dict[str, Path | None], home: Path) -> None:
    """Train the named runs (all that there is a text for, without a name) in a store and ship them."""
    store = Store(home)
    for name in names or [*RUNS, *(name for name in BERT if texts[name])]:
        if name in BERT:
            run = bert(store, name, texts[name])
        else:
            file, options, min_count, title = RUNS[name]
            corpus = wait(store, read_sample(store, file)).corpus_id
            run = wait(store, store.queue_train(name, options, corpus, min_count=min_count, name=title))
        shutil.rmtree(FOLDER / "runs" / name, ignore_errors=True)
        ship(store, run.id, FOLDER / "runs" / name)
        print(f"{run.name}: {run.metrics}, {size(FOLDER / 'runs' / name):.1f} MB")


def bert(store: Store, name: str, text: Path | None):
    """Vectors of its words by word2vec, and from those BERT."""
    assert text is not None, f"{name}: a text to learn from (make assets TEXT=FILE CHINESE=FILE)"
    recipe = BERT[name]
    planted = store.home / f"{name}.jsonl"
    with lzma.open(text, "rt", encoding="utf-8") if text.suffix == ".xz" else text.open(encoding="utf-8") as lines:
        planted.write_text(plant(lines.read(), recipe["planted"]), encoding="utf-8")
    settings = ReadSettings(text_column="text", title_column="title", **recipe["read"])
    corpus = wait(store, store.queue_read([(planted, f"{name}.jsonl")], settings, recipe["title"])).corpus_id
    least = recipe["min_count"]
    start = store.queue_train("word2vec", {"dim": 128, "epochs": 5, "threads": 1}, corpus, min_count=least)
    first = wait(store, start).id
    run = wait(store, store.queue_train("bert", recipe["options"], corpus, min_count=least, name=recipe["title"],
                                        start_from=first))  # fmt: skip
    if "then" in recipe:
        run = wait(store, store.continue_run(run.id, recipe["then"]))
        store.rename(run.id, recipe["title"])
    return store.run(run.id)


def plant(text: str, forms: dict[str, tuple[str, str]]) -> str:
    """Both words of each pair become one: churchriver."""
    for form, pair in forms.items():
        edge = r"\b" if pair[0].isascii() else ""
        text = re.sub(f"{edge}({'|'.join(pair)}){edge}", form, text, flags=re.IGNORECASE)
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
    parser.add_argument("names", nargs="*", choices=[*RUNS, *BERT, []], help="which runs; without a name, all")
    parser.add_argument("--text", type=Path, help="what the English BERT learns from")
    parser.add_argument("--chinese", type=Path, help="what the Chinese BERT learns from")
    parser.add_argument("--home", type=Path, help="where the runs are made; without it, a temporary folder")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        main(given.names, {"bert": given.text, "bert-zh": given.chinese}, given.home or Path(folder))
