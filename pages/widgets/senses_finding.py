"""Words that the page is worth being opened for: the many-sided ones of a corpus, by a run."""

from typing import Any

import pandas as pd
import streamlit as st

from core.explore.download import csv_bytes
from core.store import CorpusRow, RunRow
from pages.widgets.asking import answer
from pages.widgets.controls import choice
from pages.widgets.i18n import _
from pages.widgets.state import choose
from pages.widgets.tables import as_search

COUNTS = (30, 60, 120, 240)


def find(run: RunRow, row: CorpusRow) -> None:
    """A table of words, the most many-sided first; a click on one looks at it."""
    if "ContextVectors" not in run.capabilities:
        st.info(_("This run has one vector a word, so no word has more than one side there. Train one that reads "
                  "contexts."))  # fmt: skip
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        counts = {str(n): str(n) for n in COUNTS}
        count = int(choice(st.selectbox, _("Words to look at"), counts, "words", "60", width=160))
        seed = int(st.number_input(_("Seed"), 0, 9999, 0, key="find-seed", width=110))
    found = answer("sense_ranking", run=run.id, corpus_id=row.id, count=count, seed=seed)
    if found is None:
        return
    table = pd.DataFrame(found.facts["table"])
    event = st.dataframe(
        table, hide_index=True, key=f"sense-ranking-{run.id}-{row.id}-{count}-{seed}", on_select="rerun",
        selection_mode="single-cell", height=480, column_config=_columns(float(table["wider"].max())),
    )  # fmt: skip
    st.caption(_("{n} words that occur 12 times or more, drawn with seed {seed}, 40 occurrences each, in the last "
                 "layer. A word on top is used in more different ways than words as frequent: that may be senses, "
                 "or grammar. Click one to see.").format(n=found.facts["words"], seed=seed))  # fmt: skip
    st.download_button(_("Table (CSV)"), lambda: csv_bytes(table), "many-sided.csv", "text/csv", key="ranking-csv",
                       icon=":material/download:", type="tertiary", on_click="ignore")  # fmt: skip
    cells = event["selection"]["cells"]
    if cells:
        choose("q", as_search(str(table.iloc[cells[0][0]]["word"])))
        choose("mode", "words")
        choose("sentence", None)
        choose("senses", "look")
        st.rerun()


def _columns(widest: float) -> dict[str, Any]:
    number, columns = "%.2f", st.column_config
    return {
        "word": _("word"), "count": _("count"),
        "similarity": columns.NumberColumn(
            _("alike"), format=number, help=_("Mean cosine of two of its occurrences, less that of different words.")
        ),
        "expected": columns.NumberColumn(_("words as frequent"), format=number),
        "wider": columns.ProgressColumn(_("wider by"), format=number, min_value=0.0, max_value=max(0.01, widest)),
        "silhouette": columns.NumberColumn(
            _("silhouette"), format=number, help=_("How far apart its clusters are.")
        ),
    }  # fmt: skip
