"""The index and the concordance: seconds and memory to build, milliseconds to the first hundred lines.

python -m tests.benchmarks.concordance [--corpus FILE] [--classics FILE …] [--runs 9]

The index is built once more in a process of its own, whose memory is compared before and after. Each search is asked
several times in this process, the query parsed anew each time; the first is counted apart: it reads files from disk.
Milliseconds are of the clock; CPU milliseconds of all threads stand beside them, for a busy machine.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from core.corpus import Corpus
from core.explore.concordance import concordance
from core.explore.occurrences import occurrences
from core.explore.query import parse

DATA = Path(__file__).parents[3] / "shared/data"
BUILD = """
import re, sys, time
from pathlib import Path
import numpy, pyarrow.compute, core.corpus.kernels.filing
from core.corpus.index import build_index
memory = lambda: int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024
before, wall, cpu = memory(), time.perf_counter(), time.process_time()
for _ in build_index(Path(sys.argv[1]), Path(sys.argv[2])):
    pass
print(f"{time.perf_counter() - wall:.2f} s, {time.process_time() - cpu:.2f} CPU s, "
      f"{memory() - before:.0f} MB beside {before:.0f}")
"""
Case = tuple[str, str, dict[str, object]]
ENGLISH: list[Case] = [
    ("frequent word", "the", {}),
    ("frequent word, sorted left", "the", {"sort": "left"}),
    ("frequent word, sorted right", "the", {"sort": "right"}),
    ("frequent word, right, page 5000", "the", {"sort": "right", "page": 5000}),
    ("frequent word, at random", "the", {"sort": "random"}),
    ("rare word", "zebra", {}),
    ("rare word, sorted right", "zebra", {"sort": "right", "window": 50}),
    ("phrase", "new york", {"sort": "right"}),
    ("phrase of frequent words", "of the", {"sort": "right"}),
    ("phrase with any word", "in * of", {"sort": "left"}),
    ("wildcard", "bank*", {"sort": "right"}),
    ("regex on words", "/ing$/", {"sort": "right"}),
]
CHINESE: list[Case] = [
    ("frequent word, sorted right", "道", {"sort": "right"}),
    ("name, sorted left", "宝玉", {"sort": "left"}),
    ("phrase", "什么 东西", {"sort": "right"}),
    ("wildcard", "宝*", {"sort": "right"}),
]


def measured(name: str, work: Callable[[], object], runs: int) -> None:
    """Print the milliseconds of the first call, and of the others their median, their most and their CPU."""
    walls, cpus = [], []
    for _ in range(runs + 1):
        wall, cpu = time.perf_counter(), time.process_time()
        said = work()
        walls.append(1000 * (time.perf_counter() - wall))
        cpus.append(1000 * (time.process_time() - cpu))
    first, *rest = walls
    print(f"  {name:<34} {said!s:>12}   first {first:6.1f}, median {statistics.median(rest):6.1f}, "
          f"most {max(rest):6.1f}, CPU {statistics.median(cpus[1:]):6.1f} ms", flush=True)  # fmt: skip


def searches(corpus: Corpus, cases: list[Case], texts: list[str], runs: int) -> None:
    for name, query, asked in cases:
        measured(f"{name}: {query}", lambda q=query, a=asked: concordance(corpus, q, **a).hits, runs)
    for text in texts:
        measured(f"in the text: {text}", lambda t=text: concordance(corpus, parse(corpus, t, "text")).hits, runs)
        measured(f"counts: {text}", lambda t=text: occurrences(corpus, t).total, runs)


def built(corpus: Corpus) -> None:
    with tempfile.TemporaryDirectory() as into:
        done = subprocess.run([sys.executable, "-c", BUILD, corpus.folder, into], capture_output=True, text=True)
        print(f"{corpus}\n  index: {done.stdout.strip() or done.stderr}; load {os.getloadavg()[0]:.1f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=DATA / "en-wiki-text8like/text8-like.txt.xz")
    parser.add_argument("--classics", type=Path, nargs="*", default=sorted((DATA / "zh-classics").glob("*.xz")))
    parser.add_argument("--runs", type=int, default=9)
    given = parser.parse_args()
    english = Corpus.open(given.corpus) if given.corpus.is_dir() else Corpus.from_files([given.corpus])
    built(english)
    searches(english, ENGLISH, ["bank", "new york", "/b[aeiou]nks? of/"], given.runs)
    if given.classics:
        classics = Corpus.from_files(list(given.classics), tokenizer="chinese", split="chapters")
        built(classics)
        searches(classics, CHINESE, ["宝玉", "玉笑"], given.runs)


if __name__ == "__main__":
    main()
