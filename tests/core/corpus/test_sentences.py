"""Where a sentence begins, in English and in Chinese."""

import random

import numpy as np
import pytest

from core.corpus import Corpus
from core.corpus.characters import word_pattern
from core.corpus.sentences import word_sentence_starts
from core.corpus.tables import Block, WordTable

PARTS = [
    " ",
    " ",
    ". ",
    "? ",
    "!”",
    "’ ",
    ".",
    "\n",
    "\n\n",
    "。",
    "Mr.",
    " J.",
    " Hello",
    " we",
    " don’t",
    "中文",
    "(",
    "”",
    "é",
    "3.5",
    ",",
    "'",
]


def sentences(text: str, tokenizer: str = "words") -> list[str]:
    corpus = Corpus.from_texts([text], tokenizer=tokenizer)
    places = [int(corpus.starts[i]) for i in corpus.sentences]
    return [text[a:b].strip() for a, b in zip(places, [*places[1:], None])]


@pytest.mark.parametrize(
    "text, count",
    [
        ("The cat sat. The dog ran! Why? Who knows", 4),
        ("Mr. Holmes met Dr. Watson. J. Smith paid 3.14 dollars at example.com today.", 2),
        ("“What?” he said. “Go.” He went.", 3),
        ("one line\nanother line", 2),
        ("你好。我很好！真的吗？", 3),
        ("他说：“走吧。”她走了。", 2),
    ],
)
def test_sentences_of_words(text: str, count: int) -> None:
    assert len(sentences(text)) == count


def test_sentences_of_chinese_words_and_of_characters() -> None:
    text = "我来到北京。今天天气很好！我们走吧"
    assert sentences(text, "chinese") == ["我来到北京。", "今天天气很好！", "我们走吧"]
    assert sentences(text, "characters") == ["我来到北京。", "今天天气很好！", "我们走吧"]


def test_every_document_begins_a_sentence() -> None:
    corpus = Corpus.from_texts(["no stop here", "", "nor here", "a. B"])
    assert set(corpus.offsets[:-1]) <= set(corpus.sentences) and len(corpus.sentences) == 4


def test_a_line_end_in_wrapped_text_ends_no_sentence(tmp_path) -> None:
    line = "The quick brown fox jumps over the lazy dog and then it sleeps\n"
    (tmp_path / "a.txt").write_text(line * 30 + "\nNew paragraph")
    corpus = Corpus.from_files([tmp_path / "a.txt"])
    assert corpus.facts["wrapped"] and len(corpus.sentences) == 2


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("newlines", [1, 2])
def test_sentences_in_plain_python_are_those_of_the_kernel(seed: int, newlines: int) -> None:
    text = "".join(chance.choice(PARTS) for chance in [random.Random(seed)] for _ in range(400))
    data = np.frombuffer(text.encode(), np.uint8).copy()
    result = WordTable().tokenise(Block(0, data, np.array([len(data)]), False, False), newlines)
    words = [(word[0], word.start()) for word in word_pattern().finditer(text)]
    assert result.starts.tolist() == [place for _, place in words]
    assert word_sentence_starts(text, words, newlines) == result.sentences.tolist()
