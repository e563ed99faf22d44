"""What does reading the context tell of a word that is hidden? Pairs of words drawn by a seed, not chosen by anybody.

python -m tests.benchmarks.senses_hidden [--data ../shared/data] [--pairs 24] [--most 200] [--seed 0] [--only FOLDER …]

Each BERT that ships reads text of its language that it never learned from, in which both words of a pair are hidden
wherever they stand, so that nothing but the context can tell which of the two it was: the purest polyseme. Words are
drawn among the frequent ones and paired with one about as frequent: "at random", with the next in frequency; "of one
topic", with the one among the others whose shares of the documents are most like its own, where a bag of words has
least to go by. Scores as `tests.benchmarks.senses` has them; a model of context should lie .05 above the best of bags,
mean static vectors and the same network untrained. About five minutes of one core.
"""

import argparse
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from core.corpus.tokenizers import HIDDEN, tokenize
from core.explore.sense_sight import REST
from tests.benchmarks.senses import DOCUMENT, measured, of_language, planted, shipped, unread_texts, with_bar
from tests.make_assets import BERT

BLANK = HIDDEN + REST  # two characters: one [MASK] where tokens are longer, two where they are characters
LEAST = 60  # occurrences of a word that may be drawn
COMMON = 150  # the most frequent words, which are mostly of grammar, are not drawn
LETTERS = {"en": range(4, 30), "zh": range(2, 3)}  # of a word that may be drawn: runs of characters see how many
ALIKE = 1.6  # of two words of one topic at most so many times as frequent
Pair = tuple[str, str]


def texts_of(language: str, data: Path) -> list[str]:
    """Documents that no run which ships has read: Chinese ones are other articles than those of the recipe."""
    if language == "en":
        return unread_texts(data)
    core = (data / "samples" / "zh-wiki-core.txt").read_text(encoding="utf-8")
    return [core[begin : begin + DOCUMENT // 4] for begin in range(0, len(core), DOCUMENT // 4)]


def counts_of(texts: list[str], language: str) -> tuple[list[str], np.ndarray]:
    """The words that may be drawn, frequent ones first, and int (documents, words): how often each is in each."""
    each = [Counter(tokenize(text, "chinese" if language == "zh" else "words", True)) for text in texts]
    total = sum(each, Counter())
    own = lambda word: word.isalpha() and word.isascii() == (language == "en")  # noqa: E731
    words = [word for word, count in total.most_common()[COMMON:]
             if count >= LEAST and len(word) in LETTERS[language] and own(word)]  # fmt: skip
    return words, np.array([[count[word] for word in words] for count in each])


def at_random(words: list[str], counts: np.ndarray, pairs: int, seed: int) -> list[Pair]:
    """Words drawn, the first two in frequency a pair, then the next two."""
    drawn = np.sort(np.random.default_rng(seed).choice(len(words), 2 * pairs, replace=False)).tolist()
    return [(words[i], words[j]) for i, j in zip(drawn[::2], drawn[1::2])]


def of_one_topic(words: list[str], counts: np.ndarray, pairs: int, seed: int) -> list[Pair]:
    """Words drawn, each with the one about as frequent whose counts by document have the nearest direction;
    none stands within the other."""
    shares = np.sqrt(counts).T
    shares = shares / np.linalg.norm(shares, axis=1, keepdims=True)
    total, left, found = counts.sum(axis=0), np.ones(len(words), bool), []
    for i in np.random.default_rng(seed).permutation(len(words)).tolist():
        if not left[i] or len(found) == pairs:
            continue
        left[i] = False
        apart = np.array([words[i] not in word and word not in words[i] for word in words])
        near = left & apart & (np.maximum(total, total[i]) <= ALIKE * np.minimum(total, total[i]))
        if near.any():
            j = int(np.where(near, shares @ shares[i], -1).argmax())
            left[j] = False
            found.append((words[i], words[j]))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--pairs", type=int, default=24)
    parser.add_argument("--most", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="*", help="folders of runs that ship; without it, every BERT")
    asked = parser.parse_args()
    everything: list[Any] = shipped()
    static = [run for run in everything if not run.contextual]
    for run in everything:
        if run.folder not in (asked.only or BERT):
            continue
        texts = texts_of(run.language, asked.data)
        words, counts = counts_of(texts, run.language)
        for name, draw in (("at random", at_random), ("of one topic", of_one_topic)):
            pairs = draw(words, counts, asked.pairs, asked.seed)
            frames = {" ".join(pair): planted(texts, {BLANK: pair}, asked.most)[BLANK] for pair in pairs}
            table = measured(frames, run.encoder, of_language(static, run.language, "static"))
            with_bar(f"{run.name}, pairs {name}: {', '.join(frames)}", table)


if __name__ == "__main__":
    main()
