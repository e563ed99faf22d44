"""Stretches of a corpus's held-out text: what no encoder has learned from, for all of them to read alike."""

import numpy as np

from core.corpus import Corpus, Vocab
from core.corpus.characters import fold
from core.corpus.tokenizers import Tokenization


def passages(corpus: Corpus, count: int, characters: int, number: int = 0) -> list[str]:
    """`count` stretches of about so many characters, spread evenly over the held-out text; fewer of a short one.

    number: the stretches of another number begin elsewhere. A stretch lies within one document, and begins and ends
    where a token does.
    """
    ranges = corpus.split()[1]
    starts = [_starts(corpus, first, last, characters) for first, last in ranges.tolist()]
    every = [place for some in starts for place in some]
    if not every:
        return []
    step = max(1, len(every) // max(1, count))
    chosen = (np.arange(min(count, len(every))) * step + number) % len(every)
    return [_stretch(corpus, *every[i], characters) for i in chosen.tolist()]


def _starts(corpus: Corpus, first: int, last: int, characters: int) -> list[tuple[int, int]]:
    """(token, last token + 1 of the range) of every stretch that this range has room for, at least one."""
    letters = np.asarray(corpus.starts[first:last], np.int64) - int(corpus.starts[first])
    edges = np.arange(max(1, int(letters[-1]) // characters)) * characters
    return [(first + int(np.searchsorted(letters, edge)), last) for edge in edges.tolist()]


def _stretch(corpus: Corpus, first: int, last: int, characters: int) -> str:
    document = int(corpus.document_of(np.array([first]))[0])
    begin, whole = int(corpus.starts[first]), last >= int(corpus.offsets[document + 1])
    end = corpus.documents.length(document) if whole else int(corpus.starts[last])
    letters = np.asarray(corpus.starts[first:last], np.int64)
    cut = int(np.searchsorted(letters, begin + characters))
    end = int(letters[cut]) if cut < len(letters) else min(end, begin + 2 * characters)
    return corpus.documents.slice(document, begin, end).rstrip()


def words_alone(vocab: Vocab, text: str) -> str:
    """The words of a text with single blanks between them, and nothing else; Chinese without blanks.

    So that encoders of words and of characters are asked about the same characters.
    """
    if vocab.language == "zh" or vocab.tokenizer == "chinese":
        return "".join(letter for letter in fold(text, vocab.lowercase) if letter.isalnum())
    if vocab.tokenizer == "characters":
        return " ".join(Tokenization("words", vocab.lowercase).tokenize(text))
    return " ".join(vocab.tokenize(text)).replace(" ##", "")
