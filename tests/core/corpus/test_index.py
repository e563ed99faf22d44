"""The inverted index, and places in documents, each against what numpy and str say."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.corpus import Corpus, documents, index
from core.corpus.documents import Documents
from core.corpus.index import FILES, build_index, open_index

WORDS = st.sampled_from(["a", "the", "Bank", "banks", "Élan", "élan", "王", "rare", "don't"])
TEXTS = st.lists(st.lists(WORDS, max_size=30).map(" ".join), min_size=1, max_size=8).filter(lambda t: any(t))


def without_index(corpus: Corpus, folder: Path) -> Path:
    """The corpus's folder as an older version left it."""
    shutil.copytree(corpus.folder, folder)
    for name in FILES:
        (folder / name).unlink(missing_ok=True)
    return folder


@settings(max_examples=40, deadline=None)
@given(TEXTS, st.integers(1, 12), st.integers(1, 4), st.booleans())
def test_positions_are_those_of_a_stable_sort(tmp_path_factory, texts, keys, part, compiled):
    corpus, into = Corpus.from_texts(texts), tmp_path_factory.mktemp("index")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "_KEYS", keys)
        patch.setattr(index, "_PART", part)
        done = list(build_index(corpus.folder, into, compiled))
    assert np.load(into / "index.npy").tolist() == np.argsort(corpus.tokens, kind="stable").tolist()
    assert done[-1] == len(corpus.tokens) and done == sorted(done)


def test_types_are_found_whatever_the_vocabulary():
    corpus = Corpus.from_texts(["b a b c b a", "Straße ä"], min_count=2)
    found = corpus.index
    assert [found.word(i) for i in range(len(found))] == found.words.to_pylist() == ["b", "a", "c", "straße", "ä"]
    assert found.find("c") == 2 and found.find("C") is None and found.counts.tolist() == [3, 2, 1, 1, 1]
    assert found.positions(2).tolist() == [3] and found.positions(0).dtype == np.int32
    assert corpus.cut(3).index is found


def test_ranks_are_alphabetical_without_case():
    corpus = Corpus.from_texts(["b A a B éa Zoo zoo 王"], lowercase=False)
    ranks = {corpus.index.word(i): int(rank) for i, rank in enumerate(corpus.index.ranks)}
    assert ranks["a"] == ranks["A"] < ranks["b"] == ranks["B"] < ranks["zoo"] == ranks["Zoo"]
    assert ranks["Zoo"] < ranks["éa"] < ranks["王"]


def test_a_corpus_read_before_there_was_an_index(tmp_path):
    corpus = Corpus.from_texts(["the cat", "the dog"])
    folder = without_index(corpus, tmp_path / "old")
    old = Corpus.open(folder)
    assert old.index.positions(0).tolist() == [0, 2] and old.documents.slice(1, 4, 7) == "dog"
    assert {path.name for path in folder.iterdir()} >= set(FILES) and not list(folder.glob(".index-*"))
    assert open_index(folder).find("dog") == corpus.index.find("dog")


def test_a_folder_that_cannot_be_written(tmp_path, monkeypatch):
    folder = without_index(Corpus.from_texts(["the cat", "the dog"]), tmp_path / "old")
    before, make = sorted(folder.iterdir()), index.tempfile.mkdtemp

    def refuse(suffix=None, prefix=None, dir=None):
        if dir is not None and Path(dir) == folder:
            raise PermissionError(13, "read-only")
        return make(suffix, prefix, dir)

    monkeypatch.setattr(index.tempfile, "mkdtemp", refuse)
    found = open_index(folder)
    assert found.positions(0).tolist() == [0, 2] and found.words.to_pylist() == ["the", "cat", "dog"]
    assert sorted(folder.iterdir()) == before


def test_an_index_broken_off_leaves_the_folder_as_it_was(tmp_path, monkeypatch):
    folder = without_index(Corpus.from_texts(["the cat"]), tmp_path / "old")
    before = sorted(folder.iterdir())
    monkeypatch.setattr(index, "_write_positions", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(OSError, match="full"):
        open_index(folder)
    assert sorted(folder.iterdir()) == before


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("aé王🙂\n ", max_size=40), min_size=1, max_size=6), st.integers(0, 50), st.integers(0, 50))
def test_a_slice_is_that_of_the_string(tmp_path_factory, texts, first, last):
    folder = tmp_path_factory.mktemp("documents")
    data = [text.encode() for text in texts]
    (folder / "text.utf8").write_bytes(b"".join(data))
    np.save(folder / "bounds.npy", np.cumsum([0, *map(len, data)]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documents, "BLOCK", 8)
        patch.setattr(documents, "_PART", 16)
        found = Documents(folder)
        for i, text in enumerate(texts):
            assert found.slice(i, first, last) == text[first:last] and found.length(i) == len(text)


def test_a_slice_of_a_huge_document_reads_little(monkeypatch):
    text = "王ab " * 1_000_000
    found, read = Corpus.from_texts([text, "end"]).documents, []
    raw = found.raw
    monkeypatch.setattr(found, "raw", lambda first, last: read.append(last - first) or raw(first, last))
    for first in (0, 1_234_567, 3_999_990):
        assert found.slice(0, first, first + 20) == text[first : first + 20]
    assert found.length(0) == 4_000_000 and sum(read) < 20 * documents.BLOCK
    assert found.slice(1, 0, 9) == "end" and found.slice(-1, 2, 1) == "" and found.slice(0, -5, 2) == text[:2]
    with pytest.raises(IndexError):
        found.slice(2, 0, 1)


@pytest.mark.parametrize("many", [1, 400])
def test_documents_and_sentences_of_positions(many):
    corpus = Corpus.from_texts(["", "One two. Three four!", "", "", "Five six. Seven.", ""])
    positions = np.repeat(np.arange(7, dtype=np.int32), many)
    assert corpus.document_of(positions).tolist() == np.repeat([1, 1, 1, 1, 4, 4, 4], many).tolist()
    assert corpus.sentence_of(positions).tolist() == np.repeat([0, 0, 1, 1, 2, 2, 3], many).tolist()
    assert corpus.document_of(positions[::-1]).tolist() == np.repeat([4, 4, 4, 1, 1, 1, 1], many).tolist()
    assert corpus.document_of(positions[:0]).tolist() == []
