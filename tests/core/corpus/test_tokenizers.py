"""The tokenisers for short texts, which must agree with those for a whole corpus."""

import subprocess
import sys

import pytest

from core.corpus import Corpus, Vocab
from core.corpus.tokenizers import chinese, tokenize
from core.problem import Problem
from tests.core.corpus import reference


@pytest.mark.parametrize("tokenizer", ["words", "chinese", "characters"])
@pytest.mark.parametrize("lowercase", [True, False])
def test_a_vocabulary_tokenises_as_the_corpus_did(tokenizer: str, lowercase: bool) -> None:
    texts = [
        "Don’t say “naïve”, İSTANBUL! ΟΔΟΣ 3.5",
        "我来到北京 清华大学 hello\r\n world",
        reference.random_text(3, 500),
    ]
    corpus = Corpus.from_texts(texts, tokenizer=tokenizer, lowercase=lowercase)
    tokens = [corpus.vocab.words[i] for i in corpus.tokens]
    assert [token for text in texts for token in corpus.vocab.tokenize(text)] == tokens


def test_words_by_example() -> None:
    text = "Don't e-mail l’eau: 3.5 x² 'quoted' rock'n'roll"
    assert tokenize(text, "words", True) == [
        "don't", "e", "mail", "l'eau", "3", "5", "x²", "quoted", "rock'n'roll"
    ]  # fmt: skip


def test_chinese_words_keep_their_places_and_drop_punctuation() -> None:
    text = "我来到北京，清华大学。"
    found = chinese(text)
    assert [word for word, _ in found] == ["我", "来到", "北京", "清华大学"]
    assert all(text[start:].startswith(word) for word, start in found)


def test_characters_join_white_space() -> None:
    assert tokenize("A  b\t\n c", "characters", False) == ["A", " ", "b", "\n", "c"]


def test_an_unknown_tokeniser_is_a_problem() -> None:
    with pytest.raises(Problem, match="choose one of words, chinese, characters"):
        Vocab(["a"], [1], tokenizer="pieces of eight")


def test_opening_and_tokenising_needs_nothing_heavy(tmp_path) -> None:
    Corpus.from_texts(["the cat sat"], folder=tmp_path / "c", labels=["x"])
    code = (
        "import sys; from core.corpus import Corpus; import core.corpus.reading, core.corpus.preview; "
        f"c = Corpus.open({str(tmp_path / 'c')!r}); assert c.vocab.tokenize('The cat') == ['the', 'cat']; c.split(); "
        "print(*{'numba', 'rjieba', 'pandas', 'pyarrow', 'charset_normalizer', 'torch'} & set(sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == ""
