"""What the views of attention say, in the reader's language; {braces} are filled in the browser."""

from typing import Any

from pages.widgets.i18n import _


def texts() -> dict[str, Any]:
    """By the names that attention.js knows."""
    return {**_named(), **_told()}


def _named() -> dict[str, str]:
    return {
        "failed": _("The picture could not be loaded: check that the server still runs, then reload the page."),
        "grid": _("All heads"), "map": _("Heat map"), "lines": _("Lines between words"), "neuron": _("Neurons"),
        "top": _("Strongest"), "play": _("Play"), "moment": _("Moment of the training"), "label": _("Attention"),
        "left": _("left side"), "right": _("right side"), "difference": _("left − right"),
        "SVG": _("Save as a drawing (SVG)"), "PNG": _("Save as a picture"),
        "one_head": _("layer {layer}, head {head}"), "mean_layer": _("layer {layer}, mean of its heads"),
        "mean_all": _("mean of all heads"), "query": _("query of the word that looks"), "key": _("keys"),
        "product": _("query × key"), "score": _("sum / √{d}"), "softmax": _("softmax"), "value": _("weight × value"),
        "mix": _("sum: what is taken"),
    }  # fmt: skip


def _told() -> dict[str, Any]:
    return {
        "looks": _("{a} looks at {b}: {w}"),
        "choose": _("Click a map; a number at the left for its layer's mean, x̄ for the mean of all."),
        "several": _("Click maps to add or take away their lines; a double click leaves one."),
        "chip": _("Click: take away. Double click: this one alone."),
        "grid_help": _("Rows are layers, columns heads; each map has a row for every word that looks. Click one."),
        "root": _("colour by the square root of the weight"),
        "rounded": _("Rounded to a byte a weight, so that all heads come at once: off by 0.2% of the row's largest."),
        "small": _("Of a text this long the small maps show the largest weight of every block; one head at a time is "
                   "sent in full."),
        "unlike": _("Two texts of different words cannot be subtracted; both are pointed at by place."),
        "signed": _("Blue: the left is larger. Orange: the right is. The largest difference is {most}."),
        "causal": _("The empty triangle: this model never looks at what comes later."),
        "lines_left": _("{n} weaker lines are not drawn."),
        "lines_help": _("Width and opacity are the weight; point at a word for its numbers, click it to keep them."),
        "pieces_left": _("The {n} pieces with the smallest weights are left out."),
        "neuron_help": _("One piece looks: its query times each key, summed and divided by √{d}, goes through softmax "
                         "and weighs the values. Cells: blue above 0, orange below. Click a piece to let it look."),
        "no_mean": _("A mean of heads has no query and no keys: choose one head."),
        "coming": _("The parts of this head are on their way."),
        "hint": {"map": _("Point at a cell, or at a word of the sentence; click to keep it."),
                 "lines": _("Point at a word to see only its lines.")},
    }  # fmt: skip
