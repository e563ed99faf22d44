"""How a token stands in the text: where it ends, which the corpus does not keep, and its letters as they were typed."""

from core.corpus import Corpus
from core.corpus.characters import blank_pattern, fold, word_pattern
from core.corpus.tokenizers import CONTINUES, JOINT

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
        if self._tokenizer == "pieces" and len(word) > len(CONTINUES):
            word = word.removeprefix(CONTINUES)
        found = self._exactly(text, begin, limit, word)
        if found is None and JOINT in word:
            found = self._phrase(text, begin, limit, word.split(JOINT))
        return self._guess(text, begin, limit, word) if found is None else found

    def _exactly(self, text: str, begin: int, limit: int, word: str) -> int | None:
        """Where the stretch ends that folds to the word."""
        if self._tokenizer == "words":
            found = word_pattern().match(text, begin, limit)
            if found and self._is(found[0], word):
                return found.end()
        end = begin + len(word)
        if end <= limit and self._is(text[begin:end], word):
            return end
        ends = range(begin + 1, min(limit, begin + LONGEST * len(word)) + 1) if len(word) <= 100 else ()
        return next((end for end in ends if self._is(text[begin:end], word)), None)

    def _phrase(self, text: str, begin: int, limit: int, words: list[str]) -> int | None:
        """Where the last of several words ends, with anything but letters between them."""
        end: int | None = begin
        for word in words:
            while end is not None and end < limit and not text[end].isalnum():
                end += 1
            end = None if end is None else self._exactly(text, end, limit, word)
        return end

    def _guess(self, text: str, begin: int, limit: int, word: str) -> int:
        """The end of the last letter before the limit."""
        limit = min(limit, begin + LONGEST * len(word) + 16)
        letters = [found.end() for found in word_pattern().finditer(text, begin, limit)]
        return letters[-1] if letters else max(begin + len(text[begin:limit].rstrip()), min(begin + 1, limit))

    def place(self, document: int, position: int) -> int:
        """The character of its document where a token ends."""
        corpus = self._corpus
        begin, kind = int(corpus.starts[position]), int(corpus.tokens[position])
        reach = begin + self.reach(kind)
        if position + 1 < corpus.offsets[document + 1]:
            reach = min(reach, int(corpus.starts[position + 1]))
        text = corpus.documents.slice(document, begin, reach)
        return begin + self.end(text, 0, len(text), kind)

    def _is(self, text: str, word: str) -> bool:
        return text == word or fold(text, self._lowercase) == word
