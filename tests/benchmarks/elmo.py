"""ELMo beside a plain language model of torch's LSTM with the whole softmax: training tokens a CPU second.

python -m tests.benchmarks.elmo [--pairs 5] [--steps 6] [--threads 1] [--width 256] [--words 8192]

Both are two directions of two layers over the same sample of English Wikipedia, with AdamW at one rate. The plain model
is as one writes it first: float32, 16 stretches of 32 words in a step, the scores of every word kept for the way back.
Ours is as it comes: 64 stretches, 512 sampled words, half precision where the processor has it. Steps are taken in
turns. One thread each, as ELMo comes: with two it takes more of the processor and longer by the clock (2 cores: 18,000
tokens a second with one, 11,000 with two), while the plain model gains a fifth. What sampling
costs in quality is a test's matter and that of the curve of a run, which is held out in full.
"""

import argparse
import os
import statistics
import time

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # before torch loads, as in the app: else waiting threads spin

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from core.corpus import Corpus
from core.encoders.elmo import ELMo
from core.encoders.networks import use_threads
from core.store.samples import samples

PLAIN_BATCH, CONTEXT, RATE = 16, 32, 4e-3


class Plain(nn.Module):
    """Forward and backward LSTM language models, as torch's manual would have them."""

    def __init__(self, words: int, width: int):
        super().__init__()
        self.embedding = nn.Embedding(words + 1, width)
        self.ahead, self.back = (nn.LSTM(width, width, num_layers=2, batch_first=True) for _ in range(2))
        self.output = nn.Linear(width, words + 1)

    def forward(self, windows: torch.Tensor) -> torch.Tensor:
        x = self.embedding(windows)
        ahead, back = self.ahead(x[:, :-1])[0], self.back(x[:, 1:].flip(1))[0]
        scores = self.output(torch.cat([ahead, back]))
        return F.cross_entropy(scores.flatten(0, 1), torch.cat([windows[:, 1:], windows[:, :-1].flip(1)]).flatten())


def plain_steps(model: Plain, adamw: torch.optim.Optimizer, text: np.ndarray, draw: np.random.Generator, steps: int):
    for _ in range(steps):
        starts = draw.integers(0, len(text) - CONTEXT, PLAIN_BATCH)
        loss = model(torch.from_numpy(text[starts[:, None] + np.arange(CONTEXT + 1)].astype(np.int64)))
        adamw.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        adamw.step()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, value in (("pairs", 5), ("steps", 6), ("threads", 1), ("width", 256), ("words", 8192)):
        parser.add_argument(f"--{name}", type=int, default=value)
    asked = parser.parse_args()
    sample = samples()["en-wikipedia.jsonl.gz"]
    whole = Corpus.from_files([sample.path], text_column=sample.settings.text_column)
    corpus = whole.cut(int(whole.vocab.counts[min(asked.words, len(whole.vocab)) - 1]))
    use_threads(asked.threads)
    encoder = ELMo(ELMo.Options(width=asked.width, steps=1_000_000, lr=RATE, threads=asked.threads), corpus.vocab)
    training, batch = encoder.train(corpus), encoder.options.batch
    next(training)
    torch.manual_seed(0)
    model, draw = Plain(len(corpus.vocab), asked.width), np.random.default_rng(0)
    adamw = torch.optim.AdamW(model.parameters(), RATE, betas=(0.9, 0.99), fused=True)
    text = np.minimum(np.concatenate([corpus.tokens[a:b] for a, b in corpus.split()[0]]), len(corpus.vocab))
    plain_steps(model, adamw, text, draw, 1)
    ratios: dict[str, list[float]] = {"wall": [], "CPU": []}
    print(f"V = {len(corpus.vocab):,}, {asked.width} wide, {asked.threads} threads, load {os.getloadavg()[0]:.1f}")
    for _ in range(asked.pairs):
        spent = []
        for work, tokens in (
            (lambda: plain_steps(model, adamw, text, draw, asked.steps), PLAIN_BATCH * CONTEXT * asked.steps),
            (lambda: [next(training) for _ in range(asked.steps)], batch * CONTEXT * asked.steps),
        ):
            wall, cpu = time.perf_counter(), time.process_time()
            work()
            spent.append((tokens / (time.perf_counter() - wall), tokens / (time.process_time() - cpu)))
        for place, name in enumerate(ratios):
            ratios[name].append(spent[1][place] / spent[0][place])
        print(f"  plain {spent[0][0]:8,.0f} tokens/s {spent[0][1]:8,.0f} a CPU-s; "
              f"ELMo {spent[1][0]:8,.0f} tokens/s {spent[1][1]:8,.0f} a CPU-s", flush=True)  # fmt: skip
    for name, several in ratios.items():
        print(f"ratio of tokens a {name} second: {statistics.median(several):.1f} "
              f"({', '.join(f'{ratio:.1f}' for ratio in several)})")  # fmt: skip


if __name__ == "__main__":
    main()
