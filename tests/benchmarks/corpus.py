"""Reading beside others: English beside gensim and scikit-learn, Chinese beside jieba; and a gigabyte.

python -m tests.benchmarks.corpus [--english FILE] [--chinese FILE ...] [--pairs 3] [--pieces]
python -m tests.benchmarks.corpus --size 1gb: seconds, peak memory and linearity for 100 MB and 1 GB of varied text

All go from a file of text to its words and their counts, one after the other in turns, ours on two cores. English is
in lines of 1,000 words, for gensim's `LineSentence` cuts longer ones; gensim scans its vocabulary, scikit-learn's
`CountVectorizer().build_analyzer()` cuts the lines and a Counter counts, jieba cuts the text and a Counter counts. Ours
writes the text, the tokens and their places to disk as well; its time is until the vocabulary stands there ("words"),
and until the corpus is ready with its index ("ready"). Kernels and dictionaries are loaded before the clock starts.
Peak memory is that of a process of its own that reads and does nothing else.
"""

import argparse
import json
import logging
import lzma
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from core.corpus.reading import build
from core.corpus.settings import ReadSettings

DATA = Path(__file__).parents[3] / "shared/data"
ENGLISH = DATA / "en-wiki-text8like/text8-like.txt.xz"
CHINESE = sorted((DATA / "zh-classics").glob("*.txt.xz"))
SIZES = {"100mb": 100_000_000, "1gb": 1_000_000_000}
Times = dict[str, float]


def timed(work: Callable[[], object]) -> Times:
    """Wall and CPU seconds of a call."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


def text_of(path: Path) -> str:
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        return str(file.read())


def ours(path: Path, **settings: object) -> Times:
    """Seconds until the vocabulary stands on disk, and until the corpus is ready."""
    with tempfile.TemporaryDirectory() as folder:
        wall, cpu = time.perf_counter(), time.process_time()
        words: Times = {}
        for event in build([path], Path(folder) / "corpus", ReadSettings(**settings)):
            if not words and event.phase == "Indexing":
                words = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
        ready = {"ready wall": time.perf_counter() - wall, "ready cpu": time.process_time() - cpu}
    return {**(words or {"wall": ready["ready wall"], "cpu": ready["ready cpu"]}), **ready}


def gensim_scan(path: Path) -> Times:
    from gensim.models.word2vec import LineSentence, Word2Vec

    return timed(lambda: Word2Vec(min_count=1).scan_vocab(LineSentence(str(path))))


def sklearn_scan(path: Path) -> Times:
    from sklearn.feature_extraction.text import CountVectorizer

    def scan() -> None:
        analyze, counts = CountVectorizer().build_analyzer(), Counter[str]()
        with open(path, encoding="utf-8") as file:
            for line in file:
                counts.update(analyze(line))

    return timed(scan)


def jieba_scan(path: Path) -> Times:
    import jieba

    jieba.setLogLevel(logging.ERROR)
    jieba.initialize()
    return timed(lambda: Counter(jieba.cut(path.read_text(encoding="utf-8"))))


def compare(name: str, contestants: dict[str, Callable[[], Times]], pairs: int) -> None:
    """Everyone in turns; then the median ratios to the faster of the others."""
    runs: dict[str, list[Times]] = {who: [] for who in contestants}
    for pair in range(pairs):
        print(f"{name}, pair {pair + 1}; load {os.getloadavg()[0]:.1f}")
        for who, run in contestants.items():
            runs[who].append(run())
            print(
                f"  {who:<12}", ", ".join(f"{kind} {value:.2f} s" for kind, value in runs[who][-1].items()), flush=True
            )
    others = [who for who in runs if who != "Semascope"]
    for kind in ("wall", "cpu"):
        ratios = [
            min(runs[who][pair][kind] for who in others) / runs["Semascope"][pair][kind] for pair in range(pairs)
        ]  # fmt: skip
        print(f"  {kind}: {statistics.median(ratios):.1f} times as fast as the faster other "
              f"(of {', '.join(f'{ratio:.1f}' for ratio in ratios)})", flush=True)  # fmt: skip


def english(source: Path, folder: Path, pairs: int, pieces: bool) -> None:
    words, path = text_of(source).split(), folder / "english.txt"
    with open(path, "w", encoding="utf-8") as file:
        for start in range(0, len(words), 1000):
            file.write(" ".join(words[start : start + 1000]) + "\n")
    print(f"English: {len(words):,} words, {path.stat().st_size / 1e6:.0f} MB")
    ours(path)
    compare("English", {"Semascope": lambda: ours(path), "gensim": lambda: gensim_scan(path),
                        "scikit-learn": lambda: sklearn_scan(path)}, pairs)  # fmt: skip
    print("  peak memory of the reader:", in_own_process(path))
    if pieces:
        for kind in ("bpe", "wordpiece", "unigram"):
            took = ours(path, tokenizer="pieces", pieces=kind)
            print(f"  pieces ({kind}): {len(words) / took['wall'] / 1e6:.2f} M words/s, {took['wall']:.1f} s")
        print("  phrases:", ", ".join(f"{kind} {value:.2f} s" for kind, value in ours(path, phrases=True).items()))


def chinese(sources: list[Path], folder: Path, pairs: int) -> None:
    path = folder / "chinese.txt"
    path.write_text("\n".join(map(text_of, sources)), encoding="utf-8")
    print(f"Chinese: {path.stat().st_size / 1e6:.0f} MB")
    ours(path, tokenizer="chinese")
    jieba_scan(path)
    compare("Chinese", {"Semascope": lambda: ours(path, tokenizer="chinese"), "jieba": lambda: jieba_scan(path)}, pairs)
    print("  peak memory of the reader:", in_own_process(path, tokenizer="chinese"))


READER = """
import json, re, sys, tempfile, time
from pathlib import Path
from core.corpus.reading import build
from core.corpus.settings import ReadSettings
path, settings = sys.argv[1], json.loads(sys.argv[2])
with tempfile.TemporaryDirectory() as folder:
    phases, began, cpu = {}, time.perf_counter(), time.process_time()
    for event in build([Path(path)], Path(folder) / "corpus", ReadSettings(**settings)):
        phases[event.phase] = time.perf_counter() - began
    took = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}
    facts = json.loads((Path(folder) / "corpus" / "corpus.json").read_text())["facts"]
