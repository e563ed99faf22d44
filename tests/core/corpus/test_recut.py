"""A corpus in the pieces of a model's own vocabulary: every piece, its place, documents and sentences as they were."""

import json

import numpy as np
import pytest

from core.corpus import Corpus, Vocab, recut
from core.corpus.recut import Recut, place
from core.corpus.tokenizers import Tokenization
from tests.core.store.importing.making import _bytes, _wordpiece

TEXTS = [
    'The cat sat on the mat. "Cats sat," the cat said. Don\'t!', "", "One sentence without an end",
    "  猫 sat。猫在。 The (mat) was a 🦊.\n\nA cat, an éclair.", "the " * 50 + ". The end.",
]  # fmt: skip


@pytest.fixture(scope="module", params=["wordpiece", "bytes"])
def vocab(request):
    """A vocabulary with a tokenizer of its own, as `core.store.importing.model` makes one."""
    made = _wordpiece()[0] if request.param == "wordpiece" else _bytes(("<|endoftext|>",))[0]
    record = json.loads(made.to_str()) | {"post_processor": None, "decoder": None, "added_tokens": []}
    text = json.dumps(record)
    from core.corpus.brought import brought

    names = [name for i, name in sorted(brought(text).names.items()) if not name.startswith(("[", "<|"))]
    return Vocab(names, np.ones(len(names)), tokenization=Tokenization("pieces", True, whole=text))


@pytest.fixture(params=[7, 40, 1 << 15])
def cut(request, vocab, monkeypatch):
    """The texts cut in stretches of so many characters."""
    monkeypatch.setattr(recut, "_STRETCH", request.param)
    corpus = Corpus.from_texts(TEXTS, language="en")
    shares = list(recut.recut(corpus, vocab))
    assert shares == sorted(shares) and shares[-1] == 1
    return request.param, corpus, Recut(corpus, vocab)


def test_each_document_has_the_pieces_that_its_text_has(cut, vocab):
    stretch, corpus, pieces = cut
    assert len(pieces.offsets) == len(corpus.offsets) == len(TEXTS) + 1 and pieces.offsets[-1] == len(pieces.tokens)
    for document, text in enumerate(corpus.documents):
        first, last = pieces.offsets[document : document + 2]
        if stretch > 1000:  # a shorter one cuts within long words of this
            spans = vocab.spans(text)
            assert pieces.tokens[first:last].tolist() == vocab.encode([name for name, _ in spans]).tolist()
            assert pieces.starts[first:last].tolist() == [begin for _, begin in spans]
        assert (np.diff(pieces.starts[first:last].astype(int)) >= 0).all()
    assert pieces.tokens.dtype == np.int32 and pieces.tokens.max() <= len(vocab)


def test_a_sentence_begins_where_the_corpus_has_one(cut):
    _, corpus, pieces = cut
    assert (np.diff(pieces.sentences) > 0).all()
    for document, text in enumerate(corpus.documents):
        theirs, ours = (
            [int(each.starts[i]) for i in each.sentences if each.offsets[document] <= i < each.offsets[document + 1]]
            for each in (corpus, pieces)
        )
        assert len(ours) == len(theirs), text
        assert all(0 <= begin - start <= 3 and not text[start:begin].strip('"( ') for begin, start in zip(theirs, ours))
    train, held = pieces.split(0.2)
    assert (pieces.document_of(train[:, 0]) == pieces.document_of(train[:, 1] - 1)).all() and len(held)


def test_it_is_cut_once_and_lies_beside_the_text(vocab):
    corpus = Corpus.from_texts(TEXTS, language="en")
    assert list(recut.recut(corpus, vocab)) and list(recut.recut(corpus, vocab)) == []
    assert place(corpus, vocab).parent == corpus.folder and corpus.cut(1).id == corpus.id
    other = Vocab(vocab.words[:-1], vocab.counts[:-1], tokenization=vocab.tokenization)
    assert place(corpus, other) != place(corpus, vocab)


def test_one_that_is_given_up_leaves_nothing(vocab):
    corpus = Corpus.from_texts(TEXTS, language="en")
    steps = recut.recut(corpus, vocab)
    next(steps)
    steps.close()
    assert not list(corpus.folder.glob("*pieces-*"))
    assert list(recut.recut(corpus, vocab))[-1] == 1
