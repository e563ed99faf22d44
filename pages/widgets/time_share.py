"""Where the time of a step goes: the part of the output layer, for any run that measures it."""

import streamlit as st

from core.figures.shares import two_parts
from core.store import RunRow
from pages.widgets import frame
from pages.widgets.i18n import _
from pages.widgets.plot import plot
from pages.widgets.state import store

_MOST = 0.5  # of the time: from there on the output layer is what is worth attacking


def time_share(run: RunRow) -> None:
    """The output layer's part of the time, as measured, and of the multiplications, as counted."""
    share = run.metrics.get("output_share")
    if share is None:
        return
    parts = {_("time, measured"): share}
    if "output_multiplications" in run.metrics:
        parts[_("multiplications")] = run.metrics["output_multiplications"]
    title = _("Where the time goes")
    names = _("output layer"), _("all else")
    st.markdown(f"**{title}**")
    plot(two_parts(parts, names, mode=frame.mode(), title=title), key=f"share-{run.id}", height=34 + 34 * len(parts))
    said = {
        True: _("{share} of the time goes into guessing among {words} words: that is what word2vec attacks next."),
        False: _("{share} of the time goes into guessing among {words} words: with more words it would soon be most."),
    }
    st.caption(said[share >= _MOST].format(share=f"{share:.0%}", words=f"{_words(str(store().home), run.id):,}"))


@st.cache_data(show_spinner=False, max_entries=256)
def _words(home: str, run_id: str) -> int:  # noqa: ARG001 (a run of this name may be another one in another home)
    """How many words a run chooses among, which never changes."""
    return len(store().vocab(run_id))
