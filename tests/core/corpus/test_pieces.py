"""Subword pieces: learned alike every time, nothing lost, places right, words told apart."""

import itertools
import json
import math
import os
import subprocess
import sys

import numpy as np
import pytest

from core.corpus import Corpus, Vocab
from core.corpus.characters import fold
from core.corpus.kernels.unigram import expected
from core.corpus.pieces import covered, learn, model, places_in
from core.corpus.unigram import _seeds, digamma, learn_unigram
from tests.core.corpus import reference
from tests.core.corpus.making import made

KINDS = ["bpe", "wordpiece", "unigram"]
TEXT = "The low lower lowest newer newest wider widest reading of readers who read. " * 30


def corpus(text: str = TEXT, **settings: object) -> Corpus:
    return made([text], **{"tokenizer": "pieces", "pieces_size": 120, **settings})


@pytest.mark.parametrize("kind", KINDS)
def test_pieces_joined_are_the_words(kind: str) -> None:
    tokens = corpus(pieces=kind).vocab.tokenize("The lowest readers, slowly: wow!")
    assert "".join(tokens).replace("##", "") == "thelowestreaders,slowly:wow!"
    assert [t for t in tokens if not t.isalnum() and not t.startswith("##")] == [",", ":", "!"]


@pytest.mark.parametrize("kind", KINDS)
def test_frequent_words_are_one_piece_and_rare_ones_several(kind: str) -> None:
    tokenize = model(learn(kind, 20, ["banana", "bandana", "nab"], np.array([300, 200, 1]))).cut
    assert tokenize(["banana"]) == [[("banana", 0)]] and len(tokenize(["danban"])[0]) > 1


def test_bpe_by_the_worked_example_of_its_paper() -> None:
    """Sennrich and others: low 5, lower 2, newest 6, widest 3; e s, es t, then l o, lo w are among the first merges."""
    words, counts = ["low", "lower", "newest", "widest"], np.array([5, 2, 6, 3])
    merges = json.loads(learn("bpe", 40, words, counts))["model"]["merges"]
    assert [tuple(merge) for merge in merges[:2]] == [("e", "s"), ("es", "t")]
    assert ("▁", "low") in {tuple(merge) for merge in merges} or ("▁lo", "w") in {tuple(merge) for merge in merges}


def test_wordpiece_takes_the_longest_piece_first() -> None:
    learned = model(learn("wordpiece", 60, ["ab", "abc", "cd", "abcd"], np.array([50, 40, 30, 20])))
    assert learned.cut(["abc", "abcab"])[0] == [("abc", 0)]
    assert learned.cut(["abcab"])[0][0] == ("abc", 0)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_text_gives_the_same_pieces_in_another_process(kind: str) -> None:
    code = (
        "import sys, hashlib, numpy as np; from core.corpus.pieces import learn; "
        "words = sorted({a + b + c for a in 'kstn' for b in ('ai', 'o', 'ue') for c in ('m', 'ng', 'r', 'lle')}); "
        f"counts = np.arange(len(words)) % 7 + 1; print(hashlib.sha256(learn({kind!r}, 60, words, counts).encode())"
        ".hexdigest())"
    )
    runs = [subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True) for _ in range(3)]
    assert len({run.stdout for run in runs}) == 1 and {run.stderr for run in runs} == {""}


def test_a_fork_after_learning_warns_of_nothing() -> None:
    code = (
        "import os; from core.corpus import Corpus; "
        "Corpus.from_texts(['ab abc ' * 50], tokenizer='pieces').vocab.tokenize('abc'); "
        "child = os.fork(); child or os._exit(0); os.waitpid(child, 0)"
    )
    environment = {key: value for key, value in os.environ.items() if key != "TOKENIZERS_PARALLELISM"}
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert run.stderr == ""


def test_a_rare_character_is_a_piece_by_itself_and_none_is_lost() -> None:
    rare = corpus("reading books " * 3000 + "ŵ reaŵding ☃").vocab
    assert rare.counts[rare.index("☃")] == 1 and "##ŵ" in rare and "ŵ" in rare
    assert rare.tokenize("aŵ🙂書")[1:] == ["##ŵ", "🙂", "書"]


def test_covered_characters_are_the_frequent_ones() -> None:
    assert covered(["aaa", "b", "é"], np.array([10_000, 100, 1])) == {"a", "b"}


def test_places_stay_right_where_folding_changes_lengths() -> None:
    assert places_in("İSTANBUL", fold("İSTANBUL", True), [0, 2, 5], True) == [0, 1, 4]
    assert places_in("cafe\u0301s", "cafés", [0, 3, 4], True) == [0, 3, 5]
    hangul = "\u1100\u1161\u11a8x"
    assert places_in(hangul, fold(hangul, True), [0, 1], True) == [0, 3]


