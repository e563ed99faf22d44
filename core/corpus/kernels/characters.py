"""The compiled tokeniser of characters, and where a text may be cut."""

import numpy as np
from numba import boolean, int64, njit, uint8, uint32

from core.corpus.characters import BLANK, JOINER, LETTER, LOWER, MARK, NEWLINE, STOP
from core.corpus.kernels.text import COMPILED, FIRST, FRESH_QUOTED, WITHIN, between, code_point

BLOCK = (uint8[::1], int64[::1], boolean, int64, int64, uint8[::1])


@njit(**COMPILED)
def _blanks(text, i, end, classes):
    """The run of white space that begins at byte i: (the byte after it, its characters, its line ends)."""
    length = newlines = 0
    while i < end:
        code, width = code_point(text, i)
        kind = classes[code]
        if kind != BLANK and kind != NEWLINE:
            break
        newlines += kind == NEWLINE
        i += width
        length += 1
    return i, length, newlines


@njit((*BLOCK, int64, uint32[::1], int64[::1], int64[::1], int64[::1]), **COMPILED)
def characters(text, document_ends, begun, newlines_needed, base, classes,
               types, slots, codes, counts, firsts):  # fmt: skip
    """Tokenise one block into characters, a run of white space being one blank or one line end.

    Arguments and results as for `words`; slots has a place for every code point, so the table is never full. A
    sentence begins at its first character that is neither white space nor a mark that closes the one before.
    """
    room = len(text) + 1
    tokens, starts, sentences = np.empty(room, np.int32), np.empty(room, np.uint32), np.empty(room, np.int64)
    in_document = np.zeros(len(document_ends), np.int64)
    lengths = np.zeros(len(document_ends), np.int64)
    n = s = i = 0
    for d in range(len(document_ends)):
        end, place, first = document_ends[d], 0, n
        state = WITHIN if begun and d == 0 else FIRST
        while i < end:
            begin, length, newlines = i, 1, 0
            code, width = code_point(text, i)
            kind = classes[code]
            if kind == BLANK or kind == NEWLINE:
                i, length, newlines = _blanks(text, i, end, classes)
                code, kind = np.uint32(10 if newlines else 32), NEWLINE if newlines else BLANK
            else:
                i += width
            in_word = kind == LETTER or kind == LOWER or kind == MARK or kind < BLANK
            if state == FIRST or (in_word and (state > FRESH_QUOTED or (state == FRESH_QUOTED and kind != LOWER))):
                sentences[s] = n
                s += 1
                state = WITHIN
            state = WITHIN if in_word else between(state, kind, newlines, newlines_needed)
            if slots[code] == 0:
                codes[types], firsts[types] = code, base + begin
                types += 1
                slots[code] = types
            t = np.int64(slots[code]) - 1
            counts[t] += 1
            tokens[n], starts[n] = t, place
            n += 1
            place += length
        in_document[d], lengths[d] = n - first, place
    return tokens[:n].copy(), starts[:n].copy(), sentences[:s].copy(), in_document, lengths, types, False


@njit(int64(uint8[::1], uint8[::1]), **COMPILED)
def safe_cut(text, classes):
    """Where to cut a block that ends within a document: after its last word that something else than a stop follows.

    Without such a place: before its last character.
    """
    i = len(text) - 1
    while i > 0 and (text[i] & 0xC0) == 0x80:
        i -= 1
    last = i
    while i > 0:
        after = i
        i -= 1
        while i > 0 and (text[i] & 0xC0) == 0x80:
            i -= 1
        kind, follows = classes[code_point(text, i)[0]], classes[code_point(text, after)[0]]
        in_word = follows == LETTER or follows == LOWER or follows == MARK or follows == JOINER
        if (kind == LETTER or kind == LOWER) and not in_word and follows != STOP:
            return after
    return last
