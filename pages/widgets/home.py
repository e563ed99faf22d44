"""The parts of the first screen."""

import streamlit as st

from core.figures import label_order, word_map
from core.store import RunRow, Snapshot
from pages.widgets import continuing, frame, live
from pages.widgets.i18n import _
from pages.widgets.plot import Words, plot
from pages.widgets.state import choose, store
from pages.widgets.text import markdown_safe
from pages.widgets.units import count, duration

SHOWN = 1500  # words of the showpiece
LEAST = 10  # words that are worth a map


def steps() -> None:
    """One question, three answers."""
    st.subheader(_("What have you brought?"), anchor=False)
    ways = [
        (":material/upload_file:", _("A text"), _("Upload or paste it, and see what it holds."), "pages/corpus.py"),
        (":material/play_circle:", _("Nothing yet"), _("Train on a sample and watch the map form."), "pages/train.py"),
        (":material/scatter_plot:", _("A word"), _("Find it on the map and walk its neighbours."), "pages/map.py"),
    ]
    for column, (icon, title, text, page) in zip(st.columns(3), ways):
        with column.container(border=True):
            st.page_link(page, label=f"**{title}**", icon=icon)
            st.caption(text)
    continuing.way("home-pretrained")


def showpiece() -> None:
    """A map of the newest run with word vectors."""
    found = newest()
    if found is None:
        st.info(_("The samples are being read; the first map stands here in a moment."))
        return
    run, snapshot = found
    words, places = snapshot.words[:SHOWN], snapshot.xy[:SHOWN]
    title = _("{name}: its {n} most frequent words, principal components").format(name=run.name, n=f"{len(words):,}")
    figure = word_map(places, words, mode=frame.mode(), title=title)
    event = plot(
        figure, key="showpiece", height=430, labels=Words(text=words, order=label_order(words)), uirevision=run.id
    )
    st.caption(title + " · " + _("click a word to walk from it"))
    if event.fresh and event.clicked is not None:
        choose("run", run.id)
        choose("word", words[event.clicked])
        st.switch_page("pages/map.py", query_params={"run": run.id, "word": words[event.clicked]})


def newest() -> tuple[RunRow, Snapshot] | None:
    """The newest finished run that has a map of many words, and that map."""
    for run in store().runs():
        snapshot = store().snapshot(run.id) if run.state in ("done", "stopped") else None
        if snapshot is not None and len(snapshot.xy) >= LEAST:
            return run, snapshot
    return None


def recent() -> None:
    """The corpora at hand and the last runs."""
    corpora, runs = st.columns(2, gap="large")
    with corpora:
        st.subheader(_("Corpora"), anchor=False)
        for row in store().corpora()[:6]:
            facts = row.facts
            line = (
                _("being read")
                if row.state == "reading"
                else _("{tokens} tokens · {types} types").format(
                    tokens=count(facts["tokens"]), types=count(facts["types"])
                )
                if facts
                else _("could not be read")
            )
            st.markdown(f"{markdown_safe(row.name)} :gray[· {line}]")
    with runs:
        st.subheader(_("Runs"), anchor=False)
        for run in store().runs()[:6]:
            st.markdown(f"{markdown_safe(run.name)} :gray[· {live.state_name(run.state)} · {duration(run.seconds)}]")
