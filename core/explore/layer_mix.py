"""One vector out of all layers: a softmax weight for each, learned for a task, and what the weights say of the layers.

Peters et al. (2018), Deep contextualized word representations, equation 1: the layers are summed with weights s, a
softmax of learned numbers w, and scaled by a learned gamma; each layer is normalised first (Ba et al. 2016) and λ‖w‖²
holds the weights to the mean of all (section 3.3). The task here is the judge of senses: which sense's mean lies
nearest by cosine, which gamma sharpens. Tenney, Das and Pavlick (2019), BERT rediscovers the classical NLP pipeline,
read the weights as a probe: their centre of gravity (equation 3) is the layer that the task needs.

Whoever is judged was in no fold that the weights were learned from; a document is never split between folds.
n occurrences, S layers, d width, k senses, F folds.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from core.problem import Problem

FOLDS, FEWEST = 5, 3  # one is judged, one has the senses' means taken from the others
DECAY = 1e-4  # λ
GAMMA, SHARPEST = 5.0, 10.0  # at first, at most: were it larger, a mix that does would be as good as a better one


@dataclass(frozen=True)
class Mix:
    """weights float64 (F, S): learned without each fold, rows sum to 1; gamma (F,); fold int (n,), in which each
    occurrence is; layers float32 (n, S, d), normalised; by_document: whether folds are of documents, or, of a text
    that is one document, of occurrences."""

    weights: np.ndarray
    gamma: np.ndarray
    fold: np.ndarray
    layers: np.ndarray
    by_document: bool

    @cached_property
    def mean(self) -> np.ndarray:
        """float64 (S,): the mean of the folds' weights."""
        mean: np.ndarray = self.weights.mean(axis=0)
        return mean

    @property
    def centre(self) -> float:
        """The centre of gravity, in layers from 0."""
        return float(self.mean @ np.arange(len(self.mean)))

    def vectors(self, fold: int) -> np.ndarray:
        """float64 (n, d): all occurrences by the weights that were learned without this fold."""
        mixed: np.ndarray = np.tensordot(self.layers, self.weights[fold], axes=(1, 0))
        return mixed


def normalised(vectors: np.ndarray) -> np.ndarray:
    """float32 (…, d): each of mean 0 and variance 1 over its numbers; one whose numbers are all the same is zeros."""
    rows = np.asarray(vectors, np.float64)
    rows = rows - rows.mean(axis=-1, keepdims=True)
    spread = rows.std(axis=-1, keepdims=True)
    return np.divide(rows, spread, out=np.zeros_like(rows), where=spread > 1e-9).astype(np.float32)


def mix(vectors: np.ndarray, senses: np.ndarray, documents: np.ndarray, seed: int = 0) -> Mix:
    """vectors: float (n, S, d); senses: int (n,); documents: int (n,), of each occurrence; seed: of the folds.

    Raises Problem where there are fewer than 3 documents, or too few with each sense to learn from.
    """
    whole = len(np.unique(documents)) == 1
    fold = folds(senses, np.arange(len(senses)) if whole else documents, seed)
    layers = normalised(vectors)
    found = [_learned(_task(layers, senses, fold, without)) for without in range(int(fold.max()) + 1)]
    return Mix(np.stack([weights for weights, _ in found]), np.array([gamma for _, gamma in found]), fold, layers,
               not whole)  # fmt: skip


def folds(senses: np.ndarray, documents: np.ndarray, seed: int = 0) -> np.ndarray:
    """int64 (n,): up to 5 folds, each document in one, those with the same commonest sense spread over all."""
    groups = np.unique(documents, return_inverse=True)[1]
    count = min(FOLDS, int(groups.max()) + 1)
    if count < FEWEST:
        raise Problem("Layers are weighed together by what other documents say, and here are {n}: take a corpus with "
                      "the word in {least} or more.", n=count, least=FEWEST)  # fmt: skip
    table = np.zeros((int(groups.max()) + 1, int(senses.max()) + 1), np.int64)
    np.add.at(table, (groups, senses), 1)
    dealt = np.random.default_rng(seed).permutation(len(table))
    order = dealt[np.argsort(table.argmax(axis=1)[dealt], kind="stable")]
    place = np.empty(len(table), np.int64)
    place[order] = np.arange(len(table)) % count
    return place[groups]


