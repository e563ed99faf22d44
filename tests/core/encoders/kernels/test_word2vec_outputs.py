"""The tree, the full softmax and the parts of words beside a step by hand, numpy, and torch's own derivatives."""

import numpy as np
import pytest

from core.encoders.kernels import word2vec as draws
from core.encoders.kernels import word2vec_full as full
from core.encoders.kernels import word2vec_subwords as subwords
from core.encoders.kernels import word2vec_tree as tree
from core.encoders.kernels.tiles import aligned
from core.encoders.kernels.word2vec_huffman import Huffman
from core.encoders.kernels.word2vec_ngrams import ngram_buckets, word_parts
from tests.core.encoders.kernels.test_word2vec import negative_nats
from tests.core.encoders.kernels.toy import Toy, normal, torch

RATES = pytest.mark.parametrize("dim", [5, 16, 100])


def around(toy: Toy) -> list[np.ndarray]:
    """The words around each token."""
    return [toy.tokens[toy.neighbours(i)] for i in range(len(toy.tokens))]


def moved(array, by) -> np.ndarray:
    return array.detach().numpy() - by


# The tree.


def path_nats(huffman: Huffman, word: int, vector, nodes):
    """-log of the probability of a word's path: turning to 0 has the probability sigmoid(node @ vector)."""
    from torch.nn.functional import softplus

    path, codes = huffman.turns(word)
    return softplus((nodes[path.tolist()] @ vector) * vector.new_tensor(np.where(codes == 0, -1.0, 1.0))).sum()


class TreeToy(Toy):
    """With a tree over the twenty words; window 1, so that every drawn reach is 1."""

    def __init__(self, dim: int):
        super().__init__(dim, window=1)
        self.huffman = Huffman(np.arange(2 * self.words, self.words, -1))
        self.outputs = normal(np.random.default_rng(4), self.words - 1, dim)
        self.before[1] = torch(self.outputs)

    def learn(self, kernel, rate=None):
        rate = np.float32(self.rate if rate is None else rate)
        starts, nodes, labels = self.huffman.padded(4)
        block = tree.prepare(29, self.dim, 1, int(self.huffman.lengths.max()), nodes, range(0))
        tables = self.keep, starts, self.huffman.lengths, labels
        kernel(self.tokens, self.pieces, tables, self.inputs, self.outputs, block, 1, (rate, rate), self.seed, 1,
               self.totals, np.float32(1))  # fmt: skip


@RATES
def test_each_window_of_the_tree_goes_down_the_slope_of_its_loss(dim):
    toy = TreeToy(dim)
    inputs, nodes = toy.before
    for word, near in zip(toy.tokens, around(toy)):
        nats = sum(path_nats(toy.huffman, word, inputs[other], nodes) for other in near)
        nats.backward()
        inputs, nodes = (torch(moved(one, toy.rate * one.grad.numpy())) for one in (inputs, nodes))
    toy.learn(tree.skip_gram)
    np.testing.assert_allclose(toy.inputs, moved(inputs, 0), atol=3e-5)
    np.testing.assert_allclose(toy.outputs, moved(nodes, 0), atol=3e-5)


@RATES
def test_the_mean_of_a_window_goes_down_the_slope_and_its_error_to_each_word_undivided(dim):
    toy = TreeToy(dim)
    inputs, nodes = (one.detach().numpy() for one in toy.before)
    for word, near in zip(toy.tokens, around(toy)):
        mean, out = torch(inputs[near].mean(0)), torch(nodes)
        path_nats(toy.huffman, word, mean, out).backward()
        nodes = nodes - toy.rate * out.grad.numpy()
        np.subtract.at(inputs, near, toy.rate * mean.grad.numpy())
    toy.learn(tree.cbow)
    np.testing.assert_allclose(toy.inputs, inputs, atol=3e-5)
    np.testing.assert_allclose(toy.outputs, nodes, atol=3e-5)


