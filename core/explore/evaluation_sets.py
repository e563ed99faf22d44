"""Test sets for word vectors: pairs that people have scored, analogies, words of several kinds; read from text.

similarity   two words and a score on a line, with tabs, commas, semicolons or blanks between; other columns may follow
analogies    four words on a line, `: name` before each section (the format of Google's set, Mikolov et al. 2013)
categories   a word and its kind in two columns (a first line may name them `word` and `category`), or `kind: word …`

Lines that begin with # are remarks.
"""

import csv
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from core.corpus import Vocab
from core.problem import Problem

KINDS = ("similarity", "analogies", "categories")
MOST_ROWS = 100_000
LONGEST = 8 << 20  # characters
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_WORD_NAMES, _KIND_NAMES = ("word", "words", "token"), ("category", "categories", "class", "kind", "label", "group")


@dataclass(frozen=True)
class Benchmark:
    """kind: one of KINDS. rows: the words of each question: two, four or one. scores: of similarity only; groups: the
    section or the category of each row, else none. wrong: the lines that could not be read."""

    kind: str
    rows: list[tuple[str, ...]]
    scores: list[float] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    wrong: list[int] = field(default_factory=list)


def read_set(text: str, kind: str = "") -> Benchmark:
    """The test set in a text; kind: "" to tell it by what the lines hold. Raises Problem where there is none."""
    if len(text) > LONGEST:
        raise Problem("This test set has {n} characters; the limit is {limit}.", n=len(text), limit=LONGEST)
    lines = [(number, line.strip().lstrip("\ufeff")) for number, line in enumerate(text.splitlines(), 1)]
    lines = [(number, line) for number, line in lines if line and not line.startswith(("#", "//"))]
    if not lines:
        raise Problem("There is no question in this test set: it is empty.")
    kind = kind or _kind(lines)
    found = {"similarity": _similarity, "analogies": _analogies, "categories": _categories}[kind](lines)
    if len(found.rows) < 2 or len(found.rows) > MOST_ROWS:
        raise Problem("This test set has {n} questions that can be read; 2 to {limit} are needed.",
                      n=len(found.rows), limit=MOST_ROWS)  # fmt: skip
    if kind == "categories" and len({*found.groups}) < 2:
        raise Problem("All words of this test set are of one kind; two are needed.")
    return found


def finder(vocab: Vocab) -> Callable[[str], int | None]:
    """What finds the id of a word of a test set: as the vocabulary has it, else the most frequent one of other case."""
    other: dict[str, int] = {}
    if not vocab.lowercase:
        for place, word in enumerate(vocab.words):
            other.setdefault(word.lower(), place)

    def find(word: str) -> int | None:
        known = vocab.get(word)
        return other.get(word.lower()) if known is None else known

    return find


Lines = list[tuple[int, str]]


def _kind(lines: Lines) -> str:
    """What most lines look like."""
    seen: Counter[str] = Counter()
    for _number, line in lines[:200]:
        fields = _fields(line)
        if line[0] in ":：":
            seen["analogies"] += 50
        elif len(fields) >= 3 and any(_NUMBER.fullmatch(cell) for cell in fields[2:]):
            seen["similarity"] += 1
        else:
            seen["analogies" if len(fields) == 4 and not re.search("[:：]", line) else "categories"] += 1
    return max(KINDS, key=lambda kind: seen[kind])


def _fields(line: str) -> list[str]:
    """The cells of a line: parted by tabs, else by commas or semicolons, else by blanks."""
    for mark in ("\t", ",", ";"):
        if mark in line:
            return [cell.strip() for cell in next(csv.reader([line], delimiter=mark))]
    return line.split()


def _similarity(lines: Lines) -> Benchmark:
    """Two words, then the first number after them."""
    rows: list[tuple[str, ...]] = []
    scores, wrong = [], []
    for place, (number, line) in enumerate(lines):
        fields = _fields(line)
        score = next((cell for cell in fields[2:] if _NUMBER.fullmatch(cell)), None)
        if score is None or not all(fields[:2]):
            wrong += [number] if place else []  # a first line may name the columns
            continue
        rows.append((fields[0], fields[1]))
        scores.append(float(score.replace(",", ".")))
    return Benchmark("similarity", rows, scores, wrong=wrong)


def _analogies(lines: Lines) -> Benchmark:
    rows: list[tuple[str, ...]] = []
    groups, wrong, section = [], [], ""
    for number, line in lines:
        if line[0] in ":：":
            section = line[1:].strip()[:80]
            continue
        fields = [cell for cell in _fields(line) if cell]
        if len(fields) == 4:
            rows.append(tuple(fields))
            groups.append(section)
        else:
            wrong.append(number)
    return Benchmark("analogies", rows, groups=groups, wrong=wrong)


def _categories(lines: Lines) -> Benchmark:
    listed = [re.split("[:：]", line, maxsplit=1) for _number, line in lines]
    if all(len(parts) == 2 for parts in listed):
        pairs = [(word, name.strip()) for name, rest in listed for word in re.split(r"[\s,，、;；]+", rest) if word]
        return _of_pairs(pairs, [])
    table = [(number, _fields(line)) for number, line in lines]
    word, kind, named = _columns([fields for _number, fields in table])
    pairs, wrong = [], []
    for number, fields in table[named:]:
        if max(word, kind) < len(fields) and fields[word] and fields[kind]:
            pairs.append((fields[word], fields[kind]))
        else:
            wrong.append(number)
    return _of_pairs(pairs, wrong)


def _of_pairs(pairs: list[tuple[str, str]], wrong: list[int]) -> Benchmark:
    once = dict.fromkeys(pairs)
    return Benchmark("categories", [(word,) for word, _ in once], groups=[name[:80] for _, name in once], wrong=wrong)


def _columns(table: list[list[str]]) -> tuple[int, int, bool]:
    """Where the word and its kind stand, and whether a first line says so; the column with fewer different cells is
    that of the kinds."""
    first = [cell.lower() for cell in table[0]]
    word = next((i for i, cell in enumerate(first) if cell in _WORD_NAMES), -1)
    kind = next((i for i, cell in enumerate(first) if cell in _KIND_NAMES), -1)
    if word >= 0 and kind >= 0:
        return word, kind, True
    left, right = ({row[i] for row in table if len(row) > i} for i in (0, 1))
    return (1, 0, False) if len(left) <= len(right) else (0, 1, False)
