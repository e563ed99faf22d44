"""How a text becomes tokens, in plain Python: for what a person types, a sentence, a document.

A whole corpus is tokenised by `core.corpus.tokenise`, which agrees with this token by token (tests hold it).
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from core.corpus.characters import NEWLINES, blank_pattern, every_pattern, fold, word_pattern
from core.corpus.chinese import chinese, dictionary, dictionary_words
from core.corpus.sentences import sentence_starts, word_sentence_starts
from core.problem import Problem

if TYPE_CHECKING:
    from core.corpus.settings import ReadSettings

Tokenizer = Literal["words", "chinese", "characters", "pieces"]
TOKENIZERS: tuple[str, ...] = get_args(Tokenizer)
CONTINUES = "##"  # a piece that goes on with a word begins with it; one that begins a word does not
HIDDEN = "\ue000"  # a token, of private use, that stands for one which is not to be seen
JOINT = "_"  # between the words of a phrase
Span = tuple[str, int]  # a token, and the character of the text where it begins


@dataclass(frozen=True)
class Tokenization:
    """Everything that decides which tokens a text has.

    pieces: for the tokeniser of pieces, what was learned, as the tokenizers library's JSON; without it words stay
    whole. dictionary: words that the Chinese segmenter keeps whole. phrases: pairs of words that are joined to one
    token (new_york) where they are neighbours in a sentence. newlines: line ends that end a sentence. stop_words:
    words that are no tokens, in the form under which words are counted; no phrase has one in it.
    """

    tokenizer: str = "words"
    lowercase: bool = True
    pieces: str = ""
    dictionary: tuple[str, ...] = ()
    phrases: tuple[tuple[str, str], ...] = ()
    newlines: int = 1
    stop_words: tuple[str, ...] = ()
    whole: str = ""  # the tokenizer of a pre-trained model, which cuts texts by itself: see `core.corpus.brought`

    def __post_init__(self) -> None:
        check_tokenizer(self.tokenizer)

    @classmethod
    def of(cls, settings: "ReadSettings") -> "Tokenization":
        """What the settings say before anything is learned. Raises Problem for settings that do not go together."""
        if settings.phrases and settings.tokenizer not in ("words", "chinese"):
            raise Problem("Phrases are made of words: choose the tokeniser words or chinese, or no phrases.")
        stop = fold("\n".join(settings.stop_words.split()), settings.lowercase).split("\n")
        kept = dictionary_words(settings.dictionary) if settings.tokenizer == "chinese" else ()
        return cls(settings.tokenizer, settings.lowercase, dictionary=kept,
                   stop_words=tuple(sorted({*stop} - {""})))  # fmt: skip

    @property
    def plain(self) -> bool:
        """Whether the tokeniser's name and the folding of case say it all."""
        return not (self.pieces or self.whole or self.dictionary or self.phrases or self.stop_words)

    def tokenize(self, text: str) -> list[str]:
        """The tokens of a text in the form under which they are counted."""
        if self.plain and self.tokenizer == "words":  # the same, faster
            words = word_pattern().findall(text)
            return fold("\n".join(words), self.lowercase).split("\n") if words else []
        return [token for token, _ in self.spans(text)]

    def spans(self, text: str) -> list[Span]:
        """The tokens, each with the character of the text where it begins."""
        if self.whole:
            from core.corpus.brought import brought

            return brought(self.whole).spans(text)
        found = _SPELT[self.tokenizer](text, self)
        if not found:
            return []
        folded = fold("\n".join(token for token, _ in found), self.lowercase).split("\n")
        if self.tokenizer == "characters":  # of which one may be a line end
            folded = [fold(token, self.lowercase) for token, _ in found]
        places = [place for _, place in found]
        if self.phrases:
            folded, places = self._joined(text, found, folded)
        spans = [span for span in zip(folded, places) if span[0] not in self._stopped]
        return self._cut(spans, dict(zip(places, (token for token, _ in found)))) if self.pieces else spans

    def _joined(self, text: str, spelt: list[Span], words: list[str]) -> tuple[list[str], list[int]]:
        """Phrases in the place of their words, from left to right."""
        if self.tokenizer == "words":
            begins = {*word_sentence_starts(text, spelt, self.newlines)}
        else:
            begins = {*sentence_starts(text, [place for _, place in spelt], True, self.newlines)}
        joined, places, i = [], [], 0
        while i < len(words):
            both = i + 1 < len(words) and i + 1 not in begins and (words[i], words[i + 1]) in self._pairs
            joined.append(JOINT.join(words[i : i + 2]) if both else words[i])
            places.append(spelt[i][1])
            i += 2 if both else 1
        return joined, places

    def _cut(self, spans: list[Span], spelt: dict[int, str]) -> list[Span]:
        from core.corpus.pieces import model, places_in

        found: list[Span] = []
        for (word, begin), pieces in zip(spans, model(self.pieces).cut([word for word, _ in spans])):
            places = places_in(spelt[begin], word, [place for _, place in pieces], self.lowercase)
            found += [(piece, begin + place) for (piece, _), place in zip(pieces, places)]
        return found

    @cached_property
    def _stopped(self) -> frozenset[str]:
        return frozenset(self.stop_words)

    @cached_property
    def _pairs(self) -> frozenset[tuple[str, str]]:
        return frozenset(self.phrases)

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def from_dict(cls, record: dict[str, Any]) -> "Tokenization":
        lists = {name: tuple(record.get(name, ())) for name in ("dictionary", "stop_words")}
        pairs = tuple((first, second) for first, second in record.get("phrases", ()))
        return cls(**{**record, **lists, "phrases": pairs})

    def save(self, folder: Path) -> None:
        """Write tokenizer.json, if there is more to say than the tokeniser's name and the folding of case."""
        if not self.plain:
            text = json.dumps(self.to_dict(), ensure_ascii=False)
            (folder / "tokenizer.json").write_text(text, encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, tokenizer: str, lowercase: bool) -> "Tokenization":
        """Read tokenizer.json; without it, the plain tokenisation of this name."""
        path = folder / "tokenizer.json"
        if not path.exists():
            return cls(tokenizer, lowercase)
        return cls.from_dict(json.loads(path.read_text(encoding="utf-8")))


def tokenize(text: str, tokenizer: str, lowercase: bool) -> list[str]:
    """The tokens of a text by a tokeniser that has learned nothing."""
    return Tokenization(tokenizer, lowercase).tokenize(text)


def characters(text: str) -> list[Span]:
    """Every character; a run of white space is one blank, or one newline if there is a newline in it."""
    found: list[Span] = []
    place = 0
    for run in blank_pattern().finditer(text):
        found += zip(text[place : run.start()], range(place, run.start()))
        found.append(("\n" if NEWLINES & set(run[0]) else " ", run.start()))
        place = run.end()
    found += zip(text[place:], range(place, len(text)))
    return found


_SPELT: dict[str, Callable[[str, Tokenization], list[Span]]] = {
    "words": lambda text, _: [(word[0], word.start()) for word in word_pattern().finditer(text)],
    "chinese": lambda text, how: chinese(text, dictionary(how.dictionary)),
    "characters": lambda text, _: characters(text),
    "pieces": lambda text, _: [(word[0], word.start()) for word in every_pattern().finditer(text)],
}


def check_tokenizer(tokenizer: str) -> None:
    if tokenizer not in TOKENIZERS:
        names = ", ".join(TOKENIZERS)
        raise Problem("There is no tokeniser called {name}; choose one of {names}.", name=tokenizer, names=names)
