"""The compiled tokenisers agree with a slow one, however the text is cut into blocks and threads."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from core.corpus import Corpus, tokenise
from core.corpus.tables import Block, WordTable
from tests.core.corpus import reference


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokenise, "BLOCK", 96)


def expected(texts: list[str], tokenizer: str, lowercase: bool = True) -> list[tuple[str, int]]:
    tokens = reference.words if tokenizer == "words" else reference.characters
    return [pair for text in texts for pair in tokens(text, lowercase)]


def found(corpus: Corpus) -> list[tuple[str, int]]:
    return list(zip((corpus.vocab.words[i] for i in corpus.tokens), corpus.starts.tolist()))


@pytest.mark.parametrize("tokenizer", ["words", "characters"])
@pytest.mark.parametrize("lowercase", [True, False])
@pytest.mark.parametrize("seed", range(4))
def test_random_unicode_is_tokenised_as_by_the_slow_reference(tokenizer: str, lowercase: bool, seed: int) -> None:
    texts = [reference.random_text(seed * 10 + i, 700) for i in range(4)]
    corpus = Corpus.from_texts(texts, tokenizer=tokenizer, lowercase=lowercase)
    assert list(corpus.documents) == texts
    assert found(corpus) == expected(texts, tokenizer, lowercase)


@pytest.mark.parametrize("tokenizer", ["words", "characters"])
@pytest.mark.usefixtures("small_blocks")
def test_blocks_change_nothing(tokenizer: str) -> None:
    texts = ["The naïve café. " * 40, "", "a", "don’t stop, Mr. Smith! " * 30, "\n\n", "中文，没有空格。" * 30]
    corpus = Corpus.from_texts(texts, tokenizer=tokenizer)
    assert found(corpus) == expected(texts, tokenizer)
    assert corpus.offsets.tolist() == [0, *np.cumsum([len(expected([text], tokenizer)) for text in texts])]


@pytest.mark.parametrize("tokenizer", ["words", "chinese", "characters"])
def test_sentences_and_places_do_not_depend_on_the_blocks(tokenizer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["He came. “Who?” she said. Dr. No left!\n" * 20, "你好。我很好！真的？" * 20]
    whole = Corpus.from_texts(texts, tokenizer=tokenizer)
    monkeypatch.setattr(tokenise, "BLOCK", 256)
    cut = Corpus.from_texts(texts, tokenizer=tokenizer)
    for name in ("tokens", "starts", "offsets", "sentences"):
        assert np.array_equal(getattr(whole, name), getattr(cut, name))


def test_counts_are_those_of_a_counter_most_frequent_first() -> None:
    text = reference.random_text(7, 5000)
    vocab = Corpus.from_texts([text]).vocab
    counter = Counter(word for word, _ in reference.words(text))
    assert list(zip(vocab.words, vocab.counts.tolist())) == counter.most_common()
    assert vocab.tokens == counter.total()


def test_a_table_grows_and_forgets_nothing() -> None:
    words = [f"w{i}" for i in range(5000)] * 2
    text = np.frombuffer(" ".join(words).encode(), np.uint8).copy()
    table = WordTable(room=16)
    result = table.tokenise(Block(0, text, np.array([len(text)]), False, False), 1)
    types = table.words(True)
    assert [types[i] for i in result.tokens] == words and set(table.counts[:5000]) == {2}


def test_twins_in_two_forms_are_one_word(tmp_path: Path) -> None:
    corpus = Corpus.from_texts(["café cafe\u0301 Café don't don’t"])
    assert corpus.vocab.words == ["café", "don't"] and corpus.tokens.tolist() == [0, 0, 0, 1, 1]
    assert corpus.documents[0] == "café cafe\u0301 Café don't don’t"


def test_a_long_word_is_one_token() -> None:
    corpus = Corpus.from_texts(["x" * 10_000 + " y"])
    assert [len(word) for word in corpus.vocab.words] == [10_000, 1]


def test_words_that_differ_in_one_letter_anywhere_are_different() -> None:
    words = [
        "a" * k + "b" + "a" * (length - k - 1) for length in (1, 7, 8, 9, 15, 16, 17, 24, 31) for k in range(length)
    ]
    corpus = Corpus.from_texts([" ".join(words * 2)])
    assert corpus.vocab.words == words and corpus.tokens.tolist() == [*range(len(words))] * 2


@pytest.mark.parametrize("settings", [{}, {"drop_duplicates": True}, {"lowercase": False}])
def test_a_text_tokenised_while_it_is_read_is_as_one_that_is_read_first(
    tmp_path: Path, settings: dict[str, bool]
) -> None:
    lines = [f"Mr. N{i % 977:x}o said: “Don’t!” café {i % 7919}." for i in range(60_000)]
    (tmp_path / "a.txt").write_text("\n".join([*lines, *lines[:9000]]), encoding="utf-8")
    read = Corpus.from_files(tmp_path / "a.txt", split="lines", **settings)
    made = Corpus.from_texts([f"{line}\n" for line in [*lines, *lines[:9000]][:-1]] + [lines[8999]], **settings)
    assert read.facts["tokens"] > 300_000 and read.vocab.words == made.vocab.words
    for name in ("tokens", "starts", "offsets", "sentences"):
        assert np.array_equal(getattr(read, name), getattr(made, name))
