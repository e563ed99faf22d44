"""Neighbours in a large space: milliseconds for one word by each measure, for an analogy, for six runs; hubs; a list.

python -m tests.benchmarks.neighbours [--words 400000] [--width 300] [--times 15] [--skip-long]

The vectors are normal random numbers in a file that is memory-mapped, as those of a run are; the vocabulary is made up.
Each question is asked several times in this process and the median told: milliseconds of the clock, and CPU
milliseconds beside them, for a busy machine. The first time is told apart: it reads the file and makes the norms.
gensim's `most_similar` on the same vectors stands beside the cosine. BLAS has one thread, as in the app's processes.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy is loaded

import numpy as np
from gensim.models import KeyedVectors

from core.corpus import Vocab
from core.explore import Space
from core.explore.agreement import agreement
from core.explore.analogies import answer_list, answers
from core.explore.hubs import hubs
from core.explore.likeness import odd_one_out, seriated, similarities

BLOCK = 20_000
WORD = 1234


def measured(name: str, work: Callable[[], object], times: int) -> None:
    walls, cpus = [], []
    for _ in range(times + 1):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        walls.append(1000 * (time.perf_counter() - wall))
        cpus.append(1000 * (time.process_time() - cpu))
    first, *rest = walls
    print(f"  {name:<44} first {first:7.1f}, median {statistics.median(rest):6.1f}, most {max(rest):6.1f}, "
          f"CPU {statistics.median(cpus[1:]):6.1f} ms   load {os.getloadavg()[0]:.1f}", flush=True)  # fmt: skip


def made(path: Path, words: int, width: int) -> np.ndarray:
    """float32 (words, width), memory-mapped, written block by block."""
    file = np.lib.format.open_memmap(path, "w+", np.float32, (words, width))
    random = np.random.default_rng(0)
    for begin in range(0, words, BLOCK):
        part = file[begin : begin + BLOCK]
        part[:] = random.standard_normal(part.shape, dtype=np.float32)
    file.flush()
    found: np.ndarray = np.load(path, mmap_mode="r")
    return found


def questions(space: Space, times: int) -> None:
    for metric in ("cosine", "euclidean", "dot"):
        measured(f"10 neighbours by {metric}", lambda m=metric: space.neighbours(WORD, 10, m), times)
    means = np.zeros(len(space.vocab), np.float32)
    measured("10 neighbours by CSLS, hubs at hand", lambda: space.neighbours(WORD, 10, "csls", hubs=means), times)
    measured("10 neighbours among the 50,000 most frequent", lambda: space.neighbours(WORD, among=50_000), times)
    vector = np.array(space.vectors[WORD])
    measured("10 neighbours of a vector", lambda: space.neighbours(vector), times)
    measured("an analogy by 3CosAdd and 3CosMul", lambda: answers(space, (1, 2, 3)), times)
    measured("10 neighbours in six runs", lambda: [space.neighbours(WORD) for _ in range(6)], max(3, times // 3))
    words = list(range(100, 140))
    matrix = similarities(space, words)
    measured("a matrix of 40 words, put in order", lambda: seriated(matrix), times)
    measured("the odd one of 40 words", lambda: odd_one_out(space, words), times)


def beside_gensim(space: Space, times: int) -> None:
    keyed = KeyedVectors(space.vectors.shape[1])
    keyed.add_vectors(space.vocab.words, space.vectors)
    keyed.fill_norms()
    name = space.vocab.words[WORD]
    measured("gensim: most_similar", lambda: keyed.most_similar(name, topn=10), times)
    theirs = [word for word, _ in keyed.most_similar(name, topn=10)]
    print(f"  the same ten words: {theirs == space.neighbours(WORD, 10)['word'].tolist()}")


def timed(name: str, steps: object) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in steps:  # type: ignore[attr-defined]
        pass
    print(f"  {name:<60} {time.perf_counter() - wall:6.1f} s, CPU {time.process_time() - cpu:6.1f} s   "
          f"load {os.getloadavg()[0]:.1f}", flush=True)  # fmt: skip


def long(space: Space) -> None:
    """What is asked of the answering process."""
    some = np.asarray(space.vectors[:70_000, :100])
    timed("hubs of 70,000 words of 100 numbers, all with all", hubs(some))
    ids = np.stack([np.arange(5000)] * 2)
    timed("two runs compared over 5,000 words", agreement([some, some], ids))
    asked = np.random.default_rng(1).integers(0, 30_000, (19_544, 3))
    timed("19,544 analogies among 30,000 words of 100 numbers", answer_list(some, asked, 30_000))
    timed(f"hubs of all {len(space.vocab):,} words", hubs(space.vectors))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--words", type=int, default=400_000)
    parser.add_argument("--width", type=int, default=300)
    parser.add_argument("--times", type=int, default=15)
    parser.add_argument("--skip-long", action="store_true", help="leave out what the answering process does")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        vectors = made(Path(folder) / "vectors.npy", given.words, given.width)
        vocab = Vocab([f"word{i}" for i in range(given.words)], np.arange(given.words, 0, -1))
        space = Space(vectors, vocab)
        print(f"{given.words:,} words of {given.width} numbers", flush=True)
        questions(space, given.times)
        beside_gensim(space, given.times)
        if not given.skip_long:
            long(space)


if __name__ == "__main__":
    main()
