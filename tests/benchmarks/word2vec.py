"""word2vec beside gensim with two workers on a corpus file: words a second, and WordSim-353.

python -m tests.benchmarks.word2vec [--corpus FILE] [--epochs 5] [--pairs 1] [--architecture skip-gram cbow] [--quick]
                                    [--output negative hierarchical full]
python -m tests.benchmarks.word2vec --overhead: what events, losses and saving cost, on against off

The full softmax, which gensim has not, stands beside a plain one in torch, pair after pair, on a small vocabulary.

Both train on the same tokens, one after the other in one process, in turns. Seconds are of training alone; the ratio
that counts on a busy machine is that of CPU seconds (all threads). A word is a word of the text before subsampling,
rare ones included. gensim gets lines of 1,000 words, for its workers share a file by lines.
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

import numpy as np
import torch
from gensim.models import Word2Vec as Gensim
from gensim.test.utils import datapath
from scipy.stats import spearmanr

from core.corpus import Corpus
from core.encoders import word2vec
from core.encoders.kernels import word2vec_course, word2vec_plan
from core.encoders.word2vec import Word2Vec

DEFAULT = Path(__file__).parents[3] / "shared/data/en-wiki-text8like/text8-like.txt.xz"
QUICK = 36_000_000  # characters
SMALL = 800_000  # of the full softmax


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """(wall, CPU) seconds of a call."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


def similarity(words: list[str], vectors: np.ndarray) -> float:
    """Spearman correlation of cosines with people's judgements of the 353 pairs."""
    index, people, ours = {word: i for i, word in enumerate(words)}, [], []
    lines = Path(datapath("wordsim353.tsv")).read_text().lower().splitlines()
    for first, second, score in (line.split("\t") for line in lines if not line.startswith("#")):
        if first in index and second in index:
            a, b = vectors[index[first]], vectors[index[second]]
            people.append(float(score))
            ours.append(a @ b / np.linalg.norm(a) / np.linalg.norm(b))
    return float(spearmanr(people, ours)[0])


def write_lines(corpus: Corpus, path: str) -> None:
    """All words of the corpus, 1,000 a line, a new line for each document."""
    words = np.array(corpus.cut(1).vocab.words, object)
    with open(path, "w", encoding="utf-8") as file:
        for first, last in zip(corpus.offsets, corpus.offsets[1:]):
            for start in range(first, last, 1000):
                file.write(" ".join(words[corpus.tokens[start : min(last, start + 1000)]]) + "\n")


def gensim_run(path: str, options: word2vec.Word2VecOptions) -> dict[str, float]:
    model = Gensim(
        vector_size=options.dim, window=options.window, sample=options.sample, min_count=5, workers=2,
        negative=options.negative if options.output == "negative" else 0, hs=int(options.output == "hierarchical"),
        sg=int(options.architecture == "skip-gram"), epochs=options.epochs, seed=options.seed + 1,
    )  # fmt: skip
    model.build_vocab(corpus_file=path)
    total, count = model.corpus_total_words, model.corpus_count
    wall, cpu = timed(
        lambda: model.train(corpus_file=path, total_words=total, total_examples=count, epochs=options.epochs)
    )
    words = total * options.epochs
    quality = similarity(model.wv.index_to_key, model.wv.vectors)
    return {"wall": words / wall, "cpu": words / cpu, "spearman": quality}


def our_run(corpus: Corpus, options: word2vec.Word2VecOptions) -> dict[str, float]:
    encoder, events = Word2Vec(options, corpus.vocab), []
    wall, cpu = timed(lambda: events.extend(encoder.train(corpus)))
    words = events[-1].total
    quality = similarity(corpus.vocab.words, encoder.word_vectors())
    return {"wall": words / wall, "cpu": words / cpu, "spearman": quality}


def show(name: str, run: dict[str, float]) -> None:
    print(f"  {name:<10} {run['wall'] / 1e6:6.2f} M words/s, {run['cpu'] / 1e6:6.2f} M words/CPU-s, "
          f"WordSim-353 {run['spearman']:.3f}", flush=True)  # fmt: skip


def compare(corpus: Corpus, path: str, architecture: str, output: str, epochs: int, pairs: int) -> None:
    """Pairs in turns, then the median ratios and the mean correlations."""
    runs: dict[str, list[dict[str, float]]] = {"gensim": [], "Semascope": []}
    for pair in range(pairs):
        options = word2vec.Word2VecOptions(architecture=architecture, output=output, epochs=epochs, seed=pair)
        print(f"{architecture}, {output}, pair {pair + 1}; load {os.getloadavg()[0]:.1f}")
        for name, run in (("gensim", lambda o=options: gensim_run(path, o)),
                          ("Semascope", lambda o=options: our_run(corpus, o))):  # fmt: skip
            runs[name].append(run())
            show(name, runs[name][-1])
    for kind, unit in (("wall", "words/s"), ("cpu", "words/CPU-s")):
        ratios = [ours[kind] / theirs[kind] for ours, theirs in zip(runs["Semascope"], runs["gensim"])]
        print(f"  ratio of {unit}: {statistics.median(ratios):.1f} (of {', '.join(f'{r:.1f}' for r in ratios)})")
    quality = {name: statistics.mean(run["spearman"] for run in several) for name, several in runs.items()}
    print(f"  WordSim-353: {quality['Semascope']:.3f} - {quality['gensim']:.3f} = "
          f"{quality['Semascope'] - quality['gensim']:+.3f}", flush=True)  # fmt: skip


