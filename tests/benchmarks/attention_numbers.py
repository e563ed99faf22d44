"""The measures of attention: seconds for the statistics of all heads and for switching each of them off.

python -m tests.benchmarks.attention_numbers [--sentences 200] [--layers 4] [--heads 4] [--width 128] [--runs 3]

A BERT with random weights reads sentences of twenty words: what it costs does not depend on what it has learned. The
time of its forward passes alone stands beside, so that what the measures add can be seen. Medians; CPU seconds of all
threads beside those of the clock.
"""

import argparse
import statistics
import time
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from core.answers.attention import head_statistics, lesions
from core.corpus import Corpus
from core.encoders.bert import BERT

WORDS = 5000  # of the vocabulary
LONG = 20  # words of a sentence


def model(layers: int, heads: int, width: int) -> BERT:
    """A BERT as it is before it learns, over made-up words."""
    names = " ".join(f"w{i}" for i in range(WORDS))
    corpus = Corpus.from_texts([names])
    options = BERT.Options(layers=layers, heads=heads, width=width, context=64, threads=2)
    encoder = BERT(options, corpus.vocab)
    encoder.network_ = encoder._network()
    return encoder


def to_the_end(steps: Iterable[Any]) -> None:
    for _ in steps:
        pass


def timed(work: Callable[[], None], runs: int) -> str:
    """Median seconds of the clock and of the processor."""
    wall, cpu = [], []
    for _ in range(runs):
        before, used = time.perf_counter(), time.process_time()
        work()
        wall.append(time.perf_counter() - before)
        cpu.append(time.process_time() - used)
    return f"{statistics.median(wall):7.2f} s {statistics.median(cpu):7.2f} CPU s"


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, value in (("sentences", 200), ("layers", 4), ("heads", 4), ("width", 128), ("runs", 3)):
        ask.add_argument(f"--{name}", type=int, default=value)
    how = ask.parse_args()
    encoder, draw = model(how.layers, how.heads, how.width), np.random.default_rng(0)
    texts = [" ".join(f"w{i}" for i in draw.integers(0, WORDS, LONG)) for _ in range(how.sentences)]
    encoder.read(texts[0])
    print(f"{how.sentences} sentences of {LONG} words, {how.layers} x {how.heads} heads, {how.width} wide")
    print("read alone             ", timed(lambda: to_the_end(map(encoder.read, texts)), how.runs))
    print("statistics of all heads", timed(lambda: to_the_end(head_statistics(encoder, texts)), how.runs))
    print("losses once            ", timed(lambda: to_the_end(encoder.losses(texts)), how.runs))
    print("each head switched off ", timed(lambda: to_the_end(lesions(encoder, texts)), how.runs))


if __name__ == "__main__":
    main()
