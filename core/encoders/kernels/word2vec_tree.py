"""Skip-gram and CBOW with hierarchical softmax, compiled: one call trains on one chunk of tokens without the GIL.

Morin and Bengio (2005), Hierarchical probabilistic neural network language model; Mikolov et al. (2013), section 2.1.
A word is guessed by the turns of its path down a Huffman tree: at each inner node the sigmoid of its product with the
guessing vector is the probability of turning to 0. The probabilities of all words sum to 1, and a guess costs log V
products. As in the authors' program the words around guess the word in the middle, so one window has one path, and
all its products are those of two small matrices. Every vector moves after each window. Where there are several threads,
each has copies of its own of the nodes near the root, which every path passes, and brings them together now and then.

V vocabulary, D row width (dim, filled up to a multiple of 16 with zeros), N words around one word, L turns of the
longest path. A path lies in `nodes` and `labels` from starts[word] on, turns[word] long, and then repeats its last
node until its length is a multiple of 4; a label is 1 where the path turns to 0, else 0.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from core.encoders.kernels.prefetch import prefetch
from core.encoders.kernels.tiles import LANES, add_pair, aligned, eight_products, four_picked, put_row, turn_rows
from core.encoders.kernels.word2vec import T, copy_rows, keep_words, sigmoid, up
from core.encoders.kernels.word2vec_draws import JIT, next_random

MEET = 128  # words from one time that threads bring their copies together to the next


class Block(NamedTuple):
    """What one thread works with; see the legend above."""

    near: np.ndarray  # (N,) the words around
    x: np.ndarray  # (N, D) their vectors as the window begins; in CBOW x[0] is their mean
    error: np.ndarray  # (1, D) the slope of the loss at that mean
    scores: np.ndarray  # (L, N) of nodes and words around; then the coefficients of the update
    order: np.ndarray  # 0, 1, 2, … for rows that are not picked by word
    nodes: np.ndarray  # the paths, through our own copies of the nodes near the root
    own: np.ndarray  # the rows of these copies
    before: np.ndarray  # (len(own), D) the shared ones when last seen
    words: np.ndarray  # (window + n + T,) the kept words, the first at [window]
    low: np.ndarray  # (n + T,) where the piece of each kept word begins
    high: np.ndarray  # (n + T,) and ends


def prepare(tokens: int, dim: int, window: int, longest: int, nodes: np.ndarray, own: range) -> Block:
    """An empty Block for one thread, chunks of at most so many tokens and paths of at most so many turns.

    own: the rows of outputs where this thread keeps copies of the nodes 0..len(own) - 1.
    """
    near, turns = up(2 * window, LANES), up(longest, LANES)
    return Block(
        near=np.zeros(near, np.int32),
        x=aligned(near, dim),
        error=aligned(1, dim),
        scores=aligned(turns, max(near, turns)),
        order=np.arange(near, dtype=np.int32),
        nodes=np.where(nodes < len(own), own.start + nodes, nodes).astype(np.int32),
        own=np.arange(own.start, own.stop),
        before=aligned(len(own), dim),
        words=np.zeros(window + tokens + T, np.int32),
        low=np.zeros(tokens + T, np.int32),
        high=np.zeros(tokens + T, np.int32),
    )


@njit(**JIT)
def look_around(n, window, state, block):
    """Put the words around the nth, within a reach drawn from 1..window, into near, the last one twice if their count
    is odd. Returns the count and the new state of the random numbers."""
    state = next_random(state)
    reach, count = 1 + np.int64((state >> np.uint64(33)) % np.uint64(window)), 0
    for place in range(max(block.low[n], n - reach), min(block.high[n], n + reach + 1)):
        if place != n:
            block.near[count] = block.words[window + place]
            count += 1
    if count % 2:
        block.near[count] = block.near[count - 1]
    return count, state


@njit(**JIT)
def ask_for_path(outputs, starts, turns, nodes, word):
    """Have the nodes of a path brought into the cache, but for the first few, which are always there."""
    width = outputs.shape[1]
    for place in range(starts[word] + 3, starts[word] + turns[word]):
        for k in range(0, width, LANES):
            prefetch(outputs, nodes[place] * width + k)


@njit(**JIT)
def take_top(outputs, block):
    """Copy the nodes near the root for this thread: two threads that write to the same lines wait for each other."""
    for r in range(len(block.own)):
        row = block.own[r]
        for k in range(outputs.shape[1]):
            outputs[row, k] = block.before[r, k] = outputs[r, k]


@njit(**JIT)
def give_top(outputs, block, share):
    """Add this share of what the copies have moved to the nodes themselves, and copy them again."""
    for r in range(len(block.own)):
        row = block.own[r]
        for k in range(outputs.shape[1]):
            outputs[r, k] += share * (outputs[row, k] - block.before[r, k])
            outputs[row, k] = block.before[r, k] = outputs[r, k]


@njit(**JIT)
def path_loss(scores, labels, at, turns, count):
    """Sum over the words around of -log of the probability of the whole path."""
    total = 0.0
    for o in range(count):
        product = 1.0
        for turn in range(turns):
            score = scores[turn, o]
            product *= sigmoid(score if labels[at + turn] > 0 else -score)
            if product < 1e-250:
                total -= np.log(product)
                product = 1.0
        total -= np.log(product)
    return total


@njit(**JIT)
def path_slopes(scores, labels, at, turns, count, rate):
    """Scores become coefficients of the update, rate * (label - sigmoid(score)); 0 beyond the path and the window."""
    wide = (count + LANES - 1) // LANES * LANES
    for turn in range(turns):
        label = labels[at + turn]
        for o in range(wide):
            scores[turn, o] = rate * (label - sigmoid(scores[turn, o]))
        if count % 2:
            scores[turn, count] = 0
    if turns % 2:
        scores[turns, :wide] = 0


@njit(**JIT)
def skip_gram(tokens, pieces, tables, inputs, outputs, block, window, rates, seed, every, totals, share):
    """Train on the tokens of `pieces`; each word around a word guesses it.

    tables: keep (V,) as keep_words takes it; starts, turns (V,), nodes and labels, the paths. rates: the learning rate
    goes in a line from the first to the second; at 0 nothing moves. The loss of T words in `every` times T is added to
    totals: (sum of nats, guesses). share: of what a thread's own copies move, as give_top takes it.
    """
    keep, starts, turns, labels = tables
    nodes = block.nodes
    take_top(outputs, block)
    count, state = keep_words(tokens, pieces, keep, window, seed, block)
    near, x, scores, stride = block.near, block.x, block.scores, block.scores.shape[1]
    for n in range(count):
        if n % MEET == 0:
            give_top(outputs, block, share)
        around, state = look_around(n, window, state, block)
        word = block.words[window + n]
        at, length = starts[word], turns[word]
        copy_rows(inputs, near, 0, x[:around])
        for turn in range(0, length, 4):
            for o in range(0, around, 2):
                eight_products(outputs, nodes, at + turn, x, o, scores, turn * stride + o, stride)
        if n // T % every == 0:
            totals[0] += path_loss(scores, labels, at, length, around)
            totals[1] += around
        rate = rates[0] + (rates[1] - rates[0]) * np.float32(n / count)
        if rate > 0 and around > 0:
            path_slopes(scores, labels, at, length, around, rate)
            for o in range(0, around, 2):
                add_pair(inputs, near, o, scores, o, 1, stride, outputs, nodes, at, length)
            for turn in range(0, length, 2):
                add_pair(outputs, nodes, at + turn, scores, turn * stride, stride, 1, x, block.order, 0, around)
    give_top(outputs, block, share)


@njit(**JIT)
def cbow(tokens, pieces, tables, inputs, outputs, block, window, rates, seed, every, totals, share):
    """Train on the tokens of `pieces`; the mean of the words around each guesses it. Arguments as skip_gram's.

    As in the authors' program the error at the mean goes to each word around undivided.
    """
    keep, starts, turns, labels = tables
    nodes = block.nodes
    take_top(outputs, block)
    count, state = keep_words(tokens, pieces, keep, window, seed, block)
    near, x, scores, error, part = block.near, block.x, block.scores, block.error, np.zeros(1, np.float32)
    for n in range(count):
        if n % MEET == 0:
            give_top(outputs, block, share)
        around, state = look_around(n, window, state, block)
        ask_for_path(outputs, starts, turns, nodes, block.words[window + n + 1])
        if around == 0:
            continue
        word, part[0] = block.words[window + n], np.float32(1) / np.float32(around)
        at, length = starts[word], turns[word]
        put_row(x, block.order, 0, part, 0, 0, 0, inputs, near, 0, around)
        for turn in range(0, length, 4):
            four_picked(outputs, nodes, at + turn, x, 0, scores, turn, 0)
        if n // T % every == 0:
            for turn in range(length):
                totals[0] -= np.log(sigmoid(scores[0, turn] if labels[at + turn] > 0 else -scores[0, turn]))
            totals[1] += 1
        rate = rates[0] + (rates[1] - rates[0]) * np.float32(n / count)
        if rate > 0:
            for turn in range(length):
                scores[0, turn] = rate * (labels[at + turn] - sigmoid(scores[0, turn]))
            turn_rows(outputs, nodes, at, length, scores, x, error)
            for o in range(around):
                word = near[o]
                for k in range(x.shape[1]):
                    inputs[word, k] += error[0, k]
    give_top(outputs, block, share)


def warm() -> None:
    """Compile the kernels, or load them from numba's cache."""
    tokens, pieces, matrix = np.zeros(2, np.int32), np.array([[0, 2]]), aligned(2, 2)
    tokens.flags.writeable = False  # as those of a corpus are
    tables = np.zeros(2, np.uint32), np.zeros(2, np.int64), np.ones(2, np.int64), np.zeros(4, np.float32)
    rates, one = (np.float32(0), np.float32(0)), np.float32(1)
    for kernel in (skip_gram, cbow):
        block = prepare(2, 2, 1, 1, np.zeros(4, np.int32), range(0))
        kernel(tokens, pieces, tables, matrix, matrix, block, 1, rates, np.uint64(1), 1, np.zeros(2), one)
