"""The first picture of a word's senses: seconds for each part of it, from the click to the cloud with its groups.

python -m tests.benchmarks.senses_picture [--query "first|time"] [--layers 6] [--heads 8] [--width 256] [--threads 2]

Up to 2,000 occurrences in the sample of English Wikipedia: found in the text, read by a BERT (of random weights: what
it costs does not depend on what it has learned), laid out in all layers, grouped by the last, and judged in each. With
--packaged, the pre-trained model that is installed as a package reads them instead. What is asked of a process that
answers already; its start is not counted. Seconds of the clock and of the processor, all threads.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.update({"OMP_WAIT_POLICY": "PASSIVE", "OPENBLAS_NUM_THREADS": "1"})  # as the process has that answers

import numpy as np
import torch

from core.corpus import Corpus
from core.encoders.bert import BERT
from core.explore.sense_groups import cluster, likeness, separation
from core.explore.sense_layout import frames
from core.explore.sense_vectors import occurrence_vectors
from core.explore.senses import find
from core.explore.senses_measures import silhouettes
from core.store.samples import samples
from tests.benchmarks.senses import ended, packaged


class Clock:
    """Prints what each part took, and what all of them took."""

    def __init__(self) -> None:
        self.wall = self.cpu = 0.0

    def part(self, name: str, work: Callable[[], Any]) -> Any:
        """Do it and say how long it took."""
        wall, cpu = time.perf_counter(), time.process_time()
        found = work()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        self.wall, self.cpu = self.wall + wall, self.cpu + cpu
        print(f"  {name:<24}{wall:7.2f} s {cpu:7.2f} CPU s", flush=True)
        return found


def model(corpus: Corpus, asked: Any) -> Any:
    """A BERT as it is before it learns; or the packaged one."""
    if asked.packaged:
        return packaged()
    sizes = {"layers": asked.layers, "heads": asked.heads, "width": asked.width, "context": 128}
    return BERT(BERT.Options(**sizes), corpus.vocab).untrained(0)


def judged(vectors: np.ndarray, groups: np.ndarray) -> None:
    """What the picture says of its groups."""
    separation(vectors, groups)
    mine = groups >= 0
    likeness(vectors[mine, -1], groups[mine])
    silhouettes(vectors[mine, -1], groups[mine])


def picture(corpus: Corpus, encoder: Any, query: str) -> None:
    clock = Clock()
    frame = clock.part("find the occurrences", lambda: find(corpus, query)).frame
    vectors, known, _unread = clock.part(
        "read the sentences", lambda: ended(occurrence_vectors(encoder, encoder.vocab, frame))
    )
    clock.part("lay out the layers", lambda: frames(vectors[known]).places(vectors))
    groups = clock.part("group the occurrences", lambda: cluster(vectors[known, -1]))
    clock.part("judge the groups", lambda: judged(vectors[known], groups))
    print(f"{len(frame):,} occurrences, {vectors.shape[1] - 1} layers of {vectors.shape[2]}: "
          f"{clock.wall:.1f} s, {clock.cpu:.1f} CPU s, load {os.getloadavg()[0]:.1f}")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--query", default="first|time")
    for name, value in (("layers", 6), ("heads", 8), ("width", 256), ("threads", 2)):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--packaged", action="store_true", help="read by the packaged pre-trained model")
    asked = parser.parse_args()
    torch.set_num_threads(asked.threads)
    sample = samples()["en-wikipedia.jsonl.gz"]
    settings = sample.settings.model_dump() | {"tokenizer": "pieces", "pieces": "wordpiece", "min_count": 1}
    with tempfile.TemporaryDirectory() as folder:
        corpus = Corpus.from_files(
            [sample.path], **{**settings, "pieces_size": 8192, "folder": Path(folder) / "corpus"}
        )
        encoder = model(corpus, asked)
        ended(encoder.occurrence_vectors([["a"]], [0]))  # so that the first product's start is not counted
        picture(corpus, encoder, asked.query)


if __name__ == "__main__":
    main()