def test_the_measured_loss_is_that_of_the_paths():
    toy = TreeToy(20)
    nats = [path_nats(toy.huffman, w, toy.before[0][o], toy.before[1]) for w, near in zip(toy.tokens, around(toy))
            for o in near]  # fmt: skip
    toy.learn(tree.skip_gram, rate=0)
    assert toy.totals == pytest.approx([sum(nats).item(), len(nats)], rel=1e-4)


def test_one_step_of_cbow_down_the_tree_by_hand():
    """Words a (3), b (1), c (1), text a b: of the root b and c are one side, 0, and a the other, 1. Node 1 parts c, its
    0, from b, its 1. So a is guessed from b at the root alone: b = (0.4, 0), root = (0.5, 0.2), score 0.2, and turning
    to 1 should have been sure: slope sigmoid(0.2) = 0.5498. At a rate of 0.1 the root loses 0.05498 (0.4, 0), and b
    loses 0.05498 (0.5, 0.2). Then b is guessed from a = (0, 1): at the root a turn to 0, at node 1 = (0.3, -0.1) to 1.
    """
    huffman, tokens = Huffman(np.array([3, 1, 1])), np.array([0, 1], np.int32)
    tokens.flags.writeable = False
    assert [huffman.turns(word)[1].tolist() for word in range(3)] == [[1], [0, 1], [0, 0]]
    inputs, outputs = aligned(3, 2), aligned(2, 2)
    inputs[:2, :2], outputs[:, :2] = [[0, 1], [0.4, 0]], [[0.5, 0.2], [0.3, -0.1]]
    starts, nodes, labels = huffman.padded(4)
    block = tree.prepare(2, 2, 1, 2, nodes, range(0))
    tables, rate = (np.full(3, 0xFFFFFFFF, np.uint32), starts, huffman.lengths, labels), np.float32(0.1)
    tree.cbow(tokens, np.array([[0, 2]]), tables, inputs, outputs, block, 1, (rate, rate), np.uint64(1), 1, np.zeros(2),
              np.float32(1))  # fmt: skip
    np.testing.assert_allclose(inputs[1, :2], [0.4 - 0.05498 * 0.5, -0.05498 * 0.2], atol=1e-4)
    root = np.array([0.5 - 0.05498 * 0.4, 0.2])  # now guessing b from a: score 0.2, sigmoid 0.5498, wanted 1
    second = 1 / (1 + np.exp(0.1))  # node 1: score -0.1, sigmoid 0.4750, wanted 0
    np.testing.assert_allclose(outputs[0, :2], root + [0, 0.1 * (1 - 0.54983)], atol=1e-4)
    np.testing.assert_allclose(outputs[1, :2], [0.3, -0.1 - 0.1 * second], atol=1e-4)
    error = 0.1 * (0.45017 * root - second * np.array([0.3, -0.1]))
    np.testing.assert_allclose(inputs[0, :2], np.array([0, 1]) + error, atol=1e-4)


def test_the_probabilities_of_all_paths_sum_to_one():
    toy = TreeToy(16)
    vector = toy.before[0][3]
    paths = [np.exp(-path_nats(toy.huffman, word, vector, toy.before[1]).item()) for word in range(toy.words)]
    assert sum(paths) == pytest.approx(1)


# The Huffman tree.


def test_the_codes_of_a_small_vocabulary_by_hand():
    """Counts 15 7 6 6 5, Huffman's textbook example: 5 and 6 join to 11, 6 and 7 to 13, these to 24, and 15 and 24."""
    huffman = Huffman(np.array([15, 7, 6, 6, 5]))
    assert huffman.lengths.tolist() == [1, 3, 3, 3, 3]
    assert huffman.counts.tolist() == [39, 24, 13, 11]
    codes = {"".join(map(str, huffman.turns(word)[1])) for word in range(5)}
    assert codes == {"0", "100", "101", "110", "111"} or codes == {"1", "000", "001", "010", "011"}


