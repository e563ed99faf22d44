"""Vectors and models from elsewhere: drop files, see what they seem to hold, bring them in as a run."""

from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from core.jobs import ensure_supervisor
from core.store import ACTIVE
from core.store.importing import FORMATS, ImportSettings
from pages.widgets import importing_model, onward
from pages.widgets.asking import answer
from pages.widgets.controls import choice
from pages.widgets.drop import Dropped, drop
from pages.widgets.i18n import _, sentence
from pages.widgets.state import choose, chosen, store
from pages.widgets.text import markdown_safe
from pages.widgets.units import size

ENDINGS = ["txt", "vec", "bin", "tsv", "npy", "gz", "glove", "csv"]
SHOWN = 8  # numbers of a row


def button() -> None:
    """What opens the places for vectors and for a model, and closes them."""
    if chosen("add") in ("vectors", "model"):
        st.button(_("Close"), icon=":material/close:", key="import-open", on_click=choose, args=("add", None))
        return
    icon = ":material/upload:"
    st.button(_("Import vectors"), icon=icon, key="import-open", on_click=choose, args=("add", "vectors"))
    st.button(_("Import a model"), icon=icon, key="model-open", on_click=choose, args=("add", "model"))


def show() -> None:
    """The import that is under way or has just ended; and, where it was opened, the place for files."""
    _progress()
    if chosen("add") == "model":
        importing_model.show(begin)
    if chosen("add") != "vectors":
        return
    with st.container(border=True):
        left, right = st.columns([1, 1.4], gap="large")
        with left:
            st.subheader(_("Import vectors"), anchor=False)
            st.caption(_(
                "word2vec, fastText .vec and GloVe files; the projector's pair of TSV files; .npy with a list of "
                "words. Each may be a .gz. They become a run like any other: on the map, among neighbours, in every "
                "comparison."
            ))  # fmt: skip
            files = drop(_("One file, or two that belong together"), "vectors", accept=ENDINGS, most_files=2)
            kind = _format()
        with right:
            if files:
                _look(files, kind)
            else:
                _example()


def _format() -> str:
    """The chosen format, "" to guess it."""
    names = {"": _("as it looks")} | {name: _(title) for name, title in FORMATS.items()}
    return choice(st.selectbox, _("Format"), names, "vector-format")


def _example() -> None:
    st.markdown(_("**What such a file looks like** :gray[word2vec text; GloVe's has no first line]"))
    st.code("400000 100\nthe -0.0382 0.2449 0.7281 …\nking -0.3231 -0.8762 0.2198 …", language=None)
    st.caption(_(
        "Words are taken in the order of the file, most frequent first. A table of words with a column `count` says "
        "more."
    ))  # fmt: skip


def _look(files: list[Dropped], kind: str) -> None:
    """What the files seem to hold, or why they cannot be read so; and the button."""
    paths = [[str(file.path), file.name] for file in files]
    found = answer("vectors_preview", paths=paths, kind=kind)
    if found is None:
        return
    facts = found.facts
    if "problem" in facts:
        st.error(sentence(facts["problem"]))
        return
    words = f"{facts['words']:,}" if facts["words"] is not None else _("words to be counted")
    text = _("{words} × {width} numbers · {size}")
    st.markdown(f"**{_(FORMATS[facts['format']])}** :gray[" + text.format(
        words=words, width=facts["width"] or "?", size=size(facts["bytes"])) + "]")  # fmt: skip
    _lines(facts)
    key = f"import-name-{files[0].id}"
    default = files[0].name.rpartition("/")[2].partition(".")[0][:80]
    st.text_input(_("Name"), default, key=key, max_chars=80)
    st.button(_("Import"), type="primary", icon=":material/check:", key="import", on_click=_queue,
              args=(files, facts["format"], key))  # fmt: skip


def _lines(facts: dict[str, Any]) -> None:
    """The first words with the beginnings of their vectors."""
    rows = [[word, *(f"{value:.4g}" for value in numbers), *["…"] * (facts["width"] > SHOWN)]
            for word, numbers in facts["lines"]]  # fmt: skip
    widest = max(map(len, rows), default=1)
    columns = [_("word"), *(str(i) for i in range(1, widest))]
    st.dataframe(pd.DataFrame([row + [""] * (widest - len(row)) for row in rows], columns=columns), hide_index=True,
                 height="content", key="import-lines")  # fmt: skip


def _queue(files: list[Dropped], kind: str, key: str) -> None:
    begin([(Path(file.path), file.name) for file in files], kind, (st.session_state.get(key) or "").strip())


def begin(named: list[tuple[Path, str]], kind: str, name: str) -> None:
    """Queue the import of (path, name) files, watch it, and close the place for them."""
    st.session_state["importing"] = store().queue_import(named, ImportSettings(format=kind), name)  # type: ignore[arg-type]
    ensure_supervisor(store())
    choose("add", None)


def _progress() -> None:
    """The import that this visit began, until it ends; then what came of it."""
    run = store().run(st.session_state.get("importing", ""))
    if run is None or bar():
        return
    if run.message:
        st.error(sentence(run.message))
    elif run.state == "done":
        text = _("{name} is here: {n} words.").format(name=markdown_safe(run.name), n=f"{run.total:,}")
        st.success(" ".join(part for part in (text, _(run.note)) if part), icon=":material/check:")
        with st.container(horizontal=True):
            onward.buttons(run, "imported")


def bar() -> bool:
    """How far the import is that this visit began; False if none is under way."""
    run = store().run(st.session_state.get("importing", ""))
    if run is None or run.state not in ACTIVE:
        return False
    st.fragment(_bar, run_every=0.5)(run.id)
    return True


def _bar(run_id: str) -> None:
    run = store().run(run_id)
    if run is None or run.state not in ACTIVE:
        st.rerun()
    ensure_supervisor(store())
    share = min(1.0, run.step / run.total) if run.total else 0.0
    bar, stop = st.columns([6, 1], vertical_alignment="center")
    bar.progress(share, f"{markdown_safe(run.name)} · {_(run.phase) or _('waiting for its turn')}")
    stop.button(_("Cancel"), on_click=store().command, args=(run_id, "stop"), key="cancel-import")
