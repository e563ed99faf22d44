"""GloVe beside the authors' C programs: counting and shuffling, an epoch, the losses, WordSim-353; memory and growth.

python -m tests.benchmarks.glove [--reference FOLDER] [--corpus FILE] [--epochs 15] [--pairs 1] [--quick]
python -m tests.benchmarks.glove --growth: seconds and memory from an eighth of the text to the whole

FOLDER holds the programs vocab_count, cooccur, shuffle and glove. Their sources are on the page of the GloVe project of
Stanford's NLP group, under the Apache licence; `make` there builds them into its folder build. Without it only our own
figures are printed. Both count the same text and learn with the same settings, two threads each, in turns; the ratio
that counts on a busy machine is that of CPU seconds (all threads). Theirs reads words and looks them up while it counts
(its vocab_count is left out), ours begins with the tokens of a corpus; ours also keeps cells to be looked at, and fits
the baseline. A loss is the mean of f(x) error^2 / 2, as theirs has it; ours leaves one cell of 200 out.
"""

import argparse
import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from core.corpus import Corpus
from core.encoders.glove import GloVe, GloVeOptions
from tests.benchmarks.word2vec import DEFAULT, QUICK, similarity

SAME = {"window": 10, "x_max": 100.0, "dim": 100, "threads": 2}


class Timed(GloVe):
    """Notes the CPU and wall seconds when the cells are ready, and when they are learned."""

    def _learn(self, *given):
        self.counted = np.array(clock())
        yield from super()._learn(*given)
        self.learned = np.array(clock())


def clock() -> tuple[float, float]:
    return time.process_time(), time.perf_counter()


