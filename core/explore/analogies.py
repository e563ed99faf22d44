"""Analogies: a is to b as c is to what? Two methods, one question or a list of them.

3CosAdd (Mikolov et al. 2013) asks for the word nearest to b - a + c; 3CosMul (Levy & Goldberg 2014, equation 4) for the
largest cos(y, b) cos(y, c) / (cos(y, a) + ε), with cosines moved to 0..1, so that no one term outweighs the others.
Vectors have length one. By custom a, b and c are left out; where they are kept, the answer often is one of them, which
shows how little the sum has moved (Linzen 2016).
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from core.corpus import Vocab
from core.explore.neighbours import BLOCK, SPARE, Space, best
from core.problem import Problem

METHODS = ("add", "mul")
EPSILON = 0.001
SCORES = 12_000_000  # held at a time for a list: 48 MB each
MOST_QUESTIONS = 100_000


def analogy(space: Space, words: tuple[int, int, int], k: int = 10, method: str = "add", **how: Any) -> pd.DataFrame:
    """The k best answers to a : b :: c : ? by one method; see `answers`."""
    return answers(space, words, k, (method,), **how)[0]


def answers(
    space: Space,
    words: tuple[int, int, int],
    k: int = 10,
    methods: Sequence[str] = METHODS,
    *,
    keep: bool = False,
    among: int | None = None,
    epsilon: float = EPSILON,
) -> list[pd.DataFrame]:
    """The k best answers to a : b :: c : ? by each method, columns rank, word, index, score, count.

    words: the indices of a, b and c. score: of "add" the cosine to b - a + c, of "mul" the quotient. keep: a, b and c
    may be answers too. among: look only among so many of the most frequent words. The vectors are read once for all
    methods. Raises Problem for a word without a direction, and where b - a + c is nothing.
    """
    assert {*methods} <= {*METHODS}, methods
    units = np.stack([space.unit(word) for word in words])  # (3, d)
    length = float(np.linalg.norm(units[1] - units[0] + units[2]))
    if length < 1e-6:
        raise Problem("Nothing is left of b - a + c: these words cancel each other out.")
    cosines = space.cosines(units, among).T  # (V, 3)
    return [_ranked(space, words, units, cosines, k, method, keep, (length, epsilon)) for method in methods]


def _ranked(
    space: Space, words: tuple[int, int, int], units: np.ndarray, cosines: np.ndarray, k: int, method: str, keep: bool,
    constants: tuple[float, float],
) -> pd.DataFrame:  # fmt: skip
    """The best words by one method: found in single precision, told in double."""
    scores = _score(cosines, method, *constants)
    scores = np.nan_to_num(scores, copy=False, nan=-np.inf, posinf=-np.inf, neginf=-np.inf)
    if not keep:
        scores[[word for word in words if word < len(scores)]] = -np.inf
    found = best(scores, min(k + SPARE, int(np.isfinite(scores).sum())))
    near = space.vectors[found].astype(np.float64)
    near /= np.maximum(np.linalg.norm(near, axis=1, keepdims=True), 1e-12)
    exact = _score(near @ units.T, method, *constants)
    return space.ranked(found, exact, k, exact)


def _score(cosines: np.ndarray, method: str, length: float, epsilon: float) -> np.ndarray:
    """Of cosines (n, 3) with a, b and c: (cos b - cos a + cos c) / |b - a + c|, or the quotient."""
    if method == "mul":
        return _quotient(cosines, epsilon)
    a, b, c = cosines.T
    return (b - a + c) / cosines.dtype.type(length)


def _quotient(cosines: np.ndarray, epsilon: float) -> np.ndarray:
    """Of cosines (n, 3) with a, b and c: cos b cos c / (cos a + ε), each moved to 0..1."""
    a, b, c = ((cosines + 1) / 2).T
    return b * c / (a + cosines.dtype.type(epsilon))


def plane(space: Space, words: tuple[int, int, int], answers: Sequence[int]) -> tuple[np.ndarray, float]:
    """float32 (4 + m, 2): a, b, c, the first answer, b - a + c and the other answers on the two principal components of
    the first five; and the share of the variance of these five that the plane holds.

    Since a projection keeps what is parallel, a, b, b - a + c and c are the corners of a parallelogram here too.
    """
    units = np.stack([space.unit(word) for word in (*words, *answers)])
    goal = units[1] - units[0] + units[2]
    five = np.concatenate([units[:4], goal[None]])
    middle = five.mean(axis=0)
    _left, sizes, axes = np.linalg.svd(five - middle, full_matrices=False)
    axes = axes[:2] * np.sign(axes[:2][np.arange(2), np.abs(axes[:2]).argmax(axis=1)])[:, None]
    places = (np.concatenate([five, units[4:]]) - middle) @ axes.T
    return places.astype(np.float32), float((sizes[:2] ** 2).sum() / max((sizes**2).sum(), 1e-300))


@dataclass(frozen=True)
class Section:
    """Some questions of a list: a, b, c and the right answer d, and the line of the list that each stands in."""

    name: str
    questions: list[tuple[str, str, str, str]]
    lines: list[int]


def read_list(text: str) -> tuple[list[Section], list[int]]:
    """The questions of a list in the format of Google's test set, and the lines that cannot be read.

    Four words a line, a : b :: c : d, parted by blanks, tabs, commas or colons; `: name` begins a section, `#` and `//`
    a remark. Raises Problem where there is no question, or more than 100,000.
    """
    sections, wrong = [Section("", [], [])], []
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.strip().lstrip("\ufeff").strip()
        if not bare or bare.startswith(("#", "//")):
            continue
        if bare[0] in ":：":
            sections.append(Section(bare[1:].strip()[:80], [], []))
            continue
        words = bare.translate(PARTING).split()
        if len(words) != 4:
            wrong.append(number)
            continue
        sections[-1].questions.append((words[0], words[1], words[2], words[3]))
        sections[-1].lines.append(number)
    found = [section for section in sections if section.questions]
    total = sum(len(section.questions) for section in found)
    if not total:
        raise Problem(
            "There is no question in this list: each takes a line of four words, such as: man king woman queen"
        )
    if total > MOST_QUESTIONS:
        raise Problem("This list has {n} questions; the limit is {limit}.", n=total, limit=MOST_QUESTIONS)
    return found, wrong


PARTING = str.maketrans(dict.fromkeys(",，、;；:：\t", " "))


def known(sections: Sequence[Section], vocab: Vocab, among: int | None = None) -> list[np.ndarray]:
    """Of each section, int64 (m, 5): a, b, c, d of the questions whose words are all among the vocabulary's (first)
    words, and the question's place in its section."""
    most = len(vocab) if among is None else among
    found = []
    for section in sections:
        rows = [[vocab.get(word) for word in question] + [place] for place, question in enumerate(section.questions)]
        kept = [row for row in rows if all(each is not None and each < most for each in row[:4])]
        found.append(np.array(kept, np.int64).reshape(-1, 5))
    return found


