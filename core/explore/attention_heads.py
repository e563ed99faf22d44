"""What each attention head does on average: how widely it looks, how far, and at what; and a nickname for it.

Clark, Khandelwal, Levy and Manning (2019), What does BERT look at? An analysis of BERT's attention, section 3: means
over all pieces that look, special symbols among them. Their thresholds: more than half of the mass on the next or the
previous piece, more than 0.6 on special symbols, an entropy above 3.8 nats in texts of 128 pieces. The other nicknames
are ours, with the same thresholds. A head is named by what it does here, which need not be what it is for.

Shapes: K heads (layers and heads in one row), n pieces of a text, L layers, H heads of a layer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

TARGETS = ("self", "previous", "next", "first", "special", "punctuation", "same")
HALF, MOST = 0.5, 0.6  # of the mass
BROAD = 3.8 / np.log(128)  # of the largest entropy that there could be
NAMED = {
    "special": MOST, "punctuation": MOST, "first": MOST, "previous": HALF, "next": HALF, "self": HALF, "same": HALF,
}  # fmt: skip


def targets(pieces: Sequence[str], special: np.ndarray) -> dict[str, np.ndarray]:
    """bool (n, n) for each of TARGETS: whether the piece of the column is that to the piece of the row.

    same: the same word at another place; punctuation: no letter and no figure; first: of the text, special or not.
    """
    n, names = len(pieces), np.array(pieces, dtype=object)
    marks = np.array([not any(sign.isalnum() for sign in piece) for piece in pieces]) & ~special
    everywhere, columns = np.ones((n, 1), bool), np.eye(n, dtype=bool)
    same = (names[:, None] == names) & ~columns & ~special
    return {
        "self": columns, "previous": np.eye(n, k=-1, dtype=bool), "next": np.eye(n, k=1, dtype=bool),
        "first": everywhere & (np.arange(n) == 0), "special": everywhere & special, "punctuation": everywhere & marks,
        "same": same,
    }  # fmt: skip


def entropy(attention: np.ndarray) -> np.ndarray:
    """(..., n) that sums to 1 -> (...): - sum p ln p, in nats."""
    found: np.ndarray = -(attention * np.log(np.where(attention > 0, attention, 1))).sum(-1)
    return found


def even(n: int, causal: bool) -> np.ndarray:
    """(n, n): a head that looks at all it can see alike."""
    seen = np.tril(np.ones((n, n))) if causal else np.ones((n, n))
    return seen / seen.sum(1, keepdims=True)


@dataclass
class Statistics:
    """Sums over the pieces that looked, text by text; `table` has the means.

    rows: how many pieces looked; most: the sum of the largest entropies there could be; sums: name -> float64 (K + 1,),
    the last of a head that looks evenly.
    """

    texts: int = 0
    rows: int = 0
    most: float = 0.0
    sums: dict[str, np.ndarray] = field(default_factory=dict)

    def add(self, attention: np.ndarray, pieces: Sequence[str], special: np.ndarray) -> None:
        """One text: attention float (K, n, n), rows sum to 1."""
        n = len(pieces)
        causal = n > 1 and not np.triu(attention, 1).any()
        heads = np.concatenate([attention, even(n, causal)[None]]).astype(np.float64)
        apart = np.abs(np.arange(n)[:, None] - np.arange(n))
        found = {"entropy": entropy(heads).sum(1), "distance": (heads * apart).sum((1, 2))}
        found |= {name: heads[:, mask].sum(1) for name, mask in targets(pieces, special).items()}
        self.sums = {name: self.sums.get(name, 0) + value for name, value in found.items()}
        self.most += float(np.log(np.arange(n) + 1).sum() if causal else n * np.log(n))
        self.texts, self.rows = self.texts + 1, self.rows + n

    def table(self) -> tuple[dict[str, np.ndarray], dict[str, float]]:
        """Means over all pieces, float64 (K,): entropy in nats, share of the largest one, distance in pieces, mass on
        each of TARGETS; and the same of a head that looks evenly."""
        means = {name: value / max(1, self.rows) for name, value in self.sums.items()}
        means["share"] = self.sums["entropy"] / max(self.most, 1e-12)
        return {name: value[:-1] for name, value in means.items()}, {name: float(v[-1]) for name, v in means.items()}


def nickname(means: Mapping[str, float]) -> str:
    """ "special" "punctuation" "first" "previous" "next" "self" "same" "broad", or "" where no threshold is passed.

    means: of one head, name -> its share; of several passed the one with the most mass; what is special is not "first".
    """
    passed = {name: means[name] for name, most in NAMED.items() if means[name] > most}
    if "special" in passed:
        passed.pop("first", None)
    if passed:
        return max(passed, key=lambda name: passed[name])
    return "broad" if means["share"] > BROAD else ""


def nicknames(table: Mapping[str, np.ndarray]) -> list[str]:
    """One a head; see `nickname`."""
    columns = [name for name in table if np.ndim(table[name])]
    return [nickname(dict(zip(columns, row))) for row in zip(*(table[name].tolist() for name in columns))]


def divergences(rows: Iterable[np.ndarray]) -> Iterable[np.ndarray]:
    """The Jensen-Shannon divergence of every two heads for one piece that looks after another, float64 (K, K), nats.

    rows: float (K, n) each, one piece's look by each head. 0: alike; ln 2: at nothing in common.
    """
    for row in rows:
        exact = row.astype(np.float64)
        own = entropy(exact)
        middle = entropy((exact[:, None] + exact) / 2)
        yield np.maximum(middle - (own[:, None] + own) / 2, 0)


def placed(divergence: np.ndarray) -> tuple[np.ndarray, float]:
    """Classical scaling (Torgerson 1952) of distances √JS, a metric: float64 (K, 2); and the share of squares kept.

    divergence: (K, K), symmetric, 0 on the diagonal.
    """
    count = len(divergence)
    centre = np.eye(count) - 1 / count
    values, vectors = np.linalg.eigh(-centre @ divergence @ centre / 2)
    best = np.argsort(-values, kind="stable")[:2]
    points = vectors[:, best] * np.sqrt(np.maximum(values[best], 0))
    points = np.pad(points, ((0, 0), (0, 2 - points.shape[1])))
    signs = np.sign(points[np.abs(points).argmax(0), [0, 1]])
    kept = np.maximum(values[best], 0).sum() / max(np.maximum(values, 0).sum(), 1e-12)
    return points * np.where(signs == 0, 1, signs), float(kept)
