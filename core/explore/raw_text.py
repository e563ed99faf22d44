"""The text itself searched, across words: RE2 over the memory-mapped file, whose time grows with the text alone.

A match lies within one document, and within LONGEST_MATCH bytes. ^ and $ are the ends of a line. Case is ignored where
the corpus folds it.
"""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np

from core.corpus import Corpus
from core.explore.query import Query, matching
from core.problem import Problem

MOST_PLACES = 1_000_000
LONGEST_MATCH = 1 << 16  # bytes
_PART = 4 << 20  # bytes searched at a time
_THREADS = 2
_LOOK = 1 << 12  # bytes in which a cut looks for a line end or a blank
_BEGIN, _END, _OTHER = "\ufdd0", "\ufdd1", "\ufdd2"  # no characters: Unicode keeps them free for such marks


def count(corpus: Corpus, expression: str) -> int:
    """How often the expression is found in all documents."""
    import pyarrow.compute as pc

    if not corpus.facts["bytes"]:
        return 0
    found = matching(_texts(corpus), "(?m)" + expression, pc.count_substring_regex, bool(corpus.facts["lowercase"]))
    return int(pc.sum(found).as_py())


def _texts(corpus: Corpus) -> Any:
    """The documents as an Arrow array over the files: nothing is copied."""
    import pyarrow as pa

    text = np.memmap(corpus.folder / "text.utf8", np.uint8, "r")
    buffers = pa.py_buffer(np.ascontiguousarray(corpus.documents.bounds, np.int64)), pa.py_buffer(text)
    return pa.LargeStringArray.from_buffers(len(corpus.documents), *buffers)


def places(corpus: Corpus, query: Query) -> np.ndarray:
    """int64 (m, 2): the bytes of the whole text where each match begins and ends, in order; empty ones left out.

    Raises Problem for more than a million.
    """
    flags = "(?mi)" if corpus.facts["lowercase"] else "(?m)"
    found, total, reached = [np.zeros((0, 2), np.int64)], 0, 0
    for part, end in _searched(corpus, flags + query.expression):
        part = part[(part[:, 0] >= reached) & (part[:, 0] < end) & (part[:, 0] < part[:, 1])]
        found.append(part)
        total += len(part)
        reached = int(part[-1, 1]) if len(part) else reached
        if total > MOST_PLACES:
            raise Problem("{text} is found more than {limit} times in the text: search for something rarer, or for "
                          "words.", text=query.text, limit=MOST_PLACES)  # fmt: skip
    return np.concatenate(found)


def _searched(corpus: Corpus, expression: str) -> Iterator[tuple[np.ndarray, int]]:
    """(matches int64 (m, 2) in bytes of the whole text, where the next stretch begins) of each stretch, in order.

    Two threads search, two stretches ahead: RE2 leaves the others the interpreter's lock.
    """

    def search(edges: np.ndarray) -> np.ndarray:
        data = corpus.documents.raw(int(edges[0]), int(edges[-1]))
        return _matches(data, edges - edges[0], expression) + edges[0]

    at_work: deque[tuple[Future[np.ndarray], int]] = deque()
    with ThreadPoolExecutor(_THREADS) as team:
        try:
            for edges, end in _parts(corpus):
                at_work.append((team.submit(search, edges), end))
                if len(at_work) > _THREADS:
                    part, reached = at_work.popleft()
                    yield part.result(), reached
            for part, reached in at_work:
                yield part.result(), reached
        finally:
            team.shutdown(cancel_futures=True)


def _parts(corpus: Corpus) -> Iterator[tuple[np.ndarray, int]]:
    """Stretches of the text: (edges int64 of the documents in it, in bytes; where the next stretch begins).

    A long document comes in several, each with LONGEST_MATCH bytes of the next one, for the matches that begin before.
    """
    bounds = np.asarray(corpus.documents.bounds)
    document = 0
    while document < len(bounds) - 1:
        first = int(bounds[document])
        last = int(np.searchsorted(bounds, first + _PART, "right")) - 1
        if last > document:
            yield bounds[document : last + 1], int(bounds[last])
            document = last
            continue
        document += 1
        while first < bounds[document]:
            end = _cut(corpus, first, int(bounds[document]))
            yield np.array([first, _character(corpus, min(end + LONGEST_MATCH, int(bounds[document])))]), end
            first = end


def _cut(corpus: Corpus, first: int, last: int) -> int:
    """Where a stretch of a long document ends: after a line end or else a blank, if there is one nearby."""
    end = first + _PART
    if end >= last:
        return last
    near = corpus.documents.raw(end - _LOOK, end)
    found = max(near.rfind(b"\n"), -1) if b"\n" in near else near.rfind(b" ")
    return end - len(near) + found + 1 if found >= 0 else _character(corpus, end)


def _character(corpus: Corpus, place: int) -> int:
    """The last byte at or before this one where a character begins."""
    before = corpus.documents.raw(place - 3, place + 1)
    back = next((i for i, byte in enumerate(reversed(before)) if byte & 0xC0 != 0x80), 0)
    return place - back if len(before) == 4 else place


def _matches(data: bytes, edges: np.ndarray, expression: str) -> np.ndarray:
    """int64 (m, 2): where matches begin and end in UTF-8. edges: int64 (k + 1,), of the texts in it.

    RE2 puts a mark before and after each match; where the marks come to stand says where the matches were.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    if _BEGIN.encode()[:2] in data:
        data = data.replace(_BEGIN.encode(), _OTHER.encode()).replace(_END.encode(), _OTHER.encode())
    buffers = pa.py_buffer(np.ascontiguousarray(edges, np.int64)), pa.py_buffer(data)
    texts = pa.LargeStringArray.from_buffers(len(edges) - 1, *buffers)
    letters = pc.replace_substring_regex(texts, expression, f"{_BEGIN}\\0{_END}").buffers()[2]
    marked = np.frombuffer(letters, np.uint8) if letters else np.zeros(0, np.uint8)
    first, second, *thirds = *_BEGIN.encode(), _END.encode()[2]
    marks = np.flatnonzero(marked[:-2] == first)
    marks = marks[(marked[marks + 1] == second) & np.isin(marked[marks + 2], thirds)]
    return (marks - 3 * np.arange(len(marks))).reshape(-1, 2)
