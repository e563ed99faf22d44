"""Which tokens make up a word, so that a word can be hidden as a whole.

Pieces go on with a word by their sign. A text of characters is cut into words where it is read, by the Chinese
segmenter, which keeps the words of other scripts together too.

Shapes: B rows, T tokens.
"""

import numpy as np

from core.corpus import Corpus
from core.corpus.chinese import segments
from core.encoders.networks.rows import Spans


class WholeWords:
    """Of one corpus. For a tokeniser of words, every token is one."""

    def __init__(self, corpus: Corpus):
        self._corpus, self._by_characters = corpus, corpus.vocab.tokenizer == "characters"
        self._begins = np.array([*corpus.vocab.word_starts(corpus.vocab.words), True])

    def groups(self, ids: np.ndarray, source: np.ndarray, spans: Spans) -> np.ndarray:
        """int64 (B, T): for each token of `ids` the place of its word's first one in the row.

        source int64 (B, T): the token of the text that stands there, -1 for special symbols.
        """
        begins = self._begins[np.minimum(ids, len(self._begins) - 1)]
        if self._by_characters:
            for row, several in enumerate(zip(spans.first, spans.second)):
                for first, last in several:
                    inside = np.flatnonzero((source[row] >= first) & (source[row] < last))
                    begins[row, inside] = self._words(int(first), int(last))
        begins |= (source < 0) | (np.diff(source, axis=1, prepend=-1) != 1)
        return np.maximum.accumulate(np.where(begins, np.arange(ids.shape[1]), 0), axis=1)

    def _words(self, first: int, last: int) -> np.ndarray:
        """bool (last - first,): whether a word begins at each of these tokens of one document."""
        if first == last:
            return np.zeros(0, bool)
        corpus = self._corpus
        document = int(corpus.document_of(np.array([first]))[0])
        starts = np.asarray(corpus.starts[first:last], np.int64)
        text = corpus.documents.slice(document, int(starts[0]), int(starts[-1]) + 1)
        edges = np.cumsum([0, *(len(word) for word in segments(text))])
        return np.isin(starts - starts[0], edges)
