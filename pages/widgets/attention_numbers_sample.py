"""Sentences of a corpus that the measures of the Attention page are taken over."""

import streamlit as st

from core.explore.attention_sample import Sample, sentences
from core.store import RunRow
from pages.widgets.controls import choice
from pages.widgets.i18n import _
from pages.widgets.state import store


def sample(run: RunRow, counts: tuple[int, ...], default: int) -> list[str]:
    """How many sentences of which corpus are asked about, by lot; stops the page where there is no corpus."""
    rows = {row.id: row.name for row in store().corpora() if row.state == "ready"}
    if not rows:
        st.info(_("No corpus is ready to draw sentences from: read one on the Corpus page."))
        st.stop()
    first = run.corpus_id if run.corpus_id in rows else next(iter(rows))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=300):
            corpus = choice(st.selectbox, _("Sentences of"), rows, "sample-of", default=first)
        names = {str(count): f"{count:,}" for count in counts}
        count = int(choice(st.segmented_control, _("How many"), names, "sample", default=str(default), required=True))
        seed = int(st.number_input(_("Lot"), 0, 999, 0, key="sample-lot", bind="query-params", width=110,
                                   help=_("Another lot draws other sentences.")))  # fmt: skip
    found: Sample = sentences(store().corpus(corpus), count, seed)
    if not found.texts:
        st.info(_("This corpus has no sentence of four words or more: choose another."))
        st.stop()
    said = _("{n} sentences by lot, {held} of them held out from learning.")
    if corpus != run.corpus_id:
        said = _("{n} sentences by lot, of a corpus that this run did not learn from.")
    st.caption(said.format(n=len(found.texts), held=found.held_out))
    return found.texts
