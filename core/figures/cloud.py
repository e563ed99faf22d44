"""A word cloud that stays where it is: the heavier a word, the larger and the nearer to the middle; nothing overlaps.

Words are placed one after the other, the heaviest first, at the first free place along a spiral (as Wordle does,
Feinberg 2010), by boxes a little larger than the letters are in any common serif face. A cloud shows what is there;
long words and chance of place mislead, so it stands beside bars, never instead of them.
"""

import unicodedata
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from core.figures.palette import NO_AXIS, SERIF, Mode, palette, style
from core.figures.text import plain, shown

MOST = 120  # words
LETTERS = 24  # of a long word that are shown
SMALLEST = 11.0  # letters, in pixels
LARGEST = (104.0, 88.0, 75.0, 64.0, 54.0, 46.0, 39.0, 33.0, 28.0)  # of the heaviest word, to be tried
ADVANCES = {  # in em, of the widest common serif face
    0.43: "!'(),-./:;I[\\]fijlrt| ", 0.65: '"$?*_`aceksvxyzbdghnopqu0123456789JLPF{}',
    0.80: "&ABCDERSTUVXYZKQGO", 0.90: "HNw#+<=>^~%", 1.05: "mMW@",
}  # fmt: skip
WIDTHS = {letter: width for width, letters in ADVANCES.items() for letter in letters}
HEIGHT = 1.12  # of a line of words, in em
AIR = 0.18  # em kept free on the left and right
TURNS, STEPS = 60, 4000  # of the spiral


def word_cloud(
    words: Sequence[str],
    weights: np.ndarray,
    *,
    mode: Mode,
    title: str,
    ids: np.ndarray | None = None,
    width: int = 760,
    height: int = 440,
    hot: int | None = None,
    weight_name: str = "",
) -> go.Figure:
    """The 120 heaviest of these words, sized by weight. width, height: pixels that the picture has at least.

    weights: float (n,), those above 0 are shown; ids: int (n,), default 0..n-1; `hot` is an id. Words that find no room
    are left out. Hover: the word, weight_name and the weight. Every word's id is its own.
    """
    colours, weights = palette(mode), np.nan_to_num(np.asarray(weights, np.float64))
    names = np.arange(len(words), dtype=np.int32) if ids is None else np.asarray(ids, np.int32)
    order = np.argsort(-weights, kind="stable")[:MOST]
    order = order[weights[order] > 0]
    places, sizes = lay_out([shown(words[i], LETTERS) for i in order], weights[order], width, height)
    kept = np.flatnonzero(np.isfinite(places).all(axis=1))
    chosen = order[kept]
    strong = sizes[kept] > (SMALLEST + sizes[kept].max(initial=SMALLEST)) / 2.6
    colour = np.where(names[chosen] == hot, colours.hot_text, np.where(strong, colours.accent, colours.quiet))
    text = go.Scatter(
        x=places[kept, 0],
        y=places[kept, 1],
        mode="text",
        text=[plain(words[i], LETTERS) for i in chosen],
        textposition="middle center",
        textfont={"family": SERIF, "size": sizes[kept].round(1).tolist(), "color": colour.tolist()},
        customdata=names[chosen],
        hovertext=[f"{plain(weight_name)} {weights[i]:.4g}".strip() for i in chosen],
        hovertemplate="<b>%{text}</b><br>%{hovertext}<extra></extra>",
        cliponaxis=False,
    )
    figure = style(
        go.Figure(text), mode, title, margin={"l": 4, "r": 4, "t": 4, "b": 4}, hovermode="closest", dragmode=False,
        hoverdistance=40,
    )  # fmt: skip
    room = {"xaxis": [-width / 2, width / 2], "yaxis": [-height / 2, height / 2]}
    figure.update_layout({name: {**NO_AXIS, "range": span, "fixedrange": True} for name, span in room.items()})
    return figure


def lay_out(words: Sequence[str], weights: np.ndarray, width: float, height: float) -> tuple[np.ndarray, np.ndarray]:
    """Where each word's middle is, float64 (n, 2) in pixels from the middle, and its letters' size, float64 (n,).

    words, weights: the heaviest first, weights above 0. A word without room has no place (nan). As large as leaves room
    for nearly all: sizes are tried from the largest down.
    """
    if not len(words):
        return np.zeros((0, 2)), np.zeros(0)
    wide = np.array([advance(word) for word in words])
    relative = np.sqrt(np.asarray(weights, np.float64) / weights[0])
    best = np.full((len(words), 2), np.nan), np.full(len(words), SMALLEST)
    for largest in LARGEST:
        sizes = np.maximum(SMALLEST, largest * relative)
        if wide[0] * sizes[0] > 0.9 * width:
            continue
        places = _placed(wide * sizes + 2 * AIR * sizes, HEIGHT * sizes, width, height)
        if np.isfinite(places[:, 0]).sum() > np.isfinite(best[0][:, 0]).sum():
            best = places, sizes
        if np.isfinite(places).all():
            break
    return best


def advance(word: str) -> float:
    """How wide a word is at most, in em."""
    return sum(_advance(letter) for letter in word)


def _advance(letter: str) -> float:
    if letter in WIDTHS:
        return WIDTHS[letter]
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0.0
    if unicodedata.category(letter) == "So":
        return 1.4
    return 1.0 if unicodedata.east_asian_width(letter) in "WF" else 0.85


def _placed(wide: np.ndarray, high: np.ndarray, width: float, height: float) -> np.ndarray:
    """float64 (n, 2): middles of boxes (wide, high) that do not meet and lie inside; nan where there is no room."""
    turn = np.linspace(0, 1, STEPS) ** 0.7
    angle = 2 * np.pi * TURNS * turn
    spiral = np.stack([turn * width / 2 * np.cos(angle), turn * height / 2 * np.sin(angle)], axis=1)
    places, taken = np.full((len(wide), 2), np.nan), np.zeros((0, 4))  # x, y and half the sides
    for i in range(len(wide)):
        half = np.array([wide[i], high[i]]) / 2
        free = np.all(np.abs(spiral) + half <= np.array([width, height]) / 2, axis=1)
        inside = spiral[free]
        clear = np.all(np.any(np.abs(inside[:, None] - taken[:, :2]) >= half + taken[:, 2:], axis=2), axis=1)
        if clear.any():
            places[i] = inside[clear.argmax()]
            taken = np.concatenate([taken, [[*places[i], *half]]])
    return places
