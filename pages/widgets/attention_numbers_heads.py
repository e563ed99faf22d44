"""What each head does on average, as a table to sort, and which heads look alike, as a map."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.answers import Answer
from core.explore.attention_heads import BROAD, TARGETS
from core.figures.attention_heads import head_map, label
from core.store import RunRow
from pages.widgets import frame
from pages.widgets.asking import answer
from pages.widgets.attention_numbers_sample import sample
from pages.widgets.i18n import _
from pages.widgets.plot import plot
from pages.widgets.state import choose, chosen
from pages.widgets.tables import csv_button


def nicknames() -> dict[str, str]:
    """What the thresholds call a head."""
    return {
        "special": _("special symbols"), "punctuation": _("punctuation"), "first": _("first piece"),
        "previous": _("previous piece"), "next": _("next piece"), "self": _("itself"), "same": _("same word"),
        "broad": _("broad"), "": "",
    }  # fmt: skip


def show(run: RunRow) -> None:
    """The statistics of all heads over a sample, a table beside a map; a click on either chooses a head."""
    texts = sample(run, (50, 200, 500), 200)
    found = answer("head_statistics", run=run.id, texts=texts)
    if found is None:
        return
    left, right = st.columns([1.75, 1], gap="large")
    with left:
        _table(run, found)
    with right:
        _map(run, found)
    _explained(found)


def head_in_use(shape: tuple[int, ...]) -> tuple[int, int] | None:
    """The head that the link names, both counted from 0; None where it names none of this model."""
    named = (chosen("head") or "").partition(",")[0]
    heads = {label(i, j): (i, j) for i, j in np.ndindex(shape[0], shape[1])}
    return heads.get(named)


def take(layer: int, head: int) -> None:
    """Write a head, counted from 0, into the link."""
    choose("head", label(layer, head))
    choose("heads", None)


def _rows(found: Answer) -> pd.DataFrame:
    shape = found.arrays["entropy"].shape
    names = nicknames()
    return pd.DataFrame({
        "head": [label(i, j) for i, j in np.ndindex(shape)],
        "nickname": [names[name] for row in found.facts["names"] for name in row],
        **{name: found.arrays[name].ravel() for name in ("entropy", "distance")},
        **{name: 100 * found.arrays[name].ravel() for name in ("share", *TARGETS)},
    })  # fmt: skip


def _table(run: RunRow, found: Answer) -> None:
    table, shape, key = _rows(found), found.arrays["entropy"].shape, f"heads-{run.id}"
    mass = lambda name, help: st.column_config.NumberColumn(name, format="%.0f %%", help=help, width=64)  # noqa: E731
    columns: dict[str, Any] = {
        "head": st.column_config.TextColumn(_("head"), help=_("layer.head"), pinned=True, width=55),
        "nickname": st.column_config.TextColumn(_("nickname"), width=95),
        "entropy": st.column_config.NumberColumn(_("entropy"), format="%.2f", width=64, help=_(
            "Nats: 0 where a head looks at one piece, ln n where at n alike.")),
        "share": mass(_("of most"), _("Entropy as a share of the largest there could be.")),
        "distance": st.column_config.NumberColumn(
            _("distance"), format="%.1f", width=64, help=_("Pieces away, on average.")),
        "self": mass(_("itself"), _("Mass on the piece itself.")),
        "previous": mass(_("previous"), _("Mass on the piece before.")),
        "next": mass(_("next"), _("Mass on the piece behind.")),
        "first": mass(_("first"), _("Mass on the first piece of the text.")),
        "special": mass(_("special"), _("Mass on special symbols such as [CLS] and [SEP].")),
        "punctuation": mass(_("punctuation"), _("Mass on pieces without a letter or a figure.")),
        "same": mass(_("same word"), _("Mass on the same word at other places.")),
    }  # fmt: skip
    shown = [name for name in columns if found.facts["even"].get(name, 1) > 0]  # a GPT sees nothing behind it
    st.markdown(_("**Heads** :gray[sort by any column; a row chooses the head]"))
    event = st.dataframe(table[shown], hide_index=True, column_config=columns, key=key, on_select="rerun",
                         selection_mode="single-row", height=470)  # fmt: skip
    rows = event["selection"]["rows"]
    if rows and st.session_state.get(f"{key}-row") != rows[0]:
        take(*divmod(int(rows[0]), shape[1]))
    st.session_state[f"{key}-row"] = rows[0] if rows else None
    csv_button(table, "heads", f"{key}-csv")


def _map(run: RunRow, found: Answer) -> None:
    shape, names = found.arrays["entropy"].shape, nicknames()
    place = st.empty()
    head = head_in_use(shape)
    told = [[names[name] for name in row] for row in found.facts["names"]]
    st.markdown(_("**Heads that look alike** :gray[√ Jensen-Shannon distance in two dimensions]"))
    figure = head_map(
        found.arrays["xy"], told, mode=frame.mode(), title=_("Heads by how alike they look"),
        chosen=None if head is None else head[0] * shape[1] + head[1],
    )  # fmt: skip
    event = plot(figure, key=f"head-map-{run.id}", height=440)
    if event.fresh and event.clicked is not None:
        take(*divmod(event.clicked, shape[1]))
        st.rerun()
    said = _("{kept} of the squared distances are kept; compared over {n} pieces.")
    st.caption(said.format(kept=f"{found.facts['kept']:.0%}", n=found.facts["compared"]))
    if head is not None:
        place.markdown(_("Head **{head}** is chosen: *Look* shows it.").format(head=label(*head)))


def _explained(found: Answer) -> None:
    even = found.facts["even"]
    said = _(
        "Over {pieces} pieces of {texts} sentences. A head that looks evenly at all it can see would have: entropy "
        "{entropy}, distance {distance}, itself {itself}, previous {previous}, next {next}, special {special}."
    )
    shares = {name: f"{even[key]:.0%}" for name, key in
              (("itself", "self"), ("previous", "previous"), ("next", "next"), ("special", "special"))}  # fmt: skip
    st.caption(said.format(
        pieces=f"{found.facts['pieces']:,}", texts=f"{found.facts['texts']:,}", entropy=f"{even['entropy']:.2f}",
        distance=f"{even['distance']:.1f}", **shares,
    ))  # fmt: skip
    with st.expander(_("How a head gets its nickname"), icon=":material/sell:"):
        st.markdown(_(
            "By the thresholds of Clark et al. (2019), *What does BERT look at?*: more than half of its mass on the "
            "**previous** or the **next** piece; more than 0.6 on **special symbols**; **broad** where the entropy "
            "is above 3.8 nats in texts of 128 pieces, that is {share} of the largest there could be, which is what "
            "is asked of shorter ones here. With the same thresholds we add **itself** and **same word** (half), "
            "**punctuation** and **first piece** (0.6). A nickname says what a head does here on average, not what "
            "it is for.\n\n"
            "In BERT-base they found that layers 6 to 10 put over half of their attention on [SEP]: a way to look at "
            "nothing, since changing it changes little. So it is in all-MiniLM-L6-v2, a small BERT of six layers, by "
            "the same count over 200 sentences of English web text (UD EWT): .20 .49 .51 .47 .52 .35 of the mass by "
            "layer on [CLS] and [SEP], where a head that looks evenly has .09."
        ).format(share=f"{BROAD:.0%}"))  # fmt: skip
