"""Which words of a text are hidden so that they are guessed: the options of that, declared once.

Devlin, Chang, Lee and Toutanova (2018), BERT, section 3.1: 15 of 100 words are to be guessed, and of these 80 are shown
as [MASK], 10 as another word and 10 as they are.
"""

from typing import Any

from core.options import Options, option
from core.problem import Problem, marked


class MaskingOptions(Options):
    """To be named first among the bases, so that these stand behind the others."""

    # fmt: off
    chosen: float = option(0.15, "Words to guess", "The share of the words that are to be guessed.",
                           low=0.01, high=0.9, step=0.05, advanced=True)
    masked: float = option(0.8, "Of them masked", "The share of these that are shown as [MASK].",
                           low=0, high=1, step=0.1, advanced=True)
    replaced: float = option(
        0.1, "Of them replaced", "The share of these that are shown as another word; the rest stay as they are.",
        low=0, high=1, step=0.1, advanced=True)
    # fmt: on

    def __init__(self, **values: Any):
        super().__init__(**values)
        if self.masked + self.replaced > 1 + 1e-9:
            sentence = marked("{masked} masked and {replaced} replaced are more than all words to guess: at most 1.")
            raise Problem(sentence, masked=self.masked, replaced=self.replaced)
