"""The ways of scoring a guess: each with its kernel, its tables, and what its loss is before anything is learned."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.encoders.kernels import word2vec_plan as plan
from core.encoders.kernels.word2vec_huffman import Huffman
from core.problem import marked

_OWN = 32  # nodes near the root of which each of several threads keeps a copy of its own
Parts = tuple[np.ndarray, np.ndarray]  # of each word: starts (V + 1,) and rows, see word2vec_subwords.py


TEXTS = {  # what a nat is
    "negative": marked(
        "Nats to tell one true pair of word and neighbour (in CBOW: one word amid its neighbours) from as many random "
        "ones as there are negative samples: -log of the probability that each is judged rightly, summed."
    ),
    "hierarchical": marked(
        "Nats to guess one word from one neighbour (in CBOW: from all of them) turn by turn down the tree: -log of the "
        "probability of its path, among the paths of all words."
    ),
    "full": marked(
        "Nats to guess one neighbour from a word (in CBOW: a word from its neighbours) among the whole vocabulary: "
        "-log of its probability in the softmax over all words."
    ),
}


@dataclass(frozen=True)
class Objective:
    """What a course needs to train one architecture with one output.

    block(tokens, slot): memory for the thread of this number; tables, more: arguments of the kernel; baseline: the loss
    of scores that know only how frequent a word is; start: of scores that know nothing.
    """

    kernel: Callable[..., None]
    block: Callable[[int, int], Any]
    tables: tuple[np.ndarray, ...]
    more: tuple[Any, ...]
    baseline: float
    start: float


def objective(options: Any, counts: np.ndarray, tree: Huffman | None, parts: Parts | None) -> Objective:
    """That of these options. tree: of a hierarchical output; parts: of words with subwords."""
    if tree is not None:
        return _hierarchical(options, counts, tree)
    if options.output == "full":
        return _full(options, counts)
    return _negative(options, counts, parts)


def spare_rows(options: Any, words: int) -> int:
    """Rows of outputs after those, which belong to the kernels: threads' own copies of nodes, or a filled-up tile."""
    if options.output == "hierarchical":
        return options.threads * _own(options, words)
    return -words % 4 if options.output == "full" else 0


def _own(options: Any, words: int) -> int:
    return min(_OWN, words - 1) if options.threads > 1 else 0


def _kernel(module: Any, options: Any) -> Callable[..., None]:
    return {"skip-gram": module.skip_gram, "cbow": module.cbow}[options.architecture]


def _negative(options: Any, counts: np.ndarray, parts: Parts | None) -> Objective:
    """A true neighbour (or a word to predict) is c with probability q, a random word with p: the best score of c has
    sigmoid = q / (q + negative p)."""
    from core.encoders.kernels import word2vec, word2vec_subwords

    true, noise = plan.kept_counts(counts, options.sample), counts**0.75
    true, noise = true / true.sum(), options.negative * noise / noise.sum()
    baseline = -(true * np.log(true / (true + noise)) + noise * np.log(noise / (true + noise))).sum()
    module = word2vec if parts is None else word2vec_subwords
    shared = plan.shared(options)
    return Objective(
        _kernel(module, options),
        lambda tokens, _slot: word2vec.prepare(tokens, options.dim, options.window, shared),
        (plan.keep(counts, options.sample), *word2vec.alias_table(counts**0.75), *(parts or ())),
        (options.negative, plan.step(options, counts)),
        float(baseline),
        (1 + options.negative) * float(np.log(2)),
    )


def _hierarchical(options: Any, counts: np.ndarray, tree: Huffman) -> Objective:
    """Turns that know only how frequent the words below are guess a word with its share; the loss is the entropy."""
    from core.encoders.kernels import word2vec_tree

    kept, own, words = plan.kept_counts(counts, options.sample), _own(options, len(counts)), len(counts)
    starts, nodes, labels = tree.padded(4)
    longest = int(tree.lengths.max())

    def block(tokens: int, slot: int) -> Any:
        first = words - 1 + slot * own
        return word2vec_tree.prepare(tokens, options.dim, options.window, longest, nodes, range(first, first + own))

    return Objective(
        _kernel(word2vec_tree, options),
        block,
        (plan.keep(counts, options.sample), starts, tree.lengths, labels),
        (np.float32(1 / options.threads),),
        plan.entropy(kept),
        float(np.log(2) * (tree.lengths * kept).sum() / kept.sum()),
    )


def _full(options: Any, counts: np.ndarray) -> Objective:
    """The best constant scores give each word its share; the loss is then the entropy."""
    from core.encoders.kernels import word2vec_full

    words = len(counts)
    return Objective(
        _kernel(word2vec_full, options),
        lambda tokens, _slot: word2vec_full.prepare(tokens, options.dim, options.window, words),
        (plan.keep(counts, options.sample),),
        (plan.step(options, counts),),
        plan.entropy(plan.kept_counts(counts, options.sample)),
        float(np.log(words)),
    )
