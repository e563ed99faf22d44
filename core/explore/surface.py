"""How a token stands in the text: where it ends, which the corpus does not keep, and its letters as they were typed."""

from core.corpus import Corpus
from core.corpus.characters import blank_pattern, fold, word_pattern

LONGEST = 4  # characters of text that one character of a type may have been: ᾂ is one, or a letter and three marks


class Surface:
    """Finds where tokens end, for one corpus."""

    def __init__(self, corpus: Corpus):
        facts = corpus.facts
        self._corpus = corpus
        self._index, self._tokenizer, self._lowercase = corpus.index, facts["tokenizer"], bool(facts["lowercase"])

    def reach(self, kind: int) -> int:
        """How many characters hold a token of this type for sure, with something after it."""
        return LONGEST * len(self._index.word(kind)) + 16

    def end(self, text: str, begin: int, limit: int, kind: int) -> int:
        """Where a token of a type ends that begins at `begin` of a text: at most at `limit`, where the next begins."""
        limit = min(limit, len(text))
        if self._tokenizer == "characters":
            blank = blank_pattern().match(text, begin, limit)
            return blank.end() if blank else min(begin + 1, limit)
        word = self._index.word(kind)
        if self._tokenizer == "words":
            found = word_pattern().match(text, begin, limit)
            if found and self._is(found[0], word):
                return found.end()
        end = begin + len(word)
        if end <= limit and self._is(text[begin:end], word):
            return end
        return self._guess(text, begin, limit, word)

    def place(self, document: int, position: int) -> int:
        """The character of its document where a token ends."""
        corpus = self._corpus
        begin, kind = int(corpus.starts[position]), int(corpus.tokens[position])
        reach = begin + self.reach(kind)
        if position + 1 < corpus.offsets[document + 1]:
            reach = min(reach, int(corpus.starts[position + 1]))
        text = corpus.documents.slice(document, begin, reach)
        return begin + self.end(text, 0, len(text), kind)

    def _guess(self, text: str, begin: int, limit: int, word: str) -> int:
        """The shortest stretch that folds to the word; if none does, up to the last letter before the limit."""
        limit = min(limit, begin + LONGEST * len(word) + 16)
        if len(word) <= 100:
            for end in range(begin + 1, limit + 1):
                if self._is(text[begin:end], word):
                    return end
        letters = [found.end() for found in word_pattern().finditer(text, begin, limit)]
        return letters[-1] if letters else max(begin + len(text[begin:limit].rstrip()), min(begin + 1, limit))

    def _is(self, text: str, word: str) -> bool:
        return text == word or fold(text, self._lowercase) == word
