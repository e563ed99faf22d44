"""NNLM beside plain torch with a full softmax in float32: words a second, the loss step by step, memory, perplexity.

python -m tests.benchmarks.nnlm [--corpus FILE] [--words 1000 5000 20000 50000] [--pairs 5] [--steps 20] [--batch 512]
                                [--train 4000] [--text FILE]

Both learn with the same weights to begin with, the same batches and AdamW, in turns, each time in a process of its own.
Plain torch is what anyone would write: nn.Embedding, nn.Linear, cross_entropy, torch.optim.AdamW. What counts on a busy
machine is CPU seconds, of all threads. Then, on another text, the perplexity of all its held-out words in the course
of `--train` steps (0: not at all), beside unigrams and n-grams.
"""

import argparse
import json
import math
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from core.corpus import Corpus
from core.encoders.networks import use_threads
from core.encoders.ngram import NGram, NGramOptions
from core.encoders.nnlm import NNLM, _Text

DEFAULT = Path(__file__).parents[3] / "shared/data/en-wiki-text8like/text8-like.txt.xz"
SAMPLE = Path(__file__).parents[2] / "assets/corpora/en-wikipedia.jsonl.gz"
WARM = 3  # steps before the clock starts


Step = Callable[[Any, Any], float]  # contexts and targets -> the loss, the weights moved


def plain(encoder: NNLM, steps: int) -> Step:
    """Plain torch, with the weights that this encoder begins with and the learning rates of its steps."""
    import torch
    from torch import nn
    from torch.nn import functional as F

    weights, direct, decay = encoder.network_, encoder.options.direct, encoder.options.decay
    lookup, hidden = nn.Embedding(*weights.lookup.shape), nn.Linear(*reversed(weights.hidden.shape))
    output = nn.Linear(*reversed(weights.output.shape))
    pairs = {lookup.weight: weights.lookup, hidden.weight: weights.hidden, hidden.bias: weights.hidden_bias,
             output.weight: weights.output, output.bias: weights.output_bias}  # fmt: skip
    for mine, theirs in pairs.items():
        mine.data.copy_(theirs.data)
    groups = [{"params": [lookup.weight, hidden.weight, output.weight], "weight_decay": decay},
              {"params": [hidden.bias, output.bias], "weight_decay": 0.0}]  # fmt: skip
    adamw, rates = torch.optim.AdamW(groups, betas=(0.9, 0.99)), iter(rates_of(encoder, steps))

    def step(contexts: Any, targets: Any) -> float:
        for group, rate in zip(adamw.param_groups, [next(rates)] * 2):
            group["lr"] = rate
        adamw.zero_grad()
        x = lookup(contexts).flatten(1)
        a = torch.tanh(hidden(x))
        loss = F.cross_entropy(output(torch.cat([a, x], 1) if direct else a), targets)
        loss.backward()
        adamw.step()
        return loss.item()

    return step


def rates_of(encoder: NNLM, steps: int) -> list[float]:
    """The learning rate of each of the first steps."""
    descent, rates = encoder.descent_, []
    for descent.done in range(steps):
        rates.append(descent.lr * descent._share())
    return rates


def one(who: str, corpus: Corpus, options: dict[str, Any], steps: int) -> dict[str, Any]:
    """Losses of some steps, and what they cost, in a process that does nothing else."""
    import torch

    encoder, text = NNLM(NNLM.Options(**options), corpus.vocab), _Text(corpus, corpus.split()[0])
    encoder._build()
    torch.set_num_threads(options["threads"])
    if who == "ours":
        use_threads(options["threads"])
    learn = encoder.descent_.learn if who == "ours" else plain(encoder, steps + WARM)
    del encoder
    losses, wall, cpu, guessed = list[float](), 0.0, 0.0, 0
    for step in range(steps + WARM):
        if step == WARM:
            wall, cpu, guessed = time.perf_counter(), time.process_time(), 0
        numbers = text.drawn(options["seed"], step, options["batch"])
        contexts, targets = (torch.from_numpy(ids) for ids in text.windows(numbers, options["context"]))
        losses.append(learn(contexts, targets))
        guessed += len(targets)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {"losses": losses, "wall": guessed / wall, "cpu": guessed / cpu, "memory": peak_memory()}


def peak_memory() -> float:
    """The most MB that this process has held."""
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


