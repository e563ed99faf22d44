"""Attention to take away: the numbers of one head as CSV, and everything as one HTML file that needs no other host."""

import base64
import html
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from core.answers import Answer
from core.explore.attention import number
from core.figures.palette import SANS
from pages.widgets import attention
from pages.widgets.assets import FOLDER
from pages.widgets.attention import Head
from pages.widgets.i18n import _, language
from pages.widgets.tables import csv_button

if TYPE_CHECKING:
    from pages.widgets.attention_look import Side

SCRIPTS = (
    "plot_message.js", "attention_data.js", "attention_draw.js", "attention_grid.js", "attention_map.js",
    "attention_lines.js", "attention_neuron.js", "attention_point.js", "attention_save.js",
    "attention_style.js", "attention.js",
)  # fmt: skip
IMPORT = re.compile(r'^import (\{[^}]*\}) from "\./([\w.]+)";$', re.MULTILINE)
EXPORT = re.compile(r"^export (?:class|function|const|async function) (\w+)", re.MULTILINE)


def links(side: "Side", found: Answer, head: Head, how: dict[str, Any], messages: Callable[[], list[bytes]]) -> None:
    """The buttons under the board. messages: those that a browser needs to draw it."""
    facts = found.facts
    layer, each = min(head[0], facts["layers"] - 1), min(head[1], facts["heads"] - 1)
    if facts["kind"] == "exact":
        weights = found.arrays["maps"][number(layer, each, facts["layers"], facts["heads"])]
    else:
        answered = side.ask("one_head", **how, layer=layer, head=each)
        if answered is None:
            return
        weights = answered.arrays["weights"]
    with st.container(horizontal=True, vertical_alignment="center"):
        csv_button(table(found, weights), f"attention-{layer + 1}-{each + 1}", "attention-csv")
        st.download_button(
            _("Save as one HTML file"), lambda: page(messages()), "attention.html", "text/html",
            icon=":material/html:", on_click="ignore", type="tertiary", key="attention-html",
        )  # fmt: skip


def table(found: Answer, weights: Any) -> pd.DataFrame:
    """One row a pair of units, by their places from 1 on."""
    names, rows, columns = found.facts["names"], found.arrays["rows"], found.arrays["columns"]
    pairs = [(row, column) for row in rows.tolist() for column in columns.tolist()]
    return pd.DataFrame({
        "from": [row + 1 for row, _at in pairs], "looks": [names[row] for row, _at in pairs],
        "to": [at + 1 for _row, at in pairs], "at": [names[at] for _row, at in pairs],
        "weight": weights.ravel().tolist(),
    })  # fmt: skip


def page(messages: list[bytes]) -> bytes:
    """The board as a page of its own: scripts and numbers inside, words only as data."""
    colours = attention.colours("light")
    style = {"--st-font": SANS, "--st-text-color": colours["ink"], "--st-background-color": colours["background"],
             "--st-border-color": colours["border"], "--st-primary-color": colours["accent"]}  # fmt: skip
    data = ",".join(f'"{base64.b64encode(each).decode()}"' for each in messages)
    title = html.escape(_("Attention"))
    return f"""<!doctype html>
<html lang="{language()}"><head><meta charset="utf-8"><title>{title}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:">
<style>:root {{ {"; ".join(f"{name}: {value}" for name, value in style.items())} }}
body {{ margin: 1.5rem; background: {colours["background"]}; }}</style></head>
<body><div id="board"></div><div id="full" hidden></div>
<script type="module">
{scripts()}
[{data}].forEach((text, place) => mount({{
  parentElement: document.getElementById(place ? "full" : "board"), setStateValue() {{}},
  data: Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)) }}));
</script></body></html>
""".encode()  # noqa: E501


def scripts() -> str:
    """The component's modules as one script, each in a scope of its own."""
    return "const modules = {};\n" + "\n".join(map(_module, SCRIPTS)) + '\nconst { mount } = modules["attention.js"];'


def _module(name: str) -> str:
    source = (FOLDER / name).read_text(encoding="utf-8")
    shared = ", ".join(EXPORT.findall(source))
    inside = IMPORT.sub(r'const \1 = modules["\2"];', EXPORT.sub(lambda found: found[0][len("export ") :], source))
    return f'modules["{name}"] = (() => {{\n{inside}\nreturn {{ {shared} }};\n}})();'
