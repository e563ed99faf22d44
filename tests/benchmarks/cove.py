"""CoVe beside plain torch: training tokens a CPU second, at the same loss; memory as it grows; one thread and two.

python -m tests.benchmarks.cove [--pairs 5] [--size small] [--batch 64] [--batches 8] [--threads 1] [--corpus FILE]

Equal architecture, weights, batches, learning rates and cut of long slopes, no dropout on either side. The plain one is
as one writes it first: nn.LSTM over packed sentences, a decoder of nn.LSTMCell that steps in Python, the softmax over
all words, in float32, torch.optim.Adam. Ours is as it trains. They take each batch in turns, again
and again; the first pass over them, which makes the code for each length, is not counted. Tokens are those of both
sentences, padding left out.

What grows: a step holds about 4 B (T + U) (16 L D + 3 V) bytes, of B pairs of T and U words, L layers D wide and V
words of the translation (at most 4,096 of them: of more, a sample is compared), weights and what AdamW keeps 16 D (V +
words + 20 L D). The first is what a longer batch, the second what a larger vocabulary adds; `estimate` has both.
"""

import argparse
import os
import resource
import time
from typing import Any

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # before torch loads, as in the app: else waiting threads spin

import numpy as np
import torch

from core.corpus import Corpus
from core.encoders.cove import _POOL, CoVe, _Course
from core.encoders.networks import use_threads
from core.store.samples import samples
from tests.core.encoders.plain_cove import Plain, copied


def batches(course: _Course, count: int) -> list[Any]:
    """Those that training begins with."""
    found, size = [], course.options.batch
    for step in range(count):
        draw = np.random.default_rng((0, step))
        pool = course._sorted(course.learned[draw.integers(0, len(course.learned), _POOL * size)])
        first = size * int(draw.integers(_POOL))
        found.append(course._pairs(pool[first : first + size]))
    return found


def plain_step(plain: Plain, adam: torch.optim.Optimizer, pairs: Any, rate: float) -> float:
    loss = plain(pairs)
    adam.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(plain.parameters(), 1.0)
    adam.param_groups[0]["lr"] = rate
    adam.step()
    return float(loss.item())


def our_step(encoder: CoVe, course: _Course, pairs: Any) -> float:
    loss, _ = encoder.network_.loss(pairs, np.zeros(0, np.int64), course._chances, 0.0)
    return float(encoder.descent_.step(loss))


def timed(work: Any, *given: Any) -> np.ndarray:
    """Wall seconds, CPU seconds and the loss."""
    wall, cpu = time.perf_counter(), time.process_time()
    loss = work(*given)
    return np.array([time.perf_counter() - wall, time.process_time() - cpu, loss])


def race(corpus: Corpus, asked: Any, threads: int) -> None:
    """Both in turns; the first pass warms them up."""
    use_threads(threads)
    encoder = CoVe(CoVe.Options(size=asked.size, batch=asked.batch, dropout=0.0), corpus.vocab)
    course = encoder._course(corpus)
    assert isinstance(course, _Course)
    encoder._build()
    plain, some = copied(encoder.network_), batches(course, asked.batches)
    adam = torch.optim.Adam(plain.parameters(), encoder.options.lr, betas=(0.9, 0.99))
    tokens = sum(int(pairs[1].sum()) + int((pairs[3] >= 0).sum()) - len(pairs[1]) for pairs in some)
    told = np.zeros((asked.pairs + 1, 2, len(some), 3))  # passes, plain and ours, batches, what is timed
    for one in told:
        for place, pairs in enumerate(some):
            rate = encoder.options.lr * encoder.descent_._share()
            one[0, place] = timed(plain_step, plain, adam, pairs, rate)
            one[1, place] = timed(our_step, encoder, course, pairs)
    report(told, tokens, f"{asked.size}, {threads} thread{'s' * (threads > 1)}")


def report(told: np.ndarray, tokens: int, title: str) -> None:
    """The median pass but the first, the ratios of each, and how far the losses are apart at most."""
    print(f"{title}, load {os.getloadavg()[0]:.1f}")
    spent = told[1:, :, :, :2].sum(2)  # (passes, 2, wall and CPU)
    for place, name in enumerate(("plain", "CoVe")):
        wall, cpu = np.median(tokens / spent[:, place], axis=0)
        loss = told[-1, place, :, 2].mean()
        print(f"  {name:<6}{wall:9,.0f} tokens/s wall{cpu:9,.0f} tokens a CPU second   loss {loss:.3f}")
    for kind, ratios in zip(("wall", "CPU"), (spent[:, 0] / spent[:, 1]).T):
        print(f"  {kind:<5} ratio: median {np.median(ratios):.2f} of {' '.join(f'{one:.2f}' for one in ratios)}")
    gap = np.abs(told[:, 0, :, 2] / told[:, 1, :, 2] - 1).max()
    print(f"  loss at the same step, {told[:, 0, :, 2].size} steps: at most {gap:.2%} apart", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, value in (("pairs", 5), ("batch", 64), ("batches", 8)):
        parser.add_argument(f"--{name}", type=int, default=value)
    parser.add_argument("--size", default="small", choices=["tiny", "small", "medium"])
    parser.add_argument("--threads", type=int, nargs="+", default=[1])
    parser.add_argument("--corpus", help="columns: a sentence, its translation; without it, the sample of pairs")
    asked = parser.parse_args()
    sample = samples()["en-zh-pairs.tsv.gz"]
    corpus = Corpus.from_files([asked.corpus or sample.path], **sample.settings.model_dump())
    assert corpus.translation is not None
    words = len(corpus.vocab), len(corpus.translation.vocab)
    print(f"{len(corpus.documents):,} pairs of {words[0]:,} and {words[1]:,} words, batches of {asked.batch}")
    for threads in asked.threads:
        race(corpus, asked, threads)
    told = CoVe.estimate(CoVe.Options(size=asked.size, batch=asked.batch), corpus)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(
        f"memory at most {most / 1e6:,.0f} MB with the plain one beside it; estimated {told.bytes / 1e6:,.0f} MB alone"
    )


if __name__ == "__main__":
    main()
