"""Skip-gram and CBOW with the full softmax, compiled: what negative sampling and the tree stand in for.

Mikolov, Chen, Corrado and Dean (2013), sections 2 and 3, without their hierarchical softmax; Rong (2014), word2vec
parameter learning explained, section 1. A guess scores every word of the vocabulary, so its cost grows with V. The
scores are taken once for a whole window, and for a block of T windows at once, as products of matrices; gradients of a
block are taken at the vectors as they stand when it begins.

V vocabulary, filled up to a multiple of 4 with rows that are no words; the other letters are those of word2vec.py.
"""

import numpy as np
from numba import njit

from core.encoders.kernels import word2vec as blocks
from core.encoders.kernels.tiles import add_products, aligned, power_of_two, put_products, take_rows
from core.encoders.kernels.word2vec import T, cbow_scores, copy_rows, keep_words, update_windows, windows
from core.encoders.kernels.word2vec_draws import JIT, next_random

PANEL = 64  # rows of outputs that stay in a core's nearest cache while a block passes over them


def prepare(tokens: int, dim: int, window: int, words: int) -> blocks.Block:
    """An empty Block for one thread and chunks of at most so many tokens; its scores are (V, T)."""
    return blocks.prepare(tokens, dim, window, blocks.up(words, 4))._replace(drawn=aligned(4, dim))


@njit(inline="always")
def exponential(x):
    """e to the x for x <= 0, within 4e-6 of itself; below -87 it stays at 2e-38."""
    x = max(x, np.float32(-87)) * np.float32(1.4426950408889634)
    whole = np.floor(x + np.float32(0.5))
    part = (x - whole) * np.float32(0.6931471805599453)
    series = np.float32(1 / 720) * part + np.float32(1 / 120)
    for factor in (np.float32(1 / 24), np.float32(1 / 6), np.float32(0.5), np.float32(1), np.float32(1)):
        series = series * part + factor
    return series * power_of_two(whole)


@njit(**JIT)
def all_scores(outputs, block, words):
    """scores (V, T) = outputs (V, D) @ columns (D, T)."""
    width = outputs.shape[1]
    for v in range(0, words, 4):
        put_products(block.scores, block.order, v, outputs, v * width, width, 1, block.columns, 0, width)


@njit(**JIT)
def softmax(scores, words, mass, scale):
    """Scores become probabilities, column by column, times scale and mass; rows that are no words become 0."""
    largest, total = np.full(T, -1e30, np.float32), np.zeros(T, np.float32)
    for v in range(words):
        for i in range(T):
            largest[i] = max(largest[i], scores[v, i])
    for v in range(words):
        for i in range(T):
            scores[v, i] = exponential(scores[v, i] - largest[i])
            total[i] += scores[v, i]
    for i in range(T):
        total[i] = scale * mass[i] / total[i]
    for v in range(words):
        for i in range(T):
            scores[v, i] *= total[i]
    scores[words:] = 0


@njit(**JIT)
def guess(scores, mass, scale, i, word, weight):
    """weight times -log of the probability of a word in column i."""
    return -weight * np.log(max(scores[word, i] / (scale * mass[i]), np.float32(1e-37)))


@njit(**JIT)
def update(outputs, block, words):
    """error[i] = the sum over words of coefficients times outputs; outputs grow by coefficients times inputs."""
    x, error, scores = block.x, block.error, block.scores
    error[:] = 0
    for first in range(0, words, PANEL):
        last = min(first + PANEL, len(scores))
        for i in range(0, T, 4):
            add_products(error, block.order, i, scores, first * T + i, 1, T, outputs, first, last - first)
        for v in range(first, last, 4):
            add_products(outputs, block.order, v, scores, v * T, T, 1, x, 0, T)


@njit(**JIT)
def skip_gram(tokens, pieces, tables, inputs, outputs, block, window, rates, seed, every, totals, step):
    """Train on the tokens of `pieces`; each word predicts the words around it, all from the same scores.

    tables: keep (V,) as keep_words takes it. Pairs weigh what they do in word2vec.skip_gram, as do rates, step, every
    and totals.
    """
    [keep] = tables
    count, state = keep_words(tokens, pieces, keep, window, seed, block)
    reach, weights = np.full(T, -1), np.zeros(block.near.shape[1], np.float32)
    reach[:step] = window
    for d in range(1, window + 1):
        weights[window - d] = weights[window + d] = (window - d + 1) / window
    near, mass, scores, words = block.near, block.mass, block.scores, block.words
    for t in range(0, count, step):
        for i in range(0, T, 16):
            take_rows(inputs, words, window + t + i, block.x, block.columns, i)
        windows(t, window, reach, weights, block)
        all_scores(outputs, block, len(keep))
        rate = rates[0] + (rates[1] - rates[0]) * np.float32(t / count)
        scale, measured = -rate if rate > 0 else np.float32(1), t // step % every == 0
        softmax(scores, len(keep), mass, scale)
        for i in range(step):
            for o in range(2 * window + 1):
                if measured and near[i, o] > 0:
                    totals[0] += guess(scores, mass, scale, i, words[t + i + o], near[i, o])
                    totals[1] += near[i, o]
            for o in range(2 * window + 1):
                scores[words[t + i + o], i] += rate * near[i, o]
        if rate > 0:
            update(outputs, block, len(keep))
            for i in range(step):
                word = words[window + t + i]
                for k in range(inputs.shape[1]):
                    inputs[word, k] += block.error[i, k]


@njit(**JIT)
def cbow(tokens, pieces, tables, inputs, outputs, block, window, rates, seed, every, totals, step):
    """Train on the tokens of `pieces`; the mean of the words around each predicts it. Arguments as skip_gram's.

    As in the authors' program the error at the mean goes to each word of the window undivided.
    """
    [keep] = tables
    count, state = keep_words(tokens, pieces, keep, window, seed, block)
    reach, weights = np.full(T, -1), np.zeros(block.near.shape[1], np.float32)
    weights[: 2 * window + 1] = 1
    weights[window] = 0
    mass, scores = block.mass, block.scores
    for t in range(0, count, step):
        for i in range(step):
            state = next_random(state)
            reach[i] = 1 + np.int64((state >> np.uint64(33)) % np.uint64(window))
        copy_rows(inputs, block.words, t, block.context)
        windows(t, window, reach, weights, block)
        cbow_scores(block, window)
        all_scores(outputs, block, len(keep))
        rate = rates[0] + (rates[1] - rates[0]) * np.float32(t / count)
        scale, measured = -rate if rate > 0 else np.float32(1), t // step % every == 0
        softmax(scores, len(keep), mass, scale)
        for i in range(step):
            word = block.words[window + t + i]
            if measured and mass[i] > 0:
                totals[0] += guess(scores, mass, scale, i, word, np.float32(1))
                totals[1] += 1
            scores[word, i] += rate * mass[i]
        if rate > 0:
            update(outputs, block, len(keep))
            update_windows(inputs, block, t, window)


def warm() -> None:
    """Compile the kernels, or load them from numba's cache."""
    tokens, pieces, matrix = np.zeros(2, np.int32), np.array([[0, 2]]), aligned(4, 2)
    tokens.flags.writeable = False  # as those of a corpus are
    tables, rates = (np.zeros(2, np.uint32),), (np.float32(0), np.float32(0))
    for kernel in (skip_gram, cbow):
        block = prepare(2, 2, 1, 2)
        kernel(tokens, pieces, tables, matrix, matrix, block, 1, rates, np.uint64(1), 1, np.zeros(2), T)