@dataclass(frozen=True)
class Answers:
    """The best word for each of n questions, int64 (n,), a, b and c left out: by "add", by "mul", and by nearness to c
    alone, which is what a score must be measured against (Linzen 2016); with them kept: "add_kept", "mul_kept"."""

    best: dict[str, np.ndarray]


def answer_list(
    vectors: np.ndarray, questions: np.ndarray, among: int | None = None, epsilon: float = EPSILON
) -> Generator[float, None, Answers]:
    """Answer many questions, int64 (n, 3): a, b, c; yields the share done. vectors: float32 (V, d)."""
    unit = np.array(vectors[:among], np.float32)
    for begin in range(0, len(unit), BLOCK):
        part = unit[begin : begin + BLOCK]
        part /= np.maximum(np.linalg.norm(part, axis=1, keepdims=True), np.float32(1e-12))
    unit = np.nan_to_num(unit, copy=False, nan=0, posinf=0, neginf=0)
    found = {name: np.zeros(len(questions), np.int64) for name in ("add", "mul", "near", "add_kept", "mul_kept")}
    block = max(1, min(256, SCORES // max(1, len(unit))))
    for begin in range(0, len(questions), block):
        part, rows = questions[begin : begin + block], slice(begin, begin + block)
        words, places = np.unique(part, return_inverse=True)
        cosines = unit[words] @ unit.T  # (u, V)
        a, b, c = (cosines[places.reshape(part.shape)[:, i]] for i in range(3))  # (n, V) each
        own = np.arange(len(part))[:, None], part
        for name, scores in (("add", b - a + c), ("mul", _product(a, b, c, epsilon)), ("near", c)):
            if name != "near":
                found[f"{name}_kept"][rows] = scores.argmax(axis=1)
            scores[own] = -np.inf
            found[name][rows] = scores.argmax(axis=1)
        yield (begin + len(part)) / len(questions)
    return Answers(found)


def _product(a: np.ndarray, b: np.ndarray, c: np.ndarray, epsilon: float) -> np.ndarray:
    """float32 (n, V): `_quotient` without its constant factor, in few passes."""
    scores = b + np.float32(1)
    scores *= c + np.float32(1)
    scores /= a + np.float32(1 + 2 * epsilon)
    return scores
