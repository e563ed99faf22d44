"""Subword pieces, learned from a corpus by the tokenizers library: BPE, WordPiece or Unigram.

Text is first cut into words (letters, digits, apostrophes within them), Chinese characters and all other characters
that can be seen, each of these two by itself. Only words are cut further. A piece that goes on with a word begins with
##, whatever the model: "reading" -> "read", "##ing". A character that the pieces do not cover is a piece by itself,
so nothing is lost and there is no special symbol; such characters are at most 0.05 % of the text (SentencePiece's
character coverage, Kudo and Richardson 2018), and a min count leaves the rare ones out of the vocabulary.

BPE: Sennrich, Haddow and Birch 2016. WordPiece: the same pieces, of which the longest that fits comes first (Schuster
and Nakajima 2012, as in BERT). Unigram: Kudo 2018.
"""

import json
import os
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

import numpy as np

from core.corpus.characters import fold
from core.corpus.tokenizers import CONTINUES

_BEGINS = "\u2581"  # before a word, for models that have no sign for going on; it is in no word
_COVERED = 0.9995  # of all characters
_MOST_WORDS = 10_000_000  # occurrences that are learned from: beyond, all counts are scaled down together
_LONGEST = 100  # characters of a word that are cut together
_TOGETHER = 2000  # occurrences of a word in one line that is learned from
Cut = list[tuple[str, int]]  # a word's pieces, each with the character of the folded word where it begins


def learn(kind: str, size: int, words: list[str], counts: np.ndarray) -> str:
    """Learn about `size` pieces, single characters included, from words as they are counted; the model as JSON.

    The same words and counts give the same pieces, bit by bit.
    """
    alphabet = covered(words, counts)
    alone = {word for word in words if len(word) == 1 and word in alphabet}
    long = [len(word) > 1 and alphabet.issuperset(word) for word in words]
    chosen = [(word[:_LONGEST], int(count)) for word, count, fits in zip(words, counts, long) if fits]
    inner = {character for word, _ in chosen for character in word}
    room = max(size - len(alone - inner), 2 * len(inner) + 2)
    scaled = _scaled(chosen)
    if kind == "unigram":
        return _learn_unigram(room, scaled)
    pieces = _learn_bpe(room, scaled)
    return pieces if kind == "bpe" else _as_wordpiece(pieces)


def covered(words: list[str], counts: np.ndarray) -> set[str]:
    """The most frequent characters that make up 99.95 % of all."""
    lengths = np.fromiter(map(len, words), np.int64, len(words))
    codes = np.frombuffer("".join(words).encode("utf-32-le"), np.uint32)
    used, place = np.unique(codes, return_inverse=True)
    often = np.bincount(place, np.repeat(counts, lengths), len(used))
    order = np.lexsort((used, -often))
    enough = int(np.searchsorted(np.cumsum(often[order]), _COVERED * often.sum())) + 1
    return {chr(code) for code in used[order[:enough]].tolist()}


