"""One declaration gives the validation, its sentences, and all that a form needs to know."""

import math
from typing import Literal

import pytest

from core.options import Options, option
from core.problem import Problem


class Toy(Options):
    presets = {"quick": {"dim": 5}, "balanced": {}, "thorough": {"dim": 50, "rate": 0.1}}
    dim: int = option(10, "Dimensions", "How many.", low=1, high=100, step=5)
    rate: float = option(0.5, "Rate", "How fast.", low=0, high=1, step=0.1, advanced=True)
    mode: Literal["one", "two"] = option("one", "Mode", "Which way.")
    fold: bool = option(True, "Fold", "Whether.")
    name: str = option("", "Name", "What it is called.")


def test_defaults_hold_without_values():
    assert Toy().model_dump() == {"dim": 10, "rate": 0.5, "mode": "one", "fold": True, "name": ""}


def test_fields_say_what_a_form_needs():
    fields = Toy.fields()
    assert list(fields) == ["dim", "rate", "mode", "fold", "name"]
    dim, mode = fields["dim"], fields["mode"]
    assert (dim.title, dim.help, dim.default, dim.kind) == ("Dimensions", "How many.", 10, int)
    assert (dim.low, dim.high, dim.step, dim.advanced) == (1, 100, 5, False)
    assert mode.choices == ("one", "two") and mode.low is None and fields["rate"].advanced


@pytest.mark.parametrize("value", [0, 101, 2.5, "many", None, math.nan, math.inf])
def test_a_bad_whole_number_is_named_with_its_bounds(value):
    with pytest.raises(Problem, match="Dimensions must be a whole number from 1 to 100; it was "):
        Toy(dim=value)


@pytest.mark.parametrize("value", [-0.1, 1.1, "fast", None, math.nan, -math.inf])
def test_a_bad_number_is_named_with_its_bounds(value):
    with pytest.raises(Problem, match="Rate must be a number from 0"):
        Toy(rate=value)


def test_bounds_are_inclusive():
    assert Toy(dim=1, rate=1).dim == 1
    assert Toy(dim=100, rate=0).rate == 0


def test_a_bad_choice_is_named_with_the_choices():
    with pytest.raises(Problem, match="Mode must be one of one, two; it was three."):
        Toy(mode="three")


def test_a_bad_value_without_bounds_is_named_with_the_default():
    with pytest.raises(Problem, match="Fold cannot be perhaps; try True."):
        Toy(fold="perhaps")


def test_an_unknown_option_is_named_with_those_there_are():
    with pytest.raises(Problem, match="no option called size; the options are: dim, rate, mode, fold, name."):
        Toy(size=3)


def test_a_long_bad_value_is_cut():
    with pytest.raises(Problem) as caught:
        Toy(dim="9" * 1000)
    assert len(str(caught.value)) < 200


def test_a_preset_takes_changes():
    assert Toy.preset("thorough", dim=7).model_dump(include={"dim", "rate"}) == {"dim": 7, "rate": 0.1}
    assert Toy.preset("balanced") == Toy()


def test_options_do_not_change_after_they_are_made():
    with pytest.raises(Exception, match="frozen"):
        Toy().dim = 3
    assert hash(Toy()) == hash(Toy())


def test_a_record_of_options_gives_them_back():
    options = Toy(dim=3, mode="two")
    assert Toy(**options.model_dump(mode="json")) == options
