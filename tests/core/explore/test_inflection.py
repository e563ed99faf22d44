"""The forms of English words, of each rule one, and a query of them."""

import pytest

from core.corpus import Corpus
from core.explore.inflection import forms, inflected
from core.explore.senses import facets, find


@pytest.mark.parametrize(("word", "some"), [
    ("bank", "banks banked banking"), ("match", "matches matched matching"), ("carry", "carries carried carrying"),
    ("play", "plays played playing"), ("bat", "bats batted batting"), ("tie", "ties tied tying"),
    ("bake", "bakes baked baking"), ("see", "sees saw seen seeing"), ("leaf", "leaves"), ("life", "lives"),
    ("mouse", "mice"), ("spring", "springs sprang sprung springing"), ("potato", "potatoes"), ("go", "goes went gone"),
    ("light", "lit lighted lights lighting"),
])  # fmt: skip
def test_forms_follow_rules_and_the_list(word: str, some: str) -> None:
    assert forms(word)[0] == word and {*some.split()} <= {*forms(word)}


def test_every_plain_word_of_a_query_is_any_of_its_forms() -> None:
    assert inflected("river bank").startswith("river|rivers|") and " bank|banks|" in inflected("river bank")
    assert inflected("bank* /ban./ x") == "bank* /ban./ x"


def test_occurrences_of_all_forms_are_found_and_filtered() -> None:
    corpus = Corpus.from_texts(["A Bank lends.", "Two banks fell.", "She was banking on it.", "The banker."])
    found = find(corpus, "bank", mode="forms")
    assert found.frame["form"].tolist() == ["Bank", "banks", "banking"]
    assert facets(corpus, "bank", mode="forms")[0] == 3
    assert find(corpus, "bank", mode="forms", keep={"left": ["two"]}).total == 1