def test_a_mean_path_is_at_most_a_turn_longer_than_the_entropy():
    counts = (1e5 / np.arange(1, 3000)).astype(int)
    share, lengths = counts / counts.sum(), Huffman(counts).lengths
    entropy = -(share * np.log2(share)).sum()
    assert entropy <= (share * lengths).sum() < entropy + 1
    assert (np.diff(lengths) >= 0).all() and (2.0**-lengths).sum() == pytest.approx(1)


def test_equal_counts_make_a_level_tree():
    assert Huffman(np.full(8, 3)).lengths.tolist() == [3] * 8


# The full softmax.


def learn_full(toy: Toy, kernel, rate=None):
    rate = np.float32(toy.rate if rate is None else rate)
    block = full.prepare(29, toy.dim, toy.window, toy.words)
    kernel(toy.tokens, toy.pieces, (toy.keep,), toy.inputs, toy.outputs, block, toy.window, (rate, rate), toy.seed, 1,
           toy.totals, toy.step)  # fmt: skip


def softmax_nats(toy: Toy, inputs, outputs):
    """(sum of nats, sum of weights) of the words around each, a pair d apart with weight (window - d + 1) / window."""
    nats = weights = 0
    for i, word in enumerate(toy.tokens):
        logs = (outputs @ inputs[word]).log_softmax(0)
        for c in toy.neighbours(i):
            weight = (toy.window - abs(c - i) + 1) / toy.window
            nats, weights = nats - weight * logs[toy.tokens[c]], weights + weight
    return nats, weights


@pytest.mark.parametrize("dim, window", [(5, 1), (16, 3), (100, 5)])
def test_a_full_skip_gram_block_goes_down_the_slope_of_the_softmax(dim, window):
    toy = Toy(dim, window)
    softmax_nats(toy, *toy.before)[0].backward()
    learn_full(toy, full.skip_gram)
    for array, before in zip((toy.inputs, toy.outputs), toy.before):
        np.testing.assert_allclose(array, moved(before, toy.rate * before.grad.numpy()), atol=2e-5)


@RATES
def test_a_full_cbow_block_goes_down_the_slope_and_gives_its_error_to_each_word_undivided(dim):
    toy = Toy(dim, window=1)
    inputs, outputs = toy.before
    means = torch(np.stack([inputs.detach()[words].mean(0) for words in around(toy)]))
    logs = (means @ outputs.T).log_softmax(1)
    (-logs[range(len(toy.tokens)), toy.tokens.tolist()].sum()).backward()
    expected = inputs.detach().numpy().copy()
    for words, slope in zip(around(toy), means.grad.numpy()):
        np.subtract.at(expected, words, toy.rate * slope)
    learn_full(toy, full.cbow)
    np.testing.assert_allclose(toy.inputs, expected, atol=2e-5)
    np.testing.assert_allclose(toy.outputs, moved(outputs, toy.rate * outputs.grad.numpy()), atol=2e-5)


def test_the_measured_loss_is_that_of_numpys_softmax():
    toy = Toy(20)
    scores = (toy.inputs @ toy.outputs.T).astype(float)
    logs = scores - np.log(np.exp(scores).sum(1, keepdims=True))
    pairs = [(toy.tokens[i], toy.tokens[c], 4 - abs(c - i)) for i in range(29) for c in toy.neighbours(i)]
    nats = -sum(weight / 3 * logs[word, other] for word, other, weight in pairs)
    learn_full(toy, full.skip_gram, rate=0)
    assert toy.totals == pytest.approx([nats, sum(weight / 3 for *_, weight in pairs)], rel=1e-4)


def test_the_exponential_is_near_enough():
    x = -np.linspace(0, 80, 4001).astype(np.float32)
    np.testing.assert_allclose([full.exponential(value) for value in x], np.exp(x.astype(float)), rtol=2e-5)


# Parts of words.


