"""Labels of single occurrences: which characters of which document, and what stands there in truth.

A table of them is a DataFrame with the columns document, start, end (int64; characters of the document, the end not
included) and label (str), in the order of the text. `core.corpus.labelling` makes one out of files and pasted lines.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from core.corpus.corpus import Corpus
from core.corpus.counter.stretches import token_end
from core.problem import Problem, marked

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("document", "start", "end", "label")
MOST = 1_000_000  # rows of one table
FOUND, NO_TOKEN, LONGER = range(3)  # how an occurrence and the tokens go together
_SHOWN = 5  # rows that a note names
_LARGEST = 2**62
_NOTES = {
    "number": marked("{count} rows have no whole number where their place should be and were left out ({rows})."),
    "document": marked("{count} rows name no document of this corpus, or one of several, and were left out ({rows})."),
    "range": marked("{count} rows lie outside their document and were left out ({rows})."),
    "empty": marked("{count} rows hold nothing but white space and were left out ({rows})."),
    "twice": marked("{count} rows say again what another row says and were taken once ({rows})."),
    "conflict": marked("{count} rows give one place different labels and were left out ({rows})."),
    "form": marked("{count} rows have no word that is marked, or too few cells, and were left out ({rows})."),
    "nowhere": marked("{count} rows were not found in this corpus and were left out ({rows})."),
    "several": marked("{count} rows stand in several places and were left out: give more context ({rows})."),
    "token": marked("{count} occurrences have no token there ({rows})."),
    "longer": marked("{count} occurrences are inside a longer word ({rows})."),
}


class Notes:
    """What could not be taken, by reason: how often, and the first few."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.first: dict[str, list[str]] = {}

    def add(self, reason: str, row: int, text: str = "") -> None:
        """row: its number, counted from 1; text: what it says, if that helps."""
        self.counts[reason] = self.counts.get(reason, 0) + 1
        first = self.first.setdefault(reason, [])
        if len(first) < _SHOWN:
            first.append(f"{row}: {' '.join(text.split())[:80]}" if text else str(row))

    def problems(self) -> list[Problem]:
        """A sentence each, the most frequent first."""
        order = sorted(self.counts, key=lambda reason: -self.counts[reason])
        return [Problem(_NOTES[reason], count=self.counts[reason], rows="; ".join(self.first[reason]) + "…" * (
            self.counts[reason] > _SHOWN)) for reason in order]  # fmt: skip


@dataclass(frozen=True)
class Labelled:
    """A table of occurrences, and what was left out of it, a sentence a reason."""

    table: "pd.DataFrame"
    notes: list[Problem]


def checked(
    corpus: Corpus, rows: Iterable[tuple[int, int, int, int, str]], notes: Notes | None = None, name: str = ""
) -> Labelled:
    """The table of (row's number, document, start, end, label) that are places of the corpus.

    Rows out of range or of white space alone, and places with several labels, are left out and said; a row that says
    the same again is taken once. Raises Problem if nothing is left.
    """
    notes = Notes() if notes is None else notes
    known: dict[tuple[int, int, int], tuple[int, str]] = {}
    conflicts: set[tuple[int, int, int]] = set()
    for number, document, start, end, label in rows:
        place = (document, start, end)
        if place not in known:
            known[place] = (number, label)
        elif known[place][1] == label:
            notes.add("twice", number)
        else:
            conflicts.add(place)
            notes.add("conflict", number)
        if len(known) > MOST:
            raise Problem("{name} labels more than {most} places, the limit: bring a part of it.", name=name, most=MOST)
    for place in conflicts:
        notes.add("conflict", known.pop(place)[0])
    sound = [(*place, label) for place, (_, label) in _within(corpus, known, notes)]
    if not sound:
        raise _nothing(notes, name)
    return Labelled(_frame(sound), notes.problems())


def _within(
    corpus: Corpus, known: dict[tuple[int, int, int], tuple[int, str]], notes: Notes
) -> Iterator[tuple[tuple[int, int, int], tuple[int, str]]]:
    """Those that lie in a document and hold more than white space, in the order of the text."""
    held, text = -1, ""
    for place in sorted(known):
        document, start, end = place
        if not 0 <= document < len(corpus.documents) or start < 0 or end <= start:
            notes.add("range", known[place][0])
            continue
        if document != held:
            held, text = document, corpus.documents[document]
        if end > len(text):
            notes.add("range", known[place][0])
        elif not text[start:end].strip():
            notes.add("empty", known[place][0])
        else:
            yield place, known[place]


def _nothing(notes: Notes, name: str) -> Problem:
    """Why no row at all could be taken."""
    problems = notes.problems()
    if problems:
        return problems[0]
    return Problem("{name} holds no labels: give rows of document, start, end and label.", name=name)


