"""N-grams beside KenLM on the same stretches of a text: seconds, memory, and the perplexity of what is held out.

python -m tests.benchmarks.ngram [--corpus FILE] [--kenlm FOLDER] [--order 5] [--parts 1 2 4] [--threads 2]

--kenlm: the folder with lmplz, build_binary and query; without it, ours alone. Interpolated modified Kneser-Ney for
both. Each runs in a process of its own, in which everything counts: to start, to read its input (a corpus folder with
tokens; a text file of a line a stretch, in the page cache), to count, and to stand as a model that answers; ours has
then measured the held-out text too. KenLM first writes the model as text (lmplz), then builds what answers
(build_binary, probing and trie). Reading the file into a corpus is told apart. CPU seconds are of all threads.
--parts 1 2 4: the whole text, half of it and a quarter, for the growth with the text.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from core.corpus import Corpus

DEFAULT = Path(__file__).parents[3] / "shared/data/en-wiki-text8like/text8-like.txt.xz"
OURS = """
import json, sys, time
import numpy as np
from core.corpus import Corpus
from core.encoders.ngram import NGram, NGramOptions
corpus, gap = Corpus.open(sys.argv[1]), 0.0
encoder = NGram(NGramOptions(order=int(sys.argv[2]), threads=int(sys.argv[3])), corpus.vocab)
began = last = time.perf_counter()
for event in encoder.train(corpus):
    gap, last = max(gap, time.perf_counter() - last), time.perf_counter()
distribution = encoder.next_word(["of", "the"])
model = sum(array.nbytes for array in encoder.state(training=False).values())
print(json.dumps({"train": last - began, "gap": gap, "model": model / 1e6, "sum": float(distribution.sum()),
                  "nats": event.metrics["held_out"], "distinct": encoder.distinct_.tolist(),
                  "unseen": encoder.unseen_.round(3).tolist()}))
"""
PERPLEXITY = """
import sys
import numpy as np
from core.corpus import Corpus
from core.encoders.kernels.ngram import laid
from core.encoders.ngram import NGram, NGramOptions
corpus = Corpus.open(sys.argv[1])
encoder = NGram(NGramOptions(order=int(sys.argv[2])), corpus.vocab)
for _ in encoder.train(corpus):
    pass
held = corpus.split()[1]
text = np.empty(int((held[:, 1] - held[:, 0]).sum()) + len(held), np.int32)
for _ in laid(corpus.tokens, held, len(corpus.vocab), text):
    pass
text = np.append(text[1:], text[0])
scores = np.empty((len(text), 5))
for _ in encoder._scores(text, scores, np.zeros(len(encoder.levels_))):
    pass