def full(corpus: Corpus, options: word2vec.Word2VecOptions) -> None:
    """Our full softmax, and pairs one after the other through torch's own derivatives, on one thread each."""
    torch.set_num_threads(1)
    kept, pairs = word2vec_plan.kept_counts(corpus.vocab.counts, options.sample), 200
    encoder, events = Word2Vec(options, corpus.vocab), []
    cpu = timed(lambda: events.extend(encoder.train(corpus)))[1] / events[-1].total
    each = timed(lambda: plain_softmax(len(corpus.vocab), options.dim, pairs))[1] / pairs
    theirs = each * (options.window + 1) * kept.sum() / corpus.vocab.counts.sum()  # pairs of a word, in expectation
    print(f"{options.architecture}, full, {len(corpus.vocab):,} words; load {os.getloadavg()[0]:.1f}")
    print(
        f"  Semascope {1 / cpu:8.0f} words/CPU-s, torch by pairs {1 / theirs:6.0f}: ratio {theirs / cpu:.0f}",
        flush=True,
    )


def plain_softmax(words: int, dim: int, pairs: int) -> None:
    """The textbook: for each pair a softmax over all words, and a step down its slope."""
    inputs, outputs = (torch.randn(words, dim, requires_grad=True) for _ in range(2))
    descent = torch.optim.SGD([inputs, outputs], 0.01)
    for pair in range(pairs):
        descent.zero_grad(set_to_none=False)
        scores = inputs[pair % words] @ outputs.T
        torch.nn.functional.cross_entropy(scores[None], torch.tensor([pair])).backward()
        descent.step()


def watched(corpus: Corpus, epochs: int) -> None:
    """Train as a live run does: 5,000 vectors copied each second, the state saved every 30 seconds."""
    encoder, snapshot = Word2Vec(word2vec.Word2VecOptions(epochs=epochs), corpus.vocab), 0.0
    saved = time.perf_counter()
    for _ in encoder.train(corpus):
        now = time.perf_counter()
        if now - snapshot > 1:
            encoder.word_vectors()[:5000].copy()
            snapshot = now
        if now - saved > 30:
            with tempfile.TemporaryFile() as file:
                save(encoder.state(), file)
            saved = now


def save(state: dict[str, np.ndarray], file: IO[bytes]) -> None:
    for array in state.values():
        np.save(file, array)


def alone(corpus: Corpus, epochs: int) -> None:
    """Train with few events, and no loss but at the end."""
    usual = word2vec._ROUND, word2vec._LOOK, word2vec_course.EVERY
    word2vec._ROUND, word2vec._LOOK, word2vec_course.EVERY = 1e9, 1e9, 1 << 40
    for _ in Word2Vec(word2vec.Word2VecOptions(epochs=epochs), corpus.vocab).train(corpus):
        pass
    word2vec._ROUND, word2vec._LOOK, word2vec_course.EVERY = usual


def overhead(corpus: Corpus, epochs: int, pairs: int) -> None:
    """CPU seconds with events, losses, copies and saved states, against those without any of it."""
    Word2Vec.warm()
    shares = []
    for _ in range(pairs):
        shares.append(timed(lambda: watched(corpus, epochs))[1] / timed(lambda: alone(corpus, epochs))[1] - 1)
        print(f"  load {os.getloadavg()[0]:.1f}: {shares[-1]:+.1%}", flush=True)
    print(f"CPU with events, losses and saving: {statistics.median(shares):+.1%}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=DEFAULT)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--pairs", type=int, default=1)
    parser.add_argument("--architecture", nargs="+", default=["skip-gram", "cbow"])
    parser.add_argument("--output", nargs="+", default=["negative", "hierarchical", "full"])
    parser.add_argument("--quick", action="store_true", help="one epoch of the first 36 million characters")
    parser.add_argument("--overhead", action="store_true")
    given = parser.parse_args()
    corpus = Corpus.from_files([given.corpus], min_count=5)
    if given.quick:
        corpus = Corpus.from_texts(["\n".join(corpus.documents)[:QUICK]], min_count=5)
    print(corpus, f"vocabulary {len(corpus.vocab)}", flush=True)
    if given.overhead:
        return overhead(corpus, given.epochs, given.pairs)
    Word2Vec.warm()
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/lines.txt"
        write_lines(corpus, path)
        for output in [each for each in given.output if each != "full"]:
            for architecture in given.architecture:
                compare(corpus, path, architecture, output, 1 if given.quick else given.epochs, given.pairs)
    if "full" in given.output:
        small = Corpus.from_texts(["\n".join(corpus.documents)[:SMALL]], min_count=5)
        for architecture in given.architecture:
            full(small, word2vec.Word2VecOptions(architecture=architecture, output="full", epochs=1, threads=1))


if __name__ == "__main__":
    main()
