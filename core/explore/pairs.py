"""Pairs of a sentence and its translation out of a corpus of them."""

import numpy as np
import pandas as pd

from core.corpus import Corpus


def held_out_pairs(corpus: Corpus, count: int = 200) -> pd.DataFrame:
    """Some of the pairs that no encoder learns from, always the same: columns document, sentence, translation.

    None for a corpus without translations; pairs of which one side is empty are left out.
    """
    other, held = corpus.translation, corpus.split_documents()[1]
    if other is None:
        held = held[:0]
    else:
        held = held[np.diff(other.offsets)[held] > 0]
    some = held[np.linspace(0, len(held) - 1, min(count, len(held))).astype(int)] if len(held) else held
    sentences = [" ".join(corpus.documents[int(i)].split()) for i in some]
    translations = [" ".join(other.documents[int(i)].split()) for i in some] if other is not None else []
    return pd.DataFrame({"document": some, "sentence": sentences, "translation": translations})