print(np.exp(-np.log(scores[:, 0]).mean()))
"""
Cost = tuple[float, float, float]  # wall seconds, CPU seconds, peak MB


def ran(command: list[str], source: Path | None = None, target: Path | None = None) -> tuple[Cost, str]:
    """What a process costs, and what it printed (on stderr, where its output goes to a file)."""
    with (
        tempfile.TemporaryFile() as said,
        open(source or os.devnull, "rb") as read,
        open(target or os.devnull, "wb") as to,
    ):
        began, peak, ended = time.perf_counter(), 0.0, 0
        process = subprocess.Popen(command, stdin=read, stdout=to if target else said, stderr=said)
        while not ended:
            peak = max(peak, peak_memory(process.pid))  # its own: what wait4 tells begins with that of this process
            time.sleep(0.005)
            ended, status, usage = os.wait4(process.pid, os.WNOHANG)
        process.returncode, wall = os.waitstatus_to_exitcode(status), time.perf_counter() - began
        said.seek(0)
        text = said.read().decode()
    if process.returncode:
        raise SystemExit(f"{command[0]} ended with {process.returncode}:\n{text[-2000:]}")
    return (wall, usage.ru_utime + usage.ru_stime, peak), text


def peak_memory(process: int) -> float:
    """The most MB that a process has held."""
    found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process}/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def write_lines(corpus: Corpus, ranges: np.ndarray, path: Path) -> None:
    """The words of each range, one range a line."""
    words = np.array(corpus.vocab.words, object)
    with open(path, "w", encoding="utf-8") as file:
        for first, last in ranges:
            file.write(" ".join(words[corpus.tokens[first:last]]) + "\n")


def show(name: str, cost: Cost, more: str = "") -> None:
    print(f"  {name:<34} {cost[0]:7.2f} s, {cost[1]:7.2f} CPU s, {cost[2]:6.0f} MB  {more}", flush=True)


def kenlm(folder: Path, corpus: Corpus, order: int, into: Path) -> tuple[Cost, float]:
    """What KenLM costs until it answers, and the perplexity with what it takes unknown words for."""
    train, held = corpus.split()
    write_lines(corpus, train, into / "train.txt")
    write_lines(corpus, held, into / "held.txt")
    pad = str(len(corpus.vocab) + 2)  # words, the unknown one and the edge: what the uniform distribution is among
    command = [str(folder / "lmplz"), "-o", str(order), "-S", "40%", "-T", str(into), "--vocab_pad", pad]
    counted, _ = ran([*command, "--discount_fallback"], into / "train.txt", into / "arpa")
    show("KenLM lmplz", counted)
    built = {}
    for kind in ("probing", "trie"):
        built[kind], _ = ran(
            [str(folder / "build_binary"), "-T", str(into), kind, str(into / "arpa"), str(into / kind)]
        )
        show(f"KenLM build_binary {kind}", built[kind], f"model {(into / kind).stat().st_size / 1e6:.0f} MB")
    _, said = ran([str(folder / "query"), "-v", "summary", str(into / "probing")], into / "held.txt")
    found = re.search(r"Perplexity including OOVs:\s+([\d.]+)", said)
    assert found is not None, said
    total = counted[0] + built["probing"][0], counted[1] + built["probing"][1], max(counted[2], built["probing"][2])
    return total, float(found[1])


def ours(corpus: Corpus, order: int, threads: int) -> Cost:
    cost, said = ran([sys.executable, "-c", OURS, str(corpus.folder), str(order), str(threads)])
    facts = json.loads(said.splitlines()[-1])
    tokens = corpus.facts["tokens"]
    show(
        f"Semascope, {threads} threads",
        cost,
        f"{cost[1] / tokens * 1e6:.2f} CPU s and {cost[2] / tokens * 1e6:.0f} MB a M words",
    )
    print(f"    training {facts['train']:.2f} s, {tokens / facts['train'] / 1e6:.2f} M words/s, longest silence "
          f"{facts['gap']:.2f} s, model {facts['model']:.0f} MB\n    n-grams {facts['distinct']}, of those held out "
          f"never seen {facts['unseen']}, {facts['nats']:.4f} nats a held-out word", flush=True)  # fmt: skip
    return cost


def parts(path: Path, shares: Iterable[int], into: Path) -> Iterable[Corpus]:
    """The corpus, and the first half, quarter … of its text, each read anew."""
    whole = None
    for share in shares:
        wall, cpu = time.perf_counter(), time.process_time()
        if share == 1:
            whole = Corpus.from_files([path], folder=into / "corpus-1")
            corpus = whole
        else:
            text = "".join((whole or Corpus.from_files([path], folder=into / "corpus-1")).documents)
            corpus = Corpus.from_texts([text[: len(text) // share]], folder=into / f"corpus-{share}")
        print(f"{corpus}, read in {time.perf_counter() - wall:.1f} s, {time.process_time() - cpu:.1f} CPU s; "
              f"load {os.getloadavg()[0]:.1f}", flush=True)  # fmt: skip
        yield corpus


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=DEFAULT)
    parser.add_argument("--kenlm", type=Path)
    parser.add_argument("--order", type=int, default=5)
    parser.add_argument("--parts", type=int, nargs="*", default=[1, 2, 4])
    parser.add_argument("--threads", type=int, nargs="*", default=[1, 2])
    given = parser.parse_args()
    there = given.kenlm is not None and (given.kenlm / "lmplz").exists()
    if not there:
        print("Without KenLM: give the folder of its programs with --kenlm to compare.")
    with tempfile.TemporaryDirectory() as folder:
        for place, corpus in enumerate(parts(given.corpus, given.parts, Path(folder))):
            costs = [ours(corpus, given.order, threads) for threads in given.threads]
            if there and place == 0:
                (wall, cpu, _), theirs = kenlm(given.kenlm, corpus, given.order, Path(folder))
                ratios = " and ".join(f"{wall / cost[0]:.1f} (wall), {cpu / cost[1]:.1f} (CPU)" for cost in costs)
                _, said = ran([sys.executable, "-c", PERPLEXITY, str(corpus.folder), str(given.order)])
                print(
                    f"  KenLM takes {ratios} times as long; perplexity {theirs:.4f}, ours {float(said.split()[-1]):.4f}"
                )


if __name__ == "__main__":
    main()
