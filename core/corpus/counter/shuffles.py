"""Shuffles: the same words, sentences or documents in an order of chance."""

import mmap
import re
from collections.abc import Iterator
from typing import Literal

import numpy as np

from core.corpus.corpus import Corpus
from core.corpus.counter.operation import FROM, Ending, Made, Operation, Parents, hashes, keeping, seed_option
from core.corpus.counter.stretches import opening, pieces, stretches
from core.corpus.settings import ReadSettings
from core.options import option
from core.problem import Problem, marked

_TOGETHER = 1 << 20  # tokens that are shuffled at a time, where none of their groups is larger
_STOPPED = re.compile(r"[.!?…。！？｡．؟।॥][\"'”’»)\]}』」）】》〉]*\s*$")
_WIDE = re.compile(r"[。！？｡．][”’」』）】》〉]*$")


class _Always(Operation):
    """An operation that every corpus can undergo."""

    def check(self, _corpus: Corpus, _other: Corpus | None = None) -> None:
        return


class ShuffleWords(Operation):
    """Word frequencies, and the lengths of sentences and documents, stay; word order, or what a text is about, goes.

    The new text is the words alone, as they are counted, with a blank line between sentences. Characters: letters and
    digits change places, blanks and punctuation keep theirs.
    """

    name = "shuffle words"
    title = marked("Shuffle words")
    result = "words shuffled"
    help = marked("The same words in an order of chance: what does a model learn without word order?")

    within: Literal["sentence", "document", "corpus"] = option(
        "sentence", "Within", "Words change places inside each sentence, inside each document, or in the whole corpus."
    )
    seed: int = seed_option()

    def check(self, corpus: Corpus, _other: Corpus | None = None) -> None:
        if corpus.facts["tokenizer"] == "pieces":
            raise Problem(
                "This corpus is read as subword pieces, which make no words when shuffled: shuffle its sentences or "
                "documents, or the same text read as words."
            )

    def settings(self, corpus: Corpus, settings: ReadSettings) -> ReadSettings:
        """Chinese words that are words only beside others are kept whole by the dictionary."""
        return keeping(settings, corpus.cut(1).vocab.words if settings.tokenizer == "chinese" else ())

    def made(self, parents: Parents) -> Iterator[Made]:
        corpus = parents.own
        shuffled = _shuffled_words(corpus, self.within, self.seed)
        if corpus.facts["tokenizer"] == "characters":
            return _characters(corpus, shuffled)
        return _words(corpus, shuffled)


def _shuffled_words(corpus: Corpus, within: str, seed: int) -> Iterator[np.ndarray]:
    """int32 blocks of all tokens' ids, those that move shuffled within their groups."""
    n, moves = len(corpus.tokens), _movable(corpus)
    edges = {"sentence": corpus.sentences, "document": corpus.offsets[:-1], "corpus": np.zeros(1, np.int64)}[within]
    edges = np.unique(np.append(edges, [0, n]))
    group = 0
    while group < len(edges) - 1:
        first = int(edges[group])
        after = max(group + 1, int(np.searchsorted(edges, first + _TOGETHER, "right")) - 1)
        ids = np.array(corpus.tokens[first : int(edges[after])])
        if len(ids) > _TOGETHER:  # one group alone
            _shuffle_one(ids, moves, (seed, group))
        else:
            _shuffle_each(ids, moves, edges[group : after + 1] - first, hashes(seed, np.arange(len(ids)) + first))
        yield from np.split(ids, range(_TOGETHER, len(ids), _TOGETHER))
        group = after


def _shuffle_one(ids: np.ndarray, moves: np.ndarray | None, seed: tuple[int, int]) -> None:
    draw = np.random.default_rng(seed)
    if moves is None:
        draw.shuffle(ids)
    else:
        moving = moves[ids]
        ids[moving] = draw.permutation(ids[moving])


def _shuffle_each(ids: np.ndarray, moves: np.ndarray | None, edges: np.ndarray, keys: np.ndarray) -> None:
    """Shuffle each group by the order of its keys."""
    places = np.arange(len(ids)) if moves is None else np.flatnonzero(moves[ids])
    groups = np.searchsorted(edges, places, "right")
    ids[places] = ids[places[np.lexsort((keys[places], groups))]]


def _movable(corpus: Corpus) -> np.ndarray | None:
    """bool (types,): the characters that change places; None: all tokens do."""
    if corpus.facts["tokenizer"] != "characters":
        return None
    return np.array([len(word) == 1 and word.isalnum() for word in corpus.cut(1).vocab.words])


