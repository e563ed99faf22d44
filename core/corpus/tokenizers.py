"""The three tokenisers in plain Python, for short texts: what a person types, a sentence, a document.

A whole corpus is tokenised by `core.corpus.tokenise`, which agrees with these word by word (tests hold it).
"""

from functools import cache
from typing import Any, Literal, get_args

from core.corpus.characters import NEWLINES, blank_pattern, fold, word_pattern
from core.problem import Problem

Tokenizer = Literal["words", "chinese", "characters"]
TOKENIZERS: tuple[str, ...] = get_args(Tokenizer)


def tokenize(text: str, tokenizer: str, lowercase: bool) -> list[str]:
    """The tokens of a text in the form under which they are counted."""
    if tokenizer == "characters":
        return [fold(token, lowercase) for token in characters(text)]
    words = word_pattern().findall(text) if tokenizer == "words" else [word for word, _ in chinese(text)]
    return fold("\n".join(words), lowercase).split("\n") if words else []


def characters(text: str) -> list[str]:
    """Every character; a run of white space is one blank, or one newline if there is a newline in it."""
    return list(blank_pattern().sub(lambda run: "\n" if NEWLINES & set(run[0]) else " ", text))


def chinese(text: str) -> list[tuple[str, int]]:
    """Chinese words by the jieba dictionary, each with its first character's place; punctuation is left out."""
    words, found, start = segmenter().cut(text), [], 0
    for word in words:
        if word.isalnum() or any(map(str.isalnum, word)):
            found.append((word, start))
        start += len(word)
    assert start == len(text)
    return found


@cache
def segmenter() -> Any:
    import rjieba

    return rjieba


def check_tokenizer(tokenizer: str) -> None:
    if tokenizer not in TOKENIZERS:
        names = ", ".join(TOKENIZERS)
        raise Problem("There is no tokeniser called {name}; choose one of {names}.", name=tokenizer, names=names)
