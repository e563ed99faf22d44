"""What a text can carry, Zipf's curve, languages."""

import numpy as np
import pytest

from core.corpus import Corpus
from core.corpus.advice import carries
from core.corpus.language import detect
from core.corpus.zipf import most_frequent, out_of_vocabulary, rank_frequency


def test_more_text_carries_more() -> None:
    reached = [
        sum(item.reached for item in carries(*size)) for size in [(100, 1), (100, 20), (60_000, 20), (3 * 10**7, 99)]
    ]
    assert reached == [0, 1, 2, 4]
    neighbours = carries(150_000, 1)[2]
    assert (neighbours.needed, neighbours.have) == (200_000, 150_000) and "{needed}" in neighbours.text


def test_the_curve_is_thinned_and_keeps_its_ends() -> None:
    counts = (1e6 / np.arange(1, 50_001)).astype(np.int64)
    ranks, values = rank_frequency(counts)
    assert len(ranks) <= 500 and ranks[0] == 1 and ranks[-1] == 50_000
    assert np.array_equal(values, counts[ranks - 1]) and (np.diff(ranks) > 0).all()
    assert rank_frequency(np.array([3, 1]))[0].tolist() == [1, 2] and not len(rank_frequency(np.zeros(0))[0])


def test_most_frequent_words_and_what_is_left_out() -> None:
    vocab = Corpus.from_texts(["a a a b b c"], min_count=2).vocab
    assert most_frequent(vocab, 5) == [("a", 3, 0.5), ("b", 2, 1 / 3)]
    assert out_of_vocabulary(vocab) == pytest.approx(1 / 6)


@pytest.mark.parametrize(
    "language, text",
    [
        ("en", "It was the best of times, it was the worst of times."),
        ("de", "Es war die beste aller Zeiten und es war auch die schlechteste, die man sich denken kann."),
        ("fr", "C'était la meilleure et la pire des époques, dans le siècle de la folie et de la sagesse."),
        ("zh", "此开卷第一回也。ABC"),
        ("ja", "吾輩は猫である。名前はまだ無い。"),
        ("ko", "나는 학교에 갑니다."),
        ("ru", "Все счастливые семьи похожи друг на друга, мы это знаем."),
        ("uk", "Реве та стогне Дніпр широкий, сердитий вітер завива її"),
        ("ar", "كان يا ما كان في قديم الزمان"),
        ("unknown", "123 !?"),
        ("unknown", "xyzzy plugh frobozz quux grault"),
    ],
)
def test_languages(language: str, text: str) -> None:
    assert detect(text) == language
