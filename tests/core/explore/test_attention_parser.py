"""Sentences out of CoNLL-U, and heads that are parsers by construction."""

import gzip
from pathlib import Path

import numpy as np
import pytest

from core.explore.attention_parser import ALL, Parsed, Parsing, read_conllu
from core.problem import Problem

ASSETS = Path(__file__).parents[3] / "assets" / "parsing"
TREEBANK = Path("/work/shared/data/ud/en_ewt-dev.conllu.gz")
LINES = """# text = don't go
1-2\tdon't\t_\t_\t_\t_\t_\t_\t_\t_
1\tdo\t_\t_\t_\t_\t3\taux\t_\t_
2\tn't\t_\t_\t_\t_\t3\tadvmod:neg\t_\t_
3\tgo\t_\t_\t_\t_\t0\troot\t_\t_
3.1\tit\t_\t_\t_\t_\t_\t_\t_\t_
4\t.\t_\t_\t_\t_\t3\tpunct\t_\t_
"""


def test_words_heads_and_relations_without_tokens_of_several_and_empty_nodes():
    [parsed] = read_conllu(LINES.splitlines(), "mine")
    assert parsed.words == ["do", "n't", "go", "."] and parsed.heads.tolist() == [2, 2, -1, 2]
    assert parsed.relations == ["aux", "advmod", "root", "punct"]


@pytest.mark.parametrize("text, said", [
    ("", "mine holds no sentence"), ("1 the _", "Line 1 of mine has 1 columns"),
    (LINES.replace("\t3\taux", "\t9\taux"), "Line 3 of mine names the head 9"),
])  # fmt: skip
def test_what_is_no_conllu(text, said):
    with pytest.raises(Problem) as problem:
        read_conllu(text.splitlines(), "mine")
    assert said in str(problem.value)


def test_the_samples_that_ship_are_read_and_have_one_root_a_sentence():
    for name, count in (("en", 30), ("zh", 12)):
        found = read_conllu((ASSETS / f"{name}-sample.conllu").read_text(encoding="utf-8").splitlines(), name)
        assert len(found) == count and all((each.heads == -1).sum() == 1 for each in found)


def attention(parsed: Parsed, side: int, seed: int) -> np.ndarray:
    """Of two layers of two heads, the last one a perfect parser: from the word (0) or from its head (1)."""
    n = len(parsed.words)
    found = np.random.default_rng(seed).random((2, 2, n, n))
    for word, head in enumerate(parsed.heads):
        if head >= 0:
            found[(1, 1, word, head) if side == 0 else (1, 1, head, word)] = 5
    return found


def test_a_perfect_head_is_found_from_the_word():
    """The other way round, a word may be looked at by its head and by none so much."""
    parsing = Parsing()
    parsed = Parsed(["a", "cat", "ran", "."], np.array([1, 2, -1, 2]), ["det", "nsubj", "root", "punct"])
    for seed in range(12):
        parsing.add(attention(parsed, 0, seed), parsed)
    rows = {row["relation"]: row for row in parsing.table()}
    assert {*rows} == {"det", "nsubj", ALL} and rows["det"]["n"] == 6 and rows[ALL]["n"] == 12
    for row in rows.values():
        assert (row["layer"], row["head"], row["side"], row["accuracy"]) == (1, 1, 0, 1) and row["low"] < 1
        assert row["offset"] == 1 and row["offset_accuracy"] == 1


def test_a_head_that_looks_back_from_the_head_to_the_word():
    parsed = Parsed(["cat", "the", "ran"], np.array([2, 0, -1]), ["nsubj", "det", "root"])
    parsing = Parsing()
    for seed in range(10):
        parsing.add(attention(parsed, 1, seed), parsed)
    rows = {row["relation"]: row for row in parsing.table()}
    assert rows["det"]["side"] == 1 and rows["det"]["accuracy"] == 1 and rows["det"]["offset"] == -1


def test_chosen_on_one_half_and_scored_on_the_other():
    """A head that is right only where it is chosen scores nothing."""
    parsed, parsing = Parsed(["a", "b", "c"], np.array([1, -1, 1]), ["det", "root", "dep"]), Parsing()
    for number in range(20):
        weights = np.zeros((1, 1, 3, 3))
        weights[0, 0, :, 1 if number % 2 == 0 else 2] = 1
        parsing.add(weights, parsed)
    rows = {row["relation"]: row for row in parsing.table()}
    assert rows["det"]["side"] == 0 and rows["det"]["accuracy"] == 0 and rows["det"]["n"] == 10


@pytest.mark.skipif(not TREEBANK.exists(), reason="The treebank is not here.")
def test_a_real_treebank_is_read():
    with gzip.open(TREEBANK, "rt", encoding="utf-8") as lines:
        found = read_conllu(lines, "ewt", most=300)
    assert len(found) == 300 and found[0].words[:3] == ["From", "the", "AP"] and found[0].relations[1] == "det"
