import pytest

from core.figures.shares import two_parts


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_whole_is_filled_by_its_two_parts(mode):
    figure = two_parts({"time": 0.75, "<b>work</b>": 0.98}, ("output", "rest"), mode=mode, title="t")
    first, rest = figure.data
    assert first.x == (0.75, 0.98) and [a + b for a, b in zip(first.x, rest.x)] == [1, 1]
    assert first.y == rest.y == ("time", "&lt;b&gt;work&lt;/b&gt;") and figure.layout.barmode == "stack"
    assert (first.name, rest.name) == ("output", "rest") and first.marker.color != rest.marker.color


def test_a_part_without_room_for_its_number_has_none():
    first, rest = two_parts({"time": 0.95}, ("output", "rest"), mode="light", title="t").data
    assert first.text == ("95.0%",) and rest.text == ("",)