class PartsToy(Toy):
    """Each word has its own row and two or three of twelve buckets."""

    def __init__(self, dim: int, window: int):
        super().__init__(dim, window)
        draw = np.random.default_rng(8)
        rows = [[word, *(20 + draw.choice(12, 2 + word % 2, replace=False))] for word in range(self.words)]
        self.starts, self.rows = np.cumsum([0, *map(len, rows)]), np.concatenate(rows).astype(np.int32)
        self.parts, self.inputs = rows, normal(draw, 32, dim)
        self.before[0] = torch(np.stack([self.inputs[row].mean(0) for row in rows]))  # as composed

    def learn(self, kernel):
        rate, block = np.float32(self.rate), draws.prepare(29, self.dim, self.window, 8)
        tables = self.keep, *self.table, self.starts, self.rows
        kernel(self.tokens, self.pieces, tables, self.inputs, self.outputs, block, self.window, (rate, rate),
               self.seed, 1, self.totals, self.negative, self.step)  # fmt: skip

    def after(self, slopes: np.ndarray) -> np.ndarray:
        """The rows once every part of a word has had the word's whole error."""
        expected = self.inputs.copy()
        for row, slope in zip(self.parts, slopes):
            np.subtract.at(expected, row, self.rate * slope)
        return expected


@RATES
def test_a_block_of_parts_goes_down_the_slope_and_each_part_has_the_error_whole(dim):
    from tests.core.encoders.kernels.test_word2vec import skip_gram_nats

    toy = PartsToy(dim, window=3)
    skip_gram_nats(toy, *toy.before)[0].backward()
    expected = toy.after(toy.before[0].grad.numpy())
    toy.learn(subwords.skip_gram)
    np.testing.assert_allclose(toy.inputs, expected, atol=2e-5)
    outputs = toy.before[1]
    np.testing.assert_allclose(toy.outputs, moved(outputs, toy.rate * outputs.grad.numpy()), atol=2e-5)


@RATES
def test_a_cbow_block_of_parts_does_likewise(dim):
    from torch.nn.functional import softplus

    toy = PartsToy(dim, window=1)
    made, outputs = toy.before
    means = torch(np.stack([made.detach()[words].mean(0) for words in around(toy)]))
    sum(softplus(-outputs[word] @ mean) + negative_nats(toy, mean, outputs)
        for word, mean in zip(toy.tokens, means)).backward()  # fmt: skip
    slopes = np.zeros(made.shape)
    for words, slope in zip(around(toy), means.grad.numpy()):
        np.add.at(slopes, words, slope)
    expected = toy.after(slopes)
    toy.learn(subwords.cbow)
    np.testing.assert_allclose(toy.inputs, expected, atol=2e-5)
    np.testing.assert_allclose(toy.outputs, moved(outputs, toy.rate * outputs.grad.numpy()), atol=2e-5)


def test_the_parts_of_a_word_are_its_ngrams_between_marks():
    """<as>: <a, as, s> of two letters, <as, as> of three, <as> of four; an end alone is none."""
    starts, rows = ngram_buckets(["as", "a"], 1, 4, 2**31 - 1)
    assert np.diff(starts).tolist() == [2 + 3 + 2 + 1, 1 + 2 + 1]
    assert len(set(rows[:8].tolist())) == 8


def test_an_ngram_is_hashed_as_in_the_authors_program():
    """FNV-1a, 32 bits, of the bytes of <a>, 3c 61 3e; published test vectors of FNV have 0xe40c292c for "a"."""
    [bucket] = ngram_buckets(["a"], 3, 3, 2**31 - 1)[1].tolist()
    value = 2166136261
    for byte in b"<a>":
        value = (value ^ byte) * 16777619 % 2**32
    assert bucket == value % (2**31 - 1)
    assert (2166136261 ^ ord("a")) * 16777619 % 2**32 == 0xE40C292C


def test_a_words_own_row_comes_first():
    starts, rows = word_parts(["cat", "at"], 3, 3, 50)
    assert rows[starts[:-1]].tolist() == [0, 1] and (np.delete(rows, starts[:-1]) >= 2).all()
    assert np.diff(starts).tolist() == [1 + 3, 1 + 2]
