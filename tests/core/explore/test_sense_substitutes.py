"""Substitutes of each sense, by a model made by hand that knows two contexts."""

from collections.abc import Sequence

import numpy as np
import pytest

from core.corpus import Corpus
from core.explore.sense_substitutes import substitutes
from core.explore.senses import find
from core.problem import Problem
from tests.steps import ended

CORPUS = Corpus.from_texts(["the bank of the river", "a bank lends money", "shore and lender"] * 3)
ROWS = find(CORPUS, "bank").frame


class Guesser:
    def masked_word(self, tokens: Sequence[str], i: int) -> np.ndarray:
        shares = np.full(len(CORPUS.vocab), 0.01)
        shares[CORPUS.vocab.index("bank")] = 0.5
        shares[CORPUS.vocab.index("shore" if "river" in tokens else "lender")] = 0.3
        return shares


def test_each_sense_is_named_by_what_could_stand_there_but_the_word_itself() -> None:
    river, money = ended(substitutes(Guesser(), CORPUS.vocab, ROWS, np.array([0, 1] * 3)))
    assert river[0] == ["shore", pytest.approx(0.3), pytest.approx(30)]
    assert money[0][0] == "lender" and "bank" not in [word for word, *_ in river + money]


def test_a_word_of_several_tokens_cannot_be_hidden() -> None:
    letters = Corpus.from_texts(["a bank"], tokenizer="characters")
    with pytest.raises(Problem, match="cannot hide"):
        ended(substitutes(Guesser(), letters.vocab, ROWS, np.array([0, 1] * 3)))
