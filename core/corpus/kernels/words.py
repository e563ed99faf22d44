"""The compiled tokeniser of words: UTF-8 bytes in, where each word lies out.

The kernel reads one block of text (whole documents, or a part of one that was cut between a word and what follows it)
and releases the interpreter lock, so two threads use two cores. It looks at 64 bytes at once: a stretch of ASCII
letters, digits and blanks is cut by the bits that say which is which; what else there is, character by character.
`core.corpus.kernels.lookup` then looks the words up.
"""

import numpy as np
from numba import boolean, int64, njit, uint8, uint32, uint64

from core.corpus.characters import BLANK, HAN, JOINER, LETTER, LOWER, MARK, NEWLINE, OTHER
from core.corpus.kernels.text import (
    COMPILED,
    FIRST,
    FRESH_QUOTED,
    WITHIN,
    ascii_letters,
    between,
    blanks64,
    code_point,
    eight,
    letters64,
    ones,
    trailing_zeros,
)

_ONE = np.uint64(1)


@njit(**COMPILED)
def _word(text, i, end, classes):
    """The word that begins at byte i: (the byte after it, its characters)."""
    length = 0
    code, width = code_point(text, i)
    while True:
        i += width
        length += 1
        if i >= end:
            break
        code, width = code_point(text, i)
        kind = classes[code]
        if kind == JOINER and i + width < end:
            after, _ = code_point(text, i + width)
            kind = MARK if classes[after] == LETTER or classes[after] == LOWER else JOINER
        if kind != LETTER and kind != LOWER and kind != MARK:
            break
    return i, length


@njit(**COMPILED)
def _ascii_word(text, i, end):
    """The byte after the word of ASCII letters that begins at byte i; -1 if it may go on with others."""
    letters = 8
    while letters == 8:
        letters = ascii_letters(eight(text, i, end))
        i += letters
    return i if i >= end or _parts(text[i]) else -1


@njit(**COMPILED)
def _parts(byte):
    """Whether no word goes on with this byte: ASCII, and no apostrophe; it is no letter."""
    return byte < 0x80 and byte != 39


@njit(**COMPILED)
def _ends_no_sentence(text, begin, end, abbreviations):
    """A full stop after one capital letter (J. Smith) or after a known abbreviation (Mr.) ends no sentence."""
    if begin < 0 or end - begin > 8:
        return False
    if end - begin == 1 and 65 <= text[begin] <= 90:
        return True
    key = eight(text, begin, end)
    for known in abbreviations:
        if known == key:
            return True
    return False


@njit(**COMPILED)
def _plain(text, i, end):
    """Words of ASCII letters among blanks in the 64 bytes from i on.

    Returns (the bits where they begin; the bits after them; how many bytes of letters and blanks there are): a word
    that may go on has no end.
    """
    letters = letters64(text, i)
    stop = min(trailing_zeros(~(letters | blanks64(text, i))), end - i)
    if stop < 64:
        letters &= (_ONE << np.uint64(stop)) - _ONE
    begins, ends = letters & ~(letters << _ONE), (letters << _ONE) & ~letters
    if stop < 64 and i + stop < end and not _parts(text[i + stop]):
        ends &= ~(_ONE << np.uint64(stop))
    return begins, ends, stop


@njit((uint8[::1], int64[::1], boolean, int64, boolean, uint8[::1], uint64[::1],
       uint32[::1], uint32[::1], uint32[::1], int64[::1]), **COMPILED)  # fmt: skip
def words(text, document_ends, begun, newlines_needed, every, classes, abbreviations,
          begins, ends, starts, sentences):  # fmt: skip
    """Find the words of one block.

    text: the block. document_ends: the byte where each document of the block ends (the last may go on after it).
    begun: the first document began in an earlier block. newlines_needed: line ends that end a sentence (2 for text
    wrapped at a line width). every: what is neither in a word nor white space is a token too, each character by itself.
    begins, ends, starts, sentences: room for what is found, an entry for every byte (for every second if not `every`):
    of each token its first byte and the one after it; its first character in the document, in the block for one that
    had begun; the tokens that begin a sentence.

    Returns (tokens; sentences; int64 tokens and characters of each document).
    """
    in_document = np.zeros(len(document_ends), np.int64)
    characters = np.zeros(len(document_ends), np.int64)
    n = s = i = 0
    for d in range(len(document_ends)):
        end, place, newlines, word_end, first = document_ends[d], 0, 0, -1, n
        state = WITHIN if begun and d == 0 else FIRST
        while i < end:
            if text[i] < 0x80 and i + 64 <= len(text):
                at, after, stop = _plain(text, i, end)
                if stop > 0 and at & _ONE == 0:
                    state = between(state, BLANK, newlines, newlines_needed)
                if after:
                    if state > FRESH_QUOTED or (state == FRESH_QUOTED and text[i + trailing_zeros(at)] < 97):
                        sentences[s] = n
                        s += 1
                    state, newlines, shift = WITHIN, 0, place - i
                    for _ in range(ones(after)):
                        begin = i + trailing_zeros(at)
                        begins[n], starts[n] = begin, begin + shift
                        ends[n] = word_end = i + trailing_zeros(after)
                        at &= at - _ONE
                        after &= after - _ONE
                        n += 1
                step = trailing_zeros(at) if at else stop
                i += step
                place += step
                if step > 0:
                    continue
            code, width = code_point(text, i)
            kind = classes[code]
            is_first = state > FRESH_QUOTED
            if kind == LETTER or kind == LOWER:
                after = _ascii_word(text, i, end) if code < 0x80 else -1
                length = after - i
                if after < 0:
                    after, length = _word(text, i, end, classes)
                is_first = is_first or (state == FRESH_QUOTED and kind == LETTER)
                state, newlines, word_end = WITHIN, 0, after
            else:
                newlines += kind == NEWLINE
                follows = state
                if not (code == 46 and word_end == i and _ends_no_sentence(text, begins[n - 1], i, abbreviations)):
                    follows = between(state, kind, newlines, newlines_needed)
                if (not every or kind == BLANK or kind == NEWLINE
                        or (kind == JOINER and code != 39 and code != 0x2019)):  # fmt: skip
                    i += width
                    place += 1
                    state = follows
                    continue
                after, length = i + width, 1
                if kind != HAN and kind != MARK and kind != OTHER:
                    is_first = state == FIRST
                    state = between(WITHIN, kind, newlines, newlines_needed) if is_first else follows
                else:
                    state = WITHIN
            if is_first:
                sentences[s] = n
                s += 1
            begins[n], ends[n], starts[n] = i, after, place
            n += 1
            place += length
            i = after
        in_document[d], characters[d] = n - first, place
    return n, s, in_document, characters
