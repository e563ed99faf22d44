"""Words in the place of words: two merged into one, one split into two, two exchanged; the truth is kept as labels.

A pseudoword, two words made one so that its senses are known without any annotator: Schütze (1992), Context space;
Gale, Church and Yarowsky (1992), Work on statistical methods for word sense disambiguation.
"""

from collections.abc import Callable, Iterator
from typing import Literal

import numpy as np

from core.corpus.corpus import Corpus
from core.corpus.counter.operation import FROM, Ending, Label, Made, Operation, Parents, hashes, ids_of, seed_option
from core.corpus.counter.stretches import Stretch, stretches, token_end
from core.options import option
from core.problem import Problem, marked

CHANGED = "changed"  # the column of the truth: how many words of the document were replaced
Choose = Callable[[int, np.ndarray, np.ndarray], np.ndarray]
SEPARATOR = "\u200b"  # a blank of no width: it parts words in scripts that write none


class Replacing(Operation):
    """What the three have in common: for each occurrence of a word, what is written there, and its label."""

    def _targets(self, corpus: Corpus) -> dict[int, int]:
        """The ids of the words that are replaced, each with its number (0, 1)."""
        raise NotImplementedError

    def _written(self, corpus: Corpus) -> tuple[str, str]:
        """The two forms, by choice."""
        raise NotImplementedError

    def _labels(self, corpus: Corpus) -> tuple[str, str]:
        """The two labels, by choice."""
        raise NotImplementedError

    def _chooser(self, _corpus: Corpus) -> Choose:
        """What tells the choice (0, 1) for each of a document's tokens, occurrences of words with these numbers."""
        return lambda _document, _tokens, numbers: numbers

    def _keeps_capitals(self) -> bool:
        """Whether what is written has the capitals of what stood there, where case does not count."""
        return True

    def check(self, corpus: Corpus, _other: Corpus | None = None) -> None:
        self.forms(corpus)
        self._chooser(corpus)

    def made(self, parents: Parents) -> Iterator[Made]:
        corpus = parents.own
        targets, forms, labels = self._targets(corpus), self._written(corpus), self._labels(corpus)
        table = np.full(corpus.types, -1, np.int8)
        table[list(targets)] = list(targets.values())
        words = {i: corpus.cut(1).vocab.words[i] for i in targets}
        writer, choose = _Writer(corpus, words, forms, labels, self._keeps_capitals()), self._chooser(corpus)
        writer.new = [form for form in dict.fromkeys(forms) if writer.parted and corpus.cut(1).vocab.get(form) is None]
        for stretch in stretches(corpus):
            numbers = table[corpus.tokens[stretch.first : stretch.last]]
            found = np.flatnonzero(numbers >= 0)
            choices = choose(stretch.document, found + stretch.first, numbers[found])
            yield from writer.made(stretch, found + stretch.first, choices)


class _Writer:
    """Writes stretches with other words at some of the tokens."""

    def __init__(
        self, corpus: Corpus, words: dict[int, str], forms: tuple[str, str], labels: tuple[str, str], capitals: bool
    ):
        self.corpus, self.words, self.forms, self.labels = corpus, words, forms, labels
        self.capitals = capitals and corpus.facts["lowercase"]
        self.lowercase, self.parted = corpus.facts["lowercase"], corpus.facts["tokenizer"] == "chinese"
        self.new: list[str] = []  # forms that must not come about by chance where two other words meet
        self.length = self.changed = 0  # of the document so far: characters written, words replaced

    def made(self, stretch: Stretch, tokens: np.ndarray, choices: np.ndarray) -> Iterator[Made]:
        parts: list[str] = []
        labels: list[Label] = []
        done = 0
        for token, choice in zip(tokens.tolist(), choices.tolist()):
            begin, end = self._place(stretch, token)
            form = self._form(stretch.text[begin:end], self.forms[choice])
            before, after = self._kept(stretch.text[done:begin]), stretch.text[end : end + 1]
            if self.parted and (before[-1:].isalnum() or (not before and labels)):
                before += SEPARATOR
            self.length += len(before)
            labels.append(Label(self.length, self.length + len(form), self.labels[choice]))
            parts += [before, form]
            self.length += len(form)
            done = end
            if self.parted and after.isalnum():
                parts.append(SEPARATOR)
                self.length += 1
        parts.append(self._kept(stretch.text[done:]))
        self.length += len(parts[-1])
        self.changed += len(labels)
        yield "".join(parts)
        yield from labels
        if stretch.ends:
            yield Ending(stretch.document, {FROM: str(stretch.document), CHANGED: str(self.changed)})
            self.length = self.changed = 0

    def _kept(self, text: str) -> str:
        """Text between two replaced words."""
        for form in self.new:
            text = text.replace(form, form[:1] + SEPARATOR + form[1:])
        return text

    def _place(self, stretch: Stretch, token: int) -> tuple[int, int]:
        """The characters of the stretch that a token takes."""
        begin = int(self.corpus.starts[token]) - stretch.base
        limit = int(self.corpus.starts[token + 1]) - stretch.base if token + 1 < stretch.last else len(stretch.text)
        return begin, token_end(stretch.text, begin, self.words[int(self.corpus.tokens[token])], limit, self.lowercase)

    def _form(self, surface: str, form: str) -> str:
        """The form, with the capitals of what stands in the text if they are kept."""
        if not self.capitals or not surface[:1].isupper():
            return form
        return form.upper() if len(surface) > 1 and surface.isupper() else form[:1].upper() + form[1:]


