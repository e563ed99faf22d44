"""Labels of single occurrences: brought in from a table or pasted lines, looked at, taken along."""

import pandas as pd
import streamlit as st

from core.explore.download import csv_bytes
from core.store import CorpusRow
from core.store.inbox import remove
from core.store.occurrences import LabelRow
from pages.widgets.asking import answer
from pages.widgets.controls import choice
from pages.widgets.drop import drop
from pages.widgets.i18n import _, sentence
from pages.widgets.state import store
from pages.widgets.text import markdown_safe
from pages.widgets.undo import offer, remember

EXAMPLE = "the left **bank** of the river"


def show(row: CorpusRow) -> None:
    """The sets of labels of this corpus, and the way to bring in another."""
    st.caption(
        _(
            "A label says what one occurrence of a word is: its sense, for example. A table names the document, start, "
            "end and label of each, or its left context, keyword, right context and label."
        )
    )
    offer("labels", store().restore_labels)
    for labels in store().labels(row.id):
        _set(row, labels)
    st.markdown(_("**Bring in labels**"))
    ways = {"file": _("A table"), "lines": _("Pasted lines")}
    way = choice(st.segmented_control, _("From"), ways, "labels-from", required=True, label_visibility="collapsed")
    if way == "file":
        given = drop(_("A table of labels"), "label-files", accept=["csv", "tsv", "jsonl", "gz", "xz"], most_files=1)
        if given:
            _found(row, given[0].name, path=str(given[0].path), identity=given[0].id)
    else:
        text = st.text_area(_("Lines"), key="label-lines", height=160, placeholder=f"{EXAMPLE}\triver")
        if text.strip():
            _found(row, _("pasted lines"), text=text)


def _set(row: CorpusRow, labels: LabelRow) -> None:
    with st.container(border=True):
        about, take, drop_it = st.columns([5, 1, 1], vertical_alignment="center")
        kinds = " · ".join(f"{markdown_safe(label, 30)} {times:,}" for label, times in list(labels.kinds.items())[:8])
        about.markdown(f"**{markdown_safe(labels.name)}** :gray[{labels.occurrences:,}]  \n{kinds}")
        take.download_button(
            "CSV", lambda: _exported(row, labels.id), f"{labels.name}.csv", "text/csv", key=f"take-{labels.id}",
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip
        drop_it.button(_("Delete"), key=f"drop-{labels.id}", icon=":material/delete:", on_click=_delete, args=(labels,))


def _exported(row: CorpusRow, labels: str) -> bytes:
    """The labels with their lines and places, so that they can be cited and brought in again."""
    from core.corpus.occurrences import exported

    return csv_bytes(exported(store().corpus(row.id), store().label_set(labels)))


def _delete(labels: LabelRow) -> None:
    store().delete_labels(labels.id)
    remember("labels", labels.id, labels.name)


def _found(row: CorpusRow, name: str, path: str = "", text: str = "", identity: str = "") -> None:
    """What of it was found in the corpus; kept when the person says so."""
    found = answer("labels_found", corpus_id=row.id, name=name, path=path, text=text)
    if found is None:
        return
    for note in found.facts["notes"]:
        st.warning(sentence(note))
    table = pd.DataFrame(found.facts["table"])
    st.markdown(_("{n} occurrences were found in this corpus:").format(n=f"{len(table):,}"))
    kinds = table["label"].value_counts().head(20).rename_axis("label").reset_index(name="count")
    names = {"label": _("label"), "count": _("count")}
    st.dataframe(kinds, hide_index=True, height="content", column_config=names)
    title = st.text_input(_("Name"), name.rpartition("/")[2][:60], key=f"labels-name-{name}")
    st.button(
        _("Keep these labels"), type="primary", icon=":material/check:", on_click=_keep,
        args=(row, title, table, identity),
    )  # fmt: skip


def _keep(row: CorpusRow, title: str, table: pd.DataFrame, identity: str) -> None:
    """Keep the labels; what they were read from has done its work."""
    store().add_labels(row.id, title, table)
    if identity:
        remove(store().home, identity)
    else:
        st.session_state["label-lines"] = ""