def _frame(rows: list[tuple[int, int, int, str]]) -> "pd.DataFrame":
    import pandas as pd

    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    return frame.astype(dict.fromkeys(COLUMNS[:3], np.int64))


def align(corpus: Corpus, occurrences: "pd.DataFrame") -> np.ndarray:
    """int64 (n,): the token of each occurrence, the first one if it has several; -1 where `fit` says why not."""
    return fit(corpus, occurrences)[0]


def fit(corpus: Corpus, occurrences: "pd.DataFrame") -> tuple[np.ndarray, np.ndarray]:
    """The token of each occurrence (int64, -1 for none), and uint8: FOUND, NO_TOKEN, or LONGER.

    LONGER: the tokeniser has a longer word there (the label is of 苹果, the token 苹果公司).
    """
    places = occurrences[list(COLUMNS[:3])].to_numpy(np.int64)
    tokens, reasons = np.full(len(places), -1, np.int64), np.full(len(places), NO_TOKEN, np.uint8)
    fitting = _Fitting(corpus)
    for i in np.lexsort((places[:, 1], places[:, 0])).tolist():
        tokens[i], reasons[i] = fitting.place(*places[i].tolist())
    return tokens, reasons


def unfit(occurrences: "pd.DataFrame", reasons: np.ndarray, corpus: Corpus) -> list[Problem]:
    """The occurrences that are no tokens, a sentence a reason."""
    notes = Notes()
    for i in np.flatnonzero(reasons).tolist():
        document, start, end = (int(occurrences[column].iloc[i]) for column in COLUMNS[:3])
        text = corpus.documents[document][start:end] if len(notes.first.get("longer", [])) < _SHOWN else ""
        notes.add("longer" if reasons[i] == LONGER else "token", i + 1, text)
    return notes.problems()


class _Fitting:
    """Finds tokens by places, document after document."""

    def __init__(self, corpus: Corpus):
        self.corpus, self.words, self.lowercase = corpus, corpus.cut(1).vocab.words, corpus.facts["lowercase"]
        self.document, self.text, self.first, self.starts = -1, "", 0, np.zeros(0, np.uint32)

    def place(self, document: int, start: int, end: int) -> tuple[int, int]:
        """The token (or -1) and how it goes together with the characters start to end."""
        if document != self.document:
            self.document, self.text = document, self.corpus.documents[document]
            self.first, last = int(self.corpus.offsets[document]), int(self.corpus.offsets[document + 1])
            self.starts = self.corpus.starts[self.first : last]
        token = int(np.searchsorted(self.starts, np.uint32(start), "right")) - 1
        if token < 0 or self._end(token) <= start:  # the label begins with marks or blanks that are no token
            token += 1
            if token >= len(self.starts) or int(self.starts[token]) >= end:
                return -1, NO_TOKEN
        elif int(self.starts[token]) < start:
            return -1, LONGER
        return (-1, LONGER) if self._end(token) > end else (self.first + token, FOUND)

    def _end(self, token: int) -> int:
        limit = int(self.starts[token + 1]) if token + 1 < len(self.starts) else len(self.text)
        word = self.words[int(self.corpus.tokens[self.first + token])]
        return token_end(self.text, int(self.starts[token]), word, limit, self.lowercase)


def exported(corpus: Corpus, occurrences: "pd.DataFrame", characters: int = 80) -> "pd.DataFrame":
    """The table with its words in context: document, title, start, end, left, keyword, right, label.

    left, right: up to so many characters, white space as one blank. What this writes can be imported again.
    """
    import pandas as pd

    title = corpus.roles.get("title")
    titles = None if title is None else corpus.table[title]
    held, text, rows = -1, "", []
    for document, start, end, label in occurrences[list(COLUMNS)].itertuples(index=False):
        if document != held:
            held, text = document, corpus.documents[document]
        left, right = text[max(0, start - characters) : start], text[end : end + characters]
        row: list[Any] = [document, start, end, _flat(left), _flat(text[start:end]), _flat(right), label]
        rows.append(row if titles is None else [document, titles.iloc[document], *row[1:]])
    columns = ["document", *([] if titles is None else ["title"]), "start", "end", "left", "keyword", "right", "label"]
    return pd.DataFrame(rows, columns=columns)


def _flat(text: str) -> str:
    return " ".join(text.split())


def whole_number(cell: object) -> int | None:
    """A place as a whole number; None for what is none. A number too large for any text stays too large."""
    text = str(cell).strip()
    if text.removesuffix(".0").lstrip("+-").isdecimal() and len(text) < 400:
        return max(-_LARGEST, min(_LARGEST, int(text.removesuffix(".0").removeprefix("+"))))
    return None