class MergeWords(Replacing):
    """Every occurrence of two words becomes one new word; which of the two it was is its gold label."""

    name = "merge words"
    title = marked("Merge two words")
    help = marked("Two words become one with two senses that are known: does a model tell them apart?")

    first: str = option("", "First word", "A word of the corpus, or several forms of it parted by blanks.")
    second: str = option("", "Second word", "A word of the corpus, or several forms of it parted by blanks.")
    form: str = option("", "New word", "How the two are written from now on; empty: the two together.")
    one_form: bool = option(
        True,
        "One form",
        "The new word is written the same everywhere; else it keeps the capitals of what stood there, "
        "and of two words one has more of them: they tell the sense without any context.",
    )

    def called(self, name: str) -> str:
        return f"{name}, {self.first.split()[0]} and {self.second.split()[0]} merged"

    def _targets(self, corpus: Corpus) -> dict[int, int]:
        return _pair(corpus, self.first, self.second)

    def _written(self, corpus: Corpus) -> tuple[str, str]:
        form = self.forms(corpus)[0]
        return form, form

    def _labels(self, corpus: Corpus) -> tuple[str, str]:
        return _leaders(self._targets(corpus), corpus)

    def _keeps_capitals(self) -> bool:
        return not self.one_form

    def forms(self, corpus: Corpus) -> list[str]:
        words = _leaders(self._targets(corpus), corpus)
        alone = corpus.facts["tokenizer"] == "characters"
        form = self.form.strip() or (words[0] if alone else "".join(words))
        return [_free(corpus, form, self._targets(corpus))]


class SwapWords(Replacing):
    """Each of two words stands where the other stood."""

    name = "swap words"
    title = marked("Swap two words")
    help = marked("Each of two words takes the other's places: does its meaning come from its places?")

    first: str = option("", "First word", "A word of the corpus.")
    second: str = option("", "Second word", "A word of the corpus.")

    def called(self, name: str) -> str:
        return f"{name}, {self.first.strip()} and {self.second.strip()} swapped"

    def _targets(self, corpus: Corpus) -> dict[int, int]:
        targets = _pair(corpus, self.first, self.second)
        if len(targets) > 2:
            raise Problem("{words} are more than two words: give one and one.", words=f"{self.first}, {self.second}")
        return targets

    def _written(self, corpus: Corpus) -> tuple[str, str]:
        first, second = _leaders(self._targets(corpus), corpus)
        return second, first

    def _labels(self, corpus: Corpus) -> tuple[str, str]:
        return _leaders(self._targets(corpus), corpus)

    def forms(self, corpus: Corpus) -> list[str]:
        return list(self._written(corpus))


