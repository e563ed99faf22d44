"""What is sent of the attention over one text: exact where it is small, rounded where not, one head in full."""

import numpy as np
import pytest

from core.answers import looking
from core.answers.looking import looked, one_head
from core.explore.attention import number
from core.problem import Problem
from tests.steps import ended


class Fake:
    """Reads any text as so many pieces, two of them special, by heads of random looks."""

    def __init__(self, count: int, layers: int = 2, heads: int = 3):
        self.count, self.shape, self.asked = count, (layers, heads), 0

    def read(self, first, second=None, heads_off=(), begin=0, parts=False):
        self.asked += 1
        draw, n = np.random.default_rng(1), self.count
        weights = draw.random((*self.shape, n, n), np.float32)
        word = np.r_[-1, np.arange(n - 2), -1]
        more = {name: draw.random((*self.shape, n, 4)) for name in ("query", "key", "value")} if parts else {}
        return {"pieces": np.array([f"w{i}" for i in range(n)]), "word": word, "special": word < 0, **more,
                "segment": np.zeros(n, int), "window": np.array([begin, n, n]),
                "attention": weights / weights.sum(-1, keepdims=True)}  # fmt: skip


def test_little_is_sent_as_it_is():
    encoder = Fake(6)
    arrays, facts = ended(looked(encoder, "text"))
    attention = encoder.read("text")["attention"]
    assert facts["kind"] == "exact" and facts["shape"] == [6, 6] and arrays["maps"].shape == (6 + 2 + 1, 36)
    assert np.array_equal(arrays["maps"][number(1, 2, 2, 3)].reshape(6, 6), attention[1, 2])


def test_much_is_rounded_and_more_is_made_small():
    arrays, facts = ended(looked(Fake(40), "text", most=20_000))
    assert facts["kind"] == "rounded" and arrays["maps"].dtype == np.uint8 and arrays["maps"].nbytes <= 20_000
    arrays, facts = ended(looked(Fake(80), "text", most=20_000))
    assert facts["kind"] == "small" and arrays["maps"].nbytes <= 20_000 and arrays["rows"].tolist() == list(range(80))


def test_the_largest_model_at_128_pieces_keeps_its_bytes():
    arrays, facts = ended(looked(Fake(128, 12, 12), "text"))
    assert facts["kind"] == "rounded" and sum(array.nbytes for array in arrays.values()) < 3_500_000


def test_one_head_is_sent_in_full_and_the_text_is_read_once():
    encoder = Fake(40)
    ended(looked(encoder, "text"))
    arrays, _ = ended(one_head(encoder, "text", layer=1, head=0, specials=False, renormalise=True))
    assert arrays["weights"].shape == (38, 38) and np.allclose(arrays["weights"].sum(-1), 1) and encoder.asked == 1


def test_the_parts_of_a_head_are_those_of_its_pieces():
    arrays, facts = ended(one_head(Fake(9), "text", layer=0, head=1, specials=False, parts=True))
    assert arrays["query"].shape == (9, 4) and arrays["attention"].shape == (9, 9) and len(facts["pieces"]) == 9


def test_means_have_no_parts():
    arrays, _ = ended(one_head(Fake(9), "text", layer=1, parts=True))
    assert list(arrays) == ["weights"]


def test_a_head_that_is_not_there_is_a_problem_and_so_is_nothing_left():
    with pytest.raises(Problem, match="no head 9"):
        ended(one_head(Fake(9), "text", layer=0, head=9))
    with pytest.raises(Problem, match="Nothing is left"):
        ended(looked(Fake(9), "text", pair="BB"))


def test_another_encoder_is_read_anew():
    ended(looked(Fake(9), "text"))
    other = Fake(9)
    ended(looked(other, "text"))
    assert other.asked == 1 and looking._last[0]() is other
