"""BERT and GPT beside transformers' BertForMaskedLM and GPT2LMHeadModel: training tokens a second, at the same loss.

python -m tests.benchmarks.transformer [--models bert gpt] [--pairs 7] [--threads 2] [--layers 4] [--width 256]

Equal architecture, weights, text, batches, masks and optimiser (AdamW, fused, one rate), no dropout on either side.
transformers' models are as they come: float32, its own choice of attention, the C library's own way with memory. A step
is forward, backward and the optimiser's; each pair is `--steps` of ours and as many of theirs on the same batches, in
turns, each in a process of its own, so that after each pair both have learned from the same text and their losses are
compared. The ratio that counts on a busy machine is that of CPU seconds (all threads). The text is the sample of
English Wikipedia, in pieces.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
from torch import nn

from core.corpus import Corpus
from core.encoders.networks import bert, gpt, use_threads
from core.encoders.networks.rows import Rows, Text, hidden, laid
from core.store.samples import FOLDER, samples
from tests.core.encoders.copied import to_bert, to_gpt2

RATE = 1e-3


class Bert:
    """Ours, and theirs with the same weights; a batch, and the loss of each on it."""

    def __init__(self, corpus: Corpus, asked: Any):
        self.words, self.asked = len(corpus.vocab), asked
        tokens = np.minimum(corpus.tokens, self.words)
        self.text = Text(tokens, corpus.split()[0], corpus.sentences, corpus.offsets)
        torch.manual_seed(0)
        self.ours = bert.Network(self.words, asked.width, asked.context, asked.layers, asked.heads, pre_norm=False)
        self.theirs = to_bert(self.ours, self.words, heads_of_pretraining=False, attention=None)

    def batch(self, step: int) -> Rows:
        """Windows that are full, so that no time goes into padding."""
        draw, room = np.random.default_rng(step), self.asked.context - 2
        spans = self.text.windows(draw, 4 * self.asked.batch, room)
        full = np.flatnonzero(np.diff(spans.first)[:, 0] == room)[: self.asked.batch]
        spans = replace(spans, first=spans.first[full], second=spans.second[full], follows=spans.follows[full])
        rows, _ = laid(self.text.tokens, spans, self.words)
        return hidden(rows, None, draw, self.words, SimpleNamespace(chosen=0.15, masked=0.8, replaced=0.1))

    def our_loss(self, rows: Rows) -> torch.Tensor:
        return self.ours.losses(rows)[0]

    def their_loss(self, rows: Rows) -> torch.Tensor:
        labels = np.full_like(rows.ids, -100)
        np.put_along_axis(labels, rows.places[:, 1:], rows.targets, 1)
        loss: torch.Tensor = self.theirs(torch.from_numpy(rows.ids), labels=torch.from_numpy(labels)).loss
        return loss


class Gpt:
    """The same for GPT, whose windows run on over the ends of documents."""

    def __init__(self, corpus: Corpus, asked: Any):
        self.words, self.asked = len(corpus.vocab), asked
        self.tokens = np.minimum(corpus.tokens, self.words - 1)
        torch.manual_seed(0)
        sizes = (self.words, asked.width, asked.context, asked.layers, asked.heads)
        self.ours = gpt.Network(*sizes, gelu="none" if asked.gelu == "exact" else "tanh")
        self.theirs = to_gpt2(self.ours, attention=None, gelu="gelu" if asked.gelu == "exact" else "gelu_new")

    def batch(self, step: int) -> np.ndarray:
        return np.random.default_rng(step).integers(0, len(self.tokens) - self.asked.context - 1, self.asked.batch)

    def our_loss(self, starts: np.ndarray) -> torch.Tensor:
        return self.ours.loss(self.tokens, starts, self.asked.context)

    def their_loss(self, starts: np.ndarray) -> torch.Tensor:
        windows = torch.from_numpy(self.tokens[starts[:, None] + np.arange(self.asked.context + 1)].astype(np.int64))
        scores = self.theirs(windows[:, :-1]).logits
        return nn.functional.cross_entropy(scores.flatten(0, 1), windows[:, 1:].flatten())


def learner(network: nn.Module, loss: Callable[[Any], torch.Tensor]) -> Callable[[Any], float]:
    """One whole step on a batch: its loss."""
    adamw = torch.optim.AdamW(network.parameters(), RATE, fused=True)

    def step(batch: Any) -> float:
        adamw.zero_grad()
        value = loss(batch)
        value.backward()
        adamw.step()
        return value.item()

    return step


def work(model: Any, asked: Any) -> None:
    """A contestant: for each line that comes in, so many steps; wall and CPU seconds and the mean loss go out."""
    ours = asked.child == "ours"
    if ours:
        use_threads(asked.threads)
    torch.set_num_threads(asked.threads)
    step = learner(*((model.ours, model.our_loss) if ours else (model.theirs, model.their_loss)))
    for pair, _line in enumerate(sys.stdin):
        batches = [model.batch(pair * asked.steps + i) for i in range(asked.steps)]
        wall, cpu = time.perf_counter(), time.process_time()
        loss = float(np.mean([step(batch) for batch in batches]))
        print(json.dumps([time.perf_counter() - wall, time.process_time() - cpu, loss]), flush=True)


def race(name: str, folder: str, asked: Any) -> None:
    """Both in turns; the first pair warms them up."""
    both = {who: started(name, who, folder) for who in ("ours", "transformers")}
    told: dict[str, list[list[float]]] = {who: [] for who in both}
    for _ in range(asked.pairs + 1):
        for who, child in both.items():
            child.stdin.write("go\n")
            child.stdin.flush()
            told[who].append(json.loads(child.stdout.readline()))
    for child in both.values():
        child.stdin.close()
        child.wait(60)
    tokens, done = asked.batch * asked.context * asked.steps, asked.steps * (asked.pairs + 1)
    print(f"{name.upper()}, load {os.getloadavg()[0]:.1f}")
    for who, each in told.items():
        wall, cpu = (statistics.median(tokens / one[i] for one in each[1:]) for i in (0, 1))
        print(f"  {who:<14}{wall:9,.0f} tokens/s wall{cpu:9,.0f} tokens a CPU second   loss {each[-1][2]:.3f}")
    for kind, i in (("wall", 0), ("CPU", 1)):
        ratios = [b[i] / a[i] for a, b in zip(told["ours"][1:], told["transformers"][1:])]
        shown = " ".join(f"{ratio:.2f}" for ratio in ratios)
        print(f"  {kind:<5} ratio: median {statistics.median(ratios):.2f} of {shown}")
    gap = max(abs(a[2] / b[2] - 1) for a, b in zip(told["ours"], told["transformers"]))
    print(f"  loss at the same step, {done} steps: at most {gap:.2%} apart", flush=True)


def started(name: str, who: str, folder: str) -> Any:
    command = [sys.executable, "-m", "tests.benchmarks.transformer", *sys.argv[1:], "--models", name]
    command += ["--child", who, "--corpus", folder]
    waiting = {**os.environ, "OMP_WAIT_POLICY": "PASSIVE"}  # as in the app: else threads spin while they wait
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=waiting)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="+", default=["bert", "gpt"])
    sizes = {"pairs": 7, "steps": 4, "threads": 2, "layers": 4, "heads": 4, "width": 256, "context": 128, "batch": 16,
             "pieces": 8192}  # fmt: skip
    for option, default in sizes.items():
        parser.add_argument(f"--{option}", type=int, default=default)
    parser.add_argument("--gelu", choices=["exact", "tanh"], default="exact", help="of GPT, on both sides")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("--corpus", help=argparse.SUPPRESS)
    asked, models = parser.parse_args(), {"bert": Bert, "gpt": Gpt}
    if asked.child:
        return work(models[asked.models[0]](Corpus.open(asked.corpus), asked), asked)
    sample = samples()["en-wikipedia.jsonl.gz"]
    settings = sample.settings.model_dump() | {"tokenizer": "pieces", "pieces": "wordpiece", "min_count": 1}
    with tempfile.TemporaryDirectory() as folder:
        corpus = Corpus.from_files(
            [FOLDER / "corpora" / sample.file],
            **{**settings, "pieces_size": asked.pieces, "folder": f"{folder}/corpus"},
        )
        print(f"{len(corpus.vocab)} pieces, {asked.threads} threads, batch {asked.batch} x {asked.context}", flush=True)
        for name in asked.models:
            race(name, str(corpus.folder), asked)


if __name__ == "__main__":
    main()