class SplitWord(Replacing):
    """Some occurrences of a word become one new word, the others another one; which, is the label."""

    name = "split word"
    title = marked("Split a word in two")
    help = marked("One word becomes two that mean the same: does a model find that they do?")

    word: str = option("", "Word", "A word of the corpus, or several forms of it parted by blanks.")
    first: str = option("", "First new word", "How the one half is written; empty: the word with a 1.")
    second: str = option("", "Second new word", "How the other half is written; empty: the word with a 2.")
    by: Literal["occurrence", "document", "column"] = option(
        "occurrence", "By", "A coin for each occurrence, a coin for each document, or the value of a column."
    )
    share: float = option(0.5, "Share", "The chance of the first new word.", low=0.0, high=1.0, step=0.1)
    column: str = option("", "Column", "For a split by column: the column of the table.")
    value: str = option("", "Value", "Documents with this value get the first new word; empty: the commonest value.")
    seed: int = seed_option()

    def called(self, name: str) -> str:
        return f"{name}, {self.word.split()[0]} split"

    def _targets(self, corpus: Corpus) -> dict[int, int]:
        return dict.fromkeys(ids_of(corpus, self.word, self.fields()["word"].title), 0)

    def _written(self, corpus: Corpus) -> tuple[str, str]:
        targets = self._targets(corpus)
        word = corpus.cut(1).vocab.words[next(iter(targets))]
        first, second = self.first.strip() or f"{word}1", self.second.strip() or f"{word}2"
        if corpus.cut(1).vocab.tokenize(first) == corpus.cut(1).vocab.tokenize(second):
            raise Problem("{word} is given for both halves: give two different words.", word=first)
        return _free(corpus, first, targets), _free(corpus, second, targets)

    def _labels(self, corpus: Corpus) -> tuple[str, str]:
        return self._written(corpus)

    def forms(self, corpus: Corpus) -> list[str]:
        return list(self._written(corpus))

    def _chooser(self, corpus: Corpus) -> Choose:
        if self.by == "column":
            halves = self._by_column(corpus)
            return lambda document, tokens, _numbers: np.full(len(tokens), halves[document])
        if self.by == "document":
            return lambda document, tokens, _numbers: self._tossed(np.full(len(tokens), document))
        return lambda _document, tokens, _numbers: self._tossed(tokens)

    def _tossed(self, numbers: np.ndarray) -> np.ndarray:
        chance = (hashes(self.seed, numbers) >> np.uint64(11)) * 2.0**-53
        tossed: np.ndarray = (chance >= self.share).astype(np.int8)
        return tossed

    def _by_column(self, corpus: Corpus) -> np.ndarray:
        """int8 (documents,): 0 where the column has the value, else 1."""
        if self.column not in corpus.table.columns:
            columns = ", ".join(map(str, corpus.table.columns[:30])) or "-"
            raise Problem("There is no column {asked}; the columns are {columns}.", asked=self.column[:80],
                          columns=columns)  # fmt: skip
        values = corpus.table[self.column]
        value = self.value or values.mode().iloc[0] if values.notna().any() else self.value
        if not (values == value).any():
            raise Problem("No document has {value} in the column {column}: choose another value.",
                          value=value[:80], column=self.column)  # fmt: skip
        halves: np.ndarray = (values != value).to_numpy().astype(np.int8)
        return halves


def _pair(corpus: Corpus, first: str, second: str) -> dict[int, int]:
    """The ids of the words of two options, numbered 0 and 1. Raises Problem if a word is in both."""
    ones, others = ids_of(corpus, first, "First word"), ids_of(corpus, second, "Second word")
    twice = [word for i, word in ones.items() if i in others]
    if twice:
        raise Problem("{word} is given twice: give two different words.", word=twice[0])
    return dict.fromkeys(ones, 0) | dict.fromkeys(others, 1)


def _leaders(targets: dict[int, int], corpus: Corpus) -> tuple[str, str]:
    """The word that stands for each number: the one named first."""
    words = corpus.cut(1).vocab.words
    first: dict[int, str] = {}
    for i, number in targets.items():
        first.setdefault(number, words[i])
    return first[0], first[1]


def _free(corpus: Corpus, form: str, targets: dict[int, int]) -> str:
    """The form, if no other word of the corpus is written so. Raises Problem otherwise."""
    known = corpus.cut(1).vocab.get(form)
    if known is not None and known not in targets:
        raise Problem("{form} is a word of the corpus already: choose a new one.", form=form[:80])
    return form