def run(who: str, folder: Path, min_count: int, options: dict[str, Any], steps: int) -> dict[str, Any]:
    """`one`, in a process of its own."""
    asked = json.dumps([who, str(folder), min_count, options, steps])
    command = [sys.executable, "-m", "tests.benchmarks.nnlm", "--one", asked]
    environment = {**os.environ, "OMP_WAIT_POLICY": "PASSIVE"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def race(corpus: Corpus, words: int, options: dict[str, Any], steps: int, pairs: int) -> None:
    """Pairs in turns on the `words` most frequent words, about."""
    min_count = int(corpus.vocab.counts[min(words, len(corpus.vocab)) - 1]) + (words < len(corpus.vocab))
    several = {"plain": list[dict[str, Any]](), "ours": list[dict[str, Any]]()}
    for _ in range(pairs):
        for who in several:
            several[who].append(run(who, corpus.folder, min_count, options, steps))
    ratios = [ours["cpu"] / plain["cpu"] for ours, plain in zip(several["ours"], several["plain"])]
    walls = [ours["wall"] / plain["wall"] for ours, plain in zip(several["ours"], several["plain"])]
    apart = [abs(o / p - 1) for o, p in zip(several["ours"][0]["losses"], several["plain"][0]["losses"])]
    print(f"V {len(corpus.cut(min_count).vocab):,}; load {os.getloadavg()[0]:.1f}")
    for who, runs in several.items():
        print(f"  {who:<6} {statistics.median(r['cpu'] for r in runs):9,.0f} words/CPU-s, "
              f"{statistics.median(r['wall'] for r in runs):9,.0f} words/s, {max(r['memory'] for r in runs):6,.0f} MB, "
              f"loss {runs[0]['losses'][0]:.4f} ... {runs[0]['losses'][-1]:.4f}")  # fmt: skip
    print(f"  ratio of words/CPU-s {statistics.median(ratios):.2f} (of {', '.join(f'{r:.2f}' for r in ratios)}), of "
          f"words/s {statistics.median(walls):.2f}; losses of {len(apart)} steps at most {max(apart):.2%} apart",
          flush=True)  # fmt: skip


def quality(corpus: Corpus, options: dict[str, Any]) -> None:
    """Perplexity of all held-out words of the vocabulary, by unigrams, n-grams and NNLM."""
    encoder = NNLM(NNLM.Options(**options), corpus.vocab)
    for order in (2, 3, 5):
        events = list(NGram(NGramOptions(order=order), corpus.vocab).train(corpus))
        if order == 2:
            print(f"  unigrams {math.exp(events[-1].metrics['baseline']):9.1f}")
        print(f"  {order}-grams  {math.exp(events[-1].metrics['held_out']):9.1f}", flush=True)
    began, share = time.perf_counter(), 0.0
    for event in encoder.train(corpus):
        share = event.metrics.get("output_share", share)
        if event.step % max(1, event.total // 5) == 0:
            perplexity = math.exp(whole(encoder, corpus))
            print(f"  NNLM     {perplexity:9.1f} after {event.step} steps", flush=True)
    print(f"  {time.perf_counter() - began:.0f} s of training and looking, {share:.1%} of it in the output layer; "
          f"load {os.getloadavg()[0]:.1f}")  # fmt: skip


def whole(encoder: NNLM, corpus: Corpus) -> float:
    """Nats a held-out word, of all of them."""
    held, nats, count = _Text(corpus, corpus.split()[1]), 0.0, 0
    for first in range(0, len(held), encoder.options.batch):
        numbers = np.arange(first, min(len(held), first + encoder.options.batch))
        contexts, targets = held.windows(numbers, encoder.options.context)
        nats, count = nats + encoder._nats(contexts, targets), count + len(targets)
    return nats / count


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=DEFAULT)
    parser.add_argument("--words", type=int, nargs="*", default=[1000, 5000, 20_000, 50_000])
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--train", type=int, default=4000)
    parser.add_argument("--text", type=Path, default=SAMPLE)
    for name, value in {"batch": 512, "dim": 100, "hidden": 100, "context": 5, "threads": 1}.items():
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--direct", action="store_true")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        who, folder, min_count, options, steps = json.loads(given.one)
        print(json.dumps(one(who, Corpus.open(folder, min_count), options, steps)))
        return
    options = {name: getattr(given, name) for name in ("batch", "dim", "hidden", "context", "direct", "threads")}
    if given.words:
        corpus = opened(given.corpus)
        print(corpus, options, flush=True)
        for words in given.words:
            race(corpus, words, options | {"steps": 4000, "seed": 0}, given.steps, given.pairs)
    if given.train:
        corpus = opened(given.text)
        print(corpus, f"vocabulary {len(corpus.vocab)}", flush=True)
        quality(corpus, options | {"steps": given.train, "epochs": 1000})


def opened(path: Path) -> Corpus:
    """A corpus folder, or a file read into one."""
    if path.is_dir():
        return Corpus.open(path)
    return Corpus.from_files([path], min_count=5, **({"text_column": "text"} if ".jsonl" in path.name else {}))


if __name__ == "__main__":
    main()
