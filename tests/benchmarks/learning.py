"""What is learned in minutes: held-out curves of a character GPT, of BERT on novels, and of BERT from five starts.

python -m tests.benchmarks.learning [gpt] [novels] [starts] [--novels FILE] [--threads 1] [--steps 1000]

gpt: 4 layers, 4 heads, 128 wide, 64 letters, on Shakespeare; the bar is 1.9 nats a letter.
novels: BERT's balanced preset on a packed folder of texts, from word2vec; its masked-word accuracy beside that of
always guessing the most frequent word.
starts: which part of starting from word2vec helps? BERT's quick preset on the sample of English Wikipedia, its
embedding begun with random numbers (as without a start), with random numbers as long as word2vec's vectors, with
word2vec's vectors at either length, and with those vectors dealt out to the wrong words (their scale and spectrum, not
their meaning).
"""

import argparse
import gzip
import tarfile
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch

from core.corpus import Corpus
from core.encoders import ENCODERS
from core.store.samples import samples

MARKS = 8  # points of a curve that are printed


def curve(encoder: Any, corpus: Corpus, title: str) -> None:
    """Train, and print the held-out metrics at even marks, with the processor's seconds."""
    began, total = time.process_time(), encoder.options.steps
    marks = {round(total * (i + 1) / MARKS / 25) * 25 for i in range(MARKS)} | {total}
    print(f"\n{title}", flush=True)
    for event in encoder.train(corpus):
        if event.step in marks and "held_out" in event.metrics:
            told = {name: event.metrics[name] for name in ("held_out", "baseline", "masked_accuracy", "masked_baseline")
                    if name in event.metrics}  # fmt: skip
            numbers = "  ".join(f"{name} {value:.3f}" for name, value in told.items())
            print(f"  step {event.step:>6,}  {time.process_time() - began:6.0f} cpu-s  {numbers}", flush=True)


def gpt(asked: argparse.Namespace) -> None:
    corpus = sample_corpus("en-shakespeare.txt.gz", tokenizer="characters", lowercase=False)
    options = {"layers": 4, "heads": 4, "width": 128, "context": 64, "steps": 2000, "threads": asked.threads}
    encoder = ENCODERS["gpt"](ENCODERS["gpt"].Options(**options), corpus.vocab)
    curve(encoder, corpus, "GPT on Shakespeare's letters (bar: 1.9 nats held out)")


def novels(asked: argparse.Namespace) -> None:
    if not asked.novels.exists():
        print(f"There are no novels at {asked.novels}: give --novels FILE.")
        return
    with tempfile.TemporaryDirectory() as folder, tarfile.open(asked.novels) as packed:
        packed.extractall(folder, filter="data")
        corpus = Corpus.from_files(sorted(Path(folder).rglob("*.txt")), language="en", min_count=5)
    encoder: Any = ENCODERS["bert"](ENCODERS["bert"].Options(threads=asked.threads), corpus.vocab)
    encoder.start(vectors(corpus, 128))
    curve(
        encoder,
        corpus,
        f"BERT on {len(corpus.documents)} novels, {len(corpus.tokens):,} words, V {len(corpus.vocab):,}",
    )


def starts(asked: argparse.Namespace) -> None:
    corpus = sample_corpus("en-wikipedia.jsonl.gz", text_column="text", language="en", min_count=5)
    found = vectors(corpus, 128)
    print(f"\n{len(corpus.tokens):,} words, V {len(corpus.vocab):,}; word2vec's vectors are "
          f"{np.linalg.norm(found - found.mean(0), axis=1).mean():.2f} long on the mean")  # fmt: skip
    for name, rows, long in _begun(found):
        options = ENCODERS["bert"].Options(**ENCODERS["bert"].Options.presets["quick"] | {"steps": asked.steps},
                                           threads=asked.threads)  # fmt: skip
        encoder: Any = ENCODERS["bert"](options, corpus.vocab)
        if rows is not None:
            encoder.start(rows)
        encoder._build()
        if long is not None:
            _lengthen(encoder.network_.embedding, len(found), long)
        curve(encoder, corpus, name)


def _begun(found: np.ndarray) -> Iterator[tuple[str, np.ndarray | None, float | None]]:
    """Title, vectors to start from or None, and the mean length they are brought to or None (a network's own)."""
    long = float(np.sqrt(np.square(found - found.mean(0)).sum(1).mean()))
    yield "random numbers", None, None
    yield f"random numbers, {long:.2f} long", None, long
    yield "word2vec, as long as the random numbers (what start_from does)", found, None
    yield f"word2vec, {long:.2f} long", found, long
    yield "word2vec of the wrong words", found[np.random.default_rng(0).permutation(len(found))], None


def _lengthen(embedding: Any, words: int, long: float) -> None:
    with torch.no_grad():
        rows = embedding[:words]
        rows *= long / rows.square().sum(1).mean().sqrt()


def sample_corpus(name: str, **settings: Any) -> Corpus:
    """A sample that ships."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name.removesuffix(".gz")
        file.write_bytes(gzip.decompress(samples()[name].path.read_bytes()))
        return Corpus.from_files([file], **settings)


def vectors(corpus: Corpus, dim: int) -> np.ndarray:
    """float32 (V, dim): by word2vec of the same corpus."""
    encoder: Any = ENCODERS["word2vec"](ENCODERS["word2vec"].Options(dim=dim, epochs=5, threads=1), corpus.vocab)
    for _ in encoder.train(corpus):
        pass
    return np.asarray(encoder.word_vectors())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parts = {"gpt": gpt, "novels": novels, "starts": starts}
    parser.add_argument("parts", nargs="*", choices=[*parts, []], help="which; without one, all")
    parser.add_argument("--novels", type=Path, default=Path("../shared/data/en-novels/novels-20.tar.xz"))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--steps", type=int, default=1000, help="of each start")
    asked = parser.parse_args()
    for part in asked.parts or parts:
        parts[part](asked)


if __name__ == "__main__":
    main()
