"""Senses sorted by hand: each change as one would expect it, and none of them changes what was before."""

import pandas as pd
import pytest

from core.explore.sense_edits import Sorted, by_value
from core.problem import Problem

START = Sorted((0, 0, 1, -1), ("A", "B"))


def test_a_sense_is_renamed_and_merged_under_a_name_that_is_taken() -> None:
    assert START.renamed(0, " river  bank ").names == ("river bank", "B")
    assert START.renamed(0, "B") == Sorted((0, 0, 0, -1), ("B",))
    with pytest.raises(Problem, match="needs a name"):
        START.renamed(0, " ")


def test_occurrences_move_to_a_sense_that_is_there_or_new_or_to_none() -> None:
    assert START.moved([2, 3], "A") == Sorted((0, 0, 0, 0), ("A",))
    assert START.moved([0], "both") == Sorted((2, 0, 1, -1), ("A", "B", "both"))
    assert START.moved([2], "") == Sorted((0, 0, -1, -1), ("A",)) and START.values == (0, 0, 1, -1)


def test_both_and_undecided_are_labels_that_stand_last_and_are_not_measured() -> None:
    aside = frozenset({"both", "undecided"})
    found = by_value(["both", "both", "river", "money"], aside=aside)
    assert found.names == ("river", "money", "both") and found.values == (2, 2, 0, 1)
    assert found.senses == 2 and found.groups == [-1, -1, 0, 1]
    assert found.moved([2], "undecided").moved([0], "sand").names == ("money", "sand", "both", "undecided")
    assert found.renamed(0, "undecided").groups == [-1, -1, -1, 0]


def test_what_is_exported_has_places_and_labels() -> None:
    frame = pd.DataFrame({"document": [0, 1, 2, 3], "begin": [4, 5, 6, 7], "end": [8, 9, 10, 11]})
    assert START.table(frame).values.tolist() == [[0, 4, 8, "A"], [1, 5, 9, "A"], [2, 6, 10, "B"]]


def test_a_column_sorts_and_its_rarest_values_share_a_sense() -> None:
    assert by_value(["x", "y", "x", ""]) == Sorted((0, 1, 0, -1), ("x", "y"))
    assert by_value(["x", "x", "y", "y", "z", "w"], most=2) == Sorted((0, 0, 1, 1, 2, 2), ("x", "y", "…"))
