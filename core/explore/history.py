"""The same few words under every encoder: a small map of each, turned alike, and how well it keeps kinds together."""

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from core.explore.pca import pca
from core.explore.procrustes import rotation, unit
from core.problem import Problem

MOST_WORDS, MOST_GROUPS = 40, 8
SAME = 1e-5  # cosines that differ by less are equal: rounding must not decide
_GROUPS, _WORDS = re.compile(r"[;；|\n]+"), re.compile(r"[\s,，、]+")


class Panel(NamedTuple):
    """The words under one encoder. rows: int (m,), which of the words it knows; xy: float32 (m, 2), of root mean square
    radius 1; purity and chance: see `purity` (None where no kind has two words); explained: the share of the variance
    that the plane holds, or None where all words are equally far apart, and xy is a ring."""

    rows: np.ndarray
    xy: np.ndarray
    purity: float | None
    chance: float | None
    explained: float | None


def groups_of(text: str) -> list[list[str]]:
    """The words that a person typed, kind by kind: "king queen; river sea". Raises Problem for none or too many."""
    found = [[word for word in _WORDS.split(group) if word] for group in _GROUPS.split(text)]
    groups = [list(dict.fromkeys(group)) for group in found if group]
    words = [word for group in groups for word in group]
    twice = next((word for i, word in enumerate(words) if word in words[:i]), None)
    if twice is not None:
        raise Problem("{word} stands in two groups: leave it in one.", word=twice[:80])
    if not 2 <= len(words) <= MOST_WORDS or len(groups) > MOST_GROUPS:
        raise Problem(
            "Type 2 to {words} words in at most {groups} groups, with a semicolon between two groups; "
            "there are {n} words in {given}.", words=MOST_WORDS, groups=MOST_GROUPS, n=len(words), given=len(groups),
        )  # fmt: skip
    return groups


def panel(vectors: np.ndarray, rows: np.ndarray, kinds: np.ndarray) -> Panel:
    """A map of some words: vectors float (m, d) of the words `rows` int (m,), kinds int (m,). Cosines, in two
    dimensions by principal components of the directions (which is classical scaling, Torgerson 1952)."""
    if len(rows) < 2:
        return Panel(rows, np.zeros((len(rows), 2), np.float32), None, None, 0.0)
    directions = unit(vectors)
    xy, explained = pca(directions.astype(np.float32), 2)
    found = purity(directions, kinds)
    return Panel(rows, rounded(xy), *found, float(explained.sum()))


def ring(rows: np.ndarray, kinds: np.ndarray) -> Panel:
    """Words that are equally far from each other, in a ring, since no plane holds them: all cosines are 0."""
    turn = 2 * np.pi * (np.arange(len(rows)) + 0.5) / max(1, len(rows))
    xy = np.stack([np.sin(turn), np.cos(turn)], axis=1).astype(np.float32)
    return Panel(rows, xy, *purity(np.eye(len(rows)), kinds), None)


def rounded(xy: np.ndarray) -> np.ndarray:
    """The same places around 0 at a root mean square radius of 1."""
    xy = xy - xy.mean(axis=0)
    radius = float(np.sqrt(np.square(xy).sum(axis=1).mean())) if len(xy) else 0.0
    return (xy / (radius or 1.0)).astype(np.float32)


def purity(directions: np.ndarray, kinds: np.ndarray) -> tuple[float | None, float | None]:
    """(purity, chance): how many of a word's nearest are of its kind, and how many would be at random.

    directions: float (m, d), at length 1; kinds: int (m,). A word whose kind has g others is asked for its g nearest by
    cosine; words that are equally near share the places that are left. Words alone of their kind are not asked.
    """
    cosines = directions @ directions.T
    found, chance = [], []
    for i in range(len(kinds)):
        others = np.delete(np.arange(len(kinds)), i)
        same = kinds[others] == kinds[i]
        if same.any():
            found.append(_share(cosines[i, others], same))
            chance.append(same.mean())
    return (float(np.mean(found)), float(np.mean(chance))) if found else (None, None)


def _share(near: np.ndarray, same: np.ndarray) -> float:
    """Which share of the same.sum() nearest is the same; ties count in equal parts."""
    wanted = int(same.sum())
    least = np.sort(near)[::-1][wanted - 1]
    above, tied = near > least + SAME, np.abs(near - least) <= SAME
    left = wanted - int(above.sum())
    return float(same[above].sum() + left * same[tied].mean()) / wanted


def turned_alike(panels: Sequence[Panel]) -> list[Panel]:
    """The panels, each turned or mirrored to lie as near as it can to the last map before it in this order that has at
    least three words with it in common; rings stay. The latest map is the measure, so that it stands as it is."""
    turned: list[Panel] = []
    for each in reversed(panels):
        measure = next((other for other in turned if _comparable(each, other)), None)
        if measure is not None:
            _, mine, theirs = np.intersect1d(each.rows, measure.rows, return_indices=True)
            turn = rotation(_centred(each.xy[mine]), _centred(measure.xy[theirs]))
            each = each._replace(xy=rounded(each.xy @ turn))
        turned.append(each)
    return turned[::-1]


def _comparable(one: Panel, other: Panel) -> bool:
    maps = one.explained is not None and other.explained is not None
    return maps and len(np.intersect1d(one.rows, other.rows)) >= 3


def _centred(xy: np.ndarray) -> np.ndarray:
    return np.asarray(xy - xy.mean(axis=0), np.float64)