def _scaled(words: list[tuple[str, int]]) -> list[tuple[str, int]]:
    total = sum(count for _, count in words)
    if total <= _MOST_WORDS:
        return words
    return [(word, count * _MOST_WORDS // total) for word, count in words if count * _MOST_WORDS >= total]


def _lines(words: Iterable[tuple[str, int]]) -> Iterator[str]:
    """Every word as often as it occurs: the library counts for itself."""
    for word, count in words:
        for done in range(0, count, _TOGETHER):
            yield " ".join([_BEGINS + word] * min(_TOGETHER, count - done))


def loaded() -> Any:
    """The tokenizers library, on one thread: its threads would warn of every process that is forked later."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    import tokenizers

    return tokenizers


def _learn_bpe(size: int, words: list[tuple[str, int]]) -> str:
    library = loaded()
    model = library.Tokenizer(library.models.BPE())
    model.pre_tokenizer = library.pre_tokenizers.WhitespaceSplit()
    trainer = library.trainers.BpeTrainer(vocab_size=size, show_progress=False, special_tokens=[])
    model.train_from_iterator(_lines(words), trainer)
    return _without_splitting(model)


def _learn_unigram(size: int, words: list[tuple[str, int]]) -> str:
    from core.corpus.unigram import learn_unigram

    library = loaded()
    vocab = learn_unigram([(_BEGINS + word, count) for word, count in words], size) or [(_BEGINS, 0.0)]
    return str(library.Tokenizer(library.models.Unigram(vocab)).to_str())


def _without_splitting(model: Any) -> str:
    """The model's JSON; words come to it one by one, so that white space means nothing to it."""
    model.pre_tokenizer = None
    text: str = model.to_str()
    return text


def _as_wordpiece(bpe: str) -> str:
    """WordPiece with the pieces of a BPE model, as the library's own trainer makes it."""
    library = loaded()
    known = json.loads(bpe)["model"]["vocab"]
    ordered = sorted(known, key=known.__getitem__)
    letters = [piece for piece in ordered if len(piece) == 1 and piece != _BEGINS]
    forms = ["[UNK]", *letters, *(CONTINUES + letter for letter in letters), *map(_shown, ordered)]
    vocab = {form: i for i, form in enumerate(dict.fromkeys(form for form in forms if form))}
    return str(library.Tokenizer(library.models.WordPiece(vocab, unk_token="[UNK]")).to_str())


def _shown(piece: str) -> str:
    """A piece of a model that marks where words begin, in the form that marks where they go on; "" for the mark."""
    return piece[1:] if piece.startswith(_BEGINS) else CONTINUES + piece


class Pieces:
    """A learned model, ready to cut words."""

    def __init__(self, text: str):
        record = json.loads(text)["model"]
        self._model = loaded().Tokenizer.from_str(text)
        self._mark = "" if record["type"] == "WordPiece" else _BEGINS
        known = [piece for piece, _ in record["vocab"]] if record["type"] == "Unigram" else record["vocab"]
        self._letters = frozenset(piece for piece in known if len(piece) == 1) - {_BEGINS}

    def cut(self, words: list[str]) -> list[Cut]:
        """The pieces of every word, in the form under which it is counted."""
        found: list[Cut] = [[] for _ in words]
        asked: list[tuple[int, int, str]] = []  # word, first character, stretch that the model is to cut
        for number, word in enumerate(words):
            if len(word) > 1 and len(word) <= _LONGEST and self._letters.issuperset(word):
                asked.append((number, 0, word))
            else:
                asked += [(number, begin, part) for begin, part in self._stretches(word)]
        encoded = self._model.encode_batch(
            [self._mark + part if len(part) > 1 else "" for _, _, part in asked], add_special_tokens=False
        )
        for (number, place, part), result in zip(asked, encoded):
            pieces = [part] if len(part) == 1 else self._plain(result.tokens)
            for piece in pieces:
                found[number].append((CONTINUES + piece if place else piece, place))
                place += len(piece)
        return found

    def _plain(self, pieces: list[str]) -> list[str]:
        """The pieces without any mark: together they are the word."""
        if not self._mark:
            return [pieces[0], *(piece[len(CONTINUES) :] for piece in pieces[1:])]
        first = pieces[0][1:]
        return [first, *pieces[1:]] if first else pieces[1:]

    def _stretches(self, word: str) -> Iterator[tuple[int, str]]:
        """Where a long word, or one with characters that no piece covers, is cut before the model sees it."""
        begin = 0
        for i, character in enumerate(word):
            if character not in self._letters:
                if i > begin:
                    yield begin, word[begin:i]
                yield i, character
                begin = i + 1
            elif i + 1 - begin == _LONGEST:
                yield begin, word[begin : i + 1]
                begin = i + 1
        if begin < len(word):
            yield begin, word[begin:]


@lru_cache(maxsize=4)
def model(text: str) -> Pieces:
    """The model of this JSON."""
    return Pieces(text)


def places_in(spelt: str, word: str, places: list[int], lowercase: bool) -> list[int]:
    """The characters of a word as it is spelt that stand at these places of its counted form."""
    if len(places) < 2 or spelt.isascii() or (len(spelt) == len(word) and not any(map(_changes_length, spelt))):
        return places
    ends = np.cumsum([0, *(len(fold(character, lowercase)) for character in spelt)])
    if ends[-1] != len(word):  # letters that composing joins: an accent, the parts of a Korean syllable
        ends = np.array([len(fold(spelt[:i], lowercase)) for i in range(len(spelt) + 1)])
    found = np.searchsorted(np.maximum.accumulate(ends), places, "right") - 1
    return np.minimum(found, len(spelt) - 1).tolist()


def _changes_length(character: str) -> bool:
    return len(fold(character, True)) != 1 or len(fold(character, False)) != 1
