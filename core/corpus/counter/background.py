"""Background: documents of a second corpus added to the first."""

from collections.abc import Iterator
from typing import Literal

import numpy as np

from core.corpus.corpus import Corpus
from core.corpus.counter.operation import FROM, Ending, Made, Operation, Parents, hashes, seed_option
from core.corpus.counter.stretches import pieces
from core.options import option
from core.problem import Problem, marked

PART = "part"  # the column of the truth: own or background


class AddBackground(Operation):
    """The own documents stay; documents of another corpus come after them or among them, each in its order."""

    name = "add background"
    title = marked("Add background")
    result = "with background"
    help = marked("Documents of a second corpus are added: what does a model of the first learn from other texts?")
    needs_other = True

    documents: int = option(
        100, "Documents", "How many documents of the other corpus are added.", low=1, high=1_000_000, step=10
    )
    place: Literal["after", "among"] = option(
        "after", "Place", "After the corpus' own documents, or among them at places of chance."
    )
    seed: int = seed_option()

    def check(self, _corpus: Corpus, other: Corpus | None = None) -> None:
        if other is None:
            raise Problem("There is no second corpus: choose the one whose documents are added.")
        known, asked = len(other.documents), self.documents
        if asked > known:
            raise Problem(
                "The other corpus has {known} documents, and {asked} are to be added: add at most {known}, or read it "
                "again split into more documents.",
                known=known,
                asked=asked,
            )

    def made(self, parents: Parents) -> Iterator[Made]:
        corpus, other = parents
        assert other is not None
        known, asked = len(other.documents), self.documents
        chosen = np.sort(np.argsort(hashes(self.seed, np.arange(known)), kind="stable")[:asked])
        for mine, document in self._order(len(corpus.documents), chosen):
            yield from pieces(corpus if mine else other, document)
            part = "own" if mine else "background"
            yield Ending(document, {PART: part, FROM: str(document)}, background=not mine)

    def _order(self, own: int, chosen: np.ndarray) -> Iterator[tuple[bool, int]]:
        """Whether a document is an own one, and its number."""
        total = own + len(chosen)
        foreign = np.arange(total) >= own
        if self.place == "among":
            foreign = np.zeros(total, bool)
            foreign[np.argsort(hashes(self.seed + 1, np.arange(total)), kind="stable")[own:]] = True
        numbers = np.where(foreign, np.append(chosen, 0)[np.cumsum(foreign) - 1], np.cumsum(~foreign) - 1)
        yield from zip((~foreign).tolist(), numbers.tolist())
