"""Vectors that were learned elsewhere, read out of a file: they answer like any others, and learn nothing more here.

Beside ENCODERS, not among them: there is nothing to train, so no form offers it and the contract of training does not
apply. The formats are those of word2vec's own program (Mikolov et al. 2013), which GloVe, fastText and most others
write too; `core.store.importing` reads them.
"""

from collections.abc import Iterator
from typing import Any, Literal

import numpy as np

from core.corpus import Corpus
from core.encoders.base import Encoder, Estimate, Progress, WordVectors
from core.options import Options, option
from core.problem import Problem, marked


class ImportedOptions(Options):
    """What is on record of where the vectors came from. counts: those of the file, or what the order of words stands
    for where it has none."""

    # fmt: off
    format: Literal["word2vec", "binary", "glove", "projector", "npy"] = option(
        "word2vec", "Format", "How the file holds its words and numbers.")
    file: str = option("", "File", "The names of the files that the vectors were read from.")
    counts: Literal["rank", "file"] = option(
        "rank", "Counts", "Whether the file says how often each word occurs, or only their order stands for it.")
    # fmt: on


class Imported(Encoder, WordVectors):
    """Word vectors as a file had them."""

    name = "imported"
    title = marked("Imported vectors")
    year = 2013
    paper = "Mikolov, Chen, Corrado & Dean (2013): the file formats of word2vec, which others share"
    Options = ImportedOptions

    def train(self, corpus: Corpus) -> Iterator[Progress]:  # noqa: ARG002
        raise _no_training()

    def state(self, training: bool = True) -> dict[str, np.ndarray]:  # noqa: ARG002
        return {"vectors": self.vectors_}

    def restore(self, state: dict[str, np.ndarray]) -> None:
        self.vectors_ = state["vectors"]

    @classmethod
    def estimate(cls, options: Any, corpus: Corpus) -> Estimate:
        raise _no_training()

    def word_vectors(self) -> np.ndarray:
        return self.vectors_


def _no_training() -> Problem:
    return Problem("Imported vectors are as their file had them; train an encoder on a corpus to see one learn.")
