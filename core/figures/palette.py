"""The colours and the quiet style that all figures share, for light and for dark pages.

One accent for what is chosen, one hot colour for what a person points at, and eight categories that stay apart for
every common kind of colour vision: a test simulates three (Machado, Oliveira & Fernandes 2009).
"""

from dataclasses import dataclass
from typing import Any, Literal

import plotly.graph_objects as go

Mode = Literal["light", "dark"]
SANS = '"Source Sans", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif'
SERIF = '"Source Serif", "Noto Serif CJK SC", "Songti SC", SimSun, serif'


@dataclass(frozen=True)
class Palette:
    """The colours of one mode, as "#rrggbb"; `faint` to `dense` is for points that only form the ground."""

    background: str
    panel: str
    border: str
    ink: str
    quiet: str
    accent: str
    hot: str
    hot_text: str
    faint: str
    dense: str
    categories: tuple[str, ...]

    def ramp(self) -> list[list[Any]]:
        """Plotly colour scale from few to many: ground to accent."""
        return [[0.0, self.faint], [0.45, self.dense], [1.0, self.accent]]

    def warmth(self) -> list[list[Any]]:
        """Plotly colour scale from unlike to like: ground to hot."""
        return [[0.0, self.faint], [0.55, self.dense], [1.0, self.hot]]

    def steps(self, count: int) -> list[list[Any]]:
        """Plotly colour scale for whole numbers 0..count-1, one category colour each, repeated when there are more."""
        colours = [self.categories[i % len(self.categories)] for i in range(count)]
        edges = [(i / count, (i + 1) / count) for i in range(count)]
        return [[edge, colour] for pair, colour in zip(edges, colours) for edge in pair]


LIGHT = Palette(
    "#fcfbf8", "#f3f1ea", "#e2ded3", "#22262b", "#6b6f73", "#2f5d8a", "#d9822b", "#a8560c", "#cfd4d8", "#9db4c9",
    ("#2f5d8a", "#d17d25", "#328c6e", "#b24656", "#6f5fb1", "#8d7c41", "#3ca2c2", "#868b94"),
)  # fmt: skip
DARK = Palette(
    "#14171b", "#1c2026", "#2c3138", "#e7e4dc", "#9a9c9c", "#7fb0dd", "#d9822b", "#eba35a", "#39404a", "#4b6178",
    ("#7fb0dd", "#d89640", "#5abe9b", "#c66b72", "#d7a0c1", "#bdb06c", "#a1ddf0", "#8d8c97"),
)  # fmt: skip


def palette(mode: Mode) -> Palette:
    """The colours of this mode."""
    return {"light": LIGHT, "dark": DARK}[mode]


def translucent(colour: str, opacity: float) -> str:
    """ "#rrggbb" as CSS rgba with this opacity."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


def style(figure: go.Figure, mode: Mode, title: str, **layout: Any) -> go.Figure:
    """Give the figure the shared style; `title` is what a screen reader says, and is not drawn."""
    colours = palette(mode)
    figure.update_layout(
        template="none",
        meta={"title": title, "hot": colours.hot_text, "quiet": colours.quiet},
        font={"family": SANS, "size": 13, "color": colours.ink},
        paper_bgcolor=colours.background,
        plot_bgcolor=colours.background,
        hoverlabel={
            "bgcolor": colours.panel,
            "bordercolor": colours.border,
            "font": {"family": SANS, "size": 13, "color": colours.ink},
        },
        showlegend=False,
        **layout,
    )
    return figure


def with_tools(figure: go.Figure) -> go.Figure:
    """The figure with the buttons that save it always in its corner: a picture that is made to be taken along."""
    figure.update_layout(meta={**figure.layout.meta, "tools": True})
    return figure


def axis(mode: Mode, title: str = "", **more: Any) -> dict[str, Any]:
    """An axis with thin grid lines and quiet numbers."""
    colours = palette(mode)
    return {
        "title": {"text": title, "standoff": 8, "font": {"size": 12.5, "color": colours.quiet}},
        "gridcolor": colours.border,
        "gridwidth": 1,
        "linecolor": colours.border,
        "zeroline": False,
        "showline": False,
        "ticks": "",
        "tickfont": {"size": 12, "color": colours.quiet},
        **more,
    }


NO_AXIS: dict[str, Any] = {
    "visible": False,
    "showgrid": False,
    "zeroline": False,
}