@dataclass(frozen=True)
class _Task:
    """Cosines of m mixed vectors to k means of mixed vectors, as quadratic forms of the S weights.

    products (m · k, S · S), own (m, S · S), means (F, k, S · S): inner products of layers; there bool (m, k): whether
    a sense has a mean; senses, fold int (m,); share float64 (m,): what each counts, the senses alike.
    """

    products: np.ndarray
    own: np.ndarray
    means: np.ndarray
    there: np.ndarray
    senses: np.ndarray
    fold: np.ndarray
    share: np.ndarray

    def loss(self, point: np.ndarray) -> tuple[float, np.ndarray]:
        """The cross entropy in nats with λ‖w‖², and its gradient; point: float64 (S + 1,), w and ln gamma."""
        gamma, s = np.exp(point[-1]), _softmax(point[:-1])
        pairs, shape = np.outer(s, s).ravel(), self.there.shape
        own, means = self.own @ pairs, (self.means @ pairs)[self.fold]
        length = np.sqrt(np.maximum(own[:, None] * means, 0))
        inverse = np.divide(1, length, out=np.zeros(shape), where=length > 0)
        cosines = (self.products @ pairs).reshape(shape) * inverse
        p = _softmax(np.where(self.there, gamma * cosines, -np.inf))
        rows = np.arange(len(own))
        loss = -float(self.share @ np.log(p[rows, self.senses])) + DECAY * float(point[:-1] @ point[:-1])
        p[rows, self.senses] -= 1
        pull = gamma * p * self.share[:, None]  # of the loss by each cosine
        by_pairs = (pull * inverse).ravel() @ self.products - 0.5 * self._by_length(pull * cosines, own, means)
        square = by_pairs.reshape(len(s), -1)
        by_s = (square + square.T) @ s
        return loss, np.append(s * (by_s - s @ by_s) + 2 * DECAY * point[:-1], (pull * cosines).sum())

    def _by_length(self, pull: np.ndarray, own: np.ndarray, means: np.ndarray) -> np.ndarray:
        """What the lengths of both sides of the cosines add to the gradient, float64 (S · S,)."""
        mine = np.divide(pull.sum(axis=1), own, out=np.zeros(len(own)), where=own > 0)
        theirs = np.zeros(self.means.shape[:2])
        np.add.at(theirs, self.fold, np.divide(pull, means, out=np.zeros_like(pull), where=means > 0))
        added: np.ndarray = mine @ self.own + np.tensordot(theirs, self.means, axes=2)
        return added


def _task(layers: np.ndarray, senses: np.ndarray, fold: np.ndarray, without: int) -> _Task:
    """What is learned from all folds but one: each is told from the means of the others."""
    k, count, width = int(senses.max()) + 1, int(fold.max()) + 1, layers.shape[1]
    cells = fold * k + senses
    sums = np.zeros((count * k, *layers.shape[1:]), np.float32)
    np.add.at(sums, cells, layers)
    sums, counts = sums.reshape(count, k, *layers.shape[1:]), np.bincount(cells, minlength=count * k).reshape(count, k)
    others = 1 - np.eye(count, dtype=np.float32)
    others[:, without] = 0
    means, there = np.tensordot(others, sums, axes=1), (others @ counts) > 0
    rows = np.flatnonzero((fold != without) & there[fold, senses] & (there[fold].sum(axis=1) > 1))
    if len(np.unique(senses[rows])) < 2:
        raise Problem("Too few documents have each sense: the layers cannot be weighed by some and judged by others.")
    products = np.empty((len(rows), k, width * width))
    for each in np.unique(fold[rows]):
        mine = fold[rows] == each
        products[mine] = np.einsum("msd,ktd->mkst", layers[rows[mine]], means[each], optimize=True).reshape(
            -1, k, width * width)  # fmt: skip
    own = np.einsum("msd,mtd->mst", layers[rows], layers[rows], optimize=True).reshape(len(rows), -1)
    lengths = np.einsum("fksd,fktd->fkst", means, means, optimize=True).reshape(count, k, -1)
    sizes = np.bincount(senses[rows], minlength=k)
    share = 1 / (sizes[senses[rows]] * (sizes > 0).sum())
    return _Task(products.reshape(-1, width * width), own.astype(np.float64), lengths.astype(np.float64),
                 there[fold[rows]], senses[rows], fold[rows], share)  # fmt: skip


def _learned(task: _Task) -> tuple[np.ndarray, float]:
    """The weights float64 (S,) and gamma, from equal weights downhill; the same every time."""
    from scipy.optimize import minimize

    width = int(task.own.shape[1] ** 0.5)
    found = minimize(task.loss, np.append(np.zeros(width), np.log(GAMMA)), jac=True, method="L-BFGS-B",
                     bounds=[(None, None)] * width + [(0.0, np.log(SHARPEST))], options={"maxiter": 200})  # fmt: skip
    return _softmax(found.x[:-1]), float(np.exp(found.x[-1]))


def _softmax(values: np.ndarray) -> np.ndarray:
    powers = np.exp(values - values.max(axis=-1, keepdims=True))
    shares: np.ndarray = powers / powers.sum(axis=-1, keepdims=True)
    return shares
