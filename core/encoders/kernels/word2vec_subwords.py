"""Negative sampling where a word's vector is the mean of its own and those of its n-grams, compiled.

Bojanowski et al. (2017), Enriching word vectors with subword information. The blocks, the draws and the losses are
those of word2vec.py; what is new is that input vectors are composed when a block begins, and that the error at one goes
to all its parts, undivided, as in the authors' program.

R rows of inputs: V words, then the buckets of n-grams. The parts of a word are rows[starts[word] : starts[word + 1]].
"""

import numpy as np
from numba import njit

from core.encoders.kernels.tiles import add_products, aligned, put_products, put_row, take_rows

from core.encoders.kernels.word2vec import (  # isort: skip
    T, cbow_scores, copy_rows, hit_loss, hit_slopes, keep_words, negative_loss, negative_scores, negative_slopes,
    positive_loss, positive_slopes, prepare, skip_gram_scores, update_contexts, update_targets, windows,
)  # fmt: skip
from core.encoders.kernels.word2vec_draws import JIT, alias_table, draw, next_random


@njit(**JIT)
def compose(inputs, starts, rows, words, at, order, made):
    """made[r] = the mean of the parts of words[at + r]."""
    share = np.zeros(1, np.float32)
    for r in range(len(made)):
        word = words[at + r]
        first, count = starts[word], starts[word + 1] - starts[word]
        share[0] = np.float32(1) / np.float32(max(count, 1))
        put_row(made, order, r, share, 0, 0, 0, inputs, rows, first, count)


@njit(**JIT)
def give_to_parts(inputs, starts, rows, words, at, errors, first, last):
    """Add errors[r] to every part of words[at + r], for r from first to before last."""
    for r in range(first, last):
        word = words[at + r]
        for part in range(starts[word], starts[word + 1]):
            row = rows[part]
            for k in range(errors.shape[1]):
                inputs[row, k] += errors[r, k]


@njit(**JIT)
def skip_gram_errors(block, window):
    """error[i] = the slope of the loss at input i, times the rate: coefficients times contexts and negatives."""
    band, scores, error = block.band, block.scores, block.error
    stride, shared = band.shape[1] - 1, len(scores)
    for i in range(0, T, 4):
        put_products(error, block.order, i, band, i * (stride + 1), stride, 1, block.context, i, 2 * window + 4)
        add_products(error, block.order, i, scores, i, 1, T, block.drawn, 0, shared)


@njit(**JIT)
def window_errors(block, window):
    """context[c] = the sum of the errors at the means that the context at c is part of."""
    near, stride = block.near, block.near.shape[1] - 1
    for c in range(0, len(block.context), 4):
        first, last = max(0, c - 2 * window), min(T, c + 4)
        put_products(
            block.context, block.order, c, near, first * stride + c, 1, stride, block.error, first, last - first
        )


@njit(**JIT)
def skip_gram(tokens, pieces, tables, inputs, outputs, block, window, rates, seed, every, totals, negative, step):
    """Train on the tokens of `pieces`; arguments as word2vec.skip_gram's, and in tables starts (V + 1,) and rows."""
    keep, chance, other, starts, rows = tables
    count, state = keep_words(tokens, pieces, keep, window, seed, block)
    reach, share = np.full(T, -1), np.float32(negative / len(block.ids))
    reach[:step] = window
    weights = np.zeros(block.near.shape[1], np.float32)
    for d in range(1, window + 1):
        weights[window - d] = weights[window + d] = (window - d + 1) / window
    for t in range(0, count, step):
        state = draw(chance, other, state, block.ids)
        compose(inputs, starts, rows, block.words, window + t, block.order, block.x)
        for i in range(0, T, 16):
            take_rows(block.x, block.order, i, block.x, block.columns, i)
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
            skip_gram_errors(block, window)
            update_contexts(outputs, block, t, window)
            give_to_parts(inputs, starts, rows, block.words, window + t, block.error, 0, min(step, count - t))


@njit(**JIT)
def cbow(tokens, pieces, tables, inputs, outputs, block, window, rates, seed, every, totals, negative, step):
    """Train on the tokens of `pieces`; the mean of the words around each predicts it. Arguments as skip_gram's."""
    keep, chance, other, starts, rows = tables
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
        compose(inputs, starts, rows, block.words, t, block.order, block.context)
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
            window_errors(block, window)
            last = min(len(block.context), window + count - t)
            give_to_parts(inputs, starts, rows, block.words, t, block.context, max(0, window - t), last)


def warm() -> None:
    """Compile the kernels, or load them from numba's cache."""
    tokens, pieces, matrix = np.zeros(2, np.int32), np.array([[0, 2]]), aligned(2, 2)
    tokens.flags.writeable = False  # as those of a corpus are
    parts = np.arange(3), np.zeros(2, np.int32)
    tables, rates = (np.zeros(2, np.uint32), *alias_table(np.ones(2)), *parts), (np.float32(0), np.float32(0))
    for kernel in (skip_gram, cbow):
        block = prepare(2, 2, 1, 16)
        kernel(tokens, pieces, tables, matrix, matrix, block, 1, rates, np.uint64(1), 1, np.zeros(2), 1, T)
    composed(matrix, *parts)


def composed(inputs: np.ndarray, starts: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """float32 (n, D): row i is the mean of the rows of inputs that rows[starts[i] : starts[i + 1]] names; 0 of none."""
    count = len(starts) - 1
    made, order = aligned(count, inputs.shape[1]), np.arange(count, dtype=np.int32)
    compose(inputs, starts, rows, order, 0, order, made)
    return made