def _words(corpus: Corpus, shuffled: Iterator[np.ndarray]) -> Iterator[Made]:
    """The words with blanks between them, a blank line between two sentences, and the ends of documents."""
    words, offsets, sentences = corpus.cut(1).vocab.words, corpus.offsets, corpus.sentences
    document, first = 0, 0
    for ids in shuffled:
        block = [words[i] for i in ids.tolist()]
        for k in sentences[slice(*np.searchsorted(sentences, [first, first + len(ids)]))].tolist():
            block[k - first] = "\n\n" + block[k - first]
        end = first
        while document < len(offsets) - 1:
            begin, end = max(first, int(offsets[document])), min(int(offsets[document + 1]), first + len(ids))
            if end > begin:
                text = " ".join(block[begin - first : end - first]).replace(" \n\n", "\n\n")
                inside = begin > offsets[document]
                yield text.lstrip("\n") if not inside else text if text.startswith("\n") else " " + text
            if end < offsets[document + 1]:
                break
            yield Ending(document, {FROM: str(document)})
            document += 1
        first += len(ids)


def _characters(corpus: Corpus, shuffled: Iterator[np.ndarray]) -> Iterator[Made]:
    """The text with its letters and digits exchanged: each character at the place of another one."""
    words = corpus.cut(1).vocab.words
    points = np.array([ord(word) if len(word) == 1 else 0 for word in words], np.uint32)
    moves, waiting = _movable(corpus), np.zeros(0, np.int32)
    assert moves is not None
    for stretch in stretches(corpus):
        while len(waiting) < stretch.last - stretch.first:
            waiting = np.concatenate([waiting, next(shuffled)])
        ids, waiting = waiting[: stretch.last - stretch.first], waiting[stretch.last - stretch.first :]
        text = np.frombuffer(stretch.text.encode("utf-32-le"), np.uint32).copy()
        places = corpus.starts[stretch.first : stretch.last].astype(np.int64) - stretch.base
        text[places[moves[ids]]] = points[ids[moves[ids]]]
        yield text.tobytes().decode("utf-32-le")
        if stretch.ends:
            yield Ending(stretch.document, {FROM: str(stretch.document)})


class ShuffleSentences(_Always):
    """Sentences stay as they are; which one follows which is chance. Each document keeps its number of sentences."""

    name = "shuffle sentences"
    title = marked("Shuffle sentences")
    result = "sentences shuffled"
    help = marked("The same sentences in an order of chance: what does a model learn from what follows what?")

    within: Literal["document", "corpus"] = option(
        "document", "Within", "Sentences change places inside each document, or in the whole corpus."
    )
    seed: int = seed_option()

    def made(self, parents: Parents) -> Iterator[Made]:
        corpus = parents.own
        edges, each = _sentence_edges(corpus)
        keys = hashes(self.seed, np.arange(len(edges) - 1))
        documents = np.repeat(np.arange(len(each)), each)
        order = np.argsort(keys, kind="stable") if self.within == "corpus" else np.lexsort((keys, documents))
        done = 0
        with open(corpus.folder / "text.utf8", "rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as text:
            for document, count in enumerate(each.tolist()):
                chosen = order[done : done + count].tolist()
                told = [text[edges[k] : edges[k + 1]].decode() for k in chosen]
                yield "".join([*map(_closed, told[:-1]), *told[-1:]])
                yield Ending(document, {FROM: str(document)})
                done += count


def _sentence_edges(corpus: Corpus) -> tuple[np.ndarray, np.ndarray]:
    """The byte where each sentence begins (a document's first with the document) and all end; sentences a document.

    A document without a word is one sentence.
    """
    edges: list[np.ndarray] = []
    each = np.zeros(len(corpus.offsets) - 1, np.int64)
    fresh = True
    for stretch in stretches(corpus):
        low, high = np.searchsorted(corpus.sentences, [stretch.first, stretch.last])
        places = corpus.starts[corpus.sentences[low:high]].astype(np.int64) - stretch.base
        places -= np.array([opening(stretch.text, place) for place in places.tolist()], np.int64)
        begins = stretch.byte + _in_bytes(stretch.text, places)
        if fresh:
            begins = np.append(stretch.byte, begins[1:])
        edges.append(begins)
        each[stretch.document] += len(begins)
        fresh = stretch.ends
    size = np.load(corpus.folder / "bounds.npy", mmap_mode="r")[-1]
    return np.append(np.concatenate(edges), size).astype(np.int64), each


def _in_bytes(text: str, places: np.ndarray) -> np.ndarray:
    if text.isascii() or not len(places):
        return places
    data = np.frombuffer(text.encode(), np.uint8)
    begins: np.ndarray = np.flatnonzero((data & 0xC0) != 0x80)[places]
    return begins


def _closed(sentence: str) -> str:
    """The sentence with what parts it from a next one."""
    if sentence[-1:].isspace() or _WIDE.search(sentence):
        return sentence
    return sentence + (" " if _STOPPED.search(sentence) else "\n\n")


class ShuffleDocuments(_Always):
    """Documents with their rows in an order of chance; nothing else changes."""

    name = "shuffle documents"
    title = marked("Shuffle documents")
    result = "documents shuffled"
    help = marked("The same documents in an order of chance: does it matter what is read first?")

    seed: int = seed_option()

    def made(self, parents: Parents) -> Iterator[Made]:
        keys = hashes(self.seed, np.arange(len(parents.own.documents)))
        for document in np.argsort(keys, kind="stable").tolist():
            yield from pieces(parents.own, document)
            yield Ending(document, {FROM: str(document)})
