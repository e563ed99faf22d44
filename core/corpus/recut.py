"""The text of a corpus in the pieces of another vocabulary, that of a pre-trained model, which brings its own.

Documents are the corpus' own, and a sentence begins where the corpus has one; so nothing that keeps to one document or
begins with a sentence changes. It is cut once, a stretch at a time, and lies beside the corpus' own tokens under the
hash of the vocabulary, in arrays of the same kinds.
"""

import hashlib
import json
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import numpy as np

from core.corpus.brought import brought
from core.corpus.corpus import Corpus
from core.corpus.files import ArrayFile, building
from core.corpus.vocab import Vocab

_STRETCH = 1 << 15  # characters that are cut together
_OPENERS = "\"'“‘«‹([{「『《〈（【"  # what stands before the first word of a sentence and belongs to it
_KINDS = {"tokens": np.int32, "starts": np.uint32, "offsets": np.int64, "sentences": np.int64}


class Recut(Corpus):
    """tokens, starts, offsets, sentences and vocab are those of the pieces, an id >= len(vocab) being none of them;
    documents, table and index are the corpus' own. Only after `recut`."""

    def __init__(self, corpus: Corpus, vocab: Vocab):
        self._cut = place(corpus, vocab)
        super().__init__(corpus.folder, corpus.min_count)
        self.documents, self._temporary, self.vocab = corpus.documents, corpus._temporary, vocab

    def _array(self, name: str) -> np.ndarray:
        if name not in _KINDS:
            return super()._array(name)
        array: np.ndarray = np.load(self._cut / f"{name}.npy", mmap_mode="r")
        return array


def place(corpus: Corpus, vocab: Vocab) -> Path:
    """The folder where the pieces of this vocabulary lie, or would."""
    told = json.dumps([vocab.words, vocab.tokenization.to_dict()], ensure_ascii=False)
    return corpus.folder / f"pieces-{hashlib.sha256(told.encode('utf-8', 'replace')).hexdigest()[:16]}"


def recut(corpus: Corpus, vocab: Vocab) -> Iterator[float]:
    """Cut the text, unless that was done before; yields the share done. Raises Problem where the disk is full."""
    folder = place(corpus, vocab)
    if folder.exists():
        return
    try:
        with building(folder, 12 * len(corpus.tokens)) as work, ExitStack() as files:
            arrays = {name: files.enter_context(closing(ArrayFile(work / f"{name}.npy", kind)))
                      for name, kind in _KINDS.items()}  # fmt: skip
            yield from _Cutting(corpus, vocab, arrays).all()
    except OSError:
        if not folder.exists():  # else another run was faster
            raise


class _Cutting:
    """Writes arrays document by document. table: our id of each of the model's."""

    def __init__(self, corpus: Corpus, vocab: Vocab, arrays: dict[str, ArrayFile]):
        self.corpus, self.arrays = corpus, arrays
        self.model = brought(vocab.tokenization.whole)
        known = max(self.model.names) + 1
        self.table = np.full(known, len(vocab), np.int32)
        self.table[list(self.model.names)] = vocab.encode(self.model.names.values())

    def all(self) -> Iterator[float]:
        """The share done, about once a stretch."""
        bounds, told = self.corpus.documents.bounds, 0
        self.arrays["offsets"].append(np.zeros(1, np.int64))
        for document in range(len(self.corpus.documents)):
            first, last = bounds[document : document + 2].tolist()
            for share in self._document(document):
                if (done := first + share * (last - first)) >= min(told + _STRETCH, bounds[-1]):
                    told = done
                    yield float(done / bounds[-1])
            self.arrays["offsets"].append(np.array([self.arrays["tokens"].length]))

    def _document(self, document: int) -> Iterator[float]:
        first, last = self.corpus.offsets[document : document + 2]
        places = self.corpus.sentences[slice(*np.searchsorted(self.corpus.sentences, [first, last]))]
        begins = self.corpus.starts[places].astype(np.int64)
        begins[:1] = 0  # the first sentence has all that stands before it
        length, done = self.corpus.documents.length(document), 0
        while done < length:
            text = self.corpus.documents.slice(document, done, done + _STRETCH)
            if done + len(text) < length:
                text = text[: _end(text, begins, done)]
            inside = begins[slice(*np.searchsorted(begins, [done, done + len(text)]))] - done
            self._stretch(text, done, inside)
            done += len(text)
            yield done / length

    def _stretch(self, text: str, before: int, begins: np.ndarray) -> None:
        """before: characters of the document before this text; begins: characters of it where a sentence begins."""
        ids, starts, _ = self.model.encoded(text)
        firsts = np.unique(np.searchsorted(starts, [_opened(text, begin) for begin in begins.tolist()]))
        self.arrays["sentences"].append(self.arrays["tokens"].length + firsts[firsts < len(ids)])
        self.arrays["tokens"].append(self.table[ids])
        self.arrays["starts"].append(before + np.array(starts, np.int64))


def _end(text: str, begins: np.ndarray, done: int) -> int:
    """Where to cut a text that goes on: where its last sentence begins, else at its last blank, else where it ends."""
    inside = begins[begins < done + len(text)] - done
    sentence = _opened(text, int(inside[-1])) if len(inside) and inside[-1] > 0 else 0
    blank = max(text.rfind(" "), text.rfind("\n"))
    return sentence if sentence > 0 else blank if blank > 0 else len(text)


def _opened(text: str, begin: int) -> int:
    """Where a sentence begins with the quotation marks and brackets that stand before its first word."""
    while begin > 0 and text[begin - 1] in _OPENERS:
        begin -= 1
    return begin
