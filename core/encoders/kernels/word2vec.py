"""Skip-gram and CBOW with negative sampling, compiled: one call trains on one chunk of tokens without the GIL.

The estimator. Kept tokens are taken in blocks of T inputs; all gradients of a block are taken at the vectors as they
stand when it begins. Its K negatives are shared: an input with m true pairs meets each of them with weight
m * negative / K, so the expected gradient is that of the papers, while the work becomes products of small matrices
(Ji et al. 2016, "Parallelizing Word2Vec in Shared and Distributed Memory", share them within one window).
Threads update the common rows without locks (Hogwild, Recht et al. 2011).

V vocabulary, D row width (dim, filled up to a multiple of 16 with zeros), T inputs and K negatives of a block,
S context rows of a block (T + 2 window), B columns of a band: entry [i, o] belongs to input i and the context
o - window words after it. That entry lies at i * (B - 1) + (i + o): one context is a column of stride B - 1.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from core.encoders.kernels.tiles import LANES, add_products, aligned, four_products, put_products, take_rows
from core.encoders.kernels.word2vec_draws import JIT, alias_table, draw, next_random

T = 32


def up(number: int, multiple: int) -> int:
    return -(-number // multiple) * multiple


@njit(inline="always")
def sigmoid(x):
    """Logistic function by a continued fraction (Lambert's tanh); beyond +-9.94 it stays at 5e-5 from 0 and 1."""
    x = min(max(x * np.float32(0.5), np.float32(-4.97)), np.float32(4.97))
    s = x * x
    above = x * (((s + np.float32(378)) * s + np.float32(17325)) * s + np.float32(135135))
    below = ((np.float32(28) * s + np.float32(3150)) * s + np.float32(62370)) * s + np.float32(135135)
    return np.float32(0.5) + np.float32(0.5) * (above / below)


class Block(NamedTuple):
    """What one thread works with; see the legend above."""

    x: np.ndarray  # (T, D) inputs
    columns: np.ndarray  # (D, T) the same, transposed
    context: np.ndarray  # (S, D)
    drawn: np.ndarray  # (K, D) the vectors of the negatives
    ids: np.ndarray  # (K,) and their words
    scores: np.ndarray  # (K, T) of negatives and inputs; then the coefficients of the update
    band: np.ndarray  # (T, B) of contexts and inputs, likewise (skip-gram)
    near: np.ndarray  # (T, B) the weight of each context in its input's window
    mass: np.ndarray  # (T,) the sum of these
    target: np.ndarray  # (T, D) the vectors of the words to predict (CBOW)
    hits: np.ndarray  # (T,) their scores; then coefficients
    error: np.ndarray  # (T, D) the slope of the loss at x
    words: np.ndarray  # (window + n + S + T,) the kept words, the first at [window]
    order: np.ndarray  # 0, 1, 2, … for rows that are not picked by word
    low: np.ndarray  # (n + T,) where the piece of each kept word begins
    high: np.ndarray  # (n + T,) and ends


def prepare(tokens: int, dim: int, window: int, shared: int) -> Block:
    """An empty Block for one thread and chunks of at most so many tokens."""
    span, bands = up(T + 2 * window, 4), up(2 * window + 4, 16)  # 3 columns stay zero: a tile of 4 rows reaches over
    return Block(
        x=aligned(T, dim),
        columns=aligned(up(dim, LANES), T),
        context=aligned(span, dim),
        drawn=aligned(shared, dim),
        ids=np.zeros(shared, np.int32),
        scores=aligned(shared, T),
        band=aligned(T, bands),
        near=aligned(T, bands),
        mass=np.zeros(T, np.float32),
        target=aligned(T, dim),
        hits=np.zeros(T, np.float32),
        error=aligned(T, dim),
        words=np.zeros(window + tokens + span + T, np.int32),
        order=np.arange(max(span, shared), dtype=np.int32),
        low=np.zeros(tokens + T, np.int32),
        high=np.zeros(tokens + T, np.int32),
    )


@njit(**JIT)
def keep_words(tokens, pieces, keep, window, state, block):
    """Keep a word in keep[word] + 1 of 2**32 cases: the nth becomes words[window + n], its piece [low[n], high[n]).
    Returns how many were kept and the new state of the random numbers."""
    size, count, words = len(keep), 0, block.words
    for piece in range(len(pieces)):
        begin = count
        for i in range(pieces[piece, 0], pieces[piece, 1]):
            word = tokens[i]
            if word < size:
                state = next_random(state)
                words[window + count] = word
                if np.uint32(state >> np.uint64(32)) <= keep[word]:
                    count += 1
        block.low[begin:count] = begin
        block.high[begin:count] = count
    block.low[count : count + T] = 0
    block.high[count : count + T] = 0  # the last block may have inputs beyond the text: without a window
    return count, state


@njit(**JIT)
def copy_rows(source, ids, at, rows):
    for r in range(len(rows)):
        word = ids[at + r]
        for k in range(rows.shape[1]):
            rows[r, k] = source[word, k]


@njit(**JIT)
def windows(t, window, reach, weights, block):
    """near[i, o]: weights[o] of input t + i and its context o, 0 beyond its reach or its piece; mass[i]: their sum."""
    near, mass = block.near, block.mass
    for i in range(T):
        left, right = min(reach[i], t + i - block.low[t + i]), min(reach[i], block.high[t + i] - 1 - t - i)
        total = np.float32(0)
        for o in range(near.shape[1]):
            inside = -left <= o - window <= right
            near[i, o] = weights[o] if inside else np.float32(0)
            total += near[i, o]
        mass[i] = total


@njit(**JIT)
def negative_scores(block):
    """scores (K, T) = drawn (K, D) @ columns (D, T)."""
    width = block.drawn.shape[1]
    for j in range(0, len(block.drawn), 4):
        put_products(block.scores, block.order, j, block.drawn, j * width, width, 1, block.columns, 0, width)


@njit(**JIT)
def negative_loss(scores, mass):
    """Sum over inputs of mass * -log(1 - sigmoid) of every negative, with one logarithm for many factors."""
    total = 0.0
    for i in range(T):
        product = 1.0
        for j in range(len(scores)):
            product *= sigmoid(-scores[j, i])
            if product < 1e-250:
                total -= mass[i] * np.log(product)
                product = 1.0
        total -= mass[i] * np.log(product)
    return total


@njit(**JIT)
def positive_loss(scores, near):
    """Sum over a band of near * -log sigmoid; every entry of a column has the same weight, or 0."""
    total = 0.0
    for o in range(scores.shape[1]):
        product, weight = 1.0, np.float32(0)
        for i in range(T):
            if near[i, o] > 0:
                product *= sigmoid(scores[i, o])
                weight = near[i, o]
        total -= weight * np.log(product)
    return total


@njit(**JIT)
def skip_gram_scores(block, window):
    """band[i, o] = context i + o . input i, for every place of every window."""
    for i in range(T):
        for o in range(0, 2 * window + 1, 4):
            four_products(block.x, i, block.context, i + o, block.band, i * block.band.shape[1] + o)


@njit(**JIT)
def positive_slopes(band, near, rate):
    """Scores become coefficients of the update: rate times weight times the slope of log sigmoid(score)."""
    for i in range(T):
        for o in range(band.shape[1]):
            band[i, o] = rate * near[i, o] * (np.float32(1) - sigmoid(band[i, o]))


@njit(**JIT)
def negative_slopes(scores, mass, rate):
    """The same of log(1 - sigmoid(score))."""
    for j in range(len(scores)):
        for i in range(T):
            scores[j, i] = -rate * mass[i] * sigmoid(scores[j, i])


@njit(**JIT)
def update_inputs(inputs, block, t, window):
    """Add coefficients times vectors to the inputs of a block."""
    words, band, scores = block.words, block.band, block.scores
    stride, shared = band.shape[1] - 1, len(scores)
    for i in range(0, T, 4):
        add_products(inputs, words, window + t + i, band, i * (stride + 1), stride, 1, block.context, i, 2 * window + 4)
        add_products(inputs, words, window + t + i, scores, i, 1, T, block.drawn, 0, shared)


@njit(**JIT)
def update_contexts(outputs, block, t, window):
    """Add coefficients times inputs to the negatives and the contexts of a block."""
    x, words, band, scores, stride = block.x, block.words, block.band, block.scores, block.band.shape[1] - 1
    for j in range(0, len(scores), 4):
        add_products(outputs, block.ids, j, scores, j * T, T, 1, x, 0, T)
    for c in range(0, len(block.context), 4):
        first, last = max(0, c - 2 * window), min(T, c + 4)
        add_products(outputs, words, t + c, band, first * stride + c, 1, stride, x, first, last - first)


@njit(**JIT)
def skip_gram(tokens, pieces, tables, inputs, outputs, block, window, rates, seed, every, totals, negative, step):
    """Train on the tokens of `pieces`; each word predicts the words around it.

    The paper draws the reach of every window from 1..window. Here a pair d words apart counts
    (window - d + 1) / window, the share of those windows that hold it: the same expectation with less noise.
    tables: keep (V,) as keep_words takes it, chance and other (V,) of the negatives. rates: the learning rate goes in
    a line from the first to the second; at 0 nothing moves. step: how many of the T inputs of a block count. The loss
    of one block in `every` is added to totals: (sum of nats, sum of weights of pairs).
    """
    keep, chance, other = tables
    count, state = keep_words(tokens, pieces, keep, window, seed, block)
    reach, share = np.full(T, -1), np.float32(negative / len(block.ids))
    reach[:step] = window
    weights = np.zeros(block.near.shape[1], np.float32)
    for d in range(1, window + 1):
        weights[window - d] = weights[window + d] = (window - d + 1) / window
    for t in range(0, count, step):
        state = draw(chance, other, state, block.ids)
        for i in range(0, T, 16):
            take_rows(inputs, block.words, window + t + i, block.x, block.columns, i)
        copy_rows(outputs, block.words, t, block.context)
        copy_rows(outputs, block.ids, 0, block.drawn)
        windows(t, window, reach, weights, block)
        skip_gram_scores(block, window)
        negative_scores(block)
        if t // step % every == 0:
            totals[0] += positive_loss(block.band, block.near) + share * negative_loss(block.scores, block.mass)
            totals[1] += block.mass.sum()
        rate = rates[0] + (rates[1] - rates[0]) * np.float32(t / count)
        if rate > 0:
            positive_slopes(block.band, block.near, rate)
            negative_slopes(block.scores, block.mass, rate * share)
            update_inputs(inputs, block, t, window)
            update_contexts(outputs, block, t, window)


@njit(**JIT)
def cbow_scores(block, window):
    """x[i] = the mean of input i's window, hits[i] = target[i] . x[i]; mass[i] becomes 1, or 0 without neighbours."""
    x, near, mass, columns = block.x, block.near, block.mass, block.near.shape[1]
    for i in range(0, T, 4):
        put_products(x, block.order, i, near, i * columns, columns - 1, 1, block.context, i, 2 * window + 4)
    for i in range(T):
        part, score = np.float32(1) / max(mass[i], np.float32(1)), np.float32(0)
        for k in range(x.shape[1]):
            x[i, k] *= part
            score += x[i, k] * block.target[i, k]
        block.hits[i], mass[i] = score, min(mass[i], np.float32(1))
    for i in range(0, T, 16):
        take_rows(x, block.order, i, x, block.columns, i)


@njit(**JIT)
def hit_loss(hits, mass):
    """Sum over inputs of mass * -log sigmoid of the score of the word to predict."""
    total = 0.0
    for i in range(T):
        total -= mass[i] * np.log(sigmoid(hits[i]))
    return total


@njit(**JIT)
def hit_slopes(hits, mass, rate):
    """Scores become coefficients of the update, as in positive_slopes."""
    for i in range(T):
        hits[i] = rate * mass[i] * (np.float32(1) - sigmoid(hits[i]))


@njit(**JIT)
def update_targets(outputs, block, t, window):
    """Add coefficients times x to the negatives and the predicted words; error[i] becomes the slope at x[i]."""
    x, words, hits, target, error = block.x, block.words, block.hits, block.target, block.error
    scores = block.scores
    for i in range(0, T, 4):
        put_products(error, block.order, i, scores, i, 1, T, block.drawn, 0, len(scores))
    for j in range(0, len(scores), 4):
        add_products(outputs, block.ids, j, scores, j * T, T, 1, x, 0, T)
    for i in range(T):
        word = words[window + t + i]
        for k in range(x.shape[1]):
            error[i, k] += hits[i] * target[i, k]
            outputs[word, k] += hits[i] * x[i, k]


@njit(**JIT)
def update_windows(inputs, block, t, window):
    """Add the error at each mean to every word of its window."""
    near, stride = block.near, block.near.shape[1] - 1
    for c in range(0, len(block.context), 4):
        first, last = max(0, c - 2 * window), min(T, c + 4)
        add_products(inputs, block.words, t + c, near, first * stride + c, 1, stride, block.error, first, last - first)


@njit(**JIT)
def cbow(tokens, pieces, tables, inputs, outputs, block, window, rates, seed, every, totals, negative, step):
    """Train on the tokens of `pieces`; the mean of the words around each predicts it. Arguments as skip_gram's.

    The reach of every window is drawn from 1..window. As in the authors' program the error at the mean goes to each
    word of the window undivided.
    """
    keep, chance, other = tables
    count, state = keep_words(tokens, pieces, keep, window, seed, block)
    reach, share = np.full(T, -1), np.float32(negative / len(block.ids))
    weights = np.zeros(block.near.shape[1], np.float32)
    weights[: 2 * window + 1] = 1
    weights[window] = 0
    for t in range(0, count, step):
        state = draw(chance, other, state, block.ids)
        for i in range(step):
            state = next_random(state)
            reach[i] = 1 + np.int64((state >> np.uint64(33)) % np.uint64(window))
        copy_rows(inputs, block.words, t, block.context)
        copy_rows(outputs, block.words, t + window, block.target)
        copy_rows(outputs, block.ids, 0, block.drawn)
        windows(t, window, reach, weights, block)
        cbow_scores(block, window)
        negative_scores(block)
        if t // step % every == 0:
            totals[0] += share * negative_loss(block.scores, block.mass) + hit_loss(block.hits, block.mass)
            totals[1] += block.mass.sum()
        rate = rates[0] + (rates[1] - rates[0]) * np.float32(t / count)
        if rate > 0:
            negative_slopes(block.scores, block.mass, rate * share)
            hit_slopes(block.hits, block.mass, rate)
            update_targets(outputs, block, t, window)
            update_windows(inputs, block, t, window)


def warm() -> None:
    """Compile the kernels, or load them from numba's cache."""
    tokens, pieces, matrix = np.zeros(2, np.int32), np.array([[0, 2]]), aligned(2, 2)
    tokens.flags.writeable = False  # as those of a corpus are
    tables, rates = (np.zeros(2, np.uint32), *alias_table(np.ones(2))), (np.float32(0), np.float32(0))
    for kernel in (skip_gram, cbow):
        block = prepare(2, 2, 1, 16)
        kernel(tokens, pieces, tables, matrix, matrix, block, 1, rates, np.uint64(1), 1, np.zeros(2), 1, T)