def our_run(corpus: Corpus, options: GloVeOptions) -> dict[str, object]:
    """(CPU, wall) seconds of counting with shuffling and of an epoch; the loss of each epoch; WordSim-353."""
    encoder, begun, tokens = Timed(options, corpus.vocab), np.array(clock()), len(corpus.tokens)
    losses, done = [[0.0, 0] for _ in range(options.epochs)], tokens
    for event in encoder.train(corpus):
        if event.phase == "learning":
            epoch = losses[-(-event.step // tokens) - 2]
            epoch[0] += event.metrics["loss"] * (event.step - done)
            epoch[1] += event.step - done
            done = event.step
    return {
        "count": encoder.counted - begun, "epoch": (encoder.learned - encoder.counted) / options.epochs,
        "losses": [total / parts / 2 for total, parts in losses], "cells": encoder.cells_.cells,
        "spearman": similarity(corpus.vocab.words, encoder.word_vectors()),
    }  # fmt: skip


def command(folder: Path, words: str, source: Path | None = None, target: Path | None = None) -> tuple[np.ndarray, str]:
    """(CPU, wall) seconds of a program of theirs, and what it said."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    program, *given = words.split()
    with open(source or os.devnull, "rb") as read, open(target or os.devnull, "wb") as write:
        done = subprocess.run([folder / program, *given], stdin=read, stdout=write, stderr=subprocess.PIPE, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return np.array([cpu, time.perf_counter() - began]), done.stderr.decode()


def their_run(folder: Path, work: Path, options: GloVeOptions) -> dict[str, object]:
    """The same of the authors' programs, on work/text."""
    vocabulary, pairs, shuffled = work / "vocabulary", work / "pairs", work / "shuffled"
    command(folder, "vocab_count -min-count 5 -verbose 0", work / "text", vocabulary)
    counting, _ = command(
        folder, f"cooccur -memory 4 -window-size {options.window} -vocab-file {vocabulary} -verbose 0 "
        f"-overflow-file {work}/overflow", work / "text", pairs,
    )  # fmt: skip
    shuffling, _ = command(folder, f"shuffle -memory 4 -verbose 0 -temp-file {work}/temporary", pairs, shuffled)
    learning, said = command(
        folder, f"glove -input-file {shuffled} -vocab-file {vocabulary} -save-file {work}/vectors "
        f"-x-max {options.x_max} -iter {options.epochs} -vector-size {options.dim} -threads {options.threads} "
        f"-seed {options.seed + 1}",
    )  # fmt: skip
    words, vectors = zip(*(line.split(" ", 1) for line in (work / "vectors.txt").read_text().splitlines()))
    table = np.array([np.fromstring(vector, np.float32, sep=" ") for vector in vectors])
    return {
        "count": counting + shuffling, "epoch": learning / options.epochs, "cells": shuffled.stat().st_size // 16,
        "losses": [float(cost) for cost in re.findall(r"cost: ([\d.]+)", said)],
        "spearman": similarity(list(words), table),
    }  # fmt: skip


def show(name: str, run: dict) -> None:
    losses = " ".join(f"{loss:.5f}" for loss in run["losses"][:6])
    print(f"  {name:<7} {run['cells']:,} cells; counting and shuffling {run['count'][0]:.2f} CPU-s, "
          f"{run['count'][1]:.2f} s; an epoch {run['epoch'][0]:.2f} CPU-s, {run['epoch'][1]:.2f} s; losses {losses}; "
          f"WordSim-353 {run['spearman']:.3f}", flush=True)  # fmt: skip


def compare(corpus: Corpus, reference: Path | None, epochs: int, pairs: int, work: Path) -> None:
    """Pairs in turns, then the median ratios, the losses beside each other and the mean correlations."""
    theirs, ours = [], []
    for pair in range(pairs):
        options = GloVeOptions(epochs=epochs, seed=pair, **SAME)
        print(f"pair {pair + 1}; load {os.getloadavg()[0]:.1f}", flush=True)
        if reference:
            theirs.append(their_run(reference, work, options))
            show("theirs", theirs[-1])
        ours.append(our_run(corpus, options))
        show("ours", ours[-1])
    for name in ("count", "epoch") if theirs else ():
        for kind, unit in enumerate(("CPU seconds", "wall seconds")):
            ratios = [a[name][kind] / b[name][kind] for a, b in zip(theirs, ours)]
            print(f"  {name}, theirs by ours in {unit}: {statistics.median(ratios):.1f} "
                  f"(of {', '.join(f'{ratio:.1f}' for ratio in ratios)})")  # fmt: skip
    if theirs:
        mean = [np.mean([run["losses"] for run in runs], axis=0) for runs in (ours, theirs)]
        print("  losses, ours by theirs: " + " ".join(f"{a / b - 1:+.1%}" for a, b in zip(*mean)))
        quality = [statistics.mean(run["spearman"] for run in runs) for runs in (ours, theirs)]
        print(f"  WordSim-353: {quality[0]:.3f} - {quality[1]:.3f} = {quality[0] - quality[1]:+.3f}")


def alone(folder: Path, memory: int) -> None:
    """Two epochs of a corpus, measured in a process of its own; prints JSON."""
    GloVe.warm()
    corpus = Corpus.open(folder, 5)
    encoder, before = Timed(GloVeOptions(epochs=2, memory=memory, **SAME), corpus.vocab), np.array(clock())
    base = most = anonymous()
    for _ in encoder.train(corpus):
        most = max(most, anonymous())
    print(json.dumps({"tokens": len(corpus.tokens), "words": len(corpus.vocab), "cells": encoder.cells_.cells,
                      "count": (encoder.counted - before).tolist(), "memory": most - base,
                      "epoch": ((encoder.learned - encoder.counted) / 2).tolist(),
                      "estimate": GloVe.estimate(encoder.options, corpus).bytes}))  # fmt: skip


def anonymous() -> int:
    """MB of this process that no file stands behind, which the system cannot take back."""
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("RssAnon")]
    return int(line.split()[1]) // 1000


def growth(corpus: Corpus) -> None:
    """Seconds and memory at growing sizes, with memory enough and with 50 MB for counts."""
    text = "\n".join(corpus.documents)
    for share in (8, 4, 2, 1):
        with tempfile.TemporaryDirectory() as folder:
            Corpus.from_texts([text[: len(text) // share]], min_count=5, folder=Path(folder) / "corpus")
            for memory in (100_000, 50):
                given = [sys.executable, "-m", "tests.benchmarks.glove", "--alone", f"{folder}/corpus", str(memory)]
                run = json.loads(subprocess.run(given, capture_output=True, text=True, check=True).stdout)
                where = "in memory" if memory > 50 else "50 MB, else on disk"
                print(f"  {run['tokens'] / 1e6:.1f} M tokens, {run['words']:,} words, {run['cells'] / 1e6:.1f} M cells,"
                      f" {where}: counting and shuffling {run['count'][0]:.2f} CPU-s, an epoch "
                      f"{run['epoch'][0]:.2f} CPU-s, {run['memory']:,} MB (estimated {run['estimate'] / 1e6:,.0f})",
                      flush=True)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=DEFAULT)
    parser.add_argument("--reference", type=Path, help="the folder of the authors' programs")
    parser.add_argument("--epochs", type=int, help="15, or 3 with --quick")
    parser.add_argument("--pairs", type=int, default=1)
    parser.add_argument("--quick", action="store_true", help="the first 36 million characters")
    parser.add_argument("--growth", action="store_true")
    parser.add_argument("--alone", nargs=2, metavar=("CORPUS", "MEMORY"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.alone:
        return alone(Path(given.alone[0]), int(given.alone[1]))
    corpus = Corpus.from_files([given.corpus], min_count=5)
    if given.quick:
        corpus = Corpus.from_texts(["\n".join(corpus.documents)[:QUICK]], min_count=5)
    print(corpus, f"vocabulary {len(corpus.vocab)}", flush=True)
    if given.growth:
        return growth(corpus)
    GloVe.warm()
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "text").write_text("\n".join(corpus.documents), encoding="utf-8")
        compare(corpus, given.reference, given.epochs or (3 if given.quick else 15), given.pairs, Path(folder))


if __name__ == "__main__":
    main()