peak = re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())
print(json.dumps({**took, "MB": int(peak[1]) * 1024 / 1e6, "phases": phases,
                  **{name: facts[name] for name in ("types", "tokens")}}))
"""


def in_own_process(path: Path, **settings: object) -> str:
    took = read_alone(path, **settings)
    return f"{took['MB']:.0f} MB, {took['types']:,} types, {took['seconds']:.2f} s from a cold start"


def read_alone(path: Path, **settings: object) -> dict[str, float]:
    """Seconds, peak memory and more of a fresh process that reads this file."""
    command = [sys.executable, "-c", READER, str(path), json.dumps(settings)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(done.stdout))


def varied(words: list[str], size: int) -> Iterator[str]:
    """About `size` bytes of these words over and over; each 20th carries the number of the time."""
    done = times = 0
    while done < size:
        for start in range(0, len(words), 1000):
            line = words[start : start + 1000]
            if times:
                line[::20] = [f"{word}{times}" for word in line[::20]]
            text = " ".join(line) + "\n"
            yield text
            done += len(text.encode())
            if done >= size:
                return
        times += 1


def growing(source: Path, folder: Path, largest: str) -> None:
    """Read 100 MB, then the largest size, each in a process of its own."""
    words, before = text_of(source).split(), 0.0
    for name in dict.fromkeys(["100mb", largest]):
        path = folder / f"{name}.txt"
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(varied(words, SIZES[name]))
        took = read_alone(path)
        phases = ", ".join(f"{phase} until {seconds:.1f} s" for phase, seconds in took["phases"].items())
        print(f"{name}: {took['seconds']:.1f} s ({took['cpu']:.1f} s of CPU), peak memory {took['MB']:.0f} MB, "
              f"{took['tokens'] / 1e6:.0f} M tokens, {took['types']:,} types; {phases}", flush=True)  # fmt: skip
        per_byte = took["seconds"] / path.stat().st_size
        if before:
            print(f"  seconds a byte: {per_byte / before:.2f} times those of 100 MB")
        before = per_byte
        path.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--english", type=Path, default=ENGLISH)
    parser.add_argument("--chinese", type=Path, nargs="*", default=CHINESE)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--pieces", action="store_true", help="pieces and phrases too")
    parser.add_argument("--size", choices=list(SIZES), help="no comparison: how time and memory grow up to this size")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if given.size:
            return growing(given.english, Path(folder), given.size)
        english(given.english, Path(folder), given.pairs, given.pieces)
        if given.chinese:
            chinese(given.chinese, Path(folder), given.pairs)


if __name__ == "__main__":
    main()
