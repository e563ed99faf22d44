from itertools import combinations

import numpy as np
import plotly.graph_objects as go
import pytest

from core.figures.palette import DARK, LIGHT, palette, style, translucent

# Machado, Oliveira & Fernandes (2009), severity 1: what the three kinds of dichromats see, in linear RGB.
SIMULATIONS = {
    "all three cones": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def linear(colour: str) -> np.ndarray:
    value = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    x, y, z = np.cbrt(np.maximum(XYZ @ np.clip(rgb, 0, 1) / [0.9505, 1, 1.089], 0.008856))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def contrast(one: str, other: str) -> float:
    low, high = sorted(float(XYZ[1] @ linear(colour)) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("sight", SIMULATIONS)
@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_categories_stay_apart_for_every_kind_of_colour_vision(colours, sight):
    seen = [lab(np.asarray(SIMULATIONS[sight]) @ linear(colour)) for colour in colours.categories]
    assert min(np.linalg.norm(one - other) for one, other in combinations(seen, 2)) > 12


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read_on_the_background(colours):
    for ink in (colours.ink, colours.quiet, colours.accent, colours.hot_text):
        assert contrast(ink, colours.background) >= 4.5
    assert min(contrast(colour, colours.background) for colour in colours.categories) > 2.7


def test_steps_give_each_category_its_own_band():
    scale = LIGHT.steps(3)
    assert [colour for _, colour in scale] == [c for c in LIGHT.categories[:3] for _ in range(2)]
    assert [edge for edge, _ in scale] == pytest.approx([0, 1 / 3, 1 / 3, 2 / 3, 2 / 3, 1])


def test_the_title_is_for_screen_readers_and_is_not_drawn():
    figure = style(go.Figure(), "dark", "Map of <b>")
    assert figure.layout.meta["title"] == "Map of <b>" and figure.layout.title.text is None
    assert figure.layout.font.color == palette("dark").ink


def test_translucent():
    assert translucent("#0a14ff", 0.5) == "rgba(10,20,255,0.5)"