def test_every_piece_stands_where_its_start_says() -> None:
    text = "Don’t WRITE naïvely: 清华大学 “reading”, e-mail…\n" * 20
    found = corpus(text, pieces_size=100)
    words = [found.vocab.words[i].removeprefix("##") for i in found.tokens]
    assert all(fold(text[start:], True).startswith(word) for word, start in zip(words, found.starts.tolist()))


def test_chinese_characters_and_punctuation_stand_alone_and_sentences_begin_as_ever() -> None:
    found = corpus("我读书。“你呢？”他说 OK. Then he left.", pieces_size=100)
    assert found.vocab.tokenize("读书，👍🏽") == ["读", "书", "，", "👍", "🏽"]
    begins = [found.vocab.words[found.tokens[i]] for i in found.sentences]
    assert begins[:3] == ["我", "“", "他"] and len(begins) == 4


def test_word_starts_tell_the_first_piece_of_a_word() -> None:
    vocab = corpus(pieces_size=100).vocab
    tokens = vocab.tokenize("readers, #1")
    starts = vocab.word_starts(tokens)
    assert [t.startswith("##") for t in tokens] == [not first for first in starts] and sum(starts) == 4
    assert Vocab(["a"], [1]).word_starts(["a", "##b"]) == [True, True]


def test_about_as_many_pieces_as_asked() -> None:
    parts = [("ka", "to", "mi", "sen"), ("ro", "lu", "nti", "pe"), ("da", "gor", "wi", "ly"), "aeiou"]
    text = " ".join(map("".join, itertools.product(*parts))) + " "
    sizes = [len(corpus(text * 9, pieces_size=size, pieces=kind).vocab) for kind in KINDS for size in (100, 140)]
    assert all(abs(found / asked - 1) < 0.5 for found, asked in zip(sizes, [100, 140] * 3)), sizes


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_text_is_cut_and_comes_back(kind: str) -> None:
    text = reference.random_text(5, 3000) + " " + "x" * 5000 + " " + "ก" * 3000 + " ##ing C## ▁▁ "
    found = corpus(text, pieces=kind)
    tokens = [found.vocab.words[i] for i in found.tokens]
    assert found.vocab.spans(text) == list(zip(tokens, found.starts.tolist()))


@pytest.mark.parametrize("kind", KINDS)
def test_chinese_alone_is_its_characters(kind: str) -> None:
    assert corpus("读书，读书。", pieces=kind).vocab.words == ["读", "书", "，", "。"]


def test_unigram_takes_the_likeliest_cut() -> None:
    """hug 10, pug 5, pun 12, bun 4, hugs 5: "hugs" is likelier as hug + s than letter by letter."""
    vocab = learn_unigram([("hug", 10), ("pug", 5), ("pun", 12), ("bun", 4), ("hugs", 5)], 12)
    logs = dict(vocab)
    assert {*"hugpnbs"} <= logs.keys() and "hug" in logs and logs["hug"] > logs["h"] + logs["u"] + logs["g"]
    assert sum(map(math.exp, logs.values())) <= 1


def test_expected_counts_are_those_of_every_cut_by_hand() -> None:
    """ab, with a 0.5, b 0.3, ab 0.2: two cuts, 0.15 and 0.2; so ab is expected 0.2 / 0.35 times a word."""
    lattice, often = _seeds([("ab", 7)], "ab", 100)
    assert often.tolist() == [7, 7, 7] and lattice.sizes.tolist() == [1, 1, 2]
    counts, likelihood = expected(
        lattice.counts, lattice.bounds, lattice.first, lattice.lengths, lattice.ids, np.array([0.5, 0.3, 0.2])
    )
    assert np.allclose(counts, [7 * 0.15 / 0.35, 7 * 0.15 / 0.35, 7 * 0.2 / 0.35])
    assert likelihood == pytest.approx(7 * math.log(0.35))


def test_digamma_is_scipys() -> None:
    from scipy.special import digamma as oracle

    x = np.array([0.5, 1.0, 3.3, 7.0, 1e6])
    assert np.allclose(digamma(x), oracle(x), rtol=1e-9)


def test_stop_words_are_whole_words() -> None:
    kept = corpus("the theory of others " * 50, stop_words="the of", pieces_size=100).vocab
    assert "".join(kept.tokenize("The theory of others")).replace("##", "") == "theoryothers"


def test_saved_with_the_vocabulary(tmp_path) -> None:
    vocab = corpus().vocab
    vocab.save(tmp_path)
    again = Vocab.load(tmp_path)
    assert again.tokenization == vocab.tokenization and again.tokenize("lowest reader") == vocab.tokenize(
        "lowest reader"
    )
